"""French: claims begin with a consonant, as `que` needs no elision then; things follow no word that contracts."""

from tests.newsroom.words import Language, several

FRENCH = Language(
    code="fr",
    locale="fr_FR",
    offset=60,
    given=several(
        "Adèle | Benoît | Cécile | Didier | Élodie | Fabrice | Geneviève | Hervé | Joëlle | Loïc | Mireille | Théo"
    ),
    family=several(
        "Aubertin | Bonnefoy | Charpentreau | Delaunoy | Fontenelle | Garrigou | Lhermine | Noël | Péridot | Vaugirard"
    ),
    slots={
        "place": several("""
            Beaulieu-sur-Orle | Carnac-les-Bois | Champfleury | Fontaine-le-Sec | La Roquebelle | Montclair
            Pont-aux-Saules
            Rivemont | Saint-Cyprien-du-Val | Sauveterre | Thiercy | Valdoré
        """),
        "who": several("""
            le conseil municipal | la maire | un ancien instituteur | le capitaine des pompiers | la régie des eaux
            le syndicat des commerçants | la directrice du musée | le préfet | le club de pétanque
            un maraîcher de {place} | la paroisse | le comité des fêtes
        """),
        "thing": several("""
            le vieux pont ferroviaire | la nouvelle piste cyclable | la piscine couverte | le marché du samedi
            la digue
            le toit de la médiathèque | la fanfare | le moulin classé | la navette de nuit | le verger communal
            la gare désaffectée | le bac | la cantine scolaire | le clocher
        """),
        "when": several("""
            mardi soir | au terme de trois heures de débat | tôt ce matin | avant la pause estivale | en début de mois
            pour la première fois depuis dix ans | peu avant midi | pendant le week-end | sans prévenir
        """),
        "where": several("""
            à {place} | près de {place} | sur la route de {place} | derrière la mairie | au bord du canal
            dans la vallée | entre {place} et la rivière | devant les halles
        """),
        "said": several("a déclaré | a rappelé | a répété | a reconnu | a écrit | a expliqué"),
        "claim": several("""
            les travaux dureront au moins {n} jours | personne ne consulte jamais les riverains
            la somme est déjà réservée
            les chiffres seront vérifiés une fois de plus | rien ne presse | le premier pas était le plus difficile
            plus de {n} personnes ont signé la pétition | les ingénieurs ont trouvé un moyen moins cher
            la décision ne peut attendre un autre hiver | le vieil accord reste valable
        """),
        "why": several("""
            parce que le sol est plus meuble que prévu | bien que les coûts aient doublé
            afin que les boutiques restent ouvertes
            depuis la parution du dernier rapport | dès que la neige aura fondu | sauf si le département refuse
            après des années de querelles
        """),
        "verb": several(
            "a inspecté | a défendu | a financé | a visité | a mesuré | a présenté | a photographié | a salué"
        ),
        "plan": several("rouvrir | réparer | déplacer | fermer | agrandir | vendre | rebaptiser | reconstruire"),
    },
    sentences=several("""
        {who} {verb} {thing} {where} {when}.
        {who} {said} que {claim}.
        {when}, {who} {verb} {thing}, {why}.
        Les habitants attendent {thing} depuis {n} semaines {where}, {why}.
        « Nous avons assez parlé ; il faut {plan} {thing} », {said} {person} {when}.
        Environ {n} personnes sont venues voir {thing} {when}.
        Selon {person}, {claim}, {why}.
        La facture pour {thing} {where} est estimée à {n} mille euros.
        {person}, qui habite {where}, {said} que {claim}.
        Rien n'est encore décidé pour {thing}, {said} {person} {when}.
        {who} veut {plan} {thing} {where}, {why}.
        Un vote sur {thing} est prévu {when}, et {person} espère que {claim}.
        Ceux qui connaissent le mieux {thing} savent que {claim}.
        {where}, on raconte que {claim}.
    """),
    titles=several("""
        {place} veut {plan} {thing}
        Faut-il {plan} {thing} à {place} ?
        {place} & {place} se disputent {thing}
        « {claim} » : rencontre avec {person} à {place}
        Qui paiera pour {thing} à {place} ?
        {n} signatures pour {thing} à {place}
    """),
    standfirsts=several("""
        Reportage à {place}, où {who} a un projet et {n} voisins en ont un autre.
        Ce que la querelle autour du projet change pour {place}, vu par {person}.
        Les dernières nouvelles de {place} sur {thing}.
    """),
    subheads=several(
        "La suite à {place} | Une question de moyens à {place} | Paroles de {place} | Longue route pour {thing}"
    ),
    items=several("""
        {n} mètres de clôture neuve {where} | une couche de peinture pour {thing}
        une journée portes ouvertes avec {person}
        un fonds de {n} euros pour les réparations {where} | un meilleur éclairage {where}
    """),
    quotes=several("""
        Quand on a vu {thing} sous la neige, on ne veut plus partir, aime à dire {person}.
        Si {who} ne fait rien, {place} s'en souviendra longtemps.
    """),
    captions=several("Vue de {place} en automne. Photo : {person} | {person} {where}. Image : archives du journal"),
    comments=several("""
        Je passe devant tous les jours {where}, merci pour cet article !
        Toujours pareil à {place} : on veut {plan} {thing}, puis on demande {n} avis.
        Ma grand-mère disait toujours que {claim}.
        Est-ce que {person} pourrait répondre aux lettres de {place} ?
    """),
    tags=several("Inondations | Voirie | Écoles | Patrimoine | Budget | Nature | Transports | Élections"),
    labels={
        "site": "L'Écho du Val",
        "tagline": "Le journal de la vallée",
        "home": "Accueil",
        "by": "Par",
        "and": "et",
        "published": "Publié",
        "updated": "Mis à jour",
        "related": "Articles similaires",
        "comments": "Commentaires",
        "leave": "Laisser un commentaire",
        "login": "Vous devez vous connecter pour publier un commentaire.",
        "reply": "Répondre",
        "share": "Partager cet article",
        "top": "Haut de page",
        "newsletter": "Inscrivez-vous à notre lettre et ne manquez rien de la vallée.",
        "email": "Votre adresse e-mail",
        "subscribe": "S'inscrire",
        "tags": "Étiquettes",
        "more": "Lire la suite",
        "next": "Articles plus anciens",
        "previous": "Articles plus récents",
        "search": "Recherche",
        "contact": "Contact",
        "about": "À propos",
        "latest": "Dernières nouvelles",
        "print": "Imprimer",
        "popular": "Les plus lus",
        "also": "À lire aussi",
        "consent_title": "Préférences de confidentialité",
        "consent": (
            "Lorsque vous visitez notre site, il peut enregistrer des informations de certains services dans "
            "votre navigateur, "
            "généralement sous forme de cookies. Vous pouvez modifier ici vos préférences."
        ),
        "consent_kinds": "Nécessaires|Statistiques|Marketing|Médias externes",
        "accept": "Tout accepter",
        "reject": "Tout refuser",
        "save": "Enregistrer",
    },
)
