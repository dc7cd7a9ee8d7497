#pragma once

// The short sounds for "saved" and "not saved". Without a sound device they stay silent.

#include <hindsight/core/log.hpp>

#include <QString>
#include <memory>

struct mpv_handle;

namespace hindsight::ui {

class Sound {
public:
    explicit Sound(Log log);
    ~Sound();

    Sound(const Sound&) = delete;
    Sound& operator=(const Sound&) = delete;

    void set_enabled(bool enabled) { enabled_ = enabled; }

    /// "saved" or "failed": a file of share/hindsight/sounds. Returns at once.
    void play(const QString& name);

private:
    struct Destroy {
        void operator()(mpv_handle* mpv) const noexcept;
    };

    [[nodiscard]] bool open();

    Log log_;
    std::unique_ptr<mpv_handle, Destroy> mpv_;
    bool enabled_ = true;
};

}  // namespace hindsight::ui
