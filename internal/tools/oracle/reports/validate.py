#!/usr/bin/env python3
"""Compare the reports of wheeltag with what other readers of their formats say.

    validate.py --wheeltag BINARY --schema sarif-2.1.0-rtm.5.json FIXTURES

SARIF is validated against the schema (the one in the npm package @microsoft/jest-sarif),
JUnit is read with junitparser, Markdown with markdown-it-py. The inputs are an audit of
all test wheels, an empty run, runs with 5,000 and 30,000 findings, and one in which every
name is hostile. The exit status is 1 if a reader disagrees.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import jsonschema
from junitparser import Error, Failure, JUnitXml
from markdown_it import MarkdownIt

HOSTILE = [
    "a\nb", "a\r\n::error::b", "x\x1b[31m\x07", "x\u202ecod.exe", "x\u200b\u2028y", "\"quoted\" 'too'", "back\\slash",
    "<script>alert(1)</script>", "</system-out>]]>&amp;", "[text](https://example.org)", "![i](https://example.org/i.png)",
    "`tick` ``two", "``", "`", "| pipe | @everyone #1", "a,b:c;d", "../../etc/passwd", "/etc/passwd", "C:\\x", "", ".",
    "{0} {{1}}", "long" * 20_000, " leading", " both ", "https://example.org www.example.org", "*a* _b_ ~~c~~", "# head", "- list",
    "&lt;b&gt;", "\ufeffx", "\U000e0001", "a\tb",
]


def finding(rule, severity, file, message):
    return {"rule": rule, "severity": severity, "file": file, "message": message}


def audit(file, verdict, findings, **more):
    return {"schema": "wheeltag.audit/v1", "file": file, "verdict": verdict, "findings": findings, **more}


def hostile():
    for i, name in enumerate(HOSTILE):
        severity = ["note", "warning", "error"][i % 3]
        findings = [finding("WT202", severity, name, "needs " + name), finding(name, "error", "", name)]
        yield audit(name, "fail", findings, path=name, required=[{"tag": name, "answer": "no"}])
        yield {"schema": "wheeltag.audit/v1", "file": name, "verdict": "unknown", "error": {"code": "unreadable", "message": name}}


def many(n):
    yield audit("demo-1.0-py3-none-any.whl", "fail", [finding("WT202", ["note", "warning", "error"][i % 3], f"demo/{i}.so", f"needs {i}") for i in range(n)])


class Reports:
    def __init__(self, wheeltag, schema):
        self.wheeltag = wheeltag
        self.validator = jsonschema.Draft7Validator(json.loads(Path(schema).read_text()))
        self.faults = 0

    def fault(self, what, text):
        print(f"{what}: {text}"[:400], file=sys.stderr)
        self.faults += 1

    def made(self, run, form):
        done = subprocess.run([self.wheeltag, "report", "--format", form, run], capture_output=True, text=True)
        if done.returncode not in (0, 1, 3):
            self.fault(form, done.stderr)
        return done.stdout

    def sarif(self, name, run, records):
        log = json.loads(self.made(run, "sarif"))
        for error in self.validator.iter_errors(log):
            self.fault(f"{name}: SARIF", f"{error.json_path}: {error.message}")
        results = log["runs"][0]["results"]
        wanted = sum(1 if "error" in r else len(r["findings"]) + sum(q["answer"] == "no" for q in r.get("required", [])) for r in records)
        if len(results) != min(wanted, 25_000):
            self.fault(f"{name}: SARIF", f"{len(results)} results, not {wanted}")
        prints = [r["partialFingerprints"]["primaryLocationLineHash"] for r in results]
        if len(set(prints)) != len(prints):
            self.fault(f"{name}: SARIF", "two results have one fingerprint")

    def junit(self, name, run, records):
        suites = JUnitXml.fromstring(self.made(run, "junit").encode())
        cases = [case for suite in suites for case in suite]
        failed = sum(any(isinstance(r, Failure) for r in case.result) for case in cases)
        errors = sum(any(isinstance(r, Error) for r in case.result) for case in cases)
        stated = [(s.tests, s.failures, s.errors) for s in suites]
        wanted = (len(records), sum(r["verdict"] == "fail" for r in records), sum(r["verdict"] == "unknown" for r in records))
        if stated != [wanted] or (len(cases), failed, errors) != wanted:
            self.fault(f"{name}: JUnit", f"states {stated}, has {len(cases), failed, errors}, not {wanted}")

    def markdown(self, name, run, records):
        for token in MarkdownIt("gfm-like", {"linkify": False}).parse(self.made(run, "markdown")):
            if token.type in ("html_block", "fence", "code_block", "table_open", "hr"):
                self.fault(f"{name}: Markdown", f"a {token.type}: {token.content}")
            for part in token.children or []:
                if part.type in ("html_inline", "image", "em_open", "s_open"):
                    self.fault(f"{name}: Markdown", f"{part.type} in {token.content}")
                if part.type == "link_open" and not part.attrs["href"].startswith("https://github.com/wheeltag/wheeltag/"):
                    self.fault(f"{name}: Markdown", f"a link to {part.attrs['href']}")
                if part.type == "text" and any(word in part.content for word in ("@everyone", "://", "www.", "#1")):
                    self.fault(f"{name}: Markdown", f"outside of code: {part.content}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--wheeltag", required=True)
    parser.add_argument("--schema", required=True)
    parser.add_argument("fixtures", type=Path)
    args = parser.parse_args()
    reports = Reports(args.wheeltag, args.schema)
    wheels = sorted(str(p) for p in args.fixtures.glob("wheels*/*.whl"))
    audited = subprocess.run([args.wheeltag, "audit", "--format", "json", "--require", "manylinux_2_5", *wheels], capture_output=True, text=True).stdout
    runs = {
        "fixtures": [json.loads(line) for line in audited.splitlines()],
        "empty": [], "5,000": list(many(5000)), "30,000": list(many(30_000)), "hostile": list(hostile()),
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, records in runs.items():
            run = str(Path(folder) / (name + ".jsonl"))
            Path(run).write_text("".join(json.dumps(r) + "\n" for r in records))
            for check in (reports.sarif, reports.junit, reports.markdown):
                check(name, run, records)
    print(f"{len(runs)} runs, {len(runs['fixtures'])} test wheels in one of them; {reports.faults} disagreements")
    return 1 if reports.faults else 0


if __name__ == "__main__":
    sys.exit(main())
