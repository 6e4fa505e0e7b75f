import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { InputRefusedError, readOperation } from "../../../src/operation/folder/readOperation.ts";
import { traceOperation, type Traced } from "../../../src/operation/traceOperation.ts";
import { tracedInWords } from "../../../src/operation/tracedWords.ts";
import { writeTraces } from "../../../src/operation/outputs.ts";
import type { OperationFiles } from "../../../src/operation/folder/writeOperation.ts";
import { FolderNotEmptyError } from "../../../src/tracing/evidence/folder.ts";
import { NegativeBalanceError } from "../../../src/tracing/trace.ts";
import { RowRefusedError } from "../../../src/tracing/sources/refused.ts";
import { verify } from "../../../src/tracing/verify/verify.ts";
import { folderOf, refusal, removeTemporaryFolders, temporaryFolder } from "./folders.ts";
import { changed, HISTORY, HOT, MULE, OTHER, THIEF, tracedFiles, VICTIM, type Transfer } from "./history.ts";
import { account, ALL_ACTS, smallOperation, target } from "./small.ts";

const operationOf = (files: OperationFiles) => readOperation(folderOf(files));

/** Why the files are refused when they are traced: name, place and reason. */
async function refusedAs(files: OperationFiles): Promise<string[]> {
  try {
    await traceOperation(operationOf(files));
    return [];
  } catch (error) {
    if (!(error instanceof InputRefusedError && error.code === 64)) throw error;
    return error.faults.map(({ name, file, line, reason }) => `${name} ${file}:${line}: ${reason}`);
  }
}

/** Line in case.json of the first text of it. */
const lineOf = (files: OperationFiles, text: string) => {
  const lines = files.get("case.json")!.split("\n");
  return lines.findIndex((line) => line.includes(text)) + 1;
};

/** Where the act of the exchange begins: at its brace. */
const holdLine = (files: OperationFiles) => lineOf(files, '"act": "exchange-hold"') - 2;

