"""Writes a wheel: metadata, record and an archive with nothing that varies.

Every member has the date 1980-01-01 and a fixed mode, sizes stand in the local
headers (no data descriptors), payload comes first and RECORD last. The
compressed bytes depend on the zlib that Python was built with, so two archives
are compared member by member (see contents).
"""

import base64
import hashlib
import io
import stat
import zipfile
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Wheel:
    """One wheel: its file name, what is in it, and where it deviates."""

    filename: str
    shows: str
    members: dict                       # path in the wheel to bytes
    auditwheel: str                     # what auditwheel 6.8.2 says of it
    rules: str = ""                     # the findings to expect
    purelib: bool = False               # Root-Is-Purelib
    tags: tuple = ()                    # WHEEL Tag lines, when not those of the file name
    unrecorded: tuple = ()              # members to leave out of RECORD
    recorded_as: dict = field(default_factory=dict)  # members to record with other content

    @property
    def dist_info(self) -> str:
        return "-".join(self.filename.split("-")[:2]) + ".dist-info"

    def expanded_tags(self) -> list:
        python, abi, platform = self.filename.removesuffix(".whl").split("-")[-3:]
        return sorted(f"{p}-{a}-{m}" for p in python.split(".") for a in abi.split(".")
                      for m in platform.split("."))


def metadata(wheel: Wheel) -> bytes:
    name, version = wheel.filename.split("-")[:2]
    return f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: {version}\n".encode()


def wheel_file(wheel: Wheel) -> bytes:
    lines = ["Wheel-Version: 1.0", "Generator: build.py", f"Root-Is-Purelib: {str(wheel.purelib).lower()}"]
    lines += [f"Tag: {tag}" for tag in wheel.tags or wheel.expanded_tags()]
    return "\n".join(lines + [""]).encode()


def record(wheel: Wheel, members: dict) -> bytes:
    rows = []
    for path, data in members.items():
        if path in wheel.unrecorded:
            continue
        data = wheel.recorded_as.get(path, data)
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        rows.append(f"{path},sha256={digest},{len(data)}\n")
    return "".join(rows + [f"{wheel.dist_info}/RECORD,,\n"]).encode()


def archive(wheel: Wheel) -> bytes:
    """The bytes of the wheel."""
    members = dict(sorted(wheel.members.items()))
    members[f"{wheel.dist_info}/METADATA"] = metadata(wheel)
    members[f"{wheel.dist_info}/WHEEL"] = wheel_file(wheel)
    members[f"{wheel.dist_info}/RECORD"] = record(wheel, members)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for path, data in members.items():
            z.writestr(_entry(path), data, zipfile.ZIP_DEFLATED, 9)
    return out.getvalue()


def _entry(path: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
    entry.create_system = 3
    mode = 0o755 if "/scripts/" in path else 0o644
    entry.external_attr = (stat.S_IFREG | mode) << 16
    return entry


def contents(data: bytes) -> list:
    """All that must not change in a wheel: what readers see of each member."""
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        return [(i.filename, i.date_time, i.compress_type, i.flag_bits, i.create_system, i.external_attr, i.extra,
                 i.comment, z.read(i)) for i in z.infolist()] + [z.comment]
