"""No page points at nothing."""

import re

from tests.docs.pages import ROOT, pages

_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


def test_every_link_inside_the_project_leads_somewhere():
    lost = []
    for page in pages():
        for target in _LINK.findall(page.read_text("utf-8")):
            path, _, anchor = target.partition("#")
            if re.match(r"[a-z]+:", path):
                continue
            place = (page.parent / path).resolve() if path else page
            if not place.exists() or (anchor and anchor not in _anchors(place.read_text("utf-8"))):
                lost.append(f"{page.relative_to(ROOT)}: {target}")

    assert lost == []


def _anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_page_of_a_folder_is_in_its_list():
    missing = [
        str(page.relative_to(ROOT))
        for folder in ("adr", "howto", "reference", "spec")
        for page in sorted((ROOT / "docs" / folder).glob("*.md"))
        if page.name != "README.md" and f"]({page.name})" not in (page.parent / "README.md").read_text("utf-8")
    ]

    assert missing == []
