#include <hindsight/core/stream.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace hindsight {
namespace {

std::span<const std::byte> bytes(std::string_view text) {
    return std::as_bytes(std::span{text.data(), text.size()});
}

// Check value of RFC 3720's CRC-32C for the nine digits.
TEST(Crc32c, MatchesThePublishedCheckValue) {
    EXPECT_EQ(crc32c(bytes("123456789")), 0xE3069283u);
}

TEST(Crc32c, CanBeContinued) {
    EXPECT_EQ(crc32c(bytes("6789"), crc32c(bytes("12345"))), 0xE3069283u);
}

// Long data is summed in lanes; byte by byte it is not.
TEST(Crc32c, OfLongDataIsThatOfItsBytesOneByOne) {
    std::string text;
    std::uint32_t one_by_one = 0;
    for (unsigned i = 0; i < 20'000; ++i) {
        text += static_cast<char>(i * i / 7);
        one_by_one = crc32c(bytes(text).last(1), one_by_one);
        if (i % 997 == 0) {
            ASSERT_EQ(crc32c(bytes(text)), one_by_one) << text.size() << " bytes";
        }
    }
}

}  // namespace
}  // namespace hindsight
