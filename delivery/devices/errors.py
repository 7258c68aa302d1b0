"""What devices refuse."""

from delivery.ground.errors import Problem


class PairingCodeWrong(Problem):
    status, code, title = 422, "pairing_code_wrong", "This pairing code is wrong, used or too old"
