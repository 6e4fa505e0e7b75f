import { isHex, type Hex } from "viem";
import { EXIT, SequesterError } from "../../base/errors.ts";

/** No digest of an order. Exit code 64. */
export class BadDigestError extends SequesterError {
  override name = "BadDigestError";
  constructor(has: string) {
    super("The order's digest is none.", {
      code: EXIT.usage,
      metaMessages: [`has: ${JSON.stringify(has)}`, "needs: 32 bytes in hexadecimal, with 0x"],
    });
  }
}

/** Whether a text is a digest. */
export const isDigest = (text: string): text is Hex => isHex(text) && text.length === 66;

/** The digest that was written. @throws BadDigestError */
export function digestIn(text: string): Hex {
  if (isDigest(text)) return text.toLowerCase() as Hex;
  throw new BadDigestError(text);
}
