// A service that records and saves nothing, behind the real adaptors: what it answers depends on
// what it is asked only, so that tests can predict it.
//   title "refuse"  the call fails      title "fail"   the save fails later
//   title "lose"    it fails and cannot be retried
//   title "early"   signals before the answer
//   title "crash at once"  the program dies before it answers
//   title "crash"   the program dies; its successor completes the save
#include <hindsight/dbus/service_client.hpp>
#include <hindsight/dbus/service_object.hpp>
#include <hindsight/dbus/variant.hpp>

#include <QCoreApplication>
#include <QFile>
#include <QTimer>
#include <algorithm>
#include <cstdlib>

namespace {

using namespace hindsight;
using dbus::Json;

constexpr int kManyClips = 1'200;

QString journal() {
    return qEnvironmentVariable("XDG_RUNTIME_DIR") + "/test-service-journal";
}

Json clip(const std::string& id) {
    return {
        {"id", id},
        {"path", "/videos/" + id + ".mp4"},
        {"title", "Title of " + id},
        {"game", "Freedoom"},
        {"created", "2026-11-20T14:32:10+00:00"},
        {"duration_s", 29.97},
        {"size_bytes", 71'400'000},
        {"tags", {"old"}},
        {"favorite", false},
        {"events", {{{"t_s", 1.5}, {"type", "kill"}, {"label", "Imp"}}}},
        {"gaps", Json::array()},
        {"actions_path", ""},
        {"overlay_path", ""}};
}

class TestService final : public dbus::ServiceObject {
public:
    QVariantMap Status() override {
        if (qEnvironmentVariableIsSet("TEST_SERVICE_EMPTY"))
            return dbus::to_variant_map({{"state", "idle"}, {"ring", {{"buffered_s", 0.0}}}});
        return dbus::to_variant_map(
            {{"state", "buffering"},
             {"source", source_},
             {"microphone", microphone_},
             {"failed", failed_},
             {"fps", 60.0},
             {"ring", {{"buffered_s", 87.5}, {"limit_s", 120.0}, {"limit_bytes", 536'870'912}}},
             {"exports", Json::array({{{"id", "j1"}, {"kind", "overlay"}, {"progress", 0.43}}})}});
    }

    void Start(const QVariantMap& options) override {
        source_ = dbus::to_json(options).dump();
        emit StateChanged(Status());
    }

    void Stop() override { source_ = "stopped"; }

    void Pause(bool paused) override { source_ = paused ? "paused" : "running"; }

    void MuteMicrophone(bool muted) override { microphone_ = muted ? "muted" : "on"; }

    QString Save(const QVariantMap& options) override {
        const QString title = options.value("title").toString();
        if (title == "refuse") {
            reply_error({.code = Errc::Busy, .what = "Nothing is recorded."});
            return {};
        }
        QString request = QString{"request-%1"}.arg(++requests_);
        if (title == "crash at once")
            std::_Exit(9);
        if (title == "crash") {
            QFile file{journal()};
            if (file.open(QIODevice::WriteOnly))
                file.write(request.toUtf8());
            // Not before the answer has left.
            QTimer::singleShot(100, this, [] { std::_Exit(9); });
            return request;
        }
        emit SaveStarted(request, options);
        if (title == "early")
            complete(request);
        else if (title == "fail")
            QTimer::singleShot(0, this, [this, request] {
                failed_.push_back({{"id", request.toStdString()}});
                emit SaveFailed(request, "no_space", "the disk is full; 30 s are safe in memory");
            });
        else if (title == "lose")
            QTimer::singleShot(0, this, [this, request] {
                emit SaveFailed(request, "not_found", "there is no picture of these seconds");
            });
        else
            QTimer::singleShot(0, this, [this, request] { complete(request); });
        return request;
    }

    QString StartSession(const QVariantMap& options) override {
        source_ = "session " + options.value("title").toString().toStdString();
        return "session-1";
    }

    QString StopSession() override {
        if (!source_.starts_with("session")) {
            reply_error({.code = Errc::NotFound, .what = "No session is being recorded."});
            return {};
        }
        QTimer::singleShot(0, this, [this] { complete("session-1"); });
        return "session-1";
    }

    void Retry(const QString& request, const QVariantMap& options) override {
        if (request == "unknown") {
            reply_error({.code = Errc::NotFound, .what = "There is no such request."});
            return;
        }
        folder_ = options.value("to").toString().toStdString();
        QTimer::singleShot(0, this, [this, request] { complete(request); });
    }

    void Discard(const QString& request) override {
        if (request == "unknown")
            reply_error({.code = Errc::NotFound, .what = "There is no such request."});
        else
            source_ = "discarded " + request.toStdString();
    }

    void Mark(const QString& label) override { source_ = "marked " + label.toStdString(); }

    QVariantMap Forget(double last_s) override { return {{"session", last_s > 60}, {"saving", 0}}; }

    QString Screenshot() override { return "/tmp/Doom.png"; }

