import { decodeFunctionData, encodeFunctionData, recoverAddress, size, slice, type Abi } from "viem";
import { abiOf } from "../../src/chain/artifacts.ts";
import type { Refusal } from "../../src/chain/refusals.ts";
import { packOfficers } from "../../src/deployment/charter.ts";
import { derivedAccount, LOCAL_CHAIN } from "../../src/deployment/keys.ts";
import { readEntries, readHead, type Entry, type Head } from "../../src/journal/entries.ts";
import { executionOf } from "../../src/operation/play/calls.ts";
import { bring } from "../../src/operation/play/bring.ts";
import { CallRefusedError, type Call, type EmbeddedChain } from "../../src/operation/play/embedded.ts";
import { playAct } from "../../src/operation/play/playAct.ts";
import { prepareOrder, type Base } from "../../src/operation/play/prepare.ts";
import { assetOf, type Stage } from "../../src/operation/play/stage.ts";
import { openChain, raise } from "../../src/operation/run.ts";
import { CONTRACTS, type Executor } from "../../src/orders/acts/act.ts";
import { definitionOf } from "../../src/orders/acts/index.ts";
import { bringing, type Executors, type OrderCall } from "../../src/orders/calls.ts";
import {
  ACTS,
  buildAdmit,
  buildAppeal,
  buildConfigure,
  buildSetTreasury,
  digestOf,
  isBundled,
  NO_APPROVALS,
  ORDER_TYPES,
  typesWith,
  type ActName,
  type Approval,
  type Domain,
  type Order,
  type PackedApprovals,
  type PrimaryType,
} from "../../src/orders/index.ts";
import { removeTemporaryFolders } from "../src/operation/folders.ts";
import { ALL_ACTS, smallOperation } from "../src/operation/small.ts";

/** An order as it was brought to the contracts, and executed where it was delayed. */
export interface Brought {
  order: Order;
  approvals: Approval[];
  calls: OrderCall[];
  /** What the contracts say in that block to the same call with a changed message instead. */
  refusals: Refusal[];
}

export interface Play {
  domain: Domain;
  addresses: Executors;
  entries: Entry[];
  stored: Head;
  brought: ReadonlyMap<PrimaryType, Brought>;
}

const SEED = "small";
const HALF_A_DAY = 43_200;
const account = (name: string) => derivedAccount(LOCAL_CHAIN, SEED, name);
/** From whom money is taken, and who appeals by a signature. */
const HOLDER = account("holder");
/** What no timeline of all acts has: the lift of an arrested hold, and a forfeiture that is not vetoed. Before which act. */
const MORE: Record<string, (typeof ALL_ACTS.timeline)[number]> = {
  "10d1s": {
    ...({ at: "10d", act: "lift", case: "ONE" } as const),
    holds: [{ account: HOLDER.address, asset: "USDX", amount: "1" }],
  },
  "40d": { at: "39d", act: "forfeit", id: "f0", cases: ["ONE"], asset: "USDX", amount: "1" },
  "83d": { at: "82d", act: "execute", orders: ["f0"] },
};
/** Orders over both cases would be signed together: here each has its own approvals. */
const TOGETHER = ["freeze", "arrest", "seize"];

/**
 * Plays every act on the real contracts: the same in each run, to the second. `changesOf`: the orders that the contracts are
 * asked about in place of one that is brought.
 */
export async function play(changesOf: (order: Order) => readonly Order[]): Promise<Play> {
  const operation = smallOperation({
    ...ALL_ACTS,
    targets: [
      ...ALL_ACTS.targets,
      { case: "ONE", account: HOLDER.address, asset: "USDX", amount: "10", platform: "", group: "" },
    ],
    timeline: ALL_ACTS.timeline.flatMap((told) => {
      const before = MORE[told.at];
      if (before !== undefined) return [before, told];
      if (!("cases" in told) || told.cases !== "*" || !TOGETHER.includes(told.act)) return [told];
      const { at, act } = told;
      const until = "until" in told ? { until: told.until } : {};
      return [{ ...told, cases: ["ONE"] }, { at, act, cases: ["TWO"], ...until } as typeof told];
    }),
    expect: { ...ALL_ACTS.expect, targets: ALL_ACTS.targets.length + 1 },
  });
  removeTemporaryFolders();
  const chain = await openChain(operation);
  try {
    chain.setTime(operation.start - HALF_A_DAY);
    const stage = await raise(operation, chain);
    const { domain, addresses } = stage.deployment;
    const brought = watch(stage, changesOf);
    for (const act of operation.timeline) {
      if (act.act === "appeal") await appeal(stage, act.at, act.order);
      else await playAct(stage, act);
    }
    await changeTheSystem(stage, operation.timeline.at(-1)!.at);
    const blockNumber = await chain.settle();
    const entries = await readEntries(chain.client, addresses.docket, { toBlock: blockNumber });
    return { domain, addresses, entries, stored: await readHead(chain.client, addresses.docket, blockNumber), brought };
  } finally {
    await chain.close();
  }
}

