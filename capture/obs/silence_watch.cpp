#include "silence_watch.hpp"

#include <algorithm>

namespace hindsight::obs {

namespace {

constexpr Duration kPatience = Duration::from_ms(1'500);
/// Pictures wait, and none is taken for so long by threads that want nothing: it hangs.
constexpr Duration kHangs = Duration::from_ms(2'000);
/// Threads that want to run may be kept from it; but not for ever.
constexpr Duration kStarves = Duration::from_ms(10'000);
/// More between two looks is time in which we were not let run, and the encoder neither.
constexpr Duration kLongestLook = Duration::from_ms(500);
/// One that hangs has left so many waiting.
constexpr std::uint64_t kLeftWaiting = 30;

}  // namespace

void SilenceWatch::begin(int fps, std::uint64_t held_back, const Counts& counts) {
    enough_ = std::max(static_cast<std::uint64_t>(fps) * 3 / 2, held_back + 1);
    looked_ = counts.now;
    delivered_ = took_ = counts;
    silent_ = waiting_ = idle_ = Duration::zero();
}

SilenceWatch::Verdict SilenceWatch::judge(const Counts& counts) {
    const Duration passed = std::min(counts.now - looked_, kLongestLook);
    looked_ = counts.now;
    silent_ = silent_ + passed;
    waiting_ = waiting_ + passed;
    if (!counts.busy)
        idle_ = idle_ + passed;
    if (counts.taken != took_.taken) {
        took_ = counts;
        waiting_ = idle_ = Duration::zero();
    }
    if (counts.packets != delivered_.packets) {
        delivered_ = took_ = counts;
        silent_ = waiting_ = idle_ = Duration::zero();
        return Verdict::Alive;
    }
    // Without pictures, because the display stands still, nobody can work.
    const bool too_long = idle_ > kHangs || waiting_ > kStarves;
    if (too_long && counts.given - took_.given >= kLeftWaiting)
        return Verdict::Hangs;
    return silent_ > kPatience && counts.taken - delivered_.taken >= enough_ ? Verdict::Silent
                                                                             : Verdict::Alive;
}

}  // namespace hindsight::obs
