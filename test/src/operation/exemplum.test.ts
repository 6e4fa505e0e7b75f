// Long: plays a whole operation.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { officersFor } from "../../../src/deployment/local.ts";
import { readParameters } from "../../../src/deployment/parameters.ts";
import { readOperation, type Operation } from "../../../src/operation/folder/readOperation.ts";
import { importTagPack } from "../../../src/operation/folder/importTagPack.ts";
import { runOperation, type OperationResult } from "../../../src/operation/run.ts";
import { timelineEntry } from "../../../src/operation/folder/timeline.ts";
import { folderOf, removeTemporaryFolders, temporaryFolder } from "./folders.ts";
import { account, smallFiles, target } from "./small.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const LAW = path.join(ROOT, "deploy/parameters/exemplum.json5");

describe("Operation Exemplum, of a country with other agencies, terms and deciders", function () {
  this.timeout(120_000);
  let operation: Operation;
  let result: OperationResult;

  before(async () => {
    operation = readOperation(path.join(ROOT, "operations/exemplum"));
    result = await runOperation({ operation });
  });
  after(removeTemporaryFolders);

  it("plays every act that there is", () => {
    const acts = timelineEntry.options.map(({ shape }) => shape.act.value);
    expect([...new Set(operation.timeline.map(({ act }) => act))]).to.have.members(acts);
  });

  it("ends with no difference, and with the sums of a calculation by hand", () => {
    const { statement } = result;
    expect(statement).to.include({ targets: 5, cases: 2, arrested: 4, lapsed: 2, difference: "0" });
    expect(statement.byCase.map(({ closed }) => closed)).to.deep.equal([true, true]);
    const [usdx, exm] = statement.assets;
    expect(usdx).to.include({
      placed: "300000000000",
      lapsed: "65000000000",
      lifted: "10000000000",
      seized: "225000000000",
      returned: "10000000000",
      converted: "50000000000",
      compensated: "30000000000",
      transferred: "5000000000",
      forfeited: "130000000000",
      inCustody: "0",
      suspensePaid: "3000000000",
    });
    expect(exm).to.include({ proceeds: "20100000", returned: "4020000", forfeited: "16080000", inCustody: "0" });
  });

  it("keeps the terms and delays of its parameters, and has its own agencies decide", () => {
    const after = (days: number) =>
      new Date((operation.start + days * 86_400) * 1000).toISOString().replace(".000", "");
    const { lapses, appeals, stays, vetoes } = result.statement;
    // Frozen for five days; arrested for 90.
    expect(lapses.map(({ at }) => at)).to.deep.equal([after(5), after(5), after(90)]);
    // Decided on the 30th day: 20 days of the parameters, 15 of the appeal. Then stayed.
    expect(appeals.map(({ start }) => start)).to.deep.equal([after(30 + 20 + 15)]);
    expect(stays.map(({ by, start }) => [by, start])).to.deep.equal([[["PROSECUTOR"], after(80)]]);
    expect(vetoes.map(({ by }) => by)).to.deep.equal([["TRIBUNAL"]]);
    const told = result.orders.map(({ sentence }) => sentence).join("\n");
    expect(told).not.to.match(/\b(FMA|KNB|GPO|COURT|NBK|MOF|AFSA)\b/);
  });
});

describe("another country", function () {
  this.timeout(120_000);
  after(removeTemporaryFolders);

  const law = readParameters("exemplum");
  /** One account in two cases, the second of which freezes it so much later. */
  const refrozen = (at: string) =>
    folderOf(
      smallFiles({
        parameters: "exemplum",
        officers: officersFor(law),
        targets: [target("ONE", 1, "5"), target("TWO", 1, "5")],
        timeline: [
          { at: "0d", act: "freeze", cases: ["ONE"] },
          { at: "5d1s", act: "lapse" },
          { at, act: "freeze", cases: ["TWO"] },
        ],
        expect: {},
      }),
    );

  it("freezes an account again after its own cooling time, and not before", async () => {
    const early = await runOperation({ operation: readOperation(refrozen("19d23h")) }).then(
      () => expect.fail("nothing was refused"),
      (error: unknown) => error as Error,
    );
    expect(early.message).to.match(/^case\.json:\d+: freeze: DocketRollover: Freeze in case TWO\n/);
    expect(early.message).to.match(/\n +has: since 0d, until 24d23h\n +needs: latest until 5d$/);
    const { statement } = await runOperation({ operation: readOperation(refrozen("20d")) });
    expect(statement).to.include({ cases: 2, lapsed: 1, difference: "0" });
  });

  it("plays a published list under a file of parameters, of which the folder holds a copy, to seizure", async () => {
    const file = path.join(temporaryFolder(), "list.yaml");
    writeFileSync(file, `title: A list\ntags:\n- address: '${account(1)}'\n- address: '${account(2)}'\n`);
    const out = path.join(temporaryFolder(), "out");
    const options = { assetSymbol: "USDT", decimals: 6, casePrefix: "LIST", out, start: "2026-01-05T08:00:00Z" };
    importTagPack({ file, parameters: LAW, ...options });
    expect(readFileSync(path.join(out, "parameters.json5"))).to.deep.equal(readFileSync(LAW));
    const operation = readOperation(out);
    expect(operation.timeline.map(({ act, at }) => [act, at / 3_600])).to.deep.equal([
      ["freeze", 0],
      ["arrest", 108],
      ["lapse", 121],
      ["seize", 168],
    ]);
    const { statement } = await runOperation({ operation });
    expect(statement).to.include({ targets: 2, arrested: 2, lapsed: 0, difference: "0" });
    expect(statement.assets[0]).to.include({ seized: "2000000000", inCustody: "2000000000" });
  });
});
