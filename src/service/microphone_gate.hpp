#pragma once

// Whether the microphone is heard: never while it is muted, and where there is a talk key only
// while that is held and a moment longer. Nothing but a press opens it, so whatever goes wrong with
// the key ends in silence.

#include <hindsight/core/time.hpp>

#include <functional>
#include <utility>

namespace hindsight::service {

/// [control]
class MicrophoneGate {
public:
    /// Whoever lets go of the key is still saying the last syllable.
    static constexpr Duration kTail = Duration::from_ms(200);

    /// `tell` is given every change and the moment from which on it counts, which may lie ahead;
    /// what it was told of later moments is void then.
    using Tell = std::function<void(bool open, MonoTime from)>;

    explicit MicrophoneGate(Tell tell) : tell_{std::move(tell)} {}

    /// There is a talk key, or none. A key that was held is another one's now.
    void set_talk_key(bool exists, MonoTime now);

    void mute(bool muted, MonoTime now);
    void press(MonoTime now);
    void release(MonoTime now);  ///< harmless when it is not held

    [[nodiscard]] bool muted() const { return muted_; }

    [[nodiscard]] bool is_open(MonoTime now) const;

private:
    void tell_from(MonoTime now) const;

    Tell tell_;
    bool muted_ = false;
    bool talk_key_ = false;
    bool held_ = false;
    MonoTime tail_end_ = MonoTime::min();
};

}  // namespace hindsight::service
