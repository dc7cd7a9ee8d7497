// bench_ring: what a packet costs the capture thread, and what the ring costs in memory.

#include "report.hpp"

#include <hindsight/ring/segment_reader.hpp>

#include <repeated_footage.hpp>
#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>

namespace {

using namespace hindsight;
using namespace hindsight::bench;
namespace fs = std::filesystem;

constexpr const char* kHelp =
    "bench_ring [--seconds N] [--buffer N] [--bitrate-kbps N]\n"
    "fills a ring of --buffer seconds (120), then appends --seconds (30) more at the pace of a\n"
    "recording, at --bitrate-kbps (20000); prints the time of an append and the memory that the\n"
    "ring takes beyond its payload\n";
constexpr int kFps = 60;
constexpr double kOverheadLimit = 2.0;

std::int64_t now_ns() {
    return SystemClock{}.now().ns();
}

void sleep_until(std::int64_t ns) {
    const timespec deadline{.tv_sec = ns / 1'000'000'000, .tv_nsec = ns % 1'000'000'000};
    ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, nullptr);
}

struct Memory {
    std::uint64_t payload = 0;
    std::uint64_t sealed_payload = 0;
    std::uint64_t allocated = 0;
    std::uint64_t sealed_allocated = 0;
};

std::uint64_t allocated_bytes(const fs::path& file) {
    struct stat status {};

    return ::stat(file.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_blocks) * 512
                                              : 0;
}

Memory measure_memory(const fs::path& folder) {
    Memory memory;
    for (const auto& entry : fs::directory_iterator{folder})
        memory.allocated += allocated_bytes(entry.path());
    for (const fs::path& file : ring::list_segments(folder, "av")) {
        const auto reader = need(ring::SegmentReader::open(file), "reading a segment");
        std::uint64_t payload = 0;
        while (const auto stored = reader->next())
            payload += stored->packet.data.size();
        memory.payload += payload;
        if (reader->info().sealed) {
            memory.sealed_payload += payload;
            memory.sealed_allocated += allocated_bytes(file);
        }
    }
    return memory;
}

double percent_over(std::uint64_t whole, std::uint64_t part) {
    return 100.0 * (static_cast<double>(whole) / static_cast<double>(part) - 1);
}

struct Times {
    std::vector<double> video;
    std::vector<double> audio;
};

Times append_at_pace(ring::RingWriter& ring, testing::RepeatedFootage& footage, double seconds) {
    Times times;
    const auto packets = static_cast<std::int64_t>(seconds * kFps);
    const std::int64_t last = footage.given(0) + packets;
    std::optional<std::int64_t> shift;
    while (footage.given(0) < last) {
        const Packet packet = footage.next();
        shift = shift.value_or(now_ns() - packet.capture_time.ns());
        sleep_until(packet.capture_time.ns() + *shift);
        const std::int64_t begun = now_ns();
        const auto appended = ring.append(packet);
        const std::int64_t done = now_ns();
        need(appended, "appending a packet");
        (packet.stream == 0 ? times.video : times.audio)
            .push_back(static_cast<double>(done - begun));
    }
    return times;
}

void add_times(Table& table, const char* name, const std::vector<double>& times) {
    table.row(
        {name,
         std::to_string(times.size()),
         number(percentile(times, 0.5), 0),
         number(percentile(times, 0.99), 0),
         number(percentile(times, 1), 0)});
}

void measure(const Arguments& arguments) {
    const double seconds = arguments.positive("--seconds", 30);
    const double buffer = arguments.positive("--buffer", 120);
    const int bitrate = static_cast<int>(arguments.positive("--bitrate-kbps", 20'000));
    std::printf("bench_ring: %s\n", machine().c_str());

    const TemporaryFolder memory_folder{"/dev/shm"};
    const fs::path& folder = memory_folder.path();
    testing::RepeatedFootage footage{
        {.width = 1280,
         .height = 720,
         .fps = kFps,
         .gop = kFps,
         .frames = 4 * kFps,
         .bitrate_kbps = bitrate,
         .noise = true}};
    Memory memory;
    Times times;
    {
        const auto ring = need(
            ring::RingWriter::create(
                {.folder = folder / "ring",
                 .limit_bytes = 4ull << 30,
                 .limit = Duration::from_seconds(buffer)},
                Log{"ring"}),
            "opening a ring");
        need(ring->begin_epoch(1, footage.streams()), "opening a ring");
        while (footage.given(0) < static_cast<std::int64_t>(buffer * kFps))
            need(ring->append(footage.next()), "filling the ring");
        times = append_at_pace(*ring, footage, seconds);
        memory = measure_memory(folder / "ring");
    }

    Table append{{"append [ns]", "packets", "p50", "p99", "max"}};
    add_times(append, "video", times.video);
    add_times(append, "audio", times.audio);
    append.print();
    const double overhead = percent_over(memory.sealed_allocated, memory.sealed_payload);
    Table space{{"memory", "payload MB", "allocated MB", "overhead %", "limit %"}};
    const auto megabytes = [](std::uint64_t bytes) {
        return number(static_cast<double>(bytes) / 1e6, 1);
    };
    space.row(
        {"sealed segments",
         megabytes(memory.sealed_payload),
         megabytes(memory.sealed_allocated),
         number(overhead, 2),
         number(kOverheadLimit, 0)});
    space.row(
        {"whole folder (with the open segment and the spare one)",
         megabytes(memory.payload),
         megabytes(memory.allocated),
         number(percent_over(memory.allocated, memory.payload), 2),
         number(kOverheadLimit, 0)});
    std::printf("\n");
    space.print();
}

}  // namespace

int main(int argc, char** argv) {
    const Arguments arguments{argc, argv, {"--seconds", "--buffer", "--bitrate-kbps"}, kHelp};
    return run([&] { measure(arguments); });
}
