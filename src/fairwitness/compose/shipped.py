"""What comes with Fairwitness as files: policy packs, and the source of the verifier."""

from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from fairwitness.model.custody import PolicyFile


def verifier_sources() -> dict[str, str]:
    """The source of each module of the verifier, which is handed over and never imported."""
    spec = find_spec("fairwitness_verify")
    assert spec is not None
    assert spec.origin is not None
    return {file.stem: file.read_text("utf-8") for file in sorted(Path(spec.origin).parent.glob("*.py"))}


def shipped_policies() -> list[PolicyFile]:
    """The policy packs that come with Fairwitness, in order of their paths."""
    root = files("fairwitness").joinpath("packs")
    found = [
        PolicyFile(f"{pack.name}/{file.name}", file.read_text("utf-8"))
        for pack in root.iterdir()
        if pack.is_dir()
        for file in pack.iterdir()
        if file.name.endswith(".yaml")
    ]
    return sorted(found, key=lambda file: file.path)
