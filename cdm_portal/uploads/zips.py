"""A ZIP archive read by its own index, strictly: every byte belongs to one part or to the index.

Python's reader forgives what harms here: bytes before and after the archive, parts that overlap,
an index that names other sizes than the parts have. So the index is read first and everything in
it bounded; only then is a part unpacked, in pieces that are counted.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

END = struct.Struct("<4s4H2LH")
ENTRY = struct.Struct("<4s6H3L5H2L")
LOCAL = struct.Struct("<4s5H3L2H")
STORED, DEFLATED = 0, 8
ENCRYPTED, DESCRIBED, UTF8 = 0x1, 0x8, 0x800
LONGEST_DESCRIPTOR = 24
CHUNK = 64 * 1024


class Damaged(Exception):
    """The bytes are no archive, or not a whole one; the message says where."""


class Hostile(Exception):
    """The archive is built to deceive whoever opens it; the message is a sentence for a person."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the archive as the index states it; sizes in bytes."""

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    unpacked: int
    offset: int
    external: int

    @property
    def encrypted(self) -> bool:
        """Whether it needs a password."""
        return bool(self.flags & ENCRYPTED)


def index(content: bytes, *, most: int) -> list[Part]:
    """The parts that the index names, none of them unpacked.

    Raises Damaged; Hostile for more than `most` parts, bytes after the end, several disks or ZIP64.
    """
    if len(content) < END.size:
        raise Damaged("too short")
    magic, disk, start_disk, here, count, size, offset, comment = END.unpack_from(
        content, len(content) - END.size
    )
    if magic != b"PK\x05\x06":
        late = b"PK\x05\x06" in content[-65_600:]
        if late:
            raise Hostile("Bytes follow the end of the archive.")
        raise Damaged("no end of the index")
    if (disk, start_disk, comment) != (0, 0, 0) or here != count or 0xFFFFFFFF in (size, offset):
        raise Hostile("The archive's index is not that of one plain file.")
    if count > most:
        raise Hostile(f"The workbook has {count} parts; at most {most} are read.")
    if offset + size != len(content) - END.size:
        raise Damaged("the index is not where it should be")
    return list(_entries(content, count, offset, offset + size))


def _entries(content: bytes, count: int, position: int, end: int) -> Iterator[Part]:
    for _ in range(count):
        if position + ENTRY.size > end:
            raise Damaged("the index ends early")
        (magic, _, _, flags, method, _, _, crc, packed, unpacked, name, extra, comment, _, _,
         external, offset) = ENTRY.unpack_from(content, position)
        if magic != b"PK\x01\x02":
            raise Damaged("the index is broken")
        begins = position + ENTRY.size
        called = _text(content[begins : begins + name], flags)
        position = begins + name + extra + comment
        yield Part(called, flags, method, crc, packed, unpacked, offset, external)
    if position != end:
        raise Hostile("The archive's index holds bytes that belong to no part.")


def _text(name: bytes, flags: int) -> str:
    try:
        return name.decode("utf-8" if flags & UTF8 else "cp437")
    except UnicodeDecodeError:
        raise Damaged("a part's name is not text") from None


def data_of(content: bytes, parts: list[Part]) -> dict[str, int]:
    """Where the bytes of each part begin.

    Raises Hostile unless the parts follow each other without gap or overlap from the first byte to
    the index, each under the name that the index gives it.
    """
    found: dict[str, int] = {}
    expected = 0
    slack = 0
    for part in sorted(parts, key=lambda each: each.offset):
        if part.offset < expected:
            raise Hostile("Parts of the archive overlap.")
        if part.offset - expected > slack:
            raise Hostile("The archive holds bytes that belong to no part.")
        begins = _begins(content, part)
        found[part.name] = begins
        expected = begins + part.packed
        slack = LONGEST_DESCRIPTOR if part.flags & DESCRIBED else 0
    end = END.unpack_from(content, len(content) - END.size)[6]
    if expected > end:
        raise Hostile("Parts of the archive overlap.")
    if end - expected > slack:
        raise Hostile("The archive holds bytes that belong to no part.")
    return found


def _begins(content: bytes, part: Part) -> int:
    if part.offset + LOCAL.size > len(content):
        raise Damaged("a part lies outside the file")
    (magic, _, flags, method, _, _, _, packed, unpacked, name, extra) = LOCAL.unpack_from(
        content, part.offset
    )
    begins: int = part.offset + LOCAL.size + name + extra
    called = content[part.offset + LOCAL.size : part.offset + LOCAL.size + name]
    if magic != b"PK\x03\x04":
        raise Damaged("a part is not where the index says")
    same = (method, flags & ENCRYPTED) == (part.method, part.flags & ENCRYPTED)
    sized = bool(flags & DESCRIBED) or (packed, unpacked) == (part.packed, part.unpacked)
    if not same or not sized or _text(called, flags) != part.name:
        raise Hostile("The archive says one thing in its index and another at a part.")
    return begins


def unpack(content: bytes, part: Part, begins: int) -> Iterator[bytes]:
    """The bytes of a part, piece by piece, never more than the index states.

    Raises Damaged when they are fewer, more or others than the index states.
    """
    packed = memoryview(content)[begins : begins + part.packed]
    pieces = _inflated(packed) if part.method == DEFLATED else _copied(packed)
    size, crc = 0, 0
    for piece in pieces:
        size += len(piece)
        if size > part.unpacked:
            raise Hostile("A part of the workbook unpacks to more than the archive's index states.")
        crc = zlib.crc32(piece, crc)
        yield piece
    if size != part.unpacked or crc != part.crc:
        raise Damaged("a part is not what the index states")


def _copied(packed: memoryview) -> Iterator[bytes]:
    for start in range(0, len(packed), CHUNK):
        yield bytes(packed[start : start + CHUNK])


def _inflated(packed: memoryview) -> Iterator[bytes]:
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    position, pending = 0, b""
    try:
        while not stream.eof:
            if not pending:
                pending = bytes(packed[position : position + CHUNK])
                position += len(pending)
            piece = stream.decompress(pending, CHUNK)
            pending = stream.unconsumed_tail
            if piece:
                yield piece
            elif not pending and position >= len(packed):
                break
    except zlib.error as fault:
        raise Damaged(str(fault)) from fault
    if not stream.eof or stream.unused_data or position < len(packed):
        raise Damaged("a part does not end where the index says")
