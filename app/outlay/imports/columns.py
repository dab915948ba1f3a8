"""The vocabulary of column headers, in the languages in which banks write them."""

from typing import Literal, NamedTuple, TypeAlias

from outlay.imports.model import CellError
from outlay.imports.numbers import currency_of
from outlay.imports.text import fold
from outlay.money.currencies import EXPONENTS

Role: TypeAlias = Literal[
    "date", "value_date", "amount", "debit", "credit", "sign", "fee", "balance", "currency",
    "status", "payee", "payer", "purpose", "text", "note", "category", "account", "tags",
    "reference", "ignore",
]  # fmt: skip

# Within a role the better name stands first: the day of the purchase before the day it was booked.
_WORDS: dict[Role, str] = {
    "date": (
        "transaction date|trans. date|trans date|purchase date|started date|date of transaction|"
        "umsatzdatum|kaufdatum|belegdatum|date de transaction|date d'achat|date operation|"
        "date de l'opération|date opération|dateop|fecha operación|fecha de operación|"
        "fecha de la operación|fecha transacción|data operazione|data transazione|"
        "transactiedatum|data da transação|data operação|data transakcji|data operacji|date|datum|"
        "data|fecha|day|buchungsdatum|buchungstag|buchung|booking date|booked date|posting date|"
        "post date|posted date|completed date|finished on|clearing date|dato|fecha contable|"
        "fecha movimiento|date comptable|date de comptabilisation|data contabile|"
        "data registrazione|data movimento|data lançamento|data mov|boekdatum|boekingsdatum|"
        "uitvoeringsdatum|data księgowania|abschlussdatum|date time|timestamp|created on"
    ),
    "value_date": (
        "value date|settlement date|valuta|valutadatum|wertstellung|wertstellungsdatum|wert|"
        "date valeur|date de valeur|dateval|fecha valor|data valuta|rentedatum|data valor|"
        "data waluty|original date"
    ),
    "amount": (
        "amount|transaction amount|net amount|net|betrag|umsatz|buchungsbetrag|montant|"
        "montant de l'opération|montant operation|importe|importe operación|monto|cantidad|"
        "importo|bedrag|transactiebedrag|valor|montante|kwota|kwota operacji|kwota transakcji|"
        "kwota w walucie rachunku|gross|gross amount|value|sum|belopp|beløb|betrag in eur|"
        "montante movimento|money|price|spent"
    ),
    "debit": (
        "debit|debits|debit amount|amount debit|withdrawal|withdrawals|withdrawal amount|money out|"
        "paid out|outflow|spend|dr|soll|belastung|lastschrift|ausgabe|ausgaben|ausgang|débit|"
        "débit euros|débits|débito|débitos|cargo|cargos|debe|gastos|addebito|addebiti|dare|uscita|"
        "uscite|af|uitgaven|despesa|saída|saídas|obciążenie|obciążenia|wydatki|wypłaty|expense"
    ),
    "credit": (
        "credit|credits|credit amount|amount credit|deposit|deposits|deposit amount|money in|"
        "paid in|inflow|cr|haben|gutschrift|einnahme|einnahmen|eingang|crédit|crédit euros|crédits|"
        "crédito|créditos|abono|abonos|haber|ingresos|accredito|accrediti|avere|entrata|entrate|"
        "bij|inkomsten|receita|entrada|entradas|uznanie|uznania|wpływy|wpłaty|income"
    ),
    "sign": (
        "af bij|debit credit|credit debit|debit/credit|credit/debit|creditdebit|creditdebet|"
        "debet credit|dr/cr|cr/dr|d/c|c/d|s/h|soll haben|soll/haben|direction|sens|"
        "debe/haber|dare/avere|kind|transaction type|type|umsatztyp|typ|"
        "debit/credit indicator|credit debit indicator|debit or credit|income/expense"
    ),
    "fee": "fee|gebühr|frais|commission|comisión|commissione|kosten|taxa|opłata|fee amount",
    "balance": (
        "balance|running balance|running bal.|running bal|account balance|closing balance|"
        "balance after transaction|saldo|kontostand|saldo nach buchung|solde|"
        "accountbalance|saldo contabile|saldo disponible|saldo na mutatie|saldo na trn|"
        "saldo na transactie|saldo po operacji|saldo po transakcji|saldo contabilístico"
    ),
    "currency": (
        "currency|currency code|ccy|währung|whg|devise|monnaie|moneda|divisa|valuta|munt|"
        "valutacode|moeda|waluta|waluta operacji|waluta rachunku|valuta rekening|account currency"
    ),
    "status": "status|state|transaction status|info|état|statut|estado|stato|stan|booking status",
    "payee": (
        "payee|payee name|merchant|merchant name|partner name|counterparty|counter party|"
        "counterparty name|name|zahlungsempfänger in|zahlungsempfänger|empfänger|begünstigter|"
        "begünstigter zahlungspflichtiger|empfänger zahlungspflichtiger|auftraggeber empfänger|"
        "auftraggeber begünstigter|name zahlungsbeteiligter|beneficiary|bénéficiaire|tiers|"
        "beneficiario|controparte|naam|naam omschrijving|tegenpartij|naam tegenpartij|"
        "naam van de tegenpartij|tegenrekeninghouder|beneficiário|odbiorca|nadawca odbiorca|"
        "dane kontrahenta|nazwa odbiorcy|partner|shop|store|zahlungsempfängerin"
    ),
    "payer": (
        "payer|payer name|zahlungspflichtige r|zahlungspflichtiger|auftraggeber|ordonnateur|"
        "ordenante|ordinante|betaler|nadawca|nazwa nadawcy"
    ),
    "purpose": (
        "description|transaction description|details|transaction details|narrative|particulars|"
        "payment reference|verwendungszweck|zahlungszweck|beschreibung|vorgang verwendungszweck|"
        "libellé opération|libelle operation|libellé|libelle|label|détail de l'écriture|"
        "concepto|descripción|descrizione|descrizione operazione|dettagli|causale operazione|"
        "omschrijving|omschrijving 1|descrição|opis operacji|opis transakcji|opis|tytuł|tytułem|"
        "szczegóły transakcji|text|tekst|bezeichnung|what|item|subject"
    ),
    "text": (
        "buchungstext|booking text|umsatzart|vorgang|libellé court|libelle court|"
        "type operation|type opération|libelle simplifie|causale|operazione|mutatiesoort|"
        "type verrichting|typ transakcji|rodzaj transakcji|movimiento|transaction details type"
    ),
    "note": (
        "note|notes|memo|comment|comments|notiz|notizen|kommentar|remarque|commentaire|nota|notas|"
        "commenti|observaciones|mededelingen|notitie|notatka|uwagi|extended details"
    ),
    "category": (
        "category|kategorie|catégorie|categoría|categoria|categorie|kategoria|merchant category|"
        "budget"
    ),
    "account": (
        "account|account name|konto|kontoname|auftragskonto|compte|cuenta|conto|conto o carta|"
        "rekening|conta|rachunek|accountlabel|bezeichnung auftragskonto|card|account number"
    ),
    "tags": "tags|tag|labels|schlagworte|étiquettes|etiquetas|etichette|hashtag",
    "reference": (
        "reference|reference number|transaction id|transactionid|transferwise id|fitid|id|"
        "transaction reference|referenznummer|transaktions nr|transaktionsnummer|umsatz id|"
        "référence|reference interne|referencia|referencia operación|riferimento|"
        "id transazione|transactiereferentie|volgnr|referência|numer referencyjny|"
        "zkb referenz|import id|buchungs id"
    ),
    "ignore": (
        "original amount|originalbetrag|foreign amount|exchange rate|wechselkurs|taux|"
        "cambio|koers|kurs|iban|bic|partner iban|kontonummer|kontonummer iban|tegenrekening|"
        "account #|card no.|card number|kartennummer|check number|check or slip #|address|city|"
        "country|zip code|gläubiger id|mandatsreferenz|kundenreferenz|sammlerreferenz|"
        "original currency|foreign currency|product|code|original description|card member|"
        "cardmember|card last four digits|card holder full name|payee account number|exchange to amount|total fees|"
        "lastschrift ursprungsbetrag|appears on your statement as|categoryparent|subcategory"
    ),
}  # fmt: skip


