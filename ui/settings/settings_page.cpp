#include "settings_page.hpp"

#include <QAction>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QJsonArray>
#include <QJsonDocument>
#include <QPainter>
#include <QScrollArea>

namespace hindsight::ui {

QString bare_value(const QString& toml) {
    QString text = toml.trimmed();
    if (text.size() < 2 || (!text.startsWith('"') && !text.startsWith('\'')))
        return text;
    if (text.startsWith('\''))
        return text.mid(1, text.size() - 2);
    // The escapes of a basic TOML string are those of JSON, as far as our values go.
    const auto parsed = QJsonDocument::fromJson(("[" + text + "]").toUtf8());
    return parsed.isArray() ? parsed.array().at(0).toString() : text.mid(1, text.size() - 2);
}

SettingsPage::SettingsPage(const Theme& theme, Recorder& recorder, QWidget* parent)
    : QWidget{parent}, theme_{theme}, recorder_{recorder} {
    auto* row = new QHBoxLayout{this};
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    auto* side = new QWidget{this};
    side->setFixedWidth(224);
    list_ = new QVBoxLayout{side};
    list_->setContentsMargins(12, 14, 13, 12);
    list_->setSpacing(0);
    auto* title = new Text{theme, tr("Settings"), 20, QFont::DemiBold, &Tokens::text, side};
    title->setContentsMargins(10, 0, 0, 14);
    list_->addWidget(title);
    stack_ = new QStackedWidget{this};
    row->addWidget(side);
    row->addWidget(stack_, 1);
    make_pages();
    list_->addStretch(1);
    show_page(0);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    connect(&recorder, &Recorder::status_changed, this, &SettingsPage::refresh_warnings);
    connect(&recorder, &Recorder::config_changed, this, &SettingsPage::refresh_value);
    refresh_warnings();
}

void SettingsPage::refresh_warnings() {
    QHash<QString, QString> told;
    for (const HealthWarning& warning : recorder_.status().warnings)
        if (!warning.setting.isEmpty())
            told[warning.setting] = warning.text;
    for (auto it = warnings_.cbegin(); it != warnings_.cend(); ++it) {
        it.value()->setText(told.value(it.key()));
        it.value()->setVisible(told.contains(it.key()));
    }
}

void SettingsPage::paintEvent(QPaintEvent*) {
    QPainter painter{this};
    painter.fillRect(rect(), theme_.t().bg);
    painter.fillRect(223, 0, 1, height(), theme_.t().line);
}

void SettingsPage::add_page(const QString& icon, const QString& title) {
    auto* scroll = new QScrollArea{stack_};
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* content = new QWidget;
    scroll->setWidget(content);
    scroll->viewport()->setAutoFillBackground(false);
    content->setAutoFillBackground(false);
    auto* outside = new QHBoxLayout{content};
    outside->setContentsMargins(40, 0, 40, 24);
    auto* inside = new QWidget{content};
    inside->setMaximumWidth(752);
    outside->addWidget(inside, 1000);
    outside->addStretch(1);
    page_.column = new QVBoxLayout{inside};
    page_.column->setContentsMargins(0, 0, 0, 0);
    page_.column->setSpacing(0);
    auto* head = new Text{theme_, title, 20, QFont::DemiBold, &Tokens::text, inside};
    head->setFixedHeight(56);
    page_.column->addWidget(head);
    page_.column->addStretch(1);
    stack_->addWidget(scroll);
    auto* item = new NavItem{theme_, icon, title, this};
    item->set_height(34);
    list_->addWidget(item);
    const int index = static_cast<int>(items_.size());
    items_.append(item);
    connect(item, &NavItem::clicked, this, [this, index] { show_page(index); });
}

void SettingsPage::show_page(int index) {
    stack_->setCurrentIndex(index);
    for (int i = 0; i < items_.size(); ++i)
        items_[i]->setChecked(i == index);
}

void SettingsPage::add_card(const QString& title) {
    auto* head = new Text{theme_, title, 12, QFont::DemiBold, &Tokens::text3};
    head->setContentsMargins(0, page_.column->count() > 2 ? 14 : 0, 0, 8);
    auto* card = new Panel{theme_, &Tokens::surface1, &Tokens::line, 12};
    page_.card = new QVBoxLayout{card};
    page_.card->setContentsMargins(1, 1, 1, 1);
    page_.card->setSpacing(0);
    const int at = page_.column->count() - 1;
    page_.column->insertWidget(at, head);
    page_.column->insertWidget(at + 1, card);
}

QWidget* SettingsPage::add_row(
    const QString& title, const QString& line, QWidget* control, const QString& key) {
    if (page_.card->count() > 0) {
        auto* divider = new Panel{theme_, &Tokens::line};
        divider->setFixedHeight(1);
        page_.card->addWidget(divider);
    }
    auto* row = new QWidget;
    row->setMinimumHeight(60);
    auto* across = new QHBoxLayout{row};
    across->setContentsMargins(16, 8, 16, 8);
    across->setSpacing(24);
    auto* words = new QVBoxLayout;
    words->setSpacing(2);
    words->addStretch(1);
    words->addWidget(new Text{theme_, title, 14, QFont::Medium, &Tokens::text});
    auto* plain = new Text{theme_, line, 12, QFont::Normal, &Tokens::text2};
    plain->setWordWrap(true);
    words->addWidget(plain);
    const auto add_line = [this, words](const auto colour) {
        auto* extra = new Text{theme_, {}, 12, QFont::Medium, colour};
        extra->setWordWrap(true);
        extra->hide();
        words->addWidget(extra);
        return extra;
    };
    warnings_[key] = add_line(&Tokens::warning);
    errors_[key] = add_line(&Tokens::error);
    words->addStretch(1);
    across->addLayout(words, 1);
    across->addWidget(control, 0, Qt::AlignVCenter | Qt::AlignRight);
    control->setAccessibleName(title);
    control->setAccessibleDescription(line);
    page_.card->addWidget(row);
    return row;
}

void SettingsPage::bind(const QString& key, std::function<void(const QString&)> show) {
    show_[key] = std::move(show);
}

void SettingsPage::add_segments(
    const QString& key, const QString& title, const QString& line, const QList<Choice>& choices) {
    QList<Segments::Item> items;
    for (const Choice& choice : choices)
        items.append({choice.value, choice.text, {}, choice.text});
    auto* segments = new Segments{theme_, items};
    add_row(title, line, segments, key);
    connect(
        segments, &Segments::chosen, this, [this, key](const QString& value) { set(key, value); });
    bind(key, [segments](const QString& value) { segments->set_value(value); });
}

void SettingsPage::add_combo(
    const QString& key, const QString& title, const QString& line, const QList<Choice>& choices) {
    auto* combo = new QComboBox;
    combo->setFixedWidth(200);
    combo->setProperty("focusRadius", 8);
    for (const Choice& choice : choices)
        combo->addItem(choice.text, choice.value);
    auto* arrow = new QLabel{combo};
    arrow->setAttribute(Qt::WA_TransparentForMouseEvents);
    const auto paint = [this, arrow] {
        arrow->setPixmap(theme_.icon("chevron-down", 16, theme_.t().text2, devicePixelRatioF()));
    };
    paint();
    connect(&theme_, &Theme::changed, arrow, paint);
    arrow->move(174, 10);
    add_row(title, line, combo, key);
    connect(combo, &QComboBox::activated, this, [this, key, combo](int index) {
        set(key, combo->itemData(index).toString());
    });
    bind(key, [combo](const QString& value) {
        int index = combo->findData(value);
        if (index < 0) {
            combo->addItem(value, value);
            index = combo->count() - 1;
        }
        combo->setCurrentIndex(index);
    });
}

void SettingsPage::add_switch(const QString& key, const QString& title, const QString& line) {
    auto* toggle = new Switch{theme_, title};
    add_row(title, line, toggle, key);
    connect(
        toggle, &Switch::clicked, this, [this, key](bool on) { set(key, on ? "true" : "false"); });
    bind(key, [toggle](const QString& value) { toggle->setChecked(value == "true"); });
}

void SettingsPage::add_slider(
    const QString& key,
    const QString& title,
    const QString& line,
    int least,
    int most,
    int step,
    const QString& unit) {
    auto* holder = new QWidget;
    holder->setFixedWidth(264);
    auto* across = new QHBoxLayout{holder};
    across->setContentsMargins(0, 0, 0, 0);
    across->setSpacing(12);
    auto* slider = new Slider{theme_, title};
    slider->setRange(0, (most - least) / step);
    slider->setProperty("focusRadius", 8);
    auto* value = new Text{theme_, {}, 14, QFont::Medium, &Tokens::text};
    value->setFixedWidth(72);
    value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    across->addWidget(slider, 1);
    across->addWidget(value);
    add_row(title, line, holder, key);
    slider->setAccessibleName(title);
    const auto number = [least, step](int position) { return least + position * step; };
    const auto show = [value, unit, slider](int shown) {
        value->setText(QString{"%1 %2"}.arg(shown).arg(unit).trimmed());
        slider->setAccessibleDescription(value->text());
    };
    connect(slider, &Slider::valueChanged, this, [show, number](int at) { show(number(at)); });
    const auto store = [this, key, slider, number] {
        set(key, QString::number(number(slider->value())));
    };
    // While it is dragged only the number runs along; what was chosen counts.
    slider->setTracking(true);
    connect(slider, &Slider::let_go, this, store);
    bind(key, [slider, show, least, step](const QString& text) {
        const QSignalBlocker quiet{slider};
        slider->setValue((text.toInt() - least) / step);
        show(text.toInt());
    });
}

void SettingsPage::add_text(const QString& key, const QString& title, const QString& line) {
    auto* field = new QLineEdit;
    field->setFixedWidth(200);
    add_row(title, line, field, key);
    connect(field, &QLineEdit::editingFinished, this, [this, key, field] {
        if (field->text().trimmed() != values_.value(key))
            set(key, field->text().trimmed());
    });
    bind(key, [field](const QString& value) { field->setText(value); });
}

void SettingsPage::add_folder(
    const QString& key, const QString& title, const QString& line, const QString& empty) {
    auto* holder = new QWidget;
    auto* across = new QHBoxLayout{holder};
    across->setContentsMargins(0, 0, 0, 0);
    across->setSpacing(8);
    auto* field = new QLineEdit;
    field->setFixedWidth(280);
    field->setPlaceholderText(empty);
    field->setAccessibleName(title);
    auto* browse = new Button{theme_, Button::Kind::Secondary, tr("Choose"), "folder"};
    across->addWidget(field);
    across->addWidget(browse);
    add_row(title, line, holder, key);
    connect(field, &QLineEdit::editingFinished, this, [this, key, field] {
        if (field->text().trimmed() != values_.value(key))
            set(key, field->text().trimmed());
    });
    connect(browse, &Button::clicked, this, [this, key, title] {
        const QString chosen = QFileDialog::getExistingDirectory(this, title, values_.value(key));
        if (!chosen.isEmpty())
            set(key, chosen);
    });
    bind(key, [field](const QString& value) { field->setText(value); });
}

void SettingsPage::set(const QString& key, const QString& text) {
    recorder_.service()
        .set_config(key.toStdString(), text.toStdString())
        .then(this, [this, key, text](const Result<>& done) {
            on_set(key, text, done ? QString{} : QString::fromStdString(done.error().what));
        });
}

void SettingsPage::on_set(const QString& key, const QString& text, const QString& error) {
    if (Text* line = errors_.value(key)) {
        line->setText(error);
        line->setVisible(!error.isEmpty());
    }
    if (!error.isEmpty())
        return;
    values_[key] = text;
    show_[key](text);
}

void SettingsPage::refresh() {
    for (auto it = show_.cbegin(); it != show_.cend(); ++it)
        refresh_value(it.key());
}

void SettingsPage::refresh_value(const QString& key) {
    if (!show_.contains(key))
        return;
    recorder_.service()
        .get_config(key.toStdString())
        .then(this, [this, key](const Result<std::string>& value) {
            if (!value)
                return;
            const QString text = bare_value(QString::fromStdString(*value));
            values_[key] = text;
            show_[key](text);
        });
}

}  // namespace hindsight::ui
