#include "log_builder.hpp"

#include <hindsight/actions/action_log.hpp>
#include <hindsight/core/file.hpp>
#include <hindsight/core/id.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace hindsight::actions {
namespace {

using hindsight::testing::LogBuilder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Kind = ActionRecord::Kind;

std::vector<std::string> lines(const std::string& text) {
    std::vector<std::string> result;
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t end = text.find('\n', from);
        result.push_back(text.substr(from, end - from));
        from = end + 1;
    }
    return result;
}

ActionLog rich_log() {
    LogBuilder builder;
    builder.shooter().pulse("next", {"WheelDown"});
    builder.state(0, {"forward", "sprint"})
        .hold(3, 9, "jump")
        .value(4, "look", -12, 3.5)
        .value(5, "stick", .1F, -1)
        .press(6, "next");
    ActionLog log = builder.log();
    log.profile_sha256 = std::string(64, 'a');
    log.sets.emplace_back("menu");
    log.ui_sets = {"menu"};
    for (ActionInfo& action : log.actions) {
        if (action.type == ActionType::Look)
            action.degrees_per_count = 0.022;
    }
    log.bind = {
        .latency = Duration::from_ms(8), .method = "strip", .p95_residual = Duration::from_us(900)};
    log.video.keyframes = {Duration::zero(), Duration::from_ms(1000)};
    log.video.duration = Duration::from_ms(11'500);
    log.consent = {.train = true, .share_actions = true, .text_rev = 2};
    log.overlay_burned_in = true;
    log.records.push_back(
        {.kind = Kind::Mode, .t = Duration::from_ms(2000), .mode = Mode::TextEntry});
    log.records.push_back(
        {.kind = Kind::Event,
         .t = Duration::from_ms(3000),
         .event = "kill",
         .label = "Imp \"down\"\n"});
    return log;
}

TEST(ActionLog, RoundTripKeepsEveryField) {
    const ActionLog log = rich_log();
    const auto read = parse_jsonl(to_jsonl(log));
    ASSERT_TRUE(read) << read.error().what;
    EXPECT_EQ(*read, log);
}

TEST(ActionLog, RecordsAreSpelledAsTheFormatSays) {
    const std::vector<std::string> text = lines(to_jsonl(rich_log()));
    ASSERT_EQ(text.size(), 9U);
    EXPECT_THAT(
        text[0], StartsWith(R"({"format":"hindsight.actions","version":1,"clip":"00000000-)"));
    EXPECT_THAT(text[0], HasSubstr(R"("clock":"clip","bind":{"rule":"first_frame_at_or_after",)"));
    EXPECT_THAT(text[0], HasSubstr(R"("quantum_ns":16666667)"));
    EXPECT_THAT(
        text[0],
        HasSubstr(R"({"id":5,"set":0,"name":"sprint","label":"sprint",)"
                  R"("type":"digital","controls":["Left Shift"]})"));
    EXPECT_EQ(text[1], R"({"t":0,"state":[0,5]})");
    EXPECT_EQ(text[2], R"({"t":50000000,"a":4,"v":1})");
    EXPECT_EQ(text[3], R"({"t":66666667,"a":7,"v":[-12,3.5]})");
    EXPECT_EQ(text[4], R"({"t":83333333,"a":8,"v":[0.1,-1]})");
    EXPECT_EQ(text[5], R"({"t":100000000,"a":9,"v":1})");
    EXPECT_EQ(text[6], R"({"t":150000000,"a":4,"v":0})");
    EXPECT_EQ(text[7], R"({"t":2000000000,"mode":"text_entry"})");
    EXPECT_EQ(text[8], R"({"t":3000000000,"ev":"kill","label":"Imp \"down\"\n"})");
}

TEST(ActionLog, TextThatIsNotUtf8IsRepairedNotThrownOver) {
    ActionLog log = rich_log();
    log.game = "bad \xff name";
    EXPECT_TRUE(parse_jsonl(to_jsonl(log)));
}

TEST(ActionLog, UnknownKeysAndRecordsArePassedOver) {
    const std::string text = to_jsonl(LogBuilder{}.shooter().press(1, "jump").log()) +
                             R"({"t":5,"haptics":[1,2]})"
                             "\n"
                             R"({"t":9,"a":4,"v":0,"src":"later"})"
                             "\n";
    const auto read = parse_jsonl(text);
    ASSERT_TRUE(read) << read.error().what;
    EXPECT_EQ(read->records.size(), 2U);
}

TEST(ActionLog, LaterVersionAndOtherFormatsAreRefused) {
    const auto later = parse_jsonl(R"({"format":"hindsight.actions","version":2})");
    ASSERT_FALSE(later);
    EXPECT_EQ(later.error().code, Errc::Unsupported);
    const auto other = parse_jsonl(R"({"format":"other.actions","version":1})");
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code, Errc::Unsupported);
}

struct BadLine {
    const char* line;
    const char* sentence;
};

class MalformedLog : public ::testing::TestWithParam<BadLine> {};

TEST_P(MalformedLog, IsAnErrorThatNamesTheLine) {
    const std::string text =
        to_jsonl(LogBuilder{}.shooter().press(1, "jump").log()) + GetParam().line + "\n";
    const auto read = parse_jsonl(text);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Errc::Corrupt);
    EXPECT_EQ(read.error().what, GetParam().sentence);
}

