#pragma once

// How long a game takes from the mouse to the picture, measured from a clip and without the game's
// help: who looks right sees the picture move left, so the movement of the pictures is what the
// player's looking did some frames before.
//
//     MotionMeter meter;
//     for each picture: motion.push_back(meter.add(picture));
//     const auto latency = measure_latency(motion, look);

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace hindsight::actions {

/// 8 bits a pixel, borrowed. At least 64 pixels wide and 16 high.
struct GreyPicture {
    const std::uint8_t* data = nullptr;
    std::ptrdiff_t stride = 0;
    int width = 0;
    int height = 0;
};

/// Follows the pictures of one clip. Looks at the upper half without its edge, where a game
/// shows its world and seldom its numbers or what is held in a hand.
class MotionMeter {
public:
    /// How far the picture moved to the right since the one before, in 320ths of its width, with
    /// fractions. Nothing for the first picture, for plain ones, for those that show something
    /// else, and after a change of size.
    [[nodiscard]] std::optional<float> add(const GreyPicture& picture);

private:
    std::vector<float> columns_;  ///< of the picture before, without their slow changes
    bool plain_ = true;
    int width_ = 0;
    int height_ = 0;
};

struct MotionLatency {
    double frames = 0;     ///< from the frame that an action was put on to the one that shows it
    double residual = 0;   ///< 95 of 100 clips like this one give a value this near, in frames
    double explained = 0;  ///< share of the changes of movement that looking explains, 0–1
};

/// Lags that are looked for, in frames.
inline constexpr int kFirstLag = -2;
inline constexpr int kLastLag = 8;

/// `motion` of each frame (MotionMeter::add) and `look`, the sum of the player's sideways counts
/// put on that frame; equally many, one after the other without holes.
///
/// Frames whose movement is far from all that looking does count as if they followed it. Where
/// steps of looking and of movement, each over some frames, resemble each other most is the latency
/// in whole frames; how much of the looking's change the movement then still has tells the parts.
/// Nothing when the player hardly looked around, or when the pictures do not follow.
/// [any-thread]
[[nodiscard]] std::optional<MotionLatency>
measure_latency(std::span<const std::optional<float>> motion, std::span<const float> look);

}  // namespace hindsight::actions
