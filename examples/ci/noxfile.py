"""nox -s audit"""

import nox


@nox.session
def audit(session: nox.Session) -> None:
    session.install("build")
    dist = session.create_tmp()
    session.run("python", "-m", "build", "--outdir", dist)
    session.run("wheeltag", "audit", dist, external=True)
