import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { hexToBytes, toHex, type Hex } from "viem";
import { parquetWriteBuffer, type ColumnSource } from "hyparquet-writer";
import { readTransfers } from "../../../../src/tracing/sources/transfers.ts";
import { removeTemporaryFolders } from "../../operation/folders.ts";
import { randomFrom } from "../../orders/random.ts";
import { account, ASSET, csvOf, fileOf, OTHER_ASSET, refused, someRows, told, toldOf, WRITTEN } from "./inputs.ts";

type Columns = Record<string, Pick<ColumnSource, "data" | "type" | "nullable">>;

const parquetOf = (columns: Columns, options: object = {}): Uint8Array => {
  const columnData = Object.entries(columns).map(([name, column]) => ({ name, ...column }));
  return new Uint8Array(parquetWriteBuffer({ columnData, ...options }));
};

const ROWS = someRows("parquet", 200);
const texts = (data: readonly unknown[]) => ({ data: data.map(String), type: "STRING" as const });
const longs = (data: readonly number[]) => ({ data: data.map(BigInt), type: "INT64" as const });
const bytes = (data: readonly (string | null)[], size: number) => ({
  data: data.map((hex) => hexToBytes(`0x${(hex as string).slice(2).padStart(2 * size, "0")}`)),
  type: "BYTE_ARRAY" as const,
});

const etl = (rows = ROWS): Columns => ({
  token_address: texts(rows.map(() => ASSET)),
  from_address: texts(rows.map(({ from }) => from)),
  to_address: texts(rows.map(({ to }) => to)),
  value: texts(rows.map(({ value }) => value)),
  transaction_hash: texts(rows.map(({ hash }) => hash)),
  log_index: longs(rows.map(({ logIndex }) => logIndex)),
  block_number: longs(rows.map(({ block }) => block)),
  further: { data: rows.map((_, i) => i / 3), type: "DOUBLE" },
});
const cryo = (addressBytes: number): Columns => ({
  block_number: { data: Int32Array.from(ROWS, ({ block }) => block), type: "INT32" },
  log_index: { data: Int32Array.from(ROWS, ({ logIndex }) => logIndex), type: "INT32" },
  transaction_hash: bytes(
    ROWS.map(({ hash }) => hash),
    32,
  ),
  erc20: bytes(
    ROWS.map(() => ASSET),
    20,
  ),
  from_address: bytes(
    ROWS.map(({ from }) => from),
    addressBytes,
  ),
  to_address: bytes(
    ROWS.map(({ to }) => to),
    addressBytes,
  ),
  value_binary: bytes(
    ROWS.map(({ value }) => toHex(value)),
    32,
  ),
  value_f64: { data: Float64Array.from(ROWS, ({ value }) => Number(value)), type: "DOUBLE" },
});
const read = (content: Uint8Array, options = {}) =>
  readTransfers({ files: [fileOf("t.parquet", content)], ...options });

