#pragma once

// The main loop of `hindsight-capture`: messages of the service in, recording and reports out.

#include <hindsight/core/handle.hpp>
#include <hindsight/core/log.hpp>
#include <hindsight/ipc/messages.hpp>
#include <hindsight/obs/capture_session.hpp>
#include <hindsight/obs/obs_runtime.hpp>
#include <hindsight/ring/ring_writer.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hindsight::capture {

enum ExitCode : int {
    ExitOk = 0,
    ExitFailed = 1,
    ExitUsage = 2,
    ExitDisplayLost = 3,
    ExitStuck = 4
};

/// SIGTERM and SIGINT then end run() in order. Before any thread is started.
void block_end_signals();

struct ProgramOptions {
    /// Overrides what the service asks for, for trying things out by hand.
    std::optional<ipc::PicturePath> picture;
};

/// All functions on the main thread, except where libobs calls back.
class CaptureProgram {
public:
    CaptureProgram(ipc::Channel channel, ProgramOptions options, Log log);
    ~CaptureProgram();
    CaptureProgram(const CaptureProgram&) = delete;
    CaptureProgram& operator=(const CaptureProgram&) = delete;

    /// Until the service closes its end (ExitOk) or recording cannot go on.
    [[nodiscard]] int run();

private:
    enum class Next { GoOn, End };

    Next drain_messages();
    Next handle(const ipc::Message& message);
    Next start(ipc::StartCapture request);
    void stop(const ipc::StopCapture& request);
    void probe(const ipc::ProbeEncoders& request);
    Next tend();
    void answer_awaited();
    void report_status();
    Next give_up(const Error& error);
    Result<> ensure_runtime();
    Result<> ensure_ring(const ipc::StartCapture& request);
    void drain_wakeups() const;
    [[noreturn]] void die_without_display() noexcept;
    [[noreturn]] void die_of_encoder(const std::string& encoder) noexcept;

    ipc::Channel channel_;
    ProgramOptions options_;
    Log log_;
    UniqueFd wake_;             ///< eventfd, written by capture threads
    UniqueFd signals_;          ///< signalfd of the signals that end us
    std::uint32_t window_ = 0;  ///< of the order that is carried out
    std::string ring_folder_;
    std::unique_ptr<ring::RingWriter> ring_;
    std::unique_ptr<obs::ObsRuntime> runtime_;
    std::unique_ptr<obs::CaptureSession> session_;
    std::vector<ipc::AwaitTime> awaited_;
    MonoTime next_status_ = MonoTime::from_ns(0);
    int exit_code_ = ExitOk;
};

}  // namespace hindsight::capture
