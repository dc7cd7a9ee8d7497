#include "session_journal.hpp"

#include <hindsight/core/file.hpp>
#include <hindsight/core/handle.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>

namespace hindsight::service {

namespace fs = std::filesystem;
using ipc::Json;

namespace {

constexpr const char* kRequest = "session.json";
constexpr const char* kLog = "log.jsonl";
constexpr std::uintmax_t kMaxRequestBytes = 1u << 20;

const char* stage_name(SessionStage stage) {
    switch (stage) {
    case SessionStage::Recording:
        return "recording";
    case SessionStage::Finishing:
        return "finishing";
    case SessionStage::Failed:
        break;
    }
    return "failed";
}

SessionStage stage_from_name(const std::string& name) {
    if (name == "recording")
        return SessionStage::Recording;
    return name == "finishing" ? SessionStage::Finishing : SessionStage::Failed;
}

Json mark_to_json(const SessionMark& mark) {
    // Frame times lie on a grid: differences are short and mostly equal.
    Json frames = Json::array();
    std::int64_t previous = 0;
    for (const MonoTime t : mark.frames) {
        frames.push_back(t.ns() - previous);
        previous = t.ns();
    }
    Json keyframes = Json::array();
    for (const Duration t : mark.keyframes)
        keyframes.push_back(t.ns());
    Json gaps = Json::array();
    for (const ClipGap& gap : mark.gaps)
        gaps.push_back({gap.t.ns(), gap.length.ns()});
    return {
        {"bytes", mark.bytes},
        {"fragments", mark.fragments},
        {"epoch", mark.epoch},
        {"number", mark.number},
        {"origin_ns", mark.origin.ns()},
        {"ends", mark.track_ends},
        {"packets", mark.track_packets},
        {"crcs", mark.track_crcs},
        {"steps", mark.track_steps},
        {"frames", frames},
        {"keyframes", keyframes},
        {"gaps", gaps},
        {"missed", mark.missed_frames}};
}

SessionMark mark_from_json(const Json& json) {
    SessionMark mark;
    mark.bytes = json.at("bytes").get<std::uint64_t>();
    mark.fragments = json.at("fragments").get<std::uint32_t>();
    mark.epoch = json.at("epoch").get<std::uint64_t>();
    mark.number = json.at("number").get<std::uint64_t>();
    mark.origin = MonoTime::from_ns(json.at("origin_ns").get<std::int64_t>());
    mark.track_ends = json.at("ends").get<std::vector<std::int64_t>>();
    mark.track_packets = json.at("packets").get<std::vector<std::uint32_t>>();
    mark.track_crcs = json.at("crcs").get<std::vector<std::uint32_t>>();
    mark.track_steps = json.at("steps").get<std::vector<std::int64_t>>();
    mark.missed_frames = json.at("missed").get<std::int64_t>();
    for (const Json& key : json.at("keyframes"))
        mark.keyframes.push_back(Duration::from_ns(key.get<std::int64_t>()));
    for (const Json& gap : json.at("gaps"))
        mark.gaps.push_back(
            {Duration::from_ns(gap.at(0).get<std::int64_t>()),
             Duration::from_ns(gap.at(1).get<std::int64_t>())});
    std::int64_t t = 0;
    for (const Json& step : json.at("frames")) {
        t += step.get<std::int64_t>();
        mark.frames.push_back(MonoTime::from_ns(t));
    }
    return mark;
}

SessionRequest request_from_json(const Json& json) {
    SessionRequest request;
    request.id = json.at("id").get<std::string>();
    request.stage = stage_from_name(json.at("stage").get<std::string>());
    request.started = MonoTime::from_ns(json.at("started_ns").get<std::int64_t>());
    request.to = MonoTime::from_ns(json.at("to_ns").get<std::int64_t>());
    request.created_ms = json.at("created_ms").get<std::int64_t>();
    request.title = json.at("title").get<std::string>();
    request.game = json.at("game").get<std::string>();
    request.profile = json.at("profile").get<std::string>();
    request.keep_actions = json.at("keep_actions").get<bool>();
    request.train = json.at("train").get<bool>();
    request.after.epoch = json.at("after").at(0).get<std::uint64_t>();
    request.after.number = json.at("after").at(1).get<std::uint64_t>();
    request.target = json.at("target").get<std::string>();
    request.failure_code = json.at("failure_code").get<std::string>();
    request.failure = json.at("failure").get<std::string>();
    return request;
}

/// One line of the log.
void add_to_parts(
    const Json& json, const SessionRequest& request, std::vector<SessionPart>& parts) {
    const auto index = json.at("part").get<std::size_t>();
    if (json.contains("file")) {
        if (index == parts.size())
            parts.push_back(
                {json.at("file").get<std::string>(), session_target(request, index), {}});
    } else if (index < parts.size()) {
        parts[index].marks.push_back(mark_from_json(json));
    }
}

/// What a session can be finished as whose request cannot be read.
std::optional<SessionRequest>
request_of_log(const SessionJournal& journal, const std::vector<SessionPart>& parts) {
    MonoTime first = MonoTime::max();
    MonoTime last = MonoTime::min();
    for (const SessionPart& part : parts)
        for (const SessionMark& mark : part.marks)
            for (const MonoTime t : mark.frames) {
                first = std::min(first, t);
                last = std::max(last, t);
            }

    struct stat status {};

    if (first > last || ::stat((journal.folder() / kLog).c_str(), &status) != 0)
        return std::nullopt;
    SessionRequest request;
    request.id = journal.folder().filename();
    request.stage = SessionStage::Failed;
    request.started = first;
    request.to = last + Duration::from_ns(1);
    // The last line was written when the last frame was there.
    request.created_ms = status.st_mtim.tv_sec * 1'000LL - (last - request.started).ms();
    request.game = "Recovered";
    // Nobody knows any more what was consented to.
    request.keep_actions = false;
    std::string name = parts.front().file.filename();
    if (name.ends_with(kSessionEnding))
        name.resize(name.size() - kSessionEnding.size());
    request.target = parts.front().file.parent_path() / (name + ".mp4");
    request.failure_code = errc_name(Errc::Corrupt);
    request.failure = "The note of a recording is damaged. What was recorded is safe. Try again to "
                      "finish it.";
    return request;
}

}  // namespace

SessionJournal::SessionJournal(fs::path folder) : folder_{std::move(folder)} {}

Result<> SessionJournal::make() const {
    std::error_code error;
    fs::create_directories(folder_.parent_path(), error);
    if (::mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST)
        return tl::unexpected(memory_error(errno));
    return {};
}

Result<> SessionJournal::write(const SessionRequest& request) const {
    HINDSIGHT_TRY(make());
    const Json json{
        {"version", 1},
        {"id", request.id},
        {"stage", stage_name(request.stage)},
        {"started_ns", request.started.ns()},
        {"to_ns", request.to.ns()},
        {"created_ms", request.created_ms},
        {"title", request.title},
        {"game", request.game},
        {"profile", request.profile},
        {"keep_actions", request.keep_actions},
        {"train", request.train},
        {"after", {request.after.epoch, request.after.number}},
        {"target", request.target.string()},
        {"failure_code", request.failure_code},
        {"failure", request.failure}};
    const auto written = write_file_atomically(
        folder_ / kRequest, json.dump(-1, ' ', false, Json::error_handler_t::replace));
    if (!written)
        return tl::unexpected(memory_error(written.error().external_code));
    return {};
}

Result<> SessionJournal::add_line(const Json& json) const {
    // With a line break on both sides: what a crash cut does not spoil the line behind it.
    const std::string line =
        "\n" + json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    const fs::path file = folder_ / kLog;
    const UniqueFd fd{
        ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (!fd)
        return tl::unexpected(memory_error(errno));
    const off_t end = ::lseek(fd.get(), 0, SEEK_END);
    errno = 0;
    if (::write(fd.get(), line.data(), line.size()) == static_cast<ssize_t>(line.size()))
        return {};
    const int error = errno == 0 ? ENOSPC : errno;
    if (end >= 0)
        (void)!::ftruncate(fd.get(), end);
    return tl::unexpected(memory_error(error));
}

Result<> SessionJournal::note_file(std::size_t part, const fs::path& file) const {
    return add_line({{"part", part}, {"file", file.string()}});
}

Result<> SessionJournal::note(std::size_t part, const SessionMark& mark) const {
    Json json = mark_to_json(mark);
    json["part"] = part;
    return add_line(json);
}

std::optional<SessionRequest> SessionJournal::load() const {
    if (const auto text = read_text_file(folder_ / kRequest, kMaxRequestBytes)) {
        try {
            return request_from_json(Json::parse(*text));
        } catch (const Json::exception&) {
            return request_of_log(*this, load_parts({}));
        }
    }
    return request_of_log(*this, load_parts({}));
}

std::vector<SessionPart> SessionJournal::load_parts(const SessionRequest& request) const {
    std::vector<SessionPart> parts;
    std::ifstream file{folder_ / kLog};
    for (std::string line; std::getline(file, line);) {
        if (line.empty())
            continue;
        try {
            add_to_parts(Json::parse(line), request, parts);
        } catch (const Json::exception&) {
            continue;
        }
    }
    return parts;
}

void SessionJournal::remove() const {
    std::error_code error;
    fs::remove_all(folder_, error);
}

fs::path session_target(const SessionRequest& request, std::size_t index) {
    fs::path target = request.target;
    if (index > 0)
        target.replace_filename(
            request.target.stem().string() + "_part" + std::to_string(index + 1) + ".mp4");
    return target;
}

Error memory_error(int error_number) {
    Error error = fail_errno("the recording cannot be noted", error_number).value();
    if (error.code == Errc::NoSpace)
        error.what = "the computer's memory is full";
    error.code = Errc::Io;
    return error;
}

}  // namespace hindsight::service
