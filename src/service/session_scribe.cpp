#include "session_scribe.hpp"

#include "save_steps.hpp"

#include <algorithm>
#include <utility>

namespace hindsight::service {

namespace fs = std::filesystem;

namespace {

struct Pinned {
    fs::path file;
    ring::SegmentName name;
};

std::vector<Pinned> pinned_pictures(const fs::path& folder) {
    std::vector<Pinned> pinned;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator{folder, error})
        if (const auto name = ring::parse_segment_file_name("av", entry.path().filename().string()))
            pinned.push_back({entry.path(), *name});
    std::sort(pinned.begin(), pinned.end(), [](const Pinned& a, const Pinned& b) {
        return a.name < b.name;
    });
    return pinned;
}

bool has_packets(const fs::path& file) {
    return ring::SegmentReader::first_time(file).has_value();
}

bool is_sealed(const fs::path& file) {
    const auto reader = ring::SegmentReader::open(file);
    return reader && (*reader)->info().sealed;
}

}  // namespace

SessionScribe::SessionScribe(
    SessionWriter& writer, SessionJournal journal, SessionRequest request, Log log)
    : writer_{writer},
      journal_{std::move(journal)},
      request_{std::move(request)},
      log_{std::move(log)},
      finished_{read_export_note(journal_.folder())},
      parts_{journal_.load_parts(request_)} {
    progress_.passed = request_.after;
    for (const SessionPart& part : parts_)
        for (const SessionMark& mark : part.marks)
            add(mark);
    if (!parts_.empty())
        progress_.file = parts_.back().file;
}

void SessionScribe::add(const SessionMark& mark) {
    progress_.passed = std::max(progress_.passed, ring::SegmentName{mark.epoch, mark.number});
    const auto first = std::find_if(
        parts_.begin(), parts_.end(), [](const SessionPart& part) { return !part.marks.empty(); });
    if (!mark.frames.empty() && first != parts_.end())
        progress_.duration = mark.frames.back() - first->marks.front().frames.front();
    progress_.bytes = 0;
    for (const SessionPart& part : parts_)
        progress_.bytes += part.marks.empty() ? 0 : part.marks.back().bytes;
}

Result<> SessionScribe::write_sealed() {
    HINDSIGHT_TRY(write(Reach::Sealed, MonoTime::max()));
    if (parts_.empty() || parts_.front().marks.empty() || actions_failed_)
        return {};
    // A session without actions is still a session.
    if (const auto written = write_actions(); !written) {
        log_.warn("session {}: {}; they stay in memory", request_.id, written.error().what);
        actions_failed_ = true;
    }
    return {};
}

Result<> SessionScribe::write_rest(MonoTime to) {
    return write(Reach::All, to);
}

Result<> SessionScribe::write_actions() {
    if (!actions_) {
        const ActionFacts facts{
            parts_.front().marks.front().origin,
            request_.profile,
            request_.keep_actions,
            request_.train};
        HINDSIGHT_ASSIGN(actions_, ActionFile::open(actions_file(), facts));
    }
    const std::vector<fs::path> pinned = ring::list_segments(journal_.folder(), "act");
    const ring::SegmentName before = actions_->last();
    std::vector<fs::path> written;
    for (const fs::path& file : pinned) {
        const auto reader = ring::SegmentReader::open(file);
        if (!reader)
            continue;
        const ring::SegmentInfo& info = (*reader)->info();
        // One that a crash left open is complete when another follows.
        if (!info.sealed && file == pinned.back())
            break;
        if (ring::SegmentName{info.epoch, info.number} > actions_->last())
            HINDSIGHT_TRY(actions_->append(**reader));
        written.push_back(file);
    }
    progress_.actions_until = actions_->until();
    if (actions_->last() != before)
        HINDSIGHT_TRY(actions_->sync());
    std::error_code error;
    for (const fs::path& file : written)
        fs::remove(file, error);
    return {};
}

fs::path SessionScribe::actions_file() const {
    return parts_.empty() ? fs::path{} : action_file_of(parts_.front().file);
}

Result<> SessionScribe::write(Reach reach, MonoTime to) {
    const std::vector<Pinned> pinned = pinned_pictures(journal_.folder());
    std::error_code error;
    for (std::size_t i = 0; i < pinned.size(); ++i) {
        const auto& [file, name] = pinned[i];
        if (name > progress_.passed) {
            // A segment that a crash left open is complete when a later one holds something.
            const bool complete = reach == Reach::All || is_sealed(file) ||
                                  std::any_of(
                                      pinned.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                      pinned.end(),
                                      [](const Pinned& later) { return has_packets(later.file); });
            if (!complete)
                break;
            const auto begins = ring::SegmentReader::first_time(file);
            if (begins && *begins < to)
                HINDSIGHT_TRY(write_one(file, reach));
            progress_.passed = name;
        }
        if (!memory_full_)
            fs::remove(file, error);
    }
    return {};
}

/// What is written and not noted is cut off by the next open(), and written again from its link.
/// In the end nothing follows that would have to lie behind it: then the file may hold it, and the
/// note would only be for a kill.
Result<> SessionScribe::noted(Result<> result, Reach reach) {
    if (result)
        return {};
    file_.reset();
    if (reach == Reach::Sealed)
        return result;
    memory_full_ = true;
    log_.warn("session {}: {}", request_.id, result.error().what);
    return {};
}

