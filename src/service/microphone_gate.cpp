#include "microphone_gate.hpp"

namespace hindsight::service {

void MicrophoneGate::set_talk_key(bool exists, MonoTime now) {
    talk_key_ = exists;
    held_ = false;
    tail_end_ = MonoTime::min();
    tell_from(now);
}

void MicrophoneGate::mute(bool muted, MonoTime now) {
    muted_ = muted;
    tell_from(now);
}

void MicrophoneGate::press(MonoTime now) {
    held_ = true;
    tell_from(now);
}

void MicrophoneGate::release(MonoTime now) {
    if (!held_)
        return;
    held_ = false;
    tail_end_ = now + kTail;
    tell_from(now);
}

bool MicrophoneGate::is_open(MonoTime now) const {
    return !muted_ && (!talk_key_ || held_ || now < tail_end_);
}

void MicrophoneGate::tell_from(MonoTime now) const {
    const bool open = is_open(now);
    tell_(open, now);
    if (open && talk_key_ && !held_)
        tell_(false, tail_end_);
}

}  // namespace hindsight::service
