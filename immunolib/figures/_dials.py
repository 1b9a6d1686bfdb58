"""The two dials: where agents act, and which way each turns the immune response."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from textwrap import fill, wrap
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path

from immunolib import datasets
from immunolib._errors import ImmunolibError, choose
from immunolib.figures import _wiring
from immunolib.figures._described import DescribedFigure, Words, count, sentence_list
from immunolib.figures._picture import Part, Picture
from immunolib.figures._style import ARROW, DIALS, INK, PAPER, QUIET, text_inches
from immunolib.figures._wiring import OUTCOME, Action, Link

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.patches import Patch
    from matplotlib.text import Text

_WIDTH = 6.8
_BOX = 0.46  # inches, half the height of a box
_HALF = 0.64  # and half its width, where the columns leave room for it
_MOST_AGENTS = 6
_TBAR = "-[,widthB=7,lengthB=0"
_ENDS = {+1: ARROW, -1: _TBAR, 0: "-"}
_LETTERS = 12  # of a symbol on one line of its box
_SHORT = 3  # links of a way against it that is drawn beside the one that is told


@dataclass(frozen=True)
class Case:
    """One agent in one use, as a learner meets it."""

    agent: str
    use: str
    direction: str


@dataclass(frozen=True)
class Scene:
    """What a wiring diagram shows: the cases, their actions, and the links they run along."""

    cases: tuple[Case, ...]
    acting: tuple[tuple[Case, Action], ...]
    links: tuple[Link, ...]
    verdict: bool

    @property
    def nodes(self) -> list[str]:
        """Every cell and signal drawn, each once."""
        found = [link.start for link in self.links] + [link.end for link in self.links]
        return list(dict.fromkeys([*found, *(a.node for _, a in self.acting), OUTCOME]))


def case(agent: str, use: str | None = None) -> Case:
    """An agent in one of its uses; the first use on record where none is named.

    Raises:
        UnknownNameError: where the agent is not known, has no such use, or stands beside the scope.
    """
    key = datasets.with_a_use(datasets.find_agent(agent))
    mine = datasets.load_uses()
    mine = mine[mine["agent"] == key].set_index("use")
    chosen = str(mine.index[0]) if use is None else choose(f"use of {key}", use, mine.index)
    return Case(key, chosen, str(mine.loc[chosen, "direction"]))


def scene(cases: list[Case], *, verdict: bool = True) -> Scene:
    """Find what a diagram of these cases has to show.

    Each agent's line ends on its target; from there the links run to the immune response.  The
    links that feed a target and end where its own way ends are drawn too, so that a brake is
    seen beside its accelerator.
    """
    acting = tuple(
        (one, action) for one in cases for action in _wiring.actions_of(one.agent, one.use)
    )
    chosen: dict[tuple[str, str], Link] = {}
    for one, action in acting:
        for way in _drawn(action, one.direction):
            chosen |= {(link.start, link.end): link for link in way}
    targets = {action.node for _, action in acting}
    present = {end for link in chosen for end in link} | targets
    for feeder in [link for its in _wiring.links().values() for link in its]:
        signals = {feeder.start, feeder.end}.isdisjoint(_wiring.cells())
        if feeder.end in targets and signals:
            chosen[feeder.start, feeder.end] = feeder
            for link in _wiring.links().get(feeder.start, ()):
                onward = [n for n in _wiring.links().get(link.end, ()) if n.end in present]
                if onward and link.end not in _wiring.cells():
                    chosen[link.start, link.end] = link
                    chosen |= {(n.start, n.end): n for n in onward}
    return Scene(tuple(cases), acting, tuple(chosen.values()), verdict)


def describe(what: Scene) -> str:
    """Say in words what the diagram shows."""
    if not what.verdict:
        agents = sentence_list([one.agent for one in what.cases])
        wiring = " ".join(_capital(f"{_wiring.clause(link)}.") for link in what.links)
        return f"The wiring around the targets of {agents}. {wiring}"
    lines = []
    for one in what.cases:
        mine = [action for its, action in what.acting if its == one]
        dial = DIALS[one.direction]
        lines.append(f"{dial.symbol} {one.agent} in {one.use} is on the {dial.name} side.")
        lines += [_capital(_wiring.sentence(action, one.direction)) for action in mine]
        if any(_runs_both_ways(action, one.direction) for action in mine):
            lines.append(
                "The picture also shows a way that runs against it; in this use the one told here "
                "is held to decide."
            )
        if not mine:
            lines.append("Its target is not in the wiring on record.")
    shared = _shared(what)
    if shared:
        lines.append(shared)
    return "\n".join(lines)


def _drawn(action: Action, direction: str) -> list[tuple[Link, ...]]:
    """The ways drawn from an action: the one that is told, and a short one that runs against it."""
    told = _wiring.explanation(action, direction)
    if not told:
        return [way for way in _wiring.ways(action.node)[:1] if len(way) <= _SHORT]
    against = (
        way
        for way in _wiring.ways(action.node)
        if len(way) <= _SHORT and _wiring.effect(action, way) != _wiring.effect(action, told)
    )
    return [told, *islice(against, 1)]


def _runs_both_ways(action: Action, direction: str) -> bool:
    """Whether the ways drawn from an action end in both an up and a down."""
    return len(_drawn(action, direction)) > 1


def _shared(what: Scene) -> str:
    """One sentence on a node that agents of opposite dials reach."""
    reached: dict[str, set[Case]] = defaultdict(set)
    for one, action in what.acting:
        for link in _wiring.explanation(action, one.direction):
            reached[link.start].add(one)
    for node, its in reached.items():
        if {"activation", "suppression"} <= {one.direction for one in its}:
            names = sentence_list(sorted({one.agent for one in its}))
            where = f"the {node}" if node in _wiring.cells() else _wiring.spoken(node)
            return _capital(f"{names} meet at {where} and turn it opposite ways.")
    return ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:] if text.split(" ", 1)[0].isalpha() else text


def _columns(what: Scene) -> dict[str, int]:
    """The column of each node: its longest distance to the outcome, so that lines run right."""
    ahead: dict[str, list[str]] = defaultdict(list)
    for link in what.links:
        ahead[link.start].append(link.end)
    depth: dict[str, int] = {}

    def measure(node: str, seen: frozenset[str]) -> int:
        if node == OUTCOME:
            return 0
        onward = [n for n in ahead[node] if n not in seen]
        return 1 + max((measure(n, seen | {n}) for n in onward), default=0)

    for node in what.nodes:
        depth[node] = measure(node, frozenset({node}))
    deepest = max(depth.values(), default=0)
    for node in what.nodes:  # what is only held on to stands apart, at the left
        if node != OUTCOME and not ahead[node]:
            depth[node] = deepest + 1
    deepest = max(depth.values(), default=0)
    return {node: deepest - far for node, far in depth.items()}


def _below(what: Scene, direction: str) -> bool:
    """Whether agents of this dial stand below; a question must not give its answer away."""
    return what.verdict and direction == "suppression"


def _places(what: Scene) -> dict[str, tuple[float, float]]:
    """Where each node stands: columns from left to right, spread evenly, crossings kept few."""
    column = _columns(what)
    stacks: dict[int, list[str]] = defaultdict(list)
    for node in what.nodes:
        stacks[column[node]].append(node)
    row = {n: i - (len(s) - 1) / 2 for s in stacks.values() for i, n in enumerate(s)}
    around: dict[str, list[str]] = defaultdict(list)
    for link in what.links:
        around[link.start].append(link.end)
        around[link.end].append(link.start)
    side: dict[str, float] = defaultdict(float)  # nodes stand on the side they are acted on from
    for one, action in what.acting:
        side[action.node] += -1 if _below(what, one.direction) else 1
    for _ in range(4):
        for stack in stacks.values():
            stack.sort(
                key=lambda n: (
                    max(-1.0, min(1.0, side.get(n, 0.0))),
                    sum(row[m] for m in around[n]) / max(len(around[n]), 1),
                    n,
                )
            )
            row |= {n: i - (len(stack) - 1) / 2 for i, n in enumerate(stack)}
    most = max(column.values(), default=0)
    return {
        node: ((at + 0.5) / (most + 1) * _WIDTH, row[node] * 1.3) for node, at in column.items()
    }


def picture(what: Scene) -> Picture:
    """The diagram as two parts: activators above, suppressors below, the wiring between them."""
    places = _places(what)
    elsewhere = any(one.direction == "redirection" for one in what.cases) and what.verdict
    high = max((y for _, y in places.values()), default=0.0)
    low = min((y for _, y in places.values()), default=0.0)
    teams = _teams(what)
    above = _spread([t for t in teams if not t.below], places)
    below = _spread([t for t in teams if t.below], places)
    deep = max((t.label().count("\n") for t in teams), default=0) * 0.2
    roof, floor = high + 1.3 + deep / 2, low - 1.3 - deep / 2
    top = roof + 0.45 + deep / 2 if above else high + 0.75
    bottom = floor - 0.45 - deep / 2 if below else low - 0.75
    stood = (*((t, x, roof) for t, x in above.items()), *((t, x, floor) for t, x in below.items()))
    board = _Board(tuple(places.items()), what.links, elsewhere)
    return Picture(
        ("two dials", bottom, top),
        lambda ax: [_stage(ax, bottom, top)],
        (
            Part("wiring", board, _wire, zorder=2),
            Part("agents", (board, stood, what.verdict), _act, zorder=3),
        ),
    )


def draw(what: Scene, ax: "Axes | None" = None) -> "Axes":
    """Draw the diagram."""
    return picture(what).draw(ax)[0]


@dataclass(frozen=True)
class _Board:
    """Cells and signals in their places, and the links between them."""

    stands: tuple[tuple[str, tuple[float, float]], ...]
    links: tuple[Link, ...]
    elsewhere: bool

    def boxes(self, ax: "Axes") -> dict[str, "Patch"]:
        """The box of each node, on the axes' scale but not yet drawn."""
        half = _half(dict(self.stands))
        return {node: _box(ax, node, *at, half, self.elsewhere) for node, at in self.stands}


