#include "service_fakes.hpp"

#include <hindsight/ring/segment_reader.hpp>
#include <hindsight/service/action_file.hpp>
#include <hindsight/service/action_recorder.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace hindsight::service {
namespace {

namespace fs = std::filesystem;

MonoTime at_seconds(int seconds) {
    return MonoTime::from_ns(seconds * 1'000'000'000LL);
}

const ActionFacts kFacts{MonoTime::from_ns(7), "doom", true, true};

class ActionFileTest : public ::testing::Test {
protected:
    /// One marker a second, in segments of five.
    ActionFileTest() {
        fs::create_directory(folder_.path() / "ring");
        const auto recorder = ActionRecorder::create(
            folder_.path() / "ring", Duration::from_ms(600'000), Log{"test"});
        for (int second = 1; second <= 20; ++second)
            (*recorder)->add_event(at_seconds(second), "marker", std::to_string(second));
        segments_ = ring::list_segments(folder_.path() / "ring", "act");
    }

    void append(std::size_t from, std::size_t to) {
        auto file = ActionFile::open(path_, kFacts);
        ASSERT_TRUE(file) << file.error().what;
        for (std::size_t i = from; i < to; ++i) {
            const auto reader = ring::SegmentReader::open(segments_.at(i));
            ASSERT_TRUE(reader && file->append(**reader));
        }
    }

    [[nodiscard]] std::vector<std::string> labels(const ActionSources& sources) const {
        std::vector<std::string> labels;
        for (const auto& event : read_events(sources, at_seconds(0), at_seconds(100)))
            labels.push_back(event.label);
        return labels;
    }

    static std::vector<std::string> numbers(int to) {
        std::vector<std::string> numbers;
        for (int number = 1; number <= to; ++number)
            numbers.push_back(std::to_string(number));
        return numbers;
    }

    test::TemporaryFolder folder_;
    fs::path path_ = folder_.path() / "game.session.actions.part";
    std::vector<fs::path> segments_;
};

TEST_F(ActionFileTest, GoesOnBehindWhatAKillHasTorn) {
    append(0, 2);
    const auto whole = fs::file_size(path_);
    append(2, 3);
    fs::resize_file(path_, fs::file_size(path_) - 1);
    EXPECT_EQ(labels({{}, path_}), numbers(10)) << "half a block is none";
    {
        const auto file = ActionFile::open(path_, kFacts);
        ASSERT_TRUE(file);
        EXPECT_EQ(fs::file_size(path_), whole);
        EXPECT_EQ(file->until(), at_seconds(10));
    }
    append(2, 4);
    EXPECT_EQ(labels({{}, path_}), numbers(20));
}

TEST_F(ActionFileTest, AndSegmentsThatAreStillThereTellEverythingOnce) {
    append(0, 2);
    EXPECT_EQ(labels({segments_, path_}), numbers(20));
    EXPECT_EQ(labels({segments_, folder_.path() / "missing"}), numbers(20));
    EXPECT_TRUE(labels({{}, folder_.path() / "missing"}).empty());
}

TEST_F(ActionFileTest, KeepsWhatItWasBegunWith) {
    append(0, 1);
    EXPECT_EQ(read_action_facts(path_), kFacts);
    ASSERT_TRUE(ActionFile::open(path_, {}));
    EXPECT_EQ(read_action_facts(path_), kFacts);
    EXPECT_EQ(labels({{}, path_}), numbers(5));
    fs::resize_file(path_, 10);
    EXPECT_FALSE(read_action_facts(path_));
    EXPECT_TRUE(labels({{}, path_}).empty());
    append(0, 1);
    EXPECT_EQ(labels({{}, path_}), numbers(5));
}

TEST_F(ActionFileTest, LiesBesideTheFileThatGrows) {
    EXPECT_EQ(
        action_file_of("/clips/Doom/a_2.session.mp4.part"), "/clips/Doom/a_2.session.actions.part");
    EXPECT_EQ(
        grown_file_of("/clips/Doom/a_2.session.actions.part"), "/clips/Doom/a_2.session.mp4.part");
}

}  // namespace
}  // namespace hindsight::service
