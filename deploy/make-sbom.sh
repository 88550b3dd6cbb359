#!/usr/bin/env bash
# List what the image holds in build/sbom.json: the packages of requirements/runtime.txt and ours, set up
# as the Dockerfile does, and what Debian's base brings, where the image and an engine are at hand.
set -euo pipefail
cd "$(dirname "$0")/.."
engine=${ENGINE:-docker} image=${GOODSOUT_IMAGE:-goodsout:0.1.0}
contents=build/contents

say() { printf 'sbom: %s\n' "$1" >&2; }

rm -rf "$contents"
python3 -m venv --without-pip "$contents"
packages() { .venv/bin/python -m pip --python "$contents/bin/python" --disable-pip-version-check "$@"; }
packages install -qq --no-compile --require-hashes -r requirements/runtime.txt
packages install -qq --no-compile --no-deps --no-build-isolation .
packages uninstall -q -y setuptools
.venv/bin/cyclonedx-py environment --output-reproducible --pyproject pyproject.toml \
    -o build/sbom-python.json "$contents"
rm -rf "$contents"

debian=build/debian-packages.tsv
if "$engine" image inspect "$image" >/dev/null 2>&1; then
    # shellcheck disable=SC2016 # dpkg's own variables
    "$engine" run --rm --network none "$image" \
        dpkg-query -W -f '${Package}\t${Version}\t${Architecture}\n' >"$debian"
else
    say "$image is not here, so Debian's packages in it are not listed; make image builds it"
    : >"$debian"
fi
.venv/bin/python -m deploy.sbom build/sbom-python.json "$debian" build/sbom.json
