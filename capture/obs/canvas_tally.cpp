#include "canvas_tally.hpp"

#include <utility>

namespace hindsight::obs {

void CanvasTally::begin(const FrameTotals& libobs) {
    running_ = true;
    lagged_at_begin_ = libobs.lagged;
    told_ = before_.missed();
}

void CanvasTally::end(const FrameTotals& libobs) {
    before_ = totals(libobs);
    running_ = false;
}

FrameTotals CanvasTally::totals(const FrameTotals& libobs) const {
    if (!running_)
        return before_;
    return {
        .captured = before_.captured + libobs.captured,
        .lagged = before_.lagged + libobs.lagged - lagged_at_begin_,
        .skipped = before_.skipped + libobs.skipped};
}

std::uint64_t CanvasTally::new_misses(const FrameTotals& libobs) {
    const std::uint64_t all = totals(libobs).missed();
    return all - std::exchange(told_, all);
}

}  // namespace hindsight::obs
