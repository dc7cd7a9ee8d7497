#pragma once

// Decides what is recorded: nothing, a game that got the focus, or what the user named; and keeps
// that decision on disk so that a restarted service goes on with it. It starts and stops capture
// through `CaptureControl` and never touches a process itself.

#include <hindsight/config/config.hpp>
#include <hindsight/core/log.hpp>
#include <hindsight/core/result.hpp>
#include <hindsight/core/time.hpp>
#include <hindsight/ipc/messages.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace hindsight::service {

/// A window that is a game, by Steam or by a profile.
struct GameMatch {
    std::string game;     ///< name for people
    std::string profile;  ///< id of its action profile, may be empty
    bool is_game = true;  ///< false: only the generic profile fits
};

class GameMatcher {
public:
    virtual ~GameMatcher() = default;

    /// What a focused window is; `is_game` false when nothing says that it is a game.
    [[nodiscard]] virtual GameMatch match(const ipc::FocusChanged& focus) const = 0;

    /// The controls that `hindsight-input` is to translate for a profile; empty ones when there is
    /// no such profile.
    [[nodiscard]] virtual ipc::SetProfile controls(const std::string& profile) const = 0;
};

enum class Memory { Kept, Dropped };

class CaptureControl {
public:
    virtual ~CaptureControl() = default;

    /// Captures this from now on, replacing what was captured; restarted when it dies.
    virtual void run(const ipc::StartCapture& what) = 0;

    /// Captures no more; with `Memory::Dropped` the ring is emptied, too.
    virtual void halt(Memory memory) = 0;
};

/// A part of the screen in pixels; no width: all of it.
struct ScreenRegion {
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;

    bool operator==(const ScreenRegion&) const = default;
};

struct Recorded {
    ipc::SourceKind kind = ipc::SourceKind::Window;
    std::uint32_t window = 0;
    ScreenRegion region;  ///< of the screen
    std::string game;     ///< "Screen" for the screen
    std::string profile;  ///< may be empty
    bool chosen = false;  ///< by the user, not by the focus
    /// Of the window's program, as recording.never names it; both may be empty.
    std::string executable;
    std::string wm_class;

    bool operator==(const Recorded&) const = default;
};

/// Why nothing is recorded although something is to be.
enum class Hold { Locked, Battery, Forgetting };

enum class RecordingState { Idle, Starting, Buffering, Paused, Error };

[[nodiscard]] const char* recording_state_name(RecordingState state);

class RecordingController {
public:
    struct Events {
        std::function<void()> changed;  ///< state() or recorded() differ
        std::function<void()> forget;   ///< the kept ring's time is over: clear it
        std::function<void(const ipc::CaptureStarted&)> started;
    };

    using Reply = std::function<void(const Result<>&)>;

    RecordingController(
        const Clock& clock,
        CaptureControl& capture,
        const GameMatcher& matcher,
        std::filesystem::path session_file,
        Events events,
        Log log);
    ~RecordingController();
    RecordingController(const RecordingController&) = delete;
    RecordingController& operator=(const RecordingController&) = delete;

    void set_config(const config::Config& config);

    /// Where capture writes. Must be set before anything starts.
    void set_ring(std::filesystem::path folder, std::uint64_t limit_bytes);

    /// Goes on with what session.json says. True: something is being recorded again.
    bool resume();

    /// `source`: "focused", "screen", "region:<width>x<height>+<x>+<y>" or "window:<id>". `reply`
    /// comes when capture runs or failed to start (bounded). Errors: InvalidArgument, NotFound,
    /// what capture says, Timeout. `window`: what is known of a window that is named and does not
    /// have the focus.
    void start(
        const std::string& source,
        Reply reply,
        const std::optional<ipc::FocusChanged>& window = std::nullopt);

    /// Ends the recording; what is in memory is dropped.
    void stop();

    /// While paused nothing is recorded; what is in memory stays in reach.
    void pause(bool paused);

    /// As a pause, but by circumstance: it ends by itself, and a recording that is started
    /// meanwhile begins then.
    void hold(Hold reason, bool on);

    /// "user", "lock" or "battery" in state Paused; else empty.
    [[nodiscard]] const char* paused_by() const;

    void focus_changed(const ipc::FocusChanged& focus);
    void window_closed(std::uint32_t window);
    void capture_started(const ipc::CaptureStarted& started);
    void capture_failed(const ipc::CaptureFailed& failed);
    void capture_gone(bool expected);
    void capture_status(const ipc::CaptureStatus& status);
    void tick();

    [[nodiscard]] RecordingState state() const;
    [[nodiscard]] const std::optional<Recorded>& recorded() const;
    /// What the footage in the ring shows: recorded(), or what was recorded last.
    [[nodiscard]] const std::optional<Recorded>& subject() const;
    [[nodiscard]] bool capturing() const;              ///< packets are coming
    [[nodiscard]] MonoTime since() const;              ///< start of the current subject
    [[nodiscard]] const std::string& problem() const;  ///< sentence in state Error

    [[nodiscard]] MonoTime last_saved() const;
    void set_last_saved(MonoTime t);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hindsight::service
