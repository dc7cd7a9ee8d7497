#include "engine/engine.hpp"

#include "engine/world.hpp"

namespace hindsight::arena {

namespace {

constexpr int kDroneHealth = 40;
constexpr int kWalkerHealth = 75;

/// The player stands up again where the level begins.
void revive(State& state, const Level& level) {
    state.player = Player{};
    state.player.x = centre_of_cell(level.start().x);
    state.player.y = centre_of_cell(level.start().y);
}

void turn(Player& player, const Inputs& inputs) {
    player.angle = static_cast<Angle>(player.angle + inputs.look.x * kTurnPerCount);
    player.pitch -= inputs.look.y * kTurnPerCount;
}

/// Turning by keys and sticks goes by time.
void turn_by_tick(Player& player, const Inputs& inputs) {
    constexpr int kKeyTurn = 350;  // 115 degrees a second
    constexpr int kStickTurn = 4;
    int turned = inputs.stick.x * kStickTurn;
    if ((inputs.held & bit(Action::TurnLeft)) != 0)
        turned -= kKeyTurn;
    if ((inputs.held & bit(Action::TurnRight)) != 0)
        turned += kKeyTurn;
    player.angle = static_cast<Angle>(player.angle + turned);
    player.pitch -= inputs.stick.y * kStickTurn / 2;
    constexpr int kSteepest = 6500;  // 36 degrees
    player.pitch = player.pitch > kSteepest    ? kSteepest
                   : player.pitch < -kSteepest ? -kSteepest
                                               : player.pitch;
}

}  // namespace

Engine Engine::start(const GameOptions& options) {
    Engine engine;
    engine.state_.seed = options.seed;
    engine.state_.ticks_per_frame = options.fps == 30 ? 2 : 1;
    engine.state_.random = Random::seeded(options.seed);
    engine.enter_level();
    return engine;
}

void Engine::enter_level() {
    level_ = std::make_shared<const Level>(state_.seed, state_.level);
    state_.enemies.clear();
    state_.pickups.clear();
    state_.smoke.clear();
    state_.doors.assign(level_->doors().size(), Door{});
    for (const Place& place : level_->enemies())
        state_.enemies.push_back(
            {.x = centre_of_cell(place.cell.x),
             .y = centre_of_cell(place.cell.y),
             .angle = static_cast<Angle>(state_.random.below(1 << 16)),
             .kind = static_cast<std::uint8_t>(place.kind),
             .mood = EnemyMood::Wander,
             .health = place.kind == 0 ? kDroneHealth : kWalkerHealth,
             .timer = 0});
    for (const Place& place : level_->pickups())
        state_.pickups.push_back(
            {.x = centre_of_cell(place.cell.x),
             .y = centre_of_cell(place.cell.y),
             .kind = static_cast<std::uint8_t>(place.kind),
             .gone = 0});
    const Player before = state_.player;
    revive(state_, *level_);
    if (state_.level == 0)
        return;
    state_.player.health = before.health;
    state_.player.ammunition = before.ammunition;
    state_.player.weapon = before.weapon;
}

void Engine::obey(Commands commands) {
    const auto asked = [commands](Command command) { return (commands & bit(command)) != 0; };
    Mode& mode = state_.mode;
    if (asked(Command::FocusLost) && mode != Mode::Unfocused) {
        state_.mode_before = mode;
        mode = Mode::Unfocused;
    }
    if (asked(Command::FocusFound) && mode == Mode::Unfocused)
        mode = state_.mode_before;
    const bool closes = (mode == Mode::TextEntry && asked(Command::ChatClose)) ||
                        (mode == Mode::Menu && asked(Command::Menu));
    if (closes) {
        mode = Mode::Gameplay;
    } else if (mode == Mode::Gameplay && asked(Command::ChatOpen)) {
        // Opened and closed within a frame: nothing was written that the game would know of.
        mode = asked(Command::ChatClose) ? Mode::Gameplay : Mode::TextEntry;
    } else if (mode == Mode::Gameplay && asked(Command::Menu)) {
        mode = Mode::Menu;
        state_.menu_item = 0;
    } else if (mode == Mode::Menu) {
        const int moved = (asked(Command::MenuDown) ? 1 : 0) + (asked(Command::MenuUp) ? -1 : 0);
        state_.menu_item = (state_.menu_item + moved + kMenuItems) % kMenuItems;
        if (asked(Command::MenuChoose)) {
            state_.quit = state_.menu_item == 1;
            mode = Mode::Gameplay;
        }
    }
}

std::vector<Event> Engine::step(const Inputs& inputs) {
    std::vector<Event> events;
    ++state_.frame;
    obey(inputs.commands);
    // Who pauses stops the world; who writes or looks elsewhere is on his own.
    if (state_.mode == Mode::Menu)
        return events;
    const Inputs still;
    const Inputs& felt = playing() && state_.player.dead == 0 ? inputs : still;
    turn(state_.player, felt);
    for (std::uint32_t i = 0; i < state_.ticks_per_frame; ++i) {
        const World world{state_, *level_, events};
        const Actions pressed = i == 0 ? felt.down : 0;
        turn_by_tick(state_.player, felt);
        move_player(world, felt, pressed);
        fight(world, felt, pressed);
        move_doors(world);
        move_enemies(world);
        move_smoke(world);
        collect(world);
        ++state_.tick;
        if (state_.player.dead > 0 && --state_.player.dead == 0)
            revive(state_, *level_);
    }
    bool alive = false;
    for (const Enemy& enemy : state_.enemies)
        alive = alive || enemy.mood != EnemyMood::Dead;
    if (!alive) {
        ++state_.level;
        enter_level();
        events.push_back(Event::Level);
    }
    return events;
}

}  // namespace hindsight::arena
