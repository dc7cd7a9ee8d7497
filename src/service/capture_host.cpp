#include "capture_host.hpp"

#include <algorithm>
#include <utility>

namespace hindsight::service {

CaptureHost::CaptureHost(ChildOptions options, const ChildProcess::Events& events, Log log)
    : process_{
          std::move(options),
          ChildProcess::Events{
              [this, next = events.connected] { connected(next); },
              events.message,
              events.gone,
              events.cannot_start},
          std::move(log)} {}

void CaptureHost::connected(const std::function<void()>& next) {
    if (order_)
        (void)process_.send(*order_);
    if (next)
        next();
}

void CaptureHost::run(const ipc::StartCapture& what) {
    order_ = what;
    order_->microphone_muted = microphone_muted_;
    // A new process for every order: the old one seals its epoch while it ends.
    process_.restart(ipc::encode(ipc::StopCapture{}));
}

void CaptureHost::halt(Memory memory) {
    order_.reset();
    process_.stop(ipc::encode(ipc::StopCapture{memory == Memory::Dropped}));
}

void CaptureHost::set_limits(const ipc::SetLimits& limits) {
    if (order_) {
        order_->limit_bytes = limits.limit_bytes;
        order_->limit_ns = limits.limit_ns;
    }
    (void)process_.send(limits);
}

void CaptureHost::mute_microphone(bool muted) {
    microphone_muted_ = muted;
    if (order_)
        order_->microphone_muted = muted;
    (void)process_.send(ipc::MuteMicrophone{muted});
}

RingContent scan_ring(const std::filesystem::path& ring_folder) {
    RingContent content;
    for (const std::filesystem::path& file : ring::list_segments(ring_folder, "av")) {
        const auto reader = ring::SegmentReader::open(file);
        if (!reader)
            continue;
        const ring::SegmentInfo& info = (*reader)->info();
        if (info.last == MonoTime::min())
            continue;
        content.oldest = std::min(content.oldest, info.first);
        content.newest = std::max(content.newest, info.last);
        content.bytes += info.bytes;
        content.epoch = std::max(content.epoch, info.epoch);
    }
    return content;
}

}  // namespace hindsight::service
