"""What a refusal can ask to be written again; without it a resident would read the name of a column where a word should stand.

Every field has a word in every language (`lesson.field.*`).
"""

from typing import Literal

Field = Literal[
    "name",
    "phone",
    "consent",
    "birth_year",
    "kind",
    "event_schedule",
    "starts",
    "day",
    "first_day",
    "last_day",
    "capacity",
    "quantity",
    "phone_system",
]
