import { spawnSync } from "node:child_process";
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { FolderNotEmptyError, needEmpty, writeWhole } from "../../../../src/tracing/evidence/folder.ts";
import { FileAccessError } from "../../../../src/base/files.ts";
import { removeTemporaryFolders, temporaryFolder } from "../../operation/folders.ts";

const MODULE = path.resolve(import.meta.dirname, "../../../../src/tracing/evidence/folder.ts");

describe("a folder that appears whole", () => {
  after(removeTemporaryFolders);

  const fill = (part: string) => writeFileSync(path.join(part, "file"), "text");
  const caught = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: unknown) => error,
    );

  it("is written, with the folders above it, or into one that is empty", async () => {
    const parent = temporaryFolder();
    const dir = path.join(parent, "a/b");
    await writeWhole(dir, fill);
    expect(readFileSync(path.join(dir, "file"), "utf8")).to.equal("text");
    expect(readdirSync(path.dirname(dir))).to.deep.equal(["b"]);
    // Whoever may read other folders may read this one.
    expect(statSync(dir).mode).to.equal(statSync(path.dirname(dir)).mode);
    const empty = path.join(parent, "empty");
    mkdirSync(empty);
    await writeWhole(empty, fill);
    expect(readdirSync(empty)).to.deep.equal(["file"]);
  });

  it("is refused where anything is in it, which stays as it is", async () => {
    const dir = temporaryFolder();
    writeFileSync(path.join(dir, "other"), "");
    expect(await caught(writeWhole(dir, fill)))
      .to.be.instanceOf(FolderNotEmptyError)
      .with.property("code", 64);
    expect(readdirSync(dir)).to.deep.equal(["other"]);
    expect(() => needEmpty(path.join(dir, "other"))).to.throw(FileAccessError, "cannot be used");
    // Somebody else was faster.
    const late = path.join(temporaryFolder(), "late");
    const work = writeWhole(late, (part) => {
      fill(part);
      mkdirSync(late);
      writeFileSync(path.join(late, "mine"), "");
    });
    expect(await caught(work)).to.be.instanceOf(FolderNotEmptyError);
    expect([readdirSync(late), readdirSync(path.dirname(late))]).to.deep.equal([["mine"], ["late"]]);
  });

  it("leaves nothing behind where the process is ended meanwhile", () => {
    const parent = temporaryFolder();
    const module = path.resolve(import.meta.dirname, "../../../../src/tracing/evidence/folder.ts");
    const [from, to] = [module, path.join(parent, "out")].map((it) => JSON.stringify(it));
    const script = `import { writeWhole } from ${from}; await writeWhole(${to}, () => process.exit(2));`;
    const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
    expect([status, readdirSync(parent)], stderr).to.deep.equal([2, []]);
  });

  it("leaves nothing behind where its content fails", async () => {
    const parent = temporaryFolder();
    const fault = new Error("no more");
    const work = writeWhole(path.join(parent, "out"), (part) => {
      fill(part);
      throw fault;
    });
    expect(await caught(work)).to.equal(fault);
    expect(readdirSync(parent)).to.deep.equal([]);
  });

  it("is not there where the process is killed before all was written", async function () {
    this.timeout(20_000);
    const parent = temporaryFolder();
    const out = path.join(parent, "out");
    const script = `import { writeWhole } from ${JSON.stringify(MODULE)};
      import { writeFileSync } from "node:fs";
      await writeWhole(${JSON.stringify(out)}, (part) => {
        writeFileSync(part + "/result.csv", "half");
        console.log("begun");
        return new Promise((resolve) => setTimeout(resolve, 60_000));
      });`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    child.kill("SIGKILL");
    await new Promise((resolve) => child.once("exit", resolve));
    expect(readdirSync(parent).filter((name) => !name.startsWith("."))).to.deep.equal([]);
    // And the next one is not in its way.
    await writeWhole(out, fill);
    expect(readdirSync(out)).to.deep.equal(["file"]);
  });
});
