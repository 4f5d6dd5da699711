"""Ask Python's packaging about versions and specifiers and store its answers.

    python generate.py            write the vectors of wheel/pep440/testdata
    python generate.py --check    regenerate and compare, exit 1 on a difference
    python generate.py --out DIR --seed N --scale K
                                  write K times as many from another seed; run
                                  them with WHEELTAG_PEP440_VECTORS=DIR go test

The answers depend on the seed and on packaging alone: random numbers come from
a small generator of our own, because the standard one may change between
Python releases. Files are compared by content after decompression, because
compressed bytes depend on the zlib in use.
"""

import pathlib
import sys
import unicodedata

import packaging
from packaging.specifiers import InvalidSpecifier, Specifier, SpecifierSet
from packaging.version import InvalidVersion, Version

HERE = pathlib.Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[1]))
import vectors
import wanted

TESTDATA = HERE.parents[4] / "wheel" / "pep440" / "testdata"

SPACES = [" ", "\t", "\n", "\x0b", "\x1c", "\x1f", "\x85", "\xa0", "\u1680", "\u2003", "\u2028", "\u3000"]
ODD = ["\u017f", "\u0131", "\u0130", "\u212a", "\u0663", "\uff11", "\xe9", "\u200b", "\ufeff", "\x00", "\x7f", "/", ":", "@",
       "[", "`", "{", "#", "~", "*", "!", "+", "..", "--", "_", ",", ";", "(", ")", "=", "==", "v", "V", "e", "x", "\U0001d7d8"]
PRE_WORDS = ["a", "b", "c", "rc", "alpha", "beta", "pre", "preview"]
POST_WORDS = ["post", "rev", "r"]
LOCALS = ["cu118", "ubuntu.1", "1", "01", "0", "1.2", "1-a", "a_B", "abc", "abcd", "ABC", "1a", "a1.10", "a1.9", "local", "00a"]
OPERATORS = ["~=", "==", "!=", "<=", ">=", "<", ">", "==="]


def parse(text):
    try:
        return Version(text)
    except InvalidVersion:
        return None


# Text to ask about.


def number(r):
    if r.chance(70):
        return str(r.below(4))
    if r.chance(50):
        return str(r.below(130))
    return r.pick(["00", "007", "010", "2024", "20240131", "18446744073709551616", "99999999999999999999", "0" * 12 + "5"])


def separator(r):
    return r.pick(["", "", ".", "-", "_"])


def recase(r, word):
    return word if r.chance(75) else "".join(c.upper() if r.chance(50) else c for c in word)


def segment(r, words):
    text = separator(r) + recase(r, r.pick(words))
    return text + separator(r) + (number(r) if r.chance(80) else "")


def release(r):
    return ".".join(number(r) for _ in range(1 + r.below(4)))


def public(r, base=None):
    text = base if base is not None else release(r)
    if r.chance(35):
        text += segment(r, PRE_WORDS)
    if r.chance(30):
        text += "-" + number(r) if r.chance(25) else segment(r, POST_WORDS)
    if r.chance(30):
        text += segment(r, ["dev"])
    return text


def version(r, base=None):
    text = public(r, base)
    if r.chance(25):
        text += "+" + recase(r, r.pick(LOCALS))
    if r.chance(15):
        text = number(r) + "!" + text
    if r.chance(10):
        text = r.pick("vV") + text
    return text


def mutate(r, text):
    """Change one spot, so that about half of the results are not valid."""
    i = r.below(len(text) + 1)
    kind = r.below(5)
    if kind == 0:
        return text[:i] + text[i + 1:]
    if kind == 1:
        return text[:i] + r.pick(ODD) + text[i:]
    if kind == 2:
        return text[:i] + r.pick(SPACES) + text[i:]
    if kind == 3:
        return text[:i] + text[max(0, i - 1 - r.below(3)):i] + text[i:]
    return text[:i] + r.pick(ODD + list("._-+!019abcrdevpost")) + text[i + 1:]


