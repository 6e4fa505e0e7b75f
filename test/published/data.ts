import { existsSync } from "node:fs";
import path from "node:path";

/**
 * Where real data lies that others published and that is no part of the project: `labels/` with GraphSense TagPacks,
 * `transfers/` with the transfers of 28 April 2022. SEQUESTER_DATA says where, else it is looked for beside the project.
 */
export const DATA = path.resolve(process.env.SEQUESTER_DATA ?? path.join(import.meta.dirname, "../../../shared/data"));
export const LABELS = path.join(DATA, "labels");
export const TRANSFERS = path.join(DATA, "transfers/stablecoins-2022-04-28.csv");
export const FROZEN = path.join(LABELS, "usdt_blacklist.yaml");

for (const needed of [LABELS, TRANSFERS, FROZEN]) {
  if (!existsSync(needed)) throw new Error(`There is no ${needed}: SEQUESTER_DATA names the folder of published data.`);
}
