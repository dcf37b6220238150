"""Each of database, broker, worker and beat is stopped for real, and `/healthz` says which it is.

A portal of this file's own runs all four. Only the time that must pass before a silence is noticed
is saved, by letting the heartbeats of both programs age alike: the one that lives is heard again,
the one that was killed is not.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.portal import PARTS, Portal, running, well

SILENCE = 151  # seconds: just more than five heartbeats


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """All four parts live and say so."""
    with running(tmp_path_factory.mktemp("portal")) as made:
        yield made


def test_each_part_that_stops_is_named_and_no_other(portal: Portal) -> None:
    """Worker and beat are silent for 151 seconds; the one that lives is heard again within 30."""
    status, _ = portal.until(lambda found: well(found) == set(PARTS))
    assert status == 200

    portal.redis.stop()
    status, found = portal.until(lambda found: not found["broker"]["ok"])
    assert (status, well(found)) == (503, {"database", "worker", "beat"})
    assert found["broker"]["detail"] == "ConnectionError"
    portal.redis.start()
    portal.until(lambda found: well(found) == set(PARTS))

    for silent, living in (("beat", "worker"), ("worker", "beat")):
        portal.end(silent)
        portal.age(SILENCE)
        status, found = portal.until(lambda found, name=living: found[name]["ok"])  # type: ignore[misc]
        assert (status, well(found)) == (503, set(PARTS) - {silent})
        assert int(found[silent]["detail"].split()[1]) >= SILENCE
        portal.begin(silent)
        assert portal.until(lambda found: well(found) == set(PARTS))[0] == 200

    portal.cluster.stop()
    status, found = portal.until(lambda found: not found["database"]["ok"])
    assert (status, well(found)) == (503, {"broker"})
    assert found["database"]["detail"] == "OperationalError"
