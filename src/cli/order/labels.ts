// What stands around orders in tables and lists. Names of fields are those that are signed, in every language.
import { countIn, type InLanguages, type Noun } from "../../base/languages.ts";
import { countOf } from "../../base/words.ts";
import type { OrderException } from "../../orders/exceptions.ts";
import { TERMS } from "../../orders/acts/terms.ts";
import { languageOf, type Words } from "../../orders/acts/words.ts";
import type { OrderState } from "../../orders/state.ts";
import type { OfficerKind } from "../../orders/types.ts";

const ORDER: Noun = { en: "order", ru: ["приказ", "приказа", "приказов"], kk: "бұйрық" };
const EXCEPTION: Noun = { en: "exception", ru: ["исключение", "исключения", "исключений"], kk: "ерекше жағдай" };

type State = OrderState["is"] | "ready";

interface Labels {
  /** Heads of columns, names of rows. */
  case: string;
  act: string;
  targets: string;
  total: string;
  ends: string;
  signBy: string;
  ruling: string;
  chain: string;
  quorum: string;
  digest: string;
  order: string;
  state: string;
  approvedBy: string;
  missing: string;
  until: string;
  root: string;
  /** Values. */
  none: string;
  nothing: string;
  yes: string;
  no: string;
  or: string;
  fromExecution: (duration: string) => string;
  actIn: (name: string, type: string, number: number) => string;
  agency: (index: number) => string;
  agencyItself: string;
  unknownAgency: string;
  anOfficer: string;
  account: (amount: string, account: string, taken?: string) => string;
  baseUnitsOf: (asset: string) => string;
  inBaseUnits: string;
  isAsset: (symbol: string, asset: string) => string;
  place: (chainId: number, quorum: string) => string;
  validOnly: (chainId: number, quorum: string) => string;
  noSentence: (type: string) => string;
  allOf: (count: number, type: string, name: string, common: string) => string;
  everyField: (orders: string) => string;
  byOneSignature: (count: number, type: string, name: string) => string;
  /** Exceptions. */
  lookFirst: (exceptions: string) => string;
  kinds: Readonly<Record<OrderException["kind"], string>>;
  has: string;
  needs: string;
  /** States. */
  states: Readonly<Record<State, string>>;
  voidAfter: (state: string, time: string) => string;
  byEntry: (entry: string) => string;
  scheduledBy: (entry: string) => string;
  fromTo: (start: string, deadline: string) => string;
  executable: (scheduled: string, start: string, deadline: string) => string;
  deadSince: (time: string, scheduled: string) => string;
  noRule: string;
  /** How many orders are in a state. */
  inState: (count: number, state: string) => string;
  atBlock: (orders: string, sums: string, block: string, time: string) => string;
  /** What was verified. */
  askedAt: (block: string, time: string) => string;
  agrees: string;
  agreesNot: string;
  notChecked: (what: string) => string;
  signedBy: (agency: string, signer: string, standing: string, file: string) => string;
  standings: Readonly<
    Record<"notOwn" | "notShown" | "forSafe" | "seatNotAsked" | "dismissed" | "withoutSeat" | "withdrawn", string>
  >;
  /** Of a kind of officer. */
  counts: Readonly<Record<OfficerKind, string>>;
  /** Questions. */
  signIt: string;
  sendIt: string;
  signAndSendIt: string;
  thatOrder: string;
}

