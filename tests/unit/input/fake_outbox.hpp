#pragma once

// What hindsight-input would have sent, decoded again.

#include "outbox.hpp"

#include <hindsight/ipc/messages.hpp>

#include <string>
#include <utility>
#include <vector>

namespace hindsight::input {

class FakeOutbox final : public Outbox {
public:
    template <class T>
    [[nodiscard]] std::vector<T> all() const {
        std::vector<T> found;
        for (const ipc::Message& message : messages) {
            if (message.is<T>())
                found.push_back(*message.as<T>());
        }
        return found;
    }

    /// Values of every batch, in order.
    [[nodiscard]] std::vector<ipc::ActionValue> values() const {
        std::vector<ipc::ActionValue> found;
        for (const auto& batch : all<ipc::ActionBatch>())
            found.insert(found.end(), batch.values.begin(), batch.values.end());
        return found;
    }

    std::vector<ipc::Message> messages;
    std::string raw;  ///< everything, as it would go over the wire

protected:
    void send_text(std::string text) override {
        messages.push_back(*ipc::decode(text));
        raw += text;
    }
};

}  // namespace hindsight::input
