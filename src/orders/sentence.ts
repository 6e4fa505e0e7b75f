import { EXIT, SequesterError } from "../errors.ts";
import { definitionOf } from "./acts/index.ts";
import { moment, type Words } from "./acts/words.ts";
import { actName, typesWith, type Order, type PrimaryType, type TypesWith } from "./types.ts";

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

/**
 * One plain sentence that says all that an order does, for an officer to read before signing. Every field but `salt` is in
 * it: two orders that differ elsewhere have different sentences.
 * @throws NoSentenceError for a type that has none, InvalidCaseIdError for a case id that is no text.
 */
export function sentence({ primaryType, message }: Order, words: Words): string {
  const told = definitionOf(primaryType).sentence?.(message, { ...words, act: actName });
  if (told === undefined) throw new NoSentenceError(primaryType);
  return `${told}; void after ${moment(message.signBy)}.`;
}
