import { getAddress, isAddressEqual, type Address, type Hex } from "viem";
import type { InLanguages, Language } from "../base/languages.ts";
import { caseIn, entriesOf } from "./entries.ts";
import { endsOf } from "./lookAlikes.ts";
import type { Order } from "./types.ts";

/** What a reader of many orders has to look at first. */
export interface OrderException {
  kind: "other deployment" | "different from the list" | "service wallet" | "look-alike" | "large" | "unknown asset";
  /** The order, as the caller names it. */
  order: string;
  /** What of it: an entry of its message, or the whole. */
  at: string;
  has: string;
  needs: string;
}

/** An order with the name that its exceptions carry. */
export interface NamedOrder {
  name: string;
  order: Order;
}

/** A target of the approved list; `amount` in base units. */
export interface ApprovedTarget {
  asset: Address;
  account: Address;
  amount: bigint;
}

/** By so many times an amount is above the middle one of its asset. */
const MANY_TIMES = 10n;

/** What exceptions are made of. */
interface ExceptionWords {
  theOrder: string;
  theFolder: string;
  nothing: string;
  noTarget: string;
  noService: string;
  inAccount: (amount: string, account: string) => string;
  notTakenFor: (account: string) => string;
  secondLook: (middle: string) => string;
  orderEach: (cases: string) => string;
}

export const EXCEPTION_WORDS: InLanguages<ExceptionWords> = {
  en: {
    theOrder: "the order",
    theFolder: "the folder",
    nothing: "nothing",
    noTarget: "no target of this case",
    noService: "a wallet that is no service's",
    inAccount: (amount, account) => `${amount} in ${account}`,
    notTakenFor: (account) => `not to be taken for ${account}`,
    secondLook: (middle) => `a second look: more than ${MANY_TIMES} times the middle amount, ${middle}`,
    orderEach: (cases) => `an order each of ${cases}`,
  },
  ru: {
    theOrder: "приказ",
    theFolder: "папка",
    nothing: "ничего",
    noTarget: "ни одной цели этого дела",
    noService: "кошелёк, который не принадлежит сервису",
    inAccount: (amount, account) => `${amount} на ${account}`,
    notTakenFor: (account) => `не спутать с ${account}`,
    secondLook: (middle) => `проверить ещё раз: больше средней суммы более чем в ${MANY_TIMES} раз: ${middle}`,
    orderEach: (cases) => `по приказу на каждое дело: ${cases}`,
  },
  kk: {
    theOrder: "бұйрық",
    theFolder: "қалта",
    nothing: "ештеңе",
    noTarget: "бұл істің бірде-бір нысанасы емес",
    noService: "сервиске тиесілі емес әмиян",
    inAccount: (amount, account) => `${account} шотында ${amount}`,
    notTakenFor: (account) => `мынамен шатастырмау керек: ${account}`,
    secondLook: (middle) => `қайта тексеру: ортаңғы сомадан ${MANY_TIMES} еседен астам көп: ${middle}`,
    orderEach: (cases) => `әр іске бір бұйрықтан: ${cases}`,
  },
};

/** Amounts as a reader knows them. */
export type Telling = (asset: Address, amount: bigint) => string;

