"""The language that a text is written in, told by its script and by its smallest words.

Templates say what they were made in, not what an article is written in. What a page claims stays unless the text
contradicts it beyond doubt; where a page claims nothing, the text speaks.
"""
# ruff: noqa: E501 -- lists of words keep their lines

import re
from collections import Counter
from dataclasses import replace
from functools import cache, lru_cache

from archive.articles.model import Article

_LEAST = 40  # words, or letters of scripts without spaces, that a text must have
_SAMPLE = 2_000  # characters
_SHARE = 0.08  # of a text's words are small ones of its language, at least
_SURE, _CONTRADICTED = 1.4, 3.0  # times as many as of the next language, and of the one that is claimed

# Scripts that one language writes, as far as news goes.
_SCRIPTS = {
    "ko": ("\uac00", "\ud7af"), "ja": ("\u3040", "\u30ff"), "th": ("\u0e00", "\u0e7f"), "el": ("\u0370", "\u03ff"),
    "he": ("\u0590", "\u05ff"), "ka": ("\u10a0", "\u10ff"), "hy": ("\u0530", "\u058f"), "bn": ("\u0980", "\u09ff"),
    "pa": ("\u0a00", "\u0a7f"), "gu": ("\u0a80", "\u0aff"), "ta": ("\u0b80", "\u0bff"), "te": ("\u0c00", "\u0c7f"),
    "kn": ("\u0c80", "\u0cff"), "ml": ("\u0d00", "\u0d7f"), "si": ("\u0d80", "\u0dff"), "my": ("\u1000", "\u109f"),
    "km": ("\u1780", "\u17ff"), "lo": ("\u0e80", "\u0eff"), "am": ("\u1200", "\u137f"), "zh": ("\u4e00", "\u9fff"),
}  # fmt: skip
_RANGES = {
    "latin": ("A", "\u024f"), "cyrillic": ("\u0400", "\u04ff"), "arabic": ("\u0600", "\u06ff"),
    "devanagari": ("\u0900", "\u097f"), **_SCRIPTS,
}  # fmt: skip
# Languages that write one of those scripts beside the one that is named for it, or are another name of it.
_ALSO = {
    "he": {"yi", "iw"}, "bn": {"as"}, "am": {"ti"}, "zh": {"yue", "ja", "wuu", "nan"}, "ko": {"kor"}, "my": {"shn"},
    "ka": {"xmf"}, "nb": {"no", "nn"}, "id": {"ms", "in"}, "hr": {"bs", "sr", "sh"}, "tl": {"fil"}, "sr": {"sh"},
}  # fmt: skip
_SMALL_WORDS = {
    "latin": {
        "en": "the of and to in is that for it was on with as at by are this be from have not his has but they which who",
        "de": "der die und das von den mit ist des im für auf nicht sich ein eine dem auch als wie werden hat einen zu",
        "fr": "le la les et des du est une dans pour que qui sur par pas au aux avec ce cette il ont plus sont été",
        "es": "el la los las de que y en un una del por con para se su al como más pero fue ha sus este lo",
        "it": "il di che la e è per un una in del della con non sono gli alla si dei le da anche nel più ha",
        "pt": "o a de que e do da em um uma para com não os no na por mais dos das foi ao se como são",
        "nl": "de het een van en in is dat op te zijn voor met die niet aan er om ook maar bij wordt hij naar nog",
        "sv": "och att det som en är av för den till med på har inte om ett han men var sig från så kan vid",
        "da": "og at det som en er af for den til med på har ikke om et han men var sig fra så kan ved blev efter nu",
        "nb": "og at det som en er av for den til med på har ikke om et han men var seg fra så kan ved ble etter nå",
        "fi": "ja on ei että se oli mutta hän ovat myös kun joka niin ole sekä mukaan jo voi tai siitä kuin vain",
        "et": "ja on ei et see oli aga ta ka kui mis oma siis või ning tema pole nii mida ole kes seda eest",
        "lv": "un ir ar no kas par uz ka arī tā bet lai to vai kā pie tika savu pēc šo gada nav ko viņš",
        "lt": "ir yra su kad bet į iš kaip tai buvo ne o jis per apie už nuo taip pat dėl metų savo jau",
        "pl": "w i na z się nie że do to jest od o po jak przez co dla są był za tym ale który jego oraz",
        "cs": "a v se na je že s z do to o i po ve jako za k by pro ale byl které jeho jsou podle také",
        "sk": "a v sa na je že s z do to o aj po vo ako za k by pre ale bol ktoré jeho sú podľa tiež",
        "hu": "a az és hogy nem is egy meg ez volt de csak már el ki azt még szerint mint lesz vagy amely után",
        "ro": "și în de la a cu pe nu că este din care un o pentru mai fi au sunt au fost se ce prin după",
        "hr": "i u je na se da su za od s koji što to kako ne a će o iz bio ali koja kao nije po",
        "sl": "in je v na se da so za z ki s pa to kot ne bi tudi od iz bil pri po še lahko ni",
        "sq": "të e në dhe i për me një që nga është se ka u si më do janë nuk edhe ishte kjo por ky",
        "tr": "ve bir bu da de için ile olarak çok daha olan gibi sonra kadar ne var ama ise dedi oldu en o",
        "az": "və bir bu da də üçün ilə olan daha çox kimi sonra qədər ki o edib deyib onun isə var il",
        "id": "yang dan di dengan untuk ini itu dari dalam pada tidak akan oleh adalah juga ke tersebut saat bisa karena",
        "vi": "và của là có cho không được các một những trong với này người đã khi để từ đến như vào",
        "ca": "el la els les de que i en un una del per amb no és al es ha dels més com va aquest però",
        "eu": "eta da ez ere bat du dira izan dute baina egin hau hori dela duen zen gabe baino zuen",
        "gl": "o a os as de que e do da en un unha para con non polo máis na no foi ao como pola",
        "is": "og að í á er sem til við um það var en fyrir ekki með af því hann hefur frá eru þá",
        "ga": "an agus na ar is le go i a do bhí sé ag tá de ach leis nach seo mar níl don",
        "cy": "y yr yn a i o ar mae ei gan am wedi fod ac sydd oedd hefyd bod eu gyda nid hyn",
        "af": "die en van in is het dat vir met nie hy om te was sy op word aan ook sal wat deur maar",
        "sw": "na ya wa kwa ni katika la za kuwa hiyo huo cha watu pia hii yake lakini kama baada",
        "tl": "ang ng sa na mga ay at ni si para hindi ito nang kay niya may kanyang din isang",
    },
    "cyrillic": {
        "ru": "и в не на что с по как это он из к для от его за был то но также а до которые года",
        "uk": "і в на що з у не до за як та це від про для його й було який року також є",
        "be": "і ў на што з у не да за як гэта ад пра для яго было які года таксама",
        "bg": "и на в се за от да е с че по не са това как през като към беше или си",
        "sr": "и у је на се да су за од са који што то како не а ће о из био али",
        "mk": "и на во се за од да е со дека по не не се тоа како преку ќе беше или го",
        "kk": "және мен да де бұл үшін деп осы ол болып бар еді бойынша туралы деді жылы",
    },
    "arabic": {
        "ar": "في من على إلى أن التي الذي عن مع هذا هذه كان ما لا بعد قد بين كما أو ذلك",
        "fa": "در به از که این را با است برای آن و می بر شده خود های تا کرد یک هم",
        "ur": "کے میں کی کا نے ہے اور سے کو کہ ہیں اس پر یہ تھا بھی ہو گیا ایک",
        "ckb": "لە بۆ و کە بە ئەو ئەم لەگەڵ هەروەها بوو",
    },
    "devanagari": {
        "hi": "के में की है और से का को ने पर कि यह हैं था भी इस कर नहीं एक लिए",
        "mr": "आहे आणि या आहेत होते तर हे केली मध्ये ते असे होता यांनी करण्यात झाली",
        "ne": "छ र को मा पनि गर्ने भएको छन् गरेको हो यो लागि भने थियो एक गरी बताए",
    },
}
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0900-\u0963\u0e31-\u0e4e\u064b-\u065f'’])*")


