"""The certificate on paper: PDF/A-3a with PDF/UA-1, the same bytes for the same data, then signed.

The record of the cancellations with their proofs is attached as JSON, so that a program can read
and check what a person reads (registry/transparency/verify.py). No name stands in it.
"""

import hashlib
import io
import json
import unicodedata
from typing import Any

import segno
import typst
from django.conf import settings

from cdm_portal import formats, papers
from offsets import codes, proofs, queries
from offsets.certificates import facts
from offsets.certificates.editions import Edition
from registry.transparency.queries import Proof

INK = "#05303f"
IN_FULL = "Name kept in full in the registry"
SIZES = ((34, 33), (80, 21), (160, 16))
"""The room a name needs, in Latin letters, and the points in which it is set."""
SMALLEST = 12


def print_certificate(edition: Edition) -> bytes:
    """The PDF of a certificate, not signed yet.

    A character that no font of ours has would print as a blank: then the registry's record is
    named instead of the name, and the reason is left to it. A project's title keeps what it can.
    """
    data = paper_data(edition)
    try:
        return compile_paper(data)
    except typst.TypstError:
        kept = data | {"name": IN_FULL, "size": SIZES[0][1], "reason": "", "reference": ""}
        return papers.render("certificate.typ", kept, standards=papers.CERTIFICATE)


def compile_paper(data: dict[str, Any]) -> bytes:
    """The certificate of some data: PDF/A-3a and PDF/UA-1, or TypstError where it is not."""
    return papers.compile_paper("certificate.typ", data, standards=papers.CERTIFICATE)


def qr_svg(text: str) -> str:
    """A QR code, error level Q, to be printed at 30 mm or more."""
    drawn = io.BytesIO()
    code = segno.make(text, error="q", boost_error=False, micro=False)
    code.save(drawn, kind="svg", dark=INK, light="#fff", border=4, xmldecl=False)
    return drawn.getvalue().decode()


def name_size(name: str) -> int:
    """The points in which a name is set: a wide character needs the room of two."""
    room = sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in name)
    return next((points for most, points in SIZES if room <= most), SMALLEST)


def paper_data(edition: Edition) -> dict[str, Any]:
    """Everything that the template prints; the date comes from here, so the bytes do not vary."""
    certificate, order = edition.certificate, edition.certificate.order
    lines = facts.lines(certificate)
    found = proofs.of(part.line for line in lines for part in line.parts)
    url, at = queries.verify_url(edition.code), edition.printed_at
    return {
        "site": settings.SITE_NAME,
        "disclaimer": f"{settings.SITE_NAME}: {settings.DISCLAIMER}",
        "title": "Cancellation certificate", "kind": "Certificate of voluntary cancellation",
        "lang": "en",
        "number": edition.number, "replaces": edition.replaces,
        "corrected": formats.day(at) if edition.reissue else "",
        "name": edition.name, "size": name_size(edition.name),
        "reference": order.reference, "reason": order.reason,
        "tonnes": formats.tonnes(certificate.tonnes),
        "unit": "tonne" if certificate.tonnes == 1 else "tonnes",
        "seed": int(hashlib.sha256(edition.number.encode()).hexdigest(), 16) % 628,
        "qr": qr_svg(url), "url": url,
        "host": url.partition("://")[2].rpartition("/")[0] + "/",
        "code": codes.show(edition.code),
        "at": formats.moment(certificate.issued_at), "date": [at.year, at.month, at.day],
        "rules": facts.rules(lines), "sandbox": certificate.sandbox,
        "lines": [_printed(line, found) for line in lines],
        "record": json.dumps(record(edition, lines, found), indent=1, sort_keys=True),
    }


def _printed(line: facts.Line, found: proofs.Found) -> dict[str, Any]:
    return {
        "project": line.project.title,
        "where": f"{line.country} · project {line.project.name}",
        "t": formats.tonnes(line.tonnes),
        "parts": [_part(part, found.get(("cancellation", part.cancellation_id)))
                  for part in line.parts],
    }  # fmt: skip


def _part(part: facts.Part, proof: Proof | None) -> dict[str, str]:
    sealed = f" · tree head #{proof.sealed_in}" if proof else ""
    return {
        "reductions": part.reductions, "serial": str(part.serial),
        "booked": f"{part.reference} · {formats.fingerprint(part.leaf, 4)}{sealed}",
    }


def record(
    edition: Edition, lines: list[facts.Line], found: proofs.Found
) -> dict[str, Any]:
    """What is attached for programs: one line a cancellation, as verify.py reads it; no name."""
    return {
        "certificate": edition.number, "replaces": edition.replaces or None,
        "code": codes.show(edition.code), "url": queries.verify_url(edition.code),
        "tonnes": str(edition.certificate.tonnes),
        "cancelled_at": edition.certificate.issued_at.isoformat(),
        "sandbox": edition.certificate.sandbox, "rules": facts.rules(lines),
        "lines": [
            {
                "project": line.project.name, "title": line.project.title,
                "country": line.country, "tonnes": str(part.tonnes),
                "reductions": part.reductions, "serial": str(part.serial),
                "registry_reference": part.reference, "sha256": part.leaf,
            } | proofs.told(part.line, found)
            for line in lines for part in line.parts
        ],
    }  # fmt: skip
