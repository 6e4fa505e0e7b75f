import { EXIT, SequesterError } from "../../../base/errors.ts";
import { balancesAt, totalSupplyAt } from "./calls.ts";
import { NodeRefusedError, type Endpoint } from "../../../chain/rpc.ts";
import { countOf } from "../../../base/words.ts";

/** How the supply of an asset moved over some blocks, in base units: before + minted - burned = after. */
export interface SupplyProof {
  /** After the block before the first. Null where the node has forgotten it: then nothing is proved. */
  readonly before: bigint | null;
  readonly minted: bigint;
  readonly burned: bigint;
  /** After the last block. */
  readonly after: bigint;
}

/** Mints and burns do not explain the change of the supply: logs are missing, or the asset moves money without them. Exit code 3. */
export class SupplyMismatchError extends SequesterError {
  override name = "SupplyMismatchError";
  constructor(endpoint: string, asset: string, { first, last }: Blocks, proof: SupplyProof & { before: bigint }) {
    const { before, minted, burned, after } = proof;
    super(`The transfers of ${asset} do not add up to its supply over the blocks ${first} to ${last}.`, {
      code: EXIT.verification,
      metaMessages: [
        `has: ${before} before, ${minted} minted, ${burned} burned: ${countOf(before + minted - burned, "base unit")}`,
        `needs: ${after}, which the node at ${endpoint} tells`,
        "A log is missing, or the asset changes its supply without a Transfer.",
      ],
    });
  }
}

/** A balance that the node tells. */
export interface BalanceDifference {
  readonly account: string;
  /** Base units by the transfers. */
  readonly has: bigint;
  /** Base units by `balanceOf`. */
  readonly needs: bigint;
}

/** Differences that an error tells; all of them are in `differences`. */
const MOST_SHOWN = 20;

/** Balances by the transfers are not those of the asset: no order may rest on them. Exit code 3. */
export class BalanceMismatchError extends SequesterError {
  override name = "BalanceMismatchError";
  readonly differences: readonly BalanceDifference[];
  constructor(endpoint: string, asset: string, block: number, differences: readonly BalanceDifference[]) {
    const lines = differences.map(({ account, has, needs }) => `${account} has: ${has}, needs: ${needs}`);
    const more = lines.length - MOST_SHOWN;
    super(`The balances of ${asset} at block ${block} are not what its transfers make, by the node at ${endpoint}.`, {
      code: EXIT.verification,
      metaMessages: [...lines.slice(0, MOST_SHOWN), ...(more > 0 ? [`and ${more} more`] : [])],
    });
    this.differences = differences;
  }
}

interface Blocks {
  readonly first: number;
  readonly last: number;
}

/** Holds the mints and burns of a range against the supply before and after it. @throws SupplyMismatchError */
export async function proveSupply(
  endpoint: Endpoint,
  asset: string,
  { first, last }: Blocks,
  moved: { readonly minted: bigint; readonly burned: bigint },
): Promise<SupplyProof> {
  const after = await totalSupplyAt(endpoint, asset, last);
  const before = first === 0 ? 0n : await supplyIfKept(endpoint, asset, first - 1);
  const proof = { before, ...moved, after };
  if (before !== null && before + moved.minted - moved.burned !== after) {
    throw new SupplyMismatchError(endpoint.name, asset, { first, last }, { ...proof, before });
  }
  return proof;
}

/** Holds computed balances against `balanceOf` at a block. @throws BalanceMismatchError naming all that differ. */
export async function proveBalances(
  endpoint: Endpoint,
  asset: string,
  block: number,
  balances: ReadonlyMap<string, bigint>,
): Promise<void> {
  const accounts = [...balances.keys()];
  const told = await balancesAt(endpoint, asset, block, accounts);
  const differences = accounts
    .map((account, i) => ({ account, has: balances.get(account) ?? 0n, needs: told[i] ?? 0n }))
    .filter(({ has, needs }) => has !== needs);
  if (differences.length > 0) throw new BalanceMismatchError(endpoint.name, asset, block, differences);
}

async function supplyIfKept(endpoint: Endpoint, asset: string, block: number): Promise<bigint | null> {
  try {
    return await totalSupplyAt(endpoint, asset, block);
  } catch (error) {
    if (error instanceof NodeRefusedError && error.kind === "state") return null;
    throw error;
  }
}
