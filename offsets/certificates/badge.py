"""The badge that a buyer puts on a page of their own: a picture, with no script and no style.

It says tonnes, year and code, never the name; whoever follows its link reads what is true now.
"""

from dataclasses import dataclass
from xml.sax.saxutils import escape

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cdm_portal import formats
from offsets import codes, queries
from offsets.certificates import facts
from offsets.certificates.editions import Edition

WIDTH, HEIGHT = 264, 84


@dataclass(frozen=True, slots=True)
class Badge:
    """What a badge says, in words and for the page that it stands on."""

    words: str
    code: str
    url: str
    genuine: bool
    sandbox: bool

    @property
    def alt(self) -> str:
        """The badge for who does not see it."""
        return _("%(words)s. Certificate %(code)s, %(site)s") % {
            "words": self.words, "code": self.code, "site": settings.SITE_NAME,
        }  # fmt: skip


def of(edition: Edition) -> Badge:
    """The badge of a certificate, as the ledger stands now."""
    certificate = edition.certificate
    genuine = facts.verdict(certificate).genuine
    words = ngettext(
        "%(n)s tonne CO₂e cancelled in %(year)s", "%(n)s tonnes CO₂e cancelled in %(year)s",
        certificate.tonnes,
    ) % {"n": formats.tonnes(certificate.tonnes), "year": certificate.issued_at.year}
    return Badge(
        words=words if genuine else _("Not confirmed by the ledger"),
        code=codes.show(edition.code), url=queries.verify_url(edition.code), genuine=genuine,
        sandbox=certificate.sandbox,
    )


def snippet(badge: Badge, edition: Edition) -> str:
    """The HTML to copy."""
    picture = settings.SITE_URL + reverse("offsets:badge", args=[badge.code])
    return (
        f'<a href="{escape(badge.url)}"><img src="{escape(picture)}" width="{WIDTH}" '
        f'height="{HEIGHT}" alt="{escape(badge.alt, {chr(34): "&quot;"})}"></a>'
    )


def svg(badge: Badge) -> str:
    """The picture: a link around drawn words, with a title and a description for screen readers."""
    tonnes, _space, rest = badge.words.partition(" ")
    big, small = (tonnes, rest) if badge.genuine else ("", badge.words)
    mark = _("Sandbox: no money moved") if badge.sandbox else settings.SITE_NAME
    font = 'font-family="IBM Plex Sans, Segoe UI, Helvetica, Arial, sans-serif"'
    size = 26 if len(big) < 8 else 18
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="t d" {font}>'
        f'<title id="t">{escape(badge.words)}</title><desc id="d">{escape(badge.alt)}</desc>'
        f'<a href="{escape(badge.url)}"><rect width="{WIDTH}" height="{HEIGHT}" rx="8" '
        f'fill="#05303f"/><rect x="8" width="{WIDTH - 16}" height="4" fill="#d6ef6a"/>'
        f'<text x="16" y="42" fill="#fff"><tspan font-size="{size}" font-weight="600">'
        f'{escape(big)}</tspan><tspan font-size="13" dx="{6 if big else 0}">{escape(small)}</tspan>'
        f'</text><text x="16" y="68" font-size="11" fill="#c4dae2">{escape(mark)}</text>'
        f'<text x="{WIDTH - 16}" y="68" font-size="11" text-anchor="end" fill="#d6ef6a" '
        f'font-family="IBM Plex Mono, Consolas, monospace">{badge.code}</text></a></svg>'
    )
