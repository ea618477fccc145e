"""The examiner's pack: one zip that can be read and checked with nothing else (`docs/spec/pack.md`)."""

from fairwitness.produce.formats.pack.build import Made, build_pack

__all__ = ["Made", "build_pack"]
