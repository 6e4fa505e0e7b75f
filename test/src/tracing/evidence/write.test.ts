import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { canonicalJson, sha256Of } from "../../../../src/tracing/evidence/canonical.ts";
import { Evidence, EvidenceAlteredError } from "../../../../src/tracing/evidence/read.ts";
import { removeTemporaryFolders, temporaryFolder } from "../../operation/folders.ts";
import * as h from "./harness.ts";

const { victim, thief, mule, platform, friend, shop, THEFT } = h;
const FOUR = ["fifo", "libr", "haircut", "taint-first"].flatMap((it) => ["--method", it]);

describe("evidence of a trace", () => {
  after(removeTemporaryFolders);

  it("says in base units who has what, in order of the account and of the methods as they were asked for", async () => {
    const dir = await h.traced(THEFT, "--method", "taint-first", "--method", "fifo", "libr");
    // 600 stolen; thief 300 clean first: fifo sends 300 clean + 150 to the mule.
    expect(h.textIn(dir, "result.csv").split("\n")[0]).to.equal("account,balance,taint-first,fifo,libr");
    const rows = h.textIn(dir, "result.csv").trim().split("\n").slice(1);
    expect(rows).to.deep.equal(rows.toSorted());
    const byAccount = Object.fromEntries(rows.map((row) => [row.slice(0, 42), row.slice(43).split(",").map(Number)]));
    expect(byAccount).to.deep.equal({
      [thief]: [380, 80, 330, 380],
      [mule]: [160, 160, 150, 150],
      [friend]: [123, 123, 0, 0],
      [shop]: [177, 77, 0, 0],
    });
  });

  it("has sums that end at the injected amount, sinks by name, burns by place", async () => {
    const dir = await h.traced(THEFT, ...FOUR);
    const { totals, result, files } = h.manifestIn(dir);
    for (const { injected, held, sinks, burned, difference, conserves } of totals) {
      expect(BigInt(held) + BigInt(sinks) + BigInt(burned)).to.equal(BigInt(injected));
      expect([injected, difference, conserves]).to.deep.equal(["600", "0", true]);
    }
    expect(h.textIn(dir, "sinks.csv")).to.match(
      /^account,label,fifo,.*\n0x\w{40},licensed platform 1,120,70,\d+,120\n$/,
    );
    expect(h.textIn(dir, "burned.csv")).to.match(
      new RegExp(`^block_number,log_index,account,fifo,.*\\n106,7,${mule},\\d+,\\d+,\\d+,40\\n$`),
    );
    expect(result).to.equal(sha256Of(h.textIn(dir, "result.csv")));
    for (const [file, hash] of Object.entries(files)) expect(sha256Of(h.textIn(dir, file)), file).to.equal(hash);
  });

  it("has ledgers of which every row can be re-added by hand", async () => {
    const dir = await h.traced(THEFT, ...FOUR, "--method", "lifo", "--method", "poison");
    const evidence = new Evidence(dir);
    for (const method of evidence.manifest.methods) {
      for (const account of [victim, thief, mule, friend, shop]) {
        let [balance, taint] = [0n, 0n];
        for (const line of evidence.ledger(account, method)) {
          const { direction, amount, moved } = line;
          if (direction === "in" || direction === "opening") [balance, taint] = [balance + amount, taint + moved];
          if (direction === "out") [balance, taint] = [balance - amount, taint - moved];
          // Poison taints what is there already as well.
          if (method === "poison") expect([0n, balance]).to.include(line.taint);
          else expect(line.taint).to.equal(taint);
          expect(line.balance).to.equal(balance);
        }
        const held = evidence.holdings().find((holding) => holding.account === account);
        expect(evidence.ledger(account, method).at(-1)!.taint).to.equal(held?.taints.get(method) ?? 0n);
      }
    }
    expect(h.textIn(dir, `ledger/${mule}.csv`).split("\n").slice(0, 3)).to.deep.equal([
      "block_number,log_index,time,transaction_hash,direction,counterparty,amount,balance," +
        ["fifo", "libr", "haircut", "taint-first", "lifo", "poison"]
          .map((it) => `${it}_moved,${it}_taint,${it}_rule`)
          .join(","),
      `103,7,,${h.hash(4)},in,${thief},450,450,150,150,fifo,150,150,libr,300,300,haircut,450,450,taint-first,450,450,lifo,450,450,poison`,
      `104,7,,${h.hash(5)},out,${thief},50,400,0,150,fifo,0,150,libr,33,267,haircut,50,400,taint-first,50,400,lifo,50,400,poison`,
    ]);
    // Of a service only what brought taint is told, under its own rule.
    expect(h.textIn(dir, `ledger/${platform}.csv`).split("\n")).to.have.length(3);
    expect(evidence.ledger(platform, "fifo")[0]).to.include({ direction: "in", moved: 120n, rule: "sink" });
    // What changes nothing is told as well.
    expect(evidence.ledger(mule, "fifo").filter(({ rule }) => rule === "zero-value")).to.have.length(1);
    expect(evidence.ledger(mule, "fifo").filter(({ rule }) => rule === "self-transfer")).to.have.length(1);
  });

  it("begins a ledger with the money that was there before", async () => {
    const dir = await h.traced(
      { transfers: THEFT.transfers.slice(1), seeds: [[1]] },
      "--method",
      "fifo",
      "--opening",
      "clean",
    );
    const [first] = new Evidence(dir).ledger(victim, "fifo");
    expect(first).to.include({ block: null, direction: "opening", amount: 600n, balance: 600n, moved: 0n });
    expect(h.manifestIn(dir).assumptions.openings).to.deep.include({ account: victim, amount: "600" });
    expect(h.textIn(dir, "summary.txt"))
      .to.include("clean money is taken to have been there before the first transfer of 1 account,")
      .and.include(victim);
  });

  it("has a canonical manifest with all that decides the result, no clock and no place on a disk", async () => {
    const dir = await h.traced(THEFT, "--method", "fifo", "--asset", h.ASSET, "--decimals", "2");
    const text = h.textIn(dir, "manifest.json");
    const manifest = h.manifestIn(dir);
    expect(text).to.equal(canonicalJson(manifest));
    expect(text).to.not.include(path.dirname(dir));
    expect(manifest).to.deep.include({
      schema: "sequester.trace/1",
      asset: h.ASSET,
      decimals: 2,
      methods: ["fifo"],
      opening: "none",
      evidence: { block: 111, hash: null, time: null },
      transfers: { traced: 12, read: 12, accounts: 6 },
      seeds: [{ block: 102, logIndex: 7, transaction: h.hash(3), from: victim, to: thief, amount: "600" }],
      stops: [
        { address: platform, label: "licensed platform 1", kind: "exchange", source: "test", date: "2025-01-01" },
      ],
    });
    const [transfers] = manifest.inputs.transfers;
    expect(transfers).to.deep.include({ name: "transfers.csv", entries: 12, format: "sequester" });
    expect(transfers!.sha256).to.equal(sha256Of(readFileSync(path.join(dir, "../transfers.csv"))));
    // The list's date stands on the first page.
    expect(h.textIn(dir, "summary.txt")).to.include("stops.json: of 2025-01-01, 1 of 1 kept");
  });

  it("has the same bytes anywhere and at any time, and the same result whatever the order of the rows", async () => {
    const methods = ["--method", "fifo", "--method", "haircut"];
    const first = await h.traced(THEFT, ...methods);
    const again = await h.traced(THEFT, ...methods);
    expect(h.filesIn(again)).to.deep.equal(h.filesIn(first));
    const { dir, options } = h.writeCase(THEFT);
    const file = path.join(dir, "transfers.csv");
    const [header, ...rows] = readFileSync(file, "utf8").trim().split("\n");
    writeFileSync(file, [header, ...rows.toReversed()].join("\r\n") + "\r\n");
    const out = path.join(dir, "out");
    expect((await h.sequester("trace", "run", ...options, ...methods, "--out", out)).code).to.equal(0);
    const [own, others] = [h.manifestIn(out), h.manifestIn(first)];
    expect([own.result, own.files]).to.deep.equal([
      others.result,
      { ...others.files, "summary.txt": own.files["summary.txt"] },
    ]);
  });

  it("counts up to the evidence block, that one included", async () => {
    const dir = await h.traced(THEFT, "--method", "fifo", "--at", "103");
    expect(h.manifestIn(dir)).to.deep.include({
      evidence: { block: 103, hash: null, time: null },
      transfers: { traced: 4, read: 12, accounts: 6 },
    });
    expect(h.textIn(dir, "result.csv")).to.equal(`account,balance,fifo\n${thief},450,450\n${mule},450,150\n`);
    const before = await h.traced(THEFT, "--method", "fifo", "--at", "101");
    expect(h.textIn(before, "result.csv")).to.equal("account,balance,fifo\n");
    expect(h.manifestIn(before).assumptions.statements).to.include(
      "Later than the evidence block, and so without effect: 1 seed.",
    );
    expect((await h.sequester("trace", "verify", before)).code).to.equal(0);
  });

  it("lets no label become a formula, a line or markup", async () => {
    const label = '=HYPERLINK("http://x","pay")\r\n@SUM(A1)<script>';
    const dir = await h.traced({ ...THEFT, stops: [[platform, label]] }, "--method", "fifo");
    const line = h.textIn(dir, "sinks.csv").split("\n")[1]!;
    expect(line).to.equal(`${platform},"'=HYPERLINK(""http://x"",""pay"") @SUM(A1)<script>",120`);
    expect(h.textIn(dir, "sinks.csv").split("\n")).to.have.length(3);
    expect(h.textIn(dir, "flow.svg")).to.not.include("<script");
    expect((await h.sequester("trace", "verify", dir)).code).to.equal(0);
  });

  it("reads back only what the manifest knows", async () => {
    const dir = await h.traced(THEFT, "--method", "fifo");
    const copy = path.join(temporaryFolder(), "out");
    cpSync(dir, copy, { recursive: true });
    writeFileSync(path.join(copy, "result.csv"), "account,balance,fifo\n");
    expect(() => new Evidence(copy).holdings())
      .to.throw(EvidenceAlteredError)
      .with.property("code", 3);
    writeFileSync(path.join(copy, "manifest.json"), JSON.stringify(h.manifestIn(dir), null, 2));
    expect(() => new Evidence(copy)).to.throw(EvidenceAlteredError, "manifest.json");
  });
});
