"""The README's commands and the image's steps, in an empty folder. Installing takes a minute: marked slow."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def run(*argv, cwd, **env):
    keep = {
        name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG") or name.startswith("PIP_")
    }
    return subprocess.run(argv, cwd=cwd, env=keep | env, capture_output=True, text=True, timeout=900, check=False)


def test_the_image_has_no_secrets_and_does_not_run_as_root():
    text = (ROOT / "Dockerfile").read_text()
    assert "USER sayso" in text
    assert "VOLUME /data" in text
    assert "HEALTHCHECK" in text
    assert not re.search(r"(TOKEN|KEY|SECRET)\s*=", text)
    assert "--require-hashes" in text


def test_what_the_image_copies_is_there_and_not_ignored():
    allowed = (ROOT / ".dockerignore").read_text().splitlines()
    for line in (ROOT / "Dockerfile").read_text().splitlines():
        if line.startswith("COPY") and "--from" not in line:
            for source in line.split()[1:-1]:
                assert (ROOT / source).exists()
                assert f"!{source}" in allowed


@pytest.mark.slow
def test_the_same_install_and_start_steps_in_an_empty_folder(tmp_path):
    for name in ("requirements.lock", "pyproject.toml", "README.md", "strategy_dsl", "runtime", "migrations", "bot"):
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, tmp_path / name)
    python = str(tmp_path / "venv" / "bin" / "python")
    steps = (
        ("python3", "-m", "venv", str(tmp_path / "venv")),
        (python, "-m", "pip", "install", "-q", "--require-hashes", "-r", "requirements.lock"),
        (python, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "."),
    )
    for step in steps:
        done = run(*step, cwd=tmp_path)
        assert done.returncode == 0, done.stderr[-2000:]
    data = tmp_path / "data"
    data.mkdir()
    sayso = str(tmp_path / "venv" / "bin" / "sayso")
    assert run(sayso, "doctor", "--json", cwd=data, SAYSO_DATA_DIR=str(data)).returncode == 0
    refused = run(sayso, "bot", cwd=data, SAYSO_DATA_DIR=str(data))
    assert refused.returncode == 3
    assert "TELEGRAM_BOT_TOKEN" in refused.stderr
    talked = subprocess.run(
        [sayso, "chat"], input="buy BTC when RSI drops below 30, stop 3%\nquit\n", cwd=data, capture_output=True, text=True,
        timeout=420, check=False, env={"PATH": os.environ["PATH"], "SAYSO_DATA_DIR": str(data)},
    )  # fmt: skip
    assert talked.returncode == 0, talked.stderr
    assert "this is what I understood" in talked.stdout


def test_the_readme_names_only_what_is_there():
    readme = (ROOT / "README.md").read_text("utf-8")
    for link in re.findall(r"\]\(([^)h][^)]*)\)", readme):
        assert (ROOT / link).exists(), link
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    for target in re.findall(r"(?:^|`)make ([a-z-]+)", readme, re.M):
        assert target in targets, target
