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

/// Readers pass over unknown keys; what we write ourselves must all be described.
void forbid_unknown_keys(Json& schema) {
    if (schema.is_object() && schema.contains("properties"))
        schema["additionalProperties"] = false;
    for (Json& part : schema)
        if (part.is_structured())
            forbid_unknown_keys(part);
}

class ActionSchema : public ::testing::Test {
protected:
    void SetUp() override {
        const auto text = read_text_file(HINDSIGHT_ACTIONS_SCHEMA, 1 << 20);
        ASSERT_TRUE(text) << text.error().what;
        Json json = Json::parse(*text);
        valijson::SchemaParser{}.populateSchema(Adapter{json}, schema_);
        forbid_unknown_keys(json);
        valijson::SchemaParser{}.populateSchema(Adapter{json}, strict_);
    }

    static bool fits(const valijson::Schema& schema, const Json& line) {
        return valijson::Validator{}.validate(schema, Adapter{line}, nullptr);
    }

    [[nodiscard]] bool accepts(const Json& line) const { return fits(schema_, line); }

    [[nodiscard]] bool describes(const Json& line) const { return fits(strict_, line); }

    valijson::Schema schema_;
    valijson::Schema strict_;
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
    ActionLog with_menu = log_with_everything();
    with_menu.sets.push_back("menu");
    with_menu.ui_sets = {"menu"};
    for (ActionInfo& action : with_menu.actions)
        if (action.type == ActionType::Look)
            action.degrees_per_count = 0.022;
    for (const ActionLog& log :
         {log_with_everything(), with_residual, without_profile, with_menu}) {
        const std::string text = to_jsonl(log);
        for (std::size_t from = 0; from < text.size();) {
            const std::size_t end = text.find('\n', from);
            const std::string line = text.substr(from, end - from);
            EXPECT_TRUE(accepts(Json::parse(line))) << line;
            EXPECT_TRUE(describes(Json::parse(line))) << line;
            from = end + 1;
        }
    }
}

TEST_F(ActionSchema, AdmitsKeysOfLaterVersions) {
    const Json line = Json::parse(R"({"t":0,"a":0,"v":1,"pressure":0.5})");
    EXPECT_TRUE(accepts(line));
    EXPECT_FALSE(describes(line)) << "or the test above could not fail";
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
