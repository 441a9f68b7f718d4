"""Read what a result claims: placements, levels, figures, not yet its certificate.

Part of the verifier: standard library and ``solver.fileio`` only.
"""

from dataclasses import dataclass, field
from typing import Any

from solver.verify.shapes import Shape, Table

FORMAT = "mobility-result/1"
CERTIFICATE_FORMAT = "mobility-certificate/1"
STATUSES = ("optimal", "bounded")
OF_A_MECHANISM = "mechanism"
"""The key that names a rule which optimises nothing, and such a result's status."""
KEYS = (
    "format",
    "status",
    "gap_msteps",
    "placements",
    "policy",
    "stages",
    "certificate",
)
STAGE_KEYS = (
    "name",
    "placements",
    "levels",
    "equity_prices",
    "carbon_rate",
    "terms",
    "metrics",
)


@dataclass(frozen=True)
class LevelClaim:
    """What a result says of one entry."""

    name: str
    best: int
    bound: int
    limit: int
    value: int


@dataclass(frozen=True)
class StageClaim:
    """What a result says of one stage."""

    name: str
    placements: dict[str, str]
    levels: list[LevelClaim]
    prices: dict[str, dict[str, int]]
    carbon_rate: int
    terms: object
    metrics: object


@dataclass
class Claims:
    """What a result says; ``mechanism`` is empty where it claims an optimum."""

    mechanism: str = ""
    status: str = ""
    gap_msteps: int = 0
    placements: dict[str, str] = field(default_factory=dict)
    policy: object = None
    stages: list[StageClaim] = field(default_factory=list)
    instance_digest: str = ""
    policy_digest: str = ""
    certificate: list[list[Any]] = field(default_factory=list)
    """The certificate's levels by stage, as JSON."""


def read_result(value: object) -> tuple[Claims, list[str]]:
    """Return the claims of a result and what is wrong with its form.

    Parameters
    ----------
    value
        The parsed JSON.
    """
    reader = _Reader()
    return reader.read(value), reader.problems


class _Reader(Shape):
    """Reads a result, part by part."""

    def read(self, value: object) -> Claims:
        optional = ("notes", "versions", OF_A_MECHANISM)
        table = self.table(value, "result", KEYS, optional)
        if not table:
            return Claims()
        if table["format"] != FORMAT:
            self.say(f"result: format must be {FORMAT!r}")
        for key in ("notes", "versions"):
            self.table(table.get(key, {}), f"result: {key}", optional=None)
        mechanism = ""
        statuses: tuple[str, ...] = STATUSES
        if OF_A_MECHANISM in table:
            mechanism = self.name(table[OF_A_MECHANISM], "result: mechanism")
            statuses = (OF_A_MECHANISM,)
        claims = Claims(
            mechanism=mechanism,
            status=self.word(table["status"], "result: status", statuses),
            gap_msteps=self.integer(table["gap_msteps"], "result: gap_msteps", 0),
            placements=self._read_placements(table["placements"], "result"),
            policy=table["policy"],
        )
        self._read_certificate(table["certificate"], claims)
        for item in self.items(table["stages"], "result: stages"):
            claims.stages.append(self._read_stage(item))
        return claims

    def _read_placements(self, value: object, name: str) -> dict[str, str]:
        return self.texts(value, f"{name}: placements")

    def _read_certificate(self, value: object, claims: Claims) -> None:
        required = ("format", "instance_digest", "policy_digest", "stages")
        table = self.table(value, "certificate", required)
        if not table:
            return
        if table["format"] != CERTIFICATE_FORMAT:
            self.say(f"certificate: format must be {CERTIFICATE_FORMAT!r}")
        digest = table["instance_digest"]
        claims.instance_digest = self.text(digest, "certificate: instance_digest")
        digest = table["policy_digest"]
        claims.policy_digest = self.text(digest, "certificate: policy_digest")
        for item in self.items(table["stages"], "certificate: stages"):
            stage = self.table(item, "certificate: a stage", ("levels",))
            levels = stage.get("levels", [])
            claims.certificate.append(self.items(levels, "certificate: levels"))

    def _read_stage(self, value: object) -> StageClaim:
        table = self.table(value, "result: a stage", STAGE_KEYS)
        if not table:
            return StageClaim("", {}, [], {}, 0, {}, {})
        title = self.text(table["name"], "result: a stage")
        name = f"stage {title}"
        levels = self.items(table["levels"], f"{name}: levels")
        return StageClaim(
            name=title,
            placements=self._read_placements(table["placements"], name),
            levels=[self._read_level(item, name) for item in levels],
            prices=self.mapping(
                table["equity_prices"], f"{name}: equity_prices", self._read_prices
            ),
            carbon_rate=self.integer(table["carbon_rate"], f"{name}: carbon_rate", 0),
            terms=table["terms"],
            metrics=table["metrics"],
        )

    def _read_prices(self, value: object, name: str) -> dict[str, int]:
        return self.mapping(value, name, self.integer)

    def _read_level(self, value: object, stage: str) -> LevelClaim:
        figures = ("best", "bound", "limit", "value")
        table: Table = self.table(value, f"{stage}: a level", ("name", *figures))
        if not table:
            return LevelClaim("", 0, 0, 0, 0)
        name = self.text(table["name"], f"{stage}: a level")
        best, bound, limit, reached = (
            self.integer(table[key], f"{stage}, level {name}: {key}") for key in figures
        )
        return LevelClaim(name, best, bound, limit, reached)
