"""What becomes of an uploaded file: accepted with what was seen, or refused with one sentence that says what to do."""

from dataclasses import dataclass


class Refused(Exception):  # noqa: N818 - a refusal, not a fault
    """Raised when a file cannot be taken; `message` is one Chinese sentence for the clerk, `code` for tests."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Member:
    """One file inside an archive; `kind` is the label of what it is by its content."""

    name: str
    size: int
    kind: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """A file that can be kept. `suffix` has its dot; `notes` are sentences the person is asked to confirm (请确认)."""

    media_type: str
    suffix: str
    members: tuple[Member, ...] = ()
    notes: tuple[str, ...] = ()
