#include "engine/world.hpp"

#include <array>

namespace hindsight::arena {

namespace {

struct WeaponFacts {
    int cooldown;  ///< ticks
    int damage;    ///< of one pellet
    int pellets;
    int spread;  ///< in units of Angle, to either side
};

constexpr std::array<WeaponFacts, static_cast<std::size_t>(Weapon::Count)> kWeapons{{
    {.cooldown = 14, .damage = 20, .pellets = 1, .spread = 120},
    {.cooldown = 42, .damage = 11, .pellets = 6, .spread = 900},
    {.cooldown = 75, .damage = 0, .pellets = 0, .spread = 0},
}};

constexpr Fixed kFarthest = 24 * kOne;
constexpr Fixed kEnemyRadius = thousandths(320);
constexpr int kPainTicks = 14;
constexpr int kDyingTicks = 24;
constexpr int kDeathTicks = 2 * kTicksPerSecond;
constexpr int kSmokeLife = 8 * kTicksPerSecond;

bool is_alive(const Enemy& enemy) {
    return enemy.mood != EnemyMood::Dying && enemy.mood != EnemyMood::Dead;
}

/// The nearest living enemy whom a shot into that direction meets before a wall.
Enemy* target_of(const World& world, Angle angle) {
    const Player& player = world.state.player;
    Fixed nearest = free_way(world.state, world.level, player.x, player.y, angle, kFarthest);
    Enemy* found = nullptr;
    for (Enemy& enemy : world.state.enemies) {
        const Fixed dx = enemy.x - player.x;
        const Fixed dy = enemy.y - player.y;
        const Fixed ahead = multiply(dx, cosine(angle)) + multiply(dy, sine(angle));
        const Fixed aside = multiply(dy, cosine(angle)) - multiply(dx, sine(angle));
        if (!is_alive(enemy) || ahead <= 0 || ahead >= nearest || absolute(aside) > kEnemyRadius)
            continue;
        nearest = ahead;
        found = &enemy;
    }
    return found;
}

void strike(const World& world, Enemy& enemy, int damage) {
    enemy.health -= damage;
    if (enemy.health <= 0) {
        enemy.mood = EnemyMood::Dying;
        enemy.timer = 0;
        ++world.state.kills;
        world.tell(Event::Kill);
        return;
    }
    enemy.mood = EnemyMood::Pain;
    enemy.timer = 0;
    world.tell(Event::Hit);
}

void lay_smoke(State& state, Fixed x, Fixed y, int puffs) {
    constexpr std::size_t kMostPuffs = 40;
    for (int i = 0; i < puffs && state.smoke.size() < kMostPuffs; ++i) {
        const auto around = [&state](int reach) {
            return thousandths(state.random.between(-reach, reach));
        };
        // One after the other: the order of arguments is the compiler's choice.
        Smoke smoke{.x = x + around(300)};
        smoke.y = y + around(300);
        smoke.height = thousandths(state.random.between(100, 500));
        smoke.drift_x = around(6);
        smoke.drift_y = around(6);
        smoke.life = kSmokeLife + state.random.below(kSmokeLife / 2);
        state.smoke.push_back(smoke);
    }
}

void shoot(const World& world) {
    Player& player = world.state.player;
    const auto slot = static_cast<std::size_t>(player.weapon);
    const WeaponFacts& facts = kWeapons[slot];
    if (player.cooldown > 0 || player.ammunition[slot] == 0)
        return;
    player.cooldown = facts.cooldown;
    player.flash = 5;
    --player.ammunition[slot];
    world.tell(Event::Shot);
    if (player.weapon == Weapon::SmokeLauncher) {
        const Fixed way =
            free_way(world.state, world.level, player.x, player.y, player.angle, 4 * kOne);
        lay_smoke(
            world.state,
            player.x + multiply(cosine(player.angle), way),
            player.y + multiply(sine(player.angle), way),
            9);
        return;
    }
    for (int i = 0; i < facts.pellets; ++i) {
        const int off = world.state.random.between(-facts.spread, facts.spread);
        if (Enemy* enemy = target_of(world, static_cast<Angle>(player.angle + off)))
            strike(world, *enemy, facts.damage + world.state.random.below(6));
    }
}

void choose_weapon(Player& player, Actions pressed) {
    constexpr int kWeaponCount = static_cast<int>(Weapon::Count);
    int chosen = static_cast<int>(player.weapon);
    const auto asked = [pressed](Action action) { return (pressed & bit(action)) != 0; };
    if (asked(Action::Weapon1))
        chosen = 0;
    if (asked(Action::Weapon2))
        chosen = 1;
    if (asked(Action::Weapon3))
        chosen = 2;
    if (asked(Action::NextWeapon))
        chosen = (chosen + 1) % kWeaponCount;
    if (asked(Action::PreviousWeapon))
        chosen = (chosen + kWeaponCount - 1) % kWeaponCount;
    if (chosen != static_cast<int>(player.weapon))
        player.cooldown = player.cooldown > 12 ? player.cooldown : 12;
    player.weapon = static_cast<Weapon>(chosen);
}

void enter(Enemy& enemy, EnemyMood mood) {
    enemy.mood = mood;
    enemy.timer = 0;
}

/// Whether a step from (x, y) leads into the player.
bool bumps(const Player& player, Fixed x, Fixed y, Fixed dx, Fixed dy) {
    constexpr Fixed kApart = thousandths(900);
    const auto far = [&](Fixed at_x, Fixed at_y) {
        return absolute(player.x - at_x) + absolute(player.y - at_y);
    };
    return far(x + dx, y + dy) < kApart && far(x + dx, y + dy) < far(x, y);
}

void walk(const World& world, Enemy& enemy, Fixed speed) {
    const Fixed dx = multiply(cosine(enemy.angle), speed);
    const Fixed dy = multiply(sine(enemy.angle), speed);
    const bool stuck = bumps(world.state.player, enemy.x, enemy.y, dx, dy) ||
                       slide(world, enemy.x, enemy.y, dx, dy, kEnemyRadius);
    if (stuck || world.state.random.chance(1, 200))
        enemy.angle = static_cast<Angle>(world.state.random.below(1 << 16));
}

void attack(const World& world, Enemy& enemy) {
    constexpr int kAims = 18;
    constexpr int kLasts = 34;
    if (enemy.timer == kAims) {
        const Player& player = world.state.player;
        const Fixed far = absolute(player.x - enemy.x) + absolute(player.y - enemy.y);
        const int chance = 70 - static_cast<int>(far / kOne) * 5;
        if (can_see(world.state, world.level, enemy.x, enemy.y, player.x, player.y) &&
            world.state.random.below(100) < chance)
            hurt_player(world, world.state.random.between(4, 11));
    }
    if (enemy.timer > kLasts)
        enter(enemy, EnemyMood::Chase);
}

void hunt(const World& world, Enemy& enemy, bool looks) {
    constexpr Fixed kNear = thousandths(1800);
    const Player& player = world.state.player;
    if (looks && (player.dead > 0 ||
                  !can_see(world.state, world.level, enemy.x, enemy.y, player.x, player.y))) {
        enter(enemy, EnemyMood::Wander);
        return;
    }
    if (looks)
        enemy.angle = static_cast<Angle>(
            angle_of(player.x - enemy.x, player.y - enemy.y) +
            world.state.random.between(-2500, 2500));
    const bool near = absolute(player.x - enemy.x) < kNear && absolute(player.y - enemy.y) < kNear;
    if (!near)
        walk(world, enemy, enemy.kind == 0 ? thousandths(26) : thousandths(18));
    if (enemy.timer > 40 && world.state.random.chance(1, 30))
        enter(enemy, EnemyMood::Attack);
}

void notice(const World& world, Enemy& enemy) {
    const Player& player = world.state.player;
    if (player.dead == 0 && can_see(world.state, world.level, enemy.x, enemy.y, player.x, player.y))
        enter(enemy, EnemyMood::Chase);
}

}  // namespace

void hurt_player(const World& world, int damage) {
    Player& player = world.state.player;
    if (player.dead > 0)
        return;
    player.health -= damage;
    player.hurt = 18;
    world.tell(Event::Hurt);
    if (player.health > 0)
        return;
    player.health = 0;
    player.dead = kDeathTicks;
    ++world.state.deaths;
    world.tell(Event::Death);
}

void fight(const World& world, const Inputs& inputs, Actions pressed) {
    Player& player = world.state.player;
    for (std::int32_t* timer : {&player.cooldown, &player.flash, &player.hurt})
        *timer -= *timer > 0 ? 1 : 0;
    if (player.dead > 0)
        return;
    choose_weapon(player, pressed);
    if (((inputs.held | pressed) & bit(Action::Fire)) != 0)
        shoot(world);
}

void move_enemies(const World& world) {
    for (std::size_t i = 0; i < world.state.enemies.size(); ++i) {
        Enemy& enemy = world.state.enemies[i];
        // They take turns in looking round, eight times a second each.
        const bool looks = (world.state.tick + i) % 8 == 0;
        ++enemy.timer;
        switch (enemy.mood) {
        case EnemyMood::Wander:
            walk(world, enemy, thousandths(12));
            if (looks)
                notice(world, enemy);
            break;
        case EnemyMood::Chase:
            hunt(world, enemy, looks);
            break;
        case EnemyMood::Attack:
            attack(world, enemy);
            break;
        case EnemyMood::Pain:
            if (enemy.timer > kPainTicks)
                enter(enemy, EnemyMood::Chase);
            break;
        case EnemyMood::Dying:
            if (enemy.timer > kDyingTicks)
                enter(enemy, EnemyMood::Dead);
            break;
        case EnemyMood::Dead:
            break;
        }
    }
}

void move_smoke(const World& world) {
    State& state = world.state;
    for (const Place& vent : world.level.vents())
        if (state.tick % 90 == 0)
            lay_smoke(state, centre_of_cell(vent.cell.x), centre_of_cell(vent.cell.y), 1);
    for (Smoke& smoke : state.smoke) {
        smoke.x += smoke.drift_x;
        smoke.y += smoke.drift_y;
        smoke.height += kOne / 2000;
        ++smoke.age;
    }
    std::erase_if(state.smoke, [](const Smoke& smoke) { return smoke.age >= smoke.life; });
}

}  // namespace hindsight::arena
