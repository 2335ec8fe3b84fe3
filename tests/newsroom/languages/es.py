"""Spanish: things follow only prepositions that do not contract with their article."""

from tests.newsroom.words import Language, several

SPANISH = Language(
    code="es",
    locale="es_ES",
    offset=60,
    given=several(
        "Amparo | Benito | Concha | Darío | Encarna | Fermín | Íñigo | Jimena | Lucía | Nicolás | Rocío | Tomás"
    ),
    family=several(
        "Albarracín | Benjumea | Cañizares | Escudero | Fuentes | Galíndez | Ibáñez | Lozoya | Peñalver | Zúñiga"
    ),
    slots={
        "place": several("""
            Alameda del Río | Cañaveral | Fuentealta | La Peñuela | Montesino | Puerto Sereno | Ribera Alta | San Telmo
            Torrenueva | Valdehielo | Villamarina | Zarzal
        """),
        "who": several("""
            el ayuntamiento | la alcaldesa | un maestro jubilado | el jefe de bomberos | la cofradía de pescadores
            la directora del museo | el gremio de panaderos | la asociación de vecinos | un agricultor de {place}
            el obispado | la concejala de cultura | el club de remo
        """),
        "thing": several("""
            el viejo puente del ferrocarril | la nueva vía ciclista | la piscina cubierta
            el mercado de abastos | la lonja
            el tejado de la biblioteca | la banda de música | el molino protegido | el autobús nocturno
            la fuente mayor
            la escuela rural | el faro | el archivo municipal | la plaza de abajo
        """),
        "when": several("""
            el martes por la noche | tras tres horas de debate | esta mañana temprano | antes del verano
            a principios de mes
            por primera vez en diez años | poco antes del mediodía | durante el fin de semana | sin previo aviso
        """),
        "where": several("""
            en {place} | cerca de {place} | en la carretera de {place} | detrás de la iglesia | junto al canal
            en el valle | entre {place} y la costa | frente a la estación
        """),
        "said": several("dijo | explicó | repitió | admitió | recordó | escribió"),
        "claim": several("""
            las obras durarán al menos {n} días | nadie ha preguntado a los vecinos | el dinero ya está reservado
            las cifras se revisarán otra vez | no hay prisa | el primer paso fue el más difícil
            más de {n} personas han firmado la petición | los ingenieros han encontrado una solución más barata
            la decisión no puede esperar otro invierno | el acuerdo antiguo sigue en vigor
        """),
        "why": several("""
            porque el suelo es más blando de lo previsto | aunque los costes se han duplicado
            para que las tiendas abran
            desde que se publicó el último informe | cuando se derrita la nieve | salvo que la provincia se oponga
            después de años de disputas
        """),
        "verb": several("inspeccionó | defendió | pagó | visitó | midió | presentó | fotografió | aplazó"),
        "plan": several("reabrir | reparar | trasladar | cerrar | ampliar | vender | rebautizar | reconstruir"),
    },
    sentences=several("""
        {who} {verb} {thing} {where} {when}.
        {who} {said} que {claim}.
        {when}, {who} {verb} {thing}, {why}.
        Los vecinos esperan {thing} desde hace {n} semanas {where}, {why}.
        «Ya hemos hablado bastante sobre {thing}», {said} {person} {when}.
        Unas {n} personas acudieron {when} para ver {thing}.
        Según {person}, {claim}, {why}.
        El coste para {thing} {where} se calcula en {n} mil euros.
        {person}, que vive {where}, {said} que {claim}.
        Nada se ha decidido todavía sobre {thing}, {said} {person} {when}.
        {who} quiere {plan} {thing} {where}, {why}.
        La votación sobre {thing} se espera {when}, y {person} confía en que {claim}.
        Quienes mejor conocen {thing} saben que {claim}.
        ¿Quién pagará por {thing} {where}?
    """),
    titles=several("""
        {place} quiere {plan} {thing}
        ¿Hay que {plan} {thing} en {place}?
        {place} & {place} se disputan {thing}
        «{claim}»: un día con {person} en {place}
        ¿Quién pagará por {thing} en {place}?
        {n} firmas por {thing} en {place}
    """),
    standfirsts=several("""
        Crónica desde {place}, donde {who} tiene un plan y {n} vecinos tienen otro.
        Qué significa para {place} la disputa sobre {thing}, y qué opina {person}.
        Las últimas noticias sobre {thing}.
    """),
    subheads=several(
        "Lo que viene en {place} | Cuestión de dinero en {place} | Voces de {place} | Largo camino para {thing}"
    ),
    items=several("""
        {n} metros de valla nueva {where} | una mano de pintura para {thing} | una jornada abierta con {person}
        un fondo de {n} euros para arreglos {where} | mejor alumbrado {where}
    """),
    quotes=several("""
        He visto {thing} en días mejores y volveré a ver días mejores, suele decir {person}.
        Si {who} no actúa, {place} lo recordará durante mucho tiempo.
    """),
    captions=several("Vista de {place} en otoño. Foto: {person} | {person} {where}. Imagen: archivo del diario"),
    comments=several("""
        Paso todos los días {where} y nunca me había fijado, ¡gracias!
        Típico de {place}: primero quieren {plan} {thing} y luego piden {n} opiniones.
        Mi abuela siempre decía que {claim}.
        ¿Podría {person} contestar las cartas de {place}?
    """),
    tags=several("Inundaciones | Carreteras | Escuelas | Patrimonio | Presupuesto | Naturaleza | Transporte | Fútbol"),
    labels={
        "site": "El Correo del Valle",
        "tagline": "Diario independiente de la comarca",
        "home": "Inicio",
        "by": "Por",
        "and": "y",
        "published": "Publicado",
        "updated": "Actualizado",
        "related": "Entradas relacionadas",
        "comments": "Comentarios",
        "leave": "Deja un comentario",
        "login": "Debes iniciar sesión para publicar un comentario.",
        "reply": "Responder",
        "share": "Comparte este artículo",
        "top": "Volver arriba",
        "newsletter": "Suscríbete a nuestro boletín y no te pierdas nada del valle.",
        "email": "Tu correo electrónico",
        "subscribe": "Suscribirse",
        "tags": "Etiquetas",
        "more": "Leer más",
        "next": "Entradas antiguas",
        "previous": "Entradas recientes",
        "search": "Buscar",
        "contact": "Contacto",
        "about": "Quiénes somos",
        "latest": "Últimas noticias",
        "print": "Imprimir",
        "popular": "Lo más leído",
        "also": "Lee también",
        "consent_title": "Preferencias de privacidad",
        "consent": (
            "Cuando visita nuestro sitio web, este puede almacenar información de determinados servicios en su "
            "navegador, "
            "normalmente en forma de cookies. Aquí puede cambiar sus preferencias."
        ),
        "consent_kinds": "Necesarias|Estadísticas|Marketing|Medios externos",
        "accept": "Aceptar todo",
        "reject": "Rechazar todo",
        "save": "Guardar",
    },
)
