"""The Merkle tree of RFC 9162, section 2.1. Pure: no Django, no database.

A leaf hash is SHA-256(0x00, data), a node SHA-256(0x01, left, right). A subtree over leaves
[first, end) is complete if it has 2^level leaves and begins at a multiple of that; complete
subtrees never change again, so they are kept as nodes (level, index). Every other subtree that a
proof needs is the fold of a few complete ones, its peaks: a proof costs O(log n) nodes.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping

Range = tuple[int, int]
"""Leaves from the first number up to, not including, the second."""

Node = tuple[int, int]
"""Level and index of a complete subtree; its leaves begin at index × 2^level."""

EMPTY = hashlib.sha256().digest()
"""The root of a tree without leaves."""


def leaf_hash(data: bytes) -> bytes:
    """The hash under which some data stands in the tree."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees beside each other."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two smaller than `size`: so many leaves go to the left."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The subtrees whose hashes prove leaf `index` of a tree of `size` leaves, from the leaf up.

    Raises ValueError when the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    first, end, found = 0, size, []
    while end - first > 1:
        middle = first + split(end - first)
        if index < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((first, middle))
            first = middle
    return found[::-1]


def consistency_ranges(old: int, new: int) -> list[Range]:
    """The subtrees whose hashes prove that the first `old` leaves of `new` are the old tree.

    Raises ValueError unless 0 < old <= new.
    """
    if not 0 < old <= new:
        raise ValueError(f"a tree of {new} leaves does not continue one of {old}")
    first, end, found = 0, new, []
    while end != old:
        middle = first + split(end - first)
        if old <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((first, middle))
            first = middle
    if first:  # the old tree is not the left edge alone: its last peak is named too
        found.append((first, end))
    return found[::-1]


def peaks(leaves: Range) -> list[Node]:
    """The complete subtrees that together cover a range which begins where a subtree does."""
    first, end = leaves
    found = []
    for level in range((end - first).bit_length() - 1, -1, -1):
        if (end - first) >> level & 1:
            found.append((level, first >> level))
            first += 1 << level
    return found


def fold(leaves: Range, nodes: Mapping[Node, bytes]) -> bytes:
    """The hash of a range from the hashes of its peaks. Raises KeyError if one is missing."""
    *left, last = (nodes[peak] for peak in peaks(leaves))
    for sibling in reversed(left):
        last = node_hash(sibling, last)
    return last


class Growing:
    """A tree that only its peaks are kept of: leaves are added, the root can be asked any time."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, hashed: bytes) -> None:
        """Append the hash of a leaf."""
        self.size += 1
        merges = (self.size & -self.size).bit_length() - 1
        for _ in range(merges):
            hashed = node_hash(self._peaks.pop(), hashed)
        self._peaks.append(hashed)

    def root(self) -> bytes:
        """The hash of all leaves so far."""
        if not self._peaks:
            return EMPTY
        *left, last = self._peaks
        for sibling in reversed(left):
            last = node_hash(sibling, last)
        return last


def root_of(hashes: Iterable[bytes]) -> bytes:
    """The root over the hashes of leaves."""
    tree = Growing()
    for hashed in hashes:
        tree.add(hashed)
    return tree.root()


def root_from_inclusion(hashed: bytes, index: int, size: int, path: Iterable[bytes]) -> bytes:
    """The root that a leaf and its path lead to (RFC 9162, 2.1.3.2).

    Raises ValueError when the path has not the length that this place in this tree needs.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    last = size - 1
    for sibling in path:
        if last == 0:
            raise ValueError("the path is too long")
        if index & 1 or index == last:
            hashed = node_hash(sibling, hashed)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            hashed = node_hash(hashed, sibling)
        index, last = index >> 1, last >> 1
    if last:
        raise ValueError("the path is too short")
    return hashed


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, path: list[bytes]) -> bool:
    """Whether the path proves that the new tree continues the old one (RFC 9162, 2.1.4.2)."""
    if old == new:
        return old > 0 and not path and old_root == new_root
    if not 0 < old < new:
        return False
    if old & (old - 1) == 0:  # the old tree is one subtree: its root begins the path
        path = [old_root, *path]
    return bool(path) and _both_roots(old, new, path) == (old_root, new_root)


def _both_roots(old: int, new: int, path: list[bytes]) -> tuple[bytes, bytes] | None:
    """The roots of both trees that a path leads to; None if it has not the length for them."""
    number, last = old - 1, new - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if number & 1 or number == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        number, last = number >> 1, last >> 1
    return None if last else (first, second)


def siblings(index: int, size: int) -> Iterator[tuple[int, str]]:
    """For people: the level of each hash of an inclusion path, and on which side it stands."""
    for first, end in inclusion_ranges(index, size):
        yield (end - first - 1).bit_length(), "left" if end <= index else "right"
