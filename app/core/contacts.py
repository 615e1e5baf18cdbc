"""Phone numbers and e-mail addresses in what people are about to publish."""

from __future__ import annotations

import re
import unicodedata

_GAP = r"[\s().\-\u2010-\u2015\u2212·~_/]{0,3}"
# Mobile numbers, and those of homes and offices with their area code; at home or from abroad.
_AREA = r"(?:1[016-9]|2|3[1-3]|4[1-4]|5[1-5]|6[1-4]|70|50[2-8])"
_PHONE = re.compile(
    rf"(?<!\d)(?<!\d[.,])(?:0|\+82{_GAP}(?:0{_GAP})?|82{_GAP}0?(?=1)){_AREA}{_GAP}\d{{3,4}}{_GAP}\d{{4}}(?!\d)"
)
# Only what stands around the sign is looked at, so that long words cost nothing.
_MAIL = re.compile(r"[\w+-]\s?@\s?[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}")


def names_contact(text: str) -> bool:
    """Say whether there is something like a phone number or an e-mail address in a text."""
    plain = unicodedata.normalize("NFKC", text)
    return bool(_PHONE.search(plain) or _MAIL.search(plain))
