// Writes into README.md and docs what the commands of their console blocks print now, and the parts that are made of data.
//   node scripts/generate-docs.ts [PAGE...]
import { writeFileSync } from "node:fs";
import path from "node:path";
import { Copy, PAGES, ROOT } from "../test/docs/console.ts";
import { readPage, withConsoleBlocks, withMadeParts } from "../test/docs/write.ts";

const named = process.argv.slice(2);
for (const name of named.length > 0 ? named : PAGES) {
  const copy = new Copy();
  try {
    const page = await withMadeParts(name, await withConsoleBlocks(readPage(name), copy), copy);
    if (page === readPage(name)) continue;
    writeFileSync(path.join(ROOT, name), page);
    console.error(`Wrote ${name}`);
  } finally {
    copy.remove();
  }
}
