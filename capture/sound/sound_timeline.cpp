#include <hindsight/sound/sound_timeline.hpp>

#include <algorithm>

namespace hindsight::sound {

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

}  // namespace

std::int64_t sample_at(MonoTime time) {
    // In two steps, so that years of uptime do not overflow.
    const std::int64_t seconds = time.ns() / kSecond;
    const std::int64_t rest = time.ns() % kSecond;
    return seconds * kSampleRate + (rest * kSampleRate + kSecond / 2) / kSecond;
}

MonoTime time_of_sample(std::int64_t index) {
    const std::int64_t seconds = index / kSampleRate;
    const std::int64_t rest = index % kSampleRate;
    return MonoTime::from_ns(seconds * kSecond + rest * kSecond / kSampleRate);
}

SoundTimeline::SoundTimeline(Duration capacity)
    : capacity_{std::max<std::int64_t>(capacity.ns() / 1'000 * kSampleRate / 1'000'000, 1)},
      frames_(static_cast<std::size_t>(capacity_) * kChannels) {}

std::size_t SoundTimeline::place(std::int64_t index) const {
    const std::int64_t slot = ((index % capacity_) + capacity_) % capacity_;
    return static_cast<std::size_t>(slot) * kChannels;
}

void SoundTimeline::write(std::int64_t first, std::span<const float> frames) {
    const auto count = static_cast<std::int64_t>(frames.size() / kChannels);
    if (count == 0)
        return;
    const std::scoped_lock lock{mutex_};
    if (end_ == INT64_MIN)
        begin_ = end_ = first;
    const std::int64_t behind = first + count;
    // A hole between the newest sample and this block is silence, and not what lay there a
    // capacity ago.
    for (std::int64_t i = std::max(end_, first - capacity_); i < first; ++i)
        std::fill_n(frames_.begin() + static_cast<std::ptrdiff_t>(place(i)), kChannels, 0.0F);
    end_ = std::max(end_, behind);
    begin_ = std::max(std::min(begin_, first), end_ - capacity_);
    for (std::int64_t i = std::max(first, begin_); i < behind; ++i)
        std::copy_n(
            frames.begin() + static_cast<std::ptrdiff_t>((i - first) * kChannels),
            kChannels,
            frames_.begin() + static_cast<std::ptrdiff_t>(place(i)));
}

void SoundTimeline::mix(
    std::int64_t first, float from, float to, std::span<float> left, std::span<float> right) const {
    const std::scoped_lock lock{mutex_};
    if (end_ == INT64_MIN)
        return;
    const float step = (to - from) / static_cast<float>(left.size());
    const std::int64_t behind = std::min(first + static_cast<std::int64_t>(left.size()), end_);
    for (std::int64_t i = std::max(first, begin_); i < behind; ++i) {
        const auto at = static_cast<std::size_t>(i - first);
        const float gain = from + step * static_cast<float>(at);
        const std::size_t source = place(i);
        left[at] += frames_[source] * gain;
        right[at] += frames_[source + 1] * gain;
    }
}

std::int64_t SoundTimeline::end() const {
    const std::scoped_lock lock{mutex_};
    return end_;
}

}  // namespace hindsight::sound
