#pragma once

// When the player is writing. Fails towards silence: a burst that looks like typing counts as
// typing, whatever the keys mean in the game. Remembers at most one second of keys, wiped as they
// age, and tells nobody which or how many.

#include <hindsight/core/time.hpp>
#include <hindsight/hotkey/control_names.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

namespace hindsight::input {

using hotkey::Control;

class TextGuard {
public:
    static constexpr Duration kBurstWindow = Duration::from_ms(1'000);
    static constexpr std::size_t kBurstKeys = 4;     ///< distinct ones within the window
    static constexpr std::size_t kBurstUnbound = 2;  ///< of which the profile binds none
    static constexpr Duration kBurstQuiet = Duration::from_ms(3'000);
    static constexpr Duration kChatQuiet = Duration::from_ms(10'000);
    static constexpr Duration kChatLongest = Duration::from_ms(60'000);

    TextGuard() = default;
    ~TextGuard();
    TextGuard(const TextGuard&) = delete;
    TextGuard& operator=(const TextGuard&) = delete;

    /// From now on; a text that was begun goes on.
    void set_chat_controls(std::vector<Control> controls);

    [[nodiscard]] bool active() const { return reason_ != Reason::None; }

    enum class Change { None, Begins, Ends };

    /// A key went down. While active() afterwards, the key is part of a text.
    Change on_press(Control control, bool bound, MonoTime t);

    /// Time passes: the text may end, and old keys are forgotten.
    Change on_tick(MonoTime now);

    void reset();

private:
    enum class Reason { None, Chat, Burst };

    struct Recent {
        Control control = 0;
        bool bound = false;
        MonoTime t = MonoTime::min();
    };

    void remember(Control control, bool bound, MonoTime t);
    void forget_before(MonoTime t);
    [[nodiscard]] bool is_burst() const;
    [[nodiscard]] bool expired(MonoTime now) const;

    std::vector<Control> chat_;
    Reason reason_ = Reason::None;
    MonoTime began_ = MonoTime::min();
    MonoTime last_sign_ = MonoTime::min();  ///< last key that only typing explains
    std::array<Recent, 16> recent_{};
    std::size_t recent_count_ = 0;
};

}  // namespace hindsight::input
