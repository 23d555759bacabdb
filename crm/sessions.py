"""Sessions in the database."""

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    """Takes only keys such as are given out; the database is not asked for any other, which may hold a NUL."""

    def _validate_session_key(self, key: str | None) -> bool:
        plain = key is not None and key.isascii() and key.isalnum()
        return plain and super()._validate_session_key(key)  # type: ignore[misc] # the stubs leave it out
