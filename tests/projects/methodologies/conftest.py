"""Properties of arithmetic are no matter of time: a busy machine must not make them fail."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from projects.methodologies import validity
from tests.projects.methodologies.calculating import Run

settings.register_profile("arithmetic", deadline=None)
settings.load_profile("arithmetic")


@pytest.fixture(autouse=True)
def versions_as_shipped() -> Iterator[None]:
    """Arithmetic asks no database which days of a version were changed."""
    with validity.as_shipped():
        yield


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """`manage.py calculate`."""
    return Run(tmp_path, capsys)
