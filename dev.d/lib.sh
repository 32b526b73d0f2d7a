# What the commands of dev.d/ share. They are started by ./dev, in the root of the project.

# Debian 12 packages to build and run.
build_packages=(
    gcc libc6-dev cmake ninja-build pkg-config
    libbson-dev libmongoc-dev libsqlite3-dev libsodium-dev libutf8proc-dev libjansson-dev libpcre2-dev
    libjwt-dev libssl-dev libargon2-dev libcurl4-openssl-dev libinih-dev libh2o-evloop-dev
    libfido2-dev libcbor-dev libarchive-dev
    libgd-dev libexif-dev libjpeg62-turbo-dev libpng-dev libwebp-dev libseccomp-dev libgeos-dev zlib1g-dev
    libpoppler-glib-dev libqpdf-dev libcairo2-dev libfontconfig-dev
    libpango1.0-dev libqrencode-dev fonts-noto-core
    ffmpeg
)
# to walk through it (./dev run, ./dev tour)
tour_packages=(curl jq python3 openssl)
# and to test. Node and npm are added where there is no node of version 20 or above.
test_packages=(
    libcmocka-dev python3 ca-certificates openssl
    maven default-jdk-headless chromium poppler-utils zbar-tools
    clang-14 clang-format-14 clang-tidy-14 libclang-rt-14-dev llvm-14
)

say() { printf '\033[1m==> %s\033[0m\n' "$*"; }
fail() { printf '%s\n' "./dev: $*" >&2; exit 1; }

node_major() { node --version 2>/dev/null | sed -n 's/^v\([0-9]*\).*/\1/p'; }
node_is_new() { [ "$(node_major)" ] && [ "$(node_major)" -ge 20 ]; }

# need_packages NAME…: installs those that are missing.
need_packages() {
    local missing=() name as_root=()
    for name in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || missing+=("$name")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null || fail "needs Debian 12, or these packages' like: ${missing[*]}"
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "install as root: apt-get install ${missing[*]}"
        as_root=(sudo)
    fi
    say "installing ${missing[*]}"
    "${as_root[@]}" apt-get -qq update
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 install \
        --no-install-recommends -y "${missing[@]}" >/dev/null
}

need_build() { need_packages "${build_packages[@]}"; }

# Node ≥ 20 on PATH (Debian 12 has 18, whose npm then brings 22), and the packages of the tests.
need_test() {
    need_packages "${build_packages[@]}" "${test_packages[@]}"
    node_is_new && command -v npm >/dev/null || need_node
    need_npm tests/api
    need_npm tests/mongo
    need_npm tests/web
    need_npm web
}

need_node() {
    need_packages nodejs npm
    node_is_new && return
    need_npm tests/node
    local bin
    for bin in "$PWD"/tests/node/node_modules/node-linux-*/bin; do
        [ -x "$bin/node" ] && PATH=$bin:$PATH
    done
    export PATH
    hash -r
    node_is_new || fail "tests/node brought no node of version 20 or above"
}

# need_npm FOLDER: its node_modules are those of its lock file.
need_npm() {
    local installed=$1/node_modules/.installed
    cmp -s "$1/package-lock.json" "$installed" && return
    say "installing the packages of $1"
    (cd "$1" && npm ci --no-audit --no-fund --loglevel=error)
    cp "$1/package-lock.json" "$installed"
}

# The e-ID provider of the demonstration.
need_eid() {
    node_is_new && command -v npm >/dev/null || need_node
    need_npm tests/api
}

# need_go FOLDER: a Go that its go.mod takes. Debian 12 has 1.19; bookworm-backports and go.dev have newer.
need_go() {
    command -v go >/dev/null || fail "needs Go, as new as $1/go.mod says"
    local said
    said=$(cd "$1" && go list -m 2>&1) || fail "$1 needs another Go: $said"
}

# build PRESET [TARGET…]: configures and builds; quiet while all is well.
build() {
    local preset=$1 log
    shift
    log=$(mktemp)
    if ! cmake --preset "$preset" >"$log" 2>&1; then
        cat "$log"
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
    cmake --build --preset "$preset" ${1:+--target "$@"}
}
