import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { ActFailedError, playAct } from "../../../src/operation/play/playAct.ts";
import { readOperation } from "../../../src/operation/folder/readOperation.ts";
import { locate } from "../../../src/base/lines.ts";
import { openChain, raise } from "../../../src/operation/run.ts";
import type { CaseFileInput } from "../../../src/operation/folder/schema.ts";
import type { Stage } from "../../../src/operation/play/stage.ts";
import { folderOf, refusal } from "./folders.ts";
import { account, ALL_ACTS, smallFiles } from "./small.ts";

export type Entry = Record<string, unknown>;
export type Base = Parameters<typeof smallFiles>[0] & { timeline: CaseFileInput["timeline"] };

/** A timeline that differs from another, and the entry that has to be refused. */
export interface Change {
  index: number;
  timeline: Entry[];
}

/** Where the act stands in ALL_ACTS: the n-th of its kind, from 0. */
export const indexOf = (act: string, n = 0) =>
  ALL_ACTS.timeline.flatMap((entry, i) => (entry.act === act ? [i] : []))[n] ?? expect.fail(`no ${act} ${n}`);

/** A change of ALL_ACTS after which the entry at `index` is to be refused. */
export function changed(index: number, change: (timeline: Entry[]) => void): Change {
  const timeline = structuredClone(ALL_ACTS.timeline) as unknown as Entry[];
  change(timeline);
  return { index, timeline };
}

/** An act whose fields are replaced. */
export const with_ = (act: string, fields: Entry, n = 0) =>
  changed(indexOf(act, n), (timeline) => Object.assign(timeline[indexOf(act, n)]!, fields));

/** An act put before the one at `index`, in its second. */
export const inserted = (index: number, entry: Entry) =>
  changed(index, (timeline) => timeline.splice(index, 0, { at: timeline[index]!["at"], ...entry }));

export const holder = (n: number, amount: string) => ({ account: account(n), asset: "USDX", amount });
export const part = (n: number, amount: string) => ({ case: "ONE", ...holder(n, amount) });

const folderAfter = (base: Base, timeline: Entry[]) =>
  folderOf(smallFiles({ ...base, timeline: timeline as unknown as Base["timeline"] }));

/** The lines of the entry at `index` in the folder's case.json: the first, and the one behind the last. */
function linesOf(dir: string, { index, timeline }: Change): [first: number, behind: number] {
  const { lineOf } = locate(readFileSync(path.join(dir, "case.json"), "utf8"));
  const [first, next] = [index, index + 1].map((i) => lineOf(["timeline", i])) as [number, number];
  return [first, index + 1 < timeline.length ? next : Infinity];
}

/** The faults for which the folder is refused when it is read; each has to stand in the lines of the entry. */
export function faultsOf(change: Change, base: Base = ALL_ACTS): string[] {
  const dir = folderAfter(base, change.timeline);
  const [first, behind] = linesOf(dir, change);
  return refusal(() => readOperation(dir)).map(({ name, file, line, reason }) => {
    expect(file, reason).to.equal("case.json");
    expect(line, reason).to.be.within(first, behind - 1);
    return name;
  });
}

/**
 * What refuses each of the changes of a timeline when it is played; undefined where nothing does. The timeline is played
 * once: where a change begins it goes its own way on the same chain, which is put back then.
 */
export async function playedRefusals(
  base: Base,
  changes: ReadonlyMap<string, Change>,
): Promise<Map<string, ActFailedError | undefined>> {
  const operation = readOperation(folderOf(smallFiles(base)));
  const chain = await openChain(operation);
  const request = (method: string, params: unknown[] = []) => chain.connection.provider.request({ method, params });
  const refusals = new Map<string, ActFailedError | undefined>();
  try {
    const stage = await raise(operation, chain);
    for (let i = 0; i <= operation.timeline.length; i++) {
      for (const [what, change] of changes) {
        if (firstDifference(base, change) !== i) continue;
        const snapshot: unknown = await request("evm_snapshot");
        refusals.set(what, await refusalFrom(stage, base, change, i));
        await request("evm_revert", [snapshot]);
      }
      if (i < operation.timeline.length) await playAct(stage, operation.timeline[i]!);
    }
  } finally {
    await chain.close();
  }
  return refusals;
}

const firstDifference = (base: Base, { timeline }: Change) =>
  timeline.findIndex((entry, i) => JSON.stringify(entry) !== JSON.stringify(base.timeline[i]));

async function refusalFrom(stage: Stage, base: Base, change: Change, from: number) {
  const dir = folderAfter(base, change.timeline);
  const operation = readOperation(dir);
  const branch: Stage = {
    ...stage,
    operation,
    executed: [...stage.executed],
    scheduled: new Map(stage.scheduled),
    refused: [...stage.refused],
    acts: [...stage.acts],
  };
  try {
    for (const act of operation.timeline.slice(from, change.index + 1)) await playAct(branch, act);
    return undefined;
  } catch (error) {
    if (!(error instanceof ActFailedError)) throw error;
    const [first, behind] = linesOf(dir, change);
    const [, line] = /^case\.json:(\d+): /.exec(error.message) ?? expect.fail(error.message);
    expect(Number(line), error.message).to.be.within(first, behind - 1);
    return error;
  }
}
