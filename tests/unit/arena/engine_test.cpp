// The arena measures others, so it must be above doubt itself: same inputs, same game.

#include "engine/engine.hpp"
#include "engine/world.hpp"
#include "play/bot.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace hindsight::arena {
namespace {

constexpr int kMinute = 60 * kTicksPerSecond;

struct Game {
    std::vector<Inputs> inputs;
    std::vector<std::uint64_t> hashes;  ///< after each frame
    std::map<Event, int> events;
};

Game play(std::uint64_t seed, int frames, int fps = 60) {
    Engine engine = Engine::start({.seed = seed, .fps = fps});
    Bot bot{{.seed = seed + 100, .fps = fps}};
    Game game;
    for (int i = 0; i < frames; ++i) {
        game.inputs.push_back(bot.play(engine));
        for (const Event event : engine.step(game.inputs.back()))
            ++game.events[event];
        game.hashes.push_back(engine.hash());
    }
    return game;
}

class ArenaEngineBySeed : public testing::TestWithParam<std::uint64_t> {};

TEST_P(ArenaEngineBySeed, GivesTheSameStatesForTheSameInputs) {
    const Game game = play(GetParam(), kMinute);
    Engine again = Engine::start({.seed = GetParam()});
    for (std::size_t i = 0; i < game.inputs.size(); ++i) {
        again.step(game.inputs[i]);
        ASSERT_EQ(again.hash(), game.hashes[i]) << "after frame " << i + 1;
    }
}

TEST_P(ArenaEngineBySeed, GoesOnFromASnapshotAsIfNothingHadBeen) {
    Engine engine = Engine::start({.seed = GetParam()});
    Bot bot{{.seed = GetParam()}};
    for (int i = 0; i < kMinute / 2; ++i)
        engine.step(bot.play(engine));
    auto restored = Engine::restore(engine.snapshot());
    ASSERT_TRUE(restored) << restored.error().what;
    EXPECT_EQ(restored->hash(), engine.hash());
    for (int i = 0; i < kMinute / 2; ++i) {
        const Inputs inputs = bot.play(engine);
        engine.step(inputs);
        restored->step(inputs);
        ASSERT_EQ(restored->hash(), engine.hash()) << i;
    }
}

TEST_P(ArenaEngineBySeed, HasEveryKindOfEventWithinMinutesOfBotPlay) {
    const Game game = play(GetParam(), 6 * kMinute);
    for (const Event event :
         {Event::Hit, Event::Kill, Event::Hurt, Event::Pickup, Event::Door, Event::Shot})
        EXPECT_GT(game.events.count(event), 0u) << kEventNames[static_cast<std::size_t>(event)];
}

TEST_P(ArenaEngineBySeed, PlaysAtThirtyFramesASecondToo) {
    const Game game = play(GetParam(), 30 * 20, 30);
    EXPECT_NE(game.hashes.front(), game.hashes.back());
    const Game again = play(GetParam(), 30 * 20, 30);
    EXPECT_EQ(game.hashes, again.hashes);
}

INSTANTIATE_TEST_SUITE_P(Seeds, ArenaEngineBySeed, testing::Values(1u, 7u, 20261126u));

TEST(ArenaEngine, IsTheSameGameOnEveryMachine) {
    // Written down once: a compiler, an option or an edit that changes the game changes these.
    EXPECT_EQ(play(1, 600).hashes.back(), 0xef458893ac147119u);
    EXPECT_EQ(play(2, 600).hashes.back(), 0xfa9bada25fa0b6c3u);
}

TEST(ArenaEngine, EveryRoomCanBeReached) {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        const Level level{seed, 0};
        std::set<std::pair<int, int>> seen;
        std::vector<Cell> queue{level.start()};
        while (!queue.empty()) {
            const Cell cell = queue.back();
            queue.pop_back();
            const Wall wall = level.wall(cell);
            if ((wall != Wall::None && wall != Wall::Door) || !seen.emplace(cell.x, cell.y).second)
                continue;
            for (const Cell step : {Cell{1, 0}, Cell{-1, 0}, Cell{0, 1}, Cell{0, -1}})
                queue.push_back({cell.x + step.x, cell.y + step.y});
        }
        for (const Place& enemy : level.enemies())
            EXPECT_TRUE(seen.count({enemy.cell.x, enemy.cell.y})) << "seed " << seed;
        EXPECT_GT(level.enemies().size(), 3u) << "seed " << seed;
    }
}

