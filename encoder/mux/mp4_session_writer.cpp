#include "clip_verify.hpp"
#include "disk_space.hpp"
#include "mp4_file.hpp"
#include "session_file.hpp"
#include "session_plan.hpp"

#include <hindsight/mux/mp4_session_writer.hpp>

#include <ffmpeg/part_file.hpp>

#include <utility>

namespace hindsight {

namespace {

using namespace mux;

constexpr double kRead = 0.1;  ///< share of the work
constexpr double kWritten = 0.7;

class Mp4SessionWriter final : public SessionWriter {
public:
    explicit Mp4SessionWriter(Log log) : log_{std::move(log)} {}

    Result<std::unique_ptr<SessionFile>>
    open(const std::filesystem::path& file, const std::optional<SessionMark>& last) override {
        return open_session_file(file, last);
    }

    Result<WrittenFile>
    finish(const SessionFinish& session, std::stop_token stop, const ProgressFn& report) override {
        const auto tell = [&](double value) {
            if (report)
                report(value);
        };
        HINDSIGHT_ASSIGN(SessionPlan plan, plan_session(session, stop));
        tell(kRead);
        const FileLabels labels{
            session.title, session.game, session.comment, session.created_ms, session.chapters};
        HINDSIGHT_TRY(check_space(session.target, estimated_bytes(plan.part, labels)));
        HINDSIGHT_ASSIGN(PartFile file, PartFile::create(session.target));
        PacketSources none;  // the grown file is mapped
        HINDSIGHT_TRY(write_mp4(plan.part, none, labels, file, stop, [&](double p) {
            tell(kRead + p * (kWritten - kRead));
        }));
        file.start_sync();
        HINDSIGHT_TRY(verify_mp4(plan.part, file.path(), stop));
        HINDSIGHT_TRY(file.sync());
        WrittenFile written = written_file(plan.part, file.path());
        if (session.before_naming)
            HINDSIGHT_TRY(session.before_naming(written));
        HINDSIGHT_ASSIGN(Published published, file.publish(NameClash::Number));
        tell(1.0);
        log_.info("a recording of {:.0f} s is finished", written.duration.seconds());
        written.path = std::move(published.path);
        return written;
    }

    Result<WrittenFile> keep(const SessionFinish& session) override {
        HINDSIGHT_ASSIGN(SessionPlan plan, plan_session(session, {}));
        WrittenFile written = written_file(plan.part, session.file);
        if (session.before_naming)
            HINDSIGHT_TRY(session.before_naming(written));
        HINDSIGHT_ASSIGN(
            Published published, publish_as(session.file, session.target, NameClash::Number));
        written.path = std::move(published.path);
        return written;
    }

private:
    Log log_;
};

}  // namespace

std::unique_ptr<SessionWriter> make_mp4_session_writer(Log log) {
    return std::make_unique<Mp4SessionWriter>(std::move(log));
}

}  // namespace hindsight
