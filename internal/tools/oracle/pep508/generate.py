"""Ask Python's packaging about markers and requirements and store its answers.

    python generate.py            write the vectors of wheel/pep508/testdata
    python generate.py --check    regenerate and compare, exit 1 on a difference
    python generate.py --out DIR --seed N --scale K
                                  write K times as many from another seed; run
                                  them with WHEELTAG_PEP508_VECTORS=DIR go test

The answers depend on the seed and on packaging alone. Files are compared by
content after decompression, because compressed bytes depend on the zlib in use.
"""

import pathlib
import sys
import warnings

import packaging
from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement

HERE = pathlib.Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[1]))
import vectors
import wanted

TESTDATA = HERE.parents[4] / "wheel" / "pep508" / "testdata"

FIELDS = ["implementation_name", "implementation_version", "os_name", "platform_machine", "platform_release", "platform_system",
          "platform_version", "python_full_version", "platform_python_implementation", "python_version", "sys_platform"]

# The eleven fields in that order, then extra, extras, dependency_groups.
ENVIRONMENTS = [
    ["cpython", "3.11.4", "posix", "x86_64", "5.10.0-8-amd64", "Linux", "#1 SMP Debian 5.10.46-4", "3.11.4", "CPython", "3.11", "linux", "", [], []],
    ["cpython", "3.8.10", "posix", "aarch64", "6.8.0", "Linux", "#1", "3.8.10", "CPython", "3.8", "linux", "Test", ["Test"], ["Dev"]],
    ["cpython", "3.10.0", "nt", "AMD64", "10", "Windows", "10.0.19045", "3.10.0", "CPython", "3.10", "win32", "a.b_c", ["a-b.c", "x"], ["docs", "dev"]],
    ["pypy", "7.3.13", "posix", "arm64", "23.1.0", "Darwin", "Darwin Kernel Version 23.1.0", "3.10.13", "PyPy", "3.10", "darwin", "dev", [], ["dev"]],
    ["cpython", "3.14.0a2+", "posix", "x86_64", "5.15.0-1051-azure", "Linux", "#59~20.04.1", "3.14.0a2+", "CPython", "3.14", "linux", "x", ["X", "y"], []],
    ["cpython", "3.13.0rc1", "posix", "riscv64", "", "Linux", "", "3.13.0rc1", "CPython", "3.13", "linux", "y--z", ["y_z"], ["y.z"]],
    ["", "", "", "", "", "", "", "", "", "", "", "", [], []],
    ["graalpy", "23.1", "java", "x86", "2.2.0", "Java", "not a version", "3.8", "GraalVM", "3.8", "java1.8", "A", ["a"], ["a"]],
    ["cpython", "2.7.18+", "posix", "i686", "2.6.32-754.el6.x86_64", "Linux", "1.0", "2.7.18+", "CPython", "2.7", "linux2", "i18n", ["i18n"], ["typing-test"]],
    ["cpython", "3.11.4+local.1", "posix", "x86_64", "6.1.0+deb12", "Linux", "x", "3.11.4+local.1", "CPython", "3.11.4", "cygwin", "\u0130", ["\u0130"], ["\u03a3"]],
]
CONTEXTS = ["metadata", "lock_file", "requirement"]

VARIABLES = FIELDS + ["extra", "extras", "dependency_groups", "os.name", "sys.platform", "platform.version", "platform.machine",
                      "platform.python_implementation", "python_implementation"]
OPERATORS = ["==", "!=", "<", "<=", ">", ">=", "~=", "===", "in", "not in"]
VALUES = {
    "version": ["3", "3.8", "3.9", "3.10", "3.11", "3.13", "3.14", "2.7", "3.*", "3.11.*", "3.8.10", "3.11.4", "3.11.4+local.1", "3.14.0a2", "3.13.0rc1",
                "3.14.0a2+local", "7.3.13", "3.10,3.11", "3.8 3.9 3.10", "2.7.18+", "=3.8", "=", "", " 3.8 ", "\u00a03.8", "v3.8", "3.11.04", "x", "3.8;", "3.8)", "3,<4",
                "5.10.0-8-amd64", "5.10", "5.10.0.post8", "6.8", "6.8.0", "10", "2.2.0", "6.1.0+deb12", "6.1.0+DEB12", "0!3.11"],
    "text": ["linux", "linux2", "win32", "darwin", "posix", "nt", "java", "Linux", "Windows", "Darwin", "x86_64", "aarch64", "arm64", "AMD64", "cpython", "pypy",
             "CPython", "PyPy", "linux darwin", "", " ", "#1", "#1 SMP Debian 5.10.46-4", "10.0.19045", "1.0", "x86_64 aarch64 i686", "not a version", "li", "64", "\u0130"],
    "name": ["test", "Test", "TEST", "a-b-c", "a_b.c", "A..B", "x", "X", "y-z", "y---z", "dev", "docs", "", "dev docs", "i18n", "typing_test", "\u0130", "\u03a3", "A"],
}
ESCAPES = ["\\n", "\\t", "\\\\", "\\x33.8", "\\x3", "\\101", "\\1", "\\777", "\\8", "\\u0033", "\\u003", "\\U00000033", "\\U00110000", "\\d", "\\ ", "\\\n", "\\\r\n", "\\\r", "\\",
           "\n", "\r", "\x00", "\\'", '\\"', "\\x27", "\\x22", "\t", "\x0b", "\u2028", "\xe9", "\\\xe9", "\\U0001F600", "\\a\\b\\f\\v\\r", "\U0001f600", "\\0", "\\08", "\\xg0"]
