#include "desktop.hpp"

#include <gtest/gtest.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QTimer>
#include <cstdio>
#include <string_view>

namespace {

std::unique_ptr<hindsight::test::DesktopSession> session;

}  // namespace

namespace hindsight::ui::test {

hindsight::test::DesktopSession& desktop() {
    return *session;
}

bool handle_until(const std::function<bool()>& predicate) {
    QElapsedTimer timer;
    timer.start();
    while (!predicate()) {
        if (timer.elapsed() > hindsight::test::kPatience.count())
            return false;
        QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 20);
    }
    return true;
}

}  // namespace hindsight::ui::test

int main(int argc, char** argv) {
    const bool listing = argc > 1 && std::string_view{argv[1]}.starts_with("--gtest_list_tests");
    testing::InitGoogleTest(&argc, argv);
    if (listing)
        return RUN_ALL_TESTS();
    auto started = hindsight::test::DesktopSession::start({});
    if (!started) {
        std::fprintf(stderr, "%s\n", started.error().what.c_str());
        return 1;
    }
    session = std::move(*started);
    session->enter();
    int result = 1;
    {
        const QApplication app{argc, argv};
        // Without this timer a wait for "more events" could last for ever.
        QTimer tick;
        tick.start(20);
        result = RUN_ALL_TESTS();
    }
    session.reset();
    return result;
}
