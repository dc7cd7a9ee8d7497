#include "encoder_choice.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <thread>

namespace hindsight::obs {

namespace {

constexpr const char* kX264 = "obs_x264";
constexpr const char* kSvtAv1 = "ffmpeg_svt_av1";
constexpr const char* kAomAv1 = "ffmpeg_aom_av1";

// Encoders of libobs 29 to 32, the one we would rather have first. A `_tex` encoder takes the
// canvas as it lies on the GPU; without one, the `_soft` and `_fallback` kin are uploaded to.

constexpr std::array kH264{
    "obs_nvenc_h264_tex",
    "jim_nvenc",
    "obs_nvenc_h264_cuda",
    "obs_nvenc_h264_soft",
    "ffmpeg_nvenc",
    "h264_texture_amf",
    "h264_fallback_amf",
    "ffmpeg_vaapi_tex",
    "ffmpeg_vaapi",
    "obs_qsv11_v2",
    "obs_qsv11_soft_v2",
    "obs_qsv11",
    "obs_qsv11_soft",
    kX264,
    "ffmpeg_openh264"};

/// libobs has no HEVC encoder that runs on the processor.
constexpr std::array kHevc{
    "obs_nvenc_hevc_tex",
    "jim_hevc_nvenc",
    "obs_nvenc_hevc_cuda",
    "obs_nvenc_hevc_soft",
    "ffmpeg_hevc_nvenc",
    "h265_texture_amf",
    "h265_fallback_amf",
    "hevc_ffmpeg_vaapi_tex",
    "hevc_ffmpeg_vaapi",
    "obs_qsv11_hevc",
    "obs_qsv11_hevc_soft"};

constexpr std::array kAv1{
    "obs_nvenc_av1_tex",
    "jim_av1_nvenc",
    "obs_nvenc_av1_cuda",
    "obs_nvenc_av1_soft",
    "av1_texture_amf",
    "av1_fallback_amf",
    "av1_ffmpeg_vaapi_tex",
    "av1_ffmpeg_vaapi",
    "obs_qsv11_av1",
    "obs_qsv11_av1_soft",
    kSvtAv1,
    kAomAv1};

/// x264's names from fast to slow; the place in it is also the number of the parameter sets.
constexpr std::array<std::string_view, 9> kPresets{
    "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow"};

std::span<const char* const> ids_of(std::string_view codec) {
    if (codec == "hevc")
        return kHevc;
    if (codec == "av1")
        return kAv1;
    return kH264;
}

bool needs_texture(const char* id) {
    return (obs_get_encoder_caps(id) & OBS_ENCODER_CAP_PASS_TEXTURE) != 0;
}

int place_of(std::string_view preset) {
    const auto* at = std::find(kPresets.begin(), kPresets.end(), preset);
    return at != kPresets.end() ? static_cast<int>(at - kPresets.begin()) : 2;
}

/// 1 to 63 where x264 counts to 51.
int av1_quality(int crf) {
    return std::clamp(crf * 3 / 2, 1, 63);
}

void add_x264(obs_data_t* data, const ipc::StartCapture& request) {
    // Every preset writes parameter sets of its own number, so that footage of several presets can
    // lie in one track; `stitchable` keeps them the same whatever the quality is.
    const std::string options =
        "bframes=0 scenecut=0 rc-lookahead=0 sync-lookahead=0 open-gop=0 stitchable=1 sps-id=" +
        std::to_string(place_of(request.preset));
    obs_data_set_string(data, "preset", request.preset.c_str());
    obs_data_set_string(data, "x264opts", options.c_str());
}

void add_av1(obs_data_t* data, const ipc::StartCapture& request, bool svt) {
    // SVT-AV1 counts its presets down to 12 for the fastest that is worth it, libaom to 10.
    const int place = place_of(request.preset);
    obs_data_set_int(data, "preset", svt ? std::max(12 - place, 5) : std::max(10 - place, 6));
    // No picture waits for a later one.
    obs_data_set_string(
        data, "ffmpeg_opts", svt ? "svtav1-params=pred-struct=1:lookahead=0" : "lag-in-frames=0");
}

void add_quality(obs_data_t* data, const ipc::StartCapture& request, std::string_view id) {
    const bool x264 = id == kX264;
    if (request.bitrate_kbps > 0) {
        obs_data_set_string(data, "rate_control", x264 ? "ABR" : "VBR");
        obs_data_set_int(data, "bitrate", request.bitrate_kbps);
        obs_data_set_int(data, "max_bitrate", request.bitrate_kbps);
        obs_data_set_int(data, "maxrate", request.bitrate_kbps);
        return;
    }
    obs_data_set_string(data, "rate_control", x264 ? "CRF" : "CQP");
    const bool av1 = id.find("av1") != std::string_view::npos;
    const int quality = av1 ? av1_quality(request.crf) : request.crf;
    // The same number under the name that each of them knows.
    for (const char* name : {"crf", "cqp", "qp", "qpi", "qpp", "qpb"})
        obs_data_set_int(data, name, quality);
}

}  // namespace

bool encoder_exists(const std::string& id) {
    // Creating an unknown encoder gives a stub, not null: only the list of types tells.
    const char* type = nullptr;
    for (std::size_t i = 0; obs_enum_encoder_types(i, &type); ++i)
        if (id == type)
            return true;
    return false;
}

bool is_hardware_encoder(const std::string& id) {
    constexpr std::array kMarks{"nvenc", "vaapi", "qsv", "amf", "videotoolbox"};
    return std::any_of(kMarks.begin(), kMarks.end(), [&](const char* mark) {
        return id.find(mark) != std::string::npos;
    });
}

std::vector<std::string> encoder_chain(const ipc::StartCapture& request, ipc::PicturePath path) {
    std::vector<std::string> chain;
    const auto add = [&](const std::string& id) {
        const bool known = std::find(chain.begin(), chain.end(), id) != chain.end();
        const bool usable =
            encoder_exists(id) && (path == ipc::PicturePath::Canvas || !needs_texture(id.c_str()));
        if (usable && !known)
            chain.push_back(id);
    };
    const auto add_all = [&](const auto& ids) { std::for_each(ids.begin(), ids.end(), add); };
    if (!request.encoders.empty()) {
        add_all(request.encoders);
    } else {
        add(request.encoder);
        add_all(ids_of(request.codec));
        add_all(kH264);
    }
    // Behind all others, but not left out: it may be the only one.
    std::stable_partition(chain.begin(), chain.end(), [&](const std::string& id) {
        return std::find(request.avoid.begin(), request.avoid.end(), id) == request.avoid.end();
    });
    return chain;
}

std::uint64_t pictures_held_back(const std::string& id, int height) {
    // All are told to look ahead at none; a few lie in the queues of drivers.
    constexpr std::uint64_t kUsual = 30;
    if (id != kX264)
        return kUsual;
    // x264 works on a picture per thread, and begins as many as there are processors for, half as
    // many again, and no more than one for each 32 lines.
    const std::uint64_t threads = std::thread::hardware_concurrency() * 3ULL / 2;
    const auto most = static_cast<std::uint64_t>((height + 15) / 16 / 2);
    return std::max(kUsual, std::min(threads, most));
}

SettingsHandle encoder_settings(const ipc::StartCapture& request, const std::string& id) {
    SettingsHandle settings{obs_data_create()};
    obs_data_t* data = settings.get();
    obs_data_set_int(data, "keyint_sec", 1);
    obs_data_set_int(data, "bf", 0);
    obs_data_set_bool(data, "lookahead", false);
    // VAAPI numbers its profiles; its own choice is the right one.
    const char* codec = obs_get_encoder_codec(id.c_str());
    if (id.find("vaapi") == std::string::npos && codec != nullptr)
        obs_data_set_string(data, "profile", std::string_view{codec} == "h264" ? "high" : "main");
    if (id == kX264)
        add_x264(data, request);
    else if (id == kSvtAv1 || id == kAomAv1)
        add_av1(data, request, id == kSvtAv1);
    add_quality(data, request, id);
    return settings;
}

}  // namespace hindsight::obs
