#include "payload.hpp"

#include <hindsight/core/stream.hpp>

#include <cstring>
#include <string_view>

namespace hindsight::mux {

namespace {

constexpr std::byte kZero{0};
constexpr std::byte kOne{1};

/// Position of the next 00 00 01 at or after `at`, or the end. Looks for its last byte, which is
/// what processors find fastest.
std::size_t find_start_code(std::span<const std::byte> data, std::size_t at) {
    for (std::size_t last = at + 2; last < data.size(); ++last) {
        const void* found =
            std::memchr(data.data() + last, std::to_integer<int>(kOne), data.size() - last);
        if (found == nullptr)
            break;
        last = static_cast<std::size_t>(static_cast<const std::byte*>(found) - data.data());
        if (data[last - 1] == kZero && data[last - 2] == kZero)
            return last - 2;
    }
    return data.size();
}

template <class Use>
void for_each_unit(std::span<const std::byte> data, Use&& use) {
    std::size_t start = find_start_code(data, 0);
    while (start < data.size()) {
        start += 3;
        const std::size_t next = find_start_code(data, start);
        std::size_t end = next;
        while (end > start && data[end - 1] == kZero)
            --end;
        use(data.subspan(start, end - start));
        start = next;
    }
}

/// Packets consist of units, behind start codes or lengths.
bool has_units(std::string_view codec) {
    return codec == "h264" || codec == "hevc";
}

/// Packets of a stream with this codec and extradata carry start codes.
bool is_annex_b(std::string_view codec, std::span<const std::byte> extradata) {
    if (!has_units(codec))
        return false;
    // avcC and hvcC start with their version, 1.
    return extradata.empty() || extradata.front() != kOne;
}

/// Over the units, without start codes and trailing zeros.
std::uint32_t crc_of_annex_b(std::span<const std::byte> packet) {
    std::uint32_t crc = 0;
    for_each_unit(packet, [&](std::span<const std::byte> unit) { crc = crc32c(unit, crc); });
    return crc;
}

std::optional<std::uint32_t> crc_of_prefixed(std::span<const std::byte> packet) {
    std::uint32_t crc = 0;
    while (!packet.empty()) {
        if (packet.size() < 4)
            return std::nullopt;
        std::size_t length = 0;
        for (int i = 0; i < 4; ++i)
            length =
                length << 8 | std::to_integer<std::size_t>(packet[static_cast<std::size_t>(i)]);
        packet = packet.subspan(4);
        if (length > packet.size())
            return std::nullopt;
        std::size_t end = length;
        while (end > 0 && packet[end - 1] == kZero)
            --end;
        crc = crc32c(packet.first(end), crc);
        packet = packet.subspan(length);
    }
    return crc;
}

std::span<const std::byte> without_delimiter(std::span<const std::byte> packet) {
    // OBU header 0x12 (temporal delimiter with size field), size 0.
    if (packet.size() >= 2 && packet[0] == std::byte{0x12} && packet[1] == kZero)
        return packet.subspan(2);
    return packet;
}

}  // namespace

std::vector<std::span<const std::byte>> annex_b_units(std::span<const std::byte> data) {
    std::vector<std::span<const std::byte>> units;
    for_each_unit(data, [&](std::span<const std::byte> unit) { units.push_back(unit); });
    return units;
}

std::uint32_t
content_crc(const StreamInfo& info, std::span<const std::byte> packet, std::uint32_t whole) {
    if (is_annex_b(info.codec, info.extradata))
        return crc_of_annex_b(packet);
    if (has_units(info.codec))
        return crc_of_prefixed(packet).value_or(whole);
    return info.codec == "av1" ? crc32c(without_delimiter(packet)) : whole;
}

std::optional<std::uint32_t> stored_crc(const StreamInfo& info, std::span<const std::byte> packet) {
    if (has_units(info.codec))
        return crc_of_prefixed(packet);
    return crc32c(packet);
}

std::uint32_t fold_crc(std::uint32_t list, std::uint32_t entry) {
    return crc32c(std::as_bytes(std::span{&entry, 1}), list);
}

}  // namespace hindsight::mux
