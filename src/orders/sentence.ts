import {
  formatUnits,
  getAddress,
  isAddress,
  isAddressEqual,
  size,
  slice,
  zeroAddress,
  type Address,
  type Hex,
} from "viem";
import { EXIT, SequesterError } from "../errors.ts";
import { decodeName } from "./buildChanges.ts";
import { decodeCaseId } from "./caseId.ts";
import {
  actName,
  OFFICER_KINDS,
  SELF,
  type Message,
  type Order,
  type PrimaryType,
  type Refund,
  type Target,
} from "./types.ts";

/** The names that a sentence needs and an order does not carry. */
export interface Words {
  /** Symbol and decimals of an asset; an unknown one is told in base units. */
  asset(address: Address): { symbol: string; decimals: number } | undefined;
  /** The name of the agency with this index. */
  agency(index: number): string | undefined;
}

export class NoSentenceError extends SequesterError {
  override name = "NoSentenceError";

  constructor(primaryType: PrimaryType) {
    super(`An order of the type ${primaryType} cannot be told in a sentence, so nobody may sign it.`, {
      code: EXIT.usage,
      metaMessages: [`has: ${primaryType}`, `needs: one of ${Object.keys(SENTENCES).join(", ")}`],
    });
  }
}

const SENTENCES = {
  Freeze: freeze,
  Arrest: arrest,
  Lift: lift,
  Seize: seize,
  Return: giveBack,
  Forfeit: forfeit,
  Compensate: compensate,
  Convert: convert,
  Transfer: transfer,
  ExchangeHold: exchangeHold,
  Stay: stay,
  Veto: veto,
  Appeal: appeal,
  Cancel: cancel,
  Admit: admit,
  Dismiss: dismiss,
  Configure: configure,
  SetTreasury: setTreasury,
  License: license,
  Suspend: suspend,
} as const;

/** The acts that `sentence` can tell. */
export type SentencedType = keyof typeof SENTENCES;

/** Whether `sentence` can tell this order. */
export function hasSentence(order: Order): order is Order<SentencedType> {
  return Object.hasOwn(SENTENCES, order.primaryType);
}

/**
 * One plain sentence that says all that an order does, for an officer to read before signing. Every field but `salt` is in
 * it: two orders that differ elsewhere have different sentences.
 * @throws NoSentenceError for a type that has none, InvalidCaseIdError for a case id that is no text.
 */
export function sentence(order: Order, words: Words): string {
  if (!hasSentence(order)) throw new NoSentenceError(order.primaryType);
  const tell = SENTENCES[order.primaryType] as (message: Order["message"], words: Words) => string;
  return `${tell(order.message, words)}; void after ${moment(order.message.signBy)}.`;
}

function freeze(m: Message<"Freeze">, words: Words): string {
  return `Freeze provisionally ${inCase(m)}, for ${duration(m.term)} from execution, ${amounts(m.targets, words)}; ${scope(m)}`;
}

function arrest(m: Message<"Arrest">, words: Words): string {
  const omnibus = m.omnibus ? "omnibus wallets of platforms may be arrested" : "no omnibus wallet may be arrested";
  return (
    `Arrest ${inCase(m)}, until ${moment(m.until)}, by confirming live holds with ${numbers(m)} on ${amounts(m.confirm, words)}, ` +
    `and by placing new holds on ${amounts(m.place, words)}; ${scope(m)}; ${omnibus}`
  );
}

function lift(m: Message<"Lift">, words: Words): string {
  const which = m.arrested ? "the holds, arrested ones too," : "the provisional holds";
  return `Lift ${inCase(m)}, ${which} with ${numbers(m)} on ${amounts(m.holds, words)}`;
}

function seize(m: Message<"Seize">, words: Words): string {
  return `Seize ${inCase(m)}, from its holds with ${numbers(m)} into its vault, ${amounts(m.holds, words)}`;
}

function giveBack(m: Message<"Return">, words: Words): string {
  return `Return ${inCase(m)}, from its vault, ${repayments(m.holders, words)}`;
}

function forfeit(m: Message<"Forfeit">, words: Words): string {
  return `Forfeit ${inCase(m)}, after the delay of its rule, ${amount(m, m.amount, words)} to the treasury ${getAddress(m.treasury)}`;
}

function compensate(m: Message<"Compensate">, words: Words): string {
  return (
    `Compensate ${inCase(m)}, after the delay of its rule, out of ${amount(m, m.total, words)}, for ` +
    `${duration(m.claimTerm)} from execution, whoever stands in the list ${m.list} with the root ${m.root}`
  );
}

