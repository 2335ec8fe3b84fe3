"""Labels of the WHATWG Encoding Standard, and bytes that have none."""

import pytest

from archive.articles.markup.text import decode

TEXTS = {
    "ru": "В понедельник утром гуси перекрыли дорогу в долину и никого не пропускали до обеда.",
    "uk": "У понеділок уранці гуси перекрили дорогу в долину й нікого не пропускали до обіду, їй-богу.",
    "cs": "Do knihovny přišel ve čtvrtek kůň, postavil se k příběhům a zůstal až do zavírací doby.",
    "pl": "Żaden gość nie zauważył, że koń wyszedł przez okno i zabrał ze sobą książkę.",
    "de": "Der schönste Gruß aus Obertal kommt dieses Jahr auf Papier, „größer“ als sonst.",
    "tr": "Vadideki eski köprü salı günü yeniden açıldı; ilk geçen bir köpek oldu, şaşırdık.",
    "el": "Η παλιά γέφυρα της κοιλάδας άνοιξε ξανά την Τρίτη.",
    "he": "הגשר הישן מעל הנחל נפתח מחדש ביום שלישי.",
    "ar": "عادت العبارة إلى العمل صباح الاثنين بعد تسعة أيام.",
    "th": "สะพานเก่าในหุบเขาเปิดใช้อีกครั้งเมื่อวันอังคาร",
    "ja": "谷の古い橋が十日、二か月ぶりに開通した。",
    "zh-CN": "山谷里的老桥周二重新通车，第一个过桥的是一只狗。",
    "zh-TW": "山城車站來了新站長，毛是橘色的，戴著一頂小帽子。",
    "ko": "골짜기의 옛 다리가 두 달 만에 다시 열렸다.",
    "lt": "Senasis slėnio tiltas antradienį vėl atidarytas, pirmas perbėgo šuo.",
}


@pytest.mark.parametrize(
    ("label", "language", "encoding"),
    [
        ("iso88591", "de", "cp1252"), ("latin1", "de", "cp1252"), ("x-cp1252", "de", "cp1252"),
        ("ISO_8859-2:1987", "pl", "iso8859_2"), ("x-cp1250", "cs", "cp1250"), ("koi", "ru", "koi8_r"),
        ("koi8-ru", "uk", "koi8_u"), ("x-cp1251", "ru", "cp1251"), ("x-mac-cyrillic", "ru", "mac_cyrillic"),
        ("cp866", "ru", "cp866"), ("sun_eu_greek", "el", "iso8859_7"), ("logical", "he", "iso8859_8"),
        ("dos-874", "th", "cp874"), ("iso-8859-9", "tr", "cp1254"), ("gb2312", "zh-CN", "gb18030"),
        ("x-gbk", "zh-CN", "gb18030"), ("x-x-big5", "zh-TW", "big5hkscs"), ("x-euc-jp", "ja", "euc_jp"),
        ("x-sjis", "ja", "cp932"), ("csiso2022jp", "ja", "iso2022_jp"), ("windows-949", "ko", "cp949"),
        ("unicode-1-1-utf-8", "ar", "utf-8"), ("arabic", "ar", "iso8859_6"), ("x-cp1257", "lt", "cp1257"),
    ],
)  # fmt: skip
def test_a_label_means_what_browsers_take_it_for(label: str, language: str, encoding: str) -> None:
    """In the transport, in the header and in the page."""
    text = TEXTS[language].replace("„", '"').replace("“", '"') if encoding == "mac_cyrillic" else TEXTS[language]
    data = text.encode(encoding)
    assert decode(data, charset=label) == text
    assert decode(data, headers=[("Content-Type", f'text/html; charset="{label}"')]) == text
    assert decode(f"<meta charset={label}>".encode() + data).endswith(text)
    equiv = f'<meta http-equiv="Content-Type" content="text/html; charset={label}">'
    assert decode(equiv.encode() + data).endswith(text)


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        ("ru", "cp1251"), ("ru", "koi8_r"), ("ru", "iso8859_5"), ("uk", "cp1251"), ("cs", "cp1250"),
        ("cs", "iso8859_2"), ("pl", "cp1250"), ("pl", "iso8859_2"), ("de", "cp1252"), ("tr", "cp1254"),
        ("el", "cp1253"),
        ("he", "cp1255"),
        ("ar", "cp1256"), ("th", "cp874"), ("ja", "euc_jp"), ("ja", "cp932"),  ("lt", "cp1257"),
        ("zh-CN", "gb18030"), ("zh-TW", "big5"), ("ko", "cp949"), ("ar", "utf-8"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("said", ["", '<meta charset="utf-8">'])
def test_bytes_without_a_true_label_go_by_the_language_of_the_page(language: str, encoding: str, said: str) -> None:
    """Also where the page says that it is UTF-8 and is not."""
    text = TEXTS[language] * 3
    assert decode(f'<html lang="{language}"><head>{said}</head>'.encode() + text.encode(encoding)).endswith(text)
