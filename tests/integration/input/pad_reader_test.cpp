// Controllers through the real SDL with a virtual one: no device is needed.

#include "pad_reader.hpp"
#include "process.hpp"

#include <SDL2/SDL.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <vector>

namespace hindsight::input {
namespace {

namespace controls = hotkey::controls;

class PadReaderTest : public testing::Test {
protected:
    void SetUp() override {
        // Our own reference keeps SDL and the virtual controller alive around the reader's.
        SDL_SetHint(SDL_HINT_JOYSTICK_ALLOW_BACKGROUND_EVENTS, "1");
        ASSERT_EQ(SDL_InitSubSystem(SDL_INIT_JOYSTICK), 0) << SDL_GetError();
        SDL_VirtualJoystickDesc description{};
        description.version = SDL_VIRTUAL_JOYSTICK_DESC_VERSION;
        description.type = SDL_JOYSTICK_TYPE_GAMECONTROLLER;
        description.naxes = SDL_CONTROLLER_AXIS_MAX;
        description.nbuttons = SDL_CONTROLLER_BUTTON_MAX;
        description.name = "Test pad";
        index_ = SDL_JoystickAttachVirtualEx(&description);
        ASSERT_GE(index_, 0) << SDL_GetError();
        joystick_ = SDL_JoystickOpen(index_);
        ASSERT_NE(joystick_, nullptr) << SDL_GetError();
        for (const int axis : {SDL_CONTROLLER_AXIS_TRIGGERLEFT, SDL_CONTROLLER_AXIS_TRIGGERRIGHT})
            SDL_JoystickSetVirtualAxis(joystick_, axis, SDL_JOYSTICK_AXIS_MIN);
        reader_ = std::make_unique<PadReader>(clock_, Log{"test"});
        ASSERT_TRUE(wait_for([](const PadEvent& event) {
            return event.kind == PadEvent::Kind::Count && event.x == 1;
        }));
        reader_->set_active(true);
    }

    void TearDown() override {
        reader_.reset();
        SDL_JoystickClose(joystick_);
        SDL_JoystickDetachVirtual(index_);
        SDL_QuitSubSystem(SDL_INIT_JOYSTICK);
    }

    [[nodiscard]] bool wait_for(const std::function<bool(const PadEvent&)>& predicate) {
        return test::wait_until([&] {
            const std::vector<PadEvent> fresh = reader_->take();
            events_.insert(events_.end(), fresh.begin(), fresh.end());
            while (seen_ < events_.size()) {
                if (predicate(events_[seen_++]))
                    return true;
            }
            return false;
        });
    }

    SystemClock clock_;
    int index_ = -1;
    SDL_Joystick* joystick_ = nullptr;
    std::unique_ptr<PadReader> reader_;
    std::vector<PadEvent> events_;
    std::size_t seen_ = 0;
};

TEST_F(PadReaderTest, ButtonsArriveWithOurClock) {
    const MonoTime before = clock_.now();
    SDL_JoystickSetVirtualButton(joystick_, SDL_CONTROLLER_BUTTON_A, SDL_PRESSED);
    ASSERT_TRUE(wait_for([&](const PadEvent& event) {
        return event.kind == PadEvent::Kind::Button && event.control == controls::kPadA &&
               event.down;
    }));
    EXPECT_GE(events_[seen_ - 1].t, before);
    EXPECT_LE(events_[seen_ - 1].t, clock_.now());
    SDL_JoystickSetVirtualButton(joystick_, SDL_CONTROLLER_BUTTON_A, SDL_RELEASED);
    EXPECT_TRUE(wait_for([](const PadEvent& event) {
        return event.kind == PadEvent::Kind::Button && event.control == controls::kPadA &&
               !event.down;
    }));
}

TEST_F(PadReaderTest, SticksArriveWithBothAxes) {
    SDL_JoystickSetVirtualAxis(joystick_, SDL_CONTROLLER_AXIS_LEFTX, 32767);
    SDL_JoystickSetVirtualAxis(joystick_, SDL_CONTROLLER_AXIS_LEFTY, -32768);
    EXPECT_TRUE(wait_for([](const PadEvent& event) {
        return event.kind == PadEvent::Kind::Stick && event.control == controls::kPadLeftStick &&
               event.x == 1.0F && event.y == -1.0F;
    }));
}

TEST_F(PadReaderTest, TriggersGoFromZeroToOne) {
    SDL_JoystickSetVirtualAxis(joystick_, SDL_CONTROLLER_AXIS_TRIGGERRIGHT, 32767);
    EXPECT_TRUE(wait_for([](const PadEvent& event) {
        return event.kind == PadEvent::Kind::Trigger &&
               event.control == controls::kPadRightTrigger && event.x > 0.99F;
    }));
}

TEST_F(PadReaderTest, FocusTellsWhereEverythingStands) {
    reader_->set_active(false);
    SDL_JoystickSetVirtualButton(joystick_, SDL_CONTROLLER_BUTTON_X, SDL_PRESSED);
    ASSERT_TRUE(wait_for([](const PadEvent& event) {
        return event.control == static_cast<Control>(controls::kPadA + 2) && event.down;
    }));
    reader_->set_active(true);
    EXPECT_TRUE(wait_for([](const PadEvent& event) {
        return event.control == static_cast<Control>(controls::kPadA + 2) && event.down;
    }));
}

TEST_F(PadReaderTest, UnpluggingReleasesEverything) {
    SDL_JoystickSetVirtualButton(joystick_, SDL_CONTROLLER_BUTTON_B, SDL_PRESSED);
    ASSERT_TRUE(wait_for([](const PadEvent& event) {
        return event.control == static_cast<Control>(controls::kPadA + 1) && event.down;
    }));
    SDL_JoystickDetachVirtual(index_);
    EXPECT_TRUE(wait_for([](const PadEvent& event) {
        return event.control == static_cast<Control>(controls::kPadA + 1) && !event.down;
    }));
    EXPECT_TRUE(wait_for(
        [](const PadEvent& event) { return event.kind == PadEvent::Kind::Count && event.x == 0; }));
}

}  // namespace
}  // namespace hindsight::input
