#pragma once

// Footage of any length from a short real encoding: its GOPs come again and again, each packet at
// its own time, and each video packet with its number inside, so that no two of them are equal.

#include "coded_footage.hpp"

#include <hindsight/core/mp4_sample.hpp>

#include <cstdint>
#include <vector>

namespace hindsight::testing {

class RepeatedFootage {
public:
    /// Encodes `options.frames` frames, a multiple of `options.gop`, with one audio track at most.
    /// Throws when that is not so or an encoder is missing.
    explicit RepeatedFootage(const FootageOptions& options);

    [[nodiscard]] const std::vector<StreamInfo>& streams() const { return streams_; }

    /// Packet `number` of the stream (0 video, 1 audio), from 0 without end, as an encoder gives
    /// it. Its data lives until the next call for that stream.
    [[nodiscard]] Packet packet(std::uint32_t stream, std::int64_t number);

    /// The packets of all streams one after the other by time, video first among equals, as they
    /// lie in the ring.
    [[nodiscard]] Packet next();

    /// How many packets of the stream next() has given.
    [[nodiscard]] std::int64_t given(std::uint32_t stream) const { return given_[stream]; }

private:
    [[nodiscard]] MonoTime time_of(std::uint32_t stream, std::int64_t number) const;
    [[nodiscard]] std::int64_t ticks_per_packet(std::uint32_t stream) const;

    MonoTime start_;
    std::vector<StreamInfo> streams_;
    std::vector<std::vector<CodedFootage::Coded>> clip_;  ///< by stream
    std::vector<SampleWriter> samples_;
    std::vector<std::int64_t> given_;
    std::vector<std::byte> numbered_;  ///< the video packet given last
};

}  // namespace hindsight::testing
