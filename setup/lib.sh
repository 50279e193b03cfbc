# shellcheck shell=bash
# Shared by run, test and .ci/run, which source it. Sets `root`; every function ends the script with a message that says
# what failed and what to do. Exit code 4: something here failed.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "pyrometer: $*"
  exit 4
}

# need_packages LIST...: installs what setup/LIST names and is missing. Asks nothing and is silent when all is there.
need_packages() {
  local wanted missing
  mapfile -t wanted < <(cd "$root/setup" && sed -e 's/#.*//' -e '/^[[:space:]]*$/d' -- "$@")
  if ! command -v dpkg-query >/dev/null; then
    say "pyrometer: this is no Debian system; going on in the hope that these are installed: ${wanted[*]}"
    return
  fi
  missing=$(comm -23 <(printf '%s\n' "${wanted[@]}" | sort -u) \
    <(dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' "${wanted[@]}" 2>/dev/null | sed -n 's/^ii  *//p' | sort -u))
  [[ -n $missing ]] || return 0
  local packages as_root=()
  mapfile -t packages <<<"$missing"
  if ((EUID != 0)); then
    command -v sudo >/dev/null ||
      fail "packages are missing and this user is not root. Run as root: apt-get install --no-install-recommends ${packages[*]}"
    as_root=(sudo)
  fi
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
  local log
  mkdir -p "$root/.pyrometer"
  log=$root/.pyrometer/packages.log
  say "pyrometer: installing ${packages[*]}"
  if ! "${apt[@]}" update >"$log" 2>&1; then
    sleep 5
    "${apt[@]}" update >"$log" 2>&1 || say "pyrometer: the package lists could not be renewed; trying with those there are"
  fi
  "${apt[@]}" install --no-install-recommends "${packages[@]}" >>"$log" 2>&1 </dev/null || {
    tail -n 15 "$log" >&2
    fail "apt could not install ${packages[*]} (all of it: $log). Check the network and the free space, then start again."
  }
}

# build PRESET [TARGET...]: configures and builds what changed since the last time; returns at once when nothing did.
build() {
  local preset=$1 folder=$root/build/$1 stamp=$root/build/$1/.built
  shift
  local targets=("$@")
  ((${#targets[@]} == 0)) || targets=(--target "${targets[@]}")
  local sources=("$root/CMakeLists.txt" "$root/CMakePresets.json" "$root/cmake" "$root/src" "$root/apps" "$root/contracts" "$root/web" "$root/.pyrometer/fetched")
  [[ $preset == release ]] || sources+=("$root/tests" "$root/training" "$root/bench")
  if [[ -e $stamp && -z $(find "${sources[@]}" \( -name __pycache__ -o -name node_modules -o -name schema.d.ts \) -prune -o -newer "$stamp" -print -quit 2>/dev/null) ]]; then
    return
  fi
  mkdir -p "$folder"
  # One build at a time in a folder: a second start waits for the first.
  exec 9>"$folder/.lock"
  flock 9
  local started log=$folder/build.log
  started=$(mktemp "$folder/.started.XXXXXX")
  say "pyrometer: building ($preset)"
  if ! (cd "$root" && cmake --preset "$preset") >"$log" 2>&1; then
    tail -n 25 "$log" >&2
    rm -f "$started"
    fail "cmake could not configure (all of it: $log). If a package is named above, install it; after an upgrade of the system delete $folder and start again."
  fi
  # On a terminal ninja's progress is shown, and kept in no file; elsewhere only what went wrong is.
  if [[ -t 2 ]]; then
    cmake --build "$folder" "${targets[@]}" >&2 || { rm -f "$started"; fail "the build failed; the first error stands above. Report it, or delete $folder and start again."; }
  elif ! cmake --build "$folder" "${targets[@]}" >>"$log" 2>&1; then
    grep -nE -A12 'error|FAILED|Killed' "$log" | head -n 60 >&2
    rm -f "$started"
    fail "the build failed (all of it: $log). If the compiler was killed, memory ran out: set CMAKE_BUILD_PARALLEL_LEVEL=1 and start again."
  fi
  mv -f "$started" "$stamp"  # as old as the start of this build: what was edited meanwhile is built next time
  flock -u 9
  exec 9>&-
}
