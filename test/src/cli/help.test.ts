import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import type { Command } from "commander";
import { main, programOn } from "../../../src/cli/program.ts";
import { removeTemporaryFolders, temporaryFolder } from "../operation/folders.ts";

const MAIN = path.resolve(import.meta.dirname, "../../../src/cli/main.ts");

const said = { out: "", err: "" };
const surroundings = {
  stdout: { write: (text: string) => (said.out += text) },
  stderr: { write: (text: string) => (said.err += text) },
  run: () => Promise.reject(new Error("no operation is run here")),
};

/** The arguments that call each command, the program's own first. */
const commandsOf = (command: Command, called: readonly string[] = []): (readonly string[])[] => [
  called,
  ...command.commands.flatMap((it) => commandsOf(it, [...called, it.name()])),
];
const COMMANDS = commandsOf(programOn(surroundings));

describe("--help", () => {
  after(removeTemporaryFolders);

  it("is asked of all commands that there are", () => {
    const names = COMMANDS.map((called) => called.join(" "));
    expect(names).to.include.members(["", "operation", "operation run", "trace plan", "compensation make", "notice"]);
  });

  for (const called of COMMANDS) {
    it(`of \`${["sequester", ...called].join(" ")}\` tells its usage, all of its options and their defaults`, async () => {
      Object.assign(said, { out: "", err: "" });
      const code = await main([...called, "--help"], surroundings);
      expect([code, said.err]).to.deep.equal([0, ""]);
      expect(said.out).to.match(new RegExp(`^Usage: ${["sequester", ...called].join(" ")} `));
      const command = called.reduce(
        (it, name) => it.commands.find((sub) => sub.name() === name)!,
        programOn(surroundings),
      );
      for (const { flags, hidden } of command.options) if (!hidden) expect(said.out).to.include(flags);
      expect(said.out).to.not.include("[]").and.not.include("undefined");
    });
  }

  it("of everything that can be done has an example", () => {
    for (const called of COMMANDS) {
      const command = called.reduce(
        (it, name) => it.commands.find((sub) => sub.name() === name)!,
        programOn(surroundings),
      );
      if (command.commands.length > 0) continue;
      Object.assign(said, { out: "", err: "" });
      command.outputHelp();
      expect(said.out).to.include(`\nExample:\n  npx --no-install sequester ${called.join(" ")} `);
    }
  });

  it("of everything about an order has an example and the exit codes", () => {
    const order = programOn(surroundings).commands.find((it) => it.name() === "order")!;
    for (const verb of ["show", "verify", "merge", "status"]) {
      const command = order.commands.find((it) => it.name() === verb)!;
      Object.assign(said, { out: "", err: "" });
      command.outputHelp();
      expect(said.out, verb).to.match(
        new RegExp(`\\nExample:\\n  npx --no-install sequester order ${verb} [^]*\\nExit codes: 0 .*64 `),
      );
    }
  });

  it("loads no package but the one that reads arguments", () => {
    const hook = path.join(temporaryFolder(), "hook.mjs");
    mkdirSync(path.dirname(hook), { recursive: true });
    writeFileSync(
      hook,
      `import { registerHooks } from "node:module";
      registerHooks({ load: (url, context, next) => (console.error("loaded", url), next(url, context)) });`,
    );
    for (const args of [
      ["--help"],
      ["--version"],
      ["trace", "plan", "--help"],
      ["order", "verify", "--help"],
      ["operation", "run", "--help"],
    ]) {
      const call = ["--import", pathToFileURL(hook).href, MAIN, ...args];
      const { status, stderr } = spawnSync(process.execPath, call, { encoding: "utf8" });
      expect(status, stderr).to.equal(0);
      const packages = [...stderr.matchAll(/^loaded file:.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/gm)].map(
        ([, name]) => name,
      );
      expect([...new Set(packages)], args.join(" ")).to.deep.equal(["commander"]);
    }
  });
});
