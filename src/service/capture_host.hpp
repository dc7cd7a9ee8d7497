#pragma once

// Runs `hindsight-capture` for the controller: one process per recording, started again with the
// same order when it dies or falls silent, replaced when the order changes. An encoder that hung is
// avoided from then on.

#include "stale_watch.hpp"

#include <hindsight/ring/segment_reader.hpp>
#include <hindsight/service/child_process.hpp>
#include <hindsight/service/recording_controller.hpp>

#include <optional>
#include <string>
#include <vector>

namespace hindsight::service {

class CaptureHost final : public CaptureControl {
public:
    CaptureHost(ChildOptions options, const ChildProcess::Events& events, Log log);

    void run(const ipc::StartCapture& what) override;
    void halt(Memory memory) override;

    /// Tells the running capture, and every one that takes its place.
    void set_limits(const ipc::SetLimits& limits);

    /// The same for the microphone, from `from` on; a capture that starts later takes the last
    /// word.
    void mute_microphone(bool muted, MonoTime from);

    /// Encoders that hung get another chance, from the next order on.
    void forget_stuck_encoders() { stuck_.clear(); }

    /// Call about once a second. True: the process has said nothing for so long that it was killed;
    /// the next one starts with the same order.
    [[nodiscard]] bool tick(MonoTime now);

    [[nodiscard]] ChildProcess& process() { return process_; }

    [[nodiscard]] const ChildProcess& process() const { return process_; }

private:
    void connected(const std::function<void()>& next);
    void message(const ipc::Message& message, const std::function<void(const ipc::Message&)>& next);
    void avoid(const std::string& encoder);
    void heard(const ipc::Message& message);

    Log log_;
    std::optional<ipc::StartCapture> order_;
    bool microphone_muted_ = false;
    std::vector<std::string> stuck_;  ///< encoders that hung
    StaleWatch watch_;
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
