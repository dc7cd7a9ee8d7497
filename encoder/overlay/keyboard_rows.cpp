#include "keyboard_rows.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace hindsight::overlay {

namespace {

constexpr double kCell = 56;
constexpr double kPitch = 62;
constexpr double kWide = 76;
constexpr double kWidth = 324;
constexpr double kGap = 6;
constexpr double kDigitHeight = 40;

constexpr std::array<std::pair<std::string_view, std::string_view>, 20> kLabels{{
    {"Up", "↑"},
    {"Down", "↓"},
    {"Left", "←"},
    {"Right", "→"},
    {"Return", "Enter"},
    {"Escape", "Esc"},
    {"Backspace", "⌫"},
    {"Caps Lock", "Caps"},
    {"Delete", "Del"},
    {"Insert", "Ins"},
    {"Page Up", "PgUp"},
    {"Page Down", "PgDn"},
    {"Keypad Enter", "KP↵"},
    {"Keypad +", "KP+"},
    {"Keypad -", "KP-"},
    {"Keypad *", "KP*"},
    {"Keypad /", "KP/"},
    {"Keypad .", "KP."},
    {"Mouse4", "M4"},
    {"Mouse5", "M5"},
}};

std::string label_of(const std::string& cell) {
    for (const auto& [name, label] : kLabels) {
        if (cell == name)
            return std::string{label};
    }
    return cell.starts_with("Keypad ") ? "KP" + cell.substr(7) : cell;
}

bool is_digit(std::string_view cell) {
    return cell.size() == 1 && cell[0] >= '0' && cell[0] <= '9';
}

bool on_mouse(std::string_view cell) {
    return cell.starts_with("Mouse") || cell.starts_with("Wheel");
}

/// Keys that stop the game rather than play it; they would take a cell and never light.
bool leaves_the_game(std::string_view cell) {
    return cell == "Escape" || cell == "Pause" || cell == "Print Screen";
}

/// A place of the cluster: its usual key and whether another may stand there. No key: empty unless
/// another needs it.
struct Place {
    std::string_view cell;
    Box box;
    bool free = false;
};

std::vector<Place> letter_cluster() {
    const double second = kWide + kGap;
    return {
        {"Tab", {0, 0, kWide, kCell}, true},
        {"Q", {second, 0, kCell, kCell}, true},
        {"W", {second + kPitch, 0, kCell, kCell}},
        {"E", {second + 2 * kPitch, 0, kCell, kCell}, true},
        {"R", {second + 3 * kPitch, 0, kCell, kCell}, true},
        {"Shift", {0, kPitch, kWide, kCell}},
        {"A", {second, kPitch, kCell, kCell}},
        {"S", {second + kPitch, kPitch, kCell, kCell}},
        {"D", {second + 2 * kPitch, kPitch, kCell, kCell}},
        {"F", {second + 3 * kPitch, kPitch, kCell, kCell}, true},
        {"Ctrl", {0, 2 * kPitch, kWide, kCell}},
        {"Space", {second, 2 * kPitch, 242, kCell}}};
}

std::vector<Place> arrow_cluster() {
    const double second = kWide + kGap;
    return {
        {"Tab", {0, 0, kWide, kCell}, true},
        {"", {second, 0, kCell, kCell}, true},
        {"", {second + kPitch, 0, kCell, kCell}, true},
        {"", {second + 2 * kPitch, 0, kCell, kCell}, true},
        {"", {second + 3 * kPitch, 0, kCell, kCell}, true},
        {"Shift", {0, kPitch, kWide, kCell}, true},
        {"Space", {second, kPitch, kCell + kPitch, kCell}},
        {"Up", {second + 2 * kPitch, kPitch, kCell, kCell}},
        {"", {second + 3 * kPitch, kPitch, kCell, kCell}, true},
        {"Ctrl", {0, 2 * kPitch, kWide, kCell}},
        {"Alt", {second, 2 * kPitch, kCell, kCell}},
        {"Left", {second + kPitch, 2 * kPitch, kCell, kCell}},
        {"Down", {second + 2 * kPitch, 2 * kPitch, kCell, kCell}},
        {"Right", {second + 3 * kPitch, 2 * kPitch, kCell, kCell}}};
}

bool moves_by_arrows(const ControlMap& controls) {
    const auto any = [&](std::initializer_list<std::string_view> cells) {
        return std::any_of(cells.begin(), cells.end(), [&](std::string_view cell) {
            return controls.binds(cell);
        });
    };
    return any({"Up", "Down", "Left", "Right"}) && !any({"W", "A", "S", "D"});
}

/// Bound keys that have no place of their own: letters and signs before named keys, used ones
/// first.
std::vector<std::string> guests(const ControlMap& controls, const std::vector<Place>& places) {
    std::vector<std::string> found;
    for (const std::string& cell : controls.cells()) {
        const bool placed = std::any_of(
            places.begin(), places.end(), [&](const Place& place) { return place.cell == cell; });
        if (!placed && !is_digit(cell) && !on_mouse(cell) && !leaves_the_game(cell))
            found.push_back(cell);
    }
    std::stable_partition(
        found.begin(), found.end(), [&](const std::string& cell) { return controls.used(cell); });
    return found;
}

void seat(std::vector<Place>& places, std::vector<std::string>& waiting, KeyboardRows& rows) {
    for (const std::string& cell : waiting) {
        const auto place =
            std::find_if(places.begin(), places.end(), [](const Place& p) { return p.free; });
        if (place == places.end())
            break;
        rows.keys.push_back({cell, label_of(cell), place->box});
        places.erase(place);
    }
    for (const Place& place : places) {
        if (!place.cell.empty())
            rows.keys.push_back(
                {std::string{place.cell}, label_of(std::string{place.cell}), place.box});
    }
}

/// Number keys get a row of their own above the cluster, in clips that press one.
void add_digits(const ControlMap& controls, KeyboardRows& rows) {
    std::vector<std::string> digits;
    bool used = false;
    for (const std::string& cell : controls.cells()) {
        if (!is_digit(cell))
            continue;
        digits.push_back(cell);
        used = used || controls.used(cell);
    }
    if (!used)
        return;
    std::sort(digits.begin(), digits.end());
    if (digits.front() == "0")
        std::rotate(digits.begin(), digits.begin() + 1, digits.end());
    const double shift = kDigitHeight + kGap;
    for (Key& key : rows.keys)
        key.box.y += shift;
    rows.height += shift;
    const auto count = static_cast<double>(digits.size());
    const double width = std::min(kCell, (kWidth - kGap * (count - 1)) / count);
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const double x = static_cast<double>(i) * (width + kGap);
        rows.keys.push_back({digits[i], digits[i], {x, 0, width, kDigitHeight}});
    }
}

}  // namespace

KeyboardRows keyboard_rows(const ControlMap& controls) {
    std::vector<Place> places = moves_by_arrows(controls) ? arrow_cluster() : letter_cluster();
    std::vector<std::string> waiting = guests(controls, places);
    for (Place& place : places)
        place.free = place.free && !controls.binds(place.cell);
    // Empty places before those that show an unused key of the cluster.
    std::stable_partition(
        places.begin(), places.end(), [](const Place& place) { return place.cell.empty(); });
    KeyboardRows rows;
    seat(places, waiting, rows);
    add_digits(controls, rows);
    return rows;
}

}  // namespace hindsight::overlay
