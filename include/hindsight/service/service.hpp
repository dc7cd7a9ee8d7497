#pragma once

// The service as one object: what D-Bus, hotkeys and signals ask of it, and what it tells. It owns
// the children, the workers and the use cases; the program `hindsightd` hands in the adapters and
// puts it on the bus. Everything is called and answered on the control thread; answers that take
// time come through a `Reply`.

#include <hindsight/config/config.hpp>
#include <hindsight/core/log.hpp>
#include <hindsight/core/result.hpp>
#include <hindsight/ipc/messages.hpp>
#include <hindsight/ports/clip_store.hpp>
#include <hindsight/ports/clip_writer.hpp>
#include <hindsight/ports/session_writer.hpp>
#include <hindsight/service/recording_controller.hpp>
#include <hindsight/service/sidecar_writer.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hindsight::service {

using ipc::Json;

template <class T = void>
using Reply = std::function<void(const Result<T>&)>;

struct ServicePorts {
    const Clock& clock;
    ClipWriter& writer;
    SessionWriter& session_writer;
    ClipStore& store;
    SidecarWriter& sidecars;
    const GameMatcher& games;
};

struct ServiceOptions {
    std::filesystem::path program_folder;  ///< where the children are
    std::filesystem::path ring_home;
    std::filesystem::path config_file;
    std::filesystem::path state_folder;    ///< unfinished jobs
    std::filesystem::path runtime_folder;  ///< what lasts until the logout
    std::filesystem::path cache_folder;    ///< thumbnails
    config::Config config;
    std::string config_problem;  ///< sentence when the file could not be used
    std::filesystem::path pressure_file = "/proc/pressure/memory";
};

/// What only the desktop's bus can tell.
struct DesktopFacts {
    std::function<bool()> tray_host;
    std::function<bool()> notification_service;
};

struct ServiceEvents {
    std::function<void(const Json& status)> state_changed;
    std::function<void(const std::string& request, const Json& details)> save_started;
    std::function<void(const std::string& request, const Json& clip)> save_verified;
    std::function<void(const std::string& request, const Json& clip)> save_finished;
    std::function<void(const std::string& request, const Error& error)> save_failed;
    std::function<void(const std::string& path)> screenshot_taken;
    std::function<void(const std::string& sentence)> key_ignored;
    std::function<void(const std::string& key)> config_changed;
    std::function<void(const std::string& job, const std::string& kind, double)> job_progress;
    std::function<void(const std::string& job, const std::string& kind, const Json& result)>
        job_finished;
    std::function<void(const std::string& id, const Json& clip)> clip_added;
    std::function<void(const std::string& id, const Json& clip)> clip_changed;
    std::function<void(const std::string& id)> clip_removed;
};

class Service {
public:
    Service(
        ServicePorts ports,
        ServiceOptions options,
        DesktopFacts desktop,
        ServiceEvents events,
        Log log);
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    /// Takes up what an earlier service left and starts the input program.
    /// Errors: NoSpace, PermissionDenied, Io (the memory for the ring).
    [[nodiscard]] Result<> run();

    /// Finishes what is being saved (bounded), ends the children and empties the ring; `done` is
    /// called once.
    void quit(std::function<void()> done);

    /// quit() was called: nothing new is to be begun.
    [[nodiscard]] bool quitting() const;

    [[nodiscard]] Json status() const;

    /// Options as in io.github.hindsight.Recorder1.Start.
    void start(const Json& options, Reply<> reply);
    void stop();
    void pause(bool paused);
    /// From now on, as its key does. Errors: NotFound (the microphone is not recorded).
    [[nodiscard]] Result<> mute_microphone(bool muted);
    /// What the desktop says; whether it pauses the recording is for the settings.
    void set_locked(bool locked);
    void set_on_battery(bool on_battery);
    /// ServicePorts::games answers otherwise than before: the controls of what is recorded are told
    /// anew where they changed.
    void profiles_changed();
    [[nodiscard]] Result<std::string> save(const Json& options);
    [[nodiscard]] Result<> retry(const std::string& request, const Json& options);
    [[nodiscard]] Result<> discard(const std::string& request);
    /// Options as in io.github.hindsight.Recorder1.StartSession.
    void start_session(const Json& options, Reply<std::string> reply);
    [[nodiscard]] Result<std::string> stop_session();
    [[nodiscard]] Result<> mark(const std::string& label);
    /// Writes what is being recorded now as one picture; answers with its file.
    void screenshot(Reply<std::string> reply);
    void render_overlay(const std::string& clip, const Json& options, Reply<std::string> reply);
    [[nodiscard]] Result<> cancel_job(const std::string& job);
    void encoders(Reply<Json> reply);
    void sources(Reply<Json> reply);
    void diagnose(Reply<Json> reply);
    [[nodiscard]] Result<std::string> get_config(const std::string& key) const;
    [[nodiscard]] Result<> set_config(const std::string& key, const std::string& value);

    /// Wipes the last `last` from the ring and the clips that could not be saved; saved clips stay.
    /// Answers when it is gone: {session: one is being recorded and holds it still, saving: how
    /// many clips were on their way}. Errors: InvalidArgument, Busy (another one is under way).
    void forget(Duration last, Reply<Json> reply);

    void list(const ClipQuery& query, Reply<Json> reply);
    void show(const std::string& id, Reply<Json> reply);
    void remove(const std::string& id, Reply<> reply);
    void restore(const std::string& id, Reply<> reply);
    /// Changes the library's value of one clip.
    void edit(const std::string& id, std::function<void(Clip&)> change, Reply<> reply);
    /// Takes back the first consent: action log, subtitles, overlay copy and what the library knows
    /// of the actions are removed for good, and an overlay that is being drawn is cancelled.
    /// Errors: NotFound, Busy (they are being written this moment), PermissionDenied, Io.
    void forget_actions(const std::string& id, Reply<> reply);
    /// The second consent. Errors: NotFound (also: the clip has no actions), Corrupt, NoSpace, …
    void set_train(const std::string& id, bool allowed, Reply<> reply);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hindsight::service
