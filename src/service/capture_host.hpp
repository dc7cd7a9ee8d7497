#pragma once

// Runs `hindsight-capture` for the controller: one process per recording, started again with the
// same order when it dies, replaced when the order changes.

#include <hindsight/ring/segment_reader.hpp>
#include <hindsight/service/child_process.hpp>
#include <hindsight/service/recording_controller.hpp>

#include <optional>
#include <string>

namespace hindsight::service {

class CaptureHost final : public CaptureControl {
public:
    CaptureHost(ChildOptions options, const ChildProcess::Events& events, Log log);

    void run(const ipc::StartCapture& what) override;
    void halt(Memory memory) override;

    /// Tells the running capture, and every one that takes its place.
    void set_limits(const ipc::SetLimits& limits);

    /// The same for the microphone.
    void mute_microphone(bool muted);

    [[nodiscard]] bool microphone_muted() const { return microphone_muted_; }

    [[nodiscard]] ChildProcess& process() { return process_; }

    [[nodiscard]] const ChildProcess& process() const { return process_; }

private:
    void connected(const std::function<void()>& next);

    std::optional<ipc::StartCapture> order_;
    bool microphone_muted_ = false;
    ChildProcess process_;
};

/// What the segments of a ring folder hold.
struct RingContent {
    MonoTime oldest = MonoTime::max();
    MonoTime newest = MonoTime::min();
    std::uint64_t bytes = 0;
    std::uint64_t epoch = 0;

    [[nodiscard]] bool empty() const { return newest == MonoTime::min(); }
};

[[nodiscard]] RingContent scan_ring(const std::filesystem::path& ring_folder);

}  // namespace hindsight::service
