import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { countOf } from "../../../src/base/words.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");

/** What is counted somewhere. */
const NOUNS =
  "accounts|answers|appeals|balances|bytes|cases|claims|days|decimals|duplicates|entries|faults|fields|hops|ledgers|" +
  "lines|logs|officers|orders|positions|rows|seeds|targets|times|transactions|transfers|units|values|wallets";

describe("a number with its noun", () => {
  it("is in the plural unless it is one", () => {
    expect([0, 1, 2].map((n) => countOf(n, "target"))).to.deep.equal(["0 targets", "1 target", "2 targets"]);
    expect([1n, 12n].map((n) => countOf(n, "base unit"))).to.deep.equal(["1 base unit", "12 base units"]);
    expect(["1", "1,000"].map((n) => countOf(n, "entry"))).to.deep.equal(["1 entry", "1,000 entries"]);
    expect(["day", "loss", "match"].map((noun) => countOf(2, noun))).to.deep.equal(["2 days", "2 losses", "2 matches"]);
  });

  it("is written by that one function, wherever the number can be one", () => {
    // A constant, what the line's own condition says to be more than one, and what is never one.
    const known =
      /\$\{[A-Z_]+\}| > 1 \?| !== 1\)|=== 1 \?|are called|within 24 hours|needs \$\{length \?\? "whole"\} bytes|lines of the contracts/;
    const found = ["src", "scripts"].flatMap((folder) =>
      globSync("**/*.{ts,mjs}", { cwd: path.join(ROOT, folder) }).flatMap((file) =>
        readFileSync(path.join(ROOT, folder, file), "utf8")
          .split("\n")
          .filter(
            (line) =>
              new RegExp(`\\$\\{[^{}]*\\} (?:base |no |stolen |smaller )?(?:${NOUNS})\\b`).test(line) &&
              !known.test(line),
          )
          .map((line) => `${folder}/${file}: ${line.trim()}`),
      ),
    );
    expect(found).to.deep.equal([]);
  });
});
