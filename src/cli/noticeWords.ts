// What a notice says around what the chain says. Ids, hashes, addresses and names of agencies are as they are.
import { countIn, type InLanguages, type Noun } from "../base/languages.ts";
import { countOf } from "../base/words.ts";
import type { HoldNotice } from "../notice/notice.ts";
import { TERMS } from "../orders/acts/terms.ts";

const CASE: Noun = { en: "case", ru: ["дело", "дела", "дел"], kk: "іс" };
const ENTRY: Noun = { en: "entry", ru: ["запись", "записи", "записей"], kk: "жазба" };
const APPEAL: Noun = { en: "appeal", ru: ["жалоба", "жалобы", "жалоб"], kk: "шағым" };

interface NoticeWords {
  about: (account: string, symbol: string, asset: string, block: string, time: string) => string;
  askedOf: (wallet: string, asked: string, answer: string) => string;
  answered: (time: string, amount: string) => string;
  unanswered: string;
  balance: (amount: string) => string;
  held: (amount: string, covered: string, withheld: string) => string;
  unbroken: (since: string, cases: number) => string;
  holdsNothing: string;
  nothingIn: (account: string, symbols: string) => string;
  hold: (caseId: string, amount: string, kind: string, number: number) => string;
  kinds: Readonly<Record<HoldNotice["kind"], string>>;
  ended: string;
  since: (since: string, until: string) => string;
  parts: (covered: string, withheld: string) => string;
  took: (caseId: string, amount: string, returned: string, vault: string) => string;
  transferred: (amount: string) => string;
  owed: (amount: string) => string;
  forfeited: (amount: string) => string;
  surrendered: (amount: string) => string;
  claim: (amount: string) => string;
  due: (amount: string) => string;
  baseUnits: (amount: string, asset: string) => string;
  waits: (caseId: string, act: string, amount: string, payee: string | undefined, order: string) => string;
  executable: (start: string, deadline: string) => string;
  stayedBy: (agencies: string) => string;
  appeals: (count: number, byThis: boolean) => string;
  /** `start`: its first second of execution, while that is to come. */
  mayAppeal: (start: string | undefined, to: string) => string;
  basis: (act: string, time: string, agencies: string) => string;
  document: (hash: string) => string;
  file: (hash: string) => string;
  entry: (number: string) => string;
  checked: (entries: string, head: string) => string;
  contest: string;
  contact: (where: string) => string;
}

