// Shortcuts of a controller through the whole of hindsight-input, which runs in this process
// because a virtual controller is seen in no other.

#include "desktop_session.hpp"
#include "process.hpp"
#include "session.hpp"
#include "virtual_pad.hpp"
#include "x_player.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace hindsight::input {
namespace {

class ControllerShortcut : public testing::Test {
protected:
    void start(const char* display) {
        if (display == nullptr)
            ::unsetenv("DISPLAY");
        else
            ::setenv("DISPLAY", display, 1);
        auto pair = ipc::make_channel_pair();
        ASSERT_TRUE(pair) << pair.error().what;
        channel_.emplace(std::move(pair->ours));
        thread_ = std::thread{[this, fd = pair->theirs] {
            Session{ipc::Channel{fd}, clock_, Log{"test"}}.run();
        }};
        ASSERT_TRUE(test::wait_until([this] {
            const auto all = received<ipc::ControllerState>();
            return !all.empty() && all.back().connected == 1;
        }));
    }

    void TearDown() override {
        channel_.reset();
        if (thread_.joinable())
            thread_.join();
    }

    template <class T>
    std::vector<T> received() {
        ipc::Message message;
        while (channel_->receive(message) == ipc::Channel::ReceiveStatus::Message)
            messages_.push_back(message);
        std::vector<T> found;
        for (const ipc::Message& each : messages_) {
            if (each.is<T>())
                found.push_back(*each.as<T>());
        }
        return found;
    }

    /// And the guide button as a sign that the controller was looked at.
    void set(const std::string& chord, const std::vector<std::string>& never_in = {}) {
        static_cast<void>(channel_->send(ipc::SetHotkeys{
            .hotkeys = {{.id = "save_pad", .chord = chord}, {.id = "sign", .chord = "PadGuide"}},
            .never_in = never_in}));
        ASSERT_TRUE(test::wait_until([&] { return received<ipc::HotkeyState>().size() == 2; }));
        for (const auto& state : received<ipc::HotkeyState>())
            ASSERT_TRUE(state.available) << state.what;
    }

    std::vector<ipc::HotkeyPressed> pressed(const std::string& id) {
        std::vector<ipc::HotkeyPressed> found = received<ipc::HotkeyPressed>();
        std::erase_if(found, [&](const auto& press) { return press.id != id; });
        return found;
    }

    void hold_chord(bool down) {
        pad_.button(SDL_CONTROLLER_BUTTON_BACK, down);
        pad_.button(SDL_CONTROLLER_BUTTON_DPAD_UP, down);
    }

    /// Until what was set before has been looked at. A virtual controller has no queue, so the sign
    /// is given again and again; the first one may still be of earlier.
    [[nodiscard]] bool seen() {
        const std::size_t before = pressed("sign").size();
        return test::wait_until([&] {
            // Each half is longer than the time between two looks.
            const bool down = clock_.now().ns() / Duration::from_ms(170).ns() % 2 == 0;
            pad_.button(SDL_CONTROLLER_BUTTON_GUIDE, down);
            return pressed("sign").size() >= before + 2;
        });
    }

    /// Presses the chord, until that is told, and lets go.
    void save(std::size_t expected) {
        hold_chord(true);
        ASSERT_TRUE(test::wait_until([&] { return pressed("save_pad").size() >= expected; }));
        hold_chord(false);
        ASSERT_TRUE(seen());
        EXPECT_EQ(pressed("save_pad").size(), expected);
    }

    SystemClock clock_;
    test::VirtualPad pad_;
    std::optional<ipc::Channel> channel_;
    std::vector<ipc::Message> messages_;
    std::thread thread_;
};

TEST_F(ControllerShortcut, SavesAlsoWhereNoDisplayTellsOfAFocus) {
    start(nullptr);
    set("PadBack+PadUp");
    const MonoTime before = clock_.now();
    save(1);
    ASSERT_FALSE(pressed("save_pad").empty());
    EXPECT_GE(pressed("save_pad").front().t_ns, before.ns());
    save(2);
}

TEST_F(ControllerShortcut, MayBeAButtonThatIsHeld) {
    start(nullptr);
    set("hold PadBack");
    pad_.button(SDL_CONTROLLER_BUTTON_BACK, true);
    ASSERT_TRUE(test::wait_until([&] { return !pressed("save_pad").empty(); }));
    const MonoTime told = clock_.now();
    EXPECT_LE(pressed("save_pad").front().t_ns, (told - hotkey::PressWays::kLong).ns())
        << "of the press, and held since";
}

TEST_F(ControllerShortcut, WorksInEveryWindowButThoseOfNeverIn) {
    auto desktop = test::DesktopSession::start({.window_manager = true, .sound = false});
    ASSERT_TRUE(desktop) << desktop.error().what;
    test::XPlayer player{(*desktop)->display()};
    start((*desktop)->display().c_str());
    set("PadBack+PadUp", {"Editor"});
    const auto open = [&](const char* wm_class) {
        const std::uint32_t window = player.open_window(wm_class, "A window");
        ASSERT_TRUE(test::wait_until([&] {
            const auto focus = received<ipc::FocusChanged>();
            return !focus.empty() && focus.back().window == window;
        }));
    };
    open("Browser");
    save(1);
    open("Editor");
    hold_chord(true);
    // Nothing tells that it was looked at, ten times a second.
    const MonoTime later = clock_.now() + Duration::from_ms(250);
    static_cast<void>(test::wait_until([&] { return clock_.now() > later; }));
    open("Browser");
    ASSERT_TRUE(seen());
    EXPECT_EQ(pressed("save_pad").size(), 1U) << "what went down there is no press here";
    hold_chord(false);
    ASSERT_TRUE(seen());
    save(2);
}

}  // namespace
}  // namespace hindsight::input
