#include "fake_outbox.hpp"
#include "input_core.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace hindsight::input {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint16_t kForward = 0;
constexpr std::uint16_t kJump = 1;
constexpr std::uint16_t kLook = 2;
constexpr std::uint16_t kLeft = 3;
constexpr std::int64_t kMs = 1'000'000;

MonoTime at_ms(std::int64_t ms) {
    return MonoTime::from_ns(ms * kMs);
}

Control key(const char* name) {
    return hotkey::control_from_name(name).value();
}

std::int64_t frame_ns(std::int64_t index) {
    return FrameGrid{}.time_of(index).ns();
}

ipc::SetProfile profile() {
    ipc::SetProfile profile;
    profile.profile = "doom";
    profile.bindings = {
        {"W", kForward, 1}, {"Space", kJump, 1}, {"MouseMove", kLook, 1}, {"A", kLeft, 1}};
    profile.digital = {kForward, kJump, kLeft};
    profile.chat_controls = {"T"};
    profile.menu_controls = {"Escape"};
    return profile;
}

/// The core with a clock that only the test moves; starts focused at 10 s.
class CoreTest : public testing::Test {
protected:
    CoreTest() {
        core_.set_grid(FrameGrid{});
        core_.set_profile(profile(), now_);
        core_.focus_gained(now_, {});
        core_.tick(now_);
    }

    void wait(std::int64_t ms) {
        const MonoTime end = now_ + Duration::from_ms(ms);
        while (now_ < end) {
            now_ = std::min(end, now_ + Duration::from_ms(50));
            core_.tick(now_);
        }
    }

    void tap(const char* name) {
        core_.key(key(name), true, now_);
        wait(40);
        core_.key(key(name), false, now_);
        wait(40);
    }

    void type(const std::vector<const char*>& names) {
        for (const char* name : names)
            tap(name);
    }

    [[nodiscard]] std::vector<std::string> modes() const {
        std::vector<std::string> found;
        for (const auto& mode : outbox_.all<ipc::ModeChanged>())
            found.push_back(mode.mode);
        return found;
    }

