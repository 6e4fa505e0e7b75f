// Long: generates histories and traces them.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { EXIT } from "../../../src/base/errors.ts";
import { FileAccessError } from "../../../src/base/files.ts";
import {
  generateTransfers,
  GeneratorRefusedError,
  type GeneratedTransfer,
  type GenerateOptions,
} from "../../../scripts/transfers/generate.ts";
import { writeGenerated } from "../../../scripts/transfers/files.ts";
import { TRANSFER_COLUMNS } from "../../../src/tracing/transfers/file.ts";
import { PATTERNS } from "../../../scripts/transfers/step.ts";
import { ZERO_ADDRESS } from "../../../src/tracing/transfers/row.ts";
import { start } from "../../deploy/node.ts";
import { removeTemporaryFolders, temporaryFolder } from "../../src/operation/folders.ts";
import { randomFrom } from "../../src/orders/random.ts";
import { taintsOf } from "./taint.ts";

const SMALL: GenerateOptions = { events: 6_000, wallets: 400, seed: "small" };

function generated(options: Partial<GenerateOptions> = {}) {
  const { rows, seeds, stops } = generateTransfers({ ...SMALL, ...options });
  return { rows: [...rows], seeds, stops };
}

const withPattern = (rows: readonly GeneratedTransfer[], pattern: GeneratedTransfer["pattern"]) =>
  rows.filter((row) => row.pattern === pattern);

/** Longest way in transfers from a theft to each account, over the transfers of thieves. */
function hopsOf(rows: readonly GeneratedTransfer[]): Map<string, number> {
  const hops = new Map<string, number>();
  for (const { from, to, pattern } of rows) {
    const before = pattern === "theft" ? 0 : hops.get(from);
    const isThiefs = ["theft", "bounce", "fan-out", "merge", "peel", "ending"].includes(pattern);
    if (before !== undefined && isThiefs) hops.set(to, Math.max(hops.get(to) ?? 0, before + 1));
  }
  return hops;
}

