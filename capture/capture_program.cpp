#include "capture_program.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

namespace hindsight::capture {

namespace {

constexpr Duration kStatusInterval = Duration::from_ms(250);

sigset_t end_signals() {
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGTERM);
    ::sigaddset(&signals, SIGINT);
    return signals;
}

}  // namespace

void block_end_signals() {
    const sigset_t signals = end_signals();
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

CaptureProgram::CaptureProgram(ipc::Channel channel, ProgramOptions options, Log log)
    : channel_{std::move(channel)},
      options_{options},
      log_{std::move(log)},
      wake_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
    const sigset_t signals = end_signals();
    signals_.reset(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
}

CaptureProgram::~CaptureProgram() = default;

int CaptureProgram::run() {
    const SystemClock clock;
    for (;;) {
        const Duration wait =
            session_ ? std::max(next_status_ - clock.now(), Duration::zero()) : Duration::zero();
        std::array<pollfd, 3> fds{
            pollfd{.fd = channel_.fd(), .events = POLLIN, .revents = 0},
            pollfd{.fd = wake_.get(), .events = POLLIN, .revents = 0},
            pollfd{.fd = signals_.get(), .events = POLLIN, .revents = 0}};
        const int timeout_ms = session_ ? static_cast<int>(wait.ms()) + 1 : -1;
        if (::poll(fds.data(), fds.size(), timeout_ms) < 0 && errno != EINTR)
            return ExitFailed;
        drain_wakeups();
        if (fds[2].revents != 0 || drain_messages() == Next::End)
            break;
        if (!session_)
            continue;
        if (tend() == Next::End)
            break;
        answer_awaited();
        if (clock.now() >= next_status_) {
            next_status_ = clock.now() + kStatusInterval;
            report_status();
        }
    }
    if (exit_code_ == ExitDisplayLost)
        die_without_display();
    session_.reset();
    if (ring_)
        ring_->seal();
    return exit_code_;
}

void CaptureProgram::drain_wakeups() const {
    std::uint64_t count = 0;
    while (::read(wake_.get(), &count, sizeof count) > 0)
        continue;
}

CaptureProgram::Next CaptureProgram::drain_messages() {
    ipc::Message message;
    for (;;) {
        switch (channel_.receive(message)) {
        case ipc::Channel::ReceiveStatus::Empty:
            return Next::GoOn;
        case ipc::Channel::ReceiveStatus::Closed:
            log_.info("the service closed the connection; recording ends");
            return Next::End;
        case ipc::Channel::ReceiveStatus::Message:
            if (handle(message) == Next::End)
                return Next::End;
            break;
        }
    }
}

CaptureProgram::Next CaptureProgram::handle(const ipc::Message& message) {
    const auto with = [this, &message]<class T>(auto&& act, T*) -> Next {
        auto body = message.as<T>();
        if (!body) {
            log_.warn("{}", body.error().what);
            return Next::GoOn;
        }
        return act(*std::move(body));
    };
    if (message.is<ipc::StartCapture>())
        return with(
            [this](ipc::StartCapture request) { return start(std::move(request)); },
            static_cast<ipc::StartCapture*>(nullptr));
    if (message.is<ipc::StopCapture>())
        return with(
            [this](const ipc::StopCapture& request) {
                stop(request);
                return Next::GoOn;
            },
            static_cast<ipc::StopCapture*>(nullptr));
    if (message.is<ipc::AwaitTime>())
        return with(
            [this](ipc::AwaitTime request) {
                awaited_.push_back(std::move(request));
                if (session_)
                    session_->watch_packets(true);
                return Next::GoOn;
            },
            static_cast<ipc::AwaitTime*>(nullptr));
    if (message.is<ipc::SetLimits>())
        return with(
            [this](const ipc::SetLimits& limits) {
                if (ring_)
                    ring_->set_limits(limits.limit_bytes, Duration::from_ns(limits.limit_ns));
                return Next::GoOn;
            },
            static_cast<ipc::SetLimits*>(nullptr));
    if (message.is<ipc::MuteMicrophone>())
        return with(
            [this](const ipc::MuteMicrophone& request) {
                if (session_)
                    session_->mute_microphone(request.muted, MonoTime::from_ns(request.from_ns));
                return Next::GoOn;
            },
            static_cast<ipc::MuteMicrophone*>(nullptr));
    if (message.is<ipc::ProbeEncoders>())
        return with(
            [this](const ipc::ProbeEncoders& request) {
                probe(request);
                return Next::GoOn;
            },
            static_cast<ipc::ProbeEncoders*>(nullptr));
    return Next::GoOn;
}

Result<> CaptureProgram::ensure_runtime() {
    if (runtime_)
        return {};
    HINDSIGHT_ASSIGN(
        runtime_, obs::ObsRuntime::start([this] { die_without_display(); }, Log{"obs"}));
    return {};
}

Result<> CaptureProgram::ensure_ring(const ipc::StartCapture& request) {
    const Duration limit = Duration::from_ns(request.limit_ns);
    if (ring_ && ring_folder_ == request.ring_folder) {
        ring_->set_limits(request.limit_bytes, limit);
        return {};
    }
    if (request.ring_folder.empty())
        return fail(Errc::InvalidArgument, "no ring folder was given");
    ring_.reset();
    HINDSIGHT_ASSIGN(
        ring_,
        ring::RingWriter::create(
            {.folder = request.ring_folder, .limit_bytes = request.limit_bytes, .limit = limit},
            Log{"ring"}));
    ring_folder_ = request.ring_folder;
    return {};
}

CaptureProgram::Next CaptureProgram::start(ipc::StartCapture request) {
    session_.reset();
    window_ = request.window;
    if (options_.picture)
        request.picture = *options_.picture;
    if (const auto ready = ensure_ring(request); !ready)
        return give_up(ready.error());
    if (const auto ready = ensure_runtime(); !ready)
        return give_up(ready.error());
    auto session = obs::CaptureSession::start(
        *runtime_,
        request,
        *ring_,
        {.wake =
             [fd = wake_.get()] {
                 const std::uint64_t one = 1;
                 static_cast<void>(::write(fd, &one, sizeof one) == sizeof one);
             },
         .stuck = [this](const std::string& encoder) { die_of_encoder(encoder); }},
        Log{"capture"});
    if (!session)
        return give_up(session.error());
    session_ = *std::move(session);
    session_->watch_packets(!awaited_.empty());
    static_cast<void>(channel_.send(session_->started()));
    return Next::GoOn;
}

void CaptureProgram::stop(const ipc::StopCapture& request) {
    session_.reset();
    if (ring_) {
        ring_->seal();
        if (request.clear_ring)
            ring_->clear();
    }
    static_cast<void>(channel_.send(ipc::CaptureStopped{}));
}

void CaptureProgram::probe(const ipc::ProbeEncoders& request) {
    if (const auto ready = ensure_runtime(); !ready) {
        log_.warn("cannot try the encoders: {}", ready.error().what);
        static_cast<void>(channel_.send(ipc::EncoderList{}));
        return;
    }
    static_cast<void>(channel_.send(runtime_->probe_encoders(
        request.avoid, [this](const std::string& encoder) { die_of_encoder(encoder); })));
}

CaptureProgram::Next CaptureProgram::tend() {
    const auto care = session_->tend();
    if (!care)
        return give_up(care.error());
    if (*care == obs::CaptureSession::Care::Restarted)
        static_cast<void>(channel_.send(session_->started()));
    return Next::GoOn;
}

void CaptureProgram::answer_awaited() {
    if (awaited_.empty())
        return;
    const MonoTime complete = session_->complete_until();
    std::erase_if(awaited_, [&](const ipc::AwaitTime& request) {
        if (complete < MonoTime::from_ns(request.t_ns))
            return false;
        static_cast<void>(channel_.send(ipc::Reached{.request = request.request}));
        return true;
    });
    if (awaited_.empty())
        session_->watch_packets(false);
}

void CaptureProgram::report_status() {
    static_cast<void>(channel_.send(session_->status()));
}

CaptureProgram::Next CaptureProgram::give_up(const Error& error) {
    log_.error("recording cannot go on: {}", error.what);
    static_cast<void>(channel_.send(
        ipc::CaptureFailed{.code = errc_name(error.code), .what = error.what, .window = window_}));
    exit_code_ = error.code == Errc::DeviceLost ? ExitDisplayLost : ExitFailed;
    return Next::End;
}

/// Neither libobs nor GL can be shut down in order without their X server. Segments need no
/// farewell: what is committed is there.
void CaptureProgram::die_without_display() noexcept {
    static_cast<void>(channel_.send(ipc::CaptureFailed{
        .code = errc_name(Errc::DeviceLost),
        .what = "the connection to the display server is lost",
        .window = window_}));
    ::_exit(ExitDisplayLost);
}

/// The threads that it holds cannot be joined, so no order is possible, and none is needed.
void CaptureProgram::die_of_encoder(const std::string& encoder) noexcept {
    log_.error("the encoder {} hangs; ending, to begin anew without it", encoder);
    static_cast<void>(channel_.send(ipc::EncoderStuck{.encoder = encoder}));
    ::_exit(ExitStuck);
}

}  // namespace hindsight::capture
