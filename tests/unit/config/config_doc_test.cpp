// docs/configuration.md is written for people and held to the table of keys here.
#include <hindsight/config/config.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace hindsight::config {
namespace {

TEST(ConfigDocument, ListsEveryKeyWithItsDefaultAndWhatIsAllowed) {
    std::ifstream in{HINDSIGHT_DOCS_FOLDER "/configuration.md"};
    const std::string document{std::istreambuf_iterator<char>{in}, {}};
    ASSERT_FALSE(document.empty());
    for (const Key& key : keys()) {
        const std::string row = "| `" + key.name + "` | `" + *get(Config{}, key.name) + "` | " +
                                key.allowed + " | " + key.what + " |";
        EXPECT_NE(document.find(row), std::string::npos) << "missing or outdated:\n" << row;
    }
}

}  // namespace
}  // namespace hindsight::config
