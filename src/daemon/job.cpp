#include "job.hpp"

#include <hindsight/actions/action_log.hpp>
#include <hindsight/core/log.hpp>
#include <hindsight/ipc/messages.hpp>
#include <hindsight/mux/mp4_clip_writer.hpp>
#include <hindsight/mux/mp4_session_writer.hpp>
#include <hindsight/overlay/overlay.hpp>
#include <hindsight/render/burn_in.hpp>
#include <hindsight/ring/segment_reader.hpp>
#include <hindsight/service/action_file.hpp>
#include <hindsight/service/clip_name.hpp>
#include <hindsight/service/save_request.hpp>
#include <hindsight/thumbnail/thumbnail.hpp>

#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

namespace hindsight::daemon {

namespace fs = std::filesystem;
using ipc::Json;

namespace {

constexpr int kThumbnailWidth = 640;
constexpr Duration kThumbnailAt = Duration::from_ms(1000);
constexpr int kLowestPriority = 19;
// <linux/ioprio.h> is not installed everywhere: who (a process), and the idle class.
constexpr int kIoPriorityProcess = 1;
constexpr int kIoPriorityIdle = 3 << 13;

void say(const Json& line) {
    const std::string text = line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    (void)std::fputs(text.c_str(), stdout);
    (void)std::fflush(stdout);
}

/// Gives way to the game; failing to do so changes nothing but comfort.
void become_idle() {
    (void)::setpriority(PRIO_PROCESS, 0, kLowestPriority);
    const sched_param none{};
    (void)::sched_setscheduler(0, SCHED_BATCH, &none);
    (void)::syscall(SYS_ioprio_set, kIoPriorityProcess, 0, kIoPriorityIdle);
}

Result<Json> thumbnail(const Json& arguments) {
    const fs::path target = arguments.at("target").get<std::string>();
    HINDSIGHT_TRY(write_thumbnail(
        arguments.at("clip").get<std::string>(), kThumbnailAt, kThumbnailWidth, target));
    return Json{{"path", target.string()}};
}

/// A clip that begins with the frame, in memory as the segments are; its first picture goes to
/// disk.
Result<Json> screenshot(const Json& arguments) {
    const fs::path segments = arguments.at("segments").get<std::string>();
    WriteRequest request;
    request.segments = ring::list_segments(segments, "av");
    request.from = MonoTime::from_ns(arguments.at("from_ns").get<std::int64_t>());
    request.target = segments / "picture.mp4";
    HINDSIGHT_ASSIGN(
        const auto clips,
        make_mp4_clip_writer(Log{"screenshot"})->write(request, std::stop_token{}, [](double) {}));
    if (clips.empty())
        return fail(Errc::NotFound, "the recording gave no picture");
    HINDSIGHT_ASSIGN(
        const fs::path folder, service::clip_folder(arguments.at("folder").get<std::string>()));
    fs::path target = folder / arguments.at("name").get<std::string>();
    std::error_code error;
    fs::create_directories(target.parent_path(), error);
    target += ".png";
    HINDSIGHT_ASSIGN(const fs::path path, write_first_picture(clips.front().path, target));
    return Json{{"path", path.string()}};
}

Result<overlay::OverlayOptions> overlay_options(const Json& arguments) {
    overlay::OverlayOptions options;
    if (!overlay::parse_layout(arguments.at("layout").get<std::string>(), options.layout))
        return fail(
            Errc::InvalidArgument,
            "this layout is unknown; use auto, keyboard-mouse or controller");
    if (!overlay::parse_theme(arguments.at("theme").get<std::string>(), options.theme))
        return fail(Errc::InvalidArgument, "this theme is unknown; use midnight, paper or outline");
    (void)overlay::parse_corner(arguments.at("corner").get<std::string>(), options.corner);
    options.scale = arguments.at("scale").get<double>();
    options.width = arguments.at("width").get<int>();
    options.height = arguments.at("height").get<int>();
    return options;
}

Result<Json> burn_in(const Json& arguments) {
    become_idle();
    HINDSIGHT_ASSIGN(
        const actions::ActionLog log,
        actions::read_jsonl(arguments.at("actions").get<std::string>()));
    HINDSIGHT_ASSIGN(const overlay::OverlayOptions options, overlay_options(arguments));
    render::BurnInRequest request;
    HINDSIGHT_ASSIGN(request.ass, overlay::make_ass(log, options));
    request.clip = arguments.at("clip").get<std::string>();
    request.target = arguments.at("target").get<std::string>();
    request.existing =
        arguments.value("replace", false) ? render::Existing::Replace : render::Existing::Fail;
    // A render that was killed leaves its unfinished file.
    std::error_code error;
    fs::path leftover = request.target;
    leftover += ".part";
    fs::remove(leftover, error);
    const auto result = render::burn_in(
        request,
        std::stop_token{},
        [](double progress) {
            say({{"progress", progress}});
        },
        Log{"render"});
    if (!result)
        return tl::unexpected(result.error());
    return Json{{"path", result->path.string()}, {"frames", result->frames}};
}

/// What was done in a recording that a power cut left, for the sidecars of its clip.
Result<Json> rescued_actions(const fs::path& actions, const fs::path& clip, const Json& arguments) {
    const auto facts = service::read_action_facts(actions);
    if (!facts)
        return Json{};
    HINDSIGHT_ASSIGN(const std::vector<Duration> times, session_frame_times(clip));
    service::SavedFile saved;
    saved.clip_id = arguments.at("clip").get<std::string>();
    for (const Duration t : times)
        saved.file.frames.push_back(facts->origin + t);
    HINDSIGHT_TRY(service::put_frames_aside(saved, arguments.at("folder").get<std::string>()));
    return Json{
        {"file", actions.string()},
        {"frames_file", saved.frames_file},
        {"first_frame_ns", facts->origin.ns()},
        {"profile", facts->profile},
        {"keep_actions", facts->keep_actions},
        {"train", facts->train}};
}

/// A growing file that a power cut left becomes a clip.
Result<Json> rescue(const Json& arguments) {
    become_idle();
    const fs::path file = arguments.at("file").get<std::string>();

    struct stat status {};

    // Its last write: that is when the footage ended.
    if (::stat(file.c_str(), &status) != 0)
        return fail_errno("reading the recording", errno);
    HINDSIGHT_ASSIGN(const fs::path clip, rescue_session(file));
    if (clip.empty())
        return Json{{"path", ""}};
    HINDSIGHT_ASSIGN(const ProbedClip facts, probe_clip(clip));
    // A clip without actions is still a clip.
    const auto actions = rescued_actions(service::action_file_of(file), clip, arguments);
    return Json{
        {"path", clip.string()},
        {"actions", actions.value_or(Json{})},
        {"duration_ns", facts.duration.ns()},
        {"size_bytes", facts.size_bytes},
        {"width", facts.width},
        {"height", facts.height},
        {"fps", {facts.fps.num, facts.fps.den}},
        {"title", facts.title},
        {"game", facts.game},
        {"created_ms", status.st_mtim.tv_sec * 1000LL - facts.duration.ms()}};
}

Result<Json> work(const std::string& kind, const std::string& text) {
    const Json arguments = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    try {
        if (kind == "thumbnail")
            return thumbnail(arguments);
        if (kind == "screenshot")
            return screenshot(arguments);
        if (kind == "burn-in")
            return burn_in(arguments);
        if (kind == "rescue")
            return rescue(arguments);
    } catch (const Json::exception&) {
        return fail(Errc::InvalidArgument, "the arguments of the job are not complete");
    }
    return fail(Errc::InvalidArgument, "this kind of job is unknown");
}

}  // namespace

int run_job(const std::string& kind, const std::string& arguments) {
    // Whoever asked is gone: so is the need for it. The service asks again when it is back.
    const pid_t parent = ::getppid();
    (void)::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent)
        return 1;
    const auto result = work(kind, arguments);
    if (result) {
        say({{"result", *result}});
        return 0;
    }
    say({{"error", errc_name(result.error().code)}, {"what", result.error().what}});
    return 1;
}

}  // namespace hindsight::daemon
