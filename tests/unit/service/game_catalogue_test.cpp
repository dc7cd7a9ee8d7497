#include <hindsight/service/game_catalogue.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace hindsight::service {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::EndsWith;
using testing::IsEmpty;

/// A home of its own for the player's profiles.
class GameCatalogueTest : public testing::Test {
protected:
    GameCatalogueTest() {
        std::string path = testing::TempDir() + "hindsight-catalogue-XXXXXX";
        if (::mkdtemp(path.data()) != nullptr)
            root_ = path;
        if (const char* before = std::getenv("XDG_CONFIG_HOME"))
            before_ = before;
        ::setenv("XDG_CONFIG_HOME", root_.c_str(), 1);
        fs::create_directories(root_ / "hindsight/profiles");
    }

    ~GameCatalogueTest() override {
        if (before_.empty())
            ::unsetenv("XDG_CONFIG_HOME");
        else
            ::setenv("XDG_CONFIG_HOME", before_.c_str(), 1);
        fs::remove_all(root_);
    }

    void write(const std::string& text) const {
        std::ofstream{root_ / "hindsight/profiles/mine.toml"} << text;
    }

private:
    fs::path root_;
    std::string before_;
};

constexpr const char* kKeyOfTheChat = R"(id = "mine"
name = "Mine"
chat_keys = ["E"]
[[action]]
name = "use"
controls = ["E"]
)";

// They go into the log, and no key does.
TEST_F(GameCatalogueTest, ProblemsNameThePlaceAndNoKey) {
    write(kKeyOfTheChat);
    GameCatalogue games;
    EXPECT_THAT(
        games.problems(),
        ElementsAre(EndsWith("/mine.toml:4 (`hindsightctl profiles list` says why)")));
    EXPECT_THAT(games.reload(), IsEmpty());
    write(std::string{"version = 2\n"} + kKeyOfTheChat);
    EXPECT_THAT(
        games.reload(),
        ElementsAre(EndsWith("/mine.toml:5 (`hindsightctl profiles list` says why)")));
}

}  // namespace
}  // namespace hindsight::service
