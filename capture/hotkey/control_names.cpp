#include <hindsight/hotkey/control_names.hpp>

#include <algorithm>
#include <array>

namespace hindsight::hotkey {

namespace {

struct Entry {
    std::string_view name;
    Control control;
};

// Codes of linux/input-event-codes.h; positions of an American keyboard.
// clang-format off
constexpr std::array kTable{
    Entry{"Escape", 1}, Entry{"1", 2}, Entry{"2", 3}, Entry{"3", 4}, Entry{"4", 5}, Entry{"5", 6},
    Entry{"6", 7}, Entry{"7", 8}, Entry{"8", 9}, Entry{"9", 10}, Entry{"0", 11}, Entry{"-", 12},
    Entry{"=", 13}, Entry{"Backspace", 14}, Entry{"Tab", 15},
    Entry{"Q", 16}, Entry{"W", 17}, Entry{"E", 18}, Entry{"R", 19}, Entry{"T", 20}, Entry{"Y", 21},
    Entry{"U", 22}, Entry{"I", 23}, Entry{"O", 24}, Entry{"P", 25}, Entry{"[", 26}, Entry{"]", 27},
    Entry{"Return", 28}, Entry{"Left Ctrl", 29},
    Entry{"A", 30}, Entry{"S", 31}, Entry{"D", 32}, Entry{"F", 33}, Entry{"G", 34}, Entry{"H", 35},
    Entry{"J", 36}, Entry{"K", 37}, Entry{"L", 38}, Entry{";", 39}, Entry{"'", 40}, Entry{"`", 41},
    Entry{"Left Shift", 42}, Entry{"\\", 43},
    Entry{"Z", 44}, Entry{"X", 45}, Entry{"C", 46}, Entry{"V", 47}, Entry{"B", 48}, Entry{"N", 49},
    Entry{"M", 50}, Entry{",", 51}, Entry{".", 52}, Entry{"/", 53}, Entry{"Right Shift", 54},
    Entry{"Keypad *", 55}, Entry{"Left Alt", 56}, Entry{"Space", 57}, Entry{"Caps Lock", 58},
    Entry{"F1", 59}, Entry{"F2", 60}, Entry{"F3", 61}, Entry{"F4", 62}, Entry{"F5", 63},
    Entry{"F6", 64}, Entry{"F7", 65}, Entry{"F8", 66}, Entry{"F9", 67}, Entry{"F10", 68},
    Entry{"Num Lock", 69}, Entry{"Scroll Lock", 70},
    Entry{"Keypad 7", 71}, Entry{"Keypad 8", 72}, Entry{"Keypad 9", 73}, Entry{"Keypad -", 74},
    Entry{"Keypad 4", 75}, Entry{"Keypad 5", 76}, Entry{"Keypad 6", 77}, Entry{"Keypad +", 78},
    Entry{"Keypad 1", 79}, Entry{"Keypad 2", 80}, Entry{"Keypad 3", 81}, Entry{"Keypad 0", 82},
    Entry{"Keypad .", 83}, Entry{"<", 86}, Entry{"F11", 87}, Entry{"F12", 88},
    Entry{"Keypad Enter", 96}, Entry{"Right Ctrl", 97}, Entry{"Keypad /", 98},
    Entry{"Print Screen", 99}, Entry{"Right Alt", 100},
    Entry{"Home", 102}, Entry{"Up", 103}, Entry{"Page Up", 104}, Entry{"Left", 105},
    Entry{"Right", 106}, Entry{"End", 107}, Entry{"Down", 108}, Entry{"Page Down", 109},
    Entry{"Insert", 110}, Entry{"Delete", 111}, Entry{"Pause", 119},
    Entry{"Left Super", 125}, Entry{"Right Super", 126}, Entry{"Menu", 127},
    Entry{"F13", 183}, Entry{"F14", 184}, Entry{"F15", 185}, Entry{"F16", 186}, Entry{"F17", 187},
    Entry{"F18", 188}, Entry{"F19", 189}, Entry{"F20", 190}, Entry{"F21", 191}, Entry{"F22", 192},
    Entry{"F23", 193}, Entry{"F24", 194},

    Entry{"Mouse1", controls::kMouse1}, Entry{"Mouse2", controls::kMouse1 + 1},
    Entry{"Mouse3", controls::kMouse1 + 2}, Entry{"Mouse4", controls::kMouse1 + 3},
    Entry{"Mouse5", controls::kMouse1 + 4},
    Entry{"WheelUp", controls::kWheelUp}, Entry{"WheelDown", controls::kWheelDown},
    Entry{"WheelLeft", controls::kWheelLeft}, Entry{"WheelRight", controls::kWheelRight},
    Entry{"MouseMove", controls::kMouseMove},

    // In the order of SDL_GameControllerButton.
    Entry{"PadA", controls::kPadA}, Entry{"PadB", controls::kPadA + 1},
    Entry{"PadX", controls::kPadA + 2}, Entry{"PadY", controls::kPadA + 3},
    Entry{"PadBack", controls::kPadA + 4}, Entry{"PadGuide", controls::kPadGuide},
    Entry{"PadStart", controls::kPadA + 6}, Entry{"PadLeftStickPress", controls::kPadA + 7},
    Entry{"PadRightStickPress", controls::kPadA + 8},
    Entry{"PadLeftShoulder", controls::kPadA + 9}, Entry{"PadRightShoulder", controls::kPadA + 10},
    Entry{"PadUp", controls::kPadA + 11}, Entry{"PadDown", controls::kPadA + 12},
    Entry{"PadLeft", controls::kPadA + 13}, Entry{"PadRight", controls::kPadA + 14},
    Entry{"PadLeftTrigger", controls::kPadLeftTrigger},
    Entry{"PadRightTrigger", controls::kPadRightTrigger},
    Entry{"PadLeftStick", controls::kPadLeftStick},
    Entry{"PadRightStick", controls::kPadRightStick},
    Entry{"PadLeftStickUp", controls::kPadLeftStickUp},
    Entry{"PadLeftStickDown", controls::kPadLeftStickUp + 1},
    Entry{"PadLeftStickLeft", controls::kPadLeftStickUp + 2},
    Entry{"PadLeftStickRight", controls::kPadLeftStickUp + 3},
    Entry{"PadRightStickUp", controls::kPadRightStickUp},
    Entry{"PadRightStickDown", controls::kPadRightStickUp + 1},
    Entry{"PadRightStickLeft", controls::kPadRightStickUp + 2},
    Entry{"PadRightStickRight", controls::kPadRightStickUp + 3},
};
// clang-format on

}  // namespace

std::optional<Control> control_from_name(std::string_view name) {
    const auto* const found = std::find_if(
        kTable.begin(), kTable.end(), [&](const Entry& entry) { return entry.name == name; });
    if (found == kTable.end())
        return std::nullopt;
    return found->control;
}

bool is_printable(Control control) {
    const auto within = [control](Control first, Control last) {
        return control >= first && control <= last;
    };
    return within(2, 13) || within(16, 27) || within(30, 41) || within(43, 53) ||
           control == controls::kSpace || control == 55 || within(71, 83) || control == 86 ||
           control == 98;
}

std::vector<std::string_view> all_control_names() {
    std::vector<std::string_view> names;
    names.reserve(kTable.size());
    for (const Entry& entry : kTable)
        names.push_back(entry.name);
    return names;
}

}  // namespace hindsight::hotkey
