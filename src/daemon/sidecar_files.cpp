#include "sidecar_files.hpp"

#include <hindsight/actions/action_log.hpp>
#include <hindsight/actions/profile.hpp>
#include <hindsight/core/file.hpp>
#include <hindsight/overlay/overlay.hpp>

#include <algorithm>
#include <utility>

namespace hindsight::daemon {

namespace fs = std::filesystem;
using actions::ActionRecord;

namespace {

bool tells_actions(const std::vector<ActionRecord>& records) {
    return std::any_of(records.begin(), records.end(), [](const ActionRecord& record) {
        return record.kind == ActionRecord::Kind::Value ||
               (record.kind == ActionRecord::Kind::State && !record.held.empty());
    });
}

/// `clip.mp4` → `clip<ending>`
fs::path beside(const fs::path& clip, const char* ending) {
    fs::path path = clip;
    path.replace_extension(ending);
    return path;
}

actions::ActionLog
make_log(const service::SidecarRequest& request, const actions::Profile& profile) {
    const WrittenFile& file = request.file;
    actions::ActionLog log;
    log.clip = request.clip.id;
    log.game = request.clip.game;
    log.profile = profile.id;
    log.profile_version = profile.version;
    log.profile_sha256 = profile.bundled_sha256;
    log.video.file = file.path.filename().string();
    log.video.width = file.width;
    log.video.height = file.height;
    log.video.fps = file.fps;
    log.video.frames = static_cast<std::int64_t>(file.frames.size());
    log.video.duration = file.duration;
    for (const Duration t : file.keyframes)
        if (t >= Duration::zero())
            log.video.keyframes.push_back(t);
    log.sets = profile.sets;
    log.ui_sets = profile.ui_sets;
    log.actions = profile.actions;
    log.consent.train = request.clip.train;
    actions::BindOptions options;
    options.actions = profile.actions;
    options.keyframes = log.video.keyframes;
    if (file.fps.num > 0)
        options.period = to_duration(1, Rational{file.fps.den, file.fps.num});
    log.bind.latency = profile.latency.at(options.period);
    log.bind.method = profile.latency.method;
    log.bind.p95_residual = profile.latency.residual;
    log.records = actions::bind_to_frames(request.records, file.frames, options);
    return log;
}

overlay::OverlayOptions
overlay_options(const config::Config::Overlay& wish, const WrittenFile& file) {
    overlay::OverlayOptions options;
    // The configuration admits only names that these know.
    (void)overlay::parse_layout(wish.layout, options.layout);
    (void)overlay::parse_theme(wish.theme, options.theme);
    (void)overlay::parse_corner(wish.corner, options.corner);
    options.scale = wish.scale;
    options.width = file.width;
    options.height = file.height;
    return options;
}

std::vector<ClipOnset> onsets_of(const actions::ActionLog& log) {
    std::vector<ClipOnset> result;
    for (const actions::Onset& onset : actions::onsets(log)) {
        const auto at = std::find_if(
            log.actions.begin(), log.actions.end(), [&](const actions::ActionInfo& info) {
                return info.id == onset.action;
            });
        if (at != log.actions.end())
            result.push_back({at->name, onset.t});
    }
    return result;
}

}  // namespace

Result<service::SidecarResult> SidecarFiles::write(const service::SidecarRequest& request) {
    service::SidecarResult result;
    if (request.clip.profile.empty() || !tells_actions(request.records))
        return result;
    const auto profiles = games_.profiles();
    const actions::Profile* profile = profiles->find(request.clip.profile);
    if (profile == nullptr)
        return fail(Errc::NotFound, "the action profile of this game is gone");
    const actions::ActionLog log = make_log(request, *profile);
    const fs::path actions_path = beside(request.file.path, ".actions.jsonl");
    HINDSIGHT_TRY(actions::write_jsonl(log, actions_path));
    result.actions_path = actions_path;
    result.onsets = onsets_of(log);
    if (request.overlay.on_save == "off")
        return result;
    HINDSIGHT_ASSIGN(
        const std::string ass,
        overlay::make_ass(log, overlay_options(request.overlay, request.file)));
    const fs::path ass_path = beside(request.file.path, ".ass");
    HINDSIGHT_TRY(write_file_atomically(ass_path, ass));
    result.ass_path = ass_path;
    return result;
}

Result<std::vector<ClipOnset>> SidecarFiles::read_onsets(const fs::path& actions_path) {
    HINDSIGHT_ASSIGN(const actions::ActionLog log, actions::read_jsonl(actions_path));
    return onsets_of(log);
}

Result<> SidecarFiles::set_train(const fs::path& actions_path, bool allowed) {
    return actions::set_train(actions_path, allowed);
}

}  // namespace hindsight::daemon
