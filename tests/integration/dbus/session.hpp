#pragma once

// A bus of its own with, or without, the test service on it.

#include "desktop_session.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace hindsight::test {

class BusTest : public testing::Test {
public:
    ~BusTest() override;

protected:
    /// Begins the session; with `activatable` the bus can start the test service by its name.
    void begin(bool activatable, const Environment& environment = {});

    /// Starts the test service and waits for its name.
    void start_service();

    [[nodiscard]] bool service_on_bus();

    Output ctl(std::vector<std::string> arguments);

    [[nodiscard]] static std::filesystem::path service_program();

    std::unique_ptr<DesktopSession> session_;
    std::filesystem::path activation_;
    Process service_;
};

}  // namespace hindsight::test
