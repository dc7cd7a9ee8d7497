// list, show, delete, restore, rename, tag, favorite: the service is the library's only writer, so
// all of them go through it.
#include "arguments.hpp"
#include "moments.hpp"
#include "output.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <QDateTime>
#include <QStringList>
#include <algorithm>
#include <memory>
#include <utility>

namespace hindsight::ctl {

namespace {

constexpr int kPage = 500;
constexpr std::size_t kShortId = 8;

struct ListOptions {
    std::string game;
    std::string search;
    std::string since;
    bool favorites = false;
    int limit = 100;
};

std::string check_since(const std::string& text) {
    const auto since = parse_since(text, QDateTime::currentMSecsSinceEpoch());
    return since ? std::string{} : since.error().what;
}

/// "2026-11-20 14:32" of an ISO time.
std::string created_text(const Json& clip) {
    std::string text = text_of(clip, "created").substr(0, 16);
    std::replace(text.begin(), text.end(), 'T', ' ');
    return text;
}

std::string joined(const Json& list, std::string_view separator) {
    std::string text;
    for (const Json& item : list) {
        if (!text.empty())
            text += separator;
        text += item.is_string() ? item.get<std::string>() : item.dump();
    }
    return text;
}

/// "kill ×2, marker"
std::string events_text(const Json& clip) {
    std::vector<std::pair<std::string, int>> counts;
    for (const Json& event : part_of(clip, "events")) {
        const std::string type = text_of(event, "type");
        const auto known = std::find_if(
            counts.begin(), counts.end(), [&](const auto& count) { return count.first == type; });
        if (known == counts.end())
            counts.emplace_back(type, 1);
        else
            ++known->second;
    }
    std::string text;
    for (const auto& [type, count] : counts) {
        text += (text.empty() ? "" : ", ") + type;
        if (count > 1)
            text += fmt::format(" ×{}", count);
    }
    return text;
}

std::string clips_text(const Json& clips) {
    std::vector<std::vector<std::string>> rows;
    for (const Json& clip : clips)
        rows.push_back(
            {text_of(clip, "id").substr(0, kShortId),
             created_text(clip),
             length_text(number_of(clip, "duration_s")),
             size_text(number_of(clip, "size_bytes")),
             flag_of(clip, "favorite") ? "*" : "",
             text_of(clip, "game"),
             text_of(clip, "title"),
             events_text(clip)});
    return table({"ID", "CREATED", "LENGTH", "SIZE", "", "GAME", "TITLE", "EVENTS"}, rows);
}

std::string clip_text(const Json& clip) {
    std::string text;
    const auto line = [&](std::string_view name, const std::string& value) {
        if (!value.empty())
            text += fmt::format("{:<10}{}\n", name, value);
    };
    line("id", text_of(clip, "id"));
    line("title", text_of(clip, "title"));
    line("game", text_of(clip, "game"));
    line("created", created_text(clip));
    line("length", length_text(number_of(clip, "duration_s")));
    line("size", size_text(number_of(clip, "size_bytes")));
    line("tags", joined(part_of(clip, "tags"), ", "));
    line("favorite", flag_of(clip, "favorite") ? "yes" : "no");
    line("file", text_of(clip, "path"));
    line("overlay", text_of(clip, "overlay_path"));
    line("actions", text_of(clip, "actions_path"));
    for (const Json& event : part_of(clip, "events"))
        line(
            "event",
            fmt::format(
                "{:.2f} s  {} {}",
                number_of(event, "t_s"),
                text_of(event, "type"),
                text_of(event, "label")));
    if (const double missed = number_of(clip, "missed_frames"); missed > 0)
        line("missed", fmt::format("{:.0f} frames: the machine was too slow for them", missed));
    for (const Json& gap : part_of(clip, "gaps"))
        line(
            "gap",
            fmt::format(
                "{:.2f} s  {:.2f} s without picture",
                number_of(gap, "t_s"),
                number_of(gap, "duration_s")));
    return text;
}

/// Asks page by page: a message on the bus is limited, a library is not.
Result<Json> all_clips(dbus::ServiceClient& service, const ListOptions& options) {
    Json query = Json::object();
    if (!options.game.empty())
        query["game"] = options.game;
    if (!options.search.empty())
        query["search"] = options.search;
    if (!options.since.empty()) {
        HINDSIGHT_ASSIGN(
            query["since_ms"], parse_since(options.since, QDateTime::currentMSecsSinceEpoch()));
    }
    if (options.favorites)
        query["favorites"] = true;
    Json clips = Json::array();
    for (;;) {
        const int have = static_cast<int>(clips.size());
        const int want = options.limit > 0 ? std::min(kPage, options.limit - have) : kPage;
        if (want <= 0)
            return clips;
        query["limit"] = want;
        query["offset"] = have;
        HINDSIGHT_ASSIGN(const Json page, service.list(query).wait());
        for (const Json& clip : page)
            clips.push_back(clip);
        if (page.size() < static_cast<std::size_t>(want))
            return clips;
    }
}

Result<int> list(Context& context, const ListOptions& options) {
    HINDSIGHT_ASSIGN(dbus::ServiceClient * service, context.running_service());
    HINDSIGHT_ASSIGN(const Json clips, all_clips(*service, options));
    if (context.json()) {
        print_json(clips);
        return kOk;
    }
    print(clips.empty() ? "No clips." : clips_text(clips));
    if (options.limit > 0 && clips.size() == static_cast<std::size_t>(options.limit))
        complain(fmt::format("Only the newest {} are shown; --limit 0 shows all", options.limit));
    return kOk;
}

Result<int> show(Context& context, const std::string& id) {
    HINDSIGHT_ASSIGN(dbus::ServiceClient * service, context.running_service());
    HINDSIGHT_ASSIGN(const Json clip, service->show(id).wait());
    if (context.json())
        print_json(clip);
    else
        print(clip_text(clip));
    return kOk;
}

/// Beginnings of ids become whole ones before anything is changed.
Result<std::string> full_id(dbus::ServiceClient& service, const std::string& id) {
    HINDSIGHT_ASSIGN(const Json clip, service.show(id).wait());
    return text_of(clip, "id");
}

/// What a change answers: the clip as it is now.
Result<int> print_changed(Context& context, dbus::ServiceClient& service, const std::string& id) {
    if (!context.json())
        return kOk;
    HINDSIGHT_ASSIGN(const Json clip, service.show(id).wait());
    print_json(clip);
    return kOk;
}

Result<int> remove(Context& context, const std::vector<std::string>& ids) {
    HINDSIGHT_ASSIGN(dbus::ServiceClient * service, context.running_service());
    std::vector<std::string> whole;
    for (const std::string& id : ids) {
        HINDSIGHT_ASSIGN(std::string found, full_id(*service, id));
        whole.push_back(std::move(found));
    }
    for (const std::string& id : whole) {
        HINDSIGHT_TRY(service->remove(id).wait());
        if (!context.json())
            print("In the trash; hindsightctl restore " + id + " brings it back.");
    }
    if (context.json())
        print_json({{"deleted", whole}});
    return kOk;
}

Result<int> restore(Context& context, const std::string& id) {
    HINDSIGHT_ASSIGN(dbus::ServiceClient * service, context.running_service());
    HINDSIGHT_TRY(service->restore(id).wait());
    return print_changed(context, *service, id);
}

Result<int> rename(Context& context, const std::string& id, const std::string& title) {
    HINDSIGHT_ASSIGN(dbus::ServiceClient * service, context.running_service());
    HINDSIGHT_ASSIGN(const std::string whole, full_id(*service, id));
    HINDSIGHT_TRY(service->rename(whole, title).wait());
    return print_changed(context, *service, whole);
}

struct TagOptions {
    std::string id;
    std::vector<std::string> add;
    std::vector<std::string> remove;
    bool clear = false;
};

Result<int> tag(Context& context, const TagOptions& options) {
    HINDSIGHT_ASSIGN(dbus::ServiceClient * service, context.running_service());
    HINDSIGHT_ASSIGN(const Json clip, service->show(options.id).wait());
    QStringList tags;
    if (!options.clear) {
        for (const Json& old : part_of(clip, "tags")) {
            if (old.is_string())
                tags.append(QString::fromStdString(old.get<std::string>()));
        }
    }
    for (const std::string& name : options.add)
        tags.append(QString::fromStdString(name));
    for (const std::string& name : options.remove)
        tags.removeAll(QString::fromStdString(name));
    tags.removeDuplicates();
    const std::string id = text_of(clip, "id");
    HINDSIGHT_TRY(service->set_tags(id, tags).wait());
    return print_changed(context, *service, id);
}

Result<int> favorite(Context& context, const std::string& id, bool value) {
    HINDSIGHT_ASSIGN(dbus::ServiceClient * service, context.running_service());
    HINDSIGHT_ASSIGN(const std::string whole, full_id(*service, id));
    HINDSIGHT_TRY(service->set_favorite(whole, value).wait());
    return print_changed(context, *service, whole);
}

void add_looking_verbs(CLI::App& app, Verb& verb) {
    auto options = std::make_shared<ListOptions>();
    auto* list_verb = app.add_subcommand("list", "The clips, newest first");
    list_verb->add_option("--game", options->game, "Only of this game");
    list_verb->add_option(
        "--search", options->search, "Words that title, game, tags or events begin with");
    list_verb->add_option("--since", options->since, "2026-11-20, today, 12h, 3d")
        ->check(CLI::Validator{check_since, "DATE"});
    list_verb->add_flag("--favorites", options->favorites, "Only favourites");
    list_verb->add_option("--limit", options->limit, "At most so many; 0: all")
        ->check(CLI::Range(0, 10'000'000))
        ->capture_default_str();
    list_verb->callback([&verb, options] {
        verb = [options](Context& context) { return list(context, *options); };
    });

    auto id = std::make_shared<std::string>();
    auto* show_verb = app.add_subcommand("show", "All about one clip");
    show_verb->add_option("id", *id, "The clip")->required();
    show_verb->callback(
        [&verb, id] { verb = [id](Context& context) { return show(context, *id); }; });
}

void add_removing_verbs(CLI::App& app, Verb& verb) {
    auto ids = std::make_shared<std::vector<std::string>>();
    auto* delete_verb =
        app.add_subcommand("delete", "Move clips and what belongs to them to the trash");
    delete_verb->add_option("id", *ids, "The clips")->required();
    delete_verb->callback(
        [&verb, ids] { verb = [ids](Context& context) { return remove(context, *ids); }; });

    auto id = std::make_shared<std::string>();
    auto* restore_verb = app.add_subcommand("restore", "Bring a clip back from the trash");
    restore_verb->add_option("id", *id, "The whole id, as delete named it")->required();
    restore_verb->callback(
        [&verb, id] { verb = [id](Context& context) { return restore(context, *id); }; });
}

}  // namespace

void add_library_verbs(CLI::App& app, Verb& verb) {
    add_looking_verbs(app, verb);
    add_removing_verbs(app, verb);

    auto named = std::make_shared<std::pair<std::string, std::string>>();
    auto* rename_verb = app.add_subcommand("rename", "Give a clip another title");
    rename_verb->add_option("id", named->first, "The clip")->required();
    rename_verb->add_option("title", named->second, "Its title; \"\" takes it away")->required();
    rename_verb->callback([&verb, named] {
        verb = [named](Context& context) { return rename(context, named->first, named->second); };
    });

    auto tags = std::make_shared<TagOptions>();
    auto* tag_verb = app.add_subcommand("tag", "Add tags to a clip, or take them away");
    tag_verb->add_option("id", tags->id, "The clip")->required();
    tag_verb->add_option("tags", tags->add, "Tags to add");
    tag_verb->add_option("--remove", tags->remove, "Tags to take away");
    tag_verb->add_flag("--clear", tags->clear, "Take all old ones away first");
    tag_verb->callback(
        [&verb, tags] { verb = [tags](Context& context) { return tag(context, *tags); }; });

    auto favored = std::make_shared<std::pair<std::string, std::string>>("", "on");
    auto* favorite_verb = app.add_subcommand("favorite", "Make a clip a favourite");
    favorite_verb->add_option("id", favored->first, "The clip")->required();
    favorite_verb->add_option("on|off", favored->second, "off: it is none any more")
        ->check(CLI::IsMember({"on", "off"}));
    favorite_verb->callback([&verb, favored] {
        verb = [favored](Context& context) {
            return favorite(context, favored->first, favored->second == "on");
        };
    });
}

}  // namespace hindsight::ctl
