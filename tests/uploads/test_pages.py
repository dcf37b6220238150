"""Uploads through the pages, and how a stored file leaves: never shown, never a page of ours."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from cdm_portal.refusals import Invalid
from cdm_portal.values import Actor
from projects.dna import actions as dna
from projects.doe import actions as doe
from projects.doe.forms import AnswerForm
from projects.models import Blob, Document, Project
from projects.participant import actions, queries
from tests.cast import Cast
from tests.projects.participant.designs import AT, filled
from tests.projects.participant.test_pages import Huge
from tests.uploads.corpus import FORMULAS, HOSTILE, LEGITIMATE
from tests.uploads.files import pdf

pytestmark = pytest.mark.django_db
Nothing = Callable[[], AbstractContextManager[None]]
SignIn = Callable[[Client, Actor], Client]


def attached(cast: Cast, case: Project, name: str = "permit.pdf", **more: object) -> Document:
    values = {"title": "Permit of the county", "data": pdf(), **more}
    return actions.attach(
        actor=cast.participant, at=AT, project_id=case.pk, filename=name, **values
    )


def address(document: Document) -> str:
    return reverse("document", args=[document.pk])


def test_what_is_hostile_is_refused_by_the_page_and_nothing_is_kept(
    client: Client, cast: Cast, sign_in: SignIn, nothing_written: Nothing
) -> None:
    """A browser's form; names come to it without their path, so names are the gate's own test."""
    case = filled(cast)
    desk, page = sign_in(client, cast.participant), reverse(
        "participant:attachments", args=[case.reference]
    )
    desk.get(page)
    shown = {"pe", "html as pdf", "pdf script, escaped", "pdf and html", "macros by part", "dde",
             "zip bomb", "path upwards", "image bomb", "kml that fetches", "double ending"}
    wrong = []
    with nothing_written():
        for what, name, make, words in HOSTILE:
            if what not in shown:
                continue
            file = SimpleUploadedFile(name, make())
            answer = desk.post(page, {"title": "X", "part": "other", "file": file})
            if answer.status_code != 422 or words not in answer.content.decode():
                wrong.append(what)
        assert wrong == []
    assert Blob.objects.filter(sha256=Blob.digest(b"MZ")).count() == 0


def test_a_stored_file_leaves_as_a_download_and_nothing_else(
    client: Client, cast: Cast, sign_in: SignIn
) -> None:
    case, desk = filled(cast), sign_in(client, cast.participant)
    for what, name, make, media_type in LEGITIMATE:
        data = make()
        document = attached(cast, case, name, data=data, title=what)
        for asks in ({}, {"HTTP_RANGE": "bytes=0-9"}, {"HTTP_ACCEPT": "text/html"}):
            answer = desk.get(address(document) + "?inline=1&disposition=inline", **asks)
            assert (answer.status_code, answer.content) == (200, data)
            assert answer["Content-Type"] == media_type
            assert answer["Content-Disposition"].startswith('attachment; filename="')
            assert "; filename*=UTF-8''" in answer["Content-Disposition"]
            assert answer["X-Content-Type-Options"] == "nosniff"
            assert answer["Content-Security-Policy"].startswith("sandbox;")
            assert answer["Accept-Ranges"] == "none"
            assert answer["Cache-Control"] == "private, no-store"


def test_a_file_that_was_stored_under_no_rule_leaves_under_this_one(
    client: Client, cast: Cast, sign_in: SignIn
) -> None:
    case, html = filled(cast), b"<script>alert(1)</script>"
    blob = Blob.objects.create(sha256=Blob.digest(html), data=html, size_bytes=len(html))
    document = Document.objects.create(
        project=case, kind=Document.Kind.ATTACHMENT, title="Old", filename='x".html\r\nA: b',
        media_type="text/html", blob=blob, filed_at=AT,
    )
    answer = sign_in(client, cast.participant).get(address(document))
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert "A" not in answer.headers


def test_formulas_of_a_table_are_kept_byte_by_byte(cast: Cast) -> None:
    document = attached(cast, filled(cast), "cells.csv", data=FORMULAS)
    assert bytes(document.blob.data) == FORMULAS


def test_a_finding_file_too_large_is_refused_without_being_read(at: datetime) -> None:
    form = AnswerForm({"text": "See."}, {"file": Huge("x.pdf")})
    assert form.errors["file"] == [
        "The file has 200.0 MB; at most 20 MB are accepted. Upload it in parts."
    ]


def published(cast: Cast, **more: object) -> tuple[Project, Document, Document]:
    """A published design document: a confidential attachment, an open one, one taken out."""
    case = filled(cast)
    secret = attached(cast, case, "bank terms.pdf", title="Terms of our bank", confidential=True)
    opened = attached(cast, case, "meter.pdf", data=pdf(b"<< /A 1 >>"), title="Meter")
    left = attached(cast, case, "draft.pdf", data=pdf(b"<< /A 2 >>"), title="Left out")
    actions.detach(actor=cast.participant, at=AT, project_id=case.pk, document_id=left.pk)
    actions.submit_design(actor=cast.participant, at=AT, project_id=case.pk)
    dna.request_letter(actor=cast.participant, at=AT, project_id=case.pk)
    engagement = doe.offer_engagement(
        actor=cast.participant, at=AT, project_id=case.pk,
        organisation_id=cast.doe.organisation_id or 0,
    )
    doe.accept_engagement(
        actor=cast.doe, at=AT, engagement_id=engagement.pk, no_conflict=True
    )
    doe.publish_design(actor=cast.doe, at=AT, project_id=case.pk)
    left.refresh_from_db()
    assert not left.public
    return case, secret, opened


def test_a_confidential_attachment_is_a_line_without_a_name_for_the_public(
    cast: Cast, sign_in: SignIn
) -> None:
    case, secret, opened = published(cast)
    page = Client().get(reverse("project", args=[case.reference])).content.decode()
    assert page.count("Confidential: not published") == 1
    assert address(opened) in page
    told = [page, str(queries.version(case, 1).content),
            Client().get(reverse("doe-public:comments", args=[case.reference])).content.decode()]
    for text in told:
        for hidden in (secret.title, secret.filename, secret.blob_id[:8], address(secret)):
            assert hidden not in text
    assert Client().get(address(opened)).status_code == 200


def test_who_reads_a_confidential_attachment(cast: Cast, sign_in: SignIn) -> None:
    case, secret, _ = published(cast)
    early = {
        "visitor": None, "buyer": cast.buyer, "rival": cast.rival_participant,
        "foreign dna": cast.foreign_dna, "another doe": cast.other_doe, "registry": cast.registry,
        "secretariat": cast.secretariat, "board": cast.board[0],
    }
    reading = {"participant": cast.participant, "dna": cast.dna, "doe": cast.doe,
               "auditor": cast.auditor}
    for name, actor in {**early, **reading}.items():
        browser = Client() if actor is None else sign_in(Client(), actor)
        wanted = 200 if name in reading else 404
        assert browser.get(address(secret)).status_code == wanted, name
    Project.objects.filter(pk=case.pk).update(registration_requested_at=AT)
    for actor in (cast.secretariat, cast.board[0]):
        assert sign_in(Client(), actor).get(address(secret)).status_code == 200
    letter = case.letters.get()
    for actor, desk in (
        (cast.dna, reverse("dna:letter", args=[letter.pk])),
        (cast.doe, reverse("doe:validation", args=[case.reference])),
    ):
        assert address(secret) in sign_in(Client(), actor).get(desk).content.decode()


@pytest.mark.parametrize("part", ["baseline", "additionality", "impacts"])
def test_what_decides_about_a_project_cannot_be_kept_confidential(
    cast: Cast, nothing_written: Nothing, part: str
) -> None:
    case = filled(cast)
    with nothing_written(), pytest.raises(Invalid) as refused:
        attached(cast, case, part=part, confidential=True)
    assert list(refused.value.errors) == ["confidential"]
    document = attached(cast, case, part=part)
    with pytest.raises(DatabaseError), transaction.atomic():
        Document.objects.create(
            project=case, kind="attachment", title="X", filename="x.pdf", part=part,
            media_type="application/pdf", blob=document.blob, filed_at=AT, confidential=True,
        )


def test_the_database_publishes_no_confidential_file(cast: Cast) -> None:
    secret = attached(cast, filled(cast), confidential=True)
    for statement in ({"public": True}, {"confidential": False}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Document.objects.filter(pk=secret.pk).update(**statement)
