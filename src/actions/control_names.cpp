#include <hindsight/actions/profile.hpp>

namespace hindsight::actions {

// Names of positions on an American keyboard, whatever the layout prints on them, as games do.
// `hindsight-input` owns the table from codes to these names; a test holds the two equal.
const std::vector<std::string>& known_controls() {
    static const std::vector<std::string> kNames{
        // clang-format off
        "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M",
        "N", "O", "P", "Q", "R", "S", "T", "U", "V", "W", "X", "Y", "Z",
        "0", "1", "2", "3", "4", "5", "6", "7", "8", "9",
        "F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "F10", "F11", "F12",
        "F13", "F14", "F15", "F16", "F17", "F18", "F19", "F20", "F21", "F22", "F23", "F24",
        "Up", "Down", "Left", "Right", "Home", "End", "Page Up", "Page Down", "Insert", "Delete",
        "Space", "Return", "Tab", "Backspace", "Escape", "Caps Lock",
        "Left Shift", "Right Shift", "Left Ctrl", "Right Ctrl", "Left Alt", "Right Alt",
        "Left Super", "Right Super", "Menu",
        "-", "=", "[", "]", ";", "'", "`", "\\", ",", ".", "/", "<",
        "Print Screen", "Scroll Lock", "Pause", "Num Lock",
        "Keypad 0", "Keypad 1", "Keypad 2", "Keypad 3", "Keypad 4", "Keypad 5", "Keypad 6",
        "Keypad 7", "Keypad 8", "Keypad 9", "Keypad .", "Keypad /", "Keypad *", "Keypad -",
        "Keypad +", "Keypad Enter",
        "Mouse1", "Mouse2", "Mouse3", "Mouse4", "Mouse5",
        "WheelUp", "WheelDown", "WheelLeft", "WheelRight", "MouseMove",
        "PadA", "PadB", "PadX", "PadY", "PadBack", "PadGuide", "PadStart",
        "PadUp", "PadDown", "PadLeft", "PadRight", "PadLeftShoulder", "PadRightShoulder",
        "PadLeftStickPress", "PadRightStickPress", "PadLeftTrigger", "PadRightTrigger",
        "PadLeftStick", "PadRightStick",
        "PadLeftStickUp", "PadLeftStickDown", "PadLeftStickLeft", "PadLeftStickRight",
        "PadRightStickUp", "PadRightStickDown", "PadRightStickLeft", "PadRightStickRight",
        // clang-format on
    };
    return kNames;
}

}  // namespace hindsight::actions
