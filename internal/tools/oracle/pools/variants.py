#!/usr/bin/env python3
"""Asks uv which file of a pool with variant wheels (PEP 825) it takes.

    python internal/tools/oracle/pools/variants.py --uv PATH [--check]

Each record of wheel/coverage/testdata/uv+variants.jsonl.gz is a pool of files of the
project "demo", the {name}-{version}-variants.json files with it, the Python, what the
machine offers as --variant takes it, and the file that uv took with
--preview-features wheel-variants. uv asks the machine it runs on: the pools need Linux
on x86-64 with glibc 2.28 or newer and a processor of level v3; what an NVIDIA driver
and GPU would say is forced with uv's own variables. The exit status is 3 elsewhere.
"""

import argparse, concurrent.futures, gzip, json, os, pathlib, platform, random, subprocess, sys, tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import generate

OUT = generate.OUT / "uv+variants.jsonl.gz"
COUNT = 400
TARGETS = [("3.11@manylinux_2_28_x86_64", "3.11"), ("3.12@manylinux_2_28_x86_64", "3.12")]
PLATFORMS = ["manylinux_2_17_x86_64", "manylinux_2_5_x86_64", "manylinux_2_28_x86_64", "manylinux_2_99_x86_64", "musllinux_1_2_x86_64", "win_amd64"]
VERSIONS = ["1.0", "1.0", "1.1", "2.0", "2.0rc1"]
SCHEMAS = ["https://variants-schema.wheelnext.dev/peps/850/v0.2.0.json", "https://variants-schema.wheelnext.dev/peps/825/v0.1.1.json"]

# What the machine says, and the variables that make uv believe it.
MACHINES = [
    (["x86_64::level=v3"], {}),
    (["x86_64::level=v3", "nvidia::cuda=12.9", "nvidia::sm=8.9"], {"NV_VARIANT_PROVIDER_FORCE_CUDA_DRIVER_VERSION": "12.9", "NV_VARIANT_PROVIDER_FORCE_SM_ARCH": "8.9"}),
    (["x86_64::level=v3", "nvidia::cuda=13.0", "nvidia::sm=12.0"], {"NV_VARIANT_PROVIDER_FORCE_CUDA_DRIVER_VERSION": "13.0", "NV_VARIANT_PROVIDER_FORCE_SM_ARCH": "12.0"}),
]

PROVIDERS = {
    "x86_64": {"requires": ["x86-64-variant-provider"]},
    "nvidia": {"requires": ["nvidia-variant-provider"], "plugin-api": "nvidia_variant_provider.plugin:NvidiaVariantPlugin"},
    "blas": {"static-properties": {"library": ["mkl", "openblas"], "threads": ["on", "off"]}, "feature-order": ["threads", "library"]},
    "lib": {"static-properties": {"kind": ["b", "a"]}},
    "other": {"requires": ["other-variant-provider"]},
}
VALUES = {
    "x86_64": {"level": ["v1", "v2", "v3", "v3", "v9"], "avx2": ["on"]},
    "nvidia": {"cuda_version_lower_bound": ["11.8", "12", "12.0", "12.8", "13.0", "13.1"], "cuda_version_upper_bound": ["12.9", "13", "13.1", "14.0"], "sm_arch": ["80_real", "86_real", "89_real", "90_real", "120_real", "80_virtual", "120_virtual"]},
    "blas": {"library": ["mkl", "openblas", "blis"], "threads": ["on", "off"]},
    "lib": {"kind": ["a", "b", "c"]},
    "other": {"thing": ["on"]},
}


def properties(rng, namespaces):
    """The properties of one variant: of one to three features."""
    out = {}
    for _ in range(rng.randint(1, 3)):
        namespace = rng.choice(namespaces)
        feature = rng.choices(list(VALUES[namespace]), weights=[4 if i == 0 else 1 for i in range(len(VALUES[namespace]))])[0]
        values = VALUES[namespace][feature]
        out.setdefault(namespace, {})[feature] = sorted(set(rng.choice(values) for _ in range(rng.choice([1, 1, 1, 2, 3]))))
    return out


def provider(rng, namespace):
    """A provider, sometimes one that uv does not ask."""
    p = json.loads(json.dumps(PROVIDERS[namespace]))
    odd = rng.random()
    if odd < 0.05:
        p["optional"] = True
    elif odd < 0.08:
        p = {"builtin": "something"}
    elif odd < 0.11 and "requires" in p:
        p["requires"].append("helper")
    elif odd < 0.14 and "requires" in p:
        p["plugin-api"] = "another.plugin:Plugin"
    elif odd < 0.17 and "requires" in p:
        p["requires"] = [p["requires"][0].replace("-", "_").upper() + ">=0.0.1"]
    return p


def metadata(rng, labels):
    """The variants.json of a release, sometimes one that is wrong."""
    namespaces = rng.sample(list(VALUES), rng.randint(1, 4))
    variants = {label: {} if label == "null" else properties(rng, namespaces) for label in labels}
    doc = {"$schema": rng.choice(SCHEMAS[:1] * 4 + SCHEMAS), "default-priorities": {"namespace": namespaces}, "variants": variants}
    if rng.random() < 0.93:
        doc["providers"] = {namespace: provider(rng, namespace) for namespace in namespaces}
    wrong = rng.random()
    if wrong < 0.02:
        del doc["default-priorities"]
    elif wrong < 0.04:
        variants.pop(next(iter(variants)))
    elif wrong < 0.06:
        doc["extra"] = True
    elif wrong < 0.07:
        doc["$schema"] = "https://example.org/v9.0.0.json"
    elif wrong < 0.08 and "providers" in doc:
        doc["providers"].popitem()
    elif wrong < 0.09:
        variants["empty"] = {namespaces[0]: {"feature": []}}
    return json.dumps(doc)


