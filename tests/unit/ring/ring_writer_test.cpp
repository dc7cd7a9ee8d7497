#include "allocation_count.hpp"
#include "ring_packets.hpp"

#include <hindsight/ring/snapshot.hpp>

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <fstream>

namespace hindsight::ring {
namespace {

using namespace testing;

class PacketRing : public ::testing::Test {
protected:
    std::unique_ptr<RingWriter> make(RingOptions options) {
        options.folder = memory_.ring();
        auto ring = RingWriter::create(std::move(options), Log{"ring"});
        EXPECT_TRUE(ring) << ring.error().what;
        return ring ? *std::move(ring) : nullptr;
    }

    /// A ring with an epoch begun.
    std::unique_ptr<RingWriter> make_running(RingOptions options = {}) {
        auto ring = make(std::move(options));
        const auto begun = ring->begin_epoch(ring->last_epoch() + 1, video_and_audio());
        EXPECT_TRUE(begun) << begun.error().what;
        return ring;
    }

    /// True when the segment to come lies ready: a complete header, and no packet yet.
    [[nodiscard]] bool next_is_ready() const {
        std::filesystem::path newest;
        for (const auto& entry : std::filesystem::directory_iterator{memory_.ring()}) {
            if (entry.path().extension() == ".hsseg")
                newest = std::max(newest, entry.path());
        }
        const auto reader = SegmentReader::open(newest);
        return reader && (*reader)->info().last == MonoTime::min();
    }

