#include "capture_program.hpp"

#include <hindsight/core/paths.hpp>

#include <fcntl.h>
#include <sys/socket.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace {

using namespace hindsight;

constexpr const char* kHelp =
    "hindsight-capture records one window or screen into the ring. hindsightd starts it and talks "
    "to it\nover a socket; there is no use in starting it by hand.\n\n"
    "  --picture auto|direct|canvas   how pictures are taken, whatever the service asks for\n"
    "  --log-level LEVEL              trace, debug, info, warn or error\n"
    "  --help                         this text\n"
    "  --version                      the version\n";

struct CommandLine {
    capture::ProgramOptions program;
    LogLevel level = LogLevel::Info;
    std::optional<int> exit_at_once;
};

std::optional<ipc::PicturePath> picture_from_name(std::string_view name) {
    if (name == "auto")
        return ipc::PicturePath::Auto;
    if (name == "direct")
        return ipc::PicturePath::Direct;
    if (name == "canvas")
        return ipc::PicturePath::Canvas;
    return std::nullopt;
}

/// The value of `--name value` or `--name=value`; advances `index` over a separate value.
std::optional<std::string_view>
option_value(std::string_view name, int argc, char** argv, int& index) {
    const std::string_view argument = argv[index];
    if (argument == name && index + 1 < argc)
        return std::string_view{argv[++index]};
    if (argument.size() > name.size() && argument.substr(0, name.size()) == name &&
        argument[name.size()] == '=')
        return argument.substr(name.size() + 1);
    return std::nullopt;
}

CommandLine parse(int argc, char** argv) {
    CommandLine line;
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (argument == "--help") {
            std::fputs(kHelp, stdout);
            line.exit_at_once = capture::ExitOk;
        } else if (argument == "--version") {
            std::puts("hindsight-capture " HINDSIGHT_VERSION);
            line.exit_at_once = capture::ExitOk;
        } else if (const auto picture = option_value("--picture", argc, argv, i);
                   picture && picture_from_name(*picture)) {
            line.program.picture = picture_from_name(*picture);
        } else if (const auto level = option_value("--log-level", argc, argv, i)) {
            line.level = log_level_from_name(*level);
        } else {
            std::fprintf(stderr, "hindsight-capture does not know '%s'; see --help\n", argv[i]);
            line.exit_at_once = capture::ExitUsage;
        }
        if (line.exit_at_once)
            break;
    }
    return line;
}

bool is_socket(int fd) {
    int type = 0;
    socklen_t size = sizeof type;
    return ::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET;
}

}  // namespace

int main(int argc, char** argv) {
    const CommandLine line = parse(argc, argv);
    if (line.exit_at_once)
        return *line.exit_at_once;
    if (!is_socket(ipc::kChildFd)) {
        std::fputs("hindsight-capture is started by hindsightd; see --help\n", stderr);
        return capture::ExitUsage;
    }
    ::fcntl(ipc::kChildFd, F_SETFD, FD_CLOEXEC);
    std::signal(SIGPIPE, SIG_IGN);
    capture::block_end_signals();
    log_init(
        {.program = "hindsight-capture",
         .folder = paths::state_dir(),
         .file_level = line.level,
         .stderr_level = LogLevel::Warn});
    capture::CaptureProgram program{ipc::Channel{ipc::kChildFd}, line.program, Log{"capture"}};
    return program.run();
}
