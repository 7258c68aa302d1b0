from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from delivery.cities.models import City
from delivery.devices.models import Device
from delivery.ground.aggregate import Aggregate
from delivery.ground.ids import new_public_id
from delivery.ground.leases import LeasedJob
from delivery.orders.models import Order
from restaurants.models import Restaurant, Station


class Printer(Aggregate):
    """A device that prints. `uid` is its name in the API; `labels` are words such as {"role": "kitchen"}."""

    class State(models.TextChoices):
        UNKNOWN = "unknown", _("not seen yet")
        READY = "ready", _("ready")
        PAPER = "paper", _("paper is out")
        COVER = "cover", _("cover is open")
        OFFLINE = "offline", _("does not answer")
        FAULT = "fault", _("fault")

    class Codepage(models.TextChoices):
        CP1252 = "cp1252", "CP1252"
        CP858 = "cp858", "CP858"

    device = models.OneToOneField(Device, on_delete=models.PROTECT, related_name="printer")
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="printers")
    restaurant = models.ForeignKey(Restaurant, on_delete=models.PROTECT, null=True, blank=True, related_name="printers")
    uid = models.SlugField(max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=60)
    labels = models.JSONField(default=dict, blank=True)
    host = models.CharField(max_length=255)
    port = models.PositiveIntegerField(default=9100)
    columns = models.PositiveSmallIntegerField(default=48)
    dots = models.PositiveSmallIntegerField(default=576)
    codepage = models.CharField(max_length=10, choices=Codepage.choices, default=Codepage.CP1252)
    has_native_qr = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UNKNOWN)
    state_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    rest_until = models.DateTimeField(null=True, blank=True)  # the breaker: no attempt before this instant
    is_paused = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(port__range=(1, 65535)), name="printer_port_is_a_port"),
        ]

    def __str__(self) -> str:
        return self.name


class StationPrinter(models.Model):
    """Which printers print a station's tickets: the lowest rank first, the others are its backups."""

    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="station_printers")
    printer = models.ForeignKey(Printer, on_delete=models.CASCADE, related_name="station_printers")
    rank = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["station", "printer"], name="station_names_a_printer_once"),
            models.UniqueConstraint(fields=["station", "rank"], name="station_rank_is_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.station_id} {self.printer_id}"


class Ticket(models.Model):
    """Content for one station, independent of any printer; rendered when it is sent."""

    class Purpose(models.TextChoices):
        KITCHEN = "kitchen", _("kitchen ticket")
        CANCELLATION = "cancellation", _("cancellation")
        API = "api", _("print request")
        TEST = "test", _("test page")

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, related_name="tickets")
    restaurant = models.ForeignKey(Restaurant, on_delete=models.PROTECT, null=True, related_name="tickets")
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    revision = models.PositiveSmallIntegerField(default=1)
    station = models.CharField(max_length=40, blank=True)
    content = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.purpose} {self.public_id}"


# Words of the job's life: notes in docs/printing.
WAITING = ["queued", "blocked"]
AT_WORK = ["sending"]
ON_PAPER = ["printed", "assumed"]


class PrintJob(LeasedJob):
    """The duty to get one ticket on paper. `intent_key` names the intent: the same intent is never queued twice."""

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        BLOCKED = "blocked", _("waits for the printer")
        SENDING = "sending", _("printing")
        PRINTED = "printed", _("on paper")
        ASSUMED = "assumed", _("sent, not confirmed by this kind of printer")
        UNCONFIRMED = "unconfirmed", _("nobody knows")
        SUPERSEDED = "superseded", _("printed again, marked")
        EXPIRED = "expired", _("too old")
        CANCELLED = "cancelled", _("cancelled")

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="jobs")
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="print_jobs")
    printer = models.ForeignKey(Printer, on_delete=models.PROTECT, related_name="jobs")
    intent_key = models.CharField(max_length=200, unique=True)
    copy_no = models.PositiveSmallIntegerField(default=0)  # 0 is the original, n is marked COPY n
    marks = models.JSONField(default=list, blank=True)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    priority = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=20, choices=State.choices, default=State.QUEUED)
    state_reason = models.CharField(max_length=60, blank=True)
    paper_by = models.DateTimeField(null=True, blank=True)
    printed_at = models.DateTimeField(null=True, blank=True)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    requested_by = models.CharField(max_length=80, default="system")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["printer"], condition=Q(state="sending"), name="printer_prints_one_job_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=ON_PAPER) | Q(printed_at__isnull=False),
                name="print_job_on_paper_has_its_instant",
            ),
        ]
        indexes = [
            models.Index(
                fields=["printer", "priority", "id"],
                condition=Q(state__in=WAITING),
                name="print_job_next",
            ),
            models.Index(fields=["ticket"], name="print_job_by_ticket"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class Attempt(models.Model):
    """One try to print a job. `started_sending_at` is committed before the first byte leaves."""

    job = models.ForeignKey(PrintJob, on_delete=models.PROTECT, related_name="attempts_made")
    number = models.PositiveSmallIntegerField()
    printer = models.ForeignKey(Printer, on_delete=models.PROTECT, related_name="attempts")
    token = models.CharField(max_length=8)
    sha256 = models.CharField(max_length=64)
    began_at = models.DateTimeField()
    started_sending_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(max_length=20, blank=True)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    status_raw = models.CharField(max_length=200, blank=True)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="print_attempt_has_its_number")]

    def __str__(self) -> str:
        return f"{self.job_id}/{self.number}"
