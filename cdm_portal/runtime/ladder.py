"""How a server that refuses to run as root is run by root all the same.

Three rungs: an ordinary user runs it directly; root runs it in a user namespace, where root is
nobody and every file stays root's; where namespaces are refused (many containers), root runs it
as the real nobody, with its files in a place that nobody may enter.
"""

import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Mapping
from pathlib import Path

from cdm_portal.runtime.errors import CannotRun
from cdm_portal.runtime.processes import Identity

ANNEX = Path("/var/lib/cdm-portal")  # where nobody's files live on the third rung
NAMESPACE = ("unshare", "--user", "--map-user=65534", "--map-group=65534")


def identity(environ: Mapping[str, str]) -> Identity:
    """The rung to stand on. `CDM_ROOT_MODE` (unshare or setuid) forces one, for root only."""
    if os.geteuid() != 0:
        return Identity()
    forced = environ.get("CDM_ROOT_MODE", "")
    if forced not in ("", "unshare", "setuid"):
        raise CannotRun(f"CDM_ROOT_MODE is unshare or setuid, not {forced!r}.")
    if forced != "setuid" and _namespaces_work():
        return Identity("in a user namespace", prefix=NAMESPACE)
    if forced == "unshare":
        raise CannotRun("This machine refuses user namespaces: unset CDM_ROOT_MODE.")
    nobody = pwd.getpwnam("nobody")
    return Identity("as nobody", user=nobody.pw_uid, group=nobody.pw_gid)


def reachable_binaries(bindir: Path, identity: Identity, version: str) -> Path:
    """The programs' folder, copied to where `identity` may enter if it may not enter here.

    The copy keeps the distance of three levels to the libraries beside the package, since the
    programs look for them relative to themselves.
    """
    if identity.user is None or open_to_all(bindir):
        return bindir
    package = bindir.parents[1]
    target = ANNEX / f"binaries-{version}"
    copied = target / package.name / bindir.parent.name / bindir.name
    if not copied.exists():
        fresh = target.with_name(f"{target.name}.{os.getpid()}")
        for folder in (ANNEX, fresh):
            folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.exists():
                shutil.copytree(part, fresh / part.name)
        shutil.rmtree(target, ignore_errors=True)
        fresh.replace(target)
    return copied


def private_folder(path: Path, identity: Identity) -> Path:
    """Make a folder of mode 0700 that belongs to whoever runs the server."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    if identity.user is not None:
        os.chown(path, identity.user, identity.group if identity.group is not None else -1)
    return path


def annex(name: str) -> Path:
    """The root-owned folder on the third rung for one data directory; others may pass through."""
    for folder in (ANNEX, ANNEX / name):
        folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        folder.chmod(0o711)
        if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
            raise CannotRun(f"{folder} belongs to somebody else; remove it.")
    return ANNEX / name


def open_to_all(path: Path) -> bool:
    """Whether every user may enter this folder and all above it."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents))


def _namespaces_work() -> bool:
    try:
        probe = subprocess.run(
            [*NAMESPACE, "id", "-u"], check=False, capture_output=True, text=True
        )
    except FileNotFoundError:
        return False
    return probe.stdout.strip() == "65534"
