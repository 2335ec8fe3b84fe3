"""What is written on the buttons that show the rest of an article: whole labels, in lower case, without punctuation."""

from typing import Final

LABELS: Final[tuple[str, ...]] = (
    # English
    "read more", "read full article", "read the full article", "read full story", "read the full story",
    "read the rest", "read whole article", "show more", "show full article", "show full text", "show full story",
    "continue reading", "keep reading", "view full article", "expand", "expand article", "expand text", "see more",
    # German
    "weiterlesen", "weiter lesen", "mehr lesen", "mehr anzeigen", "ganzen artikel lesen", "ganzen artikel anzeigen",
    "artikel weiterlesen", "artikel ausklappen", "alles lesen", "mehr erfahren", "ausklappen", "text ausklappen",
    # French
    "lire la suite", "lire plus", "lire l'article", "lire tout l'article", "afficher la suite", "afficher plus",
    "voir plus", "voir la suite", "continuer la lecture", "déplier",
    # Spanish
    "leer más", "seguir leyendo", "continuar leyendo", "leer artículo completo", "ver más", "mostrar más",
    "leer todo", "ver artículo completo",
    # Portuguese
    "leia mais", "ler mais", "continuar lendo", "continuar a ler", "continue lendo", "ver mais", "mostrar mais",
    "ler artigo completo",
    # Italian
    "leggi tutto", "leggi di più", "continua a leggere", "leggi l'articolo completo", "mostra di più", "mostra tutto",
    "espandi",
    # Dutch
    "lees meer", "lees verder", "verder lezen", "meer lezen", "toon meer", "meer tonen", "lees het hele artikel",
    # Swedish, Norwegian, Danish
    "läs mer", "läs hela artikeln", "fortsätt läsa", "visa mer", "les mer", "les hele saken", "fortsett å lese",
    "vis mer", "læs mere", "læs hele artiklen", "fortsæt med at læse", "vis mere",
    # Finnish
    "lue lisää", "lue koko artikkeli", "jatka lukemista", "näytä lisää",
    # Polish
    "czytaj dalej", "czytaj więcej", "pokaż więcej", "rozwiń", "czytaj cały artykuł", "zobacz więcej",
    # Czech, Slovak
    "číst dále", "číst více", "zobrazit více", "celý článek", "čítať ďalej", "čítať viac", "zobraziť viac",
    # Hungarian
    "tovább olvasom", "tovább", "olvass tovább", "mutass többet", "teljes cikk",
    # Romanian
    "citește mai mult", "citeşte mai mult", "citește mai departe", "arată mai mult", "vezi mai mult",
    # Croatian, Serbian, Slovene
    "pročitaj više", "čitaj više", "prikaži više", "nastavi čitati", "прочитај више", "прикажи више", "preberi več",
    "prikaži več",
    # Greek
    "διαβάστε περισσότερα", "διαβάστε τη συνέχεια", "περισσότερα", "δείτε περισσότερα",
    # Russian, Ukrainian, Bulgarian
    "читать далее", "читать дальше", "читать полностью", "показать полностью", "показать ещё", "развернуть",
    "читати далі", "читати більше", "показати більше", "читати повністю", "прочети още", "виж повече",
    "прочетете повече",
    # Turkish
    "devamını oku", "daha fazla oku", "devamını göster", "daha fazla göster", "haberin devamı",
    # Arabic, Persian, Hebrew
    "اقرأ المزيد", "قراءة المزيد", "إقرأ المزيد", "تابع القراءة", "المزيد", "ادامه مطلب", "بیشتر بخوانید", "קרא עוד",
    "המשך קריאה", "קראו עוד", "להמשך קריאה",
    # Hindi, Bengali
    "और पढ़ें", "पूरा पढ़ें", "आगे पढ़ें", "আরও পড়ুন", "আরো পড়ুন",
    # Chinese, Japanese, Korean
    "阅读全文", "閱讀全文", "展开全文", "展開全文", "继续阅读", "繼續閱讀", "查看更多",
    "続きを読む", "もっと見る", "全文を読む", "もっと読む", "더 보기", "더보기", "계속 읽기", "전체 보기",
    "기사 더보기",
    # Vietnamese, Indonesian, Thai
    "đọc tiếp", "xem thêm", "đọc thêm", "baca selengkapnya", "selengkapnya", "lanjutkan membaca", "อ่านต่อ",
    "อ่านเพิ่มเติม",
)  # fmt: skip
