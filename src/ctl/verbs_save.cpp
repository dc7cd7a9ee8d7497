// save, retry, discard, overlay, record
#include "arguments.hpp"
#include "moments.hpp"
#include "output.hpp"
#include "save_waiter.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <QEventLoop>
#include <QTimer>
#include <filesystem>
#include <memory>

namespace hindsight::ctl {

namespace {

constexpr Duration kSaveLimit = Duration::from_ms(300'000);
/// Hours of footage are copied once more.
constexpr Duration kSessionLimit = Duration::from_ms(3'600'000);

/// CLI11's form of a check: the sentence, or nothing.
std::string check_duration(const std::string& text) {
    const auto duration = parse_duration(text);
    return duration ? std::string{} : duration.error().what;
}

/// Of text that has passed check_duration.
Duration duration_of(const std::string& text) {
    return parse_duration(text).value_or(Duration::zero());
}

/// The service has a folder of its own; ours counts.
std::string absolute(const std::string& path) {
    std::error_code error;
    const auto full = std::filesystem::absolute(path, error);
    return error ? path : full.lexically_normal().string();
}

WaitFor wait_for(const std::string& wait) {
    return wait.empty() ? WaitFor::Nothing : wait == "video" ? WaitFor::Video : WaitFor::Everything;
}

void add_wait(CLI::App& verb, std::string& wait) {
    verb.add_flag(
            "--wait{all}",
            wait,
            "Return when clip and files beside it are there; --wait=video: as soon as the clip is "
            "verified")
        ->check(CLI::IsMember({"all", "video"}));
}

std::string saved_text(const Json& clip) {
    std::string text;
    const Json& parts = part_of(clip, "parts");
    if (parts.size() > 1) {
        for (const Json& part : parts)
            text += text_of(part, "path") + '\n';
    } else {
        text = text_of(clip, "path") + '\n';
    }
    text += length_text(number_of(clip, "duration_s"));
    if (flag_of(clip, "short"))
        text += ", less than asked for: more was not recorded";
    if (const std::size_t gaps = part_of(clip, "gaps").size(); gaps > 0)
        text += fmt::format(", {} {}", gaps, gaps == 1 ? "gap" : "gaps");
    if (const double missed = number_of(clip, "missed_frames"); missed > 0)
        text += fmt::format(", {:.0f} {} missed", missed, missed == 1 ? "frame" : "frames");
    return text + '\n';
}

/// The service still holds its footage.
bool can_be_retried(dbus::ServiceClient& service, const std::string& request) {
    const auto status = service.status().wait();
    if (!status)
        return false;
    for (const Json& failed : part_of(*status, "failed"))
        if (text_of(failed, "id") == request)
            return true;
    return false;
}

Result<int>
await_save(Context& context, SaveWaiter& waiter, const std::string& request, Duration limit) {
    HINDSIGHT_ASSIGN(const SaveOutcome outcome, waiter.wait(request, limit));
    if (outcome.code.empty()) {
        if (context.json())
            print_json(outcome.clip);
        else
            print(saved_text(outcome.clip));
        return kOk;
    }
    HINDSIGHT_ASSIGN(dbus::ServiceClient * service, context.running_service());
    const bool again = can_be_retried(*service, request);
    if (context.json())
        print_json(
            {{"request", request},
             {"code", outcome.code},
             {"text", as_sentence(outcome.sentence)},
             {"can_be_retried", again}});
    complain(
        as_sentence(outcome.sentence) +
        (again ? " To retry: hindsightctl retry " + request : std::string{}));
    return kFailed;
}

Result<int> begun(Context& context, const std::string& request) {
    if (context.json())
        print_json({{"request", request}});
    else
        print("Saving, request " + request + ".");
    return kOk;
}

struct SaveOptions {
    std::string last;
    std::string delay;
    std::string title;
    std::string recovered;
    bool new_only = false;
    std::string wait;
};

Result<int> save(Context& context, const SaveOptions& options) {
    Json request_options = Json::object();
    if (!options.last.empty())
        request_options["last_s"] = duration_of(options.last).seconds();
    if (!options.delay.empty())
        request_options["delay_s"] = duration_of(options.delay).seconds();
    if (options.new_only)
        request_options["new_only"] = true;
    if (!options.title.empty())
        request_options["title"] = options.title;
    if (!options.recovered.empty())
        request_options["recovered"] = options.recovered;

    HINDSIGHT_ASSIGN(dbus::ServiceClient * service, context.running_service());
    const WaitFor what = wait_for(options.wait);
    SaveWaiter waiter{*service, what};
    HINDSIGHT_ASSIGN(const std::string request, service->save(request_options).wait());
    if (what == WaitFor::Nothing)
        return begun(context, request);
    const Duration delay = options.delay.empty() ? Duration::zero() : duration_of(options.delay);
    return await_save(context, waiter, request, kSaveLimit + delay);
}

Result<int> record_start(Context& context, const std::string& title) {
    HINDSIGHT_ASSIGN(dbus::ServiceClient * service, context.running_service());
    Json options = Json::object();
    if (!title.empty())
        options["title"] = title;
    HINDSIGHT_ASSIGN(const std::string request, service->start_session(options).wait());
    if (context.json())
        print_json({{"request", request}});
    else
        print("Recording a session; `hindsightctl record stop` ends it.");
    return kOk;
}

Result<int> record_stop(Context& context, const std::string& wait) {
    HINDSIGHT_ASSIGN(dbus::ServiceClient * service, context.running_service());
    const WaitFor what = wait_for(wait);
    SaveWaiter waiter{*service, what};
    HINDSIGHT_ASSIGN(const std::string request, service->stop_session().wait());
    if (what == WaitFor::Nothing)
        return begun(context, request);
    return await_save(context, waiter, request, kSessionLimit);
}

struct RetryOptions {
    std::string request;
    std::string to;
    std::string wait;
};

Result<int> retry(Context& context, const RetryOptions& options) {
    Json request_options = Json::object();
    if (!options.to.empty())
        request_options["to"] = absolute(options.to);
    HINDSIGHT_ASSIGN(dbus::ServiceClient * service, context.running_service());
    const WaitFor what = wait_for(options.wait);
    SaveWaiter waiter{*service, what};
    HINDSIGHT_TRY(service->retry(options.request, request_options).wait());
    if (what == WaitFor::Nothing)
        return begun(context, options.request);
    return await_save(context, waiter, options.request, kSaveLimit);
}

Result<int> discard(Context& context, const std::string& request) {
    HINDSIGHT_ASSIGN(dbus::ServiceClient * service, context.running_service());
    HINDSIGHT_TRY(service->discard(request).wait());
    if (context.json())
        print_json({{"discarded", request}});
    else
        print("The moment is let go; its memory is free again.");
    return kOk;
}

struct OverlayOptions {
    std::string clip;
    std::string layout;
    std::string theme;
    std::string output;
    bool wait = false;
};

/// Waits for the end of one job; how far it is goes to standard error when a person looks on.
class JobWaiter {
public:
    explicit JobWaiter(dbus::ServiceClient& service) : context_{new QObject{&service}} {
        using Client = dbus::ServiceClient;
        QObject::connect(
            &service,
            &Client::jobFinished,
            context_,
            [this](const QString& job, const QString&, const Json& result) {
                results_[job.toStdString()] = result;
                loop_.quit();
            });
        QObject::connect(&service, &Client::vanished, context_, [this] {
            vanished_ = true;
            loop_.quit();
        });
        if (::isatty(STDERR_FILENO) == 1)
            QObject::connect(
                &service,
                &Client::jobProgress,
                context_,
                [this](const QString& job, const QString&, double progress) {
                    if (job.toStdString() == job_)
                        fmt::print(stderr, "\r{:3.0f} %", 100 * progress);
                });
    }

    JobWaiter(const JobWaiter&) = delete;
    JobWaiter& operator=(const JobWaiter&) = delete;

    ~JobWaiter() { delete context_; }

    Result<Json> wait(const std::string& job) {
        job_ = job;
        while (!results_.contains(job_) && !vanished_)
            loop_.exec();
        if (::isatty(STDERR_FILENO) == 1)
            fmt::print(stderr, "\r     \r");
        if (const auto result = results_.find(job_); result != results_.end())
            return result->second;
        return fail(
            Errc::Cancelled, "Hindsight ended before the overlay was drawn; the clip is safe.");
    }

private:
    QObject* context_;
    std::map<std::string, Json> results_;
    std::string job_;
    bool vanished_ = false;
    QEventLoop loop_;
};

Result<int> overlay(Context& context, const OverlayOptions& options) {
    Json job_options = Json::object();
    if (!options.layout.empty())
        job_options["layout"] = options.layout;
    if (!options.theme.empty())
        job_options["theme"] = options.theme;
    if (!options.output.empty())
        job_options["output"] = absolute(options.output);
    HINDSIGHT_ASSIGN(dbus::ServiceClient * service, context.running_service());
    JobWaiter waiter{*service};
    HINDSIGHT_ASSIGN(
        const std::string job, service->render_overlay(options.clip, job_options).wait());
    if (!options.wait) {
        if (context.json())
            print_json({{"job", job}});
        else
            print("Drawing the overlay, job " + job + ".");
        return kOk;
    }
    HINDSIGHT_ASSIGN(const Json result, waiter.wait(job));
    if (context.json())
        print_json(result);
    if (!flag_of(result, "ok")) {
        complain(text_of(result, "what"));
        return kFailed;
    }
    if (!context.json())
        print(text_of(result, "path"));
    return kOk;
}

void add_retry_and_overlay(CLI::App& app, Verb& verb) {
    auto again = std::make_shared<RetryOptions>();
    auto* retry_verb = app.add_subcommand(
        "retry", "Save again what could not be saved: the moment is still there");
    retry_verb->add_option("request", again->request, "The request that failed")->required();
    retry_verb->add_option("--to", again->to, "Another folder");
    add_wait(*retry_verb, again->wait);
    retry_verb->callback(
        [&verb, again] { verb = [again](Context& context) { return retry(context, *again); }; });

    auto request = std::make_shared<std::string>();
    auto* discard_verb = app.add_subcommand(
        "discard", "Let go of what could not be saved: the moment is gone, its memory free");
    discard_verb->add_option("request", *request, "The request that failed")->required();
    discard_verb->callback([&verb, request] {
        verb = [request](Context& context) { return discard(context, *request); };
    });

    auto draw = std::make_shared<OverlayOptions>();
    auto* overlay_verb = app.add_subcommand(
        "overlay", "Draw the actions onto a copy of a clip; the clip itself stays as it is");
    overlay_verb->add_option("id", draw->clip, "The clip")->required();
    overlay_verb->add_option("--layout", draw->layout, "What is shown")
        ->check(CLI::IsMember({"auto", "keyboard-mouse", "controller"}));
    overlay_verb->add_option("--theme", draw->theme, "Its colours")
        ->check(CLI::IsMember({"midnight", "paper", "outline"}));
    overlay_verb->add_option("--output", draw->output, "The file to write");
    overlay_verb->add_flag("--wait", draw->wait, "Return when the file is there");
    overlay_verb->callback(
        [&verb, draw] { verb = [draw](Context& context) { return overlay(context, *draw); }; });
}

void add_record(CLI::App& app, Verb& verb) {
    auto* record = app.add_subcommand("record", "A whole session as one clip, beside the buffer");
    record->require_subcommand(1);
    auto title = std::make_shared<std::string>();
    auto* start_verb = record->add_subcommand("start", "Begin to keep everything");
    start_verb->add_option("--title", *title, "A title for the library");
    start_verb->callback([&verb, title] {
        verb = [title](Context& context) { return record_start(context, *title); };
    });
    auto wait = std::make_shared<std::string>();
    auto* stop_verb = record->add_subcommand("stop", "End the session; its clip follows");
    add_wait(*stop_verb, *wait);
    stop_verb->callback(
        [&verb, wait] { verb = [wait](Context& context) { return record_stop(context, *wait); }; });
}

Result<int> forget(Context& context, const std::string& last) {
    HINDSIGHT_ASSIGN(dbus::ServiceClient * service, context.running_service());
    HINDSIGHT_ASSIGN(const Json left, service->forget(duration_of(last).seconds()).wait());
    if (context.json()) {
        print_json(left);
        return kOk;
    }
    print(
        "Forgotten, in memory and in the buffer on the disk. Saved clips stay: hindsightctl list.");
    if (flag_of(left, "session"))
        complain(
            "The session that is being recorded holds this time still; end it with hindsightctl "
            "record stop and delete its clip");
    if (number_of(left, "saving") > 0)
        complain("A clip was being saved already and will be in the list");
    return kOk;
}

}  // namespace

void add_save_verbs(CLI::App& app, Verb& verb) {
    auto options = std::make_shared<SaveOptions>();
    auto* save_verb = app.add_subcommand("save", "Save the last seconds as a clip");
    save_verb
        ->add_option("--last", options->last, "How much, 30s or 2m; default: clips.length_seconds")
        ->check(CLI::Validator{check_duration, "DURATION"});
    save_verb->add_option("--delay", options->delay, "Go on for so long before the clip ends")
        ->check(CLI::Validator{check_duration, "DURATION"});
    save_verb->add_flag("--new-only", options->new_only, "Only what no clip has yet");
    save_verb->add_option("--title", options->title, "A title for the library");
    save_verb->add_option(
        "--recovered",
        options->recovered,
        "Save what was recovered after a crash, by its id in status");
    add_wait(*save_verb, options->wait);
    save_verb->callback([&verb, options] {
        verb = [options](Context& context) { return save(context, *options); };
    });
    add_retry_and_overlay(app, verb);
    add_record(app, verb);

    auto last = std::make_shared<std::string>();
    auto* forget_verb = app.add_subcommand(
        "forget", "Wipe the last seconds or minutes from the buffer and from clips that failed");
    forget_verb->add_option("--last", *last, "How much, as in 30s or 5m")
        ->required()
        ->check(CLI::Validator{check_duration, "DURATION"});
    forget_verb->callback(
        [&verb, last] { verb = [last](Context& context) { return forget(context, *last); }; });
}

}  // namespace hindsight::ctl
