import { writeFileSync } from "node:fs";
import path from "node:path";
import { accessed, makeFolder } from "../../base/files.ts";
import { TARGET_COLUMNS, type CaseFileInput } from "./schema.ts";

/** A line of targets.csv; `amount` in decimal units of the asset. */
export type TargetRow = Record<(typeof TARGET_COLUMNS)[number], string>;

/** The files of an operation's folder: text by path. */
export type OperationFiles = Map<string, string>;

/** The texts of an operation's folder; `rulings` are texts by path. */
export function operationFiles(
  caseFile: CaseFileInput,
  targets: readonly TargetRow[],
  rulings: ReadonlyMap<string, string>,
): OperationFiles {
  const rows = targets.map((row) => TARGET_COLUMNS.map((column) => csvField(row[column])).join(","));
  return new Map([
    ["case.json", `${layout(caseFile)}\n`],
    ["targets.csv", `${[TARGET_COLUMNS.join(","), ...rows].join("\n")}\n`],
    ...rulings,
  ]);
}

/** Writes the files below `dir`, which is made if it is missing. @throws FileAccessError */
export function writeOperationFiles(dir: string, files: OperationFiles): void {
  for (const [file, text] of files) {
    const target = path.join(dir, file);
    makeFolder(path.dirname(target));
    accessed(target, () => writeFileSync(target, text), "a file that can be written");
  }
}

const csvField = (value: string) => (/[",\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

const WIDTH = 120;

/** JSON with what fits on a line in one line, so that a list is a table; `room` is what else stands on the line. */
function layout(value: unknown, indent = "", room = WIDTH): string {
  const line = oneLine(value);
  const fits = indent.length + room + line.length <= WIDTH && !isTable(value);
  if (fits || typeof value !== "object" || value === null) return line;
  const inner = `${indent}  `;
  const items: [prefix: string, item: unknown][] = Array.isArray(value)
    ? value.map((item) => ["", item])
    : fields(value).map(([key, item]) => [`"${key}": `, item]);
  const lines = items.map(([prefix, item], i) => {
    const comma = i < items.length - 1 ? "," : "";
    return `${inner}${prefix}${layout(item, inner, prefix.length + comma.length)}${comma}`;
  });
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return [open, ...lines, indent + close].join("\n");
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{ ${fields(value)
    .map(([key, item]) => `"${key}": ${oneLine(item)}`)
    .join(", ")} }`;
}

const fields = (value: object) => Object.entries(value).filter(([, item]) => item !== undefined);
const isTable = (value: unknown) =>
  Array.isArray(value) && value.length > 1 && value.every((item) => typeof item === "object");
