"""Festivals and classes, live, to people who cannot come: WHIP in, WHEP out, packets forwarded without decoding them.

Opens alone. `MediaPort.open` binds the port, `Negotiation.answer` turns HTTP requests into sessions, `Gate` signs tickets.
"""

from .admission import Gate, Ticket
from .captions import CaptionLog
from .crew import Crew
from .errors import StreamingError
from .figures import Meter, RoomFigures
from .floor import Floor, Mode, Seat
from .gathering import Gathering
from .hall import Hall
from .house import House
from .negotiation import Call, Negotiation, Reply
from .port import MediaPort, own_addresses
from .sessions import Limits
from .turn import IceServer, Relays

__all__ = [
    "Call",
    "CaptionLog",
    "Crew",
    "Floor",
    "Gate",
    "Gathering",
    "Hall",
    "House",
    "IceServer",
    "Limits",
    "MediaPort",
    "Meter",
    "Mode",
    "Negotiation",
    "Relays",
    "Reply",
    "RoomFigures",
    "Seat",
    "StreamingError",
    "Ticket",
    "own_addresses",
]
