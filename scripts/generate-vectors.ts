// Writes vectors for any other program to be held against: each signed type with its digest, call data and entries of the
// journal, and the errors that follow a change. The contracts play them; same bytes each time.
//   node scripts/generate-vectors.ts
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { vectorFiles } from "../test/vectors/generate.ts";

const folder = path.join(import.meta.dirname, "../vectors");
const files = await vectorFiles();
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
for (const [name, text] of files) writeFileSync(path.join(folder, name), text);
console.error(`Wrote ${files.size} files to ${folder}`);
