#pragma once

// The service's port for sidecars, bound to the action log and the overlay.

#include <hindsight/service/game_catalogue.hpp>
#include <hindsight/service/sidecar_writer.hpp>

namespace hindsight::daemon {

class SidecarFiles final : public service::SidecarWriter {
public:
    /// `games` has the profiles by which actions are recorded, so that numbers of actions mean the
    /// same in a log; it outlives this.
    explicit SidecarFiles(const service::GameCatalogue& games) : games_{games} {}

    [[nodiscard]] Result<service::SidecarResult>
    write(const service::SidecarRequest& request) override;

    [[nodiscard]] Result<std::vector<ClipOnset>>
    read_onsets(const std::filesystem::path& actions_path) override;

    [[nodiscard]] Result<>
    set_train(const std::filesystem::path& actions_path, bool allowed) override;

private:
    const service::GameCatalogue& games_;
};

}  // namespace hindsight::daemon
