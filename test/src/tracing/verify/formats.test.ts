import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { hexToBytes, toHex, type Hex } from "viem";
import { parquetWriteBuffer } from "hyparquet-writer";
import type { TransferRow } from "../../../../src/tracing/transfers/row.ts";
import { verify } from "../../../../src/tracing/verify/verify.ts";
import { removeTemporaryFolders, temporaryFolder } from "../../operation/folders.ts";
import { manifestIn, sequester } from "../evidence/harness.ts";
import { ASSET, csvOf, OTHER_ASSET, someRows, WRITTEN } from "../sources/inputs.ts";

const METHODS = ["fifo", "libr", "haircut", "taint-first", "lifo", "poison"].flatMap((it) => ["--method", it]);
const LONG = someRows("long", 300);
/** Of an amount that has six decimals. */
const SHORT = someRows("short", 300, 10n ** 15n);
const BOM = "\uFEFF";

const bytes = (hex: string, size: number) => hexToBytes(`0x${hex.slice(2).padStart(2 * size, "0")}`);

function cryoParquet(rows: readonly TransferRow[]): Uint8Array {
  const column = (name: string, cells: (row: TransferRow) => Uint8Array) => ({
    name,
    type: "BYTE_ARRAY" as const,
    data: rows.map(cells),
  });
  const number = (name: string, cells: (row: TransferRow) => number) => ({
    name,
    type: "INT32" as const,
    data: Int32Array.from(rows, cells),
  });
  const columnData = [
    number("block_number", ({ block }) => block),
    number("log_index", ({ logIndex }) => logIndex),
    column("transaction_hash", ({ hash }) => bytes(hash as Hex, 32)),
    column("erc20", () => bytes(ASSET, 20)),
    column("from_address", ({ from }) => bytes(from, 32)),
    column("to_address", ({ to }) => bytes(to, 20)),
    column("value_binary", ({ value }) => bytes(toHex(value), 32)),
  ];
  return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 70 }));
}

