import { encodeFunctionData, type Hex } from "viem";
import { abiOf } from "../../chain/artifacts.ts";
import { countOf } from "../../base/words.ts";
import { isLive } from "../../journal/holds.ts";
import { decodeName } from "../../orders/caseId.ts";
import { bring, type BringOptions, type Step } from "../bring.ts";
import { caseNamed } from "../case/read.ts";
import { custodyOf, type CustodyAt } from "../custody.ts";
import type { Surroundings } from "../operation.ts";
import { chainDeskOf } from "../order/desk.ts";

export interface LapseOptions extends BringOptions {
  case?: string;
}

/** Accounts that one call names: their ends fit into a transaction many times over. */
const PAGE = 50;

/** Records the ends of holds that ended by time, of one case or of all. */
export async function lapse(options: LapseOptions, surroundings: Surroundings): Promise<void> {
  const desk = await chainDeskOf(options);
  const custody = await custodyOf(desk.client, desk.deployment);
  const cases = options.case === undefined ? [...custody.state.cases.values()] : [caseNamed(options.case, custody)];
  const steps = cases.flatMap(({ caseId, number }) => stepsOf(caseId, number, custody));
  if (steps.length === 0) return void surroundings.stderr.write("Every end of a hold is recorded.\n");
  await bring(steps, desk, options, surroundings, { apart: true });
}

function stepsOf(caseId: Hex, number: number, { state, at, deployment }: CustodyAt): Step[] {
  const ended = [...state.accounts.values()]
    .filter(({ holds }) => holds.some((hold) => hold.caseNumber === number && hold.amount > 0n && !isLive(hold, at)))
    .map(({ asset, account }) => ({ asset, account }));
  // By coin: one whose issuer has it refuse the docket keeps the ends in others from nobody.
  const pages = [...Map.groupBy(ended, ({ asset }) => asset).values()].flatMap((of) =>
    Array.from({ length: Math.ceil(of.length / PAGE) }, (_, i) => of.slice(i * PAGE, (i + 1) * PAGE)),
  );
  return pages.map((accounts) => {
    const data = encodeFunctionData({ abi: abiOf("Docket"), functionName: "lapse", args: [caseId, accounts] });
    const sentence = `Record that holds of the case ${decodeName(caseId)} ended on ${countOf(accounts.length, "account")}.`;
    return { sentence, call: { to: deployment.addresses.docket, data } };
  });
}
