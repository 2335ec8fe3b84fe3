"""The words of consent banners in many languages: what they speak of, and what their buttons say."""
# ruff: noqa: E501 -- a list of words keeps its lines

import re
from functools import lru_cache
from typing import Final

# What a banner speaks of: cookies and privacy. Parts of words, so that cases and plurals count too.
_SUBJECTS = """
cookie|kakor|kakfil|eväste|süti|çerez|informasjonskapsl|vafrakök|küpsis|sīkdat|slapuk|kolačić|piškotk|кукит|куки|бисквитк|
колачињ|колачић|galetes|fianán|cwcis|kuki|עוגיות|עוגיה|ملفات تعريف|الكوكيز|کوکی|クッキー|쿠키|कुकी|কুকি|คุกกี้|thông tin cookie|
consent|privacy|gdpr|ccpa|dsgvo|rgpd|personal information|personal data|personenbezogen|datenschutz|privatsphäre|einwillig|
tracking|tracker|traceurs|vie privée|confidentialité|consentement|données personnelles|privacidad|datos personales|
consentimiento|riservatezza|dati personali|consenso|privacidade|dados pessoais|persoonsgegevens|toestemming|prywatno|
danych osobowych|soukrom|osobních údaj|súkrom|osobných údaj|integritet|samtyck|personuppgift|privatliv|samtykke|
personopplysning|personvern|yksityisyy|tietosuoja|suostumu|adatvéd|személyes adat|hozzájárul|confidențialitat|
date cu caracter personal|gizlilik|gizliliğ|kişisel veri|конфиденциальн|персональных данных|приватн|персональних даних|
поверителност|лични данни|privatnost|zasebnost|απόρρητ|προσωπικών δεδομένων|خصوصي|الخصوصية|حریم خصوصی|פרטיות|プライバシー|
個人情報|個人データ|隐私|隱私|个人信息|個人資料|개인정보|프라이버시|निजता|गोपनीयता|গোপনীয়তা|ความเป็นส่วนตัว|ข้อมูลส่วนบุคคล|
quyền riêng tư|dữ liệu cá nhân|privasi|data pribadi
"""
# What its buttons say: yes, no, more, thus.
_ACTIONS = """
accept|agree|allow|reject|refus|declin|deny|consent|got it|understand|i see|only necessary|essential|preferences|
manage|customi|settings|options|save|confirm|do not sell|continue without|close|dismiss|okay|
akzept|zustimm|annehm|erlaub|ablehn|verweiger|verstanden|einverstanden|einstellung|auswahl|speicher|notwendig|anpass|weiterlesen|
accepter|autoris|refuser|continuer|d'accord|compris|paramétr|personnalis|enregistr|nécessaire|choix|
acept|permit|rechaz|negar|entendido|de acuerdo|configur|guardar|gestionar|preferenc|necesari|
accett|acconsent|rifiut|nega|capito|personalizz|salva|impostazioni|gestisci|necessar|
aceitar|aceito|concord|recus|rejeit|entendi|compreendi|guardar|gerir|definiç|
accepteren|akkoord|toestaan|weiger|begrepen|instelling|opslaan|voorkeur|noodzakelijk|
akceptuj|zgadzam|zgod|odrzu|odmaw|rozumiem|ustawieni|zapisz|wybór|niezbędn|
godkänn|acceptera|tillåt|avvisa|neka|förstår|inställning|spara|nödvändig|
tillad|accepter|afvis|forstået|indstilling|gem|nødvendig|godta|avvis|innstilling|lagre|
hyväksy|salli|hylkää|kieltäydy|selvä|asetukset|tallenna|välttämätt|
přijm|souhlas|odmítn|rozum|nastaven|uložit|nezbytn|prijať|prijať|súhlas|odmietn|uložiť|
elfogad|engedélyez|elutasít|értem|beállítás|mentés|szükséges|
acceptă|accept|refuz|respinge|am înțeles|setări|salveaz|
kabul|onayl|izin ver|reddet|anladım|ayarlar|kaydet|zorunlu|
принять|принима|соглас|разреш|отклон|отказ|понятно|настро|сохран|необходим|
прийня|погодж|дозвол|відхил|відмов|зрозуміл|налаштув|зберег|
приемам|отхвърл|разбрах|prihva|odbij|sprejm|zavrn|razum|shrani|sačuva|
αποδοχή|αποδέχομαι|συμφωνώ|απόρριψη|κατάλαβα|ρυθμίσ|αποθήκευσ|
قبول|موافق|أوافق|رفض|فهمت|الإعدادات|حفظ|پذیر|قبول|رد |تنظیمات|
אישור|אשר|הסכמ|מסכים|דחי|הבנתי|הגדרות|שמיר|
同意|許可|拒否|了解|設定|保存|承諾|接受|拒绝|拒絕|知道了|管理|设置|設置|
동의|허용|거부|확인|설정|저장|
स्वीकार|सहमत|अस्वीकार|समझ|सेटिंग|सहेज|গ্রহণ|সম্মত|
ยอมรับ|ตกลง|ปฏิเสธ|รับทราบ|การตั้งค่า|บันทึก|
chấp nhận|đồng ý|từ chối|cài đặt|setuju|terima|tolak|
nõustu|keeldu|piekrīt|noraid|sutink|atmest
"""


def _words(listed: str) -> tuple[str, ...]:
    return tuple(word for word in listed.replace("\n", "").split("|") if word)


SUBJECTS: Final = _words(_SUBJECTS)
ACTIONS: Final = _words(_ACTIONS)
_SHORT: Final = re.compile(r"ok\W*|[✓✔✕✖×x]")


def speaks_of_consent(text: str) -> bool:
    """Tell whether case-folded text speaks of what banners speak of."""
    return any(word in text for word in SUBJECTS)  # a pattern of so many words takes ten times as long


@lru_cache(maxsize=10_000)
def answers(label: str) -> bool:
    """Tell whether a case-folded label is that of a button that answers a banner."""
    return any(word in label for word in ACTIONS) or _SHORT.fullmatch(label) is not None
