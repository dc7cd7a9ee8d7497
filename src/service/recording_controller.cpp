#include "recorded.hpp"

#include <hindsight/core/file.hpp>
#include <hindsight/service/recording_controller.hpp>

#include <set>
#include <utility>

namespace hindsight::service {

namespace fs = std::filesystem;
using ipc::Json;

namespace {

/// A start that capture has not answered by then has failed.
constexpr Duration kStartLimit = Duration::from_ms(15'000);
/// How long `start focused` waits for the first word about the focus.
constexpr Duration kFocusLimit = Duration::from_ms(3'000);
constexpr std::uintmax_t kMaxSessionBytes = 64u << 10;

}  // namespace

struct RecordingController::Impl {
    Impl(const Clock& c, CaptureControl& cc, const GameMatcher& m, fs::path file, Events e, Log l)
        : clock{c},
          capture{cc},
          matcher{m},
          session_file{std::move(file)},
          events{std::move(e)},
          log{std::move(l)} {}

    const Clock& clock;
    CaptureControl& capture;
    const GameMatcher& matcher;
    const fs::path session_file;
    Events events;
    Log log;
    config::Config config;
    fs::path ring_folder;
    std::uint64_t limit_bytes = 512ull << 20;

    std::optional<Recorded> recorded;  // what is to be recorded now
    std::optional<Recorded> subject;   // what the footage shows
    std::optional<ipc::FocusChanged> focus;
    bool paused = false;   // by the user
    std::set<Hold> holds;  // by circumstance
    bool running = false;  // capture has said that it runs
    std::string problem;   // sentence of the last failure, empty while all is well
    MonoTime since = MonoTime::min();
    MonoTime kept_until = MonoTime::max();  // while nothing is captured
    MonoTime last_saved = MonoTime::min();

    Reply pending_reply;
    MonoTime reply_deadline = MonoTime::max();
    bool waits_for_focus = false;

    void changed() {
        if (events.changed)
            events.changed();
    }

    [[nodiscard]] bool halted() const { return paused || !holds.empty(); }

    [[nodiscard]] Duration kept() const {
        return Duration::from_ms(config.recording.keep_minutes * 60'000LL);
    }

    void persist() {
        Json json{{"version", 1}, {"paused", paused}};
        json["recorded"] = recorded ? recorded_to_json(*recorded) : Json{};
        json["subject"] = subject ? recorded_to_json(*subject) : Json{};
        json["since_ns"] = since.ns();
        json["last_saved_ns"] = last_saved.ns();
        const auto written = write_file_atomically(session_file, json.dump());
        if (!written)
            log.warn("the session cannot be noted: {}", written.error().what);
    }

    void answer(const Result<>& result) {
        reply_deadline = MonoTime::max();
        waits_for_focus = false;
        if (const Reply reply = std::exchange(pending_reply, nullptr))
            reply(result);
    }

    void answer_error(Errc code, std::string what) { answer(fail(code, std::move(what))); }

    /// The footage before belongs to it as well when it is the same game again.
    void record(Recorded what) {
        const bool same = subject && subject->game == what.game && subject->kind == what.kind;
        if (!same) {
            since = MonoTime::min();
            last_saved = MonoTime::min();
        }
        recorded = std::move(what);
        paused = false;
        begin();
    }

    void begin() {
        running = false;
        problem.clear();
        // A long pause has forgotten both.
        subject = recorded;
        if (since == MonoTime::min())
            since = clock.now();
        if (!holds.empty()) {
            answer_error(
                Errc::Busy,
                "the recording begins when the screen is unlocked, power is there, and what is to "
                "be "
                "forgotten is gone");
            persist();
            changed();
            return;
        }
        kept_until = MonoTime::max();
        persist();
        capture.run(start_message(*recorded, config, ring_folder, limit_bytes));
        changed();
    }

    void halt() {
        running = false;
        problem.clear();
        kept_until = clock.now() + kept();
        capture.halt(Memory::Kept);
        persist();
        changed();
    }

    /// The pause is over.
    void go_on() {
        if (recorded) {
            begin();
            return;
        }
        persist();
        follow_focus();
        changed();
    }

    void forget() {
        kept_until = MonoTime::max();
        subject.reset();
        since = MonoTime::min();
        last_saved = MonoTime::min();
        persist();
        if (events.forget)
            events.forget();
        changed();
    }

    void end_recording() {
        answer_error(Errc::Cancelled, "the recording was stopped before it began");
        recorded.reset();
        running = false;
        problem.clear();
        // What a save still waits for is pinned before capture drops it.
        forget();
        capture.halt(Memory::Dropped);
    }

    Recorded from_focus(const ipc::FocusChanged& window, bool chosen) const {
        const GameMatch match = matcher.match(window);
        return {
            ipc::SourceKind::Window,
            window.window,
            {},
            match.game,
            match.profile,
            chosen,
            window.executable,
            window.wm_class};
    }

    /// False, with an answer, when the window may not be recorded.
    bool allowed(const Recorded& what) {
        std::string why = why_never_recorded(what, config.recording.never);
        if (why.empty())
            return true;
        answer_error(Errc::PermissionDenied, std::move(why));
        return false;
    }

    /// Lets go of what is recorded, or was last, when that was put on the list since.
    bool end_if_banned() {
        const auto& shown = recorded ? recorded : subject;
        if (!shown || why_never_recorded(*shown, config.recording.never).empty())
            return false;
        log.info("the recording ends: its program is on recording.never now");
        end_recording();
        return true;
    }

    bool start_focused() {
        if (!focus || focus->window == 0)
            return false;
        if (const Recorded wished = from_focus(*focus, true); allowed(wished))
            record(wished);
        return true;
    }

    void follow_focus() {
        if (!focus || focus->window == 0 || halted() || config.recording.start != "game")
            return;
        if (recorded && (recorded->chosen || recorded->window == focus->window))
            return;
        const Recorded game = from_focus(*focus, false);
        if (!matcher.match(*focus).is_game ||
            !why_never_recorded(game, config.recording.never).empty())
            return;
        log.info("a game has the focus");
        record(game);
    }
};

RecordingController::RecordingController(
    const Clock& clock,
    CaptureControl& capture,
    const GameMatcher& matcher,
    fs::path session_file,
    Events events,
    Log log)
    : impl_{std::make_unique<Impl>(
          clock, capture, matcher, std::move(session_file), std::move(events), std::move(log))} {}

RecordingController::~RecordingController() = default;

void RecordingController::set_config(const config::Config& config) {
    Impl& d = *impl_;
    // Limits are changed while it runs; everything else needs a new start of the encoder.
    config::Config::Recording before = d.config.recording;
    before.buffer_seconds = config.recording.buffer_seconds;
    before.memory_mb = config.recording.memory_mb;
    before.disk_mb = config.recording.disk_mb;
    before.disk_folder = config.recording.disk_folder;
    before.start = config.recording.start;
    before.keep_minutes = config.recording.keep_minutes;
    before.never = config.recording.never;
    before.pause_when_locked = config.recording.pause_when_locked;
    before.pause_on_battery = config.recording.pause_on_battery;
    const bool restart =
        d.recorded && !d.halted() && (config.recording != before || config.audio != d.config.audio);
    d.config = config;
    if (!d.end_if_banned() && restart)
        d.begin();
}

void RecordingController::set_ring(fs::path folder, std::uint64_t limit_bytes) {
    impl_->ring_folder = std::move(folder);
    impl_->limit_bytes = limit_bytes;
}

bool RecordingController::resume() {
    Impl& d = *impl_;
    const auto text = read_text_file(d.session_file, kMaxSessionBytes);
    if (!text)
        return false;
    const Json json = Json::parse(*text, nullptr, /*allow_exceptions=*/false);
    try {
        d.paused = json.at("paused").get<bool>();
        d.since = MonoTime::from_ns(json.at("since_ns").get<std::int64_t>());
        d.last_saved = MonoTime::from_ns(json.at("last_saved_ns").get<std::int64_t>());
        if (!json.at("subject").is_null())
            d.subject = recorded_from_json(json.at("subject"));
        if (!json.at("recorded").is_null())
            d.recorded = recorded_from_json(json.at("recorded"));
    } catch (const Json::exception&) {
        d.log.warn("the note of the last session is damaged and is passed over");
        return false;
    }
    if (d.end_if_banned())
        return false;
    if (!d.recorded || d.paused) {
        d.kept_until = d.clock.now() + d.kept();
        return false;
    }
    d.log.info("going on with the recording of the service before");
    d.begin();
    return true;
}

void RecordingController::start(
    const std::string& source, Reply reply, const std::optional<ipc::FocusChanged>& named) {
    Impl& d = *impl_;
    d.answer_error(Errc::Cancelled, "another start came in between");
    d.pending_reply = std::move(reply);
    d.reply_deadline = d.clock.now() + kStartLimit;
    if (source == "screen") {
        d.record({ipc::SourceKind::Screen, 0, {}, "Screen", "", true, "", ""});
    } else if (
        const auto region =
            source.starts_with("region:") ? parse_region(source.substr(7)) : std::nullopt) {
        d.record({ipc::SourceKind::Screen, 0, *region, "Screen", "", true, "", ""});
    } else if (source.empty() || source == "focused") {
        if (!d.start_focused()) {
            d.waits_for_focus = true;
            d.reply_deadline = d.clock.now() + kFocusLimit;
        }
    } else if (
        const auto window =
            source.starts_with("window:") ? parse_window(source.substr(7)) : std::nullopt) {
        ipc::FocusChanged facts = named.value_or(ipc::FocusChanged{});
        if (d.focus && d.focus->window == *window)
            facts = *d.focus;
        facts.window = *window;
        if (const Recorded wished = d.from_focus(facts, true); d.allowed(wished))
            d.record(wished);
    } else {
        d.answer_error(
            Errc::InvalidArgument,
            "this source is unknown; use focused, screen, region:1280x720+0+0 or window:<id> from "
            "the list of sources");
    }
}

void RecordingController::stop() {
    impl_->paused = false;
    impl_->end_recording();
}

void RecordingController::pause(bool paused) {
    Impl& d = *impl_;
    if (d.paused == paused)
        return;
    d.paused = paused;
    if (paused)
        d.halt();
    else
        d.go_on();
}

void RecordingController::hold(Hold reason, bool on) {
    Impl& d = *impl_;
    const bool halted = d.halted();
    if (on)
        d.holds.insert(reason);
    else
        d.holds.erase(reason);
    if (!halted && d.halted())
        d.halt();
    else if (halted && !d.halted())
        d.go_on();
    else
        d.changed();
}

const char* RecordingController::paused_by() const {
    const Impl& d = *impl_;
    if (d.paused)
        return "user";
    if (d.holds.contains(Hold::Locked))
        return "lock";
    return d.holds.contains(Hold::Battery) ? "battery" : "";
}

void RecordingController::focus_changed(const ipc::FocusChanged& focus) {
    Impl& d = *impl_;
    d.focus = focus;
    if (d.waits_for_focus) {
        if (d.start_focused()) {
            d.waits_for_focus = false;
            d.reply_deadline = d.clock.now() + kStartLimit;
        }
        return;
    }
    d.follow_focus();
}

void RecordingController::window_closed(std::uint32_t window) {
    Impl& d = *impl_;
    if (d.focus && d.focus->window == window)
        d.focus.reset();
    if (!d.recorded || d.recorded->kind != ipc::SourceKind::Window || d.recorded->window != window)
        return;
    d.log.info("the recorded window was closed");
    d.answer_error(Errc::NotFound, "the window was closed");
    d.recorded.reset();
    d.halt();
}

void RecordingController::capture_started(const ipc::CaptureStarted& started) {
    Impl& d = *impl_;
    d.running = true;
    d.problem.clear();
    if (d.events.started)
        d.events.started(started);
    d.answer({});
    d.changed();
}

void RecordingController::capture_failed(const ipc::CaptureFailed& failed) {
    Impl& d = *impl_;
    if (!d.recorded || d.halted())
        return;
    if (failed.window != d.recorded->window) {
        d.log.info("the capture of a window that is not wanted any more failed");
        return;
    }
    d.running = false;
    d.problem = failed.what;
    d.log.warn("capture: {}", failed.what);
    const bool window_gone =
        failed.code == errc_name(Errc::NotFound) && d.recorded->kind == ipc::SourceKind::Window;
    if (window_gone || d.pending_reply) {
        // A wish that cannot be met ends here; what ran before is tried again and again.
        d.answer_error(window_gone ? Errc::NotFound : Errc::External, failed.what);
        d.recorded.reset();
        const std::string what = d.problem;
        d.halt();
        if (!window_gone)
            d.problem = what;
    }
    d.changed();
}

void RecordingController::capture_gone(bool expected) {
    if (expected)
        return;
    impl_->running = false;
    impl_->changed();
}

void RecordingController::capture_status(const ipc::CaptureStatus& status) {
    (void)status;
    if (impl_->recorded && !impl_->halted() && !impl_->running) {
        impl_->running = true;
        impl_->changed();
    }
}

void RecordingController::tick() {
    Impl& d = *impl_;
    const MonoTime now = d.clock.now();
    if (now >= d.reply_deadline) {
        if (d.waits_for_focus)
            d.answer_error(
                Errc::NotFound, "no window has the focus; name a source from the list of sources");
        else
            d.answer_error(Errc::Timeout, "the recording has not begun within 15 s");
    }
    if (now >= d.kept_until) {
        d.log.info("nothing is recorded any more, the memory is cleared");
        d.forget();
    }
}

RecordingState RecordingController::state() const {
    const Impl& d = *impl_;
    if (d.halted())
        return RecordingState::Paused;
    if (!d.problem.empty())
        return RecordingState::Error;
    if (!d.recorded)
        return RecordingState::Idle;
    return d.running ? RecordingState::Buffering : RecordingState::Starting;
}

const std::optional<Recorded>& RecordingController::recorded() const {
    return impl_->recorded;
}

const std::optional<Recorded>& RecordingController::subject() const {
    return impl_->subject;
}

bool RecordingController::capturing() const {
    return impl_->running && impl_->recorded && !impl_->halted();
}

MonoTime RecordingController::since() const {
    return impl_->since;
}

const std::string& RecordingController::problem() const {
    return impl_->problem;
}

MonoTime RecordingController::last_saved() const {
    return impl_->last_saved;
}

void RecordingController::set_last_saved(MonoTime t) {
    impl_->last_saved = t;
    impl_->persist();
}

}  // namespace hindsight::service
