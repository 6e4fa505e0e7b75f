import { getAddress } from "viem";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { csvText } from "../../../../src/base/csv.ts";
import { buildFreeze } from "../../../../src/orders/build.ts";
import { orderTargets, planOf, PlanRefusedError, type PlanOptions } from "../../../../src/tracing/evidence/plan.ts";
import { Evidence, MethodNotTracedError } from "../../../../src/tracing/evidence/read.ts";
import { removeTemporaryFolders } from "../../operation/folders.ts";
import * as h from "./harness.ts";

const { thief, mule, friend, shop, platform, THEFT, ASSET, sequester } = h;

const OPTIONS: PlanOptions = {
  method: "taint-first",
  asset: undefined,
  least: 1n,
  wholeAccount: false,
  expires: 2_000_000_000,
  never: new Map(),
};

/** The plan that the command prints. */
interface Printed {
  readonly targets: readonly Readonly<Record<"asset" | "account" | "amount" | "balance" | "overFreeze", string>>[];
  readonly excluded: readonly Readonly<Record<"account" | "amount" | "reason" | "label", string>>[];
  readonly disclosures: readonly { readonly account: string; readonly transfers: readonly unknown[] }[];
  readonly totals: Readonly<Record<string, string>>;
  readonly expires: string;
}

