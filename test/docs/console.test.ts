// Long: runs every console block of the documents.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { consoleBlocksOf, Copy, PAGES, ROOT, settle } from "./console.ts";
import { readPage, withMadeParts } from "./write.ts";

describe("the console blocks of the documents", function () {
  this.timeout(180_000);

  for (const name of PAGES) {
    const page = readPage(name);
    const blocks = consoleBlocksOf(page);

    describe(name, () => {
      const copy = new Copy();
      after(() => copy.remove());

      for (const block of blocks) {
        it(`prints what stands there: ${block.title}`, async () => {
          expect(block.lines).to.deep.equal(await copy.settled(block));
        });
      }

      it("has its made parts as they have to be", async () => {
        expect(page).to.equal(await withMadeParts(name, page, copy));
      });
    });
  }
});

describe("npx", () => {
  it("finds the command line, as the pages call it", () => {
    const args = ["--no-install", "sequester", "--version"];
    const { stdout, stderr } = spawnSync("npx", args, { cwd: ROOT, encoding: "utf8" });
    const { version } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as { version: string };
    expect(stdout, stderr).to.equal(`${version}\n`);
  });
});

describe("settle", () => {
  const printed = ["begin", "0d  freeze  4 targets", "9d  arrest  3 targets", "", "Done in 3.4 s.", "end"];
  const settled = (...shown: string[]) => settle("play", shown, printed);

  it("keeps what is printed, with the durations that the page has", () => {
    const shown = printed.with(4, "Done in 9.9 s.");
    expect(settled(...shown)).to.deep.equal(shown);
  });

  it("puts what is printed in place of a figure, a word or a line that is not", () => {
    expect(settled(...printed.with(1, "0d  freeze  5 targets"))).to.deep.equal(printed);
    expect(settled(...printed.slice(1))).to.deep.equal(printed);
    expect(settled()).to.deep.equal(printed);
  });

  it("finds the lines around what is left out, in their order, also where their figures have changed", () => {
    const shown = ["begin", "...", "9d  arrest  3 targets", "...", "end"];
    expect(settled(...shown)).to.deep.equal(shown);
    expect(settled(...shown.with(2, "9d  arrest  7 targets"))).to.deep.equal(shown);
    expect(settled("...")).to.deep.equal(["..."]);
    expect(settled("...", "stop")).to.deep.equal(["...", "end"]);
  });

  it("refuses lines that are not printed, or not in this order", () => {
    expect(() => settled("begin", "...", "9d  seize  3 targets", "...")).to.throw(
      "play printed no line such as: 9d  seize",
    );
    expect(() => settled("...", "9d  arrest  3 targets", "...", "0d  freeze  4 targets", "...")).to.throw(
      "play printed no line such as: 0d  freeze",
    );
  });
});
