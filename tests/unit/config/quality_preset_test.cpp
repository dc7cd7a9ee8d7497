#include <hindsight/config/quality_preset.hpp>

#include <gtest/gtest.h>

namespace hindsight::config {
namespace {

TEST(QualityPreset, CustomLeavesTheSettingsAlone) {
    Config::Recording mine;
    mine.fps = 37;
    mine.max_width = 1000;
    EXPECT_EQ(with_preset(mine), mine);
}

TEST(QualityPreset, EveryValueOfTheSettingButCustomIsOne) {
    Config config;
    for (const QualityPreset& preset : quality_presets()) {
        EXPECT_TRUE(set(config, "recording.quality_preset", preset.name)) << preset.name;
        EXPECT_EQ(find_quality_preset(preset.name), &preset);
    }
    EXPECT_EQ(find_quality_preset("custom"), nullptr);
}

TEST(QualityPreset, DecidesSizeRateAndQuality) {
    Config::Recording mine;
    mine.quality_preset = "720p30";
    const Config::Recording used = with_preset(mine);
    EXPECT_EQ(used.max_width, 1280);
    EXPECT_EQ(used.max_height, 720);
    EXPECT_EQ(used.fps, 30);
    EXPECT_EQ(used.quality, 23);
}

TEST(QualityPreset, MatchKeepsTheRateAndNeverScales) {
    Config::Recording mine;
    mine.quality_preset = "match";
    mine.fps = 144;
    const Config::Recording used = with_preset(mine);
    EXPECT_EQ(used.fps, 144);
    EXPECT_GE(used.max_width, 7680);
}

TEST(QualityPreset, AMinuteAtABitRateIsThatBitRate) {
    Config::Recording mine;
    mine.bitrate_kbps = 8'000;
    const auto bytes = expected_bytes_per_minute(*find_quality_preset("1080p60"), mine);
    EXPECT_GT(bytes, 60'000'000u);
    EXPECT_LT(bytes, 63'000'000u);
}

}  // namespace
}  // namespace hindsight::config