Result<> SessionScribe::write_one(const fs::path& segment, Reach reach) {
    if (parts_.empty())
        HINDSIGHT_TRY(begin_part(reach));
    if (file_ == nullptr) {
        const auto& marks = parts_.back().marks;
        HINDSIGHT_ASSIGN(
            file_,
            writer_.open(
                parts_.back().file,
                labels(),
                marks.empty() ? std::nullopt : std::optional{marks.back()}));
    }
    auto appended = file_->append(segment);
    if (appended && appended->outcome == SessionFile::Outcome::OtherStreams) {
        HINDSIGHT_TRY(begin_part(reach));
        appended = file_->append(segment);
    }
    if (!appended) {
        file_.reset();
        return tl::unexpected(appended.error());
    }
    if (appended->outcome != SessionFile::Outcome::Written)
        return {};
    if (!memory_full_)
        HINDSIGHT_TRY(noted(journal_.note(parts_.size() - 1, appended->mark), reach));
    parts_.back().marks.push_back(std::move(appended->mark));
    add(parts_.back().marks.back());
    return {};
}

Result<> SessionScribe::begin_part(Reach reach) {
    file_.reset();
    const fs::path target = session_target(request_, parts_.size());
    HINDSIGHT_ASSIGN(auto file, writer_.create(target, labels()));
    // Only a file that is noted is one of ours after a kill.
    if (!memory_full_) {
        if (auto result = noted(journal_.note_file(parts_.size(), file->path()), reach); !result) {
            std::error_code error;
            fs::remove(file->path(), error);
            return result;
        }
    }
    parts_.push_back({file->path(), target, {}});
    progress_.file = file->path();
    file_ = std::move(file);
    return {};
}

SessionLabels SessionScribe::labels() const {
    return {request_.title, request_.game, "Recorded by Hindsight", request_.created_ms};
}

SessionFinish SessionScribe::finish_request(
    const SessionPart& part, const std::vector<actions::ActionRecord>& events) const {
    SessionFinish session;
    session.file = part.file;
    session.marks = part.marks;
    session.target = part.target;
    session.labels = labels();
    session.labels.created_ms += (part.marks.front().origin - request_.started).ms();
    session.chapters = chapters_of(events);
    return session;
}

/// Before it gets its name; after a kill the next attempt finds it by what it is.
Result<> SessionScribe::note_file(
    const WrittenFile& file, const std::vector<actions::ActionRecord>& events) {
    const auto identity = identify(file.path);
    if (!identity)
        return fail(Errc::NotFound, "the folder for clips is gone");
    NotedFile noted{describe_files({file}, events).front(), *identity};
    // Full memory is no reason to lose a recording that is there.
    (void)put_frames_aside(noted.saved, journal_.folder());
    finished_.files.push_back(std::move(noted));
    (void)write_export_note(journal_.folder(), finished_);
    return {};
}

Result<WrittenFile> SessionScribe::finish_or_keep(
    SessionFinish session, const std::stop_token& stop, const ProgressFn& progress) {
    if (!stop.stop_requested()) {
        auto written = writer_.finish(session, stop, progress);
        if (written)
            return written;
        log_.warn("session {}: kept as it is: {}", request_.id, written.error().what);
        damaged_ = damaged_ || written.error().code == Errc::Corrupt;
    }
    // It only gets another name, so it stays on its disk.
    session.target = session.file.parent_path() / session.target.filename();
    return writer_.keep(session);
}

Result<SavedFile> SessionScribe::finish_part(
    std::size_t index,
    SessionFinish session,
    const std::stop_token& stop,
    const ProgressFn& progress) {
    auto& files = finished_.files;
    if (index < files.size()) {
        const auto named = named_files({request_.target, {files[index]}});
        if (!named.empty())
            return named.front();
        files.erase(files.begin() + static_cast<std::ptrdiff_t>(index), files.end());
    }
    HINDSIGHT_ASSIGN(WrittenFile written, finish_or_keep(std::move(session), stop, progress));
    SavedFile saved = files[index].saved;
    saved.file.path = std::move(written.path);
    return saved;
}

Result<FinishedSession> SessionScribe::finish(
    const std::vector<actions::ActionRecord>& events,
    const std::stop_token& stop,
    const ProgressFn& progress) {
    file_.reset();
    const auto count = std::count_if(
        parts_.begin(), parts_.end(), [](const SessionPart& part) { return !part.marks.empty(); });
    FinishedSession finished;
    for (const SessionPart& part : parts_) {
        if (part.marks.empty())
            continue;
        const std::size_t index = finished.files.size();
        const auto overall = [&](double value) {
            if (progress)
                progress((static_cast<double>(index) + value) / static_cast<double>(count));
        };
        SessionFinish session = finish_request(part, events);
        session.before_naming = [&](const WrittenFile& file) {
            auto& files = finished_.files;
            files.erase(files.begin() + static_cast<std::ptrdiff_t>(index), files.end());
            return note_file(file, events);
        };
        HINDSIGHT_ASSIGN(SavedFile file, finish_part(index, std::move(session), stop, overall));
        finished.files.push_back(std::move(file));
    }
    if (finished.files.empty())
        return fail(Errc::NotFound, "nothing was recorded in this session");
    finished.damaged = damaged_;
    return finished;
}

void SessionScribe::remove_grown(Actions actions) const {
    std::error_code error;
    for (const SessionPart& part : parts_)
        fs::remove(part.file, error);
    if (actions == Actions::Removed && !parts_.empty())
        fs::remove(actions_file(), error);
}

}  // namespace hindsight::service
