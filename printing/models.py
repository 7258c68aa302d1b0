from typing import TypedDict

from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from delivery.cities.models import City
from delivery.devices.models import Device
from delivery.ground.aggregate import Aggregate
from delivery.ground.ids import new_public_id
from delivery.ground.leases import LeasedJob
from delivery.orders.models import Order
from printing.layouts import TicketTemplate as TicketTemplate  # a model of this app, in a file of its own
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

    class Transport(models.TextChoices):
        """How bytes reach it: we connect (tcp, file, lp), it asks us (CloudPRNT, SDP), or something carries them."""

        TCP = "tcp", _("network, port 9100")
        CLOUDPRNT = "cloudprnt", "Star CloudPRNT"
        SDP = "sdp", "Epson Server Direct Print"
        AGENT = "agent", _("box in the restaurant")
        FILE = "file", _("file or character device")
        LP = "lp", _("print queue of the system")

    class Codepage(models.TextChoices):
        CP1252 = "cp1252", "CP1252"
        CP858 = "cp858", "CP858"

    class Answers(models.IntegerChoices):
        """The highest level of proof that this model gives (printing.drivers.Level)."""

        NOTHING = 1, _("nothing: tickets are assumed")
        IN_ORDER = 2, _("status behind the ticket")
        PROCESS_ID = 3, _("process id when on paper")

    class Cut(models.TextChoices):
        PARTIAL = "partial", _("partial")
        FULL = "full", _("full")
        NONE = "none", _("no knife")

    class Buzzer(models.TextChoices):
        NONE = "none", _("none")
        ESC_B = "esc_b", "ESC B"
        ESC_PAREN_A = "esc_paren_a", "ESC ( A"
        BEL = "bel", "BEL"

    device = models.OneToOneField(Device, on_delete=models.PROTECT, related_name="printer")
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="printers")
    restaurant = models.ForeignKey(Restaurant, on_delete=models.PROTECT, null=True, blank=True, related_name="printers")
    uid = models.SlugField(max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=60)
    labels = models.JSONField(default=dict, blank=True)
    transport = models.CharField(max_length=20, choices=Transport.choices, default=Transport.TCP, db_default="tcp")
    host = models.CharField(max_length=255, blank=True)
    port = models.PositiveIntegerField(default=9100)
    path = models.CharField(
        max_length=255, blank=True, db_default=""
    )  # file and USB: the device; lp: the name of the queue
    agent = models.ForeignKey(
        Device, on_delete=models.PROTECT, null=True, blank=True, related_name="printers_carried"
    )  # the box that carries its bytes; host, port or path are as that box sees them
    mac = models.CharField(
        max_length=17, blank=True, db_default=""
    )  # who polls under the secret: bound at the first poll
    path_secret = models.CharField(max_length=64, null=True, blank=True, unique=True)  # SHA-256 of it
    asked_at = models.DateTimeField(null=True, blank=True)  # when it last asked us for work
    poll_every_s = models.PositiveSmallIntegerField(default=5, db_default=5)
    media_types = models.JSONField(
        default=list, db_default=Value([], output_field=models.JSONField()), blank=True
    )  # what it said it takes; empty: everything we make
    about = models.JSONField(
        default=dict, db_default=Value({}, output_field=models.JSONField()), blank=True
    )  # model, firmware, width: as it told us
    columns = models.PositiveSmallIntegerField(default=48)
    dots = models.PositiveSmallIntegerField(default=576)
    codepage = models.CharField(max_length=10, choices=Codepage.choices, default=Codepage.CP1252)
    has_native_qr = models.BooleanField(default=True)
    answers = models.PositiveSmallIntegerField(choices=Answers.choices, default=Answers.PROCESS_ID)
    cut = models.CharField(max_length=10, choices=Cut.choices, default=Cut.PARTIAL)
    buzzer = models.CharField(max_length=20, choices=Buzzer.choices, default=Buzzer.NONE)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UNKNOWN)
    state_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    rest_until = models.DateTimeField(null=True, blank=True)  # the breaker: no attempt before this instant
    is_paused = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(port__range=(1, 65535)), name="printer_port_is_a_port"),
            models.CheckConstraint(
                condition=~Q(transport="agent") | Q(agent__isnull=False), name="carried_printer_has_its_box"
            ),
        ]

    def __str__(self) -> str:
        return self.name


