#include <hindsight/ring/ring_writer.hpp>
#include <hindsight/ring/segment_reader.hpp>
#include <hindsight/service/action_codec.hpp>
#include <hindsight/service/action_file.hpp>
#include <hindsight/service/action_recorder.hpp>

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

namespace hindsight::service {

namespace fs = std::filesystem;
using actions::ActionRecord;

namespace {

constexpr const char* kPrefix = "act";
constexpr std::uint64_t kLimitBytes = 32ull << 20;  ///< an hour of a busy player takes 20 MiB
constexpr std::uint64_t kSegmentBytes = 64ull << 10;
/// A segment ends with the first record after this time, whatever that is.
constexpr Duration kSegmentLength = Duration::from_ms(5000);
/// The actions ring reaches a little further back than the pictures.
constexpr Duration kExtra = Duration::from_ms(15'000);

StreamInfo action_stream() {
    StreamInfo stream;
    stream.kind = StreamKind::Actions;
    stream.codec = "hindsight-actions";
    stream.time_base = Rational{1, 1'000'000'000};
    return stream;
}

}  // namespace

struct ActionRecorder::Impl {
    Impl(fs::path ring_folder, std::unique_ptr<ring::RingWriter> writer, Log l)
        : folder{std::move(ring_folder)}, ring{std::move(writer)}, log{std::move(l)} {}

    fs::path folder;
    std::unique_ptr<ring::RingWriter> ring;
    Log log;
    std::optional<MonoTime> segment_start;
    std::vector<std::uint16_t> held;       // as last told
    MonoTime forgotten = MonoTime::min();  // nothing before is taken any more

    void write(const ActionRecord& record, bool keyframe) {
        const std::vector<std::byte> data = encode_action(record);
        Packet packet;
        packet.keyframe = keyframe;
        packet.pts = record.t.ns();
        packet.dts = record.t.ns();
        packet.capture_time = record.t;
        packet.data = data;
        const auto appended = ring->append(packet);
        if (appended)
            return;
        log.debug("an action record is dropped: {}", appended.error().what);
        segment_start.reset();  // the ring waits for a new segment now
    }

    /// Of the segments that reach past `from`.
    [[nodiscard]] std::vector<ActionRecord> records_before(MonoTime from) const {
        std::vector<ActionRecord> records;
        for (const fs::path& file : ring::list_segments(folder, kPrefix)) {
            const auto reader = ring::SegmentReader::open(file);
            if (!reader || (*reader)->info().last < from)
                continue;
            while (const auto stored = (*reader)->next()) {
                auto record = decode_action(stored->packet.data, stored->packet.capture_time);
                if (record && record->t < from)
                    records.push_back(*std::move(record));
            }
        }
        return records;
    }

    /// A segment begins with what is held, so that it can be read alone.
    void begin_segment(MonoTime t) {
        segment_start = t;
        ActionRecord first;
        first.kind = ActionRecord::Kind::State;
        first.t = t;
        first.held = held;
        write(first, true);
    }

    void add(const ActionRecord& record) {
        const bool due = !segment_start || record.t - *segment_start >= kSegmentLength;
        if (due && record.kind == ActionRecord::Kind::State) {
            segment_start = record.t;
            write(record, true);
            return;
        }
        if (due)
            begin_segment(record.t);
        write(record, false);
    }
};

ActionRecorder::ActionRecorder(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}

ActionRecorder::~ActionRecorder() = default;

Result<std::unique_ptr<ActionRecorder>>
ActionRecorder::create(const fs::path& ring_folder, Duration limit, Log log) {
    ring::RingOptions options;
    options.folder = ring_folder;
    options.prefix = kPrefix;
    options.limit_bytes = kLimitBytes;
    options.limit = limit + kExtra;
    options.segment_bytes = kSegmentBytes;
    HINDSIGHT_ASSIGN(auto writer, ring::RingWriter::create(options, log));
    HINDSIGHT_TRY(writer->begin_epoch(writer->last_epoch() + 1, {action_stream()}));
    auto impl = std::make_unique<Impl>(ring_folder, std::move(writer), std::move(log));
    return std::unique_ptr<ActionRecorder>{new ActionRecorder{std::move(impl)}};
}

void ActionRecorder::set_limit(Duration limit) {
    impl_->ring->set_limits(kLimitBytes, limit + kExtra);
}

void ActionRecorder::add(const ipc::ActionBatch& batch) {
    for (const ipc::ActionValue& value : batch.values) {
        ActionRecord record;
        record.kind = ActionRecord::Kind::Value;
        record.t = MonoTime::from_ns(value.t_ns);
        record.action = value.action;
        record.x = value.x;
        record.y = value.y;
        if (record.t >= impl_->forgotten)
            impl_->add(record);
    }
}

void ActionRecorder::add(const ipc::HeldState& held) {
    impl_->held = held.actions;
    ActionRecord record;
    record.kind = ActionRecord::Kind::State;
    // What is held, and in which mode, counts on.
    record.t = std::max(MonoTime::from_ns(held.t_ns), impl_->forgotten);
    record.held = held.actions;
    impl_->add(record);
}

void ActionRecorder::add(const ipc::ModeChanged& mode) {
    ActionRecord record;
    record.kind = ActionRecord::Kind::Mode;
    record.t = std::max(MonoTime::from_ns(mode.t_ns), impl_->forgotten);
    if (!actions::parse_mode(mode.mode, record.mode))
        return;
    impl_->add(record);
}

void ActionRecorder::add_event(MonoTime t, const std::string& type, const std::string& label) {
    ActionRecord record;
    record.kind = ActionRecord::Kind::Event;
    record.t = t;
    record.event = type;
    record.label = label;
    impl_->add(record);
}

void ActionRecorder::clear() {
    impl_->ring->seal();
    impl_->ring->clear();
    impl_->segment_start.reset();
    impl_->held.clear();
}

void ActionRecorder::forget(MonoTime from, MonoTime now) {
    // What lies before `from` in the segments that go is written anew; each of them begins with
    // what was held.
    const std::vector<ActionRecord> before = impl_->records_before(from);
    impl_->ring->forget(from);
    impl_->segment_start.reset();
    for (const ActionRecord& record : before)
        impl_->add(record);
    impl_->ring->seal();
    impl_->segment_start.reset();
    impl_->forgotten = now;
}

namespace {

void for_each_action(const ActionSources& sources, const std::function<void(ActionRecord)>& each) {
    const ring::SegmentName in_file = read_action_file(sources.file, each);
    for (const fs::path& file : sources.segments) {
        const auto reader = ring::SegmentReader::open(file);
        if (!reader)
            continue;
        const ring::SegmentInfo& info = (*reader)->info();
        if (ring::SegmentName{info.epoch, info.number} <= in_file)
            continue;
        while (const auto stored = (*reader)->next())
            if (auto record = decode_action(stored->packet.data, stored->packet.capture_time))
                each(*std::move(record));
    }
}

void sort_by_time(std::vector<ActionRecord>& records) {
    const auto earlier = [](const ActionRecord& a, const ActionRecord& b) { return a.t < b.t; };
    // Mostly they are in order, and sorting takes half of their memory once more.
    if (!std::is_sorted(records.begin(), records.end(), earlier))
        std::stable_sort(records.begin(), records.end(), earlier);
}

}  // namespace

std::vector<ActionRecord> read_actions(const ActionSources& sources, MonoTime from, MonoTime to) {
    std::vector<ActionRecord> all;
    for_each_action(sources, [&](ActionRecord record) {
        if (record.t < to)
            all.push_back(std::move(record));
    });
    sort_by_time(all);
    // Everything from the last held state before the window on: the reader of the records finds
    // out from it what was held, and in which mode, when the window begins.
    auto begin = all.begin();
    for (auto at = all.begin(); at != all.end() && at->t < from; ++at)
        if (at->kind == ActionRecord::Kind::State)
            begin = at;
    std::optional<ActionRecord> mode;
    for (auto at = all.begin(); at != begin; ++at)
        if (at->kind == ActionRecord::Kind::Mode)
            mode = *at;
    all.erase(all.begin(), begin);
    std::erase_if(all, [&](const ActionRecord& record) {
        return record.t < from && record.kind == ActionRecord::Kind::Event;
    });
    if (mode)
        all.insert(all.begin(), *std::move(mode));
    return all;
}

std::vector<ActionRecord> read_events(const ActionSources& sources, MonoTime from, MonoTime to) {
    std::vector<ActionRecord> events;
    for_each_action(sources, [&](ActionRecord record) {
        if (record.kind == ActionRecord::Kind::Event && record.t >= from && record.t < to)
            events.push_back(std::move(record));
    });
    sort_by_time(events);
    return events;
}

}  // namespace hindsight::service
