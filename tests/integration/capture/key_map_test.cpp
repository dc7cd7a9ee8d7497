#include "capture_harness.hpp"
#include "x_proxy.hpp"

#include <gtest/gtest.h>
#include <xcb/xcb.h>

#include <cstdlib>

namespace hindsight::test {
namespace {

constexpr std::uint8_t kQueryKeymap = 44;
constexpr std::uint8_t kGetGeometry = 14;

class KeyMap : public testing::TestWithParam<const char*> {};

TEST_P(KeyMap, IsNeverAskedForByTheRecorder) {
    const auto harness = CaptureHarness::start();
    ASSERT_TRUE(harness) << harness.error().what;
    const auto proxy = XProxy::start((*harness)->desktop().display());
    ASSERT_TRUE(proxy) << proxy.error().what;

    // The counter counts: one planted request of our own.
    xcb_connection_t* connection = xcb_connect((*proxy)->display().c_str(), nullptr);
    ASSERT_EQ(xcb_connection_has_error(connection), 0);
    std::free(xcb_query_keymap_reply(connection, xcb_query_keymap(connection), nullptr));
    xcb_disconnect(connection);
    ASSERT_EQ((*proxy)->count(kQueryKeymap), 1u);

    const auto window = (*harness)->show_pattern("640x360", 30);
    ASSERT_TRUE(window) << window.error().what;
    ASSERT_TRUE(
        (*harness)->spawn_capture({"--picture", GetParam()}, {{"DISPLAY", (*proxy)->display()}}));
    const auto started = (*harness)->start_capture((*harness)->request(*window, 30));
    ASSERT_TRUE(started) << started.error().what;
    ASSERT_TRUE((*harness)->record(3.0));

    EXPECT_GE((*proxy)->clients(), 3u) << "libobs, its hotkeys and our grab go through the proxy";
    EXPECT_GT((*proxy)->count(kGetGeometry), 0u);
    EXPECT_EQ((*proxy)->count(kQueryKeymap), 1u);
}

std::string path_name(const testing::TestParamInfo<const char*>& parameter) {
    return parameter.param;
}

INSTANTIATE_TEST_SUITE_P(Paths, KeyMap, testing::Values("direct", "canvas"), path_name);

}  // namespace
}  // namespace hindsight::test
