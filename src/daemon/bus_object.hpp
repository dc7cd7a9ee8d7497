#pragma once

// The service on the session bus: relays calls to service::Service and its events to signals.

#include <hindsight/dbus/service_object.hpp>
#include <hindsight/service/service.hpp>

#include <functional>

namespace hindsight::daemon {

class BusObject final : public dbus::ServiceObject {
    Q_OBJECT

public:
    /// `quit` is called for Quit and when the bus goes away (the session has ended).
    explicit BusObject(std::function<void()> quit);

    /// Must be called before the first call arrives. `service` outlives this object's use.
    void serve(service::Service& service);

    /// What the service is to be made with.
    [[nodiscard]] service::ServiceEvents events();

public slots:  // NOLINT(readability-redundant-access-specifiers)
    QVariantMap Status() override;
    void Start(const QVariantMap& options) override;
    void Stop() override;
    void Pause(bool paused) override;
    void MuteMicrophone(bool muted) override;
    QString Save(const QVariantMap& options) override;
    QString StartSession(const QVariantMap& options) override;
    QString StopSession() override;
    void Retry(const QString& request, const QVariantMap& options) override;
    void Discard(const QString& request) override;
    void Mark(const QString& label) override;
    QVariantMap Forget(double last_s) override;
    QString Screenshot() override;
    QString RenderOverlay(const QString& clip, const QVariantMap& options) override;
    void CancelJob(const QString& job) override;
    QVariantList Encoders() override;
    QVariantList Sources() override;
    QVariantList Diagnose() override;
    QString GetConfig(const QString& key) override;
    void SetConfig(const QString& key, const QString& value) override;
    void Quit() override;
    QVariantList List(const QVariantMap& query) override;
    QVariantMap Show(const QString& id) override;
    void Delete(const QString& id) override;
    void Restore(const QString& id) override;
    void Rename(const QString& id, const QString& title) override;
    void SetFavorite(const QString& id, bool favorite) override;
    void SetTags(const QString& id, const QStringList& tags) override;
    void ForgetActions(const QString& id) override;
    void SetTrain(const QString& id, bool allowed) override;

    void busGone();

private:
    void answer(const Result<>& result) const;
    /// The service is ending: the call was answered with Busy.
    [[nodiscard]] bool refused() const;
    [[nodiscard]] service::Reply<> later() const;
    [[nodiscard]] service::Reply<std::string> later_text() const;
    [[nodiscard]] service::Reply<service::Json> later_list() const;
    [[nodiscard]] service::Reply<service::Json> later_map() const;

    std::function<void()> quit_;
    service::Service* service_ = nullptr;
};

}  // namespace hindsight::daemon
