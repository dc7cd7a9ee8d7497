#include <hindsight/core/file.hpp>
#include <hindsight/core/id.hpp>
#include <hindsight/service/job_runner.hpp>

#include <QObject>
#include <QProcess>
#include <QString>
#include <QStringList>
#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace hindsight::service {

namespace fs = std::filesystem;
using ipc::Json;

namespace {

constexpr std::uintmax_t kMaxJournalBytes = 1u << 20;
constexpr int kKillWaitMs = 2000;
/// A lasting job that ended with the service this often is given up.
constexpr int kMaxAttempts = 3;

struct Queued {
    Job job;
    double progress = 0;
    int attempts = 0;
};

/// Whatever takes seconds never waits for what takes hours, and the other way round.
enum Lane : std::size_t { Quick, Long };

constexpr std::size_t kLanes = 2;

Lane lane_of(const Job& job) {
    return job.kind == "thumbnail" || job.kind == "rescue" ? Quick : Long;
}

/// An empty text: there are no jobs to note.
void write_journal(const fs::path& file, const std::string& text, const Log& log) {
    std::error_code error;
    if (text.empty()) {
        fs::remove(file, error);
        return;
    }
    fs::create_directories(file.parent_path(), error);
    if (const auto written = write_file_atomically(file, text); !written)
        log.warn("the list of jobs cannot be noted: {}", written.error().what);
}

Errc errc_from_name(const std::string& name) {
    for (int code = static_cast<int>(Errc::Cancelled); code <= static_cast<int>(Errc::External);
         ++code)
        if (name == errc_name(static_cast<Errc>(code)))
            return static_cast<Errc>(code);
    return Errc::External;
}

}  // namespace

struct JobRunner::Impl {
    Impl(std::string p, fs::path j, Executor& d, Events e, Log l)
        : program{std::move(p)},
          journal{std::move(j)},
          disk{d},
          events{std::move(e)},
          log{std::move(l)} {}

    /// One job and its process.
    struct Running {
        Queued queued;
        std::unique_ptr<QProcess> process = std::make_unique<QProcess>();
        QByteArray line;
        Json answer;  // last result or error line
        bool cancelled = false;
    };

    std::string program;
    fs::path journal;
    Executor& disk;
    Events events;
    Log log;
    QObject context;
    std::vector<Queued> waiting;  // in the order in which they run
    std::array<std::unique_ptr<Running>, kLanes> lanes;

    void changed() {
        if (events.changed)
            events.changed();
    }

    void persist() {
        Json list = Json::array();
        const auto add = [&](const Queued& queued) {
            if (queued.job.lasting)
                list.push_back(
                    {{"id", queued.job.id},
                     {"kind", queued.job.kind},
                     {"clip", queued.job.clip},
                     {"arguments", queued.job.arguments},
                     {"attempts", queued.attempts}});
        };
        for_each(add);
        const std::string text = list.empty() ? std::string{} : list.dump();
        if (!disk.post([file = journal, text, l = log] { write_journal(file, text, l); }))
            log.warn("the list of jobs cannot be noted now");
    }

    /// What runs, then what waits.
    template <class Visit>
    void for_each(const Visit& visit) const {
        for (const auto& running : lanes)
            if (running)
                visit(running->queued);
        for (const Queued& queued : waiting)
            visit(queued);
    }

    void next() {
        for (const Lane lane : {Quick, Long}) {
            if (lanes[lane])
                continue;
            const auto at = std::find_if(waiting.begin(), waiting.end(), [&](const Queued& queued) {
                return lane_of(queued.job) == lane;
            });
            if (at == waiting.end())
                continue;
            lanes[lane] = std::make_unique<Running>();
            lanes[lane]->queued = std::move(*at);
            waiting.erase(at);
            start(lane);
        }
    }

    void start(Lane lane) {
        Running& running = *lanes[lane];
        ++running.queued.attempts;
        persist();
        QProcess* process = running.process.get();
        process->setProcessChannelMode(QProcess::ForwardedErrorChannel);
        QObject::connect(
            process, &QProcess::readyReadStandardOutput, &context, [this, lane] { read(lane); });
        // Queued: the process must not be deleted inside its own signal.
        QObject::connect(
            process,
            &QProcess::finished,
            &context,
            [this, lane](int code) { finished(lane, code); },
            Qt::QueuedConnection);
        QObject::connect(
            process,
            &QProcess::errorOccurred,
            &context,
            [this, lane](QProcess::ProcessError error) {
                if (error == QProcess::FailedToStart)
                    finished(lane, -1);
            },
            Qt::QueuedConnection);
        const Job& job = running.queued.job;
        log.info("job {} ({}) begins", job.id, job.kind);
        process->start(
            QString::fromStdString(program),
            {QStringLiteral("--job"),
             QString::fromStdString(job.kind),
             QString::fromStdString(job.arguments.dump())});
        process->closeWriteChannel();
        changed();
    }

