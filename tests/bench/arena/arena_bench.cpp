// bench_arena: what the measuring instrument itself takes. docs/benchmarks.md says what each column
// means.

#include "cost/cpu_time.hpp"
#include "desktop_session.hpp"
#include "report.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <thread>

namespace {

using namespace hindsight;
using namespace hindsight::bench;
using test::DesktopSession;

constexpr const char* kHelp =
    "bench_arena [--seconds N]\n"
    "lets the arena's bot play for --seconds (15) under Xvfb and prints the processor time\n";

struct Case {
    const char* size;
    const char* fps;
    const char* bot;
};

constexpr std::array kCases{
    Case{"640x360", "60", "--bot=3"},
    Case{"640x360", "60", "--bot=x11:3"},
    Case{"640x360", "30", "--bot=3"},
    Case{"1280x720", "60", "--bot=3"},
};

double share(double seconds_used, double seconds) {
    return 100 * seconds_used / seconds;
}

void measure(DesktopSession& desktop, const Case& what, double seconds, Table& table) {
    test::Process arena = need(
        desktop.spawn_program(
            "hindsight-arena", {"--size", what.size, "--fps", what.fps, what.bot, "--seed", "7"}),
        "starting the arena");
    const auto window = need(desktop.wait_for_window("hindsight-arena"), "waiting for its window");
    need(desktop.focus(window), "focusing it");
    // Textures are painted and the window stands.
    std::this_thread::sleep_for(std::chrono::seconds{2});
    const double before = cpu_seconds(arena.pid());
    const auto start = std::chrono::steady_clock::now();
    std::this_thread::sleep_for(std::chrono::duration<double>{seconds});
    const double used = cpu_seconds(arena.pid()) - before;
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
    arena.stop();
    table.row(
        {std::string{what.size} + "@" + what.fps + " " + what.bot,
         number(share(used, passed.count()), 1)});
}

void benchmark(const Arguments& arguments) {
    const double seconds = arguments.positive("--seconds", 15);
    const auto desktop = need(
        DesktopSession::start({.width = 1400, .height = 900, .sound = false}),
        "starting a desktop");
    Table table{{"arena", "% of a core"}};
    for (const Case& what : kCases)
        measure(*desktop, what, seconds, table);
    std::printf("%s\n", machine().c_str());
    table.print();
}

}  // namespace

int main(int argc, char** argv) {
    const Arguments arguments{argc, argv, {"--seconds"}, kHelp};
    return run([&] { benchmark(arguments); });
}
