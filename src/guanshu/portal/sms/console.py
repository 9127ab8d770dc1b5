"""Messages on the server's standard output, for whoever runs it; the number is masked, as in every log."""

import sys
from typing import ClassVar

from guanshu.portal.sms.backend import Outgoing


class ConsoleBackend:
    """Writes a line a message."""

    label: ClassVar[str] = "控制台"
    reaches_phones: ClassVar[bool] = False

    def send(self, message: Outgoing) -> str:
        """Write the line."""
        sys.stdout.write(f"短信 {message.shown} 【{message.sign}】{message.text}\n")
        sys.stdout.flush()
        return ""
