#include "library_proxy.h"
#include "recorder_proxy.h"
#include "service_starter.hpp"

#include <hindsight/dbus/names.hpp>
#include <hindsight/dbus/service_client.hpp>

#include <QDBusConnectionInterface>
#include <QEventLoop>
#include <optional>

namespace hindsight::dbus {

namespace {

constexpr int kQuickMs = 10'000;
/// Calls behind which real work lies: encoders are started, many clips are read.
constexpr int kLongMs = 120'000;

QString text(const std::string& value) {
    return QString::fromStdString(value);
}

}  // namespace

Result<QVariantList> reply_arguments(const QDBusMessage& reply) {
    if (reply.type() == QDBusMessage::ReplyMessage)
        return reply.arguments();
    return tl::unexpected(to_error(QDBusError{reply}));
}

Result<QDBusConnection> session_bus() {
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return fail(
            Errc::External,
            "There is no desktop message bus in this session; run this inside a desktop session, "
            "or under dbus-run-session.");
    return bus;
}

class ServiceClient::Private {
public:
    explicit Private(const QDBusConnection& connection)
        : bus{connection},
          recorder{QString::fromLatin1(kService), QString::fromLatin1(kPath), connection},
          library{QString::fromLatin1(kService), QString::fromLatin1(kPath), connection},
          watcher{
              QString::fromLatin1(kService),
              connection,
              QDBusServiceWatcher::WatchForRegistration |
                  QDBusServiceWatcher::WatchForUnregistration},
          starter{connection} {}

    RecorderProxy& quick() {
        recorder.setTimeout(kQuickMs);
        return recorder;
    }

    RecorderProxy& patient() {
        recorder.setTimeout(kLongMs);
        return recorder;
    }

    LibraryProxy& clips() {
        library.setTimeout(kLongMs);
        return library;
    }

