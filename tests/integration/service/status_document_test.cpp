// `status --json` documents itself: what the service really says, and the table in docs/cli.md.

#include "service_session.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <map>
#include <set>
#include <sstream>

namespace hindsight::test {
namespace {

namespace fs = std::filesystem;

/// Adds `ring.limit_s`, `exports[]`, `exports[].id` …
void add_keys(const Json& json, const std::string& prefix, std::set<std::string>& keys) {
    for (const auto& [name, value] : json.items()) {
        const std::string key = prefix + name;
        if (value.is_object()) {
            add_keys(value, key + ".", keys);
        } else if (value.is_array()) {
            keys.insert(key + "[]");
            for (const Json& element : value)
                add_keys(element, key + "[].", keys);
        } else {
            keys.insert(key);
        }
    }
}

std::string trimmed(const std::string& cell) {
    const std::size_t first = cell.find_first_not_of(' ');
    return first == std::string::npos ? ""
                                      : cell.substr(first, cell.find_last_not_of(' ') - first + 1);
}

/// Unit by key, from the table that follows "`status --json`".
std::map<std::string, std::string> documented() {
    const std::string document = read_text(fs::path{HINDSIGHT_DOCS_FOLDER} / "cli.md");
    std::istringstream lines{
        document.substr(std::min(document.find("\n`status --json`"), document.size()))};
    std::map<std::string, std::string> units;
    for (std::string line; std::getline(lines, line) && !line.starts_with("## ");) {
        if (!line.starts_with("| `"))
            continue;
        std::istringstream cells{line.substr(1)};
        std::string key;
        std::string unit;
        std::getline(cells, key, '|');
        std::getline(cells, unit, '|');
        key = trimmed(key);
        units[key.substr(1, key.size() - 2)] = trimmed(unit);
    }
    return units;
}

/// Every list gets an entry: a failed save, one under way, and footage of a service that was
/// killed.
class StatusDocument : public ::testing::Test {
protected:
    void look() {
        const auto status = session_.recorder->ctl({"status"});
        ASSERT_TRUE(status) << status.error().what;
        add_keys(*status, "", keys_);
    }

    ServiceSession session_;
    std::set<std::string> keys_;
};

TEST_F(StatusDocument, NamesEveryKeyOfTheServiceWithItsUnitAndNoOther) {
    // A file where the folder for clips should be.
    const fs::path folder =
        fs::temp_directory_path() / ("hindsight-no-folder-" + std::to_string(::getpid()));
    ASSERT_TRUE(write_text(folder, "in the way"));
    auto session = ServiceSession::start(3, "[clips]\nfolder = \"" + folder.string() + "\"\n");
    ASSERT_TRUE(session) << session.error().what;
    session_ = *std::move(session);
    Recorder& recorder = *session_.recorder;
    EXPECT_FALSE(recorder.ctl({"save", "--last", "2s", "--wait"}, milliseconds{60'000}));
    ASSERT_TRUE(recorder.ctl({"save", "--last", "2s", "--delay", "1m"}));
    look();
    recorder.service().kill(SIGKILL);
    ASSERT_TRUE(recorder.service().wait());
    ASSERT_TRUE(recorder.restart());
    ASSERT_TRUE(recorder.wait_for_state("buffering")) << recorder.logs();
    look();
    fs::remove(folder);

    const auto units = documented();
    for (const std::string& key : keys_)
        EXPECT_TRUE(units.contains(key)) << "docs/cli.md does not name " << key;
    for (const auto& [key, unit] : units) {
        EXPECT_TRUE(keys_.contains(key)) << "the service does not say " << key;
        EXPECT_FALSE(unit.empty()) << key << " has no unit in docs/cli.md";
    }
}

}  // namespace
}  // namespace hindsight::test
