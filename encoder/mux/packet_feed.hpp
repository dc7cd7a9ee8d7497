#pragma once

// The packets of a file that is to be written, one after the other: from a plan in memory, or from
// another file.

#include "clip_plan.hpp"

#include <cstddef>

namespace hindsight::mux {

class PacketFeed {
public:
    virtual ~PacketFeed() = default;

    /// Begins again with the first packet; called before it. Errors: those of the source.
    [[nodiscard]] virtual Result<> rewind() = 0;

    /// The next packet in writing order, borrowed until the next call; null behind the last one.
    /// Errors: those of the source.
    [[nodiscard]] virtual Result<const PlannedPacket*> next() = 0;
};

/// Those of a part and the segments that hold them, which outlive it.
class PlannedFeed final : public PacketFeed {
public:
    PlannedFeed(const PartPlan& part, PacketSources& sources) : part_{part}, sources_{sources} {}

    Result<> rewind() override {
        at_ = 0;
        return {};
    }

    Result<const PlannedPacket*> next() override {
        if (at_ == part_.packets.size())
            return nullptr;
        const PlannedPacket& packet = part_.packets[at_++];
        HINDSIGHT_TRY(sources_.need(packet.source));
        return &packet;
    }

private:
    const PartPlan& part_;
    PacketSources& sources_;
    std::size_t at_ = 0;
};

}  // namespace hindsight::mux
