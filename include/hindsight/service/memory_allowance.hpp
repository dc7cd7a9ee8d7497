#pragma once

// How much memory the ring may take while the computer is short of it: half after each warning,
// back to the full amount in steps when it has been quiet for a while. Decides only; whoever owns
// the ring obeys.

#include <hindsight/core/time.hpp>

#include <cstdint>

namespace hindsight::service {

enum class MemoryPressure {
    Some,    ///< programs wait for memory now and then
    Severe,  ///< nothing goes on while they wait
};

/// How the kernel's word about it is heard.
enum class PressureSource {
    Nothing,   ///< not at all
    Polling,   ///< it is asked now and then
    Triggers,  ///< it tells by itself
};

/// [control]
class MemoryAllowance {
public:
    /// The ring never falls below this, whatever is asked.
    static constexpr std::uint64_t kFloorBytes = 16ull << 20;
    /// Warnings that follow each other faster are one: the memory given up must be felt first.
    static constexpr Duration kEffectTime = Duration::from_ms(5'000);
    /// Each step up takes so much quiet.
    static constexpr Duration kQuietTime = Duration::from_ms(120'000);

    explicit MemoryAllowance(const Clock& clock) : clock_{clock} {}

    /// What is allowed without pressure.
    void set_full(std::uint64_t bytes);

    /// What one clip of the usual length takes; only severe pressure goes below it.
    void set_least(std::uint64_t bytes) { least_bytes_ = bytes; }

    /// A warning. True: limit() is lower now.
    [[nodiscard]] bool pressed(MemoryPressure pressure);

    /// Call about once a second. True: limit() is higher now.
    [[nodiscard]] bool tick();

    [[nodiscard]] std::uint64_t limit() const { return limit_bytes_; }

    [[nodiscard]] bool reduced() const { return limit_bytes_ < full_bytes_; }

private:
    const Clock& clock_;
    std::uint64_t full_bytes_ = 0;
    std::uint64_t least_bytes_ = kFloorBytes;
    std::uint64_t limit_bytes_ = 0;
    MonoTime lowered_ = MonoTime::min();
    MonoTime disturbed_ = MonoTime::min();  ///< last warning or step up
};

}  // namespace hindsight::service
