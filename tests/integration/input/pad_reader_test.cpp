// Controllers through the real SDL with a virtual one: no device is needed.

#include "pad_reader.hpp"
#include "process.hpp"
#include "virtual_pad.hpp"

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
        reader_ = std::make_unique<PadReader>(clock_, Log{"test"});
        ASSERT_TRUE(wait_for([](const PadEvent& event) {
            return event.kind == PadEvent::Kind::Count && event.x == 1;
        }));
        reader_->set_active(true);
    }

    void TearDown() override { reader_.reset(); }

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
    test::VirtualPad pad_;
    std::unique_ptr<PadReader> reader_;
    std::vector<PadEvent> events_;
    std::size_t seen_ = 0;
};

TEST_F(PadReaderTest, ButtonsArriveWithOurClock) {
    const MonoTime before = clock_.now();
    pad_.button(SDL_CONTROLLER_BUTTON_A, true);
    ASSERT_TRUE(wait_for([&](const PadEvent& event) {
        return event.kind == PadEvent::Kind::Button && event.control == controls::kPadA &&
               event.down;
    }));
    EXPECT_GE(events_[seen_ - 1].t, before);
    EXPECT_LE(events_[seen_ - 1].t, clock_.now());
    pad_.button(SDL_CONTROLLER_BUTTON_A, false);
    EXPECT_TRUE(wait_for([](const PadEvent& event) {
        return event.kind == PadEvent::Kind::Button && event.control == controls::kPadA &&
               !event.down;
    }));
}

TEST_F(PadReaderTest, SticksArriveWithBothAxes) {
    pad_.axis(SDL_CONTROLLER_AXIS_LEFTX, 32767);
    pad_.axis(SDL_CONTROLLER_AXIS_LEFTY, -32768);
    EXPECT_TRUE(wait_for([](const PadEvent& event) {
        return event.kind == PadEvent::Kind::Stick && event.control == controls::kPadLeftStick &&
               event.x == 1.0F && event.y == -1.0F;
    }));
}

TEST_F(PadReaderTest, TriggersGoFromZeroToOne) {
    pad_.axis(SDL_CONTROLLER_AXIS_TRIGGERRIGHT, 32767);
    EXPECT_TRUE(wait_for([](const PadEvent& event) {
        return event.kind == PadEvent::Kind::Trigger &&
               event.control == controls::kPadRightTrigger && event.x > 0.99F;
    }));
}

TEST_F(PadReaderTest, FocusTellsWhereEverythingStands) {
    reader_->set_active(false);
    pad_.button(SDL_CONTROLLER_BUTTON_X, true);
    ASSERT_TRUE(wait_for([](const PadEvent& event) {
        return event.control == static_cast<Control>(controls::kPadA + 2) && event.down;
    }));
    reader_->set_active(true);
    EXPECT_TRUE(wait_for([](const PadEvent& event) {
        return event.control == static_cast<Control>(controls::kPadA + 2) && event.down;
    }));
}

TEST_F(PadReaderTest, UnpluggingReleasesEverything) {
    pad_.button(SDL_CONTROLLER_BUTTON_B, true);
    ASSERT_TRUE(wait_for([](const PadEvent& event) {
        return event.control == static_cast<Control>(controls::kPadA + 1) && event.down;
    }));
    pad_.unplug();
    EXPECT_TRUE(wait_for([](const PadEvent& event) {
        return event.control == static_cast<Control>(controls::kPadA + 1) && !event.down;
    }));
    EXPECT_TRUE(wait_for(
        [](const PadEvent& event) { return event.kind == PadEvent::Kind::Count && event.x == 0; }));
}

}  // namespace
}  // namespace hindsight::input
