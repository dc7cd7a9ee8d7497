#pragma once

// Keeps the part of the ring that lies on a disk in step with the one in memory: decides on
// [control] what is to be done, and has it done on [spill]. A disk that is full, slow or gone costs
// the ring its older part, and nothing else.

#include <hindsight/config/config.hpp>
#include <hindsight/core/log.hpp>
#include <hindsight/core/time.hpp>
#include <hindsight/ring/spill_folder.hpp>
#include <hindsight/service/executor.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace hindsight::service {

struct SpillDeps {
    const Clock& clock;
    Executor& control;
    Executor& worker;  ///< [spill]
    std::filesystem::path ring_home;
    std::function<void()> changed;  ///< state() or problem() differs
    ring::CopySegment copy = ring::copy_segment;
};

/// [control]
class Spill {
public:
    Spill(SpillDeps deps, Log log);
    ~Spill();
    Spill(const Spill&) = delete;
    Spill& operator=(const Spill&) = delete;

    void set_config(const config::Config& config);

    /// The limit of the ring in memory.
    void set_memory(std::uint64_t bytes);

    /// Call about once a second; `recording`: there is a ring to follow.
    void tick(bool recording);

    /// The ring was dropped.
    void clear();

    /// The ring in memory has forgotten what it had from `from` on: so does the disk. `done` is
    /// called once, at once when there is nothing on a disk.
    void forget(MonoTime from, const std::function<void()>& done);

    /// The service ends: removes what no unsaved clip needs. `done` is called once.
    void retire(const std::function<void()>& done);

    [[nodiscard]] bool on() const { return follower_ != nullptr; }

    [[nodiscard]] const ring::SpillState& state() const { return state_; }

    /// Why nothing is spilled now, or what is missing: a sentence for people, or empty.
    [[nodiscard]] std::string problem() const;

private:
    struct Follower;  // lives on the worker

    struct Outcome {
        Result<> result;
        ring::SpillState state;
    };

    /// Runs `work` with the follower on the worker and `then` with what it gives here; false when
    /// the worker takes nothing now.
    template <class Work, class Then>
    bool run(Work work, Then then);
    void follow();
    void followed(const Outcome& outcome);

    SpillDeps deps_;
    Log log_;
    std::shared_ptr<Follower> follower_;
    std::string folder_;  ///< as configured
    bool configured_ = false;
    ring::SpillLimits limits_;
    ring::SpillState state_;
    std::string failure_;
    bool working_ = false;
    bool begun_ = false;  ///< what an earlier service left has been taken up
    MonoTime retry_at_ = MonoTime::min();
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace hindsight::service
