#include "hotkeys.hpp"
#include "service_impl.hpp"

#include <hindsight/core/file.hpp>
#include <hindsight/core/id.hpp>
#include <hindsight/core/paths.hpp>
#include <hindsight/service/clip_json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <utility>

namespace hindsight::service {

namespace fs = std::filesystem;

namespace {

constexpr Duration kWindowListLimit = Duration::from_ms(3000);
constexpr int kProbeLimitMs = 20'000;
constexpr double kLongestSave_s = 3600;
constexpr std::size_t kMaxLabelBytes = 500;
constexpr std::uintmax_t kMaxEnvironmentBytes = 16u << 10;

struct DisplayVariable {
    const char* option;
    const char* name;
};

constexpr std::array kDisplayVariables{
    DisplayVariable{"display", "DISPLAY"},
    DisplayVariable{"xauthority", "XAUTHORITY"},
    DisplayVariable{"wayland_display", "WAYLAND_DISPLAY"}};

std::string text_option(const Json& options, const char* key) {
    const auto at = options.find(key);
    return at != options.end() && at->is_string() ? at->get<std::string>() : std::string{};
}

Result<double> seconds_option(const Json& options, const char* key, double fallback) {
    const auto at = options.find(key);
    if (at == options.end())
        return fallback;
    if (!at->is_number() || at->get<double>() < 0 || at->get<double>() > kLongestSave_s)
        return fail(
            Errc::InvalidArgument, std::string{key} + " must be between 0 and 3600 seconds");
    return at->get<double>();
}

}  // namespace

// ---- recording

/// As the children see it.
std::string Service::Impl::variable(const char* name) const {
    if (const auto at = environment.find(name); at != environment.end())
        return at->second;
    const char* own = std::getenv(name);
    return own == nullptr ? std::string{} : std::string{own};
}

void Service::Impl::load_environment() {
    const auto text = read_text_file(options.ring_home / "environment.json", kMaxEnvironmentBytes);
    if (!text)
        return;
    const Json json = Json::parse(*text, nullptr, /*allow_exceptions=*/false);
    if (!json.is_object())
        return;
    for (const DisplayVariable& one : kDisplayVariables)
        if (json.contains(one.name) && json[one.name].is_string())
            environment[one.name] = json[one.name].get<std::string>();
    capture->process().set_environment(environment);
    input->set_environment(environment);
}

void Service::Impl::set_display(const Json& given) {
    if (text_option(given, "display").empty() && text_option(given, "wayland_display").empty())
        return;
    ChildEnvironment wanted;
    bool differs = false;
    for (const DisplayVariable& one : kDisplayVariables) {
        wanted[one.name] = text_option(given, one.option);
        differs = differs || wanted[one.name] != variable(one.name);
    }
    if (!differs)
        return;
    environment = wanted;
    (void)write_file_atomically(options.ring_home / "environment.json", Json(wanted).dump());
    capture->process().set_environment(environment);
    input->set_environment(environment);
    input->restart("");
}

void Service::start(const Json& given, Reply<> reply) {
    impl_->set_display(given);
    const std::string source = text_option(given, "source");
    std::uint32_t window = 0;
    if (source.starts_with("window:")) {
        const std::string_view digits = std::string_view{source}.substr(7);
        std::from_chars(digits.data(), digits.data() + digits.size(), window);
    }
    if (window != 0)
        impl_->start_window(window, source, std::move(reply));
    else
        impl_->recording->start(source, std::move(reply));
    impl_->tick_timer.start(0);
}

/// Asks what the window is first, so that the clip gets a name and the right profile.
void Service::Impl::start_window(std::uint32_t window, const std::string& source, Reply<> reply) {
    ask_windows(
        [this, window, source, reply = std::move(reply)](const Result<ipc::WindowList>& list) {
            std::optional<ipc::FocusChanged> facts;
            if (list) {
                const auto at = std::find_if(
                    list->windows.begin(), list->windows.end(), [&](const ipc::WindowEntry& entry) {
                        return entry.window == window;
                    });
                if (at != list->windows.end()) {
                    facts.emplace();
                    facts->window = window;
                    facts->wm_class = at->wm_class;
                    facts->executable = at->executable;
                }
            }
            recording->start(source, reply, facts);
        });
}

void Service::stop() {
    // Before the memory is emptied.
    (void)impl_->sessions->stop();
    impl_->recording->stop();
}

void Service::pause(bool paused) {
    impl_->recording->pause(paused);
}

void Service::set_locked(bool locked) {
    impl_->locked = locked;
    impl_->apply_holds();
}

void Service::set_on_battery(bool on_battery) {
    impl_->on_battery = on_battery;
    impl_->apply_holds();
}

void Service::profiles_changed() {
    Impl* d = impl_.get();
    if (!d->input || !d->recording || d->ports.games.controls(d->told_profile) == d->told_controls)
        return;
    d->told_profile.clear();
    d->tell_input();
}

void Service::Impl::apply_holds() {
    recording->hold(Hold::Locked, locked && config.recording.pause_when_locked);
    recording->hold(Hold::Battery, on_battery && config.recording.pause_on_battery);
}

// ---- saving

Footage Service::Impl::footage() const {
    Footage known;
    known.capturing = recording->capturing();
    known.starting = recording->state() == RecordingState::Starting;
    known.not_before = recording->since();
    if (known.capturing) {
        known.newest = MonoTime::from_ns(capture_status.newest_ns);
        known.oldest = oldest_footage();
        return known;
    }
    const RingContent content = scan_ring(ring_folder);
    known.oldest = std::min(content.oldest, spill->state().oldest);
    known.newest = content.newest;
    return known;
}

Result<SaveOptions> Service::Impl::save_options(const Json& json) const {
    SaveOptions wish;
    HINDSIGHT_ASSIGN(const double last, seconds_option(json, "last_s", 0));
    HINDSIGHT_ASSIGN(const double delay, seconds_option(json, "delay_s", 0));
    if (last > 0)
        wish.last = Duration::from_seconds(last);
    wish.delay = Duration::from_seconds(delay);
    wish.new_only = json.value("new_only", Json(false)) == Json(true);
    wish.title = text_option(json, "title");
    const std::string id = text_option(json, "recovered");
    if (id.empty())
        return wish;
    if (!recovered || recovered->id != id)
        return fail(Errc::NotFound, "there is no recovered footage with this id");
    wish.exactly = recovered->window;
    return wish;
}

Result<std::string> Service::Impl::save(const SaveOptions& wish, MonoTime press) {
    if (quitting)
        return fail(Errc::Busy, "Hindsight is ending");
    Subject subject{"Screen", ""};
    if (wish.exactly && recovered)
        subject = recovered->subject;
    else if (recording->subject())
        subject = {recording->subject()->game, recording->subject()->profile};
    auto id = saves->request(wish, frame_time(press), footage(), subject);
    if (id) {
        recording->set_last_saved(saves->last_saved());
        tick_timer.start(0);
    }
    return id;
}

Result<std::string> Service::save(const Json& given) {
    const MonoTime press = impl_->ports.clock.now();
    HINDSIGHT_ASSIGN(const SaveOptions wish, impl_->save_options(given));
    return impl_->save(wish, press);
}

Result<> Service::retry(const std::string& request, const Json& given) {
    const std::string to = text_option(given, "to");
    const fs::path folder = to.empty() ? fs::path{} : paths::expand_home(to);
    if (impl_->is_failed_session(request))
        HINDSIGHT_TRY(impl_->sessions->retry(request, folder));
    else
        HINDSIGHT_TRY(impl_->saves->retry(request, folder));
    impl_->tick_timer.start(0);
    return {};
}

Result<> Service::discard(const std::string& request) {
    if (impl_->is_failed_session(request))
        return impl_->sessions->discard(request);
    return impl_->saves->discard(request);
}

Result<> Service::mark(const std::string& label) {
    if (label.size() > kMaxLabelBytes)
        return fail(
            Errc::InvalidArgument,
            "the label of a marker has " + std::to_string(kMaxLabelBytes) + " bytes at most");
    if (!impl_->recording->capturing())
        return fail(Errc::NotFound, "nothing is being recorded, so there is nothing to mark");
    impl_->recorder->add_event(impl_->frame_time(impl_->ports.clock.now()), "marker", label);
    return {};
}

/// The time of the first frame at or after `t`: nothing finer is ever stored.
MonoTime Service::Impl::frame_time(MonoTime t) const {
    const bool known = capture_facts && capture_facts->fps > 0;
    const FrameGrid grid{
        MonoTime::from_ns(known ? capture_facts->grid_origin_ns : 0),
        Rational{known ? capture_facts->fps : config.recording.fps, 1}};
    return grid.time_of(grid.index_at_or_after(t));
}

// ---- jobs

void Service::Impl::add_thumbnail_job(const Clip& clip) {
    std::error_code error;
    const fs::path folder = options.cache_folder / "thumbnails";
    fs::create_directories(folder, error);
    Job job;
    job.kind = "thumbnail";
    job.clip = clip.id;
    job.arguments = {
        {"clip", clip.path.string()}, {"target", (folder / (clip.id + ".jpg")).string()}};
    (void)jobs->add(std::move(job));
}

std::string Service::Impl::add_overlay_job(const Clip& clip, const Json& given) {
    const auto choice = [&](const char* key, const std::string& fallback) {
        const std::string value = text_option(given, key);
        return value.empty() ? fallback : value;
    };
    fs::path target = clip.path;
    target.replace_extension(".overlay.mp4");
    const std::string output = text_option(given, "output");
    Job job;
    job.kind = "burn-in";
    job.clip = clip.id;
    job.lasting = true;
    job.arguments = {
        {"clip", clip.path.string()},
        {"actions", clip.actions_path.string()},
        {"target", output.empty() ? target.string() : output},
        {"library", output.empty()},
        {"replace", output.empty()},
        {"layout", choice("layout", config.overlay.layout)},
        {"theme", choice("theme", config.overlay.theme)},
        {"corner", config.overlay.corner},
        {"scale", config.overlay.scale},
        {"width", clip.width},
        {"height", clip.height}};
    return jobs->add(std::move(job));
}

void Service::render_overlay(const std::string& clip, const Json& given, Reply<std::string> reply) {
    impl_->library->find(clip, [this, given, reply = std::move(reply)](const Result<Clip>& found) {
        if (!found)
            return reply(tl::unexpected(found.error()));
        if (found->actions_path.empty())
            return reply(fail(Errc::NotFound, "this clip has no actions to draw"));
        if (text_option(given, "output").empty() && impl_->jobs->has(found->id, "burn-in"))
            return reply(fail(Errc::Busy, "the overlay of this clip is being rendered"));
        reply(impl_->add_overlay_job(*found, given));
    });
}

Result<> Service::cancel_job(const std::string& job) {
    return impl_->jobs->cancel(job);
}

// ---- questions to the children

void Service::Impl::ask_windows(Reply<ipc::WindowList> reply) {
    const std::string id = random_id();
    window_questions[id] = {std::move(reply), ports.clock.now() + kWindowListLimit};
    (void)input->send(ipc::ListWindows{id});
    tick_timer.start(0);
}

void Service::Impl::probe_encoders(Reply<ipc::EncoderList> reply) {
    if (probe)
        return reply(fail(Errc::Busy, "the encoders are being tried right now"));
    auto answered = std::make_shared<Reply<ipc::EncoderList>>(std::move(reply));
    // Ends the probing process and answers, once.
    const auto finish = [this, answered](const Result<ipc::EncoderList>& result) {
        if (!*answered)
            return;
        const auto answer = std::exchange(*answered, nullptr);
        if (probe)
            probe->stop("");
        // Not inside one of its own callbacks.
        QTimer::singleShot(0, &context, [this] { probe.reset(); });
        answer(result);
    };
    // One that hangs takes its process along; the next one tries the others.
    const auto request = std::make_shared<ipc::ProbeEncoders>();
    const auto again = std::make_shared<bool>(false);
    const auto limit = std::make_shared<QTimer>();
    limit->setSingleShot(true);
    ChildProcess::Events wires;
    wires.connected = [this, request, limit] {
        limit->start(kProbeLimitMs);
        (void)probe->send(*request);
    };
    wires.message = [this, request, again, finish](const ipc::Message& message) {
        if (message.is<ipc::EncoderList>())
            return finish(message.as<ipc::EncoderList>());
        if (message.is<ipc::CaptureFailed>())
            if (const auto failed = message.as<ipc::CaptureFailed>())
                return finish(fail(Errc::External, failed->what));
        if (!message.is<ipc::EncoderStuck>())
            return;
        if (const auto stuck = message.as<ipc::EncoderStuck>()) {
            request->avoid.push_back(stuck->encoder);
            *again = true;
            probe->forgive();
        }
    };
    wires.gone = [again, finish](bool) {
        if (!std::exchange(*again, false))
            finish(fail(Errc::External, "the capture program ended while it tried the encoders"));
    };
    wires.cannot_start = [finish](const std::string& what) { finish(fail(Errc::NotFound, what)); };
    probe = std::make_unique<ChildProcess>(
        ChildOptions{(options.program_folder / "hindsight-capture").string(), {}},
        std::move(wires),
        Log{"probe"});
    probe->set_environment(environment);
    QObject::connect(limit.get(), &QTimer::timeout, &context, [finish] {
        finish(fail(Errc::Timeout, "the encoders did not answer within 20 s"));
    });
    probe->start();
}

void Service::encoders(Reply<Json> reply) {
    impl_->probe_encoders([reply = std::move(reply)](const Result<ipc::EncoderList>& list) {
        if (!list)
            return reply(tl::unexpected(list.error()));
        Json result = Json::array();
        for (const ipc::EncoderInfo& encoder : list->encoders)
            result.push_back(encoder);
        reply(result);
    });
}

void Service::sources(Reply<Json> reply) {
    impl_->ask_windows([this, reply = std::move(reply)](const Result<ipc::WindowList>& list) {
        if (!list)
            return reply(tl::unexpected(list.error()));
        Json result = Json::array();
        result.push_back(
            {{"source", "screen"},
             {"kind", "screen"},
             {"title", "Whole screen"},
             {"game", "Screen"}});
        for (const ipc::WindowEntry& window : list->windows) {
            ipc::FocusChanged facts;
            facts.wm_class = window.wm_class;
            facts.executable = window.executable;
            const GameMatch match = impl_->ports.games.match(facts);
            result.push_back(
                {{"source", "window:" + std::to_string(window.window)},
                 {"kind", "window"},
                 {"title", window.title},
                 {"game", match.game},
                 {"is_game", match.is_game},
                 {"wm_class", window.wm_class},
                 {"executable", window.executable},
                 {"width", window.width},
                 {"height", window.height}});
        }
        reply(result);
    });
}

// ---- settings

Result<std::string> Service::get_config(const std::string& key) const {
    return config::get(impl_->config, key);
}

Result<> Service::set_config(const std::string& key, const std::string& value) {
    HINDSIGHT_TRY(config::set_in_file(impl_->options.config_file, key, value));
    HINDSIGHT_ASSIGN(const config::Config fresh, config::load(impl_->options.config_file));
    impl_->config_problem.clear();
    impl_->apply_config(fresh);
    if (impl_->events.config_changed)
        impl_->events.config_changed(key);
    return {};
}

void Service::Impl::apply_config(const config::Config& fresh) {
    const config::Config before = std::exchange(config, fresh);
    if (config.recording.memory_mb != before.recording.memory_mb ||
        config.recording.buffer_seconds != before.recording.buffer_seconds) {
        allowance.set_full(wished_memory());
        recorder->set_limit(Duration::from_ms(config.recording.buffer_seconds * 1000LL));
        obey_allowance();
    }
    saves->set_config(config);
    sessions->set_config(config);
    if (config.recording.encoder != before.recording.encoder ||
        config.recording.codec != before.recording.codec)
        capture->forget_stuck_encoders();
    spill->set_config(config);
    recording->set_config(config);
    apply_holds();
    if (config.hotkeys != before.hotkeys)
        tell_hotkeys();
    tell_input();
    changed();
}

// ---- library

void Service::list(const ClipQuery& query, Reply<Json> reply) {
    impl_->library->list(query, std::move(reply));
}

void Service::show(const std::string& id, Reply<Json> reply) {
    impl_->library->find(id, [reply = std::move(reply)](const Result<Clip>& clip) {
        if (!clip)
            return reply(tl::unexpected(clip.error()));
        reply(clip_to_json(*clip));
    });
}

void Service::remove(const std::string& id, Reply<> reply) {
    impl_->library->remove(id, std::move(reply));
}

void Service::restore(const std::string& id, Reply<> reply) {
    impl_->library->restore(id, std::move(reply));
}

void Service::forget_actions(const std::string& id, Reply<> reply) {
    impl_->library->find(id, [this, reply = std::move(reply)](const Result<Clip>& clip) mutable {
        if (!clip)
            return reply(tl::unexpected(clip.error()));
        if (const auto let_go = impl_->saves->forget_actions(clip->id); !let_go)
            return reply(let_go);
        impl_->jobs->cancel_clip(clip->id, "burn-in");
        impl_->library->forget_actions(clip->id, std::move(reply));
    });
}

void Service::set_train(const std::string& id, bool allowed, Reply<> reply) {
    impl_->library->set_train(id, allowed, std::move(reply));
}

void Service::edit(const std::string& id, std::function<void(Clip&)> change, Reply<> reply) {
    impl_->library->edit(id, std::move(change), std::move(reply));
}

}  // namespace hindsight::service
