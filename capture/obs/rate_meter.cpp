#include "rate_meter.hpp"

namespace hindsight::obs {

namespace {

constexpr Duration kStep = Duration::from_ms(1'000);
constexpr Duration kWindow = Duration::from_ms(60'000);
constexpr Duration kEnough = Duration::from_ms(5'000);

}  // namespace

void RateMeter::add(MonoTime now, std::uint64_t bytes) {
    newest_ = {now, bytes};
    if (samples_.empty() || now - samples_.back().time >= kStep)
        samples_.push_back(newest_);
    while (samples_.size() > 1 && now - samples_.front().time > kWindow)
        samples_.pop_front();
}

std::uint64_t RateMeter::bytes_per_minute() const {
    if (samples_.empty() || newest_.time - samples_.front().time < kEnough)
        return 0;
    const double bytes = static_cast<double>(newest_.bytes - samples_.front().bytes);
    return static_cast<std::uint64_t>(
        bytes / (newest_.time - samples_.front().time).seconds() * 60);
}

}  // namespace hindsight::obs
