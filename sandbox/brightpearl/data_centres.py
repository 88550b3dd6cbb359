"""Brightpearl's data centres: each account lives in one, and may move (contract section 1)."""

from sandbox.settings import Settings

EUW1, USE1 = "euw1", "use1"
CENTRES = (EUW1, USE1)


class DataCentres:
    """Tells by the name a caller used which data centre it called, and how each is named."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def called(self, host: str) -> str:
        """Name the data centre that answers at a request's host; every other name is euw1."""
        name, _, _ = host.partition(":")
        second = self._settings.use1_domain.partition(":")[0] or self._settings.second_host
        return USE1 if second and name == second else EUW1

    def domain(self, centre: str, host: str) -> str:
        """Give the `api_domain` of a data centre to someone who called us at `host`."""
        settings = self._settings
        told = settings.use1_domain if centre == USE1 else settings.euw1_domain
        if told:
            return told
        if self.called(host) == centre:
            return host
        _, colon, port = host.partition(":")
        return f"{settings.second_host if centre == USE1 else settings.host}{colon}{port}"