    MonoTime now_ = at_ms(10'000);
    FakeOutbox outbox_;
    InputCore core_{outbox_};
};

using GuardWindow = CoreTest;
using TextEntry = CoreTest;
using FocusGate = CoreTest;
using FrameRounding = CoreTest;

TEST_F(GuardWindow, HoldsActionsBackForTwoSeconds) {
    core_.key(key("W"), true, now_);
    wait(1'990);
    EXPECT_THAT(outbox_.values(), IsEmpty());
    wait(200);
    ASSERT_EQ(outbox_.values().size(), 1u);
    EXPECT_EQ(outbox_.values()[0].action, kForward);
    EXPECT_EQ(outbox_.values()[0].x, 1);
}

TEST_F(GuardWindow, AFastMouseDoesNotMakeMessagesOfItsOwn) {
    for (int i = 0; i < 4'000; ++i) {
        now_ = now_ + Duration::from_ms(1);
        core_.motion(1, 0, now_);
        core_.tick(now_);
    }
    EXPECT_LE(outbox_.all<ipc::InputUpTo>().size(), 55u);
    float sum = 0;
    for (const auto& value : outbox_.values())
        sum += value.x;
    EXPECT_GT(sum, 1'800);
    EXPECT_LE(outbox_.values().size(), 2u * 60 + 10);
}

TEST_F(GuardWindow, UpToCoversEverythingThatWasSent) {
    for (int i = 0; i < 100; ++i) {
        core_.key(key("W"), i % 2 == 0, now_);
        core_.motion(1, 1, now_);
        wait(37);
    }
    std::int64_t up_to = 0;
    for (const ipc::Message& message : outbox_.messages) {
        if (message.is<ipc::InputUpTo>()) {
            EXPECT_GT(message.as<ipc::InputUpTo>()->t_ns, up_to);
            up_to = message.as<ipc::InputUpTo>()->t_ns;
        }
        if (message.is<ipc::ActionBatch>()) {
            const ipc::ActionBatch batch = *message.as<ipc::ActionBatch>();
            for (const auto& value : batch.values)
                EXPECT_GE(value.t_ns, up_to);
        }
        if (message.is<ipc::HeldState>()) {
            EXPECT_GE(message.as<ipc::HeldState>()->t_ns, up_to);
        }
    }
    EXPECT_GT(up_to, at_ms(11'000).ns());
}

TEST_F(GuardWindow, TheEndOfTheRecordingKeepsWhatWasDoneBefore) {
    core_.key(key("W"), true, now_);
    wait(500);
    core_.set_profile({}, now_);
    core_.focus_lost(now_);
    wait(3'000);
    const auto values = outbox_.values();
    ASSERT_EQ(values.size(), 2u);
    EXPECT_EQ(values[1].x, 0);
}

TEST_F(GuardWindow, AnotherProfileSendsNothingUnderTheOldOnesNumbers) {
    core_.key(key("W"), true, now_);
    wait(500);
    ipc::SetProfile other = profile();
    other.profile = "quake";
    core_.set_profile(other, now_);
    wait(3'000);
    EXPECT_THAT(outbox_.values(), IsEmpty());
}

TEST_F(GuardWindow, HeldStateComesAtLeastOnceASecondAndTellsWhatIsDown) {
    core_.key(key("W"), true, now_);
    wait(1'000);
    core_.key(key("Space"), true, now_);
    wait(1'000);
    core_.key(key("W"), false, now_);
    wait(5'000);
    const auto states = outbox_.all<ipc::HeldState>();
    ASSERT_GE(states.size(), 4u);
    for (std::size_t i = 1; i < states.size(); ++i)
        EXPECT_LE(states[i].t_ns - states[i - 1].t_ns, 1'000 * kMs);
    EXPECT_THAT(states[1].actions, ElementsAre(kForward));
    EXPECT_THAT(states[3].actions, ElementsAre(kForward, kJump));
    EXPECT_THAT(states.back().actions, ElementsAre(kJump));
}

TEST_F(FrameRounding, AnActionBelongsToTheFirstFrameAtOrAfterIt) {
    const MonoTime frame = MonoTime::from_ns(frame_ns(700));
    core_.key(key("W"), true, frame);
    core_.key(key("W"), false, frame + Duration::from_ns(1));
    now_ = frame + Duration::from_ms(1);
    wait(2'200);
    const auto values = outbox_.values();
    ASSERT_EQ(values.size(), 2u);
    EXPECT_EQ(values[0].t_ns, frame_ns(700));
    EXPECT_EQ(values[1].t_ns, frame_ns(701));
}

TEST_F(FrameRounding, TheGamesLatencyIsAddedBeforeTheTimeIsRounded) {
    ipc::SetProfile slow = profile();
    slow.latency_frames = 0.5;
    slow.latency_ns = 2 * kMs;
    core_.set_profile(slow, now_);
    // Half a frame of this grid and 2 ms are 10.33 ms: what comes 6.33 ms after a frame is shown by
    // the next one, what comes later by the one after that.
    const MonoTime frame = MonoTime::from_ns(frame_ns(700));
    core_.key(key("W"), true, frame + Duration::from_ms(6));
    core_.key(key("W"), false, frame + Duration::from_ms(7));
    now_ = frame + Duration::from_ms(20);
    wait(2'200);
    const auto values = outbox_.values();
    ASSERT_EQ(values.size(), 2u);
    EXPECT_EQ(values[0].t_ns, frame_ns(701));
    EXPECT_EQ(values[1].t_ns, frame_ns(702));
}

TEST_F(FrameRounding, WithALongLatencyUpToStillCoversWhatWasSent) {
    ipc::SetProfile slow = profile();
    slow.latency_frames = 30;
    core_.set_profile(slow, now_);
    for (int i = 0; i < 40; ++i) {
        core_.key(key("W"), i % 2 == 0, now_);
        wait(37);
    }
    core_.set_profile(profile(), now_);
    core_.key(key("Space"), true, now_);
    wait(4'000);
    std::int64_t up_to = 0;
    for (const ipc::Message& message : outbox_.messages) {
        if (message.is<ipc::ActionBatch>()) {
            const auto batch = message.as<ipc::ActionBatch>();
            for (const auto& value : batch->values)
                EXPECT_GE(value.t_ns, up_to);
        }
        if (message.is<ipc::InputUpTo>())
            up_to = message.as<ipc::InputUpTo>()->t_ns;
    }
    EXPECT_FALSE(outbox_.values().empty());
}

TEST_F(FrameRounding, NothingFinerThanFramesLeaves) {
    for (int i = 0; i < 50; ++i) {
        core_.key(key("W"), i % 2 == 0, now_);
        core_.motion(2, 3, now_);
        wait(31);
    }
    core_.focus_lost(now_);
    wait(3'000);
    const FrameGrid grid;
    const auto on_grid = [&](std::int64_t t_ns) {
        return grid.time_of(grid.nearest_index(MonoTime::from_ns(t_ns))).ns() == t_ns;
    };
    for (const auto& value : outbox_.values())
        EXPECT_TRUE(on_grid(value.t_ns));
    for (const auto& state : outbox_.all<ipc::HeldState>())
        EXPECT_TRUE(on_grid(state.t_ns));
    for (const auto& mode : outbox_.all<ipc::ModeChanged>())
        EXPECT_TRUE(on_grid(mode.t_ns));
    for (const auto& up_to : outbox_.all<ipc::InputUpTo>())
        EXPECT_TRUE(on_grid(up_to.t_ns));
}

TEST_F(FrameRounding, LookIsSummedPerFrame) {
    const MonoTime frame = MonoTime::from_ns(frame_ns(700));
    for (int i = 0; i < 16; ++i)
        core_.motion(1, -2, frame + Duration::from_ms(i) + Duration::from_ns(1));
    core_.motion(5, 5, MonoTime::from_ns(frame_ns(701) + 1));
    now_ = frame + Duration::from_ms(40);
    wait(2'200);
    const auto values = outbox_.values();
    ASSERT_EQ(values.size(), 2u);
    EXPECT_EQ(values[0].t_ns, frame_ns(701));
    EXPECT_EQ(values[0].x, 16);
    EXPECT_EQ(values[0].y, -32);
    EXPECT_EQ(values[1].x, 5);
}

TEST_F(FrameRounding, OrderWithinAFrameStays) {
    const MonoTime t = MonoTime::from_ns(frame_ns(700) - 5);
    core_.key(key("Space"), true, t);
    core_.key(key("W"), true, t);
    core_.key(key("Space"), false, t);
    now_ = t;
    wait(2'200);
    const auto values = outbox_.values();
    ASSERT_EQ(values.size(), 3u);
    EXPECT_EQ(values[0].action, kJump);
    EXPECT_EQ(values[1].action, kForward);
    EXPECT_EQ(values[2].action, kJump);
    EXPECT_EQ(values[2].x, 0);
}

TEST_F(FrameRounding, AnyFrameRateOrOriginKeepsTheGrid) {
    const FrameGrid grid{.origin = MonoTime::from_ns(12'345), .fps = {.num = 30'000, .den = 1'001}};
    core_.set_grid(grid);
    for (int i = 0; i < 40; ++i) {
        core_.key(key("W"), i % 2 == 0, now_);
        wait(77);
    }
    wait(2'200);
    EXPECT_EQ(outbox_.values().size(), 40u);
    for (const auto& value : outbox_.values())
        EXPECT_EQ(grid.time_of(grid.nearest_index(MonoTime::from_ns(value.t_ns))).ns(), value.t_ns);
}

TEST_F(FocusGate, NothingCountsWithoutFocus) {
    core_.focus_lost(now_);
    wait(2'500);
    const std::size_t before = outbox_.values().size();
    type({"W", "A", "Space"});
    core_.motion(9, 9, now_);
    wait(3'000);
    EXPECT_EQ(outbox_.values().size(), before);
    EXPECT_EQ(modes().back(), "unfocused");
}

TEST_F(FocusGate, LossReleasesWhatIsHeldAndGainTakesItUpAgain) {
    core_.key(key("W"), true, now_);
    wait(100);
    core_.focus_lost(now_);
    wait(100);
    const std::vector<Control> held{key("A"), key("K")};
    core_.focus_gained(now_, held);
    wait(3'000);
    const auto values = outbox_.values();
    ASSERT_EQ(values.size(), 3u);
    EXPECT_EQ(values[1].action, kForward);
    EXPECT_EQ(values[1].x, 0);
    EXPECT_EQ(values[2].action, kLeft);
    EXPECT_EQ(values[2].x, 1);
    EXPECT_THAT(modes(), ElementsAre("gameplay", "unfocused", "gameplay"));
}

TEST_F(FocusGate, MenuKeyTogglesTheMode) {
    wait(100);
    tap("Escape");
    tap("Escape");
    wait(2'500);
    EXPECT_THAT(modes(), ElementsAre("gameplay", "menu", "gameplay"));
}

TEST_F(TextEntry, ChatKeySuspendsUntilReturn) {
    wait(3'000);
    tap("T");
    type({"W", "A", "W", "A", "Space", "W"});
    tap("Return");
    wait(300);
    tap("W");
    wait(3'000);
    const auto values = outbox_.values();
    ASSERT_EQ(values.size(), 2u);
    EXPECT_EQ(values[0].action, kForward);
    EXPECT_THAT(modes(), ElementsAre("gameplay", "text_entry", "gameplay"));
}

TEST_F(TextEntry, GoesOnWhenTheControlsOfTheProfileChange) {
    wait(3'000);
    tap("T");
    type({"W", "A"});
    ipc::SetProfile changed = profile();
    changed.bindings.push_back({"D", kJump, 1});
    core_.set_profile(changed, now_);
    core_.resync(now_, {});
    type({"W", "A", "Space", "W", "D"});
    tap("Return");
    wait(300);
    tap("D");
    wait(3'000);
    const auto values = outbox_.values();
    ASSERT_EQ(values.size(), 2u);
    EXPECT_EQ(values[0].action, kJump);
    EXPECT_THAT(modes(), ElementsAre("gameplay", "text_entry", "gameplay"));
}

TEST_F(GuardWindow, KeepsWhatWasDoneBeforeTheControlsOfTheProfileChange) {
    wait(3'000);
    core_.key(key("W"), true, now_);
    wait(500);
    ipc::SetProfile changed = profile();
    changed.bindings.erase(changed.bindings.begin());
    changed.digital = {kJump, kLeft};
    core_.set_profile(changed, now_);
    core_.resync(now_, std::vector<Control>{key("W")});
    wait(4'000);
    const auto values = outbox_.values();
    ASSERT_EQ(values.size(), 2u);
    EXPECT_EQ(values[0].x, 1);
    EXPECT_EQ(values[1].x, 0) << "it is held for good";
    EXPECT_THAT(outbox_.all<ipc::HeldState>().back().actions, IsEmpty());
}

TEST_F(TextEntry, BurstDropsWhatIsHeldBack) {
    wait(3'000);
    // "was dead": half of it are actions of this profile.
    type({"W", "A", "S", "Space", "D", "E", "A", "D"});
    wait(10'000);
    EXPECT_THAT(outbox_.values(), IsEmpty());
    EXPECT_THAT(modes(), ElementsAre("gameplay", "text_entry", "gameplay"));
}

TEST_F(TextEntry, PlayingIsNoTyping) {
    wait(3'000);
    for (int i = 0; i < 10; ++i)
        type({"W", "A", "Space", "W", "A"});
    tap("R");
    wait(3'000);
    EXPECT_EQ(outbox_.values().size(), 100u);
    EXPECT_THAT(modes(), ElementsAre("gameplay"));
}

TEST_F(TextEntry, BurstEndsAfterThreeQuietSeconds) {
    wait(3'000);
    type({"Q", "E", "R", "F"});
    wait(2'500);
    tap("W");
    wait(1'500);
    tap("Space");
    wait(3'000);
    const auto values = outbox_.values();
    ASSERT_EQ(values.size(), 2u);
    EXPECT_EQ(values[0].action, kJump);
}

TEST_F(TextEntry, ReleasesWhatWasHeldWhenTheTextBegan) {
    core_.key(key("W"), true, now_);
    wait(3'000);
    tap("T");
    wait(3'000);
    const auto values = outbox_.values();
    ASSERT_EQ(values.size(), 2u);
    EXPECT_EQ(values[1].action, kForward);
    EXPECT_EQ(values[1].x, 0);
    // Still physically down when the text ends: taken up again.
    tap("Return");
    wait(3'000);
    ASSERT_EQ(outbox_.values().size(), 3u);
    EXPECT_EQ(outbox_.values()[2].x, 1);
}

TEST_F(TextEntry, EdgesAreRoundedToAQuarterSecond) {
    wait(3'011);
    tap("T");
    type({"H", "E", "L", "L", "O"});
    wait(133);
    tap("Return");
    wait(4'000);
    const auto all = outbox_.all<ipc::ModeChanged>();
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(all[1].t_ns % (250 * kMs), 0);
    EXPECT_EQ(all[2].t_ns % (250 * kMs), 0);
}

TEST_F(TextEntry, LongAndShortTextsLookAlikeButForTheInterval) {
    // Same duration, other keys and another number of them: byte for byte the same messages.
    std::vector<std::string> sent;
    for (const bool wordy : {false, true}) {
        FakeOutbox outbox;
        InputCore core{outbox};
        core.set_profile(profile(), at_ms(0));
        core.focus_gained(at_ms(0), {});
        for (std::int64_t ms = 0; ms < 12'000; ms += 50) {
            core.tick(at_ms(ms));
            if (ms == 3'000)
                core.key(key("T"), true, at_ms(ms));
            if (ms == 6'000)
                core.key(key("Return"), true, at_ms(ms));
            if (ms > 3'000 && ms < 6'000 && (wordy || ms % 1'000 == 0)) {
                const Control letter = key(wordy ? (ms % 100 == 0 ? "W" : "Space") : "X");
                core.key(letter, true, at_ms(ms));
                core.key(letter, false, at_ms(ms));
            }
        }
        sent.push_back(outbox.raw);
    }
    EXPECT_EQ(sent[0], sent[1]);
}

TEST_F(TextEntry, FocusLossEndsIt) {
    wait(3'000);
    tap("T");
    core_.focus_lost(now_);
    wait(200);
    core_.focus_gained(now_, {});
    wait(300);
    tap("W");
    wait(3'000);
    EXPECT_EQ(outbox_.values().size(), 2u);
    EXPECT_THAT(modes(), ElementsAre("gameplay", "text_entry", "unfocused", "gameplay"));
}

TEST_F(TextEntry, AProfileWithoutItsLetterStillEndsTheLongestChat) {
    wait(3'000);
    tap("T");
    for (int i = 0; i < 70; ++i) {
        tap("G");
        wait(920);
    }
    wait(300);
    tap("W");
    wait(3'000);
    EXPECT_EQ(outbox_.values().size(), 2u);
}

TEST(GuardQueue, DropWipesTheMemory) {
    GuardQueue queue;
    queue.push(at_ms(1), Mapped{.kind = Mapped::Kind::Edge, .action = 7, .x = 1, .y = 0});
    queue.push(at_ms(2), Mode::Menu);
    queue.push(at_ms(3), Mapped{.kind = Mapped::Kind::Edge, .action = 8, .x = 1, .y = 0});
    const Held* first = &queue.front();
    EXPECT_EQ(queue.drop_values(), at_ms(2));
    EXPECT_EQ(queue.front().mode, Mode::Menu);
    // The two entries behind the one that moved up are zero.
    for (const Held* entry : {first + 1, first + 2}) {
        EXPECT_EQ(entry->t_ns, 0);
        EXPECT_EQ(entry->value.action, 0);
    }
    queue.pop();
    EXPECT_TRUE(queue.empty());
    EXPECT_EQ(first->t_ns, 0);
}

TEST(GuardQueue, AFullQueueDropsInsteadOfSendingEarly) {
    GuardQueue queue;
    for (std::size_t i = 0; i < GuardQueue::kCapacity + 10; ++i)
        queue.push(at_ms(1), Mapped{.kind = Mapped::Kind::Edge, .action = 1, .x = 1, .y = 0});
    std::size_t count = 0;
    for (; !queue.empty(); queue.pop())
        ++count;
    EXPECT_EQ(count, GuardQueue::kCapacity);
}

}  // namespace
}  // namespace hindsight::input
