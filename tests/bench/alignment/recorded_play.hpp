#pragma once

// The arena's bot at play, recorded by the real programs: what the clip's pictures say, what the
// engine says, and what the sidecar says.

#include "play/arena_log.hpp"
#include "strip/strip.hpp"
#include "x_witness.hpp"

#include <hindsight/actions/action_log.hpp>
#include <hindsight/actions/motion_latency.hpp>

#include <optional>
#include <string>
#include <vector>

namespace hindsight::bench {

struct PlayOptions {
    int fps = 60;
    std::string picture = "direct";  ///< or "canvas"
    int phase = 500;                 ///< of the arena, thousandths of a frame
    int delay = 0;                   ///< of the arena, frames
    int rate = 12;                   ///< presses a second
    int seconds = 25;
    /// What the player's profile says of the game's latency.
    double told_latency_frames = 0;
};

/// A picture of the clip.
struct ShownFrame {
    Duration t = Duration::zero();         ///< from the first
    MonoTime captured = MonoTime::min();   ///< as the ring has it
    std::optional<arena::FrameMark> mark;  ///< nothing: the strip cannot be read
    std::optional<float> motion;           ///< as MotionMeter tells
};

struct RecordedPlay {
    std::vector<ShownFrame> frames;
    arena::ArenaLog engine;
    actions::ActionLog sidecar;
    std::vector<SeenPress> seen;
};

/// Takes `seconds` and some more. Ends the program when anything goes wrong.
[[nodiscard]] RecordedPlay record_play(const PlayOptions& options);

}  // namespace hindsight::bench
