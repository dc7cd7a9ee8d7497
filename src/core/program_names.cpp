#include <hindsight/core/program_names.hpp>

#include <strings.h>

#include <algorithm>
#include <sstream>

namespace hindsight {

std::vector<std::string> program_names(std::string_view list) {
    std::vector<std::string> names;
    std::istringstream parts{std::string{list}};
    for (std::string name; std::getline(parts, name, ',');) {
        const std::size_t first = name.find_first_not_of(' ');
        if (first != std::string::npos)
            names.push_back(name.substr(first, name.find_last_not_of(' ') - first + 1));
    }
    return names;
}

bool names_program(
    const std::vector<std::string>& names,
    const std::string& executable,
    const std::string& wm_class) {
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        return ::strcasecmp(name.c_str(), executable.c_str()) == 0 ||
               ::strcasecmp(name.c_str(), wm_class.c_str()) == 0;
    });
}

}  // namespace hindsight
