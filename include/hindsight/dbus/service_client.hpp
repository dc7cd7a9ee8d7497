#pragma once

// The service as the tray, the browser and the command line see it. Every method of the bus is one
// function here that returns a `Call`: wait for it (command line) or be told (user interface).
//
//     const Result<Json> status = client.status().wait();
//     client.save({{"last_s", 30.0}}).then(this, [](const Result<std::string>& request) { … });
//
// Calls bring an activatable service up by themselves; `ensure_running` also does where there is no
// activation file. Ask `running()` first where nothing may be started.

#include <hindsight/core/result.hpp>
#include <hindsight/core/time.hpp>
#include <hindsight/dbus/variant.hpp>

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCall>
#include <QDBusPendingCallWatcher>
#include <QObject>
#include <QString>
#include <QStringList>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace hindsight::dbus {

/// The arguments of a reply, or the Error it carries. [any-thread]
[[nodiscard]] Result<QVariantList> reply_arguments(const QDBusMessage& reply);

/// A call under way whose answer is a T (void, std::string or Json). Dropping it drops the answer,
/// not the call. One thread, the client's.
template <class T = void>
class Call {
public:
    explicit Call(const QDBusPendingCall& call) : call_{call} {}

    /// Blocks until the answer or the time limit of the call. No events are handled meanwhile.
    /// Errors: what the service answered; NotFound (not running), Timeout, External.
    [[nodiscard]] Result<T> wait() {
        call_.waitForFinished();
        return convert(call_.reply());
    }

    /// Calls `done(Result<T>)` from the event loop, never if `context` died before.
    template <class Done>
    void then(QObject* context, Done done) {
        auto* watcher = new QDBusPendingCallWatcher{call_, context};
        QObject::connect(
            watcher,
            &QDBusPendingCallWatcher::finished,
            context,
            [done = std::move(done)](QDBusPendingCallWatcher* finished) mutable {
                finished->deleteLater();
                done(convert(finished->reply()));
            });
    }

private:
    static Result<T> convert(const QDBusMessage& reply) {
        HINDSIGHT_ASSIGN(const QVariantList values, reply_arguments(reply));
        if constexpr (std::is_void_v<T>) {
            return {};
        } else {
            const Json value = values.isEmpty() ? Json{} : to_json(values.front());
            if constexpr (std::is_same_v<T, std::string>) {
                if (!value.is_string())
                    return fail(Errc::External, "the service gave an answer of an unexpected kind");
                return value.template get<std::string>();
            } else {
                return value;
            }
        }
    }

    QDBusPendingCall call_;
};

/// The session bus of this process. Errors: External, with what to do about it.
[[nodiscard]] Result<QDBusConnection> session_bus();

/// One per program; lives on the thread of its event loop.
class ServiceClient : public QObject {
    Q_OBJECT

public:
    explicit ServiceClient(const QDBusConnection& bus, QObject* parent = nullptr);
    ~ServiceClient() override;

    /// Is the name owned now? Starts nothing.
    [[nodiscard]] bool running() const;

    /// Brings the service up if it is not there: D-Bus activation, else `hindsightd` beside this
    /// program. Handles events while it waits. Errors: NotFound (no such program), Timeout,
    /// External.
    [[nodiscard]] Result<> ensure_running(Duration limit = Duration::from_ms(15'000));

    /// The same without waiting; `done` is called from the event loop, or at once when the service
    /// runs already. A second call while one is under way joins it.
    void ensure_running_then(
        std::function<void(const Result<>&)> done, Duration limit = Duration::from_ms(15'000));

    // io.github.hindsight.Recorder1. The keys of maps are those of docs/cli.md and of the XML.
    [[nodiscard]] Call<Json> status();
    [[nodiscard]] Call<> start(const Json& options);
    [[nodiscard]] Call<> stop();
    [[nodiscard]] Call<> pause(bool paused);
    [[nodiscard]] Call<> mute_microphone(bool muted);
    [[nodiscard]] Call<std::string> save(const Json& options);
    [[nodiscard]] Call<std::string> start_session(const Json& options);
    [[nodiscard]] Call<std::string> stop_session();
    [[nodiscard]] Call<> retry(const std::string& request, const Json& options);
    [[nodiscard]] Call<> discard(const std::string& request);
    [[nodiscard]] Call<> mark(const std::string& label);
    [[nodiscard]] Call<Json> forget(double last_s);
    [[nodiscard]] Call<std::string> screenshot();
    [[nodiscard]] Call<std::string> render_overlay(const std::string& clip, const Json& options);
    [[nodiscard]] Call<> cancel_job(const std::string& job);
    [[nodiscard]] Call<Json> encoders();
    [[nodiscard]] Call<Json> sources();
    [[nodiscard]] Call<Json> diagnose();
    [[nodiscard]] Call<std::string> get_config(const std::string& key);
    [[nodiscard]] Call<> set_config(const std::string& key, const std::string& value);
    [[nodiscard]] Call<> quit();

    // io.github.hindsight.Library1
    [[nodiscard]] Call<Json> list(const Json& query);
    [[nodiscard]] Call<Json> show(const std::string& id);
    [[nodiscard]] Call<> remove(const std::string& id);
    [[nodiscard]] Call<> restore(const std::string& id);
    [[nodiscard]] Call<> rename(const std::string& id, const std::string& title);
    [[nodiscard]] Call<> set_favorite(const std::string& id, bool favorite);
    [[nodiscard]] Call<> set_tags(const std::string& id, const QStringList& tags);
    [[nodiscard]] Call<> forget_actions(const std::string& id);
    [[nodiscard]] Call<> set_train(const std::string& id, bool allowed);

signals:
    void appeared();  ///< the service took its name
    void vanished();  ///< it ended or crashed

    void stateChanged(const nlohmann::json& status);
    void saveStarted(const QString& request, const nlohmann::json& details);
    void saveVerified(const QString& request, const nlohmann::json& clip);
    void saveFinished(const QString& request, const nlohmann::json& clip);
    void saveFailed(const QString& request, const QString& code, const QString& sentence);
    void screenshotTaken(const QString& path);
    void keyIgnored(const QString& sentence);
    void configChanged(const QString& key);
    void jobProgress(const QString& job, const QString& kind, double progress);
    void jobFinished(const QString& job, const QString& kind, const nlohmann::json& result);
    void clipAdded(const QString& id, const nlohmann::json& clip);
    void clipChanged(const QString& id, const nlohmann::json& clip);
    void clipRemoved(const QString& id);

private:
    class Private;
    std::unique_ptr<Private> d_;
};

}  // namespace hindsight::dbus
