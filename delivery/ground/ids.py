"""Identifiers that people may see: time-ordered UUIDv7, unguessable tokens, short human codes."""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

import uuid_utils

NIL = UUID(int=0)

# No vowels and no look-alikes: a code never spells a word and is read aloud without doubt.
CODE_ALPHABET = "BCDFGHJKMNPQRTVWXYZ2346789"


def new_public_id() -> UUID:
    """A UUIDv7 (RFC 9562): unguessable and ordered by time."""
    return UUID(int=uuid_utils.uuid7().int)


def first_id_of(instant: datetime) -> UUID:
    """The lowest UUIDv7 of an instant (RFC 9562: its first 48 bits are Unix milliseconds): ids find rows by time."""
    return UUID(int=int(instant.timestamp() * 1000) << 80)


def public_id_in(text: str) -> UUID:
    """The public id that a caller wrote; when it is none, the nil UUID, which no row has."""
    try:
        return UUID(text)
    except ValueError:
        return NIL


def new_token(n_bytes: int = 24) -> str:
    """A URL-safe secret of `n_bytes` random bytes."""
    return secrets.token_urlsafe(n_bytes)


def new_code(length: int = 8) -> str:
    """A code of `length` characters to be typed by a person."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(length))


def sha256_of(secret: str) -> str:
    """Hexadecimal SHA-256 of a secret with full entropy: what is stored in its place."""
    return hashlib.sha256(secret.encode()).hexdigest()