function convert(m: Message<"Convert">, words: Words): string {
  const proceeds = amount({ asset: m.proceedsAsset }, m.leastProceeds, words);
  return (
    `Convert ${inCase(m)}, after the delay of its rule, ${amount(m, m.amount, words)} by delivery to the wallet ` +
    `${getAddress(m.wallet)} against its payment of at least ${proceeds} into the vault`
  );
}

function transfer(m: Message<"Transfer">, words: Words): string {
  const source = TRANSFER_SOURCES[m.source] ?? `the unknown source ${m.source}`;
  const of = m.holder === zeroAddress ? "" : ` of the holder ${getAddress(m.holder)}`;
  return (
    `Transfer ${inCase(m)}, after the delay of its rule, ${amount(m, m.amount, words)} from ${source}${of} to the free ` +
    `payee ${getAddress(m.to)}`
  );
}

const TRANSFER_SOURCES: Record<number, string> = { 1: "custody", 2: "suspense", 3: "the unclaimed money" };

function exchangeHold(m: Message<"ExchangeHold">, words: Words): string {
  return (
    `Hold provisionally ${inCase(m)}, for ${duration(m.term)} from execution, ${amount(m, m.amount, words)} in the ` +
    `sub-account ${m.subAccount} of the platform's wallet ${getAddress(m.wallet)}, and nothing else in that wallet`
  );
}

function stay(m: Message<"Stay">): string {
  return `Stay the order ${m.order} until ${moment(m.until)}, on the document ${m.document}`;
}

function veto(m: Message<"Veto">): string {
  return `Veto for ever the order ${m.order}, on the document ${m.document}`;
}

function appeal(m: Message<"Appeal">, words: Words): string {
  return (
    `Appeal against the order ${m.order} as the holder ${getAddress(m.holder)}, from whom ` +
    `${token(m.asset, words).called} was taken, on the document ${m.document}`
  );
}

function dismiss(m: Message<"Dismiss">): string {
  const why = m.compromised ? "because its key is in wrong hands" : "in good standing";
  return `Dismiss for ever the officer ${m.officerId}, ${why}, on the document ${m.document}`;
}

function configure(m: Message<"Configure">, words: Words): string {
  const rules = m.rules.map(({ officers, delay, grace, term }) => {
    const times = `delay ${duration(delay)}, grace ${duration(grace)}, longest term ${duration(term)}`;
    return `${officersOf(officers, words)} (${times})`;
  });
  const act = actName(m.act) ?? "an unknown act";
  return `Replace the rules of ${act} (act ${m.act}) by ${rules.join(", or ") || "none"}, on the document ${m.document}`;
}

/** Of the packed digits, one per agency; the highest one is the agency that the order is about. */
function officersOf(officers: Hex, words: Words): string {
  const digits = [...officers.slice(2)].reverse();
  const told = digits.flatMap((digit, index) => {
    if (digit === "0") return [];
    const agency = index === SELF ? "the agency itself" : (words.agency(index) ?? `agency ${index}`);
    return [`${agency} ${Number.parseInt(digit, 16)}`];
  });
  return told.join(" + ") || "nobody";
}

function setTreasury(m: Message<"SetTreasury">, words: Words): string {
  return (
    `Register, after the delay of its rule, ${getAddress(m.treasury)} as the treasury of ` +
    `${token(m.asset, words).called}, on the document ${m.document}`
  );
}

function license(m: Message<"License">): string {
  const kind = m.omnibus ? "in which it keeps the money of many customers" : "that is its own";
  return (
    `License the wallet ${getAddress(m.wallet)} of the platform ${nameOf(m.platform)}, one ${kind}, until ` +
    `${moment(m.until)}, on the document ${m.document}`
  );
}

function suspend(m: Message<"Suspend">): string {
  return `Suspend every wallet of the platform ${nameOf(m.platform)}, on the document ${m.document}`;
}

/** A name in quotes, or the bytes. */
function nameOf(bytes: Hex): string {
  const name = decodeName(bytes);
  return name === bytes ? bytes : JSON.stringify(name);
}

function amount({ asset }: { asset: Address }, units: bigint, words: Words): string {
  const told = token(asset, words);
  return `${told.units(units)} of ${told.name}`;
}

function cancel(m: Message<"Cancel">): string {
  return `Withdraw for ever my own approval of the order ${m.order}, and nothing else`;
}

function admit(m: Message<"Admit">, words: Words): string {
  const agency = words.agency(m.agency) ?? "an unknown agency";
  return `Admit as an officer of ${agency} (agency ${m.agency}) the ${candidate(m)}, on the document ${m.document}`;
}

