#include "game_bindings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

namespace hindsight::actions {

namespace {

using Names = std::map<std::string, std::string, std::less<>>;

/// Empty: `names` does not know it.
std::string look_up(const Names& names, std::string_view key) {
    const auto found = names.find(key);
    return found == names.end() ? std::string{} : found->second;
}

/// A letter, a digit or a sign that is a control by itself.
std::string control_of_character(char c) {
    constexpr std::string_view kSigns = "-=[];'`\\,./<";
    if (c >= 'a' && c <= 'z')
        return std::string(1, static_cast<char>(c - 'a' + 'A'));
    if ((c >= '0' && c <= '9') || kSigns.find(c) != std::string_view::npos)
        return std::string(1, c);
    return {};
}

/// "f1" … "f24"; empty otherwise.
std::string function_key(std::string_view key) {
    int number = 0;
    if (key.size() < 2 || key.front() != 'f' || !parse_number(key.substr(1), number))
        return {};
    return number >= 1 && number <= 24 ? fmt::format("F{}", number) : std::string{};
}

// Along the scan codes 1 to 88 of the PC keyboard; empty where there is none.
constexpr std::array<std::string_view, 89> kScanCodes{
    "",         "Escape",    "1",           "2",
    "3",        "4",         "5",           "6",
    "7",        "8",         "9",           "0",
    "-",        "=",         "Backspace",   "Tab",
    "Q",        "W",         "E",           "R",
    "T",        "Y",         "U",           "I",
    "O",        "P",         "[",           "]",
    "Return",   "Left Ctrl", "A",           "S",
    "D",        "F",         "G",           "H",
    "J",        "K",         "L",           ";",
    "'",        "`",         "Left Shift",  "\\",
    "Z",        "X",         "C",           "V",
    "B",        "N",         "M",           ",",
    ".",        "/",         "Right Shift", "Keypad *",
    "Left Alt", "Space",     "Caps Lock",   "F1",
    "F2",       "F3",        "F4",          "F5",
    "F6",       "F7",        "F8",          "F9",
    "F10",      "Num Lock",  "Scroll Lock", "Keypad 7",
    "Keypad 8", "Keypad 9",  "Keypad -",    "Keypad 4",
    "Keypad 5", "Keypad 6",  "Keypad +",    "Keypad 1",
    "Keypad 2", "Keypad 3",  "Keypad 0",    "Keypad .",
    "",         "",          "<",           "F11",
    "F12"};

}  // namespace

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        lines.push_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlank = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(kBlank);
    if (begin == std::string_view::npos)
        return {};
    return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

bool parse_number(std::string_view text, int& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size();
}

std::string small_letters(std::string_view text) {
    std::string result{text};
    for (char& c : result)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return result;
}

std::string control_of_quake_key(std::string_view name) {
    static const Names kNames{
        {"space", "Space"},
        {"tab", "Tab"},
        {"enter", "Return"},
        {"escape", "Escape"},
        {"backspace", "Backspace"},
        {"capslock", "Caps Lock"},
        {"ctrl", "Left Ctrl"},
        {"lctrl", "Left Ctrl"},
        {"rctrl", "Right Ctrl"},
        {"shift", "Left Shift"},
        {"lshift", "Left Shift"},
        {"rshift", "Right Shift"},
        {"alt", "Left Alt"},
        {"lalt", "Left Alt"},
        {"ralt", "Right Alt"},
        {"lwin", "Left Super"},
        {"rwin", "Right Super"},
        {"app", "Menu"},
        {"uparrow", "Up"},
        {"downarrow", "Down"},
        {"leftarrow", "Left"},
        {"rightarrow", "Right"},
        {"ins", "Insert"},
        {"del", "Delete"},
        {"home", "Home"},
        {"end", "End"},
        {"pgup", "Page Up"},
        {"pgdn", "Page Down"},
        {"pause", "Pause"},
        {"numlock", "Num Lock"},
        {"scrolllock", "Scroll Lock"},
        {"semicolon", ";"},
        {"mouse1", "Mouse1"},
        {"mouse2", "Mouse2"},
        {"mouse3", "Mouse3"},
        {"mouse4", "Mouse4"},
        {"mouse5", "Mouse5"},
        {"mwheelup", "WheelUp"},
        {"mwheeldown", "WheelDown"},
        {"kp_ins", "Keypad 0"},
        {"kp_end", "Keypad 1"},
        {"kp_downarrow", "Keypad 2"},
        {"kp_pgdn", "Keypad 3"},
        {"kp_leftarrow", "Keypad 4"},
        {"kp_5", "Keypad 5"},
        {"kp_rightarrow", "Keypad 6"},
        {"kp_home", "Keypad 7"},
        {"kp_uparrow", "Keypad 8"},
        {"kp_pgup", "Keypad 9"},
        {"kp_del", "Keypad ."},
        {"kp_enter", "Keypad Enter"},
        {"kp_slash", "Keypad /"},
        {"kp_multiply", "Keypad *"},
        {"kp_minus", "Keypad -"},
        {"kp_plus", "Keypad +"}};
    const std::string key = small_letters(name);
    if (key.size() == 1)
        return control_of_character(key.front());
    if (std::string control = function_key(key); !control.empty())
        return control;
    return look_up(kNames, key);
}

std::string control_of_minecraft_key(std::string_view name) {
    static const Names kNames{
        {"space", "Space"},
        {"tab", "Tab"},
        {"enter", "Return"},
        {"escape", "Escape"},
        {"backspace", "Backspace"},
        {"caps.lock", "Caps Lock"},
        {"left.control", "Left Ctrl"},
        {"right.control", "Right Ctrl"},
        {"left.shift", "Left Shift"},
        {"right.shift", "Right Shift"},
        {"left.alt", "Left Alt"},
        {"right.alt", "Right Alt"},
        {"left.win", "Left Super"},
        {"right.win", "Right Super"},
        {"menu", "Menu"},
        {"up", "Up"},
        {"down", "Down"},
        {"left", "Left"},
        {"right", "Right"},
        {"insert", "Insert"},
        {"delete", "Delete"},
        {"home", "Home"},
        {"end", "End"},
        {"page.up", "Page Up"},
        {"page.down", "Page Down"},
        {"pause", "Pause"},
        {"num.lock", "Num Lock"},
        {"scroll.lock", "Scroll Lock"},
        {"print.screen", "Print Screen"},
        {"minus", "-"},
        {"equal", "="},
        {"left.bracket", "["},
        {"right.bracket", "]"},
        {"semicolon", ";"},
        {"apostrophe", "'"},
        {"grave.accent", "`"},
        {"backslash", "\\"},
        {"comma", ","},
        {"period", "."},
        {"slash", "/"},
        {"keypad.add", "Keypad +"},
        {"keypad.subtract", "Keypad -"},
        {"keypad.multiply", "Keypad *"},
        {"keypad.divide", "Keypad /"},
        {"keypad.decimal", "Keypad ."},
        {"keypad.enter", "Keypad Enter"}};
    static const Names kMouse{
        {"left", "Mouse1"},
        {"right", "Mouse2"},
        {"middle", "Mouse3"},
        {"4", "Mouse4"},
        {"5", "Mouse5"}};
    constexpr std::string_view kKeyboard = "key.keyboard.";
    constexpr std::string_view kButton = "key.mouse.";
    if (name.starts_with(kButton))
        return look_up(kMouse, name.substr(kButton.size()));
    if (!name.starts_with(kKeyboard))
        return {};
    const std::string_view key = name.substr(kKeyboard.size());
    constexpr std::string_view kKeypad = "keypad.";
    if (key.size() == kKeypad.size() + 1 && key.starts_with(kKeypad) && key.back() >= '0' &&
        key.back() <= '9')
        return fmt::format("Keypad {}", key.back());
    if (key.size() == 1)
        return control_of_character(key.front());
    if (std::string control = function_key(key); !control.empty())
        return control;
    return look_up(kNames, key);
}

std::string control_of_scan_code(int code) {
    if (code < 0 || static_cast<std::size_t>(code) >= kScanCodes.size())
        return {};
    return std::string{kScanCodes[static_cast<std::size_t>(code)]};
}

std::string control_of_lwjgl_code(int code) {
    switch (code) {
    case -100:
        return "Mouse1";
    case -99:
        return "Mouse2";
    case -98:
        return "Mouse3";
    case -97:
        return "Mouse4";
    case -96:
        return "Mouse5";
    case 156:
        return "Keypad Enter";
    case 157:
        return "Right Ctrl";
    case 181:
        return "Keypad /";
    case 183:
        return "Print Screen";
    case 184:
        return "Right Alt";
    case 197:
        return "Pause";
    case 199:
        return "Home";
    case 200:
        return "Up";
    case 201:
        return "Page Up";
    case 203:
        return "Left";
    case 205:
        return "Right";
    case 207:
        return "End";
    case 208:
        return "Down";
    case 209:
        return "Page Down";
    case 210:
        return "Insert";
    case 211:
        return "Delete";
    case 219:
        return "Left Super";
    case 220:
        return "Right Super";
    case 221:
        return "Menu";
    default:
        return control_of_scan_code(code);
    }
}

std::string control_of_sdl_keycode(int code) {
    static const std::map<int, std::string> kCharacters{
        {8, "Backspace"},
        {9, "Tab"},
        {13, "Return"},
        {27, "Escape"},
        {32, "Space"},
        {127, "Delete"}};
    // From 57 on along SDL's scan codes; F13 and later are left to the keys that keyboards have.
    static constexpr std::array<std::string_view, 43> kScans{
        "Caps Lock", "F1",           "F2",          "F3",        "F4",       "F5",
        "F6",        "F7",           "F8",          "F9",        "F10",      "F11",
        "F12",       "Print Screen", "Scroll Lock", "Pause",     "Insert",   "Home",
        "Page Up",   "Delete",       "End",         "Page Down", "Right",    "Left",
        "Down",      "Up",           "Num Lock",    "Keypad /",  "Keypad *", "Keypad -",
        "Keypad +",  "Keypad Enter", "Keypad 1",    "Keypad 2",  "Keypad 3", "Keypad 4",
        "Keypad 5",  "Keypad 6",     "Keypad 7",    "Keypad 8",  "Keypad 9", "Keypad 0",
        "Keypad ."};
    static constexpr std::array<std::string_view, 8> kModifiers{
        "Left Ctrl",
        "Left Shift",
        "Left Alt",
        "Left Super",
        "Right Ctrl",
        "Right Shift",
        "Right Alt",
        "Right Super"};
    constexpr int kIsScan = 1 << 30;
    constexpr int kFirstScan = 57;
    constexpr int kFirstModifier = 224;
    if (const auto found = kCharacters.find(code); found != kCharacters.end())
        return found->second;
    if (code > 32 && code < 127)
        return control_of_character(static_cast<char>(code));
    if ((code & kIsScan) == 0 || code < 0)
        return {};
    const int scan = code & ~kIsScan;
    if (scan >= kFirstModifier && scan < kFirstModifier + static_cast<int>(kModifiers.size()))
        return std::string{kModifiers[static_cast<std::size_t>(scan - kFirstModifier)]};
    if (scan >= kFirstScan && scan < kFirstScan + static_cast<int>(kScans.size()))
        return std::string{kScans[static_cast<std::size_t>(scan - kFirstScan)]};
    return {};
}

}  // namespace hindsight::actions
