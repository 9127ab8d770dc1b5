"""Patterns that open doors are not in the source: looked for in the syntax tree, templates and scripts."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "guanshu"
PYTHON = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted(SOURCE.rglob("*.html"))
SCRIPTS = sorted((SOURCE / "portal" / "static" / "js").rglob("*.js"))
# SQL put together from pieces: table names and fixed fragments, never anything that was typed.
SQL_FROM_PIECES = {"triggers.py", "statements.py", "prepared.py", "base.py"}
# Programs we start: without a shell, with a list of arguments.
STARTS_PROGRAMS = {"outside.py", "exporting.py", "backup.py", "sevenzip.py", "supervisor.py", "office.py"}
# The log-in in place asks for a fresh token before it posts (js/entry/login.js): the page's own belongs to a session
# that is over.
FETCHES_TOKEN = {"entry/login.html"}
BANNED_CALLS = {
    "eval", "exec", "compile", "__import__", "mark_safe", "SafeString", "SafeText", "format_html_join", "os.system",
    "os.popen", "tempfile.mktemp", "pickle.load", "pickle.loads", "marshal.loads", "shelve.open", "yaml.load",
    "RawSQL", "csrf_exempt", "xsrf_exempt", "hashlib.md5", "hashlib.sha1", "ssl._create_unverified_context",
    "random.choice", "random.randint", "random.random", "random.getrandbits",
}  # fmt: skip
BANNED_IMPORTS = {"pickle", "marshal", "shelve", "xml.etree.ElementTree", "xml.dom", "xml.sax", "telnetlib", "ftplib"}
BANNED_METHODS = {"raw", "extra"}
ASKS_NETWORK = {"urlopen", "create_connection", "requests.get", "requests.post", "requests.request", "httpx.get"}


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def banned_calls(path: Path, tree: ast.AST) -> Iterator[str]:
    for name, node in calls(tree):
        if name in BANNED_CALLS or name.rpartition(".")[2] in BANNED_CALLS - {"compile", "eval"}:
            yield f"{name} in line {node.lineno}"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any("csrf_exempt" in ast.unparse(one) for one in node.decorator_list):
            yield f"csrf_exempt on {node.name}"


def banned_imports(path: Path, tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        yield from (f"import of {name}" for name in names if name in BANNED_IMPORTS or name.endswith(".csrf_exempt"))


def raw_sql(path: Path, tree: ast.AST) -> Iterator[str]:
    for name, node in calls(tree):
        method = name.rpartition(".")[2]
        if method in BANNED_METHODS and "objects" in name:
            yield f"{name} in line {node.lineno}"
        runs = method in {"execute", "executemany"} and node.args and path.name not in SQL_FROM_PIECES
        if runs and not isinstance(node.args[0], ast.Constant):
            yield f"SQL that is no constant in line {node.lineno}"


def shells(path: Path, tree: ast.AST) -> Iterator[str]:
    for name, node in calls(tree):
        if any(word.arg == "shell" for word in node.keywords):
            yield f"shell= in line {node.lineno}"
        if name.startswith("subprocess.") and name != "subprocess.TimeoutExpired":
            if path.name not in STARTS_PROGRAMS:
                yield f"a program started in line {node.lineno}"
            if node.args and isinstance(node.args[0], ast.JoinedStr | ast.Constant):
                yield f"a command that is no list in line {node.lineno}"


def unbounded(path: Path, tree: ast.AST) -> Iterator[str]:
    for name, node in calls(tree):
        asks = name in ASKS_NETWORK or name.rpartition(".")[2] in {"urlopen", "create_connection"}
        if asks and not any(word.arg == "timeout" for word in node.keywords):
            yield f"{name} without timeout in line {node.lineno}"


def silenced(path: Path, tree: ast.AST) -> Iterator[str]:
    for number, line in enumerate(path.read_text().splitlines(), 1):
        found = re.search(r"# noqa: ([^#]*)$", line)
        if found and re.search(r"\bS(?!101)\d{3}", found[1]) and not re.search(r"[-–(]\s*\w", found[1]):
            yield f"a security rule silenced without a reason in line {number}"
        if re.search(r"nosec(?! B\d{3}\b)", line) or re.search(r"# noqa\s*$", line):
            yield f"silenced as a whole in line {number}"


def debugging(path: Path, tree: ast.AST) -> Iterator[str]:
    for name, node in calls(tree):
        if name in {"breakpoint", "pdb.set_trace", "print"}:
            yield f"{name} in line {node.lineno}"
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Assign)
            and ast.unparse(node.targets[0]) == "DEBUG"
            and ast.unparse(node.value) != "False"
        ):
            yield "DEBUG is not False"


CHECKS: tuple[Callable[[Path, ast.AST], Iterator[str]], ...] = (
    banned_calls, banned_imports, raw_sql, shells, unbounded, silenced, debugging,
)  # fmt: skip


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_no_module_has_it(check: Callable[[Path, ast.AST], Iterator[str]]) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {what}" for path in PYTHON for what in check(path, ast.parse(path.read_text()))
    ]
    assert found == []


IN_TEMPLATES = {
    "|safe": re.compile(r"\|\s*safe(seq)?\b"),
    "autoescape off": re.compile(r"autoescape\s+off"),
    "a script in the page": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "a handler in an attribute": re.compile(r"<[^>]+\son[a-z]+\s*=", re.IGNORECASE),
    "a style in the page": re.compile(r"<style\b|<[^>]+\sstyle\s*=", re.IGNORECASE),
    "hx-on or a script of htmx": re.compile(r"hx-on|hx-vals=.js:|hx-headers=.js:"),
    "javascript:": re.compile(r"javascript:", re.IGNORECASE),
    "another site": re.compile(r"(src|action)=.https?://", re.IGNORECASE),
    "a window that knows where it came from": re.compile(r"target=._blank.(?![^>]*noopener)"),
}


@pytest.mark.parametrize("what", IN_TEMPLATES)
def test_no_template_has_it(what: str) -> None:
    assert [path.name for path in TEMPLATES if IN_TEMPLATES[what].search(path.read_text())] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_form_that_posts_has_its_token(path: Path) -> None:
    if f"{path.parent.name}/{path.name}" in FETCHES_TOKEN:
        return
    for form in re.findall(r"<form\b[^>]*method=.post.*?</form>", path.read_text(), re.IGNORECASE | re.DOTALL):
        assert "csrf_token" in form, form[:120]


IN_SCRIPTS = (
    "eval(",
    "new Function",
    "document.write",
    "setTimeout('",
    'setTimeout("',
    "localStorage.setItem('password",
)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_has_it(path: Path) -> None:
    text = path.read_text()
    assert [what for what in IN_SCRIPTS if what in text] == []


def test_the_checks_find_what_they_look_for(tmp_path: Path) -> None:
    planted = {
        "mark_safe(x)": banned_calls,
        "eval(x)": banned_calls,
        "import pickle": banned_imports,
        "cursor.execute(f'SELECT {x}')": raw_sql,
        "A.objects.raw(x)": raw_sql,
        "subprocess.run(x, shell=True)": shells,
        "urlopen(x)": unbounded,
        "x = 1  # noqa: S608": silenced,
        "y = 1  # nosec": silenced,
        "DEBUG = True": debugging,
    }
    for text, check in planted.items():
        path = tmp_path / "planted.py"
        path.write_text(text)
        assert list(check(path, ast.parse(text))), text
