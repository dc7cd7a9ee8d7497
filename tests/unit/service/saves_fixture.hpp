#pragma once

// A save queue between fakes; its workers run when the test says so.

#include "service_fakes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace hindsight::test {

class FakeSidecars final : public service::SidecarWriter {
public:
    int written = 0;

    Result<service::SidecarResult> write(const service::SidecarRequest& request) override {
        ++written;
        service::SidecarResult result;
        result.actions_path = request.file.path.string() + ".actions.jsonl";
        std::ofstream{result.actions_path} << "actions";
        result.ass_path = request.file.path.string() + ".ass";
        return result;
    }

    Result<> set_train(const std::filesystem::path&, bool) override { return {}; }

    Result<std::vector<ClipOnset>> read_onsets(const std::filesystem::path&) override {
        return std::vector<ClipOnset>{};
    }
};

}  // namespace hindsight::test

namespace hindsight::service {

class Saves : public ::testing::Test {
protected:
    Saves() {
        std::filesystem::create_directories(folder_.path() / "ring");
        std::filesystem::create_directories(folder_.path() / "clips");
        config_.clips.folder = (folder_.path() / "clips").string();
        make();
    }

    /// Again: the process before was killed.
    void make() {
        for (test::QueuedExecutor* executor : {&control_, &exporter_, &storer_, &spiller_})
            executor->drop_all();
        SaveDeps deps{
            clock_,
            writer_,
            store_,
            &sidecars_,
            control_,
            exporter_,
            storer_,
            spiller_,
            capture_,
            input_,
            folder_.path() / "ring",
            folder_.path() / "pins",
            0};
        SaveEvents events;
        events.verified = [this](const std::string&, const ipc::Json& json) {
            told_.push_back("verified");
            verified_ = json;
        };
        events.finished = [this](const std::string&, const ipc::Json& json) {
            told_.push_back("finished");
            finished_ = json;
        };
        events.failed = [this](const std::string&, const Error& error) {
            told_.push_back("failed");
            failure_ = error.what;
        };
        events.clip_removed = [this](const std::string& id) { removed_.push_back(id); };
        events.overlay_ready = [this](const Clip&) { told_.push_back("overlay"); };
        queue_ = std::make_unique<SaveQueue>(deps, events, Log{"test"});
        queue_->set_config(config_);
    }

    void run() {
        while (control_.run_one() || exporter_.run_one() || storer_.run_one() ||
               spiller_.run_one()) {
        }
    }

    Result<std::string> ask(const SaveOptions& options = {}) {
        Footage footage;
        footage.capturing = true;
        footage.oldest = clock_.now() - Duration::from_ms(60'000);
        footage.newest = clock_.now();
        return queue_->request(options, clock_.now(), footage, {"Doom", "doom"});
    }

    /// The last packet and the last action are there.
    void let_it_end(const std::string& id) {
        queue_->reached(id);
        queue_->input_up_to(MonoTime::max());
        run();
    }

    static std::ptrdiff_t count_clips(const std::filesystem::path& folder) {
        return std::count_if(
            std::filesystem::directory_iterator{folder},
            std::filesystem::directory_iterator{},
            [](const auto& entry) { return entry.path().extension() == ".mp4"; });
    }

    test::ManualClock clock_;
    test::FakeWriter writer_;
    test::FakeStore store_;
    test::FakeSidecars sidecars_;
    test::QueuedExecutor control_;
    test::QueuedExecutor exporter_;
    test::QueuedExecutor storer_;
    test::QueuedExecutor spiller_;
    test::FakeLink capture_;
    test::FakeLink input_;
    test::TemporaryFolder folder_;
    config::Config config_;
    std::vector<std::string> told_;
    std::vector<std::string> removed_;
    ipc::Json verified_;
    ipc::Json finished_;
    std::string failure_;
    std::unique_ptr<SaveQueue> queue_;
};

}  // namespace hindsight::service
