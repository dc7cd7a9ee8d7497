#include "play/bot.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <set>

namespace hindsight::arena {
namespace {

struct Account {
    int presses = 0;
    Actions used = 0;
    std::set<std::pair<int, int>> rooms;
    int look_frames = 0;
};

Account watch(std::uint64_t seed, int seconds, int rate) {
    Engine engine = Engine::start({.seed = seed});
    Bot bot{{.seed = seed, .rate = rate}};
    Account account;
    Actions held = 0;
    for (int i = 0; i < seconds * 60; ++i) {
        const Inputs inputs = bot.play(engine);
        EXPECT_EQ(inputs.down & held, 0u) << "pressed while held";
        EXPECT_EQ(inputs.up & ~held, 0u) << "released while not held";
        EXPECT_EQ((held | inputs.down) & ~inputs.up, inputs.held);
        held = inputs.held;
        account.presses += std::popcount(inputs.down);
        account.used |= inputs.down;
        account.look_frames += inputs.look == Pair{} ? 0 : 1;
        engine.step(inputs);
        const Player& player = engine.state().player;
        account.rooms.emplace(
            (player.x >> 16) / Level::kRoomSize, (player.y >> 16) / Level::kRoomSize);
    }
    return account;
}

class ArenaBot : public testing::TestWithParam<std::uint64_t> {};

TEST_P(ArenaBot, UsesEveryActionAtAboutTheRateAskedFor) {
    const Account account = watch(GetParam(), 120, 6);
    EXPECT_NEAR(account.presses / 120.0, 6.0, 1.0);
    EXPECT_EQ(account.used, kAllActions);
    EXPECT_GT(account.look_frames, 1000);
}

TEST_P(ArenaBot, GetsAround) {
    EXPECT_GT(watch(GetParam(), 120, 6).rooms.size(), 4u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, ArenaBot, testing::Values(1u, 7u, 20261126u));

}  // namespace
}  // namespace hindsight::arena
