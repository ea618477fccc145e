"""Makes one file of the verifier: its modules in a row, their imports once at the top.

Nothing is renamed or shortened, so that whoever reads the one file reads the verifier. Two modules that
give a name of the top level twice can not stand in one file, and are refused.
"""

import ast
from collections.abc import Mapping, Sequence

_OURS = "fairwitness_verify"
MODULES = (
    "ed25519", "notes", "folder", "report", "values", "pack_files", "pack_values", "pack", "pack_main",
)  # fmt: skip
"""What a pack needs of the verifier, each after what it imports."""

_HEAD = '''#!/usr/bin/env python3
"""Checks a Fairwitness pack with the standard library of Python 3.8 or later and nothing else.

    python -I -S verify.py PACK.zip [--keys FILE] [--json]

It is the verifier's own modules in a row, unchanged. What it checks, and in which order, is fixed
in the specification "Pack, version 1".
"""
'''


def bundle_verifier(sources: Mapping[str, str], modules: Sequence[str] = MODULES) -> str:
    """The verifier in one file, from the source of each module by name."""
    imports: set[str] = set()
    bodies: list[str] = []
    named: dict[str, str] = {}
    for module in modules:
        tree = ast.parse(sources[module])
        imports |= {line for node in tree.body for line in _imported(node)}
        for name in _defined(tree):
            if name in named:
                raise ValueError(f"{module} and {named[name]} both name {name}")
            named[name] = module
        bodies.append(f"# ── {module} ──\n#\n{_comment(tree)}\n\n{_body(sources[module], tree)}")
    lines = ["from __future__ import annotations", "", *sorted(imports)]
    return _HEAD + "\n" + "\n".join(lines) + "\n\n\n" + "\n\n\n".join(bodies) + "\n"


def _imported(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.Import):
        return [f"import {alias.name}" for alias in node.names]
    module = node.module or "" if isinstance(node, ast.ImportFrom) else "__future__"
    if isinstance(node, ast.ImportFrom) and module.split(".")[0] not in (_OURS, "__future__"):
        return [f"from {module} import {alias.name}" for alias in node.names]
    return []


def _defined(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif not isinstance(node, ast.Import | ast.ImportFrom):
            names = (inner for inner in ast.walk(node) if isinstance(inner, ast.Name))
            found |= {one.id for one in names if isinstance(one.ctx, ast.Store)}
    return found


def _comment(tree: ast.Module) -> str:
    return "\n".join(f"# {line}".rstrip() for line in (ast.get_docstring(tree) or "").splitlines())


def _body(source: str, tree: ast.Module) -> str:
    """The source without its docstring and imports; comments stay where they are."""
    gone: set[int] = set()
    for place, node in enumerate(tree.body):
        said = place == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if said or isinstance(node, ast.Import | ast.ImportFrom):
            gone |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    kept = [line for number, line in enumerate(source.splitlines(), 1) if number not in gone]
    return "\n".join(kept).strip("\n")
