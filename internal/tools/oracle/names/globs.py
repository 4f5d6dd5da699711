#!/usr/bin/env python3
"""Records which texts patterns of fnmatch fit, for the test of pystr.Glob: writes
internal/pystr/testdata/globs.jsonl, or compares it with --check."""

import fnmatch, json, pathlib, random, sys
rng = random.Random(411)
atoms = ["lib","foo",".so",".1",".","*","?","[","]","!","-","[0-9]","[!a-c]","[]]","[!]]","[a-]","[-a]","[z-a]","[a-c-e]","/","cu","da","1","2","[^a]","\\","[&&]","[a--b]","é","[]","[!]","^","$","(","+"]
names = ["lib","foo",".so",".1",".","cu","da","/","1","2","a","b","c","]","[","-","!","^","\\","é","&","$","(","+"]
rows, seen, yes = [], set(), 0
while len(rows) < 900:
    p="".join(rng.choice(atoms) for _ in range(rng.randint(1,5)))
    if rng.random()<0.6:
        # a name near the pattern
        n=""
        for ch in p:
            n += rng.choice(["",rng.choice(names)]) if ch=="*" else (rng.choice("abc1.-]") if ch=="?" else ch)
        n=n.replace("[","",rng.randint(0,1)).replace("]","",rng.randint(0,1))
        if rng.random()<.5: n=n.replace("0-9","7").replace("!a-c","x").replace("a-c-e","b").replace("^a","a")
    else:
        n="".join(rng.choice(names) for _ in range(rng.randint(0,5)))
    if (p,n) in seen: continue
    m=fnmatch.fnmatchcase(n,p)
    if not m and len(rows)-yes>450: continue
    seen.add((p,n)); yes+=m
    rows.append((p,n,m))

out = pathlib.Path(__file__).resolve().parents[4] / "internal/pystr/testdata/globs.jsonl"
text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
if "--check" in sys.argv:
    sys.exit(out.read_text() != text)
out.write_text(text)
