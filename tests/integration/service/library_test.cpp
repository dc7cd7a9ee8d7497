// The library as the command line edits it.

#include "service_session.hpp"

#include <gtest/gtest.h>

namespace hindsight::test {
namespace {

namespace fs = std::filesystem;

TEST(Library, ADeletedClipLiesInTheTrashAndComesBack) {
    const auto session = ServiceSession::start(2);
    ASSERT_TRUE(session) << session.error().what;
    Recorder& recorder = *session->recorder;
    const auto clip = recorder.ctl({"save", "--last", "1s", "--title", "A jump", "--wait"});
    ASSERT_TRUE(clip) << clip.error().what << recorder.logs();
    const std::string id = (*clip)["id"].get<std::string>();
    const fs::path path = (*clip)["path"].get<std::string>();
    ASSERT_TRUE(recorder.ctl({"delete", id}));
    EXPECT_FALSE(fs::exists(path));
    EXPECT_EQ(session->files(".trashinfo").size(), 1U);
    const auto gone = recorder.ctl({"show", id});
    EXPECT_FALSE(gone);
    const auto back = recorder.ctl({"restore", id});
    ASSERT_TRUE(back) << back.error().what;
    EXPECT_TRUE(fs::exists(path));
    EXPECT_TRUE(session->files(".trashinfo").empty());
    const auto shown = recorder.ctl({"show", id});
    ASSERT_TRUE(shown) << shown.error().what;
    EXPECT_EQ((*shown)["title"], "A jump");
}

TEST(Library, AClipHasAThumbnailSoonAfterItsSave) {
    const auto session = ServiceSession::start(2);
    ASSERT_TRUE(session) << session.error().what;
    Recorder& recorder = *session->recorder;
    const auto clip = recorder.ctl({"save", "--last", "1s", "--wait"});
    ASSERT_TRUE(clip) << clip.error().what;
    const auto pictured = [&] {
        const auto shown = recorder.ctl({"show", (*clip)["id"].get<std::string>()});
        return shown && fs::exists((*shown)["thumbnail_path"].get<std::string>());
    };
    EXPECT_TRUE(wait_until(pictured)) << recorder.logs();
}

TEST(Library, AMarkerIsAnEventOfTheClip) {
    const auto session = ServiceSession::start(2);
    ASSERT_TRUE(session) << session.error().what;
    Recorder& recorder = *session->recorder;
    ASSERT_TRUE(recorder.ctl({"mark", "look here"}));
    const auto long_mark = recorder.ctl({"mark", std::string(501, 'x')});
    ASSERT_FALSE(long_mark);
    EXPECT_NE(long_mark.error().what.find("500 bytes"), std::string::npos)
        << long_mark.error().what;
    const auto clip =
        recorder.ctl({"save", "--last", "5s", "--delay", "1s", "--wait"}, milliseconds{60'000});
    ASSERT_TRUE(clip) << clip.error().what;
    ASSERT_EQ((*clip)["events"].size(), 1U) << clip->dump() << recorder.logs();
    EXPECT_EQ((*clip)["events"][0]["label"], "look here");
    EXPECT_EQ((*clip)["events"][0]["type"], "marker");
}

}  // namespace
}  // namespace hindsight::test