class Named(NamedTuple):
    """A role that a header suggests: `score` up to 1.0, `rank` smaller for the better name."""

    role: Role
    score: float
    rank: int


_EXACT: dict[str, list[Named]] = {}
for _role, _phrases in _WORDS.items():
    for _rank, _phrase in enumerate(_phrases.split("|")):
        _EXACT.setdefault(fold(_phrase), []).append(Named(_role, 1.0, _rank))


def roles_of(header: str) -> list[Named]:
    """Return the roles that `header` may name, best first.

    Text in brackets is left out ("Betrag (EUR)"); a header that only contains a known name
    ("Amount in account currency") counts for less, by the share of it that is known.
    """
    name = fold(header.partition("(")[0])
    if name in _EXACT:
        return _EXACT[name]
    words = name.split()
    for size in range(min(len(words) - 1, 4), 0, -1):
        for start in range(len(words) - size + 1):
            known = _EXACT.get(" ".join(words[start : start + size]))
            if known and sum(map(len, words[start : start + size])) > 3:
                share = 0.4 + 0.4 * size / len(words)
                return [Named(role, share, rank + 1000) for role, _, rank in known]
    return []


def header_currency(header: str) -> str | None:
    """Return the currency that a header names, as in "Betrag (€)", "Belastung CHF", "EUROS"."""
    inside = header.partition("(")[2].rstrip(") ")
    last = header.rsplit(maxsplit=1)[-1] if header.split() else ""
    for word in (inside, last if last.upper() == last or "euro" in last.lower() else ""):
        try:
            code = currency_of(word.strip(), "") if word.strip() else ""
        except CellError:
            continue
        if code in EXPONENTS:
            return code
    return None
