import { getAddress } from "viem";
import { clockIn, type InLanguages } from "../base/languages.ts";
import { isoOf } from "../base/time.ts";
import { EXIT, SequesterError } from "../base/errors.ts";
import { definitionOf } from "./acts/index.ts";
import { actTerm, capital } from "./acts/terms.ts";
import { languageOf, speechOf, type Words } from "./acts/words.ts";
import { actName, actOf, typesWith, type Domain, type Order, type PrimaryType, type TypesWith } from "./types.ts";

export type { Words } from "./acts/words.ts";

export class NoSentenceError extends SequesterError {
  override name = "NoSentenceError";

  constructor(primaryType: PrimaryType) {
    super(`An order of the type ${primaryType} cannot be told in a sentence, so nobody may sign it.`, {
      code: EXIT.usage,
      metaMessages: [`has: ${primaryType}`, `needs: one of ${typesWith("sentence").join(", ")}`],
    });
  }
}

/** The acts that `sentence` can tell. */
export type SentencedType = TypesWith<"sentence">;

/** Whether `sentence` can tell this order. */
export const hasSentence = (order: Order): order is Order<SentencedType> =>
  definitionOf(order.primaryType).sentence !== undefined;

type Told = Pick<Domain, "chainId" | "verifyingContract"> & { told: string; act: string; signBy: string };

/** The sentence of an act with where and how long it counts. */
const CLOSED: InLanguages<(of: Told) => string> = {
  en: ({ told, verifyingContract, chainId, signBy }) =>
    `${told}; valid only at the Quorum ${verifyingContract} on chain ${chainId}; void after ${signBy}.`,
  ru: ({ told, act, verifyingContract, chainId, signBy }) =>
    `${capital(act)}: ${told}; приказ действует только в Кворуме ${verifyingContract} в сети ${chainId}; после ${signBy} он недействителен.`,
  kk: ({ told, act, verifyingContract, chainId, signBy }) =>
    `${capital(act)}: ${told}; бұйрық тек ${chainId} желісіндегі ${verifyingContract} Кворумында жарамды; ${signBy} сәтінен кейін ол жарамсыз.`,
};

/**
 * One plain sentence that says all that an order does, for an officer to read before signing, in the language of the words.
 * Every field but `salt` is in it, and so are the chain and the deployment: two orders that differ elsewhere have different
 * sentences. Ids, hashes, addresses, symbols, names of agencies and UTC are the same in every language.
 * @throws NoSentenceError for a type that has none, InvalidCaseIdError for a case id that is no text.
 */
export function sentence(order: Order, domain: Domain, words: Words): string {
  const { primaryType, message } = order;
  const language = languageOf(words);
  const told = definitionOf(primaryType).sentence?.[language](message, speechOf(words, actName));
  if (told === undefined) throw new NoSentenceError(primaryType);
  return CLOSED[language]({
    told,
    act: actTerm(actName(actOf(order))!, language),
    verifyingContract: getAddress(domain.verifyingContract),
    chainId: domain.chainId,
    signBy: isoOf(message.signBy),
  });
}

/** UTC of a Unix time, and in brackets the clock of the deployment's time zone where the words have one. */
export function timeIn(time: number | bigint, words: Pick<Words, "language" | "timeZone">): string {
  const { timeZone } = words;
  const clock = timeZone === undefined ? undefined : clockIn(time, timeZone, languageOf(words));
  return clock === undefined ? isoOf(time) : `${isoOf(time)} (${clock})`;
}

/** The times that orders name, each with the clock of the deployment's time zone, to stand below their sentences; none without one. */
export function localTimes(orders: readonly Order[], words: Words): string[] {
  if (words.timeZone === undefined) return [];
  const times = orders.flatMap(({ message }) =>
    "until" in message ? [message.until, message.signBy] : [message.signBy],
  );
  return [...new Set(times)]
    .sort((a, b) => (a < b ? -1 : 1))
    .map((time) => `${LOCAL_TIME[languageOf(words)]}: ${timeIn(time, words)}`);
}

const LOCAL_TIME: InLanguages<string> = { en: "local time", ru: "местное время", kk: "жергілікті уақыт" };