describe("readTransfers, of Parquet files", () => {
  after(removeTemporaryFolders);

  it("reads texts and integers as ethereum-etl's, from row groups of any size, compressed or not", async () => {
    for (const options of [{}, { rowGroupSize: 7 }, { codec: "UNCOMPRESSED" }, { rowGroupSize: 50, pageSize: 500 }]) {
      const file = fileOf("t", parquetOf(etl(), options));
      const { transfers, files, asset, assumptions } = await readTransfers({ files: [file] });
      expect(told(transfers)).to.deep.equal(toldOf(ROWS));
      expect(ROWS.map((_, row) => transfers.hash(row))).to.deep.equal(ROWS.map(({ hash }) => hash));
      const content = readFileSync(file);
      const sha256 = createHash("sha256").update(content).digest("hex");
      const counts = { rows: 200, taken: 200, otherAssets: 0 };
      const expected = {
        path: file,
        sha256,
        bytes: content.length,
        format: "ethereum-etl",
        container: "parquet",
        ...counts,
      };
      expect(files).to.deep.equal([expected]);
      expect([asset, assumptions]).to.deep.equal([ASSET, []]);
    }
  });

  it("reads bytes as cryo's, also addresses that are filled up to 32 bytes, as old versions wrote them", async () => {
    for (const size of [20, 32]) {
      const { transfers, files } = await read(parquetOf(cryo(size)));
      expect(told(transfers)).to.deep.equal(toldOf(ROWS));
      expect(ROWS.map((_, row) => transfers.hash(row))).to.deep.equal(ROWS.map(({ hash }) => hash));
      expect(files[0]).to.include({ format: "cryo", container: "parquet" });
    }
  });

  it("reads decimal values from texts and from floating-point numbers, by their shortest digits", async () => {
    const rows = someRows("decimals", 100, 10n ** 12n);
    const columns: Columns = {
      block_number: longs(rows.map(({ block }) => block)),
      transaction_index: longs(rows.map(({ logIndex }) => logIndex)),
      from_address: texts(rows.map(({ from }) => from)),
      to_address: texts(rows.map(({ to }) => to)),
      time_stamp: longs(rows.map(({ time }) => time as number)),
      contract_address: texts(rows.map(() => ASSET)),
      value: { data: rows.map(({ value }) => Number(value) / 1e6), type: "DOUBLE" },
    };
    const { transfers } = await read(parquetOf(columns), { decimals: 6 });
    expect(told(transfers)).to.deep.equal(toldOf(rows));
    expect(transfers.time(0)).to.equal(rows[0]?.time);
  });

  it("reads values that are stored as decimals of 38 digits, exactly", async () => {
    const rows = someRows("dec", 50, 10n ** 38n);
    const data = rows.map(({ value }) => value);
    const schema = [
      { name: "root", num_children: 7 },
      ...["token_address", "from_address", "to_address", "transaction_hash"].map((name) => ({
        name,
        type: "BYTE_ARRAY" as const,
        converted_type: "UTF8" as const,
        repetition_type: "REQUIRED" as const,
      })),
      ...["log_index", "block_number"].map((name) => ({
        name,
        type: "INT64" as const,
        repetition_type: "REQUIRED" as const,
      })),
      {
        name: "value",
        type: "FIXED_LEN_BYTE_ARRAY" as const,
        type_length: 16,
        repetition_type: "REQUIRED" as const,
        converted_type: "DECIMAL" as const,
        scale: 0,
        precision: 38,
      },
    ];
    const { value: _value, further: _further, ...others } = etl(rows);
    const columnData = [...Object.entries(others), ["value", { data }] as const].map(([name, column]) => ({
      name,
      data: column.data,
    }));
    const ordered = schema.slice(1).map(({ name }) => columnData.find((column) => column.name === name)!);
    const content = new Uint8Array(parquetWriteBuffer({ columnData: ordered, schema }));
    expect(told((await read(content)).transfers)).to.deep.equal(toldOf(rows));
  });

  it("reads it together with CSV, and asks for the asset as there", async () => {
    const files = [
      fileOf("1.parquet", parquetOf(etl(ROWS.slice(0, 90)))),
      fileOf("2.csv", csvOf(WRITTEN.cryo(ROWS.slice(90)))),
    ];
    expect(told((await readTransfers({ files })).transfers)).to.deep.equal(toldOf(ROWS));
    const mixed = etl();
    mixed.token_address = texts(ROWS.map((_, i) => (i % 2 ? ASSET : OTHER_ASSET)));
    expect((await refused(() => read(parquetOf(mixed)))).message).to.include("--asset");
    expect((await read(parquetOf(mixed), { asset: ASSET })).files[0]).to.include({ taken: 100, otherAssets: 100 });
  });

  const BROKEN: [what: string, change: (columns: Columns) => void, says: string][] = [
    [
      "a value that is missing",
      (it) => (it.value = { ...texts([]), data: ROWS.map((_, i) => (i === 4 ? null : "1")), nullable: true }),
      ":5 is refused: its value is missing",
    ],
    [
      "a negative value",
      (it) => (it.value = { data: ROWS.map((_, i) => (i === 4 ? -5n : 1n)), type: "INT64" }),
      ":5 is refused: its value is negative",
    ],
    ["2^256", (it) => (it.value = texts(ROWS.map(() => 2n ** 256n))), ":1 is refused: its value is 2^256 or more"],
    [
      "values that are not exact",
      (it) => (it.value = { data: ROWS.map(() => 5), type: "DOUBLE" }),
      "floating-point numbers",
    ],
    [
      "an address that is none",
      (it) => (it.to_address = texts(ROWS.map((_, i) => (i === 6 ? "0x12" : account(1))))),
      ":7 is refused: its to is no address",
    ],
    [
      "an address of 21 bytes",
      (it) =>
        (it.to_address = bytes(
          ROWS.map(() => `0x${"f".repeat(42)}`),
          21,
        )),
      ":1 is refused: its to is no address",
    ],
    [
      "a very long text",
      (it) => (it.to_address = texts(ROWS.map(() => "x".repeat(100_000)))),
      ":1 is refused: its to is no address",
    ],
    [
      "a fractional block",
      (it) => (it.block_number = { data: ROWS.map(() => 1.5), type: "DOUBLE" }),
      ":1 is refused: its block is no whole number",
    ],
    [
      "a truth for a block",
      (it) => (it.block_number = { data: ROWS.map(() => true), type: "BOOLEAN" }),
      ":1 is refused: its block is no whole number",
    ],
    ["a column that is missing", (it) => delete it.log_index, "its header is not known"],
  ];
  for (const [what, change, says] of BROKEN) {
    it(`refuses ${what}`, async () => {
      const columns = etl();
      change(columns);
      expect((await refused(() => read(parquetOf(columns)))).message).to.include(says);
    });
  }

  it("names file and row of a repeated log index", async () => {
    const file = fileOf("t.parquet", parquetOf(etl([...ROWS, ROWS[3]!])));
    const error = await refused(() => readTransfers({ files: [file] }));
    expect(error.message).to.include(`${file}:4`).and.to.include(`${file}:201`);
  });

  it("refuses a file that was cut or spoilt, whatever is wrong in it, or reads what it says", async () => {
    const whole = parquetOf(etl(), { rowGroupSize: 60 });
    const file = fileOf("t.parquet", whole);
    const random = randomFrom("spoilt");
    for (let i = 0; i < 25; i++) {
      writeFileSync(file, whole.subarray(0, 4 + random.below(whole.length - 4)));
      const error = await refused(() => readTransfers({ files: [file] }));
      expect(error.name).to.equal("FileRefusedError");
    }
    let [refusals, readings] = [0, 0];
    for (let i = 0; i < 90; i++) {
      const spoilt = whole.slice();
      for (let j = 0; j <= random.below(4); j++) spoilt[4 + random.below(whole.length - 4)] = random.below(256);
      try {
        writeFileSync(file, spoilt);
        const { transfers } = await readTransfers({ files: [file] });
        expect(transfers.count).to.be.at.most(200);
        readings += 1;
      } catch (error) {
        // Whatever the bytes are, it is a refusal and no accident.
        expect((error as { code?: unknown }).code, String(error)).to.equal(64);
        refusals += 1;
      }
    }
    expect(refusals).to.be.greaterThan(30);
    expect(readings).to.be.greaterThan(0);
  });
});

describe("hexadecimal texts of values", () => {
  it("are taken in cryo's form, which can be asked for them", async () => {
    const rows = ROWS.slice(0, 20);
    const cells = WRITTEN.cryo(rows).map((row) => row.filter((_, column) => column !== 8));
    expect(told((await readTransfers({ files: [fileOf("t.csv", csvOf(cells))] })).transfers)).to.deep.equal(
      toldOf(rows),
    );
    expect((rows[0]?.hash as Hex).length).to.equal(66);
  });
});
