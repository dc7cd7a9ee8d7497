#include <hindsight/ipc/messages.hpp>

#include <gtest/gtest.h>

namespace hindsight::ipc {
namespace {

TEST(Channel, DeliversAMessageWithItsTypeAndValues) {
    auto pair = make_channel_pair();
    ASSERT_TRUE(pair);
    Channel peer{pair->theirs};
    ASSERT_TRUE(pair->ours.send(AwaitTime{.request = "r1", .t_ns = 42}));
    Message message;
    ASSERT_EQ(peer.receive(message), Channel::ReceiveStatus::Message);
    ASSERT_TRUE(message.is<AwaitTime>());
    const auto await = message.as<AwaitTime>();
    ASSERT_TRUE(await);
    EXPECT_EQ(await->request, "r1");
    EXPECT_EQ(await->t_ns, 42);
    EXPECT_EQ(peer.receive(message), Channel::ReceiveStatus::Empty);
}

TEST(Channel, TellsThatThePeerIsGone) {
    auto pair = make_channel_pair();
    ASSERT_TRUE(pair);
    { Channel peer{pair->theirs}; }
    Message message;
    EXPECT_EQ(pair->ours.receive(message), Channel::ReceiveStatus::Closed);
    const auto sent = pair->ours.send(StopCapture{});
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().code, Errc::DeviceLost);
}

TEST(Message, ReportsAValueOfTheWrongTypeInsteadOfThrowing) {
    const auto message = decode(R"({"type":"await","t_ns":"soon"})");
    ASSERT_TRUE(message);
    const auto await = message->as<AwaitTime>();
    ASSERT_FALSE(await);
    EXPECT_EQ(await.error().code, Errc::Corrupt);
}

TEST(Message, RefusesWhatIsNoTypedObject) {
    EXPECT_FALSE(decode(""));
    EXPECT_FALSE(decode("[]"));
    EXPECT_FALSE(decode("{\"type\":1}"));
    EXPECT_FALSE(decode("{\"type\":\"x\""));
}

}  // namespace
}  // namespace hindsight::ipc
