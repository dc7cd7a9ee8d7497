#include "segment_format.hpp"

#include <cinttypes>
#include <cstdio>
#include <cstring>

namespace hindsight::ring {

namespace {

template <class T>
std::span<const std::byte> bytes_of(const T& value) {
    return std::as_bytes(std::span{&value, 1});
}

class TableWriter {
public:
    template <class T>
    void number(T value) {
        const auto bytes = bytes_of(value);
        table_.insert(table_.end(), bytes.begin(), bytes.end());
    }

    void blob(std::span<const std::byte> bytes) {
        number(static_cast<std::uint32_t>(bytes.size()));
        table_.insert(table_.end(), bytes.begin(), bytes.end());
    }

    void text(const std::string& value) { blob(std::as_bytes(std::span{value})); }

    std::vector<std::byte> take() { return std::move(table_); }

private:
    std::vector<std::byte> table_;
};

/// Every read checks its bounds; one failure makes all later ones fail.
class TableReader {
public:
    explicit TableReader(std::span<const std::byte> table) : rest_{table} {}

    template <class T>
    T number() {
        T value{};
        if (rest_.size() < sizeof value) {
            ok_ = false;
            rest_ = {};
            return value;
        }
        std::memcpy(&value, rest_.data(), sizeof value);
        rest_ = rest_.subspan(sizeof value);
        return value;
    }

    std::span<const std::byte> blob() {
        const auto size = number<std::uint32_t>();
        if (size > rest_.size()) {
            ok_ = false;
            rest_ = {};
            return {};
        }
        const auto bytes = rest_.first(size);
        rest_ = rest_.subspan(size);
        return bytes;
    }

    std::string text() {
        const auto bytes = blob();
        std::string value(bytes.size(), '\0');
        if (!bytes.empty())
            std::memcpy(value.data(), bytes.data(), bytes.size());
        return value;
    }

    [[nodiscard]] bool ok() const { return ok_; }