TEST(ArenaEngine, WalksWhereItLooks) {
    Engine engine = Engine::start({.seed = 1});
    const State before = engine.state();
    for (int i = 0; i < 20; ++i)
        engine.step({.held = bit(Action::Forward)});
    EXPECT_GT(engine.state().player.x, before.player.x + kOne / 2);
    EXPECT_EQ(engine.state().player.y, before.player.y);
    engine.step({.look = {100, 0}});
    EXPECT_EQ(engine.state().player.angle, 100 * kTurnPerCount);
}

TEST(ArenaEngine, FeelsAPressThatWasReleasedInTheSameFrame) {
    Engine engine = Engine::start({.seed = 1});
    engine.step({.down = bit(Action::Jump), .up = bit(Action::Jump)});
    EXPECT_GT(engine.state().player.height, 0);
}

TEST(ArenaEngine, NothingMovesWhileItIsPaused) {
    Engine engine = Engine::start({.seed = 3});
    engine.step({.commands = bit(Command::Menu)});
    ASSERT_EQ(engine.state().mode, Mode::Menu);
    State before = engine.state();
    engine.step({.held = bit(Action::Forward), .down = bit(Action::Fire), .look = {50, 0}});
    EXPECT_EQ(engine.state().tick, before.tick);
    EXPECT_EQ(engine.state().player.angle, before.player.angle);
    engine.step({.commands = bit(Command::Menu)});
    EXPECT_EQ(engine.state().mode, Mode::Gameplay);
}

TEST(ArenaEngine, ThePlayerStandsStillWhileHeWrites) {
    Engine engine = Engine::start({.seed = 3});
    engine.step({.commands = bit(Command::ChatOpen)});
    const Player before = engine.state().player;
    engine.step({.held = bit(Action::Forward), .look = {50, 0}});
    EXPECT_EQ(engine.state().mode, Mode::TextEntry);
    EXPECT_EQ(engine.state().player.x, before.x);
    EXPECT_EQ(engine.state().player.angle, before.angle);
    engine.step({.commands = bit(Command::ChatClose)});
    EXPECT_EQ(engine.state().mode, Mode::Gameplay);
}

TEST(ArenaEngine, AChatThatIsClosedInTheFrameThatOpensItIsOver) {
    Engine engine = Engine::start({.seed = 3});
    engine.step({.commands = bit(Command::ChatOpen) | bit(Command::ChatClose)});
    EXPECT_EQ(engine.state().mode, Mode::Gameplay);
}

TEST(ArenaEngine, ComesBackToItsModeWithTheFocus) {
    Engine engine = Engine::start({.seed = 3});
    engine.step({.commands = bit(Command::Menu)});
    engine.step({.commands = bit(Command::FocusLost)});
    EXPECT_EQ(engine.state().mode, Mode::Unfocused);
    engine.step({.commands = bit(Command::FocusFound)});
    EXPECT_EQ(engine.state().mode, Mode::Menu);
    engine.step({.commands = bit(Command::MenuDown)});
    engine.step({.commands = bit(Command::MenuChoose)});
    EXPECT_TRUE(engine.state().quit);
}

TEST(ArenaEngine, RefusesSnapshotsThatAreNone) {
    const std::string good = Engine::start({.seed = 1}).snapshot();
    EXPECT_TRUE(Engine::restore(good));
    EXPECT_FALSE(Engine::restore(""));
    EXPECT_FALSE(Engine::restore("zz"));
    for (std::size_t length = 0; length < good.size(); length += 7)
        EXPECT_FALSE(Engine::restore(good.substr(0, length))) << length;
    EXPECT_FALSE(Engine::restore(good + "00"));
}

TEST(ArenaArithmetic, SinesAndAnglesAgree) {
    EXPECT_EQ(sine(0), 0);
    EXPECT_EQ(sine(kQuarterTurn), kOne);
    EXPECT_EQ(cosine(2 * kQuarterTurn), -kOne);
    for (int angle = 0; angle < 65536; angle += 97) {
        const auto wanted = static_cast<Angle>(angle);
        const Fixed length_square =
            multiply(sine(wanted), sine(wanted)) + multiply(cosine(wanted), cosine(wanted));
        EXPECT_NEAR(length_square, kOne, 16);
        const auto found =
            static_cast<std::int16_t>(angle_of(cosine(wanted) * 4, sine(wanted) * 4) - wanted);
        EXPECT_NEAR(found, 0, 8) << angle;
    }
}

}  // namespace
}  // namespace hindsight::arena