def _stage(ax: "Axes | None", bottom: float, top: float) -> "Axes":
    if ax is None:
        ax = Figure(figsize=(_WIDTH, (top - bottom))).add_axes((0, 0, 1, 1))
    ax.set_xlim(0, _WIDTH)
    ax.set_ylim(bottom, top)
    ax.axis("off")
    return ax


def _wire(ax: "Axes", board: _Board) -> list["Artist"]:
    """The cells and signals, and the links between them."""
    boxes, half = board.boxes(ax), _half(dict(board.stands))
    found: list[Artist] = [
        _link(ax, boxes[link.start], boxes[link.end], link.sign, QUIET, 2.0,
              gid=f"link {link.start} {link.end}")
        for link in board.links
    ]  # fmt: skip
    for node, (x, y) in board.stands:
        found.append(ax.add_patch(boxes[node]))
        found.append(_name(ax, node, x, y, half, board.elsewhere))
    return found


def _act(
    ax: "Axes", data: tuple[_Board, tuple[tuple["_Team", float, float], ...], bool]
) -> list["Artist"]:
    """The agents in their boxes, and a line from each to what it acts on."""
    board, stood, verdict = data
    boxes, places = board.boxes(ax), dict(board.stands)
    found: list[Artist] = []
    for team, x, y in stood:
        box, text = _agent(ax, team, x, y, verdict)
        found += [box, text]
        colour = DIALS[team.direction].colour if verdict else INK
        for node, sign in team.hits:
            way = _way_round(team, x, y, node, places)
            # Straight down, where the box is wide enough to stand over its node.
            room = team.width / 2 - 0.15
            over = x + max(-room, min(room, places[node][0] - x))
            found.append(_link(ax, box, boxes[node], sign, colour, 3.0, way=way, at=(over, y),
                               gid=f"action {team.agents[0]} {node}"))  # fmt: skip
    return found


