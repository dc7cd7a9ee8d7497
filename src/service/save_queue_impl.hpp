#pragma once

// The inside of the save queue: its requests and the stages that each goes through. [control] only;
// what runs on the workers are the functions of save_steps.hpp.

#include "save_steps.hpp"
#include "suspend_log.hpp"

#include <hindsight/service/save_queue.hpp>

#include <utility>

namespace hindsight::service {

struct SaveQueue::Impl {
    struct Entry {
        SaveRequest request;
        bool reached = false;                // the last packet is there
        bool working = false;                // a worker has it
        bool fallback = false;               // now tried in the fallback folder
        bool resumed = false;                // an earlier service was killed during the export
        MonoTime pin_due = MonoTime::min();  // when what has come meanwhile is pinned, too
        bool has_actions = false;  // every action of the window is pinned, or will never come
        double progress = 0;
        std::uint64_t spilled_bytes = 0;           // of its footage on the disk
        MonoTime disk_deadline = MonoTime::max();  // while the disk is asked to hold it
        bool without_disk = false;                 // that did not answer
        bool disk_failed = false;                  // or not with what was asked for
        MonoTime deadline = MonoTime::max();
        std::vector<Clip> clips;
    };

    Impl(SaveDeps d, SaveEvents e, Log l)
        : deps{std::move(d)},
          events{std::move(e)},
          log{std::move(l)},
          journal{deps.pins_folder},
          sleeps{deps.clock} {}

    [[nodiscard]] Entry* find(const std::string& id);
    void note(const Entry& entry);
    [[nodiscard]] ExportInput export_input(const Entry& entry) const;

    // ---- waiting
    Result<> pin(const Entry& entry);
    void pin_again(Entry& entry);
    void pin_spilled(const Entry& entry);
    void drop_spilled(const SaveRequest& request);
    void drop_actions(const SaveRequest& request);
    void pin_late_actions(Entry& entry);
    /// Asks capture to tell; false where there is none.
    [[nodiscard]] bool ask_for_end(const Entry& entry) const;
    void wait_for_end(Entry& entry);
    [[nodiscard]] bool end_is_there(const Entry& entry) const;

    // ---- exporting
    [[nodiscard]] std::string wanted_folder(const Entry& entry) const;
    void begin_export(Entry& entry);
    void run_export(Entry& entry);
    void disk_answered(Entry& entry, const Result<std::uint64_t>& bytes);
    void pass_over_dead_disk(Entry& entry);
    void write_clip(Entry& entry);

    // ---- indexing
    void run_index(Entry& entry);
    void verified(Entry& entry);

    // ---- sidecars
    [[nodiscard]] bool actions_are_there(const Entry& entry) const;
    [[nodiscard]] bool wants_sidecars(const Entry& entry) const;
    void run_sidecars(Entry& entry);
    void run_index_sidecars(Entry& entry, SidecarOutcome outcome);
    void finished(Entry& entry);
    void forget(const std::string& id);

    // ---- failure
    [[nodiscard]] std::uint64_t bytes_needed(const Entry& entry) const;
    [[nodiscard]] static KeptIn kept_in(const Entry& entry);
    void failed(Entry& entry, const Error& error);
    void give_up(Entry& entry, const Error& error);
    void keep_for_retry(Entry& entry, const Error& error);

    // ---- the step that is due
    void advance(Entry& entry);
    void advance_all();
    void resume(SaveRequest request);

    template <class... Args, class... Values>
    void tell(const std::function<void(Args...)>& event, Values&&... values) {
        if (event)
            event(std::forward<Values>(values)...);
    }

    /// Runs `work` on `executor` and `then` with its result back here, if the request still exists.
    template <class Work, class Then>
    void run_on(Executor& executor, Entry& entry, Work work, Then then);

    SaveDeps deps;
    SaveEvents events;
    Log log;
    SaveJournal journal;
    SuspendLog sleeps;
    config::Config config;
    SpilledPart spilled;
    std::vector<std::unique_ptr<Entry>> entries;
    MonoTime input_complete = MonoTime::min();
    MonoTime last_saved = MonoTime::min();
    /// Results of workers that outlive us are dropped.
    std::shared_ptr<bool> alive = std::make_shared<bool>(true);
};

}  // namespace hindsight::service
