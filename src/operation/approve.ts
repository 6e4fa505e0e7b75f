import type { Hex, PrivateKeyAccount } from "viem";
import type { Parameters } from "../deployment/parameters.ts";
import { SequesterError, EXIT } from "../errors.ts";
import {
  digestOf,
  officerId,
  packApprovals,
  type ActName,
  type Domain,
  type Order,
  type PackedApprovals,
} from "../orders/index.ts";
import type { Officer } from "./operation.ts";

/** An officer with its key. */
export interface SeatedOfficer extends Officer {
  account: PrivateKeyAccount;
}

/** An order as the contracts take it, with the names of those who approved it. */
export interface Approved {
  digest: Hex;
  approvedBy: string[];
  /** Ids of their keys, ascending, as the contracts record them. */
  officerIds: Hex[];
  approvals: PackedApprovals;
}

/** No alternative of the act's rule can be met by the officers that are there. Exit code 64. */
export class RuleNotMetError extends SequesterError {
  override name = "RuleNotMetError";
  constructor(act: ActName, has: string, needs: string) {
    super(`The officers cannot decide a ${act}.`, {
      code: EXIT.usage,
      metaMessages: [`have: ${has}`, `need: ${needs}`],
    });
  }
}

/**
 * Who signs for an act: the officers that are named, or as many as the first alternative of its rule needs that they can
 * meet.
 * @throws RuleNotMetError
 */
export function signersOf<T extends Officer>(
  act: ActName,
  { rules }: Parameters,
  officers: readonly T[],
  named?: readonly string[],
): { alternative: number; signers: T[] } {
  const alternatives = rules[act] ?? [];
  const there = named === undefined ? officers : officers.filter(({ name }) => named.includes(name));
  for (const [alternative, { officers: needed }] of alternatives.entries()) {
    const signers = Object.entries(needed).flatMap(([agency, count]) =>
      there.filter((officer) => officer.agency === agency).slice(0, count),
    );
    const wanted = Object.values(needed).reduce((sum, count) => sum + count, 0);
    if (signers.length === wanted) return { alternative, signers: named === undefined ? signers : there.slice() };
  }
  const seats = new Map<string, number>();
  for (const { agency } of there) seats.set(agency, (seats.get(agency) ?? 0) + 1);
  const needs = alternatives.map(({ officers: needed }) => tally(Object.entries(needed))).join(", or ");
  throw new RuleNotMetError(act, tally([...seats]), needs || "a rule for this act, which there is not");
}

/** The digest of an order with the signatures of these officers. */
export async function sign(order: Order, domain: Domain, signers: readonly SeatedOfficer[]): Promise<Approved> {
  const digest = digestOf(order, domain);
  const signatures = await Promise.all(
    signers.map(async ({ account }) => ({ signer: account.address, signature: await account.sign({ hash: digest }) })),
  );
  return {
    digest,
    approvedBy: signers.map(({ name }) => name),
    officerIds: signers.map(({ account }) => officerId(account.address)).sort(),
    approvals: packApprovals(signatures),
  };
}

const tally = (counts: readonly [string, number][]) => counts.map(([agency, n]) => `${agency} ${n}`).join(" + ");
