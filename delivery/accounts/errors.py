"""What accounts refuse."""

from delivery.ground.errors import Conflict, Problem


class AccountExists(Conflict):
    code, title = "account_exists", "There is already an account with this e-mail or phone"


class PhoneInvalid(Problem):
    status, code, title = 422, "phone_invalid", "This is not a phone number with its country code"


class PhoneCodeWrong(Problem):
    status, code, title = 422, "phone_code_wrong", "This code is wrong or too old"