    QDBusConnection bus;
    RecorderProxy recorder;
    LibraryProxy library;
    QDBusServiceWatcher watcher;
    ServiceStarter starter;
};

ServiceClient::ServiceClient(const QDBusConnection& bus, QObject* parent)
    : QObject{parent}, d_{std::make_unique<Private>(bus)} {
    using Recorder = RecorderProxy;
    using Library = LibraryProxy;
    connect(&d_->watcher, &QDBusServiceWatcher::serviceRegistered, this, &ServiceClient::appeared);
    connect(
        &d_->watcher, &QDBusServiceWatcher::serviceUnregistered, this, &ServiceClient::vanished);
    connect(&d_->recorder, &Recorder::StateChanged, this, [this](const QVariantMap& status) {
        emit stateChanged(to_json(status));
    });
    // Two strings of the same shape: request or id, and a map.
    const auto relay = [this](auto* proxy, auto from, auto to) {
        connect(proxy, from, this, [this, to](const QString& id, const QVariantMap& map) {
            emit(this->*to)(id, to_json(map));
        });
    };
    relay(&d_->recorder, &Recorder::SaveStarted, &ServiceClient::saveStarted);
    relay(&d_->recorder, &Recorder::SaveVerified, &ServiceClient::saveVerified);
    relay(&d_->recorder, &Recorder::SaveFinished, &ServiceClient::saveFinished);
    relay(&d_->library, &Library::ClipAdded, &ServiceClient::clipAdded);
    relay(&d_->library, &Library::ClipChanged, &ServiceClient::clipChanged);
    connect(&d_->recorder, &Recorder::SaveFailed, this, &ServiceClient::saveFailed);
    connect(&d_->recorder, &Recorder::ScreenshotTaken, this, &ServiceClient::screenshotTaken);
    connect(&d_->recorder, &Recorder::KeyIgnored, this, &ServiceClient::keyIgnored);
    connect(&d_->recorder, &Recorder::ConfigChanged, this, &ServiceClient::configChanged);
    connect(&d_->recorder, &Recorder::JobProgress, this, &ServiceClient::jobProgress);
    connect(
        &d_->recorder,
        &Recorder::JobFinished,
        this,
        [this](const QString& job, const QString& kind, const QVariantMap& result) {
            emit jobFinished(job, kind, to_json(result));
        });
    connect(&d_->library, &Library::ClipRemoved, this, &ServiceClient::clipRemoved);
}

ServiceClient::~ServiceClient() = default;

bool ServiceClient::running() const {
    return d_->bus.isConnected() &&
           d_->bus.interface()->isServiceRegistered(QString::fromLatin1(kService)).value();
}

Result<> ServiceClient::ensure_running(Duration limit) {
    std::optional<Result<>> answer;
    QEventLoop loop;
    ensure_running_then(
        [&](const Result<>& result) {
            answer = result;
            loop.quit();
        },
        limit);
    if (!answer)
        loop.exec();
    // The loop can be ended from outside (the program quits): then nobody needs the service.
    return answer ? *answer : fail(Errc::Cancelled, "The start of the service was given up.");
}

void ServiceClient::ensure_running_then(std::function<void(const Result<>&)> done, Duration limit) {
    if (!d_->bus.isConnected()) {
        done(fail(Errc::External, "There is no connection to the desktop's message bus."));
        return;
    }
    if (running()) {
        done({});
        return;
    }
    d_->starter.start(std::move(done), limit);
}

Call<Json> ServiceClient::status() {
    return Call<Json>{d_->quick().Status()};
}

Call<> ServiceClient::start(const Json& options) {
    return Call<>{d_->patient().Start(to_variant_map(options))};
}

Call<> ServiceClient::stop() {
    return Call<>{d_->patient().Stop()};
}

Call<> ServiceClient::pause(bool paused) {
    return Call<>{d_->patient().Pause(paused)};
}

Call<> ServiceClient::mute_microphone(bool muted) {
    return Call<>{d_->quick().MuteMicrophone(muted)};
}

Call<std::string> ServiceClient::save(const Json& options) {
    return Call<std::string>{d_->quick().Save(to_variant_map(options))};
}

Call<std::string> ServiceClient::start_session(const Json& options) {
    return Call<std::string>{d_->patient().StartSession(to_variant_map(options))};
}

Call<std::string> ServiceClient::stop_session() {
    return Call<std::string>{d_->quick().StopSession()};
}

Call<> ServiceClient::retry(const std::string& request, const Json& options) {
    return Call<>{d_->quick().Retry(text(request), to_variant_map(options))};
}

Call<> ServiceClient::discard(const std::string& request) {
    return Call<>{d_->quick().Discard(text(request))};
}

Call<> ServiceClient::mark(const std::string& label) {
    return Call<>{d_->quick().Mark(text(label))};
}

Call<Json> ServiceClient::forget(double last_s) {
    return Call<Json>{d_->patient().Forget(last_s)};
}

Call<std::string> ServiceClient::screenshot() {
    return Call<std::string>{d_->patient().Screenshot()};
}

Call<std::string> ServiceClient::render_overlay(const std::string& clip, const Json& options) {
    return Call<std::string>{d_->quick().RenderOverlay(text(clip), to_variant_map(options))};
}

Call<> ServiceClient::cancel_job(const std::string& job) {
    return Call<>{d_->quick().CancelJob(text(job))};
}

Call<Json> ServiceClient::encoders() {
    return Call<Json>{d_->patient().Encoders()};
}

Call<Json> ServiceClient::sources() {
    return Call<Json>{d_->patient().Sources()};
}

Call<Json> ServiceClient::diagnose() {
    return Call<Json>{d_->patient().Diagnose()};
}

Call<std::string> ServiceClient::get_config(const std::string& key) {
    return Call<std::string>{d_->quick().GetConfig(text(key))};
}

Call<> ServiceClient::set_config(const std::string& key, const std::string& value) {
    return Call<>{d_->quick().SetConfig(text(key), text(value))};
}

Call<> ServiceClient::quit() {
    return Call<>{d_->patient().Quit()};
}

Call<Json> ServiceClient::list(const Json& query) {
    return Call<Json>{d_->clips().List(to_variant_map(query))};
}

Call<Json> ServiceClient::show(const std::string& id) {
    return Call<Json>{d_->clips().Show(text(id))};
}

Call<> ServiceClient::remove(const std::string& id) {
    return Call<>{d_->clips().Delete(text(id))};
}

Call<> ServiceClient::restore(const std::string& id) {
    return Call<>{d_->clips().Restore(text(id))};
}

Call<> ServiceClient::rename(const std::string& id, const std::string& title) {
    return Call<>{d_->clips().Rename(text(id), text(title))};
}

Call<> ServiceClient::set_favorite(const std::string& id, bool favorite) {
    return Call<>{d_->clips().SetFavorite(text(id), favorite)};
}

Call<> ServiceClient::forget_actions(const std::string& id) {
    return Call<>{d_->clips().ForgetActions(text(id))};
}

Call<> ServiceClient::set_train(const std::string& id, bool allowed) {
    return Call<>{d_->clips().SetTrain(text(id), allowed)};
}

Call<> ServiceClient::set_tags(const std::string& id, const QStringList& tags) {
    return Call<>{d_->clips().SetTags(text(id), tags)};
}

}  // namespace hindsight::dbus
