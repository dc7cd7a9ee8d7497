// What a clip can undergo: trash with undo, a new name, its place in the file manager.

#include "clip_text.hpp"
#include "library_page.hpp"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDesktopServices>
#include <QDialog>
#include <QHBoxLayout>
#include <QUrl>
#include <QVBoxLayout>

namespace hindsight::ui {

void LibraryPage::trash(const QList<Clip>& clips) {
    if (clips.isEmpty())
        return;
    QStringList ids;
    for (const Clip& clip : clips) {
        ids << QString::fromStdString(clip.id);
        recorder_.tell(recorder_.service().remove(clip.id));
    }
    view_->clearSelection();
    toast_.offer(
        clips.size() == 1 ? tr("“%1” moved to the trash").arg(clip_title(clips.constFirst()))
                          : tr("%1 clips moved to the trash").arg(clips.size()),
        tr("Undo"),
        [this, ids] {
            for (const QString& id : ids)
                recorder_.tell(recorder_.service().restore(id.toStdString()));
        });
}

void LibraryPage::rename(const Clip& clip) {
    // `clip` may be what the player shows, and that can be another one before the dialog closes.
    const std::string id = clip.id;
    QDialog dialog{window()};
    dialog.setWindowTitle(tr("Rename clip"));
    auto* column = new QVBoxLayout{&dialog};
    column->setContentsMargins(24, 20, 24, 20);
    column->setSpacing(12);
    auto* title = new Text{theme_, tr("Name of the clip"), 14, QFont::Medium, &Tokens::text};
    auto* field = new QLineEdit{clip_title(clip)};
    field->setAccessibleName(title->text());
    field->setMaxLength(200);
    field->setMinimumWidth(400);
    field->selectAll();
    auto* buttons = new QHBoxLayout;
    auto* cancel = new Button{theme_, Button::Kind::Secondary, tr("Cancel")};
    auto* rename = new Button{theme_, Button::Kind::Primary, tr("Rename")};
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(rename);
    column->addWidget(title);
    column->addWidget(field);
    column->addSpacing(4);
    column->addLayout(buttons);
    connect(cancel, &Button::clicked, &dialog, &QDialog::reject);
    connect(rename, &Button::clicked, &dialog, &QDialog::accept);
    connect(field, &QLineEdit::returnPressed, &dialog, &QDialog::accept);
    if (dialog.exec() == QDialog::Accepted && !field->text().trimmed().isEmpty())
        recorder_.tell(recorder_.service().rename(id, field->text().trimmed().toStdString()));
}

void show_in_folder(const std::filesystem::path& file) {
    const QUrl url = QUrl::fromLocalFile(QString::fromStdString(file.string()));
    QDBusMessage call = QDBusMessage::createMethodCall(
        "org.freedesktop.FileManager1",
        "/org/freedesktop/FileManager1",
        "org.freedesktop.FileManager1",
        "ShowItems");
    call << QStringList{url.toString()} << QString{};
    auto* watcher =
        new QDBusPendingCallWatcher{QDBusConnection::sessionBus().asyncCall(call, 3000)};
    const QUrl folder = QUrl::fromLocalFile(QString::fromStdString(file.parent_path().string()));
    QObject::connect(watcher, &QDBusPendingCallWatcher::finished, watcher, [watcher, folder] {
        if (watcher->isError())
            QDesktopServices::openUrl(folder);
        watcher->deleteLater();
    });
}

}  // namespace hindsight::ui