    void read(Lane lane) {
        if (!lanes[lane])
            return;
        Running& running = *lanes[lane];
        QByteArray& line = running.line;
        line += running.process->readAllStandardOutput();
        for (qsizetype end = line.indexOf('\n'); end >= 0; end = line.indexOf('\n')) {
            const std::string text = line.left(end).toStdString();
            line.remove(0, end + 1);
            const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
            if (!json.is_object())
                continue;
            if (json.contains("progress") && json["progress"].is_number()) {
                Queued& queued = running.queued;
                queued.progress = std::clamp(json["progress"].get<double>(), 0.0, 1.0);
                if (events.progress)
                    events.progress(queued.job, queued.progress);
                changed();
            } else {
                running.answer = json;
            }
        }
    }

    static JobResult result_of(const Running& running, int exit_code) {
        const Json& answer = running.answer;
        JobResult result;
        result.job = running.queued.job;
        if (running.cancelled) {
            result.error = Error{Errc::Cancelled, "the job was cancelled"};
        } else if (exit_code == 0 && answer.contains("result")) {
            result.ok = true;
            result.result = answer["result"];
        } else if (answer.contains("what") && answer["what"].is_string()) {
            result.error = Error{
                errc_from_name(answer.value("error", std::string{"external"})),
                answer["what"].get<std::string>()};
        } else {
            result.error = Error{Errc::External, "the program for this job ended unexpectedly"};
        }
        return result;
    }

    void finished(Lane lane, int exit_code) {
        if (!lanes[lane])
            return;
        read(lane);
        const bool crashed = lanes[lane]->process->exitStatus() == QProcess::CrashExit;
        const JobResult result = result_of(*lanes[lane], crashed ? -1 : exit_code);
        lanes[lane].reset();
        persist();
        if (result.ok)
            log.info("job {} ({}) is done", result.job.id, result.job.kind);
        else
            log.warn("job {} ({}): {}", result.job.id, result.job.kind, result.error.what);
        if (events.finished)
            events.finished(result);
        changed();
        next();
    }
};

JobRunner::JobRunner(std::string program, fs::path journal, Executor& disk, Events events, Log log)
    : impl_{std::make_unique<Impl>(
          std::move(program), std::move(journal), disk, std::move(events), std::move(log))} {}

JobRunner::~JobRunner() {
    for (const auto& running : impl_->lanes) {
        if (!running)
            continue;
        running->process->disconnect();
        running->process->kill();
        running->process->waitForFinished(kKillWaitMs);
    }
}

std::string JobRunner::add(Job job) {
    if (job.id.empty())
        job.id = random_id();
    std::string id = job.id;
    impl_->waiting.push_back({std::move(job), 0, 0});
    impl_->persist();
    impl_->next();
    impl_->changed();
    return id;
}

Result<> JobRunner::cancel(const std::string& id) {
    Impl& d = *impl_;
    for (const auto& running : d.lanes) {
        if (!running || running->queued.job.id != id)
            continue;
        running->cancelled = true;
        running->process->kill();
        return {};
    }
    const auto at = std::find_if(d.waiting.begin(), d.waiting.end(), [&](const Queued& queued) {
        return queued.job.id == id;
    });
    if (at == d.waiting.end())
        return fail(Errc::NotFound, "there is no job with this id");
    JobResult result;
    result.job = at->job;
    result.error = Error{Errc::Cancelled, "the job was cancelled"};
    d.waiting.erase(at);
    d.persist();
    if (d.events.finished)
        d.events.finished(result);
    d.changed();
    return {};
}

void JobRunner::cancel_clip(const std::string& clip, std::string_view kind) {
    std::vector<std::string> ids;
    impl_->for_each([&](const Queued& queued) {
        if (queued.job.clip == clip && (kind.empty() || queued.job.kind == kind))
            ids.push_back(queued.job.id);
    });
    for (const std::string& id : ids)
        (void)cancel(id);
}

void JobRunner::recover() {
    const auto text = read_text_file(impl_->journal, kMaxJournalBytes);
    if (!text)
        return;
    const Json list = Json::parse(*text, nullptr, /*allow_exceptions=*/false);
    if (!list.is_array())
        return;
    for (const Json& item : list) {
        try {
            Queued queued;
            queued.job =
                Job{item.at("id").get<std::string>(),
                    item.at("kind").get<std::string>(),
                    item.at("clip").get<std::string>(),
                    item.at("arguments"),
                    true};
            queued.attempts = item.at("attempts").get<int>();
            if (queued.attempts < kMaxAttempts)
                impl_->waiting.push_back(std::move(queued));
        } catch (const Json::exception&) {
            impl_->log.warn("a noted job is damaged and is passed over");
        }
    }
    impl_->persist();
    impl_->next();
}

bool JobRunner::has(const std::string& clip, const std::string& kind) const {
    bool found = false;
    impl_->for_each([&](const Queued& queued) {
        found = found || (queued.job.clip == clip && queued.job.kind == kind);
    });
    return found;
}

Json JobRunner::list() const {
    Json list = Json::array();
    const auto add = [&](const Queued& queued) {
        list.push_back(
            {{"id", queued.job.id},
             {"kind", queued.job.kind},
             {"clip", queued.job.clip},
             {"progress", queued.progress}});
    };
    impl_->for_each(add);
    return list;
}

}  // namespace hindsight::service
