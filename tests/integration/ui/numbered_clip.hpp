#pragma once

// A clip that tells which of its frames is shown, and an overlay that tells whether it is drawn.

#include "desktop.hpp"
#include "player/mpv_player.hpp"

#include <gtest/gtest.h>

#include <QImage>
#include <filesystem>

namespace hindsight::ui::test {

/// A clip whose pictures say their own number: eight bars, white for 1, black for 0, lowest bit
/// left. Keyframes every second, no B-frames, as the recorder writes them.
inline std::filesystem::path numbered_clip() {
    const std::filesystem::path file = desktop().root() / "numbered.mp4";
    const auto made = desktop().run(
        {"ffmpeg",
         "-v",
         "error",
         "-y",
         "-f",
         "lavfi",
         "-i",
         "color=black:s=640x360:r=60:d=3,geq=lum='255*mod(floor(N/pow(2,floor(X/80))),2)':cb=128:"
         "cr=128",
         "-c:v",
         "libx264",
         "-preset",
         "ultrafast",
         "-g",
         "60",
         "-bf",
         "0",
         "-pix_fmt",
         "yuv420p",
         file.string()},
        hindsight::test::kPatience,
        {},
        "ffmpeg");
    EXPECT_TRUE(made) << made.error().what;
    return file;
}

/// A green plate in the lower left corner during the whole clip.
inline std::filesystem::path overlay_file() {
    const std::filesystem::path file = desktop().root() / "numbered.ass";
    const auto written = hindsight::test::write_text(
        file,
        "[Script Info]\nScriptType: v4.00+\nPlayResX: 640\nPlayResY: 360\nYCbCr Matrix: None\n\n"
        "[V4+ Styles]\nFormat: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, BackColour, "
        "BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding\n"
        "Style: Key,Inter,20,&H0000FF00,&H00000000,&H00000000,1,0,0,7,0,0,0,1\n\n"
        "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, "
        "Text\n"
        "Dialogue: 0,0:00:00.00,0:00:10.00,Key,,0,0,0,,{\\pos(0,300)\\p1}m 0 0 l 120 0 120 60 0 "
        "60\n");
    EXPECT_TRUE(written);
    return file;
}

/// What the player shows now, 640x360.
inline QImage picture_of(MpvPlayer& player) {
    QImage image{640, 360, QImage::Format_RGB32};
    player.render(image, true);
    return image;
}

/// The frame that the picture says it is.
inline int number_in(const QImage& image) {
    int number = 0;
    for (int bit = 0; bit < 8; ++bit)
        if (image.pixelColor(bit * 80 + 40, 100).lightness() > 128)
            number |= 1 << bit;
    return number;
}

inline bool shows_overlay(const QImage& image) {
    const QColor colour = image.pixelColor(60, 330);
    return colour.green() > 200 && colour.red() < 80;
}

}  // namespace hindsight::ui::test
