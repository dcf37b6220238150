"""The certificate on paper: PDF/A-3 with PDF/UA, made by typst, the same bytes for the same data.

The record of the cancellation is attached as JSON, so that a program can read what a person reads.
"""

import hashlib
import io
import json
from typing import Any

import segno
import typst
from django.conf import settings

from cdm_portal import formats, papers
from offsets import codes, queries
from offsets.certificates import facts
from offsets.models import Certificate

INK = "#05303f"
IN_FULL = "Name kept in full in the registry"


def print_certificate(certificate: Certificate) -> bytes:
    """The PDF of a certificate.

    A character that no font of ours has would print as a blank: then the registry's record is
    named instead of the name, and the reason is left to it. A project's title keeps what it can.
    """
    data = paper_data(certificate)
    try:
        return compile_paper(data)
    except typst.TypstError:
        kept = data | {"name": IN_FULL, "reason": "", "reference": ""}
        return papers.render("certificate.typ", kept, standards=papers.CERTIFICATE)


def compile_paper(data: dict[str, Any]) -> bytes:
    """The certificate of some data: PDF/A-3a and PDF/UA-1."""
    return papers.compile_paper("certificate.typ", data, standards=papers.CERTIFICATE)


def qr_svg(text: str) -> str:
    """A QR code, error level Q, to be printed at 30 mm or more."""
    drawn = io.BytesIO()
    code = segno.make(text, error="q", boost_error=False, micro=False)
    code.save(drawn, kind="svg", dark=INK, light="#fff", border=4, xmldecl=False)
    return drawn.getvalue().decode()


def paper_data(certificate: Certificate) -> dict[str, Any]:
    """Everything that the template prints; the date comes from here, so the bytes do not vary."""
    order, at = certificate.order, certificate.issued_at
    lines = facts.lines(certificate)
    url = queries.verify_url(certificate.code)
    return {
        "site": settings.SITE_NAME,
        "disclaimer": f"{settings.SITE_NAME}: {settings.DISCLAIMER}",
        "title": "Cancellation certificate",
        "kind": "Certificate of voluntary cancellation",
        "lang": "en",
        "number": certificate.number,
        "name": order.beneficiary_name,
        "reference": order.reference,
        "tonnes": formats.tonnes(certificate.tonnes),
        "unit": "tonne" if certificate.tonnes == 1 else "tonnes",
        "reason": order.reason,
        "seed": int(hashlib.sha256(certificate.number.encode()).hexdigest(), 16) % 628,
        "qr": qr_svg(url),
        "url": url,
        "host": url.partition("://")[2].rpartition("/")[0] + "/",
        "code": codes.show(certificate.code),
        "at": formats.moment(at),
        "date": [at.year, at.month, at.day],
        "rules": facts.rules(lines),
        "sandbox": certificate.sandbox,
        "lines": [_printed(line) for line in lines],
        "record": _record(certificate, lines),
    }


def _printed(line: facts.Line) -> dict[str, str]:
    return {
        "project": line.project.title,
        "where": f"{line.country} · project {line.project.name}",
        "t": formats.tonnes(line.tonnes),
        "reductions": line.reductions,
        "serial": str(line.serial),
        "tx": line.reference,
        "hash": formats.fingerprint(line.leaf, 4),
    }


def _record(certificate: Certificate, lines: list[facts.Line]) -> str:
    """The machine-readable record that is attached to the PDF."""
    return json.dumps(
        {
            "certificate": certificate.number,
            "code": codes.show(certificate.code),
            "tonnes": certificate.tonnes,
            "cancelled_at": certificate.issued_at.isoformat(),
            "sandbox": certificate.sandbox,
            "lines": [
                {
                    "project": line.project.name,
                    "tonnes": line.tonnes,
                    "serial": str(line.serial),
                    "registry_reference": line.reference,
                    "sha256": line.leaf,
                }
                for line in lines
            ],
        },
        indent=1,
        sort_keys=True,
    )
