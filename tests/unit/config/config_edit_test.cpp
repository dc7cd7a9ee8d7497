#include <hindsight/config/config.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace hindsight::config {
namespace {

namespace fs = std::filesystem;

class ConfigEdit : public testing::Test {
public:
    ConfigEdit() {
        std::string name = (fs::temp_directory_path() / "hindsight-XXXXXX").string();
        folder_ = ::mkdtemp(name.data());
        file_ = folder_ / "hindsight" / "config.toml";
    }

    ~ConfigEdit() override {
        std::error_code error;
        fs::remove_all(folder_, error);
    }

    void write(const std::string& text) const {
        fs::create_directories(file_.parent_path());
        std::ofstream{file_, std::ios::binary} << text;
    }

    [[nodiscard]] std::string text() const {
        std::ifstream in{file_, std::ios::binary};
        return {std::istreambuf_iterator<char>{in}, {}};
    }

    void change(const char* key, const char* value) const {
        const auto done = set_in_file(file_, key, value);
        EXPECT_TRUE(done) << done.error().what;
    }

    fs::path folder_;
    fs::path file_;
};

TEST_F(ConfigEdit, KeepsCommentsOrderAndEverythingElse) {
    write(R"(# My settings
[clips]        # where they go
folder = "~/Größe"   # äöü before and after
length_seconds=30# tight

[recording]
  fps   =   60     # smooth
encoder = 'auto'

# the end)");
    change("recording.fps", "30");
    change("clips.length_seconds", "45");
    change("clips.folder", "/data/x \"y\"");
    change("recording.encoder", "obs_x264");
    EXPECT_EQ(text(), R"(# My settings
[clips]        # where they go
folder = "/data/x \"y\""   # äöü before and after
length_seconds=45# tight

[recording]
  fps   =   30     # smooth
encoder = "obs_x264"

# the end)");
}

TEST_F(ConfigEdit, AddsAMissingKeyToItsSection) {
    write("[clips]\nlength_seconds = 45  # mine\n\n# sound\n[audio]\ndesktop = true\n");
    change("clips.folder", "/data");
    EXPECT_EQ(
        text(),
        "[clips]\nlength_seconds = 45  # mine\nfolder = \"/data\"\n\n# sound\n[audio]\n"
        "desktop = true\n");
    change("audio.microphone", "true");
    EXPECT_TRUE(load(file_)->audio.microphone);
}

TEST_F(ConfigEdit, AddsAMissingSectionAndAMissingFile) {
    change("recording.fps", "30");
    EXPECT_EQ(text(), "[recording]\nfps = 30\n");
    change("clips.length_seconds", "45");
    EXPECT_EQ(text(), "[recording]\nfps = 30\n\n[clips]\nlength_seconds = 45\n");
    write("[recording]\nfps = 30");
    change("recording.quality", "18");
    EXPECT_EQ(text(), "[recording]\nfps = 30\nquality = 18\n");
    write("[recording]\n");
    change("recording.quality", "18");
    EXPECT_EQ(text(), "[recording]\nquality = 18\n");
    write("[recording]");
    change("recording.quality", "18");
    EXPECT_EQ(load(file_)->recording.quality, 18);
}

TEST_F(ConfigEdit, UnderstandsTheOtherWaysToWriteToml) {
    write("recording.fps = 30 # dotted\nclips = { length_seconds = 45 }\n[audio]\ndesktop=true\n");
    change("recording.fps", "50");
    change("recording.quality", "20");
    change("clips.length_seconds", "20");
    change("clips.folder", "/data");
    const auto config = load(file_);
    ASSERT_TRUE(config) << config.error().what << "\n" << text();
    EXPECT_EQ(config->recording.fps, 50);
    EXPECT_EQ(config->recording.quality, 20);
    EXPECT_EQ(config->clips.length_seconds, 20);
    EXPECT_EQ(config->clips.folder, "/data");
    EXPECT_THAT(text(), testing::HasSubstr("# dotted"));

    write("[recording]\r\nfps = 30\r\n");
    change("recording.quality", "20");
    EXPECT_EQ(text(), "[recording]\r\nfps = 30\r\nquality = 20\r\n");

    write("[clips]\nname = \"\"\"{game}\n\"\"\"\n[clips.x]\n");
    EXPECT_FALSE(set_in_file(file_, "clips.length_seconds", "20")) << "another key is wrong";
}

TEST_F(ConfigEdit, ARefusedValueLeavesTheFileAlone) {
    const std::string before = "[recording]\nfps = 30 # x\n";
    write(before);
    const auto wrong = set_in_file(file_, "recording.fps", "9999");
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().what, "recording.fps: 9999 is out of range; allowed is 10 to 240.");
    EXPECT_EQ(set_in_file(file_, "recording.nope", "1").error().code, Errc::NotFound);
    EXPECT_EQ(text(), before);

    write("[recording\n");
    const auto broken = set_in_file(file_, "recording.fps", "30");
    ASSERT_FALSE(broken);
    EXPECT_THAT(broken.error().what, testing::HasSubstr("config.toml:1: "));
    EXPECT_EQ(text(), "[recording\n");
}

TEST_F(ConfigEdit, AWrongValueInTheFileCanBeMended) {
    write("[recording]\nfps = \"many\"\n");
    change("recording.fps", "60");
    EXPECT_EQ(text(), "[recording]\nfps = 60\n");
}

TEST_F(ConfigEdit, JudgesHotkeysByWhatTheFileSays) {
    write("[hotkeys]\nsave = \"F9\"\n");
    change("hotkeys.marker", "Alt+F10");
    EXPECT_FALSE(set_in_file(file_, "hotkeys.marker", "F9"));
}

TEST_F(ConfigEdit, KeepsPermissionsAndLinks) {
    write("[recording]\nfps = 30\n");
    ASSERT_EQ(::chmod(file_.c_str(), 0640), 0);
    const fs::path link = folder_ / "link.toml";
    fs::create_symlink(file_, link);
    ASSERT_TRUE(set_in_file(link, "recording.fps", "60"));
    EXPECT_TRUE(fs::is_symlink(link));
    EXPECT_EQ(text(), "[recording]\nfps = 60\n");
    EXPECT_EQ(fs::status(file_).permissions(), fs::perms{0640});
    EXPECT_EQ(
        std::distance(fs::directory_iterator{file_.parent_path()}, fs::directory_iterator{}), 1)
        << "no temporary file stays";
}

TEST_F(ConfigEdit, SaysWhyItCannotWrite) {
    std::ofstream{folder_ / "hindsight"} << "a file where the folder should be";
    const auto done = set_in_file(file_, "recording.fps", "30");
    ASSERT_FALSE(done);
    EXPECT_THAT(done.error().what, testing::HasSubstr("settings cannot be"));
}

}  // namespace
}  // namespace hindsight::config
