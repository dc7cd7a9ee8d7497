#pragma once

// One recording: a source, an encoder and its audio tracks, running into the ring. `capture/main`
// starts it, looks after it some times a second, and stops it by letting it go.

#include <hindsight/core/log.hpp>
#include <hindsight/core/result.hpp>
#include <hindsight/core/time.hpp>
#include <hindsight/ipc/messages.hpp>
#include <hindsight/obs/obs_runtime.hpp>
#include <hindsight/ring/ring_writer.hpp>

#include <functional>
#include <memory>
#include <string>

namespace hindsight::obs {

class CaptureSession {
public:
    struct Calls {
        /// On capture threads, when tend() or complete_until() has news; must neither wait nor
        /// call back.
        std::function<void()> wake;
        /// This encoder holds the session's own thread and will not let go of it: say so and end
        /// the process. On a thread of its own.
        std::function<void(const std::string& encoder)> stuck;
    };

    /// Tries the encoders in order until one delivers. `runtime` and `ring` outlive the session. A
    /// sound whose encoder gives nothing is done without, and status() says so.
    /// Errors: NotFound (no such window), DeviceLost (display gone), Unsupported (no encoder
    /// works; the sentence names the last reason), External. An encoder that gives nothing takes
    /// 1.5 s of the time, 10 s on a machine that is out of breath. [control]
    [[nodiscard]] static Result<std::unique_ptr<CaptureSession>> start(
        ObsRuntime& runtime,
        const ipc::StartCapture& request,
        ring::RingWriter& ring,
        Calls calls,
        Log log);

    virtual ~CaptureSession() = default;

    /// What runs now. [control]
    [[nodiscard]] virtual ipc::CaptureStarted started() const = 0;

    [[nodiscard]] virtual ipc::CaptureStatus status() const = 0;  ///< [control]

    enum class Care { Fine, Restarted };

    /// Notices an encoder that failed, fell silent or hangs (within 2.5 s, when asked four times a
    /// second) and goes on with the next one, and a machine that is too slow, and goes on with
    /// less; both in a new epoch, as is what a sound joins that came late. Errors: DeviceLost,
    /// Unsupported (none is left). [control]
    [[nodiscard]] virtual Result<Care> tend() = 0;

    /// Every stream has packets up to here. [control]
    [[nodiscard]] virtual MonoTime complete_until() const = 0;

    /// While set, `wake` is called for every packet. [control]
    virtual void watch_packets(bool watch) = 0;

    /// Muted, its track goes on as silence. Counts for what is heard from `from` on, which may lie
    /// ahead; what was said of later moments is void then. [control]
    virtual void mute_microphone(bool muted, MonoTime from) = 0;
};

}  // namespace hindsight::obs
