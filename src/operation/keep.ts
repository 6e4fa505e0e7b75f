import path from "node:path";
import type { NetworkConnection } from "hardhat/types/network";
import type { Hex } from "viem";
import { deploymentFileIn, readDeployment, writeDeployment, type Deployment } from "../chain/deployments.ts";
import { LOCAL_CHAIN } from "../deployment/keys.ts";
import { EXIT, SequesterError } from "../base/errors.ts";
import { readText, writeText } from "../base/files.ts";
import { checked, hexField, InvalidFileError, jsonIn, parseJson } from "../base/json.ts";
import { countOf } from "../base/words.ts";
import { z } from "../base/zod.ts";
import type { EmbeddedChain } from "./play/embedded.ts";
import { MAKING, type MakingCall, type MakingMethod } from "./play/record.ts";

export const CHAIN_SCHEMA = "sequester.chain/1";

/** What a chain has come to, and what that depends on besides its calls. */
export interface ChainEnd {
  /** Number and hash of the last block. */
  block: number;
  hash: Hex;
  hardfork: string;
  /** The program that is the chain, with its version. */
  client: string;
}

/** An embedded chain as it is kept: what made it, and what came of that. */
export interface KeptChain extends ChainEnd {
  /** Unix seconds of its first block. */
  start: number;
  calls: readonly MakingCall[];
}

/** A kept chain, and the deployment on it. */
export interface Kept {
  chain: KeptChain;
  deployment: Deployment;
}

/** A file of a chain names a method that makes none: nobody's file may do more to a chain than an operation does. Exit code 64. */
export class ForeignCallError extends SequesterError {
  override name = "ForeignCallError";
  constructor(file: string, line: number, method: string) {
    super(`${file}, line ${line}, is not played.`, {
      code: EXIT.usage,
      metaMessages: [`has: ${method}`, `needs: one of ${MAKING.join(", ")}`],
    });
  }
}

/** What an embedded chain has come to. */
export async function endOf({ provider, networkConfig }: NetworkConnection): Promise<ChainEnd> {
  const ask = (method: string, params: unknown[] = []) => provider.request({ method, params }) as Promise<unknown>;
  const { number, hash } = (await ask("eth_getBlockByNumber", ["latest", false])) as { number: Hex; hash: Hex };
  const client = await ask("web3_clientVersion");
  const hardfork = networkConfig.type === "edr-simulated" ? networkConfig.hardfork : "";
  return { block: Number(number), hash, hardfork, client: client as string };
}

/** What an embedded chain is kept as, now. */
export async function keptOf({ connection, start, calls }: EmbeddedChain): Promise<KeptChain> {
  return { start, ...(await endOf(connection)), calls: [...calls] };
}

const chainFileIn = (dir: string): string => path.join(dir, "chain.jsonl");

/** Writes `chain.jsonl`, whose first line says what the calls of the others come to, and `deployment.json`. @throws FileAccessError */
export async function writeKept(dir: string, { chain: { calls, ...end }, deployment }: Kept): Promise<void> {
  const header = { schema: CHAIN_SCHEMA, chainId: LOCAL_CHAIN, ...end, calls: calls.length };
  await writeText(chainFileIn(dir), [header, ...calls].map((line) => `${JSON.stringify(line)}\n`).join(""));
  await writeDeployment(deploymentFileIn(dir), deployment);
}

const index = z.int().nonnegative();
/** Unix seconds, up to the last that a Date can be. */
const second = index.max(8_640_000_000_000);

const headerSchema = z.strictObject({
  schema: z.literal(CHAIN_SCHEMA),
  chainId: z.literal(LOCAL_CHAIN),
  start: second,
  block: index,
  hash: hexField(32),
  hardfork: z.string(),
  client: z.string(),
  calls: index,
});

const account = z.string().regex(/^0x[0-9a-fA-F]{40}$/, "needs the 20 bytes of an account");
const quantity = z.string().regex(/^0x(0|[1-9a-f][0-9a-f]{0,63})$/, "needs a number in hexadecimal, with 0x");

const PARAMS: Readonly<Record<MakingMethod, z.ZodType<unknown[]>>> = {
  eth_sendTransaction: z.tuple([
    z.strictObject({
      from: account,
      to: account.optional(),
      data: hexField().optional(),
      value: quantity.optional(),
      nonce: quantity.optional(),
      gas: quantity.optional(),
      maxFeePerGas: quantity.optional(),
      maxPriorityFeePerGas: quantity.optional(),
    }),
  ]),
  evm_setNextBlockTimestamp: z.tuple([second]),
  evm_mine: z.tuple([]),
  hardhat_impersonateAccount: z.tuple([account]),
  hardhat_setBalance: z.tuple([account, quantity]),
};

const callSchema = z.strictObject({
  method: z.enum(MAKING),
  params: z.array(z.unknown()),
  refused: z.literal(true).optional(),
});

/** Bytes of a file of a chain that is read: many times those of the largest operation. */
const MOST_BYTES = 2 ** 28;

/**
 * Reads what `writeKept` wrote; that it is true is shown by `reopen` alone.
 * @throws FileAccessError, FileTooLargeError, InvalidFileError, ForeignCallError
 */
export async function readKept(dir: string): Promise<Kept> {
  const file = chainFileIn(dir);
  const [first = "", ...lines] = (await readText(file, MOST_BYTES)).replace(/\n$/, "").split("\n");
  const { calls: count, start, block, hash, hardfork, client } = parseJson(first, `${file}, line 1`, headerSchema);
  const calls = lines.map((text, i) => callIn(text, file, i + 2));
  if (calls.length !== count) {
    throw new InvalidFileError(file, [{ field: "", reason: `has ${countOf(calls.length, "call")}, needs ${count}` }]);
  }
  const deployment = await readDeployment(deploymentFileIn(dir));
  return { chain: { start, block, hash, hardfork, client, calls }, deployment };
}

function callIn(text: string, file: string, line: number): MakingCall {
  const where = `${file}, line ${line}`;
  const json = jsonIn(text, where);
  const method = (json as { method?: unknown } | null)?.method;
  if (typeof method === "string" && !Object.hasOwn(PARAMS, method)) throw new ForeignCallError(file, line, method);
  const { params, ...call } = checked(callSchema, json, where);
  return { ...call, params: checked(PARAMS[call.method], params, `${where}, params`) };
}