    MemoryFolder memory_;
    PacketFactory packets_{1000};
};

TEST_F(PacketRing, GivesBackWhatWasAppended) {
    const auto ring = make_running();
    append_seconds(*ring, packets_, 0, 1);
    EXPECT_EQ(
        footage(memory_.ring()),
        "v!0 a0 v100 a100 v200 a200 v300 a300 v400 a400 v500 a500 v600 a600 v700 a700 v800 a800 "
        "v900 a900 ");
    EXPECT_EQ(ring->status().segments, 1u);
    EXPECT_EQ(ring->status().buffered, Duration::from_ms(900));
    EXPECT_EQ(ring->newest(0), MonoTime::from_ns(900'000'000));
}

TEST_F(PacketRing, SkipsWhatComesBeforeTheFirstKeyframe) {
    const auto ring = make_running();
    EXPECT_TRUE(ring->append(packets_.audio(Duration::from_ms(1))));
    EXPECT_TRUE(ring->append(packets_.video(Duration::from_ms(2), false)));
    EXPECT_TRUE(ring->append(packets_.video(Duration::from_ms(3), true)));
    EXPECT_EQ(footage(memory_.ring()), "v!3 ");
    EXPECT_EQ(ring->status().dropped_packets, 0u);
}

TEST_F(PacketRing, EvictsWholeSegmentsBeyondTheTimeLimit) {
    const auto ring = make_running({.limit = Duration::from_ms(3'000)});
    append_seconds(*ring, packets_, 0, 20);
    // 16.9 s is exactly at the limit of 3 s, so that segment stays whole.
    EXPECT_TRUE(eventually([&] { return footage(memory_.ring()).starts_with("v!16000 "); }));
    EXPECT_EQ(ring->status().buffered, Duration::from_ms(3'900));
}

TEST_F(PacketRing, StaysUnderByteLimitWhenNoKeyframeArrives) {
    const std::uint64_t limit = 1u << 20;
    const auto ring = make_running({.limit_bytes = limit, .segment_bytes = 256u << 10});
    append_seconds(*ring, packets_, 0, 2);
    std::uint64_t refused = 0;
    for (int i = 0; i < 4'000; ++i) {
        const auto appended = ring->append(packets_.video(Duration::from_ms(2'000 + i), false));
        if (!appended) {
            EXPECT_EQ(appended.error().code, Errc::NoSpace);
            ++refused;
        }
        ASSERT_LE(folder_bytes(memory_.ring()), limit);
        ASSERT_LE(ring->status().buffered_bytes, limit);
    }
    EXPECT_GT(refused, 0u);
    EXPECT_EQ(ring->status().dropped_packets, refused);
    // The next keyframe starts anew.
    EXPECT_TRUE(ring->append(packets_.video(Duration::from_ms(7'000), true)));
    EXPECT_TRUE(footage(memory_.ring()).ends_with("v!7000 "));
}

TEST_F(PacketRing, SpanBelowOneGopKeepsOneGopAndTerminates) {
    const auto ring = make_running({.limit = Duration::from_ms(1)});
    append_seconds(*ring, packets_, 0, 5);
    EXPECT_TRUE(
        eventually([&] { return footage(memory_.ring()).starts_with("v!4000 a4000 v4100 "); }));
    EXPECT_EQ(ring->status().segments, 1u);
}

TEST_F(PacketRing, SmallerLimitsEvict) {
    const auto ring = make_running({.limit_bytes = 8u << 20});
    append_seconds(*ring, packets_, 0, 30);
    ring->set_limits(256u << 10, Duration::from_ms(120'000));
    append_seconds(*ring, packets_, 30, 3);
    EXPECT_TRUE(eventually([&] { return folder_bytes(memory_.ring()) <= 256u << 10; }));
    EXPECT_TRUE(footage(memory_.ring()).ends_with("v32900 a32900 "));
}

TEST_F(PacketRing, GrowsASegmentForALargeGop) {
    const auto ring = make_running({.segment_bytes = 16u << 10});
    PacketFactory large{100'000};
    for (int i = 0; i < 30; ++i)
        ASSERT_TRUE(ring->append(large.video(Duration::from_ms(i * 10), i == 0)));
    ring->seal();
    const std::string text = footage(memory_.ring());
    EXPECT_TRUE(text.starts_with("v!0 v10 "));
    EXPECT_TRUE(text.ends_with("v290 "));
}

TEST_F(PacketRing, FullMemoryIsAnErrorAndTheRingGoesOn) {
    // The kernel refuses the allocation for real: files of this process may not grow.
    const auto ring = make_running({.segment_bytes = 16u << 10});
    PacketFactory large{12'000};
    ASSERT_TRUE(ring->append(large.video(Duration::from_ms(0), true)));
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit tight{.rlim_cur = 16u << 10, .rlim_max = before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
    const auto refused = ring->append(large.video(Duration::from_ms(100), false));
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    EXPECT_FALSE(refused);
    EXPECT_EQ(ring->status().dropped_packets, 1u);
    ASSERT_TRUE(ring->append(large.video(Duration::from_ms(1'000), true)));
    EXPECT_EQ(footage(memory_.ring()), "v!0 v!1000 ");
}

TEST_F(PacketRing, AdoptsWhatAnEarlierEpochLeft) {
    {
        const auto ring = make_running();
        append_seconds(*ring, packets_, 0, 3);
    }
    const auto ring = make({});
    EXPECT_EQ(ring->last_epoch(), 1u);
    EXPECT_EQ(ring->status().segments, 3u);
    EXPECT_EQ(ring->status().oldest, MonoTime::from_ns(0));
    EXPECT_FALSE(ring->begin_epoch(1, video_and_audio()));
    ASSERT_TRUE(ring->begin_epoch(2, video_and_audio()));
    append_seconds(*ring, packets_, 4, 1);
    EXPECT_EQ(ring->status().segments, 4u);
    EXPECT_TRUE(footage(memory_.ring()).starts_with("v!0 "));
    EXPECT_TRUE(footage(memory_.ring()).ends_with("v4900 a4900 "));
}

TEST_F(PacketRing, AdoptedSegmentsCountAgainstTheLimits) {
    {
        const auto ring = make_running();
        append_seconds(*ring, packets_, 0, 10);
    }
    const auto ring = make({.limit = Duration::from_ms(2'000)});
    EXPECT_TRUE(footage(memory_.ring()).starts_with("v!7000 "));
    const auto smaller_bytes = folder_bytes(memory_.ring());
    EXPECT_EQ(ring->status().buffered_bytes, smaller_bytes);
    // A hole of an hour: what lies before it is too old as soon as the first new packet comes.
    ASSERT_TRUE(ring->begin_epoch(2, video_and_audio()));
    append_seconds(*ring, packets_, 3'600, 1);
    EXPECT_TRUE(eventually([&] { return footage(memory_.ring()).starts_with("v!3600000 "); }));
}

TEST_F(PacketRing, RemovesFilesThatAreNoSegments) {
    {
        const auto ring = make_running();
        append_seconds(*ring, packets_, 0, 1);
    }
    const auto junk = memory_.ring() / "av-00000000000000000001-0000000007.hsseg";
    std::ofstream{junk} << "this is no segment";
    std::ofstream{memory_.ring() / "av-note"} << "nor is this";
    std::ofstream{memory_.ring() / "act-other"} << "another writer's";
    const auto ring = make({});
    EXPECT_FALSE(std::filesystem::exists(junk));
    EXPECT_FALSE(std::filesystem::exists(memory_.ring() / "av-note"));
    EXPECT_TRUE(std::filesystem::exists(memory_.ring() / "act-other"));
    EXPECT_EQ(ring->status().segments, 1u);
}

TEST_F(PacketRing, SegmentsThatCannotBeReadNowAreLeftAlone) {
    {
        const auto ring = make_running();
        append_seconds(*ring, packets_, 0, 3);
    }
    const std::string before = footage(memory_.ring());
    const int free = ::dup(0);
    ASSERT_GE(free, 0);
    ::close(free);
    rlimit usual{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &usual), 0);
    // Enough for the folder, its lock and its listing, but not for a segment.
    const rlimit tight{.rlim_cur = static_cast<rlim_t>(free) + 3, .rlim_max = usual.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &tight), 0);
    auto ring = RingWriter::create({.folder = memory_.ring()}, Log{"ring"});
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &usual), 0);
    ASSERT_TRUE(ring) << ring.error().what;
    EXPECT_EQ((*ring)->status().segments, 0u);
    EXPECT_EQ(footage(memory_.ring()), before);
}

TEST_F(PacketRing, NamesAreNotUsedAgainAfterTheFootageIsGone) {
    std::string first;
    {
        const auto ring = make_running();
        append_seconds(*ring, packets_, 0, 1);
        first = list_segments(memory_.ring(), "av").at(0).filename();
        ring->clear();
    }
    const auto ring = make_running();
    append_seconds(*ring, packets_, 1, 1);
    EXPECT_NE(list_segments(memory_.ring(), "av").at(0).filename(), first);
}

TEST_F(PacketRing, HasOneWriterPerPrefix) {
    const auto ring = make_running();
    const auto second = RingWriter::create({.folder = memory_.ring(), .prefix = "av"}, Log{"ring"});
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::Busy);
    EXPECT_TRUE(RingWriter::create({.folder = memory_.ring(), .prefix = "act"}, Log{"ring"}));
}

TEST_F(PacketRing, FilesAreForTheirOwnerOnly) {
    const auto ring = make_running();
    append_seconds(*ring, packets_, 0, 1);

    struct stat status {};

    ASSERT_EQ(::stat(memory_.ring().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0700u);
    for (const auto& file : list_segments(memory_.ring(), "av")) {
        ASSERT_EQ(::stat(file.c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 0777, 0600u);
    }
}

TEST_F(PacketRing, SealGivesBackUnusedMemory) {
    const auto ring = make_running({.segment_bytes = 4u << 20});
    append_seconds(*ring, packets_, 0, 1);
    ring->seal();
    const auto file = list_segments(memory_.ring(), "av").at(0);
    EXPECT_TRUE(eventually([&] { return std::filesystem::file_size(file) < 64u << 10; }));
}

TEST_F(PacketRing, ClearLeavesNoFootageAndGoesOnAtTheNextKeyframe) {
    const auto ring = make_running();
    append_seconds(*ring, packets_, 0, 3);
    ring->clear();
    EXPECT_EQ(footage(memory_.ring()), "");
    EXPECT_EQ(ring->status().segments, 0u);
    EXPECT_EQ(ring->status().oldest, MonoTime::max());
    append_seconds(*ring, packets_, 3, 1);
    EXPECT_TRUE(footage(memory_.ring()).starts_with("v!3000 "));
}

TEST_F(PacketRing, ForgetsTheLastSecondsAndGoesOnAtTheNextKeyframe) {
    const auto ring = make_running();
    append_seconds(*ring, packets_, 0, 3);
    const std::string before = footage(memory_.ring());
    append_seconds(*ring, packets_, 3, 3);
    ring->forget(MonoTime::from_ns(0) + Duration::from_ms(3'000));
    EXPECT_EQ(footage(memory_.ring()), before);
    EXPECT_LT(ring->status().newest, MonoTime::from_ns(0) + Duration::from_ms(3'000));
    ASSERT_TRUE(ring->append(packets_.video(Duration::from_ms(6'500), false)));
    EXPECT_EQ(footage(memory_.ring()), before);
    append_seconds(*ring, packets_, 7, 1);
    EXPECT_TRUE(footage(memory_.ring()).starts_with(before + "v!7000 "));
}

TEST_F(PacketRing, SegmentsLieInTheOrderOfTimeHoweverFastKeyframesCome) {
    const auto ring = make_running({.limit_bytes = 64u << 20, .segment_bytes = 16u << 10});
    // Often enough that the helper is overtaken while it makes a segment.
    for (int round = 0; round < 20; ++round) {
        ring->clear();
        for (int i = 0; i < 1'000; ++i)
            ASSERT_TRUE(ring->append(packets_.video(Duration::from_ms(i), true)));
        ring->seal();
        std::int64_t newest = -1;
        for (const auto& file : list_segments(memory_.ring(), "av")) {
            const auto reader = SegmentReader::open(file);
            ASSERT_TRUE(reader);
            ASSERT_GT((*reader)->info().first.ns(), newest) << file;
            newest = (*reader)->info().last.ns();
        }
        ASSERT_EQ(newest, 999'000'000);
    }
}

TEST_F(PacketRing, NewEpochsLeaveNoFileAndNoBytesBehind) {
    const auto ring = make_running({.segment_bytes = 16u << 10});
    for (int i = 0; i < 500; ++i) {
        // The keyframe sets the helper to work on a spare while the epoch changes.
        ASSERT_TRUE(ring->append(packets_.video(Duration::from_ms(i), true)));
        ASSERT_TRUE(ring->begin_epoch(ring->last_epoch() + 1, video_and_audio()));
    }
    ring->clear();
    const auto only_the_next_is_there = [&] {
        const std::uint64_t bytes = folder_bytes(memory_.ring());
        return bytes <= 32u << 10 && ring->status().buffered_bytes == bytes;
    };
    EXPECT_TRUE(eventually(only_the_next_is_there)) << folder_bytes(memory_.ring()) << " bytes, "
                                                    << ring->status().buffered_bytes << " counted";
}

TEST_F(PacketRing, KilledWriterLeavesEverythingItAppended) {
    int ready[2];
    ASSERT_EQ(::pipe(ready), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const auto ring = make_running();
        append_seconds(*ring, packets_, 0, 2);
        static_cast<void>(ring->append(packets_.video(Duration::from_ms(2'000), true)));
        static_cast<void>(::write(ready[1], "x", 1));
        ::pause();
        ::_exit(1);
    }
    ::close(ready[1]);  // a child that dies early is then an end-of-file, not a wait
    char byte = 0;
    ASSERT_EQ(::read(ready[0], &byte, 1), 1);
    ASSERT_EQ(::kill(child, SIGKILL), 0);
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
    ::close(ready[0]);
    const std::string before = footage(memory_.ring());
    EXPECT_TRUE(before.starts_with("v!0 a0 ")) << before;
    EXPECT_TRUE(before.ends_with("v1900 a1900 v!2000 ")) << before;
    const auto ring = make({});
    EXPECT_EQ(footage(memory_.ring()), before);
    EXPECT_EQ(ring->status().newest, MonoTime::from_ns(2'000'000'000));
    // The allocation behind the committed part of the last segment is given back.
    EXPECT_EQ(ring->status().buffered_bytes, folder_bytes(memory_.ring()));
    EXPECT_LT(ring->status().buffered_bytes, 128u << 10);
}

TEST_F(PacketRing, TwoThreadsAppendWhileOthersRead) {
    const auto ring = make_running({.limit = Duration::from_ms(2'000), .segment_bytes = 32u << 10});
    std::atomic<int> running{2};
    std::atomic<std::int64_t> video_ms{-1};
    std::jthread video{[&] {
        PacketFactory packets{700};
        for (int i = 0; i < 3'000; ++i) {
            const auto appended =
                ring->append(packets.video(Duration::from_ms(i * 5), i % 50 == 0));
            EXPECT_TRUE(appended) << appended.error().what;
            video_ms = i * 5;
        }
        --running;
    }};
    std::jthread audio{[&] {
        PacketFactory packets{300};
        for (int i = 0; i < 750; ++i) {
            while (video_ms < i * 20)
                std::this_thread::yield();
            EXPECT_TRUE(ring->append(packets.audio(Duration::from_ms(i * 20))));
        }
        --running;
    }};
    int intact = 0;
    while (running > 0 || intact == 0) {
        for (const auto& file : list_segments(memory_.ring(), "av")) {
            const auto reader = SegmentReader::open(file);
            if (!reader)
                continue;  // evicted meanwhile
            std::int64_t last_video = -1;
            while (const auto stored = (*reader)->next()) {
                ASSERT_TRUE(PacketFactory::is_intact(stored->packet));
                ++intact;
                if (stored->packet.stream == 0) {
                    ASSERT_GT(stored->packet.capture_time.ns(), last_video);
                    last_video = stored->packet.capture_time.ns();
                }
            }
            ASSERT_FALSE((*reader)->damaged());
        }
        static_cast<void>(ring->status());
    }
    EXPECT_GT(intact, 0);
    EXPECT_EQ(ring->status().dropped_packets, 0u);
}

/// Runs `body` in a child that has a small tmpfs of its own on `folder`; its verdict is ours.
void in_own_tmpfs(const std::filesystem::path& folder, const std::function<bool()>& body) {
    const pid_t child = ::fork();
    if (child == 0) {
        const bool mounted = ::unshare(CLONE_NEWNS) == 0 &&
                             ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                             ::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=512k") == 0;
        ::_exit(!mounted ? 77 : body() ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status)) << "signal " << WTERMSIG(status);
    if (WEXITSTATUS(status) == 77)
        GTEST_SKIP() << "mounting a tmpfs needs CAP_SYS_ADMIN";
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(PacketRing, FullTmpfsNeitherKillsNorStopsTheRing) {
    // The limit allows sixteen times what there is.
    in_own_tmpfs(memory_.path(), [&] {
        const auto ring = make_running({.limit_bytes = 8u << 20, .segment_bytes = 64u << 10});
        append_seconds(*ring, packets_, 0, 60);
        // Everything that is left is whole, newest included, and the oldest made room.
        const std::string text = footage(memory_.ring());
        return text.ends_with("v59900 a59900 ") && !text.starts_with("v!0 ") &&
               text.find('X') == std::string::npos && text.find('?') == std::string::npos;
    });
}

TEST_F(PacketRing, FullTmpfsOfOthersIsNoSpace) {
    in_own_tmpfs(memory_.path(), [&] {
        const auto ring = make_running({.segment_bytes = 16u << 10});
        append_seconds(*ring, packets_, 0, 1);
        // The next segment is ready, so that it does not take the place of an old one.
        if (!eventually([&] { return next_is_ready(); }))
            return false;
        const auto hog = memory_.path() / "hog";
        {
            std::ofstream file{hog};
            const std::string page(4096, 'x');
            while (file.write(page.data(), static_cast<std::streamsize>(page.size())).flush()) {
            }
        }
        PacketFactory large{200'000};
        const auto refused = ring->append(large.video(Duration::from_ms(1'000), false));
        std::filesystem::remove(hog);
        const auto again = ring->append(large.video(Duration::from_ms(2'000), true));
        return !refused && refused.error().code == Errc::NoSpace && again &&
               ring->status().dropped_packets == 1 &&
               footage(memory_.ring()).ends_with("v900 a900 v!2000 ");
    });
}

TEST_F(PacketRing, AppendDoesNotAllocateInSteadyState) {
    const auto ring = make_running({.limit = Duration::from_ms(3'000), .segment_bytes = 64u << 10});
    append_seconds(*ring, packets_, 0, 10);
    std::size_t at_keyframes = SIZE_MAX;
    for (int second = 10; second < 20; ++second) {
        ASSERT_TRUE(eventually([&] { return next_is_ready(); }));
        std::size_t before = allocations_of_this_thread();
        ASSERT_TRUE(ring->append(packets_.video(Duration::from_ms(second * 1'000), true)));
        at_keyframes = std::min(at_keyframes, allocations_of_this_thread() - before);
        before = allocations_of_this_thread();
        for (int ms = 10; ms < 1'000; ms += 50)
            ASSERT_TRUE(
                ring->append(packets_.video(Duration::from_ms(second * 1'000 + ms), false)));
        EXPECT_EQ(allocations_of_this_thread(), before);
    }
    // Where the helper thread was late, a keyframe makes its segment itself; as a rule it is not.
    EXPECT_EQ(at_keyframes, 0u);
}

}  // namespace
}  // namespace hindsight::ring
