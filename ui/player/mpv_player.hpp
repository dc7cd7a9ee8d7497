#pragma once

// libmpv as a quiet engine: load a clip, seek to exact frames, say where it is, hand out pictures.
// All methods on the UI thread; libmpv's own threads only post to it.

#include <hindsight/core/log.hpp>
#include <hindsight/core/result.hpp>

#include <QImage>
#include <QObject>
#include <QString>
#include <memory>
#include <optional>

struct mpv_event_property;

namespace hindsight::ui {

class MpvPlayer : public QObject {
    Q_OBJECT

public:
    struct State {
        double position = 0;  ///< seconds from the first shown frame
        double duration = 0;
        double fps = 0;
        double volume = 100;  ///< 0 to 100
        double speed = 1;
        bool paused = true;
        bool ended = false;
        bool muted = false;
        bool loop = false;
        bool overlay = false;      ///< shown
        bool has_overlay = false;  ///< there is one to show
        bool loaded = false;
    };

    /// Errors: External (libmpv cannot be set up).
    static Result<std::unique_ptr<MpvPlayer>> create(Log log);
    ~MpvPlayer() override;

    /// Loads `file`, paused at its first frame unless `play`. `overlay` is the ASS beside it, or
    /// empty. `loaded` or `failed` follows.
    void load(const QString& file, const QString& overlay, bool play);
    /// Adds the ASS of the loaded clip that came after it, and shows it; the playhead stays.
    void add_overlay(const QString& file);
    /// Takes the overlay of the loaded clip away: its actions were forgotten.
    void remove_overlay();
    void unload();

    [[nodiscard]] const State& state() const { return state_; }

    /// Number of the frame at the playhead, from 0.
    [[nodiscard]] qint64 frame() const;

    void set_paused(bool paused);
    /// To the frame at `seconds`, exactly. While one seek runs only the newest wish is kept.
    void seek(double seconds);
    void seek_by(double seconds);
    void step(int frames);  ///< +1 or -1; pauses
    void set_volume(double volume);
    void set_muted(bool muted);
    void set_overlay(bool shown);
    void set_loop(bool loop);
    void set_speed(double speed);

    /// Paints the current picture into `image` (RGB32) when it is new or `force`; false otherwise.
    bool render(QImage& image, bool force);

signals:
    void changed();
    void position_changed(double seconds);
    void loaded();
    void failed(const QString& sentence);
    /// render() has something new.
    void picture_ready();
    /// The first picture after a seek or load is on its way to the screen.
    void settled();

private:
    struct Engine;

    explicit MpvPlayer(Log log);
    Result<> open();
    void drain();
    void on_property(std::uint64_t id, const mpv_event_property& property);
    void run_seek(double seconds);

    Log log_;
    std::unique_ptr<Engine> engine_;
    State state_;
    std::optional<double> next_seek_;
    bool seeking_ = false;
};

}  // namespace hindsight::ui
