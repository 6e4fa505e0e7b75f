import { expect } from "chai";
import { parse } from "csv-parse/sync";
import { readCsv } from "../../../../src/tracing/sources/csv.ts";
import { removeTemporaryFolders } from "../../operation/folders.ts";
import { randomFrom } from "../../orders/random.ts";
import { fileOf } from "./inputs.ts";

/** A file as any program might write it: fields with quotes, commas and line breaks, either line end, or none at the end. */
function randomCsv(seed: string): string {
  const random = randomFrom(seed);
  const width = 1 + random.below(5);
  const end = random.pick(["\n", "\r\n"]);
  const rows = Array.from({ length: 1 + random.below(8) }, () =>
    Array.from({ length: width }, () => {
      const plain = Array.from({ length: 1 + random.below(5) }, () => random.pick([..."ab0x.é"])).join("");
      if (random.below(3) > 0) return plain;
      const quoted = Array.from({ length: random.below(6) }, () => random.pick([",", "\n", "\r\n", '""', "a", "é"]));
      return `"${quoted.join("")}"`;
    }).join(","),
  );
  return rows.join(end) + random.pick([end, ""]);
}

describe("readCsv", () => {
  after(removeTemporaryFolders);

  it("splits as csv-parse does, whatever the bytes that are read at a time", () => {
    for (let i = 0; i < 100; i++) {
      const text = randomCsv(`csv ${i}`);
      const options = { info: true, relax_column_count: true };
      const records = parse(text, options) as unknown as { record: string[]; info: { lines: number } }[];
      const file = fileOf("t.csv", text);
      for (const chunkBytes of [1, 3, 64]) {
        const rows: { record: string[]; line: number }[] = [];
        readCsv(
          file,
          (record, line) => rows.push({ record: record.texts().map((field) => field.replaceAll('""', '"')), line }),
          chunkBytes,
        );
        // An empty field alone in a row is a blank line to both.
        const expected = records.filter(({ record }) => record.length > 1 || record[0] !== "");
        expect(
          rows.map(({ record }) => record),
          JSON.stringify(text),
        ).to.deep.equal(expected.map(({ record }) => record));
      }
    }
  });

  it("tells the line on which each row begins, also after line breaks in quotes", () => {
    const lines: number[] = [];
    readCsv(fileOf("t.csv", 'a,b\n"x\n\ny",1\r\n\n2,3\n'), (_, line) => lines.push(line));
    expect(lines).to.deep.equal([1, 2, 6]);
  });
});
