#pragma once

#include "sqlite.hpp"

#include <hindsight/ports/clip_store.hpp>

namespace hindsight::library {

class SqliteReader final : public ClipReader {
public:
    explicit SqliteReader(Database database) : database_{std::move(database)} {}

    Result<std::vector<Clip>> list(const ClipQuery& query) override;
    Result<Clip> find(const std::string& id) override;
    Result<std::vector<GameCount>> games() override;

private:
    Database database_;
};

/// Every change is one transaction: whole or not at all.
class SqliteStore final : public ClipStore {
public:
    explicit SqliteStore(Database database) : database_{std::move(database)} {}

    Result<std::vector<Clip>> list(const ClipQuery& query) override;
    Result<Clip> find(const std::string& id) override;
    Result<std::vector<GameCount>> games() override;
    Result<> insert(const Clip& clip, const std::vector<ClipOnset>& onsets) override;
    Result<> update(const Clip& clip) override;
    Result<> set_onsets(const std::string& id, const std::vector<ClipOnset>& onsets) override;
    Result<> forget_actions(const std::string& id) override;
    Result<> remove(const std::string& id) override;
    Result<std::optional<Clip>> find_by_path(const std::filesystem::path& path) override;

private:
    Database database_;
};

}  // namespace hindsight::library
