#include "play/arena_log.hpp"
#include "play/bot.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hindsight::arena {
namespace {

/// A bot's game of `frames` with a snapshot each second, and the hash at its end.
std::string played(std::uint64_t seed, int frames, std::uint64_t& hash) {
    Engine engine = Engine::start({.seed = seed});
    Bot bot{{.seed = seed}};
    std::string text = header_line({.seed = seed, .width = 640, .height = 360}) + "\n";
    for (int i = 1; i <= frames; ++i) {
        LoggedFrame frame{.frame = static_cast<std::uint64_t>(i), .shown_ns = i * 16'666'667ll};
        frame.inputs = bot.play(engine);
        frame.events = engine.step(frame.inputs);
        text += frame_line(frame) + "\n";
        if (i % 60 == 0)
            text += state_line({frame.frame, engine.snapshot(), engine.hash()}) + "\n";
    }
    hash = engine.hash();
    return text;
}

TEST(ArenaLog, ReadsBackWhatWasWritten) {
    LoggedFrame frame{.frame = 17, .polled_ns = 123'400'000'000, .shown_ns = 123'456'789'012};
    frame.inputs = {
        .held = bit(Action::Fire),
        .down = bit(Action::Fire) | bit(Action::Jump),
        .up = bit(Action::Jump),
        .look = {-300, 12},
        .move = {127, -127},
        .stick = {1, 2},
        .commands = bit(Command::Menu)};
    frame.mode = Mode::Menu;
    frame.events = {Event::Kill, Event::Hit};
    const LogHeader header{.seed = 5, .fps = 30, .width = 640, .height = 360, .delay = 2};
    const auto log = ArenaLog::parse(header_line(header) + "\n" + frame_line(frame) + "\n");
    ASSERT_TRUE(log) << log.error().what;
    EXPECT_EQ(log->header, header);
    ASSERT_EQ(log->frames.size(), 1u);
    EXPECT_EQ(log->frames[0].frame, frame.frame);
    EXPECT_EQ(log->frames[0].polled_ns, frame.polled_ns);
    EXPECT_EQ(log->frames[0].shown_ns, frame.shown_ns);
    EXPECT_EQ(log->frames[0].inputs, frame.inputs);
    EXPECT_EQ(log->frames[0].mode, frame.mode);
    EXPECT_EQ(log->frames[0].events, frame.events);
}

TEST(ArenaLog, IsAScriptThatGivesTheSameGame) {
    std::uint64_t hash = 0;
    const auto log = ArenaLog::parse(played(11, 1200, hash));
    ASSERT_TRUE(log) << log.error().what;
    Script script{*log};
    EXPECT_EQ(script.last_frame(), 1200u);
    Engine engine = Engine::start({.seed = log->header.seed, .fps = log->header.fps});
    while (engine.state().frame < script.last_frame())
        engine.step(script.at(engine.state().frame + 1));
    EXPECT_EQ(engine.hash(), hash);
}

TEST(ArenaLog, ItsSnapshotsBeginTheRestOfTheGame) {
    std::uint64_t hash = 0;
    const auto log = ArenaLog::parse(played(12, 1200, hash));
    ASSERT_TRUE(log) << log.error().what;
    const LoggedState* state = log->state_from(550);
    ASSERT_NE(state, nullptr);
    EXPECT_EQ(state->frame, 600u);
    EXPECT_EQ(log->state_from(1201), nullptr);
    auto engine = Engine::restore(state->snapshot);
    ASSERT_TRUE(engine) << engine.error().what;
    EXPECT_EQ(engine->hash(), state->hash);
    Script script{*log};
    while (engine->state().frame < script.last_frame())
        engine->step(script.at(engine->state().frame + 1));
    EXPECT_EQ(engine->hash(), hash);
}

TEST(ArenaScript, GoesOnHoldingAndFindsTheEdgesItself) {
    const auto log = ArenaLog::parse("{\"f\":5,\"held\":1}\n{\"f\":8,\"held\":2}\n");
    ASSERT_TRUE(log) << log.error().what;
    Script script{*log};
    EXPECT_EQ(script.at(4), Inputs{});
    EXPECT_EQ(script.at(5), (Inputs{.held = 1, .down = 1}));
    EXPECT_EQ(script.at(6), (Inputs{.held = 1}));
    EXPECT_EQ(script.at(8), (Inputs{.held = 2, .down = 2, .up = 1}));
}

TEST(ArenaLog, SaysWhichLineIsWrong) {
    for (const char* bad :
         {"nonsense\n",
          "[]\n",
          "{}\n",
          "{\"f\":0}\n",
          "{\"f\":-1}\n",
          "{\"f\":1,\"held\":9999999}\n",
          "{\"f\":1,\"look\":[1]}\n",
          "{\"f\":1,\"look\":[1,99999]}\n",
          "{\"f\":1,\"ev\":[\"party\"]}\n",
          "{\"f\":1,\"mode\":4}\n",
          "{\"f\":1,\"state\":\"00\",\"hash\":\"12\"}\n",
          "{\"format\":\"other\"}\n"}) {
        const auto log = ArenaLog::parse(std::string{"{\"f\":1}\n"} + bad);
        ASSERT_FALSE(log) << bad;
        EXPECT_THAT(log.error().what, testing::HasSubstr("line 2")) << bad;
    }
}

TEST(ArenaLog, AKilledGameLeavesAReadableLog) {
    const auto log = ArenaLog::parse("{\"f\":1}\n{\"f\":2}\n{\"f\":3,\"he");
    ASSERT_TRUE(log) << log.error().what;
    EXPECT_EQ(log->frames.size(), 2u);
}

}  // namespace
}  // namespace hindsight::arena
