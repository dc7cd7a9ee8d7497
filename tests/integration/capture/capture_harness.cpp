#include "capture_harness.hpp"

#include <hindsight/core/handle.hpp>
#include <hindsight/core/time.hpp>

#include <poll.h>
#include <unistd.h>

#include <cstdlib>

namespace hindsight::test {

Result<std::unique_ptr<CaptureHarness>> CaptureHarness::start(const DesktopOptions& options) {
    auto harness = std::make_unique<CaptureHarness>();
    HINDSIGHT_ASSIGN(harness->desktop_, DesktopSession::start(options));
    return harness;
}

Result<std::uint32_t> CaptureHarness::show_pattern(const std::string& size, int fps) {
    HINDSIGHT_ASSIGN(
        pattern_,
        desktop_->spawn_program(
            "hindsight-pattern", {"--size", size, "--fps", std::to_string(fps)}));
    std::uint32_t window = 0;
    const bool shown = wait_until([&] {
        const std::string out = pattern_.out();
        if (out.rfind("window ", 0) == 0 && out.find('\n') != std::string::npos)
            window = static_cast<std::uint32_t>(std::strtoul(out.c_str() + 7, nullptr, 10));
        return window != 0;
    });
    if (!shown)
        return fail(Errc::Timeout, "the pattern window does not come: " + pattern_.err());
    return window;
}

Result<>
CaptureHarness::spawn_capture(std::vector<std::string> arguments, const Environment& extra) {
    HINDSIGHT_ASSIGN(auto pair, ipc::make_channel_pair());
    const UniqueFd theirs{pair.theirs};
    SpawnOptions options;
    options.command = {DesktopSession::program("hindsight-capture").string()};
    options.command.insert(options.command.end(), {"--log-level", "debug"});
    options.command.insert(options.command.end(), arguments.begin(), arguments.end());
    options.environment = desktop_->environment();
    for (const auto& [name, value] : extra)
        options.environment[name] = value;
    options.output = desktop_->root() / ("capture-" + std::to_string(++spawned_));
    options.channel = theirs.get();
    HINDSIGHT_ASSIGN(capture_, Process::spawn(options));
    channel_.emplace(std::move(pair.ours));
    return {};
}

std::filesystem::path CaptureHarness::ring_folder() const {
    return desktop_->runtime() / "hindsight" / "ring";
}

std::string CaptureHarness::capture_log() const {
    return read_text(
        std::filesystem::path{desktop_->environment().at("XDG_STATE_HOME")} / "hindsight" /
        "hindsight-capture.log");
}

ipc::StartCapture CaptureHarness::request(std::uint32_t window, int fps) const {
    ipc::StartCapture request;
    request.source = window == 0 ? ipc::SourceKind::Screen : ipc::SourceKind::Window;
    request.window = window;
    request.fps = fps;
    request.picture = ipc::PicturePath::Direct;
    request.preset = "ultrafast";
    request.cursor = false;
    request.adapt = false;  // what is asked for is what is looked at
    request.ring_folder = ring_folder().string();
    request.limit_bytes = 128u << 20;
    return request;
}

std::optional<ipc::Message> CaptureHarness::receive_type(const char* type, milliseconds deadline) {
    const SystemClock clock;
    const MonoTime end = clock.now() + Duration::from_ms(deadline.count());
    ipc::Message message;
    while (channel_ && clock.now() < end) {
        switch (channel_->receive(message)) {
        case ipc::Channel::ReceiveStatus::Message:
            if (const auto status = message.is<ipc::CaptureStatus>()
                                        ? message.as<ipc::CaptureStatus>()
                                        : Result<ipc::CaptureStatus>{fail(Errc::NotFound, "")})
                last_status_ = *status;
            if (message.type == type)
                return message;
            continue;
        case ipc::Channel::ReceiveStatus::Closed:
            return std::nullopt;
        case ipc::Channel::ReceiveStatus::Empty:
            break;
        }
        pollfd fd{.fd = channel_->fd(), .events = POLLIN, .revents = 0};
        ::poll(&fd, 1, static_cast<int>((end - clock.now()).ms()) + 1);
    }
    return std::nullopt;
}

Result<ipc::CaptureStarted> CaptureHarness::start_capture(const ipc::StartCapture& request) {
    HINDSIGHT_TRY(send(request));
    auto started = receive<ipc::CaptureStarted>();
    if (!started) {
        const auto status = capture_.wait(milliseconds{1'000});
        return fail(
            Errc::Timeout,
            "capture does not start (" +
                (status ? "exit " + std::to_string(status->code) + ", signal " +
                              std::to_string(status->signal)
                        : "running") +
                "): " + capture_.err());
    }
    return *started;
}

bool CaptureHarness::record(double seconds) {
    const MonoTime until = SystemClock{}.now() + Duration::from_seconds(seconds);
    if (!send(ipc::AwaitTime{.request = "test", .t_ns = until.ns()}))
        return false;
    return receive<ipc::Reached>(kPatience + milliseconds{static_cast<long>(seconds * 1000)})
        .has_value();
}

bool CaptureHarness::stop_capture() {
    return send(ipc::StopCapture{}) && receive<ipc::CaptureStopped>();
}

Result<ClipReading> CaptureHarness::read_ring(const MarkLayout& layout) {
    return read_segments(newest_epoch(ring_folder()), layout);
}

}  // namespace hindsight::test
