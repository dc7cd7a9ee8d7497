#pragma once

// What was held when, computed from the edges of an action log: what overlays and timelines draw.
// All times are frame times from the clip's first shown frame; an interval is half-open, so
// `[from, to)` covers the frames whose time lies in it.

#include <hindsight/actions/action_log.hpp>
#include <hindsight/core/time.hpp>

#include <cstdint>
#include <map>
#include <vector>

namespace hindsight::actions {

struct HeldInterval {
    Duration from = Duration::zero();
    Duration to = Duration::zero();
    bool pressed = false;  ///< `from` is the frame of the press; false: it was held already

    bool operator==(const HeldInterval&) const = default;
};

/// A value that holds from `t` on (axes), or that happened in the frame `t` (look).
struct AnalogStep {
    Duration t = Duration::zero();
    float x = 0;
    float y = 0;

    bool operator==(const AnalogStep&) const = default;
};

struct Cues {
    Duration period = Duration::zero();  ///< of one frame
    Duration end = Duration::zero();     ///< behind the last frame
    /// Digital actions, ascending, not overlapping. A press and its release in the same frame, and
    /// a pulse, are one frame long.
    std::map<std::uint16_t, std::vector<HeldInterval>> held;
    std::map<std::uint16_t, std::vector<AnalogStep>> axes;
    std::map<std::uint16_t, std::vector<AnalogStep>> looks;
};

/// Follows the log's edges and states; typing, a menu's end or lost focus releases nothing by
/// itself, because the log says what was released. [any-thread]
[[nodiscard]] Cues make_cues(const ActionLog& log);

}  // namespace hindsight::actions
