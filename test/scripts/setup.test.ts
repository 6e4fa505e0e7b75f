import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { removeTemporaryFolders, temporaryFolder } from "../src/operation/folders.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const INSTALLED = "node_modules/.package-lock.json";

interface Package {
  version: string;
  integrity?: string;
  optional?: boolean;
}

const ZOD: Package = { version: "4.6.7", integrity: "sha512-zod" };
const OTHER_SYSTEM: Package = { version: "1.0.0", integrity: "sha512-win", optional: true };
const LOCKED = { "node_modules/zod": ZOD, "node_modules/of-another-system": OTHER_SYSTEM };

describe("scripts/setup.mjs", () => {
  let dir: string;

  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
    writeFileSync(path.join(dir, file), text);
  };
  const lock = (file: string, packages: Record<string, object>) => write(file, JSON.stringify({ packages }));

  /** Whether npm was asked to install, by an npm that only says so. */
  function installs(): boolean {
    const { status, stderr } = spawnSync(process.execPath, [path.join(dir, "scripts/setup.mjs")], {
      env: { ...process.env, npm_execpath: path.join(dir, "npm.mjs") },
      encoding: "utf8",
    });
    expect(status, stderr).to.equal(0);
    const installed = existsSync(path.join(dir, "installed"));
    if (installed) expect(readFileSync(path.join(dir, "installed"), "utf8")).to.equal("ci --no-audit --no-fund");
    rmSync(path.join(dir, "installed"), { force: true });
    return installed;
  }

  beforeEach(() => {
    dir = temporaryFolder();
    cpSync(path.join(ROOT, "scripts/setup.mjs"), path.join(dir, "scripts/setup.mjs"));
    write(
      "npm.mjs",
      'import { writeFileSync } from "node:fs"; writeFileSync("installed", process.argv.slice(2).join(" "));',
    );
    write(`node_modules/node/bin/node${process.platform === "win32" ? ".exe" : ""}`, "");
    write("node_modules/@nomicfoundation/edr-here/package.json", "{}");
    lock("package-lock.json", { "": { name: "sequester" }, ...LOCKED });
    lock(INSTALLED, { "node_modules/zod": ZOD });
  });
  after(removeTemporaryFolders);

  it("installs nothing again for a lock that was only touched, or written otherwise", () => {
    const later = new Date(Date.now() + 60_000);
    utimesSync(path.join(dir, "package-lock.json"), later, later);
    expect(installs()).to.equal(false);
    write("package-lock.json", JSON.stringify({ packages: { "": {}, ...LOCKED } }, null, 4));
    expect(installs()).to.equal(false);
  });

  it("installs again for a lock of another content, however old it is", () => {
    const more = { "node_modules/yaml": { version: "2.9.1", integrity: "sha512-yaml" } };
    const others: Record<string, object>[] = [
      { ...LOCKED, "node_modules/zod": { ...ZOD, version: "4.6.8" } },
      { ...LOCKED, "node_modules/zod": { ...ZOD, integrity: "sha512-other" } },
      { ...LOCKED, ...more },
      { "node_modules/of-another-system": OTHER_SYSTEM },
    ];
    const long = new Date(0);
    for (const packages of others) {
      lock("package-lock.json", { "": {}, ...packages });
      utimesSync(path.join(dir, "package-lock.json"), long, long);
      expect(installs(), JSON.stringify(packages)).to.equal(true);
    }
  });

  it("installs where nothing was, or not to its end", () => {
    rmSync(path.join(dir, INSTALLED));
    expect(installs()).to.equal(true);
    write(INSTALLED, '{ "packages": {');
    expect(installs()).to.equal(true);
  });
});
