#include "desktop_session.hpp"

#include <direct/shared_image.hpp>
#include <gtest/gtest.h>

#include <vector>

namespace hindsight::direct {
namespace {

constexpr PictureSize kSmall{64, 48};
constexpr PictureSize kBeyondTheScreen{4'000, 3'000};

TEST(SharedImage, ARefusedLargerPictureLeavesTheLastOneReadable) {
    const auto desktop = test::DesktopSession::start({.window_manager = false, .sound = false});
    ASSERT_TRUE(desktop) << desktop.error().what;
    int number = 0;
    const ConnectionHandle connection{xcb_connect((*desktop)->display().c_str(), &number)};
    ASSERT_EQ(xcb_connection_has_error(connection.get()), 0);
    const xcb_window_t root = xcb_setup_roots_iterator(xcb_get_setup(connection.get())).data->root;

    SharedImage image{connection.get()};
    ASSERT_TRUE(image.receive(image.request(root, 0, 0, kSmall)));
    const std::size_t bytes = std::size_t{4} * kSmall.width * kSmall.height;
    const std::vector<std::uint8_t> shown(image.data(), image.data() + bytes);

    // As when a window grows and shrinks again between being measured and being fetched.
    EXPECT_FALSE(image.receive(image.request(root, 0, 0, kBeyondTheScreen)));
    EXPECT_EQ(std::vector<std::uint8_t>(image.data(), image.data() + bytes), shown);

    ASSERT_TRUE(image.receive(image.request(root, 0, 0, kSmall)));
    EXPECT_EQ(std::vector<std::uint8_t>(image.data(), image.data() + bytes), shown);
}

}  // namespace
}  // namespace hindsight::direct
