"""A council's clothes: its colours, checked for contrast, as a small style sheet, and its logo.

Needs neither models nor settings, because the settings are made with it.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from django.core.exceptions import ImproperlyConfigured

NEEDED = 4.5  # WCAG 2.2, 1.4.3: text of every size on its background
INK, PAPER = "#0b0c0c", "#ffffff"
LONGEST_NAME, LARGEST_LOGO, TALLEST = 60, 100_000, 40
PNG, SVG = "image/png", "image/svg+xml"
_SVG = "{http://www.w3.org/2000/svg}"
_MOVING = {"script", "foreignObject", "iframe", "object", "embed", "handler", "listener"}


@dataclass(frozen=True)
class Logo:
    """A picture of the council's name, as high as the header has room for."""

    data: bytes
    kind: str
    width: int
    height: int
    digest: str

    @property
    def file(self) -> str:
        """Its name in addresses."""
        return f"{self.digest}.{'png' if self.kind == PNG else 'svg'}"


@dataclass(frozen=True)
class Clothes:
    """What a council wears: its name, its style sheet (empty for the colours that the service came with), its logo."""

    name: str
    css: str = ""
    digest: str = ""
    logo: Logo | None = None
    colour: str = ""


def clothes_from(given: Mapping[str, str]) -> Clothes:
    """Read COUNCIL_NAME, COUNCIL_COLOUR, COUNCIL_LINK_COLOUR and COUNCIL_LOGO; nonsense stops with a sentence."""
    name = _name(given.get("COUNCIL_NAME", "").strip() or "Anytown Council")
    brand = _colour("COUNCIL_COLOUR", given.get("COUNCIL_COLOUR", ""))
    link = _colour("COUNCIL_LINK_COLOUR", given.get("COUNCIL_LINK_COLOUR", ""))
    logo = _logo(given.get("COUNCIL_LOGO", "").strip())
    if not brand and not link:
        return Clothes(name, logo=logo)
    css = _style(brand, link)
    return Clothes(name, css, hashlib.sha256(css.encode()).hexdigest()[:16], logo, brand)


def _name(name: str) -> str:
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise ImproperlyConfigured(
            f"COUNCIL_NAME must be at most {LONGEST_NAME} characters on one line; it has {len(name)}."
        )
    return name


def _colour(variable: str, given: str) -> str:
    """The colour as #rrggbb, or nothing where none is given."""
    wanted = given.strip().lower()
    if not wanted:
        return ""
    if re.fullmatch(r"#[0-9a-f]{3}", wanted):
        wanted = "#" + "".join(digit * 2 for digit in wanted[1:])
    if not re.fullmatch(r"#[0-9a-f]{6}", wanted):
        raise ImproperlyConfigured(
            f"{variable} must be a colour such as #1c5a3e (# and six hexadecimal digits), not “{given}”."
        )
    return wanted


def _style(brand: str, link: str) -> str:
    """The variables of the style sheet; what is not given follows from what is. Raises where words could not be read."""
    wash = mix(brand or link, PAPER, 0.05)
    if brand:
        _check("COUNCIL_COLOUR", brand, PAPER, "white: the words in the header are white on it")
    for name, value in (("COUNCIL_LINK_COLOUR", link),) if link else (("COUNCIL_COLOUR", brand),):
        _check(name, value, PAPER, "the white of the page, where links stand in it")
        _check(name, value, wash, f"the pale background {wash} of the menu, where links stand in it")
    link = link or brand
    values = {
        **({"--govuk-brand-colour": brand, "--app-header": brand} if brand else {}),
        "--govuk-link-colour": link,
        "--govuk-link-hover-colour": mix(link, INK, 0.6),
        "--govuk-surface-background-colour": wash,
        "--govuk-surface-border-colour": mix(brand or link, PAPER, 0.32),
        "--app-wash": wash,
    }
    return ":root{" + "".join(f"{name}:{value};" for name, value in values.items()) + "}\n"


def _check(variable: str, colour: str, background: str, what: str) -> None:
    ratio = contrast(colour, background)
    if ratio < NEEDED:
        # Rounded down, so that a figure that falls just short is not written as one that reaches.
        raise ImproperlyConfigured(
            f"{variable} {colour} has a contrast of {int(ratio * 100) / 100:.2f}:1 with {what}. "
            f"It must reach {NEEDED}:1 (WCAG 2.2 AA): choose a darker colour."
        )


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours as WCAG counts it: from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _parts(colour: str) -> list[float]:
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def mix(colour: str, other: str, share: float) -> str:
    """So much of the colour, the rest of the other."""
    pairs = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round((one * share + two * (1 - share)) * 255):02x}" for one, two in pairs)


def _logo(path: str) -> Logo | None:
    """Read the file once, at the start."""
    if not path:
        return None
    try:
        data = Path(path).read_bytes()
    except OSError as refusal:
        raise ImproperlyConfigured(f"COUNCIL_LOGO: {path} cannot be read ({refusal.strerror}).") from None
    if len(data) > LARGEST_LOGO:
        raise ImproperlyConfigured(
            f"COUNCIL_LOGO: {path} has {len(data):,} bytes; it may have {LARGEST_LOGO:,}. Make the picture smaller."
        )
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR":
        kind, wide, high = PNG, int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
    else:
        kind, (wide, high) = SVG, _svg_size(data, path)
    if not wide or not high or wide > 12 * high:
        raise ImproperlyConfigured(f"COUNCIL_LOGO: {path} must be at most twelve times as wide as it is high.")
    width = max(1, round(wide / high * TALLEST))
    return Logo(data, kind, width, TALLEST, hashlib.sha256(data).hexdigest()[:16])


def _svg_size(data: bytes, path: str) -> tuple[float, float]:
    """The width and height of an SVG that only draws. Raises for anything else."""
    wrong = f"COUNCIL_LOGO: {path} must be a PNG, or an SVG without scripts and links, with a viewBox."
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ImproperlyConfigured(f"{wrong} Take out the lines that begin with <!.")
    try:
        root = ElementTree.fromstring(data)
    except ElementTree.ParseError:
        raise ImproperlyConfigured(wrong) from None
    for element in root.iter():
        moving = str(element.tag).rpartition("}")[2] in _MOVING
        links = [
            name
            for name, value in element.attrib.items()
            if name.lower().startswith("on") or (name.endswith("href") and not value.startswith(("#", "data:image/")))
        ]
        if moving or links:
            raise ImproperlyConfigured(wrong)
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    if root.tag != f"{_SVG}svg" or len(box) != 4:
        raise ImproperlyConfigured(wrong)
    try:
        return float(box[2]), float(box[3])
    except ValueError:
        raise ImproperlyConfigured(wrong) from None
