#include "encoder_choice.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace hindsight::obs {

namespace {

constexpr const char* kX264 = "obs_x264";

/// H.264 encoders of all libobs versions that we know, the one we would rather have first.
constexpr std::array kPreferred{
    "obs_nvenc_h264_tex",
    "jim_nvenc",
    "obs_nvenc_h264_cuda",
    "ffmpeg_nvenc",
    "h264_ffmpeg_vaapi_tex",
    "ffmpeg_vaapi_tex",
    "ffmpeg_vaapi",
    "obs_qsv11_v2",
    kX264};

bool needs_texture(const char* id) {
    return (obs_get_encoder_caps(id) & OBS_ENCODER_CAP_PASS_TEXTURE) != 0;
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
        if (encoder_exists(id) && (path == ipc::PicturePath::Canvas || !needs_texture(id.c_str())))
            chain.push_back(id);
    };
    if (!request.encoders.empty())
        std::for_each(request.encoders.begin(), request.encoders.end(), add);
    else
        std::for_each(kPreferred.begin(), kPreferred.end(), add);
    return chain;
}

SettingsHandle encoder_settings(const ipc::StartCapture& request, const std::string& id) {
    SettingsHandle settings{obs_data_create()};
    obs_data_t* data = settings.get();
    const bool x264 = id == kX264;
    obs_data_set_int(data, "keyint_sec", 1);
    obs_data_set_int(data, "bf", 0);
    obs_data_set_bool(data, "lookahead", false);
    obs_data_set_string(data, "profile", "high");
    if (x264) {
        obs_data_set_string(data, "preset", request.preset.c_str());
        obs_data_set_string(
            data, "x264opts", "bframes=0 scenecut=0 rc-lookahead=0 sync-lookahead=0 open-gop=0");
    }
    if (request.bitrate_kbps > 0) {
        obs_data_set_string(data, "rate_control", x264 ? "ABR" : "VBR");
        obs_data_set_int(data, "bitrate", request.bitrate_kbps);
        obs_data_set_int(data, "max_bitrate", request.bitrate_kbps);
        obs_data_set_int(data, "maxrate", request.bitrate_kbps);
    } else {
        obs_data_set_string(data, "rate_control", x264 ? "CRF" : "CQP");
        obs_data_set_int(data, "crf", request.crf);
        obs_data_set_int(data, "cqp", request.crf);
        obs_data_set_int(data, "qp", request.crf);
    }
    return settings;
}

}  // namespace hindsight::obs
