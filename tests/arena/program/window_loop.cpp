#include "pattern/priority.hpp"
#include "program/game.hpp"
#include "program/window.hpp"
#include "program/x11_bot.hpp"
#include "render/renderer.hpp"

#include <hindsight/core/time.hpp>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <utility>

namespace hindsight::arena {

namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;

/// When frames begin: on a grid of the clock that does not depend on when we started.
class Pace {
public:
    Pace(int fps, int phase) : fps_{fps}, phase_{phase}, next_{slot(now()) + 1} {}

    /// Sleeps until the next frame begins. Who is late takes the next slot that is still to come.
    void wait() {
        const std::int64_t start = time_of(next_);
        const timespec deadline{.tv_sec = start / kSecondNs, .tv_nsec = start % kSecondNs};
        ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, nullptr);
        const std::int64_t current = slot(now());
        next_ = (current > next_ ? current : next_) + 1;
    }

    static std::int64_t now() { return SystemClock{}.now().ns(); }

private:
    [[nodiscard]] std::int64_t time_of(std::int64_t slot) const {
        const std::int64_t thousandths = slot * 1000 + phase_;
        const std::int64_t per_second = std::int64_t{1000} * fps_;
        return thousandths / per_second * kSecondNs +
               thousandths % per_second * kSecondNs / per_second;
    }

    /// The newest slot that has begun at that time.
    [[nodiscard]] std::int64_t slot(std::int64_t ns) const {
        std::int64_t number = ns / kSecondNs * fps_ + ns % kSecondNs * fps_ / kSecondNs;
        return time_of(number) > ns ? number - 1 : number;
    }

    std::int64_t fps_;
    std::int64_t phase_;
    std::int64_t next_;
};

Result<>
show(Window& window, Renderer& renderer, const Step& step, const Overlay& overlay, bool strip) {
    HINDSIGHT_ASSIGN(const Canvas canvas, window.canvas());
    renderer.draw(canvas, step.engine, overlay, strip);
    if (strip)
        draw_strip(canvas, mark_of(step.engine.state(), step.frame.inputs, step.frame.events));
    return window.present();
}

}  // namespace

Result<>
play_in_window(Game& game, const Options& options, const volatile std::sig_atomic_t& stop) {
    HINDSIGHT_ASSIGN(const auto window, Window::open(options.width, options.height));
    Renderer renderer{options.width};
    Controls controls;
    std::unique_ptr<X11Bot> bot;
    if (options.hands == Hands::X11Bot) {
        const char* display = std::getenv("DISPLAY");
        bot = std::make_unique<X11Bot>(
            display == nullptr ? "" : display,
            BotOptions{.seed = options.bot_seed, .rate = options.rate, .fps = options.fps});
    }
    test::raise_priority();
    Pace pace{options.fps, options.phase};
    bool told = false;
    while (stop == 0 && !game.over() && !controls.quit_asked()) {
        pace.wait();
        const std::int64_t polled = Pace::now();
        Window::poll(controls);
        const Inputs played = controls.take();
        const Step& step = game.step(game.own_inputs().value_or(played), polled);
        HINDSIGHT_TRY(show(*window, renderer, step, controls.overlay(), options.strip));
        HINDSIGHT_TRY(game.shown(Pace::now()));
        controls.follow(game.engine().state().mode);
        const bool player = options.hands == Hands::Player || options.hands == Hands::X11Bot;
        Window::hold_mouse(player && controls.focused() && game.engine().playing());
        if (bot)
            bot->show(game.engine(), controls.focused());
        if (!std::exchange(told, true)) {
            std::printf("window %u\n", window->id());
            std::fflush(stdout);
        }
    }
    return game.finish();
}

}  // namespace hindsight::arena
