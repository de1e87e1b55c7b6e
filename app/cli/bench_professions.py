"""`senim bench professions`: how often the resolver is right, sure and how fast it is."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zlib import crc32

import click
from rapidfuzz import fuzz, process

from app.cli.derived_titles import derive_titles
from app.cli.professions import read_table
from quota.professions import Classifier, Resolution, Term, load_classifier
from quota.spelling import normalise
from quota.terms import WORD, group_names, package_terms, read_jobs, sound_of

TIMED = 150
PARTS = 20
PARTS_OF_A_LIST = 60  # finer, as a list is asked for whole: each time under a fiftieth is missing
ASKED_OF_A_PART = 3  # every third, so that leaving out stays a matter of a minute or two


@dataclass(frozen=True, slots=True)
class Query:
    """A title with the groups that are right for it, and what it stands for in the figures."""

    title: str
    right: frozenset[str]
    kind: str
    term: Term | None = None


@click.command()
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--synonyms",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Adds the figures for mistyped terms of this list, each time with the term left out: a CSV"
    " with `term`, `isco08` and `other_isco08` (groups joined by `;`).",
)
def professions(file: Path | None, synonyms: Path | None) -> None:
    """Measure the profession resolver: accuracy on mistyped terms, and speed against WRatio.

    FILE adds the figures for labelled titles: a CSV with the columns `title` and `isco08_accept`
    (groups joined by `;`, empty where the title has no label).
    """
    classifier = load_classifier()
    queries = derive_queries(package_terms())
    if synonyms:
        listed = choose_listed(queries, read_table(synonyms, "term", "isco08", "other_isco08"))
        heading = "Mistyped terms of the list, the term itself left out"
        print_table(heading, leave_out(listed, row_of, PARTS_OF_A_LIST, 1))
    if file:
        print_labelled(classifier, read_table(file, "title", "isco08_accept"))
    print_table("Mistyped terms (the right spelling is known)", answer(classifier, queries))
    print_table(
        "Mistyped terms, the term itself left out",
        leave_out(queries, row_of, PARTS, ASKED_OF_A_PART),
    )
    print_table(
        "Mistyped terms, left out in every spelling and form",
        leave_out(queries, part_of, PARTS, ASKED_OF_A_PART),
    )
    print_speed(classifier, [query.title for query in queries if "misspelt" in query.kind])


Answers = list[tuple[Query, Resolution]]


def derive_queries(terms: Iterable[Term]) -> list[Query]:
    """Every way to mistype a Kazakh or Russian name; right are all groups that have the name."""
    names = [term for term in terms if term.kind in ("title", "synonym")]
    groups: dict[str, set[str]] = defaultdict(set)
    for term in names:
        groups[sound_of(term.text)].add(term.isco08)
    return [
        Query(title, frozenset(groups[sound_of(term.text)]), kind, term)
        for term in names
        for kind, title in derive_titles(term)
    ]


def answer(classifier: Classifier, queries: Sequence[Query]) -> Answers:
    resolutions = classifier.resolve_all([query.title for query in queries])
    return list(zip(queries, resolutions, strict=True))


def choose_listed(queries: Iterable[Query], rows: Iterable[dict[str, str]]) -> list[Query]:
    """The queries derived from terms of a list; right are also the groups the list names for them."""
    groups: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        groups[normalise(row["term"])] |= {row["isco08"], *row["other_isco08"].split(";")} - {""}
    named = [(query, normalise(query.term.text)) for query in queries if query.term]
    return [
        replace(query, right=query.right | groups[name]) for query, name in named if name in groups
    ]


def leave_out(
    queries: Sequence[Query], mark: Callable[[Term], int], parts: int, every: int
) -> Answers:
    """A part of the terms at a time is left out of the classifier and then asked for, every so many
    of its queries; terms of one mark are left out together."""
    terms, names = package_terms(), group_names()
    answers: Answers = []
    for part in range(parts):
        kept = Classifier([term for term in terms if mark(term) % parts != part], names)
        asked = [q for q in queries if q.term and mark(q.term) % parts == part]
        answers += answer(kept, asked[::every])
    return answers


def row_of(term: Term) -> int:
    """Equal for all rows of one name, whichever group they lead to."""
    return crc32(normalise(term.text).encode())


def part_of(term: Term) -> int:
    """Equal for all spellings and inflected forms of a term, so that they are left out together."""
    stems = " ".join(key for job in read_jobs(term.text) for key, _ in job)
    return crc32(stems.encode())


def print_labelled(classifier: Classifier, rows: Sequence[dict[str, str]]) -> None:
    queries = [
        Query(row["title"], frozenset(filter(None, row["isco08_accept"].split(";"))), "labelled")
        for row in rows
    ]
    answers = answer(classifier, queries)
    print_table("Labelled titles", [(q, r) for q, r in answers if q.right])
    unlabelled = [r for q, r in answers if not q.right]
    asked = sum(not resolution.sure for resolution in unlabelled)
    click.echo(f"Unlabelled titles: {len(unlabelled)}, not sure {share(asked, len(unlabelled))}\n")


def print_table(heading: str, answers: Answers) -> None:
    by_kind: dict[str, Answers] = defaultdict(list)
    for query, resolution in answers:
        by_kind[query.kind].append((query, resolution))
    click.echo(f"{heading:56}{'titles':>8}{'first':>8}{'in five':>9}{'sure':>8}{'sure, wrong':>13}")
    for kind, kept in sorted(by_kind.items()):
        click.echo(f"  {kind:54}{figures(kept)}")
    if len(by_kind) > 1:
        click.echo(f"  {'all':54}{figures(answers)}")
    click.echo()


def figures(answers: Answers) -> str:
    count = len(answers)
    first = [r.hits[0].isco08 in q.right for q, r in answers]
    five = sum(any(hit.isco08 in q.right for hit in r.hits) for q, r in answers)
    sure = sum(r.sure for _, r in answers)
    wrong = sum(r.sure and not right for (_, r), right in zip(answers, first, strict=True))
    shares = [share(sum(first), count), share(five, count), share(sure, count), share(wrong, count)]
    return f"{count:>8}{shares[0]:>8}{shares[1]:>9}{shares[2]:>8}{shares[3]:>13}"


def share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def print_speed(classifier: Classifier, titles: Sequence[str]) -> None:
    """The resolver against RapidFuzz's WRatio over the same terms, both on one core, warmed up."""
    sample = titles[:: max(1, len(titles) // TIMED)][:TIMED]
    texts = [normalise(term.text) for term in package_terms() if term.kind != WORD]
    classifier.resolve_all(sample)
    start = time.perf_counter()
    classifier.resolve_all(sample)
    ours = time.perf_counter() - start
    start = time.perf_counter()
    process.cdist([normalise(title) for title in sample], texts, scorer=fuzz.WRatio)
    peer = time.perf_counter() - start
    click.echo(
        f"Speed over {len(texts)} terms, {len(sample)} titles at once: {ours / len(sample) * 1e3:.2f} ms"
        f" a title, WRatio {peer / len(sample) * 1e3:.2f} ms: {peer / ours:.0f} times as fast"
    )
