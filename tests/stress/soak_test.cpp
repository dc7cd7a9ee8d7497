// A day of recording in a minute or two: real packets at made-up times through the real ring on a
// tmpfs, with the real save queue, muxer and library, while the limits change.

#include "service_fakes.hpp"

#include <hindsight/library/library.hpp>
#include <hindsight/mux/mp4_clip_writer.hpp>
#include <hindsight/mux/mp4_session_writer.hpp>
#include <hindsight/ring/ring_writer.hpp>
#include <hindsight/ring/snapshot.hpp>
#include <hindsight/service/session_recorder.hpp>

#include <gtest/gtest.h>
#include <repeated_footage.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>

namespace hindsight::test {
namespace {

namespace fs = std::filesystem;

constexpr int kFps = 30;
constexpr int kHours = 8;
constexpr int kSeconds = kHours * 3'600;
constexpr Duration kLimit = Duration::from_ms(60'000);
constexpr std::uint64_t kLimitBytes = 64u << 20;

// Everything happens at least once before the first look at the memory, and that and the last look
// fall on the same second of the round.
constexpr int kRound = 120;
constexpr int kFirstLook = 2 * kRound - 1;
constexpr int kSaveAt = 70;
constexpr int kLowerAt = 85;
constexpr int kRaiseAt = 95;
constexpr int kBurstAt = 110;
constexpr int kBurstEvery = 15 * kRound;
constexpr int kBurst = 20;
constexpr int kSessionBegins = 5;
constexpr int kSessionEnds = 60;

std::uint64_t resident_bytes() {
    std::ifstream status{"/proc/self/status"};
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmRSS:"))
            return std::strtoull(line.c_str() + 6, nullptr, 10) * 1'024;
    }
    return 0;
}

std::size_t descriptors() {
    std::error_code error;
    const fs::directory_iterator open{"/proc/self/fd", error};
    return static_cast<std::size_t>(std::distance(begin(open), end(open)));
}

std::ptrdiff_t open_segments() {
    std::ptrdiff_t count = 0;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator{"/proc/self/fd", error})
        count += fs::read_symlink(entry.path(), error).string().ends_with(".hsseg") ? 1 : 0;
    return count;
}

class Soak : public ::testing::Test {
public:
    Soak() {
        std::string name = "/dev/shm/hindsight-soak-XXXXXX";
        folder_ = ::mkdtemp(name.data());
        fs::create_directories(folder_ / "clips");
        auto ring = ring::RingWriter::create(
            {.folder = folder_ / "ring", .limit_bytes = kLimitBytes, .limit = kLimit}, Log{"ring"});
        EXPECT_TRUE(ring) << ring.error().what;
        ring_ = *std::move(ring);
        EXPECT_TRUE(ring_->begin_epoch(1, footage_.streams()));
        auto library = library::open_store(folder_ / "library.db", Log{"library"});
        EXPECT_TRUE(library) << library.error().what;
        store_ = std::move(library->store);
        make_queue();
    }

    ~Soak() override {
        sessions_.reset();
        queue_.reset();
        ring_.reset();
        store_.reset();
        fs::remove_all(folder_);
    }

    void make_queue() {
        service::SaveEvents events;
        events.verified = [this](const std::string&, const ipc::Json&) { ++verified_; };
        events.failed = [](const std::string&, const Error& error) { ADD_FAILURE() << error.what; };
        // The library knows the clip; its file would only fill the memory.
        events.finished = [](const std::string&, const ipc::Json& clip) {
            fs::remove(clip.at("path").get<std::string>());
        };
        queue_ = std::make_unique<service::SaveQueue>(
            service::SaveDeps{
                clock_,
                *writer_,
                *store_,
                nullptr,
                control_,
                exporter_,
                storer_,
                storer_,  // no disk is spilled to
                capture_,
                input_,
                folder_ / "ring",
                folder_ / "pins",
                0},
            std::move(events),
            Log{"saves"});
        config::Config config;
        config.clips.folder = (folder_ / "clips").string();
        queue_->set_config(config);
        service::SessionEvents told;
        told.failed = [](const std::string&, const Error& error) { ADD_FAILURE() << error.what; };
        told.problem = [](const std::string& sentence) { ADD_FAILURE() << sentence; };
        sessions_ = std::make_unique<service::SessionRecorder>(
            service::SessionDeps{
                clock_,
                *session_writer_,
                *queue_,
                control_,
                exporter_,
                capture_,
                folder_ / "ring",
                folder_ / "sessions",
                kLimitBytes},
            std::move(told),
            Log{"sessions"});
        sessions_->set_config(config);
    }

    void begin_session() {
        session_.clear();
        sessions_->start("", {"Soak", "generic"}, clock_.now(), [this](const auto& begun) {
            ASSERT_TRUE(begun) << begun.error().what;
            session_ = *begun;
        });
        while (session_.empty() && (exporter_.run_one() || control_.run_one())) {
        }
    }

