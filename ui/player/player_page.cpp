#include "player_page.hpp"

#include "clips/clip_text.hpp"
#include "clips/library_page.hpp"
#include "stored_actions.hpp"
#include "theme/paint.hpp"

#include <hindsight/actions/action_log.hpp>

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

namespace hindsight::ui {

namespace {

constexpr int kDrawerBelow = 1080;

QString path_text(const std::filesystem::path& path) {
    return QString::fromStdString(path.string());
}

/// The ASS beside the clip, empty when there is none.
QString overlay_of(const Clip& clip) {
    std::error_code error;
    const bool there = !clip.ass_path.empty() && std::filesystem::exists(clip.ass_path, error);
    return there ? path_text(clip.ass_path) : QString{};
}

}  // namespace

TimeLabel::TimeLabel(const Theme& theme, QWidget* parent) : QWidget{parent}, theme_{theme} {
    setFixedSize(180, 42);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void TimeLabel::set_time(double position, double duration, qint64 frame) {
    position_ = position;
    duration_ = duration;
    frame_ = frame;
    setAccessibleName(clock_text(position, true));
    update();
}

void TimeLabel::paintEvent(QPaintEvent*) {
    QPainter painter{this};
    const Tokens& t = theme_.t();
    number_line(
        painter,
        {0, 1, 180, 22},
        theme_.font(18, QFont::DemiBold),
        t.text,
        clock_text(position_, true));
    number_line(
        painter,
        {0, 24, 180, 16},
        theme_.font(12),
        t.text2,
        tr("of %1, frame %2").arg(clock_text(duration_, true)).arg(frame_));
}

PlayerPage::PlayerPage(const Theme& theme, MpvPlayer& player, QWidget* parent)
    : QWidget{parent}, theme_{theme}, player_{player} {
    stage_ = new Stage{player, this};
    inspector_ = new Inspector{theme, this};
    timeline_ = new TimelineView{theme, this};
    auto* column = new QVBoxLayout{this};
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(make_top());
    on_stage_ = new QHBoxLayout{stage_};
    on_stage_->setContentsMargins(0, 0, 0, 0);
    on_stage_->addStretch(1);
    beside_stage_ = new QHBoxLayout;
    beside_stage_->setSpacing(0);
    beside_stage_->addWidget(stage_, 1);
    beside_stage_->addWidget(inspector_);
    column->addLayout(beside_stage_, 1);
    column->addWidget(make_transport());
    column->addWidget(timeline_);
    make_keys();
    connect_consents();
    connect(&player, &MpvPlayer::changed, this, &PlayerPage::refresh);
    connect(&player, &MpvPlayer::position_changed, this, &PlayerPage::on_position);
    connect(&player, &MpvPlayer::failed, this, [this](const QString& sentence) {
        stage_->set_message(sentence);
    });
    connect(stage_, &Stage::clicked, this, &PlayerPage::toggle_play);
    connect(stage_, &Stage::double_clicked, this, [this] { set_fullscreen(!full_); });
    connect(timeline_, &TimelineView::seek_wanted, &player, &MpvPlayer::seek);
    connect(inspector_, &Inspector::seek_wanted, &player, &MpvPlayer::seek);
    connect(&theme, &Theme::changed, this, &PlayerPage::refresh_clip);
    refresh();
}

QWidget* PlayerPage::make_top() {
    auto* bar = new Panel{theme_, &Tokens::surface1, &Tokens::line, 0, this};
    bar->set_line_sides(Qt::BottomEdge);
    bar->setFixedHeight(52);
    auto* row = new QHBoxLayout{bar};
    row->setContentsMargins(12, 0, 12, 0);
    row->setSpacing(4);
    auto* back = Button::icon_only(theme_, "back", tr("Back to the library (Esc)"), bar);
    title_ = new Text{theme_, {}, 15, QFont::DemiBold, &Tokens::text, bar};
    meta_ = new Text{theme_, {}, 13, QFont::Normal, &Tokens::text2, bar};
    star_ = Button::icon_only(theme_, "star", tr("Favourite (Ctrl+B)"), bar);
    rename_ = Button::icon_only(theme_, "edit", tr("Rename (F2)"), bar);
    auto* folder = Button::icon_only(theme_, "folder", tr("Show in folder (Ctrl+O)"), bar);
    trash_ = Button::icon_only(theme_, "trash", tr("Move to trash (Del)"), bar);
    title_->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
    meta_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    row->addWidget(back);
    row->addSpacing(6);
    row->addWidget(title_);
    row->addSpacing(8);
    row->addWidget(meta_, 1);
    row->addWidget(star_);
    row->addWidget(rename_);
    row->addWidget(folder);
    row->addWidget(trash_);
    connect(back, &Button::clicked, this, &PlayerPage::back_wanted);
    connect(
        star_, &Button::clicked, this, [this] { emit favorite_wanted(clip_, !clip_.favorite); });
    connect(rename_, &Button::clicked, this, [this] { emit rename_wanted(clip_); });
    connect(folder, &Button::clicked, this, [this] { show_in_folder(clip_.path); });
    connect(trash_, &Button::clicked, this, [this] { emit trash_wanted(clip_); });
    top_ = bar;
    return bar;
}

QWidget* PlayerPage::make_transport() {
    auto* bar = new Panel{theme_, &Tokens::surface1, &Tokens::line, 0, this};
    bar->set_line_sides(Qt::TopEdge);
    bar->setFixedHeight(56);
    auto* row = new QHBoxLayout{bar};
    row->setContentsMargins(16, 0, 12, 0);
    row->setSpacing(4);
    transport_ = bar;
    auto* left = new QHBoxLayout;
    auto* centre = new QHBoxLayout;
    auto* right = new QHBoxLayout;
    for (QHBoxLayout* part : {left, centre, right})
        part->setSpacing(4);
    make_left(*left);
    make_centre(*centre);
    make_right(*right);
    row->addLayout(left, 1);
    row->addLayout(centre);
    row->addLayout(right, 1);
    return bar;
}

void PlayerPage::make_left(QHBoxLayout& row) {
    time_ = new TimeLabel{theme_, transport_};
    row.addWidget(time_);
    row.addStretch(1);
}

void PlayerPage::make_centre(QHBoxLayout& row) {
    previous_event_ =
        Button::icon_only(theme_, "previous-event", tr("Previous event (P)"), transport_);
    auto* step_back = Button::icon_only(theme_, "step-back", tr("One frame back (,)"), transport_);
    play_ = new Button{theme_, Button::Kind::Primary, {}, "play-filled", transport_};
    play_->set_round(44);
    auto* step = Button::icon_only(theme_, "step-forward", tr("One frame on (.)"), transport_);
    next_event_ = Button::icon_only(theme_, "next-event", tr("Next event (N)"), transport_);
    for (Button* button : {previous_event_, step_back, play_, step, next_event_}) {
        if (button == play_)
            row.addSpacing(4);
        row.addWidget(button);
        if (button == play_)
            row.addSpacing(4);
    }
    connect(previous_event_, &Button::clicked, this, [this] { jump_event(-1); });
    connect(next_event_, &Button::clicked, this, [this] { jump_event(1); });
    connect(step_back, &Button::clicked, this, [this] { player_.step(-1); });
    connect(step, &Button::clicked, this, [this] { player_.step(1); });
    connect(play_, &Button::clicked, this, &PlayerPage::toggle_play);
}

void PlayerPage::make_right(QHBoxLayout& row) {
    speed_ = new Button{theme_, Button::Kind::Ghost, "1x", {}, transport_};
    speed_->setToolTip(tr("Speed ([ and ])"));
    loop_ = Button::icon_only(theme_, "loop", tr("Repeat (L)"), transport_);
    loop_->setCheckable(true);
    mute_ = Button::icon_only(theme_, "volume", tr("Sound (M)"), transport_);
    volume_ = new Slider{theme_, tr("Volume"), transport_};
    volume_->setRange(0, 100);
    volume_->setFixedWidth(72);
    volume_->setProperty("focusRadius", 8);
    overlay_ = Button::icon_only(theme_, "overlay", tr("Overlay (V)"), transport_);
    overlay_->setCheckable(true);
    inspector_button_ =
        Button::icon_only(theme_, "inspector", tr("Actions and events (A)"), transport_);
    inspector_button_->setCheckable(true);
    inspector_button_->setChecked(true);
    fullscreen_ = Button::icon_only(theme_, "fullscreen", tr("Full screen (F)"), transport_);
    row.addStretch(1);
    for (QWidget* part : std::initializer_list<QWidget*>{speed_, loop_, mute_, volume_})
        row.addWidget(part);
    row.addSpacing(6);
    for (QWidget* part : std::initializer_list<QWidget*>{overlay_, inspector_button_, fullscreen_})
        row.addWidget(part);
    connect(speed_, &Button::clicked, this, [this] {
        const double next = player_.state().speed;
        player_.set_speed(next < 0.4 ? 0.5 : next < 0.9 ? 1 : next < 1.5 ? 2 : 0.25);
    });
    connect(loop_, &Button::clicked, this, [this] { player_.set_loop(loop_->isChecked()); });
    connect(mute_, &Button::clicked, this, [this] { player_.set_muted(!player_.state().muted); });
    connect(volume_, &Slider::sliderMoved, &player_, &MpvPlayer::set_volume);
    connect(volume_, &Slider::valueChanged, &player_, &MpvPlayer::set_volume);
    connect(
        overlay_, &Button::clicked, this, [this] { player_.set_overlay(overlay_->isChecked()); });
    connect(inspector_button_, &Button::clicked, this, &PlayerPage::place_inspector);
    connect(fullscreen_, &Button::clicked, this, [this] { set_fullscreen(!full_); });
}

void PlayerPage::open(const Clip& clip, bool play) {
    clip_ = clip;
    emit actions_replaced();
    stage_->set_message({});
    read_timeline();
    std::error_code error;
    if (!std::filesystem::exists(clip.path, error)) {
        player_.unload();
        stage_->set_message(tr("The file is not there any more."));
    } else {
        player_.load(path_text(clip.path), overlay_of(clip), play);
    }
    refresh_clip();
    place_inspector();
    on_position(0);
    play_->setFocus(Qt::OtherFocusReason);
}

void PlayerPage::read_timeline() {
    const bool stored = !clip_.actions_path.empty();
    const auto log = stored ? actions::read_jsonl(clip_.actions_path)
                            : tl::unexpected(Error{Errc::NotFound, "none"});
    ClipTimeline timeline = make_timeline(clip_, log ? &*log : nullptr);
    if (stored && !log)
        timeline.no_actions = unreadable_actions(log.error());
    timeline_->set_timeline(std::move(timeline));
    timeline_->setFixedHeight(timeline_->natural_height());
    inspector_->set_timeline(&timeline_->timeline());
}

void PlayerPage::close() {
    emit actions_replaced();
    player_.unload();
    set_fullscreen(false);
}

void PlayerPage::set_clip(const Clip& clip) {
    if (clip.id != clip_.id)
        return;
    const Clip before = std::exchange(clip_, clip);
    if (clip.actions_path != before.actions_path)
        emit actions_replaced();
    // Actions and overlay follow the clip after some seconds; it may be open by then.
    if (clip.actions_path != before.actions_path || clip.events != before.events) {
        read_timeline();
        place_inspector();
        on_position(player_.state().position);
    }
    const QString overlay = overlay_of(clip);
    if (!overlay.isEmpty() && !player_.state().has_overlay)
        player_.add_overlay(overlay);
    else if (clip.ass_path.empty() && player_.state().has_overlay)
        player_.remove_overlay();
    refresh_clip();
}

/// A file that is in no library says how long it is when it is loaded.
void PlayerPage::learn_length() {
    const MpvPlayer::State& state = player_.state();
    if (in_library() || !state.loaded || state.duration <= 0 || clip_.duration > Duration::zero())
        return;
    clip_.duration = Duration::from_seconds(state.duration);
    if (state.fps > 0)
        clip_.fps = state.fps;
    read_timeline();
    refresh_clip();
    place_inspector();
}

void PlayerPage::refresh_clip() {
    for (Button* of_library : {star_, rename_, trash_})
        of_library->setVisible(in_library());
    title_->setText(clip_title(clip_));
    QStringList facts{QString::fromStdString(clip_.game)};
    if (clip_.created_ms > 0)
        facts << short_when(created(clip_), QDate::currentDate());
    if (clip_.duration > Duration::zero())
        facts << length_text(clip_.duration.seconds());
    facts << picture_text(clip_.width, clip_.height, clip_.fps) << size_text(clip_.size_bytes);
    facts.removeAll({});
    meta_->setText(facts.join(", "));
    star_->set_icon_name(clip_.favorite ? "star-filled" : "star");
    star_->set_icon_colour(
        clip_.favorite ? std::optional{theme_.t().ev_achievement} : std::nullopt);
    show_consents();
    const bool events = !timeline_->timeline().events.empty();
    previous_event_->setVisible(events);
    next_event_->setVisible(events);
}

void PlayerPage::refresh() {
    const MpvPlayer::State& state = player_.state();
    learn_length();
    play_->set_icon_name(state.paused || state.ended ? "play-filled" : "pause");
    play_->setAccessibleName(state.paused ? tr("Play") : tr("Pause"));
    speed_->set_label(QString{"%1x"}.arg(state.speed));
    loop_->setChecked(state.loop);
    mute_->set_icon_name(state.muted ? "muted" : "volume");
    if (!volume_->isSliderDown()) {
        const QSignalBlocker quiet{volume_};
        volume_->setValue(qRound(state.volume));
    }
    volume_->setEnabled(!state.muted);
    overlay_->setVisible(state.has_overlay);
    overlay_->setChecked(state.overlay);
    on_position(state.position);
}

void PlayerPage::on_position(double seconds) {
    const double duration =
        player_.state().duration > 0 ? player_.state().duration : clip_.duration.seconds();
    time_->set_time(seconds, duration, player_.frame());
    timeline_->set_position(seconds);
    inspector_->set_position(seconds, player_.frame());
}

void PlayerPage::toggle_play() {
    player_.set_paused(!player_.state().paused && !player_.state().ended);
}

void PlayerPage::jump_event(int direction) {
    if (const double t = timeline_->neighbour_event(direction); t >= 0)
        player_.seek(t);
}

void PlayerPage::place_inspector() {
    const ClipTimeline& timeline = timeline_->timeline();
    const bool something =
        in_library() || !timeline.events.empty() || timeline.no_actions.isEmpty();
    if (const bool narrow = width() < kDrawerBelow; narrow != drawer_) {
        drawer_ = narrow;
        (drawer_ ? on_stage_ : beside_stage_)->addWidget(inspector_);
        inspector_button_->setChecked(!drawer_);
        show_consents();  // a new parent takes the colours of labels back
    }
    inspector_button_->setVisible(something);
    inspector_->setVisible(something && inspector_button_->isChecked() && !full_);
}

void PlayerPage::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    place_inspector();
}

void PlayerPage::set_fullscreen(bool fullscreen) {
    if (fullscreen == full_)
        return;
    full_ = fullscreen;
    // The keys are those of the page: what has the focus must not be hidden.
    if (fullscreen)
        stage_->setFocus(Qt::OtherFocusReason);
    for (QWidget* part : {top_, transport_, static_cast<QWidget*>(timeline_)})
        part->setVisible(!fullscreen);
    place_inspector();
    fullscreen_->set_icon_name(fullscreen ? "fullscreen-exit" : "fullscreen");
    if (!fullscreen)
        play_->setFocus(Qt::OtherFocusReason);
    emit fullscreen_wanted(fullscreen);
}

}  // namespace hindsight::ui
