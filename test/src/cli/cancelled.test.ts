// Long: compiles the contracts until it is interrupted.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { folderOf, removeTemporaryFolders, temporaryFolder } from "../operation/folders.ts";
import { smallFiles } from "../operation/small.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const SOURCES = ["src", "scripts", "contracts", "deploy/parameters", "package.json", "package-lock.json"];
const COMPILES = "Compiling the contracts (once, about 90 seconds) ...\n";

/** The project without what the compiler made of it. */
function notCompiled(): string {
  const dir = temporaryFolder();
  for (const name of [...SOURCES, "hardhat.config.ts", "tsconfig.json"]) {
    cpSync(path.join(ROOT, name), path.join(dir, name), { recursive: true });
  }
  mkdirSync(path.join(dir, "test/mocks"), { recursive: true });
  symlinkSync(path.join(ROOT, "node_modules"), path.join(dir, "node_modules"), "junction");
  return dir;
}

interface Running {
  pid: number;
  parent: number;
  args: string;
}

const running = (): Running[] =>
  spawnSync("ps", ["-eo", "pid,ppid,args", "-ww"], { encoding: "utf8" })
    .stdout.split("\n")
    .flatMap((line) => {
      const [, pid, parent, args] = /^ *(\d+) +(\d+) (.*)$/.exec(line) ?? [];
      return args === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), args }];
    });

/** The processes that one has started, and those that they have. */
function startedBy(pid: number, all = running()): Running[] {
  return all.filter(({ parent }) => parent === pid).flatMap((it) => [it, ...startedBy(it.pid, all)]);
}

describe("Ctrl-C while the contracts are compiled", function () {
  this.timeout(60_000);
  let dir: string;
  let operation: string;

  before(() => {
    [dir, operation] = [notCompiled(), folderOf(smallFiles())];
  });
  after(removeTemporaryFolders);

  /** Begins an operation, and interrupts it when the compiler has begun. */
  async function interrupted(interrupt: (child: ChildProcess) => void) {
    const command = [path.join(dir, "src/cli/sequester.mjs"), "operation", "run", operation];
    // Where the installation is stale, npm must not replace it through the link: there is none at this place.
    const env = { ...process.env, npm_execpath: path.join(dir, "no-npm.mjs") };
    const child = spawn(process.execPath, command, { detached: true, env, stdio: ["ignore", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (text) => (stdout += text));
    child.stderr.on("data", (text) => (stderr += text));
    const closed = once(child, "close");
    let started: Running[] = [];
    while (child.exitCode === null && !started.some(({ args }) => args.includes("solcjs-runner"))) {
      await new Promise((done) => setTimeout(done, 100));
      started = startedBy(child.pid!);
    }
    interrupt(child);
    const [code] = (await closed) as [number];
    // What is killed ends a moment later, and is defunct until somebody asks for it.
    const isLeft = ({ pid, args }: Running) => !args.includes("<defunct>") && started.some((it) => it.pid === pid);
    const until = Date.now() + 5_000;
    while (running().some(isLeft) && Date.now() < until) await new Promise((done) => setTimeout(done, 100));
    return { code, stdout, stderr, left: running().filter(isLeft) };
  }

  for (const [by, interrupt] of [
    ["a terminal, which tells every process", (child: ChildProcess) => process.kill(-child.pid!, "SIGINT")],
    ["whoever knows the command alone", (child: ChildProcess) => child.kill("SIGINT")],
  ] as const) {
    it(`by ${by}, ends with 2 and one plain line, and the compiler with it`, async () => {
      expect(await interrupted(interrupt)).to.deep.equal({
        code: 2,
        stdout: "",
        left: [],
        stderr: `${COMPILES}\nsequester: cancelled\n`,
      });
    });
  }
});
