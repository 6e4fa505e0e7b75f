import type { Address } from "viem";
import { EXIT, SequesterError } from "../base/errors.ts";
import { countOf } from "../base/words.ts";
import type { Deployment } from "../chain/deployments.ts";
import type { Claim } from "./claims.ts";

/** Claims whose accounts no payment can reach: their money would stay in the case. Exit code 64. */
export class UnpayableClaimsError extends SequesterError {
  override name = "UnpayableClaimsError";
  constructor(claims: readonly { id: string; account: Address; what: string }[]) {
    const said = claims.map(({ id, account, what }) => `${id}: has ${account}, which is ${what}`);
    super(`${countOf(claims.length, "claim")} could never be paid.`, {
      code: EXIT.usage,
      metaMessages: [...listed(said), "needs: accounts of the claimants"],
    });
  }
}

/** What an account is that cannot be paid; undefined for any other. */
export type Refuses = (account: Address) => string | undefined;

/** The accounts that the contracts refuse to pay wherever they stand: Disposal, `_requirePayee`. */
export function refusedIn({ addresses }: Pick<Deployment, "addresses">): Refuses {
  const { quorum, docket, disposal, register, vault, assets } = addresses;
  const known = [...Object.entries({ quorum, docket, disposal, register, vault }), ...Object.entries(assets)];
  const names = new Map(known.map(([name, address]) => [address.toLowerCase(), `the deployment's ${name}`]));
  return (account) => names.get(account.toLowerCase());
}

/** @throws UnpayableClaimsError naming every claim that could never be paid */
export function requirePayable(claims: readonly Claim[], refuses: Refuses): void {
  const unpayable = claims.flatMap(({ id, account }) => {
    const what = refuses(account);
    return what === undefined ? [] : [{ id, account, what }];
  });
  if (unpayable.length > 0) throw new UnpayableClaimsError(unpayable);
}

/** What is no fault and mostly a mistake, a line each: several claims of one account; losses of less than one unit. */
export function doubtsOf(claims: readonly Claim[], unit: bigint, symbol: string): string[] {
  const of = new Map<Address, string[]>();
  for (const { id, account } of claims) {
    const ids = of.get(account);
    if (ids === undefined) of.set(account, [id]);
    else ids.push(id);
  }
  const several = [...of].filter(([, ids]) => ids.length > 1);
  const small = claims.filter(({ loss }) => loss < unit).map(({ id }) => id);
  return [
    ...listed(
      several.map(([account, ids]) => `One account has several claims: ${account} has ${listed(ids).join(", ")}.`),
    ),
    ...(small.length === 0
      ? []
      : [
          `${countOf(small.length, "loss")} of less than one ${symbol}: ${listed(small).join(", ")}. The column loss is in base units, the column amount in units.`,
        ]),
  ];
}

/** The most that are named of a kind. */
const MOST_NAMED = 10;

const listed = (all: readonly string[]): string[] =>
  all.length <= MOST_NAMED ? [...all] : [...all.slice(0, MOST_NAMED), `and ${all.length - MOST_NAMED} more`];
