"""German: `dass` clauses end with their verb, things stand in the accusative."""

from tests.newsroom.words import Language, several

GERMAN = Language(
    code="de",
    locale="de_DE",
    offset=60,
    given=several(
        "Anneliese | Bernd | Cordula | Detlef | Friederike | Günther | Heike | Jörg | Käthe | Lüder | Rüdiger | Ursula"
    ),
    family=several(
        "Achterberg | Brüggemann | Döring | Eichhörnle | Großkopf | Hölzel | Krähenbühl | Müßig | Süßkind | Weiß"
    ),
    slots={
        "place": several("""
            Ahrensmühle | Bad Lindental | Brücken | Dörnfeld | Eschenau | Großweiler | Hohenstück | Kaltbach
            Mühlhofen | Niederau | Oberzell | Süderdeich | Talheim | Wiesenthal
        """),
        "who": several("""
            der Gemeinderat | die Bürgermeisterin | ein pensionierter Lehrer | die Freiwillige Feuerwehr
            der Heimatverein
            die Leiterin der Bücherei | der Förster | das Wasserwerk | die Kreisverwaltung | ein Landwirt aus {place}
            der Vorsitzende des Schützenvereins | die Pächterin des Freibads
        """),
        "thing": several("""
            die alte Eisenbahnbrücke | den neuen Radweg | das Freibad | die Grundschule | den Wochenmarkt
            das Stadtarchiv
            die Kläranlage | den Bürgerbus | die Streuobstwiese | das Feuerwehrhaus | den Hochwasserschutz | die Turmuhr
            den Spielplatz am Weiher | das Heimatmuseum
        """),
        "when": several("""
            am Dienstagabend | nach langer Sitzung | in der vergangenen Woche | vor der Sommerpause | kurz vor Mittag
            am frühen Morgen | zum ersten Mal seit Jahren | über das Wochenende | im Herbst | ohne große Ankündigung
        """),
        "where": several("""
            in {place} | bei {place} | an der Straße nach {place} | hinter dem Rathaus | am Ufer des Kanals
            im oberen Tal
            zwischen {place} und dem Fluss | am Rand des Gewerbegebiets
        """),
        "said": several("sagte | erklärte | betonte | schrieb | wiederholte | räumte ein"),
        "claim": several("""
            die Arbeiten mindestens {n} Tage dauern | niemand die Anwohner gefragt hat | das Geld schon bereitliegt
            die Zahlen noch einmal geprüft werden | es keinen Grund zur Eile gibt | der erste Schritt der schwerste war
            mehr als {n} Menschen unterschrieben haben | die Ingenieure einen günstigeren Weg gefunden haben
            eine Entscheidung nicht bis zum Winter warten kann | der alte Vertrag noch immer gilt
        """),
        "why": several("""
            weil der Boden weicher ist als erwartet | obwohl sich die Kosten verdoppelt haben
            damit die Läden öffnen können
            seit der letzte Bericht erschienen ist | sobald der Schnee geschmolzen ist
            falls der Landkreis nicht widerspricht
            nachdem jahrelang gestritten worden war
        """),
        "verb": several("besichtigte | verteidigte | bezahlte | lobte | prüfte | fotografierte | vermaß | kritisierte"),
        "plan": several("sanieren | schließen | verlegen | erweitern | verkaufen | umbenennen | erhalten"),
    },
    sentences=several("""
        {who} {verb} {thing} {where}.
        {when} {verb} {who} {thing}, {why}.
        {person} {said}, dass {claim}.
        „Über {thing} haben wir lange genug geredet“, {said} {person} {when}.
        Rund {n} Menschen kamen {when}, um {thing} zu sehen.
        Nach Angaben aus {place} will {who} {thing} {plan}, {why}.
        Die Kosten für {thing} {where} werden auf {n} Tausend Euro geschätzt.
        Es heißt, dass {claim}, {why}.
        Ohne {thing} wäre {place} nicht, was es ist, {said} {person}.
        {where} wartet man seit {n} Wochen auf {thing}, {why}.
        {when} wurde bekannt, dass {claim}.
        Wer {thing} kennt, weiß, dass {claim}.
        {person} aus {place} hofft, dass {claim}.
        Eine Abstimmung über {thing} ist {when} vorgesehen, {why}.
    """),
    titles=several("""
        {place} will {thing} {plan}
        Streit um {thing} in {place}
        Wer bezahlt {thing} in {place}?
        „Süß & sauer“: {person} über {thing} in {place}
        {place} stimmt über {thing} ab: {n} Stimmen dafür
        Warum {person} {thing} nicht {plan} will
    """),
    standfirsts=several("""
        Ein Bericht aus {place}, wo {who} einen Plan hat und {n} Nachbarn einen anderen.
        Was der Streit um {thing} für {place} bedeutet und was {person} dazu meint.
        Das Neueste über {thing} und die Meinungen dazu.
    """),
    subheads=several(
        "So geht es in {place} weiter | Was {thing} gekostet hat | Stimmen aus {place} | Ein langer Weg um {thing}"
    ),
    items=several("""
        {n} Meter neuer Zaun {where} | frische Farbe für {thing} | ein Tag der offenen Tür mit {person}
        ein Topf mit {n} Euro für Reparaturen {where} | bessere Beleuchtung {where}
    """),
    quotes=several("""
        Ich habe {thing} in besseren Tagen gesehen und werde bessere Tage wieder sehen, pflegt {person} zu sagen.
        Wenn niemand handelt, wird {place} sich daran erinnern, dass {claim}.
    """),
    captions=several("""
        Blick auf {thing} von {place} aus. Foto: {person}
        {person} {where}. Bild: Archiv
    """),
    comments=several("""
        Ich komme jeden Tag an {place} vorbei und habe das nie bemerkt, danke!
        Typisch {place}: erst {thing} {plan} wollen, dann {n} Meinungen einholen.
        Meine Großmutter sagte immer, dass {claim}.
        Könnte {person} bitte auf die Briefe aus {place} antworten?
    """),
    tags=several("Hochwasser | Verkehr | Schule | Haushalt | Naturschutz | Vereine | Landwirtschaft | Fußball"),
    labels={
        "site": "Talbote",
        "tagline": "Nachrichten aus dem Tal",
        "home": "Startseite",
        "by": "Von",
        "and": "und",
        "published": "Veröffentlicht",
        "updated": "Aktualisiert",
        "related": "Ähnliche Beiträge",
        "comments": "Kommentare",
        "leave": "Schreibe einen Kommentar",
        "login": "Du musst angemeldet sein, um einen Kommentar abzugeben.",
        "reply": "Antworten",
        "share": "Diesen Artikel teilen",
        "top": "Nach oben",
        "newsletter": "Abonnieren Sie unseren Newsletter und verpassen Sie nichts aus dem Tal.",
        "email": "Ihre E-Mail-Adresse",
        "subscribe": "Abonnieren",
        "tags": "Schlagwörter",
        "more": "Weiterlesen",
        "next": "Ältere Beiträge",
        "previous": "Neuere Beiträge",
        "search": "Suche",
        "contact": "Kontakt",
        "about": "Über uns",
        "latest": "Neueste Nachrichten",
        "print": "Seite drucken",
        "popular": "Meistgelesen",
        "also": "Lesen Sie auch",
        "consent_title": "Datenschutzeinstellungen",
        "consent": (
            "Wenn Sie unsere Website besuchen, kann sie über Ihren Browser Informationen bestimmter Dienste speichern, "
            "meist in Form von Cookies. Hier können Sie Ihre Einstellungen ändern."
        ),
        "consent_kinds": "Notwendig|Statistik|Marketing|Externe Medien",
        "accept": "Alle akzeptieren",
        "reject": "Alle ablehnen",
        "save": "Auswahl speichern",
    },
)
