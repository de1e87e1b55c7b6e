"""Resolutions as a table: what `senim professions` and the page for correcting by hand write."""

from dataclasses import replace

from quota.professions import BEST, Hit, Resolution

_OTHERS = tuple(f"isco08_{place}" for place in range(2, BEST + 1))
COLUMNS = ("title", "isco08", "score", "margin", "term", *_OTHERS, "sure")


def row_of(resolution: Resolution) -> list[str | int]:
    """The row of COLUMNS: the best group with its alias (`term`), then the four next; `sure` is `no`
    where a person has to choose."""
    best, *others = resolution.hits
    return [
        *(resolution.title, best.isco08, best.score, resolution.margin, best.term),
        *(hit.isco08 for hit in others),
        "yes" if resolution.sure else "no",
    ]


def choose(resolution: Resolution, isco08: str) -> Resolution:
    """The resolution as a person corrected it: the chosen group first, and sure.

    Score and margin stay what the words gave, so the margin may be negative; a group that was not
    among the five has no alias and scores nothing.
    """
    found = [hit for hit in resolution.hits if hit.isco08 == isco08]
    chosen = found[0] if found else Hit(isco08, "", 0)
    others = [hit for hit in resolution.hits if hit is not chosen][: BEST - 1]
    margin = chosen.score - max((hit.score for hit in others), default=0)
    return replace(resolution, hits=(chosen, *others), margin=margin, sure=True)
