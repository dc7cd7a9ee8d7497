#pragma once

// MP4 stores H.264 and HEVC with length prefixes where encoders write start codes. To compare a
// stored packet with the ring's, both are reduced to what they have in common: the units
// themselves.

#include <hindsight/core/stream.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace hindsight::mux {

/// CRC-32C over what MP4 will store of a packet of the ring: for H.264 and HEVC the units without
/// start codes or lengths and without trailing zeros, for AV1 all but the temporal delimiter that
/// starts it. `whole` is the checksum of the packet as it is.
[[nodiscard]] std::uint32_t
content_crc(const StreamInfo& info, std::span<const std::byte> packet, std::uint32_t whole);

/// The units between start codes, without trailing zeros.
[[nodiscard]] std::vector<std::span<const std::byte>>
annex_b_units(std::span<const std::byte> data);

/// The same over a packet as MP4 stores it; empty when its 4-byte length prefixes do not add up.
[[nodiscard]] std::optional<std::uint32_t>
stored_crc(const StreamInfo& info, std::span<const std::byte> packet);

/// The CRC of a list whose CRC was `list`, with one more entry.
[[nodiscard]] std::uint32_t fold_crc(std::uint32_t list, std::uint32_t entry);

}  // namespace hindsight::mux
