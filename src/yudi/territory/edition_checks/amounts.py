"""How areas and widths are said in a sentence, in Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence

from yudi.core.words import Words

__all__ = ["area_words", "codes_words", "number", "percent", "width_words"]

_SHOWN = 4  # codes that a sentence names


def number(value: float, digits: int = 3) -> str:
    """Return a number with so many significant digits, never in powers of ten.

    Examples
    --------
    >>> number(12.3456), number(0.0456, 2), number(1234567.0)
    ('12.3', '0.046', '1230000')
    """
    if value == 0:
        return "0"
    text = f"{float(f'{value:.{digits}g}'):.12f}"
    return text.rstrip("0").rstrip(".")


def area_words(area_m2: float) -> Words:
    """Return an area in the unit in which people speak of so much land.

    Examples
    --------
    >>> area_words(52.0).zh, area_words(23_400.0).en, area_words(5.2e6).en
    ('52 平方米', '2.34 ha', '5.2 km²')
    """
    for size, zh, en in ((1e6, "平方千米", "km²"), (1e4, "公顷", "ha")):
        if area_m2 >= size:
            return Words(f"{number(area_m2 / size)} {zh}", f"{number(area_m2 / size)} {en}")
    return Words(f"{number(area_m2)} 平方米", f"{number(area_m2)} m²")


def width_words(width_m: float) -> Words:
    """Return a width in metres, to two digits.

    Examples
    --------
    >>> width_words(0.347).en
    '0.35 m'
    """
    return Words(f"{number(width_m, 2)} 米", f"{number(width_m, 2)} m")


def percent(share: float | None) -> str:
    """Return a share in percent; only the whole is 100% and only nothing 0%, and what is unknown a dash.

    Examples
    --------
    >>> percent(0.8624), percent(0.9999), percent(1.0), percent(0.0001), percent(None)
    ('86.2%', '99.9%', '100%', '0.1%', '–')
    """
    if share is None:
        return "–"
    return f"{share:.0%}" if share in (0, 1) else f"{min(max(share, 0.001), 0.999):.1%}"


def codes_words(codes: Sequence[str]) -> Words:
    """Return codes as a list in words, the first four of them.

    Examples
    --------
    >>> codes_words(["A", "B"]).en, codes_words(list("ABCDEF")).zh
    ('A and B', 'A、B、C、D 等 6 个')
    """
    shown = list(codes[:_SHOWN])
    if len(codes) > _SHOWN:
        return Words(f"{'、'.join(shown)} 等 {len(codes)} 个", f"{', '.join(shown)} and {len(codes) - _SHOWN} more")
    last = f" and {shown[-1]}" if len(shown) > 1 else "".join(shown)
    return Words("、".join(shown), ", ".join(shown[:-1]) + last)
