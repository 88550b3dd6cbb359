"""The one way out to the vendors: bounded in time, size and repeats, and every call recorded."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import BaseAdapter
from tenacity import RetryCallState, Retrying, retry_if_exception_type, retry_if_result
from tenacity.wait import wait_random_exponential

from shared.errors import GoodsoutError, Permanent, Transient, UnknownOutcome
from shared.vendors.bounded_reading import BoundedAdapter, answer_within
from shared.vendors.calls import Budget, Call, Watch, note
from shared.vendors.captured import captured
from shared.vendors.exchange import Answer, Ask, Effect
from shared.vendors.trouble import Trouble, kind_of, may_have_been_sent

CONNECTIONS = 16  # kept open per host; more threads than this wait for none, they open their own
REDIRECTS = 3  # followed for reads only, and only on the same host
GATEWAY_TROUBLE = frozenset({502, 504})  # a proxy's answer: worth another try within the call
REDIRECTED = frozenset({301, 302, 303, 307, 308})

REASONS: Mapping[str, str] = {
    "connection_broken": "The vendor refused our credentials; reconnect the account.",
    "out_of_budget": "The vendor's budget is used up for now; it goes on by itself.",
    "vendor_unreachable": "The vendor could not be reached; it is tried again by itself.",
    "vendor_silent": "The vendor's answer was lost; we look whether the write happened.",
    "answer_too_large": "The vendor's answer was larger than allowed; tell the operator.",
    "foreign_redirect": "The vendor sent us to another host, which we never follow.",
}

Receipt = Callable[[Answer], tuple[str, Budget]]


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long one call may take, in seconds; `tries` and `within` count only for safe calls."""

    connect: float = 5.0
    read: float = 15.0
    total: float = 25.0
    tries: int = 3
    within: float = 10.0
    largest_answer: int = 16 * 1024 * 1024  # bytes


def _nothing_told(_answer: Answer) -> tuple[str, Budget]:
    return "", Budget()


