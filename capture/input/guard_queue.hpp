#pragma once

// Where actions wait for the guard window to pass. The queue is one block of memory that is locked
// where the system allows, kept out of core dumps, and wiped entry by entry as it empties.

#include "action_mapper.hpp"

#include <hindsight/core/time.hpp>

#include <cstddef>
#include <cstdint>

namespace hindsight::input {

enum class Mode : std::uint8_t { Unfocused, Gameplay, Menu, TextEntry };

/// The name on the wire: "gameplay", "menu", "text_entry", "unfocused".
[[nodiscard]] const char* mode_name(Mode mode);

struct Held {
    enum class Kind : std::uint8_t { Value, Mode };

    std::int64_t t_ns = 0;  ///< of the frame
    Mapped value;
    Kind kind = Kind::Value;
    Mode mode = Mode::Unfocused;
};

/// Invariants: 1. entries are in order of their frame; 2. what leaves by pop() or drop_values() is
/// zero in memory afterwards; 3. no entry is ever copied elsewhere by the queue. One thread.
class GuardQueue {
public:
    static constexpr std::size_t kCapacity = 16384;

    GuardQueue();
    ~GuardQueue();
    GuardQueue(const GuardQueue&) = delete;
    GuardQueue& operator=(const GuardQueue&) = delete;

    [[nodiscard]] bool empty() const { return size_ == 0; }

    [[nodiscard]] const Held& front() const { return at(0); }

    /// Joins `value` with what the same frame already has, or appends it; an earlier time than the
    /// last entry's becomes that. A full queue (a broken device) drops the value.
    void push(MonoTime frame, const Mapped& value);
    void push(MonoTime frame, Mode mode);

    void pop();

    /// Forgets every value; modes stay, they tell nothing about keys. Returns the time of the last
    /// mode that stays, MonoTime::min() when there is none.
    MonoTime drop_values();

private:
    [[nodiscard]] Held& at(std::size_t index) const;
    void append(const Held& entry);
    [[nodiscard]] std::int64_t ordered(MonoTime frame) const;

    Held* entries_ = nullptr;
    std::size_t first_ = 0;
    std::size_t size_ = 0;
};

}  // namespace hindsight::input
