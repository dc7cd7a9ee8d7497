#pragma once

#include <cstdint>

namespace hindsight::arena {

/// PCG-XSH-RR (O'Neill 2014): small, good enough, and ours, so that no library changes the game.
struct Random {
    std::uint64_t state = 0;

    static constexpr Random seeded(std::uint64_t seed) {
        Random random{seed * 0x9e3779b97f4a7c15u + 0x632be59bd9b4e019u};
        random.next();
        random.next();
        return random;
    }

    constexpr std::uint32_t next() {
        const std::uint64_t old = state;
        state = old * 6364136223846793005u + 1442695040888963407u;
        const auto mixed = static_cast<std::uint32_t>(((old >> 18) ^ old) >> 27);
        const auto turn = static_cast<std::uint32_t>(old >> 59);
        return (mixed >> turn) | (mixed << ((32 - turn) & 31));
    }

    /// 0 … bound-1; the bias is below one in a million for the small bounds of a game.
    constexpr int below(int bound) {
        return static_cast<int>(
            (static_cast<std::uint64_t>(next()) * static_cast<std::uint64_t>(bound)) >> 32);
    }

    constexpr int between(int low, int high) { return low + below(high - low + 1); }

    constexpr bool chance(int numerator, int denominator) { return below(denominator) < numerator; }
};

}  // namespace hindsight::arena
