"""The laws of the house as functions over a source tree: each returns its violations.

They take the tree as an argument, so that every law is tested twice: on the product, where it finds
nothing, and on a planted violation, which it must find.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("cdm_portal", "registry", "projects", "cobenefits", "offsets")
TOP_LEVEL = {
    "manage.py", "README.md", "pyproject.toml", "docker-compose.yml", "Dockerfile", "LICENSE",
    "requirements.in", "requirements.lock", "requirements-dev.in", "requirements-dev.lock",
    *PACKAGES, "templates", "tests",
}
MAX_FUNCTION, MAX_FILE, MAX_EDGE = 50, 400, 25
STRAY = {"utils", "common", "core", "helpers", "services"}
MAY_WRITE = ("actions.py", "locks.py", "record.py")
WRITES = {
    "delete", "create", "bulk_create", "bulk_update", "update_or_create", "get_or_create",
    "acreate", "asave", "adelete", "aupdate",
}
WRITING_SQL = re.compile(r"^\s*(INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|TRUNCATE|MERGE)\b")
EDGE_FILES = {"views.py", "api.py", "tasks.py", "admin.py", "middleware.py"}
EDGE_FOLDERS = {"views", "pages", "commands"}
LOOKS = {
    "count", "inner_text", "input_value", "is_checked", "is_disabled", "is_enabled", "is_visible",
    "text_content",
}
FINDERS = {"get_by_label", "get_by_role", "get_by_text", "locator"}
LOCKING = re.compile(
    r"FOR (NO KEY )?UPDATE|FOR (KEY )?SHARE|LOCK TABLE|pg_(try_)?advisory_", re.IGNORECASE
)


def sources(root: Path, *, migrations: bool = False) -> Iterator[Path]:
    """Every Python file of the product, tests left out."""
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            if migrations or "migrations" not in path.parts:
                yield path


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def _is_action_file(path: Path, root: Path) -> bool:
    inside = path.relative_to(root)
    return path.name in MAY_WRITE or "actions" in inside.parts[:-1]


def _is_edge(path: Path, root: Path) -> bool:
    inside = path.relative_to(root)
    return path.name in EDGE_FILES or bool(EDGE_FOLDERS & set(inside.parts[:-1]))


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or 0) - node.lineno + 1


def stray_modules(root: Path) -> list[str]:
    """Rule 1: no module whose name says nothing."""
    return [str(p.relative_to(root)) for p in sources(root) if p.stem in STRAY]


def stray_top_level(names: list[str]) -> list[str]:
    """The top level holds exactly what the owner fixed, plus dot-files."""
    return sorted(n for n in names if n not in TOP_LEVEL and not n.startswith("."))


def long_things(root: Path) -> list[str]:
    """Rule 15: functions of at most 50 lines, files of at most 400."""
    return [said for path in sources(root) for said in _long_in(path, root)]


def long_tests(root: Path) -> list[str]:
    """Rule 15 holds for tests as well."""
    paths = sorted((root / "tests").rglob("*.py"))
    return [said for path in paths for said in _long_in(path, root)]


def _long_in(path: Path, root: Path) -> Iterator[str]:
    text, name = path.read_text(), path.relative_to(root)
    lines = text.count("\n")
    if lines > MAX_FILE:
        yield f"{name}: {lines} lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = _length(node)
            if length > MAX_FUNCTION:
                yield f"{name}:{node.lineno} {node.name} {length}"


def impatient_looks(root: Path) -> list[str]:
    """A browser test expects; it does not look once, when the page may not have come."""
    return [
        f"{path.relative_to(root)}:{node.lineno}"
        for path in sorted((root / "tests").rglob("*.py"))
        for claim in ast.walk(_tree(path)) if isinstance(claim, ast.Assert)
        for node in ast.walk(claim.test)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        and node.func.attr in LOOKS and _chain(node.func.value) & FINDERS
    ]  # fmt: skip


def long_edges(root: Path) -> list[str]:
    """Rule 5: a view, task, command or API function is at most 25 lines: one call, one answer."""
    return [
        f"{path.relative_to(root)}:{node.lineno} {node.name} {_length(node)}"
        for path in sources(root)
        if _is_edge(path, root)
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _length(node) > MAX_EDGE
    ]


def locks_elsewhere(root: Path) -> list[str]:
    """Rule 8: locks come from locks.py alone, so that their order can be read in one place."""
    found = []
    for path in sources(root):
        if path.name == "locks.py" or "runtime" in path.parts:
            continue
        for node in ast.walk(_tree(path)):
            taken = isinstance(node, ast.Attribute) and node.attr == "select_for_update"
            raw = (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and LOCKING.search(node.value)
            )
            if taken or raw:
                found.append(f"{path.relative_to(root)}:{node.lineno} takes a lock")
    return found


def _chain(node: ast.expr) -> set[str]:
    """The names that a call hangs on: `x.objects.filter(a=1).update` → {objects, filter}."""
    names = set()
    while isinstance(node, ast.Attribute | ast.Call):
        if isinstance(node, ast.Attribute):
            names.add(node.attr)
            node = node.value
        else:
            node = node.func
    return names


def _writing_call(node: ast.Call) -> str:
    """The verb by which a call writes rows, whatever it is called on; else nothing."""
    func = node.func
    if not isinstance(func, ast.Attribute):
        return ""
    if func.attr == "save":  # a row's; an image is saved to somewhere
        return "" if node.args else "save"
    if func.attr in WRITES:
        return func.attr
    on_rows = _chain(func.value) & {"objects", "filter", "exclude", "all"}
    return func.attr if func.attr == "update" and on_rows else ""


MANAGERS = {"cdm_portal/identity/models.py"}
"""Django's own protocol: `createsuperuser` and allauth make sign-ins by the manager's methods."""


ENGINE = "projects/methodologies/series/"
"""Its SQL is the column engine's, in memory: it reaches no database."""


