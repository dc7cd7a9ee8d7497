#pragma once

// A ring whose memory holds ten pictures, one a second, and a disk for the older ones.

#include "service_fakes.hpp"

#include <hindsight/ring/snapshot.hpp>

#include <memory>

namespace hindsight::test {

class SpilledRing {
public:
    static constexpr std::uint64_t kMemoryBytes = 64u << 10;

    SpilledRing() {
        std::filesystem::create_directories(base());
        std::filesystem::create_directories(home());
        ring_ = make_picture_ring(home() / "ring", Duration::from_ms(10'000));
    }

    [[nodiscard]] std::filesystem::path home() const { return folder_.path() / "home"; }

    /// The folder on the disk, as configured.
    [[nodiscard]] std::filesystem::path base() const { return folder_.path() / "disk"; }

    [[nodiscard]] ring::RingWriter& memory() { return *ring_; }

    void add_picture(MonoTime t) { append_picture(*ring_, t); }

private:
    TemporaryFolder folder_;
    std::unique_ptr<ring::RingWriter> ring_;
};

}  // namespace hindsight::test
