#include "mpv_player.hpp"

#include <hindsight/core/handle.hpp>

#include <mpv/client.h>
#include <mpv/render.h>

#include <algorithm>
#include <array>
#include <clocale>
#include <cmath>
#include <utility>
#include <vector>

namespace hindsight::ui {

namespace {

enum Property : std::uint64_t {
    Position = 1,
    Length,
    Paused,
    Ended,
    Volume,
    Muted,
    Fps,
    Overlay,
    Speed,
};

using MpvHandle = UniqueHandle<mpv_handle, mpv_terminate_destroy>;
using RenderHandle = UniqueHandle<mpv_render_context, mpv_render_context_free>;

void command(mpv_handle* mpv, std::vector<const char*> words) {
    words.push_back(nullptr);
    mpv_command_async(mpv, 0, words.data());
}

void set_flag(mpv_handle* mpv, const char* name, bool on) {
    int value = on ? 1 : 0;
    mpv_set_property_async(mpv, 0, name, MPV_FORMAT_FLAG, &value);
}

/// Leaves `value` as it is when there is none.
void read_number(mpv_handle* mpv, const char* name, double& value) {
    double read = 0;
    if (mpv_get_property(mpv, name, MPV_FORMAT_DOUBLE, &read) >= 0)
        value = read;
}

void set_number(mpv_handle* mpv, const char* name, double value) {
    mpv_set_property_async(mpv, 0, name, MPV_FORMAT_DOUBLE, &value);
}

}  // namespace

struct MpvPlayer::Engine {
    MpvHandle mpv;
    RenderHandle render;  // after mpv, so that it goes first

