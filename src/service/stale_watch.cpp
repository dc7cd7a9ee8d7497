#include "stale_watch.hpp"

#include <algorithm>

namespace hindsight::service {

namespace {

constexpr Duration kLongestTick = Duration::from_ms(2'000);

}  // namespace

bool StaleWatch::tick(MonoTime now) {
    if (last_tick_ < now)
        silent_ = silent_ + std::min(now - last_tick_, kLongestTick);
    last_tick_ = now;
    if (silent_ < limit_)
        return false;
    silent_ = Duration::zero();
    return true;
}

}  // namespace hindsight::service
