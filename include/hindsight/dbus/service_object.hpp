#pragma once

// What the service implements to be seen on the bus: derive from ServiceObject, override every
// slot, emit the signals, and hand the object to `publish`. The generated adaptors (from
// io.github.hindsight.Recorder1.xml and …Library1.xml) relay calls to the slots and the signals to
// the bus; both interfaces lie on one object path, therefore they are one class.
//
// How a slot answers:
//  * it returns its value; or
//  * it calls `reply_error(error)` and returns anything (the return value is not sent); or
//  * it calls `defer()` and returns anything; the PendingReply is kept and answered later on the
//    same thread, exactly once. The caller waits meanwhile, nobody else does.
// Build maps and lists with `to_variant_map(json)`, read options with `to_json(options)`.

#include <hindsight/core/result.hpp>

#include <QDBusConnection>
#include <QDBusContext>
#include <QDBusMessage>
#include <QObject>
#include <QString>
#include <QStringList>
#include <QVariant>

namespace hindsight::dbus {

/// A call that is answered later. Copyable; answer once. [control]
class PendingReply {
public:
    PendingReply(const QDBusConnection& connection, const QDBusMessage& call);

    void send() const;
    void send(const QVariant& value) const;
    void send_error(const Error& error) const;

private:
    QDBusConnection connection_;
    QDBusMessage call_;
};

/// [control]
class ServiceObject : public QObject, public QDBusContext {
    Q_OBJECT

public:
    explicit ServiceObject(QObject* parent = nullptr);
    ~ServiceObject() override;

public slots:  // NOLINT(readability-redundant-access-specifiers)
    // io.github.hindsight.Recorder1
    virtual QVariantMap Status() = 0;
    virtual void Start(const QVariantMap& options) = 0;
    virtual void Stop() = 0;
    virtual void Pause(bool paused) = 0;
    virtual void MuteMicrophone(bool muted) = 0;
    virtual QString Save(const QVariantMap& options) = 0;
    virtual QString StartSession(const QVariantMap& options) = 0;
    virtual QString StopSession() = 0;
    virtual void Retry(const QString& request, const QVariantMap& options) = 0;
    virtual void Discard(const QString& request) = 0;
    virtual void Mark(const QString& label) = 0;
    virtual QVariantMap Forget(double last_s) = 0;
    virtual QString Screenshot() = 0;
    virtual QString RenderOverlay(const QString& clip, const QVariantMap& options) = 0;
    virtual void CancelJob(const QString& job) = 0;
    virtual QVariantList Encoders() = 0;
    virtual QVariantList Sources() = 0;
    virtual QVariantList Diagnose() = 0;
    virtual QString GetConfig(const QString& key) = 0;
    virtual void SetConfig(const QString& key, const QString& value) = 0;
    virtual void Quit() = 0;

    // io.github.hindsight.Library1
    virtual QVariantList List(const QVariantMap& query) = 0;
    virtual QVariantMap Show(const QString& id) = 0;
    virtual void Delete(const QString& id) = 0;
    virtual void Restore(const QString& id) = 0;
    virtual void Rename(const QString& id, const QString& title) = 0;
    virtual void SetFavorite(const QString& id, bool favorite) = 0;
    virtual void SetTags(const QString& id, const QStringList& tags) = 0;
    virtual void ForgetActions(const QString& id) = 0;
    virtual void SetTrain(const QString& id, bool allowed) = 0;

signals:
    // io.github.hindsight.Recorder1
    void StateChanged(const QVariantMap& status);
    void SaveStarted(const QString& request, const QVariantMap& details);
    void SaveVerified(const QString& request, const QVariantMap& clip);
    void SaveFinished(const QString& request, const QVariantMap& clip);
    void SaveFailed(const QString& request, const QString& code, const QString& sentence);
    void ScreenshotTaken(const QString& path);
    void KeyIgnored(const QString& sentence);
    void ConfigChanged(const QString& key);
    void JobProgress(const QString& job, const QString& kind, double progress);
    void JobFinished(const QString& job, const QString& kind, const QVariantMap& result);

    // io.github.hindsight.Library1
    void ClipAdded(const QString& id, const QVariantMap& clip);
    void ClipChanged(const QString& id, const QVariantMap& clip);
    void ClipRemoved(const QString& id);

protected:
    /// Answers the call being handled with an error. Only inside a slot; without a call (a direct
    /// invocation in a test) it does nothing.
    void reply_error(const Error& error) const;

    /// Takes the answer into our own hands. Only inside a slot that was called over the bus.
    [[nodiscard]] PendingReply defer() const;
};

/// Puts `object` on `bus` under our path and takes the name. The adaptors become its children.
/// Errors: AlreadyExists (another service runs in this session), External (no bus, refused).
[[nodiscard]] Result<> publish(QDBusConnection bus, ServiceObject& object);

}  // namespace hindsight::dbus
