#include <hindsight/service/action_codec.hpp>

#include <gtest/gtest.h>

namespace hindsight::service {
namespace {

using actions::ActionRecord;

constexpr MonoTime kTime = MonoTime::from_ns(42);

std::vector<ActionRecord> examples() {
    ActionRecord value;
    value.t = kTime;
    value.action = 513;
    value.x = -1.5F;
    value.y = 0.25F;
    ActionRecord state;
    state.kind = ActionRecord::Kind::State;
    state.t = kTime;
    state.held = {1, 2, 65535};
    ActionRecord mode;
    mode.kind = ActionRecord::Kind::Mode;
    mode.t = kTime;
    mode.mode = actions::Mode::TextEntry;
    ActionRecord event;
    event.kind = ActionRecord::Kind::Event;
    event.t = kTime;
    event.event = "marker";
    event.label = "the jump";
    return {value, state, mode, event};
}

TEST(ActionCodec, EveryKindSurvives) {
    for (const ActionRecord& record : examples()) {
        const auto back = decode_action(encode_action(record), kTime);
        ASSERT_TRUE(back) << back.error().what;
        EXPECT_EQ(*back, record);
    }
}

TEST(ActionCodec, BytesAreAsDocumented) {
    const auto data = encode_action(examples().front());
    const std::vector<unsigned> expected{0, 0x01, 0x02, 0, 0, 0xc0, 0xbf, 0, 0, 0x80, 0x3e};
    ASSERT_EQ(data.size(), expected.size());
    for (std::size_t i = 0; i < data.size(); ++i)
        EXPECT_EQ(std::to_integer<unsigned>(data[i]), expected[i]) << i;
}

TEST(ActionCodec, EveryTruncationAndAppendixIsCorrupt) {
    for (const ActionRecord& record : examples()) {
        auto data = encode_action(record);
        for (std::size_t size = 0; size < data.size(); ++size)
            EXPECT_FALSE(decode_action(std::span{data}.first(size), kTime)) << size;
        data.push_back(std::byte{0});
        EXPECT_FALSE(decode_action(data, kTime));
    }
}

TEST(ActionCodec, UnknownKindsAndModesAreCorrupt) {
    EXPECT_FALSE(decode_action(std::vector{std::byte{9}}, kTime));
    EXPECT_FALSE(decode_action(std::vector{std::byte{2}, std::byte{77}}, kTime));
}

}  // namespace
}  // namespace hindsight::service
