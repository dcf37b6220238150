"""The certificate on paper: who signed it, every signed print, and prints with a corrected name."""

from django.db import models

from offsets.models.certificates import Certificate


class SigningCertificate(models.Model):
    """A certificate (X.509) whose key signed prints here. The signer alone adds one."""

    sha256 = models.CharField(max_length=64, unique=True)
    der = models.BinaryField()
    subject = models.CharField(max_length=300)
    first_used_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.subject


class Reissue(models.Model):
    """A certificate printed again under a corrected name, with a code of its own.

    Nothing else differs, and the earlier one stays. `position` counts from 2: the first is the
    certificate itself. The PDF is set once; erasing a person's data takes name, reason and PDF
    away.
    """

    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, related_name="reissues"
    )
    position = models.SmallIntegerField()
    code = models.CharField(max_length=11, unique=True)
    number = models.CharField(max_length=24, unique=True)
    name = models.CharField("corrected name", max_length=200, blank=True)
    why = models.CharField("what was wrong", max_length=200, blank=True)
    asked_at = models.DateTimeField()
    pdf = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["certificate_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["certificate", "position"], name="reissue_position")
        ]

    def __str__(self) -> str:
        return self.number


class SignedPrint(models.Model):
    """That these very bytes were printed and signed here. It stays when the PDF is erased."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="prints")
    reissue = models.ForeignKey(
        Reissue, on_delete=models.PROTECT, null=True, related_name="prints"
    )
    signer = models.ForeignKey(SigningCertificate, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, unique=True)
    unsigned_sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.sha256
