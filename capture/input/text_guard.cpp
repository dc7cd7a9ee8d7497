#include "text_guard.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace hindsight::input {

namespace controls = hotkey::controls;

namespace {

bool ends_text(Control control) {
    return control == controls::kReturn || control == controls::kKeypadEnter ||
           control == controls::kEscape;
}

}  // namespace

TextGuard::~TextGuard() {
    ::explicit_bzero(static_cast<void*>(recent_.data()), sizeof recent_);
}

void TextGuard::set_chat_controls(std::vector<Control> controls) {
    chat_ = std::move(controls);
}

void TextGuard::reset() {
    reason_ = Reason::None;
    ::explicit_bzero(static_cast<void*>(recent_.data()), sizeof recent_);
    recent_count_ = 0;
}

void TextGuard::forget_before(MonoTime t) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < recent_count_; ++i) {
        if (recent_[i].t >= t)
            std::swap(recent_[kept++], recent_[i]);
    }
    for (std::size_t i = kept; i < recent_count_; ++i)
        ::explicit_bzero(static_cast<void*>(&recent_[i]), sizeof(Recent));
    recent_count_ = kept;
}

void TextGuard::remember(Control control, bool bound, MonoTime t) {
    forget_before(t - kBurstWindow);
    for (std::size_t i = 0; i < recent_count_; ++i) {
        if (recent_[i].control == control) {
            recent_[i].t = t;
            return;
        }
    }
    if (recent_count_ < recent_.size())
        recent_[recent_count_++] = {.control = control, .bound = bound, .t = t};
}

bool TextGuard::is_burst() const {
    std::size_t unbound = 0;
    for (std::size_t i = 0; i < recent_count_; ++i)
        unbound += recent_[i].bound ? 0 : 1;
    return recent_count_ >= kBurstKeys && unbound >= kBurstUnbound;
}

TextGuard::Change TextGuard::on_press(Control control, bool bound, MonoTime t) {
    if (active() && ends_text(control)) {
        reset();
        return Change::Ends;
    }
    if (hotkey::is_printable(control)) {
        remember(control, bound, t);
        // A bound letter may be a step of the game as well: it does not prolong the silence.
        if (!bound)
            last_sign_ = t;
    }
    if (active())
        return Change::None;
    const bool chat = std::find(chat_.begin(), chat_.end(), control) != chat_.end();
    if (!chat && !is_burst())
        return Change::None;
    reason_ = chat ? Reason::Chat : Reason::Burst;
    began_ = t;
    last_sign_ = t;
    return Change::Begins;
}

bool TextGuard::expired(MonoTime now) const {
    if (reason_ == Reason::Burst)
        return now - last_sign_ >= kBurstQuiet;
    return now - last_sign_ >= kChatQuiet || now - began_ >= kChatLongest;
}

TextGuard::Change TextGuard::on_tick(MonoTime now) {
    forget_before(now - kBurstWindow);
    if (!active() || !expired(now))
        return Change::None;
    if (is_burst()) {
        // Still writing when the longest chat is over.
        reason_ = Reason::Burst;
        return Change::None;
    }
    reason_ = Reason::None;
    return Change::Ends;
}

}  // namespace hindsight::input
