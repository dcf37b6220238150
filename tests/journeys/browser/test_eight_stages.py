"""From design document to verify page in Chromium, every role in turn, with a real worker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cdm_portal import clock, record
from registry.models import Cancellation
from tests import factories, workers
from tests.cast import Cast
from tests.journeys.browser.stage_hands import Stage
from tests.journeys.browser.story import Story

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db", "books_balance")]


def sign_ins(cast: Cast) -> dict[str, tuple[str, str]]:
    """Address and password of everybody who acts."""
    actors = {
        "participant": cast.participant, "dna": cast.dna, "doe": cast.doe,
        "doe2": cast.other_doe, "secretariat": cast.secretariat,
        "secretariat2": cast.second_secretariat, "board": cast.board[0],
        "registry": cast.registry, "registry2": cast.registry_second,
    }
    return {who: (cast.sign_ins[actor][0].email, "secret") for who, actor in actors.items()}


def test_the_eight_stages_in_the_browser(
    browser_page: Any, live_server: Any, cast: Cast, settings: Any, shot: Any, tmp_path: Path,
    ledger_db: str,
) -> None:
    settings.CDM_DEMONSTRATION = True
    record.begin_demonstration()
    factories.holding_account(cast, clock.now())
    with (
        workers.broker(tmp_path) as broker,
        workers.worker(broker, ledger_db, tmp_path / "worker.log"),
    ):
        stage = Stage(live_server.url, browser_page, sign_ins(cast), shot)
        Story(stage, clock.today(), workers.bell(broker)).tell()
    assert [c.quantity for c in Cancellation.objects.filter(kind="c")] == [12]
