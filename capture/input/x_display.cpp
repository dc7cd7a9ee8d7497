#include "x_display.hpp"

#include <xcb/xinput.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>

namespace hindsight::input {

namespace controls = hotkey::controls;

namespace {

struct FreeC {
    void operator()(void* p) const noexcept { std::free(p); }
};

template <class T>
using Reply = std::unique_ptr<T, FreeC>;

constexpr std::uint8_t kFirstKeycode = 8;
constexpr std::size_t kMostHeld = 256;

struct EventMask {
    xcb_input_event_mask_t head;
    std::uint32_t mask;
};

float to_float(const xcb_input_fp3232_t& value) {
    return static_cast<float>(
        static_cast<double>(value.integral) + static_cast<double>(value.frac) / 4294967296.0);
}

std::optional<Control> button_control(std::uint32_t button) {
    switch (button) {
    case 1:
        return controls::kMouse1;
    case 3:
        return static_cast<Control>(controls::kMouse1 + 1);
    case 2:
        return static_cast<Control>(controls::kMouse1 + 2);
    case 8:
        return static_cast<Control>(controls::kMouse1 + 3);
    case 9:
        return static_cast<Control>(controls::kMouse1 + 4);
    default:
        return std::nullopt;
    }
}

}  // namespace

Result<std::unique_ptr<XDisplay>> XDisplay::connect() {
    int screen_number = 0;
    xcb_connection_t* connection = xcb_connect(nullptr, &screen_number);
    if (xcb_connection_has_error(connection) != 0) {
        xcb_disconnect(connection);
        return fail(Errc::NotFound, "there is no X11 display");
    }
    auto screens = xcb_setup_roots_iterator(xcb_get_setup(connection));
    for (int i = 0; i < screen_number && screens.rem > 1; ++i)
        xcb_screen_next(&screens);
    std::unique_ptr<XDisplay> display{new XDisplay{connection, screens.data->root}};
    display->width_ = screens.data->width_in_pixels;
    display->height_ = screens.data->height_in_pixels;
    display->init_raw();
    return display;
}

XDisplay::XDisplay(xcb_connection_t* connection, std::uint32_t root)
    : connection_{connection}, root_{root} {}

XDisplay::~XDisplay() {
    xcb_disconnect(connection_);
}

void XDisplay::init_raw() {
    const xcb_query_extension_reply_t* extension =
        xcb_get_extension_data(connection_, &xcb_input_id);
    if (extension == nullptr || extension->present == 0)
        return;
    opcode_ = extension->major_opcode;
    // From 2.2 on raw events arrive while another program holds the keyboard, as games do.
    const Reply<xcb_input_xi_query_version_reply_t> version{xcb_input_xi_query_version_reply(
        connection_, xcb_input_xi_query_version(connection_, 2, 2), nullptr)};
    raw_supported_ =
        version != nullptr && (version->major_version > 2 ||
                               (version->major_version == 2 && version->minor_version >= 2));
}

void XDisplay::select_raw(bool on) {
    if (!raw_supported_)
        return;
    // Masters only: the devices themselves would report everything a second time. The change of
    // devices is refused in the same mask, so it is asked for separately.
    constexpr std::uint32_t kRaw =
        XCB_INPUT_XI_EVENT_MASK_RAW_KEY_PRESS | XCB_INPUT_XI_EVENT_MASK_RAW_KEY_RELEASE |
        XCB_INPUT_XI_EVENT_MASK_RAW_BUTTON_PRESS | XCB_INPUT_XI_EVENT_MASK_RAW_BUTTON_RELEASE |
        XCB_INPUT_XI_EVENT_MASK_RAW_MOTION;
    const EventMask raw{{.deviceid = XCB_INPUT_DEVICE_ALL_MASTER, .mask_len = 1}, on ? kRaw : 0u};
    const EventMask devices{
        {.deviceid = XCB_INPUT_DEVICE_ALL, .mask_len = 1},
        on ? static_cast<std::uint32_t>(XCB_INPUT_XI_EVENT_MASK_HIERARCHY) : 0u};
    xcb_input_xi_select_events(connection_, root_, 1, &raw.head);
    xcb_input_xi_select_events(connection_, root_, 1, &devices.head);
    xcb_flush(connection_);
    if (on)
        read_devices();
}

void XDisplay::read_devices() {
    absolute_.clear();
    const Reply<xcb_input_xi_query_device_reply_t> reply{xcb_input_xi_query_device_reply(
        connection_, xcb_input_xi_query_device(connection_, XCB_INPUT_DEVICE_ALL), nullptr)};
    if (reply == nullptr)
        return;
    for (auto device = xcb_input_xi_query_device_infos_iterator(reply.get()); device.rem > 0;
         xcb_input_xi_device_info_next(&device)) {
        Absolute absolute{.device = device.data->deviceid};
        bool any = false;
        for (auto type = xcb_input_xi_device_info_classes_iterator(device.data); type.rem > 0;
             xcb_input_device_class_next(&type)) {
            if (type.data->type != XCB_INPUT_DEVICE_CLASS_TYPE_VALUATOR)
                continue;
            const auto* axis = reinterpret_cast<const xcb_input_valuator_class_t*>(type.data);
            if (axis->mode != XCB_INPUT_VALUATOR_MODE_ABSOLUTE || axis->number > 1)
                continue;
            const float range = to_float(axis->max) - to_float(axis->min);
            const float size = axis->number == 0 ? width_ : height_;
            (axis->number == 0 ? absolute.scale_x : absolute.scale_y) =
                range > 0 ? size / range : 1.0F;
            any = true;
        }
        if (any)
            absolute_.push_back(absolute);
    }
}

std::optional<RawEvent> XDisplay::decode(const xcb_generic_event_t& event) {
    if ((event.response_type & 0x7f) != XCB_GE_GENERIC)
        return std::nullopt;
    const auto& generic = reinterpret_cast<const xcb_ge_generic_event_t&>(event);
    if (generic.extension != opcode_ || opcode_ == 0)
        return std::nullopt;
    switch (generic.event_type) {
    case XCB_INPUT_RAW_KEY_PRESS:
    case XCB_INPUT_RAW_KEY_RELEASE: {
        const auto& key = reinterpret_cast<const xcb_input_raw_key_press_event_t&>(event);
        const bool repeat = (key.flags & XCB_INPUT_KEY_EVENT_FLAGS_KEY_REPEAT) != 0;
        if (repeat || key.detail < kFirstKeycode || key.detail > 255)
            return std::nullopt;
        return RawEvent{
            .kind = RawEvent::Kind::Key,
            .control = static_cast<Control>(key.detail - kFirstKeycode),
            .down = generic.event_type == XCB_INPUT_RAW_KEY_PRESS,
            .server_ms = key.time};
    }
    case XCB_INPUT_RAW_BUTTON_PRESS:
        return decode_button(&event, /*down=*/true);
    case XCB_INPUT_RAW_BUTTON_RELEASE:
        return decode_button(&event, /*down=*/false);
    case XCB_INPUT_RAW_MOTION:
        return decode_motion(&event);
    case XCB_INPUT_HIERARCHY:
        read_devices();
        return RawEvent{
            .kind = RawEvent::Kind::DevicesChanged,
            .server_ms = reinterpret_cast<const xcb_input_hierarchy_event_t&>(event).time};
    default:
        return std::nullopt;
    }
}

std::optional<RawEvent> XDisplay::decode_button(const void* event, bool down) const {
    const auto* button = static_cast<const xcb_input_raw_button_press_event_t*>(event);
    if (button->detail >= 4 && button->detail <= 7) {
        if (!down)
            return std::nullopt;
        return RawEvent{
            .kind = RawEvent::Kind::Wheel,
            .control = static_cast<Control>(controls::kWheelUp + (button->detail - 4)),
            .down = true,
            .server_ms = button->time};
    }
    const auto control = button_control(button->detail);
    if (!control)
        return std::nullopt;
    return RawEvent{
        .kind = RawEvent::Kind::Button,
        .control = *control,
        .down = down,
        .server_ms = button->time};
}

std::optional<RawEvent> XDisplay::decode_motion(const void* event) {
    const auto* motion = static_cast<const xcb_input_raw_motion_event_t*>(event);
    const std::uint32_t* mask = xcb_input_raw_button_press_valuator_mask(motion);
    const xcb_input_fp3232_t* values = xcb_input_raw_button_press_axisvalues_raw(motion);
    if (motion->valuators_len == 0)
        return std::nullopt;
    std::array<float, 2> xy{};
    std::array<bool, 2> present{};
    int index = 0;
    for (std::size_t axis = 0; axis < xy.size(); ++axis) {
        if ((mask[0] >> axis & 1u) == 0)
            continue;
        xy[axis] = to_float(values[index++]);
        present[axis] = true;
    }
    if (!present[0] && !present[1])
        return std::nullopt;
    const auto source = std::find_if(absolute_.begin(), absolute_.end(), [&](const Absolute& a) {
        return a.device == motion->sourceid;
    });
    if (source != absolute_.end()) {
        const float x = present[0] ? xy[0] : source->x;
        const float y = present[1] ? xy[1] : source->y;
        xy = {(x - source->x) * source->scale_x, (y - source->y) * source->scale_y};
        const bool known = source->known;
        source->x = x;
        source->y = y;
        source->known = true;
        if (!known)
            return std::nullopt;
    }
    return RawEvent{
        .kind = RawEvent::Kind::Motion, .dx = xy[0], .dy = xy[1], .server_ms = motion->time};
}

bool XDisplay::is_down(Control key) const {
    const Reply<xcb_query_keymap_reply_t> keymap{
        xcb_query_keymap_reply(connection_, xcb_query_keymap(connection_), nullptr)};
    const unsigned code = key + kFirstKeycode;
    if (keymap == nullptr || code > 255)
        return false;
    const bool down = (keymap->keys[code / 8] >> code % 8 & 1) != 0;
    ::explicit_bzero(static_cast<void*>(keymap->keys), sizeof keymap->keys);
    return down;
}

std::vector<Control> XDisplay::held() const {
    const auto keymap_cookie = xcb_query_keymap(connection_);
    const auto pointer_cookie = xcb_query_pointer(connection_, root_);
    const Reply<xcb_query_keymap_reply_t> keymap{
        xcb_query_keymap_reply(connection_, keymap_cookie, nullptr)};
    const Reply<xcb_query_pointer_reply_t> pointer{
        xcb_query_pointer_reply(connection_, pointer_cookie, nullptr)};
    std::vector<Control> found;
    found.reserve(kMostHeld);  // a buffer that grew would leave copies in memory
    if (keymap != nullptr) {
        for (unsigned code = kFirstKeycode; code < 256; ++code) {
            if ((keymap->keys[code / 8] >> code % 8 & 1) != 0)
                found.push_back(static_cast<Control>(code - kFirstKeycode));
        }
        ::explicit_bzero(static_cast<void*>(keymap->keys), sizeof keymap->keys);
    }
    if (pointer != nullptr) {
        for (unsigned button = 1; button <= 3; ++button) {
            if ((pointer->mask >> (button + 7) & 1) != 0)
                found.push_back(*button_control(button));
        }
    }
    return found;
}

}  // namespace hindsight::input
