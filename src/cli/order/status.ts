import type { Hex } from "viem";
import { abiOf } from "../../chain/artifacts.ts";
import { verifyDeployment, type Deployment } from "../../chain/deployments.ts";
import { answerOf } from "../../chain/node.ts";
import { tableOf } from "../../base/table.ts";
import { isoOf } from "../../base/time.ts";
import { oneLine } from "../../base/words.ts";
import type { Language } from "../../base/languages.ts";
import { isWithdrawnAt, seatOfId, type QuorumAt } from "../../orders/proofs.ts";
import { timeIn, type Words } from "../../orders/sentence.ts";
import { aboutOf, rulesOf, waysFrom, type Missing } from "../../orders/simulate.ts";
import { stateAt, type OrderState } from "../../orders/state.ts";
import { actOf, LAST_RULED, SELF } from "../../orders/types.ts";
import { officersOf } from "./approved.ts";
import { labelsOf, ordersIn } from "./labels.ts";
import { readPapers, type OrderPaper, type Papers } from "./papers.ts";
import { knownPlace, wordsOf, type Streams } from "./place.ts";
import { actIn, caseOf } from "./shown.ts";
import { approvalsOnChain } from "./onChain.ts";
import { counts, digestsIn, judge, sorted, type Judged } from "./signed.ts";
import { blockData, stateData } from "./verified.ts";
import type { AskedBlock } from "./verify.ts";

export interface StatusOptions {
  signatures: string[];
  rpc: string;
  deployment?: string;
  lang?: Language;
  json?: boolean;
}

/** Approvals that can be brought together: those of the order itself, or of one bundle. */
interface Approved {
  /** The bundle's file; none: the order itself. */
  bundle?: string;
  /** How many officers count, by the index of their agency. */
  officers: Map<number, number>;
  /** Every way to what is missing, the shortest first; none where the act has no rule. */
  ways: Missing[];
}

interface Status {
  paper: OrderPaper;
  state: OrderState;
  /** The nearest to its rule first. */
  lists: Approved[];
  /** Of one that waits, after a dismissal as compromised: officers that it needs in the place of those who approved it, by agency. */
  lacks?: ReadonlyMap<number, number>;
}

/** Prints what became of orders, and who has to approve them yet. */
export async function status(place: string, options: StatusOptions, { stdout, stderr }: Streams): Promise<void> {
  const left: string[] = [];
  const papers = await readPapers(place, options.signatures, (file, fault) => {
    if (!file.endsWith(".sig.json")) throw fault;
    left.push(`${oneLine(file)}: ${fault.message}`);
  });
  const known = await knownPlace(papers.orders[0]!.domain.chainId, options);
  const [client, deployment] = [known.client!, known.deployment!];
  await answerOf(verifyDeployment(client, deployment));
  const { number, hash, timestamp } = await answerOf(client.getBlock());
  const block = { number, hash, timestamp };
  const at = { client, quorum: deployment.addresses.quorum, blockNumber: number };

  const given = await approvalsOnChain(digestsIn(papers), deployment, at, { stderr });
  const judged = await answerOf(judge([...sorted(papers).ours, ...given], { at }));
  for (const { path, proof, lacking } of judged) {
    if (proof.is !== "own" || lacking !== undefined) left.push(`${path}: ${lacking ?? proof.has}`);
  }
  const all = await answerOf(statusOf(papers, judged, at, timestamp, deployment));
  const words = await wordsOf(known);
  stdout.write(
    options.json ? `${JSON.stringify(statusData(all, block, words))}\n` : statusForReaders(all, block, words),
  );
  for (const what of left) stderr.write(`Does not count: ${what}.\n`);
}

async function statusOf(
  { orders, bundles }: Papers,
  judged: readonly Judged[],
  at: QuorumAt,
  time: bigint,
  deployment: Deployment,
): Promise<Status[]> {
  const rules = new Map<number, Promise<bigint[]>>();
  const rulesFor = (act: number): Promise<bigint[]> => {
    const known = rules.get(act) ?? (act > LAST_RULED ? Promise.resolve([]) : rulesOf(at.client, at.quorum, act));
    rules.set(act, known);
    return known;
  };
  const approved = async (paper: OrderPaper, digest: Hex, bundle?: string): Promise<Approved> => {
    const signers = new Map(judged.filter((it) => it.digest === digest && counts(it)).map((it) => [it.officerId, it]));
    const officers = new Map<number, number>();
    for (const { seat, signer } of signers.values()) {
      // Who signed a bundle may have withdrawn one order of it.
      if (bundle !== undefined && (await isWithdrawnAt(at, paper.digest, signer))) continue;
      officers.set(seat!.agency!, (officers.get(seat!.agency!) ?? 0) + 1);
    }
    const about = await aboutOf(at.client, paper, paper.order);
    const ways = waysFrom(await rulesFor(actOf(paper.order)), about, digitsOf(officers));
    return { ...(bundle === undefined ? {} : { bundle }), officers, ways };
  };
  return Promise.all(
    orders.map(async (paper) => {
      const own = bundles.filter(({ leaves }) => leaves.includes(paper.digest));
      const lists = await Promise.all([
        approved(paper, paper.digest),
        ...own.map((bundle) => approved(paper, bundle.digest, bundle.path)),
      ]);
      const state = await stateAt(at, time, paper.order, paper.digest);
      const further = judged.filter((it) => it.digest === paper.digest && counts(it)).map((it) => it.officerId);
      const lacks = state.is === "scheduled" ? await lackingIn(paper.digest, further, at, deployment) : undefined;
      return { paper, state, lists: lists.sort((a, b) => distance(a) - distance(b)), ...(lacks && { lacks }) };
    }),
  );
}

