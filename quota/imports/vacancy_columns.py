"""The columns of vacancies, and how the cells are read that no other noun has.

Each choice has its Kazakh and Russian name, the one the state exchange's sheet shows, and the words that
the pages have for it.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from quota import columns as col
from quota import requirements
from quota.categories import CATEGORIES
from quota.columns import Column, Kind
from quota.decrees import Category
from quota.errors import SenimError
from quota.imports.employers import LANGUAGES
from quota.imports.importer import ADDRESS, DISTRICT, IDENTIFIER, PLACE
from quota.sheets import Cell
from quota.vacancies import ANY, BEYOND

FLAGS: col.Labels = {
    "minors": (
        *("балалармен жұмыс", "работа с детьми", "несовершеннолетние"),
        *("кәмелетке толмағандармен жұмыс", "контакт с несовершеннолетними", "contact with minors"),
    ),
    "driving": ("көлік жүргізу", "вождение"),
    "money": (
        *("материалдық жауапкершілік", "материальная ответственность", "деньги"),
        *("ақша не құндылық", "деньги или ценности", "money or valuables"),
    ),
    "state_sector": (
        *("мемлекеттік сектор", "государственный сектор", "госсектор", "state sector"),
    ),
    "hazardous": (
        *("қауіпті еңбек", "вредные условия", "опасные условия"),
        *("қауіпті жұмыс", "опасная работа", "dangerous work"),
    ),
    "heavy": ("ауыр еңбек", "тяжелый труд", "ауыр жұмыс", "тяжёлая работа", "heavy work"),
    "night": ("түнгі ауысым", "ночные смены", "түнгі жұмыс", "ночная работа", "nights"),
    "rotational": ("вахталық әдіс", "вахта", "вахтовый метод", "rotational camp"),
}
LICENCES: col.Labels = {
    **{code: () for code in requirements.LICENCES if code != "tractor"},
    "tractor": (
        *("трактор", "тракторист", "тракторшы куәлігі"),
        *("удостоверение тракториста", "tractor driver's licence"),
    ),
}
REGIMES: col.Labels = {
    "full": ("Толық күн", "Полный день", "full day"),
    "part": ("Толық емес күн", "Неполный день", "part time"),
    "flexible": ("Икемді", "Гибкий"),
    "shifts": ("Ауысыммен", "Сменный"),
    "rotational": ("Вахта", "Вахтовый", "rotational camp"),
    "remote": ("Қашықтан", "Удалённый"),
}
CHARACTERS: col.Labels = {
    "permanent": ("Тұрақты", "Постоянная"),
    "temporary": ("Уақытша", "Временная"),
    "seasonal": ("Маусымдық", "Сезонная"),
    "replacement": (
        *("Уақытша жоқ қызметкердің орнына", "На время отсутствующего"),
        "in place of somebody away",
    ),
}
CONDITIONS: col.Labels = {
    "normal": ("Қалыпты", "Обычные", "ordinary"),
    "heavy": ("Ауыр жұмыс", "Тяжёлая работа", "heavy work"),
    "harmful": ("Зиянды", "Вредные"),
    "hazardous": ("Қауіпті", "Опасные", "dangerous"),
    "outdoors": ("Ашық ауада", "На открытом воздухе"),
}
EDUCATIONS: col.Labels = {
    "any": ("Кез келген", "Любое"),
    "basic": ("Тоғыз сынып", "Девять классов", "nine classes"),
    "secondary": ("Орта мектеп", "Среднее", "secondary school"),
    "vocational": ("Кәсіптік", "Профессиональное"),
    "higher": ("Жоғары", "Высшее"),
}
SUPPORT: col.Labels = {
    "money": ("Ақша", "Деньги"),
    "land": ("Жер", "Земля"),
    "housing": ("Тұрғын үй", "Жильё"),
}
LEVELS: col.Labels = {
    **{code: (code.upper(), code.upper()) for code in requirements.LEVELS if code != "native"},
    "native": ("ана тілі", "родной"),
}
_LANGUAGE, _LEVEL, _CATEGORY = col.choice(LANGUAGES), col.choice(LEVELS), col.choice(CATEGORIES)
_ITEM = re.compile("[;\n]")


def _parse_lines(cell: Cell) -> list[str]:
    return [line.strip() for line in str(cell).splitlines() if line.strip()]


def _write_lines(lines: Sequence[str], _locale: str) -> str:
    return "\n".join(lines)


def _parse_sites(cell: Cell) -> list[Mapping[str, str]]:
    """Each line's place as it is written, for the importer to find, and the address after it."""
    parts = [line.partition(";") for line in _parse_lines(cell)]
    return [{"place": place.strip(), "address": address.strip()} for place, _, address in parts]


def _write_sites(sites: Sequence[Mapping[str, str]], _locale: str) -> str:
    return "\n".join(f"{site['place']}; {site['address']}" for site in sites)


def _parse_languages(cell: Cell) -> list[Mapping[str, str]]:
    found = {}
    for item in _ITEM.split(str(cell).strip()):
        language, _, level = item.strip().partition(" ")
        found[_LANGUAGE.parse(language)] = _LEVEL.parse(level)
    return [{"language": code, "level": found[code]} for code in LANGUAGES if code in found]


def _write_languages(spoken: Sequence[Mapping[str, str]], locale: str) -> str:
    return "; ".join(
        f"{_LANGUAGE.write(item['language'], locale)} {_LEVEL.write(item['level'], locale)}"
        for item in spoken
    )


def _parse_counts(cell: Cell) -> dict[str, int]:
    """`single_parents 2; probation 1`: a category by its code or name, then how many places."""
    counts = {}
    for item in _ITEM.split(str(cell).strip()):
        category, _, number = item.strip().rpartition(" ")
        counts[_read_category(category)] = _PLACES.parse(number)
    return counts


