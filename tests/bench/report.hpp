#pragma once

// What the benchmarks share: options, statistics, and one table at the end.

#include <cstddef>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace hindsight::bench {

/// `values` must not be empty. `share` 0.5 is the median, 0.99 what one in a hundred exceeds.
[[nodiscard]] double percentile(std::vector<double> values, double share);
[[nodiscard]] double median(std::vector<double> values);

/// "12.3" with that many decimals.
[[nodiscard]] std::string number(double value, int decimals);

/// Columns as wide as their widest cell; the first one is aligned left, the others right.
class Table {
public:
    explicit Table(std::vector<std::string> head) : rows_{std::move(head)} {}

    void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

    void print() const;

private:
    std::vector<std::vector<std::string>> rows_;
};

/// `--name value` pairs of a command line. Anything else, and --help, ends the program with `help`.
class Arguments {
public:
    Arguments(
        int argc, char** argv, std::initializer_list<std::string_view> known, const char* help);

    [[nodiscard]] std::string text(std::string_view name, std::string otherwise) const;
    /// Positive. Ends the program with a sentence when it is no number.
    [[nodiscard]] double positive(std::string_view name, double otherwise) const;
    /// "30,120,600"
    [[nodiscard]] std::vector<double>
    list(std::string_view name, std::vector<double> otherwise) const;

private:
    [[nodiscard]] std::optional<std::string> find(std::string_view name) const;

    std::vector<std::pair<std::string, std::string>> values_;
};

/// Throws what run() turns into a sentence and exit code 1, when all folders are tidied up.
[[noreturn]] void give_up(const std::string& why);

/// The whole of main().
int run(const std::function<void()>& benchmark);

/// The value of a Result, or the end of the program.
template <class R>
auto need(R result, const char* doing) {
    if (!result)
        give_up(std::string{doing} + ": " + result.error().what);
    if constexpr (!std::is_void_v<typename R::value_type>)
        return *std::move(result);
}

/// A fresh folder that goes with the object.
class TemporaryFolder {
public:
    explicit TemporaryFolder(const std::filesystem::path& parent);
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// What the machine is and how busy, for the head of the report.
[[nodiscard]] std::string machine();

}  // namespace hindsight::bench
