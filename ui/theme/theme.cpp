#include "theme.hpp"

#include "style_sheet.hpp"

#include <hindsight/core/paths.hpp>

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVariant>
#include <QDir>
#include <QFile>
#include <QFontDatabase>
#include <QPainter>
#include <QSvgRenderer>

namespace hindsight::ui {

namespace {

constexpr const char* kPortal = "org.freedesktop.portal.Desktop";
constexpr const char* kPortalPath = "/org/freedesktop/portal/desktop";
constexpr const char* kPortalSettings = "org.freedesktop.portal.Settings";
constexpr const char* kAppearance = "org.freedesktop.appearance";

/// 1 prefers dark, 2 prefers light, 0 no preference, -1 nobody answers.
int portal_colour_scheme() {
    QDBusMessage call =
        QDBusMessage::createMethodCall(kPortal, kPortalPath, kPortalSettings, "Read");
    call << kAppearance << "color-scheme";
    call.setAutoStartService(false);
    const QDBusMessage answer = QDBusConnection::sessionBus().call(call, QDBus::Block, 500);
    if (answer.type() != QDBusMessage::ReplyMessage || answer.arguments().isEmpty())
        return -1;
    QVariant value = answer.arguments().constFirst();
    while (value.canConvert<QDBusVariant>())
        value = value.value<QDBusVariant>().variant();
    return value.toInt();
}

}  // namespace

Theme::Theme(QObject* parent) : QObject{parent}, system_palette_{QApplication::palette()} {
    init_resources();
    load_fonts();
    tokens_ = load_tokens(true);
    apply();
}

Theme::Choice Theme::choice_from_name(const QString& name) {
    if (name == "light")
        return Choice::Light;
    return name == "auto" ? Choice::Auto : Choice::Dark;
}

void Theme::choose(Choice choice) {
    choice_ = choice;
    if (choice == Choice::Auto)
        QDBusConnection::sessionBus().connect(
            kPortal,
            kPortalPath,
            kPortalSettings,
            "SettingChanged",
            this,
            SLOT(portal_setting_changed(QString, QString)));
    const bool dark = choice == Choice::Dark || (choice == Choice::Auto && desktop_is_dark());
    if (dark == tokens_.dark)
        return;
    tokens_ = load_tokens(dark);
    apply();
    emit changed();
}

void Theme::portal_setting_changed(const QString& group, const QString& key) {
    if (group == kAppearance && key == "color-scheme")
        choose(choice_);
}

bool Theme::desktop_is_dark() const {
    const int scheme = portal_colour_scheme();
    if (scheme == 1 || scheme == 2)
        return scheme == 1;
    return system_palette_.color(QPalette::Window).lightness() < 128;
}

void Theme::load_fonts() {
    const QDir folder{QString::fromStdString((paths::shipped_data_dir() / "fonts").string())};
    const auto files = folder.entryList({"*.otf", "*.ttf"}, QDir::Files);
    for (const QString& file : files)
        QFontDatabase::addApplicationFont(folder.filePath(file));
}

QFont Theme::font(int px, int weight) const {
    QFont font;
    font.setFamilies({"Inter", "Noto Sans", "DejaVu Sans"});
    font.setPixelSize(px);
    font.setWeight(static_cast<QFont::Weight>(weight));
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

void Theme::apply() {
    const Tokens& t = tokens_;
    QPalette palette;
    palette.setColor(QPalette::Window, t.bg);
    palette.setColor(QPalette::WindowText, t.text);
    palette.setColor(QPalette::Base, t.surface1);
    palette.setColor(QPalette::AlternateBase, t.surface2);
    palette.setColor(QPalette::Text, t.text);
    palette.setColor(QPalette::PlaceholderText, t.text3);
    palette.setColor(QPalette::Button, t.surface3);
    palette.setColor(QPalette::ButtonText, t.text);
    palette.setColor(QPalette::Highlight, t.accent);
    palette.setColor(QPalette::HighlightedText, t.on_accent);
    palette.setColor(QPalette::ToolTipBase, t.surface2);
    palette.setColor(QPalette::ToolTipText, t.text);
    palette.setColor(QPalette::Disabled, QPalette::Text, t.text3);
    palette.setColor(QPalette::Disabled, QPalette::WindowText, t.text3);
    QApplication::setPalette(palette);
    QApplication::setFont(font(14));
    if (auto* app = qobject_cast<QApplication*>(QCoreApplication::instance()))
        app->setStyleSheet(style_sheet(t));
}

QPixmap Theme::icon(const QString& name, int size, const QColor& colour, qreal dpr) const {
    return render(":/hindsight/icons/" + name + ".svg", size, colour, dpr);
}

QPixmap Theme::glyph(const QString& state, int size, const QColor& colour, qreal dpr) const {
    return render(":/hindsight/tray/hindsight-" + state + "-symbolic.svg", size, colour, dpr);
}

QPixmap Theme::render(const QString& path, int size, const QColor& colour, qreal dpr) const {
    const QString key = QString{"%1|%2|%3|%4"}.arg(path).arg(size).arg(colour.rgba()).arg(dpr);
    if (const auto found = cache_.constFind(key); found != cache_.constEnd())
        return *found;
    QFile file{path};
    QPixmap pixmap{QSize{size, size} * dpr};
    pixmap.setDevicePixelRatio(dpr);
    pixmap.fill(Qt::transparent);
    if (file.open(QIODevice::ReadOnly)) {
        QByteArray svg = file.readAll();
        const QByteArray hex = colour.name().toLatin1();
        svg.replace("currentColor", hex);
        svg.replace("#232629", hex);
        QSvgRenderer renderer{svg};
        QPainter painter{&pixmap};
        painter.setOpacity(colour.alphaF());
        renderer.render(&painter, QRectF{0, 0, qreal(size), qreal(size)});
    }
    cache_.insert(key, pixmap);
    return pixmap;
}

}  // namespace hindsight::ui
