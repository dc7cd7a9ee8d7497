#include "program/x11_bot.hpp"

#include <chrono>

namespace hindsight::arena {

namespace {

/// linux/input-event-codes.h, in the order of Action; 0: a button of the mouse.
constexpr std::array<std::uint8_t, static_cast<std::size_t>(Action::Count)> kKeys{
    17, 31, 30, 32, 105, 106, 0, 18, 57, 42, 2, 3, 4, 0, 0};

/// The wheel up is button 4 of the X server.
std::uint8_t button_of(Action action) {
    if (action == Action::Fire)
        return 1;
    return action == Action::NextWeapon ? 4 : 5;
}

}  // namespace

X11Bot::X11Bot(const std::string& display, const BotOptions& options)
    : options_{options}, bot_{options}, hands_{display}, thread_{[this] { run(); }} {}

X11Bot::~X11Bot() {
    stop_ = true;
    thread_.join();
    let_go();
}

void X11Bot::show(const Engine& engine, bool focused) {
    const std::lock_guard lock{mutex_};
    if (focused && engine.playing())
        engine_ = engine;
    else
        engine_.reset();
}

void X11Bot::run() {
    Random random = Random::seeded(options_.seed + 1);
    const int period_us = 1'000'000 / options_.fps;
    auto next = std::chrono::steady_clock::now();
    while (!stop_) {
        // As often as there are frames, but never in step with them.
        next += std::chrono::microseconds{random.between(period_us / 4, period_us * 7 / 4)};
        std::this_thread::sleep_until(next);
        std::optional<Engine> engine;
        {
            const std::lock_guard lock{mutex_};
            engine = engine_;
        }
        if (engine)
            do_inputs(bot_.play(*engine));
        else
            let_go();
    }
}

void X11Bot::do_inputs(const Inputs& inputs) {
    for (std::size_t i = 0; i < kActionNames.size(); ++i) {
        const auto action = static_cast<Action>(i);
        if ((inputs.up & held_ & bit(action)) != 0)
            act(action, false);
        if ((inputs.down & bit(action)) != 0)
            act(action, true);
    }
    if (!(inputs.look == Pair{}))
        hands_.move(inputs.look.x, inputs.look.y);
}

void X11Bot::let_go() {
    for (std::size_t i = 0; i < kActionNames.size(); ++i)
        if ((held_ & bit(static_cast<Action>(i))) != 0)
            act(static_cast<Action>(i), false);
}

void X11Bot::act(Action action, bool down) {
    held_ = down ? held_ | bit(action) : held_ & ~bit(action);
    if (const std::uint8_t key = kKeys[static_cast<std::size_t>(action)])
        hands_.key(key, down);
    else if (action == Action::Fire)
        hands_.button(button_of(action), down);
    else if (down) {
        // A notch of the wheel is both at once.
        hands_.button(button_of(action), true);
        hands_.button(button_of(action), false);
    }
}

}  // namespace hindsight::arena
