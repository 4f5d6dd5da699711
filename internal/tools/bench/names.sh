#!/usr/bin/env bash
# Speed of reading names, ranking and readying a target, against uv's own code,
# in one run. Prints a Markdown table with the ratios.
#
#   internal/tools/bench/names.sh UVORACLE NAMES
#
# UVORACLE is a program around uv's crates; "UVORACLE bench NAMES" prints lines
# of "parse_ns N compat_ns N tags_build_ns N". NAMES holds file names, one a line.
set -euo pipefail
cd "$(dirname "$0")/../../.."
uv=$1 names=$2
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

go test ./wheel -run '^$' -bench 'ParseName|Rank|ReadyTarget' -count 3 > "$out/go"
"$uv" bench "$names" > "$out/uv"

ours() { awk -v b="Benchmark$1" -v unit="$2" '$1 ~ b { for (i = 2; i <= NF; i++) if ($i == unit) print $(i-1) }' "$out/go" | sort -n | sed -n 2p; }
theirs() { awk -v k="$1" '{ for (i = 1; i < NF; i++) if ($i == k) print $(i+1) }' "$out/uv" | sort -n | sed -n 2p; }
row() { awk -v n="$1" -v a="$2" -v b="$3" 'BEGIN { printf "| %s | %.1f | %.1f | %.2f |\n", n, a, b, a / b }'; }

echo "| what | wheeltag, ns | uv, ns | ratio |"
echo "|---|---|---|---|"
row "parse and validate a name" "$(ours ParseName ns/name)" "$(theirs parse_ns)"
row "rank a parsed set" "$(ours Rank ns/name)" "$(theirs compat_ns)"
row "make a target ready" "$(ours ReadyTarget ns/op)" "$(theirs tags_build_ns)"

# The whole process: one wheel, and a million names on standard input.
CGO_ENABLED=0 go build -o "$out/wheeltag" ./cmd/wheeltag
one="numpy-2.3.4-cp313-cp313-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl"
awk '{ line[NR] = $0 } END { while (n < 1000000) for (i = 1; i <= NR && n < 1000000; i++) { print line[i]; n++ } }' "$names" > "$out/million"
cpu() { local TIMEFORMAT='%U %S'; { time "$@" > /dev/null 2>&1 || true; } 2>&1 | awk '{ print $1 + $2 }'; }
best() { for _ in 1 2 3 4 5; do cpu "$@"; done | sort -n | sed -n 3p; }
single=$(best "$out/wheeltag" compat --target 3.13@debian:13/x86_64 "$one")
million=$(best sh -c "GOMAXPROCS=1 '$out/wheeltag' compat --target 3.13@debian:13/x86_64 - < '$out/million'")
cores=$(best sh -c "'$out/wheeltag' compat --target 3.13@debian:13/x86_64 - < '$out/million'")
nothing=$(best "$out/wheeltag" version)
uv=$(awk -v p="$(theirs parse_ns)" -v c="$(theirs compat_ns)" 'BEGIN { print (p + c) / 1000 }') # s a million
echo
awk -v s="$single" -v m="$million" -v c="$cores" -v n="$nothing" -v uv="$uv" 'BEGIN {
    printf "wheeltag version, whole process: %.1f ms of CPU\n", n * 1000
    printf "wheeltag compat, one wheel, whole process: %.1f ms of CPU\n", s * 1000
    printf "wheeltag compat, a million names on standard input, one core: %.2f s of CPU, %.2f million a second\n", m, 1 / m
    printf "the same on all cores: %.2f s of CPU\n", c
    printf "uv, parse and check of a million names in memory: %.2f s; ratio %.1f, on all cores %.1f\n", uv, m / uv, c / uv }'
