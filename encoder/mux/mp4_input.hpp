#pragma once

// An MP4 of ours, opened for reading back what was written.

#include <hindsight/core/result.hpp>

#include <ffmpeg/av_handle.hpp>

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

namespace hindsight::mux {

/// With all packets, also those that the edit list hides. `doing` names the purpose in the error
/// ("checking the written clip"). Errors: Corrupt, Io, External (FFmpeg; see external_code).
[[nodiscard]] Result<InputHandle>
open_all_packets(const std::filesystem::path& file, const char* doing);

/// The same for what FFmpeg's protocols can name.
[[nodiscard]] Result<InputHandle> open_all_packets_of(const std::string& url, const char* doing);

/// Borrowed from the packet.
[[nodiscard]] inline std::span<const std::byte> packet_data(const AVPacket& packet) {
    return std::as_bytes(
        std::span{packet.data, static_cast<std::size_t>(packet.size < 0 ? 0 : packet.size)});
}

}  // namespace hindsight::mux