    ~Engine() {
        if (mpv)
            mpv_set_wakeup_callback(mpv.get(), nullptr, nullptr);
        if (render)
            mpv_render_context_set_update_callback(render.get(), nullptr, nullptr);
    }
};

MpvPlayer::MpvPlayer(Log log) : log_{std::move(log)}, engine_{std::make_unique<Engine>()} {}

MpvPlayer::~MpvPlayer() = default;

Result<std::unique_ptr<MpvPlayer>> MpvPlayer::create(Log log) {
    std::unique_ptr<MpvPlayer> player{new MpvPlayer{std::move(log)}};
    HINDSIGHT_TRY(player->open());
    return player;
}

Result<> MpvPlayer::open() {
    // Qt sets the locale of the environment; libmpv refuses to start with decimal commas.
    std::setlocale(LC_NUMERIC, "C");
    engine_->mpv.reset(mpv_create());
    mpv_handle* mpv = engine_->mpv.get();
    if (mpv == nullptr)
        return fail(Errc::External, "the player cannot be started");
    static constexpr std::array<std::pair<const char*, const char*>, 15> kOptions{{
        {"vo", "libmpv"},
        {"config", "no"},
        {"terminal", "no"},
        {"input-default-bindings", "no"},
        {"input-vo-keyboard", "no"},
        {"osc", "no"},
        {"osd-level", "0"},
        {"keep-open", "yes"},
        {"pause", "yes"},
        {"hr-seek", "yes"},
        {"hr-seek-framedrop", "no"},
        {"demuxer-lavf-o", "advanced_editlist=1"},
        {"sub-auto", "no"},
        {"sub-ass-override", "no"},
        {"audio-client-name", "Hindsight"},
    }};
    for (const auto& [name, value] : kOptions)
        mpv_set_option_string(mpv, name, value);
    if (const int error = mpv_initialize(mpv); error < 0)
        return fail(Errc::External, "the player cannot be started", error);
    mpv_request_log_messages(mpv, "warn");
    const auto observe = [mpv](Property id, const char* name, mpv_format format) {
        mpv_observe_property(mpv, id, name, format);
    };
    observe(Position, "time-pos", MPV_FORMAT_DOUBLE);
    observe(Length, "duration", MPV_FORMAT_DOUBLE);
    observe(Paused, "pause", MPV_FORMAT_FLAG);
    observe(Ended, "eof-reached", MPV_FORMAT_FLAG);
    observe(Volume, "volume", MPV_FORMAT_DOUBLE);
    observe(Muted, "mute", MPV_FORMAT_FLAG);
    observe(Fps, "container-fps", MPV_FORMAT_DOUBLE);
    observe(Overlay, "sub-visibility", MPV_FORMAT_FLAG);
    observe(Speed, "speed", MPV_FORMAT_DOUBLE);

    // The API takes non-const pointers to what it only reads.
    std::string api = MPV_RENDER_API_TYPE_SW;
    std::array<mpv_render_param, 2> parameters{
        mpv_render_param{MPV_RENDER_PARAM_API_TYPE, api.data()},
        mpv_render_param{MPV_RENDER_PARAM_INVALID, nullptr}};
    mpv_render_context* render = nullptr;
    if (const int error = mpv_render_context_create(&render, mpv, parameters.data()); error < 0)
        return fail(Errc::External, "the player cannot draw", error);
    engine_->render.reset(render);
    mpv_set_wakeup_callback(
        mpv,
        [](void* self) {
            auto* player = static_cast<MpvPlayer*>(self);
            QMetaObject::invokeMethod(
                player, [player] { player->drain(); }, Qt::QueuedConnection);
        },
        this);
    mpv_render_context_set_update_callback(
        render,
        [](void* self) {
            auto* player = static_cast<MpvPlayer*>(self);
            QMetaObject::invokeMethod(
                player, [player] { emit player->picture_ready(); }, Qt::QueuedConnection);
        },
        this);
    return {};
}

void MpvPlayer::load(const QString& file, const QString& overlay, bool play) {
    state_.loaded = false;
    state_.position = 0;
    state_.has_overlay = !overlay.isEmpty();
    next_seek_.reset();
    seeking_ = true;  // until the first picture is there
    mpv_handle* mpv = engine_->mpv.get();
    // A list option with one element: commas and colons in the path must survive.
    const QByteArray sub = overlay.toUtf8();
    mpv_node element{};
    element.format = MPV_FORMAT_STRING;
    QByteArray text = sub;
    element.u.string = text.data();
    mpv_node_list list{};
    list.num = overlay.isEmpty() ? 0 : 1;
    list.values = &element;
    mpv_node node{};
    node.format = MPV_FORMAT_NODE_ARRAY;
    node.u.list = &list;
    mpv_set_property(mpv, "sub-files", MPV_FORMAT_NODE, &node);
    set_paused(!play);
    const QByteArray path = file.toUtf8();
    command(mpv, {"loadfile", path.constData()});
}

void MpvPlayer::add_overlay(const QString& file) {
    const QByteArray path = file.toUtf8();
    command(engine_->mpv.get(), {"sub-add", path.constData(), "select"});
    state_.has_overlay = true;
    emit changed();
}

void MpvPlayer::remove_overlay() {
    command(engine_->mpv.get(), {"sub-remove"});
    state_.has_overlay = false;
    emit changed();
}

void MpvPlayer::unload() {
    command(engine_->mpv.get(), {"stop"});
    state_.loaded = false;
}

qint64 MpvPlayer::frame() const {
    return state_.fps > 0 ? std::llround(state_.position * state_.fps) : 0;
}

void MpvPlayer::set_paused(bool paused) {
    if (!paused && state_.ended)
        seek(0);
    set_flag(engine_->mpv.get(), "pause", paused);
}

void MpvPlayer::run_seek(double seconds) {
    seeking_ = true;
    const QByteArray where = QByteArray::number(seconds, 'f', 6);
    command(engine_->mpv.get(), {"seek", where.constData(), "absolute+exact"});
}

void MpvPlayer::seek(double seconds) {
    const double last = state_.fps > 0 ? state_.duration - 1 / state_.fps : state_.duration;
    const double target = std::clamp(seconds, 0.0, std::max(0.0, last));
    state_.position = target;
    emit position_changed(target);
    if (seeking_)
        next_seek_ = target;
    else
        run_seek(target);
}

void MpvPlayer::seek_by(double seconds) {
    seek(state_.position + seconds);
}

void MpvPlayer::step(int frames) {
    if (seeking_ && state_.fps > 0) {
        // The picture of the seek is still to come; a step now would count from the one before it.
        set_paused(true);
        seek(double(frame() + frames) / state_.fps);
        return;
    }
    command(engine_->mpv.get(), {frames > 0 ? "frame-step" : "frame-back-step"});
}

void MpvPlayer::set_volume(double volume) {
    set_number(engine_->mpv.get(), "volume", std::clamp(volume, 0.0, 100.0));
}

void MpvPlayer::set_muted(bool muted) {
    set_flag(engine_->mpv.get(), "mute", muted);
}

void MpvPlayer::set_overlay(bool shown) {
    set_flag(engine_->mpv.get(), "sub-visibility", shown);
}

void MpvPlayer::set_loop(bool loop) {
    state_.loop = loop;
    const char* value = loop ? "inf" : "no";
    mpv_set_property_async(
        engine_->mpv.get(), 0, "loop-file", MPV_FORMAT_STRING, static_cast<void*>(&value));
    emit changed();
}

void MpvPlayer::set_speed(double speed) {
    set_number(engine_->mpv.get(), "speed", std::clamp(speed, 0.1, 4.0));
}

bool MpvPlayer::render(QImage& image, bool force) {
    const std::uint64_t news = mpv_render_context_update(engine_->render.get());
    if (!force && !(news & MPV_RENDER_UPDATE_FRAME))
        return false;
    std::array<int, 2> size{image.width(), image.height()};
    auto stride = static_cast<std::size_t>(image.bytesPerLine());
    std::string format = "bgr0";
    std::array<mpv_render_param, 5> parameters{
        mpv_render_param{MPV_RENDER_PARAM_SW_SIZE, size.data()},
        mpv_render_param{MPV_RENDER_PARAM_SW_FORMAT, format.data()},
        mpv_render_param{MPV_RENDER_PARAM_SW_STRIDE, &stride},
        mpv_render_param{MPV_RENDER_PARAM_SW_POINTER, image.bits()},
        mpv_render_param{MPV_RENDER_PARAM_INVALID, nullptr}};
    return mpv_render_context_render(engine_->render.get(), parameters.data()) >= 0;
}

void MpvPlayer::drain() {
    while (true) {
        const mpv_event* event = mpv_wait_event(engine_->mpv.get(), 0);
        switch (event->event_id) {
        case MPV_EVENT_NONE:
            return;
        case MPV_EVENT_PROPERTY_CHANGE:
            on_property(event->reply_userdata, *static_cast<mpv_event_property*>(event->data));
            break;
        case MPV_EVENT_FILE_LOADED:
            state_.loaded = true;
            // Not those of the file before, whose change may be told later.
            read_number(engine_->mpv.get(), "duration", state_.duration);
            read_number(engine_->mpv.get(), "container-fps", state_.fps);
            emit loaded();
            emit changed();
            break;
        case MPV_EVENT_PLAYBACK_RESTART:
            seeking_ = false;
            if (const auto next = std::exchange(next_seek_, std::nullopt))
                run_seek(*next);
            else
                emit settled();
            break;
        case MPV_EVENT_END_FILE: {
            const auto* end = static_cast<mpv_event_end_file*>(event->data);
            seeking_ = false;
            if (end->reason == MPV_END_FILE_REASON_ERROR) {
                log_.warn("a clip cannot be played: {}", mpv_error_string(end->error));
                emit failed(tr("This clip cannot be played. The file may be damaged."));
            }
            break;
        }
        case MPV_EVENT_LOG_MESSAGE: {
            const auto* message = static_cast<mpv_event_log_message*>(event->data);
            log_.debug("mpv {}: {}", message->prefix, message->text);
            break;
        }
        default:
            break;
        }
    }
}

void MpvPlayer::on_property(std::uint64_t id, const mpv_event_property& property) {
    const auto number = [&property](double otherwise) {
        return property.format == MPV_FORMAT_DOUBLE ? *static_cast<double*>(property.data)
                                                    : otherwise;
    };
    const auto flag = [&property] {
        return property.format == MPV_FORMAT_FLAG && *static_cast<int*>(property.data) != 0;
    };
    switch (static_cast<Property>(id)) {
    case Position:
        if (property.format != MPV_FORMAT_DOUBLE || next_seek_)
            return;
        state_.position = std::max(0.0, number(0));
        emit position_changed(state_.position);
        return;
    case Length:
        state_.duration = number(state_.duration);
        break;
    case Paused:
        state_.paused = flag();
        break;
    case Ended:
        state_.ended = flag();
        break;
    case Volume:
        state_.volume = number(state_.volume);
        break;
    case Muted:
        state_.muted = flag();
        break;
    case Fps:
        state_.fps = number(state_.fps);
        break;
    case Overlay:
        state_.overlay = flag();
        break;
    case Speed:
        state_.speed = number(1);
        break;
    }
    emit changed();
}

}  // namespace hindsight::ui
