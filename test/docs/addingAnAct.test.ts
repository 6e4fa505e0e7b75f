import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";

const root = path.join(import.meta.dirname, "../..");
const page = readFileSync(path.join(root, "docs/adding-an-act.md"), "utf8");

describe("docs/adding-an-act.md", () => {
  it("names places, tests and commands that exist", () => {
    const links = [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => path.join(root, "docs", link!));
    expect(links).to.have.length.above(15);
    for (const link of links) expect(existsSync(link), link).to.equal(true);
    const tests = new Set(globSync("test/**/*.test.ts", { cwd: root }).map((file) => path.basename(file)));
    for (const [test] of page.matchAll(/\w+\.test\.ts/g)) expect([...tests]).to.include(test);
    const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { scripts: object };
    for (const [, script] of page.matchAll(/npm run ([\w:]+)/g)) expect(scripts).to.have.property(script!);
  });
});
