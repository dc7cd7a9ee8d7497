#pragma once

// Our registered libobs outputs: one per stream, so that libobs' interleaver, which rewrites
// timestamps and waits for other streams, never stands between an encoder and the ring.

#include "obs_handle.hpp"

#include <hindsight/core/result.hpp>

#include <utility>

namespace hindsight::obs {

/// Who gets the packets; called on libobs' encoder threads.
class PacketReceiver {
public:
    virtual ~PacketReceiver() = default;

    /// `packet` null: the encoder of this stream failed. [capture]
    virtual void deliver(std::size_t stream, const encoder_packet* packet) noexcept = 0;

    /// The stream stopped without being asked. [any-thread]
    virtual void report_stop(std::size_t stream) noexcept = 0;
};

/// Tells libobs of our output types. Once, after obs_startup.
void register_packet_outputs();

class PacketOutput {
public:
    /// Starts `encoder` (borrowed; must outlive this) into stream `stream` of `receiver`.
    /// Errors: External (the encoder refused; the sentence carries its reason).
    [[nodiscard]] static Result<PacketOutput>
    start(obs_encoder_t* encoder, PacketReceiver& receiver, std::size_t stream);

    PacketOutput(PacketOutput&&) noexcept = default;
    PacketOutput& operator=(PacketOutput&&) noexcept = default;
    PacketOutput(const PacketOutput&) = delete;
    PacketOutput& operator=(const PacketOutput&) = delete;

    /// Stops and waits until the encoder has delivered its last packet.
    ~PacketOutput();

private:
    explicit PacketOutput(OutputHandle output) : output_{std::move(output)} {}

    OutputHandle output_;
};

}  // namespace hindsight::obs