    void end_session() {
        ASSERT_TRUE(sessions_->recording());
        ASSERT_TRUE(sessions_->stop());
        sessions_->reached(session_);
    }

    void record_a_second() {
        const std::int64_t until = footage_.given(0) + kFps;
        while (footage_.given(0) < until) {
            const auto appended = ring_->append(footage_.next());
            ASSERT_TRUE(appended) << appended.error().what;
        }
        clock_.advance(Duration::from_ms(1'000));
    }

    /// Pressed now, written when the next second is there.
    void press(Duration last) {
        const ring::RingStatus status = ring_->status();
        service::Footage footage;
        footage.capturing = true;
        footage.oldest = status.oldest;
        footage.newest = status.newest;
        service::SaveOptions options;
        options.last = last;
        const auto id = queue_->request(options, clock_.now(), footage, {"Soak", "generic"});
        ASSERT_TRUE(id) << id.error().what;
        pressed_.push_back(*id);
    }

    void write_pressed() {
        for (const std::string& id : std::exchange(pressed_, {}))
            queue_->reached(id);
        queue_->input_up_to(MonoTime::max());
        sessions_->tick();
        while (control_.run_one() || exporter_.run_one() || storer_.run_one()) {
        }
        capture_.sent.clear();
        input_.sent.clear();
    }

    [[nodiscard]] std::uint64_t memory() const {
        return resident_bytes() + ring::folder_bytes(folder_ / "ring") +
               ring::folder_bytes(folder_ / "pins");
    }

    /// The ring's helper thread has done what the last second asked of it: of the segments only the
    /// open one and the spare are held. False: not within ten seconds.
    static bool settle() {
        for (int poll = 0; poll < 10'000; ++poll) {
            if (open_segments() == 2)
                return true;
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        }
        return false;
    }

    fs::path folder_;
    ManualClock clock_;
    testing::RepeatedFootage footage_{
        {.fps = kFps,
         .gop = kFps,
         .frames = 4 * kFps,
         .start = clock_.now(),
         .bitrate_kbps = 3'000,
         .noise = true}};
    std::unique_ptr<ClipWriter> writer_ = make_mp4_clip_writer(Log{"mux"});
    std::unique_ptr<ring::RingWriter> ring_;
    std::unique_ptr<ClipStore> store_;
    QueuedExecutor control_;
    QueuedExecutor exporter_;
    QueuedExecutor storer_;
    FakeLink capture_;
    FakeLink input_;
    std::unique_ptr<SessionWriter> session_writer_ = make_mp4_session_writer(Log{"mux"});
    std::unique_ptr<service::SaveQueue> queue_;
    std::unique_ptr<service::SessionRecorder> sessions_;
    std::string session_;
    std::vector<std::string> pressed_;
    int verified_ = 0;
};

TEST_F(Soak, EightHoursOfFootageLeaveMemoryAndDescriptorsAsTheFirstTurnDid) {
    std::uint64_t first_memory = 0;
    std::size_t first_descriptors = 0;
    int asked = 0;
    for (int second = 0; second < kSeconds && !HasFailure(); ++second) {
        record_a_second();
        write_pressed();
        const int at = second % kRound;
        if (at == kSaveAt) {
            press(Duration::from_ms(30'000));
            ++asked;
        }
        if (at == kSessionBegins)
            begin_session();
        if (at == kSessionEnds) {
            end_session();
            ++asked;
        }
        if (at == kLowerAt)
            ring_->set_limits(kLimitBytes / 8, Duration::from_ms(20'000));
        if (at == kRaiseAt)
            ring_->set_limits(kLimitBytes, kLimit);
        if (second % kBurstEvery == kBurstAt) {
            for (int i = 0; i < kBurst; ++i)
                press(Duration::from_ms(5'000 + 500 * i));
            asked += kBurst;
        }
        ASSERT_LE(ring::folder_bytes(folder_ / "ring"), kLimitBytes);
        if (second == kFirstLook) {
            ASSERT_TRUE(settle());
            first_memory = memory();
            first_descriptors = descriptors();
        }
    }
    ASSERT_TRUE(settle());
    const std::uint64_t last_memory = memory();
    RecordProperty("first_bytes", std::to_string(first_memory));
    RecordProperty("last_bytes", std::to_string(last_memory));
    EXPECT_EQ(verified_, asked);
    EXPECT_EQ(ring_->status().dropped_packets, 0u);
    EXPECT_EQ(descriptors(), first_descriptors);
    EXPECT_GT(first_memory, 20u << 20);
    EXPECT_LE(last_memory, first_memory + first_memory / 20)
        << first_memory << " bytes after the first turn";
    EXPECT_TRUE(fs::is_empty(folder_ / "pins"));
    EXPECT_TRUE(fs::is_empty(folder_ / "sessions"));
    EXPECT_TRUE(fs::is_empty(folder_ / "clips/Soak")) << "something stayed beside the clips";
}

}  // namespace
}  // namespace hindsight::test
