#pragma once

// A small world for ring tests: a private folder in memory, streams, and packets whose bytes tell
// which packet they are.

#include <hindsight/core/stream.hpp>
#include <hindsight/ring/ring_writer.hpp>
#include <hindsight/ring/segment_reader.hpp>

#include <stdlib.h>

#include <chrono>
#include <cstring>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace hindsight::ring::testing {

/// A folder in memory that goes with the test.
class MemoryFolder {
public:
    MemoryFolder() {
        std::string name = "/dev/shm/hindsight-ring-test-XXXXXX";
        path_ = ::mkdtemp(name.data());
    }

    MemoryFolder(const MemoryFolder&) = delete;
    MemoryFolder& operator=(const MemoryFolder&) = delete;

    ~MemoryFolder() {
        std::error_code error;
        std::filesystem::remove_all(path_, error);
    }

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

    [[nodiscard]] std::filesystem::path ring() const { return path_ / "ring"; }

private:
    std::filesystem::path path_;
};

inline std::vector<StreamInfo> video_and_audio() {
    StreamInfo video;
    video.kind = StreamKind::Video;
    video.codec = "h264";
    video.time_base = {1, 60};
    video.extradata = {std::byte{0}, std::byte{0}, std::byte{1}, std::byte{0x67}};
    video.width = 640;
    video.height = 360;
    video.frame_rate = {60, 1};
    StreamInfo audio;
    audio.kind = StreamKind::Audio;
    audio.codec = "aac";
    audio.name = "Desktop";
    audio.time_base = {1, 48000};
    audio.sample_rate = 48000;
    audio.channels = 2;
    audio.frame_samples = 1024;
    return {video, audio};
}

/// Packets of `bytes` bytes whose content follows from stream and time.
class PacketFactory {
public:
    explicit PacketFactory(std::size_t bytes) : data_(bytes) {}

    Packet video(Duration t, bool keyframe) { return make(0, t, keyframe); }

    Packet audio(Duration t) { return make(1, t, true); }

    [[nodiscard]] static bool is_intact(const Packet& packet) {
        const std::byte expected = fill_of(packet);
        for (const std::byte b : packet.data) {
            if (b != expected)
                return false;
        }
        return true;
    }

private:
    static std::byte fill_of(const Packet& packet) {
        return static_cast<std::byte>(
            (packet.capture_time.ns() / 1'000'000 * 31 + packet.stream) & 0xff);
    }

    Packet make(std::uint32_t stream, Duration t, bool keyframe) {
        Packet packet;
        packet.stream = stream;
        packet.keyframe = keyframe;
        packet.capture_time = MonoTime::from_ns(0) + t;
        packet.pts = packet.dts = t.ms() * 60 / 1000;
        std::memset(data_.data(), std::to_integer<int>(fill_of(packet)), data_.size());
        packet.data = data_;
        return packet;
    }

    std::vector<std::byte> data_;
};

/// Appends `seconds` of ten frames a second with one keyframe a second, and as much audio.
inline void append_seconds(RingWriter& ring, PacketFactory& packets, int from, int seconds) {
    for (int frame = from * 10; frame < (from + seconds) * 10; ++frame) {
        const Duration t = Duration::from_ms(frame * 100);
        static_cast<void>(ring.append(packets.video(t, frame % 10 == 0)));
        static_cast<void>(ring.append(packets.audio(t)));
    }
}

/// Waits until the helper thread has caught up; false after ten seconds.
inline bool eventually(const std::function<bool()>& condition) {
    for (int i = 0; i < 10'000; ++i) {
        if (condition())
            return true;
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    return false;
}

/// Everything readable in the folder, packet by packet: "v!0 v100 a100 …" ('!': keyframe), in
/// milliseconds; "?" marks a damaged end, "X" a packet with wrong bytes.
inline std::string footage(const std::filesystem::path& folder, const char* prefix = "av") {
    std::string text;
    for (const auto& file : list_segments(folder, prefix)) {
        const auto reader = SegmentReader::open(file);
        if (!reader)
            continue;
        while (const auto stored = (*reader)->next()) {
            const Packet& packet = stored->packet;
            text += packet.stream == 0 ? "v" : "a";
            text += packet.stream == 0 && packet.keyframe ? "!" : "";
            text += std::to_string(packet.capture_time.ns() / 1'000'000);
            text += PacketFactory::is_intact(packet) ? " " : "X ";
        }
        if ((*reader)->damaged())
            text += "? ";
    }
    return text;
}

}  // namespace hindsight::ring::testing
