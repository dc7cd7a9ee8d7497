// `hindsightctl profiles import` as a shell sees it, in a home of its own and without a service.
#include "session.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace hindsight::test {
namespace {

using Json = nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
namespace fs = std::filesystem;

class ImportVerb : public BusTest {
protected:
    void SetUp() override { begin(false); }

    [[nodiscard]] fs::path put(const fs::path& file, const std::string& text) const {
        const fs::path path = session_->home() / file;
        fs::create_directories(path.parent_path());
        EXPECT_TRUE(write_text(path, text));
        return path;
    }

    [[nodiscard]] fs::path own(const char* name) const {
        return session_->home() / ".config/hindsight/profiles" / name;
    }

    Output import_keys(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"profiles", "import"});
        return ctl(std::move(arguments));
    }

    /// The import must fail with one sentence on the terminal, which is returned.
    std::string refusal(std::vector<std::string> arguments) {
        const Output output = import_keys(std::move(arguments));
        EXPECT_EQ(output.status.code, 1);
        EXPECT_THAT(output.out, IsEmpty());
        EXPECT_EQ(std::count(output.err.begin(), output.err.end(), '\n'), 1) << output.err;
        return output.err;
    }
};

constexpr const char* kDoom = "key_up 17\nkey_fire 29\n";
constexpr const char* kSource = "bind g +jump\n";

TEST_F(ImportVerb, FindsTheFileOfTheGameAndBuildsOnAnotherProfile) {
    const fs::path config = put(".local/share/chocolate-doom/default.cfg", kDoom);
    const Output output = import_keys({"chocolate-doom", "--base", "freedoom", "--json"});
    EXPECT_EQ(output.status.code, 0) << output.err;
    const Json json = Json::parse(output.out, nullptr, false);
    ASSERT_EQ(json.size(), 1u) << output.out;
    EXPECT_EQ(json[0]["profile"], "freedoom");
    EXPECT_EQ(json[0]["from"], config.string());
    EXPECT_EQ(json[0]["path"], own("freedoom.toml").string());
    EXPECT_THAT(read_text(own("freedoom.toml")), HasSubstr("base = \"freedoom\""));
    EXPECT_EQ(ctl({"profiles", "check", own("freedoom.toml").string()}).status.code, 0);
}

TEST_F(ImportVerb, NeverReplacesAFile) {
    const fs::path config = put("autoexec.cfg", kSource);
    EXPECT_EQ(import_keys({"counter-strike-2", config.string()}).status.code, 0);
    EXPECT_THAT(
        refusal({"counter-strike-2", config.string()}),
        HasSubstr("counter-strike-2.toml is there already"));
}

// The file that comes first by its name would win.
TEST_F(ImportVerb, NeverTakesThePlaceOfAProfileInAnotherFile) {
    const fs::path config = put("autoexec.cfg", kSource);
    const fs::path mine =
        put(".config/hindsight/profiles/my-cs.toml",
            "id = \"counter-strike-2\"\nname = \"Mine\"\nbase = \"counter-strike-2\"\n");
    EXPECT_THAT(
        refusal({"counter-strike-2", config.string()}),
        HasSubstr(mine.string() + " is your profile of counter-strike-2 already"));
    EXPECT_FALSE(fs::exists(own("counter-strike-2.toml")));
    const fs::path elsewhere = session_->home() / "elsewhere.toml";
    EXPECT_EQ(
        import_keys({"counter-strike-2", config.string(), "--output", elsewhere.string()})
            .status.code,
        0);
    EXPECT_TRUE(fs::exists(elsewhere));
}

TEST_F(ImportVerb, RefusesABaseThatIsTheProfileOfNoGame) {
    const fs::path config = put("autoexec.cfg", kSource);
    EXPECT_THAT(
        refusal({"quake", config.string(), "--base", "generic-shooter"}),
        AllOf(HasSubstr("profile generic-shooter is that of no game"), HasSubstr("--base")));
    EXPECT_FALSE(fs::exists(own("generic-shooter.toml")));
}

}  // namespace
}  // namespace hindsight::test
