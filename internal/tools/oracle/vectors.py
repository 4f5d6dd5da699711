"""What the scripts share that ask for many answers and store them as vectors.

The answers depend on the seed and on the tool alone: random numbers come from a
small generator of our own, because the standard one may change between Python
releases. Files are compared by content after decompression, because compressed
bytes depend on the zlib in use.
"""
import argparse, gzip, json, pathlib, sys


class Random:
    """splitmix64: tiny, well known, the same everywhere."""

    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        self.state = (self.state + 0x9E3779B97F4A7C15) % 2**64
        z = self.state
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
        return (z ^ (z >> 31)) % n

    def chance(self, percent):
        return self.below(100) < percent

    def pick(self, items):
        return items[self.below(len(items))]


def run(about, testdata, seed, sources):
    """Write the lines of each source to a file of its name, or compare with it.

    A source is a function of a Random and a scale that yields what JSON can hold.
    """
    args = argparse.ArgumentParser(description=about.splitlines()[0])
    args.add_argument("--check", action="store_true", help="compare instead of writing")
    args.add_argument("--out", type=pathlib.Path, default=testdata)
    args.add_argument("--seed", type=int, default=seed)
    args.add_argument("--scale", type=int, default=1)
    args = args.parse_args()
    stale = []
    for index, source in enumerate(sources):
        lines = source(Random(args.seed * 1000 + index), args.scale)
        text = "".join(json.dumps(x, separators=(",", ":")) + "\n" for x in lines).encode()
        path = args.out / (source.__name__ + ".jsonl.gz")
        if args.check:
            if not path.exists() or gzip.decompress(path.read_bytes()) != text:
                stale.append(path.name)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(text, 9, mtime=0))
        print(f"{path.name}: {text.count(10)} lines, {path.stat().st_size} bytes")
    if stale:
        sys.exit("stale vectors: " + ", ".join(stale) + "; run generate.py without --check")
