#pragma once

// A service on the bus that does what the test says, behind the real adaptors.

#include <hindsight/dbus/service_object.hpp>

#include <utility>

namespace hindsight::ui::test {

class FakeService : public dbus::ServiceObject {
public:
    QVariantMap status{{"state", "buffering"}, {"game", "Freedoom"}};
    QList<QVariantMap> saves;
    QStringList retried;
    QStringList discarded;
    QStringList started;     ///< sources
    QString refused_source;  ///< Start fails for this one
    QVariantList sources;
    QStringList deleted;
    QStringList restored;
    QStringList renamed;
    QString refused_clip;   ///< Delete fails for this one
    QStringList forgotten;  ///< clips without actions now
    QList<std::pair<QString, bool>> trained;
    bool refuses_consents = false;  ///< ForgetActions and SetTrain fail
    QList<bool> paused;
    QList<bool> muted;
    int marked = 0;
    int sessions_started = 0;
    int sessions_stopped = 0;
    bool left = false;
    QMap<QString, QString> config;

    QVariantMap Status() override { return status; }

    void Start(const QVariantMap& options) override {
        started << options.value("source").toString();
        if (started.last() == refused_source)
            reply_error({Errc::NotFound, "no window has the focus"});
    }

    void Stop() override {}

    void Pause(bool on) override { paused << on; }

    void MuteMicrophone(bool on) override { muted << on; }

    QString Save(const QVariantMap& options) override {
        saves << options;
        return "r1";
    }

    QString StartSession(const QVariantMap&) override {
        ++sessions_started;
        return "s1";
    }

    QString StopSession() override {
        ++sessions_stopped;
        return "s1";
    }

    void Retry(const QString& request, const QVariantMap&) override { retried << request; }

    void Discard(const QString& request) override { discarded << request; }

    void Mark(const QString&) override {
        ++marked;
        reply_error({Errc::NotFound, "Nothing is being recorded."});
    }

    QVariantMap Forget(double) override { return {}; }

    QString Screenshot() override { return {}; }

    QString RenderOverlay(const QString&, const QVariantMap&) override { return {}; }

    void CancelJob(const QString&) override {}

    QVariantList Encoders() override { return {}; }

    QVariantList Sources() override { return sources; }

    QVariantList Diagnose() override { return {}; }

    QString GetConfig(const QString& key) override { return config.value(key); }

    void SetConfig(const QString& key, const QString& value) override { config[key] = value; }

    void Quit() override { left = true; }

    QVariantList List(const QVariantMap&) override { return {}; }

    QVariantMap Show(const QString&) override { return {}; }

    void Delete(const QString& id) override {
        if (id == refused_clip)
            reply_error({Errc::NotFound, "there is no clip with this id"});
        else
            deleted << id;
    }

    void Restore(const QString& id) override { restored << id; }

    void Rename(const QString& id, const QString& title) override { renamed << id << title; }

    void SetFavorite(const QString&, bool) override {}

    void SetTags(const QString&, const QStringList&) override {}

    void ForgetActions(const QString& id) override {
        if (refuses_consents)
            reply_error({Errc::Io, "the actions cannot be forgotten: the disk is read-only"});
        else
            forgotten << id;
    }

    void SetTrain(const QString& id, bool allowed) override {
        if (refuses_consents)
            reply_error({Errc::Io, "the consent cannot be written: the disk is read-only"});
        else
            trained << std::pair{id, allowed};
    }
};

}  // namespace hindsight::ui::test
