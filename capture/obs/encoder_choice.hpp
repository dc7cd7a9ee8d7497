#pragma once

// Which video encoders there are, in which order we want them, and how each is told to make what
// the ring needs: closed one-second GOPs, no B-frames, no lookahead.

#include "obs_handle.hpp"

#include <hindsight/ipc/messages.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace hindsight::obs {

/// Ids to try: the request's own list, else the one that it names, then what this machine offers
/// for its codec, best first, and behind it what it offers for H.264, so that a codec without an
/// encoder still gives a recording. Those to avoid come last of all. Encoders that take only
/// textures are left out where there is no GPU canvas.
[[nodiscard]] std::vector<std::string>
encoder_chain(const ipc::StartCapture& request, ipc::PicturePath path);

[[nodiscard]] bool encoder_exists(const std::string& id);

/// Not the processor's work.
[[nodiscard]] bool is_hardware_encoder(const std::string& id);

/// Pictures that a healthy encoder of that id may have taken before it gives the first one back, at
/// that height of the picture.
[[nodiscard]] std::uint64_t pictures_held_back(const std::string& id, int height);

/// For a fresh encoder of that id.
[[nodiscard]] SettingsHandle
encoder_settings(const ipc::StartCapture& request, const std::string& id);

}  // namespace hindsight::obs