SPACES = ["", "", " ", " ", "  ", "\t", " \t "]
ODD = ["\n", "\r", "\x0b", "\x0c", "\xa0", "\u3000", "\u2003", "\xe9", "_", "-", ".", ",", ";", "(", ")", "[", "]", "'", '"', "\\", "@", "=", "==", "<", "~", "!", "and", "or",
       "in", "not", "#", "x", "0", "\x00", "*", "+", "|", "&", "\u0130", "\u2160", "\u0661", "and ", " or", "is", "AND", "{", "$"]


# Text to ask about.


def gap(r):
    return r.pick(SPACES)


def quoted(r, variable):
    kind = "name" if variable.startswith(("extra", "dependency")) else "version" if variable.endswith(("version", "release")) else "text"
    if r.chance(8):
        kind = r.pick(["name", "version", "text"])
    text = r.pick(VALUES[kind])
    if r.chance(4):
        text = r.pick(FIELDS + ["extra", "extras", "dependency_groups", "os.name"])
    if r.chance(4):
        i = r.below(len(text) + 1)
        text = text[:i] + r.pick(ESCAPES) + text[i:]
    quote = r.pick("\"'")
    return quote + text + quote


def comparison(r, kind):
    variable = r.pick(VARIABLES)
    if r.chance(90):  # mostly what one context knows, or else few markers have an answer
        variable = r.pick([FIELDS + ["os.name", "python_implementation"], ["python_version", "python_full_version", "platform_release"], ["extra"], ["extras", "dependency_groups"]][kind])
    if variable in ("extras", "dependency_groups") and r.chance(75):
        return quoted(r, variable) + " " + r.pick(["in", "not in"]) + " " + variable
    op = r.pick(OPERATORS if r.chance(10) or variable.endswith(("version", "release")) else OPERATORS[:6] + OPERATORS[8:])
    left, right = variable, quoted(r, variable)
    if r.chance(25):
        left, right = right, left
    if r.chance(4):
        right = r.pick(VARIABLES)
    if r.chance(4):
        left = quoted(r, variable)
    a, b = gap(r), gap(r)
    if op in ("in", "not in"):
        a = a if r.chance(5) else a or " "
        b = b if r.chance(5) else b or " "
        if r.chance(20):
            op = op.replace(" ", r.pick(["  ", "\t", ""]))
    return left + a + op + b + right


def marker(r, depth=0, kind=None):
    parts = []
    if kind is None:
        kind = r.pick([0, 0, 1, 1, 2, 3])
    for i in range(1 + r.below(3 if depth else 4)):
        if i:
            parts.append(r.pick([" and ", " or ", " and ", "  or\t"]) if r.chance(97) else r.pick([" ", "", "and", "or", " & ", " AND "]))
        part = comparison(r, r.pick([kind, kind, 0, 1]))
        if depth < 4 and r.chance(20):
            part = "(" + gap(r) + marker(r, depth + 1, kind) + gap(r) + ")"
        elif r.chance(6):
            part = "(" * 2 + part + ")" * 2
        parts.append(part)
    return "".join(parts)


def mutate(r, text):
    i = r.below(len(text) + 1)
    kind = r.below(5)
    if kind == 0:
        return text[:i] + text[i + 1:]
    if kind == 1:
        return text[:i] + r.pick(ODD) + text[i:]
    if kind == 2:
        return text[:i] + r.pick(SPACES) + text[i:]
    if kind == 3:
        return text[:i] + text[max(0, i - 1 - r.below(4)):i] + text[i:]
    return text[:i] + r.pick(ODD) + text[i + 1:]


