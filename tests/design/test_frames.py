"""The frames: who runs this site and who does not, where one is, and pages for every refusal."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings
from django.views import defaults

from cdm_portal import clock, context
from cdm_portal.values import Actor, Role
from registry import actions as registry_actions
from tests.cast import Cast

LINE = "An independent implementation; not operated or endorsed by the UNFCCC."


def page(client: Client, address: str) -> str:
    """The text of a page that must be there."""
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/how-it-works/", "/accessibility/", "/accounts/login/"])
def test_every_frame_says_whose_site_it_is_not(client: Client, address: str) -> None:
    text = page(client, address)
    assert LINE in text
    assert '<a class="skip" href="#main">' in text
    assert '<html lang="en" dir="ltr">' in text


@pytest.mark.django_db
def test_the_navigation_marks_where_one_is(client: Client) -> None:
    text = page(client, "/how-it-works/")
    assert text.count('aria-current="page"') == 1
    assert '<a href="/how-it-works/" aria-current="page">How it works</a>' in text


@pytest.mark.django_db
def test_the_bar_tells_when_the_registry_was_last_reconciled(client: Client) -> None:
    assert "Registry not reconciled yet" in page(client, "/how-it-works/")
    at = clock.now()
    registry_actions.reconcile(at=at)
    assert f"Registry reconciled {at:%H:%M} UTC · 0 discrepancies" in page(client, "/how-it-works/")


@pytest.mark.django_db
def test_a_desk_names_the_person_and_offers_the_way_out(
    client: Client, cast: Cast, sign_in: Callable[[Client, Actor], Client]
) -> None:
    text = page(sign_in(client, cast.doe), "/desk/")
    assert cast.doe.name in text
    assert "Designated Operational Entity" in text
    assert '<form method="post" action="/accounts/logout/">' in text
    assert '<footer class="foot-slim">' in text
    assert LINE in text


@pytest.mark.django_db
def test_the_clock_can_be_moved_only_where_demonstration_rules_stand(
    client: Client, cast: Cast, sign_in: Callable[[Client, Actor], Client]
) -> None:
    signed_in = sign_in(client, cast.participant)
    with override_settings(CDM_DEMONSTRATION=True):
        assert 'action="/desk/clock/"' in page(signed_in, "/desk/")
        assert "Demonstration rules" in page(Client(), "/how-it-works/")
        assert 'action="/desk/clock/"' not in page(Client(), "/how-it-works/")
    with override_settings(CDM_DEMONSTRATION=False):
        assert 'action="/desk/clock/"' not in page(signed_in, "/desk/")
        assert 'class="demo"' not in page(Client(), "/how-it-works/")


@pytest.mark.django_db
def test_a_page_that_is_not_there_looks_like_the_rest(client: Client) -> None:
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert LINE in answer.content.decode()


@pytest.mark.django_db
def test_what_one_may_not_do_is_refused_with_its_reason(rf: RequestFactory) -> None:
    request = rf.get("/")
    answer = defaults.permission_denied(request, PermissionDenied("Only a DNA may do this."))
    assert answer.status_code == 403
    assert "Only a DNA may do this." in answer.content.decode()
    assert "Nothing was changed." in answer.content.decode()


def test_the_last_resort_needs_no_database_and_no_request() -> None:
    for name in ("400.html", "500.html"):
        text = render_to_string(name)
        assert "<h1>" in text
        assert LINE in text


@pytest.mark.django_db
def test_an_old_form_is_sent_back_with_words_of_ours(cast: Cast) -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "x"})
    assert answer.status_code == 403
    assert "Please send the form again" in answer.content.decode()


def test_a_visitor_is_named_by_role_and_organisation() -> None:
    actor = Actor(person_id=1, name="Lucie Moreau", role=Role.DOE, organisation="Plumb & Plover")
    visitor = context.visitor_of(actor)
    assert visitor == context.Visitor(
        "Lucie Moreau", "LM", "Plumb & Plover · Designated Operational Entity"
    )
    assert context.visitor_of(None) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/accounts/login/", "/accounts/password/reset/", "/accounts/signup/"]
)
def test_sign_in_pages_stand_in_the_public_frame(client: Client, address: str) -> None:
    text = page(client, address)
    assert '<div class="masthead">' in text
    assert "<h1>" in text


@pytest.mark.django_db
def test_a_wrong_password_is_said_above_the_form_and_the_address_is_kept(client: Client) -> None:
    answer = client.post("/accounts/login/", {"login": "who@example.org", "password": "wrong"})
    text = answer.content.decode()
    assert 'class="errsum" role="alert"' in text
    assert 'value="who@example.org"' in text