def writes_elsewhere(root: Path) -> list[str]:
    """Rule 4: writes and transactions only in actions, locks and record."""
    found = []
    for path in sources(root):
        inside = str(path.relative_to(root))
        if _is_action_file(path, root) or "runtime" in path.parts or inside in MANAGERS:
            continue
        for node in ast.walk(_tree(path)):
            where = f"{path.relative_to(root)}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.Call) and (verb := _writing_call(node)):
                found.append(f"{where} writes by {verb}()")
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and WRITING_SQL.match(node.value)
                and not inside.startswith(ENGINE)
            ):
                found.append(f"{where} writes by SQL")
            if isinstance(node, ast.Attribute) and node.attr in {"atomic", "select_for_update"}:
                found.append(f"{where} opens {node.attr}")
    return found


def _verbs(path: Path) -> set[str] | None:
    """The verbs that a package `actions/` offers by its `__init__`; None for a file actions.py."""
    if path.name == "actions.py":
        return None
    offered = path.parent / "__init__.py"
    nodes = ast.walk(_tree(offered)) if offered.exists() else ()
    return {a.asname or a.name for n in nodes if isinstance(n, ast.ImportFrom) for a in n.names}


def misshapen_actions(root: Path) -> list[str]:
    """Rule 6: a public action is keyword-only and takes `at`, and `actor` unless nobody acts.

    The verbs without an actor are those of a stranger (a comment, an order) and of the clock (what
    beat runs): they are listed in ACTORLESS with their reason.
    """
    found = []
    for path in sources(root):
        inside = path.relative_to(root)
        if path.name != "actions.py" and inside.parts[-2] != "actions":
            continue
        verbs = _verbs(path)
        for node in _tree(path).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            if verbs is None or node.name in verbs:
                found += [f"{inside}:{node.name} {fault}" for fault in _faults(node)]
    return found


def _faults(verb: ast.FunctionDef) -> Iterator[str]:
    names = {argument.arg for argument in verb.args.kwonlyargs}
    if verb.args.args or verb.args.posonlyargs:
        yield "takes positional arguments"
    if "at" not in names:
        yield "does not take `at`"
    if "actor" not in names and verb.name not in ACTORLESS:
        yield "does not take `actor`"


