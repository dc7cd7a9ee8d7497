#pragma once

// Encoders that fail, one in each of the ways that real drivers do.

namespace hindsight::test {

inline constexpr const char* kRefusingEncoder = "test_refuses_to_start";
inline constexpr const char* kFailingEncoder = "test_fails_at_once";
inline constexpr const char* kSilentEncoder = "test_gives_nothing";
inline constexpr const char* kDyingEncoder = "test_dies_after_a_second";
inline constexpr const char* kMuteEncoder = "test_gives_nothing_after_a_second";
inline constexpr const char* kGaspingEncoder = "test_stands_still_for_a_second";
inline constexpr const char* kSlowEncoder = "test_takes_25_ms_a_picture";
inline constexpr const char* kHoldingEncoder = "test_holds_25_pictures_back";

/// Tells libobs of them. After its start.
void register_fake_encoders();

}  // namespace hindsight::test