describe("generateTransfers", () => {
  after(removeTemporaryFolders);

  it("gives the same for the same seed, and something else for another one", () => {
    const one = generated();
    expect(generated()).to.deep.equal(one);
    const other = generated({ seed: "other" });
    expect(other.seeds).not.to.deep.equal(one.seeds);
    expect(other.stops).not.to.deep.equal(one.stops);
    const hashes = new Set(one.rows.map(({ hash }) => hash));
    expect(other.rows.filter(({ hash }) => hashes.has(hash))).to.deep.equal([]);
  });

  it("has not changed: the same bytes as ever", () => {
    const { rows, seeds } = generated({ events: 300, wallets: 50, seed: "fixed" });
    const text = [...rows, ...seeds].map((it) => Object.values(it).join(",")).join("\n");
    expect(createHash("sha256").update(text).digest("hex")).to.equal(FIXED);
  });

  it("gives exactly as many transfers as asked for, ordered by block and log index, each place once", () => {
    for (const events of [1, 2, 100, 6_000]) {
      const { rows } = generated({ events });
      expect(rows).to.have.length(events);
      for (const [i, row] of rows.slice(1).entries()) {
        const before = rows[i]!;
        expect(row.block > before.block || (row.block === before.block && row.logIndex > before.logIndex)).to.equal(
          true,
        );
        expect(row.time - before.time).to.equal(12 * (row.block - before.block));
      }
    }
  });

  it("gives a hash to one block alone, and to several transfers of it now and then", () => {
    const { rows } = generated();
    const blocks = new Map<string, number>();
    for (const { hash, block } of rows) {
      expect(blocks.get(hash) ?? block).to.equal(block);
      blocks.set(hash, block);
    }
    expect(blocks.size).to.be.within(rows.length * 0.8, rows.length - 1);
  });

  for (const seed of ["a", "b", "c"]) {
    it(`lets nobody send what it does not have (${seed})`, () => {
      const { rows } = generated({ seed, events: 20_000, thefts: 5 });
      const balances = new Map<string, bigint>();
      for (const { from, to, value, block, logIndex } of rows) {
        expect(value >= 0n).to.equal(true);
        const left = (balances.get(from) ?? 0n) - value;
        if (from !== ZERO_ADDRESS) expect(left >= 0n, `${from} at ${block}, ${logIndex}`).to.equal(true);
        balances.set(from, left);
        balances.set(to, (balances.get(to) ?? 0n) + value);
      }
      expect(rows.some(({ from, to }) => from === ZERO_ADDRESS && to === ZERO_ADDRESS)).to.equal(false);
    });
  }

  it("has every pattern in it", () => {
    const { rows } = generated();
    for (const pattern of PATTERNS) expect(withPattern(rows, pattern), pattern).not.to.deep.equal([]);
  });

  it("has few wallets that are busy and many that are not", () => {
    const { rows } = generated({ events: 30_000, wallets: 5_000 });
    const counts = new Map<string, number>();
    for (const { from } of withPattern(rows, "payment")) counts.set(from, (counts.get(from) ?? 0) + 1);
    const sorted = [...counts.values()].sort((a, b) => b - a);
    const total = sorted.reduce((a, b) => a + b);
    const busiest = sorted.slice(0, Math.ceil(sorted.length / 20)).reduce((a, b) => a + b);
    expect(busiest / total).to.be.above(0.3);
    expect(sorted.filter((count) => count <= 3).length / sorted.length).to.be.above(0.3);
  });

  it("poisons with look-alikes: the first and the last digits of an account that the victim has paid", () => {
    const { rows } = generated();
    const paid = new Set<string>();
    const ends = (address: string) => address.slice(0, 6) + address.slice(-4);
    let baits = 0;
    for (const { from, to, value, pattern } of rows) {
      if (pattern === "payment") paid.add(to);
      if (pattern !== "poison" || value > 0n) continue;
      expect(paid.has(to)).to.equal(false);
      if ([...paid].some((account) => ends(account) === ends(to))) baits += 1;
      expect(from).not.to.equal(ZERO_ADDRESS);
    }
    expect(baits).to.be.above(50);
    const dust = rows.filter(({ pattern, value }) => pattern === "dust" && value > 0n && value < 1_000n);
    expect(new Set(dust.map(({ to }) => to)).size).to.be.above(10);
  });

  it("bounces the loot, spreads it, puts it together again and peels it", () => {
    const { rows } = generated({ thefts: 1 });
    const [there, back] = withPattern(rows, "bounce");
    expect(back).to.include({ from: there!.to, to: there!.from, value: there!.value });
    const merges = withPattern(rows, "merge");
    expect(new Set(merges.map(({ to }) => to)).size).to.equal(1);
    expect(merges.length).to.be.within(3, 8);
    const fanned = withPattern(rows, "fan-out").filter(({ to }) => merges.some(({ from }) => from === to));
    expect(new Set(fanned.map(({ from }) => from)).size).to.equal(1);
    expect(fanned.map(({ value }) => value)).to.have.members(merges.map(({ value }) => value));
    const peels = withPattern(rows, "peel");
    expect(peels.some(({ to }) => peels.some(({ from }) => from === to))).to.equal(true);
  });

  it("goes as many hops as told and no more, and still reaches the endings where hops are few", () => {
    for (const hops of [3, 4, 5, 7, 12, 20]) {
      const { rows } = generated({ thefts: 3, hops });
      const reached = Math.max(...hopsOf(rows).values());
      expect(reached).to.be.most(hops);
      expect(reached).to.equal(Math.min(hops, 12));
    }
  });

  it("names as seeds exactly the stolen transfers, with their amounts", () => {
    const { rows, seeds } = generated({ thefts: 4 });
    const stolen = withPattern(rows, "theft");
    expect(seeds).to.deep.equal(
      stolen.map(({ hash, logIndex, value }) => ({
        transaction_hash: hash,
        log_index: logIndex,
        amount: String(value),
      })),
    );
    expect(seeds).to.have.length(4);
  });

  it("names as stops the services that deposits go to and withdrawals come from", () => {
    const { rows, stops } = generated();
    expect(stops).to.have.length(6);
    const services = stops.map(({ address }) => address);
    expect(new Set(withPattern(rows, "deposit").map(({ to }) => to))).to.deep.equal(new Set(services));
    for (const { from } of withPattern(rows, "withdrawal")) expect(services).to.include(from);
    expect(withPattern(rows, "ending").some(({ to }) => services.includes(to))).to.equal(true);
    for (const stop of stops) expect(stop).to.have.all.keys("address", "label", "kind", "source", "date");
  });

  it("keeps its promise of large amounts: 30 decimals, beyond 2^64", () => {
    const { rows } = generated({ decimals: 30 });
    expect(rows.some(({ value }) => value > 2n ** 64n)).to.equal(true);
  });
});

