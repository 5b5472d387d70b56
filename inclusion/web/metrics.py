"""The figures an operator watches; without this file nobody would notice a slow or failing service before the residents do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

Figures = Callable[[], Mapping[str, int]]
ASK_SECONDS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0, 10.0)


def nothing_waiting() -> Mapping[str, int]:
    return {}


class Metrics:
    """Counters in a registry of their own, so that two apps in one test never share figures."""

    def __init__(self, outbox: Figures = nothing_waiting, inbox: Figures = nothing_waiting) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "inclusion_http_requests", "Requests by route and status", ["method", "route", "status"], registry=self.registry
        )
        self._ask_seconds = Histogram("inclusion_ask_seconds", "Time to answer one question", buckets=ASK_SECONDS, registry=self.registry)
        self._answers = Counter("inclusion_answers", "Answers by action", ["action"], registry=self.registry)
        self._saved = Counter("inclusion_webhook_events_saved", "New webhook events saved", ["channel"], registry=self.registry)
        self.registry.register(_StateGauge("inclusion_outbox_messages", "Messages in the outbox by state", outbox))
        self.registry.register(_StateGauge("inclusion_inbox_events", "Events in the inbox by state", inbox))

    def request_served(self, method: str, route: str, status: int) -> None:
        self._requests.labels(method, route, str(status)).inc()

    def question_answered(self, action: str, seconds: float) -> None:
        self._answers.labels(action).inc()
        self._ask_seconds.observe(seconds)

    def events_saved(self, channel: str, count: int) -> None:
        self._saved.labels(channel).inc(count)

    def watch(self, name: str, meaning: str, figures: Figures) -> None:
        """Figures of another part, asked for when they are read."""
        self.registry.register(_StateGauge(name, meaning, figures))

    def as_text(self) -> bytes:
        """The Prometheus text format."""
        return generate_latest(self.registry)


class _StateGauge(Collector):
    """Asks the inbox or outbox at the moment the figures are read; nothing is counted twice."""

    def __init__(self, name: str, meaning: str, figures: Figures) -> None:
        self._name, self._meaning, self._figures = name, meaning, figures

    def collect(self) -> Iterator[GaugeMetricFamily]:
        gauge = GaugeMetricFamily(self._name, self._meaning, labels=["state"])
        for state, count in self._figures().items():
            gauge.add_metric([state], count)
        yield gauge

    def describe(self) -> list[GaugeMetricFamily]:
        """Named ahead, so that registering does not yet ask the database."""
        return [GaugeMetricFamily(self._name, self._meaning, labels=["state"])]
