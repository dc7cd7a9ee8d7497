#include "guard_queue.hpp"

#include <hindsight/core/result.hpp>

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace hindsight::input {

namespace {

constexpr std::size_t kBytes = GuardQueue::kCapacity * sizeof(Held);

}  // namespace

const char* mode_name(Mode mode) {
    switch (mode) {
    case Mode::Gameplay:
        return "gameplay";
    case Mode::Menu:
        return "menu";
    case Mode::TextEntry:
        return "text_entry";
    case Mode::Unfocused:
        break;
    }
    return "unfocused";
}

GuardQueue::GuardQueue() {
    void* memory =
        ::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    HINDSIGHT_CHECK(memory != MAP_FAILED);
    // Not allowed everywhere (RLIMIT_MEMLOCK); the rest of the hygiene does not depend on it.
    static_cast<void>(::mlock(memory, kBytes));
    static_cast<void>(::madvise(memory, kBytes, MADV_DONTDUMP));
    entries_ = new (memory) Held[kCapacity];
}

GuardQueue::~GuardQueue() {
    ::explicit_bzero(static_cast<void*>(entries_), kBytes);
    ::munmap(entries_, kBytes);
}

Held& GuardQueue::at(std::size_t index) const {
    return entries_[(first_ + index) % kCapacity];
}

std::int64_t GuardQueue::ordered(MonoTime frame) const {
    return size_ == 0 ? frame.ns() : std::max(frame.ns(), at(size_ - 1).t_ns);
}

void GuardQueue::append(const Held& entry) {
    if (size_ == kCapacity)
        return;
    at(size_) = entry;
    ++size_;
}

void GuardQueue::push(MonoTime frame, const Mapped& value) {
    const std::int64_t t = ordered(frame);
    if (value.kind != Mapped::Kind::Edge) {
        for (std::size_t i = size_; i > 0 && at(i - 1).t_ns == t; --i) {
            Held& other = at(i - 1);
            if (other.kind == Held::Kind::Mode)
                break;
            if (other.value.kind != value.kind || other.value.action != value.action)
                continue;
            const bool sum = value.kind == Mapped::Kind::Look;
            other.value.x = sum ? other.value.x + value.x : value.x;
            other.value.y = sum ? other.value.y + value.y : value.y;
            return;
        }
    }
    append({.t_ns = t, .value = value, .kind = Held::Kind::Value, .mode = Mode::Unfocused});
}

void GuardQueue::push(MonoTime frame, Mode mode) {
    append({.t_ns = ordered(frame), .value = {}, .kind = Held::Kind::Mode, .mode = mode});
}

void GuardQueue::pop() {
    if (size_ == 0)
        return;
    ::explicit_bzero(static_cast<void*>(&at(0)), sizeof(Held));
    first_ = (first_ + 1) % kCapacity;
    --size_;
}

MonoTime GuardQueue::drop_values() {
    MonoTime last = MonoTime::min();
    std::size_t kept = 0;
    for (std::size_t i = 0; i < size_; ++i) {
        if (at(i).kind == Held::Kind::Mode) {
            last = MonoTime::from_ns(at(i).t_ns);
            at(kept) = at(i);
            ++kept;
        }
    }
    for (std::size_t i = kept; i < size_; ++i)
        ::explicit_bzero(static_cast<void*>(&at(i)), sizeof(Held));
    size_ = kept;
    return last;
}

}  // namespace hindsight::input
