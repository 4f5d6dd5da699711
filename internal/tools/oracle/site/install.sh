#!/usr/bin/env bash
# Builds a site from generated wheels and installs from it with the real tools.
#
#   internal/tools/oracle/site/install.sh PIP UV [OLDPIP POETRY PDM]
#
# PIP is the pip of a virtual environment, UV the uv program; OLDPIP is a pip from before
# PEP 714, such as 22.3.1, and POETRY and PDM are those programs. The site is served
# on the loopback by Python's own server, once as HTML and once as JSON, and is
# the only index that the tools are given. It must hold: the right files are
# taken, METADATA is fetched apart from the wheels and before them, and neither
# tool installs a wheel whose bytes are not those of its digest.
set -euo pipefail

pip=$(realpath -s "$1")
uv=$(realpath "$2")
more=("${@:3}")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
servers=()
# Only the servers started here, by their numbers.
trap 'kill "${servers[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT

fail() { echo "FAIL: $*" >&2; exit 1; }
ok() { echo "ok    $*"; }

go build -C "$here/../../../.." -o "$work/wheeltag" ./cmd/wheeltag
python3 "$here/wheels.py" "$work/pool"
python=$(dirname "$pip")/python
minor=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
"$work/wheeltag" index --out "$work/site" --views --target "$minor@manylinux_2_17_x86_64" "$work/pool"
view=$minor-manylinux_2_17_x86_64

