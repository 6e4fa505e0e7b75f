import {
  concat,
  encodeFunctionData,
  erc20Abi,
  isAddressEqual,
  numberToHex,
  size,
  slice,
  toHex,
  type Address,
  type Hex,
  type PublicClient,
  type StateOverride,
} from "viem";
import { abiOf } from "../chain/artifacts.ts";
import type { OrderCall } from "./calls.ts";
import { entriesOf } from "./entries.ts";
import { subAccountOf } from "./subAccount.ts";
import type { Order } from "./types.ts";

/** An account in one asset. */
export interface Watched {
  asset: Address;
  account: Address;
  /** Of the case. */
  isVault?: true;
}

/** What an account has, in base units: `covered` is the part of `held` that its balance covers. */
export interface Standing {
  balance: bigint;
  held: bigint;
  covered: bigint;
}

/** What an order does to an account. */
export interface Movement extends Watched {
  before: Standing;
  after: Standing;
}

/** Fields that name who pays or is paid, besides those in lists. */
const PARTIES = ["treasury", "to", "wallet"];

/** Every account that an order touches, in each asset once; the vault of its case, too. */
export function touchedBy(order: Order, vault: Address): Watched[] {
  const values = order.message as unknown as Record<string, unknown>;
  const listed = entriesOf(order).filter(({ at }) => at.includes("["));
  const parties = PARTIES.flatMap((name) => (values[name] as Address | undefined) ?? []);
  const assets = ["asset", "proceedsAsset"].flatMap((name) => (values[name] as Address | undefined) ?? []);
  const all: Watched[] =
    order.primaryType === "ExchangeHold"
      ? [{ asset: order.message.asset, account: subAccountOf(order.message.wallet, order.message.subAccount) }]
      : [
          ...listed.map(({ asset, account }) => ({ asset, account: account! })),
          ...assets.flatMap((asset) => parties.map((account) => ({ asset, account }))),
        ];
  const vaults = [...new Set([...all.map(({ asset }) => asset), ...assets])];
  all.push(...vaults.map((asset) => ({ asset, account: vault, isVault: true as const })));
  const same = (a: Watched) => (b: Watched) => isAddressEqual(a.asset, b.asset) && isAddressEqual(a.account, b.account);
  return all.filter((it, i) => all.findIndex(same(it)) === i);
}

/** Bytes that each account takes of the answer: its balance, what is held, and until when. */
const ROW = 96;
const WORD = 32;

/**
 * What a call does to accounts, without being sent: the caller gets a program for the time of one call, which reads the
 * accounts, makes the call and reads them again. Undefined where the node does not run it.
 */
export async function movementsOf(
  client: PublicClient,
  docket: Address,
  { from, to, data }: OrderCall & { from: Address },
  watched: readonly Watched[],
  { stateOverride, blockTag }: { stateOverride: StateOverride; blockTag: "latest" | "pending" },
): Promise<Movement[] | undefined> {
  const length = watched.length * ROW;
  // Calls are put together behind all answers, so that none is written over.
  const program = new Program(2 * length + WORD);
  const read = (start: number) => {
    for (const [i, { asset, account }] of watched.entries()) {
      const at = start + i * ROW;
      const balance = encodeFunctionData({ abi: erc20Abi, functionName: "balanceOf", args: [account] });
      const held = encodeFunctionData({ abi: abiOf("Docket"), functionName: "heldOf", args: [asset, account] });
      program.call(asset, balance, at, WORD);
      program.call(docket, held, at + WORD, 2 * WORD);
    }
  };
  read(0);
  program.call(to, data, 2 * length, 0, 2 * length);
  read(length);
  const override = [...stateOverride, { address: from, code: program.code(2 * length + WORD) }];
  const ran = await client
    .call({ to: from, data: program.data, blockTag, stateOverride: override })
    .catch(() => undefined);
  const answer = ran?.data;
  if (answer === undefined || size(answer) !== 2 * length + WORD) return undefined;
  const wordAt = (at: number) => BigInt(slice(answer, at, at + WORD));
  if (wordAt(2 * length) !== 1n) return undefined;
  const standing = (at: number): Standing => {
    const [balance, held] = [wordAt(at), wordAt(at + WORD)];
    return { balance, held, covered: held < balance ? held : balance };
  };
  return watched.map((it, i) => ({ ...it, before: standing(i * ROW), after: standing(length + i * ROW) }));
}

/** Calls one after the other, in the language of the EVM; their data follow each other in that of the whole. */
class Program {
  readonly #lines: Hex[] = [];
  readonly #data: Hex[] = [];
  readonly #scratch: Hex;
  #length = 0;

  constructor(scratch: number) {
    this.#scratch = push(scratch);
  }

  get data(): Hex {
    return concat(this.#data);
  }

  /** Writes up to `most` bytes of an answer to `at`, and whether the call went well to `success`. */
  call(to: Address, data: Hex, at: number, most: number, success?: number): void {
    const length = size(data);
    const scratch = this.#scratch;
    this.#lines.push(push(length), push(this.#length), scratch, CALLDATACOPY);
    this.#lines.push(push(most), push(at), push(length), scratch, push(0), PUSH_ADDRESS, to, GAS, CALL);
    this.#lines.push(...(success === undefined ? [POP] : [push(success), MSTORE]));
    this.#data.push(data);
    this.#length += length;
  }

  /** The program, which answers so many bytes. */
  code = (answered: number): Hex => concat([...this.#lines, push(answered), push(0), RETURN]);
}

const push = (n: number): Hex => concat(["0x63", numberToHex(n, { size: 4 })]);
const [CALLDATACOPY, POP, MSTORE, GAS, PUSH_ADDRESS, CALL, RETURN] = [0x37, 0x50, 0x52, 0x5a, 0x73, 0xf1, 0xf3].map(
  (code) => toHex(code, { size: 1 }),
) as [Hex, Hex, Hex, Hex, Hex, Hex, Hex];
