"""How numbers and postcodes are written: read kindly, stored in one form, said as people say them. Pure functions."""

import re

import phonenumbers
from django.core.exceptions import ValidationError

POSTCODE = re.compile(r"\b([A-Z]{1,2}[0-9][A-Z0-9]?)\s*([0-9][A-Z]{2})\b", re.IGNORECASE)


def read_phone(text: str) -> str:
    """A number as someone says it, in international form. Raises ValidationError when it cannot be one."""
    try:
        number = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise ValidationError("Enter a phone number, like 020 8227 5000, 07700 900123 or +44 808 157 0192")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def say_phone(number: str) -> str:
    """A stored number as people here read it: 07700 900123, or +353 … from abroad."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, style.NATIONAL if parsed.country_code == 44 else style.INTERNATIONAL)


def read_postcode(text: str) -> str:
    """A postcode in its written form, RM10 7AB; nothing for nothing. Raises ValidationError when it cannot be one."""
    if not text.strip():
        return ""
    found = POSTCODE.fullmatch(text.strip().upper())
    if not found:
        raise ValidationError("Enter a full UK postcode, like RM10 7AB, or leave it empty")
    return f"{found[1]} {found[2]}"


def read_uprn(text: str) -> str:
    """A property number of one to twelve digits, or nothing. Raises ValidationError otherwise."""
    digits = re.sub(r"\s", "", text)
    if digits and not re.fullmatch(r"[0-9]{1,12}", digits):
        raise ValidationError("UPRN must be 1 to 12 digits, or leave it empty")
    return digits.lstrip("0") if digits else ""


def read_nhs_number(text: str) -> str:
    """The ten digits of an NHS number, or nothing. Raises ValidationError when the check digit is wrong."""
    digits = re.sub(r"[\s-]", "", text)
    if not digits:
        return ""
    if re.fullmatch(r"[0-9]{10}", digits):
        check = 11 - sum(int(one) * weight for one, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
        if check % 11 == int(digits[9]) and check != 10:
            return digits
    raise ValidationError("Enter an NHS number of 10 digits, like 943 476 5919, or leave it empty")
