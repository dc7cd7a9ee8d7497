#include "clip_plan.hpp"
#include "clip_verify.hpp"
#include "disk_space.hpp"
#include "mp4_file.hpp"
#include "progress.hpp"

#include <hindsight/mux/mp4_clip_writer.hpp>

#include <ffmpeg/part_file.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace hindsight {

namespace {

using namespace mux;
namespace fs = std::filesystem;

constexpr double kWritten = 0.7;  ///< share of the work when everything is written
constexpr double kReadingBack = 0.8;
constexpr double kVerified = 0.96;
/// A save longer than this deserves a line in the log.
constexpr std::chrono::milliseconds kSlow{2'000};

fs::path part_target(const fs::path& target, std::size_t index, std::size_t count) {
    if (count == 1)
        return target;
    fs::path result = target;
    result.replace_filename(
        target.stem().string() + "_part" + std::to_string(index + 1) + target.extension().string());
    return result;
}

FileLabels labels_of(const WriteRequest& request, const PartPlan& part) {
    FileLabels labels{
        request.title, request.game, request.comment, request.created_ms, request.chapters};
    if (request.from != MonoTime::min() && labels.created_ms > 0)
        labels.created_ms += (part.origin - request.from).ms();
    return labels;
}

class Mp4ClipWriter final : public ClipWriter {
public:
    explicit Mp4ClipWriter(Log log) : log_{std::move(log)} {}

    Result<std::vector<WrittenFile>>
    write(const WriteRequest& request, std::stop_token stop, const ProgressFn& report) override {
        const auto begun = std::chrono::steady_clock::now();
        // Checking what was written finds what was damaged in memory too, so nothing is checked
        // twice; only then damaged packets are looked for beforehand, and left out.
        auto written = write_parts(request, ring::Payloads::Unchecked, stop, report);
        if (!written && written.error().code == Errc::Corrupt)
            written = write_parts(request, ring::Payloads::Checked, stop, report);
        if (written)
            report_time(begun, *written);
        return written;
    }

private:
    Result<std::vector<WrittenFile>> write_parts(
        const WriteRequest& request,
        ring::Payloads payloads,
        const std::stop_token& stop,
        const ProgressFn& report) {
        Progress progress{report};
        progress.stage(0.0);
        HINDSIGHT_ASSIGN(ClipPlan plan, plan_clip(request, payloads, stop));
        if (plan.parts.empty())
            return std::vector<WrittenFile>{};
        HINDSIGHT_TRY(check_space(request.target, total_bytes(request, plan)));

        // All parts are written and verified before the first of them gets its name.
        std::vector<PartFile> files;
        for (std::size_t i = 0; i < plan.parts.size(); ++i) {
            HINDSIGHT_ASSIGN(PartFile file, write_part(request, plan, i, stop, progress));
            files.push_back(std::move(file));
        }
        std::vector<WrittenFile> written;
        for (std::size_t i = 0; i < files.size(); ++i)
            written.push_back(written_file(plan.parts[i], files[i].path()));
        if (request.before_naming)
            HINDSIGHT_TRY(request.before_naming(written));
        for (std::size_t i = 0; i < files.size(); ++i) {
            HINDSIGHT_ASSIGN(Published published, files[i].publish(NameClash::Number));
            if (!published.durable)
                log_.warn("the folder for clips cannot be synced");
            written[i].path = std::move(published.path);
        }
        progress.stage(1.0);
        return written;
    }

    /// Part `index` of the plan, written, verified and on the disk, but not named yet.
    static Result<PartFile> write_part(
        const WriteRequest& request,
        ClipPlan& plan,
        std::size_t index,
        const std::stop_token& stop,
        Progress& progress) {
        const PartPlan& part = plan.parts[index];
        const std::size_t count = plan.parts.size();
        const auto overall = [&](double p) {
            return (static_cast<double>(index) + p) / static_cast<double>(count);
        };
        HINDSIGHT_ASSIGN(
            PartFile file, PartFile::create(part_target(request.target, index, count)));
        PlannedFeed feed{part, plan.sources};
        HINDSIGHT_TRY(write_mp4(part, labels_of(request, part), feed, file, stop, [&](double p) {
            progress.step(overall(p * kWritten));
        }));
        // The disk works while the file is checked: reading it back, then as later, meets what
        // the kernel holds, and a disk that fails is told by sync().
        file.start_sync();
        progress.stage(overall(kReadingBack));
        HINDSIGHT_TRY(verify_mp4(part, file.path(), stop));
        progress.stage(overall(kVerified));
        HINDSIGHT_TRY(file.sync());
        return file;
    }

    static std::uint64_t total_bytes(const WriteRequest& request, const ClipPlan& plan) {
        std::uint64_t bytes = 0;
        for (const PartPlan& part : plan.parts)
            bytes += estimated_bytes(part, labels_of(request, part));
        return bytes;
    }

    void report_time(
        std::chrono::steady_clock::time_point begun,
        const std::vector<WrittenFile>& written) const {
        const auto taken = std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now() - begun);
        std::uint64_t bytes = 0;
        for (const WrittenFile& file : written)
            bytes += file.size_bytes;
        if (taken > kSlow)
            log_.warn("writing {} bytes took {} ms", bytes, taken.count());
        else
            log_.debug("wrote {} bytes in {} ms", bytes, taken.count());
    }

    Log log_;
};

}  // namespace

std::unique_ptr<ClipWriter> make_mp4_clip_writer(Log log) {
    return std::make_unique<Mp4ClipWriter>(std::move(log));
}

}  // namespace hindsight
