#include "sample_clock.hpp"

#include <algorithm>

namespace hindsight::obs {

namespace {

constexpr std::size_t kAnswersNeeded = 15;
constexpr std::size_t kAnswersKept = 101;
/// How far the middle of the answers may move (better known after a while, or clocks that drift
/// apart) before the time line follows.
constexpr Duration kDrift = Duration::from_ms(3);
/// An answer farther off is a jump (the device was suspended, or changed), when it is repeated.
constexpr Duration kJump = Duration::from_ms(60);
constexpr int kStraysForJump = 8;

Duration distance(MonoTime a, MonoTime b) {
    return a > b ? a - b : b - a;
}

}  // namespace

MonoTime SampleClock::median() const {
    auto sorted = answers_;
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    return *middle;
}

std::optional<MonoTime> SampleClock::block(MonoTime heard, std::int64_t samples) {
    const Duration into = to_duration(position_, {1, sample_rate_});
    position_ += samples;
    const MonoTime answer = heard - into;
    if (origin_ && distance(answer, *origin_) > kJump) {
        if (++strays_ >= kStraysForJump) {
            answers_.clear();
            origin_ = answer;
            strays_ = 0;
        }
        return *origin_ + into;
    }
    strays_ = 0;
    answers_.push_back(answer);
    if (answers_.size() > kAnswersKept)
        answers_.erase(answers_.begin());
    if (answers_.size() < kAnswersNeeded)
        return origin_ ? std::optional{*origin_ + into} : std::nullopt;
    if (const MonoTime middle = median(); !origin_ || distance(middle, *origin_) > kDrift)
        origin_ = middle;
    return *origin_ + into;
}

}  // namespace hindsight::obs
