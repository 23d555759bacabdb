"""Marks English texts that a display layer translates.

The core imports no translation machinery: it hands out English msgids and parameters, and whoever shows
them calls gettext. Extraction finds the msgids by the keyword ``N_``.
"""


def N_(message: str) -> str:
    """Return ``message`` unchanged; the call only marks it for extraction."""
    return message
