// `forget --last`: the last minutes go from the ring, wherever it lies, and from the clips that
// could not be saved. What writes the ring is ended for it, so that nothing of these minutes is in
// anybody's hands any more, and begins anew behind them.

#include "service_impl.hpp"

#include <hindsight/ring/snapshot.hpp>

#include <utility>

namespace hindsight::service {

namespace fs = std::filesystem;

void Service::forget(Duration last, Reply<Json> reply) {
    Impl& d = *impl_;
    if (last <= Duration::zero())
        return reply(fail(Errc::InvalidArgument, "say how much is to be forgotten, as in 5m"));
    if (d.forgetting)
        return reply(fail(Errc::Busy, "something is being forgotten already"));
    d.forgetting = Impl::Forgetting{d.ports.clock.now() - last, std::move(reply)};
    d.recording->hold(Hold::Forgetting, true);
    if (!d.capture->process().running())
        d.forget_footage();
}

/// Nothing captures now.
void Service::Impl::forget_footage() {
    const MonoTime from = forgetting->from;
    std::error_code error;
    for (const ring::SegmentName& name :
         ring::segments_in(ring_folder, "av", {from, MonoTime::max()}))
        fs::remove(ring::segment_path(ring_folder, "av", name), error);
    recorder->forget(from, ports.clock.now());
    for (const SaveRequest& failed : saves->failed())
        if (failed.to > from)
            (void)saves->discard(failed.id);
    if (recovered && recovered->window.to > from)
        recovered.reset();
    spill->forget(from, [this] { forgotten(); });
}

void Service::Impl::forgotten() {
    Forgetting done = *std::exchange(forgetting, std::nullopt);
    ring_content = scan_ring(ring_folder);
    capture_status.newest_ns = 0;
    log.info("the last minutes are forgotten, as asked");
    // What is on its way to a disk, and stays.
    const Json answer = {{"session", sessions->recording()}, {"saving", saves->exports().size()}};
    recording->hold(Hold::Forgetting, false);
    changed();
    done.reply(answer);
}

}  // namespace hindsight::service
