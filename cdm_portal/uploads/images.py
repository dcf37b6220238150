"""PNG and JPEG pictures: walked through by their own structure, never decoded."""

import struct
import zlib

from cdm_portal.uploads import signatures
from cdm_portal.uploads.errors import Unacceptable

MAX_SIDE = 20_000
MAX_PIXELS = 60_000_000
CHUNK = struct.Struct(">L4s")
FRAMES = frozenset([*range(0xC0, 0xD0)]) - {0xC4, 0xC8, 0xCC}
"""Markers of a JPEG's frame header, which states height and width."""
ALONE = frozenset([0x01, *range(0xD0, 0xD8)])
START, END, SCAN = 0xD8, 0xD9, 0xDA

MORE = "Bytes follow the end of the picture: it may be another kind of file as well."


def _cut(kind: str) -> Unacceptable:
    return Unacceptable(f"The {kind} image is cut off or damaged.")


def _check_size(width: int, height: int) -> None:
    if not 0 < width <= MAX_SIDE or not 0 < height <= MAX_SIDE or width * height > MAX_PIXELS:
        raise Unacceptable(
            f"The picture says that it has {width:,} × {height:,} pixels; at most "
            f"{MAX_PIXELS // 1_000_000} million are accepted."
        )


def check_png(data: bytes) -> None:
    """Pass, or raise Unacceptable for a PNG that is torn, too large unpacked, or something else."""
    position, kind, count = len(signatures.PNG), b"", 0
    while kind != b"IEND":
        if position + CHUNK.size > len(data):
            raise _cut("PNG")
        size, kind = CHUNK.unpack_from(data, position)
        begins = position + CHUNK.size
        position = begins + size + 4
        if position > len(data) or (count == 0) != (kind == b"IHDR"):
            raise _cut("PNG")
        said = int.from_bytes(data[position - 4 : position], "big")
        if zlib.crc32(memoryview(data)[begins - 4 : begins + size]) != said:
            raise _cut("PNG")
        if kind == b"IHDR":
            _check_header(data[begins : begins + size])
        count += 1
    if data[position:].strip(b"\0"):
        raise Unacceptable(MORE)


def _check_header(header: bytes) -> None:
    if len(header) != 13:
        raise _cut("PNG")
    _check_size(*struct.unpack_from(">2L", header))


def check_jpeg(data: bytes) -> None:
    """Pass, or raise Unacceptable for a JPEG that is torn, too large unpacked, or something else.

    Cameras put several pictures into one file, one after the other; each is walked through.
    """
    position = 0
    while data[position : position + 2] == b"\xff\xd8":
        position = _one_jpeg(data, position + 2)
    if data[position:].strip(b"\0"):
        raise Unacceptable(MORE)


def _one_jpeg(data: bytes, position: int) -> int:
    """Where the picture that begins before `position` ends."""
    sized = False
    while True:
        marker, position = _marker(data, position)
        if marker == END:
            if not sized:
                raise _cut("JPEG")
            return position
        if marker in ALONE:
            continue
        size = int.from_bytes(data[position : position + 2], "big")
        if size < 2 or position + size > len(data):
            raise _cut("JPEG")
        if marker in FRAMES:
            height, width = struct.unpack_from(">2H", data, position + 3)
            _check_size(width, height)
            sized = True
        position += size
        if marker == SCAN:
            position = _after_scan(data, position)


def _marker(data: bytes, position: int) -> tuple[int, int]:
    if data[position : position + 1] != b"\xff":
        raise _cut("JPEG")
    while data[position : position + 1] == b"\xff":  # any number of fill bytes
        position += 1
    if position >= len(data):
        raise _cut("JPEG")
    return data[position], position + 1


def _after_scan(data: bytes, position: int) -> int:
    """The next marker after the picture's own data, in which FF is followed by 00 or a restart."""
    while True:
        position = data.find(b"\xff", position)
        if position < 0 or position + 1 >= len(data):
            raise _cut("JPEG")
        following = data[position + 1]
        if following != 0 and following not in ALONE:
            return position
        position += 2
