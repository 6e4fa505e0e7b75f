import { tableOf } from "../../base/table.ts";
import { isoOf } from "../../base/time.ts";
import { countOf } from "../../base/words.ts";
import { asOf, custodyAt } from "../custody.ts";
import type { NodeOptions } from "../node.ts";
import type { Streams } from "../order/place.ts";

/** Prints the wallets that are, were or will be licensed, and which platforms are suspended. */
export async function listLicences(
  options: NodeOptions & { json?: boolean },
  { stdout, stderr }: Streams,
): Promise<void> {
  const custody = await custodyAt(options);
  const { powers, at, block } = custody;
  const licences = [...powers.licences]
    .map(([wallet, { platform, omnibus, first, until, suspended }]) => ({
      platform,
      wallet,
      omnibus,
      first: isoOf(first),
      until: isoOf(until),
      inForce: suspended === undefined && first <= at && at <= until,
      ...(suspended !== undefined && { suspended: isoOf(suspended) }),
    }))
    .sort((a, b) => (a.platform < b.platform ? -1 : 1));
  if (options.json) {
    stdout.write(`${JSON.stringify({ schema: "sequester.licences/1", block, licences })}\n`);
  } else {
    const rows = licences.map(({ platform, wallet, omnibus, first, until, inForce, suspended }) => [
      platform,
      wallet,
      omnibus ? "of many customers" : "its own",
      first,
      until,
      inForce ? "yes" : suspended === undefined ? "no" : `suspended ${suspended}`,
    ]);
    stdout.write(
      `${tableOf([["platform", "wallet", "money", "first second", "last second", "in force"], ...rows]).join("\n")}\n`,
    );
  }
  stderr.write(`${countOf(licences.length, "wallet")}. ${asOf(custody)}`);
}
