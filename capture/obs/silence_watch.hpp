#pragma once

// Tells an encoder that is broken from one that is only slow. One that takes pictures and gives
// nothing back is silent: what counts is how many it has swallowed. One that does not even take the
// pictures that wait for it hangs. Time passes only while this watch is asked, so that a machine
// that lets nobody run, or sleeps, makes nobody look dead.

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
        bool busy = false;          ///< its threads have work for the processor, right now
    };

    enum class Verdict { Alive, Silent, Hangs };

    /// A new encoder starts, which may hold so many pictures back before it gives the first.
    /// [control]
    void begin(int fps, std::uint64_t held_back, const Counts& counts);

    /// One that works has given something when it has taken so many pictures, however long that
    /// takes. [control]
    [[nodiscard]] std::uint64_t enough() const { return enough_; }

    /// To be asked at least four times a second: silence shows within 2 s, or with enough(), a hang
    /// within 2.5 s (10 s while its threads want to run: it may only be starved) and 30 pictures.
    /// [control]
    [[nodiscard]] Verdict judge(const Counts& counts);

private:
    std::uint64_t enough_ = 0;
    MonoTime looked_ = MonoTime::min();
    Counts delivered_;                     ///< when the last packet was noticed
    Counts took_;                          ///< when it last took a picture
    Duration silent_ = Duration::zero();   ///< looked at since then without a packet
    Duration waiting_ = Duration::zero();  ///< … without it taking a picture
    Duration idle_ = Duration::zero();     ///< … and without being busy
};

}  // namespace hindsight::obs