@dataclass(frozen=True)
class _Team:
    """Agents of one dial that act on the same nodes in the same way share a box."""

    agents: tuple[str, ...]
    direction: str
    hits: tuple[tuple[str, int], ...]
    below: bool

    def label(self, verdict: bool = True) -> str:
        symbol = DIALS[self.direction].symbol if verdict else "?"
        return "\n".join(fill(f"{symbol} {agent}", 24) for agent in self.agents)

    @property
    def width(self) -> float:
        """Inches that the box takes, from the text it holds."""
        return text_inches(self.label(), bold=True) + 0.3


def _teams(what: Scene) -> list[_Team]:
    found: dict[tuple[str, tuple[tuple[str, int], ...]], list[str]] = defaultdict(list)
    nodes = set(what.nodes)
    for one in what.cases:
        hits = {(a.node, a.mark) for its, a in what.acting if its == one and a.node in nodes}
        found[one.direction, tuple(sorted(hits))].append(one.agent)
    return [
        _Team(tuple(agents), name, hits, _below(what, name))
        for (name, hits), agents in found.items()
    ]


def _spread(teams: list[_Team], places: dict[str, tuple[float, float]]) -> dict[_Team, float]:
    """Where along its band each box stands: over its targets, without overlaps."""
    aim = {
        team: sum(places[node][0] for node, _ in team.hits) / len(team.hits)
        if team.hits
        else _WIDTH / 2
        for team in teams
    }
    found: dict[_Team, float] = {}
    gap, edge = 0.12, 0.1
    for team in sorted(teams, key=lambda t: aim[t]):
        found[team] = max(aim[team], edge + team.width / 2)
        edge = found[team] + team.width / 2 + gap
    limit = _WIDTH - 0.1
    for team in sorted(found, key=lambda t: -found[t]):
        found[team] = min(found[team], limit - team.width / 2)
        limit = found[team] - team.width / 2 - gap
    return found


