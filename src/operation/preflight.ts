import { checkPlan } from "../deployment/check.ts";
import { LOCAL_CHAIN } from "../deployment/keys.ts";
import { localDeployment } from "../deployment/local.ts";
import type { Parameters } from "../deployment/parameters.ts";
import { EXIT, SequesterError } from "../errors.ts";
import type { ActName } from "../orders/index.ts";
import { RuleNotMetError, signersOf } from "./approve.ts";
import type { Act, Officer, Operation } from "./operation.ts";
import { formatOffset } from "./values.ts";

/** The deployment's parameters forbid the operation; nothing was sent. Exit code 64. */
export class ForbiddenByParametersError extends SequesterError {
  override name = "ForbiddenByParametersError";
  constructor({ name, parameters }: Operation, reasons: readonly string[]) {
    super(`${name} is not possible under the parameters ${parameters.name}.`, {
      code: EXIT.usage,
      metaMessages: reasons,
    });
  }
}

/** The orders that an act consists of, as rules know them. */
const RULED: Partial<Record<Act["act"], readonly ActName[]>> = {
  freeze: ["Freeze"],
  arrest: ["Arrest"],
  lift: ["Lift", "LiftArrested"],
  seize: ["Seize"],
  return: ["Return"],
  forfeit: ["Forfeit"],
  compensate: ["Compensate"],
  convert: ["Convert"],
  transfer: ["Transfer"],
  stay: ["Stay"],
  veto: ["Veto"],
  license: ["License"],
  suspend: ["Suspend"],
  "exchange-hold": ["ExchangeHold"],
  dismiss: ["Dismiss"],
};

/** The contracts count freezes in nine spans of three hours (contracts/libraries/FreezeWindow.sol). */
const SPAN = 3 * 3_600;
const SPANS = 9;
const DAY = 86_400;

/**
 * Finds what the contracts would refuse only when they are deployed, or in the midst of the timeline.
 * @throws DeploymentRefusedError if the officers are too few, ForbiddenByParametersError with every reason by line of
 * case.json
 */
export function checkOperation(operation: Operation): void {
  const { seed, parameters, officers, assets } = operation;
  checkPlan(localDeployment({ chainId: LOCAL_CHAIN, seed, parameters, officers, assets }).plan);
  const reasons = reasonsAgainst(operation, parameters);
  if (reasons.length > 0) throw new ForbiddenByParametersError(operation, reasons);
}

function reasonsAgainst(operation: Operation, parameters: Parameters): string[] {
  const { rules, numbers } = parameters;
  let officers: readonly Officer[] = operation.officers;
  const reasons: string[] = [];
  const forbid = ({ line, act }: Act, reason: string) => reasons.push(`case.json:${line}: ${act}: ${reason}`);
  const frozenAt = new Map<string, number>();
  const spans = new Map<number, number>();

  for (const act of operation.timeline) {
    for (const name of RULED[act.act] ?? []) {
      if (rules[name] === undefined) forbid(act, `there is no rule for ${name}, so it can never execute`);
    }
    const unmet = unmetBy(act, parameters, officers);
    if (unmet !== undefined) forbid(act, unmet);
    const gone =
      act.act === "dismiss" ? act.officer : "leaves" in act && act.leaves?.how === "dismiss" && act.leaves.officer;
    officers = officers.filter(({ name }) => name !== gone);
    if (act.act === "stay") {
      const { alternative } = signersOf("Stay", parameters, operation.officers, act.by);
      const longest = rules.Stay?.[alternative]?.term ?? 0;
      if (act.stayed * DAY > longest) {
        forbid(act, `its agency stays ${act.order} for ${act.stayed}d, it may for ${formatOffset(longest)}`);
      }
    }
    if (act.act === "freeze") {
      const span = Math.floor((operation.start + act.at) / SPAN);
      const targets = act.orders.reduce((sum, { holdings }) => sum + holdings.length, 0);
      spans.set(span, (spans.get(span) ?? 0) + targets);
      const counted = [...spans].reduce((sum, [other, n]) => (span - other < SPANS ? sum + n : sum), 0);
      if (counted > numbers.freezesPerDay) {
        forbid(act, `${counted} targets are frozen within 24 hours, at most ${numbers.freezesPerDay} may be`);
      }
      for (const { case: caseId } of act.orders) frozenAt.set(caseId, act.at);
    }
    if (act.act === "arrest") {
      const longest = Math.max(...(rules.Arrest ?? []).map(({ term }) => term));
      if (act.until - act.at > longest) {
        forbid(act, `until ${formatOffset(act.until)} is more than ${formatOffset(longest)} ahead`);
      }
      for (const { case: caseId } of act.orders) {
        const latest = (frozenAt.get(caseId) ?? act.at) + numbers.longestArrest;
        if (act.until > latest) {
          forbid(
            act,
            `until ${formatOffset(act.until)} is after ${formatOffset(latest)}, the latest in case ${caseId}`,
          );
        }
      }
    }
  }
  return reasons;
}

/** Why the officers that are named, or those who are seated by then, cannot decide an act. */
function unmetBy(act: Act, parameters: Parameters, officers: readonly Officer[]): string | undefined {
  if (act.act === "attempt") return undefined;
  const by = "by" in act ? act.by : undefined;
  const names = RULED[act.act] ?? [];
  const reasons: string[] = [];
  for (const name of names) {
    try {
      if (parameters.rules[name] !== undefined) signersOf(name, parameters, officers, by);
    } catch (error) {
      if (!(error instanceof RuleNotMetError)) throw error;
      reasons.push(error.message.replaceAll("\n ", ";"));
    }
  }
  // A lift goes by one rule or by the other, which only the chain knows.
  return names.length > 0 && reasons.length === names.length ? reasons[0] : undefined;
}
