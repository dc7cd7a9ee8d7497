#include "packet_output.hpp"

#include <util/platform.h>

#include <atomic>
#include <memory>
#include <string>

namespace hindsight::obs {

namespace {

constexpr const char* kVideoOutput = "hindsight_video_packets";
constexpr const char* kAudioOutput = "hindsight_audio_packets";
// libobs hands nothing but settings to create().
constexpr const char* kReceiverKey = "receiver";
constexpr const char* kStreamKey = "stream";

constexpr int kStopPolls = 3'000;
constexpr unsigned kStopPollMs = 1;

struct OutputContext {
    obs_output_t* output = nullptr;
    PacketReceiver* receiver = nullptr;
    std::size_t stream = 0;
    std::atomic<bool> stopping{false};
};

OutputContext* context_of(void* data) {
    return static_cast<OutputContext*>(data);
}

const char* output_name(void* /*type_data*/) noexcept {
    return "Hindsight packets";
}

void* create_output(obs_data_t* settings, obs_output_t* output) noexcept {
    auto context = std::make_unique<OutputContext>();
    context->output = output;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): settings carry no pointers
    context->receiver = reinterpret_cast<PacketReceiver*>(obs_data_get_int(settings, kReceiverKey));
    context->stream = static_cast<std::size_t>(obs_data_get_int(settings, kStreamKey));
    return context.release();
}

void destroy_output(void* data) noexcept {
    const std::unique_ptr<OutputContext> context{context_of(data)};
}

bool start_output(void* data) noexcept {
    OutputContext* context = context_of(data);
    return obs_output_can_begin_data_capture(context->output, 0) &&
           obs_output_initialize_encoders(context->output, 0) &&
           obs_output_begin_data_capture(context->output, 0);
}

/// Called for our own stop, but also when libobs gives up on an encoder: a stop that we did not ask
/// for is a failure, whatever code goes with it.
void stop_output(void* data, std::uint64_t /*ts*/) noexcept {
    OutputContext* context = context_of(data);
    if (!context->stopping.load(std::memory_order_acquire))
        context->receiver->report_stop(context->stream);
    obs_output_end_data_capture(context->output);
}

void take_packet(void* data, encoder_packet* packet) noexcept {
    OutputContext* context = context_of(data);
    if (packet == nullptr && context->stopping.load(std::memory_order_acquire))
        return;
    context->receiver->deliver(context->stream, packet);
}

void register_output(const char* id, std::uint32_t kind) {
    obs_output_info info{};
    info.id = id;
    info.flags = kind | OBS_OUTPUT_ENCODED;
    info.get_name = output_name;
    info.create = create_output;
    info.destroy = destroy_output;
    info.start = start_output;
    info.stop = stop_output;
    info.encoded_packet = take_packet;
    obs_register_output(&info);
}

}  // namespace

void register_packet_outputs() {
    register_output(kVideoOutput, OBS_OUTPUT_VIDEO);
    register_output(kAudioOutput, OBS_OUTPUT_AUDIO);
}

Result<PacketOutput>
PacketOutput::start(obs_encoder_t* encoder, PacketReceiver& receiver, std::size_t stream) {
    const bool video = obs_encoder_get_type(encoder) == OBS_ENCODER_VIDEO;
    const SettingsHandle settings{obs_data_create()};
    obs_data_set_int(settings.get(), kReceiverKey, reinterpret_cast<std::intptr_t>(&receiver));
    obs_data_set_int(settings.get(), kStreamKey, static_cast<long long>(stream));
    OutputHandle output{obs_output_create(
        video ? kVideoOutput : kAudioOutput, "hindsight", settings.get(), nullptr)};
    if (!output)
        return fail(Errc::External, "libobs did not make an output");
    if (video)
        obs_output_set_video_encoder(output.get(), encoder);
    else
        obs_output_set_audio_encoder(output.get(), encoder, 0);
    if (!obs_output_start(output.get())) {
        const char* reason = obs_output_get_last_error(output.get());
        return fail(
            Errc::External,
            reason != nullptr && *reason != '\0' ? std::string{reason}
                                                 : "the encoder could not be created");
    }
    return PacketOutput{std::move(output)};
}

PacketOutput::~PacketOutput() {
    if (!output_)
        return;
    context_of(obs_obj_get_data(output_.get()))->stopping.store(true, std::memory_order_release);
    obs_output_stop(output_.get());
    for (int poll = 0; poll < kStopPolls && obs_output_active(output_.get()); ++poll)
        os_sleep_ms(kStopPollMs);
}

}  // namespace hindsight::obs
