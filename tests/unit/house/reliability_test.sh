#!/usr/bin/env bash
# Every test that docs/reliability.md names exists, and it names those of all its rows.
set -euo pipefail
cd "$1"
status=0
named=0
while read -r suite name; do
    named=$((named + 1))
    if ! grep -rqzE "TEST(_F|_P)?\\(\\s*$suite,\\s*$name\\)" tests --include='*.cpp'; then
        echo "docs/reliability.md names $suite.$name, which does not exist"
        status=1
    fi
done < <(grep -oE '[|] .?[A-Z][A-Za-z0-9]+\.[A-Z][A-Za-z0-9]+' docs/reliability.md | tr -cd 'A-Za-z0-9.\n' | tr '.' ' ')
rows=$(grep -c '^| ' docs/reliability.md)
if [[ "$named" -lt 20 || "$named" -lt $((rows - 1)) ]]; then
    echo "docs/reliability.md has $((rows - 1)) faults and names $named tests"
    status=1
fi
exit "$status"