class VendorHttp:
    """Send requests of one vendor; may be shared by threads.

    The connection pool is one for all threads (urllib3's pools are safe to share), the
    `requests.Session` around it is each thread's own (sessions are not).
    """

    def __init__(
        self,
        vendor: str,
        *,
        receipt: Receipt = _nothing_told,
        watch: Watch | None = None,
        patience: Patience = Patience(),
        proxies: Mapping[str, str] | None = None,
        adapter: BaseAdapter | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        elapsed: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`receipt` finds the vendor's request id and budget in an answer.

        `watch` must not raise: by then a write may have happened.
        """
        self.vendor = vendor
        self.clock = clock
        self._receipt = receipt
        self._watch = watch
        self._patience = patience
        self._proxies = dict(proxies or {})
        self._adapter = adapter or BoundedAdapter(
            pool_connections=4, pool_maxsize=CONNECTIONS, max_retries=0
        )
        self._elapsed = elapsed
        self._sleep = sleep
        self._own = threading.local()

    def send(self, ask: Ask) -> Answer:
        """Make the request and hand back any answer, whatever its status.

        Safe calls are tried up to three times. Raises Transient when nothing can have happened,
        UnknownOutcome when a write's fate is not known, Permanent for an answer beyond the bound.
        """
        try:
            if not ask.effect.safe_to_repeat:
                return self._once(ask)
            return self._patiently(ask)
        except Trouble as trouble:
            raise self._error(ask, trouble) from trouble.__cause__

    def _patiently(self, ask: Ask) -> Answer:
        begun = self._elapsed()

        def enough(state: RetryCallState) -> bool:
            spent = self._elapsed() - begun + state.upcoming_sleep
            return state.attempt_number >= self._patience.tries or spent > self._patience.within

        tries = Retrying(
            stop=enough,
            wait=wait_random_exponential(multiplier=0.2, max=2),
            retry=retry_if_exception_type(Trouble)
            | retry_if_result(lambda answer: answer.status in GATEWAY_TROUBLE),
            sleep=self._sleep,
            # Out of tries: the last answer or the last trouble, not tenacity's wrapping.
            retry_error_callback=lambda state: state.outcome and state.outcome.result(),
        )
        answer: Answer = tries(self._once, ask)
        return answer

    def _once(self, ask: Ask) -> Answer:
        answer = self._recorded(ask)
        for _ in range(REDIRECTS):
            target = _next_stop(ask, answer)
            if target is None:
                break
            ask = replace(ask, url=target)
            answer = self._recorded(ask)
        return answer

    def _recorded(self, ask: Ask) -> Answer:
        reservation = ask.allowance.reserve(ask.cost) if ask.allowance else None
        started, begun = self.clock(), self._elapsed()
        answer: Answer | None = None
        try:
            answer = self._exchange(ask, begun)
        finally:
            request_id, budget = self._receipt(answer) if answer else ("", Budget())
            call = Call(
                vendor=self.vendor,
                operation=ask.operation,
                status=answer.status if answer else None,
                request_id=request_id,
                started=started,
                seconds=self._elapsed() - begun,
                budget=budget,
                exchange=captured(self.vendor, ask, answer),
            )
            note(call)
            if reservation is not None:
                reservation.spent(call)
            if self._watch is not None:
                self._watch(call)
        return replace(answer, request_id=request_id)

    def _exchange(self, ask: Ask, begun: float) -> Answer:
        try:
            with (
                answer_within(self._patience.total),
                self._session().request(
                    ask.method,
                    ask.url,
                    data=ask.body,
                    headers=dict(ask.headers),
                    timeout=(self._patience.connect, self._patience.read),
                    allow_redirects=False,
                    stream=True,
                ) as response,
            ):
                body = self._bounded(response, begun)
                return Answer(
                    status=response.status_code, headers=dict(response.headers), body=body
                )
        except requests.RequestException as error:
            raise Trouble(kind_of(error), sent=may_have_been_sent(error)) from None

    def _bounded(self, response: requests.Response, begun: float) -> bytes:
        body = bytearray()
        for piece in response.iter_content(64 * 1024):
            body += piece
            if len(body) > self._patience.largest_answer:
                raise Trouble("too large an answer", sent=True, code="answer_too_large")
            if self._elapsed() - begun > self._patience.total:
                raise Trouble("too slow an answer", sent=True)
        return bytes(body)

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._own, "session", None)
        if session is None:
            session = requests.Session()
            # A netrc of the machine must never replace our credentials.
            session.trust_env = False
            session.proxies = dict(self._proxies)
            session.mount("https://", self._adapter)
            session.mount("http://", self._adapter)
            self._own.session = session
        return session

    def _error(self, ask: Ask, trouble: Trouble) -> GoodsoutError:
        where = f"{self.vendor} ({ask.operation}): {trouble}"
        if trouble.code and ask.effect is Effect.READ:
            return Permanent(f"{where}; {REASONS[trouble.code]}", code=trouble.code)
        if ask.effect.safe_to_repeat or not trouble.sent:
            harmless = ask.effect is Effect.READ or not trouble.sent
            rest = "nothing was changed" if harmless else "a repeat does no harm"
            return Transient(f"{where}; {rest}.", code="vendor_unreachable")
        return UnknownOutcome(f"{where}; it may have happened, we look.", code="vendor_silent")


def _next_stop(ask: Ask, answer: Answer) -> str | None:
    """Say where a read is sent on to, None when it stays; a token never follows elsewhere."""
    location = answer.header("location")
    if answer.status not in REDIRECTED or ask.effect is not Effect.READ or not location:
        return None
    if ask.method != "GET":
        return None
    target = urljoin(ask.url, location)
    here, there = urlsplit(ask.url), urlsplit(target)
    if (here.scheme, here.netloc) != (there.scheme, there.netloc):
        raise Trouble("sent on to another host", sent=True, code="foreign_redirect")
    return target
