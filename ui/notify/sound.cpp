#include "sound.hpp"

#include <hindsight/core/paths.hpp>

#include <mpv/client.h>

#include <array>
#include <clocale>
#include <filesystem>
#include <utility>

namespace hindsight::ui {

void Sound::Destroy::operator()(mpv_handle* mpv) const noexcept {
    mpv_terminate_destroy(mpv);
}

Sound::Sound(Log log) : log_{std::move(log)} {}

Sound::~Sound() = default;

bool Sound::open() {
    if (mpv_)
        return true;
    std::setlocale(LC_NUMERIC, "C");
    mpv_.reset(mpv_create());
    if (!mpv_)
        return false;
    // The device is opened for a sound and given back after it.
    static constexpr std::array<std::pair<const char*, const char*>, 6> kOptions{{
        {"config", "no"},
        {"terminal", "no"},
        {"video", "no"},
        {"audio-display", "no"},
        {"audio-client-name", "Hindsight"},
        {"idle", "yes"},
    }};
    for (const auto& [name, value] : kOptions)
        mpv_set_option_string(mpv_.get(), name, value);
    if (mpv_initialize(mpv_.get()) >= 0)
        return true;
    mpv_.reset();
    return false;
}

void Sound::play(const QString& name) {
    const std::filesystem::path file =
        paths::shipped_data_dir() / "sounds" / (name.toStdString() + ".wav");
    std::error_code error;
    if (!enabled_ || !std::filesystem::exists(file, error) || !open())
        return;
    // Nobody listens to them, and a full queue makes mpv complain for ever.
    while (mpv_wait_event(mpv_.get(), 0)->event_id != MPV_EVENT_NONE) {
    }
    const std::string path = file.string();
    std::array<const char*, 3> words{"loadfile", path.c_str(), nullptr};
    if (mpv_command_async(mpv_.get(), 0, words.data()) < 0)
        log_.info("the sound cannot be played");
}

}  // namespace hindsight::ui
