"""What the bundled servers ask of the machine: folders of their own, short socket paths, locks, live processes."""

import fcntl
import hashlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("CS_HOME") or ROOT / ".local").resolve()
SOCKET_LIMIT = 107  # bytes in the path of a unix socket (104 on macOS), its name included
PATIENCE = 30.0


def folder_of(package: str) -> Path:
    """Where a wheel was unpacked, without importing it (importing has side effects in one of the two)."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(
            f"The package {package} is not installed, and DATABASE_URL or REDIS_URL is not set.\n"
            "Run ./dev setup, or name your own servers."
        )
    return Path(next(iter(spec.submodule_search_locations)))


def own_folder(path: Path, mode: int) -> Path:
    """A folder in a place that everybody may write to: ours and nobody else's, or we stop."""
    path.mkdir(mode=mode, exist_ok=True)
    found = path.lstat()
    if path.is_symlink() or not path.is_dir() or found.st_uid != os.geteuid():
        raise SystemExit(f"{path} is there already and belongs to somebody else. Remove it, then try again.")
    path.chmod(mode)
    return path


def digest(home: Path) -> str:
    """A short name for a folder, so that what belongs to it can stand elsewhere."""
    return hashlib.sha256(str(home).encode()).hexdigest()[:12]


def socket_folder(home: Path) -> Path:
    """The folder for sockets: home itself, or a short private one when home's path is too long for a socket."""
    if len(os.fsencode(home)) <= SOCKET_LIMIT - 27:
        return home
    return own_folder(Path("/tmp") / f"cs-{os.geteuid()}-{digest(home)}", 0o700)


@contextmanager
def locked(path: Path, kind: int = fcntl.LOCK_EX) -> Iterator[int]:
    """Hold a lock on a file. The kernel drops it if the holder is killed."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, kind)
        yield handle
    finally:
        os.close(handle)


def is_alive(pid: int, word: str) -> bool:
    """Whether the process runs, is no zombie, and has the word in its command line."""
    process = Path("/proc") / str(pid)
    if Path("/proc/self/stat").exists():
        try:
            state = (process / "stat").read_text().rpartition(")")[2].split()[0]
            return state not in "ZX" and word.encode() in (process / "cmdline").read_bytes()
        except (OSError, IndexError):
            return False
    found = subprocess.run(["ps", "-o", "stat=,command=", "-p", str(pid)], capture_output=True, text=True).stdout
    return bool(found.strip()) and not found.lstrip().startswith("Z") and word in found
