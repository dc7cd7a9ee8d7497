#include "session.hpp"

#include <hindsight/dbus/names.hpp>

#include <fmt/format.h>

#include <cstdlib>

namespace hindsight::test {

namespace fs = std::filesystem;

fs::path BusTest::service_program() {
    return HINDSIGHT_TEST_SERVICE;
}

void BusTest::begin(bool activatable, const Environment& environment) {
    DesktopOptions options;
    options.window_manager = false;
    options.sound = false;
    options.environment = environment;
    if (activatable) {
        std::string name = (fs::temp_directory_path() / "hindsight-XXXXXX").string();
        activation_ = ::mkdtemp(name.data());
        const auto written = write_text(
            activation_ / (std::string{dbus::kService} + ".service"),
            fmt::format(
                "[D-BUS Service]\nName={}\nExec={}\n", dbus::kService, service_program().string()));
        ASSERT_TRUE(written);
        options.activation = activation_;
    }
    auto session = DesktopSession::start(options);
    ASSERT_TRUE(session) << session.error().what;
    session_ = *std::move(session);
}

void BusTest::start_service() {
    auto service = session_->spawn({service_program().string()});
    ASSERT_TRUE(service) << service.error().what;
    service_ = *std::move(service);
    const auto there = session_->wait_for_bus_name(dbus::kService);
    ASSERT_TRUE(there) << there.error().what;
}

bool BusTest::service_on_bus() {
    const auto answer = session_->run(
        {"dbus-send",
         "--session",
         "--print-reply",
         "--dest=org.freedesktop.DBus",
         "/",
         "org.freedesktop.DBus.NameHasOwner",
         std::string{"string:"} + dbus::kService});
    EXPECT_TRUE(answer);
    return answer && answer->out.find("true") != std::string::npos;
}

Output BusTest::ctl(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), HINDSIGHT_CTL);
    auto output = session_->run(std::move(arguments));
    EXPECT_TRUE(output) << output.error().what;
    return output ? *std::move(output) : Output{};
}

BusTest::~BusTest() {
    session_.reset();
    std::error_code error;
    if (!activation_.empty())
        fs::remove_all(activation_, error);
}

}  // namespace hindsight::test
