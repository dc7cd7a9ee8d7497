#pragma once

// Plays the beeps through PulseAudio such that each is heard (and leaves the sink's monitor) at its
// time, whatever the latency.

#include <cstdint>
#include <memory>

namespace hindsight::test {

class Beeper {
public:
    /// Null where there is no sound server.
    static std::unique_ptr<Beeper> start(int fps);

    virtual ~Beeper() = default;

    /// From now on every beep is heard, or none ever will be, because the server is not there.
    /// [any-thread]
    [[nodiscard]] virtual bool settled(std::int64_t now_ns) const = 0;
};

}  // namespace hindsight::test
