// What a node's answers look like: what is none is the node's fault, and is found before anything is computed from it.

/** What an answer is not; `later`: the node may have it when it is asked again. */
export interface AnswerFault {
  readonly needs: string;
  readonly later?: true;
}

type Fields = Readonly<Record<string, unknown>>;
type Check = (answer: unknown, params: readonly unknown[]) => AnswerFault | undefined;

const isFields = (value: unknown): value is Fields =>
  value !== null && typeof value === "object" && !Array.isArray(value);
const matches = (pattern: RegExp) => (value: unknown) => typeof value === "string" && pattern.test(value);

const isQuantity = matches(/^0x[0-9a-f]{1,64}$/i);
/** A number that this program can count with exactly. */
const isIndex = matches(/^0x0*[0-9a-f]{1,13}$/i);
/** Unix seconds that a date can tell. */
const isSecond = matches(/^0x0*[0-9a-f]{1,10}$/i);
const isBytes = matches(/^0x(?:[0-9a-f]{2})*$/i);
const isWord = matches(/^0x[0-9a-f]{64}$/i);
const isAddress = matches(/^0x[0-9a-f]{40}$/i);
const isFlag = matches(/^0x[01]$/);

const needing = (is: (value: unknown) => boolean, needs: string): Check => {
  return (answer) => (is(answer) ? undefined : { needs });
};
const quantity = needing(isQuantity, "a number in hexadecimal, with 0x");
const index = needing(isIndex, "a number below 2^52 in hexadecimal, with 0x");
const bytes = needing(isBytes, "bytes in hexadecimal, with 0x");
const word = needing(isWord, "32 bytes in hexadecimal, with 0x");

/** The first field that is not as it should be. */
const lacking = (of: unknown, fields: Readonly<Record<string, (value: unknown) => boolean>>): string | undefined =>
  isFields(of) ? Object.keys(fields).find((name) => !fields[name]!(of[name])) : "";

const SENT = {
  hash: isWord,
  from: isAddress,
  to: (it: unknown) => it === null || it === undefined || isAddress(it),
  input: isBytes,
  nonce: isIndex,
};
const LOG = {
  address: isAddress,
  data: isBytes,
  topics: (it: unknown) => Array.isArray(it) && it.every(isWord),
  blockNumber: isIndex,
  transactionHash: isWord,
};
const RECEIPT = {
  transactionHash: isWord,
  blockHash: isWord,
  blockNumber: isIndex,
  status: isFlag,
  gasUsed: isQuantity,
  logs: (it: unknown) => Array.isArray(it) && it.every((log) => lacking(log, LOG) === undefined),
};

const same = (a: unknown, b: unknown) => String(a).toLowerCase() === String(b).toLowerCase();

const isTag = (asked: unknown) => asked === "finalized" || asked === "safe" || asked === "pending";

const block: Check = (answer, [asked, whole]) => {
  // A node that knows no final block says so; every other one that is asked for is there, or will be.
  if (answer === null) return isTag(asked) ? undefined : { needs: `the block ${String(asked)}`, later: true };
  const isPending = asked === "pending";
  const field = lacking(answer, {
    number: (it) => (isPending && it === null) || isIndex(it),
    hash: (it) => (isPending && it === null) || isWord(it),
    timestamp: isSecond,
    transactions: (it) =>
      Array.isArray(it) && (whole !== true || it.every((sent) => lacking(sent, SENT) === undefined)),
    baseFeePerGas: (it) => it === undefined || it === null || isQuantity(it),
  });
  if (field !== undefined) return { needs: `a block${field && ` with its ${field}`}` };
  const of = answer as Fields;
  const key = isIndex(asked) ? of.number : isWord(asked) ? of.hash : undefined;
  const isAsked = key === undefined || (isWord(asked) ? same(key, asked) : Number(key) === Number(asked));
  return isAsked ? undefined : { needs: `the block ${String(asked)}` };
};

const logs: Check = (answer, [filter]) => {
  if (!Array.isArray(answer)) return { needs: "a list of logs" };
  const { fromBlock, toBlock, address } = filter as Fields;
  for (const log of answer) {
    const field = lacking(log, LOG);
    if (field !== undefined) return { needs: `logs${field && ` with their ${field}`}` };
    const of = log as Fields;
    const number = Number(of.blockNumber);
    const isIn = (end: unknown, sign: 1 | -1) => !isIndex(end) || sign * (number - Number(end)) >= 0;
    const isOf = typeof address !== "string" || same(of.address, address);
    if (!isIn(fromBlock, 1) || !isIn(toBlock, -1) || !isOf) return { needs: "logs of what was asked for" };
  }
  return undefined;
};

/** Of something that the node may not know: `null`, or what has this hash. */
const ofHash =
  (fields: Readonly<Record<string, (value: unknown) => boolean>>, hash: string, what: string): Check =>
  (answer, [asked]) => {
    if (answer === null) return undefined;
    const field = lacking(answer, fields);
    if (field !== undefined) return { needs: `${what}${field && ` with its ${field}`}, or null` };
    return same((answer as Fields)[hash], asked) ? undefined : { needs: `${what} of ${String(asked)}` };
  };

const CHECKS: Readonly<Record<string, Check>> = {
  eth_chainId: index,
  eth_blockNumber: index,
  eth_getTransactionCount: index,
  eth_getBalance: quantity,
  eth_estimateGas: quantity,
  eth_gasPrice: quantity,
  eth_maxPriorityFeePerGas: quantity,
  eth_getCode: bytes,
  eth_call: bytes,
  eth_getStorageAt: bytes,
  eth_sendRawTransaction: word,
  eth_sendTransaction: word,
  eth_getBlockByNumber: block,
  eth_getBlockByHash: block,
  eth_getLogs: logs,
  eth_getTransactionReceipt: ofHash(RECEIPT, "transactionHash", "a receipt"),
  eth_getTransactionByHash: ofHash(SENT, "hash", "a transaction"),
};

/** What is wrong with the answer to a request; undefined: nothing that its form could tell, or its form is not known here. */
export const faultOfAnswer = (method: string, params: readonly unknown[], answer: unknown): AnswerFault | undefined =>
  Object.hasOwn(CHECKS, method) ? CHECKS[method]!(answer, params) : undefined;
