"""The language of a text, where the page says nothing of it or says the template's."""
# ruff: noqa: E501 -- texts are easier to read in long lines

import pytest

from archive.articles.metadata.tongue import settled, spoken
from archive.articles.model import Article

TEXTS = {
    "en": "The ferry has not run since Tuesday, and the bakery on the far shore has no flour. The council said that it"
    " was looking for a boat, but that there is none to be had before the end of the week, which is why it met in town.",
    "de": "Die Fähre ist seit Dienstag nicht mehr gefahren, und die Bäckerei am anderen Ufer hat kein Mehl. Der Rat sagte,"
    " dass er ein Boot sucht, aber dass es vor dem Ende der Woche keines gibt, weshalb er sich in der Stadt traf und"
    " nicht auf der Insel. Das ist für die Menschen dort eine Last, die auch im Winter nicht leichter wird.",
    "fr": "Le bac ne circule plus depuis mardi, et la boulangerie de l'autre rive n'a pas de farine. Le conseil a dit qu'il"
    " cherche un bateau, mais qu'il n'y en a pas avant la fin de la semaine, et que les gens de la rive sont patients."
    " Une réunion est prévue pour jeudi dans la salle des fêtes avec le maire.",
    "es": "El transbordador no circula desde el martes, y la panadería de la otra orilla no tiene harina. El consejo dijo"
    " que busca un barco, pero que no hay ninguno para los vecinos antes del fin de la semana, y que se reunirá con las"
    " familias de la isla en una sala del puerto.",
    "pl": "Prom nie kursuje od wtorku, a piekarnia na drugim brzegu nie ma mąki. Rada powiedziała, że szuka łodzi, ale że"
    " nie ma żadnej do końca tygodnia, i że to jest trudne dla ludzi na wyspie. Burmistrz był tam po południu, jak co"
    " tydzień, oraz rozmawiał z piekarzem o tym, co dalej.",
    "ru": "Паром не ходит со вторника, и в пекарне на другом берегу нет муки. Совет сказал, что ищет лодку, но что до конца"
    " недели её не будет, и что это трудно для людей на острове. Мэр был там вчера, как и на той неделе, а также говорил"
    " с пекарем о том, что будет дальше, и он не знает, когда это кончится.",
    "uk": "Пором не ходить від вівторка, і в пекарні на тому березі немає борошна. Рада сказала, що шукає човен, але що"
    " його не буде до кінця тижня, і це важко для людей на острові. Мер був там учора, як і минулого тижня, та говорив з"
    " пекарем про те, що буде далі, й не знає, коли це скінчиться.",
    "fa": "کشتی از سه‌شنبه حرکت نکرده است و نانوایی در آن سوی آب آرد ندارد. شورا گفت که این قایق را برای مردم جزیره پیدا می کند"
    " و از شهردار خواست که با نانوا در این باره صحبت کند. این کار برای آن ها یک هفته طول می کشد و هم گران است، و مردم شهر"
    " این را می دانند که کشتی تا پایان هفته به جزیره نمی آید.",
    "ja": "渡し船は火曜日から動いておらず、対岸のパン屋には小麦粉がない。町議会は船を探していると述べたが、週末までは見つからないという。",
    "zh": "渡轮自星期二以来一直没有运行，对岸的面包店已经没有面粉了。镇议会表示正在寻找船只，但在周末之前找不到任何一艘船，居民们只好继续等待。",
    "ko": "나룻배는 화요일부터 다니지 않고 있으며 건너편 빵집에는 밀가루가 없다. 마을 의회는 배를 찾고 있지만 주말까지는 구할 수 없다고 밝혔다.",
    "el": "Το πλοίο δεν έχει ταξιδέψει από την Τρίτη και ο φούρνος στην απέναντι ακτή δεν έχει αλεύρι.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_text_tells_its_language(language):
    """Where the page claims none."""
    assert spoken(TEXTS[language]) == language


@pytest.mark.parametrize("language", TEXTS)
def test_what_is_claimed_and_true_stays(language):
    """As the page writes it, region and all."""
    assert spoken(TEXTS[language], claimed=f"{language}-XX") == f"{language}-XX"


@pytest.mark.parametrize(
    ("claimed", "language"), [("en-US", "de"), ("en", "ru"), ("ru", "uk"), ("en", "ja"), ("ar", "fa")]
)
def test_the_templates_language_gives_way_to_the_texts(claimed, language):
    """Beyond doubt another language, or another script."""
    assert spoken(TEXTS[language], claimed=claimed) == language


@pytest.mark.parametrize(
    ("claimed", "text"),
    [
        ("gsd", TEXTS["de"]),
        ("en", "Kurz gesagt: nein."),
        ("en", "Fährmann Storm Insel Hafen Brot Mehl " * 20),
        ("de", ""),
    ],
)
def test_doubt_leaves_the_claim(claimed, text):
    """Languages of which nothing is known here, texts that are too short, and lists of names."""
    assert spoken(text, claimed=claimed) == claimed


def test_the_source_says_that_the_text_told():
    """Only where it did."""
    told = settled(Article(language="en-US", sources={"language": "dom"}), text=TEXTS["de"])
    assert (told.language, told.sources["language"]) == ("de", "text")
    kept = Article(language="de-AT", sources={"language": "dom"})
    assert settled(kept, text=TEXTS["de"]) is kept
    assert settled(Article(), text="Short.").language is None
