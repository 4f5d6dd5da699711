#!/usr/bin/env python3
"""Asks Poetry and PDM what they install from generated lock files.

    VENV/bin/python internal/tools/oracle/locks/generate.py poetry    # Poetry 1.8.5 installed there
    VENV/bin/python internal/tools/oracle/locks/generate.py poetry@2  # Poetry 2.5.1
    VENV/bin/python internal/tools/oracle/locks/generate.py pdm       # PDM 2.29.4
    VENV/bin/python internal/tools/oracle/locks/generate.py pdm --check

Each record of wheel/lockfile/testdata/NAME.jsonl.gz is a pyproject.toml, a lock file
of the versions that do not say which packages a project needs, an environment, the
extras and groups that were chosen, and the packages that the tool would install. The
projects are the same every time. Nothing is installed and nothing is fetched: Poetry's
Installer and PDM's resolver are given a described environment and all they need.
"""

import argparse, contextlib, gzip, hashlib, io, json, os, pathlib, random, sys, tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import wanted

OUT = HERE.parents[3] / "wheel/lockfile/testdata"
COUNT = 220
ENVIRONMENTS = [("3.9.18", "linux"), ("3.11.9", "win32"), ("3.12.4", "darwin"), ("3.13.1", "linux")]
MARKERS = [
    None, None, None, None, 'sys_platform == "win32"', 'sys_platform != "win32"', 'sys_platform == "darwin"',
    'python_version < "3.11"', 'python_version >= "3.11"', 'python_full_version >= "3.12.2"',
    'sys_platform == "linux" and python_version < "3.13"', 'sys_platform == "win32" or python_version >= "3.12"',
]


def project(rng):
    """Packages with their dependencies and extras, and what the project requires."""
    names = [f"p{n}" for n in range(rng.randint(3, 12))]
    packages = []
    for at, name in enumerate(names):
        versions = [("1.0", ">=3.7")]
        if rng.random() < 0.15:
            versions = [("1.0", "<3.11"), ("2.0", ">=3.11")] if rng.random() < 0.5 else [("1.0", ">=3.7"), ("2.0", ">=3.10")]
        later = names[at + 1:]
        deps = [{"name": n, "marker": rng.choice(MARKERS), "extra": None} for n in later if rng.random() < 0.3]
        if rng.random() < 0.1 and at > 0:
            deps.append({"name": names[rng.randrange(at)], "marker": None, "extra": None})  # a circle
        extras = {}
        for n in later:
            if rng.random() < 0.12 and not any(d["name"] == n for d in deps):
                extras.setdefault("x", []).append(n)
                deps.append({"name": n, "marker": None, "extra": "x"})
        packages.append({"name": name, "versions": versions, "deps": deps, "extras": extras})
    with_extra = {p["name"] for p in packages if p["extras"]}
    for p in packages:
        for d in p["deps"]:
            d["extras"] = ["x"] if d["name"] in with_extra and rng.random() < 0.6 else []
    roots = []
    for name in names:
        if rng.random() < 0.4 or name == names[0]:
            where = rng.choice(["main", "main", "main", "dev", "docs", "web"])
            roots.append({"name": name, "marker": rng.choice(MARKERS), "where": where,
                          "extras": ["x"] if name in with_extra and rng.random() < 0.6 else []})
    return packages, roots


def quote(text):
    return json.dumps(text)


def hashed(name, version):
    file = f"{name}-{version}-py3-none-any.whl"
    return "{file = %s, hash = \"sha256:%s\"}" % (quote(file), hashlib.sha256(file.encode()).hexdigest())


def needed(packages, roots):
    """All packages that some requirement leads to, whatever the markers."""
    by_name = {p["name"]: p for p in packages}
    seen, queue = set(), [(r["name"], r["extras"]) for r in roots]
    names = set()
    while queue:
        name, extras = queue.pop()
        for extra in [None] + extras:
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            names.add(name)
            for d in by_name[name]["deps"]:
                if d["extra"] == extra:
                    queue.append((d["name"], d["extras"]))
    return names, seen


# Poetry.

def poetry_value(marker, extras, optional=False, version="*"):
    parts = [f"version = {quote(version)}"]
    if extras:
        parts.append(f"extras = {json.dumps(extras)}")
    if optional:
        parts.append("optional = true")
    if marker:
        parts.append(f"markers = {quote(marker)}")
    return "{" + ", ".join(parts) + "}"


