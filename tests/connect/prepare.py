"""What the browser tests need beside Python: Debian's Chromium, and the npm package of the link SDK.

`make test` runs this. What can't be had is said, and its tests are skipped.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from base64 import b64encode
from pathlib import Path

SDK_NAME, SDK_VERSION = "@truto/truto-link-sdk", "1.1.30"
SDK_INTEGRITY = "sha512-E4R+QCX7Uu2tuU/Q7BOPGJidWJcB213OHp9u1LKvqAXjDnpzUjRtCEisHWOiu//6anWnkgn1FFJfzOWx8Vv+bQ=="
SDK = Path(sys.prefix) / "truto-link-sdk" / SDK_VERSION / "main.js"


def chromium() -> str | None:
    """The browser's program, if there is one."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def install_chromium() -> str | None:
    """Install the browser where that is possible; else why the browser tests will be skipped."""
    if chromium() is not None:
        return None
    command = "apt-get update && apt-get install --yes --no-install-recommends chromium"
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        return f"there is no Chromium: install it (as root, on Debian: {command})"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    return None if done.returncode == 0 else f"Chromium can't be installed: {done.stderr.strip()[-200:]}"


def install_sdk() -> str | None:
    """Fetch the SDK, exactly the one that is known; else why its test will be skipped."""
    if SDK.is_file():
        return None
    if shutil.which("npm") is None:
        return f"there is no npm to fetch {SDK_NAME} with"
    with tempfile.TemporaryDirectory() as folder:
        package = f"{SDK_NAME}@{SDK_VERSION}"
        command = ["npm", "pack", "--silent", "--pack-destination", folder, package]
        if subprocess.run(command, capture_output=True, check=False, timeout=120).returncode != 0:
            return f"npm can't fetch {package}"
        archive = next(Path(folder).glob("*.tgz"))
        found = "sha512-" + b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if found != SDK_INTEGRITY:
            return f"{package} is not what it was: {found}"
        with tarfile.open(archive) as files:
            script = files.extractfile("package/dist/main.js")
            assert script is not None
            SDK.parent.mkdir(parents=True, exist_ok=True)
            SDK.write_bytes(script.read())
    return None


if __name__ == "__main__":
    troubles = [trouble for trouble in (install_chromium(), install_sdk()) if trouble is not None]
    for trouble in troubles:
        sys.stdout.write(f"Some browser tests will be skipped: {trouble}.\n")
    sys.exit(bool(troubles))
