// A state as bytes and back. One list of fields serves writing, reading and hashing, so that none
// of them can forget one.

#include "engine/engine.hpp"

#include <hindsight/core/result.hpp>

#include <type_traits>

namespace hindsight::arena {

namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kMostThings = 1000;

/// Little end first.
class Writer {
public:
    template <class T>
    void number(const T& value) {
        using Unsigned = std::make_unsigned_t<T>;
        auto rest = static_cast<Unsigned>(value);
        for (std::size_t i = 0; i < sizeof(T); ++i) {
            bytes.push_back(static_cast<std::uint8_t>(rest & 0xff));
            rest = static_cast<Unsigned>(static_cast<std::uint64_t>(rest) >> 8);
        }
    }

    std::size_t count(std::size_t size) {
        number(static_cast<std::uint32_t>(size));
        return size;
    }

    std::vector<std::uint8_t> bytes;
};

class Reader {
public:
    explicit Reader(std::vector<std::uint8_t> bytes) : bytes_{std::move(bytes)} {}

    template <class T>
    void number(T& value) {
        std::uint64_t rest = 0;
        for (std::size_t i = 0; i < sizeof(T); ++i)
            rest |= static_cast<std::uint64_t>(next()) << (8 * i);
        value = static_cast<T>(rest);
    }

    std::size_t count(std::size_t /*size*/) {
        std::uint32_t size = 0;
        number(size);
        sound_ = sound_ && size <= kMostThings;
        return sound_ ? size : 0;
    }

    /// Everything was there, and nothing is left.
    [[nodiscard]] bool done() const { return sound_ && at_ == bytes_.size(); }

private:
    std::uint8_t next() {
        sound_ = sound_ && at_ < bytes_.size();
        return sound_ ? bytes_[at_++] : std::uint8_t{0};
    }

    std::vector<std::uint8_t> bytes_;
    std::size_t at_ = 0;
    bool sound_ = true;
};

template <class Archive, class T>
void field(Archive& archive, T& value) {
    using Plain = std::remove_const_t<T>;
    if constexpr (std::is_same_v<Plain, bool>) {
        auto byte = static_cast<std::uint8_t>(value);
        archive.number(byte);
        if constexpr (!std::is_const_v<T>)
            value = byte != 0;
    } else if constexpr (std::is_enum_v<Plain>) {
        auto number = static_cast<std::underlying_type_t<Plain>>(value);
        archive.number(number);
        if constexpr (!std::is_const_v<T>)
            value = static_cast<Plain>(number);
    } else {
        archive.number(value);
    }
}

template <class Archive, class... T>
void fields(Archive& archive, T&... values) {
    (field(archive, values), ...);
}

template <class Archive, class List, class Visit>
void list(Archive& archive, List& things, Visit visit) {
    const std::size_t size = archive.count(things.size());
    if constexpr (!std::is_const_v<List>)
        things.resize(size);
    for (auto& thing : things)
        visit(thing);
}

template <class Archive, class S>
void visit_player(Archive& archive, S& p) {
    fields(archive, p.x, p.y, p.height, p.speed_x, p.speed_y, p.speed_up, p.angle, p.pitch);
    fields(archive, p.health, p.weapon, p.cooldown, p.flash, p.hurt, p.dead, p.walked);
    for (auto& ammunition : p.ammunition)
        field(archive, ammunition);
}

template <class Archive, class S>
void visit(Archive& archive, S& state) {
    fields(archive, state.seed, state.frame, state.level, state.ticks_per_frame);
    fields(archive, state.random.state, state.mode, state.mode_before, state.menu_item, state.quit);
    fields(archive, state.kills, state.deaths, state.tick);
    visit_player(archive, state.player);
    list(archive, state.enemies, [&](auto& e) {
        fields(archive, e.x, e.y, e.angle, e.kind, e.mood, e.health, e.timer);
    });
    list(archive, state.pickups, [&](auto& p) { fields(archive, p.x, p.y, p.kind, p.gone); });
    list(archive, state.doors, [&](auto& d) { fields(archive, d.open, d.timer, d.opening); });
    list(archive, state.smoke, [&](auto& s) {
        fields(archive, s.x, s.y, s.height, s.drift_x, s.drift_y, s.age, s.life);
    });
}

std::vector<std::uint8_t> bytes_of(const State& state) {
    Writer writer;
    writer.number(kVersion);
    visit(writer, state);
    return std::move(writer.bytes);
}

int digit_of(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// A place where the renderer and the engine may look without leaving their tables.
bool is_inside(Fixed x, Fixed y) {
    return Level::inside({x >> 16, y >> 16});
}

bool is_possible(const State& state, const Level& level) {
    const bool known = state.mode < Mode::Count && state.mode_before < Mode::Count &&
                       state.player.weapon < Weapon::Count && state.menu_item >= 0 &&
                       state.menu_item < kMenuItems && state.doors.size() == level.doors().size() &&
                       (state.ticks_per_frame == 1 || state.ticks_per_frame == 2);
    bool inside = is_inside(state.player.x, state.player.y) &&
                  absolute(state.player.pitch) < kQuarterTurn && state.player.height >= 0 &&
                  state.player.height < kOne;
    for (const Enemy& enemy : state.enemies)
        inside = inside && is_inside(enemy.x, enemy.y) && enemy.mood <= EnemyMood::Dead &&
                 enemy.kind < Level::kEnemyKinds;
    for (const Pickup& pickup : state.pickups)
        inside = inside && is_inside(pickup.x, pickup.y) && pickup.kind < Level::kPickupKinds;
    return known && inside;
}

}  // namespace

std::string Engine::snapshot() const {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t byte : bytes_of(state_)) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

std::uint64_t Engine::hash() const {
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (const std::uint8_t byte : bytes_of(state_))
        hash = (hash ^ byte) * 0x100000001b3u;
    return hash;
}

Result<Engine> Engine::restore(std::string_view snapshot) {
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i + 1 < snapshot.size(); i += 2) {
        const int high = digit_of(snapshot[i]);
        const int low = digit_of(snapshot[i + 1]);
        if (high < 0 || low < 0)
            return fail(Errc::Corrupt, "a snapshot has something else than hexadecimal digits");
        bytes.push_back(static_cast<std::uint8_t>(high << 4 | low));
    }
    Reader reader{std::move(bytes)};
    std::uint8_t version = 0;
    reader.number(version);
    Engine engine;
    visit(reader, engine.state_);
    if (version != kVersion || !reader.done() || snapshot.size() % 2 != 0)
        return fail(Errc::Corrupt, "a snapshot is cut off or from another version");
    engine.level_ = std::make_shared<const Level>(engine.state_.seed, engine.state_.level);
    if (!is_possible(engine.state_, *engine.level_))
        return fail(Errc::Corrupt, "a snapshot holds a state that cannot be");
    return engine;
}

}  // namespace hindsight::arena
