import { bigintsAsText } from "../../base/json.ts";
import { tableOf } from "../../base/table.ts";
import { isoOf } from "../../base/time.ts";
import { countOf } from "../../base/words.ts";
import { actNamed } from "../../audit/tables.ts";
import { decodeName } from "../../orders/caseId.ts";
import { asOf, custodyAt } from "../custody.ts";
import type { NodeOptions } from "../node.ts";
import type { Streams } from "../order/place.ts";
import { moneyIn } from "./read.ts";

/** Prints every case: what it holds and has in custody, how many of its orders wait, its last act. */
export async function listCases(options: NodeOptions & { json?: boolean }, { stdout, stderr }: Streams): Promise<void> {
  const custody = await custodyAt(options);
  const { state, entries, block, units } = custody;
  const last = new Map(entries.map((entry) => [entry.caseId, entry]));
  const moneyOf = moneyIn(custody);
  const delayed = [...state.delayed.values()];
  const cases = [...state.cases.values()].map((it) => {
    const { timestamp, act } = last.get(it.caseId)!;
    return {
      case: decodeName(it.caseId),
      vault: it.vault ?? null,
      money: moneyOf(it),
      waiting: delayed.filter(({ caseId, state: is }) => caseId === it.caseId && is === "waits").length,
      last: { act: actNamed(act), at: isoOf(timestamp) },
    };
  });
  if (options.json) {
    stdout.write(`${JSON.stringify({ schema: "sequester.cases/1", block, cases }, bigintsAsText)}\n`);
  } else {
    const rows = cases.flatMap(({ case: name, money, waiting, last: { act, at } }) =>
      (money.length === 0 ? [undefined] : money).map((it) => [
        name,
        it === undefined ? "" : it.symbol,
        it === undefined ? "" : units(it.asset, it.held),
        it === undefined ? "" : units(it.asset, it.inCustody),
        waiting === 0 ? "" : String(waiting),
        act,
        at,
      ]),
    );
    const heading = ["case", "asset", "held", "in custody", "orders that wait", "last act", "at"];
    stdout.write(`${tableOf([heading, ...rows]).join("\n")}\n`);
  }
  stderr.write(`${countOf(cases.length, "case")}. ${asOf(custody)}`);
}
