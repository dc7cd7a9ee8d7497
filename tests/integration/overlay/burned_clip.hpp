#pragma once

// Clips to burn into, and pictures read back from what came out.

#include "coded_footage.hpp"
#include "log_builder.hpp"

#include <hindsight/core/file.hpp>
#include <hindsight/overlay/overlay.hpp>
#include <hindsight/render/burn_in.hpp>

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace hindsight::testing {

struct Colour {
    double y = 0;
    double u = 0;
    double v = 0;
};

/// Decoded 8-bit 4:2:0 pictures.
class Pictures {
public:
    Pictures(std::string raw, int width, int height)
        : raw_{std::move(raw)}, width_{width}, height_{height} {}

    [[nodiscard]] int count() const { return static_cast<int>(raw_.size() / bytes()); }

    [[nodiscard]] const std::uint8_t* picture(int k) const {
        return reinterpret_cast<const std::uint8_t*>(raw_.data()) +
               static_cast<std::size_t>(k) * bytes();
    }

    /// Mean of a block of 4 x 4 pixels round (x, y).
    [[nodiscard]] Colour at(int k, double x, double y) const {
        const int left = (static_cast<int>(std::lround(x)) - 2) & ~1;
        const int top = (static_cast<int>(std::lround(y)) - 2) & ~1;
        const std::uint8_t* luma = picture(k);
        const std::uint8_t* blue = luma + width_ * height_;
        const std::uint8_t* red = blue + width_ * height_ / 4;
        Colour sum;
        for (int j = 0; j < 4; ++j) {
            for (int i = 0; i < 4; ++i)
                sum.y += luma[(top + j) * width_ + left + i] / 16.0;
        }
        for (int j = 0; j < 2; ++j) {
            for (int i = 0; i < 2; ++i) {
                const int at = (top / 2 + j) * (width_ / 2) + left / 2 + i;
                sum.u += blue[at] / 4.0;
                sum.v += red[at] / 4.0;
            }
        }
        return sum;
    }

    [[nodiscard]] std::size_t bytes() const {
        return static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_) * 3 / 2;
    }

private:
    std::string raw_;
    int width_;
    int height_;
};

class BurnedClip : public ::testing::Test {
public:
    static constexpr int kWidth = 640;
    static constexpr int kHeight = 360;

    BurnedClip() {
        std::string name = "/dev/shm/hindsight-burn-test-XXXXXX";
        folder_ = ::mkdtemp(name.data());
    }

    ~BurnedClip() override {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    /// A clip of `picture` (an ffmpeg source) with a tone, at `name`.
    std::filesystem::path
    make_clip(const std::string& picture, int fps, double seconds, const char* name = "clip.mp4") {
        const std::string size = std::to_string(kWidth) + "x" + std::to_string(kHeight);
        const std::string length = std::to_string(seconds);
        const std::string separator = picture.find('=') == std::string::npos ? "=" : ":";
        std::filesystem::path clip = folder_ / name;
        (void)output_of(
            "ffmpeg -v error -y -f lavfi -i " + picture + separator + "s=" + size +
            ":r=" + std::to_string(fps) + " -f lavfi -i sine=440 -t " + length +
            " -c:v libx264 -preset ultrafast -crf 12 -bf 0 -g " + std::to_string(fps) +
            " -pix_fmt yuv420p -c:a aac '" + clip.string() + "'");
        return clip;
    }

    [[nodiscard]] std::filesystem::path
    make_script(const LogBuilder& log, overlay::OverlayOptions options = {}) const {
        options.width = kWidth;
        options.height = kHeight;
        const auto text = overlay::make_ass(log.log(), options);
        EXPECT_TRUE(text) << text.error().what;
        std::filesystem::path file = folder_ / "clip.ass";
        EXPECT_TRUE(write_file_atomically(file, text.value_or("")));
        return file;
    }

    [[nodiscard]] render::BurnInRequest request(const std::filesystem::path& clip) const {
        render::BurnInRequest request;
        request.clip = clip;
        request.ass = read_text_file(folder_ / "clip.ass", 1u << 30).value_or("");
        request.target = folder_ / "clip.overlay.mp4";
        return request;
    }

    static Result<render::BurnInResult>
    burn(const render::BurnInRequest& request, const std::stop_token& stop = {}) {
        return render::burn_in(request, stop, {}, Log{"test"});
    }

    [[nodiscard]] static Pictures
    decode(const std::filesystem::path& clip, const std::string& filter = "null") {
        return {
            output_of(
                "ffmpeg -v error -xerror -i 'file:" + clip.string() + "' -map 0:v:0 -vf '" +
                filter + "' -fps_mode passthrough -f rawvideo -pix_fmt yuv420p -"),
            kWidth,
            kHeight};
    }

    std::filesystem::path folder_;
};

}  // namespace hindsight::testing
