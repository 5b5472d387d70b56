"""What a bad network does to a room, and how long until it is repaired or cleared away: measured here, stated in docs/streaming.md.

    python -m tests.streaming.bad_networks               the table, six seconds of picture in each row
    python -m tests.streaming.bad_networks --seconds 300

All times are those of a clock that only these stories move, with 80 ms to the server and back.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from .browsers import KEY_FRAME
from .networks import Camera, Land, Network, Watcher

SECONDS: Final = 6.0
AFTERWARDS_S: Final = 4.0
AWAY: Final = ("192.0.2.200", 60_000)


@dataclass(frozen=True, slots=True)
class Found:
    """The worst time in seconds, what it is the time of, and how many holes there were."""

    seconds: float
    what: str
    holes: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """`within_s` is what docs/streaming.md promises."""

    name: str
    within_s: float
    measure: Callable[[float], Found]


def of_viewer(network: Callable[[], Network]) -> Callable[[float], Found]:
    """The viewer's network is bad."""
    return lambda seconds: _watched(Network(1), network(), seconds)


def of_publisher(network: Callable[[], Network]) -> Callable[[float], Found]:
    """The publisher's network is bad."""
    return lambda seconds: _watched(network(), Network(1), seconds)


def joining(loss: float) -> Callable[[float], Found]:
    """Offer to first picture while every handshake packet may be lost; the worst of ten."""

    def measure(_seconds: float) -> Found:
        land, _ = on_the_air()
        return Found(max(_joined(land, Network(seed, loss), seed) for seed in range(1, 11)), "offer to first picture, worst of ten")

    return measure


def viewer_moves(seconds: float) -> Found:
    """The phone changes from one network to another: how long its picture stands still."""
    land, camera = on_the_air()
    watcher = seated(land, Network(2))
    land.pass_time(seconds)
    watcher.move(AWAY)
    left = watcher.last_at
    land.until(lambda: watcher.last_at > left, 10)
    still = watcher.last_at - left
    _finish(land, camera, watcher)
    return Found(still, "no packet; then all that was missed", len(watcher.mended))


def publisher_moves(seconds: float) -> Found:
    land, camera = on_the_air()
    watcher = seated(land, Network(2))
    land.pass_time(seconds)
    camera.move(AWAY)
    session = next(one for one in land.house.sessions.values() if one.act == "publish")
    took = land.until(lambda: session.peer.address == AWAY, 10)
    _finish(land, camera, watcher)
    return Found(took, "its new address is the one we answer to")


def breaks_off(seconds: float) -> Found:
    """Nothing gets through to the viewer for three seconds."""
    land, camera = on_the_air()
    watcher = seated(land, Network(2))
    land.pass_time(seconds)
    watcher.network.broken = True
    land.pass_time(3.0)
    watcher.network.broken = False
    _finish(land, camera, watcher)
    return Found(watcher.worst_s, "after it is back, all that was missed is there", len(watcher.mended))


def publisher_returns(seconds: float) -> Found:
    """It vanishes and comes back with its ticket from another network ten seconds later."""
    land, camera = on_the_air()
    watcher = seated(land, Network(2))
    land.pass_time(seconds)
    camera.vanish()
    land.pass_time(10.0)
    again = Camera(land, Network(3), address=AWAY, token=camera.token)
    began, before = land.seconds, len(watcher.order)
    again.connect()
    land.until(lambda: len(watcher.order) > before, 10)
    assert watcher.got[watcher.order[before]].startswith(KEY_FRAME)
    assert watcher.connected and len({ssrc for ssrc, _ in watcher.order}) == 1
    return Found(land.seconds - began, "its offer to the next whole picture, on the same connection")


def publisher_vanishes(_seconds: float) -> Found:
    land, camera = on_the_air()
    camera.vanish()
    took = land.until(lambda: not land.house.rooms["hall"].live, 60)
    assert Watcher(land, Network(5)).ask().status == 409
    return Found(took, "viewers who come are told to wait (409)")


def room_without_publisher(_seconds: float) -> Found:
    land, camera = on_the_air()
    watcher = seated(land, Network(2))
    camera.vanish()
    took = land.until(lambda: not land.house.rooms and not land.house.sessions, 120)
    land.pass_time(0.1)
    assert watcher.handshake.closed_by_peer
    return Found(took, "its viewers are sent home, nothing of the room is left")


def viewer_vanishes(_seconds: float) -> Found:
    land, _ = on_the_air()
    watcher, stays = seated(land, Network(2)), seated(land, Network(3), 2)
    watcher.vanish()
    took = land.until(lambda: len(land.house.rooms["hall"].viewers) == 1, 60)
    assert stays.network.arrivals(0) and len(land.house.sessions) == 2
    return Found(took, "its seat and its session are free")


