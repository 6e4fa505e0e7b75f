import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { getAddress } from "viem";
import { readTransfers } from "../../../../src/tracing/sources/transfers.ts";
import { DuplicateTransferError } from "../../../../src/tracing/transfers/builder.ts";
import { removeTemporaryFolders } from "../../operation/folders.ts";
import { randomFrom } from "../../orders/random.ts";
import { randomChain, serve, ASSET as NODES_ASSET, IMPATIENT } from "./node/chain.ts";
import {
  account,
  ASSET,
  csvOf,
  fileOf,
  hashOf,
  OTHER_ASSET,
  refused,
  someRows,
  told,
  toldOf,
  WRITTEN,
} from "./inputs.ts";

const LOG_INDEXED = ["sequester", "ethereum-etl", "cryo"] as const;
const ROWS = someRows("rows", 60);
/** Small enough for every form, each in a block of its own where the form has no place. */
const SMALL = someRows("small", 40, 10n ** 18n).map((row, i) => ({ ...row, block: 500 + i, logIndex: 0 }));
const HEADER = WRITTEN.sequester([])[0]!.join();

const ofRow = (row: Partial<Record<"block" | "logIndex" | "hash" | "from" | "to" | "value", string>>): string => {
  const { block = "7", logIndex = "3", hash = hashOf(1), from = account(1), to = account(2), value = "5" } = row;
  return [block, logIndex, hash, from, to, value].join();
};
const own = (...rows: string[]): string => fileOf("t.csv", [HEADER, ...rows].join("\n") + "\n");

