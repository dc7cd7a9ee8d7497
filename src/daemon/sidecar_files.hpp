#pragma once

// The service's port for sidecars, bound to the action log and the overlay.

#include <hindsight/service/sidecar_writer.hpp>

namespace hindsight::daemon {

class SidecarFiles final : public service::SidecarWriter {
public:
    [[nodiscard]] Result<service::SidecarResult>
    write(const service::SidecarRequest& request) override;

    [[nodiscard]] Result<std::vector<ClipOnset>>
    read_onsets(const std::filesystem::path& actions_path) override;
};

}  // namespace hindsight::daemon
