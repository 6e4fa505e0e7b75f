import {
  AbiCoder,
  Interface,
  ZeroAddress,
  concat,
  getAddress,
  keccak256,
  type ContractTransactionResponse,
} from "ethers";
import { artifactOf } from "../../src/chain/artifacts.ts";
import type { Order, Target } from "../../src/orders/index.ts";
import { addressOf, type Sent, type Who } from "./chain.ts";
import type { System } from "./deployed.ts";
import { struct, type Decider } from "./officers.ts";
import { DECIDERS } from "./parameters.ts";

/** Numbers of the changes in an entry's effects. */
export const WHAT = {
  HELD: 1n,
  ARRESTED: 2n,
  CONFIRMED: 3n,
  LIFTED: 4n,
  LAPSED: 5n,
  SEIZED: 6n,
  EXTENDED: 7n,
  MARKED: 8n,
  FORGOTTEN: 9n,
  CASE_OPENED: 16n,
  VAULT_CREATED: 18n,
  SUSPENSE: 19n,
  DOCUMENT_OPENED: 20n,
  RETURNED: 32n,
  CLAIM_DUE: 33n,
  CLAIMED: 34n,
  FORFEITED: 35n,
  RESERVED: 36n,
  COMPENSATED: 37n,
  UNRESERVED: 38n,
  CONVERTED: 39n,
  PROCEEDS: 40n,
  TRANSFERRED: 41n,
  SCHEDULED: 64n,
  APPEALED: 67n,
  PROPOSED: 68n,
  LICENSED: 80n,
  SUSPENDED: 81n,
  SUB_ACCOUNT: 82n,
  ACKNOWLEDGED: 83n,
  DEMANDED: 84n,
  SURRENDERED: 85n,
} as const;

export const PROVISIONAL = 1n;
export const ARRESTED = 2n;
export const MAX_AMOUNT = 2n ** 96n - 1n;

/** Why an account can never be held. */
export const STANDING = { SYSTEM: 1n, ASSET: 2n, TREASURY: 3n, VAULT: 4n, PLATFORM: 5n, SUB_ACCOUNT: 6n } as const;

/** A hold as the docket packs it into one word. */
export interface Hold {
  kind: bigint;
  caseNumber: bigint;
  number: bigint;
  since: bigint;
  until: bigint;
  amount: bigint;
  /** From its `since` on no provisional hold may roll over. */
  opens?: true;
}

export interface Effect {
  what: bigint;
  asset: string;
  account: string;
  amount: bigint;
  value: bigint;
}

/** An entry of the journal, decoded. */
export interface Entry {
  seq: bigint;
  act: bigint;
  caseId: string;
  order: string;
  document: string;
  officerIds: string[];
  effects: Effect[];
  head: string;
  /** Second of its block. */
  timestamp: bigint;
  encodedEffects: string;
}

const EFFECTS = ["tuple(uint8 what,address asset,address account,uint256 amount,uint256 value)[]"];

/** An effect as an entry of the journal encodes it: what, asset, account, amount, value. */
export type EffectTuple = [what: bigint, asset: string, account: string, amount: bigint, value: bigint];

export const encodeEffects = (effects: readonly (Effect | EffectTuple)[]): string =>
  AbiCoder.defaultAbiCoder().encode(EFFECTS, [effects]);

export function decodeEffects(encoded: string): EffectTuple[] {
  const [effects] = AbiCoder.defaultAbiCoder().decode(EFFECTS, encoded) as unknown as [EffectTuple[]];
  return effects.map((effect) => [...effect]);
}

const DOCKET = new Interface(artifactOf("Docket").abi);

/** From the low end: amount u96, until u40, since u40, number u32, caseNumber u32, kind u7, OPENS. */
export const pack = ({ kind, caseNumber, number, since, until, amount, opens }: Hold): bigint =>
  ((opens ? 0x80n | kind : kind) << 240n) |
  (caseNumber << 208n) |
  (number << 176n) |
  (since << 136n) |
  (until << 96n) |
  amount;

export const unpack = (word: bigint): Hold => ({
  ...(word >> 247n === 1n && { opens: true }),
  kind: (word >> 240n) & 0x7fn,
  caseNumber: (word >> 208n) & (2n ** 32n - 1n),
  number: (word >> 176n) & (2n ** 32n - 1n),
  since: (word >> 136n) & (2n ** 40n - 1n),
  until: (word >> 96n) & (2n ** 40n - 1n),
  amount: word & MAX_AMOUNT,
});

/** What is remembered of a hold that ended in the second `until`. */
export const ended = (hold: Omit<Hold, "amount">, until = hold.until): Hold => ({ ...hold, until, amount: 0n });

