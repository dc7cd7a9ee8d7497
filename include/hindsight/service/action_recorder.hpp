#pragma once

// Keeps what the player did in the actions ring, and reads it back for a clip.

#include <hindsight/actions/action.hpp>
#include <hindsight/core/log.hpp>
#include <hindsight/core/result.hpp>
#include <hindsight/core/time.hpp>
#include <hindsight/ipc/messages.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace hindsight::service {

class ActionRecorder {
public:
    /// Records into `<prefix act>` segments of `ring_folder`. Errors: as RingWriter::create.
    [[nodiscard]] static Result<std::unique_ptr<ActionRecorder>>
    create(const std::filesystem::path& ring_folder, Duration limit, Log log);

    ~ActionRecorder();
    ActionRecorder(const ActionRecorder&) = delete;
    ActionRecorder& operator=(const ActionRecorder&) = delete;

    void set_limit(Duration limit);
    void add(const ipc::ActionBatch& batch);
    void add(const ipc::HeldState& held);
    void add(const ipc::ModeChanged& mode);
    /// A marker or game event at frame time `t`.
    void add_event(MonoTime t, const std::string& type, const std::string& label);
    void clear();
    /// Removes what was done from `from` on, and drops what is still told of the time before `now`:
    /// the input program holds actions back for two seconds.
    void forget(MonoTime from, MonoTime now);

private:
    struct Impl;
    explicit ActionRecorder(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> impl_;
};

/// Where recorded actions lie.
struct ActionSources {
    std::vector<std::filesystem::path> segments;
    /// Of a session, on the clip disk; may be empty or missing. What it has is not taken from
    /// `segments`.
    std::filesystem::path file{};
};

/// The records for `[from, to)`, by time. Actions begin with the last held state and the mode
/// before `from`; events are those inside. Damaged parts are passed over. [export] [session]
[[nodiscard]] std::vector<actions::ActionRecord>
read_actions(const ActionSources& sources, MonoTime from, MonoTime to);

/// The events alone; those of many hours take little memory. [export] [session]
[[nodiscard]] std::vector<actions::ActionRecord>
read_events(const ActionSources& sources, MonoTime from, MonoTime to);

}  // namespace hindsight::service
