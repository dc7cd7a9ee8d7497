#include <hindsight/actions/motion_latency.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

namespace hindsight::actions {

namespace {

constexpr int kColumns = 320;
constexpr int kReach = kColumns / 6;  ///< a faster picture is not followed
constexpr int kSmooth = 12;           ///< changes slower than so many columns are brightness
constexpr float kLikeness = 0.9F;     ///< of what two strange pictures differ by
constexpr float kPlain = 0.5F;        ///< columns that differ by less are noise

/// Means of each column over the upper half without its edge.
std::vector<float> column_means(const GreyPicture& picture) {
    const int top = picture.height / 6;
    const int bottom = picture.height / 2;
    std::vector<int> sums(static_cast<std::size_t>(picture.width));
    for (int y = top; y < bottom; ++y) {
        const std::uint8_t* row = picture.data + y * picture.stride;
        for (int x = 0; x < picture.width; ++x)
            sums[static_cast<std::size_t>(x)] += row[x];
    }
    std::vector<float> means(kColumns);
    for (int i = 0; i < kColumns; ++i) {
        const int from = i * picture.width / kColumns;
        const int to = std::max((i + 1) * picture.width / kColumns, from + 1);
        const int sum = std::accumulate(sums.begin() + from, sums.begin() + to, 0);
        means[static_cast<std::size_t>(i)] =
            static_cast<float>(sum) / static_cast<float>((to - from) * (bottom - top));
    }
    return means;
}

/// Takes away what changes slowly along the columns.
std::vector<float> sharpen(const std::vector<float>& means) {
    std::vector<float> result(means.size());
    const auto count = static_cast<int>(means.size());
    for (int i = 0; i < count; ++i) {
        const int from = std::max(i - kSmooth, 0);
        const int to = std::min(i + kSmooth + 1, count);
        const float sum = std::accumulate(means.begin() + from, means.begin() + to, 0.0F);
        result[static_cast<std::size_t>(i)] =
            means[static_cast<std::size_t>(i)] - sum / static_cast<float>(to - from);
    }
    return result;
}

/// Mean square difference when `now` is `before` moved by `shift` to the right.
float difference(const std::vector<float>& before, const std::vector<float>& now, int shift) {
    const int from = std::max(shift, 0);
    const int to = std::min(kColumns + shift, kColumns);
    float sum = 0;
    for (int i = from; i < to; ++i) {
        const float d =
            now[static_cast<std::size_t>(i)] - before[static_cast<std::size_t>(i - shift)];
        sum += d * d;
    }
    return sum / static_cast<float>(to - from);
}

/// Where the parabola through three neighbours is lowest, from the middle one, -0.5–0.5.
float vertex(float left, float middle, float right) {
    const float bend = left - 2 * middle + right;
    return bend <= 0 ? 0.0F : std::clamp((left - right) / (2 * bend), -0.5F, 0.5F);
}

float mean_square(const std::vector<float>& columns) {
    return std::inner_product(columns.begin(), columns.end(), columns.begin(), 0.0F) /
           static_cast<float>(columns.size());
}

/// Nothing when the pictures resemble each other nowhere.
std::optional<float> best_shift(const std::vector<float>& before, const std::vector<float>& now) {
    std::array<float, 2 * kReach + 1> differences{};
    for (int shift = -kReach; shift <= kReach; ++shift)
        differences[static_cast<std::size_t>(shift + kReach)] = difference(before, now, shift);
    const auto lowest = static_cast<std::size_t>(
        std::min_element(differences.begin(), differences.end()) - differences.begin());
    // Pictures that have nothing in common differ by the sum of their squares.
    const float strange = mean_square(before) + mean_square(now);
    if (lowest == 0 || lowest + 1 == differences.size() ||
        differences[lowest] > strange * kLikeness)
        return std::nullopt;
    return static_cast<float>(lowest) - kReach +
           vertex(differences[lowest - 1], differences[lowest], differences[lowest + 1]);
}

constexpr int kMargin = 4;  ///< lags beyond both ends, to see the whole of a peak near them
constexpr int kEarliest = kFirstLag - kMargin;
constexpr int kLatest = kLastLag + kMargin;
constexpr std::size_t kLags = kLatest - kEarliest + 1;
constexpr std::size_t kHalf = 3;   ///< frames of one half of a step
constexpr double kFarthest = 1.5;  ///< frames
constexpr std::size_t kParts = 8;
constexpr std::size_t kFewestLooks = 60;  ///< frames with looking in them
constexpr double kLeastExplained = 0.1;
constexpr int kRounds = 2;
constexpr double kFinest = 0.5;  ///< columns: errors that no camera is free of
constexpr double kOutlier = 4;   ///< times the usual error: something else moved
constexpr double kRidge = 1e-3;

using Response = std::array<double, kLags>;

/// What one frame says: so much moved the picture after such looking.
struct Sample {
    Response look{};
    double motion = 0;
};

Response looks_before(std::span<const double> look, std::size_t frame) {
    Response looks;
    for (std::size_t lag = 0; lag < kLags; ++lag)
        looks[lag] = look[frame + static_cast<std::size_t>(-kEarliest) - lag];
    return looks;
}

/// Frames that have all of their lags.
template <class Take>
void for_each_frame(std::size_t count, Take take) {
    for (std::size_t i = kLatest; i + static_cast<std::size_t>(-kEarliest) < count; ++i)
        take(i);
}

/// How much more there is in the kHalf values up to each than in those before. Walking and turning
/// by keys move the picture steadily, and do not count; nor does on which side of a frame's edge a
/// movement came.
std::vector<double> steps_of(std::span<const double> values) {
    std::vector<double> steps(values.size());
    for (std::size_t i = 2 * kHalf - 1; i < values.size(); ++i)
        for (std::size_t k = 0; k < kHalf; ++k)
            steps[i] += values[i - k] - values[i - k - kHalf];
    return steps;
}

double expected(const Sample& sample, const Response& response) {
    return std::inner_product(response.begin(), response.end(), sample.look.begin(), 0.0);
}

/// Solves `matrix * x = right` for a positive definite matrix.
Response solve(std::array<Response, kLags>& matrix, Response right) {
    for (std::size_t i = 0; i < kLags; ++i) {
        for (std::size_t row = i + 1; row < kLags; ++row) {
            const double factor = matrix[row][i] / matrix[i][i];
            for (std::size_t column = i; column < kLags; ++column)
                matrix[row][column] -= factor * matrix[i][column];
            right[row] -= factor * right[i];
        }
    }
    for (std::size_t i = kLags; i-- > 0;) {
        for (std::size_t column = i + 1; column < kLags; ++column)
            right[i] -= matrix[i][column] * right[column];
        right[i] /= matrix[i][i];
    }
    return right;
}

std::optional<Response> fit(std::span<const Sample> samples) {
    std::array<Response, kLags> matrix{};
    Response right{};
    for (const Sample& sample : samples) {
        for (std::size_t row = 0; row < kLags; ++row) {
            for (std::size_t column = 0; column < kLags; ++column)
                matrix[row][column] += sample.look[row] * sample.look[column];
            right[row] += sample.look[row] * sample.motion;
        }
    }
    double trace = 0;
    for (std::size_t i = 0; i < kLags; ++i)
        trace += matrix[i][i];
    if (trace <= 0)
        return std::nullopt;
    for (std::size_t i = 0; i < kLags; ++i)
        matrix[i][i] += kRidge * trace / kLags;
    return solve(matrix, right);
}

struct Fit {
    std::vector<Sample> kept;
    double limit = 0;  ///< of the errors of those
    double explained = 0;
};

double explained_by(std::span<const Sample> samples, const Response& response) {
    double all = 0;
    double left = 0;
    for (const Sample& sample : samples) {
        const double error = sample.motion - expected(sample, response);
        all += sample.motion * sample.motion;
        left += error * error;
    }
    return all > 0 ? std::max(1 - left / all, 0.0) : 0;
}

/// Fits again without the frames in which something else moved the picture.
std::optional<Fit> fit_robustly(std::vector<Sample> samples) {
    std::optional<Response> response = fit(samples);
    double limit = 0;
    for (int round = 0; round < kRounds && response && !samples.empty(); ++round) {
        std::vector<double> errors;
        errors.reserve(samples.size());
        for (const Sample& sample : samples)
            errors.push_back(std::abs(sample.motion - expected(sample, *response)));
        const auto usual = errors.begin() + static_cast<std::ptrdiff_t>(errors.size() / 2);
        std::nth_element(errors.begin(), usual, errors.end());
        limit = std::max(kOutlier * *usual, kFinest);
        std::erase_if(samples, [&](const Sample& sample) {
            return std::abs(sample.motion - expected(sample, *response)) > limit;
        });
        response = fit(samples);
    }
    if (!response)
        return std::nullopt;
    const double explained = explained_by(samples, *response);
    return Fit{std::move(samples), limit, explained};
}

/// The lag at which looking and movement resemble each other most.
std::size_t nearest_lag(std::span<const Sample> samples) {
    Response correlation{};
    for (const Sample& sample : samples)
        for (std::size_t lag = 0; lag < kLags; ++lag)
            correlation[lag] += sample.motion * sample.look[lag];
    // Right or left: whichever way the picture goes.
    const auto highest = std::max_element(
        correlation.begin() + kMargin, correlation.end() - kMargin, [](double a, double b) {
            return std::abs(a) < std::abs(b);
        });
    return static_cast<std::size_t>(highest - correlation.begin());
}

/// How much later than `lag` the movement is: it follows the looking and, with the opposite of this
/// as a factor, the looking's change. Good for a frame and a half.
double rest_of(std::span<const Sample> samples, std::size_t lag) {
    double look_look = 0;
    double look_change = 0;
    double change_change = 0;
    double motion_look = 0;
    double motion_change = 0;
    for (const Sample& sample : samples) {
        const double look = sample.look[lag];
        const double change = (sample.look[lag - 1] - sample.look[lag + 1]) / 2;
        look_look += look * look;
        look_change += look * change;
        change_change += change * change;
        motion_look += sample.motion * look;
        motion_change += sample.motion * change;
    }
    const double gain = motion_look * change_change - motion_change * look_change;
    const double by_change = motion_change * look_look - motion_look * look_change;
    return gain == 0 ? 0 : std::clamp(-by_change / gain, -kFarthest, kFarthest);
}

double centre_of(std::span<const Sample> samples) {
    auto lag = nearest_lag(samples);
    double rest = rest_of(samples, lag);
    const auto moved = static_cast<std::ptrdiff_t>(lag) + std::lround(rest);
    lag = static_cast<std::size_t>(moved);
    rest = rest_of(samples, lag);
    return static_cast<double>(moved) + kEarliest + rest;
}

/// The jackknife: how much the centre changes when a part of the clip is left out tells how near
/// it is, 95 times of 100.
double residual_of(const std::vector<Sample>& samples) {
    std::vector<double> centres;
    for (std::size_t part = 0; part < kParts; ++part) {
        const auto from = static_cast<std::ptrdiff_t>(part * samples.size() / kParts);
        const auto to = static_cast<std::ptrdiff_t>((part + 1) * samples.size() / kParts);
        std::vector<Sample> rest{samples.begin(), samples.begin() + from};
        rest.insert(rest.end(), samples.begin() + to, samples.end());
        if (const auto fit = fit_robustly(std::move(rest)))
            centres.push_back(centre_of(fit->kept));
    }
    if (centres.size() < kParts)
        return kLags;
    const double mean = std::accumulate(centres.begin(), centres.end(), 0.0) / kParts;
    double squares = 0;
    for (const double centre : centres)
        squares += (centre - mean) * (centre - mean);
    return 1.96 * std::sqrt(squares * (kParts - 1) / kParts);
}

/// The motion, and where it is not known or far from all that looking does, what that would do.
std::vector<double>
repaired(std::span<const std::optional<float>> motion, std::span<const double> look) {
    std::vector<double> result(motion.size());
    std::vector<Sample> samples;
    for_each_frame(motion.size(), [&](std::size_t i) {
        if (motion[i])
            samples.push_back({looks_before(look, i), *motion[i]});
    });
    const auto usual = fit_robustly(samples);
    const auto response = usual ? fit(usual->kept) : std::nullopt;
    if (!response)
        return result;
    for_each_frame(motion.size(), [&](std::size_t i) {
        const Sample sample{looks_before(look, i), motion[i].value_or(0.0F)};
        const double likely = expected(sample, *response);
        const bool good = motion[i] && std::abs(sample.motion - likely) <= usual->limit;
        result[i] = good ? sample.motion : likely;
    });
    return result;
}

}  // namespace

std::optional<float> MotionMeter::add(const GreyPicture& picture) {
    std::vector<float> columns = sharpen(column_means(picture));
    const bool plain = mean_square(columns) < kPlain * kPlain;
    std::optional<float> moved;
    if (picture.width == width_ && picture.height == height_ && !plain && !plain_)
        moved = best_shift(columns_, columns);
    columns_ = std::move(columns);
    plain_ = plain;
    width_ = picture.width;
    height_ = picture.height;
    return moved;
}

std::optional<MotionLatency>
measure_latency(std::span<const std::optional<float>> motion, std::span<const float> look) {
    const auto looks = static_cast<std::size_t>(
        std::count_if(look.begin(), look.end(), [](float dx) { return dx != 0; }));
    if (looks < kFewestLooks)
        return std::nullopt;
    const std::size_t count = std::min(motion.size(), look.size());
    const std::vector<double> looked{
        look.begin(), look.begin() + static_cast<std::ptrdiff_t>(count)};
    const std::vector<double> look_steps = steps_of(looked);
    const std::vector<double> motion_steps = steps_of(repaired(motion.first(count), looked));
    std::vector<Sample> samples;
    for_each_frame(count, [&](std::size_t i) {
        samples.push_back({looks_before(look_steps, i), motion_steps[i]});
    });
    const auto whole = fit_robustly(samples);
    if (!whole || whole->explained < kLeastExplained)
        return std::nullopt;
    return MotionLatency{
        .frames = centre_of(whole->kept),
        .residual = residual_of(samples),
        .explained = whole->explained};
}

}  // namespace hindsight::actions
