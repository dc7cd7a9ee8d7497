#pragma once

// What is drawn on libobs' canvas: one source, scaled to fit, black round it.

#include "obs_handle.hpp"

#include <hindsight/core/log.hpp>
#include <hindsight/core/result.hpp>
#include <hindsight/direct/picture_source.hpp>
#include <hindsight/ipc/messages.hpp>

#include <memory>

namespace hindsight::obs {

/// libobs' own source for what is to be recorded. Empty: it has none that works here (an X server
/// or GL without what it needs); waits up to a second for its first size. Errors: External.
[[nodiscard]] SourceHandle open_native_source(const ipc::StartCapture& request, const Log& log);

class CanvasScene {
public:
    /// Shows `source` on the canvas of `size`. Errors: External.
    [[nodiscard]] static Result<std::unique_ptr<CanvasScene>>
    show(SourceHandle source, direct::PictureSize size);

    ~CanvasScene();
    CanvasScene(const CanvasScene&) = delete;
    CanvasScene& operator=(const CanvasScene&) = delete;

    /// Makes the source look for its window or screen once more.
    void renew();

    /// The source has a size: it is there and has a picture.
    [[nodiscard]] bool alive() const;

private:
    CanvasScene(SourceHandle source, SceneHandle scene);

    SourceHandle source_;
    SceneHandle scene_;
};

}  // namespace hindsight::obs
