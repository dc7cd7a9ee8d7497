#include <hindsight/core/file.hpp>
#include <hindsight/ring/segment_reader.hpp>
#include <hindsight/service/save_request.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <optional>
#include <span>

namespace hindsight::service {

namespace fs = std::filesystem;
using ipc::Json;

NLOHMANN_JSON_SERIALIZE_ENUM(
    SaveStage,
    {{SaveStage::Waiting, "waiting"},
     {SaveStage::Exporting, "exporting"},
     {SaveStage::Indexing, "indexing"},
     {SaveStage::Verified, "verified"},
     {SaveStage::Failed, "failed"}})

namespace {

constexpr const char* kJournal = "request.json";
/// Of frame times: more than a week.
constexpr std::uintmax_t kMaxFramesBytes = 512u << 20;

}  // namespace

Json to_json(const SavedFile& saved) {
    const WrittenFile& file = saved.file;
    Json gaps = Json::array();
    for (const ClipGap& gap : file.gaps)
        gaps.push_back({gap.t.ns(), gap.length.ns()});
    Json keyframes = Json::array();
    for (const Duration t : file.keyframes)
        keyframes.push_back(t.ns());
    // Frame times lie on a grid: differences are short and mostly equal.
    Json frames = Json::array();
    std::int64_t previous = 0;
    for (const MonoTime t : file.frames) {
        frames.push_back(t.ns() - previous);
        previous = t.ns();
    }
    Json events = Json::array();
    for (const ClipEvent& event : saved.events)
        events.push_back({{"t_ns", event.t.ns()}, {"type", event.type}, {"label", event.label}});
    return {
        {"clip", saved.clip_id},
        {"events", events},
        {"path", file.path.string()},
        {"first_frame_ns", file.first_frame.ns()},
        {"duration_ns", file.duration.ns()},
        {"size_bytes", file.size_bytes},
        {"width", file.width},
        {"height", file.height},
        {"fps", {file.fps.num, file.fps.den}},
        {"gaps", gaps},
        {"missed_frames", file.missed_frames},
        {"keyframes", keyframes},
        {"frames", frames},
        {"frames_file", saved.frames_file}};
}

SavedFile saved_file_from_json(const Json& json) {
    SavedFile saved;
    saved.clip_id = json.at("clip").get<std::string>();
    WrittenFile& file = saved.file;
    file.path = json.at("path").get<std::string>();
    file.first_frame = MonoTime::from_ns(json.at("first_frame_ns").get<std::int64_t>());
    file.duration = Duration::from_ns(json.at("duration_ns").get<std::int64_t>());
    file.size_bytes = json.at("size_bytes").get<std::uint64_t>();
    file.width = json.at("width").get<int>();
    file.height = json.at("height").get<int>();
    file.fps = Rational{json.at("fps").at(0).get<int>(), json.at("fps").at(1).get<int>()};
    for (const Json& gap : json.at("gaps"))
        file.gaps.push_back(
            {Duration::from_ns(gap.at(0).get<std::int64_t>()),
             Duration::from_ns(gap.at(1).get<std::int64_t>())});
    file.missed_frames = json.value("missed_frames", std::int64_t{0});
    for (const Json& t : json.at("keyframes"))
        file.keyframes.push_back(Duration::from_ns(t.get<std::int64_t>()));
    for (const Json& event : json.at("events"))
        saved.events.push_back(
            {Duration::from_ns(event.at("t_ns").get<std::int64_t>()),
             event.at("type").get<std::string>(),
             event.at("label").get<std::string>()});
    std::int64_t t = 0;
    for (const Json& step : json.at("frames")) {
        t += step.get<std::int64_t>();
        file.frames.push_back(MonoTime::from_ns(t));
    }
    saved.frames_file = json.value("frames_file", std::string{});
    return saved;
}

Result<> put_frames_aside(SavedFile& saved, const fs::path& folder) {
    std::vector<std::int64_t> times;
    times.reserve(saved.file.frames.size());
    for (const MonoTime t : saved.file.frames)
        times.push_back(t.ns());
    const std::string name = "frames-" + saved.clip_id;
    const auto bytes = std::as_bytes(std::span{times});
    HINDSIGHT_TRY(write_file_atomically(
        folder / name, {reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
    saved.frames_file = name;
    saved.file.frames = {};
    return {};
}

Result<std::vector<MonoTime>> frames_of(const SavedFile& saved, const fs::path& folder) {
    if (saved.frames_file.empty())
        return saved.file.frames;
    if (fs::path{saved.frames_file}.has_parent_path())
        return fail(Errc::Corrupt, "the note of a clip is damaged");
    HINDSIGHT_ASSIGN(
        const std::string text, read_text_file(folder / saved.frames_file, kMaxFramesBytes));
    std::vector<std::int64_t> times(text.size() / sizeof(std::int64_t));
    std::memcpy(times.data(), text.data(), times.size() * sizeof(std::int64_t));
    std::vector<MonoTime> frames;
    frames.reserve(times.size());
    for (const std::int64_t t : times)
        frames.push_back(MonoTime::from_ns(t));
    return frames;
}

namespace {

SaveRequest request_from_json(const Json& json) {
    SaveRequest request;
    request.id = json.at("id").get<std::string>();
    request.stage = json.at("stage").get<SaveStage>();
    request.from = MonoTime::from_ns(json.at("from_ns").get<std::int64_t>());
    request.to = MonoTime::from_ns(json.at("to_ns").get<std::int64_t>());
    request.asked = Duration::from_ns(json.at("asked_ns").get<std::int64_t>());
    request.created_ms = json.at("created_ms").get<std::int64_t>();
    request.title = json.at("title").get<std::string>();
    request.game = json.at("game").get<std::string>();
    request.profile = json.at("profile").get<std::string>();
    request.keep_actions = json.at("keep_actions").get<bool>();
    request.train = json.at("train").get<bool>();
    request.session = json.value("session", false);
    request.folder = json.at("folder").get<std::string>();
    request.disk = json.value("disk", std::string{});
    request.actions_file = json.value("actions_file", std::string{});
    request.failure_code = json.at("failure_code").get<std::string>();
    request.failure = json.at("failure").get<std::string>();
    request.attempts = json.at("attempts").get<int>();
    for (const Json& file : json.at("files"))
        request.files.push_back(saved_file_from_json(file));
    return request;
}

bool holds_segments(const fs::path& folder) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator{folder, error})
        if (entry.path().extension() == ".hsseg")
            return true;
    return false;
}

/// What pinned footage without a readable note can be saved as; empty when it cannot be read now.
std::optional<SaveRequest> request_of_footage(const fs::path& folder) {
    SaveRequest request;
    request.from = MonoTime::max();
    request.to = MonoTime::min();
    for (const fs::path& file : ring::list_segments(folder, "av")) {
        const auto reader = ring::SegmentReader::open(file);
        if (!reader)
            continue;
        request.from = std::min(request.from, (*reader)->info().first);
        request.to = std::max(request.to, (*reader)->info().last + Duration::from_ns(1));
    }

    struct stat status {};

    if (request.from >= request.to || ::stat(folder.c_str(), &status) != 0)
        return std::nullopt;
    request.id = folder.filename();
    request.stage = SaveStage::Failed;
    request.asked = request.to - request.from;
    request.created_ms = status.st_mtim.tv_sec * 1000LL - request.asked.ms();
    request.game = "Recovered";
    // Nobody knows any more what was consented to.
    request.keep_actions = false;
    request.failure_code = errc_name(Errc::Corrupt);
    request.failure = "The note of an unsaved clip is damaged. Its footage in memory is safe. Try "
                      "again to save it.";
    return request;
}

}  // namespace

Json to_json(const SaveRequest& request) {
    Json files = Json::array();
    for (const SavedFile& file : request.files)
        files.push_back(to_json(file));
    return {
        {"version", 1},
        {"id", request.id},
        {"stage", request.stage},
        {"from_ns", request.from.ns()},
        {"to_ns", request.to.ns()},
        {"asked_ns", request.asked.ns()},
        {"created_ms", request.created_ms},
        {"title", request.title},
        {"game", request.game},
        {"profile", request.profile},
        {"keep_actions", request.keep_actions},
        {"train", request.train},
        {"session", request.session},
        {"folder", request.folder.string()},
        {"disk", request.disk.string()},
        {"actions_file", request.actions_file.string()},
        {"files", files},
        {"failure_code", request.failure_code},
        {"failure", request.failure},
        {"attempts", request.attempts}};
}

Result<SaveRequest> save_request_from_json(const Json& json) {
    try {
        return request_from_json(json);
    } catch (const Json::exception&) {
        return fail(Errc::Corrupt, "the note of a save is damaged");
    }
}

SaveJournal::SaveJournal(fs::path pins_folder) : folder_{std::move(pins_folder)} {}

fs::path SaveJournal::folder_of(const std::string& id) const {
    return folder_ / id;
}

Result<> SaveJournal::write(const SaveRequest& request) const {
    const fs::path folder = folder_of(request.id);
    std::error_code error;
    fs::create_directories(folder_, error);
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
        return fail_errno("the save cannot be noted", errno);
    return write_file_atomically(
        folder / kJournal, to_json(request).dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::vector<SaveRequest> SaveJournal::load_all() const {
    std::vector<SaveRequest> requests;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator{folder_, error}) {
        std::ifstream file{entry.path() / kJournal};
        const Json json = Json::parse(file, nullptr, /*allow_exceptions=*/false);
        auto request = save_request_from_json(json);
        if (request && request->id == entry.path().filename())
            requests.push_back(*std::move(request));
        else if (!holds_segments(entry.path()))
            fs::remove_all(entry.path(), error);
        else if (auto rescued = request_of_footage(entry.path()))
            requests.push_back(*std::move(rescued));
    }
    std::sort(requests.begin(), requests.end(), [](const SaveRequest& a, const SaveRequest& b) {
        return a.to < b.to;
    });
    return requests;
}

void SaveJournal::remove(const std::string& id) const {
    std::error_code error;
    fs::remove_all(folder_of(id), error);
}

SaveJournal::Usage SaveJournal::usage() const {
    struct Links {
        nlink_t ours = 0;
        nlink_t all = 0;
        std::uint64_t bytes = 0;
    };

    std::map<std::pair<dev_t, ino_t>, Links> files;
    std::error_code error;
    for (const auto& entry : fs::recursive_directory_iterator{folder_, error}) {
        struct stat status {};

        if (entry.path().extension() != ".hsseg" || ::lstat(entry.path().c_str(), &status) != 0 ||
            !S_ISREG(status.st_mode))
            continue;
        Links& links = files[{status.st_dev, status.st_ino}];
        ++links.ours;
        links.all = status.st_nlink;
        links.bytes = static_cast<std::uint64_t>(status.st_blocks) * 512;
    }
    Usage usage;
    for (const auto& [key, links] : files) {
        usage.pinned += links.bytes;
        usage.held += links.ours >= links.all ? links.bytes : 0;
    }
    return usage;
}

std::uint64_t SaveJournal::pinned_bytes() const {
    return usage().pinned;
}

std::uint64_t SaveJournal::held_bytes() const {
    return usage().held;
}

}  // namespace hindsight::service