INSTANTIATE_TEST_SUITE_P(
    Lines,
    MalformedLog,
    ::testing::Values(
        BadLine{"{\"t\":1,\"a\":0", "line 3: not a JSON object"},
        BadLine{"[]", "line 3: not a JSON object"},
        BadLine{"{\"a\":0,\"v\":1}", "line 3: 't' has the wrong form"},
        BadLine{"{\"t\":\"1\",\"a\":0,\"v\":1}", "line 3: 't' has the wrong form"},
        BadLine{"{\"t\":18446744073709551615,\"a\":0,\"v\":1}", "line 3: 't' has the wrong form"},
        BadLine{"{\"t\":1,\"a\":99,\"v\":1}", "line 3: 'a' has the wrong form"},
        BadLine{"{\"t\":1,\"a\":-1,\"v\":1}", "line 3: 'a' has the wrong form"},
        BadLine{"{\"t\":1,\"a\":0}", "line 3: 'v' has the wrong form"},
        BadLine{"{\"t\":1,\"a\":7,\"v\":1}", "line 3: 'v' has the wrong form"},
        BadLine{"{\"t\":1,\"a\":7,\"v\":[1]}", "line 3: 'v' has the wrong form"},
        BadLine{"{\"t\":1,\"a\":0,\"v\":1e999}", "line 3: not a JSON object"},
        BadLine{"{\"t\":1,\"state\":[1,77]}", "line 3: 'state' has the wrong form"},
        BadLine{"{\"t\":1,\"mode\":\"dancing\"}", "line 3: 'mode' has the wrong form"},
        BadLine{"{\"t\":1,\"ev\":5}", "line 3: 'ev' has the wrong form"}));

TEST(ActionLog, EmptyAndHeaderlessTextsAreErrors) {
    for (const char* text : {"", "\n", "{}\n", "\xff\xfe", "{\"t\":0,\"a\":0,\"v\":1}\n"})
        EXPECT_FALSE(parse_jsonl(text)) << text;
}

TEST(ActionLog, EveryTruncationAndEveryFlippedByteIsSurvived) {
    const std::string text = to_jsonl(rich_log());
    for (std::size_t size = 0; size < text.size(); ++size)
        (void)parse_jsonl(std::string_view{text}.substr(0, size));
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::string flipped = text;
        flipped[i] = static_cast<char>(flipped[i] ^ 0x15);
        (void)parse_jsonl(flipped);
    }
}

TEST(ActionLog, NestedBracketsAreAnErrorNotACrash) {
    std::string text = to_jsonl(LogBuilder{}.shooter().log()) + R"({"t":1,"state":)";
    text += std::string(200'000, '[') + std::string(200'000, ']') + "}\n";
    EXPECT_FALSE(parse_jsonl(text));
}

class ActionLogFile : public ::testing::Test {
public:
    ActionLogFile() {
        std::string name = (std::filesystem::temp_directory_path() / "hindsight-log-XXXXXX");
        folder_ = ::mkdtemp(name.data());
    }

    ~ActionLogFile() override {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    std::filesystem::path folder_;
};

TEST_F(ActionLogFile, ReadsBackWhatWasWrittenAndLeavesNothingBeside) {
    const auto file = folder_ / "clip.actions.jsonl";
    ASSERT_TRUE(write_jsonl(LogBuilder{}.log(), file));
    ASSERT_TRUE(write_jsonl(rich_log(), file));
    const auto read = read_jsonl(file);
    ASSERT_TRUE(read) << read.error().what;
    EXPECT_EQ(*read, rich_log());
    const std::filesystem::directory_iterator entries{folder_};
    EXPECT_EQ(std::distance(begin(entries), end(entries)), 1);
}

TEST_F(ActionLogFile, MissingFolderAndMissingFileAreNotFound) {
    const auto written = write_jsonl(rich_log(), folder_ / "gone" / "clip.actions.jsonl");
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, Errc::NotFound);
    const auto read = read_jsonl(folder_ / "none.jsonl");
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Errc::NotFound);
}

TEST(ActionLog, OnsetsArePressesAndNotWhatWasHeldBefore) {
    const ActionLog log = LogBuilder{}
                              .shooter()
                              .state(0, {"forward"})
                              .hold(5, 9, "jump")
                              .value(6, "look", 4, 4)
                              .press(12, "jump")
                              .log();
    EXPECT_THAT(
        onsets(log),
        ElementsAre(Onset{4, to_duration(5, {1, 60})}, Onset{4, to_duration(12, {1, 60})}));
}

TEST(ActionLog, TheConsentIsWrittenAndNothingElseTouched) {
    const auto file = std::filesystem::temp_directory_path() / ("consent-" + random_id());
    std::string text = to_jsonl(rich_log());
    text.insert(1, R"("later":{"version":2},)");
    text += R"({"t":9,"kind of a later version":1})";
    ASSERT_TRUE(write_file_atomically(file, text));
    for (const bool allowed : {false, true}) {
        ASSERT_TRUE(set_train(file, allowed));
        EXPECT_EQ(read_jsonl(file)->consent.train, allowed);
    }
    EXPECT_EQ(*read_text_file(file, 1 << 20), text);
    std::filesystem::remove(file);
}

TEST(ActionLog, AHeaderNestedWithoutEndIsNoDangerForTheConsent) {
    const auto file = std::filesystem::temp_directory_path() / ("consent-" + random_id());
    std::string text = to_jsonl(rich_log());
    constexpr int kLevels = 200'000;
    text.insert(1, R"("deep":)" + std::string(kLevels, '[') + std::string(kLevels, ']') + ",");
    ASSERT_TRUE(write_file_atomically(file, text));
    ASSERT_TRUE(set_train(file, false));
    EXPECT_EQ(read_jsonl(file)->consent.train, false);
    std::filesystem::remove(file);
}

}  // namespace
}  // namespace hindsight::actions
