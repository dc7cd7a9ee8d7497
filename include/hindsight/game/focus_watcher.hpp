#pragma once

// Which X11 window has the focus, and what is known of it. With a window manager that speaks EWMH
// its word counts; without one the X input focus does. hindsightd decides from these facts what a
// game is.

#include <hindsight/core/result.hpp>
#include <hindsight/ipc/messages.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

struct xcb_connection_t;

namespace hindsight::game {

/// `connection` outlives this. Callbacks run inside start(), on_event() and watch(). One thread.
class FocusWatcher {
public:
    struct Callbacks {
        std::function<void(const ipc::FocusChanged&)> focus;   ///< also when facts changed
        std::function<void(const ipc::WindowClosed&)> closed;  ///< the watched window is gone
        /// The watched window began or ceased to receive what is typed: both the window manager and
        /// the X server say so, and no grab takes the keys elsewhere. Ends with the server's own
        /// word, in order with the key events.
        std::function<void(bool)> input;
        /// Whether a shortcut of ours is held: a grab that begins now is its own, a moment in which
        /// the game goes on.
        std::function<bool()> own_shortcut;
        std::function<void(bool)> window_manager;  ///< an EWMH manager came or went
    };

    FocusWatcher(xcb_connection_t* connection, std::uint32_t root, Callbacks callbacks);

    /// Selects what is needed and tells the first focus. Errors: DeviceLost.
    [[nodiscard]] Result<> start();

    /// Also tells when `window` goes away; 0: none.
    void watch(std::uint32_t window);

    /// Every event of the connection may be given here. `event` is an xcb_generic_event_t, an
    /// unnamed struct that only xcb's own header can declare.
    void on_event(const void* event);

    /// Tells what the events so far mean where that depended on the next one. Call before raw input
    /// counts and when no event is waiting.
    void settle();

    [[nodiscard]] std::uint32_t focused() const { return focused_; }

    /// What Callbacks::input told last.
    [[nodiscard]] bool has_input() const { return input_; }

    [[nodiscard]] bool has_window_manager() const { return window_manager_; }

    /// Windows a person would choose from. Titles are read here and nowhere else.
    [[nodiscard]] std::vector<ipc::WindowEntry> list_windows() const;

private:
    [[nodiscard]] std::uint32_t intern(const std::string& name) const;
    void check_window_manager();
    void update_focus(bool facts_changed);
    void update_input();
    void on_focus_event(const void* event, bool gained);
    void follow_watched(std::uint8_t mode, bool gained);
    void select_children() const;
    void listen_to(std::uint32_t window) const;
    [[nodiscard]] std::uint32_t active_window() const;
    [[nodiscard]] std::uint32_t input_focus_window() const;
    [[nodiscard]] bool holds_input_focus(std::uint32_t window) const;
    [[nodiscard]] std::uint32_t window_property(std::uint32_t window, std::uint32_t atom) const;
    [[nodiscard]] std::vector<std::uint32_t> client_windows() const;
    [[nodiscard]] ipc::FocusChanged facts_of(std::uint32_t window) const;
    [[nodiscard]] std::uint32_t pid_of(std::uint32_t window) const;
    [[nodiscard]] std::string class_of(std::uint32_t window) const;
    [[nodiscard]] std::string title_of(std::uint32_t window) const;
    bool is_viewable(std::uint32_t window, int& width, int& height) const;

    /// Who took the whole keyboard, as far as the watched window's events tell. X11 has no question
    /// for it.
    enum class Grab : std::uint8_t { None, Game, Other };

    xcb_connection_t* connection_;
    std::uint32_t root_;
    Callbacks callbacks_;
    std::uint32_t active_atom_ = 0;
    std::uint32_t check_atom_ = 0;
    std::uint32_t clients_atom_ = 0;
    std::uint32_t pid_atom_ = 0;
    std::uint32_t name_atom_ = 0;
    std::uint32_t utf8_atom_ = 0;
    std::uint32_t manager_ = 0;  ///< the window manager's own window
    bool window_manager_ = false;
    bool told_ = false;
    std::uint32_t focused_ = 0;
    std::uint32_t watched_ = 0;
    bool watched_has_focus_ = false;  ///< by FocusIn and FocusOut of the watched window
    Grab grab_ = Grab::None;
    bool grab_unsettled_ = false;  ///< the watched window's own grab would be told next
    bool input_ = false;
};

}  // namespace hindsight::game
