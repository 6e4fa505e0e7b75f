import type { Hex } from "viem";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { FileAccessError } from "../../base/files.ts";
import { oneLine } from "../../base/words.ts";
import { answerOf } from "../../chain/node.ts";
import { readEntries } from "../../journal/entries.ts";
import { definitionOf } from "../../orders/acts/index.ts";
import type { Approval, IsKey } from "../../orders/approvals.ts";
import { DuplicateOrderError, isBundled, type Bundle } from "../../orders/bundle.ts";
import { readBundleFile, readSignatures } from "../../orders/disk.ts";
import { isWithdrawnAt, proofAt, seatAt, type QuorumAt } from "../../orders/proofs.ts";
import type { SignatureFile } from "../../orders/files.ts";
import { aboutOf, rulesOf, simulate, waysFrom, type Simulation } from "../../orders/simulate.ts";
import { stateAt, type OrderState } from "../../orders/state.ts";
import { actOf } from "../../orders/types.ts";
import type { Surroundings } from "../operation.ts";
import { requireDomain, type ChainDesk } from "./desk.ts";
import { bundleIn } from "./folder.ts";
import { approvalsOnChain } from "./onChain.ts";
import { orderFilesIn, readOrder, type OrderPaper, type SignaturePaper } from "./papers.ts";
import { joinOwners } from "./safes.ts";

export interface ApprovalOptions {
  signatures: string[];
  bundle?: string;
}

/** What the contracts are asked besides. */
export interface Asked {
  /** Of the execution of a Convert, in base units. */
  proceeds?: bigint | undefined;
  /** What the orders do to accounts. */
  movements?: boolean;
}

/** An order with what was brought for it, and what the contracts say. */
export interface ApprovedOrder extends OrderPaper {
  approvals: readonly Approval[];
  isKey: IsKey;
  /** What the approvals are signatures of, where that is not the order alone. */
  bundled?: Bundle;
  /** Of the candidate of an Admit, the wallet of a License, the holder of an Appeal. */
  consent?: Hex;
  state: OrderState;
  /** Of a scheduled one: the officers whose approvals counted. */
  scheduledBy?: readonly Hex[];
  simulation: Simulation;
}

/** A node that knows what became of an order, and has no entry of the journal for it. Exit code 5. */
export class MissingEntryError extends SequesterError {
  override name = "MissingEntryError";
  constructor(digest: Hex, block: bigint) {
    super("The node lacks an entry of the journal.", {
      code: EXIT.node,
      metaMessages: [
        `who: the order ${digest}`,
        `has: an order that waits, and no entry up to block ${block}`,
        "needs: a node that has all logs of the docket",
      ],
    });
  }
}

/** A signature that counts for nothing, and why. */
type Fault = string;

/** A signature that is its officer's, with what kind that is; or of whom an order asks for consent. */
interface Found extends SignatureFile {
  isKey: boolean;
  agency?: number | undefined;
  isConsent: boolean;
}

/** Files that are brought: those that are named, and of folders all orders, signatures and bundles. @throws NoOrderError */
function broughtIn(places: readonly string[], { signatures, bundle }: ApprovalOptions) {
  const all = places.map(orderFilesIn);
  const inFolders = all.filter(({ folder }) => folder);
  return {
    orders: all.flatMap(({ orders }) => orders),
    signatures: [...new Set([...signatures, ...inFolders.flatMap((it) => it.signatures)])],
    bundles: [...(bundle === undefined ? [] : [bundle]), ...inFolders.flatMap((it) => it.bundles)],
  };
}

/**
 * Reads orders with signatures over them or over their bundle, and has the contracts say what would become of each. A
 * signature that is not its officer's, of nobody who has a seat, or of another order is named and left out: it can make
 * nothing fail.
 * @throws OtherDeploymentError, DuplicateOrderError, and what the files' readers throw of orders
 */
