#pragma once

// Encoders that take a thread and do not give it back, or late, for a real hindsight-capture.

#include "process.hpp"

#include <cstdlib>
#include <string>

namespace hindsight::test {

/// Works for two seconds at 30 frames a second.
inline constexpr const char* kHangingEncoder = "test_hangs_after_two_seconds";
/// Stands still for half a second, after two at 60 frames a second.
inline constexpr const char* kStallingEncoder = "test_stalls_for_half_a_second";
inline constexpr const char* kHangingInCreateEncoder = "test_hangs_when_created";

/// A variable of the environment, and what it does to the sound encoder.
inline constexpr const char* kSoundFault = "HINDSIGHT_TEST_SOUND_FAULT";
inline constexpr const char* kSoundRefused = "cannot be created";
inline constexpr const char* kSoundHangsWhenCreated = "hangs when created";
inline constexpr const char* kSoundSilent = "gives nothing";
inline constexpr const char* kSoundHangs = "hangs";
inline constexpr const char* kSoundHangsLater = "hangs after three seconds";
inline constexpr const char* kSoundLate = "gives nothing for three seconds";
inline constexpr const char* kSoundFailsLater = "fails after three seconds";

/// What makes libobs know them, in hindsight-capture and whoever starts it.
inline Environment with_hanging_encoders(const std::string& module) {
    const char* sanitizer = std::getenv("ASAN_OPTIONS");
    // The sanitizer would rather be loaded before everything else.
    return {
        {"LD_PRELOAD", module},
        {"ASAN_OPTIONS",
         std::string{sanitizer != nullptr ? sanitizer : ""} + ":verify_asan_link_order=0"}};
}

}  // namespace hindsight::test
