"""The words by which URLs tell what they lead to, in many languages.

Articles, tags, authors and searches are the subject of `archive.articles.judging.kinds`; here is what a crawl stays
away from.
"""


def words(text: str) -> frozenset[str]:
    """Read a set of words from white-space separated text."""
    return frozenset(text.split())


FACETS = words("""
    sort sortby sort_by order orderby order_by dir direction asc desc filter filters facet facets color
    colour size price brand min_price max_price price_min price_max per_page perpage limit pagesize
    page_size items layout skin replytocom share print printable print_version action highlight
""")

SESSIONS = words("phpsessid jsessionid sessionid session_id sessid oscsid cfid cftoken zenid mscsid")

CALENDARS = words("calendar kalender agenda calendario calendrier kalendarz event events veranstaltungen termine")

DATE_PARAMETERS = words("month year day date week from to ical tribe-bar-date start end yr mo dy m y d")

SERVICES = words("""
    about account abo abonnement abonnieren abonnes abbonamenti advertise advertising ads agb aide anmelden
    anzeige anzeigen app apps auth author authors autor autores autoren auteur basket buscar careers cart
    checkout colofon conditions connexion consent contact contacto contacts contatti contatto contato cookie
    cookies copyright cgu cgv datenschutz disclaimer donate donation download epaper eula faq feed feeds
    forgot gdpr gewinnspiel help hilfe hjelp imprint impressum inserieren inscription job jobb jobs kariera
    karriere konto kontakt kontakti kontakty kundenservice kundservice legal legals login logout logowanie
    mediadaten mediakit membership mentions merkliste newsletter newsletters nutzungsbedingungen nyhetsbrev
    oferta password personvern podminky privacidad privacidade privacy privacybeleid privatlivspolitik
    profil profile redaktion register registration registrierung registrieren registro regulamin reklama
    reklame rgpd rss search settings shop shopping sign signin signup sitemap sok spenden subscribe
    subscription subscriptions suche suchen suscribete suscripcion support tag tags terminos termos terms
    tietosuoja tilaa tos trauer user users weather wetter widerruf yhteystiedot zoeken szukaj hledat
    recherche ricerca cerca soporte aboutus avisolegal iniciarsesion mentionslegales notelegali ochranaudaju
    politicadeprivacidad вход войти контакты контакт реклама подписка поиск регистрация конфиденциальность
    соглашение правила επικοινωνια επικοινωνία σύνδεση όροι اتصل تواصل الخصوصية تسجيل بحث اشتراك 联系 登录 注册 搜索
    隐私 お問い合わせ ログイン 検索 로그인 검색
""")
"""Single words at either end of a path segment that name a service to customers, a list, or a legal page."""

SERVICE_PHRASES = words("""
    about-us ueber-uns uber-uns wir-ueber-uns over-ons om-os om-oss o-nas o-nama chi-siamo qui-sommes-nous
    quienes-somos quem-somos a-propos nous-contacter contact-us aviso-legal mentions-legales note-legali
    log-in log-out sign-in sign-up e-paper media-kit my-account mein-konto mi-cuenta mon-compte site-map
    wp-login wp-admin zasady-ochrany regisztracio adatvedelem kapcsolat hakkimizda iletisim gizlilik kvkk
    о-нас о-проекте من-نحن
""")
"""What such a page is called wherever it stands in a segment."""
