#include "save_queue_impl.hpp"

#include <hindsight/ring/snapshot.hpp>
#include <hindsight/ring/spill_folder.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hindsight::service {

namespace fs = std::filesystem;
using ipc::Json;

namespace {

/// How long a save waits for the packet at its end after that time has passed.
constexpr Duration kLastPacketLimit = Duration::from_ms(2000);
/// How long sidecars wait for the guard window (2 s) of the input side.
constexpr Duration kInputLimit = Duration::from_ms(3000);

/// How long a save waits for the disk that holds its older part.
constexpr Duration kDiskLimit = Duration::from_ms(10'000);

/// While a request waits for its end, what it has reached by then is pinned this often.
constexpr Duration kPinInterval = Duration::from_ms(1000);

std::string what_is_safe(Duration length, KeptIn kept) {
    const auto seconds = std::max<std::int64_t>(1, std::llround(length.seconds()));
    switch (kept) {
    case KeptIn::Memory:
        break;
    case KeptIn::MemoryAndDisk:
        return fmt::format(
            "Your {} s are safe, in memory and in the buffer's folder on the disk.", seconds);
    case KeptIn::MemoryAtLeast:
        return fmt::format(
            "What memory holds of your {} s is safe; the disk does not give the older part now.",
            seconds);
    }
    return fmt::format("Your {} s are safe in memory.", seconds);
}

bool is_about_the_place(Errc code) {
    return code == Errc::NoSpace || code == Errc::NotFound || code == Errc::PermissionDenied ||
           code == Errc::Io;
}

}  // namespace

std::string
failure_sentence(const Error& error, Duration length, KeptIn kept, std::uint64_t bytes_needed) {
    const auto megabytes = std::max<std::uint64_t>(1, (bytes_needed + 999'999) / 1'000'000);
    const std::string safe = what_is_safe(length, kept);
    switch (error.code) {
    case Errc::NoSpace:
        return fmt::format(
            "Clip not saved: the disk is full. {} Free {} MB or use another folder.",
            safe,
            megabytes);
    case Errc::PermissionDenied:
        return fmt::format(
            "Clip not saved: the clip folder cannot be written to. {} Allow writing there or use "
            "another folder.",
            safe);
    default:
        return fmt::format(
            "Clip not saved: {}. {} Use another folder or try again.", error.what, safe);
    }
}

std::string unlisted_sentence(const Error& error, const fs::path& file) {
    return fmt::format(
        "The clip is written and whole ({}), but the library could not take it: {}. Try again.",
        file.filename().string(),
        error.what);
}

SaveQueue::Impl::Entry* SaveQueue::Impl::find(const std::string& id) {
    const auto at = std::find_if(
        entries.begin(), entries.end(), [&](const auto& entry) { return entry->request.id == id; });
    return at == entries.end() ? nullptr : at->get();
}

void SaveQueue::Impl::note(const Entry& entry) {
    if (const auto written = journal.write(entry.request); !written)
        log.warn("save {}: {}", entry.request.id, written.error().what);
}

ExportInput SaveQueue::Impl::export_input(const Entry& entry) const {
    SaveRequest request = entry.request;
    if (entry.without_disk)
        request.disk.clear();
    return {
        std::move(request),
        deps.ring_folder,
        journal.folder_of(entry.request.id),
        wanted_folder(entry),
        config.clips.name,
        entry.resumed};
}

template <class Work, class Then>
void SaveQueue::Impl::run_on(Executor& executor, Entry& entry, Work work, Then then) {
    entry.working = true;
    const std::string id = entry.request.id;
    const bool queued = executor.post([this,
                                       id,
                                       guard = std::weak_ptr{alive},
                                       work = std::move(work),
                                       then = std::move(then)]() mutable {
        auto result = work();
        (void)deps.control.post([this, id, guard, then, result = std::move(result)]() mutable {
            Entry* found = guard.expired() ? nullptr : find(id);
            if (found == nullptr)
                return;
            found->working = false;
            then(*found, std::move(result));
            tell(events.changed);
        });
    });
    if (queued)
        return;
    entry.working = false;
    failed(entry, Error{Errc::Busy, "too many clips are being saved at once"});
}

// ---- waiting

Result<> SaveQueue::Impl::pin(const Entry& entry) {
    const ExportInput input = export_input(entry);
    pin_actions(input);
    return pin_pictures(input);
}

/// With a long delay the ring forgets the start before the end has come.
void SaveQueue::Impl::pin_again(Entry& entry) {
    entry.pin_due = deps.clock.now() + kPinInterval;
    // Whether it works in the end is decided when the export begins.
    if (const auto pinned = pin(entry); !pinned)
        log.warn("save {}: {}", entry.request.id, pinned.error().what);
}

/// From here on, in the order of what is posted, it cannot be evicted there. What was evicted from
/// memory before is there; the rest was just pinned.
void SaveQueue::Impl::pin_spilled(const Entry& entry) {
    if (entry.request.disk.empty())
        return;
    (void)deps.spiller.post([input = export_input(entry)] {
        (void)pin_spilled_pictures(input);  // tried again when the export begins
    });
}

void SaveQueue::Impl::drop_spilled(const SaveRequest& request) {
    if (!request.disk.empty())
        (void)deps.spiller.post(
            [root = request.disk, id = request.id] { ring::drop_spilled_pins(root, id); });
}

void SaveQueue::Impl::drop_actions(const SaveRequest& request) {
    if (!request.actions_file.empty())
        (void)deps.exporter.post([file = request.actions_file] {
            std::error_code error;
            fs::remove(file, error);
        });
}

/// The last actions of a window are told after its last picture, when the save may have failed
/// already: its actions must not be evicted before the retry.
void SaveQueue::Impl::pin_late_actions(Entry& entry) {
    const MonoTime end = entry.request.to;
    if (entry.has_actions || deps.clock.now() < end)
        return;
    entry.has_actions =
        input_complete >= end || !deps.input.connected() || deps.clock.now() >= end + kInputLimit;
    if (entry.has_actions)
        pin_actions(export_input(entry));
}

bool SaveQueue::Impl::ask_for_end(const Entry& entry) const {
    return deps.capture.send(ipc::AwaitTime{entry.request.id, entry.request.to.ns()}).has_value();
}

void SaveQueue::Impl::wait_for_end(Entry& entry) {
    const MonoTime now = deps.clock.now();
    entry.deadline = std::max(now, entry.request.to) + kLastPacketLimit;
    if (!ask_for_end(entry) && entry.request.to <= now)
        entry.reached = true;
}

bool SaveQueue::Impl::end_is_there(const Entry& entry) const {
    const MonoTime now = deps.clock.now();
    if (entry.reached || now >= entry.deadline)
        return true;
    return now >= entry.request.to && !deps.capture.connected();
}

// ---- exporting

std::string SaveQueue::Impl::wanted_folder(const Entry& entry) const {
    if (entry.fallback)
        return config.clips.fallback_folder;
    return entry.request.folder.empty() ? config.clips.folder : entry.request.folder.string();
}

void SaveQueue::Impl::begin_export(Entry& entry) {
    if (const auto pinned = pin(entry); !pinned)
        return keep_for_retry(entry, pinned.error());
    entry.request.stage = SaveStage::Exporting;
    entry.resumed = false;
    note(entry);
    run_export(entry);
}

/// First what lies on the disk is pinned for certain.
void SaveQueue::Impl::run_export(Entry& entry) {
    entry.without_disk = false;
    if (entry.request.disk.empty())
        return write_clip(entry);
    entry.working = true;
    entry.disk_deadline = deps.clock.now() + kDiskLimit;
    const bool queued =
        deps.spiller.post([this, input = export_input(entry), guard = std::weak_ptr{alive}] {
            auto bytes = pin_spilled_pictures(input);
            (void)deps.control.post([this, id = input.request.id, guard, bytes = std::move(bytes)] {
                Entry* found = guard.expired() ? nullptr : find(id);
                if (found != nullptr && found->disk_deadline != MonoTime::max())
                    disk_answered(*found, bytes);
            });
        });
    if (!queued)
        disk_answered(entry, fail(Errc::Busy, "the disk has too much to do"));
}

void SaveQueue::Impl::disk_answered(Entry& entry, const Result<std::uint64_t>& bytes) {
    entry.disk_deadline = MonoTime::max();
    entry.disk_failed = !bytes;
    if (!bytes)
        log.warn("save {}: {}", entry.request.id, bytes.error().what);
    entry.spilled_bytes = bytes.value_or(0);
    write_clip(entry);
}

/// What memory has is not to wait for a disk that hangs.
void SaveQueue::Impl::pass_over_dead_disk(Entry& entry) {
    if (deps.clock.now() < entry.disk_deadline)
        return;
    entry.without_disk = true;
    disk_answered(entry, fail(Errc::Timeout, "the disk does not answer"));
}

void SaveQueue::Impl::write_clip(Entry& entry) {
    entry.progress = 0;
    const std::string id = entry.request.id;
    const ProgressFn progress = [this, id, guard = std::weak_ptr{alive}](double value) {
        (void)deps.control.post([this, id, guard, value] {
            Entry* found = guard.expired() ? nullptr : find(id);
            if (found == nullptr)
                return;
            found->progress = value;
            tell(events.changed);
        });
    };
    run_on(
        deps.exporter,
        entry,
        [this, input = export_input(entry), progress] {
            return export_files(deps.writer, input, progress, deps.stop);
        },
        [this](Entry& done, Result<std::vector<SavedFile>> files) {
            if (!files)
                return failed(done, files.error());
            if (files->empty())
                return give_up(done, {Errc::NotFound, "there is no picture of these seconds"});
            done.request.files = *std::move(files);
            done.request.stage = SaveStage::Indexing;
            note(done);
            run_index(done);
        });
}

// ---- indexing

void SaveQueue::Impl::run_index(Entry& entry) {
    run_on(
        deps.storer,
        entry,
        [this, request = entry.request] { return index_files(deps.store, request); },
        [this](Entry& done, Result<Indexed> indexed) {
            if (!indexed)
                return failed(done, indexed.error());
            for (const std::string& replaced : indexed->replaced)
                tell(events.clip_removed, replaced);
            done.clips = std::move(indexed->clips);
            verified(done);
        });
}

void SaveQueue::Impl::verified(Entry& entry) {
    entry.request.stage = SaveStage::Verified;
    entry.progress = 1;
    note(entry);
    log.info(
        "save {}: {:.1f} s verified", entry.request.id, entry.clips.front().duration.seconds());
    for (const Clip& clip : entry.clips)
        tell(events.clip_added, clip);
    tell(events.verified, entry.request.id, describe_save(entry.request, entry.clips, false));
    entry.deadline = std::max(deps.clock.now(), entry.request.to) + kInputLimit;
    advance(entry);
}

// ---- sidecars

bool SaveQueue::Impl::actions_are_there(const Entry& entry) const {
    return input_complete >= entry.request.to || !deps.input.connected() ||
           deps.clock.now() >= entry.deadline;
}

bool SaveQueue::Impl::wants_sidecars(const Entry& entry) const {
    return deps.sidecars != nullptr && entry.request.keep_actions;
}

void SaveQueue::Impl::run_sidecars(Entry& entry) {
    run_on(
        deps.exporter,
        entry,
        [this, input = export_input(entry), overlay = config.overlay] {
            return write_sidecars(*deps.sidecars, input, overlay);
        },
        [this](Entry& done, SidecarOutcome outcome) {
            if (!outcome.problem.empty())
                log.warn("save {}: no actions: {}", done.request.id, outcome.problem);
            run_index_sidecars(done, std::move(outcome));
        });
}

void SaveQueue::Impl::run_index_sidecars(Entry& entry, SidecarOutcome outcome) {
    run_on(
        deps.storer,
        entry,
        [this, request = entry.request, outcome = std::move(outcome)] {
            return index_sidecars(deps.store, request, outcome);
        },
        [this](Entry& done, Result<std::vector<Clip>> clips) {
            if (clips)
                done.clips = *std::move(clips);
            else
                log.warn("save {}: {}", done.request.id, clips.error().what);
            finished(done);
        });
}

void SaveQueue::Impl::finished(Entry& entry) {
    // Drawing the overlay of a session would take for hours what the game needs: only when asked.
    const bool burned = config.overlay.on_save == "burned" && !entry.request.session;
    const Json json = describe_save(entry.request, entry.clips, burned);
    const std::vector<Clip> clips = std::move(entry.clips);
    const std::string id = entry.request.id;
    forget(id);
    for (const Clip& clip : clips)
        if (!clip.actions_path.empty())
            tell(events.clip_changed, clip);
    tell(events.finished, id, json);
    for (const Clip& clip : clips)
        if (!clip.ass_path.empty() && burned)
            tell(events.overlay_ready, clip);
}

void SaveQueue::Impl::forget(const std::string& id) {
    if (const Entry* entry = find(id)) {
        drop_spilled(entry->request);
        drop_actions(entry->request);
    }
    journal.remove(id);
    std::erase_if(entries, [&](const auto& other) { return other->request.id == id; });
}

// ---- failure

std::uint64_t SaveQueue::Impl::bytes_needed(const Entry& entry) const {
    return ring::folder_bytes(journal.folder_of(entry.request.id)) + entry.spilled_bytes;
}

KeptIn SaveQueue::Impl::kept_in(const Entry& entry) {
    if (entry.disk_failed)
        return KeptIn::MemoryAtLeast;
    return entry.spilled_bytes > 0 ? KeptIn::MemoryAndDisk : KeptIn::Memory;
}

void SaveQueue::Impl::failed(Entry& entry, const Error& error) {
    SaveRequest& request = entry.request;
    if (is_about_the_place(error.code) && !config.clips.fallback_folder.empty() &&
        request.folder.empty() && !entry.fallback && request.files.empty()) {
        log.warn("save {}: {}; trying the fallback folder", request.id, error.what);
        entry.fallback = true;
        return begin_export(entry);
    }
    keep_for_retry(entry, error);
}

/// No folder and no retry can help: nothing is kept, and nothing else is said.
void SaveQueue::Impl::give_up(Entry& entry, const Error& error) {
    const std::string id = entry.request.id;
    log.error("save {}: {}", id, error.what);
    forget(id);
    tell(events.failed, id, Error{error.code, "Clip not saved: " + error.what + "."});
}

void SaveQueue::Impl::keep_for_retry(Entry& entry, const Error& error) {
    SaveRequest& request = entry.request;
    request.stage = SaveStage::Failed;
    request.failure_code = errc_name(error.code);
    request.failure =
        request.files.empty()
            ? failure_sentence(
                  error, request.to - request.from, kept_in(entry), bytes_needed(entry))
            : unlisted_sentence(error, request.files.front().file.path);
    note(entry);
    log.error("save {}: {} ({})", request.id, error.what, request.failure_code);
    tell(events.failed, request.id, Error{error.code, request.failure, error.external_code});
    tell(events.changed);
}

// ---- the step that is due

void SaveQueue::Impl::advance(Entry& entry) {
    if (entry.working)
        return;
    switch (entry.request.stage) {
    case SaveStage::Waiting:
        if (end_is_there(entry))
            begin_export(entry);
        else if (deps.clock.now() >= entry.pin_due)
            pin_again(entry);
        break;
    case SaveStage::Verified:
        if (!wants_sidecars(entry))
            finished(entry);
        else if (actions_are_there(entry))
            run_sidecars(entry);
        break;
    case SaveStage::Exporting:
    case SaveStage::Indexing:
    case SaveStage::Failed:
        break;
    }
}

void SaveQueue::Impl::advance_all() {
    std::vector<std::string> ids;  // advancing may remove entries
    for (const auto& entry : entries)
        ids.push_back(entry->request.id);
    for (const std::string& id : ids)
        if (Entry* entry = find(id)) {
            pin_late_actions(*entry);
            pass_over_dead_disk(*entry);
            advance(*entry);
        }
}

void SaveQueue::Impl::resume(SaveRequest request) {
    log.info("save {}: going on after a restart", request.id);
    entries.push_back(std::make_unique<Entry>());
    Entry& entry = *entries.back();
    entry.request = std::move(request);
    switch (entry.request.stage) {
    case SaveStage::Waiting:
        pin_spilled(entry);
        wait_for_end(entry);
        break;
    case SaveStage::Exporting:
        entry.resumed = true;
        run_export(entry);
        break;
    case SaveStage::Indexing:
        run_index(entry);
        break;
    case SaveStage::Verified:
        for (const SavedFile& file : entry.request.files)
            entry.clips.push_back(clip_of(entry.request, file));
        entry.deadline = deps.clock.now();
        break;
    case SaveStage::Failed:
        break;
    }
}

}  // namespace hindsight::service
