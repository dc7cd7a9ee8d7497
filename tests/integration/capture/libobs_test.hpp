#pragma once

// libobs inside the test, on a desktop of its own without a sound server.

#include "desktop_session.hpp"

#include <hindsight/obs/obs_runtime.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

namespace hindsight::test {

class LibobsTest : public testing::Test {
protected:
    void SetUp() override {
        auto desktop = DesktopSession::start({.window_manager = false, .sound = false});
        ASSERT_TRUE(desktop) << desktop.error().what;
        desktop_ = *std::move(desktop);
        const char* temporary = std::getenv("TMPDIR");
        temporary_ = temporary != nullptr ? temporary : "/tmp";
        desktop_->enter();
        auto runtime = obs::ObsRuntime::start([] {}, Log{"obs"});
        ASSERT_TRUE(runtime) << runtime.error().what;
        runtime_ = *std::move(runtime);
    }

    // The desktop's own folder for temporary files goes with it.
    void TearDown() override { ::setenv("TMPDIR", temporary_.c_str(), 1); }

    std::string temporary_;
    // Ended in the reverse order, behind what derived classes have.
    std::unique_ptr<DesktopSession> desktop_;
    std::unique_ptr<obs::ObsRuntime> runtime_;
};

}  // namespace hindsight::test
