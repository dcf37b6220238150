"""A field is drawn as label, hint, error, control, each tied to the next for screen readers."""

import re

from cdm_portal import forms
from cdm_portal.pages import styleguide

GOOD = {
    "name": "Amina",
    "email": "a@example.org",
    "capacity": "10",
    "tonnes": "1",
    "start": "2026-01-01",
    "country": "KE",
    "payment": "card",
    "doubts": ["baseline"],
}


def test_label_hint_error_and_control_stand_in_this_order() -> None:
    form = styleguide.sample_form({**GOOD, "name": ""})
    html = form["name"].as_field_group()
    places = [html.index(part) for part in ("<label", 'class="hint"', 'class="msg"', "<input")]
    assert places == sorted(places)
    assert 'aria-describedby="bad_name_helptext bad_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="bad_name_error"' in html
    assert 'id="bad_name_helptext"' in html


def test_what_was_typed_is_kept() -> None:
    form = styleguide.sample_form({**GOOD, "email": "amina.otieno@"})
    html = form["email"].as_field_group()
    assert 'value="amina.otieno@"' in html
    assert "Enter an email address in the form name@example.org" in html


def test_only_optional_fields_say_so() -> None:
    form = styleguide.sample_form()
    assert "(optional)" in form["reason"].as_field_group()
    assert "(optional)" not in form["name"].as_field_group()


def test_choices_stand_in_a_fieldset_with_a_legend() -> None:
    html = styleguide.sample_form()["payment"].as_field_group()
    assert re.search(r"<fieldset[^>]*id=\"id_payment\"[^>]*>\s*<legend", html)
    assert html.count('type="radio"') == 2
    assert "Test mode only" in html
    assert "No money moves." in html


def test_a_unit_stands_after_its_control() -> None:
    html = styleguide.sample_form()["capacity"].as_field_group()
    assert html.index("<input") < html.index('<span class="unit"')


def test_a_refused_form_answers_422_and_an_open_one_200() -> None:
    assert forms.status(styleguide.sample_form()) == 200
    assert forms.status(styleguide.sample_form(GOOD)) == 200
    assert forms.status(styleguide.sample_form({**GOOD, "tonnes": "0"})) == 422
