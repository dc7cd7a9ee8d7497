#pragma once

// Programs as a setting names them: by the file name of the program or the class of its windows.

#include <string>
#include <string_view>
#include <vector>

namespace hindsight {

/// The names in a list with commas between them, without the spaces around. [any-thread]
[[nodiscard]] std::vector<std::string> program_names(std::string_view list);

/// Whether one of `names` is that of the program, with no regard to case. What is empty has no
/// name. [any-thread]
[[nodiscard]] bool names_program(
    const std::vector<std::string>& names,
    const std::string& executable,
    const std::string& wm_class);

}  // namespace hindsight
