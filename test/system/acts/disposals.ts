import { AbiCoder, concat, keccak256, ZeroAddress, type Signer } from "ethers";
import { stringToHex, type Address, type Hex } from "viem";
import { encodeCaseId, type Message, type Order } from "../../../src/orders/index.ts";
import { NEVER, type Sent } from "../chain.ts";
import type { Contracts } from "../deployed.ts";
import { NO_APPROVALS, signOrder, struct, type Decider } from "../officers.ts";
import { DAY, DECIDERS, TERM } from "../parameters.ts";
import { CASE, decided, signed, type Given, type GivenInCase } from "./signed.ts";

/** Where the money of a Transfer comes from. */
export const SOURCE = { custody: 1, suspense: 2, unclaimed: 3 } as const;

/** The acts that wait between decision and execution. */
export const DISPOSALS = ["Forfeit", "Compensate", "Convert", "Transfer"] as const;
export type DisposalName = (typeof DISPOSALS)[number];

/** A scheduled disposal: what schedules it, and what executes it when its time has come. */
export interface Disposal<P extends DisposalName = DisposalName> {
  digest: Hex;
  /** Of the officers whose approvals count, ascending. */
  ids: Hex[];
  message: Message<P>;
  send: () => Sent;
  execute: (from?: Signer, ids?: readonly Hex[]) => Sent;
}

/** A claim of a compensation. `amount` in base units. */
export interface Claim {
  account: Address;
  amount: bigint;
}

export const platformOf = (name: string): Hex => stringToHex(name, { size: 32 });

/** One function per act that ends custody or concerns platforms, by default or given officers. */
export function disposalsIn({ domain, docket, disposal, register, quorum }: Contracts) {
  const base = async (given: GivenInCase) => ({ caseId: encodeCaseId(given.caseId ?? CASE), ...(await signed(given)) });
  const decide = (order: Order, by: readonly Decider[]) => decided(domain, order, by);
  const connected = (from?: Signer) => (from === undefined ? disposal : disposal.connect(from));
  return {
    forfeit: async (
      fields: Pick<Message<"Forfeit">, "asset" | "treasury" | "amount">,
      { by = DECIDERS.Forfeit, ...given }: GivenInCase = {},
    ): Promise<Disposal<"Forfeit">> => {
      const message = { ...(await base(given)), ...fields };
      const { digest, ids, approvals } = await decide({ primaryType: "Forfeit", message }, by);
      return {
        digest,
        ids,
        message,
        send: () => disposal.forfeit(message, approvals),
        execute: (from, as = ids) => connected(from).executeForfeit(message, [...as], NO_APPROVALS),
      };
    },
    /** `list`: who gets what of it; the total is its sum unless given. */
    compensate: async (
      {
        list,
        claimTerm = 90n * DAY,
        ...fields
      }: { asset: Address; list: Claim[]; total?: bigint; root?: Hex; claimTerm?: bigint },
      { by = DECIDERS.Compensate, ...given }: GivenInCase = {},
    ) => {
      const { caseId, ...rest } = await base(given);
      const place = { chainId: domain.chainId, docket: (await docket.getAddress()) as Address, caseId };
      const tree = treeOf(list.map((claim, index) => leafOf({ ...place, asset: fields.asset, index, ...claim })));
      const message = {
        caseId,
        ...rest,
        root: tree.root,
        list: keccak256(tree.root) as Hex,
        claimTerm: Number(claimTerm),
        total: list.reduce((sum, { amount }) => sum + amount, 0n),
        ...fields,
      };
      const { digest, ids, approvals } = await decide({ primaryType: "Compensate", message }, by);
      return {
        digest,
        ids,
        message,
        tree,
        send: (): Sent => disposal.compensate(message, approvals),
        execute: (from?: Signer, as: readonly Hex[] = ids): Sent =>
          connected(from).executeCompensate(message, [...as], NO_APPROVALS),
        /** Pays the claim at `index`, or what is claimed instead of it. */
        claim: (index: number, { account, amount }: Claim = list[index]!, proof = tree.proofOf(index)): Sent =>
          disposal.claimCompensation(digest, index, account, amount, proof),
      };
    },
    /** `execute` pays what is given from the wallet that is given. */
    convert: async (
      fields: Pick<Message<"Convert">, "asset" | "amount" | "wallet" | "proceedsAsset" | "leastProceeds">,
      { by = DECIDERS.Convert, ...given }: GivenInCase = {},
    ) => {
      const message = { ...(await base(given)), ...fields };
      const { digest, ids, approvals } = await decide({ primaryType: "Convert", message }, by);
      return {
        digest,
        ids,
        message,
        send: (): Sent => disposal.convert(message, approvals),
        execute: (wallet: Signer, proceeds: bigint, as: readonly Hex[] = ids): Sent =>
          disposal.connect(wallet).executeConvert(message, [...as], NO_APPROVALS, proceeds),
      };
    },
    transfer: async (
      {
        source = SOURCE.custody,
        holder = ZeroAddress as Address,
        ...fields
      }: Pick<Message<"Transfer">, "asset" | "to" | "amount"> & { source?: number; holder?: Address },
      { by = DECIDERS.Transfer, ...given }: GivenInCase = {},
    ): Promise<Disposal<"Transfer">> => {
      const message = { ...(await base(given)), source, holder, ...fields };
      const { digest, ids, approvals } = await decide({ primaryType: "Transfer", message }, by);
      return {
        digest,
        ids,
        message,
        send: () => disposal.transfer(message, approvals),
        execute: (from, as = ids) => connected(from).executeTransfer(message, [...as], NO_APPROVALS),
      };
    },
    /** Filed by the holder itself. */
    appeal: async (order: Hex, asset: Address, holder: Signer & { address: string }, given: Given = {}) => {
      const message = { ...(await signed(given)), order, asset, holder: holder.address };
      return disposal.connect(holder).appeal(message, "0x");
    },
    exchangeHold: async (
      fields: Pick<Message<"ExchangeHold">, "asset" | "wallet" | "subAccount" | "amount">,
      { by = DECIDERS.ExchangeHold, term = TERM.ExchangeHold, ...given }: GivenInCase & { term?: bigint } = {},
    ) => {
      const message = { ...(await base(given)), ...fields, term: Number(term) };
      const { approvals } = await decide({ primaryType: "ExchangeHold", message }, by);
      return register.exchangeHold(message, approvals);
    },
    /** Signed by the wallet, unless a signature is given. */
    license: async (
      wallet: Signer & { address: string },
      platform: string,
      {
        omnibus = false,
        until = NEVER,
        signature,
        by = DECIDERS.License,
        ...given
      }: Given & { omnibus?: boolean; until?: bigint; signature?: Hex } = {},
    ) => {
      const message = {
        ...(await signed(given)),
        wallet: wallet.address as Address,
        platform: platformOf(platform),
        omnibus,
        until,
      };
      const order: Order<"License"> = { primaryType: "License", message };
      const { approvals } = await decide(order, by);
      return register.license(message, approvals, signature ?? (await signOrder(wallet, domain, order)));
    },
    suspend: async (platform: string, { by = DECIDERS.Suspend, ...given }: Given = {}) => {
      const message = { ...(await signed(given)), platform: platformOf(platform) };
      const { approvals } = await decide({ primaryType: "Suspend", message }, by);
      return register.suspend(struct(message), approvals);
    },
    /** First and last second in which a scheduled order may be executed, and its state. */
    timesOf: async (digest: Hex) => {
      const { start, deadline, state } = await quorum.delayedOf(digest);
      return { start, deadline, state };
    },
  };
}

