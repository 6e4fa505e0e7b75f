import { readFileSync } from "node:fs";
import { expect } from "chai";

const LINE = /^ {2}- \[([^\]]+)\]\(([^)]+)\): `(.*)`$/;
const pageOf = (name: string) => new URL(`../../docs/${name}`, import.meta.url);
const linesOf = (name: string) => readFileSync(pageOf(name), "utf8").split("\n");

for (const page of ["properties.md", "standards.md"]) {
  describe(`docs/${page}`, () => {
    it("names for every property a test that stands in its file", () => {
      const cited = linesOf(page).filter((line) => line.startsWith("  - "));
      expect(cited).to.have.length.above(30);
      for (const [line, name = "", path = "", title = ""] of cited.map((line) => LINE.exec(line) ?? [line])) {
        expect(path, `${line} names a file and a title`).to.match(new RegExp(`/${name}$`, "v"));
        expect(readFileSync(new URL(path, pageOf(page)), "utf8"), `${name}: ${title}`).to.include(title);
      }
    });
  });
}

/** Whether tests are cited under a line. */
const isShown = (lines: readonly string[], i: number): boolean => {
  const next = lines[i + 1] ?? "";
  return next.startsWith("  - ") || (next.startsWith("  ") && isShown(lines, i + 1));
};

describe("docs/properties.md", () => {
  it("has a test under every property", () => {
    const lines = linesOf("properties.md");
    expect(lines.filter((line, i) => line.startsWith("- ") && !isShown(lines, i))).to.deep.equal([]);
  });
});

describe("docs/standards.md", () => {
  const lines = linesOf("standards.md");
  const requirements = lines.flatMap((line, i) => {
    const [, number, said] = /^- (\d+), [^*]+\*\*([^*]+)\*\*/.exec(line) ?? [];
    return number === undefined ? [] : [{ number: Number(number), said: said!, line, shown: isShown(lines, i) }];
  });

  it("says of each of the 31 requirements once whether it is held", () => {
    expect(requirements.map(({ number }) => number)).to.deep.equal(Array.from({ length: 31 }, (_, i) => i + 1));
    const words = new Set(requirements.map(({ said }) => said));
    expect([...words].sort()).to.deep.equal(["By choice not", "Held", "In part", "Not ours"]);
  });

  it("has a test under whatever is held, and a reason beside whatever is not", () => {
    for (const { said, line, shown } of requirements) {
      if (said === "Held" || said === "In part") expect(shown, line).to.equal(true);
      else expect(line.split("**").at(-1)!.length, line).to.be.above(40);
    }
  });
});
