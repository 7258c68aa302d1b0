"""Deny first: who is asking, and which rule opens which URL.

Each package lists its URLs in `access.py`; `delivery.wiring` joins the lists; the middleware refuses a URL
that no list names.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

from delivery.ground.registry import wired


@dataclass(frozen=True)
class Actor:
    """Who acts: an account, devices, a guest, or nobody.

    A browser may be signed in and paired at once: it has the rights of both, and the log names the person.

    Attributes:
        ref: how the log names the actor: "account:<public id>", "device:<public id>", "guest:<id>", "nobody".
        account_id, device_ids, key_id: primary keys, where there are any; a key is a program's.
        scopes: what an access token is limited to; empty for a session, which has all rights of its roles.
        language: in which the person or the device wants to be answered; empty: nobody has said. No part of who it is.
    """

    ref: str = "nobody"
    account_id: int | None = None
    device_ids: tuple[int, ...] = ()
    key_id: int | None = None
    scopes: frozenset[str] = frozenset()
    language: str = field(default="", compare=False)

    @cached_property
    def roles(self) -> frozenset[str]:
        """Role words, and role words bound to a thing: "editor", "editor:site:3"."""
        return frozenset(role for source in wired.role_sources for role in source(self))

    @property
    def is_known(self) -> bool:
        return self.account_id is not None or self.key_id is not None or bool(self.device_ids)

    def has(self, role: str, **bound: int) -> bool:
        """Whether the actor holds `role`, or `role` for one thing: has("editor", site=3)."""
        if not bound:
            return role in self.roles
        ((kind, pk),) = bound.items()
        return f"{role}:{kind}:{pk}" in self.roles

    def bound(self, role: str, kind: str) -> frozenset[int]:
        """Primary keys of all things of a kind that the actor holds `role` for."""
        start = f"{role}:{kind}:"
        return frozenset(int(word.removeprefix(start)) for word in self.roles if word.startswith(start))


@dataclass(frozen=True)
class Rule:
    """Opens a URL to some actors.

    Attributes:
        sign_in: names the URL where the others may prove who they are.
        scope: what a token with scopes must hold to pass; None: such tokens never pass, unless anybody does.
    """

    says: str
    allows: Callable[[Actor], bool]
    sign_in: str | None = None
    scope: str | None = None
    is_public: bool = False

    def opens_to(self, actor: Actor) -> bool:
        return self.allows(actor) and not self.is_beyond(actor)

    def is_beyond(self, actor: Actor) -> bool:
        """Whether the actor's token is limited to scopes that are not this rule's."""
        return bool(actor.scopes) and not self.is_public and self.scope not in actor.scopes


ANYONE = Rule("anyone", lambda actor: True, is_public=True)
KNOWN = Rule("anyone signed in", lambda actor: actor.is_known, sign_in="account_login")


def roles(*names: str, sign_in: str | None = None) -> Rule:
    """A rule for actors who hold at least one of the roles."""
    return Rule(" or ".join(names), lambda actor: any(name in actor.roles for name in names), sign_in)


def scoped(rule: Rule, scope: str) -> Rule:
    """The rule, open to tokens that are limited to scopes when they hold this one."""
    return replace(rule, scope=scope)
