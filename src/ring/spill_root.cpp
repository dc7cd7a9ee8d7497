#include "spill_root.hpp"

#include "private_folder.hpp"

#include <hindsight/core/file.hpp>
#include <hindsight/core/id.hpp>
#include <hindsight/ring/spill_folder.hpp>

#include <cerrno>
#include <string>
#include <utility>

namespace hindsight::ring {

namespace fs = std::filesystem;

namespace {

constexpr const char* kHidden = ".hindsight-buffer";  ///< indexers pass such folders over
constexpr std::size_t kIdLength = 36;
constexpr const char* kNote = "disk";
constexpr const char* kHome = "home";
constexpr std::uintmax_t kMaxPathBytes = 4096;

fs::path noted_root(const fs::path& home) {
    return read_text_file(home / kNote, kMaxPathBytes).value_or(std::string{});
}

/// A request that still exists has pins in this root.
bool is_needed(const fs::path& root, const fs::path& home) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator{root / "pins", error})
        if (fs::exists(home / "pins" / entry.path().filename(), error))
            return true;
    return false;
}

/// Roots of rings that are gone, and those that were being made when their maker was killed.
void remove_strays(const fs::path& hidden) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator{hidden, error}) {
        const fs::path& root = entry.path();
        if (!entry.is_directory(error) || root.filename().string().size() != kIdLength)
            continue;
        const auto home = read_text_file(root / kHome, kMaxPathBytes);
        const bool ours = home && (noted_root(*home) == root || is_needed(root, *home));
        if (!ours)
            fs::remove_all(root, error);
    }
}

}  // namespace

Result<fs::path> claim_spill_root(const fs::path& home, const fs::path& base) {
    std::error_code error;
    if (!fs::is_directory(base, error))
        return fail(Errc::NotFound, "the folder for it does not exist", ENOENT);
    const fs::path hidden = base / kHidden;
    fs::path root = noted_spill_root({home, base});
    if (root.empty()) {
        if (const fs::path elsewhere = noted_root(home); !elsewhere.empty())
            leave_spill_root(elsewhere, home);
        root = hidden / random_id();
        HINDSIGHT_TRY(write_file_atomically(home / kNote, root.string()));
    }
    HINDSIGHT_TRY(make_private(hidden));
    remove_strays(hidden);
    HINDSIGHT_TRY(make_spill_root(root, home));
    for (const auto& entry : fs::directory_iterator{root / "pins", error})
        if (!fs::exists(home / "pins" / entry.path().filename(), error))
            fs::remove_all(entry.path(), error);
    return root;
}

Result<> make_spill_root(const fs::path& root, const fs::path& home) {
    HINDSIGHT_TRY(make_private(root.parent_path()));
    HINDSIGHT_TRY(make_private(root));
    HINDSIGHT_TRY(write_file_atomically(root / kHome, home.string()));
    HINDSIGHT_TRY(make_private(root / "pins"));
    return make_private(root / "ring");
}

void leave_spill_root(const fs::path& root, const fs::path& home) {
    std::error_code error;
    fs::remove_all(root / "ring", error);
    fs::remove(root / "pins", error);  // if it is empty
    if (fs::exists(root / "pins", error))
        return;
    fs::remove_all(root, error);
    fs::remove(root.parent_path(), error);  // when no other session has one there
    if (!home.empty() && noted_root(home) == root)
        fs::remove(home / kNote, error);
}

fs::path noted_spill_root(const SpillPlaces& places) {
    fs::path root = noted_root(places.home);
    return root.parent_path() == places.base / kHidden ? root : fs::path{};
}

void forget_spilled(const SpillPlaces& places) {
    if (const fs::path noted = noted_root(places.home); !noted.empty())
        leave_spill_root(noted, places.home);
    remove_strays(places.base / kHidden);
    std::error_code error;
    fs::remove(places.base / kHidden, error);
}

fs::path spilled_pins(const fs::path& root, const std::string& id) {
    return root / "pins" / id;
}

void drop_spilled_pins(const fs::path& root, const std::string& id) {
    std::error_code error;
    fs::remove_all(spilled_pins(root, id), error);
    // The ring of this root is gone already, and the pins were the last that needed it.
    if (!fs::exists(root / "ring", error))
        leave_spill_root(root, {});
}

}  // namespace hindsight::ring