export async function readApproved(
  places: readonly string[],
  options: ApprovalOptions,
  desk: ChainDesk,
  { stderr }: Pick<Surroundings, "stderr">,
  asked: Asked = {},
): Promise<ApprovedOrder[]> {
  const brought = broughtIn(places, options);
  const orders = await Promise.all(brought.orders.map(readOrder));
  for (const [i, { path: file, domain, digest }] of orders.entries()) {
    requireDomain(file, domain, desk);
    const twin = orders.slice(0, i).find((it) => it.digest === digest);
    if (twin !== undefined) throw new DuplicateOrderError(file, `the order of ${twin.path}`, "each order once");
  }
  const bundles = await bundlesOf(orders, brought.bundles);
  const at = await quorumOf(desk);
  const given: SignaturePaper[] = [];
  for (const file of brought.signatures) given.push(...(await readable(file, { stderr })));
  const digests = [...orders, ...bundles].map(({ digest }) => digest);
  given.push(...(await approvalsOnChain(digests, desk.deployment, at, { stderr })));
  const leftOut = ({ path, signer }: SignaturePaper, why: string) =>
    stderr.write(`${path}: left out, the signature of ${signer}: ${why}\n`);
  const { officers, owners } = await answerOf(joinOwners(given, at));
  for (const it of owners) leftOut(it, it.lacking ?? `it is ${it.proof.has}`);
  const found: Found[] = [];
  for (const signature of officers) {
    const told = await answerOf(whatIs(signature, orders, bundles, at));
    if (typeof told !== "string") found.push(told);
    else leftOut(signature, told);
  }
  const approved: ApprovedOrder[] = [];
  for (const order of orders) approved.push(await answerOf(approvedOf(order, found, bundles, desk, at, asked)));
  return approved;
}

/** The signatures of a file; none of one that is no such file, which is named. */
async function readable(file: string, { stderr }: Pick<Surroundings, "stderr">): Promise<SignaturePaper[]> {
  try {
    return (await readSignatures(file)).map((it) => ({ ...it, path: file, loose: false }));
  } catch (fault) {
    if (!(fault instanceof SequesterError) || fault instanceof FileAccessError) throw fault;
    stderr.write(`${oneLine(file)}: left out, ${fault.metaMessages.join("; ")}\n`);
    return [];
  }
}

/** The Quorum at the newest block. */
export const quorumOf = async ({ client, deployment }: ChainDesk): Promise<QuorumAt> => ({
  client,
  quorum: deployment.addresses.quorum,
  blockNumber: await answerOf(client.getBlockNumber()),
});

/** The bundles that are named, and that of the orders themselves where they can be signed together. */
async function bundlesOf(orders: readonly OrderPaper[], files: readonly string[]): Promise<Bundle[]> {
  const named = await Promise.all(files.map(readBundleFile));
  const [{ order }] = orders as [OrderPaper];
  const isOne = isBundled(order.primaryType) && orders.every((it) => it.order.primaryType === order.primaryType);
  return isOne ? [...named, bundleIn(orders.toSorted((a, b) => (a.digest < b.digest ? -1 : 1)))] : named;
}

/** Who is asked for consent besides, by address or bytes in lower case. */
export const consentingIn = ({ order: { primaryType, message } }: Pick<OrderPaper, "order">): string | undefined => {
  const { consent } = definitionOf(primaryType);
  return consent === undefined ? undefined : (message as unknown as Record<string, string>)[consent]!.toLowerCase();
};

/** What a signature is good for; a text says why for nothing. */
async function whatIs(
  signature: SignatureFile,
  orders: readonly OrderPaper[],
  bundles: readonly Bundle[],
  at: QuorumAt,
): Promise<Found | Fault> {
  const { digest, signer } = signature;
  const order = orders.find((it) => it.digest === digest);
  if (order === undefined && !bundles.some((it) => it.digest === digest)) return "it is of another order or bundle";
  const seat = await seatAt(at, signer);
  const isConsent = order !== undefined && consentingIn(order) === signer.toLowerCase();
  if (seat.dismissed) return "its officer is dismissed";
  if (seat.kind === undefined && !isConsent) return "it is no officer's";
  const { is, has } = await proofAt(at, seat, signature);
  if (is !== "own") return `it is not its own, ${has}`;
  if (await isWithdrawnAt(at, digest, signer)) return "the officer withdrew it";
  return { ...signature, isKey: seat.kind === "key", agency: seat.agency, isConsent };
}

