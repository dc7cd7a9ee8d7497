#pragma once

// H.264 footage of one recording may come from encoders that were set differently: the same size
// and frame rate, other tools. It can lie in one track when the track's description holds the
// parameter sets of all of them, which works because each set has a number that the pictures name.

#include <hindsight/core/stream.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace hindsight::mux {

/// The sets of two Annex B descriptions together, the higher profile first (the description of an
/// MP4 track takes its profile from there). Empty: both have a set of the same number that differs,
/// or one is not Annex B.
[[nodiscard]] std::optional<std::vector<std::byte>>
joined_parameter_sets(std::span<const std::byte> first, std::span<const std::byte> second);

/// How a track is described that holds packets of both: equal streams need no other description,
/// and H.264 of one size and rate gets the parameter sets of both. Empty: they need two files.
[[nodiscard]] std::optional<StreamInfo>
joined_stream(const StreamInfo& track, const StreamInfo& next);

}  // namespace hindsight::mux
