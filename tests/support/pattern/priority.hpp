#pragma once

namespace hindsight::test {

/// The calling thread runs before others where we may ask for that.
void raise_priority();

}  // namespace hindsight::test
