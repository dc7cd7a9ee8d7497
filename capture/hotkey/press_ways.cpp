#include <hindsight/hotkey/press_ways.hpp>

#include <algorithm>
#include <utility>

namespace hindsight::hotkey {

void PressWays::add(Way way, std::string id) {
    switch (way) {
    case Way::Press:
        press_ = std::move(id);
        break;
    case Way::Long:
        long_ = std::move(id);
        break;
    case Way::Twice:
        twice_ = std::move(id);
        break;
    }
}

/// Ends the press, which meant `id`; empty: nothing.
std::optional<Fired> PressWays::fire(const std::string& id) {
    const MonoTime t = *std::exchange(first_, std::nullopt);
    let_go_ = MonoTime::max();
    if (id.empty())
        return std::nullopt;
    return Fired{.id = id, .t = t};
}

std::optional<Fired> PressWays::press(MonoTime t, MonoTime released) {
    std::optional<Fired> before = settle(t, std::min(released, t));
    if (first_)
        return fire(twice_);
    first_ = t;
    return long_.empty() && twice_.empty() ? fire(press_) : before;
}

std::optional<Fired> PressWays::settle(MonoTime now, MonoTime released) {
    if (!first_)
        return std::nullopt;
    // Also of an end that nobody saw: its time is from an earlier press then.
    let_go_ = std::min(let_go_, std::max(released, *first_));
    const MonoTime held_until = std::min(let_go_, now);
    if (!long_.empty() && held_until - *first_ >= kLong)
        return fire(long_);
    const bool may_be_long = !long_.empty() && let_go_ == MonoTime::max();
    const bool may_be_twice = !twice_.empty() && now - *first_ <= kTwice;
    if (may_be_long || may_be_twice)
        return std::nullopt;
    return fire(press_);
}

}  // namespace hindsight::hotkey
