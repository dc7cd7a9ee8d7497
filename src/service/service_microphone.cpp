// Muting, and the key that opens the microphone while it is held.

#include "service_impl.hpp"

#include <hindsight/core/file.hpp>

namespace hindsight::service {

namespace fs = std::filesystem;

namespace {

/// There while the microphone is muted. Not with the ring, which may lie elsewhere next time, and
/// nothing that a quit removes: whatever ends and starts again within the login stays muted.
constexpr const char* kMuteMark = "microphone-muted";

}  // namespace

void Service::Impl::remember_mute() {
    std::error_code error;
    const fs::file_status mark = fs::status(options.runtime_folder / kMuteMark, error);
    // When in doubt, silent.
    if (mark.type() != fs::file_type::not_found)
        microphone.mute(true, ports.clock.now());
}

/// Errors: NotFound (the microphone is not recorded).
Result<> Service::Impl::mute_microphone(bool muted, MonoTime from) {
    if (!config.audio.microphone)
        return fail(Errc::NotFound, "the microphone is not recorded");
    const fs::path mark = options.runtime_folder / kMuteMark;
    std::error_code error;
    if (muted) {
        fs::create_directories(options.runtime_folder, error);
        if (const auto noted = write_file_atomically(mark, ""); !noted)
            log.warn("a restart will not know of the mute: {}", noted.error().what);
    } else if (!fs::remove(mark, error) && error) {
        log.warn("a restart will mute the microphone again: {}", error.message());
    }
    microphone.mute(muted, from);
    changed();
    return {};
}

void Service::Impl::mute_key(MonoTime press) {
    const auto done = mute_microphone(!microphone.muted(), press);
    if (done)
        return;
    const std::string sentence = "The mute key does nothing: " + done.error().what + ".";
    log.info("{}", sentence);
    if (events.key_ignored)
        events.key_ignored(sentence);
}

void Service::Impl::talk_key_up() {
    microphone.release(ports.clock.now());
    const auto tail_ms = static_cast<int>(MicrophoneGate::kTail.ms());
    QTimer::singleShot(tail_ms + 1, &context, [this] { changed(); });
}

/// As in status.
const char* Service::Impl::microphone_state() const {
    if (!config.audio.microphone)
        return "off";
    if (microphone.muted())
        return "muted";
    return microphone.is_open(ports.clock.now()) ? "on" : "silent";
}

Result<> Service::mute_microphone(bool muted) {
    return impl_->mute_microphone(muted, impl_->ports.clock.now());
}

}  // namespace hindsight::service
