#pragma once

// Encoders of libobs that have done their work before: for every picture and every 1024 samples
// they hand out the next packet of a RepeatedFootage. So libobs' own buffer and ours get the same
// packets at the same moments, and the processor is free for what is measured.

#include <repeated_footage.hpp>

#include <cstdint>

namespace hindsight::bench {

inline constexpr const char* kCannedVideo = "bench_h264";
inline constexpr const char* kCannedAudio = "bench_aac";

/// Tells libobs of both, once. `footage` outlives libobs.
void register_canned_encoders(testing::RepeatedFootage& footage);

/// Pictures that the running video encoder has taken. [any-thread]
[[nodiscard]] std::int64_t pictures_encoded();

/// While it lives, neither encoder runs ahead of the other by more than it did before. For when
/// libobs' clock was put forward: its interleaver never makes up for a lead that it has seen once.
class Lockstep {
public:
    Lockstep();
    ~Lockstep();
    Lockstep(const Lockstep&) = delete;
    Lockstep& operator=(const Lockstep&) = delete;
};

}  // namespace hindsight::bench
