#pragma once

// One recording that two buffers share: the same encoders of libobs run into our ring, through the
// outputs that hindsight-capture uses, and into libobs' own `replay_buffer`.

#include <hindsight/core/time.hpp>
#include <hindsight/ring/ring_writer.hpp>

#include <obs/obs_handle.hpp>
#include <obs/packet_output.hpp>
#include <obs/packet_sink.hpp>

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace hindsight::bench {

struct RecordingOptions {
    int width = 1280;
    int height = 720;
    int fps = 60;
    Duration length = Duration::from_ms(30'000);  ///< what both buffers hold at least
    std::filesystem::path ring;                   ///< on a tmpfs
    std::filesystem::path replays;                ///< where `replay_buffer` writes
};

/// Ends the program when libobs does not do what it should.
class Recording {
public:
    explicit Recording(const RecordingOptions& options);
    ~Recording();
    Recording(const Recording&) = delete;
    Recording& operator=(const Recording&) = delete;

    /// Records `options.length` and a little more, faster than time passes; goes on live.
    void fill();

    /// Waits until every stream of ours has a packet at or after `time`.
    void wait_until_complete(MonoTime time);

    /// Presses libobs' save and waits for its signal; the file is then closed.
    [[nodiscard]] std::filesystem::path save_replay();

private:
    void feed(const std::stop_token& stop);
    void start_ours();
    void start_replay_buffer();
    void stop_replay_buffer();
    static void on_saved(void* self, calldata_t* data) noexcept;

    RecordingOptions options_;
    std::unique_ptr<ring::RingWriter> ring_;
    obs::VideoHandle video_;
    obs::EncoderHandle video_encoder_;
    obs::EncoderHandle audio_encoder_;
    std::unique_ptr<obs::PacketSink> sink_;
    std::optional<obs::PacketOutput> video_output_;
    std::optional<obs::PacketOutput> audio_output_;
    obs::OutputHandle replay_;

    std::mutex mutex_;  ///< guards what follows
    std::condition_variable changed_;
    bool saved_ = false;

    std::jthread feeder_;  ///< last: stops before what it feeds goes
};

}  // namespace hindsight::bench
