#include <hindsight/core/mp4_sample.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace hindsight {
namespace {

using namespace std::string_literals;

std::span<const std::byte> bytes(std::string_view text) {
    return std::as_bytes(std::span{text.data(), text.size()});
}

std::string text(std::span<const std::byte> data) {
    return {reinterpret_cast<const char*>(data.data()), data.size()};
}

StreamInfo stream(const std::string& codec, std::string_view extradata = {}) {
    StreamInfo info;
    info.codec = codec;
    info.extradata = {bytes(extradata).begin(), bytes(extradata).end()};
    return info;
}

TEST(SampleWriter, PutsLengthsWhereStartCodesWere) {
    SampleWriter samples{stream("h264", "\0\0\0\1\x67"s)};
    const std::string packet = "\0\0\0\1abc\0\0\1de\0\0\0\1f"s;
    EXPECT_EQ(text(samples.sample(bytes(packet))), "\0\0\0\3abc\0\0\0\2de\0\0\0\1f"s);
}

TEST(SampleWriter, LeavesOutTrailingZerosAndEmptyUnits) {
    SampleWriter samples{stream("hevc")};
    const std::string packet = "\0\0\1ab\0\0\0\0\1\0\0\1\0\0\1c\0\0"s;
    EXPECT_EQ(text(samples.sample(bytes(packet))), "\0\0\0\2ab\0\0\0\1c"s);
}

TEST(SampleWriter, KeepsNearlyStartCodesInsideUnits) {
    SampleWriter samples{stream("h264")};
    const std::string unit = "a\0\1b\0\2\1c\1\1d\1"s;
    EXPECT_EQ(text(samples.sample(bytes("\0\0\1"s + unit))), "\0\0\0\xc"s + unit);
}

TEST(SampleWriter, WritesLengthsBigEndian) {
    SampleWriter samples{stream("h264")};
    const std::string unit(0x1'2345, 'x');
    EXPECT_EQ(text(samples.sample(bytes("\0\0\1"s + unit))), "\0\1\x23\x45"s + unit);
}

TEST(SampleWriter, LeavesPacketsThatHaveLengthsAsTheyAre) {
    SampleWriter samples{stream("h264", "\1avcC")};
    const std::string packet = "\0\0\1\0"s + std::string(256, 'x');
    EXPECT_EQ(text(samples.sample(bytes(packet))), packet);
}

TEST(SampleWriter, LeavesOutTheTemporalDelimiterOfAv1) {
    SampleWriter samples{stream("av1", "\x81")};
    EXPECT_EQ(text(samples.sample(bytes("\x12\0\x32rest"s))), "\x32rest");
    EXPECT_EQ(text(samples.sample(bytes("\x32rest"))), "\x32rest");
}

TEST(SampleWriter, LeavesSoundAsItIs) {
    SampleWriter samples{stream("aac")};
    EXPECT_EQ(text(samples.sample(bytes("\0\0\1abc"s))), "\0\0\1abc"s);
}

TEST(SampleWriter, UsesItsBufferAgain) {
    SampleWriter samples{stream("h264")};
    const std::byte* first = samples.sample(bytes("\0\0\1abcdefgh"s)).data();
    EXPECT_EQ(samples.sample(bytes("\0\0\1xyz"s)).data(), first);
    EXPECT_EQ(text(samples.sample(bytes("\0\0\1xyz"s))), "\0\0\0\3xyz"s);
}

}  // namespace
}  // namespace hindsight
