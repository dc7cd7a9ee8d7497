#pragma once

// What sessions left in the folders for clips when nobody has notes of them any more.

#include <filesystem>
#include <vector>

namespace hindsight::service {

struct LeftOvers {
    std::vector<std::filesystem::path> growing;
    /// Actions without footage beside them: nothing tells any more where in a clip they belong.
    std::vector<std::filesystem::path> alone;
};

/// Adds what lies in `folder` and below. A search that breaks off has found less; it never takes
/// for alone what it did not see the footage of. [session]
void find_left_overs(const std::filesystem::path& folder, LeftOvers& found);

}  // namespace hindsight::service
