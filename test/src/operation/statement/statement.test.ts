import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { parse } from "csv-parse/sync";
import { concat, encodeFunctionData, keccak256, numberToHex, pad, type Address, type Hex } from "viem";
import { abiOf } from "../../../../src/chain/artifacts.ts";
import type { Deployment } from "../../../../src/chain/deployments.ts";
import { JournalBrokenError } from "../../../../src/journal/chain.ts";
import { readEntries } from "../../../../src/journal/entries.ts";
import { replay } from "../../../../src/journal/replay.ts";
import { csvText } from "../../../../src/base/csv.ts";
import type { EmbeddedChain } from "../../../../src/operation/play/embedded.ts";
import type { Operation } from "../../../../src/operation/folder/readOperation.ts";
import { gapsOf } from "../../../../src/audit/gaps.ts";
import { statementText, writeOrders, writeStatement } from "../../../../src/operation/outputs.ts";
import { readChain, type CaseReading } from "../../../../src/audit/readings.ts";
import { openChain, runOperation, type OperationResult } from "../../../../src/operation/run.ts";
import {
  checkOutcome,
  drawStatement,
  StatementDifferenceError,
  UnexpectedOutcomeError,
  type Statement,
} from "../../../../src/operation/statement/statement.ts";
import { sumsOf } from "../../../../src/audit/sums.ts";
import { readOrderFile } from "../../../../src/orders/disk.ts";
import { digestOf, encodeCaseId } from "../../../../src/orders/index.ts";
import { FileAccessError } from "../../../../src/base/files.ts";
import { removeTemporaryFolders, temporaryFolder } from "../folders.ts";
import { account, smallOperation } from "../small.ts";

const word = (value: Address) => pad(value, { size: 32 });
const mapped = (key: Address, slot: Hex) => keccak256(concat([word(key), slot]));

