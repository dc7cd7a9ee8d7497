#include "warped_clock.hpp"

#include <atomic>
#include <cstdint>

namespace hindsight::bench {

namespace {

std::atomic<std::int64_t> ahead_ns{0};  // on its own; nothing is ordered by it

}  // namespace

MonoTime warped_now() {
    return SystemClock{}.now() + Duration::from_ns(ahead_ns.load(std::memory_order_relaxed));
}

void put_clock_forward(Duration by) {
    ahead_ns.fetch_add(by.ns(), std::memory_order_relaxed);
}

}  // namespace hindsight::bench

// In the program itself, and exported: libobs and its plugins find it before libobs' own.
extern "C" __attribute__((visibility("default"))) std::uint64_t os_gettime_ns() {
    return static_cast<std::uint64_t>(hindsight::bench::warped_now().ns());
}
