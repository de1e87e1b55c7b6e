"""Places: KATO with parents, names as people write them, distances only where a point is known."""

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from quota.errors import NotFound, SenimError
from quota.places import (
    Gazetteer,
    Place,
    TravelTime,
    bare_name,
    distance_km,
    find_place,
    index_by_name,
    load_places,
    travel_table,
)
from quota.tables import Table


@pytest.fixture(scope="module")
def places() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    Table.metadata.create_all(engine, tables=[Place.__table__, TravelTime.__table__])  # type: ignore[list-item]
    with Session(engine) as session:
        assert load_places(session) > 1000
        yield session
    engine.dispose()


def test_loading_again_adds_nothing(places: Session) -> None:
    assert load_places(places) == 0


def test_a_territory_is_a_prefix_of_the_paths_in_it(places: Session) -> None:
    oblast, talgar = find_place(places, "190000000"), find_place(places, "196220100")
    assert talgar.path.startswith(oblast.path)
    assert talgar.district_kato == "196200000"
    assert not find_place(places, "750000000").path.startswith(oblast.path)


def test_an_unknown_code_is_refused(places: Session) -> None:
    with pytest.raises(NotFound):
        find_place(places, "000000000")


@pytest.mark.parametrize("typed", ["Талғар қ.", "г. Талгар", "ТАЛГАР", "талғар", " г.Талгар "])
def test_a_town_is_found_by_its_names_in_both_languages(places: Session, typed: str) -> None:
    assert "196220100" in [p.kato for p in index_by_name(places)[bare_name(typed)]]


def test_a_distance_is_known_only_between_points_of_their_own(places: Session) -> None:
    talgar, konaev = find_place(places, "196220100"), find_place(places, "191010000")
    code = next(p.kato for p in index_by_name(places)["бояулы"] if p.kato.startswith("1936"))
    village = find_place(places, code)
    assert 55 <= (distance_km(talgar, konaev) or 0) <= 75
    assert distance_km(talgar, village) is None
    assert distance_km(village, village) == 0
    assert village.lat is not None, "shown at the district's centre"
    assert not village.located, "and said to be so"


def test_a_name_with_its_code_tells_apart_villages_of_one_name(places: Session) -> None:
    gazetteer = Gazetteer(places, "/190000000/")
    with pytest.raises(SenimError, match="ambiguous_place"):
        gazetteer.find("с.Каркара", "Кегенский район")
    assert gazetteer.find("с.Каркара (194453100)").kato == "194453100"
    for unknown in ("с.Каркара (999999999)", "1944531001", "٣٣٣٣٣٣٣٣٣"):
        with pytest.raises(SenimError, match="no_place"):
            gazetteer.find(unknown)


def test_the_fastest_means_counts_in_both_directions(places: Session) -> None:
    for means, minutes in (("bus", 70), ("car", 50)):
        places.add(
            TravelTime(from_kato="196220100", to_kato="191010000", means=means, minutes=minutes)
        )
    table = travel_table(places)
    assert table["196220100", "191010000"] == table["191010000", "196220100"] == 50
