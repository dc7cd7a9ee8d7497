#include "save_steps.hpp"

#include <hindsight/core/id.hpp>
#include <hindsight/ring/snapshot.hpp>
#include <hindsight/service/clip_name.hpp>
#include <hindsight/service/save_queue.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <utility>

namespace hindsight::service {

namespace fs = std::filesystem;
using ipc::Json;

namespace {

/// How long a save waits for the packet at its end after that time has passed.
constexpr Duration kLastPacketLimit = Duration::from_ms(2000);
/// How long sidecars wait for the guard window (2 s) of the input side.
constexpr Duration kInputLimit = Duration::from_ms(3000);

std::int64_t unix_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

bool is_about_the_place(Errc code) {
    return code == Errc::NoSpace || code == Errc::NotFound || code == Errc::PermissionDenied ||
           code == Errc::Io;
}

struct Entry {
    SaveRequest request;
    bool reached = false;   // the last packet is there
    bool working = false;   // a worker has it
    bool fallback = false;  // now tried in the fallback folder
    double progress = 0;
    MonoTime deadline = MonoTime::max();
    std::vector<Clip> clips;
};

}  // namespace

std::string failure_sentence(const Error& error, Duration length, std::uint64_t bytes_needed) {
    const auto seconds = std::max<std::int64_t>(1, std::llround(length.seconds()));
    const auto megabytes = std::max<std::uint64_t>(1, (bytes_needed + 999'999) / 1'000'000);
    const std::string safe = fmt::format("Your {} s are safe in memory.", seconds);
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

struct SaveQueue::Impl {
    Impl(SaveDeps d, SaveEvents e, Log l)
        : deps{std::move(d)}, events{std::move(e)}, log{std::move(l)}, journal{deps.pins_folder} {}

    SaveDeps deps;
    SaveEvents events;
    Log log;
    SaveJournal journal;
    config::Config config;
    std::vector<std::unique_ptr<Entry>> entries;
    MonoTime input_complete = MonoTime::min();
    MonoTime last_saved = MonoTime::min();
    /// Results of workers that outlive us are dropped.
    std::shared_ptr<bool> alive = std::make_shared<bool>(true);

    Entry* find(const std::string& id) {
        const auto at = std::find_if(entries.begin(), entries.end(), [&](const auto& entry) {
            return entry->request.id == id;
        });
        return at == entries.end() ? nullptr : at->get();
    }

    template <class... Args, class... Values>
    void tell(const std::function<void(Args...)>& event, Values&&... values) {
        if (event)
            event(std::forward<Values>(values)...);
    }

    void note(const Entry& entry) {
        if (const auto written = journal.write(entry.request); !written)
            log.warn("save {}: {}", entry.request.id, written.error().what);
    }

    ExportInput export_input(const Entry& entry) const {
        return {entry.request, deps.ring_folder, journal.folder_of(entry.request.id)};
    }

    /// Runs `work` on `executor` and `then` with its result back here, if the request still exists.
    template <class Work, class Then>
    void run_on(Executor& executor, Entry& entry, Work work, Then then) {
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

    Result<> pin(const Entry& entry) {
        const SaveRequest& request = entry.request;
        const auto pinned = ring::pin_segments(
            deps.ring_folder,
            "av",
            ring::Window{request.from, request.to},
            journal.folder_of(request.id));
        if (!pinned)
            return tl::unexpected(pinned.error());
        return {};
    }

    void wait_for_end(Entry& entry) {
        const MonoTime now = deps.clock.now();
        entry.deadline = std::max(now, entry.request.to) + kLastPacketLimit;
        const auto asked =
            deps.capture.send(ipc::AwaitTime{entry.request.id, entry.request.to.ns()});
        if (!asked && entry.request.to <= now)
            entry.reached = true;
    }

    bool end_is_there(const Entry& entry) const {
        const MonoTime now = deps.clock.now();
        if (entry.reached || now >= entry.deadline)
            return true;
        return now >= entry.request.to && !deps.capture.connected();
    }

    // ---- exporting

    fs::path wanted_folder(const Entry& entry) const {
        if (entry.fallback)
            return config.clips.fallback_folder;
        return entry.request.folder.empty() ? fs::path{config.clips.folder} : entry.request.folder;
    }

    Result<> choose_target(Entry& entry) {
        const ClipNameFacts facts{
            entry.request.game, entry.request.title, entry.request.created_ms};
        HINDSIGHT_ASSIGN(const fs::path folder, clip_folder(wanted_folder(entry).string()));
        HINDSIGHT_ASSIGN(
            entry.request.target,
            reserve_clip_path(folder, expand_clip_name(config.clips.name, facts)));
        return {};
    }

    void begin_export(Entry& entry) {
        if (const auto pinned = pin(entry); !pinned)
            log.warn("save {}: {}", entry.request.id, pinned.error().what);
        entry.request.stage = SaveStage::Exporting;
        if (const auto chosen = choose_target(entry); !chosen)
            return failed(entry, chosen.error());
        note(entry);
        run_export(entry);
    }

    void run_export(Entry& entry) {
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
                return export_files(deps.writer, input, progress);
            },
            [this](Entry& done, Result<std::vector<SavedFile>> files) {
                if (!files)
                    return failed(done, files.error());
                done.request.files = *std::move(files);
                done.request.stage = SaveStage::Indexing;
                note(done);
                run_index(done);
            });
    }

    // ---- indexing

    struct Indexed {
        SaveRequest request;
        Result<std::vector<Clip>> clips;
    };

    void run_index(Entry& entry) {
        run_on(
            deps.storer,
            entry,
            [this, request = entry.request]() mutable {
                auto clips = index_files(deps.store, request);
                return Indexed{std::move(request), std::move(clips)};
            },
            [this](Entry& done, Indexed indexed) {
                if (!indexed.clips)
                    return failed(done, indexed.clips.error());
                done.request.files = std::move(indexed.request.files);
                done.clips = *std::move(indexed.clips);
                verified(done);
            });
    }

    void verified(Entry& entry) {
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

    bool actions_are_there(const Entry& entry) const {
        return input_complete >= entry.request.to || !deps.input.connected() ||
               deps.clock.now() >= entry.deadline;
    }

    bool wants_sidecars(const Entry& entry) const {
        return deps.sidecars != nullptr && entry.request.keep_actions;
    }

    void run_sidecars(Entry& entry) {
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

    void run_index_sidecars(Entry& entry, SidecarOutcome outcome) {
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

    void finished(Entry& entry) {
        const bool burned = config.overlay.on_save == "burned";
        const Json json = describe_save(entry.request, entry.clips, burned);
        const std::vector<Clip> clips = std::move(entry.clips);
        const std::string id = entry.request.id;
        journal.remove(id);
        std::erase_if(entries, [&](const auto& other) { return other->request.id == id; });
        for (const Clip& clip : clips)
            if (!clip.actions_path.empty())
                tell(events.clip_changed, clip);
        tell(events.finished, id, json);
        for (const Clip& clip : clips)
            if (!clip.ass_path.empty() && burned)
                tell(events.overlay_ready, clip);
    }

    // ---- failure

    std::uint64_t bytes_needed(const Entry& entry) const {
        return ring::folder_bytes(journal.folder_of(entry.request.id));
    }

    void failed(Entry& entry, const Error& error) {
        SaveRequest& request = entry.request;
        if (is_about_the_place(error.code) && !config.clips.fallback_folder.empty() &&
            request.folder.empty() && !entry.fallback && request.files.empty()) {
            log.warn("save {}: {}; trying the fallback folder", request.id, error.what);
            entry.fallback = true;
            return begin_export(entry);
        }
        request.stage = SaveStage::Failed;
        request.failure_code = errc_name(error.code);
        request.failure = failure_sentence(error, request.to - request.from, bytes_needed(entry));
        note(entry);
        log.error("save {}: {} ({})", request.id, error.what, request.failure_code);
        tell(events.failed, request.id, Error{error.code, request.failure, error.external_code});
        tell(events.changed);
    }

    // ---- the step that is due

    void advance(Entry& entry) {
        if (entry.working)
            return;
        switch (entry.request.stage) {
        case SaveStage::Waiting:
            if (end_is_there(entry))
                begin_export(entry);
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

    void advance_all() {
        std::vector<std::string> ids;  // advancing may remove entries
        for (const auto& entry : entries)
            ids.push_back(entry->request.id);
        for (const std::string& id : ids)
            if (Entry* entry = find(id))
                advance(*entry);
    }

    void resume(SaveRequest request) {
        log.info("save {}: going on after a restart", request.id);
        entries.push_back(std::make_unique<Entry>());
        Entry& entry = *entries.back();
        entry.request = std::move(request);
        switch (entry.request.stage) {
        case SaveStage::Waiting:
            wait_for_end(entry);
            break;
        case SaveStage::Exporting:
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
};

SaveQueue::SaveQueue(SaveDeps deps, SaveEvents events, Log log)
    : impl_{std::make_unique<Impl>(std::move(deps), std::move(events), std::move(log))} {}

SaveQueue::~SaveQueue() = default;

void SaveQueue::set_config(const config::Config& config) {
    impl_->config = config;
}

void SaveQueue::set_pin_limit(std::uint64_t bytes) {
    impl_->deps.pin_limit_bytes = bytes;
}

Result<std::string> SaveQueue::request(
    const SaveOptions& options, MonoTime press, const Footage& footage, const Subject& subject) {
    Impl& d = *impl_;
    const Duration last =
        options.last.value_or(Duration::from_ms(d.config.clips.length_seconds * 1000LL));
    std::optional<SaveWindow> window = options.exactly;
    if (!window) {
        Footage known = footage;
        known.last_saved = d.last_saved;
        window = save_window(press, last, options.delay, options.new_only, known);
    }
    if (!window)
        return fail(
            Errc::NotFound,
            options.new_only ? "there is nothing new to save since the last clip"
                             : "there is nothing to save, because nothing has been recorded yet");
    if (d.deps.pin_limit_bytes > 0 && d.journal.held_bytes() >= d.deps.pin_limit_bytes)
        return fail(
            Errc::NoSpace,
            "the memory for unsaved clips is full; free disk space and retry the clips that "
            "failed");
    auto entry = std::make_unique<Entry>();
    SaveRequest& request = entry->request;
    request.id = random_id();
    request.from = window->from;
    request.to = window->to;
    request.asked = options.exactly ? window->to - window->from : last;
    request.created_ms = unix_ms() - (d.deps.clock.now() - window->from).ms();
    request.title = options.title;
    request.game = subject.game;
    request.profile = subject.profile;
    request.keep_actions = d.config.actions.keep;
    request.train = d.config.actions.train;
    HINDSIGHT_TRY(d.journal.write(request));
    if (const auto pinned = d.pin(*entry); !pinned) {
        d.journal.remove(request.id);
        return tl::unexpected(pinned.error());
    }
    d.last_saved = std::max(d.last_saved, request.to);
    const std::string id = request.id;
    d.entries.push_back(std::move(entry));
    d.log.info("save {}: asked for {:.1f} s", id, last.seconds());
    d.tell(
        d.events.started,
        id,
        Json{
            {"game", subject.game},
            {"title", options.title},
            {"duration_s", (window->to - window->from).seconds()}});
    d.wait_for_end(*d.entries.back());
    // Not from here: nothing is told about a request before its caller knows the id.
    (void)d.deps.control.post([&d, alive = std::weak_ptr{d.alive}] {
        if (!alive.expired())
            d.advance_all();
    });
    d.tell(d.events.changed);
    return id;
}

Result<> SaveQueue::retry(const std::string& id, const fs::path& folder) {
    Entry* entry = impl_->find(id);
    if (entry == nullptr)
        return fail(Errc::NotFound, "there is no unsaved clip with this id");
    if (entry->request.stage != SaveStage::Failed)
        return fail(Errc::Busy, "this clip is being saved right now");
    if (!folder.empty()) {
        // A folder that the user names now is made, but not a whole path to it.
        std::error_code error;
        fs::create_directory(folder, error);
        entry->request.folder = folder;
    }
    ++entry->request.attempts;
    entry->fallback = false;
    entry->request.failure.clear();
    entry->request.failure_code.clear();
    if (!entry->request.files.empty()) {
        entry->request.stage = SaveStage::Indexing;
        impl_->note(*entry);
        impl_->run_index(*entry);
    } else {
        impl_->begin_export(*entry);
    }
    impl_->tell(impl_->events.changed);
    return {};
}

void SaveQueue::recover() {
    for (SaveRequest& request : impl_->journal.load_all())
        impl_->resume(std::move(request));
    impl_->advance_all();
}

void SaveQueue::reached(const std::string& id) {
    if (Entry* entry = impl_->find(id)) {
        entry->reached = true;
        impl_->advance(*entry);
    }
}

void SaveQueue::input_up_to(MonoTime t) {
    impl_->input_complete = std::max(impl_->input_complete, t);
    impl_->advance_all();
}

void SaveQueue::tick() {
    impl_->advance_all();
}

bool SaveQueue::busy() const {
    return std::any_of(impl_->entries.begin(), impl_->entries.end(), [](const auto& entry) {
        return entry->request.stage != SaveStage::Failed;
    });
}

MonoTime SaveQueue::last_saved() const {
    return impl_->last_saved;
}

void SaveQueue::set_last_saved(MonoTime t) {
    impl_->last_saved = t;
}

std::uint64_t SaveQueue::pinned_bytes() const {
    return impl_->entries.empty() ? 0 : impl_->journal.pinned_bytes();
}

std::vector<SaveRequest> SaveQueue::failed() const {
    std::vector<SaveRequest> result;
    for (const auto& entry : impl_->entries)
        if (entry->request.stage == SaveStage::Failed)
            result.push_back(entry->request);
    return result;
}

Json SaveQueue::exports() const {
    Json list = Json::array();
    for (const auto& entry : impl_->entries)
        if (entry->request.stage != SaveStage::Failed)
            list.push_back(
                {{"id", entry->request.id}, {"kind", "save"}, {"progress", entry->progress}});
    return list;
}

}  // namespace hindsight::service
