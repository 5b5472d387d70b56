"""LINE, Telegram and the terminal: wire in, wire out."""

from .delivery import Channel, Parcel, Receipt
from .errors import BadBody, BadSignature, BotError, DeliveryError, OutcomeUnknown, QuotaUsedUp, TryLater, Undeliverable
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
    "Sender",
    "TryLater",
    "Undeliverable",
]
