"""Words that banks use for directions, states, totals and months, in eight languages.

The lists are written as banks spell them and folded once, at import.
"""

from typing import Literal

from outlay.imports.text import fold

Direction = Literal["out", "in", "own"]


def _folded(text: str) -> frozenset[str]:
    return frozenset(fold(word) for word in text.split("|"))


_OUT = _folded(
    "out|debit|debet|dr|db|d|dbit|expense|spending|withdrawal|purchase|paid out|money out|"
    "soll|s|ausgabe|ausgang|belastung|lastschrift|abbuchung|"
    "débit|dépense|débito|cargo|debe|gasto|addebito|dare|uscita|uscite|af|uit|uitgave|"
    "despesa|saída|obciążenie|wydatek|rozchód|wypływ|wn"
)
_IN = _folded(
    "in|credit|kredit|cr|c|k|income|deposit|paid in|money in|refund|"
    "haben|h|einnahme|eingang|gutschrift|"
    "crédit|recette|crédito|abono|haber|ingreso|accredito|avere|entrata|entrate|bij|inkomst|"
    "receita|entrada|uznanie|przychód|wpływ|ma"
)
_OWN = _folded("neutral|transfer between own accounts|umbuchung|giroconto")

DIRECTIONS: dict[str, Direction] = {
    **dict.fromkeys(_OWN, "own"),
    **dict.fromkeys(_IN, "in"),
    **dict.fromkeys(_OUT, "out"),
}

BOOKED = _folded(
    "completed|complete|booked|posted|cleared|settled|paid|executed|done|success|processed|"
    "gebucht|umsatz gebucht|abgerechnet|comptabilisé|effectué|réalisé|contabilizado|realizado|"
    "liquidado|contabilizzato|eseguito|geboekt|verwerkt|zaksięgowana|zrealizowana|rozliczona"
)
NOT_BOOKED = _folded(
    "pending|reverted|declined|cancelled|canceled|failed|rejected|reserved|authorized|denied|"
    "incomplete|removed|vorgemerkt|umsatz vorgemerkt|noch nicht abgerechnet|storniert|abgelehnt|"
    "en attente|en cours|refusé|annulé|pendiente|rechazado|cancelado|in sospeso|in attesa|"
    "non contabilizzato|rifiutato|annullato|in behandeling|geweigerd|pendente|oczekująca|"
    "odrzucona|anulowana"
)

SUMMARY = tuple(
    fold(word)
    for word in [
        "total",
        "totals",
        "subtotal",
        "balance",
        "beginning balance",
        "opening balance",
        "closing balance",
        "ending balance",
        "available balance",
        "number of transactions",
        "statement balance",
        "summe",
        "gesamt",
        "saldo",
        "kontostand",
        "anfangssaldo",
        "endsaldo",
        "anzahl",
        "alter kontostand",
        "neuer kontostand",
        "solde",
        "totaux",
        "total general",
        "totale",
        "saldo finale",
        "saldo iniziale",
        "saldo contabile",
        "saldo disponible",
        "totaal",
        "beginsaldo",
        "eindsaldo",
        "suma",
        "razem",
        "saldo końcowe",
        "saldo początkowe",
        "end of file",
        "eof",
    ]
)

# Said of money that comes in; used to see which sign a file gives to spending.
_INCOMING = (
    "payment thank you|thank you|autopay|automatic payment|payment received|refund|return of|"
    "payroll|salary|paycheck|direct dep|deposit|interest earned|interest paid|dividend|cashback|"
    "gehalt|lohn|rente|gutschrift|rückzahlung|erstattung|kindergeld|bezüge|"
    "salaire|virement recu|vir recu|vir sepa recu|remboursement|"
    "nomina|nómina|abono|devolución|ingreso|stipendio|accredito|rimborso|bonifico a vostro favore|"
    "salaris|loon|teruggave|salário|vencimento|reembolso|wynagrodzenie|pensja|zwrot|"
    "przelew przychodzący|topup|top up"
)
INCOMING = tuple(sorted({fold(word) for word in _INCOMING.split("|")}))

_MONTHS = (
    "jan january januar jänner janvier janv enero ene gennaio gen januari janeiro stycznia styczeń sty",
    "feb february februar februari février févr fév fevr febrero febbraio fevereiro fev lutego luty lut",
    "mar march märz mrz mars marzo maart mrt março marca marzec",
    "apr april avril avr abril abr aprile kwietnia kwiecień kwi",
    "may mai mayo maggio mag mei maio maja maj",
    "jun june juni juin junio giugno giu junho czerwca czerwiec cze",
    "jul july juli juillet juil julio luglio lug julho lipca lipiec lip",
    "aug august août aou agosto ago augustus sierpnia sierpień sie",
    "sep sept september septembre septiembre settembre set setembro września wrzesień wrz",
    "oct october oktober okt octobre octubre ottobre ott outubro out października październik paź",
    "nov november novembre noviembre novembro listopada listopad lis",
    "dec december dezember dez décembre déc diciembre dic dicembre dezembro grudnia grudzień gru",
)
MONTHS = {
    fold(name): number for number, names in enumerate(_MONTHS, start=1) for name in names.split()
}
