#!/usr/bin/env bash
# The linter of shells has nothing to say about our scripts.
set -euo pipefail
cd "$1"
mapfile -t scripts < <(find src tests -name '*.sh')
shellcheck -x run.sh test.sh .ci/run "${scripts[@]}"
