#include "gl_info.hpp"
#include "noise_filter.hpp"
#include "obs_handle.hpp"
#include "packet_output.hpp"
#include "picture_feed.hpp"

#include <hindsight/obs/obs_runtime.hpp>

#include <X11/Xlib.h>
#include <obs-nix-platform.h>
#include <unistd.h>
#include <util/base.h>

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

namespace hindsight::obs {

namespace {

constexpr std::uint32_t kSampleRate = 48'000;
constexpr int kExitByXlib = 3;

/// What recording needs; a name that is not installed is passed over.
constexpr std::array kPlugins{
    "linux-capture",
    "linux-pipewire",
    "obs-x264",
    "obs-ffmpeg",
    "obs-filters",
    "obs-nvenc",
    "obs-qsv11"};

using DisplayHandle = UniqueHandle<Display, XCloseDisplay>;

void bridge_log(int level, const char* format, va_list arguments, void* param) noexcept {
    std::array<char, 2048> text{};
    std::vsnprintf(text.data(), text.size(), format, arguments);
    const std::string_view line{text.data()};
    // The window source logs window titles, which are nobody's business.
    if (line.find("window-capture") != std::string_view::npos ||
        line.find("xcomposite") != std::string_view::npos)
        return;
    const auto* log = static_cast<const Log*>(param);
    // Whether what troubles libobs breaks a promise of ours is said by those who know.
    if (level <= LOG_ERROR)
        log->write(LogLevel::Warn, line);
    else if (level <= LOG_WARNING)
        log->write(LogLevel::Info, line);
    else if (log->enabled(LogLevel::Debug))
        log->write(LogLevel::Debug, line);
}

/// Xlib's handlers carry no user data; libobs is once per process, and so is this.
std::function<void()>& display_lost_handler() {
    static std::function<void()> handler;
    return handler;
}

int handle_io_error(Display* /*display*/) {
    if (const auto& handler = display_lost_handler())
        handler();
    ::_exit(kExitByXlib);
}

void take_module(void* param, const obs_module_info2* info) noexcept {
    const auto* log = static_cast<const Log*>(param);
    const std::string_view name = info->name != nullptr ? info->name : "";
    if (std::find(kPlugins.begin(), kPlugins.end(), name) == kPlugins.end())
        return;
    obs_module_t* module = nullptr;
    if (const int code = obs_open_module(&module, info->bin_path, info->data_path);
        code != MODULE_SUCCESS) {
        log->warn("libobs plugin {} does not open ({})", name, code);
        return;
    }
    if (!obs_init_module(module))
        log->warn("libobs plugin {} does not start", name);
}

}  // namespace

struct ObsRuntime::Impl {
    Log log;
    Log obs_log{"libobs"};
    DisplayHandle display;
    bool started = false;
    std::optional<CanvasFormat> canvas;
    GlInfo gl;

    explicit Impl(Log l) : log{std::move(l)} {}

    ~Impl() {
        if (started)
            obs_shutdown();
        base_set_log_handler(nullptr, nullptr);
        display_lost_handler() = nullptr;
    }

    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
};

ObsRuntime::ObsRuntime(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}

ObsRuntime::~ObsRuntime() = default;

std::string ObsRuntime::version() {
    return obs_get_version_string();
}

const GlInfo& ObsRuntime::gl() const {
    return impl_->gl;
}

Result<std::unique_ptr<ObsRuntime>>
ObsRuntime::start(std::function<void()> on_display_lost, Log log) {
    auto impl = std::make_unique<Impl>(std::move(log));
    base_set_log_handler(bridge_log, &impl->obs_log);
    XInitThreads();
    impl->display.reset(XOpenDisplay(nullptr));
    if (!impl->display)
        return fail(Errc::DeviceLost, "there is no X display to record from");
    obs_set_nix_platform(OBS_NIX_PLATFORM_X11_EGL);
    obs_set_nix_platform_display(impl->display.get());
    if (!obs_startup("en-US", nullptr, nullptr))
        return fail(Errc::External, "libobs does not start");
    impl->started = true;
    display_lost_handler() = std::move(on_display_lost);
    XSetIOErrorHandler(handle_io_error);

    // libobs does not start without its own mixer; what we record does not pass through it.
    const obs_audio_info audio{.samples_per_sec = kSampleRate, .speakers = SPEAKERS_STEREO};
    if (!obs_reset_audio(&audio))
        return fail(Errc::External, "libobs does not set up sound");
    std::unique_ptr<ObsRuntime> runtime{new ObsRuntime{std::move(impl)}};
    HINDSIGHT_TRY(runtime->set_canvas({}));
    runtime->impl_->gl = query_gl();
    obs_find_modules2(take_module, &runtime->impl_->log);
    obs_post_load_modules();
    register_packet_outputs();
    register_picture_source();
    register_noise_source();
    return runtime;
}

Result<> ObsRuntime::set_canvas(const CanvasFormat& format) {
    if (impl_->canvas == format)
        return {};
    obs_video_info info{};
    info.graphics_module = "libobs-opengl";
    info.fps_num = static_cast<std::uint32_t>(format.fps);
    info.fps_den = 1;
    info.base_width = info.output_width = static_cast<std::uint32_t>(format.width);
    info.base_height = info.output_height = static_cast<std::uint32_t>(format.height);
    // Any other pair of format and conversion may give black pictures without an error.
    info.output_format = VIDEO_FORMAT_NV12;
    info.gpu_conversion = true;
    info.colorspace = VIDEO_CS_709;
    info.range = VIDEO_RANGE_PARTIAL;
    info.scale_type = OBS_SCALE_BICUBIC;
    const int code = obs_reset_video(&info);
    if (code == OBS_VIDEO_CURRENTLY_ACTIVE)
        return fail(Errc::Busy, "libobs still records", code);
    if (code != OBS_VIDEO_SUCCESS)
        return fail(Errc::External, "libobs does not set up its graphics", code);
    impl_->canvas = format;
    return {};
}

}  // namespace hindsight::obs
