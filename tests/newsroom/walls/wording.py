"""What consent banners say, in more than twenty languages and ten scripts; every word of it is our own."""
# ruff: noqa: E501 -- a sentence stays on its line

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one language: a headline, what the banner says, and the labels of its buttons and switches."""

    title: str
    text: str
    accept: str
    reject: str
    settings: str
    save: str
    ok: str
    necessary: str
    statistics: str
    marketing: str
    policy: str


def _words(lines: str) -> Words:
    fields = dict(line.strip().split(": ", 1) for line in lines.strip().splitlines())
    return Words(**fields)


WORDS: dict[str, Words] = {
    "en": _words("""
        title: Your privacy matters to us
        text: We and our partners store cookies on your device to measure our audience and to show advertisements. You may agree to this or refuse it.
        accept: Accept all
        reject: Reject all
        settings: Manage choices
        save: Save my choices
        ok: Got it
        necessary: Strictly necessary
        statistics: Statistics
        marketing: Marketing
        policy: Cookie policy
    """),
    "de": _words("""
        title: Ihre Privatsphäre ist uns wichtig
        text: Wir und unsere Partner speichern Cookies auf Ihrem Gerät, um die Nutzung zu messen und Werbung auszuspielen. Sie können zustimmen oder ablehnen.
        accept: Alle akzeptieren
        reject: Alle ablehnen
        settings: Einstellungen
        save: Auswahl speichern
        ok: Verstanden
        necessary: Unbedingt erforderlich
        statistics: Statistik
        marketing: Marketing
        policy: Cookie-Richtlinie
    """),
    "fr": _words("""
        title: Le respect de votre vie privée
        text: Avec nos partenaires, nous déposons des cookies sur votre appareil pour mesurer l'audience et afficher de la publicité. Vous pouvez y consentir ou non.
        accept: Tout accepter
        reject: Tout refuser
        settings: Paramétrer
        save: Enregistrer mes choix
        ok: J'ai compris
        necessary: Strictement nécessaires
        statistics: Statistiques
        marketing: Publicité
        policy: Politique de cookies
    """),
    "es": _words("""
        title: Tu privacidad nos importa
        text: Nosotros y nuestros socios guardamos cookies en tu dispositivo para medir la audiencia y mostrar publicidad. Puedes aceptarlo o rechazarlo.
        accept: Aceptar todo
        reject: Rechazar todo
        settings: Configurar
        save: Guardar preferencias
        ok: Entendido
        necessary: Estrictamente necesarias
        statistics: Estadísticas
        marketing: Publicidad
        policy: Política de cookies
    """),
    "it": _words("""
        title: La tua privacy ci sta a cuore
        text: Noi e i nostri partner salviamo cookie sul tuo dispositivo per misurare il pubblico e mostrare pubblicità. Puoi acconsentire oppure rifiutare.
        accept: Accetta tutti
        reject: Rifiuta tutti
        settings: Personalizza
        save: Salva le preferenze
        ok: Ho capito
        necessary: Strettamente necessari
        statistics: Statistiche
        marketing: Pubblicità
        policy: Informativa sui cookie
    """),
    "nl": _words("""
        title: Uw privacy telt
        text: Samen met onze partners plaatsen wij cookies op uw apparaat om bezoek te meten en advertenties te tonen. U kunt dit toestaan of weigeren.
        accept: Alles accepteren
        reject: Alles weigeren
        settings: Instellingen
        save: Keuzes opslaan
        ok: Begrepen
        necessary: Strikt noodzakelijk
        statistics: Statistieken
        marketing: Reclame
        policy: Cookiebeleid
    """),
    "pl": _words("""
        title: Dbamy o Twoją prywatność
        text: Wraz z partnerami zapisujemy pliki cookie na Twoim urządzeniu, aby mierzyć oglądalność i wyświetlać reklamy. Możesz wyrazić zgodę albo odmówić.
        accept: Zaakceptuj wszystkie
        reject: Odrzuć wszystkie
        settings: Ustawienia
        save: Zapisz wybór
        ok: Rozumiem
        necessary: Niezbędne
        statistics: Statystyka
        marketing: Marketing
        policy: Polityka cookies
    """),
    "pt": _words("""
        title: A sua privacidade é importante
        text: Nós e os nossos parceiros guardamos cookies no seu dispositivo para medir a audiência e mostrar publicidade. Pode aceitar ou recusar.
        accept: Aceitar tudo
        reject: Recusar tudo
        settings: Gerir opções
        save: Guardar escolhas
        ok: Compreendi
        necessary: Estritamente necessários
        statistics: Estatística
        marketing: Publicidade
        policy: Política de cookies
    """),
    "sv": _words("""
        title: Vi värnar om din integritet
        text: Vi och våra partner sparar kakor på din enhet för att mäta trafiken och visa annonser. Du kan godkänna det eller avvisa det.
        accept: Godkänn alla
        reject: Avvisa alla
        settings: Inställningar
        save: Spara mina val
        ok: Jag förstår
        necessary: Nödvändiga
        statistics: Statistik
        marketing: Marknadsföring
        policy: Om kakor
    """),
    "da": _words("""
        title: Vi passer på dit privatliv
        text: Vi og vores partnere gemmer cookies på din enhed for at måle trafikken og vise annoncer. Du kan tillade det eller afvise det.
        accept: Tillad alle
        reject: Afvis alle
        settings: Indstillinger
        save: Gem mine valg
        ok: Forstået
        necessary: Nødvendige
        statistics: Statistik
        marketing: Markedsføring
        policy: Cookiepolitik
    """),
    "fi": _words("""
        title: Yksityisyytesi on meille tärkeää
        text: Me ja kumppanimme tallennamme laitteellesi evästeitä mitataksemme kävijöitä ja näyttääksemme mainoksia. Voit hyväksyä tai kieltäytyä.
        accept: Hyväksy kaikki
        reject: Hylkää kaikki
        settings: Asetukset
        save: Tallenna valinnat
        ok: Selvä
        necessary: Välttämättömät
        statistics: Tilastot
        marketing: Markkinointi
        policy: Evästekäytäntö
    """),
    "cs": _words("""
        title: Na vašem soukromí nám záleží
        text: S našimi partnery ukládáme do vašeho zařízení soubory cookies, abychom měřili návštěvnost a zobrazovali reklamu.
        accept: Přijmout vše
        reject: Odmítnout vše
        settings: Nastavení
        save: Uložit volbu
        ok: Rozumím
        necessary: Nezbytné
        statistics: Statistické
        marketing: Marketingové
        policy: Zásady cookies
    """),
    "hu": _words("""
        title: Fontos nekünk az Ön adatvédelme
        text: Partnereinkkel együtt sütiket tárolunk az eszközén, hogy mérjük a látogatottságot és hirdetéseket jelenítsünk meg.
        accept: Összes elfogadása
        reject: Összes elutasítása
        settings: Beállítások
        save: Választás mentése
        ok: Értem
        necessary: Feltétlenül szükséges
        statistics: Statisztika
        marketing: Hirdetés
        policy: Sütikezelés
    """),
    "ro": _words("""
        title: Confidențialitatea ta contează
        text: Noi și partenerii noștri stocăm module cookie pe dispozitivul tău pentru a măsura audiența și a afișa reclame. Poți accepta sau refuza.
        accept: Acceptă toate
        reject: Refuză toate
        settings: Setări
        save: Salvează opțiunile
        ok: Am înțeles
        necessary: Strict necesare
        statistics: Statistici
        marketing: Publicitate
        policy: Politica de cookie-uri
    """),
    "tr": _words("""
        title: Gizliliğinize önem veriyoruz
        text: Biz ve iş ortaklarımız, ziyaretleri ölçmek ve reklam göstermek için cihazınıza çerezler kaydediyoruz. Kabul edebilir ya da reddedebilirsiniz.
        accept: Tümünü kabul et
        reject: Tümünü reddet
        settings: Ayarlar
        save: Seçimleri kaydet
        ok: Anladım
        necessary: Zorunlu
        statistics: İstatistik
        marketing: Pazarlama
        policy: Çerez politikası
    """),
    "ru": _words("""
        title: Мы ценим вашу конфиденциальность
        text: Мы и наши партнёры сохраняем файлы cookie на вашем устройстве, чтобы измерять посещаемость и показывать рекламу. Вы можете согласиться или отказаться.
        accept: Принять все
        reject: Отклонить все
        settings: Настройки
        save: Сохранить выбор
        ok: Понятно
        necessary: Необходимые
        statistics: Статистика
        marketing: Реклама
        policy: О файлах cookie
    """),
    "uk": _words("""
        title: Ми дбаємо про вашу приватність
        text: Ми та наші партнери зберігаємо файли cookie на вашому пристрої, щоб вимірювати відвідуваність і показувати рекламу. Ви можете погодитися або відмовитися.
        accept: Прийняти всі
        reject: Відхилити всі
        settings: Налаштування
        save: Зберегти вибір
        ok: Зрозуміло
        necessary: Необхідні
        statistics: Статистика
        marketing: Реклама
        policy: Про файли cookie
    """),
    "el": _words("""
        title: Το απόρρητό σας μετράει
        text: Εμείς και οι συνεργάτες μας αποθηκεύουμε cookies στη συσκευή σας για να μετράμε την επισκεψιμότητα και να προβάλλουμε διαφημίσεις.
        accept: Αποδοχή όλων
        reject: Απόρριψη όλων
        settings: Ρυθμίσεις
        save: Αποθήκευση επιλογών
        ok: Κατάλαβα
        necessary: Απολύτως απαραίτητα
        statistics: Στατιστικά
        marketing: Διαφήμιση
        policy: Πολιτική cookies
    """),
    "ar": _words("""
        title: خصوصيتك تهمنا
        text: نحن وشركاؤنا نخزن ملفات تعريف الارتباط على جهازك لقياس عدد الزوار وعرض الإعلانات. يمكنك الموافقة أو الرفض.
        accept: قبول الكل
        reject: رفض الكل
        settings: الإعدادات
        save: حفظ الاختيارات
        ok: فهمت
        necessary: ضرورية
        statistics: إحصائيات
        marketing: تسويق
        policy: سياسة ملفات تعريف الارتباط
    """),
    "he": _words("""
        title: הפרטיות שלך חשובה לנו
        text: אנחנו והשותפים שלנו שומרים קובצי עוגיות במכשיר שלך כדי למדוד כניסות ולהציג פרסומות. אפשר להסכים או לסרב.
        accept: אישור הכול
        reject: דחיית הכול
        settings: הגדרות
        save: שמירת הבחירה
        ok: הבנתי
        necessary: הכרחיות
        statistics: סטטיסטיקה
        marketing: שיווק
        policy: מדיניות עוגיות
    """),
    "ja": _words("""
        title: プライバシーに関するお知らせ
        text: 当サイトと提携先は、閲覧状況の計測と広告の表示のために、お使いの端末にクッキー（Cookie）を保存します。同意するか拒否するかを選べます。
        accept: すべて同意する
        reject: すべて拒否する
        settings: 設定を変更
        save: 選択を保存
        ok: 了解しました
        necessary: 必須
        statistics: 統計
        marketing: 広告
        policy: クッキーポリシー
    """),
    "zh": _words("""
        title: 我们重视您的隐私
        text: 我们和合作伙伴会在您的设备上存储 Cookie，用于统计访问量和展示广告。您可以同意，也可以拒绝。
        accept: 全部接受
        reject: 全部拒绝
        settings: 管理选项
        save: 保存选择
        ok: 知道了
        necessary: 必要
        statistics: 统计
        marketing: 营销
        policy: Cookie 政策
    """),
    "ko": _words("""
        title: 개인정보 보호 안내
        text: 저희와 협력사는 방문자 수를 측정하고 광고를 표시하기 위해 기기에 쿠키를 저장합니다. 동의하거나 거부할 수 있습니다.
        accept: 모두 동의
        reject: 모두 거부
        settings: 설정
        save: 선택 저장
        ok: 확인했습니다
        necessary: 필수
        statistics: 통계
        marketing: 마케팅
        policy: 쿠키 정책
    """),
    "hi": _words("""
        title: आपकी निजता हमारे लिए अहम है
        text: हम और हमारे साझेदार पाठकों की गिनती करने और विज्ञापन दिखाने के लिए आपके उपकरण पर कुकी रखते हैं। आप सहमति दे सकते हैं या मना कर सकते हैं।
        accept: सभी स्वीकार करें
        reject: सभी अस्वीकार करें
        settings: सेटिंग्स
        save: पसंद सहेजें
        ok: समझ गया
        necessary: आवश्यक
        statistics: आँकड़े
        marketing: विपणन
        policy: कुकी नीति
    """),
    "th": _words("""
        title: ความเป็นส่วนตัวของคุณสำคัญสำหรับเรา
        text: เราและพันธมิตรจัดเก็บคุกกี้ไว้ในอุปกรณ์ของคุณเพื่อนับจำนวนผู้อ่านและแสดงโฆษณา
        accept: ยอมรับทั้งหมด
        reject: ปฏิเสธทั้งหมด
        settings: การตั้งค่า
        save: บันทึกตัวเลือก
        ok: รับทราบ
        necessary: จำเป็น
        statistics: สถิติ
        marketing: การตลาด
        policy: นโยบายคุกกี้
    """),
}
DIRECTIONS = {"ar": "rtl", "he": "rtl"}
