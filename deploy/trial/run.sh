#!/usr/bin/env bash
# Bring up all of compose.yaml on this machine, walk notes through it, and take it down again.
#
# For machines that reach no registry of images: base images are made of Debian's packages, podman is
# the engine. Grafana is no package of Debian, so it stays away unless GRAFANA_IMAGE names an image that
# is here. What is made lies in build/trial and is used again; KEEP=1 leaves everything running.
set -euo pipefail
cd "$(dirname "$0")/../.."
trial=$PWD/deploy/trial
work=$PWD/build/trial
suite=bookworm

say() { printf 'trial: %s\n' "$1" >&2; }

need() {
    local missing=()
    for command in podman buildah runc docker-compose docker debootstrap iptables catatonit; do
        [ -n "$(PATH=$PATH:/usr/libexec/podman type -P "$command")" ] || missing+=("$command")
    done
    [ -x /usr/lib/podman/netavark ] || missing+=(netavark)
    [ -x /usr/lib/podman/aardvark-dns ] || missing+=(aardvark-dns)
    if [ "$(id -u)" != 0 ] || [ ${#missing[@]} != 0 ]; then
        say "it wants root on Debian 12; not here: ${missing[*]:-root}"
        say "apt-get install podman buildah runc docker-compose debootstrap iptables catatonit netavark aardvark-dns"
        exit 1
    fi
}

settle() {
    mkdir -p "$work"
    cat >"$work/storage.conf" <<CONF
[storage]
driver = "overlay"
graphroot = "$work/storage"
runroot = "$work/run"
CONF
    export CONTAINERS_CONF=$trial/containers.conf CONTAINERS_STORAGE_CONF=$work/storage.conf
    export DOCKER_HOST=unix://$work/podman.sock
}

build() { # name, file, folder, further words
    local name=$1 file=$2 folder=$3
    shift 3
    say "building $name"
    # chroot isolation needs no namespaces and lets the steps reach what this machine reaches.
    buildah bud -q --layers --isolation chroot --format docker -t "localhost/$name" -f "$file" "$@" "$folder" \
        >"$work/$name.log" 2>&1 || { tail -30 "$work/$name.log" >&2; exit 1; }
}

bases() {
    if ! podman image exists localhost/goodsout-trial-debian; then
        say "making a Debian of its packages"
        local mirror root=$work/debian
        # shellcheck disable=SC2016 # apt's own variable
        mirror=$(apt-get indextargets --format '$(REPO_URI)' "Codename: $suite" | head -1)
        rm -rf "$root"
        debootstrap --variant=minbase --include=ca-certificates "$suite" "$root" "$mirror" \
            >"$work/debootstrap.log"
        rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
        tar -C "$root" -c . | podman import -q - localhost/goodsout-trial-debian >/dev/null
        rm -rf "$root"
    fi
    for base in python postgresql rabbitmq prometheus; do
        build "goodsout-trial-$base" "$trial/$base.Containerfile" "$trial"
    done
}

image() {
    if ! cmp -s requirements/runtime.txt "$work/wheels/of.txt"; then
        say "collecting wheels"
        # Out here, where pip is set up to reach an index; the build itself reaches none.
        .venv/bin/python -m pip download -qq --disable-pip-version-check --no-deps \
            --require-hashes -r requirements/runtime.txt -d "$work/wheels"
        cp requirements/runtime.txt "$work/wheels/of.txt"
    fi
    build goodsout deploy/Dockerfile . -v "$work/wheels:/wheels:ro" \
        --build-arg PYTHON_IMAGE=localhost/goodsout-trial-python \
        --build-arg PIP_NO_INDEX=1 --build-arg PIP_FIND_LINKS=/wheels
    local base whole
    base=$(podman image inspect --format '{{.Size}}' localhost/goodsout-trial-python)
    whole=$(podman image inspect --format '{{.Size}}' localhost/goodsout)
    say "the image is $(((whole - base) / 1000000)) MB above its base of $((base / 1000000)) MB"
}

environment() {
    rm -f "$work/env"
    deploy/make-env.sh "$work/env" >/dev/null
    # Beside whatever else runs here, so at ports and under a name of its own.
    sed -i -e 's/:8100/:18100/g' -e 's/,8100/,18100/' -e 's/^PORTAL_URL=.*/PORTAL_URL=http:\/\/127.0.0.1:18000/' \
        -e 's/^COMPOSE_PROJECT_NAME=.*/COMPOSE_PROJECT_NAME=goodsout-trial/' "$work/env"
    cat >>"$work/env" <<ENV
GOODSOUT_IMAGE=localhost/goodsout
POSTGRESQL_IMAGE=localhost/goodsout-trial-postgresql
RABBITMQ_IMAGE=localhost/goodsout-trial-rabbitmq
PROMETHEUS_IMAGE=localhost/goodsout-trial-prometheus
PORTAL_ADDRESS=127.0.0.1:18000
ORDER_INGEST_ADDRESS=127.0.0.1:18001
SHIPMENT_RETURN_ADDRESS=127.0.0.1:18002
GRAFANA_ADDRESS=127.0.0.1:13000
SANDBOX_PORT=18100
ENV
    [ -z "${GRAFANA_IMAGE:-}" ] || echo "GRAFANA_IMAGE=$GRAFANA_IMAGE" >>"$work/env"
}

compose() { docker-compose --env-file "$work/env" -f deploy/compose.yaml --profile sandbox "$@"; }

services() {
    compose config --services | if [ -n "${GRAFANA_IMAGE:-}" ]; then cat; else grep -vx grafana; fi
}

look_after() { # podman leaves health checks to systemd, which may not be here
    local name
    while sleep 2; do
        for name in $(podman ps --format '{{.Names}}'); do
            podman healthcheck run "$name" >/dev/null 2>&1 || true
        done
    done
}

up() {
    podman system service --time 0 "$DOCKER_HOST" >"$work/podman.log" 2>&1 &
    engine=$!
    look_after &
    nurse=$!
    until [ -S "$work/podman.sock" ]; do sleep 0.2; done
    local begun=$SECONDS
    # shellcheck disable=SC2046 # one word a service
    compose up -d --no-build $(services)
    say "every process was healthy $((SECONDS - begun)) s after up"
    podman wait goodsout-trial_demo_1 >/dev/null
    podman logs goodsout-trial_demo_1
    [ "$(podman inspect --format '{{.State.ExitCode}}' goodsout-trial_demo_1)" = 0 ]
}

down() {
    [ -z "${KEEP:-}" ] || { say "left running; DOCKER_HOST=$DOCKER_HOST"; return; }
    say "taking everything down"
    compose down -v --remove-orphans >"$work/down.log" 2>&1 || tail -5 "$work/down.log" >&2
    kill "${nurse:-}" "${engine:-}" 2>/dev/null || true
    wait 2>/dev/null || true
    # podman leaves its storage mounted on itself, and `make clean` could not remove it.
    umount "$work/storage/overlay" 2>/dev/null || true
}

smoke() {
    make smoke IN=compose COMPOSE="docker-compose --env-file $work/env"
    .venv/bin/python - <<'PY'
from urllib.request import urlopen

for port, path in ((18000, "/login"), (18001, "/readyz"), (18002, "/readyz"), (18100, "/")):
    with urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        print(f"published: port {port} answers {answer.status} at {path}")
PY
}

need
settle
bases
image
environment
trap down EXIT
up
smoke
say "passed"
