"""Whose page it is: a name, a logo and a colour of one's own, and who may show it inside a page of theirs."""

from dataclasses import dataclass
from pathlib import Path

from polyhire.settings import Settings

_LIGHT, _DARK = "#ffffff", "#000000"


@dataclass(frozen=True)
class Brand:
    """How the connect page looks. `on_color` is what is read best on `color`."""

    name: str
    logo: Path | None
    color: str | None
    on_color: str
    origins: tuple[str, ...]


def brand_of(settings: Settings) -> Brand:
    """The brand that the settings name."""
    color = settings.connect_color
    return Brand(
        settings.connect_name,
        settings.connect_logo,
        color,
        _LIGHT if color is None else readable_on(color),
        settings.connect_origin_list(),
    )


def readable_on(color: str) -> str:
    """White or black: whichever is read better (WCAG 2; 4.5 to 1 at least) on a colour like `#1f5fd6`."""
    return max(_LIGHT, _DARK, key=lambda ink: contrast(ink, color))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21, as WCAG 2 defines it."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
