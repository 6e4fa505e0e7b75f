import type { Hex, PrivateKeyAccount } from "viem";
import type { Parameters, RuleParameters } from "../../deployment/parameters.ts";
import { SequesterError, EXIT } from "../../base/errors.ts";
import {
  bundleData,
  bundleOf,
  digestOf,
  officerId,
  ORDER_TYPES,
  packApprovals,
  type ActName,
  type Bundle,
  type BundledType,
  type Domain,
  type Order,
  type PackedApprovals,
} from "../../orders/index.ts";
import type { Officer } from "../operation.ts";

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
  /** Of orders that were signed together: what the approvals are signatures of, instead of the order. */
  bundle?: Bundle;
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
  throw new RuleNotMetError(act, tally([...seats]), needsOf(act, { rules }));
}

/** The alternative by which these officers decide an act; where they cannot, which is told when they sign, its first. */
export function ruleFor(
  act: ActName,
  parameters: Parameters,
  officers: readonly Officer[],
  named?: readonly string[],
): RuleParameters {
  const alternatives = parameters.rules[act] ?? [];
  const decided = () => alternatives[signersOf(act, parameters, officers, named).alternative];
  try {
    return decided() ?? NO_RULE;
  } catch (error) {
    if (!(error instanceof RuleNotMetError)) throw error;
    return alternatives[0] ?? NO_RULE;
  }
}

const NO_RULE: RuleParameters = { officers: {}, delay: 0, grace: 0, term: 0 };

/** The digest of an order with the signatures of these officers. */
export async function sign(order: Order, domain: Domain, signers: readonly SeatedOfficer[]): Promise<Approved> {
  const data = { domain, types: ORDER_TYPES, ...order };
  return {
    digest: digestOf(order, domain),
    ...(await signedBy(signers, (account) => account.signTypedData(data))),
  };
}

/** The digests of orders of one act, with one signature of each of these officers for all. */
export async function signTogether(
  act: BundledType,
  orders: readonly Order[],
  domain: Domain,
  signers: readonly SeatedOfficer[],
): Promise<Approved[]> {
  const bundle = bundleOf(act, orders, domain);
  const signed = await signedBy(signers, (account) => account.signTypedData(bundleData(bundle)));
  return bundle.leaves.map((digest) => ({ digest, ...signed, bundle }));
}

async function signedBy(
  signers: readonly SeatedOfficer[],
  signatureOf: (account: PrivateKeyAccount) => Promise<Hex>,
): Promise<Omit<Approved, "digest" | "bundle">> {
  const signatures = await Promise.all(
    signers.map(async ({ account }) => ({ signer: account.address, signature: await signatureOf(account) })),
  );
  return {
    approvedBy: signers.map(({ name }) => name),
    officerIds: signers.map(({ account }) => officerId(account.address)).sort(),
    approvals: packApprovals(signatures),
  };
}

/** What each alternative of the act's rule needs. */
export const needsOf = (act: ActName, { rules }: Pick<Parameters, "rules">): string =>
  rules[act]?.map(({ officers }) => tally(Object.entries(officers))).join(", or ") ??
  "a rule for this act, which there is not";

export const tally = (counts: readonly (readonly [string, number])[]) =>
  counts.map(([agency, n]) => `${agency} ${n}`).join(" + ");
