#!/usr/bin/env python3
"""Serves a site on the loopback and logs each request.

    python serve.py html|json FOLDER

With html a folder means its index.html, as with every server of files; with json
its index.json under the type of PEP 691.
"""

import functools, http.server, os, sys

FORM, FOLDER = sys.argv[1:]


class Handler(http.server.SimpleHTTPRequestHandler):
    def send_head(self):
        if FORM == "json" and self.path.endswith("/"):
            self.path += "index.json"
        return super().send_head()

    def guess_type(self, path):
        if os.path.basename(path) == "index.json":
            return "application/vnd.pypi.simple.v1+json"
        return super().guess_type(path)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=FOLDER))
print(f"Serving on http://127.0.0.1:{server.server_address[1]}", flush=True)
server.serve_forever()