/**
 * What an order that waits lacks, as contracts/base/DelayedOrders.sol counts it anew once one of those who approved it is dismissed as
 * compromised: who of them is seated now, and who approves it besides; undefined: it is not counted anew.
 */
async function lackingIn(
  digest: Hex,
  further: readonly Hex[],
  at: QuorumAt,
  deployment: Deployment,
): Promise<ReadonlyMap<number, number> | undefined> {
  const ids = await officersOf(digest, { client: at.client, deployment }, at);
  const seats = await Promise.all(ids.map((id) => seatOfId(at, id)));
  if (!seats.some(({ compromised }) => compromised)) return undefined;
  const added = [...new Set(further)].filter((id) => !ids.includes(id));
  const officers = new Map<number, number>();
  for (const { kind, agency } of [...seats, ...(await Promise.all(added.map((id) => seatOfId(at, id))))]) {
    if (kind !== undefined) officers.set(agency!, (officers.get(agency!) ?? 0) + 1);
  }
  const { needed } = await at.client.readContract({
    abi: abiOf("Quorum"),
    address: at.quorum,
    blockNumber: at.blockNumber,
    functionName: "delayedOf",
    args: [digest],
  });
  return waysFrom([needed], SELF, digitsOf(officers))[0]?.missing;
}

/** As the Quorum counts: more than 7 of one agency it refuses, and no rule needs. */
const MOST_OF_AGENCY = 7;

const digitsOf = (officers: ReadonlyMap<number, number>): bigint =>
  [...officers].reduce(
    (digits, [agency, n]) => digits + (BigInt(Math.min(n, MOST_OF_AGENCY)) << BigInt(4 * agency)),
    0n,
  );

/** How many officers are missing, by the shortest way. */
const distance = ({ ways }: Approved): number =>
  ways.length === 0 ? Infinity : [...ways[0]!.missing.values()].reduce((sum, n) => sum + n, 0);

const agencyIn = (words: Words) => (index: number) =>
  index === SELF ? labelsOf(words).agencyItself : (words.agency(index) ?? labelsOf(words).agency(index));

const isReady = ({ state, lists }: Status) => state.is === "open" && distance(lists[0]!) === 0;

function statusData(all: readonly Status[], block: AskedBlock, words: Words) {
  const named = (officers: ReadonlyMap<number, number>) =>
    Object.fromEntries([...officers].map(([index, n]) => [agencyIn(words)(index), n]));
  return {
    schema: "sequester.order.status/1",
    block: blockData(block),
    orders: all.map((it) => ({
      file: it.paper.path,
      type: it.paper.order.primaryType,
      case: caseOf(it.paper.order) ?? null,
      digest: it.paper.digest,
      state: stateData(it.state, it.paper.order.message.signBy),
      ready: isReady(it),
      ...(it.lacks && { lacks: named(it.lacks) }),
      approvals: it.lists.map(({ bundle, officers, ways }) => ({
        bundle: bundle ?? null,
        officers: named(officers),
        ways: ways.map(({ alternative, missing }) => ({ alternative, missing: named(missing) })),
      })),
    })),
  };
}

function statusForReaders(all: readonly Status[], block: AskedBlock, words: Words): string {
  const labels = labelsOf(words);
  const told = (officers: ReadonlyMap<number, number>) =>
    [...officers]
      .sort(([a], [b]) => a - b)
      .map(([index, n]) => `${agencyIn(words)(index)} ${n}`)
      .join(" + ");
  const missing = ({ state, lists: [best], lacks }: Status) => {
    if (lacks !== undefined && lacks.size > 0) return told(lacks);
    if (state.is !== "open") return "";
    if (best!.ways.length === 0) return labels.noRule;
    return distance(best!) === 0 ? labels.nothing : best!.ways.map((way) => told(way.missing)).join(labels.or);
  };
  const end = ({ is, start, deadline }: OrderState, signBy: bigint) =>
    is === "scheduled" ? labels.fromTo(isoOf(start!), isoOf(deadline!)) : isoOf(deadline ?? signBy);
  const stateOf = (it: Status) => labels.states[isReady(it) ? "ready" : it.state.is];
  const states = Map.groupBy(all, stateOf);
  const rows = all.map((it) => [
    it.paper.path,
    caseOf(it.paper.order) ?? "",
    actIn(it.paper.order, words),
    stateOf(it),
    told(it.lists[0]!.officers),
    missing(it),
    end(it.state, it.paper.order.message.signBy),
  ]);
  const sums = [...states].map(([state, { length }]) => labels.inState(length, state)).join(", ");
  const head = [labels.order, labels.case, labels.act, labels.state, labels.approvedBy, labels.missing, labels.until];
  return [
    ...tableOf([head, ...rows]),
    "",
    labels.atBlock(ordersIn(all.length, words), sums, String(block.number), timeIn(block.timestamp, words)),
    "",
  ].join("\n");
}
