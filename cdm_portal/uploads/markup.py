"""XML from outside, read as a stream: no document types, so no entities, and nothing is fetched."""

from collections.abc import Callable, Collection, Iterable, Iterator
from xml.parsers import expat

MAX_ELEMENTS = 8_000_000
LONGEST_TEXT = 1_000_000
LONGEST_TAG = 2_000_000
CHUNK = 64 * 1024

Starts = Callable[[str, dict[str, str]], None]
Texts = Callable[[str, str], None]


class DocumentType(Exception):
    """The XML declares a document type: that is where entities come from."""


class Malformed(Exception):
    """The XML is not well-formed, or has more elements than are read."""


def pieces(data: bytes) -> Iterator[bytes]:
    """Bytes that are in memory already, in pieces for a Reader."""
    return (data[start : start + CHUNK] for start in range(0, len(data), CHUNK))


class Reader:
    """Walks through one XML document and keeps nothing of it but the text of named elements.

    `starts` hears every element with its attributes, without namespaces; `texts` hears the whole
    text of the elements called one of `wanted`.
    """

    def __init__(
        self, *, starts: Starts | None = None, texts: Texts | None = None,
        wanted: Collection[str] = (),
    ) -> None:
        self._starts, self._texts, self._wanted = starts, texts, frozenset(wanted)
        self._elements, self._length = 0, 0
        self._pieces: list[str] = []
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse_type
        self._parser.StartElementHandler = self._start

    def read(self, chunks: Iterable[bytes]) -> None:
        """Read it all. Raises DocumentType, Malformed, and what the listeners raise."""
        try:
            self._read(chunks)
            self._parser.Parse(b"", True)
        except (expat.ExpatError, LookupError, ValueError) as fault:
            raise Malformed(str(fault)) from fault

    def _read(self, chunks: Iterable[bytes]) -> None:
        given = 0
        for chunk in chunks:
            self._parser.Parse(chunk, False)
            given += len(chunk)
            if given - self._parser.CurrentByteIndex > LONGEST_TAG:
                raise Malformed("a tag or comment without end")

    def _refuse_type(self, *_: object) -> None:
        raise DocumentType

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise Malformed(f"more than {MAX_ELEMENTS} elements")
        local = name.rpartition(" ")[2]
        if self._starts is not None:
            self._starts(local, attributes)
        if local in self._wanted:
            self._pieces, self._length = [], 0
            self._parser.CharacterDataHandler = self._keep
            self._parser.EndElementHandler = self._end

    def _keep(self, piece: str) -> None:
        self._length += len(piece)
        if self._length > LONGEST_TEXT:
            raise Malformed(f"a text of more than {LONGEST_TEXT} characters")
        self._pieces.append(piece)

    def _end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        if local not in self._wanted:
            return
        self._parser.CharacterDataHandler = None
        self._parser.EndElementHandler = None
        if self._texts is not None:
            self._texts(local, "".join(self._pieces))
