#include "save_steps.hpp"

#include "export_note.hpp"

#include <hindsight/core/id.hpp>
#include <hindsight/ring/segment_reader.hpp>
#include <hindsight/ring/snapshot.hpp>
#include <hindsight/ring/spill_folder.hpp>
#include <hindsight/service/action_recorder.hpp>
#include <hindsight/service/clip_json.hpp>
#include <hindsight/service/clip_name.hpp>

#include <algorithm>
#include <utility>

namespace hindsight::service {

namespace fs = std::filesystem;
using actions::ActionRecord;
using ipc::Json;

namespace {

/// Events and actions of a little before: the held state at the first frame comes from there.
constexpr Duration kActionLead = Duration::from_ms(12'000);

ActionSources pinned_actions(const ExportInput& input) {
    pin_actions(input);
    return {ring::list_segments(input.pin_folder, "act"), input.request.actions_file};
}

std::vector<ActionRecord> events_of(const ExportInput& input) {
    return read_events(pinned_actions(input), input.request.from, input.request.to);
}

std::string event_name(const ActionRecord& record) {
    if (!record.label.empty())
        return record.label;
    std::string name = record.event;
    if (!name.empty() && name.front() >= 'a' && name.front() <= 'z')
        name.front() = static_cast<char>(name.front() - 'a' + 'A');
    return name;
}

std::vector<ClipEvent>
clip_events(const std::vector<ActionRecord>& records, const WrittenFile& file) {
    std::vector<ClipEvent> events;
    for (const ActionRecord& record : records)
        if (record.t >= file.first_frame && record.t - file.first_frame < file.duration)
            events.push_back({record.t - file.first_frame, record.event, record.label});
    return events;
}

WriteRequest write_request(
    const ExportInput& input, const fs::path& target, const std::vector<ActionRecord>& events) {
    const SaveRequest& request = input.request;
    WriteRequest write;
    std::vector<fs::path> folders{input.pin_folder};
    if (!request.disk.empty())
        folders.push_back(ring::spilled_pins(request.disk, request.id));
    write.segments = ring::segment_files(folders, "av");
    write.from = request.from;
    write.to = request.to;
    write.target = target;
    write.title = request.title;
    write.game = request.game;
    write.comment = "Saved by Hindsight";
    write.created_ms = request.created_ms;
    write.chapters = chapters_of(events);
    return write;
}

/// The wished name of a new attempt; the writer adds a number should somebody else take it.
Result<fs::path> choose_target(const ExportInput& input) {
    const SaveRequest& request = input.request;
    std::error_code error;
    // A folder that the user names now is made, but not a whole path to it.
    if (!request.folder.empty())
        fs::create_directory(request.folder, error);
    const ClipNameFacts facts{request.game, request.title, request.created_ms};
    HINDSIGHT_ASSIGN(const fs::path folder, clip_folder(input.folder));
    return free_clip_path(folder, expand_clip_name(input.name, facts));
}

/// Notes the files that are about to get their names.
Result<> note_files(ExportNote& note, const std::vector<SavedFile>& saved, const fs::path& folder) {
    for (const SavedFile& file : saved) {
        const auto identity = identify(file.file.path);
        if (!identity)
            return fail(Errc::NotFound, "the folder for clips is gone");
        note.files.push_back({file, *identity});
    }
    // Full memory is no reason to lose a clip that is there.
    (void)write_export_note(folder, note);
    return {};
}

}  // namespace

std::vector<std::pair<MonoTime, std::string>> chapters_of(const std::vector<ActionRecord>& events) {
    std::vector<std::pair<MonoTime, std::string>> chapters;
    chapters.reserve(events.size());
    for (const ActionRecord& event : events)
        chapters.emplace_back(event.t, event_name(event));
    return chapters;
}

std::vector<SavedFile>
describe_files(const std::vector<WrittenFile>& files, const std::vector<ActionRecord>& events) {
    std::vector<SavedFile> saved;
    saved.reserve(files.size());
    for (const WrittenFile& file : files)
        saved.push_back({random_id(), file, clip_events(events, file), {}});
    return saved;
}

Result<> pin_pictures(const ExportInput& input) {
    const ring::Window window{input.request.from, input.request.to};
    HINDSIGHT_TRY(ring::pin_segments(input.ring_folder, "av", window, input.pin_folder));
    return {};
}

Result<std::uint64_t> pin_spilled_pictures(const ExportInput& input) {
    const SaveRequest& request = input.request;
    return ring::pin_spilled(
        request.disk, request.id, {request.from, request.to}, input.pin_folder);
}

void pin_actions(const ExportInput& input) {
    const ring::Window window{input.request.from - kActionLead, input.request.to};
    (void)ring::pin_segments(input.ring_folder, "act", window, input.pin_folder);
}

Result<std::vector<SavedFile>> export_files(
    ClipWriter& writer,
    const ExportInput& input,
    const ProgressFn& progress,
    std::stop_token stop) {
    ExportNote note = read_export_note(input.pin_folder);
    std::vector<SavedFile> named = named_files(note);
    if (!named.empty() && named.size() == note.files.size())
        return named;
    // Part of a set that is written anew; nobody has been told of them.
    std::error_code error;
    for (const SavedFile& file : named)
        fs::remove(file.file.path, error);
    note.files.clear();
    // After a kill the same name again: the writer then takes over what lies unfinished there.
    if (!input.resumed || note.target.empty()) {
        HINDSIGHT_ASSIGN(note.target, choose_target(input));
    }
    (void)write_export_note(input.pin_folder, note);

    const std::vector<ActionRecord> events = events_of(input);
    std::vector<SavedFile> saved;
    WriteRequest request = write_request(input, note.target, events);
    request.before_naming = [&](const std::vector<WrittenFile>& files) {
        saved = describe_files(files, events);
        return note_files(note, saved, input.pin_folder);
    };
    HINDSIGHT_ASSIGN(
        const std::vector<WrittenFile> files, writer.write(request, std::move(stop), progress));
    for (std::size_t i = 0; i < files.size(); ++i)
        saved.at(i).file.path = files[i].path;
    return saved;
}

Clip clip_of(const SaveRequest& request, const SavedFile& saved) {
    const WrittenFile& file = saved.file;
    Clip clip;
    clip.id = saved.clip_id;
    clip.path = file.path;
    clip.title = request.title;
    clip.game = request.game;
    clip.profile = request.profile;
    clip.created_ms = request.created_ms + (file.first_frame - request.from).ms();
    clip.duration = file.duration;
    clip.size_bytes = file.size_bytes;
    clip.width = file.width;
    clip.height = file.height;
    clip.fps = file.fps.den == 0 ? 0 : static_cast<double>(file.fps.num) / file.fps.den;
    clip.keep_actions = request.keep_actions;
    clip.train = request.train;
    clip.events = saved.events;
    clip.gaps = file.gaps;
    clip.missed_frames = file.missed_frames;
    return clip;
}

Result<Indexed> index_files(ClipStore& store, const SaveRequest& request) {
    Indexed indexed;
    for (const SavedFile& saved : request.files) {
        HINDSIGHT_ASSIGN(const std::optional<Clip> known, store.find_by_path(saved.file.path));
        if (known && known->id == saved.clip_id) {
            indexed.clips.push_back(*known);
            continue;
        }
        if (known) {
            HINDSIGHT_TRY(store.remove(known->id));
            indexed.replaced.push_back(known->id);
        }
        const Clip clip = clip_of(request, saved);
        HINDSIGHT_TRY(store.insert(clip, {}));
        indexed.clips.push_back(clip);
    }
    return indexed;
}

SidecarOutcome write_sidecars(
    SidecarWriter& writer, const ExportInput& input, const config::Config::Overlay& overlay) {
    SidecarOutcome outcome;
    const ActionSources actions = pinned_actions(input);
    for (const SavedFile& saved : input.request.files) {
        std::error_code error;
        if (!fs::exists(saved.file.path, error)) {
            outcome.results.emplace_back();  // deleted meanwhile
            continue;
        }
        SidecarRequest sidecar;
        sidecar.clip = clip_of(input.request, saved);
        sidecar.file = saved.file;
        auto frames = frames_of(saved, input.pin_folder);
        if (!frames) {
            outcome.problem = frames.error().what;
            outcome.results.emplace_back();
            continue;
        }
        sidecar.file.frames = *std::move(frames);
        sidecar.overlay = overlay;
        // A player's press belongs to the frame after it: look one frame period back.
        sidecar.records = read_actions(
            actions, saved.file.first_frame, saved.file.first_frame + saved.file.duration);
        auto result = writer.write(sidecar);
        if (!result)
            outcome.problem = result.error().what;
        outcome.results.push_back(result ? *std::move(result) : SidecarResult{});
    }
    return outcome;
}

namespace {

void remove_sidecars(const SidecarResult& result) {
    std::error_code error;
    for (const fs::path& file : {result.actions_path, result.ass_path})
        if (!file.empty())
            fs::remove(file, error);
}

}  // namespace

Result<std::vector<Clip>>
index_sidecars(ClipStore& store, const SaveRequest& request, const SidecarOutcome& outcome) {
    std::vector<Clip> clips;
    for (std::size_t i = 0; i < request.files.size(); ++i) {
        auto clip = store.find(request.files[i].clip_id);
        if (!clip) {
            // Deleted meanwhile: what the player did goes with it.
            if (clip.error().code == Errc::NotFound && i < outcome.results.size())
                remove_sidecars(outcome.results[i]);
            continue;
        }
        if (i < outcome.results.size()) {
            const SidecarResult& result = outcome.results[i];
            clip->actions_path = result.actions_path;
            clip->ass_path = result.ass_path;
            if (!result.actions_path.empty()) {
                HINDSIGHT_TRY(store.update(*clip));
                HINDSIGHT_TRY(store.set_onsets(clip->id, result.onsets));
            }
        }
        clips.push_back(*std::move(clip));
    }
    return clips;
}

Json describe_save(
    const SaveRequest& request, const std::vector<Clip>& clips, bool overlay_follows) {
    if (clips.empty())
        return Json::object();
    const Clip& first = clips.front();
    Json json = clip_to_json(first);
    Duration total = Duration::zero();
    Json parts = Json::array();
    for (const Clip& clip : clips) {
        total = total + clip.duration;
        parts.push_back(
            {{"id", clip.id},
             {"path", clip.path.string()},
             {"duration_s", clip.duration.seconds()}});
    }
    json["request"] = request.id;
    json["duration_s"] = total.seconds();
    json["short"] = total + Duration::from_ms(100) < request.asked;
    json["parts"] = clips.size() > 1 ? parts : Json::array();
    const bool follows = overlay_follows && !first.actions_path.empty();
    fs::path overlay = first.path;
    overlay.replace_extension(".overlay.mp4");
    json["overlay"] = {
        {"state", follows ? "pending" : "none"},
        {"path", follows ? overlay.string() : std::string{}}};
    return json;
}

}  // namespace hindsight::service
