/** Taint of the drawn method that moved in one transfer. */
export interface Movement {
  readonly from: string;
  readonly to: string;
  /** Base units. */
  readonly taint: bigint;
  readonly block: number;
}

/** What an account is in the flow. */
export type Role = "source" | "account" | "sink" | "burn";

export interface FlowNode {
  /** Address in lower case; BURNED for all burns together. */
  readonly id: string;
  readonly role: Role;
  readonly label: string;
  /** Transfers from the stolen one on, by the first way that money came: 0 is who was robbed. */
  readonly hop: number;
  /** When money first came, or was first stolen. */
  readonly block: number;
  /** Taint that came in over all, in base units. */
  received: bigint;
  /** Taint that is there at the end, or in the sink. */
  readonly kept: bigint;
}

/** All movements between two accounts. */
export interface FlowEdge {
  readonly from: string;
  readonly to: string;
  taint: bigint;
  transfers: number;
  readonly firstBlock: number;
  lastBlock: number;
  /** To an earlier hop, or within one: money that comes back, and what is sent on between those it had reached. */
  readonly back: boolean;
}

export interface Flow {
  /** By hop, then by time. */
  readonly nodes: readonly FlowNode[];
  /** By the time of the first movement. */
  readonly edges: readonly FlowEdge[];
  /** Accounts that are not drawn: the smallest. */
  readonly left: number;
  /** What went to those from accounts that are drawn, in base units. */
  readonly leftTaint: bigint;
  /** Pairs of drawn accounts whose edge is not drawn: the smallest. */
  readonly leftEdges: number;
}

export const BURNED = "burned";
/** More would be no picture any more. */
export const MOST_NODES = 200;
export const MOST_EDGES = 400;

export interface FlowInput {
  /** In order. */
  readonly movements: Iterable<Movement>;
  /** What accounts have of the taint at the end. */
  readonly held: (account: string) => bigint;
  /** Names of the sinks, by address. */
  readonly sinks: ReadonlyMap<string, string>;
  /** From or to of a burn. */
  readonly zero: string;
  readonly mostNodes?: number;
}

/** The way of the money as a picture has it: one node for each account, one edge for each pair of them. */
export function flowOf({ movements, held, sinks, zero, mostNodes = MOST_NODES }: FlowInput): Flow {
  const nodes = new Map<string, FlowNode>();
  const edges = new Map<string, FlowEdge>();
  for (const { from, to: receiver, taint, block } of movements) {
    if (taint === 0n) continue;
    const source = nodes.get(from) ?? nodeOf(from, "source", "", 0, block, held(from));
    nodes.set(from, source);
    const id = receiver === zero ? BURNED : receiver;
    const role = receiver === zero ? "burn" : sinks.has(id) ? "sink" : "account";
    const kept = role === "account" ? held(id) : 0n;
    const node = nodes.get(id) ?? nodeOf(id, role, sinks.get(id) ?? "", source.hop + 1, block, kept);
    nodes.set(id, node);
    node.received += taint;
    const key = `${from} ${id}`;
    const edge = edges.get(key);
    if (edge === undefined) {
      const back = node.hop <= source.hop;
      edges.set(key, { from, to: id, taint, transfers: 1, firstBlock: block, lastBlock: block, back });
    } else {
      edge.taint += taint;
      edge.transfers += 1;
      edge.lastBlock = block;
    }
  }
  return largest([...nodes.values()], [...edges.values()], mostNodes);
}

function nodeOf(id: string, role: Role, label: string, hop: number, block: number, kept: bigint): FlowNode {
  return { id, role, label, hop, block, received: 0n, kept };
}

/** Those through which most money went; who was robbed is never left out for others. */
function largest(nodes: FlowNode[], edges: FlowEdge[], most: number): Flow {
  const byHop = [...nodes].sort((a, b) => a.hop - b.hop || a.block - b.block || compare(a.id, b.id));
  const weight = ({ role, received, kept }: FlowNode) => (role === "source" ? received + kept : received);
  const ranked = [...byHop].sort(
    (a, b) => Number(b.hop === 0) - Number(a.hop === 0) || compare(weight(b), weight(a)) || compare(a.id, b.id),
  );
  const drawn = new Set(ranked.slice(0, most).map(({ id }) => id));
  const out = edges.filter(({ from, to }) => drawn.has(from) && !drawn.has(to));
  const inside = edges.filter(({ from, to }) => drawn.has(from) && drawn.has(to));
  // Sorting is stable: of equal ones the earlier is drawn.
  const thick = new Set([...inside].sort((a, b) => compare(b.taint, a.taint)).slice(0, MOST_EDGES));
  return {
    nodes: byHop.filter(({ id }) => drawn.has(id)),
    edges: inside.filter((edge) => thick.has(edge)),
    left: nodes.length - drawn.size,
    leftTaint: out.reduce((sum, { taint }) => sum + taint, 0n),
    leftEdges: inside.length - thick.size,
  };
}

const compare = <T extends string | bigint>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);
