#include "save_queue_impl.hpp"

#include <hindsight/core/id.hpp>
#include <hindsight/ring/segment_reader.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

namespace hindsight::service {

namespace fs = std::filesystem;
using ipc::Json;

namespace {

std::int64_t unix_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

}  // namespace

SaveQueue::SaveQueue(SaveDeps deps, SaveEvents events, Log log)
    : impl_{std::make_unique<Impl>(std::move(deps), std::move(events), std::move(log))} {}

SaveQueue::~SaveQueue() = default;

void SaveQueue::set_config(const config::Config& config) {
    impl_->config = config;
}

void SaveQueue::set_pin_limit(std::uint64_t bytes) {
    impl_->deps.pin_limit_bytes = bytes;
}

void SaveQueue::set_spilled(SpilledPart part) {
    impl_->spilled = std::move(part);
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
    const SpilledPart& disk = d.spilled;
    if (!disk.root.empty() && disk.held_bytes > 0 && disk.held_bytes >= disk.limit_bytes)
        return fail(
            Errc::NoSpace,
            "the disk space for unsaved clips is used up; free disk space and retry the clips that "
            "failed");
    auto entry = std::make_unique<Impl::Entry>();
    SaveRequest& request = entry->request;
    request.id = random_id();
    request.from = window->from;
    request.to = window->to;
    request.asked = options.exactly ? window->to - window->from : last;
    d.sleeps.look();
    request.created_ms = d.sleeps.unix_ms_of(window->from, unix_ms());
    request.title = options.title;
    request.game = subject.game;
    request.profile = subject.profile;
    request.keep_actions = d.config.actions.keep;
    request.train = d.config.actions.train;
    request.disk = disk.root;
    HINDSIGHT_TRY(d.journal.write(request));
    if (const auto pinned = d.pin(*entry); !pinned) {
        d.journal.remove(request.id);
        return tl::unexpected(pinned.error());
    }
    d.pin_spilled(*entry);
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
    Impl::Entry* entry = impl_->find(id);
    if (entry == nullptr)
        return fail(Errc::NotFound, "there is no unsaved clip with this id");
    if (entry->request.stage != SaveStage::Failed)
        return fail(Errc::Busy, "this clip is being saved right now");
    if (!folder.empty() && !entry->request.files.empty())
        return fail(
            Errc::AlreadyExists,
            "this clip is written already, as " + entry->request.files.front().file.path.string() +
                "; only the library misses it, so retry without another folder");
    if (!folder.empty())
        entry->request.folder = folder;
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

Result<> SaveQueue::discard(const std::string& id) {
    const Impl::Entry* entry = impl_->find(id);
    if (entry == nullptr)
        return fail(Errc::NotFound, "there is no unsaved clip with this id");
    if (entry->request.stage != SaveStage::Failed)
        return fail(Errc::Busy, "this clip is being saved right now");
    impl_->log.info("save {}: let go", id);
    impl_->forget(id);
    impl_->tell(impl_->events.changed);
    return {};
}

Result<> SaveQueue::forget_actions(const std::string& clip) {
    for (const auto& entry : impl_->entries) {
        const auto& clips = entry->clips;
        if (std::none_of(
                clips.begin(), clips.end(), [&](const Clip& own) { return own.id == clip; }))
            continue;
        if (entry->working)
            return fail(
                Errc::Busy, "the actions of this clip are being written; try again in a moment");
        entry->request.keep_actions = false;
        impl_->note(*entry);
    }
    return {};
}

Result<> SaveQueue::adopt(SaveRequest request, const fs::path& folder) {
    request.stage = SaveStage::Indexing;
    // Before the note: when it can be read, everything that it speaks of is there.
    const fs::path here = impl_->journal.folder_of(request.id);
    std::error_code error;
    fs::create_directories(here.parent_path(), error);
    if (::mkdir(here.c_str(), 0700) != 0 && errno != EEXIST)
        return fail_errno("the save cannot be noted", errno);
    const auto move_here = [&](const fs::path& file) {
        fs::rename(file, here / file.filename(), error);
    };
    for (const fs::path& file : ring::list_segments(folder, "act"))
        move_here(file);
    for (const SavedFile& saved : request.files)
        if (!saved.frames_file.empty())
            move_here(folder / saved.frames_file);
    HINDSIGHT_TRY(impl_->journal.write(request));
    impl_->entries.push_back(std::make_unique<Impl::Entry>());
    Impl::Entry& entry = *impl_->entries.back();
    entry.request = std::move(request);
    impl_->run_index(entry);
    impl_->tell(impl_->events.changed);
    return {};
}

bool SaveQueue::knows(const std::string& id) const {
    return impl_->find(id) != nullptr;
}

bool SaveQueue::needs(const fs::path& actions_file) const {
    return std::any_of(impl_->entries.begin(), impl_->entries.end(), [&](const auto& entry) {
        return entry->request.actions_file == actions_file;
    });
}

void SaveQueue::recover() {
    for (SaveRequest& request : impl_->journal.load_all())
        impl_->resume(std::move(request));
    impl_->advance_all();
}

void SaveQueue::ring_goes() {
    for (const auto& entry : impl_->entries)
        if (entry->request.stage == SaveStage::Waiting)
            impl_->pin_again(*entry);
}

void SaveQueue::capture_connected() {
    // Only the capture of before was asked to tell, if any.
    for (const auto& entry : impl_->entries)
        if (entry->request.stage == SaveStage::Waiting && !entry->reached)
            (void)impl_->ask_for_end(*entry);
}

void SaveQueue::reached(const std::string& id) {
    if (Impl::Entry* entry = impl_->find(id)) {
        entry->reached = true;
        impl_->advance(*entry);
    }
}

void SaveQueue::input_up_to(MonoTime t) {
    impl_->input_complete = std::max(impl_->input_complete, t);
    impl_->advance_all();
}

void SaveQueue::tick() {
    if (const Duration slept = impl_->sleeps.look(); slept > Duration::zero())
        impl_->log.info("the machine slept for {:.0f} s", slept.seconds());
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
