#include "log_builder.hpp"

#include <hindsight/actions/action_log.hpp>
#include <hindsight/core/file.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include <string>

namespace hindsight::actions {
namespace {

using hindsight::testing::LogBuilder;
using Json = nlohmann::json;
using Adapter = valijson::adapters::NlohmannJsonAdapter;
using Kind = ActionRecord::Kind;

class ActionSchema : public ::testing::Test {
protected:
    void SetUp() override {
        const auto text = read_text_file(HINDSIGHT_ACTIONS_SCHEMA, 1 << 20);
        ASSERT_TRUE(text) << text.error().what;
        const Json json = Json::parse(*text);
        valijson::SchemaParser{}.populateSchema(Adapter{json}, schema_);
    }

    [[nodiscard]] bool accepts(const Json& line) const {
        return valijson::Validator{}.validate(schema_, Adapter{line}, nullptr);
    }

    valijson::Schema schema_;
};

ActionLog log_with_everything() {
    LogBuilder builder;
    builder.shooter().pulse("next", {"WheelDown"}).action("steer", {"D", "A"}, ActionType::Axis1d);
    builder.state(0, {"forward", "sprint"})
        .hold(3, 9, "jump")
        .value(4, "look", -12, 3.5)
        .value(5, "stick", .1F, -1)
        .value(5, "steer", -0.25F)
        .press(6, "next");
    ActionLog log = builder.log();
    log.actions.back().negative_controls = {"A"};
    log.records.push_back({.kind = Kind::Mode, .t = builder.at(70), .mode = Mode::TextEntry});
    log.records.push_back(
        {.kind = Kind::Event, .t = builder.at(80), .event = "kill", .label = "Imp"});
    return log;
}

TEST_F(ActionSchema, DescribesEveryLineThatIsWritten) {
    ActionLog with_residual = log_with_everything();
    with_residual.bind.p95_residual = Duration::from_us(900);
    ActionLog without_profile = log_with_everything();
    without_profile.profile.clear();
    for (const ActionLog& log : {log_with_everything(), with_residual, without_profile}) {
        const std::string text = to_jsonl(log);
        for (std::size_t from = 0; from < text.size();) {
            const std::size_t end = text.find('\n', from);
            const std::string line = text.substr(from, end - from);
            EXPECT_TRUE(accepts(Json::parse(line))) << line;
            from = end + 1;
        }
    }
}

TEST_F(ActionSchema, RefusesWhatTheFormatDoesNotKnow) {
    const std::string text = to_jsonl(log_with_everything());
    Json header = Json::parse(text.substr(0, text.find('\n')));
    ASSERT_TRUE(accepts(header));
    header["version"] = 2;
    EXPECT_FALSE(accepts(header));
    for (const char* line :
         {R"({"t":-1,"a":0,"v":1})",
          R"({"t":0.5,"a":0,"v":1})",
          R"({"t":0,"a":0})",
          R"({"t":0,"a":0,"v":[1]})",
          R"({"t":0,"mode":"typing"})",
          R"({"t":0,"state":["W"]})",
          R"({"a":0,"v":1})"})
        EXPECT_FALSE(accepts(Json::parse(line))) << line;
}

}  // namespace
}  // namespace hindsight::actions
