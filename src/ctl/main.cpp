// hindsightctl: everything the browser can do, from a shell. docs/cli.md is its manual.
#include "arguments.hpp"
#include "output.hpp"

#include <QCoreApplication>
#include <cstdio>

int main(int argc, char** argv) {
    using namespace hindsight;
    const ctl::Parsed parsed = ctl::parse_arguments(argc, argv);
    if (!parsed.verb) {
        if (!parsed.out.empty())
            ctl::print(parsed.out);
        if (!parsed.err.empty())
            static_cast<void>(std::fputs(parsed.err.c_str(), stderr));
        return parsed.exit_code;
    }
    // Only now: an application object would look at the arguments too.
    int no_arguments = 1;
    const QCoreApplication application{no_arguments, argv};
    ctl::Context context{parsed.json};
    const Result<int> exit_code = parsed.verb(context);
    if (!exit_code) {
        ctl::complain(exit_code.error().what);
        return ctl::kFailed;
    }
    return *exit_code;
}
