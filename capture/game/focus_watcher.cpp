#include <hindsight/game/focus_watcher.hpp>
#include <hindsight/game/process_facts.hpp>

#include <xcb/res.h>
#include <xcb/xcb.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utility>

namespace hindsight::game {

namespace {

struct FreeC {
    void operator()(void* p) const noexcept { std::free(p); }
};

template <class T>
using Reply = std::unique_ptr<T, FreeC>;

constexpr std::uint32_t kMaxPropertyWords = 4096;

Reply<xcb_get_property_reply_t>
property(xcb_connection_t* connection, xcb_window_t window, xcb_atom_t atom, xcb_atom_t type) {
    return Reply<xcb_get_property_reply_t>{xcb_get_property_reply(
        connection,
        xcb_get_property(connection, 0, window, atom, type, 0, kMaxPropertyWords),
        nullptr)};
}

std::string text_of(const Reply<xcb_get_property_reply_t>& reply) {
    if (reply == nullptr || reply->format != 8)
        return "";
    const auto size = static_cast<std::size_t>(xcb_get_property_value_length(reply.get()));
    return {static_cast<const char*>(xcb_get_property_value(reply.get())), size};
}

std::vector<std::uint32_t> words_of(const Reply<xcb_get_property_reply_t>& reply) {
    if (reply == nullptr || reply->format != 32)
        return {};
    const auto count = static_cast<std::size_t>(xcb_get_property_value_length(reply.get())) / 4;
    const auto* values = static_cast<const std::uint32_t*>(xcb_get_property_value(reply.get()));
    return {values, values + count};
}

std::vector<xcb_window_t> children_of(xcb_connection_t* connection, xcb_window_t window) {
    const Reply<xcb_query_tree_reply_t> tree{
        xcb_query_tree_reply(connection, xcb_query_tree(connection, window), nullptr)};
    if (tree == nullptr)
        return {};
    const xcb_window_t* children = xcb_query_tree_children(tree.get());
    return {children, children + xcb_query_tree_children_length(tree.get())};
}

}  // namespace

FocusWatcher::FocusWatcher(xcb_connection_t* connection, std::uint32_t root, Callbacks callbacks)
    : connection_{connection}, root_{root}, callbacks_{std::move(callbacks)} {}

std::uint32_t FocusWatcher::intern(const std::string& name) const {
    const Reply<xcb_intern_atom_reply_t> reply{xcb_intern_atom_reply(
        connection_,
        xcb_intern_atom(connection_, 0, static_cast<std::uint16_t>(name.size()), name.c_str()),
        nullptr)};
    return reply == nullptr ? 0 : reply->atom;
}

Result<> FocusWatcher::start() {
    active_atom_ = intern("_NET_ACTIVE_WINDOW");
    check_atom_ = intern("_NET_SUPPORTING_WM_CHECK");
    clients_atom_ = intern("_NET_CLIENT_LIST");
    pid_atom_ = intern("_NET_WM_PID");
    name_atom_ = intern("_NET_WM_NAME");
    utf8_atom_ = intern("UTF8_STRING");
    const std::uint32_t mask = XCB_EVENT_MASK_PROPERTY_CHANGE | XCB_EVENT_MASK_SUBSTRUCTURE_NOTIFY |
                               XCB_EVENT_MASK_FOCUS_CHANGE;
    xcb_change_window_attributes(connection_, root_, XCB_CW_EVENT_MASK, &mask);
    check_window_manager();
    update_focus(/*facts_changed=*/true);
    if (xcb_connection_has_error(connection_) != 0)
        return fail(Errc::DeviceLost, "the display is gone");
    return {};
}

void FocusWatcher::check_window_manager() {
    manager_ = window_property(root_, check_atom_);
    if (manager_ != 0) {
        // Listen before looking: a starting manager names its window first and marks it afterwards.
        const std::uint32_t mask = XCB_EVENT_MASK_STRUCTURE_NOTIFY | XCB_EVENT_MASK_PROPERTY_CHANGE;
        xcb_change_window_attributes(connection_, manager_, XCB_CW_EVENT_MASK, &mask);
    }
    // A manager that died leaves its property behind; its window is gone then.
    const bool alive = manager_ != 0 && window_property(manager_, check_atom_) == manager_;
    if (!alive)
        select_children();
    const bool changed = alive != window_manager_ || !told_;
    window_manager_ = alive;
    told_ = true;
    if (changed)
        callbacks_.window_manager(alive);
}

void FocusWatcher::select_children() const {
    for (const xcb_window_t child : children_of(connection_, root_))
        listen_to(child);
}

void FocusWatcher::listen_to(std::uint32_t window) const {
    if (window == 0 || window == root_)
        return;
    const std::uint32_t mask = XCB_EVENT_MASK_PROPERTY_CHANGE | XCB_EVENT_MASK_STRUCTURE_NOTIFY |
                               XCB_EVENT_MASK_FOCUS_CHANGE;
    xcb_change_window_attributes(connection_, window, XCB_CW_EVENT_MASK, &mask);
}

void FocusWatcher::watch(std::uint32_t window) {
    if (window != watched_)
        grab_ = Grab::None;
    watched_ = window;
    listen_to(window);
    if (window != 0) {
        const Reply<xcb_get_window_attributes_reply_t> attributes{xcb_get_window_attributes_reply(
            connection_, xcb_get_window_attributes(connection_, window), nullptr)};
        if (attributes == nullptr) {
            watched_ = 0;
            callbacks_.closed({.window = window});
        }
    }
    watched_has_focus_ = watched_ != 0 && holds_input_focus(watched_);
    update_input();
}

void FocusWatcher::update_input() {
    const bool input =
        watched_ != 0 && focused_ == watched_ && watched_has_focus_ && grab_ != Grab::Other;
    if (input == input_)
        return;
    input_ = input;
    callbacks_.input(input);
}

void FocusWatcher::on_focus_event(const void* event, bool gained) {
    const auto* focus = static_cast<const xcb_focus_in_event_t*>(event);
    // The pointer details are about windows under the pointer, and Inferior means that a child of
    // the window has focus or keys.
    const bool pointer = focus->detail >= XCB_NOTIFY_DETAIL_POINTER;
    const bool stays = !gained && focus->detail == XCB_NOTIFY_DETAIL_INFERIOR;
    if (focus->event == watched_ && watched_ != 0 && !pointer && !stays) {
        follow_watched(focus->mode, gained);
        // A game that grabs the keyboard for the window with the focus is told that it loses the
        // keys and gets them, in one go.
        grab_unsettled_ = focus->mode == XCB_NOTIFY_MODE_GRAB && !gained;
        if (!grab_unsettled_)
            update_input();
    }
    if (!window_manager_)
        update_focus(/*facts_changed=*/false);
}

/// A grab takes the keys, not the focus, and raw events arrive all the same: those of a password in
/// a screen lock, too.
void FocusWatcher::follow_watched(std::uint8_t mode, bool gained) {
    switch (mode) {
    case XCB_NOTIFY_MODE_GRAB:
        if (gained)
            grab_ = Grab::Game;
        else if (!callbacks_.own_shortcut())
            grab_ = Grab::Other;
        break;
    case XCB_NOTIFY_MODE_UNGRAB:
        grab_ = Grab::None;
        break;
    case XCB_NOTIFY_MODE_WHILE_GRABBED:
        // The focus moves under a grab whose begin this window was not told of: when it comes here,
        // somebody else's; when it leaves, the one that let the keys through until now.
        if (gained && grab_ == Grab::None)
            grab_ = Grab::Other;
        else if (!gained && grab_ == Grab::None && !callbacks_.own_shortcut())
            grab_ = Grab::Game;
        watched_has_focus_ = gained;
        break;
    default:
        grab_ = Grab::None;
        watched_has_focus_ = gained;
        break;
    }
}

void FocusWatcher::settle() {
    if (std::exchange(grab_unsettled_, false))
        update_input();
}

void FocusWatcher::on_event(const void* event) {
    const auto type = static_cast<const xcb_generic_event_t*>(event)->response_type & 0x7f;
    if (type != XCB_FOCUS_IN)
        settle();
    switch (type) {
    case XCB_PROPERTY_NOTIFY: {
        const auto& change = *static_cast<const xcb_property_notify_event_t*>(event);
        if (change.atom == check_atom_) {
            check_window_manager();
            update_focus(/*facts_changed=*/false);
        } else if (change.window == root_ && change.atom == active_atom_) {
            update_focus(/*facts_changed=*/false);
        }
        if (change.window == focused_ &&
            (change.atom == XCB_ATOM_WM_CLASS || change.atom == pid_atom_))
            update_focus(/*facts_changed=*/true);
        break;
    }
    case XCB_DESTROY_NOTIFY: {
        const auto& gone = *static_cast<const xcb_destroy_notify_event_t*>(event);
        if (gone.window == manager_ && manager_ != 0)
            check_window_manager();
        if (gone.window == watched_ && watched_ != 0) {
            watched_ = 0;
            update_input();
            callbacks_.closed({.window = gone.window});
        }
        update_focus(/*facts_changed=*/false);
        break;
    }
    case XCB_MAP_NOTIFY:
        if (!window_manager_)
            listen_to(static_cast<const xcb_map_notify_event_t*>(event)->window);
        [[fallthrough]];
    case XCB_UNMAP_NOTIFY:
        if (!window_manager_)
            update_focus(/*facts_changed=*/false);
        break;
    case XCB_FOCUS_IN:
        on_focus_event(event, /*gained=*/true);
        break;
    case XCB_FOCUS_OUT:
        on_focus_event(event, /*gained=*/false);
        break;
    default:
        break;
    }
}

void FocusWatcher::update_focus(bool facts_changed) {
    const std::uint32_t window = window_manager_ ? active_window() : input_focus_window();
    if (window == focused_ && !facts_changed)
        return;
    focused_ = window;
    listen_to(window);
    // Without the event the watched window may have had the focus before we listened to it.
    if (window == watched_ && window != 0 && !watched_has_focus_)
        watched_has_focus_ = holds_input_focus(window);
    update_input();
    callbacks_.focus(window == 0 ? ipc::FocusChanged{} : facts_of(window));
}

std::uint32_t FocusWatcher::window_property(std::uint32_t window, std::uint32_t atom) const {
    const auto words = words_of(property(connection_, window, atom, XCB_ATOM_WINDOW));
    return words.empty() ? 0 : words.front();
}

std::uint32_t FocusWatcher::active_window() const {
    return window_property(root_, active_atom_);
}

std::uint32_t FocusWatcher::input_focus_window() const {
    const Reply<xcb_get_input_focus_reply_t> focus{
        xcb_get_input_focus_reply(connection_, xcb_get_input_focus(connection_), nullptr)};
    if (focus == nullptr || focus->focus <= XCB_INPUT_FOCUS_POINTER_ROOT || focus->focus == root_)
        return 0;
    // The focus may sit on a window inside the game's own.
    xcb_window_t window = focus->focus;
    for (int depth = 0; depth < 32; ++depth) {
        const Reply<xcb_query_tree_reply_t> tree{
            xcb_query_tree_reply(connection_, xcb_query_tree(connection_, window), nullptr)};
        if (tree == nullptr)
            return 0;
        if (tree->parent == root_ || tree->parent == 0)
            return window;
        window = tree->parent;
    }
    return 0;
}

bool FocusWatcher::holds_input_focus(std::uint32_t window) const {
    const Reply<xcb_get_input_focus_reply_t> focus{
        xcb_get_input_focus_reply(connection_, xcb_get_input_focus(connection_), nullptr)};
    xcb_window_t at = focus == nullptr ? 0 : focus->focus;
    for (int depth = 0; depth < 32 && at > XCB_INPUT_FOCUS_POINTER_ROOT && at != root_; ++depth) {
        if (at == window)
            return true;
        const Reply<xcb_query_tree_reply_t> tree{
            xcb_query_tree_reply(connection_, xcb_query_tree(connection_, at), nullptr)};
        at = tree == nullptr ? 0 : tree->parent;
    }
    return false;
}

std::uint32_t FocusWatcher::pid_of(std::uint32_t window) const {
    const auto words = words_of(property(connection_, window, pid_atom_, XCB_ATOM_CARDINAL));
    if (!words.empty() && words.front() != 0)
        return words.front();
    // Windows without the property: the server knows which process is connected.
    const xcb_res_client_id_spec_t spec{
        .client = window, .mask = XCB_RES_CLIENT_ID_MASK_LOCAL_CLIENT_PID};
    const Reply<xcb_res_query_client_ids_reply_t> ids{xcb_res_query_client_ids_reply(
        connection_, xcb_res_query_client_ids(connection_, 1, &spec), nullptr)};
    if (ids == nullptr)
        return 0;
    for (auto at = xcb_res_query_client_ids_ids_iterator(ids.get()); at.rem > 0;
         xcb_res_client_id_value_next(&at)) {
        if ((at.data->spec.mask & XCB_RES_CLIENT_ID_MASK_LOCAL_CLIENT_PID) != 0 &&
            xcb_res_client_id_value_value_length(at.data) > 0)
            return xcb_res_client_id_value_value(at.data)[0];
    }
    return 0;
}

std::string FocusWatcher::class_of(std::uint32_t window) const {
    // Two texts, each ended by NUL: instance and class. Any program may write anything there.
    constexpr std::size_t kMaxClassBytes = 128;
    const std::string both =
        text_of(property(connection_, window, XCB_ATOM_WM_CLASS, XCB_ATOM_STRING));
    const std::size_t first_end = both.find('\0');
    if (first_end == std::string::npos)
        return both.substr(0, kMaxClassBytes);
    const std::string second = both.substr(first_end + 1);
    return second.substr(0, std::min(second.find('\0'), kMaxClassBytes));
}

std::string FocusWatcher::title_of(std::uint32_t window) const {
    std::string title = text_of(property(connection_, window, name_atom_, utf8_atom_));
    return title.empty()
               ? text_of(property(connection_, window, XCB_ATOM_WM_NAME, XCB_GET_PROPERTY_TYPE_ANY))
               : title;
}

bool FocusWatcher::is_viewable(std::uint32_t window, int& width, int& height) const {
    const auto attributes_cookie = xcb_get_window_attributes(connection_, window);
    const auto geometry_cookie = xcb_get_geometry(connection_, window);
    const Reply<xcb_get_window_attributes_reply_t> attributes{
        xcb_get_window_attributes_reply(connection_, attributes_cookie, nullptr)};
    const Reply<xcb_get_geometry_reply_t> geometry{
        xcb_get_geometry_reply(connection_, geometry_cookie, nullptr)};
    if (attributes == nullptr || geometry == nullptr)
        return false;
    width = geometry->width;
    height = geometry->height;
    return attributes->map_state == XCB_MAP_STATE_VIEWABLE &&
           attributes->_class == XCB_WINDOW_CLASS_INPUT_OUTPUT;
}

ipc::FocusChanged FocusWatcher::facts_of(std::uint32_t window) const {
    ipc::FocusChanged facts;
    facts.window = window;
    facts.pid = pid_of(window);
    facts.wm_class = class_of(window);
    ProcessFacts process = read_process(facts.pid);
    facts.executable = std::move(process.executable);
    facts.arguments = std::move(process.arguments);
    facts.steam_app_id = std::move(process.steam_app_id);
    if (facts.steam_app_id.empty())
        facts.steam_app_id = steam_app_of_class(facts.wm_class);
    is_viewable(window, facts.width, facts.height);
    return facts;
}

std::vector<std::uint32_t> FocusWatcher::client_windows() const {
    if (window_manager_)
        return words_of(property(connection_, root_, clients_atom_, XCB_ATOM_WINDOW));
    return children_of(connection_, root_);
}

std::vector<ipc::WindowEntry> FocusWatcher::list_windows() const {
    constexpr std::size_t kMaxWindows = 200;
    constexpr std::size_t kMaxTitleBytes = 200;
    std::vector<ipc::WindowEntry> entries;
    for (const std::uint32_t window : client_windows()) {
        ipc::WindowEntry entry;
        entry.window = window;
        if (entries.size() == kMaxWindows || !is_viewable(window, entry.width, entry.height))
            continue;
        entry.wm_class = class_of(window);
        entry.title = title_of(window).substr(0, kMaxTitleBytes);
        // Without a manager the children of the root include helper windows nobody would choose.
        if (!window_manager_ && entry.wm_class.empty() && entry.title.empty())
            continue;
        entry.executable = read_process(pid_of(window)).executable;
        entries.push_back(std::move(entry));
    }
    return entries;
}

}  // namespace hindsight::game
