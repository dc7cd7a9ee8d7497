#include <hindsight/service/save_window.hpp>

#include <algorithm>

namespace hindsight::service {

std::optional<SaveWindow>
save_window(MonoTime press, Duration last, Duration delay, bool new_only, const Footage& footage) {
    if (footage.empty())
        return std::nullopt;
    // Nothing will be added any more: the last N seconds are those of the footage.
    const MonoTime end =
        footage.capturing ? press : std::min(press, footage.newest + Duration::from_ns(1));
    SaveWindow window{end - last, footage.capturing ? end + delay : end};
    window.from = std::max(window.from, footage.not_before);
    if (new_only)
        window.from = std::max(window.from, footage.last_saved);
    if (window.from >= window.to)
        return std::nullopt;
    return window;
}

}  // namespace hindsight::service
