#pragma once

// A scene as the text of an ASS file.
//
// ASS counts in hundredths of a second, coarser than a frame at 60 per second, so times are not
// rounded but placed between frames: the state of the frame at t begins at the hundredth nearest to
// t minus half a frame. At up to 80 frames a second that lies behind the frame before and at or
// before t, with 1 ms to spare on both sides for players that cut or round their clock to
// milliseconds. Above, it is the last hundredth at or before t.

#include "path.hpp"
#include "scene.hpp"

#include <hindsight/core/time.hpp>

#include <cstdint>
#include <string>

namespace hindsight::overlay {

/// The hundredth of a second at which what belongs to the frame at `t` begins. Not negative.
[[nodiscard]] std::int64_t start_of_frame(Duration t, Duration period);

struct ScriptOptions {
    int width = 0;
    int height = 0;
    Placement placement;
    Duration period = Duration::zero();
    Duration end = Duration::zero();  ///< of the clip
    bool reduced_motion = false;
};

[[nodiscard]] std::string make_script(const Scene& scene, const ScriptOptions& options);

}  // namespace hindsight::overlay