def specifier(r, base=None):
    op = r.pick(OPERATORS)
    if op == "===":
        text = r.pick([version(r, base), version(r, base), "foobar", "", "1.0-Final", "\u0391\u03a3", "\u03b1\u03c2", "\u0130x", "\u00e9*", "\u212a"])
    else:
        text = version(r, base) if op in ("==", "!=") and r.chance(50) else public(r, base)
        if op in ("==", "!=") and r.chance(40):
            text = (base or release(r)) + ".*"
        if r.chance(10):
            text = number(r) + "!" + text
    gap = r.pick(["", "", "", " ", "  ", "\t", "\u3000"])
    return op + gap + text


def specifier_set(r, base):
    items = [specifier(r, base) for _ in range(1 + r.below(1 + r.below(4)))]
    if r.chance(10):
        items.append(r.pick(items))
    return r.pick([",", ",", ", ", " ,"]).join(items)


def nearby(r, base):
    """A version in the neighbourhood of a release, or now and then no version."""
    if r.chance(6):
        return r.pick(["foobar", "", "1.0-final", "\u0391\u03a3", "\u03b1\u03c2", "i\u0307x", "\u00c9*", "k", " 1.0 ", base + ".*"])
    shape = r.below(6)
    if shape == 0:
        return version(r, base + ".0")
    if shape == 1:
        return version(r, base.rsplit(".", 1)[0])
    if shape == 2:
        return version(r)
    return version(r, base)


# Answers, one JSON text per line.


def versions(r, scale):
    fixed = ["", " ", "v", "1", "1.", "1!", "!1", "1!!1", "1+", "1+a.", "1+.a", "1..0", "9" * 5000, "1." * 2000 + "1",
             "1.0a-", "1.0a-.post", "1.0rc--1", "1.0a.dev-+x", "1-1-1", "1.0.*", "1.0 .post1", "1e5", "1.0pos", "1.0previe"]
    for i in range(22000 * scale + len(fixed)):
        text = fixed[i] if i < len(fixed) else version(r)
        for _ in range(r.below(3) if i >= len(fixed) else 0):
            text = mutate(r, text)
        if r.chance(5):
            text = r.pick(SPACES) + text + r.pick(SPACES)
        v = parse(text)
        if v is None:
            yield [text]
        else:
            flags = v.is_prerelease + 2 * v.is_postrelease + 4 * v.is_devrelease
            yield [text, str(v), flags, v.base_version, v.local or ""]


def order(r, scale):
    """Groups of twelve related versions with all pairs compared."""
    for _ in range(200 * scale):
        base = release(r)
        group = []
        while len(group) < 12:
            text = r.pick([base, base, base + ".0", release(r)])
            text = version(r, text)
            if parse(text) is not None:
                group.append(text)
        parsed = [Version(t) for t in group]
        yield [group, ["".join("<" if a < b else "=" if a == b else ">" for b in parsed) for a in parsed]]


def answers(spec, item):
    """Bits 0-2: text with prereleases None, True, False; 3-5: the same as Version; 6: it is one."""
    modes = (None, True, False)
    bits = sum(spec.contains(item, prereleases=p) << i for i, p in enumerate(modes))
    v = parse(item)
    if v is not None:
        bits += 64 + sum(spec.contains(v, prereleases=p) << (3 + i) for i, p in enumerate(modes))
    return bits


def load(text):
    """The set for text, or None; a set that fails an assertion on use counts as invalid."""
    try:
        spec = SpecifierSet(text)
        for single in spec:
            single.contains("1.0")
        return spec
    except (InvalidSpecifier, AssertionError):
        return None


