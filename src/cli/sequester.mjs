#!/usr/bin/env node
// Starts the command line on any Node: installs what a fresh clone lacks, moves to the project's own Node when the
// running one cannot execute TypeScript, then loads `main.ts`. Hardhat finds its configuration from any folder.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");
const ownNode = path.join(root, "node_modules/node/bin", process.platform === "win32" ? "node.exe" : "node");

process.env.HARDHAT_CONFIG = path.join(root, "hardhat.config.ts");

await import("../../scripts/setup.mjs");

if (process.features.typescript || process.execPath === ownNode) {
  await import("./main.ts");
} else {
  const child = spawn(ownNode, [import.meta.filename, ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(`sequester: the project's own Node could not be started (${error.message}); run: npm ci`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}
