#include "save_steps.hpp"

#include <hindsight/core/id.hpp>
#include <hindsight/ring/segment_reader.hpp>
#include <hindsight/ring/snapshot.hpp>
#include <hindsight/service/action_recorder.hpp>
#include <hindsight/service/clip_json.hpp>

#include <algorithm>
#include <utility>

namespace hindsight::service {

namespace fs = std::filesystem;
using actions::ActionRecord;
using ipc::Json;

namespace {

/// Events and actions of a little before: the held state at the first frame comes from there.
constexpr Duration kActionLead = Duration::from_ms(12'000);

std::vector<fs::path> pinned_actions(const ExportInput& input) {
    const ring::Window window{input.request.from - kActionLead, input.request.to};
    // Whatever could be linked is used; a clip without actions is still a clip.
    (void)ring::pin_segments(input.ring_folder, "act", window, input.pin_folder);
    return ring::list_segments(input.pin_folder, "act");
}

std::vector<ActionRecord> events_of(const ExportInput& input) {
    auto records = read_actions(pinned_actions(input), input.request.from, input.request.to);
    std::erase_if(records, [](const ActionRecord& record) {
        return record.kind != ActionRecord::Kind::Event;
    });
    return records;
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

WriteRequest write_request(const ExportInput& input, const std::vector<ActionRecord>& events) {
    const SaveRequest& request = input.request;
    WriteRequest write;
    write.segments = ring::list_segments(input.pin_folder, "av");
    write.from = request.from;
    write.to = request.to;
    write.target = request.target;
    write.title = request.title;
    write.game = request.game;
    write.comment = "Saved by Hindsight";
    write.created_ms = request.created_ms;
    for (const ActionRecord& event : events)
        write.chapters.emplace_back(event.t, event_name(event));
    return write;
}

/// An attempt that was killed between rename and journal left a whole, verified file under the
/// reserved name: the new one, equal to it, takes its place.
void take_reserved_name(const fs::path& target, std::vector<WrittenFile>& files) {
    std::error_code error;
    if (files.size() != 1 || files.front().path == target || !fs::is_regular_file(target, error))
        return;
    if (files.front().path.parent_path() != target.parent_path())
        return;
    fs::rename(files.front().path, target, error);
    if (!error)
        files.front().path = target;
}

}  // namespace

Result<std::vector<SavedFile>>
export_files(ClipWriter& writer, const ExportInput& input, const ProgressFn& progress) {
    const std::vector<ActionRecord> events = events_of(input);
    const fs::path& target = input.request.target;
    std::error_code error;
    const bool interrupted = fs::exists(target, error);
    fs::path leftover = target;
    leftover += ".part";
    fs::remove(leftover, error);
    auto files = writer.write(write_request(input, events), std::stop_token{}, progress);
    if (!files)
        return tl::unexpected(std::move(files).error());
    if (files->empty())
        return fail(Errc::NotFound, "there is no picture in these seconds");
    if (interrupted)
        take_reserved_name(target, *files);
    std::vector<SavedFile> saved;
    for (WrittenFile& file : *files) {
        SavedFile entry;
        entry.clip_id = random_id();
        entry.events = clip_events(events, file);
        entry.file = std::move(file);
        saved.push_back(std::move(entry));
    }
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
    return clip;
}

Result<std::vector<Clip>> index_files(ClipStore& store, SaveRequest& request) {
    std::vector<Clip> clips;
    for (SavedFile& saved : request.files) {
        HINDSIGHT_ASSIGN(const std::optional<Clip> known, store.find_by_path(saved.file.path));
        if (known) {
            saved.clip_id = known->id;
            clips.push_back(*known);
            continue;
        }
        const Clip clip = clip_of(request, saved);
        HINDSIGHT_TRY(store.insert(clip, {}));
        clips.push_back(clip);
    }
    return clips;
}

SidecarOutcome write_sidecars(
    SidecarWriter& writer, const ExportInput& input, const config::Config::Overlay& overlay) {
    SidecarOutcome outcome;
    const std::vector<fs::path> segments = pinned_actions(input);
    for (const SavedFile& saved : input.request.files) {
        SidecarRequest sidecar;
        sidecar.clip = clip_of(input.request, saved);
        sidecar.file = saved.file;
        sidecar.overlay = overlay;
        // A player's press belongs to the frame after it: look one frame period back.
        sidecar.records = read_actions(
            segments, saved.file.first_frame, saved.file.first_frame + saved.file.duration);
        auto result = writer.write(sidecar);
        if (!result)
            outcome.problem = result.error().what;
        outcome.results.push_back(result ? *std::move(result) : SidecarResult{});
    }
    return outcome;
}

Result<std::vector<Clip>>
index_sidecars(ClipStore& store, const SaveRequest& request, const SidecarOutcome& outcome) {
    std::vector<Clip> clips;
    for (std::size_t i = 0; i < request.files.size(); ++i) {
        auto clip = store.find(request.files[i].clip_id);
        if (!clip)
            continue;
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
