// Who may look into the process that receives keys: nobody, not even its parent.

#include "input_program.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace hindsight::test {
namespace {

namespace fs = std::filesystem;

constexpr uid_t kNobody = 65534;

/// The errno of opening the memory of a process, 0 when that is possible.
int error_of_reading(pid_t pid) {
    const std::string memory = "/proc/" + std::to_string(pid) + "/mem";
    const int fd = ::open(memory.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno;
    ::close(fd);
    return 0;
}

/// Root may read everything, so the question is asked as somebody else.
bool become_ordinary_user() {
    if (::geteuid() != 0)
        return true;
    return ::setgroups(0, nullptr) == 0 && ::setresgid(kNobody, kNobody, kNobody) == 0 &&
           ::setresuid(kNobody, kNobody, kNobody) == 0;
}

[[noreturn]] void conclude(const std::string& why_not) {
    std::fputs(why_not.c_str(), stderr);
    ::_exit(why_not.empty() ? 0 : 1);
}

/// In a process of its own: ends with 0 when the memory of an unprotected program of this user can
/// be read, and that of `program` can not.
[[noreturn]] void try_to_read(const fs::path& program, const fs::path& folder) {
    if (!become_ordinary_user())
        conclude("cannot become another user");
    auto other = Process::spawn({.command = {"/bin/sleep", "60"}, .output = folder / "sleep"});
    if (!other)
        conclude(other.error().what);
    const bool readable = wait_until([&] { return error_of_reading(other->pid()) == 0; });
    other->kill(SIGKILL);
    if (!readable)
        conclude("here nobody can read any memory, so nothing is proved");
    Environment environment = inherited_environment();
    environment["HOME"] = folder.string();
    auto input = InputProgram::start(environment, program);
    if (!input || !(*input)->wait_for<ipc::InputHealth>())
        conclude("hindsight-input does not run");
    const int error = error_of_reading((*input)->pid());
    static_cast<void>((*input)->close());
    conclude(error == EACCES || error == EPERM ? "" : "errno " + std::to_string(error));
}

class InputMemory : public testing::Test {
protected:
    void SetUp() override {
        std::string path = testing::TempDir() + "hindsight-memory-XXXXXX";
        ASSERT_NE(::mkdtemp(path.data()), nullptr);
        folder_ = path;
        fs::permissions(folder_, fs::perms::all);
        // The build folder may be one that only root enters.
        program_ = folder_ / "hindsight-input";
        fs::copy_file(DesktopSession::program("hindsight-input"), program_);
    }

    void TearDown() override {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }

    fs::path folder_;
    fs::path program_;
};

TEST_F(InputMemory, CannotBeReadByOtherProcessesOfTheUser) {
    EXPECT_EXIT(try_to_read(program_, folder_), testing::ExitedWithCode(0), "");
}

TEST_F(InputMemory, IsNotInACoreDump) {
    Environment environment = inherited_environment();
    environment["HOME"] = folder_.string();
    auto input = InputProgram::start(environment);
    ASSERT_TRUE(input) << input.error().what;
    ASSERT_TRUE((*input)->wait_for<ipc::InputHealth>());
    const std::string limits = read_text("/proc/" + std::to_string((*input)->pid()) + "/limits");
    const std::size_t at = limits.find("Max core file size");
    ASSERT_NE(at, std::string::npos);
    EXPECT_THAT(limits.substr(at, 60), testing::ContainsRegex("size +0 +0 "));
}

}  // namespace
}  // namespace hindsight::test
