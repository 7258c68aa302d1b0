"""Pictures from phones: what comes in is checked, turned upright, made small and written anew."""

from io import BytesIO
from typing import Final

from PIL import Image, ImageOps

from dispatch.errors import PhotoTooLarge, PhotoUnreadable
from dispatch.services.handover import CleanJpeg

MOST_BYTES_IN: Final = 5_000_000
MOST_PIXELS_IN: Final = 50_000_000
LONGEST_SIDE: Final = 1280
QUALITIES: Final = (82, 70, 55, 40)
MOST_BYTES_KEPT: Final = 200_000


def clean_photo(raw: bytes) -> CleanJpeg:
    """The picture as a JPEG of ours: no place, no camera, no comment in it, at most `LONGEST_SIDE` pixels.

    Raises PhotoTooLarge, PhotoUnreadable: it is no JPEG, or a broken one.
    """
    if len(raw) > MOST_BYTES_IN:
        raise PhotoTooLarge()
    try:
        with Image.open(BytesIO(raw), formats=["JPEG"]) as opened:
            if opened.width * opened.height > MOST_PIXELS_IN:
                raise PhotoTooLarge()
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PhotoUnreadable() from error
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    written = (_jpeg(picture, quality) for quality in QUALITIES)
    small = next((jpeg for jpeg in written if len(jpeg) <= MOST_BYTES_KEPT), None)
    return CleanJpeg(small if small is not None else _jpeg(picture, QUALITIES[-1]))


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    # A fresh image: Pillow would carry over what it has read of the old one.
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)
    out = BytesIO()
    clean.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
