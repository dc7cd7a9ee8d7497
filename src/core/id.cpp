#include <hindsight/core/id.hpp>
#include <hindsight/core/result.hpp>

#include <sys/random.h>

#include <array>
#include <cstddef>

namespace hindsight {

std::string random_id() {
    std::array<unsigned char, 16> bytes{};
    // Below 256 bytes getrandom is never interrupted and never short.
    HINDSIGHT_CHECK(
        ::getrandom(bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
    bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0fU) | 0x40U);
    bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3fU) | 0x80U);
    static constexpr const char* kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(36);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            text += '-';
        text += kDigits[bytes[i] >> 4U];
        text += kDigits[bytes[i] & 0x0fU];
    }
    return text;
}

}  // namespace hindsight
