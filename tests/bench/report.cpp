#include "report.hpp"

#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace hindsight::bench {

double percentile(std::vector<double> values, double share) {
    std::sort(values.begin(), values.end());
    const double at = share * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const std::size_t above = std::min(below + 1, values.size() - 1);
    const double part = at - std::floor(at);
    return values[below] * (1 - part) + values[above] * part;
}

double median(std::vector<double> values) {
    return percentile(std::move(values), 0.5);
}

std::string number(double value, int decimals) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", decimals, value);
    return text;
}

void Table::print() const {
    std::vector<std::size_t> widths;
    for (const auto& row : rows_) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], row[i].size());
    }
    for (const auto& row : rows_) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::string fill(widths[i] - row[i].size(), ' ');
            line += (i == 0 ? row[i] + fill : "  " + fill + row[i]);
        }
        std::printf("%s\n", line.c_str());
        if (&row == &rows_.front())
            std::printf("%s\n", std::string(line.size(), '-').c_str());
    }
    std::fflush(stdout);
}

Arguments::Arguments(
    int argc, char** argv, std::initializer_list<std::string_view> known, const char* help) {
    for (int i = 1; i < argc; ++i) {
        const std::string_view name = argv[i];
        if (name == "--help") {
            std::fputs(help, stdout);
            std::exit(0);
        }
        if (std::find(known.begin(), known.end(), name) == known.end() || i + 1 == argc) {
            std::fputs(help, stderr);
            std::exit(2);
        }
        values_.emplace_back(name, argv[++i]);
    }
}

std::optional<std::string> Arguments::find(std::string_view name) const {
    for (const auto& [known, value] : values_) {
        if (known == name)
            return value;
    }
    return std::nullopt;
}

std::string Arguments::text(std::string_view name, std::string otherwise) const {
    return find(name).value_or(std::move(otherwise));
}

std::vector<double> Arguments::list(std::string_view name, std::vector<double> otherwise) const {
    const auto given = find(name);
    if (!given)
        return otherwise;
    std::vector<double> values;
    std::istringstream parts{*given};
    for (std::string part; std::getline(parts, part, ',');) {
        double value = 0;
        const char* end = part.data() + part.size();
        if (std::from_chars(part.data(), end, value).ptr != end || value <= 0) {
            std::fprintf(
                stderr,
                "%s takes positive numbers, not '%s'\n",
                std::string{name}.c_str(),
                part.c_str());
            std::exit(2);
        }
        values.push_back(value);
    }
    return values;
}

double Arguments::positive(std::string_view name, double otherwise) const {
    const std::vector<double> values = list(name, {otherwise});
    return values.empty() ? otherwise : values.front();
}

void give_up(const std::string& why) {
    throw std::runtime_error{why};
}

int run(const std::function<void()>& benchmark) {
    try {
        benchmark();
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}

TemporaryFolder::TemporaryFolder(const std::filesystem::path& parent) {
    std::string name = (parent / "hindsight-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
        give_up("cannot make a folder in " + parent.string());
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
}

std::string machine() {
    utsname system{};
    ::uname(&system);
    std::string model = "unknown processor";
    std::ifstream cpuinfo{"/proc/cpuinfo"};
    for (std::string line; std::getline(cpuinfo, line);) {
        if (line.starts_with("model name")) {
            model = line.substr(line.find(':') + 2);
            break;
        }
    }
    double load[1] = {0};
    ::getloadavg(load, 1);
    return model + ", " + std::to_string(::sysconf(_SC_NPROCESSORS_ONLN)) + " cores, Linux " +
           system.release + ", load " + number(load[0], 1);
}

}  // namespace hindsight::bench
