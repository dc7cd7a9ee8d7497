#pragma once

// Which keys the keyboard cluster shows, and where: the cluster round W A S D or the one round the
// arrow keys, with the profile's other keys in place of letters that it does not use.

#include "control_map.hpp"
#include "path.hpp"

#include <string>
#include <vector>

namespace hindsight::overlay {

struct Key {
    std::string cell;   ///< cell_of() its control
    std::string label;  ///< what the cell says
    Box box;

    [[nodiscard]] double radius() const { return box.h < 50 ? 8 : 10; }
};

struct KeyboardRows {
    std::vector<Key> keys;
    double height = 180;  ///< more when there is a row of digits
};

[[nodiscard]] KeyboardRows keyboard_rows(const ControlMap& controls);

}  // namespace hindsight::overlay
