#pragma once

// Which folder on the disk belongs to which ring. `<base>/.hindsight-buffer/<id>` holds `ring/`,
// `pins/` and `home`, the name of the ring's home in memory; the home has a note, `disk`, that
// names it back. Where the two do not agree any more (a reboot empties the memory), it is nobody's.

#include <hindsight/core/result.hpp>

#include <filesystem>

namespace hindsight::ring {

/// The root that `home` has below `base`, made if need be; the ring of one that it has elsewhere is
/// removed, and so is everything below `base` that is nobody's.
/// Errors: NotFound (no such base), NoSpace, PermissionDenied, Io.
[[nodiscard]] Result<std::filesystem::path>
claim_spill_root(const std::filesystem::path& home, const std::filesystem::path& base);

/// Makes what is missing of a claimed root. Errors: as claim_spill_root.
[[nodiscard]] Result<>
make_spill_root(const std::filesystem::path& root, const std::filesystem::path& home);

/// Removes the ring in the root, and the root with the note of it unless pins need it.
void leave_spill_root(const std::filesystem::path& root, const std::filesystem::path& home);

}  // namespace hindsight::ring
