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
[[gnu::target("sse4.2")]] std::uint32_t
update_sse42(std::uint32_t crc, std::span<const std::byte> data) {
    std::uint64_t wide = crc;
    while (data.size() >= sizeof(std::uint64_t)) {
        std::uint64_t chunk = 0;
        std::memcpy(&chunk, data.data(), sizeof chunk);
        wide = _mm_crc32_u64(wide, chunk);
        data = data.subspan(sizeof chunk);
    }
    return update_portable(static_cast<std::uint32_t>(wide), data);
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
