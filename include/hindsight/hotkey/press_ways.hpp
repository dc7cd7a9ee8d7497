#pragma once

// What a press of a chord means, by how long and how often it comes: one chord may have a function
// for each way.

#include <hindsight/core/time.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace hindsight::hotkey {

enum class Way : std::uint8_t {
    Press,  ///< fires with the press, or once no other way of its chord can be meant any more
    Long,   ///< fires when the chord has been held for half a second
    Twice,  ///< fires with the second of two presses
};

struct Fired {
    std::string id;
    /// When it was pressed first, however much later it is known what was meant: that is the moment
    /// the player wanted.
    MonoTime t;

    bool operator==(const Fired&) const = default;
};

/// One chord's presses. Which keys it has, and that a press is one, is the caller's to know. Times
/// do not go back. One thread.
class PressWays {
public:
    static constexpr Duration kLong = Duration::from_ms(500);
    static constexpr Duration kTwice = Duration::from_ms(400);

    /// The last one of a way counts.
    void add(Way way, std::string id);

    /// `released`: when the press before ended; min() where there was none.
    std::optional<Fired> press(MonoTime t, MonoTime released);

    /// What time has decided. `released`: when the last press ended, max() while it lasts.
    std::optional<Fired> settle(MonoTime now, MonoTime released);

    /// True while settle() has something to decide.
    [[nodiscard]] bool waits() const { return first_.has_value(); }

private:
    [[nodiscard]] std::optional<Fired> fire(const std::string& id);

    std::string press_;
    std::string long_;
    std::string twice_;
    std::optional<MonoTime> first_;  ///< of a press of which it is open what it means
    MonoTime let_go_ = MonoTime::max();
};

}  // namespace hindsight::hotkey
