#!/usr/bin/env bash
# Builds with warnings as errors and runs every test: units side by side, then those with a display of their
# own one after the other.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=src/packaging/packages.sh
source src/packaging/packages.sh

usage() {
    cat <<'TEXT'
Usage: ./test.sh [--long] [--asan | --tsan | --tidy | --bench] [-- CTEST-ARGUMENTS]

  --long   also the tests that take minutes (label "long"), and five minutes of fuzzing
  --asan   AddressSanitizer and UndefinedBehaviorSanitizer instead of the plain build
  --tsan   ThreadSanitizer
  --tidy   no tests: clang with -Wthread-safety, and clang-tidy, both as errors
  --bench  no tests: the benchmarks, built as users' programs are; docs/benchmarks.md says what they print
  --       what follows goes to ctest, for example: ./test.sh -- -R Ring
TEXT
}

preset=dev
long=no
ctest_arguments=()
while [[ $# -gt 0 ]]; do
    case "$1" in
        --long) long=yes ;;
        --asan | --tsan | --tidy | --bench) preset="${1#--}" ;;
        --help | -h)
            usage
            exit 0
            ;;
        --)
            shift
            ctest_arguments=("$@")
            break
            ;;
        *)
            usage >&2
            exit 2
            ;;
    esac
    shift
done

if [[ "$preset" == tidy ]]; then
    ensure_packages build run demo test tidy
    build_preset tidy
    say "clang-tidy and -Wthread-safety have nothing to say."
    exit 0
fi

ensure_packages build run demo test
if [[ "$preset" == bench ]]; then
    build_preset bench
    for name in ring save cost arena alignment; do
        printf '\n'
        "build/bench/bench/bench_$name"
    done
    exit 0
fi
# The second target compiles every public header alone.
build_preset "$preset" all all_verify_interface_header_sets

if [[ "$long" == no ]]; then ctest_arguments+=(--label-exclude '^long$'); fi
log="build/$preset/test.log"
status=0
ctest --preset "$preset" --parallel "$(nproc)" --output-on-failure --no-tests=error "${ctest_arguments[@]}" 2>&1 |
    tee "$log" || status=$?
if [[ "$long" == yes && "$preset" == dev && "$status" == 0 ]]; then
    ensure_packages tidy
    build_preset fuzz fuzzers
    ctest --preset fuzz --label-regex '^fuzz$' --output-on-failure --no-tests=error || status=$?
fi
# ctest calls a skipped test a success; on the Debian that we promise to support, nothing may skip.
if grep -q '^VERSION_ID="12"' /etc/os-release && grep -q 'The following tests did not run' "$log"; then
    die "Some tests were skipped, and none may be on Debian 12."
fi
exit "$status"