describe("generateTransfers with planned thefts", () => {
  const random = randomFrom("planned");
  const platform = {
    address: `0x${"ab".repeat(20)}`,
    label: "platform",
    kind: "exchange",
    source: "a list",
    date: "2025-09-01",
  };
  const endings = (count: number) =>
    Array.from({ length: count }, () => ({
      account: random.address(),
      amount: BigInt(1 + random.below(2 ** 32)) * 10n ** 9n,
    }));
  const thefts = [
    { endings: [...endings(38), { account: platform.address, amount: 5_000_000n }] },
    { endings: endings(1) },
    { endings: [{ account: random.address(), amount: 1n }] },
    { endings: endings(12) },
  ];

  for (const seed of ["one", "two", "three"]) {
    it(`brings exactly the planned amounts to the endings, by every method (${seed})`, () => {
      const { rows, seeds } = generated({ seed, thefts, services: [platform], events: 3_000 });
      const stolen = new Map(seeds.map((it) => [`${it.transaction_hash}/${it.log_index}`, BigInt(it.amount)]));
      const total = thefts.flatMap((it) => it.endings).reduce((sum, { amount }) => sum + amount, 0n);
      expect([...stolen.values()].reduce((a, b) => a + b)).to.equal(total);
      for (const method of ["haircut", "libr", "taint-first", "fifo"] as const) {
        const { taints, sinks } = taintsOf(method, rows, stolen, new Set([platform.address]));
        const expected = new Map(
          thefts
            .flatMap((it) => it.endings)
            .filter(({ account }) => account !== platform.address)
            .map(({ account, amount }) => [account.toLowerCase(), amount]),
        );
        expect(taints, method).to.deep.equal(expected);
        expect(sinks, method).to.deep.equal(new Map([[platform.address, 5_000_000n]]));
      }
    });
  }

  it("finishes them though they hardly fit, and refuses them where they do not", () => {
    const error = expectRefused(() => generated({ thefts, services: [platform], events: 100 }), /do not fit/);
    const needed = Number(/needs: (\d+)/.exec(error.message)![1]);
    const { rows, seeds } = generated({ thefts, services: [platform], events: needed });
    expect(rows).to.have.length(needed);
    expect(seeds.reduce((sum, { amount }) => sum + BigInt(amount), 0n)).to.equal(
      thefts.flatMap((it) => it.endings).reduce((sum, { amount }) => sum + amount, 0n),
    );
    expectRefused(() => generated({ thefts, services: [platform], events: needed - 1 }), /do not fit/);
  });

  it("refuses what cannot be generated, saying what it has and needs", () => {
    const account = random.address();
    const refused: [Partial<GenerateOptions>, RegExp][] = [
      [{ events: 0 }, /number of events/],
      [{ events: 1.5 }, /number of events/],
      [{ wallets: 9 }, /number of wallets/],
      [{ hops: 2 }, /number of hops/],
      [{ services: 0 }, /number of services/],
      [{ services: [] }, /there is no service/],
      [{ services: [{ ...platform, address: "0x12" }] }, /an account is none/],
      [{ thefts: -1 }, /number of thefts/],
      [{ thefts: [{ endings: [] }] }, /theft 1 has no ending/],
      [{ thefts: [{ endings: [{ account, amount: 0n }] }] }, /ends theft 1/],
      [{ thefts: [{ endings: [{ account: ZERO_ADDRESS, amount: 1n }] }] }, /an account is none/],
    ];
    for (const [options, reason] of refused) expectRefused(() => generated(options), reason);
  });
});

