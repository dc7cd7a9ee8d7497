#include <hindsight/service/memory_allowance.hpp>

#include <algorithm>

namespace hindsight::service {

void MemoryAllowance::set_full(std::uint64_t bytes) {
    const bool was_reduced = reduced();
    full_bytes_ = bytes;
    limit_bytes_ = was_reduced ? std::min(limit_bytes_, bytes) : bytes;
}

bool MemoryAllowance::pressed(MemoryPressure pressure) {
    const MonoTime now = clock_.now();
    disturbed_ = now;
    if (lowered_ != MonoTime::min() && now - lowered_ < kEffectTime)
        return false;
    const std::uint64_t least =
        pressure == MemoryPressure::Severe ? kFloorBytes : std::max(least_bytes_, kFloorBytes);
    const std::uint64_t lower = std::max(limit_bytes_ / 2, least);
    if (lower >= limit_bytes_)
        return false;
    limit_bytes_ = lower;
    lowered_ = now;
    return true;
}

bool MemoryAllowance::tick() {
    const MonoTime now = clock_.now();
    if (!reduced() || now - disturbed_ < kQuietTime)
        return false;
    limit_bytes_ = std::min(limit_bytes_ * 2, full_bytes_);
    disturbed_ = now;
    return true;
}

}  // namespace hindsight::service
