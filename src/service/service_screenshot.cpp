// What the service does with screenshots: the request, and what is told of it.

#include "service_impl.hpp"

#include <hindsight/service/clip_name.hpp>

#include <chrono>
#include <utility>

namespace hindsight::service {

void Service::Impl::take_screenshot(MonoTime press, Reply<std::string> reply) {
    const auto& recorded = recording->recorded();
    if (!recording->capturing() || !recorded)
        return reply(fail(
            Errc::NotFound,
            "nothing is being recorded; begin with `hindsightctl start` or a game"));
    const auto unix_time = std::chrono::system_clock::now().time_since_epoch();
    const ClipNameFacts facts{
        recorded->game,
        "",
        std::chrono::duration_cast<std::chrono::milliseconds>(unix_time).count()};
    const ScreenshotWish wish{
        frame_time(press), config.clips.folder, expand_clip_name(config.clips.name, facts)};
    screenshots->take(wish, [this, reply = std::move(reply)](const Result<std::string>& path) {
        if (path && events.screenshot_taken)
            events.screenshot_taken(*path);
        reply(path);
    });
    tick_timer.start(0);
}

void Service::screenshot(Reply<std::string> reply) {
    impl_->take_screenshot(impl_->ports.clock.now(), std::move(reply));
}

}  // namespace hindsight::service
