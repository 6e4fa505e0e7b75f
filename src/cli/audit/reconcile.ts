import type { Address, PublicClient } from "viem";
import { reconcile, type Flow, type Reconciliation } from "../../audit/reconcile.ts";
import { gapLine, type Gap } from "../../audit/gaps.ts";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { bigintsAsText } from "../../base/json.ts";
import { amountsOf, tableOf } from "../../base/table.ts";
import { isoOf } from "../../base/time.ts";
import { countOf } from "../../base/words.ts";
import { decimalsOf, type Deployment } from "../../chain/deployments.ts";
import { answerOf } from "../../chain/node.ts";
import { decodeName } from "../../orders/caseId.ts";
import { nodeOf, type NodeOptions } from "../node.ts";
import type { Streams } from "../order/place.ts";
import { withIndex } from "./indexed.ts";
import { momentIn } from "./moment.ts";

export interface ReconcileOptions extends NodeOptions {
  block?: bigint;
  index?: string;
  since?: string;
  json?: boolean;
}

/** Something is in custody, or missing from it, without a reason: names every difference. Exit code 3. */
export class UnexplainedError extends SequesterError {
  override name = "UnexplainedError";
  constructor(gaps: readonly Gap[], symbolOf: (asset: Address) => string) {
    super(`${countOf(gaps.length, "difference")} cannot be explained.`, {
      code: EXIT.verification,
      metaMessages: gaps.map((gap) => gapLine(gap, symbolOf)),
    });
  }
}

/** Prints how every unit of the custody is explained. */
export async function reconcileChain(options: ReconcileOptions, { stdout, stderr }: Streams): Promise<void> {
  const since = options.since === undefined ? undefined : momentIn("--since", options.since);
  const { client, deployment } = await nodeOf(options);
  const block = options.block ?? "latest";
  const found = await answerOf(
    withIndex(options.index, deployment, (index) => reconcile(client, deployment, { block, since, index })),
  );
  const symbols = new Map(Object.entries(deployment.addresses.assets).map(([symbol, asset]) => [asset, symbol]));
  const symbolOf = (asset: Address) => symbols.get(asset) ?? asset;
  if (options.json)
    stdout.write(`${JSON.stringify({ schema: "sequester.audit.reconcile/1", ...found }, bigintsAsText)}\n`);
  else stdout.write(`${linesOf(found, symbolOf, await decimalsIn(client, deployment)).join("\n")}\n`);
  if (found.unexplained.length > 0) throw new UnexplainedError(found.unexplained, symbolOf);
  const { number, timestamp } = found.block;
  stderr.write(
    `Every unit is explained by ${countOf(found.entries, "entry")} at block ${number}, ${isoOf(timestamp)}.\n`,
  );
}

async function decimalsIn(client: PublicClient, { addresses }: Deployment): Promise<Map<Address, number>> {
  const assets = Object.values(addresses.assets);
  return new Map(
    await Promise.all(assets.map(async (asset) => [asset, await answerOf(decimalsOf(client, asset))] as const)),
  );
}

const COLUMNS = [
  ...(["opening", "taken", "proceeds", "returned", "converted", "compensated"] as const),
  ...(["forfeited", "transferred", "closing", "suspense", "inVault"] as const),
] as const satisfies readonly (keyof Flow)[];

function linesOf(
  { flows, named }: Reconciliation,
  symbolOf: (asset: Address) => string,
  decimals: ReadonlyMap<Address, number>,
): string[] {
  const rows = flows.map((flow) => [
    `${decodeName(flow.caseId)} ${symbolOf(flow.asset)}`,
    ...amountsOf(
      COLUMNS.map((name) => flow[name]),
      decimals.get(flow.asset) ?? 0,
    ),
  ]);
  return [
    ...tableOf([["case", ...COLUMNS.map((name) => (name === "inVault" ? "vault" : name))], ...rows]),
    ...(named.length > 0 ? ["", "Explained:"] : []),
    ...named.map(({ reason, caseId, asset, account, amount }) => {
      const of = caseId === undefined ? "" : ` of ${decodeName(caseId)}`;
      const units = amountsOf([amount], decimals.get(asset) ?? 0)[0]!;
      return `  ${units} ${symbolOf(asset)} in ${account}${of}: ${reason}`;
    }),
  ];
}