/** The first order of each type that is executed from now on. */
function watch(
  { chain, deployment: { addresses, domain } }: Stage,
  changesOf: (order: Order) => readonly Order[],
): Map<PrimaryType, Brought> {
  const brought = new Map<PrimaryType, Brought>();
  const send = chain.send.bind(chain);
  chain.send = async (call) => {
    const { to, data } = call;
    const read = readCall(addresses, call);
    if (read === undefined) return send(call);
    const { order, approvals, executes, dataOf } = read;
    const known = brought.get(order.primaryType);
    const digest = digestOf(order, domain);
    const refusals: Refusal[] = [];
    if (!known) for (const it of changesOf(order)) refusals.push(await refusalOf(chain, { ...call, data: dataOf(it) }));
    const receipt = await send(call);
    if (executes && known && digestOf(known.order, domain) === digest) known.calls.push({ to, data });
    if (!known) {
      const signed = await approvalsIn(approvals, digest);
      brought.set(order.primaryType, { order, approvals: signed, calls: [{ to, data }], refusals });
    }
    return receipt;
  };
  return brought;
}

/** The order that a call brings or executes alone; undefined where it is another call, or a list that was signed together. */
function readCall(addresses: Executors, { to, data }: Call) {
  const executor = (Object.keys(CONTRACTS) as Executor[]).find((name) => addresses[name] === to);
  if (executor === undefined) return undefined;
  const abi = abiOf(CONTRACTS[executor]) as Abi;
  const { functionName, args = [] } = decodeFunctionData({ abi, data });
  const primaryType = typesWith("call").find((type) => {
    const [taker, name] = definitionOf(type).call!;
    return taker === executor && (name === functionName || `execute${type}` === functionName);
  });
  if (primaryType === undefined) return undefined;
  const [first, approvals, ...rest] = args;
  const listed = isBundled(primaryType);
  if (listed && rest[0] !== "0x") return undefined;
  const order = { primaryType, message: listed ? (first as unknown[])[0] : first } as unknown as Order;
  const dataOf = ({ message }: Order) =>
    encodeFunctionData({ abi, functionName, args: [listed ? [message] : message, ...args.slice(1)] });
  const packed = definitionOf(primaryType).unapproved ? NO_APPROVALS : listed ? (approvals as unknown[])[0] : approvals;
  return { order, approvals: packed as PackedApprovals, executes: functionName.startsWith("execute"), dataOf };
}

async function refusalOf(chain: EmbeddedChain, call: Call): Promise<Refusal> {
  try {
    await chain.fits(call);
  } catch (error) {
    if (error instanceof CallRefusedError && error.refusal) return error.refusal;
    throw error;
  }
  throw new Error(`${call.what} was not refused with a changed order, or without a name`);
}

const SIGNATURE_BYTES = 65;

const approvalsIn = ({ keys }: PackedApprovals, hash: Order["message"]["salt"]): Promise<Approval[]> =>
  Promise.all(
    Array.from({ length: size(keys) / SIGNATURE_BYTES }, async (_, i) => {
      const signature = slice(keys, i * SIGNATURE_BYTES, (i + 1) * SIGNATURE_BYTES);
      return { signer: await recoverAddress({ hash, signature }), signature };
    }),
  );

/** The holder signs, and anyone brings it. */
async function appeal(stage: Stage, at: number, id: string): Promise<void> {
  const { operation, deployment, chain, scheduled } = stage;
  const { digest, order: against } = scheduled.get(id)![0]!.prepared;
  const { document, salt } = against.message as unknown as Base;
  const signBy = BigInt(operation.start + at);
  const asset = assetOf(stage, "USDX");
  const order = buildAppeal({ order: digest, document, asset, holder: HOLDER.address, signBy, salt });
  const consent = await HOLDER.signTypedData({ domain: deployment.domain, types: ORDER_TYPES, ...order });
  chain.setTime(operation.start + at);
  const call = bringing(deployment.addresses, order, NO_APPROVALS, consent);
  await chain.send({ what: "Appeal", from: chain.roles.relayer, ...call });
}

/** What no timeline tells: an officer comes, a rule is set anew, an asset gets another treasury. */
async function changeTheSystem(stage: Stage, after: number): Promise<void> {
  const { operation, deployment, chain, parameters } = stage;
  const candidate = account("candidate");
  const { ruling } = operation.cases[0]!;
  const rules = parameters.rules.Suspend!.map(({ officers, ...times }) => ({
    ...times,
    officers: packOfficers(officers, parameters.agencies),
  }));
  const acts: [ActName, (base: Base) => Order][] = [
    ["Admit", (base) => buildAdmit({ ...base, agency: 0, kind: "key", signer: candidate.address })],
    ["Configure", (base) => buildConfigure({ ...base, act: ACTS.Suspend, rules })],
    [
      "SetTreasury",
      (base) => buildSetTreasury({ ...base, asset: assetOf(stage, "USDX"), treasury: account("treasury").address }),
    ],
  ];
  let at = after;
  for (const [act, build] of acts) {
    chain.setTime(operation.start + ++at);
    const prepared = await prepareOrder(stage, { at, act, case: "", ruling }, build);
    const { order } = prepared;
    const consent = await candidate.signTypedData({ domain: deployment.domain, types: ORDER_TYPES, ...order });
    await bring(stage, [{ ...prepared, consent }]);
    const { start } = await chain.client.readContract({
      address: deployment.addresses.quorum,
      abi: abiOf("Quorum"),
      functionName: "delayedOf",
      args: [prepared.digest],
    });
    chain.setTime(start);
    at = start - operation.start;
    await chain.send(executionOf(stage, prepared, undefined));
  }
}
