#pragma once

// Pictures through x264 and back.

#include "pattern/media_decoder.hpp"
#include "strip/strip.hpp"

#include <hindsight/core/result.hpp>

#include <functional>
#include <vector>

namespace hindsight::arena {

/// As recorders make it: 16 is black, 235 is white.
[[nodiscard]] std::vector<std::uint8_t> luma_of(const Canvas& canvas);

class CodedPictures {
public:
    using Take = std::function<void(const test::Luma&)>;

    /// Errors: Unsupported, Corrupt (with FFmpeg's reason).
    static Result<CodedPictures> open(int width, int height, int fps, int bits_per_second);

    /// One more picture, null at the end; `take` gets those that have come through.
    Result<> feed(const Canvas* canvas, const Take& take);

    [[nodiscard]] std::size_t bytes() const { return bytes_; }

private:
    CodedPictures(test::AvCodecContext encoder, test::MediaDecoder decoder)
        : encoder_{std::move(encoder)}, decoder_{std::move(decoder)} {}

    test::AvCodecContext encoder_;
    test::MediaDecoder decoder_;
    std::int64_t next_ = 0;
    std::size_t bytes_ = 0;
};

}  // namespace hindsight::arena
