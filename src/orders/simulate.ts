import {
  encodeAbiParameters,
  encodeFunctionData,
  hashStruct,
  keccak256,
  numberToHex,
  stringToHex,
  zeroAddress,
  zeroHash,
  type Address,
  type Hex,
  type PublicClient,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { abiOf } from "../chain/artifacts.ts";
import { refusalIn, returnedBy, type Refusal } from "../chain/refusals.ts";
import {
  isKeyByLength,
  officerId,
  packApprovals,
  type Approval,
  type IsKey,
  type PackedApprovals,
} from "./approvals.ts";
import { bringing, DELAYED, executing, executorOf, type Executors, type OrderCall } from "./calls.ts";
import { digestOf } from "./digest.ts";
import { ACTS, OFFICER_KINDS, ORDER_TYPES, SELF, type ActName, type Domain, type Order } from "./types.ts";

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
interface Missing {
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
}

/** What is there besides the order. */
export interface Given {
  approvals?: readonly Approval[];
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
  const told = ({ refusal, at }: Tried, ways: readonly Way[] = []): Simulation => ({
    ...{ digest, passes: refusal === undefined, ways, at },
    ...why(refusal),
  });
  const { scheduledBy, proceeds } = given;
  if (scheduledBy !== undefined) {
    const call = executing(place.addresses, order, scheduledBy, packed(given), proceeds);
    return told(await tried(client, place, order, call, given));
  }
  const bring = (ghosts: readonly Ghost[] = []) =>
    tried(client, place, order, bringing(place.addresses, order, packed(given, ghosts), given.consent), given, ghosts);

  const missing = await missingFrom(client, place, order, given);
  if (missing.length === 0) return told(await bring());
  const tries = await Promise.all(missing.map(async (lacking) => bring(await ghostsOf(lacking, digest))));
  const ways = missing.map((lacking, i) => ({ ...lacking, ...why(tries[i]!.refusal) }));
  return told(tries.find(({ refusal }) => refusal === undefined) ?? tries[0]!, ways);
}

const why = (refusal?: Refusal) => (refusal === undefined ? {} : { refusal });

/** What became of a call. */
interface Tried {
  refusal?: Refusal;
  at: Simulation["at"];
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
  const call = {
    ...{ account, to, data, blockTag },
    ...(seats.length === 0 ? {} : { stateOverride: [{ address: addresses.quorum, stateDiff: seats }] }),
  };
  const run = async (at: Tried["at"], blockOverrides?: { time: bigint }): Promise<Tried> => {
    try {
      await client.call({ ...call, ...(blockOverrides === undefined ? {} : { blockOverrides }) });
      return { at };
    } catch (fault) {
      const refusal = refusalIn(returnedBy(fault) ?? "0x");
      if (refusal === undefined) throw fault;
      return { refusal, at };
    }
  };
  if (time === undefined) return run("present");
  return run("asked", { time }).catch(() => run("present"));
}

/** Who calls: whoever consents by calling, the wallet that a conversion pays, else anyone. */
function callerOf({ primaryType, message }: Order, consents: boolean, executes: boolean): Address {
  if (primaryType === "Convert" && executes) return message.wallet;
  if (primaryType === "License" && !consents) return message.wallet;
  if (primaryType === "Appeal" && !consents) return message.holder;
  return ANYONE;
}

/**
 * Every way to the approvals that are missing, the shortest first. The Quorum is asked as the contract asks that executes
 * the act, so that nothing else stands before its answer.
 */
async function missingFrom(client: PublicClient, place: Place, order: Order, given: Given): Promise<Missing[]> {
  if (order.primaryType === "Cancel" || order.primaryType === "Appeal") return [];
  const { addresses, domain } = place;
  const abi = abiOf("Quorum");
  const act = actOf(order);
  const about = await aboutOf(client, place, order);
  const { message, primaryType } = order;
  const structHash = hashStruct({ data: message, primaryType, types: ORDER_TYPES });
  const entry = 1n;
  const data = (DELAYED as readonly string[]).includes(primaryType)
    ? encodeFunctionData({
        ...{ abi, functionName: "schedule" },
        args: [act, about, structHash, message.signBy, zeroHash, zeroAddress, entry, packed(given)],
      })
    : encodeFunctionData({
        ...{ abi, functionName: "use" },
        args: [act, about, structHash, message.signBy, entry, false, packed(given)],
      });
  let have: bigint;
  try {
    await client.call({
      account: addresses[executorOf(primaryType)],
      to: domain.verifyingContract,
      ...{ data, blockTag: given.blockTag ?? "latest" },
    });
    return [];
  } catch (fault) {
    const refusal = refusalIn(returnedBy(fault) ?? "0x");
    if (refusal?.error !== "QuorumNotMet" && refusal?.error !== "QuorumWithdrawn") return [];
    have = refusal.args.have as bigint;
  }
  const rules = await Promise.all(
    Array.from({ length: ALTERNATIVES }, (_, alternative) =>
      client.readContract({ address: domain.verifyingContract, abi, functionName: "rule", args: [act, alternative] }),
    ),
  );
  return rules
    .map((rule, alternative) => ({ alternative, missing: missingOf(BigInt(rule) & OFFICERS, about, have) }))
    .filter((_, alternative) => BigInt(rules[alternative]!) !== 0n)
    .sort((a, b) => sum(a.missing) - sum(b.missing));
}

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

/** Number of the act whose rule decides an order. */
const actOf = ({ primaryType, message }: Order): number =>
  primaryType === "Lift" && message.arrested ? ACTS.LiftArrested : ACTS[primaryType as ActName];

/** The agency that an order is about, for rules that name it as SELF. */
async function aboutOf(client: PublicClient, { domain }: Place, { primaryType, message }: Order): Promise<number> {
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
