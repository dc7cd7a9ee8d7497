#!/usr/bin/env bash
# Every test that docs/reliability.md names exists.
set -euo pipefail
cd "$1"
status=0
while read -r suite name; do
    if ! grep -rqzE "TEST(_F|_P)?\\(\\s*$suite,\\s*$name\\)" tests --include='*.cpp'; then
        echo "docs/reliability.md names $suite.$name, which does not exist"
        status=1
    fi
done < <(grep -oE '[|] .?[A-Z][A-Za-z0-9]+\.[A-Z][A-Za-z0-9]+' docs/reliability.md | tr -cd 'A-Za-z0-9.\n' | tr '.' ' ')
exit "$status"
