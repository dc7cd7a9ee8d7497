#include "pattern/pattern_marks.hpp"

#include "pattern/pattern_timing.hpp"

#include <algorithm>
#include <cmath>

namespace hindsight::test {

namespace {

constexpr int kBright = 150;
constexpr int kDark = 100;
constexpr float kLoud = 0.15f;
/// Two beeps are a second apart: what is loud within half of that belongs to the one before.
constexpr double kSameBeepS = 0.5;

/// Mean luma of the middle half of a box; -1 when it lies outside.
int mean(const Luma& luma, double x, double y, double width, double height) {
    const int left = static_cast<int>(std::lround(x + width / 4));
    const int right = static_cast<int>(std::lround(x + width * 3 / 4));
    const int top = static_cast<int>(std::lround(y + height / 4));
    const int bottom = static_cast<int>(std::lround(y + height * 3 / 4));
    if (left < 0 || top < 0 || right > luma.width || bottom > luma.height || left >= right ||
        top >= bottom)
        return -1;
    long sum = 0;
    for (int row = top; row < bottom; ++row)
        for (int column = left; column < right; ++column)
            sum += luma.data[static_cast<std::ptrdiff_t>(row) * luma.stride + column];
    return static_cast<int>(sum / (static_cast<long>(right - left) * (bottom - top)));
}

}  // namespace

std::optional<std::uint32_t> read_counter(const Luma& luma, const MarkLayout& layout) {
    std::uint32_t value = 0;
    for (int cell = 0; cell < kCells; ++cell) {
        const int level =
            mean(luma, layout.x + cell * layout.cell, layout.y, layout.cell, layout.cell);
        const bool bright = level > kBright;
        if (level < 0 || (!bright && level > kDark))
            return std::nullopt;
        if ((cell == 0 && !bright) || (cell == 1 && bright))
            return std::nullopt;
        if (cell > 1)
            value = value << 1 | static_cast<std::uint32_t>(bright);
    }
    return value;
}

bool read_flash(const Luma& luma, const MarkLayout& layout) {
    const double width = layout.width > 0 ? layout.width : luma.width;
    const double height = layout.height > 0 ? layout.height : luma.height;
    return mean(luma, layout.x + width / 8, layout.y + height / 4, width * 3 / 4, height / 4) >
           kBright;
}

BeepFinder::BeepFinder(int sample_rate, TrackReading& track)
    : sample_rate_{sample_rate}, track_{track} {}

void BeepFinder::feed(double time_s, const float* samples, int count) {
    if (first_)
        track_.start_s = time_s;
    first_ = false;
    for (int i = 0; i < count; ++i) {
        const float level = std::fabs(samples[i]);
        track_.peak = std::max(track_.peak, static_cast<double>(level));
        power_ += static_cast<double>(level) * level;
        if (++samples_ == sample_rate_ / 10) {
            track_.loudness.push_back(std::sqrt(power_ / samples_));
            power_ = 0;
            samples_ = 0;
        }
        if (level < kLoud)
            continue;
        const double at = time_s + static_cast<double>(i) / sample_rate_;
        if (at > quiet_until_s_) {
            track_.beeps_s.push_back(at);
            quiet_until_s_ = at + kSameBeepS;
        }
    }
    track_.end_s = time_s + static_cast<double>(count) / sample_rate_;
}

}  // namespace hindsight::test