# serve FORM FOLDER starts a server of html or json and sets url and log.
serve() {
  log=$work/log-${#servers[@]}
  url=
  python3 -u "$here/serve.py" "$1" "$2" > "$log" 2>&1 &
  servers+=($!)
  for _ in $(seq 100); do
    url=$(sed -n "s/^Serving on //p" "$log" 2>/dev/null || true)
    [ -n "$url" ] && return
    sleep 0.1
  done
  fail "no server: $(cat "$log")"
}

# The tools see no configuration, no cache and no other index.
clean=(env -i "PATH=$PATH" "HOME=$work" PIP_CONFIG_FILE=/dev/null NO_PROXY=127.0.0.1)
run_pip() { "${clean[@]}" "$pip" install --isolated --disable-pip-version-check --no-input --no-cache-dir --index-url "$1" --target "$2" "${@:3}"; }
run_uv() { "${clean[@]}" "$uv" pip install --no-config --no-cache --no-python-downloads --python "$python" --default-index "$1" --target "$2" "${@:3}"; }

# installed TOOL FOLDER: what must be there, by the modules themselves. PDM does not look
# at build tags.
installed() {
  local got
  got=$("$python" -c 'import sys; sys.path.insert(0, sys.argv[1]); import sitedemo, site_dep; print(sitedemo.what, site_dep.what)' "$2")
  [ "$1" != pdm ] || got=${got/sitedemo-1.1-1-/sitedemo-1.1-2-}
  [ "$got" = "sitedemo-1.1-2-py3-none-any.whl site_dep-1.0+local.1-py3-none-any.whl" ] || fail "$1 installed $got"
}

# fetched LOG: METADATA first, no wheel but the two that are taken.
fetched() {
  grep -q 'GET /files/sitedemo-1.1-2-py3-none-any.whl.metadata' "$1" || fail "no metadata was fetched: $(cat "$1")"
  grep -q 'GET /files/site_dep-1.0%2Blocal.1-py3-none-any.whl.metadata' "$1" || fail "no metadata was fetched: $(cat "$1")"
  local wheels
  wheels=$(sed -n 's/.*GET \/files\/\([^ ]*\.whl\) .*/\1/p' "$1" | sort -u | tr '\n' ' ')
  [ "$wheels" = "site_dep-1.0%2Blocal.1-py3-none-any.whl sitedemo-1.1-2-py3-none-any.whl " ] || fail "wheels fetched: $wheels"
  if grep -qE '" (4|5)[0-9][0-9] ' "$1"; then fail "requests that failed: $(cat "$1")"; fi
}

for form in html json; do
  for tool in pip uv; do
    for index in simple "$view/simple"; do
      serve "$form" "$work/site"
      to=$work/$form-$tool-${index%/simple}
      "run_$tool" "$url/$index/" "$to" sitedemo > "$work/out" 2>&1 || fail "$tool from $form $index: $(cat "$work/out")"
      installed "$tool" "$to"
      fetched "$log"
      ok "$tool installs from the $form pages of $index; $(grep -c '\.metadata ' "$log") metadata files fetched"
    done
  done
done

# Digests as pip reports them are those of the files.
serve html "$work/site"
run_pip "$url/simple/" "$work/report" --dry-run --quiet --report "$work/report.json" sitedemo > "$work/out" 2>&1 || fail "$(cat "$work/out")"
"$python" - "$work/report.json" "$work/pool" <<'PY' || fail "digests"
import hashlib, json, pathlib, sys
for item in json.load(open(sys.argv[1]))["install"]:
    info = item["download_info"]
    name = info["url"].rsplit("/", 1)[1].replace("%2B", "+")
    want = hashlib.sha256((pathlib.Path(sys.argv[2]) / name).read_bytes()).hexdigest()
    assert info["archive_info"]["hashes"] == {"sha256": want}, info
PY
if grep -q 'GET /files/[^ ]*\.whl ' "$log"; then fail "a dry run of pip fetched a wheel"; fi
ok "pip resolves by metadata alone, and reports the digests of the files"

# refused TOOL WHAT FOLDER: an installation must fail, over a digest.
refused() {
  if "run_$1" "$url/simple/" "$3" sitedemo > "$work/out" 2>&1; then fail "$1 takes $2"; fi
  grep -qiE 'hash mismatch|not match the hashes|hash of' "$work/out" || fail "$1 fails for another reason: $(cat "$work/out")"
  ok "$1 refuses $2"
}

# A wheel with other bytes, and METADATA with other bytes. The copies break the
# links to the pool.
cp -r "$work/site" "$work/tampered"
python3 "$here/wheels.py" --tamper "$work/tampered/files/site_dep-1.0+local.1-py3-none-any.whl"
cp -r "$work/site" "$work/metadata"
echo "Requires-Dist: evil" >> "$work/metadata/files/site_dep-1.0+local.1-py3-none-any.whl.metadata"
for form in html json; do
  for tool in pip uv; do
    serve "$form" "$work/tampered"
    refused "$tool" "a tampered wheel ($form)" "$work/tampered-$form-$tool"
    serve "$form" "$work/metadata"
    refused "$tool" "tampered metadata ($form)" "$work/metadata-$form-$tool"
  done
done

# A second run reads no wheel and gives the same bytes, but for the times in the manifest
# at which links to the wheels came and went.
cp -r "$work/site" "$work/before"
"$work/wheeltag" index --out "$work/site" --views --target "$minor@manylinux_2_17_x86_64" "$work/pool" 2>&1 | grep -q '; 0 read, ' || fail "the second run reads wheels"
diff -r --exclude wheeltag-index.json "$work/before" "$work/site" || fail "the second run gives other bytes"
stamps() { grep -v '"ctime_ns"' "$1/wheeltag-index.json"; }
diff <(stamps "$work/before") <(stamps "$work/site") || fail "the second run gives another manifest"
ok "the second run reads no wheel and gives the same bytes"

# Poetry locks the newest version whatever its wheels are for, so it is given a limit.
# An older pip, which fetches no METADATA apart from wheels, Poetry and PDM: the same files.
if [ "${#more[@]}" = 3 ]; then
  oldpip=$(realpath -s "${more[0]}") poetry=$(realpath -s "${more[1]}") pdm=$(realpath -s "${more[2]}")
  for form in html json; do
    serve "$form" "$work/site"
    "${clean[@]}" "$oldpip" install --isolated --disable-pip-version-check --no-input --no-cache-dir --index-url "$url/simple/" --target "$work/old-$form" sitedemo > "$work/out" 2>&1 || fail "$(cat "$work/out")"
    installed "$("$oldpip" --version | cut -d' ' -f1,2)" "$work/old-$form"
    ok "$("$oldpip" --version | cut -d' ' -f1,2) installs from the $form pages"
    for tool in poetry pdm; do
      serve "$form" "$work/site"
      project=$work/$tool-$form
      mkdir "$project"
      printf '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=%s,<4"\ndependencies = ["sitedemo<2"]\n' "$minor" > "$project/pyproject.toml"
      case $tool in
      poetry)
        printf '[tool.poetry]\npackage-mode = false\n[[tool.poetry.source]]\nname = "site"\nurl = "%s/simple/"\n' "$url" >> "$project/pyproject.toml"
        "${clean[@]}" POETRY_VIRTUALENVS_IN_PROJECT=true POETRY_CACHE_DIR="$work/cache-$form" "$poetry" install --no-interaction --directory "$project" > "$work/out" 2>&1 || fail "$(cat "$work/out")"
        ;;
      pdm)
        printf '[tool.pdm]\ndistribution = false\n[[tool.pdm.source]]\nname = "pypi"\nurl = "%s/simple/"\n' "$url" >> "$project/pyproject.toml"
        "$python" -m venv "$project/.venv"
        "${clean[@]}" PDM_CHECK_UPDATE=false PDM_CACHE_DIR="$work/cache-pdm-$form" "$pdm" install --no-self --project "$project" > "$work/out" 2>&1 || fail "$(cat "$work/out")"
        ;;
      esac
      installed "$tool" "$(echo "$project"/.venv/lib/python*/site-packages)"
      if grep -qE '" (4|5)[0-9][0-9] ' "$log"; then fail "requests of $tool that failed: $(cat "$log")"; fi
      ok "$tool installs from the $form pages"
    done
  done
