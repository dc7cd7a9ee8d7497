// What the service does with sessions: the two requests, and what is told of them.

#include "service_impl.hpp"

#include <algorithm>
#include <utility>

namespace hindsight::service {

SessionEvents Service::Impl::session_events() {
    SessionEvents wires;
    wires.changed = [this] { changed(); };
    wires.failed = [this](const std::string& id, const Error& error) {
        session_problem = error.what;
        if (events.save_failed)
            events.save_failed(id, error);
    };
    wires.problem = [this](const std::string& sentence) { session_problem = sentence; };
    return wires;
}

bool Service::Impl::is_failed_session(const std::string& id) const {
    const auto failed = sessions->failed();
    return std::any_of(failed.begin(), failed.end(), [&](const FailedSession& session) {
        return session.id == id;
    });
}

Result<std::string> Service::start_session(const Json& given) {
    const auto& recorded = impl_->recording->recorded();
    if (!impl_->recording->capturing() || !recorded)
        return fail(
            Errc::NotFound, "nothing is being recorded; begin with `hindsightctl start` or a game");
    const auto title = given.find("title");
    const bool titled = title != given.end() && title->is_string();
    const Subject subject{recorded->game, recorded->profile};
    const MonoTime press = impl_->ports.clock.now();
    auto id =
        impl_->sessions->start(titled ? title->get<std::string>() : std::string{}, subject, press);
    if (id)
        impl_->session_problem.clear();
    return id;
}

Result<std::string> Service::stop_session() {
    auto id = impl_->sessions->stop();
    impl_->tick_timer.start(0);
    return id;
}

}  // namespace hindsight::service
