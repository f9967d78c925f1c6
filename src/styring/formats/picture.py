"""A chart as pixels, for formats that show no SVG. The fonts are those that come with styring."""

from __future__ import annotations

from functools import cache
from importlib import resources

import typst

FONT = "Liberation Sans"
PIXELS_PER_INCH = 96
"""Of an SVG: a width of 640 is 6.7 inches."""
_PAGE = f"""\
#set page(width: auto, height: auto, margin: 0pt)
#set text(font: "{FONT}")
#image(bytes(sys.inputs.svg), format: "svg")
"""


@cache
def fonts() -> typst.Fonts:
    """Return the fonts that a document is set in, wherever it is set: none of the machine's."""
    folder = str(resources.files("styring.data").joinpath("fonts"))
    return typst.Fonts(include_system_fonts=False, font_paths=[folder])


def png(svg: str, scale: float = 2.0) -> bytes:
    """Return a picture of an SVG text, on white.

    Args:
        svg: one self-contained `<svg>` element.
        scale: pixels for each unit of its width and height.
    """
    done = typst.compile(
        _PAGE.encode(),
        format="png",
        ppi=PIXELS_PER_INCH * scale,
        sys_inputs={"svg": svg},
        font_paths=fonts(),
    )
    assert isinstance(done, bytes)
    return done
