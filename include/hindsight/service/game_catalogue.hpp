#pragma once

// Which windows are games: the action profiles of this machine and Steam's own list.

#include <hindsight/service/recording_controller.hpp>

#include <memory>

namespace hindsight::actions {
class ProfileStore;
}

namespace hindsight::service {

class GameCatalogue final : public GameMatcher {
public:
    /// Reads the installed profiles.
    GameCatalogue();
    ~GameCatalogue() override;
    GameCatalogue(const GameCatalogue&) = delete;
    GameCatalogue& operator=(const GameCatalogue&) = delete;

    [[nodiscard]] GameMatch match(const ipc::FocusChanged& focus) const override;
    [[nodiscard]] ipc::SetProfile controls(const std::string& profile) const override;

    /// Those that matching and recording go by now. What is returned never changes; ids of actions
    /// mean the same in all that follow. [any-thread]
    [[nodiscard]] std::shared_ptr<const actions::ProfileStore> profiles() const;

    /// Reads the profiles anew; one that has become unreadable stays as it was. Returns, as
    /// problems() does, what is wrong with files now and was not before. [control]
    [[nodiscard]] std::vector<std::string> reload();

    /// Of every profile that could not be read, for the log: "<file>:<line>" and who says more.
    /// What is wrong may name the player's keys, so it is not told here.
    [[nodiscard]] std::vector<std::string> problems() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hindsight::service
