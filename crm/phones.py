"""What a telephone number looks like."""

import re

NUMBER = re.compile(r"\+?[\d\s().\-/]{5,30}(?:(?:ext|x|转)\.?\s*\d{1,6})?", re.IGNORECASE)
LEAST_DIGITS = 5


def is_phone(text: str) -> bool:
    """Digits with the signs they are grouped by, perhaps + in front and an extension behind."""
    return bool(NUMBER.fullmatch(text)) and sum(map(str.isdigit, text)) >= LEAST_DIGITS
