#pragma once

// The library as the outside edits it. Every access runs on the [store] thread, answers come back
// on the control thread.

#include <hindsight/service/executor.hpp>
#include <hindsight/service/service.hpp>
#include <hindsight/service/trash.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace hindsight::service {

class LibraryDesk {
public:
    struct Events {
        std::function<void(const Clip&)> added;
        std::function<void(const Clip&)> changed;
        std::function<void(const std::string& id)> removed;
    };

    LibraryDesk(
        ClipStore& store,
        SidecarWriter& sidecars,
        Executor& control,
        Executor& storer,
        Events events);

    void list(const ClipQuery& query, Reply<Json> reply);
    void find(const std::string& id, Reply<Clip> reply);
    void remove(const std::string& id, Reply<> reply);
    void restore(const std::string& id, Reply<> reply);
    void edit(const std::string& id, std::function<void(Clip&)> change, Reply<> reply);
    void forget_actions(const std::string& id, Reply<> reply);
    void set_train(const std::string& id, bool allowed, Reply<> reply);

private:
    struct Deleted {
        Clip clip;
        std::vector<TrashedFile> files;
    };

    /// Runs `work` on [store], tells of the changed clip that it returns, and answers.
    void change(std::function<Result<Clip>()> work, Reply<> reply);

    template <class T>
    void ask(std::function<Result<T>()> work, Reply<T> reply);

    [[nodiscard]] static Result<> remove_made_of_actions(const Clip& clip);
    [[nodiscard]] Result<Deleted> remove_now(const std::string& id);
    [[nodiscard]] Result<Clip> restore_now(const Deleted& deleted);

    ClipStore& store_;
    SidecarWriter& sidecars_;
    Executor& control_;
    Executor& storer_;
    Events events_;
    std::map<std::string, Deleted> deleted_;  // [control]
};

}  // namespace hindsight::service
