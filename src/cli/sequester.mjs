#!/usr/bin/env node
// Starts the command line on any Node: installs what a fresh clone lacks, moves to the project's own Node when the
// running one cannot execute TypeScript, then loads `main.ts`. Hardhat finds its configuration from any folder.
import { spawn } from "node:child_process";
import { fstatSync } from "node:fs";
import module from "node:module";
import { constants } from "node:os";
import path from "node:path";
import { getSystemErrorMap } from "node:util";

const root = path.resolve(import.meta.dirname, "../..");
const ownNode = path.join(root, "node_modules/node/bin", process.platform === "win32" ? "node.exe" : "node");

process.env.HARDHAT_CONFIG = path.join(root, "hardhat.config.ts");

await import("../../scripts/setup.mjs");

// What Node made of the files it keeps, so that the next start takes a part of the time.
const cache = path.join(root, "node_modules/.cache/node");
const main = path.join(import.meta.dirname, "main.ts");

/** The file descriptor of --password-fd, and what is below it. */
function more() {
  const text = process.argv[process.argv.indexOf("--password-fd") + 1];
  if (!/^\d{1,3}$/.test(text) || Number(text) < 3) return [];
  const isOpen = (fd) => {
    try {
      return fstatSync(fd) !== undefined;
    } catch {
      return false;
    }
  };
  return Array.from({ length: Number(text) - 2 }, (_, i) =>
    i + 3 === Number(text) && isOpen(i + 3) ? i + 3 : "ignore",
  );
}

if (process.features.typescript || process.execPath === ownNode) {
  module.enableCompileCache(cache);
  await import("./main.ts");
} else {
  const env = { NODE_COMPILE_CACHE: cache, ...process.env };
  const child = spawn(ownNode, [main, ...process.argv.slice(2)], {
    stdio: ["inherit", "inherit", "inherit", ...more()],
    env,
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    const reason = getSystemErrorMap().get(error.errno)?.[1];
    console.error(`sequester: the project's own Node could not be started (${reason}); run: npm ci`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}