describe("readTransfers, of CSV files", () => {
  after(removeTemporaryFolders);

  for (const name of LOG_INDEXED) {
    it(`reads the form ${name}, with values up to 2^256 - 1, and says what it was`, async () => {
      const file = fileOf("t.csv", csvOf(WRITTEN[name](ROWS)));
      const read = await readTransfers({ files: [file] });
      expect(told(read.transfers)).to.deep.equal(toldOf(ROWS));
      expect(ROWS.map((_, row) => read.transfers.hash(row))).to.deep.equal(ROWS.map(({ hash }) => hash));
      const bytes = readFileSync(file);
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      const counts = { rows: ROWS.length, taken: ROWS.length, otherAssets: 0 };
      const expected = { path: file, sha256, bytes: bytes.length, format: name, container: "csv", ...counts };
      expect(read.files).to.deep.equal([expected]);
      expect(read.asset).to.equal(name === "sequester" ? null : ASSET);
      expect([read.place, read.assumptions, read.indexed]).to.deep.equal(["log index", [], null]);
    });
  }

  it("reads the form transaction-index: decimal values, the transaction's index and the time", async () => {
    const rows = someRows("small", 40, 10n ** 18n);
    const file = fileOf("t.csv", csvOf(WRITTEN["transaction-index"](rows)));
    const { transfers, place } = await readTransfers({ files: [file], decimals: 6 });
    expect(told(transfers)).to.deep.equal(toldOf(rows));
    expect(rows.map((_, row) => transfers.time(row))).to.deep.equal(rows.map(({ time }) => time));
    expect(place).to.equal("transaction index");
  });

  it("reads the form etherscan: grouped digits in quotes, whichever way the blocks go", async () => {
    const inBlocks = SMALL.map((row, i) => ({ ...row, block: 500 + Math.floor(i / 4), logIndex: i % 4 }));
    for (const rows of [inBlocks, inBlocks.toReversed()]) {
      const file = fileOf("t.csv", csvOf(WRITTEN.etherscan(rows), { quoted: true }));
      const { transfers, place, assumptions } = await readTransfers({ files: [file], decimals: 6 });
      expect(told(transfers)).to.deep.equal(toldOf(inBlocks));
      expect(inBlocks.map((_, row) => transfers.hash(row))).to.deep.equal(inBlocks.map(({ hash }) => hash));
      expect(place).to.equal("order in the file");
      expect(assumptions).to.deep.equal([
        `${file} does not tell the order of transfers in a block: the order of its rows is taken.`,
      ]);
    }
  });

  it("refuses an etherscan file whose blocks are mixed, and two that share a block", async () => {
    const mixed = [SMALL[0]!, SMALL[2]!, SMALL[1]!];
    const file = fileOf("t.csv", csvOf(WRITTEN.etherscan(mixed), { quoted: true }));
    const error = await refused(() => readTransfers({ files: [file], decimals: 6 }));
    expect(error.message).to.include(`${file}:4 is refused: its block is out of order`);
    const one = fileOf("1.csv", csvOf(WRITTEN.etherscan(SMALL.slice(0, 3)), { quoted: true }));
    const two = fileOf("2.csv", csvOf(WRITTEN.etherscan(SMALL.slice(2)), { quoted: true }));
    const shared = await refused(() => readTransfers({ files: [one, two], decimals: 6 }));
    expect(shared.name).to.equal("TransfersRefusedError");
    expect(shared.message).to.include(`transfers of block 502 in ${one} and in ${two}`);
  });

  it("reads line feeds and carriage returns, quotes, further columns, blank lines and a byte order mark alike", async () => {
    const cells = WRITTEN["ethereum-etl"](ROWS);
    const named = cells.map((row, i) => [
      i === 0 ? "name" : `A "good", one\n\u00e9`.replaceAll('"', '""'),
      ...row,
      "x",
    ]);
    const texts = [
      csvOf(cells, { end: "\r\n" }),
      csvOf(cells, { quoted: true }),
      csvOf(cells, { quoted: true, end: "\r\n" }),
      csvOf(named, { quoted: true }),
      `\uFEFF${csvOf(cells)}\n\n`,
      csvOf(cells).replaceAll("\n", "\n\n"),
      csvOf(cells).trimEnd(),
    ];
    for (const text of texts) {
      for (const chunkBytes of [1, 2, 7, 1000, undefined]) {
        const { transfers } = await readTransfers({ files: [fileOf("t.csv", text)], chunkBytes });
        expect(told(transfers)).to.deep.equal(toldOf(ROWS));
      }
    }
  });

  it("gives the same transfers for any order of rows, of columns and of files, and for any case of hexadecimal", async () => {
    const random = randomFrom("order");
    for (let i = 0; i < 20; i++) {
      const [header, ...rows] = WRITTEN["ethereum-etl"](ROWS) as [string[], ...(string | number | bigint)[][]];
      const columns = random.shuffle(header.map((_, column) => column));
      const written = random.shuffle(rows).map((row) =>
        row.map((cell) => {
          if (typeof cell !== "string") return cell;
          if (cell.length > 42) return random.pick([cell, cell.toUpperCase().replace("X", "x")]);
          return random.pick([cell, getAddress(cell), cell.toUpperCase().replace("X", "x")]);
        }),
      );
      const arranged = [header, ...written].map((row) => columns.map((column) => row[column]!));
      const cut = random.below(arranged.length - 1);
      const files = [arranged.slice(0, cut + 1), [arranged[0]!, ...arranged.slice(cut + 1)]].map((part, name) =>
        fileOf(`${name}.csv`, csvOf(part)),
      );
      const { transfers } = await readTransfers({ files: random.shuffle(files) });
      expect(told(transfers)).to.deep.equal(toldOf(ROWS));
      expect(ROWS.map((_, row) => transfers.hash(row))).to.deep.equal(ROWS.map(({ hash }) => hash));
    }
  });

  it("takes files of several forms together, and of one asset what another file leaves open", async () => {
    const parts = LOG_INDEXED.map((name, i) => csvOf(WRITTEN[name](ROWS.filter((_, row) => row % 3 === i))));
    const files = parts.map((text, i) => fileOf(`${i}.csv`, text));
    const { transfers, asset, assumptions } = await readTransfers({ files });
    expect(told(transfers)).to.deep.equal(toldOf(ROWS));
    expect(asset).to.equal(ASSET);
    expect(assumptions).to.deep.equal([
      `${files[0]} does not tell its asset: all of its rows are taken to be of ${ASSET}.`,
    ]);
  });

  it("traces one of several assets when it is told which, and counts the others, whatever they hold", async () => {
    const cells = WRITTEN["ethereum-etl"](ROWS);
    const foreign = cells.slice(1, 11).map((row) => [OTHER_ASSET, "not", "checked", "-1", ...row.slice(4)]);
    const file = fileOf("t.csv", csvOf([...cells, ...foreign]));
    for (const asset of [ASSET, getAddress(ASSET)]) {
      const { transfers, files } = await readTransfers({ files: [file], asset });
      expect(told(transfers)).to.deep.equal(toldOf(ROWS));
      expect(files[0]).to.include({ rows: 70, taken: 60, otherAssets: 10 });
    }
    const error = await refused(() => readTransfers({ files: [file] }));
    expect(error.name).to.equal("TransfersRefusedError");
    expect(error.message).to.include(`${ASSET} at ${file}:2, ${OTHER_ASSET} at ${file}:62`).and.to.include("--asset");
    const none = await refused(() => readTransfers({ files: [file], asset: account(1) }));
    expect(none.message).to.include(`no row of the asset ${account(1)}`);
  });

  it("says that a last row without a line break is taken to be whole", async () => {
    const file = fileOf("t.csv", csvOf(WRITTEN.sequester(ROWS)).trimEnd());
    const { assumptions } = await readTransfers({ files: [file] });
    expect(assumptions).to.deep.equal([`${file} ends in line 61 without a line break: that row is taken to be whole.`]);
  });

  it("takes what is published of values, exactly", async () => {
    const values: [written: string, decimals: number, units: bigint][] = [
      ["18.67", 6, 18_670_000n],
      ["10000.0", 6, 10_000_000_000n],
      ["10000.0", 0, 10_000n],
      ["37756.5442328", 18, 37_756_544_232_800_000_000_000n],
      ["1e-05", 6, 10n],
      ["1.5E+3", 2, 150_000n],
      ["0", 6, 0n],
      ["1.1000000000", 1, 11n],
      ["115792089237316195423570985008687907853269984665640564039457584007913129.639935", 6, 2n ** 256n - 1n],
    ];
    for (const [written, decimals, units] of values) {
      const cells = WRITTEN["transaction-index"](SMALL.slice(0, 1)).map((row, i) => [
        ...row.slice(0, 6),
        i ? written : "value",
      ]);
      const { transfers } = await readTransfers({ files: [fileOf("t.csv", csvOf(cells))], decimals });
      expect(transfers.value(0), written).to.equal(units);
    }
  });

  for (const edge of [2n ** 53n - 1n, 2n ** 53n, 2n ** 64n - 1n, 2n ** 64n, 2n ** 256n - 1n]) {
    it(`keeps the value ${edge}`, async () => {
      const { transfers } = await readTransfers({ files: [own(ofRow({ value: String(edge) }))] });
      expect(transfers.value(0)).to.equal(edge);
    });
  }

  const BROKEN: [what: string, row: string, says: string, has?: string][] = [
    ["a negative value", ofRow({ value: "-5" }), "its value is negative", `"-5"`],
    ["2^256", ofRow({ value: String(2n ** 256n) }), "its value is 2^256 or more"],
    ["a value of 100 digits", ofRow({ value: "9".repeat(100) }), "its value is 2^256 or more", "... (100)"],
    ["a decimal value of base units", ofRow({ value: "1.0" }), "its value is not a whole number", `"1.0"`],
    ["a hexadecimal value", ofRow({ value: "0x10" }), "its value is not a whole number"],
    ["a value with a blank", ofRow({ value: " 5" }), "its value is not a whole number"],
    ["no value", ofRow({ value: "" }), "its value is missing", `""`],
    ["a formula as value", ofRow({ value: "=1+1" }), "its value is not a whole number", `"=1+1"`],
    ["an address that is too short", ofRow({ from: "0x12" }), "its from is no address", `"0x12"`],
    ["an address without 0x", ofRow({ to: "bb".repeat(21) }), "its to is no address"],
    ["an address with another digit", ofRow({ to: account(1).replace("b", "g") }), "its to is no address"],
    [
      "a padded address that is dirty",
      ofRow({ to: `0x1${account(1).slice(2).padStart(63, "0")}` }),
      "its to is no address",
    ],
    [
      "a wrong checksum",
      ofRow({ from: "0xdAC17F958D2ee523a2206206994597C13D831ec8" }),
      "its from has a wrong checksum",
    ],
    ["a short hash", ofRow({ hash: "0xabc" }), "its transaction hash is no transaction hash", `"0xabc"`],
    ["a hash with another digit", ofRow({ hash: hashOf(1).replace("e", "x") }), "its transaction hash is no"],
    ["a block that is none", ofRow({ block: "latest" }), "its block is no whole number", `"latest"`],
    ["a negative block", ofRow({ block: "-1" }), "its block is no whole number"],
    ["a fractional log index", ofRow({ logIndex: "1.5" }), "its log index is no whole number"],
    ["a log index beyond 32 bits", ofRow({ logIndex: "4294967295" }), "its log index is no whole number"],
    ["a field too few", ofRow({}).replace(/,\d+$/, ""), "it has another number of fields than the header", "5"],
    ["a field too many", `${ofRow({})},`, "it has another number of fields than the header", "7"],
    ["a quote that does not end", `"${ofRow({})}`, "it is no row of a CSV file"],
    ["something after a quote", `"7"7,${ofRow({}).slice(2)}`, "it is no row of a CSV file"],
  ];
  for (const [what, row, says, has] of BROKEN) {
    it(`refuses ${what}, with file and row`, async () => {
      const file = own(ofRow({ block: "6" }), "", row, ofRow({ block: "8" }));
      const error = await refused(() => readTransfers({ files: [file] }));
      expect(error.name).to.equal("RowRefusedError");
      expect(error.message).to.include(`${file}:4 is refused: ${says}`);
      if (has !== undefined) expect(error.message).to.include(`has: `).and.to.include(has);
    });
  }

  it("refuses a row that never ends, without reading on for ever", async () => {
    const file = own(`"${"x".repeat(3 << 20)}`);
    expect((await refused(() => readTransfers({ files: [file] }))).message).to.include(`${file}:2 is refused`);
  });

  it("refuses a file that was cut anywhere but at the end of a row or in its last field", async () => {
    const text = csvOf(WRITTEN.sequester(ROWS.slice(0, 2)));
    const file = fileOf("t.csv", text);
    for (let length = 0; length < text.length; length++) {
      const [header, ...rows] = text.slice(0, length).split("\n");
      const written = rows.filter((row) => row !== "");
      const isWhole = written.length > 0 && written.every((row) => /^(?:[^,]+,){5}\d+$/.test(row));
      writeFileSync(file, text.slice(0, length));
      const read = () => readTransfers({ files: [file], chunkBytes: 64 });
      if (header === HEADER && isWhole) expect((await read()).transfers.count).to.equal(written.length);
      else await refused(read);
    }
  });

  it("refuses a repeated block and log index and names both rows, also of two files", async () => {
    const file = own(ofRow({}), ofRow({ block: "8" }), ofRow({ value: "6" }));
    const error = await refused(() => readTransfers({ files: [file] }));
    expect(error).to.be.instanceOf(DuplicateTransferError);
    expect(error.message).to.include(`${file}:2`).and.to.include(`${file}:4`);
    const [one, two] = [own(ofRow({ block: "6" }), ofRow({})), own(ofRow({}))];
    const both = await refused(() => readTransfers({ files: [one, two] }));
    expect(both.message).to.include(`${one}:3`).and.to.include(`${two}:2`);
  });

  it("refuses a header that is not known and tells those that are", async () => {
    for (const header of [HEADER.replace("value", "amount"), "", "a,b\n1,2", '{"a": 1}', "\0\0\0\0"]) {
      const file = fileOf("t.csv", header);
      const error = await refused(() => readTransfers({ files: [file] }));
      expect(error.name).to.equal("HeaderRefusedError");
      expect(error.message).to.include(`${file}:1 is refused`);
      for (const known of ["(sequester)", "(ethereum-etl)", "(cryo)", "(etherscan)", "(transaction-index)"]) {
        expect(error.message).to.include(known);
      }
    }
    const error = await refused(() => readTransfers({ files: [fileOf("t.csv", `${HEADER},value\n${ofRow({})},1\n`)] }));
    expect(error.message).to.include("the column value is there twice");
    expect((await refused(() => readTransfers({ files: [own()] }))).message).to.include("has: no row");
  });

  it("refuses decimal values without decimals, with too many, and decimals that are none", async () => {
    const file = fileOf("t.csv", csvOf(WRITTEN["transaction-index"](SMALL.map((row) => ({ ...row, value: 1n })))));
    const missing = await refused(() => readTransfers({ files: [file] }));
    expect(missing.message).to.include(`decimal values in ${file}`).and.to.include("--decimals");
    const many = await refused(() => readTransfers({ files: [file], decimals: 5 }));
    expect(many.message).to.include(`${file}:2 is refused: its value has more decimals than the asset, 5`);
    for (const decimals of [-1, 1.5, 78, NaN]) {
      expect((await refused(() => readTransfers({ files: [file], decimals }))).message).to.include(
        "the decimals are none",
      );
    }
  });

  it("refuses files whose places in a block are of different kinds", async () => {
    const files = [own(ofRow({})), fileOf("2.csv", csvOf(WRITTEN["transaction-index"](SMALL)))];
    const error = await refused(() => readTransfers({ files, decimals: 6 }));
    expect(error.message).to.include(`log index in ${files[0]}, transaction index in ${files[1]}`);
  });

  it("refuses an asset that is no contract's address, a file that is not there and no source at all", async () => {
    const file = own(ofRow({}));
    for (const asset of ["USDT", "0x", account(0).replaceAll("b", "0"), "0xdAC17F958D2ee523a2206206994597C13D831ec8"]) {
      expect((await refused(() => readTransfers({ files: [file], asset }))).message).to.include("the asset");
    }
    const missing = path.join(path.dirname(file), "none.csv");
    expect((await refused(() => readTransfers({ files: [missing] }))).name).to.equal("FileAccessError");
    expect((await refused(() => readTransfers({ files: [path.dirname(file)] }))).name).to.equal("FileAccessError");
    expect((await refused(() => readTransfers({}))).message).to.include("neither files nor a node");
    const node = { urls: ["http://127.0.0.1:1"], fromBlock: 0 };
    expect((await refused(() => readTransfers({ files: [file], node }))).message).to.include("both files and a node");
    expect((await refused(() => readTransfers({ node }))).message).to.include("--asset");
  });
});

describe("readTransfers, of a node", () => {
  it("gives what the node's logs tell, with the proofs, and what they do not prove as assumptions", async () => {
    const chain = randomChain(randomFrom("node"), 40);
    chain.finalized = 35;
    const served = await serve(chain);
    try {
      const node = { urls: [served.url], fromBlock: 0, toBlock: 30, patience: IMPATIENT };
      const { transfers, asset, place, files, indexed, assumptions } = await readTransfers({
        node,
        asset: NODES_ASSET,
      });
      expect(transfers.count).to.equal(indexed?.transfers).and.to.be.greaterThan(10);
      expect(transfers.block.every((block) => block <= 30)).to.equal(true);
      expect([asset, place, files]).to.deep.equal([NODES_ASSET, "log index", []]);
      expect(indexed).to.include({ toBlock: 30, chainId: 1 });
      expect(transfers.source(0)).to.equal(null);
      expect(assumptions).to.equal(indexed?.unproved);
      const later = { ...node, fromBlock: 20 };
      expect((await readTransfers({ node: later, asset: NODES_ASSET })).assumptions[0]).to.include(
        "begins at block 20",
      );
    } finally {
      await served.stop();
    }
  });
});
