#include "save_waiter.hpp"

#include <utility>

namespace hindsight::ctl {

SaveWaiter::SaveWaiter(dbus::ServiceClient& service, WaitFor what) : service_{service} {
    using Client = dbus::ServiceClient;
    const auto saved = [this](const QString& request, const nlohmann::json& clip) {
        keep(request, {.clip = clip, .code = {}, .sentence = {}});
    };
    if (what == WaitFor::Video)
        connect(&service_, &Client::saveVerified, this, saved);
    else
        connect(&service_, &Client::saveFinished, this, saved);
    connect(
        &service_,
        &Client::saveFailed,
        this,
        [this](const QString& request, const QString& code, const QString& sentence) {
            keep(
                request,
                {.clip = nullptr, .code = code.toStdString(), .sentence = sentence.toStdString()});
        });
    connect(&service_, &Client::vanished, this, &SaveWaiter::bring_back);
    limit_.setSingleShot(true);
    connect(&limit_, &QTimer::timeout, &loop_, &QEventLoop::quit);
}

Result<SaveOutcome> SaveWaiter::wait(const std::string& request, Duration limit) {
    request_ = request;
    limit_.start(static_cast<int>(limit.ms()));
    while (!outcomes_.contains(request_) && !gone_ && limit_.isActive())
        loop_.exec();
    if (const auto outcome = outcomes_.find(request_); outcome != outcomes_.end())
        return outcome->second;
    if (gone_)
        return tl::unexpected(*gone_);
    return fail(
        Errc::Timeout,
        "The clip is not saved yet; hindsightctl status shows how far it is, its request is " +
            request_ + ".");
}

void SaveWaiter::keep(const QString& request, SaveOutcome outcome) {
    outcomes_[request.toStdString()] = std::move(outcome);
    loop_.quit();
}

void SaveWaiter::bring_back() {
    service_.ensure_running_then([this](const Result<>& back) {
        if (!back) {
            gone_ = back.error();
            loop_.quit();
        }
    });
}

}  // namespace hindsight::ctl
