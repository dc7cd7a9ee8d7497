#pragma once

// The long steps of a save as functions of values: what the [export] and [store] threads run.

#include <hindsight/actions/action.hpp>
#include <hindsight/ports/clip_store.hpp>
#include <hindsight/ports/clip_writer.hpp>
#include <hindsight/service/save_request.hpp>
#include <hindsight/service/sidecar_writer.hpp>

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace hindsight::service {

struct ExportInput {
    SaveRequest request;
    std::filesystem::path ring_folder;
    std::filesystem::path pin_folder;
    std::string folder;    ///< for the clip, as configured; empty: the videos folder
    std::string name;      ///< template of the file name
    bool resumed = false;  ///< an earlier service was killed while it exported this
};

/// Links what the ring holds of the request's pictures and sound into its pin folder; what is there
/// already stays. Errors: as ring::pin_segments. [any-thread]
[[nodiscard]] Result<> pin_pictures(const ExportInput& input);

/// The same for those that lie on the disk only. Returns what it takes there.
/// Errors: as ring::pin_spilled. [spill]
[[nodiscard]] Result<std::uint64_t> pin_spilled_pictures(const ExportInput& input);

/// The same for the actions and events. Whatever can be linked is used: a clip without actions is
/// still a clip. [any-thread]
void pin_actions(const ExportInput& input);

/// Chooses a free name, writes and verifies the files of a request. Files that an attempt before
/// has finished are taken over, when all are there; no other file is ever touched. No file is
/// returned when there is no picture in the window.
/// Errors: as ClipWriter::write. [export]
[[nodiscard]] Result<std::vector<SavedFile>> export_files(
    ClipWriter& writer, const ExportInput& input, const ProgressFn& progress, std::stop_token stop);

/// Events as chapters: when, and what for people.
[[nodiscard]] std::vector<std::pair<MonoTime, std::string>>
chapters_of(const std::vector<actions::ActionRecord>& events);

/// Written files with new library ids and the events that lie in each.
[[nodiscard]] std::vector<SavedFile> describe_files(
    const std::vector<WrittenFile>& files, const std::vector<actions::ActionRecord>& events);

/// The library's value for one file of a request.
[[nodiscard]] Clip clip_of(const SaveRequest& request, const SavedFile& saved);

struct Indexed {
    std::vector<Clip> clips;  ///< one per file of the request
    std::vector<std::string>
        replaced;  ///< ids of clips whose file was gone and whose path this got
};

/// Inserts every file that the library does not know yet by its id. [store]
[[nodiscard]] Result<Indexed> index_files(ClipStore& store, const SaveRequest& request);

struct SidecarOutcome {
    std::vector<SidecarResult> results;  ///< one per file of the request
    std::string problem;                 ///< sentence when one could not be written
};

/// [export]
[[nodiscard]] SidecarOutcome write_sidecars(
    SidecarWriter& writer, const ExportInput& input, const config::Config::Overlay& overlay);

/// Notes the sidecars in the library; removes those of clips that were deleted meanwhile. [store]
[[nodiscard]] Result<std::vector<Clip>>
index_sidecars(ClipStore& store, const SaveRequest& request, const SidecarOutcome& outcome);

/// What `save --wait` prints for the request.
[[nodiscard]] ipc::Json
describe_save(const SaveRequest& request, const std::vector<Clip>& clips, bool overlay_follows);

}  // namespace hindsight::service
