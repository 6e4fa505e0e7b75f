import { formatUnits, getAddress, isAddressEqual, type Address, type Hex } from "viem";
import { countIn, durationIn, numberIn, type InLanguages, type Language, type Noun } from "../../base/languages.ts";
import { isoOf } from "../../base/time.ts";
import { decodeCaseId, decodeName } from "../caseId.ts";
import { isPlainSymbol } from "../symbol.ts";
import { actTerm } from "./terms.ts";

/** The names that a sentence needs and an order does not carry, and in what language it is told. */
export interface Words {
  /** English unless told. */
  language?: Language | undefined;
  /** The time zone of the deployment, by its name in the time zone database. */
  timeZone?: string | undefined;
  /** Symbol and decimals of an asset; an unknown one is told in base units. */
  asset(address: Address): { symbol: string; decimals: number } | undefined;
  /** The name of the agency with this index. */
  agency(index: number): string | undefined;
}

export const languageOf = ({ language = "en" }: Pick<Words, "language">): Language => language;

interface Amount {
  readonly asset: Address;
  readonly account: Address;
  readonly amount: bigint;
}

type Repayment = Amount & { readonly taken: Address };

/** What acts say alike, in one language. */
export interface Speech {
  ofCase(m: { caseId: Hex; document: Hex }): string;
  on(m: { document: Hex }): string;
  /** Where a rule's delay stands before the execution. */
  delayed: string;
  /** A time span from the execution. */
  term(seconds: number): string;
  duration(seconds: number): string;
  until(m: { until: bigint }): string;
  amount(asset: Address, units: bigint): string;
  asset(asset: Address): string;
  amounts(targets: readonly Amount[]): string;
  repayments(refunds: readonly Repayment[]): string;
  /** Holds that are placed later, the officer cannot have seen. */
  numbers(m: { upTo: number }): string;
  scope(m: { wholeAccount: boolean }): string;
  agency(index: number): string | undefined;
  act(number: number): string | undefined;
}

/** The turns of a language that others are put together of. */
interface Turns {
  inCase(caseId: string, document: string): string;
  on(document: string): string;
  delayed: string;
  term(duration: string): string;
  until(time: string): string;
  /** An asset alone, and beside an amount. */
  asset(address: Address, symbol?: string): string;
  of(amount: string, address: Address, isKnown: boolean): string;
  /** Of a list: the sum, how it is repaid, the entries and how many they are. */
  targets: ListTurns;
  refunds: ListTurns;
  inKind: string;
  proceedsOf(taken: string): string;
  and: string;
  nothing: string;
  numbers(upTo: number): string;
  wholeAccount: string;
  partOnly: string;
}

interface ListTurns {
  counted: Noun;
  entry(amount: string, account: Address): string;
  all(sum: string, count: string, entries: string, kind: string): string;
}

const ACCOUNT: Noun = { en: "account", ru: ["счёте", "счетах", "счетах"], kk: "шотта" };
const HOLDER: Noun = { en: "holder", ru: ["держателю", "держателям", "держателям"], kk: "ұстаушыға" };
export const BASE_UNIT: Noun = {
  en: "base unit",
  ru: ["базовая единица", "базовые единицы", "базовых единиц"],
  kk: "базалық бірлік",
};

const TURNS: InLanguages<Turns> = {
  en: {
    inCase: (caseId, document) => `in case ${caseId}, on the document ${document}`,
    on: (document) => `on the document ${document}`,
    delayed: "after the delay of its rule",
    term: (duration) => `for ${duration} from execution`,
    until: (time) => `until ${time}`,
    asset: (address, symbol) => (symbol === undefined ? `the unknown asset ${address}` : `${symbol}, asset ${address}`),
    of: (amount, address, isKnown) => `${amount} of ${isKnown ? "" : "the unknown "}asset ${address}`,
    targets: {
      counted: ACCOUNT,
      entry: (amount, account) => `${amount} in ${account}`,
      all: (sum, count, entries) => `${sum} in ${count} (${entries})`,
    },
    refunds: {
      counted: HOLDER,
      entry: (amount, account) => `${amount} to ${account}`,
      all: (sum, count, entries, kind) => `${sum}, ${kind}, to ${count} (${entries})`,
    },
    inKind: "in kind",
    proceedsOf: (taken) => `as proceeds of ${taken}`,
    and: " and ",
    nothing: "nothing",
    numbers: (upTo) => `numbers up to ${upTo}`,
    wholeAccount: "whole accounts may be blocked where the issuer cannot block a part",
    partOnly: "no account may be blocked beyond these amounts",
  },
  ru: {
    inCase: (caseId, document) => `по делу ${caseId}, на основании документа ${document}`,
    on: (document) => `на основании документа ${document}`,
    delayed: "после отсрочки по правилу",
    term: (duration) => `${duration} с момента исполнения`,
    until: (time) => `до ${time}`,
    asset: (address, symbol) => (symbol === undefined ? `неизвестный актив ${address}` : `${symbol}, актив ${address}`),
    of: (amount, address, isKnown) => `${amount} ${isKnown ? "" : "неизвестного "}актива ${address}`,
    targets: {
      counted: ACCOUNT,
      entry: (amount, account) => `${amount} на ${account}`,
      all: (sum, count, entries) => `${sum} на ${count} (${entries})`,
    },
    refunds: {
      counted: HOLDER,
      entry: (amount, account) => `${amount} на ${account}`,
      all: (sum, count, entries, kind) => `${sum}, ${kind}, ${count} (${entries})`,
    },
    inKind: "в натуре",
    proceedsOf: (taken) => `как выручка (изъято: ${taken})`,
    and: " и ",
    nothing: "нет",
    numbers: (upTo) => `номера до ${upTo} включительно`,
    wholeAccount: "счета могут быть заблокированы целиком, если эмитент не может заблокировать часть",
    partOnly: "ни один счёт не может быть заблокирован сверх этих сумм",
  },
  kk: {
    inCase: (caseId, document) => `${caseId} ісі бойынша, ${document} құжаты негізінде`,
    on: (document) => `${document} құжаты негізінде`,
    delayed: "қағидадағы кейінге қалдыру мерзімінен соң",
    term: (duration) => `орындалған сәттен бастап ${duration}`,
    until: (time) => `${time} сәтіне дейін`,
    asset: (address, symbol) => (symbol === undefined ? `белгісіз актив ${address}` : `${symbol}, актив ${address}`),
    of: (amount, address, isKnown) => `${amount} (${isKnown ? "" : "белгісіз "}актив ${address})`,
    targets: {
      counted: ACCOUNT,
      entry: (amount, account) => `${account} шотында ${amount}`,
      all: (sum, count, entries) => `${sum} ${count} (${entries})`,
    },
    refunds: {
      counted: HOLDER,
      entry: (amount, account) => `${account} шотына ${amount}`,
      all: (sum, count, entries, kind) => `${sum}, ${kind}, ${count} (${entries})`,
    },
    inKind: "заттай",
    proceedsOf: (taken) => `түсім ретінде (алып қойылған: ${taken})`,
    and: " және ",
    nothing: "жоқ",
    numbers: (upTo) => `нөмірлерінің жоғарғы шегі ${upTo}`,
    wholeAccount: "эмитент бір бөлігін бұғаттай алмаса, шоттар толық бұғатталуы мүмкін",
    partOnly: "ешбір шот осы сомалардан артық бұғатталмайды",
  },
};

