#include "machine_probe.hpp"
#include "service_impl.hpp"

#include <hindsight/core/file.hpp>
#include <hindsight/ring/snapshot.hpp>
#include <hindsight/service/clip_json.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

namespace hindsight::service {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kExportQueue = 64;
constexpr std::size_t kStoreQueue = 1024;
constexpr std::size_t kSessionQueue = 8;
constexpr std::size_t kSpillQueue = 256;
constexpr int kSlowTickMs = 1000;
constexpr int kFastTickMs = 100;
constexpr int kStateIntervalMs = 100;
constexpr std::chrono::milliseconds kPressureInterval{2'000};
/// Clips that are being saved when the service is asked to end get this long.
constexpr Duration kQuitLimit = Duration::from_ms(30'000);
/// With so much of it left, a session that is still being copied is named as it is.
constexpr Duration kHurryAt = Duration::from_ms(15'000);

}  // namespace

Service::Impl::Impl(ServicePorts p, ServiceOptions o, DesktopFacts d, ServiceEvents e, Log l)
    : ports{p},
      options{std::move(o)},
      desktop{std::move(d)},
      events{std::move(e)},
      log{std::move(l)},
      config{options.config},
      config_problem{options.config_problem},
      ring_folder{options.ring_home / "ring"},
      pins_folder{options.ring_home / "pins"},
      allowance{ports.clock} {
    state_timer.setSingleShot(true);
    QObject::connect(&tick_timer, &QTimer::timeout, &context, [this] { tick(); });
    QObject::connect(&state_timer, &QTimer::timeout, &context, [this] { emit_state(); });
}

Service::Impl::~Impl() {
    exporter.reset();
    session_worker.reset();
    spill_worker.reset();
    storer.reset();
}

Result<> Service::Impl::prepare_ring() {
    std::error_code error;
    for (const fs::path& folder : {options.ring_home, ring_folder, pins_folder}) {
        fs::create_directories(folder, error);
        if (error)
            return fail_errno("the memory for the last minutes cannot be used", error.value());
        fs::permissions(folder, fs::perms::owner_all, error);
    }
    ring_content = scan_ring(ring_folder);
    allowance.set_full(wished_memory());
    const Duration limit = Duration::from_ms(config.recording.buffer_seconds * 1000LL);
    HINDSIGHT_ASSIGN(recorder, ActionRecorder::create(ring_folder, limit, Log{"actions"}));
    return {};
}

/// Half of what is free, counting what our own footage uses already.
std::uint64_t Service::Impl::wished_memory() const {
    const std::uint64_t free = free_bytes(ring_folder) + scan_ring(ring_folder).bytes;
    const std::uint64_t wished = static_cast<std::uint64_t>(config.recording.memory_mb) << 20;
    return std::min(wished, free / 2);
}

void Service::Impl::memory_is_short(MemoryPressure how) {
    const double seconds = Duration::from_ns(capture_status.buffered_ns).seconds();
    if (recording->capturing() && seconds > 1) {
        // A quarter more than the clip itself: the window rarely begins with a segment.
        const double rate = static_cast<double>(capture_status.buffered_bytes) / seconds;
        allowance.set_least(static_cast<std::uint64_t>(1.25 * rate * config.clips.length_seconds));
    }
    if (!allowance.pressed(how))
        return;
    log.warn("memory is short: the buffer may take {} MiB now", allowance.limit() >> 20);
    obey_allowance();
}

void Service::Impl::obey_allowance() {
    const std::uint64_t bytes = allowance.limit();
    const Duration limit = Duration::from_ms(config.recording.buffer_seconds * 1000LL);
    recording->set_ring(ring_folder, bytes);
    saves->set_pin_limit(bytes);
    sessions->set_pin_limit(bytes);
    spill->set_memory(bytes);
    capture->set_limits({bytes, limit.ns()});
    changed();
}

void Service::Impl::spill_changed() {
    const ring::SpillState& state = spill->state();
    saves->set_spilled({state.root, state.limit_bytes, state.held_bytes});
    if (recovered)
        recovered->window.from = std::min(recovered->window.from, state.oldest);
    changed();
}

void Service::Impl::make_parts() {
    exporter = std::make_unique<Worker>("export", kExportQueue, Log{"export"});
    session_worker = std::make_unique<Worker>("session", kSessionQueue, Log{"session"});
    spill_worker = std::make_unique<Worker>("spill", kSpillQueue, Log{"spill"});
    storer = std::make_unique<Worker>("store", kStoreQueue, Log{"store"});
    const auto child = [this](const char* name) {
        return ChildOptions{(options.program_folder / name).string(), {}};
    };
    capture = std::make_unique<CaptureHost>(
        child("hindsight-capture"), capture_events(), Log{"supervisor"});
    microphone.set_talk_key(!config.hotkeys.push_to_talk.empty(), ports.clock.now());
    remember_mute();
    input =
        std::make_unique<ChildProcess>(child("hindsight-input"), input_events(), Log{"supervisor"});
    recording = std::make_unique<RecordingController>(
        ports.clock,
        *capture,
        ports.games,
        options.ring_home / "session.json",
        recording_events(),
        Log{"recording"});
    recording->set_config(config);
    recording->set_ring(ring_folder, allowance.limit());
    SaveDeps deps{
        ports.clock,
        ports.writer,
        ports.store,
        &ports.sidecars,
        control,
        *exporter,
        *storer,
        *spill_worker,
        capture->process(),
        *input,
        ring_folder,
        pins_folder,
        allowance.limit(),
        exporter->stop_token()};
    saves = std::make_unique<SaveQueue>(deps, save_events(), Log{"save"});
    saves->set_config(config);
    sessions = std::make_unique<SessionRecorder>(
        SessionDeps{
            ports.clock,
            ports.session_writer,
            *saves,
            control,
            *session_worker,
            capture->process(),
            ring_folder,
            options.ring_home / "sessions",
            allowance.limit(),
            session_worker->stop_token()},
        session_events(),
        Log{"session"});
    sessions->set_config(config);
    spill = std::make_unique<Spill>(
        SpillDeps{
            ports.clock, control, *spill_worker, options.ring_home, [this] { spill_changed(); }},
        Log{"spill"});
    spill->set_memory(allowance.limit());
    jobs = std::make_unique<JobRunner>(
        (options.program_folder / "hindsightd").string(),
        options.state_folder / "jobs.json",
        *storer,
        job_events(),
        Log{"jobs"});
    screenshots = std::make_unique<ScreenshotTaker>(
        ScreenshotDeps{
            ports.clock,
            capture->process(),
            *storer,
            (options.program_folder / "hindsightd").string(),
            ring_folder,
            options.ring_home / "screenshots"},
        Log{"screenshot"});
    library = std::make_unique<LibraryDesk>(
        ports.store, ports.sidecars, control, *storer, library_events());
}

Result<> Service::Impl::run() {
    HINDSIGHT_TRY(prepare_ring());
    make_parts();
    load_environment();
    if (const auto pid = read_text_file(options.ring_home / "capture.pid", 64)) {
        int number = 0;
        std::from_chars(pid->data(), pid->data() + pid->size(), number);
        wait_for_orphan(number, (options.program_folder / "hindsight-capture").string());
        ring_content = scan_ring(ring_folder);
    }
    (void)recording->resume();
    saves->set_last_saved(recording->last_saved());
    if (!ring_content.empty()) {
        recovered = Recovered{
            "ring-" + std::to_string(ring_content.oldest.ns() / 1'000'000),
            {ring_content.oldest, ring_content.newest + Duration::from_ns(1)},
            {"Recovered", ""}};
        if (recording->subject())
            recovered->subject = {recording->subject()->game, recording->subject()->profile};
        log.info("footage of an earlier run is in reach");
    }
    input->start();
    saves->recover();
    const auto& recorded = recording->recorded();
    sessions->recover(recorded ? &recorded->game : nullptr);
    spill->set_config(config);  // after the saves have pinned what they need of it
    rescue_recordings();
    jobs->recover();
    pressure = std::make_unique<PressureWatch>(
        [this](MemoryPressure how) { memory_is_short(how); },
        options.pressure_file,
        kPressureInterval,
        log);
    tick_timer.start(kSlowTickMs);
    return {};
}

void Service::Impl::tick() {
    const MonoTime now = ports.clock.now();
    recording->tick();
    if (capture->tick(now)) {
        capture_hung = now;
        changed();
    }
    saves->tick();
    sessions->tick();
    if (!quitting)
        spill->tick(recording->subject().has_value());
    screenshots->tick();
    if (allowance.tick())
        obey_allowance();
    for (auto at = window_questions.begin(); at != window_questions.end();) {
        if (now < at->second.deadline) {
            ++at;
            continue;
        }
        const auto reply = std::move(at->second.reply);
        at = window_questions.erase(at);
        reply(fail(Errc::Timeout, "the input program does not answer"));
    }
    if (quitting)
        quit_step();
    const bool hurried = saves->busy() || sessions->busy() || screenshots->busy() || quitting ||
                         !window_questions.empty() ||
                         recording->state() == RecordingState::Starting;
    const int interval = hurried ? kFastTickMs : kSlowTickMs;
    if (tick_timer.interval() != interval)
        tick_timer.start(interval);
    if (!state_timer.isActive() && recording->capturing())
        changed();
}

void Service::Impl::quit_step() {
    const bool late = ports.clock.now() >= quit_deadline;
    if (ports.clock.now() >= quit_deadline - kHurryAt)
        sessions->hurry();
    if ((saves->busy() || sessions->busy() || screenshots->busy()) && !late)
        return;
    if (capture->process().running() || input->running()) {
        saves->ring_goes();
        capture->halt(Memory::Dropped);
        input->stop("");
        return;
    }
    if (!std::exchange(spill_retiring, true))
        spill->retire([this] { spill_retired = true; });
    if (spill_retired || late)
        finish_quit();
}

void Service::Impl::finish_quit() {
    tick_timer.stop();
    std::error_code error;
    recorder.reset();
    const bool all_saved = saves->failed().empty() && !saves->busy();
    if (all_saved && sessions->failed().empty() && !sessions->busy()) {
        fs::remove_all(ring_folder, error);
        fs::remove_all(pins_folder, error);
    } else {
        // What could not be saved stays for a retry after the next start, and so does the count of
        // epochs, as its segments have names from it.
        drop_segments("av");
        drop_segments("act");
    }
    fs::remove_all(options.ring_home / "screenshots", error);
    fs::remove(options.ring_home / "session.json", error);
    fs::remove(options.ring_home / "environment.json", error);
    fs::remove(options.ring_home / "capture.pid", error);
    if (const auto done = std::exchange(quit_done, nullptr))
        done();
}

Service::Service(
    ServicePorts ports, ServiceOptions options, DesktopFacts desktop, ServiceEvents events, Log log)
    : impl_{std::make_unique<Impl>(
          ports, std::move(options), std::move(desktop), std::move(events), std::move(log))} {}

Service::~Service() = default;

Result<> Service::run() {
    return impl_->run();
}

void Service::quit(std::function<void()> done) {
    impl_->quit_done = std::move(done);
    if (impl_->quitting)
        return;
    impl_->quitting = true;
    impl_->quit_deadline = impl_->ports.clock.now() + kQuitLimit;
    impl_->log.info("ending");
    (void)impl_->sessions->stop();
    impl_->tick_timer.start(0);
}

bool Service::quitting() const {
    return impl_->quitting;
}

Json Service::status() const {
    return impl_->status();
}

void Service::Impl::changed() {
    if (!state_timer.isActive())
        state_timer.start(kStateIntervalMs);
}

}  // namespace hindsight::service
