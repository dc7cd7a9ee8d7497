#include <hindsight/service/save_window.hpp>

#include <algorithm>

namespace hindsight::service {

std::optional<SaveWindow>
save_window(MonoTime press, Duration last, Duration delay, bool new_only, const Footage& footage) {
    if (footage.empty())
        return std::nullopt;
    const bool goes_on = footage.capturing || footage.starting;
    const bool lies_before = footage.newest != MonoTime::min() && footage.newest < press - last;
    MonoTime end = press;
    // Nothing will be added any more, or not here: the last N seconds are those of the footage.
    if (!goes_on || (footage.starting && lies_before))
        end = std::min(press, footage.newest + Duration::from_ns(1));
    SaveWindow window{end - last, goes_on ? press + delay : end};
    window.from = std::max(window.from, footage.not_before);
    if (new_only)
        window.from = std::max(window.from, footage.last_saved);
    // What starts now brings nothing from before the press.
    const bool nothing = footage.starting && footage.newest < window.from && window.to <= press;
    if (window.from >= window.to || nothing)
        return std::nullopt;
    return window;
}

}  // namespace hindsight::service