    QString RenderOverlay(const QString& id, const QVariantMap& options) override {
        QTimer::singleShot(0, this, [this, id, options] {
            emit JobProgress("job-1", "overlay", 0.5);
            emit JobFinished(
                "job-1",
                "overlay",
                dbus::to_variant_map(
                    {{"ok", id != "broken"},
                     {"clip", id.toStdString()},
                     {"path", options.value("output").toString().toStdString()},
                     {"what", id == "broken" ? "the clip cannot be read" : ""}}));
        });
        return "job-1";
    }

    void CancelJob(const QString&) override {}

    QVariantList Encoders() override {
        return dbus::to_variant_list(
            {{{"id", "obs_x264"}, {"codec", "h264"}, {"works", true}, {"hardware", false}}});
    }

    QVariantList Sources() override {
        return dbus::to_variant_list(
            {{{"source", "window:7"}, {"width", 1280}, {"height", 800}, {"title", "Doom"}}});
    }

    /// Answers later, as the real one does.
    QVariantList Diagnose() override {
        const dbus::PendingReply reply = defer();
        const bool broken = qEnvironmentVariableIsSet("TEST_SERVICE_BROKEN");
        QTimer::singleShot(10, this, [reply, broken] {
            const Json checks{
                {{"name", "sound"},
                 {"ok", false},
                 {"severity", "warning"},
                 {"text", "No sound server."},
                 {"mend", "Start one."}},
                {{"name", "display"},
                 {"ok", !broken},
                 {"severity", broken ? "error" : "info"},
                 {"text", "The display."},
                 {"mend", "Log in."}}};
            reply.send(QVariant{dbus::to_variant_list(checks)});
        });
        return {};
    }

    QString GetConfig(const QString& key) override { return key + "?"; }

    void SetConfig(const QString& key, const QString& value) override {
        source_ = key.toStdString() + "=" + value.toStdString();
        emit ConfigChanged(key);
    }

    void Quit() override {
        // The real one finishes what it saves.
        const int slow_ms = qEnvironmentVariableIsSet("TEST_SERVICE_ENDS_SLOWLY") ? 700 : 0;
        QTimer::singleShot(slow_ms, qApp, &QCoreApplication::quit);
    }

    QVariantList List(const QVariantMap& query) override {
        const int total = query.value("game").toString() == "many" ? kManyClips : 2;
        const int offset = query.value("offset").toInt();
        const int limit = query.value("limit").toInt();
        Json page = Json::array();
        for (int i = offset; i < std::min(total, offset + limit); ++i)
            page.push_back(clip("clip-" + std::to_string(i)));
        return dbus::to_variant_list(page);
    }

    QVariantMap Show(const QString& id) override {
        if (!id.startsWith("clip")) {
            reply_error({.code = Errc::NotFound, .what = "There is no clip with this id."});
            return {};
        }
        Json shown = clip("clip-0");
        shown.update(changes_);
        return dbus::to_variant_map(shown);
    }

    void Delete(const QString& id) override { emit ClipRemoved(id); }

    void Restore(const QString& id) override {
        emit ClipAdded(id, dbus::to_variant_map(clip(id.toStdString())));
    }

    void Rename(const QString& id, const QString& title) override {
        changes_["title"] = title.toStdString();
        emit ClipChanged(id, Show(id));
    }

    void SetFavorite(const QString&, bool favorite) override { changes_["favorite"] = favorite; }

    void SetTags(const QString&, const QStringList& tags) override {
        changes_["tags"] = dbus::to_json(tags);
    }

    void ForgetActions(const QString&) override { changes_["keep_actions"] = false; }

    void SetTrain(const QString&, bool allowed) override { changes_["train"] = allowed; }

    void complete_journal() {
        QFile file{journal()};
        if (file.open(QIODevice::ReadOnly)) {
            const QString request = QString::fromUtf8(file.readAll());
            file.remove();
            complete(request);
        }
    }

private:
    void complete(const QString& request) {
        Json saved = clip("clip-" + request.toStdString());
        saved["short"] = true;
        saved["folder"] = folder_;
        saved["overlay"] = {{"state", "pending"}, {"path", ""}};
        emit SaveVerified(request, dbus::to_variant_map(saved));
        saved["overlay"]["state"] = "done";
        emit SaveFinished(request, dbus::to_variant_map(saved));
    }

    std::string source_;
    std::string microphone_ = "silent";
    Json failed_ = Json::array();
    std::string folder_;
    Json changes_ = Json::object();
    int requests_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    const QCoreApplication application{argc, argv};
    TestService service;
    const auto bus = dbus::session_bus();
    if (!bus)
        return 4;
    const auto published = dbus::publish(*bus, service);
    if (!published)
        return published.error().code == Errc::AlreadyExists ? 3 : 4;
    // The bus starts us and does not end us: with the bus we go.
    if (!QDBusConnection{*bus}.connect(
            {},
            QStringLiteral("/org/freedesktop/DBus/Local"),
            QStringLiteral("org.freedesktop.DBus.Local"),
            QStringLiteral("Disconnected"),
            qApp,
            SLOT(quit())))
        return 4;
    service.complete_journal();
    return QCoreApplication::exec();
}