def poetry_texts(packages, roots, version, content_hash):
    lines = ["[tool.poetry]", 'name = "demo"', 'version = "1"', 'description = ""', "authors = []", "package-mode = false" if version == "2.0" else "",
             "[tool.poetry.dependencies]", 'python = ">=3.8"']
    extras = [r["name"] for r in roots if r["where"] == "web"]
    for r in roots:
        if r["where"] in ("main", "web"):
            lines.append(f"{r['name']} = {poetry_value(r['marker'], r['extras'], r['where'] == 'web')}")
    dev = "[tool.poetry.dev-dependencies]" if version == "1.1" else "[tool.poetry.group.dev.dependencies]"
    for where, head in [("dev", dev), ("docs", "[tool.poetry.group.docs]\noptional = true\n[tool.poetry.group.docs.dependencies]")]:
        mine = [r for r in roots if r["where"] == where]
        if mine:
            lines.append(head)
            lines += [f"{r['name']} = {poetry_value(r['marker'], r['extras'])}" for r in mine]
    if extras:
        lines += ["[tool.poetry.extras]", f"web = {json.dumps(extras)}"]
    pyproject = "\n".join(lines) + "\n"

    always, _ = needed(packages, [r for r in roots if r["where"] != "web"])
    ever, _ = needed(packages, roots)
    lines, files = [], []
    for p in packages:
        if p["name"] not in ever:
            continue
        for number, python in p["versions"]:
            lines += ["[[package]]", f"name = {quote(p['name'])}", f"version = {quote(number)}", 'description = ""',
                      f"optional = {'false' if p['name'] in always else 'true'}", f"python-versions = {quote(python)}"]
            if version == "1.1":
                lines.append(f"category = {quote('main' if p['name'] in always else 'main')}")
            else:
                lines.append(f"files = [{hashed(p['name'], number)}]")
            deps = [d for d in p["deps"] if d["name"] in ever]
            if deps:
                lines.append("[package.dependencies]")
                for d in deps:
                    marker = d["marker"]
                    if d["extra"]:
                        marker = f'extra == "{d["extra"]}"'
                    lines.append(f"{d['name']} = {poetry_value(marker, d['extras'], d['extra'] is not None)}")
            if p["extras"]:
                lines.append("[package.extras]")
                lines += [f"{extra} = {json.dumps(names)}" for extra, names in p["extras"].items()]
        files.append((p["name"], [hashed(p["name"], number) for number, _ in p["versions"]]))
    if extras:
        lines += ["[extras]", f"web = {json.dumps(extras)}"]
    lines += ["[metadata]", f"lock-version = {quote(version)}", 'python-versions = ">=3.8"', f"content-hash = {quote(content_hash)}"]
    if version == "1.1":
        lines.append("[metadata.files]")
        lines += [f"{name} = [{', '.join(list_)}]" for name, list_ in files]
    return pyproject, "\n".join(lines) + "\n"


def ask_poetry(packages, roots, environment, extras, groups, version):
    import poetry.__version__
    from cleo.io.null_io import NullIO
    from poetry.config.config import Config
    from poetry.factory import Factory
    from poetry.installation.installer import Installer
    from poetry.repositories import Repository, RepositoryPool
    from poetry.repositories.installed_repository import InstalledRepository
    from poetry.utils.env import MockEnv

    class Recorder:
        enabled, removals_count, installations_count, updates_count = True, 0, 0, 0

        def __init__(self):
            self.operations = []

        def verbose(self, *_): return self
        def dry_run(self, *_): return self
        def disable(self): return self

        def execute(self, operations):
            self.operations = list(operations)
            return 0

    python, platform = environment
    with tempfile.TemporaryDirectory() as directory:
        home = pathlib.Path(directory)
        pyproject, _ = poetry_texts(packages, roots, version, "")
        (home / "pyproject.toml").write_text(pyproject)
        content_hash = Factory().create_poetry(home).locker._get_content_hash()
        pyproject, lock = poetry_texts(packages, roots, version, content_hash)
        (home / "poetry.lock").write_text(lock)
        made = Factory().create_poetry(home)
        numbers = tuple(int(n) for n in python.split("."))
        marker_env = {
            "implementation_name": "cpython", "implementation_version": python, "os_name": "nt" if platform == "win32" else "posix",
            "platform_machine": "x86_64", "platform_release": "", "platform_system": {"linux": "Linux", "win32": "Windows", "darwin": "Darwin"}[platform],
            "platform_version": "", "python_full_version": python, "platform_python_implementation": "CPython",
            "python_version": ".".join(python.split(".")[:2]), "sys_platform": platform, "version_info": numbers + ("final", 0),
            "interpreter_name": "cp", "interpreter_version": "".join(python.split(".")[:2]),
        }
        env = MockEnv(version_info=numbers, platform=platform, os_name=marker_env["os_name"], marker_env=marker_env, path=home)
        recorder = Recorder()
        # Without a pool of its own Poetry would offer the index of the Python world.
        installer = Installer(NullIO(), env, made.package, made.locker, RepositoryPool([Repository("none")]), Config(), installed=InstalledRepository(), executor=recorder)
        installer.extras(extras)
        chosen = ["main", "dev"] + groups
        installer.only_groups([g for g in chosen if g in made.package.dependency_group_names(include_optional=True)])
        status = installer.run()
        if status:
            raise RuntimeError(f"status {status}")
        installed = sorted(f"{o.package.name}=={o.package.version}" for o in recorder.operations if o.job_type == "install" and not o.skipped)
    return pyproject, lock, installed