async function approvedOf(
  order: OrderPaper,
  found: readonly Found[],
  bundles: readonly Bundle[],
  desk: ChainDesk,
  at: QuorumAt,
  { proceeds, movements = false }: Asked,
): Promise<ApprovedOrder> {
  const { client, deployment, now } = desk;
  const over = (digest: Hex) => found.filter((it) => it.digest === digest && !it.isConsent);
  const consent = found.find((it) => it.digest === order.digest && it.isConsent)?.signature;
  const state = await stateAt(at, BigInt(now), order.order, order.digest);
  const scheduledBy = state.is === "scheduled" ? await officersOf(order.digest, { client, deployment }, at) : undefined;
  const tried = async ({ approvals, bundled }: Together): Promise<ApprovedOrder> => {
    const keys = new Set(approvals.filter(({ isKey }) => isKey).map(({ signer }) => signer.toLowerCase()));
    const given = {
      approvals,
      isKey: (signer: Hex) => keys.has(signer.toLowerCase()),
      ...(bundled && { bundled }),
      ...(consent !== undefined && { consent }),
      ...(scheduledBy !== undefined && { scheduledBy }),
    };
    const simulation = await simulate(client, deployment, order.order, {
      ...given,
      ...(bundled && { bundle: bundled }),
      ...(proceeds !== undefined && { proceeds }),
      movements,
    });
    return { ...order, ...given, state, simulation };
  };

  // Who signs an order where the others signed a bundle, or signs where enough did, must not stop it.
  const lists: Together[] = [
    { approvals: over(order.digest) },
    ...bundles
      .filter(({ leaves }) => leaves.includes(order.digest))
      .map((bundled) => ({ approvals: over(bundled.digest), bundled })),
  ].sort((a, b) => b.approvals.length - a.approvals.length);
  const all: ApprovedOrder[] = [];
  for (const list of lists.filter(({ approvals }, i) => i === 0 || approvals.length > 0)) {
    const whole = await tried(list);
    all.push(whole);
    // Which agency stays an order is for who brings it to say, by what it brings.
    const isOver = TOO_MANY.includes(whole.simulation.refusal?.error ?? "") && order.order.primaryType !== "Stay";
    for (const approvals of isOver ? await cutsOf(list.approvals, order, desk) : []) {
      all.push(await tried({ ...list, approvals }));
    }
    const passing = all.find(({ simulation: { passes, ways } }) => passes && ways.length === 0);
    if (passing !== undefined) return passing;
  }
  return all[0]!;
}

/** Approvals that can be brought together: of the order alone, or of a bundle. */
interface Together {
  approvals: readonly Found[];
  bundled?: Bundle;
}

/** The Quorum's errors where more officers approve than it takes. */
const TOO_MANY: readonly string[] = ["QuorumTooManyApprovals", "RuleDigitTooLarge"];

/** For each alternative of an order's rule: of its approvals no more of any agency than it needs. */
async function cutsOf(approvals: readonly Found[], { order }: OrderPaper, { client, deployment }: ChainDesk) {
  const rules = await rulesOf(client, deployment.addresses.quorum, actOf(order));
  const ways = waysFrom(rules, await aboutOf(client, deployment, order), 0n);
  const each = [...new Map(approvals.map((it) => [it.signer.toLowerCase(), it])).values()];
  return ways.map(({ missing }) => {
    const left = new Map(missing);
    return each.filter(({ agency = NaN }) => {
      const n = left.get(agency) ?? 0;
      left.set(agency, n - 1);
      return n > 0;
    });
  });
}

/** The officers whose approvals counted when the order was scheduled, as the journal tells. */
export async function officersOf(
  digest: Hex,
  { client, deployment }: Pick<ChainDesk, "client" | "deployment">,
  { blockNumber }: QuorumAt,
): Promise<readonly Hex[]> {
  const range = { fromBlock: BigInt(deployment.block), toBlock: blockNumber };
  const entries = await readEntries(client, deployment.addresses.docket, range);
  const entry = entries.findLast(({ order }) => order === digest);
  if (entry === undefined) throw new MissingEntryError(digest, blockNumber);
  return entry.officerIds;
}
