#pragma once

// The service's port for sidecars, bound to the action log and the overlay.

#include <hindsight/actions/profile.hpp>
#include <hindsight/service/sidecar_writer.hpp>

namespace hindsight::daemon {

class SidecarFiles final : public service::SidecarWriter {
public:
    /// `profiles` are those by which actions are recorded, so that numbers of actions mean the same
    /// in a log; they outlive this.
    explicit SidecarFiles(const actions::ProfileStore& profiles) : profiles_{profiles} {}

    [[nodiscard]] Result<service::SidecarResult>
    write(const service::SidecarRequest& request) override;

    [[nodiscard]] Result<std::vector<ClipOnset>>
    read_onsets(const std::filesystem::path& actions_path) override;

private:
    const actions::ProfileStore& profiles_;
};

}  // namespace hindsight::daemon