export const addressIn = getAddress;

/** A name in quotes, or the bytes. */
export function nameIn(bytes: Hex): string {
  const name = decodeName(bytes);
  return name === bytes ? bytes : JSON.stringify(name);
}

/** What acts say alike, in the language of the words; `act`: the name of an act by its number. */
export function speechOf(words: Words, act: (number: number) => string | undefined): Speech {
  const language = languageOf(words);
  const turns = TURNS[language];
  const duration = (seconds: number) => durationIn(seconds, language);
  return {
    ofCase: (m) => turns.inCase(JSON.stringify(decodeCaseId(m.caseId)), m.document),
    on: ({ document }) => turns.on(document),
    delayed: turns.delayed,
    term: (seconds) => turns.term(duration(seconds)),
    duration,
    until: ({ until }) => turns.until(isoOf(until)),
    amount: (asset, units) => amountIn(asset, units, words),
    asset: (asset) => assetIn(asset, words),
    amounts: (targets) =>
      listed(
        targets,
        turns.targets,
        (t) => getAddress(t.asset),
        () => "",
        words,
      ),
    repayments: (refunds) =>
      listed(
        refunds,
        turns.refunds,
        (r) => getAddress(r.taken) + getAddress(r.asset),
        ({ taken, asset }) => (isAddressEqual(taken, asset) ? turns.inKind : turns.proceedsOf(assetIn(taken, words))),
        words,
      ),
    numbers: ({ upTo }) => turns.numbers(upTo),
    scope: ({ wholeAccount }) => (wholeAccount ? turns.wholeAccount : turns.partOnly),
    agency: (index) => words.agency(index),
    act(number) {
      const name = act(number);
      return name === undefined ? undefined : actTerm(name, language);
    },
  };
}

const symbolOf = (asset: Address, words: Words) => {
  const known = words.asset(asset);
  return known && isPlainSymbol(known.symbol) ? known : undefined;
};

/** An asset by its symbol, where it has a plain one, and its address. */
export function assetIn(asset: Address, words: Words): string {
  return TURNS[languageOf(words)].asset(getAddress(asset), symbolOf(asset, words)?.symbol);
}

/** An amount with its asset, which is named with its address: nothing keeps two assets from having one symbol. */
export function amountIn(asset: Address, units: bigint, words: Words): string {
  const isKnown = symbolOf(asset, words) !== undefined;
  return TURNS[languageOf(words)].of(unitsIn(asset, units, words), getAddress(asset), isKnown);
}

function unitsIn(asset: Address, units: bigint, words: Words): string {
  const language = languageOf(words);
  const known = symbolOf(asset, words);
  if (known === undefined) return countIn(units, BASE_UNIT, language);
  return `${numberIn(formatUnits(units, known.decimals), language)} ${known.symbol}`;
}

/** Entries in their order; neighbours of one asset share a title with their number and total. */
function listed<T extends Amount>(
  entries: readonly T[],
  turns: ListTurns,
  groupOf: (entry: T) => string,
  kindOf: (entry: T) => string,
  words: Words,
): string {
  const language = languageOf(words);
  const groups: [T, ...T[]][] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    if (last && groupOf(last[0]) === groupOf(entry)) last.push(entry);
    else groups.push([entry]);
  }
  const told = groups.map((group) => {
    const [first] = group;
    const total = group.reduce((sum, { amount }) => sum + amount, 0n);
    const each = group.map(({ asset, account, amount }) =>
      turns.entry(unitsIn(asset, amount, words), getAddress(account)),
    );
    const sum = amountIn(first.asset, total, words);
    return turns.all(sum, countIn(group.length, turns.counted, language), each.join(", "), kindOf(first));
  });
  const { and, nothing } = TURNS[language];
  return told.join(and) || nothing;
}
