#include <hindsight/core/stream.hpp>

#include <array>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace hindsight {

namespace {

// RFC 3720, appendix B.4: reflected polynomial 0x82F63B78, initial value and final xor all ones.
constexpr std::uint32_t kPolynomial = 0x82F63B78;

constexpr std::array<std::uint32_t, 256> make_table() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t crc = i;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
        table[i] = crc;
    }
    return table;
}

constexpr auto kTable = make_table();

std::uint32_t update_portable(std::uint32_t crc, std::span<const std::byte> data) {
    for (const std::byte b : data)
        crc = kTable[(crc ^ std::to_integer<std::uint32_t>(b)) & 0xff] ^ (crc >> 8);
    return crc;
}

#if defined(__x86_64__)
/// The processor starts a checksum step every cycle but takes three for it. So long data goes in
/// three lanes side by side, which are then put one behind the other.
constexpr std::size_t kLaneBytes = 1'024;

/// What a checksum becomes when `kLaneBytes` zeros follow, by each of its four bytes. The
/// operation is linear: 32 single bits give it for every value.
constexpr std::array<std::array<std::uint32_t, 256>, 4> make_lane_shift() {
    std::array<std::uint32_t, 32> of_bit{};
    for (std::uint32_t bit = 0; bit < 32; ++bit) {
        of_bit[bit] = 1u << bit;
        for (std::size_t i = 0; i < kLaneBytes; ++i)
            of_bit[bit] = kTable[of_bit[bit] & 0xff] ^ (of_bit[bit] >> 8);
    }
    std::array<std::array<std::uint32_t, 256>, 4> shift{};
    for (std::uint32_t byte = 0; byte < 4; ++byte) {
        for (std::uint32_t value = 0; value < 256; ++value) {
            for (std::uint32_t bit = 0; bit < 8; ++bit)
                shift[byte][value] ^= (value >> bit & 1) != 0 ? of_bit[8 * byte + bit] : 0;
        }
    }
    return shift;
}

constexpr auto kLaneShift = make_lane_shift();

std::uint32_t shift_by_lane(std::uint64_t crc) {
    return kLaneShift[0][crc & 0xff] ^ kLaneShift[1][crc >> 8 & 0xff] ^
           kLaneShift[2][crc >> 16 & 0xff] ^ kLaneShift[3][crc >> 24 & 0xff];
}

std::uint64_t load(const std::byte* at) {
    std::uint64_t chunk = 0;
    std::memcpy(&chunk, at, sizeof chunk);
    return chunk;
}

[[gnu::target("sse4.2")]] std::uint32_t
update_sse42(std::uint32_t crc, std::span<const std::byte> data) {
    std::uint64_t first = crc;
    while (data.size() >= 3 * kLaneBytes) {
        std::uint64_t second = 0;
        std::uint64_t third = 0;
        for (std::size_t i = 0; i < kLaneBytes; i += sizeof(std::uint64_t)) {
            first = _mm_crc32_u64(first, load(data.data() + i));
            second = _mm_crc32_u64(second, load(data.data() + i + kLaneBytes));
            third = _mm_crc32_u64(third, load(data.data() + i + 2 * kLaneBytes));
        }
        first = shift_by_lane(shift_by_lane(first) ^ second) ^ third;
        data = data.subspan(3 * kLaneBytes);
    }
    for (; data.size() >= sizeof(std::uint64_t); data = data.subspan(sizeof(std::uint64_t)))
        first = _mm_crc32_u64(first, load(data.data()));
    return update_portable(static_cast<std::uint32_t>(first), data);
}
#endif

}  // namespace

std::uint32_t crc32c(std::span<const std::byte> data, std::uint32_t seed) {
    const std::uint32_t start = ~seed;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("sse4.2"))
        return ~update_sse42(start, data);
#endif
    return ~update_portable(start, data);
}

}  // namespace hindsight
