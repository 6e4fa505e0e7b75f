// Long: starts a program for each refusal.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { removeTemporaryFolders, temporaryFolder } from "../src/operation/folders.ts";

const SCRIPTS = path.resolve(import.meta.dirname, "../../scripts");

describe("scripts refuse what cannot be read or written in plain words", () => {
  after(removeTemporaryFolders);

  for (const [script, args] of [
    ["generate-tumar.ts", (file: string) => ["--out", file]],
    ["generate-tumar.ts", (file: string) => ["--out", path.join(file, "below")]],
    ["generate-tumar.ts", () => ["--out", "/proc/x"]],
    ["generate-transfers.ts", (file: string) => ["--out", path.join(file, "below.csv")]],
    ["generate-transfers.ts", () => ["--out", "/proc/x/transfers.csv"]],
    ["prove-keys.ts", (file: string) => ["--parameters", path.join(file, "below.json5")]],
  ] as const) {
    it(`${script} ${args("FILE").join(" ")}`, function () {
      this.timeout(30_000);
      const file = path.join(temporaryFolder(), "file");
      writeFileSync(file, "");
      const call = [path.join(SCRIPTS, script), ...args(file)];
      const { status, stdout, stderr } = spawnSync(process.execPath, call, { encoding: "utf8", timeout: 15_000 });
      expect(stderr).to.match(/^.+ cannot be used\.\n {2}has: .+\n {2}needs: .+\n$/);
      expect(stderr).to.not.match(/\bE[A-Z]{4,}\b|no such file or directory/);
      expect([status, stdout]).to.deep.equal([64, ""]);
    });
  }
});
