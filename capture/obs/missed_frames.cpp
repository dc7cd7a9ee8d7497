#include "missed_frames.hpp"

namespace hindsight::obs {

namespace {

/// More than this waits only while no encoder runs; the oldest are of no use to anybody then.
constexpr std::size_t kMostRanges = 1'024;

}  // namespace

void MissedFrames::add(std::int64_t first, std::int64_t count) {
    const std::scoped_lock lock{mutex_};
    if (!ranges_.empty() && ranges_.back().end == first) {
        ranges_.back().end += count;
        return;
    }
    ranges_.push_back({first, first + count});
    if (ranges_.size() > kMostRanges)
        ranges_.pop_front();
}

bool MissedFrames::take(std::int64_t frame) {
    const std::scoped_lock lock{mutex_};
    while (!ranges_.empty() && ranges_.front().end <= frame)
        ranges_.pop_front();
    return !ranges_.empty() && ranges_.front().first <= frame;
}

void MissedFrames::clear() {
    const std::scoped_lock lock{mutex_};
    ranges_.clear();
}

}  // namespace hindsight::obs
