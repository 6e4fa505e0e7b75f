// The console blocks of the documents: found, run in a copy of the project, and written anew from what the commands print.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "../system/ports.ts";

export const ROOT = path.resolve(import.meta.dirname, "../..");

/** Named in the documents, and not run: one installs what is installed, the other runs these very tests. */
const LEFT_OUT: readonly string[] = ["npm ci", "npm test"];

/** What plays long: run once, whichever pages show it. */
const SHARED = /^npm (-s )?start|^npx --no-install sequester operation run .* --keep /;
/** The folders that it writes, which each of these pages has. */
const WRITTEN = /--(?:out|keep) (\S+)/g;

/** A line that stands for lines that are left out. */
const isElision = (line: string) => line === "...";

/** A fenced block: its language, the lines in it, and where they begin in the page's lines. */
interface Fence {
  language: string;
  first: number;
  lines: string[];
}

/** A command with the output that the page shows of it. */
interface Shown {
  command: string;
  /** The lines that show the command. */
  prompt: string[];
  output: string[];
}

/** A console block, and the files that the blocks before it have to be in. */
export interface ConsoleBlock extends Fence {
  title: string;
  commands: Shown[];
  /** Blocks of code before it, whose first line is a comment with the file's name. */
  files: { name: string; text: string }[];
}

function fencesOf(page: string): Fence[] {
  const fences: Fence[] = [];
  let open: Fence | undefined;
  for (const [i, line] of page.split("\n").entries()) {
    const fence = /^```(\w*)$/.exec(line);
    if (open !== undefined && line === "```") {
      fences.push(open);
      open = undefined;
    } else if (open !== undefined) open.lines.push(line);
    else if (fence !== null) open = { language: fence[1]!, first: i + 1, lines: [] };
  }
  if (open !== undefined) throw new Error(`a block that begins in line ${open.first} has no end`);
  return fences;
}

/** The console blocks of a page, in its order. */
export function consoleBlocksOf(page: string): ConsoleBlock[] {
  const blocks: ConsoleBlock[] = [];
  let files: ConsoleBlock["files"] = [];
  for (const fence of fencesOf(page)) {
    const named = /^\/\/ (\w[\w.]*)$/.exec(fence.lines[0] ?? "");
    if (named !== null) files.push({ name: named[1]!, text: `${fence.lines.join("\n")}\n` });
    if (fence.language !== "console") continue;
    const commands = commandsIn(fence);
    blocks.push({ ...fence, title: commands[0]!.command, commands, files });
    files = [];
  }
  return blocks;
}

function commandsIn({ first, lines }: Fence): Shown[] {
  const commands: Shown[] = [];
  for (const line of lines) {
    const last = commands.at(-1);
    if (line.startsWith("$ ")) commands.push({ command: line.slice(2), prompt: [line], output: [] });
    else if (last === undefined) throw new Error(`the console block in line ${first} begins without a command`);
    else if (last.output.length === 0 && last.prompt.at(-1)!.endsWith("\\")) {
      last.command = `${last.command.slice(0, -1).trimEnd()} ${line.trim()}`;
      last.prompt.push(line);
    } else last.output.push(line);
  }
  return commands;
}

/** A copy of the project in which the commands of one page are run, one after the other. */
export class Copy {
  static readonly #shared = new Map<string, { printed: string[]; folders: string }>();
  #made: string | undefined;
  readonly #background: ChildProcess[] = [];
  /** In place of the port that the pages name: that one may be taken. */
  #port = 0;

  /** Made when it is needed. */
  get #dir(): string {
    return (this.#made ??= this.#make());
  }

