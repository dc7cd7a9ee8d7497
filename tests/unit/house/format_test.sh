#!/usr/bin/env bash
# Every C++ source is as clang-format 14 (Debian 12) would write it; other versions disagree among themselves.
set -euo pipefail
cd "$1"
command -v clang-format >/dev/null || {
    echo "clang-format is missing: install the Debian package clang-format"
    exit 1
}
if ! clang-format --version | grep -q 'version 14\.'; then
    echo "skipped: the sources are formatted with clang-format 14"
    exit 77
fi
find src include capture encoder ui tests \( -name '*.cpp' -o -name '*.hpp' \) -print0 |
    xargs -0 clang-format --dry-run -Werror
