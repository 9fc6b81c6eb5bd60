"""The model behind one door: a reply that is checked, or one ModelError with a sentence for the person."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Protocol

from bot.english.model_settings import ModelSettings

RUNNING = "Everything that runs goes on without it."
NO_KEY = f"There is no key for the model. Set ANTHROPIC_API_KEY and start again. {RUNNING}"
TOO_SLOW = f"The model did not answer in time. Try again in a minute. {RUNNING}"
UNREACHABLE = f"The model cannot be reached. Check the network and try again. {RUNNING}"
STRANGE = f"The model's address answered with something else. Check ANTHROPIC_BASE_URL. {RUNNING}"
SENTENCES = (
    ("AuthenticationError", f"The model refused the key. Check ANTHROPIC_API_KEY. {RUNNING}"),
    ("PaymentRequiredError", f"The model's account has no credit left. Top it up and try again. {RUNNING}"),
    ("PermissionDeniedError", f"The key may not use this model. Choose another model in the settings. {RUNNING}"),
    ("NotFoundError", f"The model of the settings does not exist. Choose another one. {RUNNING}"),
    ("ContentTooLargeError", "That text is too long for the model. Say it in fewer words, please."),
    ("RateLimitError", f"The model is asked too often just now. {RUNNING}"),
    ("OverloadedError", f"The model is overloaded just now. {RUNNING}"),
    ("RequestTimeoutError", TOO_SLOW),
    ("APITimeoutError", TOO_SLOW),
    ("APIConnectionError", UNREACHABLE),
    ("APIResponseValidationError", STRANGE),
    ("CredentialsError", NO_KEY),
    ("BadRequestError", f"The model did not accept the request. Please report this. {RUNNING}"),
    ("APIStatusError", f"The model has a problem of its own. Try again later. {RUNNING}"),
    ("AnthropicError", f"The model has a problem of its own. Try again later. {RUNNING}"),
)
"""Error classes of the SDK, the special before the general, and what to tell the person."""
UNBILLED = frozenset(name for name, sentence in SENTENCES if sentence not in (TOO_SLOW, UNREACHABLE))


class ModelError(Exception):
    """The model could not help: a sentence for the person, when to try again, and whether it may have cost."""

    def __init__(self, sentence: str, retry_after: float | None = None, billed: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.retry_after = retry_after
        self.billed = billed


@dataclass(frozen=True)
class Usage:
    """Tokens of one call; the cached ones apart."""

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0


@dataclass(frozen=True)
class Reply:
    """A checked reply: why it ended, its text, the first tool call, and all blocks to send back."""

    stop_reason: str
    text: str
    tool_id: str
    tool_input: Mapping[str, Any] | None
    blocks: tuple[Mapping[str, Any], ...]
    usage: Usage
    explanation: str = ""


class Model(Protocol):
    """Anything that answers a request for one tool call."""

    async def ask(
        self, system: Sequence[Mapping[str, Any]], tool: Mapping[str, Any], messages: Sequence[Mapping[str, Any]]
    ) -> Reply:
        """One request; raises ModelError and nothing else."""


def request_of(
    settings: ModelSettings,
    system: Sequence[Mapping[str, Any]],
    tool: Mapping[str, Any],
    messages: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """The body of one request: the tool of this step is named, and nothing else may be called."""
    return {
        "model": settings.model,
        "max_tokens": settings.max_tokens,
        "system": list(system),
        "tools": [tool],
        "tool_choice": {"type": "tool", "name": tool["name"], "disable_parallel_tool_use": True},
        "messages": list(messages),
    }


class AnthropicModel:
    """The Messages API through the stock SDK; the client is made at the first request."""

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        self._client: Any = None

    async def ask(
        self, system: Sequence[Mapping[str, Any]], tool: Mapping[str, Any], messages: Sequence[Mapping[str, Any]]
    ) -> Reply:
        """One request with the tool named, within the time that the settings allow for all tries."""
        if not self._settings.api_key:
            raise ModelError(NO_KEY)
        sdk = await asyncio.to_thread(_sdk)
        request = request_of(self._settings, system, tool, messages)
        try:
            async with asyncio.timeout(self._settings.timeout_seconds):
                answer = await self._made(sdk).messages.create(**request)
        except TimeoutError as error:
            raise ModelError(TOO_SLOW, billed=True) from error
        except sdk.AnthropicError as error:
            raise _told(sdk, error) from error
        except (TypeError, ValueError) as error:
            raise ModelError(NO_KEY if "authentication" in str(error) else STRANGE) from error
        return checked(answer)

    def _made(self, sdk: ModuleType) -> Any:
        if self._client is None:
            settings = self._settings
            self._client = sdk.AsyncAnthropic(
                api_key=settings.api_key,
                base_url=settings.base_url,
                timeout=settings.timeout_seconds,
                max_retries=settings.max_retries,
            )
        return self._client

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()
            self._client = None


def _sdk() -> ModuleType:
    """The SDK, imported when it is first needed: its import takes 1.1 s and the bot must start without it."""
    import anthropic  # noqa: PLC0415

    return anthropic


def _told(sdk: ModuleType, error: Exception) -> ModelError:
    """The SDK's error as our own."""
    for name, sentence in SENTENCES:
        if isinstance(error, getattr(sdk, name)):
            wait = _retry_after(error)
            again = f" Try again in {wait:.0f} s." if wait else ""
            return ModelError(sentence + again, wait, billed=name not in UNBILLED)
    return ModelError(STRANGE)


def _retry_after(error: Exception) -> float | None:
    response = getattr(error, "response", None)
    if response is None:
        return None
    try:
        return float(response.headers.get("retry-after", ""))
    except ValueError:
        return None


def checked(answer: object) -> Reply:
    """The message as a Reply; whatever is not whole (a page, nulls, odd types) is a ModelError."""
    content, reason, usage = (getattr(answer, name, None) for name in ("content", "stop_reason", "usage"))
    if not isinstance(content, list) or not isinstance(reason, str) or usage is None:
        raise ModelError(STRANGE)
    blocks = [_plain(block) for block in content]
    calls = [block for block in blocks if block.get("type") == "tool_use"]
    given = calls[0].get("input") if calls else None
    return Reply(
        reason,
        "".join(str(block.get("text") or "") for block in blocks if block.get("type") == "text"),
        str(calls[0].get("id") or "") if calls else "",
        given if isinstance(given, dict) else None,
        tuple(blocks),
        _usage(usage),
        str(getattr(getattr(answer, "stop_details", None), "explanation", None) or ""),
    )


def _plain(block: object) -> dict[str, Any]:
    dump = getattr(block, "model_dump", None)
    if dump is None:
        raise ModelError(STRANGE)
    found: dict[str, Any] = dump(exclude_none=True)
    return found


def _usage(usage: object) -> Usage:
    names = ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
    counts = [getattr(usage, name, None) for name in names]
    return Usage(*(count if isinstance(count, int) else 0 for count in counts))