# Printers that a worker of ours calls; the others ask for their tickets, or a box in the restaurant does.
CALLED = ["tcp", "file", "lp"]


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

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "purpose", "revision", "station"],
                condition=Q(order__isnull=False),
                name="ticket_is_one_per_order_revision_and_station",
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.public_id}"


class JobNames(TypedDict):
    """The fields of `events.TicketFact`."""

    job_id: str
    ticket_id: str
    order_id: int | None


# Nothing of these was sent; these may still need somebody; these are on paper, proven or believed.
WAITING = ["queued", "blocked"]
OPEN = [*WAITING, "sending", "unconfirmed"]
ON_PAPER = ["printed", "assumed"]


class PrintJob(LeasedJob):
    """The duty to get one ticket on paper. `intent_key` names the intent: the same intent is never queued twice.

    The lease of a job is the lease of its printer: one of them at a time. Bytes leave for a job once (`Attempt`);
    when nobody knows what became of them, a marked copy is a job of its own that `supersedes` this one.
    """

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
    version = models.PositiveIntegerField(default=1)
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
    state_at = models.DateTimeField(auto_now_add=True)
    paper_by = models.DateTimeField(null=True, blank=True)
    overdue_at = models.DateTimeField(null=True, blank=True)
    printed_at = models.DateTimeField(null=True, blank=True)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    requested_by = models.CharField(max_length=80, default="system")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["printer"], condition=Q(state="sending"), name="printer_prints_one_job_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["printer"], condition=Q(lease_token__isnull=False), name="printer_has_one_lease"
            ),
            models.CheckConstraint(
                condition=~Q(state="sending") | Q(lease_token__isnull=False), name="print_job_is_sent_under_a_lease"
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
            models.Index(fields=["state", "not_before"], condition=Q(state__in=OPEN), name="print_job_open"),
            models.Index(
                fields=["paper_by"],
                condition=Q(state__in=OPEN, overdue_at__isnull=True),
                name="print_job_not_overdue",
            ),
            models.Index(
                fields=["printer"], condition=Q(state="cancelled", overdue_at__isnull=False), name="print_job_needless"
            ),
            models.Index(fields=["not_after"], condition=Q(state__in=WAITING), name="print_job_grows_old"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    def named(self) -> JobNames:
        """How facts name this job; needs `ticket`."""
        return {
            "job_id": str(self.public_id),
            "ticket_id": str(self.ticket.public_id),
            "order_id": self.ticket.order_id,
        }


class Attempt(models.Model):
    """One try to print a job. `started_sending_at` is committed before the first byte leaves."""

    job = models.ForeignKey(PrintJob, on_delete=models.PROTECT, related_name="attempts_made")
    number = models.PositiveSmallIntegerField()
    printer = models.ForeignKey(Printer, on_delete=models.PROTECT, related_name="attempts")
    token = models.CharField(max_length=8)
    sha256 = models.CharField(max_length=64, blank=True)
    payload = models.BinaryField(null=True, blank=True)  # ESC/POS as it was sent, deflated; forgotten after a week
    began_at = models.DateTimeField()
    started_sending_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(max_length=20, blank=True)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    status_raw = models.CharField(max_length=200, blank=True)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["began_at"], condition=Q(payload__isnull=False), name="print_attempt_with_bytes")
        ]
        constraints = [
            models.UniqueConstraint(fields=["job", "number"], name="print_attempt_has_its_number"),
            # At most one ticket per job can be on paper, whatever the code above believes.
            models.UniqueConstraint(
                fields=["job"],
                condition=Q(started_sending_at__isnull=False) & ~Q(verdict="failed_clean"),
                name="print_job_is_sent_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}/{self.number}"
