import type { Address } from "viem";
import { EXIT, SequesterError } from "../../base/errors.ts";
import type { CaseState } from "../../journal/replay.ts";
import { decodeName, encodeCaseId } from "../../orders/caseId.ts";
import { moneyAt, type Money } from "../../audit/custody.ts";
import type { CustodyAt } from "../custody.ts";

/** The journal knows no such case. Exit code 64. */
export class UnknownCaseError extends SequesterError {
  override name = "UnknownCaseError";
  constructor(has: string, known: readonly string[]) {
    super("The journal knows no such case.", {
      code: EXIT.usage,
      metaMessages: [
        `has: ${JSON.stringify(has)}`,
        `needs: one of ${known.join(", ") || "none, for there is none yet"}`,
      ],
    });
  }
}

/** A case by its name. @throws UnknownCaseError, InvalidCaseIdError */
export function caseNamed(name: string, { state }: CustodyAt): CaseState {
  const found = state.cases.get(encodeCaseId(name));
  if (found !== undefined) return found;
  throw new UnknownCaseError(name, [...state.cases.keys()].map(decodeName));
}

/** A case's money in one asset, in base units. */
export type CaseMoney = { asset: Address; symbol: string } & Money;

/** Of any case: its money in each asset of which it has held something, as the journal tells it. */
export function moneyIn({ state, at, units }: CustodyAt): (of: CaseState) => CaseMoney[] {
  const moneyOf = moneyAt(state, at);
  return (of) => [...of.ledgers.keys()].map((asset) => ({ asset, symbol: units.symbol(asset), ...moneyOf(of, asset) }));
}
