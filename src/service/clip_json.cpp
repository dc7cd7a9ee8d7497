#include <hindsight/service/clip_json.hpp>

#include <array>
#include <ctime>

namespace hindsight::service {

using ipc::Json;

std::string iso_time(std::int64_t unix_ms) {
    const std::time_t seconds = unix_ms / 1000;
    std::tm parts{};
    ::localtime_r(&seconds, &parts);
    std::array<char, 64> buffer{};
    const std::size_t size =
        std::strftime(buffer.data(), buffer.size(), "%Y-%m-%dT%H:%M:%S%z", &parts);
    std::string text{buffer.data(), size};
    if (text.size() < 3)
        return text;
    // "+0200" → "+02:00"
    return text.substr(0, text.size() - 2) + ':' + text.substr(text.size() - 2);
}

Json clip_to_json(const Clip& clip) {
    Json events = Json::array();
    for (const ClipEvent& event : clip.events)
        events.push_back(
            {{"t_s", event.t.seconds()}, {"type", event.type}, {"label", event.label}});
    Json gaps = Json::array();
    for (const ClipGap& gap : clip.gaps)
        gaps.push_back({{"t_s", gap.t.seconds()}, {"duration_s", gap.length.seconds()}});
    return {
        {"id", clip.id},
        {"path", clip.path.string()},
        {"title", clip.title},
        {"game", clip.game},
        {"profile", clip.profile},
        {"created", iso_time(clip.created_ms)},
        {"created_ms", clip.created_ms},
        {"duration_s", clip.duration.seconds()},
        {"size_bytes", clip.size_bytes},
        {"width", clip.width},
        {"height", clip.height},
        {"fps", clip.fps},
        {"tags", clip.tags},
        {"favorite", clip.favorite},
        {"keep_actions", clip.keep_actions},
        {"train", clip.train},
        {"events", events},
        {"gaps", gaps},
        {"missed_frames", clip.missed_frames},
        {"actions_path", clip.actions_path.string()},
        {"ass_path", clip.ass_path.string()},
        {"overlay_path", clip.overlay_path.string()},
        {"thumbnail_path", clip.thumbnail_path.string()}};
}

}  // namespace hindsight::service
