import path from "node:path";

/** Where the inputs lay when the evidence was written: no part of the evidence, which knows them by their hashes. */
export const LOCATIONS_FILE = "inputs.json";
const LOCATIONS_SCHEMA = "sequester.trace.inputs/1";

export interface Locations {
  readonly transfers: readonly string[];
  readonly seeds: string;
  readonly stops: readonly string[];
  readonly opening: string | null;
}

/** The text of the file, with paths as seen from the folder of the evidence. */
export function locationsText(dir: string, { transfers, seeds, stops, opening }: Locations): string {
  const seen = (file: string) => path.relative(path.resolve(dir), path.resolve(file)).split(path.sep).join("/");
  const content = {
    schema: LOCATIONS_SCHEMA,
    ...{ transfers: transfers.map(seen), seeds: seen(seeds), stops: stops.map(seen) },
    opening: opening === null ? null : seen(opening),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}
