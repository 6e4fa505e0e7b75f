import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { removeTemporaryFolders } from "../../operation/folders.ts";
import { filesIn, hash, sequester, shop, thief, THEFT, wallet, writeCase } from "../evidence/harness.ts";

describe("a trace that keeps its work", () => {
  after(removeTemporaryFolders);

  const METHODS = ["fifo", "libr", "haircut", "taint-first", "lifo", "poison"].flatMap((it) => ["--method", it]);

  /** Traces a case that is in a folder, with the work of earlier runs or without; answers all files that were written. */
  async function evidence(options: string[], out: string, work?: string) {
    const kept = work === undefined ? [] : ["--work", work];
    const done = await sequester("trace", "run", ...options, ...METHODS, ...kept, "--out", out);
    expect(done.code, done.stderr).to.equal(0);
    const files = filesIn(out);
    rmSync(out, { recursive: true });
    return files;
  }

  it("writes the same bytes as one that does not, the first time, again, and when the history has grown", async () => {
    const { dir, options } = writeCase(THEFT);
    const [out, work] = [path.join(dir, "out"), path.join(dir, "work")];
    const plain = await evidence(options, out);
    expect(await evidence(options, out, work)).to.deep.equal(plain);
    expect(readdirSync(work).sort()).to.deep.equal(["read.json", "state", "transfers"]);
    expect(await evidence(options, out, work)).to.deep.equal(plain);
    appendFileSync(path.join(dir, "transfers.csv"), `112,7,${hash(50)},${thief},${wallet(77)},90\n`);
    const grown = await evidence(options, out);
    expect(grown["result.csv"]).to.not.equal(plain["result.csv"]);
    expect(await evidence(options, out, work)).to.deep.equal(grown);
  });

  it("does not believe work that was changed, or is of other inputs", async () => {
    const { dir, options } = writeCase(THEFT);
    const [out, work] = [path.join(dir, "out"), path.join(dir, "work")];
    const plain = await evidence(options, out, work);
    for (const file of readdirSync(work, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())) {
      const name = path.join(file.parentPath, file.name);
      const bytes = readFileSync(name);
      const spoiled = Buffer.from(bytes);
      spoiled[spoiled.length >> 1]! ^= 1;
      writeFileSync(name, spoiled);
      expect(await evidence(options, out, work), file.name).to.deep.equal(plain);
      writeFileSync(name, bytes.subarray(0, bytes.length >> 1));
      expect(await evidence(options, out, work), file.name).to.deep.equal(plain);
    }
    const csv = path.join(dir, "transfers.csv");
    writeFileSync(csv, readFileSync(csv, "utf8").replace(`${shop},77`, `${shop},78`));
    expect(await evidence(options, out, work)).to.deep.equal(await evidence(options, out));
  });
});
