#pragma once

// Waits for what becomes of one save. Made before the request is sent, so that no signal can come
// too early; signals are kept until the id of the request is known.

#include <hindsight/core/result.hpp>
#include <hindsight/core/time.hpp>
#include <hindsight/dbus/service_client.hpp>

#include <QEventLoop>
#include <QObject>
#include <QTimer>
#include <map>
#include <optional>
#include <string>

namespace hindsight::ctl {

enum class WaitFor { Nothing, Video, Everything };

struct SaveOutcome {
    nlohmann::json clip;  ///< as the contract says; null when it failed
    std::string code;     ///< of the failure, empty otherwise
    std::string sentence;
};

class SaveWaiter : public QObject {
public:
    SaveWaiter(dbus::ServiceClient& service, WaitFor what);

    /// Handles events until the save is through. A service that vanishes meanwhile is brought back:
    /// it completes what it had begun. Errors: Timeout, NotFound (it cannot be brought back).
    [[nodiscard]] Result<SaveOutcome> wait(const std::string& request, Duration limit);

private:
    void keep(const QString& request, SaveOutcome outcome);
    void bring_back();

    dbus::ServiceClient& service_;
    std::map<std::string, SaveOutcome> outcomes_;
    std::string request_;
    std::optional<Error> gone_;
    QEventLoop loop_;
    QTimer limit_;
};

}  // namespace hindsight::ctl