def _way_round(
    team: _Team, x: float, y: float, node: str, places: dict[str, tuple[float, float]]
) -> list[tuple[float, float]]:
    """The corners of a line that goes round what stands between a box and its node, if anything.

    The line runs down the gap at the left of the node's column and enters the node from there.
    """
    at_x, at_y = places[node]
    half = _half(places)
    lowest, highest = sorted((y, at_y))
    between = [
        other
        for other, (its_x, its_y) in places.items()
        if other != node and abs(its_x - at_x) < half and lowest < its_y < highest
    ]
    if not between:
        return []
    lane = at_x - half - (0.13 if y > at_y else 0.19)
    out = 0.25 + 0.1 * team.label().count("\n")
    edge = y + out if y < at_y else y - out
    turn = edge + 0.2 if y < at_y else edge - 0.2
    start = lane if abs(lane - x) < team.width / 2 - 0.1 else x
    corners = [
        (start, edge),
        (start, turn),
        (lane, turn),
        (lane, at_y),
        (at_x - half - 0.03, at_y),
    ]
    return list(dict.fromkeys(corners))


def _half(places: dict[str, tuple[float, float]]) -> float:
    """Half the width of a box: less where there are many columns."""
    columns = len({x for x, _ in places.values()})
    return min(_HALF, _WIDTH / columns / 2 - 0.13)


def _box(ax: "Axes", node: str, x: float, y: float, half: float, elsewhere: bool) -> "Patch":
    cell, outcome = node in _wiring.cells(), node == OUTCOME
    tall = (0.72 if elsewhere else 0.62) if outcome else _BOX * 0.92
    style = "round,pad=0,rounding_size=0.3" if cell or outcome else "square,pad=0"
    return FancyBboxPatch(
        (x - half, y - tall), 2 * half, 2 * tall, boxstyle=style, transform=ax.transData,
        facecolor="#eeeeee" if cell else PAPER, edgecolor=INK,
        linewidth=2.5 if outcome else 1.5, zorder=3, gid=f"node {node}",
    )  # fmt: skip


def _name(ax: "Axes", node: str, x: float, y: float, half: float, elsewhere: bool) -> "Text":
    cell, outcome = node in _wiring.cells(), node == OUTCOME
    if outcome:
        text = "▲ up\nimmune\nresponse\n▼ down"
        if elsewhere:
            text += "\n◆ elsewhere"
    else:
        symbol, _, name = _wiring.spoken(node.replace(" T cell", " T\u00a0cell")).partition(" (")
        long = len(symbol) > _LETTERS
        first = wrap(symbol.replace("/", "/ ") if long else symbol, _LETTERS,
                     break_long_words=False)  # fmt: skip
        lines = first + wrap(name[:-1], 13, break_long_words=False)
        roomy = len(lines) <= 3 and text_inches("\n".join(lines)) < 2 * half - 0.08
        text = "\n".join(lines if roomy else first)
    return ax.text(x, y, text, ha="center", va="center", zorder=4, linespacing=1.1,
                   fontweight="bold" if cell or outcome else "normal")  # fmt: skip


