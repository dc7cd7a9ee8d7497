#include <hindsight/core/mp4_sample.hpp>

#include <cstdint>
#include <cstring>

namespace hindsight {

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
        if (end > start)
            use(data.subspan(start, end - start));
        start = next;
    }
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

bool is_annex_b(const StreamInfo& info) {
    const bool has_units = info.codec == "h264" || info.codec == "hevc";
    return has_units && (info.extradata.empty() || info.extradata.front() != kOne);
}

SampleWriter::SampleWriter(const StreamInfo& info)
    : form_{is_annex_b(info) ? Form::AnnexB : (info.codec == "av1" ? Form::Av1 : Form::Sample)} {}

std::span<const std::byte> SampleWriter::sample(std::span<const std::byte> packet) {
    if (form_ == Form::Sample)
        return packet;
    if (form_ == Form::Av1)
        return without_delimiter(packet);
    buffer_.clear();
    for_each_unit(packet, [this](std::span<const std::byte> unit) { append(unit); });
    return buffer_;
}

void SampleWriter::append(std::span<const std::byte> unit) {
    const auto length = static_cast<std::uint32_t>(unit.size());
    for (int shift = 24; shift >= 0; shift -= 8)
        buffer_.push_back(static_cast<std::byte>(length >> shift & 0xff));
    buffer_.insert(buffer_.end(), unit.begin(), unit.end());
}

}  // namespace hindsight
