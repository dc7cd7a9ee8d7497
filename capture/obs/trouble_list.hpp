#pragma once

// What capture has to tell people, one sentence per kind: a newer one of the same kind replaces
// the older, and some go by themselves. [control]

#include <hindsight/core/time.hpp>
#include <hindsight/ipc/messages.hpp>

#include <map>
#include <string>
#include <vector>

namespace hindsight::obs {

class TroubleList {
public:
    /// Until cleared, replaced or `until`.
    void tell(const std::string& kind, ipc::Trouble trouble, MonoTime until = MonoTime::max()) {
        entries_[kind] = {std::move(trouble), until};
    }

    void clear(const std::string& kind) { entries_.erase(kind); }

    [[nodiscard]] std::vector<ipc::Trouble> at(MonoTime now) const {
        std::vector<ipc::Trouble> list;
        for (const auto& [kind, entry] : entries_)
            if (now < entry.until)
                list.push_back(entry.trouble);
        return list;
    }

private:
    struct Entry {
        ipc::Trouble trouble;
        MonoTime until = MonoTime::max();
    };

    std::map<std::string, Entry> entries_;
};

}  // namespace hindsight::obs
