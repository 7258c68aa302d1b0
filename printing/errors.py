"""What printing refuses."""

from delivery.ground.errors import Conflict, Invalid, NotFound


class AddressRefused(Invalid):
    code, title = "printer_address_refused", "A printer cannot be reached at this address"


class UidTaken(Conflict):
    code, title = "printer_uid_taken", "Another printer has this uid"


class NotOneKitchen(Conflict):
    code, title = "printers_of_two_restaurants", "Tickets move between printers of one restaurant only"


class NoPrinter(NotFound):
    code, title = "no_printer", "No printer answers to this name or these labels"