def specifiers(r, scale):
    fixed = ["", ",", " , ", "==", "===", "=1", "1.0", "~=1", "~=1.*", "==1.*.*", "==1.0a.*", "==1 .*", "==.*", ">1+a", "<0", "<0.dev0",
             "====1", "== =1", "~=1.0.po\u017ft1", "~=1.0prev\u0131ew", "===a;b", "===a)b", "===a b", "==1,==1.0", "~=1.0,~=1.0.0", "==1.0+A,==1+a"]
    for i in range(4500 * scale + len(fixed)):
        base = release(r) if r.chance(70) else r.pick(["0", "1", "1.0", "1.2", "0.0"])
        text = fixed[i] if i < len(fixed) else specifier_set(r, base)
        if r.chance(20) and i >= len(fixed):
            text = mutate(r, text)
        spec = load(text)
        if spec is None:
            yield [text]
            continue
        items = [nearby(r, base) for _ in range(8)]
        bits = [answers(spec, item) for item in items]
        masks = []
        for mode in (None, True, False):
            chosen = spec.filter(range(len(items)), prereleases=mode, key=items.__getitem__)
            masks.append(sum(1 << k for k in chosen))
        if len(spec) == 1:
            only = Specifier(str(spec))
            assert bits == [answers(only, item) for item in items], text
        yield [text, str(spec), items, bits, masks]


def requires_python(r, scale):
    """What pip 26.3 makes of Requires-Python: an invalid value allows everything."""
    grid = [(2, 7, 18), (3, 0, 0), (3, 6, 15), (3, 7, 0), (3, 8, 1), (3, 9, 0), (3, 10, 0), (3, 11, 7), (3, 13, 0), (3, 14, 2), (4, 0, 0)]
    yield grid
    parts = ["2.7", "3", "3.0", "3.6", "3.7", "3.8", "3.8.1", "3.9", "3.10", "3.11", "3.14", "4", "4.0", "3.9.*", "3.*", "3.13.0rc1", "3.13.0a0", "3.11.7+x"]
    for _ in range(900 * scale):
        text = ",".join(r.pick(OPERATORS[:-1] + [">=", ">=", "<", "!="]) + r.pick(["", " "]) + r.pick(parts) for _ in range(1 + r.below(3)))
        if r.chance(10):
            text = mutate(r, text)
        spec = load(text)
        yield [text, "".join("1" if spec is None or Version(".".join(map(str, v))) in spec else "0" for v in grid)]


def code_points(r, scale):
    """For each template the ranges of code points that make it valid in place of @."""
    del r, scale
    templates = ["@1.0", "1.0@", "1@0", "1.0@1", "1.@", "1.0.po@t1", "1.0prev@ew", "1.0+@", "1.0+a@b", "==@1.0", "== 1.0@", "@==1.0", ">=1.0.po@t1", "===@", "===a@b"]
    for template in templates:
        ask = load if "=" in template else parse
        ranges = []
        for cp in range(0x110000):
            if 0xD800 <= cp < 0xE000 or ask(template.replace("@", chr(cp))) is None:
                continue
            if ranges and ranges[-1][1] == cp - 1:
                ranges[-1][1] = cp
            else:
                ranges.append([cp, cp])
        yield [template, ranges]


def lowered(r, scale):
    """str.lower, on letters old enough to be the same in every Python."""
    for cp in range(0x110000):
        if unicodedata.ucd_3_2_0.category(chr(cp)) not in ("Cn", "Cs") and chr(cp).lower() != chr(cp):
            yield [chr(cp), chr(cp).lower()]
    for _ in range(1500 * scale):
        text = "".join(r.pick(["\u03a3", "\u03a3", "a", "B", "'", "\u0301", ".", "1", "\u0130", "\u00df", "-", "\u00aa", "\u02b0", "\u01c5", "\u2019"]) for _ in range(1 + r.below(6)))
        yield [text, text.lower()]


FILES = [versions, order, specifiers, requires_python, code_points, lowered]


def main():
    wanted.require("packaging", packaging.__version__)
    if hasattr(sys, "set_int_max_str_digits"):
        sys.set_int_max_str_digits(0)
    vectors.run(__doc__, TESTDATA, 440, FILES)


if __name__ == "__main__":
    main()