const inCase = (m: { caseId: Hex; document: Hex }) =>
  `in case ${JSON.stringify(decodeCaseId(m.caseId))}, on the document ${m.document}`;

/** Holds that are placed later, the officer cannot have seen. */
const numbers = (m: { upTo: number }) => `numbers up to ${m.upTo}`;

const scope = (m: { wholeAccount: boolean }) =>
  m.wholeAccount
    ? "whole accounts may be blocked where the issuer cannot block a part"
    : "no account may be blocked beyond these amounts";

function candidate({ kind, signer }: Message<"Admit">): string {
  const shown = isAddress(signer, { strict: false }) ? getAddress(signer) : signer;
  if (kind === OFFICER_KINDS.key) return `key ${shown}`;
  if (kind === OFFICER_KINDS.contract) return `contract ${shown}`;
  if (kind === OFFICER_KINDS.verifier && size(signer) > 20) {
    return `key ${slice(signer, 20)} checked by the verifier ${getAddress(slice(signer, 0, 20))}`;
  }
  return `signer ${shown} of the unknown kind ${kind}`;
}

function amounts(targets: readonly Target[], words: Words): string {
  return listed(
    targets,
    (t) => getAddress(t.asset),
    "in",
    "account",
    ({ asset }) => `of ${token(asset, words).name}`,
    words,
  );
}

function repayments(refunds: readonly Refund[], words: Words): string {
  const title = ({ taken, asset }: Refund) =>
    `of ${token(asset, words).name}, ${isAddressEqual(taken, asset) ? "in kind" : `as proceeds of ${token(taken, words).called}`},`;
  return listed(refunds, (r) => getAddress(r.taken) + getAddress(r.asset), "to", "holder", title, words);
}

/** Entries in their order; neighbours of one asset share a title with their number and total. */
function listed<T extends Target>(
  entries: readonly T[],
  groupOf: (entry: T) => string,
  preposition: string,
  noun: string,
  title: (entry: T) => string,
  words: Words,
): string {
  const groups: [T, ...T[]][] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    if (last && groupOf(last[0]) === groupOf(entry)) last.push(entry);
    else groups.push([entry]);
  }
  const told = groups.map((group) => {
    const { units } = token(group[0].asset, words);
    const total = group.reduce((sum, { amount }) => sum + amount, 0n);
    const each = group.map(({ account, amount }) => `${units(amount)} ${preposition} ${getAddress(account)}`);
    const count = `${group.length} ${noun}${group.length === 1 ? "" : "s"}`;
    return `${units(total)} ${title(group[0])} ${preposition} ${count} (${each.join(", ")})`;
  });
  return told.join(" and ") || "nothing";
}

interface Token {
  /** Beside an amount, which already shows the symbol. */
  name: string;
  /** Alone. */
  called: string;
  units: (amount: bigint) => string;
}

/** An asset is named with its address, for nothing keeps two assets from having one symbol. */
function token(asset: Address, words: Words): Token {
  const known = words.asset(asset);
  const address = getAddress(asset);
  if (!known || !SYMBOL.test(known.symbol)) {
    const name = `the unknown asset ${address}`;
    return { name, called: name, units: (amount) => `${amount} base units` };
  }
  const { symbol, decimals } = known;
  return {
    name: `asset ${address}`,
    called: `${symbol}, asset ${address}`,
    units: (amount) => `${grouped(formatUnits(amount, decimals))} ${symbol}`,
  };
}

/** A symbol that could pass for more of the sentence is not shown. */
const SYMBOL = /^[\p{L}\p{N}\p{Sc}._-]{1,16}$/u;

function grouped(decimal: string): string {
  const [whole = "", fraction] = decimal.split(".");
  const spaced = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? spaced : `${spaced}.${fraction}`;
}

function duration(seconds: number): string {
  const parts: string[] = [];
  let rest = seconds;
  for (const [unit, length] of [
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
    ["second", 1],
  ] as const) {
    const n = Math.floor(rest / length);
    rest -= n * length;
    if (n > 0) parts.push(`${n} ${unit}${n === 1 ? "" : "s"}`);
  }
  return parts.join(" ") || "0 seconds";
}

const LAST_DATE = 8_640_000_000_000n;

/** UTC to the second; a time that no calendar reaches as a number. */
function moment(time: bigint): string {
  if (time > LAST_DATE) return `second ${time} of Unix time`;
  return new Date(Number(time) * 1000).toISOString().replace(".000Z", "Z");
}