describe("the closing statement", function () {
  this.timeout(60_000);
  let operation: Operation;
  let chain: EmbeddedChain;
  let result: OperationResult;
  let deployment: Deployment;
  let snapshot: unknown;
  let kzte: Address;
  let usdx: Address;

  const request = (method: string, params: unknown[]) => chain.connection.provider.request({ method, params });

  before(async () => {
    operation = smallOperation();
    chain = await openChain(operation);
    result = await runOperation({ operation, chain });
    deployment = result.deployment;
    ({ KZTE: kzte, USDX: usdx } = deployment.addresses.assets as Record<"KZTE" | "USDX", Address>);
  });
  after(async () => {
    await chain.close();
    removeTemporaryFolders();
  });
  beforeEach(async () => {
    snapshot = await request("evm_snapshot", []);
  });
  afterEach(() => request("evm_revert", [snapshot]));

  const draw = async (): Promise<Statement> => {
    const denominate = (asset: Address) => {
      const known = operation.assets.find(({ symbol }) => deployment.addresses.assets[symbol] === asset);
      return known && { symbol: known.symbol, decimals: known.decimals };
    };
    const blockNumber = await chain.client.getBlockNumber();
    return drawStatement(chain.client, deployment, { blockNumber, denominate });
  };

  /** The error that drawing the statement ends with. */
  async function difference(): Promise<StatementDifferenceError> {
    const error = await draw().then(
      () => undefined,
      (caught: unknown) => caught,
    );
    expect(error).to.be.instanceOf(StatementDifferenceError).with.property("code", 3);
    return error as StatementDifferenceError;
  }

  /** Overwrites the word of a contract's storage that `slotOf` finds at one of its first slots and `is` recognizes. */
  async function tamper(
    address: Address,
    slotOf: (slot: Hex) => Hex,
    is: (word: bigint) => boolean,
    by: (word: bigint) => bigint,
  ) {
    for (let n = 0; n < 32; ++n) {
      const slot = slotOf(numberToHex(n, { size: 32 }));
      const stored = BigInt((await request("eth_getStorageAt", [address, slot, "latest"])) as Hex);
      if (!is(stored)) continue;
      await request("hardhat_setStorageAt", [address, slot, numberToHex(by(stored), { size: 32 })]);
      await request("evm_mine", []);
      return;
    }
    throw new Error("no such word");
  }

  const LOW = 2n ** 96n - 1n;
  const vaultOf = (id: string) =>
    chain.client.readContract({
      abi: abiOf("Docket"),
      address: deployment.addresses.docket,
      functionName: "vaultOf",
      args: [encodeCaseId(id)],
    });

  it("counts targets per case and asset, and what ended by time without anybody recording it", () => {
    const { targets, cases, arrested, lapsed, byCase } = result.statement;
    expect({ targets, cases, arrested, lapsed }).to.deep.equal({ targets: 4, cases: 2, arrested: 3, lapsed: 1 });
    expect(byCase.map((it) => [it.case, it.targets, it.arrested, it.lapsed])).to.deep.equal([
      ["ONE", 2, 1, 1],
      ["TWO", 2, 2, 0],
    ]);
  });

  it("has every field, in base units, for all assets and by case", () => {
    const zero = {
      due: "0",
      suspensePaid: "0",
      converted: "0",
      proceeds: "0",
      compensated: "0",
      forfeited: "0",
      transferred: "0",
      frozenNoPath: "0",
    };
    const [ofKzte, ofUsdx] = result.statement.assets;
    expect(ofKzte).to.deep.equal({
      asset: kzte,
      symbol: "KZTE",
      decimals: 2,
      placed: "18050",
      held: "8000",
      covered: "8000",
      lapsed: "5050",
      lifted: "2000",
      seized: "3000",
      taken: "3000",
      returned: "0",
      inCustody: "3000",
      suspense: "0",
      ...zero,
    });
    expect(ofUsdx).to.deep.equal({
      asset: usdx,
      symbol: "USDX",
      decimals: 2,
      placed: "700",
      held: "0",
      covered: "0",
      lapsed: "0",
      lifted: "0",
      seized: "700",
      taken: "700",
      returned: "500",
      inCustody: "200",
      suspense: "300",
      ...zero,
    });
    const [one, two] = result.statement.byCase;
    expect(one!.assets.map(({ symbol, placed, held }) => [symbol, placed, held])).to.deep.equal([
      ["KZTE", "15050", "8000"],
    ]);
    expect(two!.assets.map(({ symbol, seized }) => [symbol, seized])).to.deep.equal([
      ["KZTE", "3000"],
      ["USDX", "700"],
    ]);
    expect([one!.vault === null, two!.vault === null]).to.deep.equal([true, false]);
  });

  it("compares every figure that the contracts keep of a case's money with the journal", async () => {
    const blockNumber = await chain.client.getBlockNumber();
    const entries = await readEntries(chain.client, deployment.addresses.docket, { toBlock: blockNumber });
    const state = replay(entries);
    const readings = await readChain(chain.client, deployment, state, blockNumber);
    const rows = sumsOf(state, readings);
    expect(gapsOf(state, rows, readings)).to.deep.equal([]);
    /** The gaps where the chain says something else about the money of the last case. */
    const gapsWith = (change: (reading: CaseReading) => Partial<CaseReading>) => {
      const cases = readings.cases.map((it, i) => (i === readings.cases.length - 1 ? { ...it, ...change(it) } : it));
      return gapsOf(state, rows, { ...readings, cases });
    };
    for (const name of ["left", "proceeds", "reserved", "suspense", "inVault"] as const) {
      const gaps = gapsWith((it) => ({ [name]: it[name] + 1n }));
      expect(
        gaps.map(({ has, needs }) => has - needs),
        name,
      ).to.deep.equal([1n]);
    }
    for (const name of ["owed", "claim"] as const) {
      const gaps = gapsWith(({ owed }) => ({
        owed: new Map([...owed].map(([who, of]) => [who, { ...of, [name]: of[name] + 1n }])),
      }));
      expect(new Set(gaps.map(({ has, needs }) => has - needs)), name).to.deep.equal(new Set([1n]));
    }
  });

  it("covers claims only as far as the balance goes, earlier claims first", async () => {
    const of = (address: Address) => (slot: Hex) => mapped(address, slot);
    // 130 were minted, 30 of them seized; 80 are claimed.
    await tamper(
      kzte,
      of(account(1)),
      (it) => (it & LOW) === 10_000n,
      (it) => it - 3_000n,
    );
    const [row] = (await draw()).assets;
    expect(row).to.include({ held: "8000", covered: "7000" });
  });

  it("shows a stray deposit as suspense, booked or not", async () => {
    const vault = await vaultOf("ONE");
    const data = encodeFunctionData({ abi: abiOf("Tenge"), functionName: "mint", args: [vault, 9n] });
    await chain.send({ what: "stray", from: chain.roles.issuer, to: kzte, data });
    const { difference, assets, byCase } = await draw();
    expect(difference).to.equal("0");
    expect(assets[0]).to.include({ suspense: "9", inCustody: "3000" });
    expect(byCase[0]!.assets[0]).to.include({ suspense: "9" });

    const book = { abi: abiOf("Disposal"), functionName: "book", args: [encodeCaseId("ONE"), kzte] } as const;
    const to = deployment.addresses.disposal;
    await chain.send({ what: "book", from: chain.roles.stranger, to, data: encodeFunctionData(book) });
    expect((await draw()).assets).to.deep.equal(assets);
  });

  it("names the vault whose money is gone", async () => {
    const vault = await vaultOf("TWO");
    await tamper(
      usdx,
      (slot) => mapped(vault, slot),
      (it) => (it & LOW) === 500n,
      (it) => it - 30n,
    );
    const { gaps, message, statement } = await difference();
    const of = { caseId: encodeCaseId("TWO"), asset: usdx };
    expect(gaps).to.deep.equal([{ what: "vault's balance", ...of, has: 470n, needs: 500n }]);
    expect(message).to.include("by 30 base units").and.include("TWO, USDX: vault's balance: has 470, needs 500");
    expect(statement.difference).to.equal("30");
  });

  it("names what the docket says is left, against the journal", async () => {
    await tamper(
      deployment.addresses.docket,
      (slot) => mapped(usdx, mapped(encodeCaseId("TWO"), slot)),
      (it) => (it & (2n ** 104n - 1n)) === 200n,
      (it) => it + 1n,
    );
    const { gaps, statement } = await difference();
    expect(gaps.map(({ what, has, needs }) => [what, has, needs])).to.deep.equal([["left", 201n, 200n]]);
    expect(statement.difference).to.equal("1");
  });

  it("names what an account is held for, by the asset and by the docket", async () => {
    const of = account(1);
    await tamper(
      kzte,
      (slot) => mapped(of, slot),
      (it) => ((it >> 96n) & LOW) === 8_000n,
      (it) => it - (500n << 96n),
    );
    const first = await difference();
    expect(first.gaps.map(({ what, has, needs }) => [what, has, needs])).to.deep.equal([
      ["held, by the asset", 7_500n, 8_000n],
    ]);

    const { docket } = deployment.addresses;
    await tamper(
      docket,
      (slot) => mapped(of, mapped(kzte, slot)),
      (it) => (it & LOW) === 8_000n,
      (it) => it + 1n,
    );
    const { gaps, statement } = await difference();
    expect(gaps.map(({ has, needs }) => [has, needs])).to.deep.equal([
      [8_001n, 0n],
      [0n, 8_000n],
      [8_001n, 8_000n],
      [7_500n, 8_000n],
    ]);
    expect(gaps[0]!.what).to.match(/^hold number \d+ until \d+$/);
    expect(statement.difference).to.equal(String(8_001 + 8_000 + 1 + 500));
  });

  it("is not drawn from a journal that does not end in the stored head", async () => {
    const { docket } = deployment.addresses;
    const head = BigInt(
      await chain.client.readContract({ abi: abiOf("Docket"), address: docket, functionName: "head" }),
    );
    await tamper(
      docket,
      (slot) => slot,
      (it) => it === head,
      (it) => it ^ 1n,
    );
    const error = await draw().catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(JournalBrokenError).with.property("code", 3);
  });

  it("is compared with what the folder expects", () => {
    checkOutcome(result.statement, operation.totals);
    expect(() => checkOutcome(result.statement, { ...operation.totals, lapsed: 2, cases: 3 }))
      .to.throw(UnexpectedOutcomeError, "cases: has 2, needs 3\n  lapsed: has 1, needs 2")
      .with.property("code", 3);
  });

  describe("on disk", () => {
    const records = (dir: string, file: string) =>
      parse(readFileSync(path.join(dir, file), "utf8"), { columns: true }) as unknown as Record<string, string>[];

    it("is JSON in base units, and CSV in decimal units that says the same", () => {
      const dir = path.join(temporaryFolder(), "new", "folder");
      writeStatement(dir, result.statement);
      writeOrders(dir, result.orders, result.deployment.domain);
      expect(readFileSync(path.join(dir, "statement.json"), "utf8")).to.equal(statementText(result.statement));
      expect(JSON.parse(statementText(result.statement))).to.deep.equal(result.statement);
      expect(
        records(dir, "statement.csv").map(({ symbol, placed, covered }) => [symbol, placed, covered]),
      ).to.deep.equal([
        ["KZTE", "180.5", "80"],
        ["USDX", "7", "0"],
      ]);
      const cases = records(dir, "cases.csv");
      expect(cases.map((row) => [row.case, row.symbol, row.seized])).to.deep.equal([
        ["ONE", "KZTE", "0"],
        ["TWO", "KZTE", "30"],
        ["TWO", "USDX", "7"],
      ]);
      expect(records(dir, "orders.csv").map(({ sentence }) => sentence)).to.deep.equal(
        result.orders.map(({ sentence }) => sentence),
      );
    });

    it("has each order once as a file, which reads as what was signed, on its paper", async () => {
      const dir = path.join(temporaryFolder(), "orders");
      const { domain } = result.deployment;
      // Two of one act and case need a name each.
      writeOrders(dir, [...result.orders, result.orders[0]!], domain);
      const names = readdirSync(path.join(dir, "orders"));
      expect(names).to.include.members(["ONE.freeze.order.json", "ONE.freeze.2.order.json", "TWO.seize.order.json"]);
      const files = await Promise.all(names.map((name) => readOrderFile(path.join(dir, "orders", name))));
      const digests = files.map(({ order, domain: of }) => digestOf(order, of));
      expect(digests.sort()).to.deep.equal([...result.orders, result.orders[0]!].map(({ digest }) => digest).sort());
      expect(files.map(({ ruling }) => ruling?.file)).to.include.members(["ONE.md", "TWO.md"]);
    });

    it("is refused where no folder can be", () => {
      const file = path.join(temporaryFolder(), "file");
      writeStatement(file, result.statement);
      const inside = path.join(file, "statement.json", "below");
      expect(() => writeStatement(inside, result.statement)).to.throw(FileAccessError, path.dirname(inside));
      expect(existsSync(inside)).to.equal(false);
    });

    it("lets no field become a formula in a spreadsheet", () => {
      const rows = [["=1+1", "+1", "-1", "@a", "\tb", "plain", 'quo"te', "a,b", "two\nlines", 7, true]];
      expect(csvText(rows)).to.equal(`"'=1+1","'+1","'-1","'@a","'\tb",plain,"quo""te","a,b","two\nlines",7,true\n`);
      expect(csvText([])).to.equal("");
    });
  });
});
