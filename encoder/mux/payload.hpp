#pragma once

// MP4 stores H.264 and HEVC with length prefixes where encoders write start codes. To compare a
// stored packet with the ring's, both are reduced to what they have in common: the units
// themselves.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace hindsight::mux {

/// True when packets of a stream with this codec and extradata carry start codes (Annex B).
[[nodiscard]] bool is_annex_b(std::string_view codec, std::span<const std::byte> extradata);

/// CRC-32C over the units of an Annex B packet, without start codes and trailing zeros.
[[nodiscard]] std::uint32_t crc_of_annex_b(std::span<const std::byte> packet);

/// The same over a packet with 4-byte length prefixes; empty when the lengths do not add up.
[[nodiscard]] std::optional<std::uint32_t> crc_of_prefixed(std::span<const std::byte> packet);

/// AV1: MP4 leaves out the temporal delimiter that starts a packet.
[[nodiscard]] std::span<const std::byte> without_delimiter(std::span<const std::byte> packet);

}  // namespace hindsight::mux
