"""Every law holds on the product, and each finds a planted violation."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import laws, rule_numbers

Law = Callable[[Path], list[str]]

def _named(value: object) -> str:
    return getattr(value, "__name__", "") or str(value)[:30].partition("\n")[0]


PLANTED: list[tuple[Law, str, str]] = [
    (laws.stray_modules, "projects/helpers.py", "X = 1\n"),
    (laws.long_things, "registry/long.py", "def f():\n" + "    x = 1\n" * 51),
    (laws.long_things, "registry/long.py", "X = 1\n" * 401),
    (laws.long_tests, "tests/offsets/test_long.py", "X = 1\n" * 401),
    (laws.long_tests, "tests/offsets/test_long.py", "def f():\n" + "    x = 1\n" * 51),
    (laws.impatient_looks, "tests/test_a.py",
     'def f(page):\n    assert page.get_by_text("x").count() == 1\n'),
    (laws.impatient_looks, "tests/test_a.py",
     'def f(page):\n    assert page.locator("b").first.inner_text() == "x"\n'),
    (laws.long_edges, "offsets/views.py", "def f(r):\n" + "    x = 1\n" * 26),
    (laws.long_edges, "projects/dna/views/desk.py", "def f(r):\n" + "    x = 1\n" * 26),
    (laws.long_edges, "offsets/tasks.py", "def f():\n" + "    x = 1\n" * 26),
    (laws.locks_elsewhere, "offsets/actions.py", "def f(m):\n    m.select_for_update().get()\n"),
    (laws.locks_elsewhere, "offsets/queries.py", "Q = 'SELECT 1 FROM t FOR UPDATE'\n"),
    (laws.locks_elsewhere, "offsets/record.py", "Q = 'SELECT pg_advisory_xact_lock(1)'\n"),
    (laws.writes_elsewhere, "offsets/queries.py", "def f(m):\n    m.objects.create(a=1)\n"),
    (laws.writes_elsewhere, "registry/views.py",
     "def f(q):\n    q.objects.filter(a=1).update(b=2)\n"),
    (laws.writes_elsewhere, "registry/views.py", "def f(q):\n    q.filter(a=1).delete()\n"),
    (laws.writes_elsewhere, "registry/forms.py",
     "def f(row):\n    row.save(update_fields=['a'])\n"),
    (laws.writes_elsewhere, "registry/views.py", "def f(form):\n    form.save()\n"),
    (laws.writes_elsewhere, "projects/queries.py", "def f(p):\n    p.periods.get_or_create(n=1)\n"),
    (laws.writes_elsewhere, "cdm_portal/pages/a.py",
     "def f():\n    with transaction.atomic():\n        pass\n"),
    (laws.writes_elsewhere, "offsets/tasks.py", "Q = 'UPDATE registry_lot SET sold = 0'\n"),
    (laws.misshapen_actions, "offsets/actions.py", "def sell(actor, at):\n    return 1\n"),
    (laws.misshapen_actions, "offsets/actions.py", "def sell(*, actor):\n    return 1\n"),
    (laws.misshapen_actions, "offsets/actions.py", "def sell(*, at):\n    return 1\n"),
    (laws.clock_readers, "offsets/actions.py", "def f():\n    return clock.now()\n"),
    (laws.clock_readers, "projects/models.py", "def f():\n    return date.today()\n"),
    (laws.floats, "offsets/pricing.py", "def f(x):\n    return float(x)\n"),
    (laws.floats, "offsets/migrations/0009_x.py", "F = models.FloatField()\n"),
    (laws.signals_and_saves, "offsets/models.py", "class A:\n    def save(self):\n        pass\n"),
    (laws.signals_and_saves, "offsets/models.py",
     "from django.db.models.signals import post_save\n"),
    (laws.signals_and_saves, "projects/lifecycle.py", "def f(a):\n    mail.send_mail(a)\n"),
    (laws.inline_things, "templates/a.html", '<p style="color:red">x</p>\n'),
    (laws.inline_things, "templates/a.html", "<script>x()</script>\n"),
    (laws.inline_things, "templates/a.html", '<a onclick="x()">x</a>\n'),
    (laws.inline_things, "templates/a.html", '<img src="https://cdn.example/x.png">\n'),
    (laws.inline_things, "templates/a.html", '<input autocomplete="cc-number">\n'),
    (laws.unfinished, "offsets/a.py", "# TO" + "DO later\n"),
    (rule_numbers.rule_numbers, "projects/board/voting.py", "QUORUM = Fraction(2, 3)\n"),
    (rule_numbers.rule_numbers, "projects/doe/recalculation.py", "X = Fraction(3, 4)\n"),
    (rule_numbers.rule_numbers, "projects/methodologies/tool03.py", 'TOP = Decimal("0.2")\n'),
    (rule_numbers.rule_numbers, "projects/methodologies/am.py", "class A:\n    days = (3,)\n"),
    (rule_numbers.rule_numbers, "projects/dna/actions.py", "def f(x):\n    return x > 28\n"),
    (rule_numbers.rule_numbers, "projects/board/inspection.py", "REVIEW_DAYS = 28\n"),
    (rule_numbers.rule_numbers, "projects/board/fees.py",
     'RATES = {"low": 3, "high": 4}\n'),
    (rule_numbers.rule_numbers, "projects/doe/rawsums.py", "BORDER = date(2012, 12, 31)\n"),
]


@pytest.mark.parametrize("law", dict.fromkeys(law for law, _, _ in PLANTED), ids=_named)
def test_the_law_holds(law: Law) -> None:
    assert law(laws.ROOT) == []


@pytest.mark.parametrize(("law", "name", "text"), PLANTED, ids=_named)
def test_the_law_finds_a_planted_violation(
    law: Law, name: str, text: str, tmp_path: Path
) -> None:
    target = tmp_path / name
    target.parent.mkdir(parents=True)
    target.write_text(text)
    assert law(tmp_path) != []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("offsets/actions.py", "def sell(*, actor, at):\n    m.objects.create(a=1)\n"),
        ("registry/locks.py", "def lot(pk):\n    return m.objects.select_for_update().get()\n"),
        ("offsets/paper.py", "def f(code, out):\n    code.save(out)\n    {}.update(a=1)\n"),
        ("cdm_portal/pages/a.py", "def f():\n    return clock.now()\n"),
        ("projects/doe/second/sizes.py", 'SIZE_OF = {"MJ": Fraction(1, 3600)}\n'),
        ("projects/board/fees.py", 'CENT = Decimal("0.01")\nX = f("0.5")[:200]\n'),
    ],
)
def test_what_is_allowed_is_not_found(name: str, text: str, tmp_path: Path) -> None:
    target = tmp_path / name
    target.parent.mkdir(parents=True)
    target.write_text(text)
    assert [line for law, _, _ in PLANTED for line in law(tmp_path)] == []


def test_no_number_is_excepted_that_is_not_there() -> None:
    assert rule_numbers.unused_exceptions(laws.ROOT) == []


def test_the_top_level_holds_what_was_fixed() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=laws.ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()
    assert laws.stray_top_level(sorted({line.split("/")[0] for line in listed})) == []
    assert laws.stray_top_level(["manage.py", "utils", ".ci"]) == ["utils"]
