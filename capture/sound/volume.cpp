#include <hindsight/sound/volume.hpp>

#include <algorithm>

namespace hindsight::sound {

namespace {

/// Nobody asks for what fingers changed this often ago.
constexpr std::size_t kMostSteps = 32;

}  // namespace

void Volume::set(float gain, MonoTime from) {
    const std::scoped_lock lock{mutex_};
    std::erase_if(steps_, [from](const Step& step) { return step.from >= from; });
    if (steps_.size() == kMostSteps)
        steps_.erase(steps_.begin());
    steps_.push_back({from, gain});
}

float Volume::at(MonoTime time) const {
    const std::scoped_lock lock{mutex_};
    const auto later = std::find_if(
        steps_.begin() + 1, steps_.end(), [time](const Step& step) { return step.from > time; });
    return std::prev(later)->gain;
}

}  // namespace hindsight::sound
