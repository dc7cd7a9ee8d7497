#include <hindsight/core/stream.hpp>

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace hindsight
