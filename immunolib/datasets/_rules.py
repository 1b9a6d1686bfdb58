"""The rules between tables: what the schema of a single table cannot say.

``problems()`` gives one sentence a problem, with file, row and column; none means that all is well.
"""

from immunolib.datasets import _evidence, _history, _links, _reader, _scope
from immunolib.datasets._links import Tables

CHECKS = (
    _links.keys,
    _links.addresses,
    _links.cited,
    _links.uses,
    _links.regulators,
    _links.nodes,
    _links.messages,
    _links.synonyms,
    _links.provenance,
    _links.events,
    _links.reasons,
    _history.order,
    _history.edition,
    _history.discovery,
    _history.names,
    _history.combinations,
    _scope.inclusion,
    _scope.purposes,
    _scope.families,
    _scope.licences,
    _scope.evidence,
    *_evidence.CHECKS,
)


def read_all() -> Tables:
    """Every table."""
    return {name: _reader.rows(name) for name in _reader.tables()}


def problems(tables: Tables | None = None) -> list[str]:
    """Every rule that is broken, as sentences."""
    held = read_all() if tables is None else tables
    return [problem for check in CHECKS for problem in check(held)]
