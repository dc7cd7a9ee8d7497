#include "ring_impl.hpp"

#include <pthread.h>

#include <algorithm>
#include <string>
#include <utility>

namespace hindsight::ring {

/// Closes the open segment and hands the slow part to the helper. Under append_mutex.
void RingWriter::Impl::retire() {
    if (open == nullptr)
        return;
    open->seal();
    std::unique_ptr<SegmentFile> closed = std::move(open);
    if (closed->empty()) {
        drop_file(std::move(closed));
        return;
    }
    std::unique_lock lock{mutex};
    open_first = MonoTime::max();
    sealed.push_back({closed->name(), closed->size(), closed->first(), closed->last()});
    last_segment_bytes = std::max(closed->committed(), last_segment_bytes * 7 / 8);
    update_eviction_time_locked();
    if (retired_count < kMaxRetired)
        retired[retired_count++] = std::move(closed);
    lock.unlock();
    if (closed != nullptr)
        finish(std::move(closed));
    wake.notify_one();
}

/// Opens the segment that the helper kept ready, or makes one now. Under append_mutex.
Result<> RingWriter::Impl::start_segment() {
    {
        const std::lock_guard guard{mutex};
        open = std::move(spare);
    }
    if (open == nullptr) {
        HINDSIGHT_ASSIGN(open, make_segment());
    }
    std::unique_ptr<SegmentFile> late;
    {
        const std::lock_guard guard{mutex};
        shrink_open = false;
        opened = open->name().number + 1;
        // The helper may have finished one with a lower number meanwhile: order is what numbers
        // say.
        if (spare != nullptr && spare->name().number < opened)
            late = std::move(spare);
        spare_wanted = spare == nullptr;
    }
    drop_file(std::move(late));
    wake.notify_one();
    return {};
}

/// Makes the open segment large enough for the packet. Under append_mutex.
Result<> RingWriter::Impl::make_room(std::uint64_t payload_bytes) {
    if (open->fits(payload_bytes))
        return {};
    const std::uint64_t needed = whole_pages(open->committed() + record_bytes(payload_bytes));
    // Half as much again, so that a large GOP grows a few times only; if that is too much, the
    // least.
    for (const std::uint64_t size : {std::max(needed, whole_pages(open->size() * 3 / 2)), needed}) {
        const std::uint64_t more = size - open->size();
        if (!reserve(more))
            continue;
        auto grown = open->grow(size);
        if (grown)
            return {};
        release(more);
        if (size == needed)
            return grown;
    }
    return fail(Errc::NoSpace, "the memory limit of the ring is reached without a keyframe");
}

Result<> RingWriter::Impl::drop(Error error) {
    if (!dropping)
        log.warn(
            "ring '{}': dropping packets until the next keyframe: {}", options.prefix, error.what);
    dropping = true;
    ++dropped;
    return tl::unexpected(std::move(error));
}

void RingWriter::Impl::note(const Packet& packet) {
    const std::int64_t t = packet.capture_time.ns();
    if (t > newest_ns.load(std::memory_order_relaxed))
        newest_ns.store(t, std::memory_order_relaxed);
    auto& of_stream = stream_newest_ns[packet.stream];
    if (t > of_stream.load(std::memory_order_relaxed))
        of_stream.store(t, std::memory_order_relaxed);
    if (t > evict_after_ns.load(std::memory_order_relaxed))
        wake.notify_one();
}

// ---------------------------------------------------------------------------------------------
// The helper thread

void RingWriter::Impl::refill_spare() {
    {
        const std::lock_guard guard{mutex};
        if (!std::exchange(spare_wanted, false) || spare != nullptr)
            return;
    }
    auto made = make_segment();
    if (!made) {
        // append() tries again itself when it needs the segment, and tells the caller.
        log.debug("ring '{}': no spare segment: {}", options.prefix, made.error().what);
        return;
    }
    std::unique_ptr<SegmentFile> segment = *std::move(made);
    {
        const std::lock_guard guard{mutex};
        const SegmentName name = segment->name();
        if (spare == nullptr && name.epoch == epoch && name.number >= opened)
            spare = std::move(segment);
    }
    drop_file(std::move(segment));
}

void RingWriter::Impl::help(const std::stop_token& stop) {
    const std::string name = ("ring-" + options.prefix).substr(0, 15);
    ::pthread_setname_np(::pthread_self(), name.c_str());
    const std::stop_callback wake_up{stop, [this] {
                                         const std::lock_guard guard{mutex};
                                         wake.notify_one();
                                     }};
    while (true) {
        std::array<std::unique_ptr<SegmentFile>, kMaxRetired> batch;
        std::size_t count = 0;
        {
            std::unique_lock lock{mutex};
            wake.wait(lock, [&] {
                return stop.stop_requested() || retired_count > 0 || spare_wanted ||
                       newest_ns > evict_after_ns;
            });
            std::swap(batch, retired);
            count = std::exchange(retired_count, 0);
        }
        for (std::size_t i = 0; i < count; ++i)
            finish(std::move(batch[i]));
        if (stop.stop_requested())
            return;
        evict_old();
        refill_spare();
        evict_to_limit();  // set_limits may have come while the spare was made
        const std::lock_guard guard{mutex};
        if (sealed.capacity() < sealed.size() + 64)
            sealed.reserve(sealed.size() * 2 + 256);
    }
}

// ---------------------------------------------------------------------------------------------
// Interface

RingWriter::RingWriter(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}

Result<std::unique_ptr<RingWriter>> RingWriter::create(RingOptions options, Log log) {
    if (options.prefix.empty() || options.prefix.size() > 32 ||
        options.prefix.find('/') != std::string::npos || options.limit < Duration::zero())
        return fail(Errc::InvalidArgument, "the ring's options are out of range");
    auto impl = std::make_unique<Impl>(std::move(options), std::move(log));
    HINDSIGHT_TRY(impl->open_folder());
    impl->adopt();
    impl->sealed.reserve(impl->sealed.size() * 2 + 256);
    Impl* const self = impl.get();
    impl->helper = std::jthread{[self](const std::stop_token& stop) { self->help(stop); }};
    return std::unique_ptr<RingWriter>{new RingWriter{std::move(impl)}};
}

RingWriter::~RingWriter() {
    seal();
    impl_->helper.request_stop();
    impl_->helper.join();
    impl_->drop_file(std::move(impl_->spare));
}

Result<> RingWriter::begin_epoch(std::uint64_t epoch, std::vector<StreamInfo> streams) {
    Impl& self = *impl_;
    HINDSIGHT_ASSIGN(std::vector<std::byte> header, encode_header(epoch, 0, streams));
    const std::lock_guard append_guard{self.append_mutex};
    self.retire();
    std::unique_ptr<SegmentFile> unneeded;
    {
        const std::lock_guard guard{self.mutex};
        if (epoch <= self.epoch)
            return fail(Errc::InvalidArgument, "a ring epoch must be later than all before");
        unneeded = std::move(self.spare);
        self.header = std::move(header);
        self.epoch = epoch;
        self.next_number = 0;
        self.opened = 0;
        self.spare_wanted = false;
    }
    self.note_epoch(epoch);
    self.drop_file(std::move(unneeded));
    self.stream_count = streams.size();
    self.dropping = false;
    for (auto& newest : self.stream_newest_ns)
        newest = INT64_MIN;
    // The first segment now, not by the helper, so that numbers start at 0. Where there is no room
    // the first keyframe tries again and reports it.
    if (auto first = self.make_segment()) {
        std::unique_ptr<SegmentFile> unneeded_too;  // the helper was just making one as well
        {
            const std::lock_guard guard{self.mutex};
            unneeded_too = std::exchange(self.spare, *std::move(first));
        }
        self.drop_file(std::move(unneeded_too));
    }
    return {};
}

std::uint64_t RingWriter::last_epoch() const {
    const std::lock_guard guard{impl_->mutex};
    return impl_->epoch;
}

Result<> RingWriter::append(const Packet& packet) {
    Impl& self = *impl_;
    const std::lock_guard append_guard{self.append_mutex};
    if (packet.stream >= self.stream_count || packet.data.size() > kMaxPayloadBytes)
        return fail(Errc::InvalidArgument, "a packet belongs to no stream of the ring's epoch");
    if (self.open != nullptr && self.shrink_open.exchange(false)) {
        self.retire();
        self.evict_to_limit();
        self.dropping = true;
    }
    if (packet.stream == 0 && packet.keyframe) {
        self.retire();
        if (auto started = self.start_segment(); !started)
            return self.drop(std::move(started).error());
    } else if (self.open == nullptr) {
        if (!self.dropping)
            return {};
        return self.drop({Errc::NoSpace, "the ring waits for a keyframe"});
    } else if ((packet.capture_time - self.open_start).ns() > self.max_open_ns) {
        self.retire();
        return self.drop({Errc::NoSpace, "no keyframe came within the ring's time limit"});
    }
    if (auto room = self.make_room(packet.data.size()); !room) {
        self.retire();
        return self.drop(std::move(room).error());
    }
    const bool first = self.open->empty();
    self.open->append(packet);
    if (first) {
        self.dropping = false;
        self.open_start = packet.capture_time;
        const std::lock_guard guard{self.mutex};
        self.open_first = packet.capture_time;
    }
    self.note(packet);
    return {};
}

void RingWriter::seal() {
    const std::lock_guard append_guard{impl_->append_mutex};
    impl_->retire();
}

void RingWriter::set_limits(std::uint64_t limit_bytes, Duration limit) {
    {
        const std::lock_guard guard{impl_->mutex};
        impl_->limit_bytes = limit_bytes;
        impl_->limit = limit;
        impl_->max_open_ns = std::max(limit, kMaxOpenSpan).ns();
    }
    impl_->evict_old();
    impl_->evict_to_limit();
}

RingStatus RingWriter::status() const {
    const Impl& self = *impl_;
    const std::lock_guard guard{self.mutex};
    RingStatus status;
    status.buffered_bytes = self.allocated;
    status.dropped_packets = self.dropped;
    status.segments = self.sealed.size() + (self.open_first != MonoTime::max() ? 1 : 0);
    if (status.segments == 0)
        return status;
    status.oldest = self.sealed.empty() ? self.open_first : self.sealed.front().first;
    status.newest = MonoTime::from_ns(self.newest_ns);
    status.buffered = std::max(status.newest - status.oldest, Duration::zero());
    return status;
}

MonoTime RingWriter::newest(std::uint32_t stream) const {
    return stream < kMaxStreams ? MonoTime::from_ns(impl_->stream_newest_ns[stream])
                                : MonoTime::min();
}

void RingWriter::clear() {
    Impl& self = *impl_;
    const std::lock_guard append_guard{self.append_mutex};
    self.retire();
    std::unique_lock lock{self.mutex};
    while (self.evict_oldest(lock)) {
    }
    std::unique_ptr<SegmentFile> unneeded = std::move(self.spare);
    self.newest_ns = INT64_MIN;
    lock.unlock();
    self.drop_file(std::move(unneeded));
    self.dropping = false;
}

void RingWriter::forget(MonoTime from) {
    Impl& self = *impl_;
    const std::lock_guard append_guard{self.append_mutex};
    self.retire();
    const std::lock_guard guard{self.mutex};
    MonoTime newest = MonoTime::min();
    std::erase_if(self.sealed, [&](const auto& segment) {
        if (segment.last < from) {
            newest = std::max(newest, segment.last);
            return false;
        }
        self.unlink(segment.name);
        self.allocated -= segment.bytes;
        return true;
    });
    self.newest_ns = newest.ns();
    self.update_eviction_time_locked();
}

}  // namespace hindsight::ring