export type Disposals = ReturnType<typeof disposalsIn>;

/** A leaf as the disposal hashes it: twice, and bound to chain, docket, case, asset and place. */
export function leafOf(claim: {
  chainId: number;
  docket: Address;
  caseId: Hex;
  asset: Address;
  index: number;
  account: Address;
  amount: bigint;
}): Hex {
  const encoded = AbiCoder.defaultAbiCoder().encode(
    ["uint256", "address", "bytes32", "address", "uint256", "address", "uint256"],
    [claim.chainId, claim.docket, claim.caseId, claim.asset, claim.index, claim.account, claim.amount],
  );
  return keccak256(keccak256(encoded)) as Hex;
}

/** A Merkle tree whose inner nodes hash their children in ascending order; an odd one moves up alone. */
export function treeOf(leaves: readonly Hex[]): { root: Hex; proofOf: (index: number) => Hex[] } {
  const levels: Hex[][] = [[...leaves]];
  for (let level = levels[0]!; level.length > 1; level = levels.at(-1)!) {
    levels.push(
      Array.from({ length: Math.ceil(level.length / 2) }, (_, i) => {
        const [a, b] = [level[2 * i]!, level[2 * i + 1]];
        if (b === undefined) return a;
        return keccak256(concat(a < b ? [a, b] : [b, a])) as Hex;
      }),
    );
  }
  return {
    root: levels.at(-1)![0]!,
    proofOf: (index) =>
      levels.slice(0, -1).flatMap((level, height) => {
        const sibling = level[(index >> height) ^ 1];
        return sibling === undefined ? [] : [sibling];
      }),
  };
}
