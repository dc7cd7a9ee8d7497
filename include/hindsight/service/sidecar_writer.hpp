#pragma once

// The port through which the service leaves a clip's actions beside it: `<name>.actions.jsonl` and
// `<name>.ass`. The service knows records and frames; formats and looks are the adapter's.

#include <hindsight/actions/action.hpp>
#include <hindsight/config/config.hpp>
#include <hindsight/core/clip.hpp>
#include <hindsight/core/result.hpp>
#include <hindsight/ports/clip_writer.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace hindsight::service {

struct SidecarRequest {
    Clip clip;                                   ///< as it is in the library
    WrittenFile file;                            ///< its frames are what actions are bound to
    std::vector<actions::ActionRecord> records;  ///< by time; starts with the state at the start
    config::Config::Overlay overlay;
};

struct SidecarResult {
    std::filesystem::path actions_path;  ///< empty: the clip has no actions, nothing was written
    std::filesystem::path ass_path;      ///< empty: none
    std::vector<ClipOnset> onsets;
};

class SidecarWriter {
public:
    virtual ~SidecarWriter() = default;

    /// Writes both files beside the clip, each complete or not at all; an existing one is replaced.
    /// Errors: NoSpace, PermissionDenied, Io, NotFound (profile). [export]
    [[nodiscard]] virtual Result<SidecarResult> write(const SidecarRequest& request) = 0;

    /// The onsets of a log written earlier, for a clip that comes back from the trash. [store]
    [[nodiscard]] virtual Result<std::vector<ClipOnset>>
    read_onsets(const std::filesystem::path& actions_path) = 0;

    /// Writes the second consent into a log written earlier, which is otherwise left as it is.
    /// Errors: NotFound, Corrupt, Unsupported, NoSpace, PermissionDenied, Io. [store]
    [[nodiscard]] virtual Result<>
    set_train(const std::filesystem::path& actions_path, bool allowed) = 0;
};

}  // namespace hindsight::service