describe("npm run generate:transfers", () => {
  after(removeTemporaryFolders);
  const run = (...options: string[]) => start(["scripts/generate-transfers.ts", ...options]).ended;

  it("writes transfers in our own columns, seeds and stops: same seed, same bytes", async () => {
    const contents = [];
    for (const folder of [temporaryFolder(), temporaryFolder()]) {
      const out = path.join(folder, "new", "transfers.csv");
      const ended = await run("--events", "2000", "--wallets", "200", "--seed", "bytes", "--out", out);
      expect(ended, ended.stderr).to.include({ code: 0, stdout: "" });
      contents.push(
        ["transfers.csv", "seeds.json", "stops.json"].map((name) =>
          readFileSync(path.join(folder, "new", name), "utf8"),
        ),
      );
    }
    expect(contents[0]).to.deep.equal(contents[1]);
    const [csv, seeds, stops] = contents[0] as [string, string, string];
    const lines = csv.split("\n");
    expect(lines[0]).to.equal(TRANSFER_COLUMNS);
    expect(lines).to.have.length(1 + 2000 + 1);
    const { rows, ...others } = generated({ events: 2000, wallets: 200, seed: "bytes" });
    expect(lines.slice(1, -1)).to.deep.equal(
      rows.map((row) => [row.block, row.logIndex, row.hash, row.from, row.to, row.value].join(",")),
    );
    expect(JSON.parse(seeds)).to.deep.equal(others.seeds);
    expect(JSON.parse(stops)).to.deep.equal(others.stops);
  });

  it("writes over nothing, and leaves what is there as it was", () => {
    for (const taken of ["transfers.csv", "seeds.json", "stops.json"]) {
      const folder = temporaryFolder();
      writeFileSync(path.join(folder, taken), "mine");
      expect(() => writeGenerated(SMALL, path.join(folder, "transfers.csv"))).to.throw(FileAccessError, taken);
      expect(readFileSync(path.join(folder, taken), "utf8")).to.equal("mine");
    }
  });

  it("refuses options that it does not know or cannot use, with exit code 64", async () => {
    const out = path.join(temporaryFolder(), "t.csv");
    const refused: [options: string[], reason: RegExp][] = [
      [[], /--out/],
      [["--deep", "--out", out], /unknown option '--deep'/],
      [["--events", "many", "--out", out], /needs to be a whole number/],
      [["--wallets", "3", "--out", out], /The transfers cannot be generated/],
      [["more", "--out", out], /too many arguments/],
    ];
    for (const [options, reason] of refused) {
      const { code, stderr } = await run(...options);
      expect(code, options.join(" ")).to.equal(EXIT.usage);
      expect(stderr).to.match(reason);
    }
    expect(existsSync(out)).to.equal(false);
  });
});

function expectRefused(what: () => unknown, reason: RegExp): GeneratorRefusedError {
  try {
    what();
  } catch (error) {
    expect(error).to.be.instanceOf(GeneratorRefusedError);
    expect((error as GeneratorRefusedError).message).to.match(reason);
    expect((error as GeneratorRefusedError).code).to.equal(EXIT.usage);
    return error as GeneratorRefusedError;
  }
  return expect.fail("nothing was refused");
}

/** A change of it is a change of every example that was published with its seed. */
const FIXED = "eeaad52b976ab05303de827118c0b1f32eeff8d2c717c24130cb4476863516aa";
