// hindsight: the tray icon, the library and the player.

#include "app/app.hpp"
#include "app/single_instance.hpp"

#include <hindsight/core/log.hpp>
#include <hindsight/core/paths.hpp>
#include <hindsight/dbus/end_signals.hpp>
#include <hindsight/dbus/service_client.hpp>
#include <hindsight/library/library.hpp>

#include <QApplication>
#include <QCommandLineParser>
#include <QFileInfo>
#include <clocale>
#include <cstdio>

namespace {

using namespace hindsight;

ui::App::Options parse(const QApplication& app) {
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QCoreApplication::translate("main", "The recorder that is already running."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption tray{
        "tray", QCoreApplication::translate("main", "Start hidden, with only the tray icon.")};
    const QCommandLineOption clip{
        "clip",
        QCoreApplication::translate("main", "Open this clip in the player."),
        QCoreApplication::translate("main", "id or file")};
    parser.addOption(tray);
    parser.addOption(clip);
    parser.process(app);
    // A running window has another working directory.
    const QFileInfo file{parser.value(clip)};
    const bool is_file = parser.isSet(clip) && file.isFile();
    return {
        .hidden = parser.isSet(tray),
        .clip = is_file ? file.absoluteFilePath() : parser.value(clip)};
}

int run(QApplication& app) {
    const ui::App::Options options = parse(app);
    const auto bus = dbus::session_bus();
    if (!bus) {
        std::fprintf(stderr, "hindsight: %s\n", bus.error().what.c_str());
        return 1;
    }
    ui::SingleInstance instance{*bus};
    if (!instance.take())
        return instance.hand_over(options.clip) ? 0 : 1;
    log_init({.program = "hindsight", .folder = paths::state_dir()});
    ui::App hindsight{*bus, [] { return library::open_reader(library::default_file()); }};
    QObject::connect(
        &instance, &ui::SingleInstance::shown, &hindsight, [&hindsight](const QString& clip) {
            hindsight.show(clip);
        });
    // As "Quit" in the tray: what was begun in a terminal ends with it.
    const dbus::EndSignals end_signals{[&hindsight] { hindsight.quit(); }};
    hindsight.start(options);
    return QApplication::exec();
}

}  // namespace

int main(int argc, char** argv) {
    QApplication app{argc, argv};
    // Qt takes the locale of the environment; libmpv insists on decimal points.
    std::setlocale(LC_NUMERIC, "C");
    QApplication::setApplicationName("hindsight");
    QApplication::setApplicationDisplayName("Hindsight");
    QApplication::setApplicationVersion(HINDSIGHT_VERSION);
    QApplication::setDesktopFileName("io.github.hindsight.Hindsight");
    QApplication::setQuitOnLastWindowClosed(false);
    QApplication::setStyle("Fusion");
    return run(app);
}
