"""A real coturn lets in whom our links let in, for as long as they say: TURN passwords that run out (draft-uberti-behave-turn-rest-00)."""

from __future__ import annotations

import asyncio
import functools
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from aioice import turn
from aioice.stun import TransactionFailed

from streaming import IceServer, Relays

from .chromium import in_chromium, shown, watch
from .conftest import RELAY_SECRET, TURNSERVER

PATIENCE_S = 20.0

pytestmark = pytest.mark.skipif(TURNSERVER is None, reason="coturn is not installed, so its check of our passwords was not tried.")


def link_of(port: int, secret: str = RELAY_SECRET, lives: timedelta = timedelta(hours=4)) -> IceServer:
    (server,) = Relays((f"turn:127.0.0.1:{port}?transport=udp",), secret, lives).for_now(datetime.now(UTC))
    return server


async def relayed(port: int, server: IceServer) -> tuple[str, int]:
    """The address coturn lends us. Raises TransactionFailed when it refuses, TimeoutError when it never answers."""

    async def ask() -> tuple[str, int]:
        transport, _ = await turn.create_turn_endpoint(
            asyncio.DatagramProtocol, server_addr=("127.0.0.1", port), username=server.username, password=server.credential
        )
        with closing(transport):
            host, lent = transport.get_extra_info("sockname")
            return host, lent

    until = asyncio.get_running_loop().time() + PATIENCE_S
    while True:
        try:
            return await asyncio.wait_for(ask(), PATIENCE_S)
        except (ConnectionError, OSError):  # it is still starting
            if asyncio.get_running_loop().time() > until:
                raise
            await asyncio.sleep(0.2)


async def test_coturn_lends_a_port_to_who_holds_our_password(coturn):
    host, port = await relayed(coturn, link_of(coturn))
    assert host == "127.0.0.1"
    assert port != coturn


@pytest.mark.parametrize("refused", ["run out", "another secret", "another day's name"])
async def test_coturn_refuses_a_password_that_ran_out_or_was_made_elsewhere(coturn, refused):
    await relayed(coturn, link_of(coturn))  # control: it is there and takes a good one
    good = link_of(coturn)
    later = IceServer(good.url, str(int(good.username) + 86_400), good.credential)
    given = {
        "run out": link_of(coturn, lives=timedelta(seconds=-60)),
        "another secret": link_of(coturn, "south"),
        "another day's name": later,
    }
    with pytest.raises(TransactionFailed) as told:
        await relayed(coturn, given[refused])
    assert told.value.response.attributes["ERROR-CODE"][0] == 401


RELAY_ONLY = """
window.all = [];
const Real = RTCPeerConnection;
window.RTCPeerConnection = class extends Real {
  constructor(...given) { super(...given); window.all.push(this); }
  setConfiguration(wanted) { super.setConfiguration({ ...wanted, iceTransportPolicy: "relay" }); }
};
"""
WAY = """async () => {
  const kinds = [], kindOf = (rows, row) => rows.get(row.localCandidateId).candidateType;
  for (const one of window.all) {
    const rows = await one.getStats();
    rows.forEach((row) => { if (row.type === "candidate-pair" && row.nominated) kinds.push(kindOf(rows, row)); });
  }
  return kinds;
}"""


def in_chromium_too(test):
    return functools.reduce(lambda one, mark: mark(one), in_chromium, test)


@in_chromium_too
def test_who_may_send_to_the_relay_only_watches_all_the_same(open_page, served):
    page = open_page(f"{served[0]}/live/sample", RELAY_ONLY)
    watch(page)
    assert shown(page, 20, patience_s=60) >= 20
    assert page.locator("#status").inner_text() == "いま放送中です。"
    assert set(page.evaluate(WAY)) == {"relay"}
