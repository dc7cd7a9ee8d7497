#pragma once

// Plays the beeps through PulseAudio such that each is heard (and leaves the sink's monitor) at its
// time, whatever the latency.

#include <memory>

namespace hindsight::test {

class Beeper {
public:
    /// Null where there is no sound server.
    static std::unique_ptr<Beeper> start(int fps);

    virtual ~Beeper() = default;
};

}  // namespace hindsight::test
