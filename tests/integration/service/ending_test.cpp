// The service is asked to end while a clip is on its way.

#include "service_session.hpp"

#include <gtest/gtest.h>

namespace hindsight::test {
namespace {

TEST(Ending, FinishesTheClipRefusesWhatIsNewAndThenTheCommandReturns) {
    const auto session = ServiceSession::start(3);
    ASSERT_TRUE(session) << session.error().what;
    Recorder& recorder = *session->recorder;
    ASSERT_TRUE(recorder.ctl({"save", "--last", "2s", "--delay", "4s"}));
    auto quit = session->desktop->spawn_program("hindsightctl", {"quit"});
    ASSERT_TRUE(quit) << quit.error().what;
    const auto refused = [&] {
        const auto marked = recorder.ctl({"mark"});
        return !marked && marked.error().what.find("Hindsight is ending") != std::string::npos;
    };
    EXPECT_TRUE(wait_until(refused)) << recorder.logs();
    EXPECT_TRUE(quit->running()) << "the clip is not there yet";
    const auto saved = recorder.ctl({"save"});
    ASSERT_FALSE(saved);
    EXPECT_NE(saved.error().what.find("Hindsight is ending"), std::string::npos);
    const auto ended = quit->wait();
    ASSERT_TRUE(ended);
    EXPECT_TRUE(ended->success()) << quit->err();
    EXPECT_TRUE(recorder.service().wait(milliseconds{5'000})) << "it returned too early";
    ASSERT_EQ(session->files(".mp4").size(), 1U) << recorder.logs();
    EXPECT_TRUE(session->is_sound(session->files(".mp4").front()));
}

}  // namespace
}  // namespace hindsight::test
