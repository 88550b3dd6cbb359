"""`python -m deploy.k8s.prometheus_rules`: write Prometheus' rules for the Prometheus Operator.

Prometheus' own files hold `groups`, which is the `spec` of a PrometheusRule as it stands.
"""

from pathlib import Path
from textwrap import indent

HERE = Path(__file__).parent
RULES = HERE.parent / "prometheus" / "rules"
WRITTEN = HERE / "overlays" / "production" / "prometheus-rules.yaml"

HEAD = """\
# Written from deploy/prometheus/rules by `python -m deploy.k8s.prometheus_rules`.
"""
RULE = """\
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: goodsout-{name}
spec:
"""


def prometheus_rules(folder: Path) -> str:
    """Give a PrometheusRule for every file of rules in `folder`, in the order of their names."""
    rules = (
        RULE.format(name=file.stem) + indent(file.read_text(), "  ")
        for file in sorted(folder.glob("*.yaml"))
    )
    return HEAD + "---\n".join(rules)


def main() -> None:
    """Write the manifest."""
    WRITTEN.write_text(prometheus_rules(RULES))


if __name__ == "__main__":
    main()