    [[nodiscard]] bool at_end() const { return rest_.empty(); }

private:
    std::span<const std::byte> rest_;
    bool ok_ = true;
};

void write_stream(TableWriter& out, const StreamInfo& stream) {
    out.number(static_cast<std::uint32_t>(stream.kind));
    out.text(stream.codec);
    out.text(stream.name);
    out.number(stream.time_base.num);
    out.number(stream.time_base.den);
    out.blob(stream.extradata);
    out.number(stream.width);
    out.number(stream.height);
    out.number(stream.frame_rate.num);
    out.number(stream.frame_rate.den);
    out.number(stream.sample_rate);
    out.number(stream.channels);
    out.number(stream.frame_samples);
}

bool is_positive(Rational r) {
    return r.num > 0 && r.den > 0;
}

bool read_stream(TableReader& in, StreamInfo& stream) {
    const auto kind = in.number<std::uint32_t>();
    if (kind < 1 || kind > 3)
        return false;
    stream.kind = static_cast<StreamKind>(kind);
    stream.codec = in.text();
    stream.name = in.text();
    stream.time_base.num = in.number<std::int32_t>();
    stream.time_base.den = in.number<std::int32_t>();
    const auto extradata = in.blob();
    stream.extradata.assign(extradata.begin(), extradata.end());
    stream.width = in.number<std::int32_t>();
    stream.height = in.number<std::int32_t>();
    stream.frame_rate.num = in.number<std::int32_t>();
    stream.frame_rate.den = in.number<std::int32_t>();
    stream.sample_rate = in.number<std::int32_t>();
    stream.channels = in.number<std::int32_t>();
    stream.frame_samples = in.number<std::int32_t>();
    return in.ok() && is_positive(stream.time_base);
}

template <class T>
std::uint32_t crc_of_head(const T& header) {
    return crc32c(bytes_of(header).first(offsetof(T, header_crc)));
}

tl::unexpected<Error> corrupt(const char* what) {
    return fail(Errc::Corrupt, std::string{"a ring segment is damaged: "} + what);
}

}  // namespace

Result<std::vector<std::byte>>
encode_header(std::uint64_t epoch, std::uint64_t number, std::span<const StreamInfo> streams) {
    if (streams.empty() || streams.size() > kMaxStreams)
        return fail(Errc::InvalidArgument, "a ring epoch needs between 1 and 16 streams");
    TableWriter writer;
    for (const StreamInfo& stream : streams) {
        if (!is_positive(stream.time_base))
            return fail(Errc::InvalidArgument, "a ring stream has no time base");
        write_stream(writer, stream);
    }
    const std::vector<std::byte> table = writer.take();
    if (table.size() > kMaxTableBytes)
        return fail(Errc::InvalidArgument, "the stream descriptions are too large for the ring");

    SegmentHeader header{};
    header.magic = kSegmentMagic;
    header.version = kSegmentVersion;
    header.records_at = static_cast<std::uint32_t>(align_record(sizeof header + table.size()));
    header.epoch = epoch;
    header.number = number;
    header.stream_count = static_cast<std::uint32_t>(streams.size());
    header.table_bytes = static_cast<std::uint32_t>(table.size());
    header.table_crc = crc32c(table);
    header.header_crc = crc_of_head(header);
    header.committed = header.records_at;

    std::vector<std::byte> bytes(header.records_at);
    std::memcpy(bytes.data(), &header, sizeof header);
    std::memcpy(bytes.data() + sizeof header, table.data(), table.size());
    return bytes;
}

void patch_number(std::span<std::byte> header, std::uint64_t number) {
    SegmentHeader fixed{};
    HINDSIGHT_CHECK(header.size() >= sizeof fixed);
    std::memcpy(&fixed, header.data(), sizeof fixed);
    fixed.number = number;
    fixed.header_crc = crc_of_head(fixed);
    std::memcpy(header.data(), &fixed, sizeof fixed);
}

Result<DecodedHeader> decode_header(std::span<const std::byte> file) {
    SegmentHeader header{};
    if (file.size() < sizeof header)
        return corrupt("it is too short");
    std::memcpy(&header, file.data(), sizeof header);
    if (header.magic != kSegmentMagic)
        return corrupt("it is no segment");
    if (header.version != kSegmentVersion)
        return fail(Errc::Corrupt, "a ring segment is of a version that this program cannot read");
    if (header.header_crc != crc_of_head(header))
        return corrupt("its header does not match its checksum");
    if (header.table_bytes > kMaxTableBytes ||
        header.records_at != align_record(sizeof header + header.table_bytes) ||
        header.records_at > file.size())
        return corrupt("its header does not fit the file");
    const auto table = file.subspan(sizeof header, header.table_bytes);
    if (header.table_crc != crc32c(table))
        return corrupt("its stream table does not match its checksum");
    if (header.stream_count == 0 || header.stream_count > kMaxStreams)
        return corrupt("its stream count is out of range");

    DecodedHeader decoded{header.epoch, header.number, header.records_at, {}};
    TableReader reader{table};
    decoded.streams.resize(header.stream_count);
    for (StreamInfo& stream : decoded.streams) {
        if (!read_stream(reader, stream))
            return corrupt("its stream table is not well-formed");
    }
    if (!reader.at_end())
        return corrupt("its stream table is not well-formed");
    return decoded;
}

std::optional<RecordHeader> decode_record(
    std::span<const std::byte> file,
    std::uint64_t offset,
    std::uint64_t committed,
    std::size_t stream_count) {
    RecordHeader record{};
    if (committed > file.size() || offset > committed || committed - offset < sizeof record)
        return std::nullopt;
    std::memcpy(&record, file.data() + offset, sizeof record);
    const bool sound = record.magic == kRecordMagic && record.header_crc == crc_of_head(record) &&
                       record.stream < stream_count && record.payload_bytes <= kMaxPayloadBytes &&
                       record_bytes(record.payload_bytes) <= committed - offset;
    if (!sound)
        return std::nullopt;
    return record;
}

SegmentFileName segment_file_name(std::string_view prefix, SegmentName name) {
    SegmentFileName result{};
    const int length = std::snprintf(
        result.text,
        sizeof result.text,
        "%.*s-%020" PRIu64 "-%010" PRIu64 ".hsseg",
        static_cast<int>(prefix.size()),
        prefix.data(),
        name.epoch,
        name.number);
    HINDSIGHT_CHECK(length > 0 && static_cast<std::size_t>(length) < sizeof result.text);
    return result;
}

std::optional<SegmentName>
parse_segment_file_name(std::string_view prefix, std::string_view file_name) {
    if (!file_name.starts_with(prefix))
        return std::nullopt;
    // Parse leniently, then demand that writing the name again gives the same bytes.
    const std::string rest{file_name.substr(prefix.size())};
    SegmentName name;
    if (std::sscanf(rest.c_str(), "-%20" SCNu64 "-%10" SCNu64, &name.epoch, &name.number) != 2)
        return std::nullopt;
    if (segment_file_name(prefix, name).text != file_name)
        return std::nullopt;
    return name;
}

}  // namespace hindsight::ring
