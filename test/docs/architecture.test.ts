import { readFileSync } from "node:fs";
import { expect } from "chai";

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");

/** The constants of Terms.sol as they are written there. */
const terms = new Map(
  [...read("contracts/libraries/Terms.sol").matchAll(/constant (\w+) = ([^;]+);/g)].map(([, name, value]) => [
    name!,
    value!,
  ]),
);

describe("docs/architecture.md", () => {
  it("lists every constant that no country can change, with its value and a reason", () => {
    const rows = [...read("docs/architecture.md").matchAll(/^\| `(\w+)` +\| (.+?) +\| (.+?) +\|$/gm)];
    expect(terms.size).to.be.above(20);
    const days = (value: string) => value.replace(/^1 days$/, "1 day");
    expect(rows.map(([, name, value]) => [name, value])).to.deep.equal(
      [...terms].map(([name, value]) => [name, days(value)]),
    );
    for (const [, name, , reason] of rows) expect(reason, name).to.have.length.above(20);
  });
});
