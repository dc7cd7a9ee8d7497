// Child programs of the service: supervised ones and jobs. Small shell scripts stand in for them.

#include "capture_host.hpp"
#include "process.hpp"

#include <hindsight/core/paths.hpp>
#include <hindsight/service/child_process.hpp>
#include <hindsight/service/job_runner.hpp>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <QCoreApplication>
#include <QEventLoop>
#include <csignal>
#include <functional>
#include <string>
#include <vector>

namespace hindsight::service {
namespace {

namespace fs = std::filesystem;
using ipc::Json;

class Children : public ::testing::Test {
public:
    Children() {
        static int argc = 1;
        static char name[] = "test";
        static char* argv[] = {name, nullptr};
        if (QCoreApplication::instance() == nullptr)
            application_ = std::make_unique<QCoreApplication>(argc, argv);
        std::string pattern = (fs::temp_directory_path() / "hindsight-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
    }

    ~Children() override {
        std::error_code error;
        fs::remove_all(folder_, error);
    }

    std::string script(const std::string& text) const {
        const fs::path file = folder_ / "script";
        (void)test::write_text(file, "#!/bin/sh\n" + text);
        ::chmod(file.c_str(), 0755);
        return file.string();
    }

    static bool spin_until(const std::function<bool()>& condition) {
        return test::wait_until([&] {
            QCoreApplication::processEvents(QEventLoop::AllEvents);
            return condition();
        });
    }

    std::unique_ptr<QCoreApplication> application_;
    fs::path folder_;
};

class Supervised : public Children {
protected:
    std::unique_ptr<ChildProcess> make(const std::string& text, int grace_ms = 300) {
        ChildProcess::Events events;
        events.connected = [this] { ++connected_; };
        events.message = [this](const ipc::Message& message) { messages_.push_back(message.type); };
        events.gone = [this](bool expected) { gone_.push_back(expected); };
        events.cannot_start = [this](const std::string&) { ++cannot_start_; };
        return std::make_unique<ChildProcess>(
            ChildOptions{text.empty() ? "/nowhere/program" : script(text), {}, grace_ms},
            events,
            Log{"test"});
    }

