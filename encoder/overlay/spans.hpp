#pragma once

#include <hindsight/core/time.hpp>

#include <vector>

namespace hindsight::overlay {

/// The frames whose time lies in [from, to).
struct Span {
    Duration from = Duration::zero();
    Duration to = Duration::zero();
    bool pressed = false;  ///< begins with a press that is shown by a pulse

    bool operator==(const Span&) const = default;
};

using Spans = std::vector<Span>;

/// Ascending, disjoint: what overlaps becomes one. Spans that only touch stay apart.
[[nodiscard]] Spans merged(Spans spans);

/// `outer` without `holes`; both ascending and disjoint.
[[nodiscard]] Spans without(const Spans& outer, const Spans& holes);

}  // namespace hindsight::overlay
