#include "capture_host.hpp"

#include <algorithm>
#include <utility>

namespace hindsight::service {

namespace {

/// Capture tells how it is four times a second, except while it replaces an encoder: one that
/// starts and gives nothing takes ten seconds of that.
constexpr Duration kStatusLimit = Duration::from_ms(15'000);
/// A start tries one encoder after the other.
constexpr Duration kStartLimit = Duration::from_ms(60'000);

}  // namespace

CaptureHost::CaptureHost(ChildOptions options, const ChildProcess::Events& events, Log log)
    : log_{log},
      process_{
          std::move(options),
          ChildProcess::Events{
              [this, next = events.connected] { connected(next); },
              [this, next = events.message](const ipc::Message& told) { message(told, next); },
              events.gone,
              events.cannot_start},
          std::move(log)} {}

void CaptureHost::connected(const std::function<void()>& next) {
    watch_.expect_within(kStartLimit);
    if (order_)
        (void)process_.send(*order_);
    if (next)
        next();
}

void CaptureHost::message(
    const ipc::Message& message, const std::function<void(const ipc::Message&)>& next) {
    heard(message);
    if (message.is<ipc::EncoderStuck>()) {
        if (const auto stuck = message.as<ipc::EncoderStuck>())
            avoid(stuck->encoder);
    } else if (next) {
        next(message);
    }
}

/// The process ends itself now. That it begins again at once is for the first time only: an encoder
/// that hangs although it is the last to be tried has to wait as every failure has.
void CaptureHost::avoid(const std::string& encoder) {
    log_.warn("the encoder {} hung; it is tried last from now on", encoder);
    if (std::find(stuck_.begin(), stuck_.end(), encoder) != stuck_.end())
        return;
    stuck_.push_back(encoder);
    if (order_)
        order_->avoid = stuck_;
    process_.forgive();
}

void CaptureHost::heard(const ipc::Message& message) {
    if (message.is<ipc::CaptureStarted>() || message.is<ipc::CaptureStatus>())
        watch_.expect_within(kStatusLimit);
}

bool CaptureHost::tick(MonoTime now) {
    const bool stale = watch_.tick(now);
    if (!stale || !order_ || !process_.connected())
        return false;
    log_.warn("the capture program does not answer any more; it is ended and started again");
    process_.kill();
    return true;
}

void CaptureHost::run(const ipc::StartCapture& what) {
    order_ = what;
    order_->microphone_muted = microphone_muted_;
    order_->avoid = stuck_;
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

void CaptureHost::mute_microphone(bool muted, MonoTime from) {
    microphone_muted_ = muted;
    if (order_)
        order_->microphone_muted = muted;
    (void)process_.send(ipc::MuteMicrophone{muted, from.ns()});
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
