#pragma once

// The game: a state, and what one frame of inputs makes of it. The same seed and the same inputs
// give the same state on every machine.
//
//     Engine engine = Engine::start({.seed = 7});
//     const std::vector<Event> events = engine.step(inputs);   // one frame
//     const std::uint64_t hash = engine.hash();

#include "engine/inputs.hpp"
#include "engine/level.hpp"
#include "engine/state.hpp"

#include <hindsight/core/result.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hindsight::arena {

enum class Event : std::uint8_t { Hit, Kill, Hurt, Death, Pickup, Door, Level, Shot, Count };

inline constexpr std::array<std::string_view, static_cast<std::size_t>(Event::Count)> kEventNames{
    "hit", "kill", "hurt", "death", "pickup", "door", "level", "shot"};

inline constexpr int kTicksPerSecond = 60;
inline constexpr int kMenuItems = 2;  ///< resume, quit

struct GameOptions {
    std::uint64_t seed = 1;
    int fps = 60;  ///< 30 or 60
};

/// A value: copies go their own ways.
class Engine {
public:
    static Engine start(const GameOptions& options);

    /// Goes on where `snapshot()` was taken.
    /// Errors: Corrupt.
    static Result<Engine> restore(std::string_view snapshot);

    /// One rendered frame. Returns what happened in it, in order.
    std::vector<Event> step(const Inputs& inputs);

    [[nodiscard]] const State& state() const { return state_; }

    [[nodiscard]] const Level& level() const { return *level_; }

    /// Whether the engine lets `inputs` act on the player in its present mode.
    [[nodiscard]] bool playing() const { return state_.mode == Mode::Gameplay; }

    /// The whole state in hexadecimal digits, independent of the machine.
    [[nodiscard]] std::string snapshot() const;

    /// FNV-1a, 64 bit, of the bytes of snapshot().
    [[nodiscard]] std::uint64_t hash() const;

private:
    Engine() = default;

    void enter_level();
    void obey(Commands commands);

    State state_;
    std::shared_ptr<const Level> level_;
};

}  // namespace hindsight::arena
