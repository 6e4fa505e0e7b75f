// Installs the package as a user would, outside of the repository, and runs the examples on Node 22 and on the project's
// own, with the types checked. Answers with the exit code 1 at the first thing that fails.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const NODE_22 = "node@22.23.3";

const root = path.resolve(import.meta.dirname, "..");
const npm = process.env.npm_execpath;
const folder = mkdtempSync(path.join(tmpdir(), "sequester-package-"));

function run(command, args, cwd) {
  const { status, stdout } = spawnSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  if (status !== 0) throw new Error(`${[command, ...args].join(" ")} ended with ${status}\n${stdout}`);
  return stdout.trim();
}

try {
  run(process.execPath, ["scripts/pack.mjs"], root);
  const tarball = path.join(
    folder,
    run(process.execPath, [npm, "pack", path.join(root, "out/package"), "--silent"], folder),
  );
  cpSync(path.join(root, "examples/verify-order"), path.join(folder, "example"), { recursive: true });
  const example = path.join(folder, "example");
  const quiet = ["--prefer-offline", "--no-audit", "--no-fund", "--silent"];
  run(process.execPath, [npm, "install", ...quiet, tarball, NODE_22], example);
  const inExample = (file) => path.join(example, "node_modules", file);
  run(process.execPath, [path.join(root, "node_modules/typescript/bin/tsc"), "-p", "."], example);
  const expected = readFileSync(path.join(example, "expected.txt"), "utf8").trim();
  for (const node of [process.execPath, inExample("node/bin/node")]) {
    const told = run(node, ["verify.ts", "freeze.order.json"], example);
    if (told !== expected) throw new Error(`${node} told\n${told}\nneeds\n${expected}`);
    console.log(`examples/verify-order runs on Node ${run(node, ["--version"], example)}`);
    const { version } = JSON.parse(readFileSync(inExample("sequester-custody/package.json"), "utf8"));
    const has = run(node, [inExample("sequester-custody/sequester.js"), "--version"], example);
    if (has !== version) throw new Error(`the command says ${has}, needs ${version}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