def _agent(ax: "Axes", team: _Team, x: float, y: float, verdict: bool) -> tuple["Patch", "Text"]:
    dial = DIALS[team.direction]
    colour = dial.colour if verdict else INK
    text = team.label(verdict)
    half, tall = team.width / 2, 0.25 + 0.1 * text.count("\n")
    patch = FancyBboxPatch(
        (x - half, y - tall), 2 * half, 2 * tall, boxstyle="round,pad=0,rounding_size=0.12",
        facecolor=dial.tint if verdict else PAPER, edgecolor=colour, linewidth=2, zorder=3,
        gid=f"agent {' '.join(team.agents)}",
    )  # fmt: skip
    ax.add_patch(patch)
    written = ax.text(x, y, text, ha="center", va="center", zorder=4, fontweight="bold",
                      color=colour, linespacing=1.1)  # fmt: skip
    return patch, written


def _link(
    ax: "Axes", start: "Patch", end: "Patch", sign: int, colour: str, width: float,
    *, way: list[tuple[float, float]] | None = None, at: tuple[float, float] | None = None,
    gid: str = "",
) -> "Patch":  # fmt: skip
    style: Any = {
        "arrowstyle": _ENDS[sign],
        "color": colour,
        "linewidth": width,
        "mutation_scale": 1.6 if sign > 0 else 1.0,
        "zorder": 2.5,
        "gid": gid,
    }
    if way:
        return ax.add_patch(FancyArrowPatch(path=Path(way), **style))
    return ax.add_patch(
        FancyArrowPatch(
            at or _middle(ax, start),
            _middle(ax, end),
            patchA=start,
            patchB=end,
            shrinkA=2,
            shrinkB=5 if sign < 0 else 3,
            **style,
        )
    )


def _middle(ax: "Axes", patch: "Patch") -> tuple[float, float]:
    box = patch.get_window_extent().transformed(ax.transData.inverted())
    return (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2


def table(what: Scene) -> pd.DataFrame:
    """Every line of the diagram as a row."""
    records = [(a.agent, a.verb, a.node, _case.use) for _case, a in what.acting]
    records += [(li.start, _wiring.verb(li), li.end, li.how) for li in what.links]
    return pd.DataFrame(records, columns=["from", "does", "to", "use or how"])


def words(what: Scene) -> Words:
    """Title, alternative text and description of a scene."""
    names = sentence_list([one.agent for one in what.cases])
    act = "acts" if len(what.cases) == 1 else "act"
    alt = f"Wiring diagram: where {names} {act}; arrows stimulate, T-bars inhibit."
    if len(alt) > 150:
        many = count(len(what.cases), "agent")
        alt = f"Wiring diagram of {many}; arrows stimulate, T-bars inhibit."
    return Words(f"Two dials: {names}", alt, describe(what))


def show(what: Scene, ax: "Axes | None" = None) -> DescribedFigure:
    """The described figure of a scene."""
    return DescribedFigure.of(picture(what), words(what), table(what), ax)


def two_dials(*agents: str, ax: "Axes | None" = None) -> DescribedFigure:
    """Where agents act, and which way each turns the immune response.

    Activators stand above, suppressors below, with the cells and signals between them: an arrow
    stimulates, a T-bar inhibits.  Drawn from ``actions.csv`` and ``pathway.csv``.

    Args:
        agents: one to six names, brands or synonyms; ipilimumab and belatacept where none is
            given.  ``"rituximab: rheumatoid arthritis"`` names the use too; otherwise it is the
            agent's first use on record.
        ax: where to draw; a new figure where left out.

    Returns:
        The described figure; its table has the columns from, does, to, use or how.

    Raises:
        UnknownNameError: where an agent or use is not known.
        ImmunolibError: where more than six agents are named.
    """
    named = agents or ("ipilimumab", "belatacept")
    if len(named) > _MOST_AGENTS:
        raise ImmunolibError(
            f"{len(named)} agents do not fit in one diagram. Name up to {_MOST_AGENTS}, "
            "or use where_agents_act() for all of them."
        )
    cases = []
    for name in named:
        agent, _, use = str(name).partition(": ")
        cases.append(case(agent, use or None))
    return show(scene(cases), ax)
