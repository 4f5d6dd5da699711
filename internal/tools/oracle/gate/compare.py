#!/usr/bin/env python3
"""Compares `wheeltag audit` with other tools on wheels with faults.

    compare.py --wheeltag PATH [--count N] [WHEELS...]

Run it with the Python of an environment that has check-wheel-contents, twine, abi3audit,
pydistcheck and installer of the releases in internal/reference/tools.tsv. Without WHEELS
it makes its own, the same every time, with one to three faults each. What a tool reports
must be a finding of ours about the same, by the table sees.tsv, which also has the
reasons for what we do not report. Exits with 1 where that is not so, and says where.
"""
import argparse, collections, json, logging, os, pathlib, re, subprocess, sys, tempfile, warnings, zipfile
from importlib.metadata import version

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import wanted

import faults

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
HERE = pathlib.Path(__file__).resolve().parent
TOOLS = ["check-wheel-contents", "twine", "abi3audit", "pydistcheck", "installer"]


def contents(path):
    """The codes of check-wheel-contents."""
    from check_wheel_contents.checker import WheelChecker
    from check_wheel_contents.contents import WheelContents
    try:
        found = WheelChecker().check_contents(WheelContents.from_wheel(path))
    except Exception as e:
        yield "error " + type(e).__name__, str(e)
        return
    for f in found:
        code, args = f.check.name, f.args
        real = [a for a in args if not re.search(r"\.(libs|dylibs)/$", a)]
        if code in ("W009", "W010") and len(real) < (2 if code == "W009" else 1):
            code += " libraries"
        if code == "W007" and any(".data/scripts/" in n for n in zipfile.ZipFile(path).namelist()):
            code += " programs"
        yield code, " ".join(args[:3])


def description(path):
    """What twine check says, and why it cannot read a file."""
    from twine.commands import check
    try:
        said, ok = check._check_file(str(path), check._WarningStream())
    except Exception as e:
        for part in str(e).removeprefix("Invalid distribution metadata: ").split("; "):
            yield part[:200], ""
        return
    if not ok:
        yield "not rendered", ""
    for message in said:
        yield message, ""


def stable(path):
    """What abi3audit finds in the modules of a wheel for the stable ABI."""
    if "-abi3-" not in path.name:
        return
    from abi3audit import _audit, _extract
    try:
        for so in _extract.WheelExtractor(_extract.WheelSpec(str(path))):
            result = _audit.audit(so)
            if not result.is_abi3():
                yield "non-abi3", ",".join(sorted(s.name for s in result.non_abi3_symbols))
            if not result.is_abi3_baseline_compatible():
                yield "future-abi3", ""
    except Exception as e:
        yield "error " + type(e).__name__, str(e)


def distribution(path):
    """The checks of pydistcheck but that of debug symbols, which starts other programs."""
    from pydistcheck import _checks as c, _config
    from pydistcheck._distribution_summary import _DistributionSummary
    conf = _config._Config()
    try:
        summary = _DistributionSummary.from_file(filename=str(path))
    except Exception as e:
        yield "error " + type(e).__name__, str(e)
        return
    for check in [
        c._DistroTooLargeCompressedCheck(max_allowed_size_bytes=50 << 20, output_file_size_precision=3, output_file_size_unit="auto"),
        c._DistroTooLargeUnCompressedCheck(max_allowed_size_bytes=75 << 20, output_file_size_precision=3, output_file_size_unit="auto"),
        c._FileCountCheck(max_allowed_files=conf.max_allowed_files), c._FilesOnlyDifferByCaseCheck(), c._MixedFileExtensionCheck(),
        c._PathTooLongCheck(max_path_length=conf.max_path_length), c._SpacesInPathCheck(), c._NonAsciiCharacterCheck(),
        c._UnexpectedFilesCheck(directory_patterns=conf.expected_directories, file_patterns=conf.expected_files),
    ]:
        said = check(distro_summary=summary)
        if said:
            windows = re.search(r"-any\.whl$|win_amd64|win32|win_arm64", path.name)
            yield check.check_name + ("" if windows else ", not for Windows"), said[0]


