#pragma once

// Stand-ins for what surrounds the use cases: a clock that is told the time, executors that run
// when told, children that only listen, a library in memory.

#include <hindsight/core/log.hpp>
#include <hindsight/ring/ring_writer.hpp>
#include <hindsight/service/executor.hpp>
#include <hindsight/service/message_link.hpp>
#include <hindsight/service/recording_controller.hpp>
#include <hindsight/service/save_queue.hpp>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace hindsight::test {

class ManualClock final : public Clock {
public:
    [[nodiscard]] MonoTime now() const override { return now_; }

    [[nodiscard]] Duration suspended() const override { return suspended_; }

    void advance(Duration by) { now_ = now_ + by; }

    /// The machine sleeps for so long.
    void suspend(Duration length) { suspended_ = suspended_ + length; }

private:
    Duration suspended_ = Duration::from_ms(5'000);
    MonoTime now_ = MonoTime::from_ns(1'000'000'000'000);
};

/// Runs nothing until run_all().
class QueuedExecutor final : public service::Executor {
public:
    bool full = false;

    bool post(service::Task task) override {
        if (full)
            return false;
        tasks_.push_back(std::move(task));
        return true;
    }

    bool run_one() {
        if (tasks_.empty())
            return false;
        const service::Task task = std::move(tasks_.front());
        tasks_.pop_front();
        task();
        return true;
    }

    /// As when the process dies.
    void drop_all() { tasks_.clear(); }

    [[nodiscard]] std::size_t waiting() const { return tasks_.size(); }

private:
    std::deque<service::Task> tasks_;
};

class FakeLink final : public service::MessageLink {
public:
    bool up = true;
    std::vector<ipc::Message> sent;

    [[nodiscard]] bool connected() const override { return up; }

    Result<> send_text(const std::string& text) override {
        if (!up)
            return fail(Errc::DeviceLost, "the program is not running");
        sent.push_back(*ipc::decode(text));
        return {};
    }
};

class FakeCapture final : public service::CaptureControl {
public:
    std::vector<ipc::StartCapture> runs;
    std::vector<service::Memory> halts;

    void run(const ipc::StartCapture& what) override { runs.push_back(what); }

    void halt(service::Memory memory) override { halts.push_back(memory); }
};

/// Knows one game: the class "Doom".
class FakeGames final : public service::GameMatcher {
public:
    [[nodiscard]] service::GameMatch match(const ipc::FocusChanged& focus) const override {
        if (focus.wm_class == "Doom")
            return {"Doom", "doom", true};
        return {focus.wm_class, "generic", false};
    }

    [[nodiscard]] ipc::SetProfile controls(const std::string&) const override { return {}; }
};

class FakeStore final : public ClipStore {
public:
    std::map<std::string, Clip> clips;
    std::optional<Error> failure;  ///< of every change

    Result<std::vector<Clip>> list(const ClipQuery&) override { return std::vector<Clip>{}; }

    Result<Clip> find(const std::string& id) override {
        const auto at = clips.find(id);
        if (at == clips.end())
            return fail(Errc::NotFound, "no such clip");
        return at->second;
    }

    Result<std::vector<GameCount>> games() override { return std::vector<GameCount>{}; }

    Result<> insert(const Clip& clip, const std::vector<ClipOnset>&) override {
        if (failure)
            return tl::unexpected(*failure);
        if (find_by_path(clip.path)->has_value())
            return fail(Errc::AlreadyExists, "the clip is known");
        clips[clip.id] = clip;
        return {};
    }

    Result<> update(const Clip& clip) override {
        if (failure)
            return tl::unexpected(*failure);
        clips[clip.id] = clip;
        return {};
    }

    Result<> set_onsets(const std::string&, const std::vector<ClipOnset>&) override { return {}; }

    Result<> forget_actions(const std::string& id) override {
        if (failure)
            return tl::unexpected(*failure);
        Clip& clip = clips.at(id);
        clip.keep_actions = clip.train = false;
        clip.actions_path = clip.ass_path = clip.overlay_path = std::filesystem::path{};
        return {};
    }