    int connected_ = 0;
    int cannot_start_ = 0;
    std::vector<bool> gone_;
    std::vector<std::string> messages_;
};

TEST_F(Supervised, AKilledChildIsStartedAgain) {
    const auto child = make("exec sleep 1000");
    child->start();
    const int first = child->pid();
    ASSERT_GT(first, 0);
    ASSERT_EQ(::kill(first, SIGKILL), 0);
    ASSERT_TRUE(spin_until([&] { return connected_ == 2; }));
    EXPECT_NE(child->pid(), first);
    EXPECT_EQ(gone_, std::vector<bool>{false});
    EXPECT_EQ(child->restarts(), 1);
}

TEST_F(Supervised, AStoppedChildStaysAway) {
    const auto child = make("cat <&3 >/dev/null");
    child->start();
    child->stop("");
    ASSERT_TRUE(spin_until([&] { return !gone_.empty(); }));
    EXPECT_EQ(gone_, std::vector<bool>{true});
    EXPECT_FALSE(child->running());
    EXPECT_FALSE(child->send(ipc::StopCapture{}));
}

TEST_F(Supervised, AChildThatDoesNotListenIsEnded) {
    const auto child = make("trap '' TERM; while :; do sleep 0.05; done", 50);
    child->start();
    child->stop(ipc::encode(ipc::StopCapture{}));
    ASSERT_TRUE(spin_until([&] { return !child->running(); }));
    EXPECT_EQ(gone_, std::vector<bool>{true});
}

TEST_F(Supervised, RestartWaitsForTheOneBefore) {
    const auto child = make("cat <&3 >/dev/null");
    child->start();
    const int first = child->pid();
    child->restart("");
    ASSERT_TRUE(spin_until([&] { return connected_ == 2; }));
    EXPECT_NE(::kill(first, 0), 0) << "both run";
    EXPECT_NE(child->pid(), first);
}

TEST_F(Supervised, TheEnvironmentIsThatOfTheSession) {
    const auto child = make("printf '%s,%s' \"$DISPLAY\" \"$HINDSIGHT_X\" > \"$0.out\"");
    ::setenv("HINDSIGHT_X", "ours", 1);
    child->set_environment({{"DISPLAY", ":77"}, {"HINDSIGHT_X", ""}});
    child->start();
    ASSERT_TRUE(spin_until([&] { return test::read_text(folder_ / "script.out") == ":77,"; }));
    child->stop("");
}

TEST_F(Supervised, AProgramThatIsMissingIsSaid) {
    const auto child = make("");
    child->start();
    EXPECT_EQ(cannot_start_, 1);
    EXPECT_FALSE(child->running());
}

TEST_F(Supervised, ACaptureThatIsStartedAgainHasTheLimitsOfNow) {
    const fs::path told = folder_ / "script.out";
    CaptureHost host{
        ChildOptions{
            script(
                "while :; do dd bs=65536 count=1 <&3 >> \"$0.out\" 2> /dev/null; sleep 0.02; done"),
            {},
            300},
        ChildProcess::Events{},
        Log{"test"}};
    ipc::StartCapture order;
    order.limit_bytes = 111;
    host.run(order);
    host.set_limits({222, 5});
    ASSERT_TRUE(spin_until([&] { return test::read_text(told).find("222") != std::string::npos; }));
    fs::remove(told);
    ASSERT_EQ(::kill(host.process().pid(), SIGKILL), 0);
    ASSERT_TRUE(spin_until([&] { return !test::read_text(told).empty(); }));
    EXPECT_NE(test::read_text(told).find("222"), std::string::npos) << test::read_text(told);
    EXPECT_EQ(test::read_text(told).find("111"), std::string::npos) << test::read_text(told);
}

TEST_F(Supervised, AMutedMicrophoneIsMutedFromTheStartInEveryCaptureThatFollows) {
    const fs::path told = folder_ / "script.out";
    CaptureHost host{
        ChildOptions{
            script(
                "while :; do dd bs=65536 count=1 <&3 >> \"$0.out\" 2> /dev/null; sleep 0.02; done"),
            {},
            300},
        ChildProcess::Events{},
        Log{"test"}};
    const auto was_told = [&](const std::string& text) {
        return spin_until([&] { return test::read_text(told).find(text) != std::string::npos; });
    };
    host.run({});
    ASSERT_TRUE(was_told("\"microphone_muted\":false"));
    host.mute_microphone(true, MonoTime::from_ns(123'456));
    ASSERT_TRUE(was_told("\"mute_microphone\""));
    EXPECT_TRUE(was_told("\"from_ns\":123456"));
    fs::remove(told);
    ASSERT_EQ(::kill(host.process().pid(), SIGKILL), 0);
    EXPECT_TRUE(was_told("\"microphone_muted\":true")) << "in the order itself";
    fs::remove(told);
    host.run({});
    EXPECT_TRUE(was_told("\"microphone_muted\":true"));
}

TEST_F(Supervised, AnEncoderThatHungIsAvoidedUntilItGetsAnotherChance) {
    const fs::path told = folder_ / "script.out";
    CaptureHost host{
        ChildOptions{
            script("dd bs=65536 count=1 <&3 >> \"$0.out\" 2> /dev/null\n"
                   "printf '{\"type\":\"encoder_stuck\",\"encoder\":\"hung\"}' >&3; exit 4"),
            {},
            300},
        ChildProcess::Events{},
        Log{"test"}};
    const auto was_told = [&](const std::string& text) {
        return spin_until([&] { return test::read_text(told).find(text) != std::string::npos; });
    };
    host.run({});
    EXPECT_TRUE(was_told("\"avoid\":[]"));
    EXPECT_TRUE(was_told("\"avoid\":[\"hung\"]"));
    host.halt(Memory::Kept);
    ASSERT_TRUE(spin_until([&] { return !host.process().running(); }));
    fs::remove(told);
    host.forget_stuck_encoders();
    host.run({});
    EXPECT_TRUE(was_told("\"avoid\":[]")) << test::read_text(told);
}

TEST_F(Supervised, ACaptureThatFallsSilentIsEndedAndStartedAgain) {
    CaptureHost host{
        ChildOptions{script("exec sleep 1000"), {}, 300}, ChildProcess::Events{}, Log{"test"}};
    MonoTime now = MonoTime::from_ns(0);
    // How many seconds pass, one by one, until it is ended.
    const auto patience = [&] {
        for (int seconds = 0; seconds < 1000; ++seconds, now = now + Duration::from_ms(1000))
            if (host.tick(now))
                return seconds;
        return 0;
    };
    host.run({});
    const int first = host.process().pid();
    EXPECT_EQ(patience(), 60);
    ASSERT_TRUE(
        spin_until([&] { return host.process().connected() && host.process().pid() != first; }));
    EXPECT_EQ(patience(), 60) << "the next start has as long";
    host.halt(Memory::Kept);
    EXPECT_EQ(patience(), 0) << "nothing is expected of one that is to end";
}

TEST_F(Supervised, ACaptureThatReportsIsLeftAlone) {
    int reports = 0;
    ChildProcess::Events events;
    events.message = [&](const ipc::Message&) { ++reports; };
    CaptureHost host{
        ChildOptions{
            script("while :; do printf '{\"type\":\"status\"}' >&3; sleep 0.02; done"), {}, 300},
        events,
        Log{"test"}};
    host.run({});
    MonoTime now = MonoTime::from_ns(0);
    for (int second = 1; second <= 100; ++second, now = now + Duration::from_ms(1000)) {
        ASSERT_TRUE(spin_until([&] { return reports >= second; }));
        ASSERT_FALSE(host.tick(now)) << "after " << second << " s";
    }
    EXPECT_EQ(host.process().restarts(), 0);
}

class Jobs : public Children {
protected:
    std::unique_ptr<JobRunner> make(const std::string& text) {
        JobRunner::Events events;
        events.progress = [this](const Job&, double value) { progress_.push_back(value); };
        events.finished = [this](const JobResult& result) { results_.push_back(result); };
        return std::make_unique<JobRunner>(
            script(text), folder_ / "jobs.json", disk_, events, Log{"test"});
    }

    static Job job(const std::string& kind, bool lasting = false) {
        Job job;
        job.kind = kind;
        job.clip = "c1";
        job.arguments = {{"clip", "x"}};
        job.lasting = lasting;
        return job;
    }

    /// A disk without delay.
    class AtOnce final : public Executor {
    public:
        bool post(Task task) override {
            task();
            return true;
        }
    };

    AtOnce disk_;
    std::vector<double> progress_;
    std::vector<JobResult> results_;
};

TEST_F(Jobs, TellProgressAndResult) {
    const auto runner = make("echo '{\"progress\": 0.25}'; echo noise; echo '{\"progress\": 0.5}'\n"
                             "echo '{\"result\": {\"path\": \"/x\"}}'");
    (void)runner->add(job("burn-in"));
    ASSERT_TRUE(spin_until([&] { return !results_.empty(); }));
    EXPECT_TRUE(results_[0].ok);
    EXPECT_EQ(results_[0].result["path"], "/x");
    EXPECT_EQ(progress_, (std::vector{0.25, 0.5}));
    EXPECT_TRUE(runner->list().empty());
}

TEST_F(Jobs, FailWithTheSentenceOfTheJob) {
    const auto runner = make("echo '{\"error\": \"no_space\", \"what\": \"it is full\"}'; exit 1");
    (void)runner->add(job("burn-in"));
    ASSERT_TRUE(spin_until([&] { return !results_.empty(); }));
    EXPECT_FALSE(results_[0].ok);
    EXPECT_EQ(results_[0].error.code, Errc::NoSpace);
    EXPECT_EQ(results_[0].error.what, "it is full");
}

TEST_F(Jobs, ACrashIsAFailedJobAndTheNextOneRuns) {
    const auto runner =
        make("[ \"$2\" = burn-in ] && kill -SEGV $$\necho '{\"result\": {\"path\": \"/x\"}}'");
    (void)runner->add(job("burn-in"));
    (void)runner->add(job("other"));
    ASSERT_TRUE(spin_until([&] { return results_.size() == 2; }));
    EXPECT_FALSE(results_[0].ok);
    EXPECT_EQ(results_[0].error.code, Errc::External);
    EXPECT_TRUE(results_[1].ok);
}

TEST_F(Jobs, ThumbnailsDoNotWaitForAnOverlayThatTakesHours) {
    const auto runner = make("[ \"$2\" = burn-in ] && exec sleep 1000\necho '{\"result\": {}}'");
    const std::string overlay = runner->add(job("burn-in"));
    (void)runner->add(job("burn-in"));
    (void)runner->add(job("thumbnail"));
    (void)runner->add(job("thumbnail"));
    ASSERT_TRUE(spin_until([&] { return results_.size() == 2; }));
    EXPECT_EQ(results_[0].job.kind, "thumbnail");
    EXPECT_EQ(results_[1].job.kind, "thumbnail");
    EXPECT_EQ(runner->list().size(), 2U) << "two overlays at once";
    ASSERT_TRUE(runner->cancel(overlay));
    ASSERT_TRUE(spin_until([&] { return results_.size() == 3; }));
    EXPECT_EQ(results_[2].job.id, overlay);
}

TEST_F(Jobs, CancellingKillsTheRunningOne) {
    const auto runner = make("exec sleep 1000");
    const std::string id = runner->add(job("burn-in"));
    ASSERT_TRUE(runner->cancel(id));
    ASSERT_TRUE(spin_until([&] { return !results_.empty(); }));
    EXPECT_EQ(results_[0].error.code, Errc::Cancelled);
    EXPECT_FALSE(runner->cancel(id));
}

TEST_F(Jobs, AnUnfinishedLastingJobGoesOnAfterARestart) {
    auto runner = make("exec sleep 1000");
    (void)runner->add(job("burn-in", true));
    (void)runner->add(job("thumbnail"));
    runner.reset();  // killed
    runner = make("echo '{\"result\": {\"path\": \"/x\"}}'");
    runner->recover();
    ASSERT_TRUE(spin_until([&] { return !results_.empty(); }));
    EXPECT_TRUE(results_[0].ok);
    EXPECT_EQ(results_[0].job.kind, "burn-in");
    EXPECT_FALSE(fs::exists(folder_ / "jobs.json"));
}

}  // namespace
}  // namespace hindsight::service
