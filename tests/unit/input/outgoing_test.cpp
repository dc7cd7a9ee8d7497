// No type that leaves hindsight-input, nor any type that holds actions elsewhere, has a field for a
// key. Read from the declarations themselves, so that a new field cannot slip in.

#include "outbox.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

namespace hindsight::input {
namespace {

std::string read(const char* file) {
    std::ifstream in{file};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::string without_comments(const std::string& text) {
    return std::regex_replace(text, std::regex{"//[^\n]*"}, "");
}

/// The body of `struct <name> {...};`, "" when there is none.
std::string body_of(const std::string& text, const std::string& name) {
    const std::size_t at = text.find("struct " + name + " {");
    if (at == std::string::npos)
        return "";
    return text.substr(at, text.find("\n};", at) - at);
}

/// Names of fields that could hold a key.
std::vector<std::string> suspicious(const std::string& body) {
    static const std::regex kField{
        R"(\b\w*(key|code|scan|sym|button|char|control(?!ler)|binding)\w*\s*(=[^;]*)?;)",
        std::regex::icase};
    std::vector<std::string> found;
    for (std::sregex_iterator at{body.begin(), body.end(), kField}, end; at != end; ++at)
        found.push_back(at->str());
    return found;
}

std::vector<std::string> outgoing_types() {
    const std::string text = read(HINDSIGHT_OUTBOX);
    const std::size_t from = text.find("concept Outgoing");
    const std::string list = text.substr(from, text.find(';', from) - from);
    static const std::regex kType{R"(ipc::(\w+))"};
    std::vector<std::string> names;
    for (std::sregex_iterator at{list.begin(), list.end(), kType}, end; at != end; ++at)
        names.push_back((*at)[1]);
    return names;
}

TEST(Outgoing, NoMessageHasAFieldForAKey) {
    const std::string messages = without_comments(read(HINDSIGHT_MESSAGES));
    std::vector<std::string> names = outgoing_types();
    EXPECT_GE(names.size(), 11u);
    names.insert(names.end(), {"ActionValue", "WindowEntry"});
    for (const std::string& name : names) {
        const std::string body = body_of(messages, name);
        EXPECT_FALSE(body.empty()) << name;
        EXPECT_THAT(suspicious(body), testing::IsEmpty()) << name;
    }
}

TEST(Outgoing, NoActionRecordHasAFieldForAKey) {
    const std::string action = without_comments(read(HINDSIGHT_ACTION));
    const std::string body = body_of(action, "ActionRecord");
    ASSERT_FALSE(body.empty());
    EXPECT_THAT(suspicious(body), testing::IsEmpty());
}

TEST(Outgoing, TheSearchFindsAPlantedField) {
    EXPECT_THAT(
        suspicious(body_of("struct X {\n    std::uint16_t key_code = 0;\n};", "X")),
        testing::SizeIs(1));
    // The incoming binding is what such a field looks like.
    const std::string messages = without_comments(read(HINDSIGHT_MESSAGES));
    EXPECT_THAT(suspicious(body_of(messages, "Binding")), testing::Not(testing::IsEmpty()));
}

TEST(Outgoing, OnlyListedTypesCanBeSent) {
    static_assert(Outgoing<ipc::ActionBatch>);
    static_assert(!Outgoing<ipc::SetProfile>);
    static_assert(!Outgoing<ipc::Binding>);
    static_assert(!Outgoing<std::string>);
}

}  // namespace
}  // namespace hindsight::input
