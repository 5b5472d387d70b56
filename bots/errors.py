"""What can go wrong between us and a channel.

BotError
├── BadSignature        the webhook was not signed by the channel
├── BadBody             the webhook is not the JSON the channel promises
├── RecordingNotReady   what somebody said is still being prepared, or the channel is away: ask again
├── RecordingRefused    it is too long, too large, gone, or kept where we do not fetch from; `code` says which
└── DeliveryError       a parcel could not be handed over
    ├── TryLater        not now: wait `after_s` seconds (rate limit, server trouble, no network)
    ├── QuotaUsedUp     the month's free messages are gone
    ├── OutcomeUnknown  the request may or may not have arrived; the same parcel may be tried again
    └── Undeliverable   never: the channel refuses this parcel
"""


class BotError(Exception):
    """Base of every error this package raises."""


class BadSignature(BotError):
    pass


class BadBody(BotError):
    pass


class RecordingNotReady(BotError):
    pass


class RecordingRefused(BotError):
    """`code` is the one of accessibility.hearing's reasons that fits: audio_too_long, audio_too_large or broken_audio."""

    def __init__(self, code: str) -> None:
        super().__init__(f"The recording is not fetched: {code}.")
        self.code = code


class DeliveryError(BotError):
    """Base of what `Channel.send` raises. `request_id` is the channel's, for its support desk."""

    def __init__(self, reason: str, request_id: str = "") -> None:
        super().__init__(reason)
        self.reason, self.request_id = reason, request_id


class TryLater(DeliveryError):
    def __init__(self, reason: str, after_s: float, request_id: str = "") -> None:
        super().__init__(reason, request_id)
        self.after_s = after_s


class QuotaUsedUp(DeliveryError):
    pass


class OutcomeUnknown(DeliveryError):
    """`used_reply_token` is True when the doubtful try was a reply."""

    def __init__(self, reason: str, used_reply_token: bool = False, request_id: str = "") -> None:
        super().__init__(reason, request_id)
        self.used_reply_token = used_reply_token


class Undeliverable(DeliveryError):
    pass
