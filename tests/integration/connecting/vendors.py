"""The sandbox as these tests turn it: what it is told, and what it counted."""

from typing import Any

from tests.contract.sandbox.process import Process


class Vendors:
    """Both simulated vendors in one process."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self.host = f"127.0.0.1:{process.port}"
        self.second_host = f"127.0.0.2:{process.port}"
        self.url = f"http://{self.host}"

    def control(self, path: str, **body: Any) -> Any:
        """Ask the control room for something."""
        answer = self._process.call("POST", f"/control/{path}", body)
        answer.raise_for_status()
        return answer.json()

    def read(self, path: str) -> Any:
        """Read from the control room."""
        return self._process.call("GET", f"/control/{path}").json()

    def turn(self, **switches: Any) -> None:
        """Turn switches for all accounts."""
        self.control("switches", **switches)

    def fault(self, vendor: str, kind: str, **more: Any) -> None:
        """Let a fault wait for the next calls."""
        self.control("faults", vendor=vendor, kind=kind, **more)

    def calls(self, operation: str, vendor: str = "brightpearl", account: str = "demo") -> int:
        """Count an account's calls of one operation since the first day."""
        counted = self.read("calls")["operations"].get(vendor, {}).get(account, {})
        found: int = counted.get(operation, 0)
        return found

    def approve(self, address: str, decision: str = "approve") -> str:
        """Go to the consent page as a browser does; gives where it leads back to."""
        answer = self._process.session.get(
            f"{address}&decision={decision}", allow_redirects=False, timeout=10
        )
        return answer.headers["Location"]