    Result<> remove(const std::string& id) override {
        if (failure)
            return tl::unexpected(*failure);
        clips.erase(id);
        return {};
    }

    Result<std::optional<Clip>> find_by_path(const std::filesystem::path& path) override {
        for (const auto& [id, clip] : clips)
            if (clip.path == path)
                return std::optional{clip};
        return std::optional<Clip>{};
    }
};

/// Writes small files, or fails as told. Each holds the start of its window.
class FakeWriter final : public ClipWriter {
public:
    std::vector<WriteRequest> requests;
    std::optional<Error> failure;
    int parts = 1;
    /// Takes another name where the wished one is taken, as the real one does. Without, that fails:
    /// the queue has to choose a free one.
    bool finds_names = false;
    std::optional<int> names_left;  ///< fails when this many more files have got their names

    Result<std::vector<WrittenFile>>
    write(const WriteRequest& request, std::stop_token, const ProgressFn&) override {
        requests.push_back(request);
        if (failure)
            return tl::unexpected(*failure);
        std::vector<WrittenFile> files;
        if (parts == 0)
            return files;
        for (int part = 1; part <= parts; ++part)
            files.push_back(write_part(request, part));
        if (request.before_naming)
            HINDSIGHT_TRY(request.before_naming(files));
        for (WrittenFile& file : files) {
            if (names_left && (*names_left)-- == 0)
                return fail(Errc::NoSpace, "no space for a name");
            HINDSIGHT_TRY(name(file));
        }
        return files;
    }

private:
    static WrittenFile write_part(const WriteRequest& request, int part) {
        WrittenFile file;
        file.path = request.target;
        if (part > 1)
            file.path.replace_filename(
                request.target.stem().string() + "_part" + std::to_string(part) + ".mp4");
        file.path += ".part";
        std::ofstream{file.path} << "clip from " << request.from.ns();
        file.first_frame = request.from;
        file.frames = {request.from};
        file.duration = request.to - request.from;
        file.fps = {60, 1};
        return file;
    }

    Result<> name(WrittenFile& file) const {
        const std::filesystem::path wished = std::filesystem::path{file.path}.replace_extension();
        std::filesystem::path path = wished;
        for (int copy = 2; std::filesystem::exists(path); ++copy) {
            if (!finds_names)
                return fail(Errc::AlreadyExists, "the wished name is taken");
            path.replace_filename(wished.stem().string() + "_" + std::to_string(copy) + ".mp4");
        }
        std::filesystem::rename(file.path, path);
        file.path = path;
        return {};
    }
};

/// Everything in a file; empty when there is none.
inline std::string content_of(const std::filesystem::path& file) {
    std::ifstream stream{file};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

/// A folder that goes with the test.
class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "hindsight-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
    }

    ~TemporaryFolder() {
        std::error_code error;
        std::filesystem::remove_all(path_, error);
    }

    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// A ring of pictures with an epoch begun; null when that fails.
inline std::unique_ptr<ring::RingWriter>
make_picture_ring(const std::filesystem::path& folder, Duration limit) {
    auto ring = ring::RingWriter::create(
        {.folder = folder, .limit = limit, .segment_bytes = 16u << 10}, Log{"test"});
    StreamInfo video;
    video.kind = StreamKind::Video;
    video.codec = "h264";
    video.time_base = {1, 60};
    if (!ring || !(*ring)->begin_epoch((*ring)->last_epoch() + 1, {video}))
        return nullptr;
    return *std::move(ring);
}

/// One keyframe, so one segment.
inline void append_picture(ring::RingWriter& ring, MonoTime t) {
    const std::vector<std::byte> data(100);
    Packet packet;
    packet.keyframe = true;
    packet.capture_time = t;
    packet.data = data;
    (void)ring.append(packet);
}

}  // namespace hindsight::test
