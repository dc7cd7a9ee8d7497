#include "session_journal.hpp"

#include <hindsight/core/file.hpp>
#include <hindsight/core/handle.hpp>
#include <hindsight/ipc/messages.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>

namespace hindsight::service {

namespace fs = std::filesystem;
using ipc::Json;

namespace {

constexpr std::uintmax_t kMaxRequestBytes = 1u << 20;

Json mark_to_json(const SessionMark& mark) {
    // Frame times lie on a grid: differences are short and mostly equal.
    Json frames = Json::array();
    std::int64_t previous = 0;
    for (const MonoTime t : mark.frames) {
        frames.push_back(t.ns() - previous);
        previous = t.ns();
    }
    return {
        {"bytes", mark.bytes},
        {"fragments", mark.fragments},
        {"epoch", mark.epoch},
        {"number", mark.number},
        {"origin_ns", mark.origin.ns()},
        {"ends", mark.track_ends},
        {"packets", mark.track_packets},
        {"crcs", mark.track_crcs},
        {"frames", frames},
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
    mark.missed_frames = json.at("missed").get<std::int64_t>();
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
    request.stage =
        json.at("finishing").get<bool>() ? SessionStage::Finishing : SessionStage::Recording;
    request.started = MonoTime::from_ns(json.at("started_ns").get<std::int64_t>());
    request.created_ms = json.at("created_ms").get<std::int64_t>();
    request.title = json.at("title").get<std::string>();
    request.game = json.at("game").get<std::string>();
    request.profile = json.at("profile").get<std::string>();
    request.keep_actions = json.at("keep_actions").get<bool>();
    request.train = json.at("train").get<bool>();
    request.after.epoch = json.at("after").at(0).get<std::uint64_t>();
    request.after.number = json.at("after").at(1).get<std::uint64_t>();
    request.target = json.at("target").get<std::string>();
    request.ended = json.at("ended").get<std::string>();
    return request;
}

}  // namespace

SessionJournal::SessionJournal(fs::path folder) : folder_{std::move(folder)} {}

Result<> SessionJournal::write(const SessionRequest& request) const {
    std::error_code error;
    fs::create_directories(folder_.parent_path(), error);
    if (::mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST)
        return fail_errno("the recording cannot be noted", errno);
    const Json json{
        {"version", 1},
        {"id", request.id},
        {"finishing", request.stage == SessionStage::Finishing},
        {"started_ns", request.started.ns()},
        {"created_ms", request.created_ms},
        {"title", request.title},
        {"game", request.game},
        {"profile", request.profile},
        {"keep_actions", request.keep_actions},
        {"train", request.train},
        {"after", {request.after.epoch, request.after.number}},
        {"target", request.target.string()},
        {"ended", request.ended}};
    return write_file_atomically(
        folder_ / "session.json", json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

Result<> SessionJournal::note(std::size_t part, const SessionMark& mark) const {
    Json json = mark_to_json(mark);
    json["part"] = part;
    // With a line break on both sides: what a crash cut does not spoil the line behind it.
    const std::string line = "\n" + json.dump() + "\n";
    const fs::path file = folder_ / "log.jsonl";
    const UniqueFd fd{
        ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (!fd)
        return fail_errno("the recording cannot be noted", errno);
    if (::write(fd.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size()))
        return fail_errno("the recording cannot be noted", errno == 0 ? ENOSPC : errno);
    return {};
}

std::optional<SessionRequest> SessionJournal::load() const {
    const auto text = read_text_file(folder_ / "session.json", kMaxRequestBytes);
    if (!text)
        return std::nullopt;
    try {
        return request_from_json(Json::parse(*text));
    } catch (const Json::exception&) {
        return std::nullopt;
    }
}

std::vector<SessionPart> SessionJournal::load_parts(const SessionRequest& request) const {
    std::vector<SessionPart> parts;
    std::ifstream file{folder_ / "log.jsonl"};
    for (std::string line; std::getline(file, line);) {
        if (line.empty())
            continue;
        try {
            const Json json = Json::parse(line);
            const auto index = json.at("part").get<std::size_t>();
            SessionMark mark = mark_from_json(json);
            if (index > parts.size())
                continue;
            if (index == parts.size())
                parts.push_back(session_part(request, index));
            parts[index].marks.push_back(std::move(mark));
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

SessionPart session_part(const SessionRequest& request, std::size_t index) {
    SessionPart part;
    part.target = request.target;
    if (index > 0)
        part.target.replace_filename(
            request.target.stem().string() + "_part" + std::to_string(index + 1) + ".mp4");
    part.file = part.target;
    part.file.replace_extension(".session.mp4.part");
    return part;
}

}  // namespace hindsight::service
