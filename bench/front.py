"""What stands before the web server in production: TLS, HTTP/2 and connections that are kept.

nginx with the product's own deploy/nginx.conf where this machine has it; otherwise a stand-in of a page of Node (front.mjs).
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import ground
from community_solutions.local import HOME, ROOT

FOLDER = HOME / "front"
OFFSET = 40  # the proxy's port lies so far above the web server's


@contextmanager
def before(port: int) -> Iterator[tuple[str, str]]:
    """Where the pages of the server at `port` are reached through a proxy, and what that proxy is."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    _certificate()
    here = port + OFFSET
    program = _nginx()
    if program:
        line, what = _nginx_line(program, port, here), "nginx with deploy/nginx.conf"
    else:
        line, what = ["node", str(ROOT / "bench/front.mjs"), str(here), str(port), str(FOLDER)], "a stand-in for nginx"
    with (FOLDER / "log").open("ab") as log:
        process = subprocess.Popen(line, cwd=FOLDER, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        ground.wait_for_door("127.0.0.1", here, process)
        yield f"https://127.0.0.1:{here}", what
    finally:
        ground.stop_plain(process)


def _nginx() -> str | None:
    return shutil.which("nginx", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))


def _nginx_line(program: str, port: int, here: int) -> list[str]:
    """nginx in the foreground."""
    conf = FOLDER / "nginx.conf"
    conf.write_text(configuration(port, here, Path(program)), encoding="utf-8")
    also = "daemon off;" + (" user root;" if os.geteuid() == 0 else "")
    return [program, "-p", str(FOLDER), "-c", str(conf), "-g", also]


def configuration(port: int, here: int, program: Path) -> str:
    """The configuration of an installation, brought to this machine's places."""
    text = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    beside = program.parents[2] / "etc/nginx/mime.types"
    types = beside if beside.exists() else Path("/etc/nginx/mime.types")
    table = {
        "web:8000": f"127.0.0.1:{port}",
        "listen 8443": f"listen 127.0.0.1:{here}",
        "listen 8080": f"listen 127.0.0.1:{here + 1}",
        "/run/secrets/": f"{FOLDER}/",
        "/tmp/": f"{FOLDER}/",
        "/etc/nginx/mime.types": str(types),
    }
    for theirs, ours in table.items():
        text = text.replace(theirs, ours)
    return text


def _certificate() -> None:
    """A certificate of this machine's own for a month; the browser of the bench is told not to ask who signed it."""
    key, certificate = FOLDER / "tls_key", FOLDER / "tls_certificate"
    fresh = ["openssl", "x509", "-in", str(certificate), "-noout", "-checkend", "86400"]
    if certificate.exists() and not subprocess.run(fresh, capture_output=True).returncode:
        return
    line = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"]
    line += ["-days", "30", "-subj", "/CN=127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(line, check=True, capture_output=True)
