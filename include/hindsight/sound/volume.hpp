#pragma once

// How loud a sound is, over time. Whoever turns it says from when on; whoever encodes is a little
// behind the clock, so that a change of this moment is heard at its place and not before.

#include <hindsight/core/time.hpp>

#include <mutex>
#include <vector>

namespace hindsight::sound {

class Volume {
public:
    explicit Volume(float gain) : steps_{{MonoTime::min(), gain}} {}

    /// `gain` from `from` on, which may lie ahead; what was said of later moments is forgotten.
    /// 1 is the sound as it is, 0 silence. [any-thread]
    void set(float gain, MonoTime from);

    /// [any-thread]
    [[nodiscard]] float at(MonoTime time) const;

private:
    struct Step {
        MonoTime from;
        float gain;
    };

    mutable std::mutex mutex_;  ///< guards what follows; held for a look at a few numbers
    std::vector<Step> steps_;   ///< by time, at least one
};

}  // namespace hindsight::sound
