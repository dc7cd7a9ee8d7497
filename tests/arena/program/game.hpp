#pragma once

// One run of the arena: who plays, what is logged, and when each frame is shown.

#include "engine/engine.hpp"
#include "play/arena_log.hpp"
#include "play/bot.hpp"
#include "program/options.hpp"

#include <hindsight/core/result.hpp>

#include <csignal>
#include <deque>
#include <optional>

namespace hindsight::arena {

/// One step of the engine, on its way to the screen.
struct Step {
    Engine engine;
    LoggedFrame frame;
};

class Game {
public:
    /// Errors: NotFound, Corrupt, Io (script, snapshot or log).
    static Result<Game> prepare(const Options& options);

    [[nodiscard]] const Engine& engine() const { return engine_; }

    /// Who plays by himself: bot and script. Nothing for a player.
    std::optional<Inputs> own_inputs();

    /// One step. What is to be shown now is an earlier one with --delay.
    const Step& step(const Inputs& inputs, std::int64_t polled_ns);

    /// Notes that the picture of the last step() was with the server at that time.
    /// Errors: Io (the log).
    Result<> shown(std::int64_t shown_ns);

    /// The last frame that was asked for has been shown, or the player has left.
    [[nodiscard]] bool over() const;

    /// "frame 600 hash 0123456789abcdef"
    [[nodiscard]] std::string result() const;

    /// Writes what is left of the log. Errors: Io.
    Result<> finish();

private:
    Game(const Options& options, Engine engine);

    Options options_;
    Engine engine_;
    Bot bot_;
    std::optional<Script> script_;
    std::optional<LogWriter> log_;
    std::deque<Step> pipeline_;     ///< the front one is shown
    std::uint64_t last_frame_ = 0;  ///< 0: no end
};

/// Errors: External, Io.
Result<> play_headless(Game& game, const volatile std::sig_atomic_t& stop);
Result<> play_in_window(Game& game, const Options& options, const volatile std::sig_atomic_t& stop);

}  // namespace hindsight::arena