def record(path):
    """What installer finds when it compares a wheel with RECORD."""
    from installer.sources import WheelFile
    try:
        with WheelFile.open(path) as w:
            w.validate_record()
    except Exception as e:
        issues = getattr(e, "issues", None)
        if issues is None:
            yield "error " + type(e).__name__, str(e)[:200]
        for issue in issues or ():
            yield re.sub(r"^In \S*, |from \S*", "", str(issue)), ""


def archive(path):
    """What Python's zipfile finds when it reads every member."""
    try:
        with zipfile.ZipFile(path) as z:
            bad = z.testzip()
            if bad:
                yield "testzip", bad
    except Exception as e:
        yield "error " + type(e).__name__, str(e)


ASK = {"check-wheel-contents": contents, "twine": description, "abi3audit": stable, "pydistcheck": distribution, "installer": record, "zipfile": archive}


def table():
    """By tool: pattern of what it says, our rules or none, the reason."""
    rows = collections.defaultdict(list)
    for line in (HERE / "sees.tsv").read_text().splitlines():
        if line and not line.startswith("#"):
            tool, pattern, rules, reason = line.split("\t")
            rows[tool].append((re.compile(pattern), [r for r in rules.split(",") if r != "-"], reason))
    return rows


def ours(wheeltag, paths):
    """The rules of all findings by path, verified."""
    listing = "\n".join(map(str, paths)) + "\n"
    run = subprocess.run([wheeltag, "audit", "--verify", "--format", "json", "-"], input=listing, capture_output=True, text=True)
    found, records = {}, [json.loads(line) for line in run.stdout.splitlines()]
    answered = [p for p in paths if f"{p}: " not in run.stderr]
    assert len(records) == len(answered), (len(records), len(answered), run.stderr[:2000])
    for path, r in zip(answered, records):
        assert r["file"] == path.name, (r["file"], path)
        found[path] = {f["rule"] for f in r["findings"]}
    return {p: found.get(p, {"WT410"}) for p in paths}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--wheeltag", required=True)
    parser.add_argument("--count", type=int, default=2100)
    parser.add_argument("--show", action="store_true", help="list everything that the tools say")
    parser.add_argument("wheels", nargs="*", type=pathlib.Path)
    args = parser.parse_args()
    for tool in TOOLS:
        wanted.require(tool, version(tool))
    with tempfile.TemporaryDirectory() as d:
        if args.wheels:
            cases = [(p, ["published"]) for w in args.wheels for p in (sorted(w.glob("*.whl")) if w.is_dir() else [w])]
        else:
            cases = list(faults.wheels(pathlib.Path(d), args.count, "faulty wheels"))
        sys.exit(compare(args, cases))


def compare(args, cases):
    rows, found = table(), ours(args.wheeltag, [path for path, _ in cases])
    said, missed, unlisted = collections.Counter(), [], collections.Counter()
    unseen, used = collections.Counter(), set()
    for path, chosen in cases:
        for tool, ask in ASK.items():
            for what, detail in ask(path):
                said[tool] += 1
                text = f"{what} {detail}"
                match = next(((i, row) for i, row in enumerate(rows[tool]) if row[0].search(text)), None)
                if match is None:
                    unlisted[f"{tool}\t{text if args.show else text[:100]}"] += 1
                    continue
                i, (pattern, rules, reason) = match
                used.add((tool, i))
                if not rules:
                    unseen[f"{tool}: {pattern.pattern}: {reason}"] += 1
                elif not found[path].intersection(rules):
                    missed.append(f"{path.name} ({', '.join(chosen)}): {tool} says {text}; we say {' '.join(sorted(found[path])) or 'nothing'}, want {' or '.join(rules)}")
                if args.show:
                    print(path.name, chosen, tool, text)
    print(f"{len(cases)} wheels; " + ", ".join(f"{tool} reports {n}" for tool, n in sorted(said.items())))
    for line, n in sorted(unseen.items()):
        print(f"not reported, {n} times: {line}")
    for line, n in sorted(unlisted.items())[:60]:
        print(f"NOT LISTED, {n} times: {line}")
    for line in missed[:40]:
        print("MISSED", line)
    if not args.wheels:
        for tool, list_ in rows.items():
            for i, row in enumerate(list_):
                if (tool, i) not in used and not row[2].startswith("published:"):
                    print(f"NOT USED: {tool} {row[0].pattern}")
    return 1 if missed or unlisted else 0


main()