def wheel_name(rng, python, version, labels):
    nodot = python.replace(".", "")
    interpreter, abi = rng.choice([(f"cp{nodot}", f"cp{nodot}"), (f"cp{nodot}", f"cp{nodot}"), ("cp39", "abi3"), ("py3", "none"), ("cp310", "cp310")])
    tag = rng.choice(PLATFORMS[:3] * 3 + PLATFORMS + (["any"] * 3 if abi == "none" else []))
    build = rng.choice(["", "", "", "-1", "-2"])
    label = rng.choice([""] + ["-" + label for label in labels] * 2)
    return f"demo-{version}{build}-{interpreter}-{abi}-{tag}{label}.whl"


def pools():
    rng = random.Random("pools/uv+variants")
    for _ in range(COUNT):
        target, python = rng.choice(TARGETS)
        machine, env = rng.choice(MACHINES)
        files, jsons = {}, {}
        for version in sorted(set(rng.choice(VERSIONS) for _ in range(rng.randint(1, 2)))):
            labels = rng.sample(["a", "b", "c.1", "d_2", "x86_64_v3", "null"], rng.randint(1, 4))
            for _ in range(rng.randint(1, 7)):
                files[wheel_name(rng, python, version, labels)] = {"requires": rng.choice([None] * 5 + [">=3.8", ">=3.12"]), "yanked": rng.random() < 0.06}
            if rng.random() < 0.12:
                files[f"demo-{version}.tar.gz"] = {"requires": None, "yanked": False}
            if rng.random() < 0.92:
                jsons[f"demo-{version}-variants.json"] = metadata(rng, labels)
        files = [{"name": name, **about} for name, about in files.items()]
        rng.shuffle(files)
        yield {"target": target, "variants": machine, "files": files, "metadata": jsons, "pinned": rng.choice([None, None, None, "1.0"])}, python, env


class UV(generate.UV):
    """uv with its preview feature, on this machine."""

    def ask_here(self, folder, pool, python, env):
        page = generate.write_files(folder, pool)
        links = ""
        for name, text in pool["metadata"].items():
            (folder / name).write_text(text)
            links += f'<a href="{name}">{name}</a>\n'
        page.write_text(page.read_text().replace("</body>", links + "</body>"))
        url = f"{self.url}{folder.name}/"
        args = [self.binary, "pip", "install", "--dry-run", "-v", "--no-config", "--python-version", python, "--default-index", url, "--no-deps", "--no-cache",
                "--target", str(folder / "out"), "--preview-features", "wheel-variants", "demo" + (f"=={pool['pinned']}" if pool["pinned"] else "")]
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("UV_", "NV_VARIANT", "TPU_"))}
        out = subprocess.run(args, capture_output=True, text=True, env={**clean, **env}).stderr
        if " + demo==" not in out:
            return None
        return generate.re.findall(r"Selecting: demo==\S+ \[[^\]]*\] \(([^)]*)\)", out)[-1]

    def place(self, path):
        """The file behind a request: /simple/FOLDER/demo/ is the page of a pool."""
        parts = [p for p in path.split("?")[0].split("/") if p]
        name = "page.html" if parts[-1] == "demo" else parts[-1].replace("%2B", "+")
        return str(self.root / parts[1] / name)


def fit():
    """Why the pools cannot be asked here, or None."""
    try:
        flags = next(line for line in open("/proc/cpuinfo") if line.startswith("flags")).split()
    except (OSError, StopIteration):
        return "no /proc/cpuinfo of an x86 processor"
    libc = platform.libc_ver()
    if libc[0] != "glibc" or tuple(map(int, libc[1].split("."))) < (2, 28):
        return "glibc 2.28 or newer is needed"
    if not {"avx2", "bmi1", "bmi2", "fma", "movbe", "f16c"} <= set(flags):
        return "a processor of level x86-64-v3 is needed"
    return "there is an NVIDIA driver" if pathlib.Path("/proc/driver/nvidia").exists() else None


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--uv", required=True, help="the uv program")
    ap.add_argument("--check", action="store_true", help="compare with the committed file, write nothing")
    args = ap.parse_args()
    if why := fit():
        print(f"{OUT.name}: not asked: {why}")
        return 3
    tool = UV(args.uv)
    with tempfile.TemporaryDirectory() as root, concurrent.futures.ThreadPoolExecutor(4) as workers:
        tool.root = pathlib.Path(root)

        def answer(numbered):
            number, (pool, python, env) = numbered
            folder = tool.root / str(number)
            folder.mkdir()
            pool["file"] = tool.ask_here(folder, pool, python, env)
            return json.dumps(pool)

        records = list(workers.map(answer, enumerate(pools())))
    text = "\n".join(records) + "\n"
    if args.check:
        same = gzip.decompress(OUT.read_bytes()).decode() == text
        print(f"{OUT.name}: {'as committed' if same else 'differs'}")
        return 0 if same else 1
    OUT.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    taken = [json.loads(r)["file"] for r in records]
    print(f"{OUT.name}: {len(records)} pools, {sum(t is not None for t in taken)} with an answer")
    return 0


if __name__ == "__main__":
    sys.exit(main())
