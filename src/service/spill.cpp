#include "spill.hpp"

#include <hindsight/service/clip_name.hpp>

#include <optional>
#include <utility>

namespace hindsight::service {

namespace fs = std::filesystem;

namespace {

/// A disk that failed is tried again after this time.
constexpr Duration kRetry = Duration::from_ms(10'000);

std::string failure_sentence(const Error& error) {
    constexpr const char* kInstead = " The buffer reaches back as far as memory does.";
    switch (error.code) {
    case Errc::NoSpace:
        return std::string{"There is no room on the disk for the older part of the buffer."} +
               kInstead;
    case Errc::NotFound:
        return std::string{"The folder for the older part of the buffer is gone."} + kInstead;
    case Errc::PermissionDenied:
        return std::string{"The folder for the older part of the buffer cannot be written to."} +
               kInstead;
    default:
        return "The older part of the buffer cannot be kept on the disk: " + error.what + "." +
               kInstead;
    }
}

}  // namespace

struct Spill::Follower {
    Follower(std::string folder_name, fs::path ring_home, ring::CopySegment c, Log l)
        : configured{std::move(folder_name)},
          home{std::move(ring_home)},
          copy{std::move(c)},
          log{std::move(l)} {}

    std::string configured;
    fs::path home;
    ring::CopySegment copy;
    Log log;
    std::optional<ring::SpillFolder> folder;

    Result<> follow(const ring::SpillLimits& limits) {
        if (!folder) {
            HINDSIGHT_ASSIGN(const fs::path base, clip_folder(configured));
            folder.emplace(ring::SpillPlaces{home, base}, log, copy);
        }
        return folder->follow(limits);
    }

    [[nodiscard]] ring::SpillState state() const {
        return folder ? folder->state() : ring::SpillState{};
    }
};

Spill::Spill(SpillDeps deps, Log log) : deps_{std::move(deps)}, log_{std::move(log)} {}

Spill::~Spill() = default;

template <class Work, class Then>
bool Spill::run(Work work, Then then) {
    return deps_.worker.post([this,
                              follower = follower_,
                              guard = std::weak_ptr{alive_},
                              work = std::move(work),
                              then = std::move(then)]() mutable {
        auto outcome = work(*follower);
        (void)deps_.control.post([this, follower, guard, then, outcome = std::move(outcome)] {
            if (!guard.expired() && follower == follower_)
                then(outcome);
        });
    });
}

void Spill::set_config(const config::Config& config) {
    const config::Config::Recording& recording = config.recording;
    limits_.disk_bytes = static_cast<std::uint64_t>(recording.disk_mb) << 20;
    limits_.span = Duration::from_ms(recording.buffer_seconds * 1000LL);
    const bool on = recording.disk_mb > 0;
    const std::string folder =
        recording.disk_folder.empty() ? config.clips.folder : recording.disk_folder;
    if (configured_ && on == (follower_ != nullptr) && folder == folder_)
        return;
    if (follower_ != nullptr)
        (void)deps_.worker.post([follower = follower_] {
            if (follower->folder)
                follower->folder->retire();
        });
    follower_.reset();
    state_ = {};
    failure_.clear();
    working_ = false;
    begun_ = false;
    retry_at_ = MonoTime::min();
    folder_ = folder;
    configured_ = true;
    if (on) {
        follower_ = std::make_shared<Follower>(folder, deps_.ring_home, deps_.copy, log_);
        // A save that comes before the first look may need what an earlier service left.
        state_.root = ring::noted_spill_root({deps_.ring_home, clip_folder_path(folder)});
    } else {
        (void)deps_.worker.post([home = deps_.ring_home, folder] {
            ring::forget_spilled({home, clip_folder_path(folder)});
        });
    }
    if (deps_.changed)
        deps_.changed();
}

void Spill::set_memory(std::uint64_t bytes) {
    limits_.memory_bytes = bytes;
}

void Spill::tick(bool recording) {
    if (on() && !working_ && (recording || !begun_) && deps_.clock.now() >= retry_at_)
        follow();
}

void Spill::follow() {
    working_ = run(
        [limits = limits_](Follower& follower) {
            auto result = follower.follow(limits);
            return Outcome{std::move(result), follower.state()};
        },
        [this](const Outcome& outcome) { followed(outcome); });
}

void Spill::followed(const Outcome& outcome) {
    working_ = false;
    begun_ = true;
    state_ = outcome.state;
    if (!outcome.result) {
        if (failure_.empty())
            log_.warn("nothing is spilled to the disk: {}", outcome.result.error().what);
        failure_ = failure_sentence(outcome.result.error());
        retry_at_ = deps_.clock.now() + kRetry;
    } else {
        failure_.clear();
        if (state_.more)
            follow();
    }
    if (deps_.changed)
        deps_.changed();
}

void Spill::clear() {
    if (!on())
        return;
    const fs::path root = state_.root;
    state_ = {};
    state_.root = root;
    (void)run(
        [](Follower& follower) {
            if (follower.folder)
                follower.folder->clear();
            return follower.state();
        },
        [this](const ring::SpillState& state) { state_ = state; });
}

void Spill::forget(MonoTime from, const std::function<void()>& done) {
    if (!on())
        return done();
    const bool queued = run(
        [from](Follower& follower) {
            if (follower.folder)
                follower.folder->forget(from);
            return follower.state();
        },
        [this, done](const ring::SpillState& state) {
            state_ = state;
            done();
        });
    if (!queued)
        done();
}

void Spill::retire(const std::function<void()>& done) {
    if (!on())
        return done();
    const bool queued = run(
        [](Follower& follower) {
            if (follower.folder)
                follower.folder->retire();
            return follower.state();
        },
        [this, done](const ring::SpillState&) {
            follower_.reset();
            state_ = {};
            done();
        });
    if (!queued)
        done();
}

std::string Spill::problem() const {
    if (!failure_.empty())
        return failure_;
    return state_.lost == 0 ? std::string{}
                            : "The disk was too slow for the older part of the buffer: pieces of "
                              "it are missing.";
}

}  // namespace hindsight::service
