"""Where things are: the build, the data that is measured on, and what a run leaves behind."""
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("BENCH_BUILD", ROOT / "build/release"))
WORK = pathlib.Path(os.environ.get("BENCH_WORK", ROOT / "build/bench"))


def say(words):
    print(f"\033[1m==> {words}\033[0m", file=sys.stderr, flush=True)


def fail(words):
    sys.exit(f"bench: {words}")


def tool(name):
    path = BUILD / name
    if not path.exists():
        fail(f"{path} is not built")
    return str(path)


def run(*command, **options):
    """A command's output; its failure is ours."""
    done = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, text=True, **options)
    if done.returncode != 0:
        fail(f"{' '.join(map(str, command))}: exit status {done.returncode}")
    return done.stdout
