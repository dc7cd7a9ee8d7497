#include "canvas_scene.hpp"

#include <graphics/vec2.h>
#include <util/platform.h>

#include <string>
#include <utility>

namespace hindsight::obs {

namespace {

constexpr std::uint32_t kCanvasChannel = 0;
constexpr int kSizePolls = 50;
constexpr unsigned kSizePollMs = 20;

bool has_size(obs_source_t* source) {
    return obs_source_get_width(source) > 0 && obs_source_get_height(source) > 0;
}

bool input_exists(const char* id) {
    const char* type = nullptr;
    for (std::size_t i = 0; obs_enum_input_types(i, &type); ++i)
        if (std::string{id} == type)
            return true;
    return false;
}

}  // namespace

SourceHandle open_native_source(const ipc::StartCapture& request, const Log& log) {
    const bool window = request.source == ipc::SourceKind::Window;
    const char* id = window ? "xcomposite_input" : "xshm_input";
    // Older and newer libobs give the screen source different ids.
    if (!window && input_exists("xshm_input_v2"))
        id = "xshm_input_v2";
    if (!input_exists(id)) {
        log.info("libobs has no '{}' source here", id);
        return {};
    }
    const SettingsHandle settings{obs_data_create()};
    if (window)
        obs_data_set_string(
            settings.get(), "capture_window", std::to_string(request.window).c_str());
    obs_data_set_bool(settings.get(), "show_cursor", request.cursor);
    SourceHandle source{obs_source_create_private(id, "picture", settings.get())};
    if (!source)
        return {};
    // Sources start when they are shown; one that stays without a size does not work here.
    obs_set_output_source(kCanvasChannel, source.get());
    bool works = has_size(source.get());
    for (int poll = 0; poll < kSizePolls && !works; ++poll) {
        os_sleep_ms(kSizePollMs);
        works = has_size(source.get());
    }
    obs_set_output_source(kCanvasChannel, nullptr);
    if (!works) {
        log.info("libobs' '{}' source shows nothing here", id);
        return {};
    }
    return source;
}

Result<std::unique_ptr<CanvasScene>>
CanvasScene::show(SourceHandle source, direct::PictureSize size) {
    SceneHandle scene{obs_scene_create_private("hindsight")};
    if (!scene)
        return fail(Errc::External, "libobs did not make a scene");
    obs_sceneitem_t* item = obs_scene_add(scene.get(), source.get());
    if (item == nullptr)
        return fail(Errc::External, "libobs did not take the source into its scene");
    vec2 bounds{};
    vec2_set(&bounds, static_cast<float>(size.width), static_cast<float>(size.height));
    obs_sceneitem_set_bounds(item, &bounds);
    obs_sceneitem_set_bounds_type(item, OBS_BOUNDS_SCALE_INNER);
    obs_set_output_source(kCanvasChannel, obs_scene_get_source(scene.get()));
    return std::unique_ptr<CanvasScene>{new CanvasScene{std::move(source), std::move(scene)}};
}

CanvasScene::CanvasScene(SourceHandle source, SceneHandle scene)
    : source_{std::move(source)}, scene_{std::move(scene)} {}

CanvasScene::~CanvasScene() {
    // An idle canvas with a source keeps rendering.
    obs_set_output_source(kCanvasChannel, nullptr);
}

void CanvasScene::renew() {
    const SettingsHandle settings{obs_source_get_settings(source_.get())};
    obs_source_update(source_.get(), settings.get());
}

bool CanvasScene::alive() const {
    return has_size(source_.get());
}

}  // namespace hindsight::obs
