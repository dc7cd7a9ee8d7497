#pragma once

// How many frames the canvas gave and missed, over several encoders. libobs counts what its output
// gave and skipped anew for each encoder, and what it drew late once and for all, also while no
// encoder runs. [control]

#include <cstdint>

namespace hindsight::obs {

/// Frames since the recording began.
struct FrameTotals {
    std::uint64_t captured = 0;
    std::uint64_t lagged = 0;   ///< not taken in time
    std::uint64_t skipped = 0;  ///< not encoded in time

    [[nodiscard]] std::uint64_t missed() const { return lagged + skipped; }
};

class CanvasTally {
public:
    /// An encoder has begun. `libobs`: what it counts now.
    void begin(const FrameTotals& libobs);

    /// It gets no more frames; what is missed from here on is missed by nobody.
    void end(const FrameTotals& libobs);

    [[nodiscard]] FrameTotals totals(const FrameTotals& libobs) const;

    /// Frames that this encoder missed since the last call.
    [[nodiscard]] std::uint64_t new_misses(const FrameTotals& libobs);

private:
    FrameTotals before_;  ///< of earlier encoders
    bool running_ = false;
    std::uint64_t lagged_at_begin_ = 0;
    std::uint64_t told_ = 0;  ///< misses, ever
};

}  // namespace hindsight::obs