# PDM.

def pdm_texts(packages, roots):
    def specifier(r):
        extras = f"[{','.join(r['extras'])}]" if r["extras"] else ""
        return r["name"] + extras + (f"; {r['marker']}" if r["marker"] else "")

    def listed(where):
        return json.dumps([specifier(r) for r in roots if r["where"] == where])

    pyproject = f"""[project]
name = "demo"
version = "1"
requires-python = ">=3.8"
dependencies = {listed("main")}
[project.optional-dependencies]
web = {listed("web")}
docs = {listed("docs")}
[tool.pdm]
distribution = false
[tool.pdm.dev-dependencies]
dev = {listed("dev")}
"""
    ever, visits = needed(packages, roots)
    lines = []
    for p in packages:
        if p["name"] not in ever:
            continue
        for number, python in p["versions"]:
            for extra in [None] + sorted(p["extras"]):
                if (p["name"], extra) not in visits and extra is not None:
                    continue
                deps = [specifier(d) for d in p["deps"] if d["extra"] == extra]
                if extra is not None:
                    deps.insert(0, f"{p['name']}=={number}")
                lines += ["[[package]]", f"name = {quote(p['name'])}", f"version = {quote(number)}"]
                if extra is not None:
                    lines.append(f"extras = {json.dumps([extra])}")
                lines += [f"requires_python = {quote(python)}", 'summary = ""']
                if deps:
                    lines.append(f"dependencies = {json.dumps(deps)}")
                lines.append(f"files = [{hashed(p['name'], number)}]")
    head = """[metadata]
groups = ["default", "dev", "docs", "web"]
strategy = ["cross_platform"]
lock_version = "4.4"
content_hash = "sha256:00"
"""
    return pyproject, head + "\n".join(lines) + "\n"


def ask_pdm(packages, roots, environment, extras, groups, _):
    from dep_logic.tags import EnvSpec
    from pdm.cli.actions import resolve_from_lockfile
    from pdm.core import Core

    python, platform = environment
    pyproject, lock = pdm_texts(packages, roots)
    with tempfile.TemporaryDirectory() as directory, contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
        home = pathlib.Path(directory)
        (home / "pyproject.toml").write_text(pyproject)
        (home / "pdm.lock").write_text(lock)
        os.environ["PDM_CHECK_UPDATE"] = "0"
        made = Core().create_project(directory, global_config=str(home / "config.toml"))
        made.project_config["python.use_venv"] = False
        made._saved_python = sys.executable
        spec = EnvSpec.from_spec(f"=={python}", {"linux": "manylinux_2_28_x86_64", "win32": "windows_amd64", "darwin": "macos_14_0_arm64"}[platform], "cpython")
        requirements = []
        for group in ["default", "dev"] + extras + groups:
            requirements += made.get_dependencies(group)
        found = resolve_from_lockfile(made, requirements, env_spec=spec)
        installed = sorted({f"{c.candidate.name}=={c.candidate.version.lstrip('=')}" for c in found})
    return pyproject, lock, installed


TOOLS = {"poetry": ("poetry", ask_poetry), "poetry@2": ("poetry", ask_poetry), "pdm": ("pdm", ask_pdm)}


def records(name):
    rng = random.Random("locks/" + name)
    made = 0
    refused = 0
    while made < COUNT:
        packages, roots = project(rng)
        environment = rng.choice(ENVIRONMENTS)
        where = {r["where"] for r in roots}
        extras = ["web"] if "web" in where and rng.random() < 0.5 else []
        groups = ["docs"] if "docs" in where and rng.random() < 0.5 else []
        version = rng.choice(["1.1", "2.0"])
        try:
            pyproject, lock, installed = TOOLS[name][1](packages, roots, environment, extras, groups, version)
        except Exception as error:  # no solution, as with p1 1.0 on a Python that only 2.0 is for
            refused += 1
            if refused > 3 * COUNT:
                raise
            if os.environ.get("LOCKS_DEBUG"):
                print(type(error), str(error)[:300], file=sys.stderr)
            continue
        made += 1
        yield {"project": pyproject, "lock": lock, "python": environment[0], "platform": environment[1], "extras": extras, "groups": groups, "installed": installed}
    print(f"{name}: {made} projects, {refused} without an answer", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tool", choices=sorted(TOOLS))
    parser.add_argument("--check", action="store_true", help="compare with what is recorded")
    args = parser.parse_args()
    import importlib.metadata
    wanted.require(args.tool, importlib.metadata.version(TOOLS[args.tool][0]))
    text = "".join(json.dumps(r) + "\n" for r in records(args.tool))
    path = OUT / (args.tool.replace("@", "-") + "-install.jsonl.gz")
    if args.check:
        if gzip.decompress(path.read_bytes()).decode() != text:
            sys.exit(f"{path.name} is not what {args.tool} answers")
        return
    path.parent.mkdir(exist_ok=True)
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as f:
        f.write(text.encode())
    path.write_bytes(buffer.getvalue())


main()
