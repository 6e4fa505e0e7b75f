import { assetOf } from "../../chain/assets.ts";
import { tableOf } from "../../base/table.ts";
import { countOf } from "../../base/words.ts";
import { caseNamed } from "../case/read.ts";
import { asOf, custodyAt } from "../custody.ts";
import type { NodeOptions } from "../node.ts";
import type { Streams } from "../order/place.ts";
import { toldOf } from "./read.ts";

export interface HoldListOptions extends NodeOptions {
  case?: string;
  asset?: string;
  ended?: boolean;
  json?: boolean;
}

/** Prints the live holds by priority; `ended`: those instead that ended by time and nobody recorded. */
export async function listHolds(options: HoldListOptions, { stdout, stderr }: Streams): Promise<void> {
  const custody = await custodyAt(options);
  const { deployment, state, block, units } = custody;
  const asset = options.asset === undefined ? undefined : assetOf(deployment, options.asset).address;
  if (options.case !== undefined) caseNamed(options.case, custody);
  const told = toldOf(custody);
  const holds = [...state.accounts.values()]
    .filter((it) => asset === undefined || it.asset === asset)
    .flatMap((it) => it.holds.map((hold) => told(it.asset, it.account, hold)))
    .filter(({ live }) => live === (options.ended !== true))
    .filter((hold) => options.case === undefined || hold.case === options.case)
    .sort((a, b) => a.number - b.number);
  if (options.json) {
    stdout.write(`${JSON.stringify({ schema: "sequester.holds/1", block, holds })}\n`);
  } else {
    const rows = holds.map((hold) => [
      hold.case,
      `${units(hold.asset, BigInt(hold.amount))} ${hold.symbol}`,
      hold.kind,
      hold.since,
      hold.until,
      hold.account,
      hold.subAccount === undefined ? "" : `${hold.subAccount.name} of ${hold.subAccount.wallet}`,
    ]);
    const heading = ["case", "amount", "kind", "since", "last second", "account", "sub-account"];
    stdout.write(`${tableOf([heading, ...rows]).join("\n")}\n`);
  }
  stderr.write(`${countOf(holds.length, "hold")}. ${asOf(custody)}`);
}
