import {
  AbiCoder,
  Interface,
  ZeroAddress,
  concat,
  getAddress,
  keccak256,
  type ContractTransactionResponse,
} from "ethers";
import type { Address } from "viem";
import { artifactOf } from "../../src/chain/artifacts.ts";
import type { CharterInput } from "../../src/deployment/charter.ts";
import type { Order, PrimaryType, Target } from "../../src/orders/index.ts";
import {
  charterFor,
  DAY,
  ethers,
  networkHelpers,
  signCharter,
  struct,
  type OfficerName,
  type System,
} from "./fixture.ts";

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

/** Longest terms of the test deployment, in seconds. */
export const FREEZE_TERM = 10n * DAY;
export const ARREST_TERM = 180n * DAY;
export const LONGEST_ARREST = 730n * DAY;
export const COOLING = 40n * DAY;

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

type Sent = ContractTransactionResponse | Promise<ContractTransactionResponse>;

const EFFECTS = ["tuple(uint8 what,address asset,address account,uint256 amount,uint256 value)[]"];
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

/** An account by its address or its signer. */
export type Who = string | { address: string };

const addressOf = (who: Who): Address => getAddress(typeof who === "string" ? who : who.address) as Address;

/** A target of an order. */
export const target = (asset: string, who: Who, amount: bigint): Target => ({
  ...{ asset: addressOf(asset), account: addressOf(who), amount },
});

/** A change of a hold: `amount` is what the act concerns, `hold` what stands afterwards. */
export const onHold = (what: bigint, asset: string, who: Who, amount: bigint, hold: Hold): Effect => ({
  ...{ what, asset: addressOf(asset), account: addressOf(who), amount },
  value: pack(hold),
});

export const opened = (caseNumber: bigint): Effect => ({
  ...{ what: WHAT.CASE_OPENED, asset: ZeroAddress, account: ZeroAddress, amount: 0n },
  value: caseNumber,
});

export const vaultCreated = (vault: string): Effect => ({
  ...{ what: WHAT.VAULT_CREATED, asset: ZeroAddress, account: getAddress(vault), amount: 0n, value: 0n },
});

/** Any other change; accounts and assets by their addresses or signers. */
export const effect = (what: bigint, asset: Who, account: Who, amount: bigint, value = 0n): Effect => ({
  ...{ what, asset: addressOf(asset), account: addressOf(account), amount, value },
});

/** The journal's entries that a transaction made. */
export async function entriesOf(sent: Sent): Promise<Entry[]> {
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
      const [decoded] = AbiCoder.defaultAbiCoder().decode(EFFECTS, encodedEffects) as unknown as [Effect[]];
      const effects = decoded.map(({ what, asset, account, amount, value }) => ({
        ...{ what, asset, account, amount, value },
      }));
      // Whoever hashes effects that it encoded itself must get the hash that the head commits to.
      if (AbiCoder.defaultAbiCoder().encode(EFFECTS, [effects]) !== encodedEffects) {
        throw new Error(`the effects of entry ${seq} are not encoded canonically`);
      }
      return {
        ...{ seq, act, caseId, order, document, officerIds: [...officerIds], effects, head },
        ...{ timestamp: BigInt(timestamp), encodedEffects },
      };
    });
}

/** The one entry that a transaction made. */
export async function entryOf(sent: Sent): Promise<Entry> {
  const entries = await entriesOf(sent);
  if (entries.length !== 1) throw new Error(`${entries.length} entries where one was expected`);
  return entries[0]!;
}

export const effectsOf = async (sent: Sent): Promise<Effect[]> => (await entryOf(sent)).effects;

/** The second in which a transaction was executed. */
export const timeOf = async (sent: Sent): Promise<bigint> =>
  BigInt((await (await (await sent).wait())!.getBlock()).timestamp);

/** The holds on an account by priority. */
export async function holdsOn({ docket }: Pick<System, "docket">, asset: string, who: Who): Promise<Hold[]> {
  return (await docket.holdsOf(asset, addressOf(who))).map(unpack);
}

/** State of a case. */
export async function caseOf({ docket }: Pick<System, "docket">, caseId: string) {
  const { number, hasVault } = await docket.caseOf(caseId);
  return { number, hasVault };
}

/** The state that `fixture` makes, made once and restored for every test. */
export const loadFixture = <T>(fixture: () => Promise<T>): Promise<T> => networkHelpers.loadFixture(fixture);

/** Lets the next block be of the second `timestamp`. */
export const at = (timestamp: bigint): Promise<void> => networkHelpers.time.setNextBlockTimestamp(timestamp);

/** Lets `timestamp` be the second of the latest block. */
export const goTo = (timestamp: bigint): Promise<void> => networkHelpers.time.increaseTo(timestamp);

/** A signer at the address of a contract, with means for gas. */
export async function actingAs(contract: { getAddress(): Promise<string> } | string) {
  const address = typeof contract === "string" ? contract : await contract.getAddress();
  await networkHelpers.impersonateAccount(address);
  await networkHelpers.setBalance(address, 10n ** 20n);
  return ethers.getSigner(address);
}

let accounts = 0n;
/** An address that nothing has touched yet. */
export const newAddress = (): Address =>
  getAddress(`0x${((0xacc0n << 144n) | ++accounts).toString(16).padStart(40, "0")}`) as Address;

/** An account that holds `amount` base units of the system's first asset, or of another. */
export async function holderOf(
  { tenge, issuer }: Pick<System, "tenge" | "issuer">,
  amount: bigint,
  asset: System["tenge"] = tenge,
): Promise<Address> {
  const account = newAddress();
  await asset.connect(issuer).mint(account, amount);
  return account;
}

/** Installs deployed contracts under a changed charter. */
export async function installChanged(
  { quorum, domain, addresses }: Pick<System, "quorum" | "domain" | "addresses">,
  changes: Partial<CharterInput> = {},
): Promise<void> {
  const charter = charterFor(addresses, changes);
  await quorum.install(struct(charter), await signCharter(charter, domain));
}

/** Who approves an order where a test names nobody. */
const USUAL: Partial<Record<PrimaryType, OfficerName[]>> = {
  Freeze: ["FMA-1", "FMA-2", "GPO-1"],
  Arrest: ["COURT-1", "FMA-1", "GPO-1"],
  Lift: ["COURT-1", "COURT-2"],
  Seize: ["COURT-1", "FMA-1", "GPO-1", "NBK-1"],
};

type DocketOrder = Order<"Freeze"> | Order<"Arrest"> | Order<"Lift"> | Order<"Seize">;

/** Executes an order exactly as it stands, however wrong it is. */
export async function execute(
  { docket, approve }: Pick<System, "docket" | "approve">,
  order: DocketOrder,
  by: readonly OfficerName[] = USUAL[order.primaryType]!,
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
        ...[head, seq, act, caseId, document, order],
        ...[keccak256(concat(entry.officerIds)), keccak256(entry.encodedEffects), entry.timestamp],
      ],
    ),
  );
