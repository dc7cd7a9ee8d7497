#pragma once

// The Dialogue lines of an ASS script, taken apart.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

namespace hindsight::testing {

struct AssEvent {
    int layer = 0;
    std::int64_t start_ms = 0;
    std::int64_t end_ms = 0;
    std::string style;
    std::string text;

    /// As libass decides it.
    [[nodiscard]] bool shows_at(std::int64_t ms) const { return start_ms <= ms && ms < end_ms; }

    [[nodiscard]] bool animated() const { return text.find("\\t(") != std::string::npos; }

    [[nodiscard]] bool pulse() const { return text.find("\\an5") != std::string::npos; }

    [[nodiscard]] bool tail() const { return animated() && !pulse(); }
};

inline std::int64_t ass_ms(const std::string& time) {
    int hours = 0;
    int minutes = 0;
    int seconds = 0;
    int hundredths = 0;
    std::sscanf(time.c_str(), "%d:%d:%d.%d", &hours, &minutes, &seconds, &hundredths);
    return ((hours * 60LL + minutes) * 60 + seconds) * 1000 + hundredths * 10LL;
}

inline std::vector<AssEvent> ass_events(const std::string& script) {
    static const std::string kStart = "Dialogue: ";
    std::vector<AssEvent> events;
    std::istringstream in{script};
    for (std::string line; std::getline(in, line);) {
        if (line.compare(0, kStart.size(), kStart) != 0)
            continue;
        std::vector<std::string> fields;
        std::size_t from = kStart.size();
        while (fields.size() < 9) {
            const std::size_t end = line.find(',', from);
            fields.push_back(line.substr(from, end - from));
            from = end + 1;
        }
        events.push_back(
            {std::atoi(fields[0].c_str()),
             ass_ms(fields[1]),
             ass_ms(fields[2]),
             fields[3],
             line.substr(from)});
    }
    return events;
}

}  // namespace hindsight::testing
