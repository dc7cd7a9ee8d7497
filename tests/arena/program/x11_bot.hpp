#pragma once

// The bot with hands: it presses keys and moves the mouse of the X server, at times of its own, so
// that everybody who listens to the server sees a player.

#include "play/bot.hpp"
#include "player/x_player.hpp"

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace hindsight::arena {

class X11Bot {
public:
    X11Bot(const std::string& display, const BotOptions& options);
    ~X11Bot();
    X11Bot(const X11Bot&) = delete;
    X11Bot& operator=(const X11Bot&) = delete;

    /// What it knows from now on. Without the focus it lets go of everything: the keys would be
    /// somebody else's.
    void show(const Engine& engine, bool focused);

private:
    void run();
    void do_inputs(const Inputs& inputs);
    void let_go();
    void act(Action action, bool down);

    BotOptions options_;
    Bot bot_;
    test::XPlayer hands_;
    Actions held_ = 0;
    std::mutex mutex_;
    std::optional<Engine> engine_;  ///< guarded by mutex_; empty: hands off
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

}  // namespace hindsight::arena