def settled(said: Article, *, text: str) -> Article:
    """Return an article with the language that its text is written in, where the page claims none or a wrong one."""
    found = spoken(text, claimed=said.language)
    if found is None or found == said.language:
        return said
    return replace(said, language=found, sources={**said.sources, "language": "text"})


def spoken(text: str, *, claimed: str | None = None) -> str | None:
    """Return the language of a text: the claimed one unless contradicted; None where neither page nor text tells."""
    sample = text[:_SAMPLE]
    primary = (claimed or "").split("-")[0].lower()
    script = _script(sample)
    if script is None:
        return claimed
    if script in _SCRIPTS:
        return claimed if primary in {script, *_ALSO.get(script, ())} else _unless_unknown(script, claimed=claimed)
    return _voted(sample, script=script, claimed=claimed, primary=primary)


def _unless_unknown(found: str, *, claimed: str | None) -> str:
    """Return what was found, unless a language is claimed of which nothing is known here."""
    return found if claimed is None or claimed.split("-")[0].lower() in _known() else claimed


@cache
def _known() -> frozenset[str]:
    return frozenset([*_SCRIPTS, *(language for voters in _SMALL_WORDS.values() for language in voters)])


def _script(sample: str) -> str | None:
    """Return the script of most letters; Japanese is told by its syllables among the characters of China."""
    counts: Counter[str] = Counter()
    for letter, count in Counter(sample).items():
        counts[_script_of(letter)] += count
    total = sum(counts.values()) - counts[""]
    counts[""] = 0
    if total < _LEAST:
        return None
    if counts["ja"] * 10 > total and counts["ja"] + counts["zh"] > counts["latin"]:
        return "ja"
    name, most = counts.most_common(1)[0]
    return name if most * 2 > total else None


