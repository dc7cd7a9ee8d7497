// actions: exactly what a clip holds of what the player did, and taking it back. The log is a file
// beside the clip and is read from there; changes go through the service.
#include "arguments.hpp"
#include "output.hpp"

#include <hindsight/actions/action_log.hpp>
#include <hindsight/actions/inputs.hpp>
#include <hindsight/actions/log_table.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>
#include <utility>

namespace hindsight::ctl {

namespace {

using actions::ActionLog;

struct ActionOptions {
    std::string id;
    bool table = false;
    bool as_inputs = false;
};

/// The log of a clip, and the file that it was read from.
struct ClipActions {
    std::string file;
    ActionLog log;
};

Result<ClipActions> actions_of(Context& context, const std::string& id) {
    HINDSIGHT_ASSIGN(dbus::ServiceClient * service, context.running_service());
    HINDSIGHT_ASSIGN(const Json clip, service->show(id).wait());
    const std::string file = text_of(clip, "actions_path");
    if (file.empty())
        return fail(
            Errc::NotFound,
            flag_of(clip, "keep_actions") ? "This clip holds no actions"
                                          : "The actions of this clip were not kept");
    auto log = actions::read_jsonl(file);
    if (!log && log.error().code == Errc::NotFound)
        return fail(
            Errc::NotFound,
            fmt::format(
                "The file with the actions is gone: {}; hindsightctl actions forget {} takes it "
                "out "
                "of the library",
                file,
                id));
    if (!log)
        return fail(log.error().code, fmt::format("{}: {}", file, log.error().what));
    return ClipActions{file, *std::move(log)};
}

/// The lines of the file as one object: the header, and its records in "records".
Result<Json> whole_json(const ClipActions& clip) {
    const std::string text = actions::to_jsonl(clip.log);
    Json whole = Json::object();
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = text.find('\n', start);
        Json line = Json::parse(text.substr(start, end - start));
        if (start == 0) {
            whole = std::move(line);
            whole["records"] = Json::array();
        } else {
            whole["records"].push_back(std::move(line));
        }
        start = end + 1;
    }
    return whole;
}

std::string table_text(const ClipActions& clip) {
    const ActionLog& log = clip.log;
    std::string text = fmt::format("{:<10}{}\n", "file", clip.file);
    text += fmt::format("{:<10}{}\n", "game", log.game);
    text += fmt::format("{:<10}{} {}\n", "profile", log.profile, log.profile_version);
    text += fmt::format(
        "{:<10}first frame at or after the action, plus {:.1f} ms ({})\n",
        "frames",
        log.bind.latency.seconds() * 1e3,
        log.bind.method);
    text += fmt::format(
        "{:<10}{}\n\n", "training", log.consent.train ? "you allowed it" : "not allowed");
    std::vector<std::vector<std::string>> rows;
    for (const actions::LogRecord& record : log.records) {
        actions::LogRow row = actions::describe(log, record);
        rows.push_back(
            {std::to_string(row.frame),
             fmt::format("{:.3f}", row.seconds),
             std::move(row.what),
             std::move(row.value)});
    }
    return text +
           (rows.empty() ? "Nothing happened.\n" : table({"FRAME", "SECONDS", "ACTION", ""}, rows));
}

Result<int> show(Context& context, const ActionOptions& options) {
    HINDSIGHT_ASSIGN(const ClipActions clip, actions_of(context, options.id));
    if (options.as_inputs) {
        print(actions::to_inputs_jsonl(clip.log));
    } else if (context.json()) {
        HINDSIGHT_ASSIGN(const Json whole, whole_json(clip));
        print_json(whole);
    } else {
        print(table_text(clip));
    }
    return kOk;
}

Result<int> forget(Context& context, const std::vector<std::string>& ids) {
    HINDSIGHT_ASSIGN(dbus::ServiceClient * service, context.running_service());
    for (const std::string& id : ids)
        HINDSIGHT_TRY(service->forget_actions(id).wait());
    if (context.json())
        print_json({{"forgotten", ids}});
    return kOk;
}

Result<int> train(Context& context, const std::string& id, bool allowed) {
    HINDSIGHT_ASSIGN(dbus::ServiceClient * service, context.running_service());
    HINDSIGHT_TRY(service->set_train(id, allowed).wait());
    if (!context.json())
        return kOk;
    HINDSIGHT_ASSIGN(const Json clip, service->show(id).wait());
    print_json(clip);
    return kOk;
}

}  // namespace

void add_action_verbs(CLI::App& app, Verb& verb) {
    auto options = std::make_shared<ActionOptions>();
    auto* actions_verb =
        app.add_subcommand("actions", "What a clip holds of what you did, and taking it back");
    actions_verb->require_subcommand(0, 1);
    actions_verb->fallthrough();
    auto* id = actions_verb->add_option("id", options->id, "The clip");
    auto* table_flag = actions_verb->add_flag("--table", options->table, "A table (the default)");
    actions_verb
        ->add_flag(
            "--as-inputs", options->as_inputs, "As inputs of the game's own default controls")
        ->excludes(table_flag);
    actions_verb->callback([&verb, options, actions_verb, id] {
        if (!actions_verb->get_subcommands().empty())
            return;
        if (id->empty())
            throw CLI::RequiredError{"actions: ID"};
        verb = [options](Context& context) { return show(context, *options); };
    });

    auto ids = std::make_shared<std::vector<std::string>>();
    auto* forget_verb = actions_verb->add_subcommand(
        "forget", "Remove the actions of clips for good, with everything made of them");
    forget_verb->add_option("id", *ids, "The clips")->required();
    forget_verb->callback(
        [&verb, ids] { verb = [ids](Context& context) { return forget(context, *ids); }; });

    auto allowed = std::make_shared<std::pair<std::string, std::string>>("", "on");
    auto* train_verb = actions_verb->add_subcommand(
        "train", "Whether pictures and actions of a clip may be used for training");
    train_verb->add_option("id", allowed->first, "The clip")->required();
    train_verb->add_option("on|off", allowed->second, "off: they may not")
        ->check(CLI::IsMember({"on", "off"}));
    train_verb->callback([&verb, allowed] {
        verb = [allowed](Context& context) {
            return train(context, allowed->first, allowed->second == "on");
        };
    });
}

}  // namespace hindsight::ctl
