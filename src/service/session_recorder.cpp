#include "session_recorder_impl.hpp"

#include <hindsight/core/id.hpp>
#include <hindsight/ring/snapshot.hpp>
#include <hindsight/service/clip_name.hpp>

#include <algorithm>
#include <chrono>

namespace hindsight::service {

namespace fs = std::filesystem;
using ipc::Json;

namespace {

/// A segment whose last packet is older than this is not the one being written.
constexpr Duration kOpenSegment = Duration::from_ms(2000);

std::int64_t unix_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

/// The newest segment that is complete at `press`.
ring::SegmentName newest_complete(const fs::path& ring_folder, MonoTime press) {
    ring::SegmentName newest;
    for (const fs::path& file : ring::list_segments(ring_folder, "av")) {
        const auto reader = ring::SegmentReader::open(file);
        if (!reader)
            continue;
        const ring::SegmentInfo& info = (*reader)->info();
        if (info.sealed || info.last < press - kOpenSegment)
            newest = std::max(newest, {info.epoch, info.number});
    }
    return newest;
}

}  // namespace

SessionRecorder::SessionRecorder(SessionDeps deps, SessionEvents events, Log log)
    : impl_{std::make_unique<Impl>(std::move(deps), std::move(events), std::move(log))} {}

SessionRecorder::~SessionRecorder() = default;

void SessionRecorder::set_config(const config::Config& config) {
    impl_->config = config;
}

void SessionRecorder::set_pin_limit(std::uint64_t bytes) {
    impl_->deps.pin_limit_bytes = bytes;
}

void SessionRecorder::start(
    const std::string& title, const Subject& subject, MonoTime press, StartReply reply) {
    Impl& d = *impl_;
    if (d.session)
        return reply(fail(
            Errc::Busy,
            busy() && d.session->phase != Impl::Phase::Starting
                ? "the session before is still being finished"
                : "a session is being recorded already"));
    SessionRequest request;
    request.id = random_id();
    request.started = press;
    request.created_ms = unix_ms() - (d.deps.clock.now() - press).ms();
    request.title = title;
    request.game = subject.game;
    request.profile = subject.profile;
    request.keep_actions = d.config.actions.keep;
    request.train = d.config.actions.train;
    request.after = newest_complete(d.deps.ring_folder, press);
    d.start(std::move(request), std::move(reply));
}

Result<std::string> SessionRecorder::stop() {
    if (!impl_->session)
        return fail(Errc::NotFound, "no session is being recorded");
    if (impl_->session->phase == Impl::Phase::Starting) {
        const Error error{
            Errc::Cancelled, "the session was ended before it had begun; nothing of it is kept"};
        impl_->not_started(error);
        return tl::unexpected(error);
    }
    const std::string id = impl_->session->request.id;
    if (recording())
        impl_->begin_end();
    return id;
}

void SessionRecorder::subject_is(const std::string* game) {
    const bool going = impl_->session && (recording() || impl_->session->reply);
    if (going && (game == nullptr || *game != impl_->session->request.game))
        (void)stop();
}

void SessionRecorder::recover(const std::string* game) {
    Impl& d = *impl_;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator{d.deps.sessions_folder, error}) {
        const SessionJournal journal{entry.path()};
        auto request = journal.load();
        if (request && request->id == entry.path().filename())
            d.take_up(*std::move(request), game);
        else
            journal.remove();
    }
}

Result<> SessionRecorder::retry(const std::string& id, const fs::path& folder) {
    Impl& d = *impl_;
    const auto at = d.find_failed(id);
    if (at == d.failed_ones.end())
        return fail(Errc::NotFound, "there is no unfinished recording with this id");
    if (d.session)
        return fail(
            Errc::Busy, "another recording is going on; try again when it has become a clip");
    SessionRequest request = std::move(*at);
    d.failed_ones.erase(at);
    if (!folder.empty())
        request.target = folder / request.target.filename();
    request.stage = SessionStage::Finishing;
    request.failure.clear();
    request.failure_code.clear();
    d.begin(std::move(request));
    d.session->new_folder = !folder.empty();
    d.session->reached = true;  // its last packet came long ago
    d.note();
    d.finish();
    d.changed();
    return {};
}

Result<> SessionRecorder::discard(const std::string& id) {
    Impl& d = *impl_;
    const auto at = d.find_failed(id);
    if (at == d.failed_ones.end())
        return fail(Errc::NotFound, "there is no unfinished recording with this id");
    d.log.info("session {}: let go", id);
    d.drop(*at, SessionScribe::Actions::Removed);
    d.failed_ones.erase(at);
    d.changed();
    return {};
}

void SessionRecorder::hurry() {
    if (impl_->session)
        impl_->session->hurry.request_stop();
}

void SessionRecorder::reached(const std::string& id) {
    if (!impl_->session || impl_->session->request.id != id)
        return;
    impl_->session->reached = true;
    impl_->advance();
}

void SessionRecorder::tick() {
    if (!impl_->session)
        return;
    switch (impl_->session->phase) {
    case Impl::Phase::Starting:
        return impl_->hold();
    case Impl::Phase::Recording:
        return impl_->follow();
    case Impl::Phase::Ending:
    case Impl::Phase::Finishing:
        return impl_->advance();
    }
}

bool SessionRecorder::recording() const {
    return impl_->session && impl_->session->phase == Impl::Phase::Recording;
}

bool SessionRecorder::busy() const {
    return impl_->session && !recording();
}

std::vector<FailedSession> SessionRecorder::failed() const {
    std::vector<FailedSession> list;
    for (const SessionRequest& request : impl_->failed_ones)
        list.push_back(
            {request.id, request.failure_code, request.failure, request.to - request.started});
    return list;
}

std::vector<fs::path> SessionRecorder::files() const {
    std::vector<fs::path> files;
    const auto add = [&](const SessionRequest& request) {
        for (SessionPart& part : impl_->journal_of(request.id).load_parts(request))
            files.push_back(std::move(part.file));
    };
    if (impl_->session)
        add(impl_->session->request);
    for (const SessionRequest& request : impl_->failed_ones)
        add(request);
    return files;
}

bool SessionRecorder::needs(const fs::path& actions_file) const {
    const std::vector<fs::path> ours = files();
    return std::any_of(ours.begin(), ours.end(), [&](const fs::path& grown) {
        return action_file_of(grown) == actions_file;
    });
}

Json SessionRecorder::status() const {
    if (!impl_->session)
        return {
            {"active", false},
            {"state", "none"},
            {"duration_s", 0.0},
            {"size_bytes", 0},
            {"memory_bytes", 0},
            {"path", ""},
            {"progress", 0.0}};
    const Impl::Session& session = *impl_->session;
    const bool starting = session.phase == Impl::Phase::Starting;
    return {
        {"active", starting || recording()},
        {"state",
         starting      ? "starting"
         : recording() ? "recording"
                       : "finishing"},
        {"duration_s", session.progress.duration.seconds()},
        {"size_bytes", session.progress.bytes},
        {"memory_bytes", session.waiting_bytes + session.action_bytes},
        {"path", session.progress.file.string()},
        {"progress", session.finished}};
}

}  // namespace hindsight::service