VERSIONS = ["1", "1.0", "1.2.3", "2.0a1", "1.0.post1", "1.0.dev0", "1.0+local", "1.*", "1.0.*", "0!1", "v1.0", "1.0-1", "1.0rc", "1.0a-", "1.0.*.*", "1.0a1.*", "", "x", "2024.1", "1.0+L.1"]


def specifier(r):
    return r.pick(OPERATORS[:8]) + r.pick(["", "", " ", "  ", "\t", "\n", "\u3000"] if r.chance(30) else ["", " "]) + r.pick(VERSIONS)


def requirement(r):
    name = r.pick(["a", "requests", "Foo.Bar", "foo_bar", "x-y", "zope.interface", "A", "3to2", "a1", "a_", "a-", "a.", "_a", "-a", "a--b", "a._-b", "\xe9a", "a\xe9", ""] if r.chance(20) else ["requests", "Foo.Bar", "a"])
    text = gap(r) + name + gap(r)
    if r.chance(30):
        names = [r.pick(["x", "y", "dev", "Foo.Bar", "a_b", "x"] if r.chance(90) else ["", "_", "a-", "a b", "\xe9", "a."]) for _ in range(r.below(4))]
        text += "[" + gap(r) + r.pick([",", ", ", " ,"]).join(names) + r.pick(["", "", "", "", ","]) + gap(r) + "]" + gap(r)
    if r.chance(25):
        text += "@" + gap(r) + r.pick(["https://example.org/a.whl", "file:///x", "git+https://example.org/r@main#egg=a", "x", "a;b", "../rel", "\xe9\n", ""] if r.chance(40) else ["https://example.org/a.whl"])
        text += r.pick(["", " ", "  ", "\t"])
    elif r.chance(70):
        items = r.pick([",", ", ", " , ", ",\t"]).join(specifier(r) for _ in range(1 + r.below(3))) + r.pick(["", "", "", ",", " "])
        if r.chance(20):
            items = "(" + gap(r) + items + gap(r) + (")" if r.chance(95) else "")
        text += items
    if r.chance(45):
        text += gap(r) + ";" + gap(r) + marker(r) + gap(r)
    if r.chance(3):
        text += r.pick(["# note", ";", " x", "\n", ", <2"])
    return text


# Answers, one JSON text per line.

FIXED_MARKERS = [
    "", " ", "python_version", "python_version >= ", "'3.8' < python_version", "\"3.8\" < '3.9'", "'3.8' == 'python_version'", "python_version == os_name", "os_name == python_version",
    "'a' == 'os.name'", "python_implementation == 'CPython'", "'x' in extras", "extras in 'x'", "extras == 'x'", "'x' == extras", "'x' != extras", "'x' <= extras", "'x' ~= extras",
    "'A.B_C' in extras", "'A.B_C' not in extras", "'Y.Z' in dependency_groups", "'dev' in dependency_groups or extra == 'x'", "extra == 'A_B-C'", "'A_B-C' == extra", "extra in 'Test dev'",
    "extra == 'x' or os_name == 'posix'", "(os_name == 'nt')", "((os_name == 'nt'))", "(os_name == 'nt' or os_name == 'posix')", "(os_name == 'nt' or os_name == 'posix') and extra == ''",
    "os_name == 'a' and (os_name == 'b' or (os_name == 'c' and os_name == 'd'))", "os_name == 'a' and ((os_name == 'b'))", "(((os_name == 'a' or os_name == 'b')))",
    "((os_name == 'a' or os_name == 'b')) and os_name == 'c'", "os_name == 'nt' or python_version ~= 'x' and os_name == 'posix'", "python_version ~= '3.8'", "python_version ~= '3'",
    "python_version === '3.8'", "python_version === '3.11 '", "platform_release >= '5.10'", "platform_release == '5.10.0-8-amd64'", "platform_release < '5.10.0-8-amd64'",
    "python_version in '3.8, 3.9'", "'3' in python_version", "python_version == '3.*'", "python_full_version >= '3.14.0a2'", "python_full_version == '3.14.0a2+local'", "os_name=='posix'and'3'<=python_version",
    "os_name == 'posix'or os_name == 'nt'", "os_name not  in 'x'", "os_name notin 'x'", "os_name == \"it's\"", "os_name == '\"'", "os_name == '\\x27\\x22'", "os_name == '\"\\x27'", "os_name == ''''",
    "sys.platform == 'linux' and os.name == 'posix' and platform.machine == 'x86_64' and platform.version == '' and platform.python_implementation == 'CPython'", "os. name == 'x'", "xos_name == 'a'",
    "os_namex == 'a'", "extrass == 'a'", "python_versio == 'a'", "extra == extras", "extras == extra", "'extras' in 'extras'", "extra == 'extra'", "'extra' == extra", "os_name === 'posix'", "os_name ~= 'posix'",
    "os_name < 'z'", "os_name >= 'posix'", "os_name == 'posix' and", "and os_name == 'posix'", "os_name == 'posix' or or os_name == 'nt'", "()", "(os_name == 'a'", "os_name == 'a')", "os_name in (os_name)",
    "os_name == 'posix' # comment", "os_name == 'posix'\n", "\nos_name == 'posix'", "os_name\n== 'posix'", "(" * 200 + "os_name == 'posix'" + ")" * 200,
    "(" * 201 + "os_name == 'posix'" + ")" * 201, "os_name == '\\N{EM DASH}'", "os_name != '\\ud800'", " or ".join(["os_name == 'posix'"] * 300),
]


