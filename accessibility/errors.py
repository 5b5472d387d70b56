"""What can go wrong between our words and a person's eyes and ears.

AccessibilityError
├── MessageMissing      a message id has no text in any language
├── MessageBroken       a message's placeholders do not fit the values given
└── ReadingEngineMissing  furigana was asked for and its engine is not installed
"""


class AccessibilityError(Exception):
    """Base of every error this package raises."""


class MessageMissing(AccessibilityError):
    def __init__(self, message_id: str) -> None:
        super().__init__(f"No message is called '{message_id}'. Add a row with this id to messages/*.csv.")
        self.message_id = message_id


class MessageBroken(AccessibilityError):
    def __init__(self, message_id: str, language: str, placeholder: str) -> None:
        super().__init__(
            f"Message '{message_id}' in {language} needs a value for {{{placeholder}}}. "
            "Correct the row in messages/*.csv or pass the value."
        )
        self.message_id, self.language, self.placeholder = message_id, language, placeholder


class ReadingEngineMissing(AccessibilityError):
    def __init__(self, package: str) -> None:
        super().__init__(f"Furigana needs the package '{package}'. Install it with: pip install {package}")
        self.package = package