export const NOTICE_WORDS: InLanguages<NoticeWords> = {
  en: {
    about: (account, symbol, asset, block, time) =>
      `Notice about ${account} in ${symbol} (${asset}), at block ${block}, ${time}`,
    askedOf: (wallet, asked, answer) => `a sub-account of the platform's wallet ${wallet}, asked ${asked}, ${answer}`,
    answered: (time, amount) => `answered ${time}: it withholds ${amount}`,
    unanswered: "not answered yet",
    balance: (amount) => `balance ${amount}`,
    held: (amount, covered, withheld) => `held ${amount}: ${covered} of the balance, ${withheld} of later receipts`,
    unbroken: (since, cases) => `held without a gap since ${since}, by ${countIn(cases, CASE, "en")}`,
    holdsNothing: "No case holds anything here.",
    nothingIn: (account, symbols) => `Nothing is held, taken or decided of ${account} in ${symbols}.`,
    hold: (caseId, amount, kind, number) => `Case ${caseId} holds ${amount}: ${kind}, number ${number}`,
    kinds: { provisional: "provisional", arrested: "arrested" },
    ended: ", ended by time",
    since: (since, until) => `since ${since}, last second ${until}`,
    parts: (covered, withheld) => `${covered} of the balance, ${withheld} of later receipts`,
    took: (caseId, amount, returned, vault) =>
      `Case ${caseId} took ${amount}, of which ${returned} are given back; vault ${vault}`,
    transferred: (amount) => `given to somebody else by Transfer: ${amount}`,
    owed: (amount) => `not answered yet: ${amount}`,
    forfeited: (amount) => `forfeited in the whole case, whoever's it was: ${amount}`,
    surrendered: (amount) => `surrendered by the platform for this sub-account: ${amount}`,
    claim: (amount) => `waits to be claimed: ${amount}`,
    due: (amount) => `due from the platform: ${amount}`,
    baseUnits: (amount, asset) => `${countOf(amount, "base unit")} of ${asset}`,
    waits: (caseId, act, amount, payee, order) =>
      `Case ${caseId}: ${act} of ${amount}${payee === undefined ? "" : ` to ${payee}`} waits, order ${order}`,
    executable: (start, deadline) => `may be executed from ${start} to ${deadline}`,
    stayedBy: (agencies) => `stayed by ${agencies}`,
    appeals: (count, byThis) => `${countIn(count, APPEAL, "en")}${byThis ? ", one by this account" : ""}`,
    mayAppeal: (start, to) =>
      start === undefined
        ? `this account may appeal as long as it is not executed, to ${to}`
        : `this account may appeal before ${start} in any case, then as long as it is not executed, to ${to}`,
    basis: (act, time, agencies) => `${act} on ${time}${agencies === "" ? "" : ` by ${agencies}`}`,
    document: (hash) => `, document ${hash}`,
    file: (hash) => `, file ${hash}`,
    entry: (number) => ` (entry ${number})`,
    checked: (entries, head) => `Checked against the journal's ${countIn(entries, ENTRY, "en")}, head ${head}.`,
    contest: "A hold ends by itself after its last second. Contest a hold before the court that the document names.",
    contact: (where) => `Where to contest: ${where}`,
  },
  ru: {
    about: (account, symbol, asset, block, time) =>
      `Уведомление о счёте ${account}, ${symbol} (${asset}), блок ${block}, ${time}`,
    askedOf: (wallet, asked, answer) => `субсчёт кошелька платформы ${wallet}, запрос ${asked}, ${answer}`,
    answered: (time, amount) => `ответ ${time}: она удерживает ${amount}`,
    unanswered: "ответа ещё нет",
    balance: (amount) => `остаток ${amount}`,
    held: (amount, covered, withheld) =>
      `обременено ${amount}: из остатка ${covered}, из будущих поступлений ${withheld}`,
    unbroken: (since, cases) => `обременено непрерывно с ${since}, ${countIn(cases, CASE, "ru")}`,
    holdsNothing: "Здесь нет обременений.",
    nothingIn: (account, symbols) => `У ${account} ничего не удерживается, не изъято и не решено в ${symbols}.`,
    hold: (caseId, amount, kind, number) => `Дело ${caseId}: обременено ${amount}: ${kind}, номер ${number}`,
    kinds: { provisional: TERMS.provisional.ru, arrested: TERMS.arrested.ru },
    ended: ", истекло по сроку",
    since: (since, until) => `с ${since}, последняя секунда ${until}`,
    parts: (covered, withheld) => `из остатка ${covered}, из будущих поступлений ${withheld}`,
    took: (caseId, amount, returned, vault) =>
      `Дело ${caseId}: изъято ${amount}, из них возвращено ${returned}; хранилище ${vault}`,
    transferred: (amount) => `передано другому лицу переводом: ${amount}`,
    owed: (amount) => `решения ещё нет: ${amount}`,
    forfeited: (amount) => `конфисковано по всему делу, чьё бы ни было: ${amount}`,
    surrendered: (amount) => `передано платформой за этот субсчёт: ${amount}`,
    claim: (amount) => `ожидает получения: ${amount}`,
    due: (amount) => `причитается с платформы: ${amount}`,
    baseUnits: (amount, asset) => `базовых единиц ${asset}: ${amount}`,
    waits: (caseId, act, amount, payee, order) =>
      `Дело ${caseId}: ожидает исполнения: ${act}, ${amount}${payee === undefined ? "" : `, получатель ${payee}`}, приказ ${order}`,
    executable: (start, deadline) => `может быть исполнено с ${start} до ${deadline}`,
    stayedBy: (agencies) => `исполнение приостановили: ${agencies}`,
    appeals: (count, byThis) => `${countIn(count, APPEAL, "ru")}${byThis ? ", одна от этого счёта" : ""}`,
    mayAppeal: (start, to) =>
      start === undefined
        ? `этот счёт может подать жалобу, пока приказ не исполнен, в ${to}`
        : `этот счёт может подать жалобу во всяком случае до ${start}, затем пока приказ не исполнен, в ${to}`,
    basis: (act, time, agencies) => `${act}, ${time}${agencies === "" ? "" : `, ${agencies}`}`,
    document: (hash) => `, документ ${hash}`,
    file: (hash) => `, файл ${hash}`,
    entry: (number) => ` (запись ${number})`,
    checked: (entries, head) => `Сверено с журналом: ${countIn(entries, ENTRY, "ru")}, вершина ${head}.`,
    contest:
      "Обременение прекращается само после последней секунды. Оспорить его можно в суде, который назван в документе.",
    contact: (where) => `Где оспорить: ${where}`,
  },
  kk: {
    about: (account, symbol, asset, block, time) =>
      `Шот туралы хабарлама: ${account}, ${symbol} (${asset}), блок ${block}, ${time}`,
    askedOf: (wallet, asked, answer) => `платформаның ${wallet} әмиянындағы қосалқы шот, сұрау ${asked}, ${answer}`,
    answered: (time, amount) => `жауап ${time}: платформа ұстап отырғаны ${amount}`,
    unanswered: "жауап әлі жоқ",
    balance: (amount) => `қалдық ${amount}`,
    held: (amount, covered, withheld) =>
      `ауыртпалық салынған сома ${amount}: қалдықтан ${covered}, кейінгі түсімдерден ${withheld}`,
    unbroken: (since, cases) => `${since} сәтінен бері үзіліссіз ауыртпалықта, ${countIn(cases, CASE, "kk")}`,
    holdsNothing: "Мұнда ауыртпалық жоқ.",
    nothingIn: (account, symbols) =>
      `${account} бойынша ${symbols} ішінде ештеңе ұсталмайды, алынбаған және шешілмеген.`,
    hold: (caseId, amount, kind, number) => `${caseId} ісі: ауыртпалық ${amount}: ${kind}, нөмірі ${number}`,
    kinds: { provisional: TERMS.provisional.kk, arrested: TERMS.arrested.kk },
    ended: ", мерзімі өткен",
    since: (since, until) => `басы ${since}, соңғы секунды ${until}`,
    parts: (covered, withheld) => `қалдықтан ${covered}, кейінгі түсімдерден ${withheld}`,
    took: (caseId, amount, returned, vault) =>
      `${caseId} ісі: алып қойылғаны ${amount}, оның қайтарылғаны ${returned}; қойма ${vault}`,
    transferred: (amount) => `аудару арқылы басқа адамға берілгені: ${amount}`,
    owed: (amount) => `әлі шешілмегені: ${amount}`,
    forfeited: (amount) => `бүкіл іс бойынша тәркіленгені, кімдікі болса да: ${amount}`,
    surrendered: (amount) => `платформа осы қосалқы шот үшін тапсырғаны: ${amount}`,
    claim: (amount) => `алуды күтіп тұрғаны: ${amount}`,
    due: (amount) => `платформа беруге тиісі: ${amount}`,
    baseUnits: (amount, asset) => `базалық бірлік, ${asset}: ${amount}`,
    waits: (caseId, act, amount, payee, order) =>
      `${caseId} ісі: орындауды күтуде: ${act}, ${amount}${payee === undefined ? "" : `, алушы ${payee}`}, бұйрық ${order}`,
    executable: (start, deadline) => `орындау басы ${start}, соңы ${deadline}`,
    stayedBy: (agencies) => `орындауды тоқтата тұрған: ${agencies}`,
    appeals: (count, byThis) => `${countIn(count, APPEAL, "kk")}${byThis ? ", біреуі осы шоттан" : ""}`,
    mayAppeal: (start, to) =>
      start === undefined
        ? `осы шот бұйрық орындалғанға дейін шағым бере алады, қайда: ${to}`
        : `осы шот қалай болғанда да ${start} дейін, одан кейін бұйрық орындалғанға дейін шағым бере алады, қайда: ${to}`,
    basis: (act, time, agencies) => `${act}, ${time}${agencies === "" ? "" : `, ${agencies}`}`,
    document: (hash) => `, құжат ${hash}`,
    file: (hash) => `, файл ${hash}`,
    entry: (number) => ` (жазба ${number})`,
    checked: (entries, head) => `Журналмен салыстырылды: ${countIn(entries, ENTRY, "kk")}, соңғы хэші ${head}.`,
    contest: "Ауыртпалық соңғы секундынан кейін өздігінен тоқтайды. Оған құжатта аталған сотта дау айтуға болады.",
    contact: (where) => `Қайда дау айтуға болады: ${where}`,
  },
};
