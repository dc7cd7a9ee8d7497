// ServiceClient in this process, the test service in another, a real bus between.
#include "session.hpp"

#include <hindsight/dbus/service_client.hpp>

#include <gmock/gmock.h>

#include <QCoreApplication>
#include <optional>

namespace hindsight::test {
namespace {

using dbus::Json;
using dbus::ServiceClient;

/// QtDBus wants an application; one for all tests of this program.
class Application : public testing::Environment {
public:
    void SetUp() override {
        static int count = 1;
        static char name[] = "test";
        static char* arguments[]{name, nullptr};
        static const QCoreApplication application{count, arguments};
    }
};

const auto* const kApplication = testing::AddGlobalTestEnvironment(new Application);

class Client : public BusTest {
public:
    ~Client() override {
        client_.reset();
        QDBusConnection::disconnectFromBus(bus_name_);
    }

protected:
    void connect() {
        const std::string address = session_->environment().at("DBUS_SESSION_BUS_ADDRESS");
        bus_name_ = QString{"test-%1"}.arg(QString::fromStdString(address));
        client_ = std::make_unique<ServiceClient>(
            QDBusConnection::connectToBus(QString::fromStdString(address), bus_name_));
    }

    static bool pump_until(const std::function<bool()>& condition) {
        return wait_until([&] {
            QCoreApplication::processEvents();
            return condition();
        });
    }

    QString bus_name_;
    std::unique_ptr<ServiceClient> client_;
};

TEST_F(Client, NestedMapsArriveAsTheyWereSent) {
    begin(false);
    start_service();
    connect();
    const Json options{
        {"source", "screen"},
        {"nested", {{"list", {1, 2.5, "x", {{"deep", true}}}}, {"none", Json::array()}}}};
    ASSERT_TRUE(client_->start(options).wait());
    const auto status = client_->status().wait();
    ASSERT_TRUE(status) << status.error().what;
    EXPECT_EQ(Json::parse(status->at("source").get<std::string>()), options);
    EXPECT_TRUE(status->at("fps").is_number_float());
    EXPECT_TRUE(status->at("ring").at("limit_bytes").is_number_integer());
}

TEST_F(Client, ErrorsKeepCategoryAndSentence) {
    begin(false);
    connect();
    const auto absent = client_->status().wait();
    ASSERT_FALSE(absent);
    EXPECT_EQ(absent.error().code, Errc::NotFound);
    EXPECT_EQ(absent.error().what, "Hindsight is not running.");
    start_service();
    const auto refused = client_->save({{"title", "refuse"}}).wait();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::Busy);
    EXPECT_EQ(refused.error().what, "Nothing is recorded.");
}

TEST_F(Client, SignalsArriveWithTheirContents) {
    begin(false);
    start_service();
    connect();
    std::vector<std::string> seen;
    const auto note = [&](const char* what) {
        return [&seen, what](const QString& id, const Json& map) {
            seen.push_back(std::string{what} + " " + id.toStdString() + " " + map.value("id", ""));
        };
    };
    QObject::connect(client_.get(), &ServiceClient::saveVerified, note("verified"));
    QObject::connect(client_.get(), &ServiceClient::saveFinished, note("finished"));
    QObject::connect(client_.get(), &ServiceClient::clipAdded, note("added"));
    QObject::connect(client_.get(), &ServiceClient::clipChanged, note("changed"));
    QObject::connect(client_.get(), &ServiceClient::clipRemoved, [&](const QString& id) {
        seen.push_back("removed " + id.toStdString());
    });
    QObject::connect(client_.get(), &ServiceClient::stateChanged, [&](const Json& status) {
        seen.push_back("state " + status.value("state", ""));
    });
    QObject::connect(client_.get(), &ServiceClient::configChanged, [&](const QString& key) {
        seen.push_back("config " + key.toStdString());
    });
    ASSERT_TRUE(client_->start(Json::object()).wait());
    ASSERT_TRUE(client_->set_config("recording.fps", "30").wait());
    ASSERT_TRUE(client_->save(Json::object()).wait());
    ASSERT_TRUE(client_->restore("clip-7").wait());
    ASSERT_TRUE(client_->rename("clip-0", "x").wait());
    ASSERT_TRUE(client_->remove("clip-7").wait());
    EXPECT_TRUE(pump_until([&] { return seen.size() == 7; }));
    EXPECT_THAT(
        seen,
        testing::UnorderedElementsAre(
            "state buffering",
            "config recording.fps",
            "verified request-1 clip-request-1",
            "finished request-1 clip-request-1",
            "added clip-7 clip-7",
            "changed clip-0 clip-0",
            "removed clip-7"));
}

TEST_F(Client, AnswersCanComeLaterAndByCallback) {
    begin(false);
    start_service();
    connect();
    std::optional<Result<Json>> answer;
    client_->diagnose().then(client_.get(), [&](const Result<Json>& checks) { answer = checks; });
    EXPECT_FALSE(answer);
    ASSERT_TRUE(pump_until([&] { return answer.has_value(); }));
    ASSERT_TRUE(*answer);
    EXPECT_EQ((*answer)->size(), 2U);
}

TEST_F(Client, NoticesThatTheServiceComesAndGoes) {
    begin(false);
    connect();
    int appeared = 0;
    int vanished = 0;
    QObject::connect(client_.get(), &ServiceClient::appeared, [&] { ++appeared; });
    QObject::connect(client_.get(), &ServiceClient::vanished, [&] { ++vanished; });
    EXPECT_FALSE(client_->running());
    start_service();
    EXPECT_TRUE(pump_until([&] { return appeared == 1; }));
    EXPECT_TRUE(client_->running());
    service_.kill(SIGKILL);
    EXPECT_TRUE(pump_until([&] { return vanished == 1; }));
    EXPECT_FALSE(client_->running());
    start_service();
    EXPECT_TRUE(pump_until([&] { return appeared == 2; }));
    EXPECT_TRUE(client_->status().wait());
}

TEST_F(Client, BringsTheServiceUpOnceForAllWhoAsk) {
    begin(true);
    connect();
    int done = 0;
    for (int i = 0; i < 3; ++i)
        client_->ensure_running_then([&](const Result<>& result) {
            EXPECT_TRUE(result) << result.error().what;
            ++done;
        });
    EXPECT_TRUE(pump_until([&] { return done == 3; }));
    EXPECT_TRUE(client_->running());
    EXPECT_TRUE(client_->ensure_running());
    EXPECT_TRUE(client_->quit().wait());
}

TEST_F(Client, ASecondServiceIsRefused) {
    begin(false);
    start_service();
    const auto second = session_->run({service_program().string()});
    ASSERT_TRUE(second);
    EXPECT_EQ(second->status.code, 3);
    EXPECT_TRUE(service_on_bus());
}

}  // namespace
}  // namespace hindsight::test
