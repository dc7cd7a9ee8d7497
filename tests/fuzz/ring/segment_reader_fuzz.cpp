// Any bytes may lie in a segment file. The reader must neither crash nor give out memory that is
// not the file's. Each input is read twice: as it is, and with its checksums made right, because
// those would keep the fuzzer out of all that comes behind them.

#include "segment_format.hpp"

#include <hindsight/ring/segment_reader.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

namespace {

using namespace hindsight;
using namespace hindsight::ring;
using Bytes = std::vector<std::byte>;

void read_all(const Bytes& bytes) {
    static const std::string name = "/dev/shm/hindsight-fuzz-" + std::to_string(::getpid());
    std::ofstream{name, std::ios::binary}.write(
        reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    auto reader = SegmentReader::open(name);
    ::unlink(name.c_str());
    if (!reader)
        return;
    std::uint32_t sum = 0;
    std::size_t packets = 0;
    while (const auto stored = (*reader)->next()) {
        sum = crc32c(stored->packet.data, sum);  // touches every byte that was given out
        if (stored->packet.stream >= (*reader)->info().streams.size() || ++packets > bytes.size())
            std::abort();
    }
    (*reader)->rewind();
    while ((*reader)->next())
        --packets;
    if (packets != 0)
        std::abort();
}

template <class T>
std::uint32_t crc_of_head(const T& header) {
    return crc32c(std::as_bytes(std::span{&header, 1}).first(offsetof(T, header_crc)));
}

/// Makes the checksums right, as far as the lengths make sense.
Bytes mended(Bytes bytes) {
    SegmentHeader header{};
    if (bytes.size() < sizeof header)
        return bytes;
    std::memcpy(&header, bytes.data(), sizeof header);
    header.magic = kSegmentMagic;
    header.version = kSegmentVersion;
    header.table_bytes =
        std::min<std::uint32_t>(header.table_bytes, static_cast<std::uint32_t>(bytes.size()) - 64);
    header.records_at =
        static_cast<std::uint32_t>(align_record(sizeof header + header.table_bytes));
    header.table_crc = crc32c(std::span{bytes}.subspan(sizeof header, header.table_bytes));
    header.header_crc = crc_of_head(header);
    std::memcpy(bytes.data(), &header, sizeof header);

    std::uint64_t at = header.records_at;
    while (at + sizeof(RecordHeader) <= bytes.size()) {
        RecordHeader record{};
        std::memcpy(&record, bytes.data() + at, sizeof record);
        record.magic = kRecordMagic;
        const std::uint64_t room = bytes.size() - at - sizeof record;
        if (record.payload_bytes <= room)
            record.payload_crc =
                crc32c(std::span{bytes}.subspan(at + sizeof record, record.payload_bytes));
        record.header_crc = crc_of_head(record);
        std::memcpy(bytes.data() + at, &record, sizeof record);
        at += record_bytes(record.payload_bytes);
    }
    return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto* begin = reinterpret_cast<const std::byte*>(data);
    const Bytes bytes{begin, begin + size};
    read_all(bytes);
    read_all(mended(bytes));
    return 0;
}
