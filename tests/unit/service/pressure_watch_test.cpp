// That memory is short is heard, whatever way the kernel offers, and the buffer gives way. The
// kernel is a text file here.

#include "pressure_watch.hpp"
#include "service_fakes.hpp"

#include <hindsight/core/file.hpp>
#include <hindsight/service/service.hpp>

#include <gtest/gtest.h>

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEventLoop>

namespace hindsight::service {
namespace {

namespace fs = std::filesystem;

constexpr qint64 kPatienceMs = 20'000;

class Pressure : public ::testing::Test {
protected:
    Pressure() {
        static int argc = 1;
        static char name[] = "test";
        static char* argv[] = {name, nullptr};
        if (QCoreApplication::instance() == nullptr)
            application_ = std::make_unique<QCoreApplication>(argc, argv);
        stall(0, 0);
    }

    /// What programs have waited since boot, in seconds.
    void stall(int some, int full) const {
        const auto line = [](const char* kind, int seconds) {
            return std::string{kind} + " avg10=0.00 avg60=0.00 avg300=0.00 total=" +
                   std::to_string(seconds * 1'000'000LL) + "\n";
        };
        // In one step, as the kernel's file is never half written.
        (void)write_file_atomically(file(), line("some", some) + line("full", full));
    }

    [[nodiscard]] fs::path file() const { return folder_.path() / "memory"; }

    std::unique_ptr<PressureWatch> watch() {
        return std::make_unique<PressureWatch>(
            [this](MemoryPressure how) { told_.push_back(how); },
            file(),
            std::chrono::milliseconds{10},
            Log{"test"});
    }

    static bool spin_until(const std::function<bool()>& condition) {
        QElapsedTimer since;
        since.start();
        while (!condition()) {
            if (since.hasExpired(kPatienceMs))
                return false;
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 100);
        }
        return true;
    }

    std::unique_ptr<QCoreApplication> application_;
    test::TemporaryFolder folder_;
    std::vector<MemoryPressure> told_;
};

TEST_F(Pressure, TheKernelsTextIsUnderstood) {
    const auto totals = parse_stalls("some avg10=0.12 avg60=0.05 avg300=0.00 total=1234567\n"
                                     "full avg10=0.00 avg60=0.00 avg300=0.00 total=89\n");
    ASSERT_TRUE(totals);
    EXPECT_EQ(totals->some, Duration::from_us(1'234'567));
    EXPECT_EQ(totals->full, Duration::from_us(89));
    EXPECT_FALSE(parse_stalls(""));
    EXPECT_FALSE(parse_stalls("some avg10=0.12 avg60=0.05 avg300=0.00 total=1"));
    EXPECT_FALSE(parse_stalls("some total=x\nfull total=y\n"));
}

TEST_F(Pressure, WithoutTriggersTheKernelIsAsked) {
    const auto watching = watch();
    EXPECT_EQ(watching->source(), PressureSource::Polling);
    stall(100, 0);
    ASSERT_TRUE(spin_until([this] { return !told_.empty(); }));
    EXPECT_EQ(told_, std::vector{MemoryPressure::Some});
    stall(200, 100);
    ASSERT_TRUE(spin_until([this] { return told_.size() == 2; }));
    EXPECT_EQ(told_[1], MemoryPressure::Severe);
}

TEST_F(Pressure, WhatWasBeforeTheStartIsNoPressureNow) {
    stall(100, 100);
    const auto watching = watch();
    QElapsedTimer since;
    since.start();
    ASSERT_TRUE(spin_until([&] { return since.hasExpired(200); }));
    EXPECT_TRUE(told_.empty());
}

TEST_F(Pressure, AKernelThatDoesNotTellIsNoticed) {
    fs::remove(file());
    EXPECT_EQ(watch()->source(), PressureSource::Nothing);
    (void)write_file_atomically(file(), "");
    EXPECT_EQ(watch()->source(), PressureSource::Nothing);
}

class NoSidecars final : public SidecarWriter {
public:
    Result<SidecarResult> write(const SidecarRequest&) override { return SidecarResult{}; }

    Result<> set_train(const fs::path&, bool) override { return {}; }

    Result<std::vector<ClipOnset>> read_onsets(const fs::path&) override {
        return std::vector<ClipOnset>{};
    }
};

class NoSessions final : public SessionWriter {
public:
    Result<std::unique_ptr<SessionFile>> create(const fs::path&, const SessionLabels&) override {
        return fail(Errc::Unsupported, "no session is written here");
    }

    Result<std::unique_ptr<SessionFile>>
    open(const fs::path&, const SessionLabels&, const std::optional<SessionMark>&) override {
        return fail(Errc::Unsupported, "no session is written here");
    }

    Result<WrittenFile> finish(const SessionFinish&, std::stop_token, const ProgressFn&) override {
        return fail(Errc::Unsupported, "no session is written here");
    }

    Result<WrittenFile> keep(const SessionFinish&) override {
        return fail(Errc::Unsupported, "no session is written here");
    }
};

TEST_F(Pressure, TheBufferOfTheServiceGivesWayAndThatIsSaid) {
    const SystemClock clock;
    test::FakeWriter writer;
    NoSessions sessions;
    test::FakeStore store;
    NoSidecars sidecars;
    const test::FakeGames games;
    ServiceOptions options;
    options.program_folder = folder_.path() / "no-programs";
    options.ring_home = folder_.path() / "ring-home";
    options.config_file = folder_.path() / "config.toml";
    options.state_folder = options.cache_folder = folder_.path();
    options.pressure_file = file();
    Service service{
        {clock, writer, sessions, store, sidecars, games}, options, {}, {}, Log{"test"}};
    const auto runs = service.run();
    ASSERT_TRUE(runs) << runs.error().what;
    const auto limit = [&] { return service.status()["ring"]["limit_bytes"].get<std::uint64_t>(); };
    const std::uint64_t full = limit();
    ASSERT_GT(full, 2 * MemoryAllowance::kFloorBytes);
    stall(100, 100);
    ASSERT_TRUE(spin_until([&] { return limit() < full; }));
    EXPECT_LE(limit(), full / 2);
    EXPECT_NE(service.status()["health"].dump().find("short of memory"), std::string::npos);
}

}  // namespace
}  // namespace hindsight::service
