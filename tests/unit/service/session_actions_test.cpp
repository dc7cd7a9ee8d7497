// What was done in a session, from the ring over the disk to its clip.

#include "sessions_fixture.hpp"

#include <hindsight/service/action_file.hpp>
#include <hindsight/service/action_recorder.hpp>

#include <gtest/gtest.h>

namespace hindsight::service {
namespace {

namespace fs = std::filesystem;

TEST_F(Sessions, KeepTheirActionsOnTheDiskAndGiveAllOfThemToTheirClipOnce) {
    const fs::path actions_file = clips() / "Doom_session.session.actions.part";
    const auto make_actions = [this] {
        return *ActionRecorder::create(
            folder_.path() / "ring", Duration::from_ms(600'000), Log{"test"});
    };
    std::vector<std::string> marked;
    const auto play = [&](ActionRecorder& actions, int seconds) {
        for (int second = 0; second < seconds; ++second) {
            marked.push_back(std::to_string(marked.size()));
            actions.add_event(clock_.now(), "marker", marked.back());
            record(1);
            follow();
        }
    };
    const std::string id = begin();
    auto actions = make_actions();
    play(*actions, 60);
    EXPECT_TRUE(fs::exists(actions_file));
    EXPECT_LE(ring::list_segments(sessions() / id, "act").size(), 2U) << "they stay in memory";
    make();  // killed
    actions.reset();
    actions = make_actions();
    const std::string game = "Doom";
    recorder_->recover(&game);
    play(*actions, 30);
    record(1);
    end(id);
    ASSERT_EQ(sidecars_.written.size(), 1U);
    std::vector<std::string> told;
    for (const actions::ActionRecord& record : sidecars_.written.front())
        if (record.kind == actions::ActionRecord::Kind::Event)
            told.push_back(record.label);
    EXPECT_EQ(told, marked);
    EXPECT_EQ(store_.clips.begin()->second.events.size(), marked.size());
    EXPECT_FALSE(fs::exists(actions_file));
}

TEST_F(Sessions, WhoseActionsFindNoRoomOnTheDiskKeepThemInMemory) {
    const fs::path in_the_way = clips() / "Doom_session.session.actions.part";
    fs::create_directory(in_the_way);
    auto actions =
        *ActionRecorder::create(folder_.path() / "ring", Duration::from_ms(600'000), Log{"test"});
    const std::string id = begin();
    for (int second = 0; second < 20; ++second) {
        actions->add_event(clock_.now(), "marker", "");
        record(1);
        follow();
    }
    record(1);
    end(id);
    ASSERT_EQ(sidecars_.written.size(), 1U);
    EXPECT_EQ(store_.clips.begin()->second.events.size(), 20U);
}

TEST_F(Sessions, InWhichMoreIsMarkedAtOnceThanABlockHoldsLoseNoMark) {
    auto actions =
        *ActionRecorder::create(folder_.path() / "ring", Duration::from_ms(600'000), Log{"test"});
    const std::string id = begin();
    record(1);
    for (int i = 0; i < 20; ++i)
        actions->add_event(clock_.now(), "marker", std::string(60'000, 'x'));
    for (int second = 0; second < 20; ++second) {
        actions->add_event(clock_.now(), "marker", "");
        record(1);
        follow();
    }
    record(1);
    end(id);
    EXPECT_EQ(store_.clips.begin()->second.events.size(), 40U);
}

TEST_F(Sessions, ThatAreOursNeedTheirActionsAlsoWhenTheirFootageHasItsNameAlready) {
    const fs::path actions_file = clips() / "Doom_session.session.actions.part";
    EXPECT_FALSE(recorder_->needs(actions_file));
    const std::string id = begin();
    record(2);
    follow();
    EXPECT_TRUE(recorder_->needs(actions_file));
    // It is kept as it is, and the service killed before anybody was told.
    writer_.finish_failure = Error{Errc::NoSpace, "full"};
    ASSERT_TRUE(recorder_->stop());
    recorder_->reached(id);
    while (worker_.run_one()) {
    }
    ASSERT_FALSE(fs::exists(growing()));
    make();
    recorder_->recover(nullptr);
    EXPECT_TRUE(recorder_->needs(actions_file));
    EXPECT_FALSE(recorder_->needs(clips() / "Quake_session.session.actions.part"));
    clock_.advance(Duration::from_ms(3000));
    recorder_->tick();
    run();
    EXPECT_EQ(store_.clips.size(), 1U);
    EXPECT_FALSE(recorder_->needs(actions_file));
}

TEST_F(Sessions, WithoutConsentPutNothingOnTheDiskButWhatWasMarked) {
    config_.actions.keep = false;
    recorder_->set_config(config_);
    auto actions =
        *ActionRecorder::create(folder_.path() / "ring", Duration::from_ms(600'000), Log{"test"});
    const std::string id = begin();
    for (int second = 0; second < 20; ++second) {
        const std::int64_t t = clock_.now().ns();
        actions->add(ipc::ActionBatch{{{.t_ns = t, .action = 3, .x = 1, .y = 0}}});
        actions->add(ipc::HeldState{.t_ns = t, .actions = {3}});
        actions->add(ipc::ModeChanged{.t_ns = t, .mode = "gameplay"});
        actions->add_event(clock_.now(), "marker", std::to_string(second));
        record(1);
        follow();
    }
    std::size_t marked = 0;
    const fs::path file = clips() / "Doom_session.session.actions.part";
    (void)read_action_file(file, [&](const actions::ActionRecord& record) {
        EXPECT_EQ(record.kind, actions::ActionRecord::Kind::Event);
        ++marked;
    });
    EXPECT_GE(marked, 10U);
    record(1);
    end(id);
    EXPECT_EQ(store_.clips.begin()->second.events.size(), 20U);
}

}  // namespace
}  // namespace hindsight::service