/** A target of an order. */
export const target = (asset: string, who: Who, amount: bigint): Target => ({
  asset: addressOf(asset),
  account: addressOf(who),
  amount,
});

/** A change of a hold: `amount` is what the act concerns, `hold` what stands afterwards. */
export const onHold = (what: bigint, asset: string, who: Who, amount: bigint, hold: Hold): Effect => ({
  what,
  asset: addressOf(asset),
  account: addressOf(who),
  amount,
  value: pack(hold),
});

export const opened = (caseNumber: bigint): Effect => ({
  what: WHAT.CASE_OPENED,
  asset: ZeroAddress,
  account: ZeroAddress,
  amount: 0n,
  value: caseNumber,
});

export const vaultCreated = (vault: string): Effect => ({
  what: WHAT.VAULT_CREATED,
  asset: ZeroAddress,
  account: getAddress(vault),
  amount: 0n,
  value: 0n,
});

/** Any other change; accounts and assets by their addresses or signers. */
export const effect = (what: bigint, asset: Who, account: Who, amount: bigint, value = 0n): Effect => ({
  what,
  asset: addressOf(asset),
  account: addressOf(account),
  amount,
  value,
});

/** The journal's entries that a transaction made. */
export async function entriesOf(sent: Awaited<Sent> | Sent): Promise<Entry[]> {
  const receipt = (await (await sent).wait())!;
  const { timestamp } = await receipt.getBlock();
  return receipt.logs
    .map((log) => DOCKET.parseLog(log))
    .filter((log) => log?.name === "Entry")
    .map((log) => {
      const [seq, act, caseId, order, document, officerIds, encodedEffects, head] = log!.args as unknown as [
        bigint,
        bigint,
        string,
        string,
        string,
        string[],
        string,
        string,
      ];
      const effects = decodeEffects(encodedEffects).map(([what, asset, account, amount, value]): Effect => ({
        what,
        asset,
        account,
        amount,
        value,
      }));
      // Whoever hashes effects that it encoded itself must get the hash that the head commits to.
      if (encodeEffects(effects) !== encodedEffects) {
        throw new Error(`the effects of entry ${seq} are not encoded canonically`);
      }
      return {
        seq,
        act,
        caseId,
        order,
        document,
        officerIds: [...officerIds],
        effects,
        head,
        timestamp: BigInt(timestamp),
        encodedEffects,
      };
    });
}

/** The one entry that a transaction made. */
export async function entryOf(sent: Awaited<Sent> | Sent): Promise<Entry> {
  const entries = await entriesOf(sent);
  if (entries.length !== 1) throw new Error(`${entries.length} entries where one was expected`);
  return entries[0]!;
}

export const effectsOf = async (sent: Awaited<Sent> | Sent): Promise<Effect[]> => (await entryOf(sent)).effects;

/** The holds on an account by priority. */
export async function holdsOn({ docket }: Pick<System, "docket">, asset: string, who: Who): Promise<Hold[]> {
  return (await docket.holdsOf(asset, addressOf(who))).map(unpack);
}

/** State of a case. */
export async function caseOf({ docket }: Pick<System, "docket">, caseId: string) {
  const { number, hasVault } = await docket.caseOf(caseId);
  return { number, hasVault };
}

type DocketOrder = Order<"Freeze"> | Order<"Arrest"> | Order<"Lift"> | Order<"Seize">;

/** Executes an order exactly as it stands, however wrong it is. */
export async function execute(
  { docket, approve }: Pick<System, "docket" | "approve">,
  order: DocketOrder,
  by: readonly Decider[] = DECIDERS[order.primaryType],
): Promise<ContractTransactionResponse> {
  const approvals = await approve(order, by);
  switch (order.primaryType) {
    case "Freeze":
      return docket.freeze([struct(order.message)], [approvals], "0x");
    case "Arrest":
      return docket.arrest([struct(order.message)], [approvals], "0x");
    case "Lift":
      return docket.lift(struct(order.message), approvals);
    case "Seize":
      return docket.seize([struct(order.message)], [approvals], "0x");
  }
}

/** The same order with other fields, as no builder would make it. */
export const changed = <O extends DocketOrder>(order: O, message: Partial<O["message"]>): O => ({
  ...order,
  message: { ...order.message, ...message },
});

/** The head of the journal after an entry. */
export const headAfter = (head: string, { seq, act, caseId, document, order, ...entry }: Entry): string =>
  keccak256(
    AbiCoder.defaultAbiCoder().encode(
      ["bytes32", "uint256", "uint8", "bytes32", "bytes32", "bytes32", "bytes32", "bytes32", "uint256"],
      [
        head,
        seq,
        act,
        caseId,
        document,
        order,
        keccak256(concat(entry.officerIds)),
        keccak256(entry.encodedEffects),
        entry.timestamp,
      ],
    ),
  );
