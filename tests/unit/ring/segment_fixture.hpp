#pragma once

// A segment spelled out byte by byte, after docs/ring-format.md and not with the writer's code.

#include <hindsight/core/stream.hpp>

#include <cstdint>
#include <span>
#include <string>

namespace hindsight::ring::testing {

inline void put_number(std::string& out, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i)
        out += static_cast<char>(value >> (8 * i) & 0xff);
}

inline std::uint32_t crc_of(const std::string& bytes) {
    return crc32c(std::as_bytes(std::span{bytes}));
}

/// Epoch 7, number 3, sealed; one video stream; one keyframe "123456789".
inline std::string documented_segment() {
    std::string table;
    put_number(table, 1, 4);  // video
    put_number(table, 4, 4);
    table += "h264";
    put_number(table, 0, 4);  // no name
    put_number(table, 1, 4);  // time base
    put_number(table, 60, 4);
    put_number(table, 2, 4);
    table += "\xab\xcd";  // extradata
    for (const unsigned value : {640u, 360u, 60u, 1u, 0u, 0u, 0u})
        put_number(table, value, 4);

    std::string record{"PCK1"};
    put_number(record, 9, 4);
    put_number(record, 0, 4);      // stream
    put_number(record, 1, 4);      // keyframe
    put_number(record, 5, 8);      // pts
    put_number(record, 4, 8);      // dts
    put_number(record, 1'000, 8);  // capture time
    put_number(record, 0xE3069283, 4);
    put_number(record, crc_of(record), 4);
    record += "123456789";
    record.resize(64);

    const std::size_t records_at = (64 + table.size() + 7) / 8 * 8;
    std::string file{"HSSEG\r\n\x1a"};
    put_number(file, 2, 4);  // version
    put_number(file, records_at, 4);
    put_number(file, 7, 8);
    put_number(file, 3, 8);
    put_number(file, 1, 4);
    put_number(file, table.size(), 4);
    put_number(file, crc_of(table), 4);
    put_number(file, crc_of(file), 4);
    put_number(file, records_at + record.size(), 8);
    put_number(file, 1, 4);  // sealed
    put_number(file, 0, 4);
    file += table;
    file.resize(records_at);
    return file + record;
}

}  // namespace hindsight::ring::testing
