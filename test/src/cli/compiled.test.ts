// Long: runs the compiler, on one small contract.
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { artifactOf } from "../../../src/chain/artifacts.ts";
import { compileAnew } from "../../../src/cli/audit/compiled.ts";
import { BuildFailedError } from "../../../src/cli/build.ts";
import { removeTemporaryFolders, temporaryFolder } from "../operation/folders.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const NAME = "CaseVault";

describe("contracts compiled anew", function () {
  this.timeout(60_000);
  let artifacts: string;
  after(removeTemporaryFolders);

  /** What the last build left, with what it gave the compiler changed, and nothing of what the compiler made. */
  function forged(change: (job: string) => string): string {
    const folder = path.join(temporaryFolder(), "build-info");
    mkdirSync(folder);
    const from = path.join(ROOT, "artifacts/build-info");
    for (const file of readdirSync(from).filter((name) => !name.endsWith(".output.json"))) {
      writeFileSync(path.join(folder, file), change(readFileSync(path.join(from, file), "utf8")));
    }
    return path.dirname(folder);
  }

  before(() => {
    artifacts = forged((job) => {
      const parsed = JSON.parse(job) as { input: { sources: Record<string, { content: string }> } };
      for (const source of Object.values(parsed.input.sources)) source.content = "contract CaseVault {}";
      return JSON.stringify(parsed);
    });
  });

  it("are made of the sources on disk, whatever the last build left", async () => {
    const { version, of } = await compileAnew([NAME], { artifacts });
    const { deployedBytecode, immutableReferences } = artifactOf(NAME);
    expect(of(NAME).deployedBytecode).to.equal(deployedBytecode);
    expect(Object.values(of(NAME).immutableReferences)).to.deep.equal(Object.values(immutableReferences));
    expect(version).to.match(/^0\.8\.37\+commit\./);
  });

  it("are others once a source is, and none where it is no Solidity, missing or from elsewhere", async () => {
    const root = temporaryFolder();
    cpSync(path.join(ROOT, "contracts"), path.join(root, "contracts"), { recursive: true });
    symlinkSync(path.join(ROOT, "node_modules"), path.join(root, "node_modules"));
    const file = path.join(root, `contracts/${NAME}.sol`);
    const before = readFileSync(file, "utf8");
    writeFileSync(
      file,
      before.replace(/\}\s*$/, "function extra() external pure returns (uint256) { return 1; }\n}\n"),
    );
    const { of } = await compileAnew([NAME], { root, artifacts });
    expect(of(NAME).deployedBytecode).not.to.equal(artifactOf(NAME).deployedBytecode);

    const refused = (of: Parameters<typeof compileAnew>[1]) =>
      compileAnew([NAME], of).then(
        () => "",
        (error: Error) => (error instanceof BuildFailedError ? error.message : String(error)),
      );
    writeFileSync(file, "no Solidity");
    expect(await refused({ root, artifacts })).to.include("ParserError");
    expect(await refused({ root: temporaryFolder(), artifacts })).to.include("could not be compiled");
    const elsewhere = forged((job) => job.replaceAll("project/contracts/types/Act.sol", "project/../Act.sol"));
    expect(await refused({ artifacts: elsewhere })).to.include("of no known place");
    const other = forged((job) => job.replaceAll("contracts@5.7.0", "contracts@5.6.0"));
    expect(await refused({ artifacts: other })).to.include("5.7.0 is installed, 5.6.0 was compiled");
    expect(await refused({ artifacts: temporaryFolder() })).to.include("NotBuiltError");
  });
});
