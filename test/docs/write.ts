// The documents as they have to be: what their console blocks print now, and their made parts.
import { readFileSync } from "node:fs";
import path from "node:path";
import { format, resolveConfig } from "prettier";
import { consoleBlocksOf, ROOT, type Copy } from "./console.ts";
import { made, needsOutcome } from "./generated.ts";

/** What plays Operation Tumar, as the pages show it. */
const TUMAR = "npm start";

export const readPage = (name: string): string => readFileSync(path.join(ROOT, name), "utf8");

/** A page with its made parts as they have to be. */
export async function withMadeParts(name: string, page: string, copy: Copy): Promise<string> {
  const printed = needsOutcome(page) ? await copy.printed(TUMAR) : [];
  const file = path.join(ROOT, name);
  return format(made(page, printed), { ...(await resolveConfig(file)), filepath: file });
}

/** A page with its console blocks as they have to be. */
export async function withConsoleBlocks(page: string, copy: Copy): Promise<string> {
  const lines = page.split("\n");
  const settled: { first: number; length: number; lines: string[] }[] = [];
  for (const block of consoleBlocksOf(page)) {
    settled.push({ first: block.first, length: block.lines.length, lines: await copy.settled(block) });
  }
  for (const { first, length, lines: now } of settled.toReversed()) lines.splice(first, length, ...now);
  return lines.join("\n");
}
