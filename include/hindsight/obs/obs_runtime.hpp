#pragma once

// libobs, started once in the life of `hindsight-capture`: graphics, audio and the plugins that
// recording needs. Everything of libobs goes through this folder.

#include <hindsight/core/log.hpp>
#include <hindsight/core/result.hpp>
#include <hindsight/ipc/messages.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hindsight::obs {

struct GlInfo {
    std::string renderer;  ///< empty when there is no GL
    bool software = true;  ///< llvmpipe and its kin
};

/// What a canvas must be like; libobs' own pictures are made of it.
struct CanvasFormat {
    int width = 32;
    int height = 32;
    int fps = 10;

    bool operator==(const CanvasFormat&) const = default;
};

class ObsRuntime {
public:
    /// Connects to $DISPLAY and loads the plugins. `on_display_lost` is called on any thread when
    /// Xlib finds its server gone; the process must end in it, for Xlib does not return.
    /// Errors: DeviceLost (no display), External (libobs does not start).
    [[nodiscard]] static Result<std::unique_ptr<ObsRuntime>>
    start(std::function<void()> on_display_lost, Log log);

    ~ObsRuntime();  ///< shuts libobs down; nothing of it may be in use
    ObsRuntime(const ObsRuntime&) = delete;
    ObsRuntime& operator=(const ObsRuntime&) = delete;

    [[nodiscard]] const GlInfo& gl() const;
    [[nodiscard]] static std::string version();

    /// Errors: Busy (an output is active), External.
    [[nodiscard]] Result<> set_canvas(const CanvasFormat& format);

    /// Starts every encoder for a few frames, but those to `avoid`: they hung, and the list says
    /// so. Takes up to some seconds; no output may be active. `stuck` is called as
    /// CaptureSession::Calls has it, for one that takes longer than six seconds.
    [[nodiscard]] ipc::EncoderList probe_encoders(
        const std::vector<std::string>& avoid,
        std::function<void(const std::string& encoder)> stuck);

private:
    struct Impl;
    explicit ObsRuntime(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> impl_;
};

}  // namespace hindsight::obs
