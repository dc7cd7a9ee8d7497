#pragma once

// Which frames of the grid got no picture of their own. Those who miss one say so, and whoever
// stores the packet of that frame asks.

#include <cstdint>
#include <deque>
#include <mutex>

namespace hindsight::obs {

class MissedFrames {
public:
    /// The frames `first` to `first + count - 1` repeat the picture before. [any-thread]
    void add(std::int64_t first, std::int64_t count);

    /// Whether `frame` is one of them. Frames are asked for in order: what lies before it is
    /// forgotten. [any-thread]
    [[nodiscard]] bool take(std::int64_t frame);

    /// The numbers begin anew. [any-thread]
    void clear();

private:
    struct Range {
        std::int64_t first = 0;
        std::int64_t end = 0;
    };

    std::mutex mutex_;
    std::deque<Range> ranges_;  ///< in order; bounded
};

/// The two ways in which a frame gets no picture of its own.
struct FrameGaps {
    MissedFrames repeated;  ///< the encoder was given the picture before once more
    MissedFrames absent;    ///< the encoder was given nothing: it had no room
};

}  // namespace hindsight::obs
