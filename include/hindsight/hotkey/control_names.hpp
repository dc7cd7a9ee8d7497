#pragma once

// The one table between codes and names of controls. Codes exist in `hindsight-input` only; names
// come in with bindings and chords, and none ever goes out.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace hindsight::hotkey {

/// A control inside this process: below 0x100 the evdev code of a key (X11's key code − 8), above
/// that the constants below.
using Control = std::uint16_t;

namespace controls {

inline constexpr Control kEscape = 1;
inline constexpr Control kReturn = 28;
inline constexpr Control kKeypadEnter = 96;
inline constexpr Control kSpace = 57;
inline constexpr Control kLeftCtrl = 29;
inline constexpr Control kLeftShift = 42;
inline constexpr Control kRightShift = 54;
inline constexpr Control kLeftAlt = 56;
inline constexpr Control kNumLock = 69;
inline constexpr Control kRightCtrl = 97;
inline constexpr Control kRightAlt = 100;
inline constexpr Control kLeftSuper = 125;
inline constexpr Control kRightSuper = 126;

inline constexpr Control kMouse1 = 0x100;  ///< left; 2 right, 3 middle, 4 back, 5 forward
inline constexpr Control kWheelUp = 0x108;
inline constexpr Control kWheelDown = 0x109;
inline constexpr Control kWheelLeft = 0x10a;
inline constexpr Control kWheelRight = 0x10b;
inline constexpr Control kMouseMove = 0x10c;

inline constexpr Control kPadA = 0x120;  ///< + SDL_GameControllerButton
inline constexpr Control kPadGuide = 0x125;
inline constexpr Control kPadLeftTrigger = 0x140;
inline constexpr Control kPadRightTrigger = 0x141;
inline constexpr Control kPadLeftStick = 0x142;
inline constexpr Control kPadRightStick = 0x143;
inline constexpr Control kPadLeftStickUp = 0x144;   ///< then Down, Left, Right
inline constexpr Control kPadRightStickUp = 0x148;  ///< then Down, Left, Right

inline constexpr Control kEnd = 0x150;  ///< one past the last control

}  // namespace controls

/// "W" → its code; exact spelling. [any-thread]
[[nodiscard]] std::optional<Control> control_from_name(std::string_view name);

/// Whether the key writes something in a text field (letters, digits, signs, space). [any-thread]
[[nodiscard]] bool is_printable(Control control);

/// Every name, for the test that holds them equal to what profiles may use.
[[nodiscard]] std::vector<std::string_view> all_control_names();

}  // namespace hindsight::hotkey
