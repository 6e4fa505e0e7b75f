// Installs Ledger's kit outside of the repository, puts a device that is played in the place of its transport, and runs the
// tests that sign by it. The transport to real devices is not installed: it builds native code and finds nothing here.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const KIT = ["@ledgerhq/device-management-kit@1.10.0", "@ledgerhq/device-signer-kit-ethereum@1.18.1"];
const TRANSPORT = "@ledgerhq/device-transport-kit-node-hid";

const root = path.resolve(import.meta.dirname, "..");
const folder = mkdtempSync(path.join(tmpdir(), "sequester-ledger-"));

function run(args, options) {
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit", ...options });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}`);
}

try {
  writeFileSync(path.join(folder, "package.json"), "{}");
  const quiet = ["--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
  run([process.env.npm_execpath, "install", ...quiet, ...KIT], { cwd: folder });
  const transport = path.join(folder, "node_modules", TRANSPORT);
  mkdirSync(transport);
  cpSync(path.join(root, "test/ledger/device.mjs"), path.join(transport, "device.mjs"));
  writeFileSync(path.join(transport, "package.json"), JSON.stringify({ name: TRANSPORT, exports: "./device.mjs" }));
  const hardhat = path.join(root, "node_modules/hardhat/dist/src/cli.js");
  const env = { ...process.env, SEQUESTER_LEDGER: folder };
  run([hardhat, "test", "mocha", "test/ledger/ledger.ts"], { cwd: root, env });
} finally {
  rmSync(folder, { recursive: true });
}