def never_connects(_seconds: float) -> Found:
    land, _ = on_the_air()
    Watcher(land, Network(2, broken=True), address=("198.51.100.9", 1)).begin()
    return Found(land.until(lambda: len(land.house.sessions) == 1, 60), "its seat and its session are free")


ROWS: Final = (
    *(
        Row(f"viewer loses {loss} % each way", within, of_viewer(lambda loss=loss: Network(4, loss / 100)))
        for loss, within in ((1, 0.4), (5, 0.8), (20, 1.6))
    ),
    *(
        Row(f"publisher loses {loss} % each way", within, of_publisher(lambda loss=loss: Network(4, loss / 100)))
        for loss, within in ((1, 0.4), (5, 0.8), (20, 1.6))
    ),
    Row("a tenth of a viewer's packets 60 ms late", 0.2, of_viewer(lambda: Network(5, late=0.1))),
    Row("a tenth of the publisher's packets 60 ms late", 0.2, of_publisher(lambda: Network(5, late=0.1))),
    Row("every fifth packet to a viewer twice", 0.0, of_viewer(lambda: Network(6, doubled=0.2))),
    Row("every fifth packet of the publisher twice", 0.0, of_publisher(lambda: Network(6, doubled=0.2))),
    Row("viewer's packets 0 to 150 ms late (jitter)", 0.3, of_viewer(lambda: Network(7, jitter_s=0.15))),
    Row("publisher's packets 0 to 150 ms late (jitter)", 0.3, of_publisher(lambda: Network(7, jitter_s=0.15))),
    Row("all of it at once to a viewer, 5 % lost", 1.0, of_viewer(lambda: Network(8, 0.05, jitter_s=0.1, late=0.1, doubled=0.1))),
    Row("joining while 20 % is lost", 5.0, joining(0.2)),
    Row("nothing gets through for 3 s", 0.5, breaks_off),
    Row("viewer changes network", 3.0, viewer_moves),
    Row("publisher changes network", 3.0, publisher_moves),
    Row("publisher vanishes and comes back", 1.0, publisher_returns),
    Row("publisher vanishes", 31.5, publisher_vanishes),
    Row("publisher vanishes for good", 63.0, room_without_publisher),
    Row("viewer vanishes without DELETE", 31.5, viewer_vanishes),
    Row("viewer asks and never connects", 21.5, never_connects),
)


def on_the_air() -> tuple[Land, Camera]:
    land = Land()
    camera = Camera(land, Network(9))
    camera.connect()
    land.pass_time(0.3)
    return land, camera


def seated(land: Land, network: Network, number: int = 1, asks: bool = True) -> Watcher:
    watcher = Watcher(land, network, asks, address=("198.51.100.7", 5000 + number))
    watcher.connect()
    return watcher


def _watched(publishers: Network, viewers: Network, seconds: float) -> Found:
    land = Land()
    camera = Camera(land, publishers)
    camera.connect()
    watcher = seated(land, viewers)
    land.pass_time(seconds)
    _finish(land, camera, watcher)
    return Found(watcher.worst_s, "a hole is closed", len(watcher.mended))


def _finish(land: Land, camera: Camera, watcher: Watcher, seconds: float = AFTERWARDS_S) -> None:
    """Let the last repairs arrive on a good network. Then nothing may be missing, and nothing may have come in another form."""
    for network in (camera.network, watcher.network):
        network.loss = 0.0
    land.pass_time(1.0)
    camera.on_air = False
    land.pass_time(seconds)
    seen = watcher.payloads()
    last_whole = max(at for at, payload in enumerate(seen) if payload.startswith(KEY_FRAME))
    assert not watcher.holes
    assert seen[last_whole:] == camera.made[-len(seen[last_whole:]) :]
    assert len(set(seen)) == len(seen) and set(seen) <= set(camera.made)


def _joined(land: Land, network: Network, number: int) -> float:
    watcher, began = Watcher(land, network, address=("198.51.100.8", 6000 + number)), land.seconds
    watcher.begin()
    land.until(lambda: watcher.sees, 20)
    watcher.vanish()
    return land.seconds - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    seconds = parser.parse_args().seconds
    print("| | stated, s | measured, s | of what | holes |\n|---|---|---|---|---|")
    for row in ROWS:
        found = row.measure(seconds)
        print(f"| {row.name} | {row.within_s:g} | {found.seconds:.2f} | {found.what} | {found.holes or '–'} |", flush=True)


if __name__ == "__main__":
    main()
