#include "sample_clock.hpp"

#include <hindsight/sound/sound_timeline.hpp>

#include <algorithm>
#include <cstdlib>

namespace hindsight::sound {

namespace {

/// About twenty seconds of answers.
constexpr std::size_t kAnswersKept = 100;
/// The one in ten that is earliest: a single wild answer is not believed, once there are many.
constexpr std::size_t kEarlyPart = 10;
/// Differences up to 2 ms are let be, larger ones are slewed away.
constexpr std::int64_t kTolerated = kSampleRate * 2 / 1'000;
/// One sample in 480 at most: a pitch 0.2 % off, for a second or two.
constexpr std::int64_t kStretch = 480;
/// An answer 60 ms off is a jump (the device was suspended, or changed), when it is repeated.
constexpr std::int64_t kJump = kSampleRate * 60 / 1'000;
constexpr int kStraysForJump = 3;

}  // namespace

std::int64_t SampleClock::believed() const {
    auto sorted = answers_;
    const auto early = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / kEarlyPart);
    std::nth_element(sorted.begin(), early, sorted.end());
    return *early;
}

void SampleClock::answer(std::int64_t position, MonoTime heard) {
    const std::int64_t origin = sample_at(heard) - position;
    if (!answers_.empty() && std::abs(origin - believed()) > kJump) {
        if (++strays_ < kStraysForJump)
            return;
        answers_.clear();
    }
    strays_ = 0;
    answers_.push_back(origin);
    if (answers_.size() > kAnswersKept)
        answers_.erase(answers_.begin());
}

std::optional<SampleClock::Placement>
SampleClock::block(std::int64_t position, std::int64_t frames) {
    if (answers_.empty())
        return std::nullopt;
    const std::int64_t wanted = believed();
    if (!offset_ || std::abs(wanted - *offset_) > kJump)
        offset_ = wanted;
    const std::int64_t off = wanted - *offset_;
    slewing_ = slewing_ ? off != 0 : std::abs(off) > kTolerated;
    Placement placement{.first = position + *offset_, .stretch = 0};
    if (slewing_) {
        const std::int64_t most = std::max<std::int64_t>(frames / kStretch, 1);
        placement.stretch = std::clamp(off, -std::min(most, frames), most);
        *offset_ += placement.stretch;
    }
    return placement;
}

}  // namespace hindsight::sound
