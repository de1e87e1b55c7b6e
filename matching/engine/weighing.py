"""What prices prove, worked out by plain loops in whole numbers of any size.

Why they prove it. Take any plan of a group and a price for each of its rows: never negative for
slots, cases and the budget, never positive for a quota or a floor, either for a course. Each placed
candidate gains the option's weight less the prices of the rows it takes from. Nobody gains more
than by their best option (or by none), and no row gives back more than its price times its limit:
the sum of both bounds the weight of every plan. A tree splits the plans in two at each branch, so
its worst leaf bounds them all. Shares no code with the search.
"""

from typing import Any

from matching.engine.feasibility import Choice
from matching.engine.instance import Instance

Reach = tuple[int, int]  # the least and the greatest gain
Shown = tuple[list[int], list[Any], int]  # multipliers, floors and bound of a proof


class Refuted(Exception):  # noqa: N818 - a verdict, not a fault
    """The document's proof does not show what it should."""


class Book:
    """The instance as plain lists: per candidate the usable options, per tier what each gains."""

    def __init__(self, instance: Instance, tiers: list[dict[str, Any]]) -> None:
        self.instance, self.tiers = instance, tiers
        rows = (instance.candidate, instance.vacancy, instance.course)
        self.rows: list[Choice] = list(zip(*(row.tolist() for row in rows), strict=True))
        self.employer, self.slots = instance.employer.tolist(), instance.slots.tolist()
        self.house = instance.house_of.tolist()
        self.seats, self.cost = instance.seats.tolist(), instance.cost.tolist()
        self.case, self.fill = instance.case.tolist(), instance.min_fill.tolist()
        self.pins = {pin[0]: tuple(pin) for pin in instance.pinned.tolist()}
        self.options = self._usable_options(instance)
        self.gains = [self._gains(tier) for tier in tiers]

    def values(self, choices: list[Choice], employers: set[int] | None = None) -> list[int]:
        """Per tier the gain of these choices; shortage of `employers` only, if given."""
        if not hasattr(self, "_number"):
            self._number = {row: option for option, row in enumerate(self.rows)}
        filled: dict[int, int] = {}
        for _, vacancy, _ in choices:
            filled[self.employer[vacancy]] = filled.get(self.employer[vacancy], 0) + 1
        asked = range(len(self.fill)) if employers is None else employers
        missing = [max(0, self.fill[e] - filled.get(e, 0)) for e in asked]
        return [
            sum(gains[self._number[choice]] for choice in choices)
            + sum(self.step(tier, size) for m in missing for size in range(1, m + 1))
            for tier, gains in enumerate(self.gains)
        ]

    def multipliers(self, proof: Any) -> list[int]:
        """What a proof weighs each tier by."""
        multipliers: list[int] = proof["multipliers"]
        if len(multipliers) != len(self.tiers) or min(multipliers) < 0:
            raise Refuted("multipliers must be one per tier and not negative")
        return multipliers

    def spends(self, option: int) -> int:
        """The cost of the option's course."""
        course = self.rows[option][2]
        return self.cost[course] if course >= 0 else 0

    def step(self, tier: int, size: int) -> int:
        """What the `size`-th missing place of an employer costs the tier, as a gain."""
        kind = self.tiers[tier]["kind"]
        return 0 if kind == "options" else -size if kind == "convex shortage" else -1

    def told(self, tier: int, gain: int) -> int:
        """A gain as the tier tells it: shortages are counted, not negated."""
        return gain if self.tiers[tier]["kind"] == "options" else -gain

    def idle(self, tier: int, groups: list["Group"]) -> int:
        """The gain of quotas that nobody can be sent to."""
        reached = {quota for group in groups for quota in group.quotas}
        left = (fill for e, fill in enumerate(self.fill) if e not in reached)
        return sum(self.step(tier, size) for fill in left for size in range(1, fill + 1))

    def _gains(self, tier: dict[str, Any]) -> list[int]:
        weight: Any = tier.get("weight")
        if tier["kind"] != "options":
            return [0] * len(self.rows)
        if weight == "one":
            return [1] * len(self.rows)
        gains: list[int] = self.instance.score.tolist() if weight == "score" else weight
        if len(gains) != len(self.rows) or set(map(type, gains)) - {int}:
            raise Refuted(f"tier {tier['name']} has no weight for each option")
        return list(gains)

    def _usable_options(self, instance: Instance) -> dict[int, list[int]]:
        """Options some plan could use: every rule that alone bars one is applied to it."""
        barred = {tuple(pair) for pair in instance.forbidden.tolist()}
        options: dict[int, list[int]] = {}
        for option, row in enumerate(self.rows):
            person, vacancy, course = row
            pin = self.pins.get(person)
            grouped = self.case[person] >= 0 and self.house[vacancy] >= 0
            alone = not grouped or instance.case_limit > 0
            runs = course < 0 or self._can_run(course, int(instance.min_cohort[course]))
            free = (person, vacancy) not in barred and self.slots[vacancy] > 0 and alone and runs
            if pin == row or (pin is None and free):
                options.setdefault(person, []).append(option)
        return options

    def _can_run(self, course: int, cohort: int) -> bool:
        seats, cost = self.seats[course], self.cost[course]
        people = max(1, cohort)
        return bool(seats >= people and cost * people <= self.instance.budget)


