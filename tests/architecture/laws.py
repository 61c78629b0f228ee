"""The laws of the layout, each as a function that returns its violations in a tree of sources.

`top` is the package whose folders and loose modules are the rooms.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from tests.architecture.sources import Arrow, Source, Sources

# --- floors ----------------------------------------------------------------------------------------------------------


def floor_numbers(floors: Sequence[str]) -> dict[str, int]:
    """Room → its floor, from the ground up."""
    return {room: number for number, rooms in enumerate(floors) for room in rooms.split()}


def wrong_floors(sources: Sources, floors: Sequence[str], *, top: str) -> list[str]:
    """The rooms without a floor, and those on a floor that are not there or stand twice."""
    rooms = {source.room for source in sources.of(top) if source.room}
    placed = [room for each in floors for room in each.split()]
    found = [f"{room} has no floor" for room in sorted(rooms - set(placed))]
    found += [f"{room} has a floor and is not there" for room in sorted(set(placed) - rooms)]
    return found + [f"{room} has two floors" for room in sorted({room for room in placed if placed.count(room) > 1})]


def too_many_floors(floors: Sequence[str], *, most: int) -> list[str]:
    """The number of floors where it is above the most that are allowed."""
    return [f"there are {len(floors)} floors, at most {most} are allowed"] if len(floors) > most else []


def imports_not_down(
    sources: Sources, floors: Sequence[str], *, top: str, exceptions: Collection[tuple[str, str]] = (), most: int = 1
) -> list[str]:
    """The imports from one room to another that does not stand on a lower floor, wherever they stand in the module.

    `exceptions` are pairs of modules, importer and imported: at most `most`, and each must be needed.
    """
    floor = floor_numbers(floors)
    wrong = [arrow for arrow in _between_rooms(sources, top) if not _goes_down(arrow, floor)]
    pairs = {(arrow.importer.module, arrow.imported.module) for arrow in wrong}
    found = [
        f"{arrow.place} imports {arrow.imported.module}: {arrow.importer.room} does not stand above {arrow.imported.room}"
        for arrow in wrong
        if (arrow.importer.module, arrow.imported.module) not in exceptions
    ]
    found += [f"the exception {one} → {other} is not needed" for one, other in sorted(set(exceptions) - pairs)]
    if len(exceptions) > most:
        found.append(f"there are {len(exceptions)} exceptions, at most {most} are allowed")
    return found


def _between_rooms(sources: Sources, top: str) -> Iterator[Arrow]:
    for arrow in sources.arrows:
        if arrow.importer.top == arrow.imported.top == top and arrow.importer.room != arrow.imported.room:
            yield arrow


def _goes_down(arrow: Arrow, floor: Mapping[str, int]) -> bool:
    importer, imported = floor.get(arrow.importer.room), floor.get(arrow.imported.room)
    return importer is not None and imported is not None and importer > imported


# --- circles ---------------------------------------------------------------------------------------------------------


def circles_of_files(sources: Sources) -> list[str]:
    """The circles of files that import one another, in any package of the tree."""
    return _circles(sources, lambda source: source.module)


def circles_of_packages(sources: Sources) -> list[str]:
    """The circles of top packages that import one another: of plugins, mostly."""
    return _circles(sources, lambda source: source.top)


def circles_of_rooms(sources: Sources, *, top: str) -> list[str]:
    """The circles of rooms of one package."""
    return _circles(sources, lambda source: f"{top}.{source.room}" if source.top == top else source.top)


def _circles(sources: Sources, key: Callable[[Source], str]) -> list[str]:
    graph: dict[str, set[str]] = defaultdict(set)
    for arrow in sources.arrows:
        if key(arrow.importer) != key(arrow.imported):
            graph[key(arrow.importer)].add(key(arrow.imported))
    return [f"circle of {len(circle)}: {' → '.join(_shortest_way_round(circle, graph))}" for circle in knots(graph)]


def knots(graph: Mapping[str, Collection[str]]) -> list[set[str]]:
    """The sets of at least two nodes of which each reaches each other (the strongly connected components)."""
    reached = {node: _reached_from(node, graph) for node in graph}
    found: list[set[str]] = []
    for node in sorted(graph):
        if node in reached[node] and not any(node in knot for knot in found):
            found.append({other for other in reached[node] if node in reached.get(other, ())})
    return found


def _reached_from(start: str, graph: Mapping[str, Collection[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        following = set(graph.get(waiting.pop(), ())) - reached
        reached |= following
        waiting += following
    return reached


def _shortest_way_round(circle: Collection[str], graph: Mapping[str, Collection[str]]) -> list[str]:
    """The shortest circle through the first node in order of the alphabet that lies inside the knot."""
    inside, start = set(circle), min(circle)
    ways = [[start]]
    seen = {start}
    for way in ways:  # grows while it is read: the shortest ways first
        for following in sorted(inside & set(graph[way[-1]])):
            if following == start:
                return [*way, start]
            if following not in seen:
                seen.add(following)
                ways.append([*way, following])
    raise AssertionError("a knot has a way round")


# --- rooms -----------------------------------------------------------------------------------------------------------


def loose_modules(sources: Sources, allowed: Collection[str], *, top: str) -> list[str]:
    """The modules that stand directly in the top package and are not on the closed list."""
    return [
        f"{source.shown} stands loose: give it a room"
        for source in sources.modules.values()
        if source.top == top and _is_loose(source) and source.path.stem not in allowed
    ]


def _is_loose(source: Source) -> bool:
    return not source.room or (source.module.count(".") == 1 and not source.is_package)


def stages_that_know_the_driver(sources: Sources, *, driver: str, batch: str) -> list[str]:
    """The stages of the pipeline that import its driver. They import the data of the batch; the driver imports them.

    A stage is every other module of the driver's package. The package itself counts as the driver if it imports the driver.
    """
    package = driver.rpartition(".")[0]
    found = [f"there is no {name}" for name in (driver, batch) if name not in sources.modules]
    drivers = {driver}
    if any(arrow.importer.module == package and arrow.imported.module == driver for arrow in sources.arrows):
        drivers.add(package)
    found += [
        f"{arrow.place} imports {arrow.imported.module}: a stage imports {batch}, never the driver"
        for arrow in sources.arrows
        if arrow.imported.module in drivers
        and arrow.importer.module.startswith(f"{package}.")
        and arrow.importer.module not in drivers
    ]
    return found


def class_names_in_several_rooms(sources: Sources, *, top: str, allowed: Collection[str] = ()) -> list[str]:
    """The public names of classes that are defined in more than one room. Each name on the list of exceptions must be needed."""
    places: dict[str, list[Source]] = defaultdict(list)
    for source in sources.of(top):
        for name in source.classes:
            if not name.startswith("_"):
                places[name].append(source)
    repeated = {name: each for name, each in places.items() if len({source.room for source in each}) > 1}
    found = [f"{name}: {_listed(each)}" for name, each in sorted(repeated.items()) if name not in allowed]
    return found + [f"the exception {name} is not needed" for name in sorted(set(allowed) - repeated.keys())]


def _listed(sources: Iterable[Source]) -> str:
    return ", ".join(source.shown for source in sources)
