#pragma once

// ActionRecords as packets of the actions ring. One packet is one record, little-endian:
//
//   u8  kind     0 value, 1 state, 2 mode, 3 event
//   value:  u16 action, f32 x, f32 y
//   state:  u16 count, count × u16 action
//   mode:   u8 mode (gameplay, menu, text_entry, paused, unfocused)
//   event:  u16 length, type; u16 length, label (UTF-8)
//
// The time is the packet's capture time.

#include <hindsight/actions/action.hpp>
#include <hindsight/core/result.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace hindsight::service {

[[nodiscard]] std::vector<std::byte> encode_action(const actions::ActionRecord& record);

/// Errors: Corrupt. Nothing in `data` is trusted.
[[nodiscard]] Result<actions::ActionRecord>
decode_action(std::span<const std::byte> data, MonoTime t);

}  // namespace hindsight::service
