"""File names: which are refused when a file comes in, and what they become when it goes out."""

import re
import unicodedata
from pathlib import PurePosixPath

from cdm_portal.uploads.errors import Unacceptable

LONGEST = 200
SERVED_LONGEST = 120
DEVICES = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$"]
    + [f"{port}{number}" for port in ("com", "lpt") for number in range(10)]
)
"""Names that Windows takes for a device, whatever ending follows."""

RUNNABLE = frozenset({
    "app", "bat", "chm", "cmd", "cpl", "dll", "docm", "exe", "hta", "htm", "html", "iso", "jar",
    "js", "jse", "lnk", "msc", "msi", "php", "pif", "ps1", "py", "reg", "scr", "sh", "svg", "url",
    "vbe", "vbs", "wsf", "wsh", "xhtml", "xlam", "xlsb", "xlsm", "xltm",
})
"""Endings that a system may run or render: none of them hides inside a name."""

JOINERS = "\u200c\u200d"
"""Invisible, but letters of Persian and Indic words are written with them."""

ODD = re.compile(r'[<>:"|?*\\/%;\x00-\x1f\x7f]')


def ending(filename: str) -> str:
    """The lower-case ending of a file's name, with its dot."""
    return PurePosixPath(filename.replace("\\", "/")).suffix.lower()


def invisible(character: str) -> bool:
    """Whether a character cannot be seen, or turns the ones around it around."""
    return character not in JOINERS and unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co"}


def check(filename: str) -> None:
    """Pass, or raise Unacceptable for a name that could deceive a person or a system."""
    if not filename.strip():
        raise Unacceptable("The file has no name.")
    if len(filename) > LONGEST:
        raise Unacceptable(
            f"The file's name has {len(filename)} characters; at most {LONGEST} are taken."
        )
    if any(invisible(each) for each in filename):
        raise Unacceptable("The file's name holds invisible or direction-changing characters.")
    if "/" in filename or "\\" in filename or filename in {".", ".."}:
        raise Unacceptable("The file's name holds a path. Send the name alone.")
    first, *others = filename.lower().split(".")
    if first.strip() in DEVICES:
        raise Unacceptable(f"“{first.strip().upper()}” is the name of a device, not of a file.")
    hidden = RUNNABLE.intersection(part.strip() for part in others[:-1])
    if hidden:
        raise Unacceptable(
            f"The name hides the ending “.{min(hidden)}” before its own. Rename the file."
        )


def harmless(filename: str, suffix: str) -> str:
    """A name that any system can save, which ends in `suffix` (".pdf"): for giving a file out.

    What was stored before a rule came in leaves under the rule, too.
    """
    name = PurePosixPath(filename.replace("\\", "/")).name
    name = "".join("_" if invisible(each) else each for each in name)
    name = ODD.sub("_", name).strip(" .")
    if suffix and name.lower().endswith(suffix):
        name = name[: -len(suffix)]
    parts = [f"{each}_" if each.lower() in RUNNABLE else each for each in name.split(".")]
    name = ".".join(parts)[:SERVED_LONGEST].strip(" .") or "document"
    if name.lower().split(".")[0].strip() in DEVICES:
        name = f"_{name}"
    return name + suffix
