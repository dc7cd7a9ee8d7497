#include "spans.hpp"

#include <algorithm>

namespace hindsight::overlay {

Spans merged(Spans spans) {
    std::stable_sort(
        spans.begin(), spans.end(), [](const Span& a, const Span& b) { return a.from < b.from; });
    Spans result;
    for (const Span& span : spans) {
        if (span.to <= span.from)
            continue;
        if (!result.empty() && span.from < result.back().to) {
            if (span.from == result.back().from)
                result.back().pressed = result.back().pressed || span.pressed;
            result.back().to = std::max(result.back().to, span.to);
        } else {
            result.push_back(span);
        }
    }
    return result;
}

Spans without(const Spans& outer, const Spans& holes) {
    Spans result;
    auto hole = holes.begin();
    for (Span rest : outer) {
        while (hole != holes.end() && hole->to <= rest.from)
            ++hole;
        for (auto it = hole; it != holes.end() && it->from < rest.to; ++it) {
            if (it->from > rest.from)
                result.push_back({rest.from, it->from, rest.pressed});
            rest = {it->to, rest.to, false};
        }
        if (rest.from < rest.to)
            result.push_back(rest);
    }
    return result;
}

}  // namespace hindsight::overlay
