import { isAddressEqual, type Address } from "viem";
import { COMPONENTS, definitionOf } from "../../orders/acts/index.ts";
import { decodeCaseId } from "../../orders/caseId.ts";
import { caseIn, entriesOf } from "../../orders/entries.ts";
import { subAccountOf } from "../../orders/subAccount.ts";
import type { Order, PrimaryType, Target } from "../../orders/types.ts";

/** Fields that mean the same in every act that has them. What widens an order, and its times, is said anew each time. */
const SAME = ["asset", "amount", "wallet", "subAccount", "treasury", "to", "holder", "proceedsAsset", "leastProceeds"];

/** The first list of amounts in accounts of an act: what is filled from a table or from an earlier order. */
export const listOf = (primaryType: PrimaryType): string | undefined =>
  Object.entries(definitionOf(primaryType).fields).find(
    ([, { items }]) => items === COMPONENTS.Target || items === COMPONENTS.Refund,
  )?.[0];

/**
 * What an order repeats of an earlier one, for the builder: case, accounts with their amounts, asset and sum. `asset` is the
 * one that was told besides, of which a sum is taken.
 */
export function repeatedOf(primaryType: PrimaryType, earlier: Order, asset?: Address): Record<string, unknown> {
  const { fields } = definitionOf(primaryType);
  const values = earlier.message as unknown as Record<string, unknown>;
  const caseId = caseIn(earlier);
  const claims = claimsOf(earlier);
  const list = listOf(primaryType);
  const assets = [...new Set(claims.map((claim) => claim.asset))];
  const of = asset ?? (assets.length === 1 ? assets[0] : undefined);
  const sum = claims.reduce((all, claim) => (claim.asset === of ? all + claim.amount : all), 0n);
  const isRefund = list !== undefined && fields[list]!.items === COMPONENTS.Refund;
  const all: Record<string, unknown> = {
    ...(sum > 0n && { asset: of, amount: sum }),
    ...Object.fromEntries(SAME.filter((name) => name in values).map((name) => [name, values[name]])),
    ...(caseId !== undefined && { caseId: decodeCaseId(caseId) }),
    ...(list !== undefined &&
      claims.length > 0 && { [list]: isRefund ? claims.map((it) => ({ ...it, taken: it.asset })) : claims }),
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => name in fields));
}

/** The accounts of an order with what it names of each, one entry for each asset. */
function claimsOf(order: Order): Target[] {
  if (order.primaryType === "ExchangeHold") {
    const { asset, wallet, subAccount, amount } = order.message;
    return [{ asset, account: subAccountOf(wallet, subAccount), amount }];
  }
  const claims: Target[] = [];
  for (const { at, asset, account, amount } of entriesOf(order)) {
    // What stands in no list is a payee's.
    if (account === undefined || !at.includes("[")) continue;
    const known = claims.findIndex((it) => isAddressEqual(it.asset, asset) && isAddressEqual(it.account, account));
    if (known < 0) claims.push({ asset, account, amount });
    else claims[known] = { asset, account, amount: claims[known]!.amount + amount };
  }
  return claims;
}
