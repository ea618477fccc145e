"""Steps 4 to 6: the manifests that the custody log names, and the bytes that they name."""

from __future__ import annotations

from hashlib import sha256

from fairwitness_verify.folder import Folder
from fairwitness_verify.listing import CUSTODY, Log
from fairwitness_verify.notes import Broken
from fairwitness_verify.report import Fault, Report, ranges
from fairwitness_verify.tree import BUNDLE, WIDTH, path_of
from fairwitness_verify.values import BLOCK, Manifest, read_manifest

_LARGEST = 16 * 1024 * 1024


class Segments:
    """Checks segments against `refs`: the manifest hashes that the custody log names, with its entries.

    `damaged` says that the custody log could not be read whole. `young` counts the faults
    that a record shows for a moment while a segment is being sealed.
    """

    def __init__(self, folder: Folder, report: Report, refs: dict[str, int], *, damaged: bool) -> None:
        self._folder, self._report, self._refs, self._damaged = folder, report, refs, damaged
        self._matched: set[str] = set()
        self._suspects = 0
        self.young = 0

    def check(self, log: Log) -> None:
        """Check every segment of a log."""
        for span, file in sorted(log.manifests.items()):
            try:
                manifest = self._read_manifest(log, span, file)
            except Broken as error:
                self._suspects += 1
                self._report.add(Fault(str(error), file, log.name, *span))
            else:
                self._check_parquet(log, manifest)
        for span in sorted(set(log.parquets) - set(log.manifests)):
            self._suspects += 1
            what = "is missing, so that nothing vouches for the segment beside it"
            self._report.add(Fault(what, log.parquets[span][: -len("parquet")] + "json", log.name, *span))
        self._check_spans(log)

    def _read_manifest(self, log: Log, span: tuple[int, int], file: str) -> Manifest:
        # The hash comes first: what the custody log does not name is not believed. Where that log
        # is damaged itself, the segment is still held against the manifest that is there.
        data = self._folder.read(file, _LARGEST)
        digest = sha256(data).hexdigest()
        if digest in self._refs:
            self._matched.add(digest)
        elif self._damaged:
            self._suspects += 1
            what = "is not named by the custody log, of which a part is damaged"
            self._report.add(Fault(what, file, log.name, *span))
        else:
            self.young += 1
            what = "is not the manifest of any segment that the custody log names"
            raise Broken(f"{what}: the file beside it was not checked")
        manifest = read_manifest(data)
        name = file.rpartition("/")[2][: -len("json")] + "parquet"
        if (manifest.log, manifest.first, manifest.last, manifest.file) != (log.origin, *span, name):
            raise Broken("speaks of another log, range or file than its own")
        if manifest.last >= log.size:
            self.young += log.signed
            raise Broken("names entries that the log's checkpoint does not cover")
        return manifest

    def _check_parquet(self, log: Log, manifest: Manifest) -> None:
        file, length, whole = f"{log.name}/segment/{manifest.file}", 0, sha256()
        bad: set[int] = set()
        try:
            for number, block in enumerate(self._folder.blocks(file, BLOCK, manifest.size + 1)):
                length += len(block)
                whole.update(block)
                expected = manifest.blocks[number][0] if number < len(manifest.blocks) else ""
                if sha256(block).hexdigest() != expected:
                    bad.add(number)
        except Broken as error:
            self._report.add(Fault(str(error), file, log.name, manifest.first, manifest.last))
            return
        log.segments, log.sealed_bytes = log.segments + 1, log.sealed_bytes + length
        bad.update(range(-(-length // BLOCK), len(manifest.blocks)))
        if length > manifest.size:
            what = f"is longer than the {manifest.size} bytes of its manifest"
            self._report.add(Fault(what, file, log.name, manifest.first, manifest.last))
        for first, last in ranges(number for number in bad if number < len(manifest.blocks)):
            blocks = manifest.blocks[first : last + 1]
            end = min((last + 1) * BLOCK, manifest.size) - 1
            cut = (
                f", and ends after {length}"
                if length < manifest.size and last == len(manifest.blocks) - 1
                else ""
            )
            what = f"differs from its manifest within bytes {first * BLOCK} to {end}{cut}"
            entries = min(block[1] for block in blocks), max(block[2] for block in blocks)
            self._report.add(Fault(what, file, log.name, *entries))
        if not bad and whole.hexdigest() != manifest.sha256:
            what = "differs as a whole from its manifest, though each block agrees"
            self._report.add(Fault(what, file, log.name, manifest.first, manifest.last))

    def _check_spans(self, log: Log) -> None:
        following = 0
        for first, last in sorted(set(log.manifests) | set(log.parquets)):
            file = log.manifests.get((first, last)) or log.parquets[first, last]
            if first > last or first < following:
                what = "holds entries that another segment holds too, or none"
                self._report.add(Fault(what, file, log.name, first, max(first, last)))
            elif first > following:
                what = "has no segment for these entries, though later ones are sealed"
                self._report.add(Fault(what, f"{log.name}/segment", log.name, following, first - 1))
            following = max(following, last + 1)

    def check_refs(self, custody: Log) -> None:
        """Check that every manifest that the custody log names was there.

        A manifest that differs or is gone has been named already: it stands for its entry.
        """
        missing = {ref: index for ref, index in self._refs.items() if ref not in self._matched}
        if len(missing) <= self._suspects:
            return
        for ref, index in missing.items():
            bundle = index // WIDTH
            file = f"{CUSTODY}/{path_of(BUNDLE, bundle, custody.width(0, bundle))}"
            what = f"names a segment whose manifest, SHA-256 {ref}, the record does not hold"
            self._report.add(Fault(what, file, CUSTODY, index, index))
            self.young += 1
