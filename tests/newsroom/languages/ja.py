"""Japanese: no spaces between words or sentences; the family name comes first."""

from tests.newsroom.words import Language, several

JAPANESE = Language(
    code="ja",
    locale="ja_JP",
    offset=540,
    space="",
    names="{family} {given}",
    given=several("葵 | 一郎 | 恵美 | 健太 | 小春 | 聡 | 千夏 | 直樹 | 春香 | 雅人 | 美咲 | 陽介"),
    family=several("朝倉 | 石垣 | 梅原 | 大沢 | 川端 | 栗田 | 篠原 | 滝本 | 西村 | 藤枝"),
    slots={
        "place": several(
            "青葉町 | 石川谷 | 梅ヶ丘 | 大滝村 | 霞台 | 白鳥沢 | 杉並野 | 月見浜 | 鶴岬 | 花園町 | 緑川 | 若松原"
        ),
        "who": several("""
            町議会 | 町長 | 元教員 | 消防団長 | 商店会 | 水道局の担当者 | 図書館長 | {place}の農家 | 博物館の学芸員
            自治会 | 県の技師 | 漁協
        """),
        "thing": several("""
            古い鉄道橋 | 新しい自転車道 | 町営プール | 土曜市 | 防潮堤 | 図書館の屋根 | 吹奏楽団 | 水車小屋 | 夜行バス
            りんご園 | 廃駅 | 学校給食 | 時計塔 | 渡し船
        """),
        "when": several(
            "火曜日の夜 | 三時間の会議の後 | 早朝 | 夏休みの前 | 月初め | 十年ぶりに | 正午前 | 週末 | 予告なしに"
        ),
        "where": several(
            "{place} | {place}の近く | {place}へ向かう街道沿い | 役場の裏 | 運河のほとり | 谷の入り口 | 駅前の広場"
        ),
        "said": several("話した | 説明した | 繰り返した | 認めた | 手紙に書いた | 述べた"),
        "claim": several("""
            工事には少なくとも{n}日かかる | 住民には誰も尋ねていない | 資金はすでに確保されている
            数字はもう一度確認される
            急ぐ理由はない | 最初の一歩が最も難しかった | 署名は{n}人を超えた | 技師がより安い方法を見つけた
            決定は次の冬まで待てない | 古い協定は今も有効だ
        """),
        "why": several("""
            地盤が予想より柔らかいため | 費用が二倍になったものの | 商店が営業を続けられるように
            前回の報告書が出て以来
            雪が解けしだい | 県の反対がなければ | 長年の議論の末
        """),
        "verb": several("視察した | 擁護した | 訪れた | 測量した | 公開した | 撮影した | 評価した"),
        "plan": several("再開 | 修理 | 移転 | 閉鎖 | 拡張 | 売却 | 改称"),
    },
    sentences=several("""
        {who}は{when}、{where}で{thing}を{verb}。
        {who}は「{claim}」と{said}。
        {why}、{who}は{thing}を{verb}。
        {where}の住民は{thing}を{n}週間待っている。
        「{thing}についてはもう十分に話し合った」と{person}さんは{when}、{said}。
        {when}、約{n}人が{thing}を見に{where}へ集まった。
        {who}によると、{why}、{claim}という。
        {where}の{thing}にかかる費用は{n}万円と見積もられている。
        {where}に住む{person}さんは「{claim}」と{said}。
        {thing}についてはまだ何も決まっていないと、{person}さんは{when}、{said}。
        {who}は{why}、{thing}の{plan}を望んでいる。
        {thing}の{plan}をめぐる投票は{when}に行われる見通しだ。
        {thing}をよく知る{person}さんは、{claim}と考えている。
        {place}では、{claim}と言われている。
    """),
    titles=several("""
        {place}、{thing}の{plan}へ
        {place}の{thing}、費用は誰が払うのか
        {thing}をめぐり{place}で{n}人が署名
        「{claim}」{place}の{person}さんに聞く
        {place}と{place}、{thing}で対立
    """),
    standfirsts=several("""
        {who}の計画に、{n}人の住民が別の案を示した{place}からの報告。
        {thing}をめぐる議論が{place}に何をもたらすのか、{person}さんに聞いた。
        {thing}の最新情報。
    """),
    subheads=several("{place}の今後 | {place}の財政 | {place}の声 | {thing}の歩み"),
    items=several(
        "{where}に新しい柵を{n}メートル | {thing}の塗り替え | {person}さんによる一般公開日 | "
        "{where}の修理費{n}円 | {where}の照明の改善"
    ),
    quotes=several("""
        {thing}が輝いていた日々を見た、また見る日が来ると{person}さんは言う。
        {who}が動かなければ、{place}の人々は長く覚えているだろう。
    """),
    captions=several("{place}から見た{thing}、撮影・{person} | {where}に立つ{person}さん、本紙資料写真"),
    comments=several("""
        毎日{where}を通るのに気づきませんでした、ありがとうございます。
        {place}らしいですね、{thing}の{plan}と言いながら{n}件も意見を集めるとは。
        祖母はいつも、{claim}と言っていました。
        {person}さんは{place}からの手紙に返事をください。
    """),
    tags=several("水害 | 道路 | 学校 | 文化財 | 予算 | 自然 | 交通 | 選挙"),
    labels={
        "site": "谷間新報",
        "tagline": "谷の日々を伝える地域紙",
        "home": "ホーム",
        "by": "文・",
        "and": "、",
        "published": "公開",
        "updated": "更新",
        "related": "関連記事",
        "comments": "コメント",
        "leave": "コメントを残す",
        "login": "コメントを投稿するにはログインしてください。",
        "reply": "返信",
        "share": "この記事を共有",
        "top": "ページの先頭へ",
        "newsletter": "メールマガジンに登録して、谷のニュースを受け取りましょう。",
        "email": "メールアドレス",
        "subscribe": "登録",
        "tags": "タグ",
        "more": "続きを読む",
        "next": "過去の記事",
        "previous": "新しい記事",
        "search": "検索",
        "contact": "お問い合わせ",
        "about": "本紙について",
        "latest": "最新ニュース",
        "print": "印刷する",
        "popular": "よく読まれている記事",
        "also": "あわせて読みたい",
        "consent_title": "プライバシー設定",
        "consent": (
            "当サイトを訪問すると、特定のサービスの情報が、通常はクッキーの形でブラウザに保存されることがあります。"
            "ここで設定を変更できます。"
        ),
        "consent_kinds": "必須|統計|マーケティング|外部メディア",
        "accept": "すべて許可",
        "reject": "すべて拒否",
        "save": "保存",
    },
)
