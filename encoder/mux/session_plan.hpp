#pragma once

// A grown session file read as a plan: the packets lie where the file is mapped, and the writer and
// the checker of clips do the rest.

#include "clip_plan.hpp"

#include <hindsight/ports/session_writer.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>

namespace hindsight::mux {

class FileMapping;

struct SessionPlan {
    std::shared_ptr<const FileMapping> mapping;  ///< owns the packets' data
    PartPlan part;
};

/// Every packet must be what the marks say that the ring held. Errors: NotFound, Io, Corrupt,
/// Cancelled, External.
[[nodiscard]] Result<SessionPlan>
plan_session(const SessionFinish& session, const std::stop_token& stop);

/// The checksum of a list of checksums that was `list`, with one more entry: what marks keep of the
/// packets of a track.
[[nodiscard]] std::uint32_t fold_crc(std::uint32_t list, std::uint32_t entry);

}  // namespace hindsight::mux
