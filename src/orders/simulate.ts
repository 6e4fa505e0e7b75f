import {
  encodeAbiParameters,
  encodeFunctionData,
  hashStruct,
  keccak256,
  numberToHex,
  size,
  stringToHex,
  zeroAddress,
  zeroHash,
  type Address,
  type Hex,
  type PublicClient,
  type StateOverride,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { abiOf } from "../chain/artifacts.ts";
import { refusalIn, refusalOf, returnedBy, type Refusal } from "../chain/refusals.ts";
import {
  isKeyByLength,
  officerId,
  packApprovals,
  type Approval,
  type IsKey,
  type PackedApprovals,
} from "./approvals.ts";
import { definitionOf } from "./acts/index.ts";
import { rangeOf, type Bundle, type BundledType } from "./bundle.ts";
import { bringing, bringingList, DELAYED, executing, executorOf, type Executors, type OrderCall } from "./calls.ts";
import { digestOf } from "./digest.ts";
import { caseIn } from "./entries.ts";
import { movementsOf, touchedBy, type Movement } from "./movements.ts";
import { actOf, LAST_RULED, OFFICER_KINDS, ORDER_TYPES, SELF, type Domain, type Order } from "./types.ts";

/**
 * Where the Quorum keeps the seats, as the compiler lays its storage out: a mapping by officer id to agency and, from the
 * 8th bit on, kind.
 */
export const SEATS_SLOT = 2n;

/** Most alternatives of an act. */
const ALTERNATIVES = 6;
/** The officers of a packed rule: one hex digit per agency. */
const OFFICERS = 0xffff_ffff_ffff_ffffn;
/** An account that nobody has anything to do with. */
const ANYONE: Address = "0x000000000000000000000000000000000000c0de";

/** What is missing to meet one alternative: how many officers of which agencies, by their indices. */
export interface Missing {
  alternative: number;
  missing: ReadonlyMap<number, number>;
}

/** One way to what is missing, and why the order would be refused with it; nothing where it would pass. */
export interface Way extends Missing {
  refusal?: Refusal;
}

/** What would become of an order now. */
export interface Simulation {
  digest: Hex;
  /**
   * Whether the contracts let it pass, if need be with the officers that are missing, by any way to them: they are seated
   * for the time of the call alone.
   */
  passes: boolean;
  /** Why not, by the shortest way. */
  refusal?: Refusal;
  /** Every way to the approvals that are missing, the shortest first; empty where none is. */
  ways: readonly Way[];
  /** Whether the call ran in the second that was asked for, or at present, because the node sets no time. */
  at: "asked" | "present";
  /** What it does to the accounts that it touches, where it passes and that was asked for and the node tells. */
  movements?: readonly Movement[];
}

/** What is there besides the order. */
export interface Given {
  approvals?: readonly Approval[];
  /** The bundle that they are signatures of, where they are not of the order alone. */
  bundle?: Bundle;
  /** Which signers are keys; by their length unless told. */
  isKey?: IsKey;
  /** Of the candidate of an Admit, the wallet of a License, the holder of an Appeal. */
  consent?: Hex;
  /** The officers of a scheduled order: its execution is simulated, `approvals` stand in for those that ended. */
  scheduledBy?: readonly Hex[];
  /** Of the execution of a Convert: what the wallet pays, in base units. The least of the order unless told. */
  proceeds?: bigint;
  /** Unix second to simulate in, where the node can; else the block's. */
  time?: bigint;
  blockTag?: "latest" | "pending";
  /** Asks what the order does to accounts, too. */
  movements?: boolean;
}

/** The deployment that an order is for. */
export interface Place {
  addresses: Executors;
  domain: Domain;
}

/**
 * Runs an order on the real contracts, in a call that changes nothing. Nothing of their rules is copied: who counts is
 * asked of the Quorum, and whoever is missing is seated by an override of its storage, so that the act itself says with
 * which error it refuses.
 * @throws what the client throws where the node, and no contract, refuses.
 */
export async function simulate(
  client: PublicClient,
  place: Place,
  order: Order,
  given: Given = {},
): Promise<Simulation> {
  const digest = digestOf(order, place.domain);
  const told = async ({ refusal, at, run }: Tried, ways: readonly Way[] = []): Promise<Simulation> => {
    const movements = given.movements && refusal === undefined ? await movedBy(client, place, order, run) : undefined;
    return { digest, passes: refusal === undefined, ways, at, ...why(refusal), ...(movements && { movements }) };
  };
  const { scheduledBy, proceeds } = given;
  if (scheduledBy !== undefined) {
    const call = executing(place.addresses, order, scheduledBy, packed(given), proceeds);
    return told(await tried(client, place, order, call, given));
  }
  const { bundle } = given;
  const callWith = (approvals: PackedApprovals): OrderCall =>
    bundle === undefined
      ? bringing(place.addresses, order, approvals, given.consent)
      : bringingList(place.addresses, [order as Order<BundledType>], [approvals], rangeIn(bundle, digest));
  const bring = (ghosts: readonly Ghost[] = []) =>
    tried(client, place, order, callWith(packed(given, ghosts)), given, ghosts);

  const first = bundle && (await bring());
  const have = bundle === undefined ? await haveOf(client, place, order, given) : countedIn(first?.refusal);
  if (have === undefined) return told(first ?? (await bring()));
  const missing = await missingFrom(client, place, order, have);
  if (missing.length === 0) return told(first ?? (await bring()));
  const signed = bundle?.digest ?? digest;
  const tries = await Promise.all(missing.map(async (lacking) => bring(await ghostsOf(lacking, signed))));
  const ways = missing.map((lacking, i) => ({ ...lacking, ...why(tries[i]!.refusal) }));
  return told(tries.find(({ refusal }) => refusal === undefined) ?? tries[0]!, ways);
}

const why = (refusal?: Refusal) => (refusal === undefined ? {} : { refusal });

/** A call as the node ran it. */
interface Run extends OrderCall {
  account: Address;
  blockTag: "latest" | "pending";
  stateOverride: StateOverride;
}

/** What became of a call. */
interface Tried {
  refusal?: Refusal;
  at: Simulation["at"];
  run: Run;
}

/** What a call does to the accounts of its order; of the vault only where it does something. */
async function movedBy(
  client: PublicClient,
  { addresses: { docket } }: Place,
  order: Order,
  { account, to, data, ...run }: Run,
): Promise<readonly Movement[] | undefined> {
  const caseId = caseIn(order);
  if (caseId === undefined) return [];
  const vault = await client.readContract({
    address: docket,
    abi: abiOf("Docket"),
    functionName: "vaultOf",
    args: [caseId],
  });
  const all = await movementsOf(client, docket, { from: account, to, data }, touchedBy(order, vault), run);
  return all?.filter(({ isVault, before, after }) => !isVault || before.balance !== after.balance);
}

/** An officer that exists in a call alone. */
interface Ghost extends Approval {
  agency: number;
}

const packed = ({ approvals = [], isKey = isKeyByLength }: Given, ghosts: readonly Ghost[] = []): PackedApprovals => {
  const raised = new Set(ghosts.map(({ signer }) => signer.toLowerCase()));
  return packApprovals([...approvals, ...ghosts], (signer) => raised.has(signer.toLowerCase()) || isKey(signer));
};

/** Where the Quorum keeps an officer's seat. */
const seatOf = (id: Hex): Hex =>
  keccak256(encodeAbiParameters([{ type: "bytes32" }, { type: "uint256" }], [id, SEATS_SLOT]));

async function tried(
  client: PublicClient,
  { addresses }: Place,
  order: Order,
  { to, data }: OrderCall,
  { consent, scheduledBy, time, blockTag = "latest" }: Given,
  ghosts: readonly Ghost[] = [],
): Promise<Tried> {
  const seats = ghosts.map(({ signer, agency }) => ({
    slot: seatOf(officerId(signer)),
    value: numberToHex((OFFICER_KINDS.key << 8) | agency, { size: 32 }),
  }));
  const account = callerOf(order, consent !== undefined, scheduledBy !== undefined);
  const stateOverride = seats.length === 0 ? [] : [{ address: addresses.quorum, stateDiff: seats }];
  const call: Run = { account, to, data, blockTag, stateOverride };
  const run = async (at: Tried["at"], blockOverrides?: { time: bigint }): Promise<Tried> => {
    try {
      const { stateOverride: seated, ...plain } = call;
      const asked = seated.length === 0 ? plain : call;
      await client.call({ ...asked, ...(blockOverrides === undefined ? {} : { blockOverrides }) });
      return { at, run: call };
    } catch (fault) {
      const refusal = refusalOf(fault);
      if (refusal === undefined) throw fault;
      return { refusal, at, run: call };
    }
  };
  if (time === undefined) return run("present");
  return run("asked", { time }).catch(() => run("present"));
}

/** Who calls: whoever consents by calling, the wallet that a conversion pays, else anyone. */
function callerOf({ primaryType, message }: Order, consents: boolean, executes: boolean): Address {
  if (primaryType === "Convert" && executes) return message.wallet;
  const { consent } = definitionOf(primaryType);
  const consenting = (message as Partial<Record<string, unknown>>)[consent ?? ""] as Hex | undefined;
  return consenting === undefined || consents || size(consenting) !== 20 ? ANYONE : consenting;
}

/** Where one order stands in the bundle. */
const rangeIn = (bundle: Bundle, digest: Hex): Hex => rangeOf(bundle, bundle.leaves.indexOf(digest), 1);

/** The approvals that count, by the refusal that they are too few; undefined where there is another one, or none. */
const countedIn = (refusal: Refusal | undefined): bigint | undefined =>
  refusal?.error === "QuorumNotMet" || refusal?.error === "QuorumWithdrawn" ? (refusal.args.have as bigint) : undefined;

/**
 * The approvals that count, where they are too few. The Quorum is asked as the contract asks that executes the act, so
 * that nothing else stands before its answer.
 */
async function haveOf(client: PublicClient, place: Place, order: Order, given: Given): Promise<bigint | undefined> {
  const act = actOf(order);
  if (act > LAST_RULED) return undefined;
  const { addresses, domain } = place;
  const abi = abiOf("Quorum");
  const about = await aboutOf(client, place, order);
  const { message, primaryType } = order;
  const structHash = hashStruct({ data: message, primaryType, types: ORDER_TYPES });
  const entry = 1n;
  const data = (DELAYED as readonly string[]).includes(primaryType)
    ? encodeFunctionData({
        abi,
        functionName: "schedule",
        args: [act, about, structHash, message.signBy, zeroHash, zeroAddress, entry, packed(given)],
      })
    : encodeFunctionData({
        abi,
        functionName: "use",
        args: [act, about, structHash, message.signBy, entry, false, packed(given)],
      });
  try {
    await client.call({
      account: addresses[executorOf(primaryType)],
      to: domain.verifyingContract,
      data,
      blockTag: given.blockTag ?? "latest",
    });
    return undefined;
  } catch (fault) {
    return countedIn(refusalIn(returnedBy(fault) ?? "0x"));
  }
}

/** Every way to the approvals that are missing, the shortest first. */
async function missingFrom(client: PublicClient, place: Place, order: Order, have: bigint): Promise<Missing[]> {
  const about = await aboutOf(client, place, order);
  return waysFrom(await rulesOf(client, place.domain.verifyingContract, actOf(order)), about, have);
}

/** The packed rules of an act, one for each alternative. */
export async function rulesOf(client: PublicClient, quorum: Address, act: number): Promise<bigint[]> {
  const rules = await Promise.all(
    Array.from({ length: ALTERNATIVES }, (_, alternative) =>
      client.readContract({ address: quorum, abi: abiOf("Quorum"), functionName: "rule", args: [act, alternative] }),
    ),
  );
  return rules.map(BigInt);
}

/** Every way to what the rules of an order need, from `have`, one hex digit per agency; the shortest first. */
export const waysFrom = (rules: readonly bigint[], about: number, have: bigint): Missing[] =>
  rules
    .map((rule, alternative) => ({ alternative, missing: missingOf(rule & OFFICERS, about, have) }))
    .filter(({ alternative }) => rules[alternative] !== 0n)
    .sort((a, b) => sum(a.missing) - sum(b.missing));

/** How many officers of each agency a rule needs beside those that count. SELF is added to the agency of the order. */
function missingOf(officers: bigint, about: number, have: bigint): Map<number, number> {
  const digit = (digits: bigint, agency: number) => Number((digits >> BigInt(4 * agency)) & 0xfn);
  const missing = new Map<number, number>();
  for (let agency = 0; agency < SELF; ++agency) {
    const needed = digit(officers, agency) + (agency === about ? digit(officers, SELF) : 0);
    const lacking = needed - digit(have, agency);
    if (lacking > 0) missing.set(agency, lacking);
  }
  return missing;
}

const sum = (missing: ReadonlyMap<number, number>) => [...missing.values()].reduce((all, n) => all + n, 0);

/** The agency that an order is about, for rules that name it as SELF. */
export async function aboutOf(
  client: PublicClient,
  { domain }: Pick<Place, "domain">,
  { primaryType, message }: Order,
): Promise<number> {
  const quorum = { address: domain.verifyingContract, abi: abiOf("Quorum") } as const;
  switch (primaryType) {
    case "Admit":
      return message.agency;
    case "Dismiss":
      // Its seat tells it also of one that was dismissed, which no view does.
      return Number(BigInt((await client.getStorageAt({ ...quorum, slot: seatOf(message.officerId) })) ?? 0n) & 0xffn);
    case "Veto":
      return (await client.readContract({ ...quorum, functionName: "delayedOf", args: [message.order] })).about;
    default:
      return SELF;
  }
}

/** Officers for what is missing, with their signatures. Their keys are anybody's: they have a seat in one call alone. */
async function ghostsOf({ missing }: Missing, digest: Hex): Promise<Ghost[]> {
  const agencies = [...missing].flatMap(([agency, count]) => Array.from({ length: count }, () => agency));
  return Promise.all(
    agencies.map(async (agency, n) => {
      const account = privateKeyToAccount(keccak256(stringToHex(`ghost ${n}`)));
      return { agency, signer: account.address, signature: await account.sign({ hash: digest }) };
    }),
  );
}
