"""A zip of few known members, sealed: any bit that has turned, and any end that is missing, is seen.

The archive's comment is the SHA-256 of all that stands before it, in every format. manifest.json tells the
format, by what it was made, and the SHA-256 of each other member. Sizes are judged before anything is read.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from bptui.data.files import open_regular
from bptui.errors import ActionableError

FORMAT = 1
MANIFEST = "manifest.json"
SEAL = 64  # characters of a SHA-256
LARGEST = 2 * 2**30  # bytes of a file
MOST_MEMBERS = 1000
_PIECE = 2**20

# What may be a member, and its bytes at most; arrays are stored as they are, so that none swells.
_KNOWN = (
    (re.compile(r"(manifest|run)\.json"), 32 * 2**20),
    (re.compile(r"presets/[0-9]{1,3}\.toml"), 2 * 2**20),
    (re.compile(r"data/[0-9a-f]{64}"), 100 * 2**20),
    (re.compile(r"float(64|32)\.npy"), LARGEST),
)
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError)
_COPY = "Take a copy of it that is whole"

Writer = Callable[[BinaryIO], None]


class Contents(NamedTuple):
    """manifest: as read, without the members' digests; members: the others by name; seal: of the file."""

    manifest: dict[str, Any]
    members: dict[str, bytes]
    seal: str


def write(file: BinaryIO, made_by: Mapping[str, Any], members: Mapping[str, bytes | Writer]) -> str:
    """Into a file that is open for reading too; a member is given as its bytes or as what writes them. The
    seal. Raises OSError, and ValueError for what could not be read again."""
    digests = {}
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            digests[name] = _put(archive, name, content)
        manifest = {"format": FORMAT, **made_by, "members": digests}
        _put(archive, MANIFEST, json.dumps(manifest, indent=1).encode())
        archive.comment = b"0" * SEAL
    seal = _digest(file, file.tell() - SEAL)
    file.seek(-SEAL, 2)
    file.write(seal.encode())
    return seal


def _put(archive: zipfile.ZipFile, name: str, content: bytes | Writer) -> str:
    if isinstance(content, bytes) and len(content) > (_most(name) or 0):
        raise ValueError(f"{name} would have {len(content):,} bytes, which is too much to be read again")
    info = zipfile.ZipInfo(name)  # of no date: the same run has the same bytes
    info.external_attr = 0o644 << 16
    if isinstance(content, bytes):
        info.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(info, content)
        return hashlib.sha256(content).hexdigest()
    with archive.open(info, "w", force_zip64=True) as member:
        hashing = _Hashing(member)
        content(hashing)  # type: ignore[arg-type]  # it writes and does nothing else
    return hashing.digest.hexdigest()