describe("the plan of a freeze", () => {
  let dir: string;

  before(async () => {
    dir = await h.traced(
      THEFT,
      ...["fifo", "taint-first", "haircut", "poison"].flatMap((it) => ["--method", it]),
      ...["--asset", ASSET, "--decimals", "2"],
    );
  });
  after(removeTemporaryFolders);

  const plan = async (...options: string[]) => {
    const done = await sequester("trace", "plan", dir, "--json", "--method", "taint-first", ...options);
    return { ...done, plan: (done.code === 0 ? JSON.parse(done.stdout) : undefined) as Printed };
  };

  it("names account and amount in base units, with what it rests on, and where all the money is", async () => {
    const { plan: made } = await plan("--expires", "2100-01-01T00:00:00Z");
    const manifest = h.manifestIn(dir);
    expect(made).to.deep.include({
      schema: "sequester.trace-plan/1",
      method: "taint-first",
      asset: ASSET,
      decimals: 2,
    });
    expect(made.expires).to.equal("2100-01-01T00:00:00Z");
    expect(made).to.have.property("evidence").that.includes({ block: 111, hash: null, result: manifest.result });
    expect(made.targets.map(({ account, amount, balance }) => [account, amount, balance])).to.deep.equal(
      [
        [thief, "80", "380"],
        [mule, "160", "160"],
        [shop, "77", "177"],
        [friend, "123", "123"],
      ].toSorted(),
    );
    expect(made.targets[0]).to.have.property("byMethod").that.deep.equals({
      fifo: "330",
      "taint-first": "80",
      haircut: "254",
      poison: "380",
    });
    const { targets, excluded, sinks, burned, injected } = made.totals;
    expect([targets, excluded, sinks, burned, injected]).to.deep.equal(["440", "0", "120", "40", "600"]);
  });

  it("asks services who got the money, transfer by transfer, and never freezes them", async () => {
    const { plan: made } = await plan();
    expect(made.disclosures).to.deep.equal([
      {
        account: platform,
        label: "licensed platform 1",
        kind: "exchange",
        source: "test",
        date: "2025-01-01",
        amount: "120",
        transfers: [
          { block: 105, logIndex: 7, time: "", transaction: h.hash(6), from: thief, amount: "120", taint: "120" },
        ],
      },
    ]);
    expect(made.targets.map(({ account }) => account)).to.not.include(platform);
  });

  it("never proposes what is named: by option, in a list, or the asset itself; it says so", async () => {
    const list = path.join(path.dirname(dir), "never.csv");
    writeFileSync(
      list,
      csvText([
        ["address", "label", "kind"],
        [friend, "the bank's =treasury", "treasury"],
      ]),
    );
    const { plan: made } = await plan(
      "--vault",
      mule,
      "--contract",
      shop.toUpperCase().replace("0X", "0x"),
      "--never",
      list,
    );
    expect(made.targets.map(({ account }) => account)).to.deep.equal([thief]);
    expect(made.excluded).to.deep.equal(
      [
        { account: mule, amount: "160", reason: "vault", label: "" },
        { account: shop, amount: "77", reason: "contract", label: "" },
        { account: friend, amount: "123", reason: "treasury", label: "the bank's =treasury" },
      ].toSorted((a, b) => (a.account < b.account ? -1 : 1)),
    );
    expect(made.totals).to.include({ targets: "80", excluded: "360" });
    const other = await plan("--service", thief, "--treasury", mule);
    expect(other.plan.excluded.map(({ reason }) => reason)).to.deep.equal(["service", "treasury"]);

    // The asset's own contract, an address that no key owns, and the zero address hold money of the thief's.
    const odd = await h.traced(
      {
        transfers: [
          [h.ZERO, thief, 100],
          [thief, mule, 100],
          [mule, ASSET, 30],
          [mule, `0x${"0".repeat(38)}18`, 20],
          [mule, h.ZERO, 10],
        ],
        seeds: [[1]],
      },
      ...["--method", "fifo", "--asset", ASSET],
    );
    const { excluded, targets } = planOf(new Evidence(odd), { ...OPTIONS, method: "fifo" });
    expect(targets.map(({ account, amount }) => [account, amount])).to.deep.equal([[mule, 40n]]);
    expect(excluded.map(({ amount, reason }) => [amount, reason])).to.deep.equal([
      [20n, "no key can own it"],
      [30n, "contract"],
    ]);
  });

  it("never proposes a contract of the system", async () => {
    const at = (n: number) => getAddress(h.wallet(n));
    const others = { docket: at(11), disposal: at(12), register: at(13), lens: at(20) };
    const verifiers = { P256: at(15), RSA: at(16), WebAuthn: at(17) };
    const addresses = {
      ...others,
      quorum: getAddress(friend),
      vault: at(18),
      verifiers,
      assets: { KZTE: getAddress(shop) },
    };
    const code = `0x${"11".repeat(32)}`;
    const hashes = Object.fromEntries(["quorum", "vault", ...Object.keys(others)].map((name) => [name, code]));
    const deployment = {
      schema: "sequester.deployment/1",
      chainId: 1,
      block: 5,
      addresses,
      codeHashes: { ...hashes, verifiers: { P256: code, RSA: code, WebAuthn: code }, assets: { KZTE: code } },
      domain: { name: "Sequester", version: "1", chainId: 1, verifyingContract: getAddress(friend) },
    };
    const file = path.join(path.dirname(dir), "deployment.json");
    writeFileSync(file, JSON.stringify(deployment));
    const { plan: made, stderr } = await plan("--deployment", file);
    expect(
      made?.excluded.map(({ account, reason, label }) => [account, reason, label]),
      stderr,
    ).to.deep.equal(
      [
        [friend, "contract", "quorum"],
        [shop, "contract", "assets.KZTE"],
      ].toSorted(),
    );
  });

  it("leaves out amounts below the least one, such as dust sent to strangers, and names them", async () => {
    const { plan: made } = await plan("--least", "100");
    expect(made.targets.map(({ amount }) => amount).toSorted()).to.deep.equal(["123", "160"]);
    expect(made.excluded.map(({ reason }) => reason)).to.deep.equal([
      "below the least amount",
      "below the least amount",
    ]);
    const strangers = Array.from({ length: 300 }, (_, i) => [mule, h.wallet(1_000 + i), 1] as const);
    const dusty = await h.traced(
      { transfers: [[h.ZERO, thief, 5_000], [thief, mule, 5_000], ...strangers], seeds: [[1]] },
      ...["--method", "haircut", "--asset", ASSET],
    );
    const dusted = planOf(new Evidence(dusty), { ...OPTIONS, method: "haircut", least: 10n });
    expect(dusted.targets.map(({ account, amount }) => [account, amount])).to.deep.equal([[mule, 4_700n]]);
    expect(dusted.excluded).to.have.length(300);
  });

  it("says what is frozen besides, where the issuer freezes whole accounts only", async () => {
    const { plan: made } = await plan("--whole-account");
    expect(made.targets.map(({ account, overFreeze }) => [account, overFreeze])).to.deep.include([thief, "300"]);
    expect(made.totals.overFreeze).to.equal("400");
    expect((await plan()).plan.totals.overFreeze).to.equal("0");
  });

  it("leaves out what no hold can keep", async () => {
    const huge = 2n ** 96n;
    const big = await h.traced(
      {
        transfers: [
          [h.ZERO, thief, 3n * huge],
          [thief, mule, huge],
          [thief, friend, huge - 1n],
        ],
        seeds: [[1], [2]],
      },
      ...["--method", "libr", "--asset", ASSET],
    );
    const { targets, excluded } = planOf(new Evidence(big), { ...OPTIONS, method: "libr" });
    expect(targets.map(({ amount }) => amount)).to.deep.equal([huge - 1n]);
    expect(excluded.map(({ amount, reason }) => [amount, reason])).to.deep.equal([[huge, "more than a hold can keep"]]);
  });

  it("is what an order is made from", async () => {
    const made = planOf(new Evidence(dir), OPTIONS);
    const order = buildFreeze({
      caseId: "CASE-1",
      document: `0x${"11".repeat(32)}`,
      term: 86_400,
      targets: orderTargets(made),
      signBy: BigInt(made.expires),
      salt: `0x${"22".repeat(32)}`,
    });
    expect(order.message.targets.map(({ amount }) => amount)).to.deep.equal(made.targets.map(({ amount }) => amount));

    const file = path.join(path.dirname(dir), "targets.csv");
    const { code, stderr } = await plan("--targets", file, "--case", "CASE-1", "--symbol", "KZTE");
    expect([code, stderr.includes(`Wrote ${file}`)]).to.deep.equal([0, true]);
    const [header, ...rows] = readFileSync(file, "utf8").trim().split("\n");
    expect(header).to.equal("case,account,asset,amount,platform,group");
    expect(rows).to.include(`CASE-1,${mule},KZTE,1.6,,taint-first`).and.to.have.length(4);
    expect((await plan("--targets", file, "--case", "CASE-1", "--symbol", "KZTE")).code).to.equal(64);
    expect((await plan("--targets", `${file}2`)).code).to.equal(64);
    expect(existsSync(`${file}2`)).to.equal(false);
  });

  it("rests on one method that the trace used and an order may name", async () => {
    const evidence = new Evidence(dir);
    expect(() => planOf(evidence, { ...OPTIONS, method: "poison" })).to.throw(PlanRefusedError, "comparison only");
    expect(() => planOf(evidence, { ...OPTIONS, method: "libr" })).to.throw(MethodNotTracedError);
    for (const method of ["poison", "lifo", "libr", "guess"]) {
      expect((await sequester("trace", "plan", dir, "--method", method)).code, method).to.equal(64);
    }
    expect((await sequester("trace", "plan", dir)).code).to.equal(64);
  });

  it("is refused without an asset, for another one, and dead", async () => {
    const unnamed = await h.traced(THEFT, "--method", "fifo");
    const of = (...options: string[]) => sequester("trace", "plan", unnamed, "--method", "fifo", ...options);
    expect((await of()).stderr)
      .to.include("the asset is not known")
      .and.include("needs: --asset ADDRESS");
    expect((await of("--asset", ASSET)).code).to.equal(0);
    expect((await of("--asset", "0x12")).code).to.equal(64);
    expect((await plan("--asset", mule)).stderr).to.include("the evidence is of another asset");
    for (const past of [
      ["--expires", "2020-01-01T00:00:00Z"],
      ["--valid", "0d"],
      ["--valid", "soon"],
      ["--least", "-1"],
    ]) {
      expect((await plan(...past)).code, past.join(" ")).to.equal(64);
    }
  });

  it("halts where the result was changed", async () => {
    const altered = await h.traced(THEFT, "--method", "fifo", "--asset", ASSET);
    const file = path.join(altered, "result.csv");
    writeFileSync(file, readFileSync(file, "utf8").replace(",330", ",331"));
    const { code, stderr } = await sequester("trace", "plan", altered, "--method", "fifo");
    expect([code, stderr.includes("result.csv")]).to.deep.equal([3, true]);
  });

  it("is told to readers in decimal units, with the range across the methods an order may name", async () => {
    const { stdout, stderr } = await sequester("trace", "plan", dir, "--method", "fifo", "--whole-account");
    expect(stdout).to.include(`Freeze plan by fifo for ${ASSET}`);
    expect(stdout).to.match(new RegExp(`^${thief} +3\\.30 +3\\.80 +0\\.50 +0\\.80 to 3\\.30$`, "m"));
    expect(stdout).to.match(
      /^2 targets with 4\.80; 0\.00 not proposed, 1\.20 at services, 0\.00 redeemed: 6\.00 in all$/m,
    );
    expect(stderr).to.include("--rpc URL leaves contracts out");
  });
});
