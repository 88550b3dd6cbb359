"""Add the Debian packages of the image to the list of its Python packages; see make-sbom.sh.

`python -m deploy.sbom python.json debian.tsv out.json`, all of CycloneDX 1.6 but the table of
dpkg-query: name, version and architecture.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL


def main() -> int:
    """Write the whole list, and say how long it is."""
    python, debian, out = map(Path, sys.argv[1:])
    bom = Bom.from_json(json.loads(python.read_text()))  # type: ignore[attr-defined]
    bom.components.update(debian_packages(debian.read_text().splitlines()))
    writer = make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6)
    out.write_text(writer.output_as_string(indent=2))
    print(f"sbom: {len(bom.components)} packages in {out}")
    return 0


def debian_packages(lines: Iterable[str]) -> list[Component]:
    """Give a component for each line of dpkg's table."""
    rows = (line.split("\t") for line in lines)
    return [
        Component(
            name=name,
            version=version,
            purl=PackageURL("deb", "debian", name, version, {"arch": architecture}),
            bom_ref=f"debian:{name}:{architecture}",
        )
        for name, version, architecture in rows
    ]


if __name__ == "__main__":
    sys.exit(main())
