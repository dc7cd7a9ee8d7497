#pragma once

// Tells an encoder that takes pictures and gives nothing back from one that is only slow: what
// counts is how many pictures it has swallowed, not how long ago its last packet was. A machine
// out of breath lets the encoder take few pictures, so nobody is taken for dead on it.

#include <hindsight/core/time.hpp>

#include <cstdint>

namespace hindsight::obs {

class SilenceWatch {
public:
    struct Counts {
        MonoTime now = MonoTime::min();
        std::uint64_t given = 0;    ///< pictures that wait for the encoder or went to it, ever
        std::uint64_t taken = 0;    ///< that it has taken
        std::uint64_t packets = 0;  ///< that it has delivered, ever
    };

    /// A new encoder starts. [control]
    void begin(int fps, const Counts& counts);

    /// True: it is broken. Asked a few times a second, this takes about 1.5 s. [control]
    [[nodiscard]] bool dead(const Counts& counts);

private:
    int fps_ = 60;
    Counts last_;        ///< when the last packet was noticed
    Counts last_taken_;  ///< when it last took one
};

}  // namespace hindsight::obs