def show_shared(book: Book, groups: list["Group"], proof: Any) -> Shown:
    """What a price on the budget shows of all groups together: the trees of each, with the price taken
    off whatever spends, and the price of the whole budget on top."""
    multipliers, price = book.multipliers(proof), proof["price"]
    if type(price) is not int or price < 0:
        raise Refuted("the price of the budget is negative or no whole number")
    trees = zip(groups, proof["trees"], strict=True)
    worst = [g.worst_leaf(tree, multipliers, [], price=price) for g, tree in trees]
    total = sum(leaf for leaf in worst if leaf is not None) + price * book.instance.budget
    if total > proof["bound"]:
        raise Refuted(f"the parts leave {total}, more than the bound {proof['bound']}")
    return multipliers, [], proof["bound"]


def read_bound(tier: int, known: list[int], reach: list[Reach], proofs: list[Shown]) -> int:
    """The least bound on one tier's gain that the proofs give, earlier tiers being `known`."""
    bounds = [reach[tier][1]]
    for multipliers, floors, bound in proofs:
        usable = all(at < len(known) and gain <= known[at] for at, gain in floors)
        if multipliers[tier] and usable:
            least = [*known, *(low for low, _ in reach[len(known) :])]
            least[tier] = 0
            rest = sum(m * low for m, low in zip(multipliers, least, strict=True))
            bounds.append((bound - rest) // multipliers[tier])
    return min(bounds)


class Group:
    """Some candidates with all their options: a part of the problem to bound by itself."""

    def __init__(self, book: Book, people: list[int]) -> None:
        self.book, self.people = book, people
        self.options = {p: book.options[p] for p in people if p in book.options}
        rows = [book.rows[option] for own in self.options.values() for option in own]
        self.jobs = {vacancy for _, vacancy, _ in rows}
        self.courses = {course for _, _, course in rows if course >= 0}
        self.quotas = {book.employer[v] for v in self.jobs if book.fill[book.employer[v]]}
        self.reach = [self._reach(tier) for tier in range(len(book.tiers))]

    def values(self, choices: list[Choice]) -> list[int]:
        own = [choice for choice in choices if choice[0] in self.options]
        return self.book.values(own, self.quotas)

    def show(self, proof: Any) -> Shown:
        """What a proof of this group says, its bound as its tree shows it."""
        multipliers, floors = self.book.multipliers(proof), proof["floors"]
        worst = self.worst_leaf(proof["tree"], multipliers, floors)
        if worst is not None and worst > proof["bound"]:
            raise Refuted(f"a leaf leaves {worst}, more than the bound {proof['bound']}")
        return multipliers, floors, proof["bound"]

    def worst_leaf(
        self, tree: Any, multipliers: list[int], floors: list[Any], *, price: int = 0
    ) -> int | None:
        """The greatest bound among the leaves, `price` being taken off for each tenge spent; None if no
        leaf leaves any plan."""
        limits = {course: (0, self.book.seats[course]) for course in self.courses}
        must = {person for person in self.options if person in self.book.pins}
        weight = self._weigh(multipliers, price)
        leaves: list[int] = []
        waiting = [(tree, self.options, must, limits)]
        while waiting:
            node, options, held, courses = waiting.pop()
            if "children" in node:
                inner = self._divide(node, options, held, courses)
                waiting += [(c, *i) for c, i in zip(node["children"], inner, strict=True)]
            elif not self._is_empty(options, held, courses):
                prices = _Prices(self, node["prices"], floors, multipliers)
                gained = prices.gained(options, held, weight)
                leaves.append((gained + prices.limits_worth(courses)) // prices.scale)
        return max(leaves, default=None)

    def _weigh(self, multipliers: list[int], price: int) -> dict[int, int]:
        book = self.book
        pairs = [(m, gains) for m, gains in zip(multipliers, book.gains, strict=True) if m]
        own = [option for options in self.options.values() for option in options]
        return {
            option: sum(m * gains[option] for m, gains in pairs) - price * book.spends(option)
            for option in own
        }

    def _divide(self, node: Any, options: Any, held: Any, courses: Any) -> list[Any]:
        if "course" in node:
            course, below, above = node["course"], node["below"], node["above"]
            if course not in courses:
                raise Refuted(f"a branch on course {course} of another part")
            low, high = courses[course]
            cohort = int(self.book.instance.min_cohort[course])
            if above != below + 1 and not (below == 0 and above == cohort):
                raise Refuted(f"a branch on course {course} loses plans")
            return [
                (options, held, {**courses, course: (low, min(high, below))}),
                (options, held, {**courses, course: (max(low, above), high)}),
            ]
        person, *_ = row = tuple(node["option"])
        own = options.get(person, [])
        option = next((o for o in own if self.book.rows[o] == row), None)
        if option is None:
            raise Refuted(f"a branch on {row}, which is no option here")
        without = [other for other in options[person] if other != option]
        only = [other for other in options[person] if other == option]
        return [
            ({**options, person: without}, held, courses),
            ({**options, person: only}, held | {person}, courses),
        ]

    def _is_empty(self, options: Any, held: Any, courses: Any) -> bool:
        crossed = any(low > high for low, high in courses.values())
        return crossed or any(not options[person] for person in held)

    def _reach(self, tier: int) -> Reach:
        """The least and the greatest gain that any choice of options could give."""
        gains = self.book.gains[tier]
        seats = min(len(self.options), sum(self.book.slots[v] for v in self.jobs))
        best = sorted((max(gains[o] for o in own) for own in self.options.values()), reverse=True)
        worst = sorted(min(gains[o] for o in own) for own in self.options.values())
        fills = [self.book.fill[quota] for quota in self.quotas]
        steps = sum(self.book.step(tier, n) for fill in fills for n in range(1, fill + 1))
        return sum(min(0, g) for g in worst[:seats]) + steps, sum(max(0, g) for g in best[:seats])


class _Prices:
    """The prices of one leaf, their signs and names checked."""

    def __init__(self, group: Group, given: Any, floors: list[Any], multipliers: list[int]) -> None:
        self.group, self.floors, self.multipliers = group, floors, multipliers
        self.scale: int = given["scale"]
        self.vacancy: dict[int, int] = dict(given["vacancy"])
        self.course: dict[int, int] = dict(given["course"])
        self.quota: dict[int, int] = dict(given["quota"])
        self.case: dict[tuple[int, int], int] = {tuple(key): price for key, price in given["case"]}
        self.cohort: dict[int, int] = dict(given.get("cohort", []))
        self.pair: dict[tuple[int, int], int] = {
            tuple(key): price for key, price in given.get("pair", [])
        }
        self.budget: int = given["budget"]
        self.floor: list[int] = given["floors"]
        prices = [*self.vacancy.values(), *self.case.values(), self.budget, self.scale - 1]
        prices += [*self.cohort.values(), *self.pair.values()]
        prices += [-price for price in (*self.quota.values(), *self.floor)]
        if min(prices) < 0 or set(map(type, prices)) - {int}:
            raise Refuted("a price has the wrong sign or is no whole number")
        taught = {*self.course, *self.cohort, *(course for _, course in self.pair)}
        if not taught <= group.courses or not set(self.quota) <= group.quotas:
            raise Refuted("a price is on a row of another part")
        if len(self.floor) != len(floors):
            raise Refuted("every floor needs its price")

    def gained(self, options: Any, held: Any, weight: dict[int, int]) -> int:
        """What the candidates gain at most, each by their best option."""
        total = 0
        for person, own in options.items():
            gains = [weight[option] * self.scale - self._taken(option) for option in own]
            total += max(gains if person in held else [0, *gains])
        return total

    def limits_worth(self, courses: dict[int, tuple[int, int]]) -> int:
        """What the rows give back at most: their limits at their prices."""
        book = self.group.book
        total: int = sum(book.slots[vacancy] * price for vacancy, price in self.vacancy.items())
        total += sum(max(p * courses[k][0], p * courses[k][1]) for k, p in self.course.items())
        total += book.instance.case_limit * sum(self.case.values())
        total += book.instance.budget * self.budget
        total += sum(gain * price for (_, gain), price in zip(self.floors, self.floor, strict=True))
        total += sum(self._running_worth(course, *courses[course]) for course in self.group.courses)
        for quota in self.group.quotas:
            price = self.quota.get(quota, 0)
            total += book.fill[quota] * price
            total += sum(max(0, self._step(n) - price) for n in range(1, book.fill[quota] + 1))
        return total

    def _running_worth(self, course: int, low: int, high: int) -> int:
        """What a course takes in from pairs by running, less what it pays to its least cohort."""
        if high <= 0:
            return 0
        taken = sum(price for (_, taught), price in self.pair.items() if taught == course)
        taken -= int(self.group.book.instance.min_cohort[course]) * self.cohort.get(course, 0)
        return taken if low > 0 else max(0, taken)

    def _taken(self, option: int) -> int:
        """The prices of the rows that an option takes from."""
        book = self.group.book
        person, vacancy, course = book.rows[option]
        employer = book.employer[vacancy]
        taken: int = self.vacancy.get(vacancy, 0) + self.quota.get(employer, 0)
        if book.case[person] >= 0 and book.house[vacancy] >= 0:
            taken += self.case.get((book.case[person], book.house[vacancy]), 0)
        if course >= 0:
            taken += self.course.get(course, 0) + self.budget * book.cost[course]
            taken += self.pair.get((person, course), 0) - self.cohort.get(course, 0)
        for (tier, _), price in zip(self.floors, self.floor, strict=True):
            taken += price * book.gains[tier][option]
        return taken

    def _step(self, size: int) -> int:
        """What the `size`-th missing place of a quota weighs."""
        book = self.group.book
        steps = [book.step(tier, size) for tier in range(len(book.tiers))]
        weight: int = sum(m * step for m, step in zip(self.multipliers, steps, strict=True))
        held = zip(self.floors, self.floor, strict=True)
        priced: int = sum(price * steps[tier] for (tier, _), price in held)
        return weight * self.scale - priced
