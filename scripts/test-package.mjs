// Installs the package as a user would, outside of the repository, and runs the examples on Node 22 and on the project's
// own, with the types checked; then has the installed command read a chain, as the repository's own does. Answers with the
// exit code 1 at the first thing that fails.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const NODE_22 = "node@22.23.3";

const root = path.resolve(import.meta.dirname, "..");
const npm = process.env.npm_execpath;
const folder = mkdtempSync(path.join(tmpdir(), "sequester-package-"));

function run(command, args, cwd) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (status !== 0) throw new Error(`${[command, ...args].join(" ")} ended with ${status}\n${stdout}${stderr}`);
  return stdout.trim();
}

/** What whoever has the package and a deployment's file asks of a node, without a clone. */
const HOLDER = "0xAa7Af95FBdbA5Ef0D3edF424A388299275bE5892";
const ASKED = [
  ["notice", HOLDER],
  ["hold", "list"],
  ["hold", "feed"],
  ["case", "show", "KOLSAI-1"],
  ["demand", "list"],
  ["licence", "list"],
  ["rule", "list"],
  ["officer", "list"],
  ["audit", "reconcile"],
];

/** Has the installed command ask a chain that the repository's opens, and compares what both say. */
async function askChain(installed) {
  const ours = path.join(root, "src/cli/sequester.mjs");
  const chain = path.join(folder, "chain");
  run(
    process.execPath,
    [
      ours,
      "operation",
      "run",
      path.join(root, "operations/kolsai"),
      "--out",
      path.join(folder, "papers"),
      "--keep",
      chain,
    ],
    folder,
  );
  const node = spawn(process.execPath, [ours, "chain", "open", chain, "--port", "0"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  try {
    const [said] = await once(node.stdout, "data");
    const [url] = String(said).match(/http:\/\/\S+/);
    const place = ["--rpc", url, "--deployment", path.join(chain, "deployment.json")];
    for (const asked of ASKED) {
      const [has, needs] = [installed, ours].map((command) =>
        run(process.execPath, [command, ...asked, ...place], folder),
      );
      if (has === "" || has !== needs)
        throw new Error(`${asked.join(" ")} of the package told\n${has}\nneeds\n${needs}`);
    }
    const [hash] = run(process.execPath, [installed, "audit", "snapshot", "-o", "pack.zip", ...place], folder)
      .split("\n")
      .slice(-1);
    run(process.execPath, [installed, "audit", "verify", "pack.zip", "--block-hash", hash, ...place.slice(2)], folder);
    console.log(
      `the installed command answers ${ASKED.length} questions about a chain as the clone does, and proves a pack`,
    );
  } finally {
    node.kill();
  }
  const { status, stderr } = spawnSync(
    process.execPath,
    [installed, "operation", "run", path.join(root, "operations/kolsai")],
    { cwd: folder, encoding: "utf8" },
  );
  if (status !== 1 || !stderr.includes("needs: a clone of the repository"))
    throw new Error(`operation run of the package ended with ${status}\n${stderr}`);
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
  await askChain(inExample("sequester-custody/sequester.js"));
} finally {
  rmSync(folder, { recursive: true });
}
