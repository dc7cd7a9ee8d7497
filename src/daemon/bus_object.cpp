#include "bus_object.hpp"

#include <hindsight/dbus/variant.hpp>

#include <type_traits>
#include <utility>

namespace hindsight::daemon {

using service::Json;

namespace {

QString text(const std::string& value) {
    return QString::fromStdString(value);
}

Json json_of(const QVariantMap& map) {
    Json json = dbus::to_json(QVariant{map});
    return json.is_object() ? json : Json::object();
}

template <class T>
T value_or(const Json& json, const char* key, T fallback) {
    const auto at = json.find(key);
    if (at == json.end())
        return fallback;
    if constexpr (std::is_same_v<T, std::string>)
        return at->is_string() ? at->template get<std::string>() : fallback;
    else if constexpr (std::is_same_v<T, bool>)
        return at->is_boolean() ? at->template get<bool>() : fallback;
    else
        return at->is_number() ? at->template get<T>() : fallback;
}

}  // namespace

BusObject::BusObject(std::function<void()> quit) : quit_{std::move(quit)} {}

void BusObject::serve(service::Service& service) {
    service_ = &service;
}

service::ServiceEvents BusObject::events() {
    service::ServiceEvents events;
    events.state_changed = [this](const Json& status) {
        emit StateChanged(dbus::to_variant_map(status));
    };
    events.save_started = [this](const std::string& id, const Json& details) {
        emit SaveStarted(text(id), dbus::to_variant_map(details));
    };
    events.save_verified = [this](const std::string& id, const Json& clip) {
        emit SaveVerified(text(id), dbus::to_variant_map(clip));
    };
    events.save_finished = [this](const std::string& id, const Json& clip) {
        emit SaveFinished(text(id), dbus::to_variant_map(clip));
    };
    events.save_failed = [this](const std::string& id, const Error& error) {
        emit SaveFailed(text(id), QString::fromLatin1(errc_name(error.code)), text(error.what));
    };
    events.screenshot_taken = [this](const std::string& path) { emit ScreenshotTaken(text(path)); };
    events.key_ignored = [this](const std::string& sentence) { emit KeyIgnored(text(sentence)); };
    events.config_changed = [this](const std::string& key) { emit ConfigChanged(text(key)); };
    events.job_progress = [this](const std::string& id, const std::string& kind, double progress) {
        emit JobProgress(text(id), text(kind), progress);
    };
    events.job_finished = [this](const std::string& id, const std::string& kind, const Json& json) {
        emit JobFinished(text(id), text(kind), dbus::to_variant_map(json));
    };
    events.clip_added = [this](const std::string& id, const Json& clip) {
        emit ClipAdded(text(id), dbus::to_variant_map(clip));
    };
    events.clip_changed = [this](const std::string& id, const Json& clip) {
        emit ClipChanged(text(id), dbus::to_variant_map(clip));
    };
    events.clip_removed = [this](const std::string& id) { emit ClipRemoved(text(id)); };
    return events;
}

void BusObject::answer(const Result<>& result) const {
    if (!result)
        reply_error(result.error());
}

bool BusObject::refused() const {
    if (!service_->quitting())
        return false;
    reply_error({Errc::Busy, "Hindsight is ending; ask again in a moment."});
    return true;
}

service::Reply<> BusObject::later() const {
    return [pending = defer()](const Result<>& result) {
        if (result)
            pending.send();
        else
            pending.send_error(result.error());
    };
}

service::Reply<std::string> BusObject::later_text() const {
    return [pending = defer()](const Result<std::string>& result) {
        if (result)
            pending.send(text(*result));
        else
            pending.send_error(result.error());
    };
}

service::Reply<Json> BusObject::later_list() const {
    return [pending = defer()](const Result<Json>& result) {
        if (result)
            pending.send(QVariant{dbus::to_variant_list(*result)});
        else
            pending.send_error(result.error());
    };
}

service::Reply<Json> BusObject::later_map() const {
    return [pending = defer()](const Result<Json>& result) {
        if (result)
            pending.send(QVariant{dbus::to_variant_map(*result)});
        else
            pending.send_error(result.error());
    };
}

QVariantMap BusObject::Status() {
    return dbus::to_variant_map(service_->status());
}

void BusObject::Start(const QVariantMap& options) {
    if (refused())
        return;
    service_->start(json_of(options), later());
}

void BusObject::Stop() {
    if (refused())
        return;
    service_->stop();
}

void BusObject::Pause(bool paused) {
    if (refused())
        return;
    service_->pause(paused);
}

void BusObject::MuteMicrophone(bool muted) {
    if (refused())
        return;
    answer(service_->mute_microphone(muted));
}

QString BusObject::Save(const QVariantMap& options) {
    if (refused())
        return {};
    const auto id = service_->save(json_of(options));
    if (id)
        return text(*id);
    reply_error(id.error());
    return {};
}

QString BusObject::StartSession(const QVariantMap& options) {
    if (refused())
        return {};
    service_->start_session(json_of(options), later_text());
    return {};
}

QString BusObject::StopSession() {
    if (refused())
        return {};
    const auto id = service_->stop_session();
    if (id)
        return text(*id);
    reply_error(id.error());
    return {};
}

void BusObject::Retry(const QString& request, const QVariantMap& options) {
    if (refused())
        return;
    answer(service_->retry(request.toStdString(), json_of(options)));
}

void BusObject::Discard(const QString& request) {
    if (refused())
        return;
    answer(service_->discard(request.toStdString()));
}

void BusObject::Mark(const QString& label) {
    if (refused())
        return;
    answer(service_->mark(label.toStdString()));
}

QVariantMap BusObject::Forget(double last_s) {
    if (refused())
        return {};
    constexpr double kLongest = 7 * 24 * 3600;  // any bus client may say anything
    const bool sane = last_s > 0 && last_s <= kLongest;
    service_->forget(sane ? Duration::from_seconds(last_s) : Duration::zero(), later_map());
    return {};
}

QString BusObject::Screenshot() {
    if (refused())
        return {};
    service_->screenshot(later_text());
    return {};
}

QString BusObject::RenderOverlay(const QString& clip, const QVariantMap& options) {
    if (refused())
        return {};
    service_->render_overlay(clip.toStdString(), json_of(options), later_text());
    return {};
}

void BusObject::CancelJob(const QString& job) {
    if (refused())
        return;
    answer(service_->cancel_job(job.toStdString()));
}

QVariantList BusObject::Encoders() {
    if (refused())
        return {};
    service_->encoders(later_list());
    return {};
}

QVariantList BusObject::Sources() {
    if (refused())
        return {};
    service_->sources(later_list());
    return {};
}

QVariantList BusObject::Diagnose() {
    if (refused())
        return {};
    service_->diagnose(later_list());
    return {};
}

QString BusObject::GetConfig(const QString& key) {
    const auto value = service_->get_config(key.toStdString());
    if (value)
        return text(*value);
    reply_error(value.error());
    return {};
}

void BusObject::SetConfig(const QString& key, const QString& value) {
    if (refused())
        return;
    answer(service_->set_config(key.toStdString(), value.toStdString()));
}

void BusObject::Quit() {
    quit_();
}

QVariantList BusObject::List(const QVariantMap& query) {
    const Json json = json_of(query);
    ClipQuery wish;
    wish.game = value_or<std::string>(json, "game", "");
    wish.search = value_or<std::string>(json, "search", "");
    wish.since_ms = value_or<std::int64_t>(json, "since_ms", 0);
    wish.favorites_only = value_or<bool>(json, "favorites", false);
    wish.limit = value_or<int>(json, "limit", 0);
    wish.offset = value_or<int>(json, "offset", 0);
    service_->list(wish, later_list());
    return {};
}

QVariantMap BusObject::Show(const QString& id) {
    service_->show(id.toStdString(), later_map());
    return {};
}

void BusObject::Delete(const QString& id) {
    if (refused())
        return;
    service_->remove(id.toStdString(), later());
}

void BusObject::Restore(const QString& id) {
    if (refused())
        return;
    service_->restore(id.toStdString(), later());
}

void BusObject::Rename(const QString& id, const QString& title) {
    if (refused())
        return;
    service_->edit(
        id.toStdString(),
        [title = title.toStdString()](Clip& clip) { clip.title = title; },
        later());
}

void BusObject::SetFavorite(const QString& id, bool favorite) {
    if (refused())
        return;
    service_->edit(
        id.toStdString(), [favorite](Clip& clip) { clip.favorite = favorite; }, later());
}

void BusObject::SetTags(const QString& id, const QStringList& tags) {
    if (refused())
        return;
    std::vector<std::string> values;
    for (const QString& tag : tags)
        if (!tag.trimmed().isEmpty())
            values.push_back(tag.trimmed().toStdString());
    service_->edit(
        id.toStdString(), [values](Clip& clip) { clip.tags = values; }, later());
}

void BusObject::ForgetActions(const QString& id) {
    if (refused())
        return;
    service_->forget_actions(id.toStdString(), later());
}

void BusObject::SetTrain(const QString& id, bool allowed) {
    if (refused())
        return;
    service_->set_train(id.toStdString(), allowed, later());
}

void BusObject::busGone() {
    quit_();
}

}  // namespace hindsight::daemon