ACTORLESS = {
    "comment": "anyone may comment in the window",
    "start_order": "a guest buys",
    "use_key": "whoever shows the key; it says who acts",
    "give_details": "a guest buys",
    "begin_payment": "a guest buys",
    "cancel_order": "a guest goes back",
    "apply_status": "the payment provider's word",
    "poll_payments": "the clock",
    "watch_payments": "the clock",
    "receive_event": "the payment provider's word",
    "fulfil": "the portal, after payment",
    "fulfil_paid": "the portal, after payment",
    "make_certificate": "the portal, after fulfilment",
    "make_certificates": "the portal, after fulfilment",
    "send_receipts": "the portal, after fulfilment",
    "send_refund_notes": "the portal, from committed rows",
    "send_data_links": "the portal, from committed rows",
    "tell_waiting": "the portal, after any act",
    "make_digests": "the portal, once a day",
    "send_mails": "the portal, from committed rows",
    "expire_orders": "the clock",
    "expire_holds": "the clock",
    "close_repaid": "the clock",
    "close_windows": "the clock",
    "adopt_unopposed": "the clock",
    "recompute": "the portal's job",
    "recompute_waiting": "the portal's job",
    "take_run": "the portal's job",
    "recompute_step": "the portal's job",
    "take_import": "the portal's job",
    "import_series": "the portal's job",
    "import_waiting": "the portal's job",
    "close_lots": "the clock",
    "execute_due": "the clock",
    "lapse_proposals": "the clock",
    "issue": "the portal, after the release",
    "issue_instructed": "the portal, after the release",
    "reconcile": "the portal's own check",
    "seal": "the signer, every few seconds",
    "hold": "a guest buys",
    "drop_hold": "a guest goes back",
}


def clock_readers(root: Path) -> list[str]:
    """Rule 7: only edges read the clock; an action, query or model is told the time."""
    edges = {"views.py", "tasks.py", "api.py", "admin.py", "middleware.py", "context.py"}
    found = []
    for path in sources(root):
        inside = path.relative_to(root)
        at_edge = path.name in edges or {"pages", "management", "views", "runtime"} & set(
            inside.parts
        )
        if at_edge or inside == Path("cdm_portal/clock.py"):
            continue
        found += [
            f"{inside}:{node.lineno} reads the clock"
            for node in ast.walk(_tree(path))
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and (node.value.id, node.attr) in CLOCKS
        ]
    return found


CLOCKS = {
    ("clock", "now"), ("clock", "today"), ("timezone", "now"), ("datetime", "now"),
    ("date", "today"), ("time", "time"),
}


def floats(root: Path) -> list[str]:
    """Rule 11: no float for money or tonnes. Drawing and map coordinates may use them."""
    found = []
    for path in sources(root, migrations=True):
        inside = path.relative_to(root)
        if {"drawing", "runtime"} & set(inside.parts):
            continue
        for node in ast.walk(_tree(path)):
            named = isinstance(node, ast.Name) and node.id == "float"
            field = isinstance(node, ast.Attribute) and node.attr == "FloatField"
            if named or field:
                found.append(f"{inside}:{node.lineno} uses a float")
    return found


def signals_and_saves(root: Path) -> list[str]:
    """Rule 9: no signals and no logic in save()."""
    found = []
    for path in sources(root):
        inside = path.relative_to(root)
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").endswith(
                ("db.models.signals", "django.dispatch")
            ):
                found.append(f"{inside}:{node.lineno} imports signals")
            if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete"}:
                found.append(f"{inside}:{node.lineno} overrides {node.name}()")
            mail = isinstance(node, ast.Name | ast.Attribute) and _name(node) in MAILS
            if mail and inside.as_posix() not in MAILERS:
                found.append(f"{inside}:{node.lineno} sends mail")
    return found


MAILS = {"send_mail", "EmailMessage", "EmailMultiAlternatives", "mail_admins"}
MAILERS = {"offsets/receipts.py", "cdm_portal/postal.py"}
"""Where a mail is worded and handed over: from a committed row, so no transition ever does."""


def _name(node: ast.Name | ast.Attribute) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr


STYLE = re.compile(
    r"\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|autocomplete=[\"']cc-|<script(?![^>]*\ssrc=)|<style\b"
)
ELSEWHERE = re.compile(r"(src|href|action|srcset)\s*=\s*[\"'](https?:)?//")
"""An address on another host that a browser would fetch or post to; a link may lead away."""


def inline_things(root: Path) -> list[str]:
    """Rule 19: no inline style or script, no card field, nothing from another host."""
    found = []
    for path in sorted((root / "templates").rglob("*.html")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if STYLE.search(line) or (ELSEWHERE.search(line) and "<a " not in line):
                found.append(f"{path.relative_to(root)}:{number} {line.strip()[:60]}")
    return found


UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|raise NotImplementedError")


def unfinished(root: Path) -> list[str]:
    """Rule 18: nothing unfinished."""
    return [
        f"{path.relative_to(root)}:{number}"
        for path in sources(root)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if UNFINISHED.search(line)
    ]
