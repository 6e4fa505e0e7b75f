import { readFileSync } from "node:fs";
import { expect } from "chai";

const PAGE = new URL("../../docs/properties.md", import.meta.url);
const LINE = /^ {2}- \[([^\]]+)\]\(([^)]+)\): `(.*)`$/;

describe("docs/properties.md", () => {
  const lines = readFileSync(PAGE, "utf8").split("\n");

  it("names for every property a test that stands in its file", () => {
    const cited = lines.filter((line) => line.startsWith("  - ")).map((line) => LINE.exec(line) ?? [line]);
    expect(cited).to.have.length.above(50);
    for (const [line, name = "", path = "", title = ""] of cited) {
      expect(path, `${line} names a file and a title`).to.match(new RegExp(`/${name}$`, "v"));
      expect(readFileSync(new URL(path, PAGE), "utf8"), `${name}: ${title}`).to.include(title);
    }
  });

  it("has a test under every property", () => {
    const alone = lines.filter((line, i) => line.startsWith("- ") && !lines[i + 1]?.startsWith("  - "));
    expect(alone).to.deep.equal([]);
  });
});
