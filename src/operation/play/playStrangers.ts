import { abiOf } from "../../chain/artifacts.ts";
import { encodeCaseId } from "../../orders/index.ts";
import { longestFitting } from "./batches.ts";
import { playCalls } from "./bring.ts";
import { assetCall, callTo, whatOf } from "./calls.ts";
import type { Call } from "./embedded.ts";
import type { ActOf, Holding } from "../operation.ts";
import { assetOf, type Stage } from "./stage.ts";
import { countOf } from "../../base/words.ts";

/** The ends of holds, as many as fit into a transaction. */
export async function playLapse(stage: Stage, act: ActOf<"lapse">): Promise<void> {
  const calls: Call[] = [];
  for (const { case: caseId, holdings } of act.ended) {
    const waiting = [...holdings];
    while (waiting.length > 0) {
      const callFor = (some: readonly Holding[]) => {
        const accounts = some.map(({ asset, account }) => ({ asset: assetOf(stage, asset), account }));
        return strangersCall(stage, caseId, ["docket", "lapse"], accounts);
      };
      const batch = await longestFitting(waiting, (some) => stage.chain.fits(callFor(some)));
      calls.push(callFor(batch));
      waiting.splice(0, batch.length);
    }
  }
  const holds = act.ended.reduce((sum, { holdings }) => sum + holdings.length, 0);
  const result = holds === 0 ? "no hold had ended" : `the end of ${countOf(holds, "hold")} recorded by a stranger`;
  await playCalls(stage, act, calls, result);
}

/** A stranger pays into a case's vault. */
export async function playDeposit(stage: Stage, act: ActOf<"deposit">): Promise<void> {
  const { chain, deployment } = stage;
  const vault = await chain.client.readContract({
    abi: abiOf("Docket"),
    address: deployment.addresses.docket,
    functionName: "vaultOf",
    args: [encodeCaseId(act.case)],
  });
  const args = [vault, act.amount] as const;
  const what = `Deposit in case ${act.case}`;
  const call = assetCall(what, chain.roles.stranger, assetOf(stage, act.asset), "transfer", args);
  await playCalls(stage, act, [call], `by a stranger into the vault of ${act.case}`);
}

export async function playBooking(stage: Stage, act: ActOf<"book">): Promise<void> {
  const calls = act.deposits.map((it) => strangersCall(stage, it.case, ["disposal", "book"], assetOf(stage, it.asset)));
  await playCalls(stage, act, calls, `${countOf(calls.length, "deposit")} booked as suspense`);
}

/** Shows of which file the document of each order of the cases is the hash. */
export async function playOpening(stage: Stage, act: ActOf<"open">): Promise<void> {
  const own = stage.executed.filter((order) => act.cases.includes(order.case));
  const opened = new Map(own.map((order) => [order.documentSalt, order]));
  const calls = [...opened.values()].map(({ case: caseId, documentSalt, ruling }) =>
    strangersCall(stage, caseId, ["disposal", "open"], documentSalt, ruling.sha256),
  );
  await playCalls(stage, act, calls, `${countOf(calls.length, "document")} opened on the journal`);
}

/** A holder sends money of its own. */
export async function playMove(stage: Stage, act: ActOf<"move">): Promise<void> {
  const { from, to, asset, amount } = act;
  const call = assetCall(`Payment of ${from}`, from, assetOf(stage, asset), "transfer", [to, amount]);
  await playCalls(stage, act, [call], "by a holder, of its own money", `from ${from} to ${to}`);
}

/** A stranger's call about a case. */
function strangersCall(
  stage: Stage,
  caseId: string,
  taker: ["docket", "lapse"] | ["disposal", "book" | "open"],
  ...args: unknown[]
): Call {
  const { stranger } = stage.chain.roles;
  const all = [encodeCaseId(caseId), ...args];
  return callTo(stage, whatOf(taker[1], caseId), stranger, taker, all);
}
