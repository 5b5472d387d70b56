"""LINE, Telegram and the terminal: wire in, wire out."""

from .delivery import Channel, Parcel, Receipt
from .errors import (
    BadBody,
    BadSignature,
    BotError,
    DeliveryError,
    OutcomeUnknown,
    QuotaUsedUp,
    RecordingNotReady,
    RecordingRefused,
    TryLater,
    Undeliverable,
)
from .message import ChannelName, Message, MessageKind, Sender

__all__ = [
    "BadBody",
    "BadSignature",
    "BotError",
    "Channel",
    "ChannelName",
    "DeliveryError",
    "Message",
    "MessageKind",
    "OutcomeUnknown",
    "Parcel",
    "QuotaUsedUp",
    "Receipt",
    "RecordingNotReady",
    "RecordingRefused",
    "Sender",
    "TryLater",
    "Undeliverable",
]