class _Hashing:
    """Passes on what is written."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def write(self, content: bytes) -> int:
        self.digest.update(content)
        return int(self._file.write(content))


def _digest(file: BinaryIO, count: int) -> str:
    """Of the first bytes."""
    digest = hashlib.sha256()
    file.seek(0)
    while count > 0 and (piece := file.read(min(count, _PIECE))):
        digest.update(piece)
        count -= len(piece)
    return digest.hexdigest()


# ---------------------------------------------------------------- reading


def seal_of(path: Path) -> str | None:
    """The seal that stands in the file there, which tells it from every other; None where there is none."""
    try:
        with open_regular(path, LARGEST) as file:
            file.seek(-SEAL, 2)
            return file.read().decode("ascii", "replace")
    except (ActionableError, OSError):
        return None


def read(path: Path) -> Contents:
    """What is in the file. Raises ActionableError where it is no sealed archive, is not whole, is of a newer
    format or holds anything beside what it should."""
    place = str(path)
    with open_regular(path, LARGEST) as file:
        try:
            seal = _checked_seal(file, place)
            with zipfile.ZipFile(file) as archive:
                return _contents(archive, seal, place)
        except _BROKEN as error:
            raise ActionableError(place, "it is damaged: it cannot be read as a zip", _COPY) from error


def _checked_seal(file: BinaryIO, place: str) -> str:
    if file.read(4) != b"PK\3\4":
        raise ActionableError(place, "this is no run of bptui", "`w` in the playground writes one")
    count = file.seek(0, 2) - SEAL
    digest = _digest(file, count)
    if count < 0 or file.read(SEAL) != digest.encode():
        raise ActionableError(place, "it is damaged: its checksum does not hold", _COPY)
    file.seek(0)
    return digest


def _contents(archive: zipfile.ZipFile, seal: str, place: str) -> Contents:
    members = archive.infolist()
    manifest = _manifest(archive, members, place)
    _refuse_unknown(members, place)
    digests = manifest.pop("members")
    names = {member.filename for member in members} - {MANIFEST}
    if names != set(digests):
        name = sorted(names.symmetric_difference(digests))[0]
        found = f"{name} is {'not told of in its manifest' if name in names else 'missing'}"
        raise ActionableError(place, found, _COPY)
    contents = {}
    for name in names:
        contents[name] = _read(archive, name, place)
        digest = hashlib.sha256(contents[name]).hexdigest()
        if digest != digests[name] or (name.startswith("data/") and not name.endswith(digest)):
            raise ActionableError(place, f"it is damaged: {name} is not what its manifest tells", _COPY)
    return Contents(manifest, contents, seal)


def _manifest(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], place: str) -> dict[str, Any]:
    """Read first: another format may have other members."""
    found = [member for member in members if member.filename == MANIFEST]
    if not found:
        raise ActionableError(place, f"{MANIFEST} is missing", _COPY)
    _refuse_unknown(found, place)
    manifest = json.loads(_read(archive, MANIFEST, place))
    if not isinstance(manifest, dict):
        raise ActionableError(place, "its manifest is none", _COPY)
    _refuse_format(manifest.get("format"), place)
    if not isinstance(manifest.get("members"), dict):
        raise ActionableError(place, "its manifest tells no members", _COPY)
    return manifest


def _refuse_unknown(members: list[zipfile.ZipInfo], place: str) -> None:
    seen: set[str] = set()
    for member in members[: MOST_MEMBERS + 1]:
        name, most = member.filename, _most(member.filename)
        if most is None or len(seen) == MOST_MEMBERS:
            found = f"{name[:60]!a} is no part of a run"
        elif name in seen:
            found = f"it holds {name} twice"
        elif member.flag_bits & 1 or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            found = f"{name} is encrypted, or compressed in a way bptui does not use"
        elif member.file_size > most:
            found = f"{name} would have {member.file_size:,} bytes, and at most {most:,} are read"
        elif name.endswith(".npy") and member.compress_type != zipfile.ZIP_STORED:
            found = f"{name} is compressed"
        else:
            seen.add(name)
            continue
        raise ActionableError(place, found, _COPY)


def _most(name: str) -> int | None:
    return next((most for pattern, most in _KNOWN if pattern.fullmatch(name)), None)


def _refuse_format(found: object, place: str) -> None:
    if found != FORMAT or isinstance(found, bool):
        newer = isinstance(found, int) and found > FORMAT
        remedy = "A newer bptui may read it" if newer else _COPY
        raise ActionableError(place, f"its format is {str(found)[:20]!a}; this bptui reads {FORMAT}", remedy)


def _read(archive: zipfile.ZipFile, name: str, place: str) -> bytes:
    """Its bytes, never more than it declares."""
    size, content = archive.getinfo(name).file_size, io.BytesIO()
    with archive.open(name) as member:
        # In pieces, because the zip's own reader has two copies of what it reads at once.
        while (piece := member.read(_PIECE)) and content.tell() <= size:
            content.write(piece)
    if content.tell() != size:
        raise ActionableError(place, f"it is damaged: {name} has not the size it declares", _COPY)
    return content.getvalue()
