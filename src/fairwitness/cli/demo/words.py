"""The words that fill the gaps in the demo's scripts. All names are invented.

A gap keeps its word for the whole conversation, so that a date in the question is the
date in the answer. A gap that is not in these tables is filled from the people talking.
"""

from collections.abc import Mapping, Sequence

PRODUCTS: Sequence[str] = ("Orvantil", "Glimazira", "Nevraluma", "Respiveda", "Dermozela")
INDICATIONS: Mapping[str, str] = {
    "Orvantil": "hipertensão",
    "Glimazira": "diabetes tipo 2",
    "Nevraluma": "dor neuropática",
    "Respiveda": "asma",
    "Dermozela": "dermatite atópica",
}

_DAYS = ("segunda", "terça", "quarta", "quinta", "sexta", "amanhã", "na quarta", "depois de amanhã")
_HOURS = (
    "8h", "8h30", "9h", "9h15", "10h", "10h30", "11h", "11h45", "13h", "13h30", "14h", "14h20",
    "15h", "15h30", "16h", "16h15", "17h", "17h30", "18h",
)  # fmt: skip

PORTUGUESE: Mapping[str, Sequence[str]] = {
    "oi": ("Oi", "Olá", "Bom dia", "Boa tarde", "Oie", "Opa, tudo bem"),
    "dia": _DAYS,
    "dia2": ("sexta", "segunda que vem", "quinta", "terça", "na semana que vem", "dia 12", "dia 20"),
    "dia_passado": ("ontem", "anteontem", "segunda", "quinta passada", "semana passada"),
    "hora": _HOURS,
    "hora2": ("7h30", "9h45", "12h", "14h45", "16h45", "18h30", "19h"),
    "cafe": ("☕", "kkk", "", "sem açúcar 😄"),
    "ok": ("Ok", "Blz", "👍", "Fechado", "Tá bom", "Combinado", "Show", "Pode deixar", "Certo",
           "ok!", "Beleza 👌"),
    "ok_rep": ("Tranquilo", "Sem problema", "Combinado", "Anotado", "Perfeito, aviso aqui", "Certo!", "👍"),
    "joia": ("👍", "🙌", "👏", "😊", "", "!", "✅", "kkk"),
    "feliz": ("😊", "😄", "🥰", "", "kkk", "☺️"),
    "festa": ("🎉", "🥳", "👏👏", "🎂", ""),
    "pena": ("😕", "🙏", "", "😅"),
    "cansado": ("😴", "🥱", "socorro", "falta só 6h kkk"),
    "sol": ("☀️", "🌞", "☕", "🌧️", ""),
    "tranquilo": ("tranquilo", "acontece", "fique à vontade", "sem pressa"),
    "secretaria": ("Neide", "Rosana", "Jussara", "Ivone", "Tati", "Marluce", "Cida"),
    "sobrenome": ("Valadim", "Torquinho", "Bressanel", "Cordovil", "Maragno", "Lustrosa", "Peçanhola"),
    "evento": (
        "Simpósio Horizonte de Cardiologia", "Congresso Aurora de Endocrinologia",
        "Jornada Serra Azul", "Encontro Litoral de Clínica Médica", "Fórum Vértice de Dor",
    ),
    "programa": ("Viva Leve", "Cuidar Mais", "Passo Certo"),
    "estudo": ("AURORA-2", "HORIZONTE", "LUMIAR", "VEREDA-1", "CAMINHO"),
    "hospital": ("Hospital Serra Azul", "Hospital das Palmeiras", "Santa Clara", "Hospital do Vale"),
    "bairro": ("Jardim das Acácias", "Alto da Colina", "Parque do Lago", "Centro", "Jardim Aurora",
               "Morro Verde"),
    "cidade": ("Campinas", "Niterói", "Londrina", "Feira de Santana", "Olinda", "Joinville"),
    "rede": ("Farma Pássaro", "Drogaria Girassol", "rede Boa Vila"),
    "mes": ("março", "junho", "agosto", "outubro", "dezembro", "03/28", "11/27"),
    "ano": ("2023", "2024", "2025", "2026"),
    "mg": ("5", "10", "20", "25"),
    "mg2": ("40", "50", "80", "100"),
    "n": ("2", "3", "4", "5", "6", "7", "8", "9"),
    "n2": ("12", "15", "20", "25", "28", "30", "40"),
    "n3": ("214", "348", "507", "612", "1.204", "703"),
    "idade": ("34", "47", "52", "61", "68", "73", "79"),
}  # fmt: skip

ENGLISH: Mapping[str, Sequence[str]] = {
    **PORTUGUESE,
    "dia": ("tomorrow", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "next week"),
    "dia2": ("Monday", "Thursday", "next Friday", "the week after"),
    "hora": ("9:00", "9:30", "10:15", "11:00", "13:30", "14:00", "15:45", "16:30"),
    "hora2": ("8:30", "12:00", "14:30", "17:00"),
    "evento": ("Horizonte Cardiology Symposium", "Aurora Endocrine Congress", "Vértice Pain Forum"),
    "n3": ("214", "348", "507", "612", "1,204", "703"),
}  # fmt: skip

SHORTER: Sequence[tuple[str, str]] = (
    ("você", "vc"), ("também", "tb"), ("porque", "pq"), ("beleza", "blz"), ("hoje", "hj"),
    ("por favor", "pfv"), ("obrigado", "obg"), ("obrigada", "obgd"), ("quando", "qdo"),
    ("não", "n"), ("depois", "dps"), ("está", "tá"), ("estou", "to"), ("mensagem", "msg"),
)  # fmt: skip
"""How people in a hurry write. Used for those whose way it is, and never on marked lines."""
