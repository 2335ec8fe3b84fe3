"""The articles beneath the walls: from the newspaper's own grammar where it speaks the language, else written here."""
# ruff: noqa: E501 -- a sentence stays on its line

from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from tests.newsroom.languages import LANGUAGES
from tests.newsroom.words import fresh, person


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A short article."""

    title: str
    author: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        """The body, paragraphs parted by a blank line."""
        return "\n\n".join(self.paragraphs)


DAY = datetime(2026, 11, 20, 8, 15, tzinfo=UTC)


def piece(language: str, *, seed: str, paragraphs: int = 5) -> Piece:
    """Returns the article of that seed; languages without a grammar have three paragraphs at most."""
    return _made(language, seed=seed, paragraphs=paragraphs) if language in LANGUAGES else _kept(language, paragraphs)


def _made(code: str, *, seed: str, paragraphs: int) -> Piece:
    language, rng, used = LANGUAGES[code], Random(f"piece/{seed}"), set[str]()
    title = fresh(language, language.titles, rng=rng, used=used)
    texts = tuple(
        language.space.join(fresh(language, language.sentences, rng=rng, used=used) for _ in range(rng.randint(2, 4)))
        for _ in range(paragraphs)
    )
    return Piece(title=title, author=person(language, rng=rng), paragraphs=texts)


def _kept(code: str, paragraphs: int) -> Piece:
    title, author, *texts = (line.strip() for line in KEPT[code].strip().splitlines())
    return Piece(title=title, author=author, paragraphs=tuple(texts[:paragraphs]))


KEPT = {
    "it": """
        Il vecchio mulino di Valdombra torna a girare
        Elisa Ferranti
        Dopo undici anni di silenzio la grande ruota del mulino di Valdombra ha ripreso a muoversi domenica mattina, davanti a quasi trecento abitanti arrivati anche dai paesi vicini.
        Il restauro, pagato in parte con la vendita di torte al mercato, è costato meno del previsto perché il fabbro ha lavorato gratis per due inverni.
        Da aprile la farina di castagne si potrà comprare ogni sabato, e la maestra della scuola elementare vuole portarci tutte le classi.
    """,
    "nl": """
        Veerman van Oudeschans stopt na veertig jaar
        Marijke Hoekema
        De veerman van Oudeschans heeft zaterdag voor het laatst de rivier overgestoken, met aan boord zijn drie kleinkinderen en een fanfare die te zwaar bleek voor de kleine pont.
        De gemeente zoekt sinds het voorjaar een opvolger, maar tot nu toe meldden zich alleen twee studenten en een gepensioneerde kok.
        Zolang niemand gevonden is, vaart de brandweer twee keer per dag op en neer, vooral voor de scholieren van de overkant.
    """,
    "pl": """
        Biblioteka w Dolnym Brzegu otworzyła się po powodzi
        Hanna Wilczek
        Po ośmiu miesiącach suszenia i liczenia strat biblioteka w Dolnym Brzegu znów wypożycza książki, choć regały sięgają teraz dopiero od wysokości kolan.
        Najcenniejsze kroniki uratował stróż nocny, który wyniósł je na strych, zanim woda dotarła do schodów.
        W sobotę mieszkańcy przynieśli ponad czterysta własnych tomów, a najstarszy z nich pamięta jeszcze czasy przedwojenne.
    """,
    "pt": """
        Farol da Ponta Velha volta a ter faroleiro
        Beatriz Loureiro
        O farol da Ponta Velha, automático desde os anos oitenta, volta a ter quem lá durma: uma antiga professora que respondeu a um anúncio colado na mercearia.
        A junta de freguesia paga o aquecimento e, em troca, ela abre a torre aos visitantes duas tardes por semana.
        Na primeira tarde subiram noventa pessoas, e o padeiro levou pão quente para todos os que esperaram à chuva.
    """,
    "sv": """
        Bybutiken i Norrsele räddad av nittio ägare
        Annika Sjöborg
        När bybutiken i Norrsele skulle läggas ned köpte invånarna den själva, och nu står nittio namn på skylten ovanför dörren.
        Den första veckan sålde de slut på jäst, ljus och gummistövlar, och kassan fick lånas ut till kyrkan eftersom den gamla hade rostat.
        Till våren ska ett kafé öppna i lagret, om bara någon hittar en spis som orkar med fyrtio kanelbullar i timmen.
    """,
    "da": """
        Færgen til Lilleholm sejler igen om natten
        Kirsten Damgaard
        Fra mandag sejler færgen til Lilleholm også efter midnat, så fiskerne ikke længere skal vente på kajen til solen står op.
        Besætningen har fået en kaffemaskine og en hund, og begge dele har allerede gjort rejsen kortere, siger kaptajnen.
        Øens toogtyve børn har tegnet de nye skilte, og ingen af dem ligner hinanden.
    """,
    "fi": """
        Koivulahden soittokunta sai talonsa takaisin
        Tuulikki Raita
        Koivulahden soittokunta harjoittelee taas omassa talossaan, jonka katto romahti lumen alla kolme talvea sitten.
        Uusi katto kestää kapellimestarin mukaan vaikka norsun, mutta rummut pidetään silti varmuuden vuoksi eteisessä.
        Ensimmäiseen konserttiin lauantaina mahtuu sata kuulijaa, ja loput saavat kuunnella ikkunoiden alla.
    """,
    "cs": """
        Rybáři v Horním Jezeře vypustili starý náhon
        Radka Vlčková
        Rybáři v Horním Jezeře po třiceti letech vypustili náhon a našli v bahně dvě kola, zvon a celý nákladní vůz.
        Zvon patřil kapli, která zmizela za války, a místní kovář ho chce do jara opravit.
        Vůz zůstane na břehu, protože si ho mezitím oblíbily děti i čápi.
    """,
    "hu": """
        Újra jár a kisvonat Alsókőröd fölött
        Bánfalvi Réka
        Tizennégy év után szombaton ismét elindult a kisvonat Alsókőröd fölött, igaz, az első kanyarban egy tehén miatt kellett várni.
        A síneket önkéntesek tették rendbe, a mozdonyt pedig egy nyugdíjas lakatos hozta helyre a saját udvarában.
        Hétvégente négy járat indul, és a kalauz, aki amúgy tanító, minden állomásról tud egy történetet.
    """,
    "ro": """
        Moara din Valea Adâncă macină din nou
        Ilinca Dobrescu
        La moara din Valea Adâncă s-a auzit din nou piatra duminică, iar bătrânii satului au venit cu saci goi ca pe vremuri.
        Roata a fost refăcută din stejar de doi frați care au învățat meseria dintr-un caiet găsit în pod.
        Până la Crăciun făina se dă gratis celor care aduc lemne pentru cuptorul școlii.
    """,
    "tr": """
        Yukarıdere köyünün çan saati yeniden çalıyor
        Nermin Aksoy
        Yukarıdere meydanındaki saat yirmi iki yıl aradan sonra pazartesi sabahı yeniden çaldı ve bütün köy erkenden uyandı.
        Saati onaran emekli öğretmen, eksik dişliyi komşu ilçedeki bir hurdacıda bulduğunu anlattı.
        Muhtar şimdi gece çalmaması için bir yol arıyor, çünkü fırıncı dışında herkes şikâyetçi.
    """,
    "uk": """
        У Верхній Греблі знову працює пором
        Оксана Ткаченко
        Після двох років ремонту пором у Верхній Греблі знову возить людей, корів і поштову машину на другий берег.
        Перший рейс затримався на годину, бо оркестр не міг домовитися, хто сидітиме біля поручнів.
        Квиток коштує стільки ж, скільки буханка хліба, і капітан обіцяє не піднімати ціну до весни.
    """,
    "el": """
        Άνοιξε ξανά το φούρνο της η Κάτω Βρύση
        Δέσποινα Καλλέργη
        Έπειτα από έξι χρόνια ο παλιός φούρνος στην Κάτω Βρύση άναψε πάλι, και η ουρά έφτανε το Σάββατο μέχρι το γεφύρι.
        Τον δουλεύουν δύο αδελφές που άφησαν την πόλη και έμαθαν το ζύμωμα από τη γιαγιά ενός γείτονα.
        Κάθε Πέμπτη ψήνουν δωρεάν τα ταψιά όσων δεν έχουν δικό τους φούρνο στο σπίτι.
    """,
    "he": """
        תחנת הרכבת הישנה בעמק נפתחה כספרייה
        יעל שקד
        תחנת הרכבת הישנה בעמק, שעמדה סגורה שלושים שנה, נפתחה ביום ראשון כספרייה קטנה ובה ארבעת אלפים ספרים שתרמו התושבים.
        את המדפים בנה נהג הקטר האחרון, והוא גם זה שמצלצל בפעמון בכל פעם שילד מחזיר ספר בזמן.
        בקיץ יקראו סיפורים על הרציף, בתנאי שהחתולים יסכימו לפנות את הספסלים.
    """,
    "zh": """
        青石镇的老渡口重新开航
        林晓禾
        停航九年之后，青石镇的老渡口星期六清晨重新开航，第一班船载着四十名乘客和两只羊驶向对岸。
        渡船由镇上的木匠修好，他说船底换了三十七块木板，其余的都还是他祖父当年钉上去的。
        从下个月起，学生凭借书证可以免费乘船，条件是在船上把作业写完。
    """,
    "ko": """
        달맞이 마을 물레방아가 다시 돈다
        한소라
        십이 년 동안 멈춰 있던 달맞이 마을 물레방아가 일요일 아침 다시 돌기 시작했고 주민 이백여 명이 다리 위에서 손뼉을 쳤다.
        바퀴는 은퇴한 목수 두 사람이 겨울 내내 참나무를 깎아 고쳤으며 품삯으로 쌀 한 가마니만 받았다.
        마을은 봄부터 토요일마다 메밀가루를 빻아 학교 급식에 보낼 계획이다.
    """,
    "th": """
        ตลาดน้ำบ้านคลองใหม่กลับมาเปิดอีกครั้ง
        มาลี ศรีทอง
        หลังจากปิดไปเจ็ดปี ตลาดน้ำบ้านคลองใหม่กลับมาเปิดเมื่อเช้าวันเสาร์ มีเรือมากกว่าหกสิบลำมาขายผลไม้และขนมพื้นบ้าน
        ชาวบ้านช่วยกันขุดลอกคลองตลอดฤดูแล้ง และพบระฆังเก่าใบหนึ่งจมอยู่ใต้สะพานไม้
        ครูใหญ่ของโรงเรียนบอกว่าเด็ก ๆ จะมาช่วยพายเรือรับส่งผู้สูงอายุทุกสัปดาห์
    """,
}
