"""What all commands share: how they speak, and the three exit statuses."""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn, Protocol

OK, PROBLEMS, WRONG_USE = 0, 1, 2


class WrongUse(Exception):  # noqa: N818 - names the case, as callers read it
    """Raised by a command that cannot do what was asked; the message is a Chinese sentence for the administrator."""


class Command(Protocol):
    """What a module in `guanshu.commands` offers."""

    NAME: str
    HELP: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command's arguments."""

    def run(self, arguments: argparse.Namespace) -> int:
        """Do it and return the exit status."""


# argparse speaks English; these are the messages a mistyped command meets.
_CHINESE = (
    (re.compile(r"the following arguments are required: (.*)"), r"缺少参数 \1"),
    (re.compile(r"unrecognized arguments: (.*)"), r"不认识的参数 \1"),
    (re.compile(r"argument ([^:]+): expected one argument"), r"参数 \1 后面缺少内容"),
    (re.compile(r"argument ([^:]+): invalid choice: (\S+) \(choose from (.*)\)"), r"参数 \1 不能是 \2，可以是：\3"),
    (re.compile(r"argument ([^:]+): invalid \w+ value: (.*)"), r"参数 \1 的内容 \2 不对"),
    (re.compile(r"argument ([^:]+): (.*)"), r"参数 \1：\2"),
)


class Parser(argparse.ArgumentParser):
    """An argument parser with Chinese headings, help and complaints."""

    def __init__(self, **options: object) -> None:
        super().__init__(add_help=False, allow_abbrev=False, **options)  # type: ignore[arg-type]
        self._positionals.title = "参数"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示这些说明")

    def format_usage(self) -> str:
        """Return the usage line, in Chinese."""
        return super().format_usage().replace("usage: ", "用法：", 1)

    def format_help(self) -> str:
        """Return the help text, in Chinese."""
        return super().format_help().replace("usage: ", "用法：", 1)

    def error(self, message: str) -> NoReturn:
        """Print what is wrong with the command line and leave with status 2."""
        for pattern, chinese in _CHINESE:
            if pattern.fullmatch(message):
                message = pattern.sub(chinese, message)
                break
        sys.stderr.write(f"{self.format_usage()}用法错误：{message}\n")
        sys.exit(WRONG_USE)


def say(text: str) -> None:
    """Print one line for the administrator."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """Print one line about what is wrong, on stderr."""
    sys.stderr.write(f"{text}\n")


def say_json(data: object) -> None:
    """Print data for programs, as the only thing on stdout."""
    say(json.dumps(data, ensure_ascii=False, indent=2))


def say_table(rows: Sequence[Sequence[str]]) -> None:
    """Print rows in columns; Chinese characters are two columns wide."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)] if rows else []
    for row in rows:
        say("  ".join(text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True)).rstrip())


def _width(text: str) -> int:
    return sum(2 if ord(char) > 0x2E80 else 1 for char in text)


def existing_folder(text: str) -> Path:
    """Return the path of a folder that exists (an argparse type)."""
    path = Path(text)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"没有文件夹 {text}")
    return path


def existing_file(text: str) -> Path:
    """Return the path of a file that exists (an argparse type)."""
    path = Path(text)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"没有文件 {text}")
    return path
