#include "recorder.hpp"

#include "json_fields.hpp"

#include <QGuiApplication>
#include <algorithm>
#include <array>
#include <utility>

namespace hindsight::ui {

namespace {

constexpr int kSavingShownMs = 600;
constexpr int kLongestWaitMs = 15'000;
constexpr std::array<std::pair<const char*, const char*>, 3> kDisplayVariables{
    std::pair{"DISPLAY", "display"},
    std::pair{"WAYLAND_DISPLAY", "wayland_display"},
    std::pair{"XAUTHORITY", "xauthority"}};

}  // namespace

Recorder::Recorder(const QDBusConnection& bus, Log log, QObject* parent)
    : QObject{parent}, log_{std::move(log)}, service_{bus} {
    retry_timer_.setSingleShot(true);
    saving_timer_.setSingleShot(true);
    library_timer_.setSingleShot(true);
    library_timer_.setInterval(50);
    connect(&retry_timer_, &QTimer::timeout, this, &Recorder::bring_up);
    connect(&saving_timer_, &QTimer::timeout, this, [this] {
        if (running_saves_.isEmpty() && std::exchange(saving_, false))
            emit status_changed();
    });
    connect(&library_timer_, &QTimer::timeout, this, &Recorder::library_changed);
    connect_signals();
}

void Recorder::connect_signals() {
    using Client = dbus::ServiceClient;
    connect(&service_, &Client::appeared, this, &Recorder::on_appeared);
    connect(&service_, &Client::vanished, this, &Recorder::on_vanished);
    connect(&service_, &Client::stateChanged, this, [this](const Json& status) {
        set_status(parse_status(status));
    });
    connect(&service_, &Client::saveStarted, this, [this](const QString& request, const Json&) {
        on_save_started(request);
    });
    connect(
        &service_, &Client::saveVerified, this, [this](const QString& request, const Json& clip) {
            on_save_ended(request);
            emit clip_saved(request, clip);
            library_timer_.start();
        });
    connect(
        &service_,
        &Client::saveFailed,
        this,
        [this](const QString& request, const QString&, const QString& sentence) {
            // A key press that could not become a request leaves nothing that could be retried.
            if (request.isEmpty())
                emit save_refused(sentence);
            else
                on_save_failed(request, sentence);
        });
    const auto changed = [this] { library_timer_.start(); };
    connect(&service_, &Client::saveFinished, this, changed);
    connect(&service_, &Client::configChanged, this, &Recorder::config_changed);
    connect(&service_, &Client::clipAdded, this, changed);
    connect(&service_, &Client::clipChanged, this, changed);
    connect(&service_, &Client::clipRemoved, this, changed);
}

void Recorder::start() {
    if (service_.running())
        on_appeared();
    else
        bring_up();
}

void Recorder::let_go() {
    wanted_ = false;
    retry_timer_.stop();
}

void Recorder::bring_up() {
    if (!wanted_)
        return;
    service_.ensure_running_then([this](const Result<>& up) {
        if (up)
            return;
        log_.error("the service cannot be started: {}", up.error().what);
        // A service that dies at its start must not become a busy loop.
        if (wanted_)
            retry_timer_.start(std::min(kLongestWaitMs, 1000 << std::min(attempts_++, 4)));
    });
}

void Recorder::on_appeared() {
    retry_timer_.stop();
    service_.status().then(this, [this](const Result<Json>& status) {
        if (!status)
            return;
        attempts_ = 0;
        set_status(parse_status(*status));
        emit library_changed();
    });
}

void Recorder::on_vanished() {
    running_saves_.clear();
    set_saving(false);
    set_status({});
    if (!wanted_)
        return;
    log_.warn("the service is gone; bringing it back");
    retry_timer_.start(std::min(kLongestWaitMs, 100 << std::min(attempts_++, 7)));
}

void Recorder::start_recording() {
    service_.sources().then(this, [this](const Result<Json>& sources) {
        for (const Json& source : sources ? *sources : Json::array())
            if (source.is_object() && source.value("is_game", Json(false)) == Json(true))
                return start_source(text_of(source, "source").toStdString());
        // A window of our own in front is nothing that one wants to see again.
        start_source(QGuiApplication::focusWindow() == nullptr ? "focused" : "screen");
    });
}

void Recorder::start_source(const std::string& source) {
    // The service may have been started by the bus, which knows nothing of our display.
    Json options{{"source", source}};
    for (const auto& [variable, key] : kDisplayVariables)
        if (const QByteArray value = qgetenv(variable); !value.isEmpty())
            options[key] = value.toStdString();
    service_.start(options).then(this, [this, source](const Result<>& started) {
        if (started)
            return;
        if (source == "focused" && started.error().code == Errc::NotFound)
            return start_source("screen");
        refuse(started.error());
    });
}

void Recorder::save(double last_s) {
    Json options = Json::object();
    if (last_s > 0)
        options["last_s"] = last_s;
    tell(service_.save(options));
}

void Recorder::save_new() {
    tell(service_.save({{"new_only", true}}));
}

void Recorder::save_recovered(const QString& id) {
    tell(service_.save({{"recovered", id.toStdString()}}));
}

void Recorder::mark() {
    tell(service_.mark({}));
}

void Recorder::toggle_session() {
    if (status_.session)
        tell(service_.stop_session());
    else
        tell(service_.start_session(Json::object()));
}

void Recorder::pause(bool paused) {
    tell(service_.pause(paused));
}

void Recorder::mute_microphone(bool muted) {
    tell(service_.mute_microphone(muted));
}

void Recorder::refuse(const Error& error) {
    QString sentence = QString::fromStdString(error.what).trimmed();
    if (!sentence.isEmpty())
        sentence[0] = sentence[0].toUpper();
    if (!sentence.endsWith('.') && !sentence.endsWith('?'))
        sentence += '.';
    emit refused(sentence);
}

FailedSave Recorder::failure() const {
    return failures_.isEmpty() ? FailedSave{} : failures_.constLast();
}

void Recorder::retry(const QString& request, const QString& folder) {
    Json options = Json::object();
    if (!folder.isEmpty())
        options["to"] = folder.toStdString();
    on_save_started(request);
    emit status_changed();
    service_.retry(request.toStdString(), options)
        .then(this, [this, request](const Result<>& accepted) {
            if (accepted)
                return;
            on_save_ended(request);
            failures_ = status_.failed;
            emit status_changed();
            refuse(accepted.error());
        });
}

void Recorder::discard(const QString& request) {
    service_.discard(request.toStdString()).then(this, [this, request](const Result<>& gone) {
        if (!gone)
            return refuse(gone.error());
        forget_failure(request);
        emit status_changed();
    });
}

void Recorder::quit_service(std::function<void()> then) {
    let_go();
    if (!service_.running()) {
        then();
        return;
    }
    service_.quit().then(this, [then = std::move(then)](const Result<>&) { then(); });
}

void Recorder::set_status(const RecorderStatus& status) {
    if (status == status_)
        return;
    status_ = status;
    // The service's list outlives this program; what it no longer holds has been saved elsewhere.
    failures_ = status.failed;
    emit status_changed();
}

void Recorder::on_save_started(const QString& request) {
    running_saves_.insert(request);
    forget_failure(request);
    set_saving(true);
}

void Recorder::on_save_ended(const QString& request) {
    running_saves_.remove(request);
    set_saving(!running_saves_.isEmpty());
}

/// Only what the service lists as failed can be tried again.
void Recorder::on_save_failed(const QString& request, const QString& sentence) {
    service_.status().then(this, [this, request, sentence](const Result<Json>& status) {
        on_save_ended(request);
        const QList<FailedSave> listed = status ? parse_status(*status).failed : status_.failed;
        const bool kept = std::any_of(listed.begin(), listed.end(), [&](const FailedSave& save) {
            return save.request == request;
        });
        if (kept)
            keep_failure(request, sentence);
        else
            emit save_lost(sentence);
    });
}

void Recorder::keep_failure(const QString& request, const QString& sentence) {
    forget_failure(request);
    failures_.append({request, sentence});
    emit status_changed();
    emit save_failed(request, sentence);
}

void Recorder::forget_failure(const QString& request) {
    failures_.removeIf([&request](const FailedSave& save) { return save.request == request; });
}

void Recorder::set_saving(bool saving) {
    if (saving) {
        saving_timer_.start(kSavingShownMs);
        if (!std::exchange(saving_, true))
            emit status_changed();
    } else if (!saving_timer_.isActive() && std::exchange(saving_, false)) {
        emit status_changed();
    }
}

}  // namespace hindsight::ui
