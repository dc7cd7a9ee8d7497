#pragma once

// A save from the press to the finished clip, as it is journalled beside its pinned segments
// (`pins/<id>/request.json`), so that any process may die in between.

#include <hindsight/core/clip.hpp>
#include <hindsight/core/result.hpp>
#include <hindsight/core/time.hpp>
#include <hindsight/ipc/messages.hpp>
#include <hindsight/ports/clip_writer.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace hindsight::service {

enum class SaveStage {
    Waiting,    ///< for the last packet of the window
    Exporting,  ///< segments are pinned, files are being written
    Indexing,   ///< files are verified and under their names, not yet in the library
    Verified,   ///< in the library; sidecars are missing
    Failed,     ///< pinned until a retry
};

/// One verified file of a save and its library id.
struct SavedFile {
    std::string clip_id;
    WrittenFile file;
    std::vector<ClipEvent> events;
    /// Name of a file beside the note with the capture times of the frames, when they are many
    /// (a session): `file.frames` is empty then.
    std::string frames_file;
};

/// Moves the frames into a file in `folder`. Errors: NoSpace, Io; the frames stay where they are.
[[nodiscard]] Result<> put_frames_aside(SavedFile& saved, const std::filesystem::path& folder);

/// Capture times of all frames, from wherever they are. Errors: NotFound, Io, Corrupt.
[[nodiscard]] Result<std::vector<MonoTime>>
frames_of(const SavedFile& saved, const std::filesystem::path& folder);

struct SaveRequest {
    std::string id;
    SaveStage stage = SaveStage::Waiting;
    MonoTime from = MonoTime::from_ns(0);
    MonoTime to = MonoTime::from_ns(0);
    Duration asked = Duration::zero();  ///< wished length
    std::int64_t created_ms = 0;        ///< Unix time of `from`
    std::string title;
    std::string game;
    std::string profile;
    bool keep_actions = true;
    bool train = false;
    bool session = false;          ///< of a session: nothing that takes as long is begun by itself
    std::filesystem::path folder;  ///< set by retry --to; empty: as configured
    std::filesystem::path disk;    ///< root of the ring's part on a disk; empty: there was none
    std::filesystem::path actions_file;  ///< of a session, goes with the request; may be empty
    std::vector<SavedFile> files;
    std::string failure_code;
    std::string failure;
    int attempts = 0;
};

[[nodiscard]] ipc::Json to_json(const SavedFile& saved);
/// Throws what nlohmann::json throws when a field is missing or of another type.
[[nodiscard]] SavedFile saved_file_from_json(const ipc::Json& json);

[[nodiscard]] ipc::Json to_json(const SaveRequest& request);
/// Errors: Corrupt.
[[nodiscard]] Result<SaveRequest> save_request_from_json(const ipc::Json& json);

/// The journals below one `pins` folder.
class SaveJournal {
public:
    explicit SaveJournal(std::filesystem::path pins_folder);

    [[nodiscard]] std::filesystem::path folder_of(const std::string& id) const;

    /// Replaces `request.json` atomically; creates the folder 0700. Errors: NoSpace, Io.
    [[nodiscard]] Result<> write(const SaveRequest& request) const;

    /// Every readable journal, oldest first. Footage whose journal cannot be read is a failed
    /// request of its whole length; folders without footage are removed.
    [[nodiscard]] std::vector<SaveRequest> load_all() const;

    /// Removes the request with its pinned segments.
    void remove(const std::string& id) const;

    /// Bytes that the pinned segments occupy, each file counted once.
    [[nodiscard]] std::uint64_t pinned_bytes() const;

    /// The part of them that nothing but pins holds any more: what the limit of pins is about.
    [[nodiscard]] std::uint64_t held_bytes() const;

private:
    struct Usage {
        std::uint64_t pinned = 0;
        std::uint64_t held = 0;
    };

    [[nodiscard]] Usage usage() const;

    std::filesystem::path folder_;
};

}  // namespace hindsight::service
