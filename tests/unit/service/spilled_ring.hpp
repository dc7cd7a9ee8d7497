#pragma once

// A ring whose memory holds ten pictures, one a second, and a disk for the older ones.

#include "service_fakes.hpp"

#include <hindsight/ring/snapshot.hpp>

#include <memory>
#include <thread>

namespace hindsight::test {

class SpilledRing {
public:
    static constexpr std::uint64_t kMemoryBytes = 64u << 10;

    SpilledRing() {
        std::filesystem::create_directories(base());
        std::filesystem::create_directories(home());
        ring_ = make_picture_ring(home() / "ring", limit_);
    }

    [[nodiscard]] std::filesystem::path home() const { return folder_.path() / "home"; }

    /// The folder on the disk, as configured.
    [[nodiscard]] std::filesystem::path base() const { return folder_.path() / "disk"; }

    [[nodiscard]] ring::RingWriter& memory() { return *ring_; }

    void set_limit(Duration limit) {
        limit_ = limit;
        ring_->set_limits(1u << 20, limit);
    }

    /// Also waits for the ring's helper, which evicts: days pass here in no time.
    void add_picture(MonoTime t) {
        append_picture(*ring_, t);
        while (ring_->status().buffered > limit_ + Duration::from_ms(1'000))
            std::this_thread::yield();
    }

private:
    Duration limit_ = Duration::from_ms(10'000);
    TemporaryFolder folder_;
    std::unique_ptr<ring::RingWriter> ring_;
};

}  // namespace hindsight::test
