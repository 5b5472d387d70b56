"""Every way the live part can say no, each with the HTTP status that tells a client what to do next; without it refusals would be guesses.

StreamingError
├── TicketRefused          401  no ticket, a forged one, or one that has run out
├── NotAllowed             403  a real ticket, but for another room or another act
├── SeatRemoved            403  the host sent this person out of the room
├── SessionUnknown         404  the session has ended or never was
├── NotPublishing          409  nobody publishes in this room yet; carries the seconds to wait
├── RoomTaken              409  somebody publishes here already and the ticket may not take over
├── FloorTaken             409  somebody else has the floor just now
├── PreconditionFailed     412  the request speaks of an older ICE session
├── OfferTooLarge          413  longer than any honest offer
├── WrongMediaType         415  not the kind of body this address reads
├── OfferUnreadable        400  not an offer at all
├── OfferUnusable          422  an offer we understand but cannot serve
├── TooManyQuestions       422  empty, too long, or more than one person may have waiting
├── PreconditionMissing    428  the request does not say which ICE session it speaks of
└── HouseFull              503  no seat is free just now; carries the seconds to wait
"""

from __future__ import annotations


class StreamingError(Exception):
    """Base. `sentence` is fit to be shown; it never repeats what was sent."""

    status = 500
    sentence = "The live part failed. Please try again in a moment."

    def __init__(self, detail: str = "", retry_after_s: int = 0) -> None:
        super().__init__(f"{self.sentence} {detail}".strip())
        self.retry_after_s = retry_after_s


class TicketRefused(StreamingError):
    status = 401
    sentence = "This ticket is not valid, or has run out. Please open the page again to get a new one."


class NotAllowed(StreamingError):
    status = 403
    sentence = "This ticket is for another room or another purpose. Please ask the organiser for the right one."


class SeatRemoved(StreamingError):
    status = 403
    sentence = "The host has ended your visit to this room. Please ask the organiser."


class FloorTaken(StreamingError):
    status = 409
    sentence = "Somebody else has the floor. Thank that person first."


class TooManyQuestions(StreamingError):
    status = 422
    sentence = "Please write one short question, and wait until the earlier ones are answered."


class SessionUnknown(StreamingError):
    status = 404
    sentence = "This session has ended. Please start again."


class NotPublishing(StreamingError):
    status = 409
    sentence = "The broadcast has not begun, or is paused. Please try again shortly."


class RoomTaken(StreamingError):
    status = 409
    sentence = "Somebody is already publishing in this room. A ticket that allows taking over is needed."


class PreconditionFailed(StreamingError):
    status = 412
    sentence = "This connection was renewed meanwhile. Please use the newest entity tag."


class OfferTooLarge(StreamingError):
    status = 413
    sentence = "The session description is far too long."


class WrongMediaType(StreamingError):
    status = 415
    sentence = "This address reads another kind of body."


class OfferUnreadable(StreamingError):
    status = 400
    sentence = "The session description cannot be read."


class OfferUnusable(StreamingError):
    status = 422
    sentence = "The session description asks for something not offered here."


class PreconditionMissing(StreamingError):
    status = 428
    sentence = "Please name the connection with an If-Match header."


class HouseFull(StreamingError):
    status = 503
    sentence = "All seats are taken just now. Please try again in a moment."
