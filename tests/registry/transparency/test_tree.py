"""The Merkle tree against the public vectors of Certificate Transparency and a naive recursion."""

import hashlib
import random

import pytest

from registry.transparency import tree

LEAVES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
INCLUSION = [
    (0, 8, ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"]),
    (5, 8, ["bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"]),
]  # fmt: skip
CONSISTENCY = [
    (2, 5, ["5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"]),
    (6, 8, ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"]),
]  # fmt: skip
HASHES = [tree.leaf_hash(data) for data in LEAVES]


def naive(hashes: list[bytes]) -> bytes:
    """The definition of RFC 9162, 2.1.1, word for word."""
    if not hashes:
        return hashlib.sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return hashlib.sha256(b"\x01" + naive(hashes[:k]) + naive(hashes[k:])).digest()


def path(hashes: list[bytes], ranges: list[tree.Range]) -> list[bytes]:
    nodes = {}
    for level in range(len(hashes).bit_length()):
        for index in range(len(hashes) >> level):
            nodes[level, index] = naive(hashes[index << level : index + 1 << level])
    return [tree.fold(part, nodes) for part in ranges]


@pytest.mark.parametrize("size", range(9))
def test_the_public_roots_come_out(size: int) -> None:
    assert tree.root_of(HASHES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size", "expected"), INCLUSION)
def test_the_public_inclusion_paths_come_out(
    index: int, size: int, expected: list[str]
) -> None:
    found = path(HASHES[:size], tree.inclusion_ranges(index, size))
    assert [sibling.hex() for sibling in found] == expected


@pytest.mark.parametrize(("old", "new", "expected"), CONSISTENCY)
def test_the_public_consistency_paths_come_out(old: int, new: int, expected: list[str]) -> None:
    found = path(HASHES[:new], tree.consistency_ranges(old, new))
    assert [sibling.hex() for sibling in found] == expected


def test_every_leaf_of_every_small_tree_is_proved_and_no_other_place() -> None:
    hashes = [tree.leaf_hash(bytes([n])) for n in range(40)]
    for size in range(1, 41):
        root = naive(hashes[:size])
        assert tree.root_of(hashes[:size]) == root
        for index in range(size):
            proof = path(hashes[:size], tree.inclusion_ranges(index, size))
            assert tree.root_from_inclusion(hashes[index], index, size, proof) == root
            assert len(list(tree.siblings(index, size))) == len(proof)
            for other in {index - 1, index + 1, size} - {index}:
                try:
                    found = tree.root_from_inclusion(hashes[index], other, size, proof)
                except ValueError:
                    continue
                assert found != root


def test_every_small_tree_continues_every_smaller_one_and_no_other() -> None:
    hashes = [tree.leaf_hash(bytes([n])) for n in range(24)]
    other = [*hashes[:5], tree.leaf_hash(b"rewritten"), *hashes[6:]]
    for new in range(1, 25):
        for old in range(1, new + 1):
            proof = path(hashes[:new], tree.consistency_ranges(old, new))
            roots = naive(hashes[:old]), naive(hashes[:new])
            assert tree.is_consistent(old, new, *roots, proof)
            assert not tree.is_consistent(old, new, naive(other[:old]), roots[1], proof) or old < 6
            assert not tree.is_consistent(old, new, roots[0], naive(other[:new]), proof) or new < 6
            assert not tree.is_consistent(old, new, *roots, [*proof, roots[0]])


def test_a_path_of_the_wrong_length_proves_nothing() -> None:
    proof = path(HASHES, tree.inclusion_ranges(2, 8))
    for wrong in (proof[:-1], [*proof, proof[0]], []):
        with pytest.raises(ValueError, match="path is too"):
            tree.root_from_inclusion(HASHES[2], 2, 8, wrong)


def test_no_flipped_bit_of_ten_thousand_is_accepted() -> None:
    seed = 20261125
    dice = random.Random(seed)
    hashes = [tree.leaf_hash(n.to_bytes(4, "big")) for n in range(1000)]
    root, accepted = naive(hashes), 0
    proofs = {n: path(hashes, tree.inclusion_ranges(n, 1000)) for n in dice.sample(range(1000), 20)}
    for _ in range(10_000):
        index = dice.choice(list(proofs))
        parts = [hashes[index], root, *proofs[index]]
        which, bit = dice.randrange(len(parts)), dice.randrange(256)
        flipped = int.from_bytes(parts[which], "big") ^ 1 << bit
        parts[which] = flipped.to_bytes(32, "big")
        leaf, claimed, *proof = parts
        accepted += tree.root_from_inclusion(leaf, index, 1000, proof) == claimed
    assert accepted == 0, f"seed {seed}"
