"""The packages of a filing: what was, or would be, handed in."""

from django.db import models

from guanshu.portal.models.files import StoredFile
from guanshu.portal.models.filing import Filing


class PackageSource(models.TextChoices):
    """Who put the package together."""

    BUILT = "built", "系统生成"
    UPLOADED = "uploaded", "自行打包上传"


class Package(models.Model):
    """One package. `basis` is the digest of everything it was made from: when that changes, the package is outdated.

    manifest: [{"name", "size", "sha256", "item", "problem"}], one line a file inside; `parts` is what `basis` is the
    digest of, part by part, so that it can be said what changed.
    """

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="packages")
    serial = models.PositiveIntegerField()
    source = models.CharField(max_length=10, choices=PackageSource.choices)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="package")
    basis = models.CharField(max_length=64)
    parts = models.JSONField(default=dict)
    manifest = models.JSONField(default=list)
    made_by = models.CharField(max_length=20)
    made_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["filing", "serial"], name="one_package_a_serial")]

    def __str__(self) -> str:
        return f"{self.filing_id} #{self.serial}"
