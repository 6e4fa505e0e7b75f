/**
 * What a node's refusal of a request is about:
 * - `size`: the answer would be too large; a smaller range is answered
 * - `rate`: too many requests; the same is answered later
 * - `lagging`: the node behind the endpoint does not have the block yet; the same is answered later
 * - `state`: the node has forgotten the state of so old a block
 * - `other`: anything else; asking again is no use
 */
export type RefusalKind = "size" | "rate" | "lagging" | "state" | "other";

/** Words of nodes and of services that run them, since their error codes mean something else at each. */
const RATE = [
  /\brate.?limit/i,
  /request rate/i,
  /too many requests/i,
  /throttl/i,
  /(?:compute units|requests|credits)[^.]* per (?:second|minute|day)/i,
  /daily request (?:count|limit)/i,
  /capacity (?:limit )?exceeded/i,
];
const SIZE = [
  /block range|range of blocks|max(?:imum)? (?:block )?range|blocks distance|blocks? range/i,
  /range (?:is )?too (?:large|wide|big)|range \d+ exceeds|requested range|up to a \S+ range|limited to a \S+ range/i,
  /ranges? over \S+ blocks/i,
  /more than \d+ (?:results|logs)|max(?:imum)? (?:results|logs)|too many (?:results|logs)/i,
  /logs matched by query exceeds/i,
  /response (?:size|body)[^.]* (?:exceed|too large|should not)|(?:response|request entity|content|payload) too large/i,
  /query timeout exceeded|log query timed out/i,
];
const LAGGING = [
  /unknown block/i,
  /(?:header|block) not found/i,
  /block .*(?:not available|is not yet)/i,
  /beyond (?:the )?(?:current )?head/i,
];
const STATE = [
  /missing trie node/i,
  /\bpruned\b/i,
  /historical state/i,
  /state .*(?:not available|unavailable)|no state available/i,
  /proof window/i,
  /archive/i,
];

/** HTTP's "Too Many Requests". */
export const HTTP_RATE = 429;
/** HTTP's "Content Too Large". */
export const HTTP_SIZE = 413;

/** EIP-1474's "limit exceeded". */
const LIMIT = -32_005;
/** Codes by which nodes refuse a range of logs, whatever they say to it: a limit, wrong parameters, one service's own. */
const OF_RANGE: readonly unknown[] = [LIMIT, -32_602, -32_614];

/** The kind of which an error is by its code, where its words say nothing. */
const kindOfCode = (code: unknown, method: string): RefusalKind => {
  if (method === "eth_getLogs" && OF_RANGE.includes(code)) return "size";
  return code === LIMIT ? "rate" : "other";
};

/** What is known of a refusal besides its words. */
export interface Refused {
  /** Of the HTTP answer. */
  status?: number | undefined;
  /** Of the JSON-RPC error. */
  code?: unknown;
  method?: string;
}

/** Tells the kind of a refusal from the JSON-RPC error's message, and from the codes beside it. */
export function kindOfRefusal(message: string, { status, code, method = "" }: Refused = {}): RefusalKind {
  if (status === HTTP_RATE) return "rate";
  if (status === HTTP_SIZE) return "size";
  const says = (patterns: readonly RegExp[]) => patterns.some((pattern) => pattern.test(message));
  if (says(RATE)) return "rate";
  if (says(SIZE)) return "size";
  if (says(STATE)) return "state";
  return says(LAGGING) ? "lagging" : kindOfCode(code, method);
}

/**
 * Whether a node refuses a transaction since it has it, or another of the same sender and number: that was asked before, or its
 * answer was lost.
 */
export const saysTaken = (message: string): boolean =>
  /already (?:known|imported|exists|in (?:the )?(?:mem)?pool)|known transaction|nonce (?:is )?too low|replacement .*underpriced/i.test(
    message,
  );

/**
 * The last block of the range that a size error suggests, such as "this block range should work: [0x1, 0x2f]" or
 * "retry with the range 100-250". Undefined where it suggests none that begins at `from` and is shorter than asked:
 * some nodes suggest the very range that they refuse.
 */
export function suggestedEnd(message: string, from: number, to: number): number | undefined {
  const match = /(?:\[\s*|range\s+)(0x[0-9a-f]{1,12}|\d{1,15})\s*[,-]\s*(0x[0-9a-f]{1,12}|\d{1,15})/i.exec(message);
  const [begin, end] = [Number(match?.[1]), Number(match?.[2])];
  return begin === from && end >= from && end < to ? end : undefined;
}
