#include "theme/theme.hpp"

#include <gtest/gtest.h>

#include <QDir>

namespace hindsight::ui {
namespace {

class ThemeContrast : public testing::TestWithParam<bool> {};

TEST_P(ThemeContrast, TextReadsOnEverySurface) {
    const Tokens t = load_tokens(GetParam());
    for (const QColor& surface : {t.bg, t.surface1, t.surface2}) {
        EXPECT_GE(contrast(t.text, surface), 7.0);
        EXPECT_GE(contrast(t.text2, surface), 4.5);
        EXPECT_GE(contrast(t.text3, surface), 4.5);
        EXPECT_GE(contrast(t.border, surface), 3.0) << "edges of controls";
        EXPECT_GE(contrast(t.accent_text, surface), 4.5);
        EXPECT_GE(contrast(t.error, surface), 4.5);
    }
    EXPECT_GE(contrast(t.text, t.surface3), 4.5);
    EXPECT_GE(contrast(t.on_accent, t.accent), 4.5);
    EXPECT_GE(contrast(t.accent_text, t.accent_soft), 4.5);
    EXPECT_GE(contrast(t.text, t.error_soft), 4.5);
    EXPECT_GE(contrast(t.focus, t.bg), 3.0);
    for (const char* event : {"kill", "death", "goal", "achievement", "round", "marker"})
        EXPECT_GE(contrast(t.event(event), t.surface2), 4.5) << event;
}

INSTANTIATE_TEST_SUITE_P(DarkAndLight, ThemeContrast, testing::Values(true, false));

TEST(Theme, BlackOnWhiteIsTwentyOne) {
    EXPECT_NEAR(contrast(Qt::black, Qt::white), 21, 0.01);
}

TEST(Theme, EveryIconTakesTheColourItIsAskedFor) {
    const Theme theme;
    const QColor wanted{200, 30, 60};
    const QDir icons{":/hindsight/icons"};
    ASSERT_GT(icons.entryList().size(), 80);
    for (const QString& file : icons.entryList()) {
        const QImage image = theme.icon(file.chopped(4), 24, wanted)
                                 .toImage()
                                 .convertToFormat(QImage::Format_ARGB32);
        int covered = 0;  // thin strokes cover few pixels wholly
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                if (image.pixelColor(x, y).alpha() > 128) {
                    ++covered;
                    EXPECT_NEAR(image.pixelColor(x, y).red(), wanted.red(), 2)
                        << file.toStdString();
                }
        EXPECT_GT(covered, 5) << file.toStdString();
    }
}

TEST(Theme, TrayShapesDiffer) {
    const Theme theme;
    QList<QImage> shapes;
    for (const char* name : {"idle", "buffering", "saving", "error", "paused"}) {
        const QImage shape = theme.glyph(name, 16, Qt::white).toImage();
        EXPECT_FALSE(shapes.contains(shape)) << name;
        shapes << shape;
    }
}

TEST(Theme, ChoosingAnotherThemeRepaintsAndRestyles) {
    Theme theme;
    int changes = 0;
    QObject::connect(&theme, &Theme::changed, [&changes] { ++changes; });
    theme.choose(Theme::Choice::Light);
    EXPECT_FALSE(theme.t().dark);
    theme.choose(Theme::Choice::Light);
    EXPECT_EQ(changes, 1);
}

}  // namespace
}  // namespace hindsight::ui
