import path from "node:path";
import type { EmbeddedChain } from "../../../src/operation/play/embedded.ts";
import { readOperation, type Operation } from "../../../src/operation/folder/readOperation.ts";
import { openChain, runOperation, type OperationResult } from "../../../src/operation/run.ts";

export const TUMAR = path.resolve(import.meta.dirname, "../../../operations/tumar");

interface Played {
  operation: Operation;
  chain: EmbeddedChain;
  result: OperationResult;
}

let played: Promise<Played> | undefined;

/** Operation Tumar on a chain of its own, played once for all tests that look at it. */
export const playedTumar = (): Promise<Played> => (played ??= play());

after(async () => (await played)?.chain.close());

async function play(): Promise<Played> {
  const operation = readOperation(TUMAR);
  const chain = await openChain(operation);
  return { operation, chain, result: await runOperation({ operation, chain }) };
}
