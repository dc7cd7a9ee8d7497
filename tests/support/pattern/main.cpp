// hindsight-pattern: a window that can be read back from a recording. See pattern_timing.hpp for
// what it shows when. Prints "window <id>" when it is mapped and its beeps are heard, and at
// the end how many values it was too late to paint.

#include "beeper.hpp"
#include "pattern_timing.hpp"
#include "pattern_window.hpp"
#include "priority.hpp"

#include <hindsight/core/time.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <optional>
#include <string_view>

namespace {

using namespace hindsight;
using namespace hindsight::test;

constexpr const char* kHelp =
    "hindsight-pattern [--size WxH] [--fps N] [--seconds S] [--title TEXT] [--silent]\n"
    "shows a frame counter with a flash and a beep each second; without --seconds until closed\n";

struct Options {
    WindowOptions window;
    int fps = 60;
    double seconds = 0;
    bool beeps = true;
};

volatile std::sig_atomic_t stop_asked = 0;

std::optional<Options> parse(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string_view name = argv[i];
        if (name == "--silent") {
            options.beeps = false;
            continue;
        }
        const char* value = i + 1 < argc ? argv[++i] : nullptr;
        if (value == nullptr)
            return std::nullopt;
        if (name == "--size") {
            char* end = nullptr;
            options.window.width = static_cast<int>(std::strtol(value, &end, 10));
            options.window.height =
                *end == 'x' ? static_cast<int>(std::strtol(end + 1, &end, 10)) : 0;
        } else if (name == "--fps") {
            options.fps = static_cast<int>(std::strtol(value, nullptr, 10));
        } else if (name == "--seconds") {
            options.seconds = std::strtod(value, nullptr);
        } else if (name == "--title") {
            options.window.title = value;
        } else {
            return std::nullopt;
        }
    }
    const bool fits = options.window.width >= kCells * kCellPixels && options.window.height >= 64;
    return fits && options.fps > 0 ? std::optional{options} : std::nullopt;
}

void sleep_until(std::int64_t ns) {
    const timespec deadline{.tv_sec = ns / kSecondNs, .tv_nsec = ns % kSecondNs};
    ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, nullptr);
}

}  // namespace

int main(int argc, char** argv) {
    const auto options = parse(argc, argv);
    if (!options) {
        std::fputs(kHelp, stderr);
        return 2;
    }
    std::signal(SIGTERM, [](int) { stop_asked = 1; });
    std::signal(SIGINT, [](int) { stop_asked = 1; });
    PatternWindow window{options->window};
    if (!window.ok()) {
        std::fputs("hindsight-pattern: no display\n", stderr);
        return 1;
    }
    std::unique_ptr<Beeper> beeper;
    if (options->beeps)
        beeper = Beeper::start(options->fps);
    raise_priority();

    const SystemClock clock;
    const std::int64_t start = clock.now().ns();
    const auto end = options->seconds > 0
                         ? start + static_cast<std::int64_t>(options->seconds * 1e9)
                         : INT64_MAX;
    std::int64_t next =
        start / kSecondNs * options->fps + start % kSecondNs * options->fps / kSecondNs + 1;
    long missed = 0;
    bool told = false;
    while (stop_asked == 0 && window.handle_events() && clock.now().ns() < end) {
        sleep_until(paint_time_ns(next, options->fps));
        const std::int64_t now = clock.now().ns();
        const std::int64_t value =
            now / kSecondNs * options->fps + now % kSecondNs * options->fps / kSecondNs;
        if (!told && (beeper == nullptr || beeper->settled(now))) {
            std::printf("window %u\n", window.id());
            std::fflush(stdout);
            told = true;
        }
        if (value > next)
            missed += value - next;
        window.paint(static_cast<std::uint32_t>(value), is_flash(value, options->fps));
        const std::int64_t late_us =
            (clock.now().ns() - paint_time_ns(value, options->fps)) / 1'000;
        if (told && late_us > 500'000 / options->fps) {
            // Reading it back will show a fault that is nobody else's.
            std::printf(
                "late %u by %ld us\n", static_cast<unsigned>(value), static_cast<long>(late_us));
            std::fflush(stdout);
        }
        next = value + 1;
    }
    std::printf("missed %ld\n", missed);
    return 0;
}
