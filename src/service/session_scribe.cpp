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
    const auto reader = ring::SegmentReader::open(file);
    return reader && (*reader)->info().last != MonoTime::min();
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
            note(mark);
}

void SessionScribe::note(const SessionMark& mark) {
    progress_.passed = std::max(progress_.passed, ring::SegmentName{mark.epoch, mark.number});
    if (!mark.frames.empty())
        progress_.duration = mark.frames.back() - parts_.front().marks.front().frames.front();
    progress_.bytes = 0;
    for (const SessionPart& part : parts_)
        progress_.bytes += part.marks.empty() ? 0 : part.marks.back().bytes;
}

Result<> SessionScribe::write(Reach reach) {
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
            HINDSIGHT_TRY(write_one(file));
            progress_.passed = name;
        }
        fs::remove(file, error);
    }
    return {};
}

Result<> SessionScribe::write_one(const fs::path& segment) {
    if (!has_packets(segment))
        return {};
    if (parts_.empty())
        begin_part();
    if (file_ == nullptr) {
        const auto& marks = parts_.back().marks;
        HINDSIGHT_ASSIGN(
            file_,
            writer_.open(
                parts_.back().file, marks.empty() ? std::nullopt : std::optional{marks.back()}));
    }
    HINDSIGHT_ASSIGN(SessionFile::Appended appended, file_->append(segment));
    if (appended.outcome == SessionFile::Outcome::OtherStreams) {
        begin_part();
        HINDSIGHT_ASSIGN(file_, writer_.open(parts_.back().file, std::nullopt));
        HINDSIGHT_ASSIGN(appended, file_->append(segment));
    }
    if (appended.outcome != SessionFile::Outcome::Written)
        return {};
    HINDSIGHT_TRY(journal_.note(parts_.size() - 1, appended.mark));
    parts_.back().marks.push_back(appended.mark);
    note(appended.mark);
    return {};
}

void SessionScribe::begin_part() {
    file_.reset();
    parts_.push_back(session_part(request_, parts_.size()));
}

/// Before it gets its name; after a kill the next attempt finds it by what it is.
Result<> SessionScribe::note_file(
    const SessionPart& part,
    const WrittenFile& file,
    const std::vector<actions::ActionRecord>& events) {
    const auto identity = identify(file.path);
    if (!identity)
        return fail(Errc::NotFound, "the folder for clips is gone");
    NotedFile noted{describe_files({file}, events).front(), *identity};
    if (file.path == part.file) {
        noted.saved.file.path = part.target;
        noted.saved.file.path += ".part";
    }
    finished_.files.push_back(std::move(noted));
    // Full memory is no reason to lose a recording that is there.
    (void)write_export_note(journal_.folder(), finished_);
    return {};
}

Result<SavedFile> SessionScribe::finish_part(
    std::size_t index,
    const std::vector<actions::ActionRecord>& events,
    const ProgressFn& progress) {
    if (index < finished_.files.size()) {
        const auto named = named_files({request_.target, {finished_.files[index]}});
        if (!named.empty())
            return named.front();
        finished_.files.erase(
            finished_.files.begin() + static_cast<std::ptrdiff_t>(index), finished_.files.end());
    }
    const SessionPart& part = parts_[index];
    SessionFinish session;
    session.file = part.file;
    session.marks = part.marks;
    session.target = part.target;
    session.title = request_.title;
    session.game = request_.game;
    session.comment = "Recorded by Hindsight";
    session.created_ms = request_.created_ms + (part.marks.front().origin - request_.started).ms();
    session.chapters = chapters_of(events);
    session.before_naming = [&](const WrittenFile& file) {
        finished_.files.erase(
            finished_.files.begin() + static_cast<std::ptrdiff_t>(index), finished_.files.end());
        return note_file(part, file, events);
    };
    auto written = writer_.finish(session, {}, progress);
    if (!written) {
        log_.warn("session {}: kept as it is: {}", request_.id, written.error().what);
        written = writer_.keep(session);
    }
    if (!written)
        return tl::unexpected(written.error());
    SavedFile saved = finished_.files[index].saved;
    saved.file.path = std::move(written->path);
    return saved;
}

Result<std::vector<SavedFile>> SessionScribe::finish(
    const std::vector<actions::ActionRecord>& events, const ProgressFn& progress) {
    file_.reset();
    std::erase_if(parts_, [](const SessionPart& part) { return part.marks.empty(); });
    std::vector<SavedFile> files;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        const auto overall = [&](double value) {
            if (progress)
                progress((static_cast<double>(i) + value) / static_cast<double>(parts_.size()));
        };
        HINDSIGHT_ASSIGN(SavedFile file, finish_part(i, events, overall));
        files.push_back(std::move(file));
    }
    if (files.empty())
        return fail(Errc::NotFound, "nothing was recorded in this session");
    return files;
}

void SessionScribe::remove_grown() const {
    std::error_code error;
    for (const SessionPart& part : parts_)
        fs::remove(part.file, error);
}

}  // namespace hindsight::service
