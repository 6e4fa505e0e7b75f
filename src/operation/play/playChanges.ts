import { zeroAddress } from "viem";
import { EXIT, SequesterError } from "../../base/errors.ts";
import {
  buildCancel,
  buildDismiss,
  buildFreeze,
  buildLift,
  buildReturn,
  buildSeize,
  buildTransfer,
  derivedSalt,
  officerId,
  sentence,
  type ActName,
  type Order,
} from "../../orders/index.ts";
import { RuleNotMetError, sign, signersOf, type SeatedOfficer } from "./approve.ts";
import { announce, bring } from "./bring.ts";
import { callOf } from "./calls.ts";
import { CallRefusedError } from "./embedded.ts";
import type { ActOf, AttemptKind, Departure, RulingFile } from "../operation.ts";
import { needsArrested } from "./resolve.ts";
import { approve, newestPlacement, prepareOrder, targetIn, termOf, type Base } from "./prepare.ts";
import { type PreparedOrder } from "./stage.ts";
import type { Stage } from "./stage.ts";

/** The contracts did what they had to refuse, or refused it for another reason. Exit code 3. */
export class NotRefusedError extends SequesterError {
  override name = "NotRefusedError";
  constructor(what: string, has: string, needs: string) {
    super(`${what} was not refused as it has to be.`, {
      code: EXIT.verification,
      metaMessages: [`has: ${has}`, `needs: ${needs}`],
    });
  }
}

/** Brings an order that the contracts have to refuse with this error. Throws NotRefusedError. */
export async function requireRefusal(stage: Stage, at: number, order: PreparedOrder, error: string): Promise<void> {
  const call = callOf(stage, [order]);
  const has = await stage.chain.send(call).then(
    () => "the order was executed",
    (caught: unknown) => {
      if (!(caught instanceof CallRefusedError)) throw caught;
      return caught.refusal?.error ?? caught.message;
    },
  );
  if (has !== error) throw new NotRefusedError(call.what, has, error);
  stage.refused.push({ at, case: order.case, what: call.what, approvedBy: order.approvedBy, error });
}

const ATTEMPTS: Record<AttemptKind, ActName> = {
  freeze: "Freeze",
  lift: "Lift",
  seize: "Seize",
  return: "Return",
  transfer: "Transfer",
};

/** Tries what must not be possible. */
export async function playAttempt(stage: Stage, act: ActOf<"attempt">): Promise<void> {
  const { at, kind, order: of, by, to, refused } = act;
  const targets = of.holdings.map((holding) => targetIn(stage, holding));
  const upTo = await newestPlacement(stage);
  const arrested = kind === "lift" && (await needsArrested(stage, act, of));
  const draft = (base: Base): Order => {
    switch (kind) {
      case "freeze":
        return buildFreeze({ ...base, targets, term: termOf(stage, "Freeze", by) });
      case "lift":
        return buildLift({ ...base, holds: targets, upTo, arrested });
      case "seize":
        return buildSeize({ ...base, holds: targets, upTo });
      case "return":
        return buildReturn({ ...base, holders: targets.map((target) => ({ ...target, taken: target.asset })) });
      case "transfer": {
        const { asset, amount } = targets[0]!;
        return buildTransfer({ ...base, asset, amount, source: "custody", to: to ?? zeroAddress });
      }
    }
  };
  const ruled = arrested ? "LiftArrested" : ATTEMPTS[kind];
  const wanted = { at, act: ruled, case: of.case, ruling: of.ruling, by, short: true };
  const prepared = await prepareOrder(stage, wanted, draft);
  await requireRefusal(stage, at, prepared, refused);
  const what = `${kind} in ${of.case} by ${prepared.approvedBy.join(" ")}`;
  await announce(stage, act, `${what}: refused, ${refused}`);
}

/** Unseats an officer; who is gone approves nothing any more. */
export async function playDismissal(stage: Stage, act: ActOf<"dismiss">): Promise<void> {
  const approvedBy = await dismiss(stage, act);
  await announce(stage, act, `${act.officer}, by ${approvedBy.join(" ")}`);
}

async function dismiss(
  stage: Stage,
  of: { at: number; officer: string; compromised: boolean; ruling: RulingFile; by?: readonly string[] },
): Promise<string[]> {
  const { at, compromised, ruling, by } = of;
  const officer = officerOf(stage, of.officer);
  const prepared = await prepareOrder(stage, { at, act: "Dismiss", case: "", ruling, by }, (base) =>
    buildDismiss({ ...base, officerId: officerId(officer.account.address), compromised }),
  );
  await bring(stage, [prepared]);
  stage.officers = stage.officers.filter((other) => other !== officer);
  return prepared.approvedBy;
}

/**
 * An officer that has approved orders goes before they are executed: it cancels its approval, of all that it signed at
 * once, or is dismissed. Answers the same orders with the approvals of others.
 * @throws RuleNotMetError if it has not approved them, or nobody can take its place.
 */
export async function withoutApprovalOf(
  stage: Stage,
  at: number,
  { officer: name, how, ruling }: Departure,
  prepared: readonly PreparedOrder[],
): Promise<PreparedOrder[]> {
  const [first] = prepared as [PreparedOrder];
  const { act, approvedBy } = first;
  if (!approvedBy.includes(name)) throw new RuleNotMetError(act, approvedBy.join(" "), `the approval of ${name}`);
  const officer = officerOf(stage, name);
  if (how === "dismiss") await dismiss(stage, { at, officer: name, compromised: false, ruling });
  else await cancel(stage, at, officer, first);
  const others = stage.officers.filter((other) => other !== officer);
  const { signers } = signersOf(act, stage.parameters, others);
  return approve(stage, prepared, signers);
}

async function cancel(
  stage: Stage,
  at: number,
  officer: SeatedOfficer,
  { digest, bundle, documentSalt, ruling, ...of }: PreparedOrder,
) {
  const { seed, start } = stage.operation;
  // A bundle is of many cases.
  const caseId = bundle === undefined ? of.case : "";
  const source = { seed: `${seed} ${officer.name}`, caseId, act: "cancel", index: stage.executed.length } as const;
  const order = buildCancel({
    order: bundle?.digest ?? digest,
    signBy: BigInt(start + at),
    salt: derivedSalt({ ...source, purpose: "salt" }),
  });
  const approved = await sign(order, stage.deployment.domain, [officer]);
  const told = sentence(order, stage.deployment.domain, stage.words);
  await bring(stage, [{ act: "cancel", case: caseId, order, documentSalt, ruling, sentence: told, ...approved }]);
}

/** The timeline names no other. Whether it has a seat, the contracts say. */
const officerOf = ({ everyone }: Stage, wanted: string): SeatedOfficer => everyone.find(({ name }) => name === wanted)!;
