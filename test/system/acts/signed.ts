import type { Hex } from "viem";
import { digestOf, type Domain, type Order } from "../../../src/orders/index.ts";
import { inTime } from "../chain.ts";
import { approvalsOf, DOCUMENT, idsOf, nextSalt, type Decider } from "../officers.ts";

export const CASE = "CASE-1";

/** What a test may say of any order; the rest is as usual. */
export interface Given {
  document?: Hex;
  signBy?: bigint;
  salt?: Hex;
  by?: readonly Decider[];
}

export interface GivenInCase extends Given {
  caseId?: string;
}

export async function signed({ document = DOCUMENT, signBy, salt = nextSalt() }: Given) {
  return { document, signBy: signBy ?? (await inTime()), salt };
}

/** An order's digest, the ids of those who approve it, ascending, and their approvals. */
export const decided = async (domain: Domain, order: Order, by: readonly Decider[]) => ({
  digest: digestOf(order, domain),
  ids: idsOf(by),
  approvals: await approvalsOf(domain, order, by),
});