def _read_category(written: str) -> str:
    try:
        return str(_CATEGORY.parse(written))
    except SenimError:
        # Whether an act has named it, the vacancy's verb decides.
        if not re.fullmatch(r"[a-z_]{3,40}", written.strip()):
            raise
        return written.strip()


def _write_counts(counts: Mapping[str, int], locale: str) -> str:
    return "; ".join(f"{_CATEGORY.write(c, locale)} {number}" for c, number in counts.items())


LINES = Kind("lines", _parse_lines, write=_write_lines)
SITES = Kind("sites", _parse_sites, write=_write_sites)
SPOKEN = Kind("languages", _parse_languages, LANGUAGES, _write_languages)
_PLACES = col.whole(1_000)
COUNTS = Kind("counts", _parse_counts, write=_write_counts)

PAY_EXAMPLE = 180_000
CATEGORY_PLACES = {
    "places_probation": Category.PROBATION.value,
    "places_released": Category.RELEASED.value,
    "places_disabled": Category.DISABLED.value,
    "places_without_care": Category.YOUTH_WITHOUT_CARE.value,
}
PLACES = {"places_any": ANY, **CATEGORY_PLACES, "places_beyond": BEYOND}
OTHER_PLACES = "places_other"  # of categories without a column
COLUMNS = (
    IDENTIFIER,
    Column("number", col.text(40), "Бос орын нөмірі", "Номер вакансии", True, "В-7"),
    Column("title", col.text(200), "Лауазым", "Должность", True, "эл.сварщик"),
    Column("isco08", col.OCCUPATION, "ISCO-08 коды", "Код ISCO-08", example="7212-01"),
    Column("field", col.text(100), "Кәсіби сала", "Профессиональная область"),
    Column("post", col.text(300), "Биржа тізбесіндегі лауазым", "Должность по перечню биржи"),
    PLACE,
    DISTRICT,
    ADDRESS,
    Column("sites", SITES, "Басқа жұмыс орындары", "Другие площадки"),
    Column("pay_from", col.TENGE, "Жалақы, бастап", "Оплата от", True, PAY_EXAMPLE),
    Column("pay_to", col.TENGE, "Жалақы, дейін", "Оплата до", example=240_000),
    Column("regime", col.choice(REGIMES), "Жұмыс режимі", "Режим работы", example="full"),
    Column("shifts", col.SHIFTS, "Жұмыс кестесі", "График", example="1-5 08:00-17:00"),
    Column("character", col.choice(CHARACTERS), "Жұмыс сипаты", "Характер работы"),
    Column("conditions", col.choice(CONDITIONS), "Еңбек жағдайы", "Условия рабочего места"),
    Column("flags", col.choices(FLAGS), "Жұмыс шарттары", "Условия труда", example="heavy"),
    Column("licences", col.choices(LICENCES), "Жүргізуші санаттары", "Категории прав"),
    Column(
        "experience_years",
        col.whole(requirements.MOST_EXPERIENCE),
        "Өтілі, жыл",
        "Стаж, лет",
        example=1,
    ),
    Column("education", col.choice(EDUCATIONS), "Білімі", "Образование"),
    Column("languages", SPOKEN, "Тіл білу", "Знание языков", example="қазақша B1"),
    Column("skills", col.text(5_000), "Дағдылар", "Навыки"),
    Column("qualities", col.text(5_000), "Жеке қасиеттері", "Личные качества"),
    Column("essential", LINES, "Міндетті талаптар", "Обязательно"),
    Column("desirable", LINES, "Болғаны жақсы", "Желательно"),
    Column("housing", col.FLAG, "Тұрғын үй беріледі", "Жильё предоставляется", example="жоқ"),
    Column("transport", col.FLAG, "Көлік беріледі", "Развозка", example="иә"),
    Column("support", col.choices(SUPPORT), "Қосымша қолдау", "Дополнительная поддержка"),
    Column("graduates", col.FLAG, "Түлектерге де жарайды", "Подходит и выпускникам"),
    Column("internship", col.FLAG, "Тағылымдама", "Стажировка"),
    Column("duties", col.text(5_000), "Міндеттері", "Обязанности"),
    Column("expires_on", col.DAY, "Жарамдылық мерзімі", "Действует до"),
    Column("places_any", _PLACES, "Кез келген санатқа орын", "Мест любой категории"),
    Column("places_probation", _PLACES, "Пробация орны", "Мест: пробация", example=2),
    Column("places_released", _PLACES, "Босатылғандар орны", "Мест: освобождённые"),
    Column("places_disabled", _PLACES, "Мүгедектігі барларға орын", "Мест: инвалидность"),
    Column(
        "places_without_care",
        _PLACES,
        "Қамқорлықсыз қалған жастарға орын",
        "Мест: молодёжь без попечения",
    ),
    Column(OTHER_PLACES, COUNTS, "Басқа санаттарға орын", "Мест других категорий"),
    Column("places_beyond", _PLACES, "Квотадан тыс орын", "Мест сверх квоты"),
)


def read_asked(values: Mapping[str, Any]) -> dict[str, int]:
    """The places a row asks for, by category, ANY and BEYOND."""
    asked: dict[str, int] = {key: values[c] for c, key in PLACES.items() if values.get(c)}
    return asked | {key: n for key, n in values.get(OTHER_PLACES, {}).items() if n}


def show_asked(asked: Mapping[str, int]) -> dict[str, Any]:
    """The places a vacancy asks for, by column."""
    shown: dict[str, Any] = {column: asked.get(key) for column, key in PLACES.items()}
    others = {key: n for key, n in asked.items() if key not in PLACES.values() and n}
    return {column: count for column, count in (shown | {OTHER_PLACES: others}).items() if count}
