#pragma once

// The one form in which packets lie in the ring: that of ISO/IEC 14496-12 and -15 samples, which is
// what MP4 stores. Encoders write H.264 and HEVC as units behind start codes (Annex B); changing
// that as each packet comes costs nothing one could measure, and a save only copies.

#include <hindsight/core/stream.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace hindsight {

/// The units between start codes, without trailing zeros; empty when there is no start code.
[[nodiscard]] std::vector<std::span<const std::byte>>
annex_b_units(std::span<const std::byte> data);

/// Parameter sets as encoders write them, and not as MP4 describes them (avcC and hvcC begin with
/// their version, 1).
[[nodiscard]] bool is_annex_b(const StreamInfo& info);

/// Turns an encoder's packets into samples. Keeps one buffer: no allocation once it has grown.
class SampleWriter {
public:
    /// For a stream with this codec and extradata.
    explicit SampleWriter(const StreamInfo& info);

    /// H.264 and HEVC: each unit behind its length in 4 bytes, big-endian, without start codes and
    /// trailing zeros. AV1: without the temporal delimiter that starts it. Everything else, and
    /// what the encoder writes like that already: as it is. Valid until the next call, and no
    /// longer than `packet`.
    [[nodiscard]] std::span<const std::byte> sample(std::span<const std::byte> packet);

private:
    enum class Form { Sample, AnnexB, Av1 };

    void append(std::span<const std::byte> unit);

    Form form_;
    std::vector<std::byte> buffer_;
};

}  // namespace hindsight
