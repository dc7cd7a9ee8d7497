#include "program/game.hpp"

#include <cinttypes>
#include <cstdio>

namespace hindsight::arena {

namespace {

Result<Engine> first_state(const Options& options) {
    if (options.state.empty())
        return Engine::start({.seed = options.seed, .fps = options.fps});
    HINDSIGHT_ASSIGN(const ArenaLog log, ArenaLog::read(options.state));
    const LoggedState* state = log.state_from(options.start_at);
    if (state == nullptr)
        return fail(
            Errc::NotFound,
            options.state.string() + " has no snapshot at or after frame " +
                std::to_string(options.start_at));
    HINDSIGHT_ASSIGN(Engine engine, Engine::restore(state->snapshot));
    if (engine.hash() != state->hash)
        return fail(Errc::Corrupt, "the snapshot and its hash do not belong together");
    return engine;
}

int fps_of(const Engine& engine) {
    return kTicksPerSecond / static_cast<int>(engine.state().ticks_per_frame);
}

}  // namespace

Game::Game(const Options& options, Engine engine)
    : options_{options},
      engine_{std::move(engine)},
      bot_{{.seed = options.bot_seed, .rate = options.rate, .fps = fps_of(engine_)}},
      last_frame_{options.frames == 0 ? 0 : engine_.state().frame + options.frames} {}

Result<Game> Game::prepare(const Options& options) {
    HINDSIGHT_ASSIGN(Engine engine, first_state(options));
    if (fps_of(engine) != options.fps)
        return fail(
            Errc::InvalidArgument,
            "the snapshot is of a game with " + std::to_string(fps_of(engine)) +
                " frames a second");
    Game game{options, std::move(engine)};
    if (!options.script.empty()) {
        HINDSIGHT_ASSIGN(const ArenaLog log, ArenaLog::read(options.script));
        game.script_.emplace(log);
        if (game.last_frame_ == 0)
            game.last_frame_ = game.script_->last_frame();
    }
    if (!options.log.empty()) {
        HINDSIGHT_ASSIGN(game.log_, LogWriter::create(options.log));
        game.log_->line(header_line(
            {.seed = game.engine_.state().seed,
             .fps = options.fps,
             .width = options.width,
             .height = options.height,
             .delay = options.delay}));
        HINDSIGHT_TRY(game.log_->flush());
    }
    return game;
}

std::optional<Inputs> Game::own_inputs() {
    switch (options_.hands) {
    case Hands::Bot:
        return bot_.play(engine_);
    case Hands::Script:
        return script_->at(engine_.state().frame + 1);
    case Hands::Player:
    case Hands::X11Bot:
        break;
    }
    return std::nullopt;
}

const Step& Game::step(const Inputs& inputs, std::int64_t polled_ns) {
    LoggedFrame frame{.polled_ns = polled_ns, .inputs = inputs};
    frame.events = engine_.step(inputs);
    frame.frame = engine_.state().frame;
    frame.mode = engine_.state().mode;
    pipeline_.push_back({engine_, std::move(frame)});
    // Until the pipeline is full its first picture stands.
    if (pipeline_.size() > static_cast<std::size_t>(options_.delay) + 1)
        pipeline_.pop_front();
    return pipeline_.front();
}

Result<> Game::shown(std::int64_t shown_ns) {
    if (!log_ || pipeline_.size() <= static_cast<std::size_t>(options_.delay))
        return {};
    Step& step = pipeline_.front();
    step.frame.shown_ns = shown_ns;
    log_->line(frame_line(step.frame));
    if (step.frame.frame % static_cast<std::uint64_t>(options_.fps) != 0)
        return {};
    log_->line(state_line(
        {.frame = step.frame.frame,
         .snapshot = step.engine.snapshot(),
         .hash = step.engine.hash()}));
    return log_->flush();
}

bool Game::over() const {
    return engine_.state().quit || (last_frame_ != 0 && engine_.state().frame >= last_frame_);
}

std::string Game::result() const {
    char text[80];
    std::snprintf(
        text,
        sizeof text,
        "frame %" PRIu64 " hash %016" PRIx64,
        engine_.state().frame,
        engine_.hash());
    return text;
}

Result<> Game::finish() {
    return log_ ? log_->flush() : Result<>{};
}

Result<> play_headless(Game& game, const volatile std::sig_atomic_t& stop) {
    while (stop == 0 && !game.over()) {
        game.step(game.own_inputs().value_or(Inputs{}), 0);
        HINDSIGHT_TRY(game.shown(0));
    }
    return game.finish();
}

}  // namespace hindsight::arena
