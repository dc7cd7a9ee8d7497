#include "silence_watch.hpp"

#include <algorithm>

namespace hindsight::obs {

namespace {

constexpr Duration kPatience = Duration::from_ms(1'500);
/// Pictures wait, and nothing is taken or delivered for so long: it hangs.
constexpr Duration kHangs = Duration::from_ms(10'000);
/// Pictures that a healthy encoder may hold back. Ours are told to hold back none.
constexpr std::uint64_t kHeldBack = 30;

}  // namespace

void SilenceWatch::begin(int fps, const Counts& counts) {
    fps_ = fps;
    last_ = counts;
    last_taken_ = counts;
}

bool SilenceWatch::dead(const Counts& counts) {
    if (counts.taken != last_taken_.taken)
        last_taken_ = counts;
    if (counts.packets != last_.packets) {
        last_ = counts;
        return false;
    }
    // Without pictures, because the display stands still, nobody can work.
    const bool waited_for = counts.given - last_taken_.given >= kHeldBack;
    if (waited_for && counts.now - last_taken_.now > kHangs && counts.now - last_.now > kHangs)
        return true;
    const std::uint64_t enough = std::max(static_cast<std::uint64_t>(fps_) * 3 / 2, kHeldBack);
    return counts.now - last_.now > kPatience && counts.taken - last_.taken >= enough;
}

}  // namespace hindsight::obs