def ask(m, environment, context):
    values = dict(zip(FIELDS, environment))
    if context == "metadata":
        values["extra"] = environment[11]
    elif context == "lock_file":
        values["extras"], values["dependency_groups"] = frozenset(environment[12]), frozenset(environment[13])
    try:
        return "1" if m.evaluate(values, context) else "0"
    except UndefinedComparison:
        return "c"
    except UndefinedEnvironmentName:
        return "v"


def text_of(m):
    try:
        return str(m)
    except ValueError:  # both kinds of quotes
        return None


def markers(r, scale):
    yield ENVIRONMENTS
    for i in range(9000 * scale + len(FIXED_MARKERS)):
        text = FIXED_MARKERS[i] if i < len(FIXED_MARKERS) else marker(r)
        while i >= len(FIXED_MARKERS) and r.chance(16):
            text = mutate(r, text)
        try:
            m = Marker(text)
        except InvalidMarker:
            yield [text]
            continue
        yield [text, text_of(m), "".join(ask(m, e, c) for e in ENVIRONMENTS for c in CONTEXTS)]


FIXED_REQUIREMENTS = [
    "", " ", "a", " a ", "a\n", "a;", "a ;", "a; ", "a[]", "a[ ]", "a[x", "a[x]", "a[x,]", "a[,x]", "a[x y]", "a[x,,y]", "a[x][y]", "a()", "a( )", "a(>=1)", "a (>=1,<2)", "a(>=1", "a>=1)", "a[x](>=1)[y]",
    "a>=1,", "a>=1,,<2", "a,>=1", "a>=1 <2", "a 1", "a==", "a=1", "a===", "a=== ;os_name=='x'", "a===1.0,<2", "a===1.0, <2", "a===1.0 , <2", "a===x,<2", "a===x,y", "a=== ,<2", "a===x)", "a(===x)", "a===a b", "a==1.*,<2",
    "a>1.*", "a>=1+local", "a==1+local", "a~=1", "a~=1.0", "a@", "a@ ", "a@x", "a @ x", "a @ x;os_name=='a'", "a @ x ;os_name=='a'", "a @ x ; os_name=='a' ", "a @ x y", "a @ x ;", "a[x]@y", "a>=1@x", "a @ x >=1",
    "a-", "a.", "a_", "a-.", "a->=1", "a_>=1", "a\u00e9", "\u00e9", "a \u00e9", "a>=1;os_name=='x'", "a>=1 ; os_name=='x' or", "a>=1\u00a0", "a>=\u00a01", "a>=\n1", "a>=1\n", "a>=1;python_version<'3'#c", "a # c", "-e .", "./a", "a==1.0 --hash=x",
    "A.B-C_d[X.y,z_Z]>=1 , !=2;(os_name=='a')", "a<2,>=1,<2", "a==1,==1.0", "a~=1.0po\u017ft1", "name<=1;'3' in python_version and extra=='X_y'", "a @ git+https://example.org/x.git@v1#egg=a ; extra == 'A..B'",
]


def requirements(r, scale):
    for i in range(6500 * scale + len(FIXED_REQUIREMENTS)):
        text = FIXED_REQUIREMENTS[i] if i < len(FIXED_REQUIREMENTS) else requirement(r)
        while i >= len(FIXED_REQUIREMENTS) and r.chance(15):
            text = mutate(r, text)
        try:
            q = Requirement(text)
        except InvalidRequirement:
            yield [text]
            continue
        yield [text, q.name, sorted(q.extras), q.url or "", str(q.specifier), text_of(q.marker) if q.marker else "", text_of(q)]


FILES = [markers, requirements]


def main():
    wanted.require("packaging", packaging.__version__)
    warnings.simplefilter("ignore")  # unknown escapes
    vectors.run(__doc__, TESTDATA, 508, FILES)


if __name__ == "__main__":
    main()
