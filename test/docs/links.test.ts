import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { PAGES, ROOT } from "./console.ts";
import { readPage } from "./write.ts";

interface Link {
  text: string;
  /** The file that it leads to, below the project's folder. */
  file: string;
  anchor: string | undefined;
}

/** The links of a text within the project. */
const linksIn = (text: string, page: string): Link[] =>
  [...text.replace(/^```[^]*?^```$/gm, "").matchAll(/\[([^\]]+)\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)].map(
    ([, text, file, anchor]) => ({
      text: text!,
      file: file === "" ? page : path.join(path.dirname(page), file!),
      anchor,
    }),
  );

/** The anchors that GitHub gives to the headings of a page. */
const anchorsOf = (page: string): string[] =>
  [...page.replace(/^```[^]*?^```$/gm, "").matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );

/** How often a name is declared in a file: as a function, a type, a constant, or a key of an object. */
const declarationsOf = (name: string, text: string): number =>
  [...text.matchAll(/^\s*(?:export )?(?:function|const|interface|class|type|struct|error|event) (\w+)|^\s*(\w+):/gm)]
    .map(([, declared, key]) => declared ?? key)
    .filter((it) => it === name).length;

describe("the links of the documents", () => {
  for (const page of PAGES) {
    it(`lead to what is there: ${page}`, () => {
      for (const { text, file, anchor } of linksIn(readPage(page), page)) {
        expect(existsSync(path.join(ROOT, file)), `[${text}]: ${file}`).to.equal(true);
        if (anchor !== undefined) expect(anchorsOf(readPage(file)), `[${text}]: ${file}`).to.include(anchor);
      }
    });
  }

  it("answer each of the ten questions at one place: a heading, a page, or a name that its file declares once", () => {
    const page = "docs/architecture.md";
    const table = /## Ten questions\n([^]*?)\n## /.exec(readPage(page))![1]!;
    const rows = table.split("\n").filter((line) => /^\| .*\?/.test(line));
    expect(rows).to.have.length(10);
    for (const row of rows) {
      const links = linksIn(row, page);
      expect(links, row).to.have.length(1);
      const [{ text, file }] = links as [Link];
      const name = /^`(\w+)`$/.exec(text)?.[1];
      if (name === undefined) expect(file, row).to.match(/\.md$/);
      else expect(declarationsOf(name, readFileSync(path.join(ROOT, file), "utf8")), row).to.equal(1);
    }
  });

  it("reach every page from README.md, which has no more than 150 lines", () => {
    expect(readPage("README.md").split("\n")).to.have.length.at.most(151);
    const linked = linksIn(readPage("README.md"), "README.md").map(({ file }) => file);
    expect(PAGES.filter((page) => page !== "README.md" && !linked.includes(page))).to.deep.equal([]);
  });
});
