#include "stall_guard.hpp"

#include <gtest/gtest.h>

#include <future>
#include <optional>
#include <string>

namespace hindsight::obs {
namespace {

TEST(StallGuard, ACallThatDoesNotReturnIsToldWithItsEncoder) {
    std::promise<std::string> told;
    StallGuard guard{[&](const std::string& encoder) { told.set_value(encoder); }};
    const auto call = guard.watch("hung", Duration::from_ms(100));
    EXPECT_EQ(told.get_future().get(), "hung");
}

TEST(StallGuard, CallsThatReturnAreNotTold) {
    std::promise<std::string> told;
    StallGuard guard{[&](const std::string& encoder) { told.set_value(encoder); }};
    { const auto call = guard.watch("well", Duration::from_ms(60'000)); }
    const auto call = guard.watch("hung", Duration::from_ms(100));
    EXPECT_EQ(told.get_future().get(), "hung");
}

TEST(StallGuard, EndsWhileACallIsUnderWay) {
    std::optional<StallGuard> guard;
    guard.emplace([](const std::string&) { ADD_FAILURE() << "nothing is stuck"; });
    { const auto call = guard->watch("well", Duration::from_ms(60'000)); }
    guard.reset();
}

}  // namespace
}  // namespace hindsight::obs
