"""A certificate as it was printed: under its first name, or again under a corrected one."""

from dataclasses import dataclass
from datetime import datetime

from offsets.models import Certificate, Reissue


@dataclass(frozen=True, slots=True)
class Edition:
    """One of a certificate's prints with what differs between them: number, code, name, file."""

    certificate: Certificate
    reissue: Reissue | None
    replaces: str
    """The number of the edition before; empty for the first."""
    replaced_by: Reissue | None

    @property
    def number(self) -> str:
        """The number printed on it."""
        return self.reissue.number if self.reissue else self.certificate.number

    @property
    def code(self) -> str:
        """The code under which it is checked."""
        return self.reissue.code if self.reissue else self.certificate.code

    @property
    def name(self) -> str:
        """The name printed on it; empty once it is erased."""
        return self.reissue.name if self.reissue else self.certificate.order.beneficiary_name

    @property
    def printed_at(self) -> datetime:
        """When it was asked for: the day of the cancellation, or of the correction."""
        return self.reissue.asked_at if self.reissue else self.certificate.issued_at

    @property
    def row(self) -> Certificate | Reissue:
        """The row that keeps its PDF."""
        return self.reissue or self.certificate

    @property
    def is_current(self) -> bool:
        """Whether no later edition replaces it."""
        return self.replaced_by is None


def by_code(code: str) -> Edition | None:
    """The edition of a code as `codes.parse` reads it; None if there is none."""
    known = Certificate.objects.select_related("order").filter(code=code).first()
    if known is not None:
        return first(known)
    again = Reissue.objects.select_related("certificate__order").filter(code=code).first()
    return of(again) if again else None


def first(certificate: Certificate) -> Edition:
    """The certificate itself."""
    return Edition(certificate, None, "", certificate.reissues.order_by("position").first())


def of(reissue: Reissue) -> Edition:
    """The edition of a reissue."""
    others = reissue.certificate.reissues
    before = others.filter(position__lt=reissue.position).last()
    after = others.filter(position__gt=reissue.position).first()
    number = before.number if before else reissue.certificate.number
    return Edition(reissue.certificate, reissue, number, after)


def current(certificate: Certificate) -> Edition:
    """The edition that counts now."""
    newest = certificate.reissues.last()
    return of(newest) if newest else first(certificate)


def all_of(certificate: Certificate) -> list[Edition]:
    """Every edition, the first one first."""
    return [first(certificate), *map(of, certificate.reissues.order_by("position"))]
