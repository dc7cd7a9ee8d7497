// What the service does with sessions: the two requests, and what is told of them.

#include "service_impl.hpp"
#include "session_left_overs.hpp"

#include <hindsight/core/id.hpp>
#include <hindsight/service/clip_name.hpp>

#include <algorithm>
#include <utility>

namespace hindsight::service {

namespace fs = std::filesystem;

SessionEvents Service::Impl::session_events() {
    SessionEvents wires;
    wires.changed = [this] { changed(); };
    wires.failed = [this](const std::string& id, const Error& error) {
        session_problem = error.what;
        if (events.save_failed)
            events.save_failed(id, error);
    };
    wires.problem = [this](const std::string& sentence) { session_problem = sentence; };
    return wires;
}

bool Service::Impl::is_failed_session(const std::string& id) const {
    const auto failed = sessions->failed();
    return std::any_of(failed.begin(), failed.end(), [&](const FailedSession& session) {
        return session.id == id;
    });
}

// ---- what a power cut left: growing files whose notes went with the memory

/// Looks for them where clips go; the files are opened by jobs only.
void Service::Impl::rescue_recordings() {
    const auto search = [this, clips = config.clips] {
        LeftOvers found;
        // An empty one means the default here, and none there.
        std::vector<std::string> folders{clips.folder};
        if (!clips.fallback_folder.empty() && clips.fallback_folder != clips.folder)
            folders.push_back(clips.fallback_folder);
        for (const std::string& configured : folders)
            if (const auto folder = clip_folder(configured))
                find_left_overs(*folder, found);
        (void)control.post([this, found = std::move(found)] {
            rescue(found.growing);
            drop_actions(found.alone);
        });
    };
    if (!session_worker->post(search))
        log.warn("unfinished recordings cannot be looked for now");
}

void Service::Impl::rescue(const std::vector<fs::path>& found) {
    const std::vector<fs::path> ours = sessions->files();
    for (const fs::path& file : found) {
        if (std::find(ours.begin(), ours.end(), file) != ours.end())
            continue;
        log.info("an unfinished recording of an earlier time is made a clip");
        Job job;
        job.kind = "rescue";
        // The capture times of its frames, for the actions.
        const fs::path aside = options.ring_home / "rescued";
        std::error_code error;
        fs::create_directory(aside, error);
        job.arguments = {
            {"file", file.string()},
            {"clip", random_id()},
            {"folder", aside.string()},
            {"library", false}};
        (void)jobs->add(std::move(job));
    }
}

void Service::Impl::drop_actions(std::vector<fs::path> alone) {
    std::erase_if(alone, [this](const fs::path& file) {
        return saves->needs(file) || sessions->needs(file);
    });
    if (!alone.empty())
        (void)session_worker->post([alone = std::move(alone)] {
            std::error_code error;
            for (const fs::path& file : alone)
                fs::remove(file, error);
        });
}

/// The job has given it a name; the library and the news of it follow as for every clip.
void Service::Impl::rescued(const Job& job, const Json& facts) {
    if (facts.value("path", std::string{}).empty())
        return;  // nothing had been recorded yet
    SaveRequest save;
    save.id = random_id();
    save.session = true;
    save.keep_actions = false;
    SavedFile saved;
    saved.clip_id = job.arguments.value("clip", std::string{});
    WrittenFile& file = saved.file;
    try {
        file.path = facts.at("path").get<std::string>();
        file.duration = Duration::from_ns(facts.at("duration_ns").get<std::int64_t>());
        file.size_bytes = facts.at("size_bytes").get<std::uint64_t>();
        file.width = facts.at("width").get<int>();
        file.height = facts.at("height").get<int>();
        file.fps = {facts.at("fps").at(0).get<int>(), facts.at("fps").at(1).get<int>()};
        save.title = facts.at("title").get<std::string>();
        save.game = facts.at("game").get<std::string>();
        save.created_ms = facts.at("created_ms").get<std::int64_t>();
        if (const Json& actions = facts.at("actions"); actions.is_object()) {
            save.actions_file = actions.at("file").get<std::string>();
            save.profile = actions.at("profile").get<std::string>();
            save.keep_actions = actions.at("keep_actions").get<bool>();
            save.train = actions.at("train").get<bool>();
            saved.frames_file = actions.at("frames_file").get<std::string>();
            file.first_frame = MonoTime::from_ns(actions.at("first_frame_ns").get<std::int64_t>());
        }
    } catch (const Json::exception&) {
        return log.error("a job gave an answer without what was asked");
    }
    // The times of its actions are of another run of the clock: nothing of now is to be taken for
    // them.
    save.created_ms -= file.first_frame.ns() / 1'000'000;
    save.to = save.from;
    save.files = {std::move(saved)};
    if (const auto adopted = saves->adopt(std::move(save), options.ring_home / "rescued"); !adopted)
        log.error("a rescued recording is not in the library: {}", adopted.error().what);
}

void Service::start_session(const Json& given, Reply<std::string> reply) {
    const auto& recorded = impl_->recording->recorded();
    if (!impl_->recording->capturing() || !recorded)
        return reply(fail(
            Errc::NotFound,
            "nothing is being recorded; begin with `hindsightctl start` or a game"));
    const auto title = given.find("title");
    const bool titled = title != given.end() && title->is_string();
    const Subject subject{recorded->game, recorded->profile};
    const MonoTime press = impl_->ports.clock.now();
    impl_->sessions->start(
        titled ? title->get<std::string>() : std::string{},
        subject,
        press,
        [this, reply = std::move(reply)](const Result<std::string>& id) {
            if (id)
                impl_->session_problem.clear();
            reply(id);
        });
    impl_->tick_timer.start(0);
}

Result<std::string> Service::stop_session() {
    auto id = impl_->sessions->stop();
    impl_->tick_timer.start(0);
    return id;
}

}  // namespace hindsight::service
