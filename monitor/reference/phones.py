"""Phone numbers as township sheets hold them, and as people may see them."""

from __future__ import annotations

import re
import unicodedata

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d{2})[2-9]\d{6,7}")
_HOTLINE = re.compile(r"[48]00[1-9]\d{6}")
_COUNTRY = re.compile(r"(?:\+|00)86|86(?=1[3-9]\d{9}$)")
_FILLING = re.compile(r"[\s\-()·.‐-―]|\u200b|\u200e|\u200f|[\u202a-\u202e]|\ufeff")
"""Blanks, dashes, and the invisible direction marks that copied contacts carry."""
_IN_TEXT = re.compile(r"(?<!\d)((?:\+?86)?1[3-9]\d|0(?:10|2\d|[3-9]\d{2})-?)\d{3,4}(\d{4})(?!\d)")


def normalise(text: str | int, area_code: str = "") -> str:
    """Digits without country code: a mobile of 11, a landline with its area code, a 400 number.

    "" stays "" (no number). `area_code` is put before a landline that has none. ValueError says
    in words what the cell holds instead, so that its owner can put it right.
    """
    raw = unicodedata.normalize("NFKC", str(text)).strip()
    if re.search(r"[/、,;，；]", raw):
        raise ValueError("holds two numbers; write one number in a cell")
    if re.fullmatch(r"[\d.]+e\+?\d+", raw, re.IGNORECASE):
        raise ValueError("was rounded by the spreadsheet; format the column as text and retype it")
    digits = _FILLING.sub("", re.sub(r"\.0$", "", raw))
    digits = _COUNTRY.sub("", digits, count=1) if _COUNTRY.match(digits) else digits
    if digits.startswith(("+", "00")):
        raise ValueError("is a foreign number; only +86 can be called")
    if not digits.isascii() or not digits.isdigit():
        if not digits:
            return ""
        raise ValueError("is no phone number; write digits only")
    return _recognised(digits, area_code)


def _recognised(digits: str, area_code: str) -> str:
    if _MOBILE.fullmatch(digits) or _HOTLINE.fullmatch(digits) or _LANDLINE.fullmatch(digits):
        return digits
    if len(digits) in (9, 10) and _LANDLINE.fullmatch("0" + digits):
        return "0" + digits  # +86 drops the area code's 0, and so does a numeric cell
    if len(digits) in (7, 8) and digits[0] in "23456789":
        if area_code:
            return _recognised(area_code + digits, "")
        raise ValueError("is a landline without its area code; write it as 0xxx-xxxxxxx")
    if 3 <= len(digits) <= 6:
        raise ValueError("is a short number that works only inside its group; write all 11 digits")
    raise ValueError(f"has {len(digits)} digits and is no Chinese number; check it")


def is_mobile(digits: str) -> bool:
    """Whether a text message can reach it."""
    return _MOBILE.fullmatch(digits) is not None


def mask(number: str) -> str:
    """As those see it who do not need it: 138****0001; a short one keeps its last two digits."""
    if len(number) < 8:
        return "*" * (len(number) - 2) + number[-2:] if len(number) > 2 else "*" * len(number)
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"


def mask_in(text: str) -> str:
    """The text with every mobile and landline in it masked; a provider's error may quote one."""
    return _IN_TEXT.sub(r"\1****\2", text)