describe("traceOperation", () => {
  after(removeTemporaryFolders);

  it("is nothing where a folder has no histories", async () => {
    expect(await traceOperation(smallOperation())).to.equal(undefined);
  });

  describe("of targets that agree", () => {
    let traced: Traced;

    before(async () => {
      traced = (await traceOperation(operationOf(tracedFiles())))!;
    });

    it("counts targets, those of a later move among them, and accounts for all that was stolen", () => {
      const { stops, assets, ...rest } = traced.statement;
      expect(rest).to.deep.equal({ method: "fifo", targets: 5, moved: 1, untraced: 0, byHand: [] });
      expect(stops).to.match(/^[0-9a-f]{64}$/);
      const [{ sinks, inputs, ...usdx }] = assets as [(typeof assets)[0]];
      expect(usdx).to.deep.equal({
        symbol: "USDX",
        decimals: 2,
        transfers: 10,
        accounts: 9,
        seeds: 1,
        hops: 3,
        injected: "29200",
        found: "25000",
        notProposed: [],
        burned: "0",
        difference: "0",
      });
      expect(Object.values(inputs).every((hash) => /^[0-9a-f]{64}$/.test(hash))).to.equal(true);
      const reached = [
        { account: HOT, label: "service 1", wallet: "HOT", amount: "3000" },
        { account: OTHER, label: "service 2", amount: "1200" },
      ];
      expect(sinks).to.have.deep.members(reached);
    });

    it("is told in one line, with dollars at services", () => {
      expect(tracedInWords(traced.statement, operationOf(tracedFiles()).assets)).to.equal(
        "10 transfers of 1 asset by fifo: 5 targets, 1 of them by a later move; 3 hops at most; $42 at 2 services",
      );
    });

    it("leaves evidence that other code finds again", async () => {
      const out = temporaryFolder();
      await writeTraces(out, (await traceOperation(operationOf(tracedFiles())))!, "0.0.0");
      const { differences, transfers } = await verify(path.join(out, "trace/USDX"));
      expect([differences, transfers]).to.deep.equal([[], 10]);
      expect(readFileSync(path.join(out, "trace/USDX/result.csv"), "utf8")).to.include(
        `${account(1).toLowerCase()},10000,10000`,
      );
    });

    it("writes over nothing", async () => {
      const out = folderOf(new Map([["trace/USDX/letter.txt", "dear"]]));
      const traced = (await traceOperation(operationOf(tracedFiles())))!;
      const refused = await writeTraces(out, traced, "0.0.0").catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(FolderNotEmptyError);
    });
  });

  it("takes an account of two cases for what both need", async () => {
    const [first, ...others] = ALL_ACTS.targets;
    const targets = [{ ...first!, amount: "95" }, ...others, target("TWO", 1, "5", "USDX")];
    const trace = async () => (await traceOperation(operationOf(withoutTotals(tracedFiles({ targets })))))!;
    expect((await trace()).statement.targets).to.equal(6);
    targets[5]!.amount = "5.01";
    const [fault] = await refusedAs(withoutTotals(tracedFiles({ targets })));
    expect(fault).to.equal(
      `OtherThanTraced targets.csv:2: the trace by fifo has 100 USDX, the list 100.01 USDX in ${account(1)}, in 2 targets`,
    );
  });

  it("lets officers name an account by hand, with their reason", async () => {
    const byHand = [{ account: account(4), reason: "copied from a letter" }];
    const files = tracedFiles({ transfers: changed({ 4: [MULE, OTHER, 4_000] }), trace: { byHand } });
    const { statement } = (await traceOperation(operationOf(files)))!;
    expect([statement.targets, statement.untraced, statement.byHand]).to.deep.equal([4, 1, byHand]);
  });

  it("proposes nothing below the least amount", async () => {
    const transfers = changed({ 9: [THIEF, account(60), 1_200] });
    const files = tracedFiles({ transfers, trace: { least: "12.01" } });
    const { statement } = (await traceOperation(operationOf(files)))!;
    expect(statement.assets[0]!.notProposed).to.deep.equal([
      { account: account(60), amount: "1200", reason: "below the least amount" },
    ]);
    const [fault] = await refusedAs(tracedFiles({ transfers, trace: { least: "12" } }));
    expect(fault).to.match(/^TargetMissing /);
  });

  describe("refuses, by file and line,", () => {
    it("a target that one base unit was added to, or taken from", async () => {
      for (const amount of ["40.01", "39.99"]) {
        const targets = ALL_ACTS.targets.map((it) => (it.account === account(4) ? { ...it, amount } : it));
        expect(await refusedAs(tracedFiles({ targets }))).to.deep.equal([
          `OtherThanTraced targets.csv:5: the trace by fifo has 40 USDX, the list ${amount} USDX in ${account(4)}`,
        ]);
      }
    });

    it("an account that the trace does not reach", async () => {
      const transfers = changed({ 4: [MULE, OTHER, 4_000] });
      const needs = `the list needs 40 USDX in ${account(4)}, or the account among those by hand`;
      expect(await refusedAs(tracedFiles({ transfers }))).to.deep.equal([
        `NotTraced targets.csv:5: the trace by fifo has nothing, ${needs}`,
      ]);
    });

    it("a traced ending that is no target, where the history tells of it", async () => {
      const transfers = changed({ 9: [THIEF, account(60), 1_200] });
      expect(await refusedAs(tracedFiles({ transfers }))).to.deep.equal([
        `TargetMissing trace/USDX.csv:11: the trace has 12 USDX in ${account(60)}, the list has none: needs a target in targets.csv`,
      ]);
    });

    it("money that is left on the way", async () => {
      const transfers = changed({ 3: [MULE, account(1), 9_999] });
      expect(await refusedAs(tracedFiles({ transfers }))).to.deep.equal([
        `OtherThanTraced targets.csv:2: the trace by fifo has 99.99 USDX, the list 100 USDX in ${account(1)}`,
        `TargetMissing trace/USDX.csv:4: the trace has 0.01 USDX in ${MULE}, the list has none: needs a target in targets.csv`,
      ]);
    });

    it("clean money that the list takes for stolen", async () => {
      const transfers: Transfer[] = [...HISTORY.slice(0, 5), [VICTIM, account(2), 6_000], [THIEF, OTHER, 6_000]];
      const [fault] = await refusedAs(tracedFiles({ transfers: [...transfers, ...HISTORY.slice(6)] }));
      expect(fault).to.match(/^NotTraced targets\.csv:3: the trace by fifo has nothing/);
    });

    it("a hold at a platform above what reached it", async () => {
      const files = tracedFiles({ transfers: changed({ 8: [THIEF, HOT, 1_999], 9: [THIEF, OTHER, 1_201] }) });
      expect(await refusedAs(files)).to.deep.equal([
        `AboveSink case.json:${holdLine(files)}: the trace has 29.99 USDX at HOT, the holds there need 30`,
      ]);
    });

    it("a wallet of a platform at which the trace does not stop", async () => {
      const files = tracedFiles({ stops: [OTHER] });
      expect(await refusedAs(files)).to.deep.equal([
        `AboveSink case.json:${holdLine(files)}: the trace has 0 USDX at HOT, the holds there need 30`,
        `NotAStop case.json:${lineOf(files, '"stops"')}: the trace has 30 USDX in the wallet HOT, which needs to be a stop: ${HOT}`,
      ]);
    });

    it("an account by hand that the trace finds, or that is no target", async () => {
      const byHand = [account(4), account(70)].map((it) => ({ account: it, reason: "a guess" }));
      const files = tracedFiles({ trace: { byHand } });
      const faults = await refusedAs(files);
      expect(faults.map((fault) => fault.split(": ")[0])).to.deep.equal(
        byHand.map((it) => `UnusedByHand case.json:${lineOf(files, `"account": "${it.account}", "reason"`)}`),
      );
    });

    it("an asset without a history", async () => {
      const [first, ...others] = ALL_ACTS.targets;
      const targets = [first!, ...others, target("TWO", 8, "3", "KZTE")];
      const [fault] = await refusedAs(withoutTotals(tracedFiles({ targets })));
      expect(fault).to.match(/^NotTraced targets\.csv:7: no history of KZTE is traced, the list needs 3 KZTE/);
    });
  });

  describe("refuses files in the words of their readers:", () => {
    const failure = async (files: OperationFiles) => {
      try {
        return await traceOperation(operationOf(files));
      } catch (error) {
        return error;
      }
    };

    it("a history in which an account spends what it does not have", async () => {
      const error = await failure(tracedFiles({ transfers: changed({ 0: [VICTIM, THIEF, 1] }) }));
      expect(error).to.be.instanceOf(NegativeBalanceError);
    });

    it("a seed without a transfer", async () => {
      const files = tracedFiles();
      files.set("trace/USDX.seeds.json", JSON.stringify([{ transaction_hash: `0x${"0".repeat(64)}` }]));
      const error = await failure(files);
      expect(error).to.be.instanceOf(RowRefusedError).and.have.property("code", 64);
      expect((error as Error).message).to.include("trace/USDX.seeds.json:1 is refused: it matches no transfer");
    });
  });

  describe("reads of case.json", () => {
    const faults = (files: OperationFiles) =>
      refusal(() => operationOf(files)).map(({ name, file, line }) => [name, file, line]);

    it("paths that stay in the folder and have a file", () => {
      const files = tracedFiles({ trace: { stops: "../stops.json" } });
      expect(faults(files)).to.deep.equal([["PathEscape", "case.json", lineOf(files, '"stops"')]]);
      const missing = tracedFiles();
      missing.delete("trace/USDX.csv");
      expect(faults(missing)).to.deep.equal([["MissingFile", "case.json", lineOf(missing, '"transfers"')]]);
      const dir = folderOf(tracedFiles());
      rmSync(path.join(dir, "trace/stops.json"));
      expect(refusal(() => readOperation(dir)).map(({ name }) => name)).to.deep.equal(["MissingFile"]);
    });

    it("known assets, methods that an order may rest on, amounts that the asset has, accounts once", () => {
      const names = (trace: Parameters<typeof tracedFiles>[0]) =>
        refusal(() => operationOf(tracedFiles(trace))).map(({ name }) => name);
      const files = { transfers: "trace/USDX.csv", seeds: "trace/USDX.seeds.json" };
      expect(names({ trace: { assets: { DOGE: files } } })).to.deep.equal(["UnknownAsset"]);
      expect(names({ trace: { assets: {} } })).to.deep.equal(["Malformed"]);
      expect(names({ trace: { method: "poison" } })).to.deep.equal(["Malformed"]);
      expect(names({ trace: { least: "0.001" } })).to.deep.equal(["TooManyDecimals"]);
      const twice = [1, 2].map(() => ({ account: account(4), reason: "twice" }));
      expect(names({ trace: { byHand: twice } })).to.deep.equal(["DuplicateTarget"]);
    });

    it("no keys that nobody knows", () => {
      const files = tracedFiles();
      files.set("case.json", files.get("case.json")!.replace('"method": "fifo"', '"method": "fifo", "hops": 3'));
      expect(faults(files).map(([name]) => name)).to.deep.equal(["UnknownKey"]);
    });
  });
});

/** Other targets than those that the timeline was written for. */
function withoutTotals(files: OperationFiles): OperationFiles {
  const content = JSON.parse(files.get("case.json")!) as Record<string, unknown>;
  content["expect"] = {};
  return new Map([...files, ["case.json", JSON.stringify(content, null, 2)]]);
}