describe("trace verify, of every form of inputs", function () {
  this.timeout(30_000);
  after(removeTemporaryFolders);

  const seedsByHash = (rows: readonly TransferRow[], places = [20, 60, 61, 150]) =>
    places.map((place) => ({ transaction_hash: rows[place]!.hash, log_index: rows[place]!.logIndex }));
  const seedsByPlace = (rows: readonly TransferRow[]) =>
    `block_number,transaction_index,amount\n${[20, 60, 150].map((place) => `${rows[place]!.block},${rows[place]!.logIndex},\n`).join("")}`;

  /** Traces files of transfers with all methods, and answers what verification says of it. */
  async function differencesOf(
    transfers: Record<string, string | Uint8Array>,
    seeds: string | object,
    ...options: string[]
  ) {
    const dir = temporaryFolder();
    const files = Object.entries(transfers).map(([name, content]) => {
      writeFileSync(path.join(dir, name), content);
      return path.join(dir, name);
    });
    const list = path.join(dir, typeof seeds === "string" ? "seeds.csv" : "seeds.json");
    writeFileSync(list, typeof seeds === "string" ? seeds : JSON.stringify(seeds));
    const out = path.join(dir, "out");
    const inputs = ["--transfers", ...files, "--seeds", list, "--opening", "clean"];
    const done = await sequester("trace", "run", ...inputs, ...METHODS, "--out", out, ...options);
    expect(done.code, done.stderr).to.equal(0);
    expect(manifestIn(out).totals[0]!.injected).to.not.equal("0");
    const { differences, ledgers } = await verify(out);
    expect(ledgers).to.be.greaterThan(3);
    return differences;
  }

  for (const format of ["sequester", "ethereum-etl", "cryo"] as const) {
    it(`${format}: rows in any order, quoted, with CRLF and a byte order mark`, async () => {
      const [header, ...rows] = WRITTEN[format](LONG);
      const shuffled = [header!, ...rows.toSorted((a, b) => (String(a) < String(b) ? 1 : -1))];
      const text = BOM + csvOf(shuffled, { end: "\r\n", quoted: true });
      expect(await differencesOf({ "t.csv": text }, seedsByHash(LONG))).to.deep.equal([]);
    });
  }

  it("Etherscan's export: newest first, in two files", async () => {
    const [header, ...rows] = WRITTEN.etherscan(SHORT);
    // All rows of a block in one file.
    const cut = SHORT.findIndex(({ block }, i) => i > 150 && block !== SHORT[i - 1]!.block);
    const parts = { "new.csv": rows.slice(cut).reverse(), "old.csv": rows.slice(0, cut) };
    const files = Object.entries(parts).map(([name, part]) => [name, csvOf([header!, ...part], { quoted: true })]);
    const seeds = seedsByHash(SHORT).map(({ transaction_hash }) => ({ transaction_hash }));
    expect(
      await differencesOf(Object.fromEntries(files) as Record<string, string>, seeds, "--decimals", "6"),
    ).to.deep.equal([]);
  });

  it("a transaction index and decimal values, with rows of another asset", async () => {
    const [header, ...rows] = WRITTEN["transaction-index"](SHORT);
    const foreign = rows.map((row, i) => row.map((cell) => (cell === ASSET && i % 3 === 1 ? OTHER_ASSET : cell)));
    const options = ["--decimals", "6", "--asset", ASSET];
    expect(
      await differencesOf({ "t.csv": csvOf([header!, ...foreign]) }, seedsByPlace(SHORT), ...options),
    ).to.deep.equal([]);
  });

  it("Parquet of bytes, beside CSV", async () => {
    const files = { "a.parquet": cryoParquet(LONG.slice(0, 200)), "b.csv": csvOf(WRITTEN.cryo(LONG.slice(200))) };
    expect(await differencesOf(files, seedsByHash(LONG))).to.deep.equal([]);
  });

  it("seeds with amounts beyond what a double holds, as numbers and as texts, repeated", async () => {
    const place = LONG.findIndex(({ value, from, to }) => value > 2n ** 200n && from !== to);
    const { hash, logIndex, value } = LONG[place]!;
    const json = `[{"transaction_hash":"${hash}","log_index":${logIndex},"amount":${value - 1n}},
      {"transaction_hash":"${hash!.toUpperCase().replace("0X", "0x")}","log_index":"${logIndex}","amount":"${value - 1n}"}]`;
    const dir = temporaryFolder();
    writeFileSync(path.join(dir, "s.json"), json);
    writeFileSync(path.join(dir, "t.csv"), csvOf(WRITTEN.sequester(LONG)));
    const out = path.join(dir, "out");
    const inputs = ["--transfers", path.join(dir, "t.csv"), "--seeds", path.join(dir, "s.json"), "--opening", "clean"];
    expect((await sequester("trace", "run", ...inputs, ...METHODS, "--out", out)).code).to.equal(0);
    expect(manifestIn(out).seeds.map(({ amount }) => amount)).to.deep.equal([String(value - 1n)]);
    expect((await verify(out)).differences).to.deep.equal([]);
  });

  it("a published pack of labels as stops, and a list in JSON and CSV", async () => {
    const [a, b, c] = [...new Set(LONG.map(({ to }) => to))] as [string, string, string];
    const pack = `# as published\ntitle: A pack\nlabel: "head's label"\nlastmod: 2023-01-01\ncurrency: ETH\ntags:
- address: ${a}\n- address: '${b}'\n  label: "two\\n  lines, =1+1"\n- address: 1BoatSLRHtKNngkdXEeobR76b53LETtpyT\n  currency: BTC
- address: '0x0000000000000000000000000000000000000018'\n- address: "${a}"\n  label: again\n`;
    const stops = {
      "pack.yaml": pack,
      "list.csv": `address,label,kind\r\n"${c}"," a ""bank"", +1 ",bank\r\n${b},twice,\r\n`,
      "list.json": JSON.stringify([{ address: a, label: "thrice" }]),
    };
    const dir = temporaryFolder();
    const files = Object.entries(stops).map(([name, text]) => {
      writeFileSync(path.join(dir, name), text);
      return path.join(dir, name);
    });
    expect(
      await differencesOf({ "t.csv": csvOf(WRITTEN.sequester(LONG)) }, seedsByHash(LONG), "--stops", ...files),
    ).to.deep.equal([]);
  });
});
