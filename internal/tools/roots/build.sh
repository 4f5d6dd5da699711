#!/bin/bash
# Builds root file systems of Debian for seven machines, and a few of other
# layouts, by unpacking packages: nothing of them is run.
#
#   internal/tools/roots/build.sh DIR [NAME...]
#
# Needs apt, dpkg-deb and a Debian mirror, which it takes from the machine's own
# sources. Roots that are there already are left as they are.
set -euo pipefail

out=$(mkdir -p "$1" && cd "$1" && pwd)
shift
wanted=" $* "

# The mirror that this machine uses, whichever form its sources have.
mirror=$( (cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null || true) |
  sed -n 's/^URIs: *\([^ ]*debian\)\/*$/\1/p; s/^deb \(\[[^]]*\] \)\?\([^ ]*\/debian\)\/* .*/\2/p' | sed q)
keys=/usr/share/keyrings/debian-archive-keyring.gpg

# root NAME SUITE ARCH PACKAGE... unpacks packages and what they depend on.
root() {
  local name=$1 suite=$2 arch=$3 state archives
  shift 3
  if [[ $wanted != "  " && $wanted != *" $name "* || -e $out/$name.done ]]; then return; fi
  echo "roots: $name" >&2
  state=$out/.apt-$suite-$arch
  archives=$state/archives-$name # so that it holds the packages of this root alone
  mkdir -p "$state/lists/partial" "$archives/partial" "$state/etc"
  : > "$state/status"
  echo "deb [signed-by=$keys] $mirror $suite main" > "$state/etc/sources.list"
  local apt=(apt-get -qq -o Dir::State="$state" -o Dir::State::status="$state/status"
    -o Dir::Etc::sourcelist="$state/etc/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o Dir::Etc::preferencesparts=/dev/null -o Dir::Cache="$state" -o Dir::Cache::archives="$archives" -o APT::Architecture="$arch"
    -o APT::Architectures::="$arch" -o APT::Sandbox::User=root -o Acquire::Languages=none
    -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false -o Debug::NoLocking=true)
  "${apt[@]}" update
  "${apt[@]}" install --no-install-recommends --download-only --yes "$@"
  rm -rf "${out:?}/$name"
  mkdir -p "$out/$name"
  # As the installer of the distribution leaves it: /lib and /bin are links.
  local dir
  for dir in bin sbin lib; do mkdir -p "$out/$name/usr/$dir"; ln -s "usr/$dir" "$out/$name/$dir"; done
  if [[ $arch == amd64 || $arch == ppc64el ]]; then mkdir -p "$out/$name/usr/lib64"; ln -s usr/lib64 "$out/$name/lib64"; fi
  local deb
  for deb in "$archives"/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$out/$name" --keep-directory-symlink
  done
  rm -rf "$archives"
  # What the packages' own scripts would have made.
  ln -sf bash "$out/$name/usr/bin/sh" 2>/dev/null || true
  if [[ -e $out/$name/usr/bin/dash ]]; then ln -sf dash "$out/$name/usr/bin/sh"; fi
  touch "$out/$name.done"
}

for arch in amd64 arm64 armhf i386 ppc64el s390x; do
  root "bookworm-$arch" bookworm "$arch" base-files dash python3 libstdc++6
done
for arch in amd64 riscv64; do
  root "trixie-$arch" trixie "$arch" base-files dash python3 libstdc++6
done
root slim-amd64 bookworm amd64 base-files dash python3
root pypy-amd64 bookworm amd64 base-files dash pypy3
root debug-amd64 bookworm amd64 base-files dash python3-dbg
root nopython-arm64 bookworm arm64 base-files dash libc6
for arch in amd64 arm64 s390x; do root "musl-$arch" bookworm "$arch" musl; done
root mixed-amd64 bookworm amd64 base-files dash python3 musl libc6-i386
# Loaders of other releases, with what they need to start a program.
root libc-bullseye-amd64 bullseye amd64 base-files libc6
root libc-trixie-amd64 trixie amd64 base-files libc6
for arch in arm64 s390x; do root "libc-bookworm-$arch" bookworm "$arch" base-files libc6; done
root libc-musl-trixie-amd64 trixie amd64 musl