const LABELS: InLanguages<Labels> = {
  en: {
    case: "case",
    act: "act",
    targets: "targets",
    total: "total",
    ends: "ends",
    signBy: "sign by",
    ruling: "ruling",
    chain: "chain",
    quorum: "Quorum",
    digest: "digest",
    order: "order",
    state: "state",
    approvedBy: "approved by",
    missing: "missing",
    until: "until",
    root: "Root",
    none: "none",
    nothing: "nothing",
    yes: "yes",
    no: "no",
    or: ", or ",
    fromExecution: (duration) => `${duration} from execution`,
    actIn: (_, type, number) => `${type}, act ${number}`,
    agency: (index) => `agency ${index}`,
    agencyItself: "the agency itself",
    unknownAgency: "unknown",
    anOfficer: "an officer",
    account: (amount, account, taken) =>
      `${amount}, account ${account}${taken === undefined ? "" : `, for what was taken in ${taken}`}`,
    baseUnitsOf: (asset) => `base units of ${asset}`,
    inBaseUnits: "an unknown asset, in base units",
    isAsset: (symbol, asset) => `${symbol} is the asset ${asset}`,
    place: (chainId, quorum) => `chain ${chainId}, Quorum ${quorum}`,
    validOnly: (chainId, quorum) => `each valid only at the Quorum ${quorum} on chain ${chainId}`,
    noSentence: (type) => `No sentence tells a ${type}: nobody may sign it.`,
    allOf: (count, type, _, common) => `${countOf(count, type)}, all of them: ${common}`,
    everyField: (orders) => `${orders}; every field of one: order show FILE`,
    byOneSignature: (count, type) => `${countOf(count, type)}, by one signature`,
    lookFirst: (exceptions) => `${exceptions}, to be looked at first:`,
    kinds: {
      "other deployment": "other deployment",
      "different from the list": "different from the list",
      "service wallet": "service wallet",
      "look-alike": "look-alike",
      large: "large",
      "unknown asset": "unknown asset",
    },
    has: "has",
    needs: "needs",
    states: {
      ready: "ready",
      open: "open",
      used: "used",
      expired: "expired",
      scheduled: "scheduled",
      executed: "executed",
      vetoed: "vetoed",
      dead: "dead",
    },
    voidAfter: (state, time) => `${state}, void after ${time}`,
    byEntry: (entry) => `by entry ${entry} of the journal`,
    scheduledBy: (entry) => `scheduled by entry ${entry} of the journal`,
    fromTo: (start, deadline) => `from ${start} to ${deadline}`,
    executable: (scheduled, start, deadline) => `${scheduled}, may be executed from ${start} to ${deadline}`,
    deadSince: (time, scheduled) => `dead since ${time}, ${scheduled}`,
    noRule: "no rule: its signer alone signs",
    inState: (count, state) => `${count} ${state}`,
    atBlock: (orders, sums, block, time) => `${orders}: ${sums}; at block ${block}, ${time}`,
    askedAt: (block, time) => `Asked of the node at block ${block}, ${time}.`,
    agrees: "What was checked agrees.",
    agreesNot: "Not everything agrees.",
    notChecked: (what) => `Not checked: ${what}`,
    signedBy: (agency, signer, standing, file) => `signed by ${agency}: ${signer}, ${standing}, ${file}`,
    standings: {
      notOwn: "not its own",
      notShown: "not shown to be its own",
      forSafe: "for the Safe",
      seatNotAsked: "its own; its seat was not asked",
      dismissed: "dismissed: does not count",
      withoutSeat: "without a seat",
      withdrawn: "withdrawn: does not count",
    },
    counts: { key: "key, counts", contract: "contract, counts", verifier: "verifier, counts" },
    signIt: "Sign it?",
    sendIt: "Send it?",
    signAndSendIt: "Sign and send it?",
    thatOrder: "That order",
  },
  ru: {
    case: TERMS.case.ru,
    act: TERMS.act.ru,
    targets: "целей",
    total: "итого",
    ends: "окончание",
    signBy: "подписать до",
    ruling: TERMS.ruling.ru,
    chain: "сеть",
    quorum: "Кворум",
    digest: "дайджест",
    order: TERMS.order.ru,
    state: "состояние",
    approvedBy: "одобрили",
    missing: "не хватает",
    until: "до",
    root: "Корень",
    none: "нет",
    nothing: "ничего",
    yes: "да",
    no: "нет",
    or: ", или ",
    fromExecution: (duration) => `${duration} с момента исполнения`,
    actIn: (name, type, number) => `${name} (${type}), акт ${number}`,
    agency: (index) => `орган ${index}`,
    agencyItself: "сам орган",
    unknownAgency: "неизвестный",
    anOfficer: TERMS.officer.ru,
    account: (amount, account, taken) =>
      `${amount}, счёт ${account}${taken === undefined ? "" : `, за изъятое в ${taken}`}`,
    baseUnitsOf: (asset) => `базовых единиц ${asset}`,
    inBaseUnits: "неизвестный актив, в базовых единицах",
    isAsset: (symbol, asset) => `${symbol}: актив ${asset}`,
    place: (chainId, quorum) => `сеть ${chainId}, Кворум ${quorum}`,
    validOnly: (chainId, quorum) => `каждый действует только в Кворуме ${quorum} в сети ${chainId}`,
    noSentence: (type) => `Для ${type} нет описания словами: подписывать нельзя.`,
    allOf: (count, type, name, common) => `${name} (${type}), приказов: ${count}; во всех: ${common}`,
    everyField: (orders) => `${orders}; все поля одного: order show FILE`,
    byOneSignature: (count, type, name) => `${name} (${type}), приказов: ${count}, одной подписью`,
    lookFirst: (exceptions) => `${exceptions}, проверить в первую очередь:`,
    kinds: {
      "other deployment": "другая система",
      "different from the list": "расхождение со списком",
      "service wallet": "кошелёк сервиса",
      "look-alike": "похожий адрес",
      large: "крупная сумма",
      "unknown asset": "неизвестный актив",
    },
    has: "есть",
    needs: "нужно",
    states: {
      ready: "готов",
      open: "открыт",
      used: "использован",
      expired: "истёк",
      scheduled: "отсрочен",
      executed: "исполнен",
      vetoed: "наложено вето",
      dead: "просрочен",
    },
    voidAfter: (state, time) => `${state}, недействителен после ${time}`,
    byEntry: (entry) => `запись журнала ${entry}`,
    scheduledBy: (entry) => `отсрочен, запись журнала ${entry}`,
    fromTo: (start, deadline) => `с ${start} до ${deadline}`,
    executable: (scheduled, start, deadline) => `${scheduled}, может быть исполнен с ${start} до ${deadline}`,
    deadSince: (time, scheduled) => `просрочен с ${time}, ${scheduled}`,
    noRule: "без правила: подписывает только сам подписант",
    inState: (count, state) => `${state}: ${count}`,
    atBlock: (orders, sums, block, time) => `${orders} (${sums}); блок ${block}, ${time}`,
    askedAt: (block, time) => `Узел опрошен на блоке ${block}, ${time}.`,
    agrees: "Всё, что проверено, сходится.",
    agreesNot: "Не всё сходится.",
    notChecked: (what) => `Не проверено: ${what}`,
    signedBy: (agency, signer, standing, file) => `подпись, ${agency}: ${signer}, ${standing}, ${file}`,
    standings: {
      notOwn: "чужая",
      notShown: "не доказано, что своя",
      forSafe: "для Safe",
      seatNotAsked: "своя; полномочия не проверялись",
      dismissed: "отстранён: не засчитывается",
      withoutSeat: "без полномочий",
      withdrawn: "отозвана: не засчитывается",
    },
    counts: {
      key: "ключ, засчитывается",
      contract: "контракт, засчитывается",
      verifier: "верификатор, засчитывается",
    },
    signIt: "Подписать?",
    sendIt: "Отправить?",
    signAndSendIt: "Подписать и отправить?",
    thatOrder: "Тот приказ",
  },
  kk: {
    case: TERMS.case.kk,
    act: TERMS.act.kk,
    targets: "нысана саны",
    total: "барлығы",
    ends: "аяқталуы",
    signBy: "қол қою мерзімі",
    ruling: TERMS.ruling.kk,
    chain: "желі",
    quorum: "Кворум",
    digest: "дайджест",
    order: TERMS.order.kk,
    state: "күйі",
    approvedBy: "мақұлдағандар",
    missing: "жетіспейтіндер",
    until: "мерзімі",
    root: "Түбір",
    none: "жоқ",
    nothing: "ештеңе",
    yes: "иә",
    no: "жоқ",
    or: ", немесе ",
    fromExecution: (duration) => `орындалған сәттен бастап ${duration}`,
    actIn: (name, type, number) => `${name} (${type}), акт ${number}`,
    agency: (index) => `орган ${index}`,
    agencyItself: "органның өзі",
    unknownAgency: "белгісіз",
    anOfficer: TERMS.officer.kk,
    account: (amount, account, taken) =>
      `${amount}, шот ${account}${taken === undefined ? "" : `, алып қойылған актив: ${taken}`}`,
    baseUnitsOf: (asset) => `базалық бірлік, ${asset}`,
    inBaseUnits: "белгісіз актив, базалық бірлікпен",
    isAsset: (symbol, asset) => `${symbol}: актив ${asset}`,
    place: (chainId, quorum) => `желі ${chainId}, Кворум ${quorum}`,
    validOnly: (chainId, quorum) => `әрқайсысы тек ${chainId} желісіндегі ${quorum} Кворумында жарамды`,
    noSentence: (type) => `${type} сөзбен сипатталмаған: қол қоюға болмайды.`,
    allOf: (count, type, name, common) => `${name} (${type}), бұйрық саны: ${count}; бәріне ортақ: ${common}`,
    everyField: (orders) => `${orders}; біреуінің барлық өрістері: order show FILE`,
    byOneSignature: (count, type, name) => `${name} (${type}), бұйрық саны: ${count}, бір қолтаңбамен`,
    lookFirst: (exceptions) => `${exceptions}, алдымен тексеріңіз:`,
    kinds: {
      "other deployment": "басқа жүйе",
      "different from the list": "тізімнен айырмашылық",
      "service wallet": "сервистің әмияны",
      "look-alike": "ұқсас мекенжай",
      large: "ірі сома",
      "unknown asset": "белгісіз актив",
    },
    has: "бары",
    needs: "керегі",
    states: {
      ready: "дайын",
      open: "ашық",
      used: "пайдаланылған",
      expired: "мерзімі өткен",
      scheduled: "кейінге қалдырылған",
      executed: "орындалған",
      vetoed: "вето қойылған",
      dead: "күшін жойған",
    },
    voidAfter: (state, time) => `${state}, ${time} сәтінен кейін жарамсыз`,
    byEntry: (entry) => `журналдың ${entry} жазбасы`,
    scheduledBy: (entry) => `кейінге қалдырылған, журналдың ${entry} жазбасы`,
    fromTo: (start, deadline) => `басы ${start}, соңы ${deadline}`,
    executable: (scheduled, start, deadline) => `${scheduled}, орындау басы ${start}, соңы ${deadline}`,
    deadSince: (time, scheduled) => `${time} сәтінен бері күшін жойған, ${scheduled}`,
    noRule: "қағидасыз: тек қол қоюшының өзі қол қояды",
    inState: (count, state) => `${state}: ${count}`,
    atBlock: (orders, sums, block, time) => `${orders} (${sums}); блок ${block}, ${time}`,
    askedAt: (block, time) => `Түйін мына блокта сұралды: ${block}, ${time}.`,
    agrees: "Тексерілгеннің бәрі сәйкес.",
    agreesNot: "Бәрі бірдей сәйкес емес.",
    notChecked: (what) => `Тексерілмеді: ${what}`,
    signedBy: (agency, signer, standing, file) => `қолтаңба, ${agency}: ${signer}, ${standing}, ${file}`,
    standings: {
      notOwn: "бөтен",
      notShown: "өзінікі екені дәлелденбеген",
      forSafe: "Safe үшін",
      seatNotAsked: "өзінікі; өкілеттігі тексерілмеді",
      dismissed: "шеттетілген: есепке алынбайды",
      withoutSeat: "өкілеттігі жоқ",
      withdrawn: "қайтарып алынған: есепке алынбайды",
    },
    counts: {
      key: "кілт, есепке алынады",
      contract: "келісімшарт, есепке алынады",
      verifier: "верификатор, есепке алынады",
    },
    signIt: "Қол қоясыз ба?",
    sendIt: "Жібересіз бе?",
    signAndSendIt: "Қол қойып, жібересіз бе?",
    thatOrder: "Ол бұйрық",
  },
};

export const labelsOf = (words: Pick<Words, "language">): Labels => LABELS[languageOf(words)];

export const ordersIn = (count: number, words: Words): string => countIn(count, ORDER, languageOf(words));
export const exceptionsIn = (count: number, words: Words): string => countIn(count, EXCEPTION, languageOf(words));
