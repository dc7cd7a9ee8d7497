#pragma once

#include <hindsight/core/handle.hpp>

#include <media-io/audio-io.h>
#include <media-io/video-io.h>
#include <obs.h>

namespace hindsight::obs {

using OutputHandle = UniqueHandle<obs_output_t, obs_output_release>;
using EncoderHandle = UniqueHandle<obs_encoder_t, obs_encoder_release>;
using SourceHandle = UniqueHandle<obs_source_t, obs_source_release>;
using SceneHandle = UniqueHandle<obs_scene_t, obs_scene_release>;
using SettingsHandle = UniqueHandle<obs_data_t, obs_data_release>;
using AudioHandle = UniqueHandle<audio_t, audio_output_close>;
using VideoHandle = UniqueHandle<video_t, video_output_close>;

}  // namespace hindsight::obs