  #make(): string {
    const dir = mkdtempSync(path.join(tmpdir(), "sequester-docs-"));
    const { stdout } = spawnSync("git", ["ls-files", "-z"], { cwd: ROOT, encoding: "utf8" });
    for (const name of stdout.split("\0").filter((it) => it !== "" && existsSync(path.join(ROOT, it)))) {
      cpSync(path.join(ROOT, name), path.join(dir, name), { preserveTimestamps: true });
    }
    symlinkSync(path.join(ROOT, "node_modules"), path.join(dir, "node_modules"), "junction");
    for (const name of ["artifacts", "cache", "types"]) {
      cpSync(path.join(ROOT, name), path.join(dir, name), { recursive: true, preserveTimestamps: true });
    }
    // The cache names files by their whole paths. Written now, it is younger than any source: whoever runs the tests has
    // compiled them.
    const cache = path.join(dir, "cache/compile-cache.json");
    writeFileSync(cache, readFileSync(cache, "utf8").replaceAll(`"${ROOT}/`, `"${dir}/`));
    return dir;
  }

  /** The block as it has to be shown: what the commands print now, as much of it as the page shows. */
  async settled(block: ConsoleBlock): Promise<string[]> {
    for (const { name, text } of block.files) writeFileSync(path.join(this.#dir, name), text);
    const lines: string[] = [];
    for (const { command, prompt, output } of block.commands) {
      lines.push(...prompt);
      if (LEFT_OUT.includes(command)) {
        if (output.length > 0) throw new Error(`${command} is not run, so that its output cannot be shown`);
      } else lines.push(...settle(command, output, await this.printed(command)));
    }
    return lines;
  }

  /** The lines that a command prints. */
  async printed(command: string): Promise<string[]> {
    const known = Copy.#shared.get(command);
    const names = [...command.matchAll(WRITTEN)].map(([, name]) => name!);
    const copy = (from: string, to: string) => {
      for (const name of names) cpSync(path.join(from, name), path.join(to, name), { recursive: true });
    };
    if (known !== undefined) {
      if (names.length > 0) copy(known.folders, this.#dir);
      return known.printed;
    }
    const printed = await this.#run(command);
    if (SHARED.test(command)) {
      const folders = mkdtempSync(path.join(tmpdir(), "sequester-docs-"));
      process.once("exit", () => rmSync(folders, { recursive: true, force: true }));
      copy(this.#dir, folders);
      Copy.#shared.set(command, { printed, folders });
    }
    return printed;
  }

  async #run(command: string): Promise<string[]> {
    if (command.includes(PORT) && this.#port === 0) this.#port = await freePort();
    const background = command.endsWith("&");
    const child = spawn("sh", ["-c", `exec 2>&1; ${this.#here(command.replace(/ *&$/, ""))}`], {
      cwd: this.#dir,
      env: environment(),
      stdio: ["ignore", background ? "ignore" : "pipe", "inherit"],
      detached: background,
    });
    if (background) {
      this.#background.push(child);
      await answering(this.#port);
      return [];
    }
    let text = "";
    child.stdout!.setEncoding("utf8").on("data", (more: string) => (text += more));
    const [code] = (await once(child, "close")) as [number];
    // What has to be refused is shown with its code: "…; echo $?".
    if (code !== 0) throw new Error(`${command} ended with ${code}:\n${text}`);
    return this.#there(text);
  }

  /** The command as it is run here. */
  #here = (command: string) => (this.#port === 0 ? command : command.replaceAll(PORT, String(this.#port)));

  /** What was printed as it would be elsewhere: without the place of the copy, its port, and npm's banner. */
  #there(text: string): string[] {
    const plain = text.replaceAll(`${this.#dir}/`, "").replace(/^\n> .*\n> .*\n\n/gm, "");
    const lines = (this.#port === 0 ? plain : plain.replaceAll(String(this.#port), PORT)).split("\n");
    return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
  }

  remove(): void {
    for (const { pid } of this.#background) {
      try {
        process.kill(-pid!);
      } catch {
        // It has ended.
      }
    }
    if (this.#made !== undefined) rmSync(this.#made, { recursive: true, force: true, maxRetries: 5 });
  }
}

const PORT = "8545";

/** npm looks for nothing in the network, and no test runner's settings are passed on. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|HARDHAT_|NODE_ENV|MOCHA|FORCE_COLOR)/i.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    PATH: `${path.join(import.meta.dirname, "bin")}${path.delimiter}${process.env["PATH"]}`,
    npm_config_offline: "true",
    npm_config_update_notifier: "false",
    NO_COLOR: "1",
  };
}

/** Waits until something listens. */
async function answering(port: number): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const socket = connect(port, "127.0.0.1");
    const connected = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (connected) return;
    await pause(200);
  }
  throw new Error(`nothing listens on port ${port} after a minute`);
}

/** What differs from run to run, or by the computer: durations. */
const masked = (line: string) => line.replace(/\b\d+(\.\d+)? (s|ms)\b/g, "N $2");

/** A line without its figures, by which it is found again where they have changed. */
const shapeOf = (line: string) => line.replace(/[\d,.]+/g, "#").replace(/ +/g, " ");

/**
 * What a page shows of a command's output, from what was printed: all of it, or the lines around each "...", as many as the page shows.
 * A line that differs in nothing but what is masked stays as the page has it.
 */
export function settle(command: string, shown: readonly string[], printed: readonly string[]): string[] {
  const parts: string[][] = [[]];
  for (const line of shown) {
    if (isElision(line)) parts.push([]);
    else parts.at(-1)!.push(line);
  }
  // All is left out of what does not matter there.
  let cursor = 0;
  return parts.flatMap((part, i) => {
    const [begins, ends] = [i === 0, i === parts.length - 1];
    const length = begins && ends ? printed.length : part.length;
    const at = begins || length === 0 ? cursor : ends ? printed.length - length : find(command, part, printed, cursor);
    const now = printed.slice(at, at + length);
    if (now.length < length || at < cursor) throw new Error(`${command} printed fewer lines than the page shows`);
    cursor = at + length;
    const lines = now.map((line, j) => (part[j] !== undefined && masked(part[j]) === masked(line) ? part[j] : line));
    return begins ? lines : ["...", ...lines];
  });
}

/** Where a part of the page begins in what was printed: at the same line, else at one that differs in its figures alone. */
function find(command: string, part: readonly string[], printed: readonly string[], from: number): number {
  for (const like of [masked, shapeOf]) {
    const at = printed.findIndex((line, i) => i >= from && like(line) === like(part[0]!));
    if (at >= 0) return at;
  }
  throw new Error(`${command} printed no line such as: ${part[0]}`);
}

/** The pages: README.md, then docs in the order of their names. */
export const PAGES: readonly string[] = [
  "README.md",
  ...spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "docs/*.md"], {
    cwd: ROOT,
    encoding: "utf8",
  })
    .stdout.split("\n")
    .filter((name) => name !== "" && existsSync(path.join(ROOT, name)))
    .sort(),
];
