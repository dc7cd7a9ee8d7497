#include "ring_packets.hpp"
#include "segment_fixture.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace hindsight::ring {
namespace {

using namespace testing;

class Segment : public ::testing::Test {
protected:
    /// Writes `bytes` as a file and opens it.
    Result<std::unique_ptr<SegmentReader>> open(const std::string& bytes) {
        const auto file = memory_.path() / "segment";
        std::ofstream{file, std::ios::binary} << bytes;
        return SegmentReader::open(file);
    }

    MemoryFolder memory_;
};

TEST_F(Segment, IsReadFromItsBytesAsDocumented) {
    const auto opened = open(documented_segment());
    ASSERT_TRUE(opened) << opened.error().what;
    SegmentReader& reader = **opened;
    EXPECT_EQ(reader.info().epoch, 7u);
    EXPECT_EQ(reader.info().number, 3u);
    EXPECT_TRUE(reader.info().sealed);
    ASSERT_EQ(reader.info().streams.size(), 1u);
    const StreamInfo& stream = reader.info().streams[0];
    EXPECT_EQ(stream.kind, StreamKind::Video);
    EXPECT_EQ(stream.codec, "h264");
    EXPECT_EQ(stream.name, "");
    EXPECT_EQ(stream.time_base, (Rational{1, 60}));
    EXPECT_EQ(stream.extradata, (std::vector<std::byte>{std::byte{0xab}, std::byte{0xcd}}));
    EXPECT_EQ(stream.width, 640);
    EXPECT_EQ(stream.height, 360);
    EXPECT_EQ(stream.frame_rate, (Rational{60, 1}));
    const auto first = reader.next();
    ASSERT_TRUE(first);
    EXPECT_TRUE(first->packet.keyframe);
    EXPECT_EQ(first->packet.pts, 5);
    EXPECT_EQ(first->packet.dts, 4);
    EXPECT_EQ(first->packet.capture_time, MonoTime::from_ns(1'000));
    ASSERT_EQ(first->packet.data.size(), 9u);
    EXPECT_EQ(first->crc32c, 0xE3069283u);
    EXPECT_EQ(std::memcmp(first->packet.data.data(), "123456789", 9), 0);
    EXPECT_FALSE(reader.next());
    EXPECT_FALSE(reader.damaged());
    EXPECT_EQ(reader.info().first, reader.info().last);
    reader.rewind();
    EXPECT_TRUE(reader.next());
}

TEST_F(Segment, IsWrittenAsDocumented) {
    auto ring = *RingWriter::create({.folder = memory_.ring()}, Log{"ring"});
    StreamInfo video;
    video.codec = "h264";
    video.time_base = {1, 60};
    video.extradata = {std::byte{0xab}, std::byte{0xcd}};
    video.width = 640;
    video.height = 360;
    video.frame_rate = {60, 1};
    ASSERT_TRUE(ring->begin_epoch(7, {video}));
    Packet packet;
    packet.keyframe = true;
    packet.pts = 5;
    packet.dts = 4;
    packet.capture_time = MonoTime::from_ns(1'000);
    const std::string_view payload = "123456789";
    packet.data = std::as_bytes(std::span{payload});
    ASSERT_TRUE(ring->append(packet));
    const auto file = memory_.ring() / "av-00000000000000000007-0000000000.hsseg";
    ring.reset();  // sealed, and cut at the committed offset
    std::ifstream stream{file, std::ios::binary};
    const std::string written{std::istreambuf_iterator<char>{stream}, {}};
    std::string expected = documented_segment();
    expected[24] = 0;  // number
    // The header's checksum changes with the number; the rest is equal byte by byte.
    expected.replace(44, 4, written.substr(44, 4));
    EXPECT_EQ(written, expected);
}

TEST_F(Segment, EmptyAndShortFilesAreCorrupt) {
    const std::string whole = documented_segment();
    for (std::size_t size = 0; size < 128; ++size) {
        const auto opened = open(whole.substr(0, size));
        ASSERT_FALSE(opened) << size;
        EXPECT_EQ(opened.error().code, Errc::Corrupt) << size;
    }
}

TEST_F(Segment, CutOffFilesEndDamaged) {
    const std::string whole = documented_segment();
    for (std::size_t size = 136; size < whole.size(); ++size) {
        const auto opened = open(whole.substr(0, size));
        ASSERT_TRUE(opened) << size;
        EXPECT_FALSE((*opened)->next()) << size;
        EXPECT_TRUE((*opened)->damaged()) << size;
    }
}

TEST_F(Segment, EveryFlippedBitIsNoticed) {
    const std::string whole = documented_segment();
    const auto reads_the_same = [&](const std::string& bytes) {
        const auto opened = open(bytes);
        if (!opened)
            return false;
        const auto packet = (*opened)->next();
        return packet && !(*opened)->next() && !(*opened)->damaged();
    };
    ASSERT_TRUE(reads_the_same(whole));
    for (std::size_t at = 0; at < whole.size(); ++at) {
        const bool state = at >= 56 && at < 64;
        const bool padding = at >= whole.size() - 7 || (at >= 122 && at < 128);
        if (state || padding)
            continue;  // says nothing about the content
        for (int bit = 0; bit < 8; ++bit) {
            std::string changed = whole;
            changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
            EXPECT_FALSE(reads_the_same(changed)) << "byte " << at << ", bit " << bit;
        }
    }
}

TEST_F(Segment, ListLeavesOutWhatIsNoSegment) {
    const auto put = [&](const char* name, const std::string& bytes) {
        std::ofstream{memory_.path() / name, std::ios::binary} << bytes;
    };
    put("av-00000000000000000007-0000000003.hsseg", documented_segment());
    put("av-00000000000000000002-0000000009.hsseg", documented_segment());
    put("av-00000000000000000007-0000000001.hsseg", "junk");
    put("av-7-3.hsseg", documented_segment());
    put("av-00000000000000000007-0000000003.hsseg.old", documented_segment());
    put("act-00000000000000000007-0000000003.hsseg", documented_segment());
    const auto files = list_segments(memory_.path(), "av");
    ASSERT_EQ(files.size(), 2u);
    EXPECT_EQ(files[0].filename(), "av-00000000000000000002-0000000009.hsseg");
    EXPECT_EQ(files[1].filename(), "av-00000000000000000007-0000000003.hsseg");
    EXPECT_TRUE(list_segments(memory_.path() / "none", "av").empty());
}

}  // namespace
}  // namespace hindsight::ring