@lru_cache(maxsize=10_000)
def _script_of(letter: str) -> str:
    """Return the script of a letter, or nothing."""
    if not letter.isalpha():
        return ""
    return next((name for name, (first, last) in _RANGES.items() if first <= letter <= last), "other")


def _voted(sample: str, *, script: str, claimed: str | None, primary: str) -> str | None:
    words = _WORD.findall(sample.lower())
    if len(words) < _LEAST:
        return claimed
    votes = _votes(words, script=script)
    (best, most), (_, next_most) = [*votes.most_common(2), ("", 0.0), ("", 0.0)][:2]
    if most < _SHARE * len(words):
        return claimed
    if claimed is None:
        return best if most > _SURE * next_most else None
    if primary in {best, *_ALSO.get(best, ())} or primary not in _known():
        return claimed
    return best if most > max(_SURE * next_most, _CONTRADICTED * votes[primary]) else claimed


def _votes(words: list[str], *, script: str) -> Counter[str]:
    """Return how many words are small ones of each language; a word of several languages counts for each in part."""
    votes: Counter[str] = Counter()
    for word, count in Counter(words).items():
        languages = _speakers(script).get(word, ())
        for language in languages:
            votes[language] += count / len(languages)  # type: ignore[assignment]  # shares of votes are no integers
    return votes


@cache
def _speakers(script: str) -> dict[str, tuple[str, ...]]:
    """Return the languages of a script in which each word is a small one."""
    found: dict[str, tuple[str, ...]] = {}
    for language, text in _SMALL_WORDS[script].items():
        for word in dict.fromkeys(text.split()):
            found[word] = (*found.get(word, ()), language)
    return found
