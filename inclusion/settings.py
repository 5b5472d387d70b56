"""Everything that differs between one installation and another, read once from the environment and passed down."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bots.addresses import keeps_words_private

NO_SECRET = SecretStr("")


class Settings(BaseSettings):
    """All settings are optional: without any, the demo town is served on SQLite with LINE and Telegram off.

    Raises pydantic.ValidationError naming the setting and what is wrong with it. `.env` in the working folder is read too.
    """

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, case_sensitive=False)

    database_url: str = Field("", description="Where data lives; empty means a SQLite file in INCLUSION_VAR.")
    inclusion_var: Path = Field(Path("var"), description="Folder for files made at run time.")
    inclusion_town: str = Field("chiyoda", description="The town served: the name of a bundled town, or a folder.")
    inclusion_more_towns: str = Field("", description="More towns on the same server, comma-separated; see docs/many-towns.md.")
    public_url: str = Field("http://127.0.0.1:8000", description="The address residents reach us at, without a closing slash.")
    trusted_proxies: str = Field("", description="Addresses of proxies, comma-separated, whose X-Forwarded-For is believed.")

    line_channel_secret: SecretStr = Field(NO_SECRET, description="LINE: checks that webhooks come from LINE.")
    line_channel_access_token: SecretStr = Field(NO_SECRET, description="LINE: lets us send.")
    line_channel_id: str = Field("", description="LINE: with it the access token is fetched and renewed by itself.")
    line_api_url: str = Field("", description="LINE: another server to send to, for tests.")

    line_forward_url: str = Field("", description="LINE: another tool of the town to which every webhook is handed on unchanged.")
    line_forward_secret: SecretStr = Field(NO_SECRET, description="LINE: a second secret, of a tool that hands LINE's webhooks on to us.")
    forward_only_words: str = Field("", description="Beginnings, comma-separated, of words and button data the other tool answers.")

    telegram_bot_token: SecretStr = Field(NO_SECRET, description="Telegram: the bot's token.")
    telegram_webhook_secret: SecretStr = Field(NO_SECRET, description="Telegram: checks that webhooks come from Telegram.")
    telegram_bot_name: str = Field("", description="Telegram: the bot's user name, by which groups call it.")
    telegram_forward_url: str = Field("", description="Telegram: another tool to which every webhook is handed on unchanged.")
    telegram_api_url: str = Field("", description="Telegram: another server to send to, for tests.")

    live_port: int = Field(0, ge=0, le=65535, description="Live: the UDP port for pictures and sound; 0 means any free one.")
    live_address: str = Field("", description="Live: addresses viewers reach that port at, comma-separated; empty: this machine's own.")
    live_relays: str = Field("", description="Live: STUN and TURN servers for viewers, comma-separated.")
    live_relay_secret: SecretStr = Field(NO_SECRET, description="Live: coturn's static-auth-secret, for passwords limited in time.")
    live_films_days: int = Field(30, ge=1, le=3650, description="Live: days after which a recording is deleted.")
    live_workers: int = Field(0, ge=0, le=64, description="Live: processes that serve viewers, on the UDP ports behind LIVE_PORT.")
    live_sample: bool = Field(True, description="Live: whether /live shows the sample festival.")

    voice: Literal["open-jtalk", "system", "off"] = Field(
        "open-jtalk", description="The voice that speaks answers; system: the computer's own on Windows and macOS; off: only written."
    )
    whisper_model: str = Field(
        "", description="Hearing: a Whisper model (small, ...) or a checkpoint's path; empty: our own ears; off: none."
    )
    whisper_engine: Literal["", "openai-whisper", "ctranslate2"] = Field("", description="Hearing: the engine; empty: what is installed.")

    language_model_url: str = Field("", description="An OpenAI-compatible endpoint that may pick among our entries; empty: none.")
    language_model_name: str = Field("", description="The model asked for at that endpoint.")
    language_model_key: SecretStr = Field(NO_SECRET, description="The endpoint's key, where it wants one.")

    engines_at_start: bool = Field(True, description="Whether voice and ears are loaded with the server; else with the first who speaks.")

    staff_idle_minutes: int = Field(30, ge=5, le=480, description="Staff are signed out after this long without a click.")
    keep_events_days: int = Field(30, ge=1, le=365, description="After this many days what residents wrote is erased from the inbox.")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")
    inclusion_deliver: bool = Field(True, description="Whether `serve` also sends what waits in the outbox.")

    @field_validator("public_url")
    @classmethod
    def _no_closing_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("log_level")
    @classmethod
    def _a_level(cls, value: str) -> str:
        if value.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
            raise ValueError("must be DEBUG, INFO, WARNING or ERROR.")
        return value.upper()

    @field_validator("line_forward_url", "telegram_forward_url", "language_model_url")
    @classmethod
    def _only_by_https(cls, value: str) -> str:
        if value and not keeps_words_private(value):
            raise ValueError("must begin with https:// (residents' words travel there), or lead to this very machine.")
        return value

    @model_validator(mode="after")
    def _both_or_neither(self) -> Self:
        line_token = SecretStr(self.line_channel_access_token.get_secret_value() or self.line_channel_id)
        pairs = (
            ("LINE_CHANNEL_SECRET", self.line_channel_secret, "LINE_CHANNEL_ACCESS_TOKEN", line_token),
            ("TELEGRAM_BOT_TOKEN", self.telegram_bot_token, "TELEGRAM_WEBHOOK_SECRET", self.telegram_webhook_secret),
        )
        for first, one, second, other in pairs:
            if bool(one.get_secret_value()) != bool(other.get_secret_value()):
                given, missing = (first, second) if one.get_secret_value() else (second, first)
                raise ValueError(f"{given} is set but {missing} is not. Set both to switch the channel on, or neither.")
        return self

    @property
    def line_on(self) -> bool:
        return bool(self.line_channel_secret.get_secret_value())

    @property
    def telegram_on(self) -> bool:
        return bool(self.telegram_bot_token.get_secret_value())

    @property
    def effective_database_url(self) -> str:
        """DATABASE_URL, or a SQLite file in the run-time folder."""
        return self.database_url or f"sqlite:///{(self.inclusion_var / 'inclusion.sqlite3').absolute()}"


def hand_to_workers(settings: Settings, deliver: bool) -> None:
    """Put what the command line decided into the environment that worker processes inherit."""
    os.environ["INCLUSION_TOWN"] = settings.inclusion_town
    os.environ["INCLUSION_MORE_TOWNS"] = settings.inclusion_more_towns
    os.environ["PUBLIC_URL"] = settings.public_url
    os.environ["INCLUSION_DELIVER"] = str(deliver).lower()