/** Entries that are not those of the approved list of the order's case, and targets of the list that the order leaves out. */
export function differences(
  orders: readonly NamedOrder[],
  approvedOf: (caseId: Hex) => readonly ApprovedTarget[],
  tell: Telling,
  language: Language = "en",
): OrderException[] {
  const { theOrder, nothing, noTarget, inAccount } = EXCEPTION_WORDS[language];
  return orders.flatMap(({ name, order }) => {
    const caseId = caseIn(order);
    const entries = entriesOf(order).filter(({ account }) => account !== undefined);
    if (caseId === undefined || entries.length === 0) return [];
    const told = (at: string, has: string, needs: string) => ({
      kind: "different from the list" as const,
      order: name,
      at,
      has,
      needs,
    });
    const approved = approvedOf(caseId);
    const same = (a: ApprovedTarget) => (b: { asset: Address; account?: Address | undefined }) =>
      isAddressEqual(a.asset, b.asset) && b.account !== undefined && isAddressEqual(a.account, b.account);
    const wrong = entries.flatMap((entry) => {
      const target = approved.find((it) => same(it)(entry));
      if (target?.amount === entry.amount) return [];
      const needs = target === undefined ? noTarget : tell(target.asset, target.amount);
      return [told(entry.at, inAccount(tell(entry.asset, entry.amount), getAddress(entry.account!)), needs)];
    });
    const left = approved
      .filter((target) => !entries.some(same(target)))
      .map((target) => told(theOrder, nothing, inAccount(tell(target.asset, target.amount), target.account)));
    return [...wrong, ...left];
  });
}

/** Entries on wallets that many people use. `serviceAt`: what a list calls the account. */
export const serviceWallets = (
  orders: readonly NamedOrder[],
  serviceAt: (account: Address) => string | undefined,
  language: Language = "en",
): OrderException[] =>
  orders.flatMap(({ name, order }) =>
    entriesOf(order).flatMap(({ at, account }) => {
      const service = account && serviceAt(account);
      if (service === undefined) return [];
      const has = `${getAddress(account!)}, ${service}`;
      return [{ kind: "service wallet" as const, order: name, at, has, needs: EXCEPTION_WORDS[language].noService }];
    }),
  );

/** Accounts that look like another known address: the same first and last digits. */
export function lookAlikes(
  orders: readonly NamedOrder[],
  known: Iterable<Address>,
  language: Language = "en",
): OrderException[] {
  const looks = new Map<string, Set<Address>>();
  const accounts = orders.flatMap(({ order }) => entriesOf(order).flatMap(({ account }) => account ?? []));
  for (const address of [...known, ...accounts].map((it) => it.toLowerCase() as Address)) {
    const look = endsOf(address);
    looks.set(look, (looks.get(look) ?? new Set()).add(address));
  }
  return orders.flatMap(({ name, order }) =>
    entriesOf(order).flatMap(({ at, account }) => {
      const mine = account?.toLowerCase() as Address | undefined;
      const others = mine === undefined ? [] : [...looks.get(endsOf(mine))!].filter((it) => it !== mine);
      return others.map((other) => ({
        kind: "look-alike" as const,
        order: name,
        at,
        has: getAddress(mine!),
        needs: EXCEPTION_WORDS[language].notTakenFor(getAddress(other)),
      }));
    }),
  );
}

/** Fewer amounts have no middle one that says anything. */
const LEAST_AMOUNTS = 3;

/** Entries that are many times the middle amount of their asset among all of these orders. */
export function largeOnes(orders: readonly NamedOrder[], tell: Telling, language: Language = "en"): OrderException[] {
  const { inAccount, secondLook } = EXCEPTION_WORDS[language];
  const all = orders.flatMap(({ name, order }) => entriesOf(order).map((entry) => ({ ...entry, name })));
  const middles = new Map<Address, bigint>();
  for (const asset of new Set(all.map((entry) => entry.asset))) {
    const amounts = all.filter((entry) => entry.asset === asset).map(({ amount }) => amount);
    if (amounts.length < LEAST_AMOUNTS) continue;
    amounts.sort((a, b) => (a < b ? -1 : 1));
    middles.set(asset, amounts[Math.floor((amounts.length - 1) / 2)]!);
  }
  return all.flatMap(({ name, at, asset, account, amount }) => {
    const middle = middles.get(asset);
    if (middle === undefined || amount <= MANY_TIMES * middle) return [];
    const told = tell(asset, amount);
    const has = account === undefined ? told : inAccount(told, getAddress(account));
    const needs = secondLook(tell(asset, middle));
    return [{ kind: "large" as const, order: name, at, has, needs }];
  });
}
