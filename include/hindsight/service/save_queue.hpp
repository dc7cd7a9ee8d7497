#pragma once

// The life of every save: waits for the last packet, pins, exports, indexes, adds the sidecars,
// and keeps the moment when something fails. Everything it decides is journalled first, so a
// service that is killed goes on where it was.
//
// Invariants:
//  1. A request's window never changes after request().
//  2. A request's segments stay pinned until the request is finished.
//  3. A clip is announced only when it is verified and in the library.
//  4. Exports run one after the other, in the order in which their windows end.

#include <hindsight/actions/action.hpp>
#include <hindsight/config/config.hpp>
#include <hindsight/core/log.hpp>
#include <hindsight/core/time.hpp>
#include <hindsight/ports/clip_store.hpp>
#include <hindsight/ports/clip_writer.hpp>
#include <hindsight/service/executor.hpp>
#include <hindsight/service/message_link.hpp>
#include <hindsight/service/save_request.hpp>
#include <hindsight/service/save_window.hpp>
#include <hindsight/service/sidecar_writer.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace hindsight::service {

struct SaveOptions {
    std::optional<Duration> last;  ///< default: clips.length_seconds
    Duration delay = Duration::zero();
    bool new_only = false;
    std::string title;
    std::optional<SaveWindow> exactly;  ///< recovered footage
};

/// What is being recorded, for the clip's name and metadata.
struct Subject {
    std::string game;
    std::string profile;
};

struct SaveDeps {
    const Clock& clock;
    ClipWriter& writer;
    ClipStore& store;
    SidecarWriter* sidecars = nullptr;  ///< null: clips get no sidecars
    Executor& control;
    Executor& exporter;
    Executor& storer;
    Executor& spiller;  ///< whatever touches the ring's part on the disk
    MessageLink& capture;
    MessageLink& input;
    std::filesystem::path ring_folder;
    std::filesystem::path pins_folder;
    std::uint64_t pin_limit_bytes = 0;
    std::stop_token stop{};  ///< requested when exports are to end unfinished
};

/// The part of the ring that lies on a disk.
struct SpilledPart {
    std::filesystem::path root;     ///< empty: there is none
    std::uint64_t limit_bytes = 0;  ///< also of what unsaved clips alone may hold there
    std::uint64_t held_bytes = 0;   ///< what they hold
};

struct SaveEvents {
    std::function<void(const std::string& id, const ipc::Json& details)> started;
    std::function<void(const std::string& id, const ipc::Json& clip)> verified;
    std::function<void(const std::string& id, const ipc::Json& clip)> finished;
    std::function<void(const std::string& id, const Error& error)> failed;
    std::function<void(const Clip& clip)> clip_added;
    std::function<void(const Clip& clip)> clip_changed;
    /// Its file was gone from the disk, and a new clip has got its name.
    std::function<void(const std::string& id)> clip_removed;
    /// The clip has actions and its sidecars lie beside it: an overlay can be rendered.
    std::function<void(const Clip& clip)> overlay_ready;
    std::function<void()> changed;  ///< exports() differs
};

class SaveQueue {
public:
    SaveQueue(SaveDeps deps, SaveEvents events, Log log);
    ~SaveQueue();
    SaveQueue(const SaveQueue&) = delete;
    SaveQueue& operator=(const SaveQueue&) = delete;

    void set_config(const config::Config& config);
    void set_pin_limit(std::uint64_t bytes);
    void set_spilled(SpilledPart part);

    /// Takes a request pressed at `press`. Returns its id; everything later comes as events.
    /// Errors: NotFound (nothing recorded), NoSpace (pins full), Io. [control]
    [[nodiscard]] Result<std::string> request(
        const SaveOptions& options, MonoTime press, const Footage& footage, const Subject& subject);

    /// Tries a failed request again, in `folder` if given. Errors: NotFound, Busy, AlreadyExists (a
    /// folder is given and the files are written: only the library is missing). [control]
    [[nodiscard]] Result<> retry(const std::string& id, const std::filesystem::path& folder);

    /// Lets go of a failed request: its footage and its note are removed. Files that it had written
    /// already stay. Errors: NotFound, Busy (it has not failed). [control]
    [[nodiscard]] Result<> discard(const std::string& id);

    /// A clip that waits for its actions gets none (with it those saved as parts of it).
    /// Errors: Busy (they are being written). [control]
    [[nodiscard]] Result<> forget_actions(const std::string& clip);

    /// Takes up files that are written and verified already (a session): the library, the sidecars
    /// and the news of it follow as for a clip. The segments of actions and the frames in `folder`
    /// move to the request's. Errors: NoSpace, Io. [control]
    [[nodiscard]] Result<> adopt(SaveRequest request, const std::filesystem::path& folder);

    /// An earlier service had taken up this request. [control]
    [[nodiscard]] bool knows(const std::string& id) const;
    /// It is the file of actions of a request.
    [[nodiscard]] bool needs(const std::filesystem::path& actions_file) const;

    /// Completes what an earlier service left behind. [control]
    void recover();

    /// The ring is about to be dropped: pins what waiting requests can reach of it. [control]
    void ring_goes();

    void capture_connected();             ///< capture was started, perhaps again
    void reached(const std::string& id);  ///< capture has everything of this request
    void input_up_to(MonoTime t);         ///< every action before `t` is in the ring
    void tick();                          ///< call about ten times a second while busy()

    [[nodiscard]] bool busy() const;  ///< something waits for time to pass or for a worker
    [[nodiscard]] MonoTime last_saved() const;
    void set_last_saved(MonoTime t);
    [[nodiscard]] std::uint64_t pinned_bytes() const;
    [[nodiscard]] std::vector<SaveRequest> failed() const;
    [[nodiscard]] ipc::Json exports() const;  ///< [{id, kind: "save", progress}]

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Where the footage lies that a failed save keeps.
enum class KeptIn {
    Memory,
    MemoryAndDisk,
    MemoryAtLeast,  ///< the disk that has the older part does not give it now
};

/// The sentence a person reads: "Clip not saved: …, … is safe in memory, …".
[[nodiscard]] std::string
failure_sentence(const Error& error, Duration length, KeptIn kept, std::uint64_t bytes_needed);

/// The same where only the library is missing: the file is there and verified.
[[nodiscard]] std::string unlisted_sentence(const Error& error, const std::filesystem::path& file);

}  // namespace hindsight::service