fi

# A lock file by uv, and the files that wheeltag selects of it: pip downloads exactly
# these, and installs them with their hashes.
serve html "$work/site"
mkdir "$work/project"
printf '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=%s"\ndependencies = ["sitedemo"]\n' "$minor" > "$work/project/pyproject.toml"
"${clean[@]}" "$uv" lock --quiet --no-config --no-cache --no-python-downloads --python "$python" --default-index "$url/simple/" --project "$work/project"
go build -C "$here/../../../.." -o "$work/requirements" ./examples/requirements
"$work/wheeltag" select --target "$minor@manylinux_2_17_x86_64" --profile uv --format json "$work/project/uv.lock" > "$work/files.jsonl"
"$work/requirements" < "$work/files.jsonl" > "$work/files.txt"
[ "$(wc -l < "$work/files.txt")" = 2 ] || fail "selected $(cat "$work/files.txt")"
"${clean[@]}" "$pip" download --isolated --disable-pip-version-check --no-input --no-cache-dir --quiet --no-index --no-deps --require-hashes --dest "$work/downloaded" --requirement "$work/files.txt"
[ "$(ls "$work/downloaded" | tr '\n' ' ')" = "site_dep-1.0+local.1-py3-none-any.whl sitedemo-1.1-2-py3-none-any.whl " ] || fail "downloaded $(ls "$work/downloaded")"
"${clean[@]}" "$pip" install --isolated --disable-pip-version-check --no-input --no-cache-dir --quiet --no-index --no-deps --require-hashes --target "$work/selected" --requirement "$work/files.txt"
installed pip "$work/selected"
ok "pip downloads and installs, with hashes, the files that are selected of uv.lock"

# Wheel variants: uv with its preview takes the best one by the site's variants.json, and
# pip the wheel that is none.
python3 "$here/wheels.py" --variants "$work/variants"
"$work/wheeltag" index --out "$work/variantsite" "$work/variants"
for form in html json; do
  serve "$form" "$work/variantsite"
  "${clean[@]}" "$uv" pip install --no-config --no-cache --no-python-downloads --python "$python" --default-index "$url/simple/" --target "$work/variant-uv-$form" --preview-features wheel-variants varied > "$work/out" 2>&1 || fail "$(cat "$work/out")"
  run_pip "$url/simple/" "$work/variant-pip-$form" varied > "$work/out" 2>&1 || fail "$(cat "$work/out")"
  for tool in uv pip; do
    got=$("$python" -c 'import sys; sys.path.insert(0, sys.argv[1]); import varied; print(varied.what)' "$work/variant-$tool-$form")
    case $tool:$got in
    uv:varied-1.0-py3-none-any-fast.whl | pip:varied-1.0-py3-none-any.whl) ok "$tool takes $got from the $form pages" ;;
    *) fail "$tool took $got" ;;
    esac
  done
done
