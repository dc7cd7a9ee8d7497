#pragma once

// The X server as a source of raw input: selected only while the recorded window has the focus.

#include <hindsight/core/log.hpp>
#include <hindsight/core/result.hpp>
#include <hindsight/hotkey/control_names.hpp>

#include <xcb/xcb.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace hindsight::input {

using hotkey::Control;

/// One raw event. Lives on the stack of the loop that reads it.
struct RawEvent {
    enum class Kind : std::uint8_t { Key, Button, Wheel, Motion, DevicesChanged };

    Kind kind = Kind::Key;
    Control control = 0;
    bool down = false;
    float dx = 0;  ///< counts of the device, not accelerated
    float dy = 0;
    std::uint32_t server_ms = 0;
};

/// One connection; one thread.
class XDisplay {
public:
    /// Errors: NotFound (no display named, or none there).
    [[nodiscard]] static Result<std::unique_ptr<XDisplay>> connect();

    ~XDisplay();
    XDisplay(const XDisplay&) = delete;
    XDisplay& operator=(const XDisplay&) = delete;

    [[nodiscard]] xcb_connection_t* connection() const { return connection_; }

    [[nodiscard]] std::uint32_t root() const { return root_; }

    [[nodiscard]] bool alive() const { return xcb_connection_has_error(connection_) == 0; }

    /// XInput 2.2 or later is there.
    [[nodiscard]] bool raw_supported() const { return raw_supported_; }

    void select_raw(bool on);

    /// The event in our terms; nothing for events of other kinds, repeats, and what no control of
    /// ours stands for.
    [[nodiscard]] std::optional<RawEvent> decode(const xcb_generic_event_t& event);

    /// Keys and mouse buttons that are down now.
    [[nodiscard]] std::vector<Control> held() const;

    /// Whether one key is down now; false when the display is gone.
    [[nodiscard]] bool is_down(Control key) const;

private:
    XDisplay(xcb_connection_t* connection, std::uint32_t root);

    void init_raw();
    void read_devices();
    [[nodiscard]] std::optional<RawEvent> decode_button(const void* event, bool down) const;
    [[nodiscard]] std::optional<RawEvent> decode_motion(const void* event);

    /// A device that reports places instead of steps (tablet, virtual machine).
    struct Absolute {
        std::uint16_t device = 0;
        float x = 0;
        float y = 0;
        float scale_x = 1;  ///< to picture elements of the screen
        float scale_y = 1;
        bool known = false;  ///< x and y hold the last place
    };

    xcb_connection_t* connection_;
    std::uint32_t root_;
    std::uint16_t width_ = 0;
    std::uint16_t height_ = 0;
    bool raw_supported_ = false;
    std::uint8_t opcode_ = 0;
    std::vector<Absolute> absolute_;
};

}  // namespace hindsight::input
