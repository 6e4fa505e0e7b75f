// Long: plays 200 random moves of every walk on the chain and in the model.
import { expect } from "chai";
import { Wallet } from "ethers";
import type { Address, Hex } from "viem";
import { ACTS, digestOf, OFFICER_KINDS, SELF, type Order } from "../../src/orders/index.ts";
import { DAY, keyRulesOf } from "../../scripts/prove/keys/rules.ts";
import { chartered, play, type Move, type State } from "../../scripts/prove/keys/transition.ts";
import { networkHelpers, now } from "../system/chain.ts";
import { deployQuorum, ruleOf } from "../system/charters.ts";
import { approvalsOf, ascending, DOCUMENT, idOf, nextSalt, signOrder } from "../system/officers.ts";
import { PARAMETERS } from "../system/parameters.ts";

/** The court and the prosecutor come first in the charters of these tests. */
const AGENCIES = ["COURT", "GPO", "FMA", "KNB", "NBK", "MOF", "AFSA"];
const RULES = keyRulesOf({ agencies: AGENCIES, court: "COURT", prosecutor: "GPO", rules: PARAMETERS.rules });
const CHARTER = (["Admit", "Dismiss", "Veto"] as const).map((act) => ({
  act: ACTS[act],
  alternatives: PARAMETERS.rules[act]!.map(({ officers, ...times }) =>
    ruleOf(
      Object.fromEntries(
        Object.entries(officers).map(([name, count]) => [name === "SELF" ? SELF : AGENCIES.indexOf(name), count]),
      ),
      times,
    ),
  ),
}));

const MOVES = 200;
const GAS = 3_000_000;

/** Whole numbers below a bound, always the same for a seed. */
function dice(seed: number) {
  let state = seed;
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
type Dice = ReturnType<typeof dice>;

const pick = <T>(roll: Dice, list: readonly T[]): T => list[roll(list.length)]!;

/** Officers that meet an alternative as well as those who sit can, sometimes one too many, one short or one unseated. */
function signers(roll: Dice, { seats }: State, need: readonly number[]): number[] {
  const by = need.flatMap((count, agency) => {
    const pool = seats.flatMap((seat, i) => (seat.standing === "seated" && seat.agency === agency ? [i] : []));
    return Array.from({ length: Math.min(count, pool.length) }, () => pool.splice(roll(pool.length), 1)[0]!);
  });
  if (roll(6) === 0) by.splice(roll(by.length), 1);
  const others = seats.flatMap((_, i) => (by.includes(i) ? [] : [i]));
  return roll(6) === 0 && others.length > 0 ? [...by, pick(roll, others)] : by;
}

/** A move that may or may not be one that the rules allow. */
function draw(roll: Dice, state: State): Move {
  const { seats, admissions } = state;
  const kind = admissions.length === 0 ? roll(5) : roll(10);
  if (kind < 3) {
    const officer = roll(seats.length);
    const by = signers(roll, state, pick(roll, RULES.dismiss).needs(seats[officer]!.agency));
    return { kind: "dismiss", officer, compromised: roll(2) === 0, by };
  }
  if (kind < 5) {
    const agency = roll(AGENCIES.length);
    const known = roll(5) === 0 ? roll(seats.length) : seats.length;
    const by = signers(roll, state, pick(roll, RULES.admit).needs(agency));
    return { kind: "admit", admission: admissions.length, agency, candidate: known, by };
  }
  const admission =
    roll(4) === 0 ? roll(admissions.length) : admissions.length - 1 - roll(Math.min(3, admissions.length));
  const { agency, candidate, need } = admissions[admission]!;
  if (kind === 5) {
    const by = signers(roll, state, pick(roll, RULES.admit).needs(agency));
    return { kind: "admit", admission, agency, candidate, by };
  }
  if (kind === 6) {
    return { kind: "veto", admission, by: signers(roll, state, pick(roll, RULES.veto).needs(agency)) };
  }
  return { kind: "execute", admission, further: signers(roll, state, need) };
}

/** Seconds to wait: a moment, hours, or to where something begins or ends. */
function pause(roll: Dice, { now, seats, admissions }: State): number {
  const ahead = [
    ...seats.map(({ freeAt }) => freeAt),
    ...admissions.flatMap(({ state, start, deadline }) => (state === "waits" ? [start, deadline + 1] : [])),
  ].filter((second) => second > now + 1);
  if (ahead.length === 0 || roll(3) > 0) return 1 + roll(roll(3) === 0 ? DAY : 60);
  return pick(roll, ahead) - now - roll(2);
}

/** Plays a random walk against the contract; answers how many moves both took, and how many both refused. */
async function walk(seed: number) {
  const roll = dice(seed);
  const { quorum, domain, officers } = await deployQuorum(RULES.seats, CHARTER);
  const keys: Wallet[] = officers.flat();
  const orders: Order<"Admit">[] = [];
  const begin = await now();
  const signBy = () => begin + BigInt(state.now);
  const approve = (order: Order, by: readonly number[]) =>
    approvalsOf(
      domain,
      order,
      by.map((officer) => keys[officer]!),
    );
  const base = (term: number) => ({ document: DOCUMENT, signBy: signBy() + BigInt(term), salt: nextSalt() });
  let state = chartered(RULES);

  const send = async (move: Move): Promise<unknown> => {
    switch (move.kind) {
      case "dismiss": {
        const message = { ...base(7 * DAY), officerId: idOf(keys[move.officer]!), compromised: move.compromised };
        const approvals = await approve({ primaryType: "Dismiss", message }, move.by);
        return quorum.dismiss(message, approvals, { gasLimit: GAS });
      }
      case "admit": {
        const key = keys[move.candidate] ?? new Wallet(nextSalt());
        keys[move.candidate] ??= key;
        const order: Order<"Admit"> = orders[move.admission] ?? {
          primaryType: "Admit",
          message: {
            ...base(365 * DAY),
            agency: move.agency,
            kind: OFFICER_KINDS.key,
            signer: key.address as Address,
          },
        };
        const approvals = await approve(order, move.by);
        const consent = await signOrder(key, domain, order);
        const sent = await quorum.admit(order.message, approvals, consent, { gasLimit: GAS });
        orders[move.admission] = order;
        return sent;
      }
      case "veto": {
        const message = { ...base(DAY), order: digestOf(orders[move.admission]!, domain) };
        const approvals = await approve({ primaryType: "Veto", message }, move.by);
        return quorum.veto(message, approvals, { gasLimit: GAS });
      }
      case "execute": {
        const order = orders[move.admission]!;
        const { approvers } = state.admissions[move.admission]!;
        const ids = ascending(approvers.map((officer) => keys[officer]!)).map(idOf);
        const further = await approve(order, move.further);
        return quorum.executeAdmit(order.message, ids, further, { gasLimit: GAS });
      }
      case "wait":
        throw new Error("a wait is no transaction");
    }
  };

  const counts = new Map<string, number>();
  for (let n = 0; n < MOVES; ++n) {
    state = play(RULES, state, { kind: "wait", seconds: pause(roll, state) }).state!;
    const move = draw(roll, state);
    const { state: after, refusal } = play(RULES, state, move);
    await networkHelpers.time.setNextBlockTimestamp(begin + BigInt(state.now));
    const error = await send(move).then(
      () => undefined,
      (thrown: Error) => thrown.message,
    );
    const told = `seed ${seed}, move ${n}: ${JSON.stringify(move)}, model ${refusal ?? "takes it"}, contract ${error ?? "takes it"}`;
    expect(error === undefined, told).to.equal(refusal === undefined);
    if (error !== undefined) expect(error, told).to.contain("reverted with custom error");
    const key = `${move.kind} ${refusal ?? "taken"}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    state = after ?? state;
    if (after === undefined && keys.length > state.seats.length) keys.length = state.seats.length;
  }
  for (const [officer, { agency, standing }] of state.seats.entries()) {
    const id: Hex = idOf(keys[officer]!);
    const seated = standing === "seated";
    expect(await quorum.officer(id)).to.deep.equal(seated ? [BigInt(OFFICER_KINDS.key), BigInt(agency)] : [0n, 0n]);
    expect(await quorum.dismissalOf(id)).to.deep.equal([
      standing === "dismissed" || standing === "compromised",
      standing === "compromised",
    ]);
  }
  return counts;
}

describe("The model of prove:keys", () => {
  it("takes and refuses the same dismissals, admissions and vetoes as the contract, in random walks", async () => {
    const all = new Map<string, number>();
    for (const seed of [1, 2, 3, 4, 5]) {
      for (const [what, count] of await walk(seed)) all.set(what, (all.get(what) ?? 0) + count);
    }
    // A walk that never gets anywhere would agree as well.
    for (const what of ["dismiss", "admit", "veto", "execute"]) expect(all.get(`${what} taken`), what).to.be.above(5);
    const refused = [
      "dismiss Paused",
      "dismiss TooMany",
      "dismiss NotMet",
      "dismiss LastOfficer",
      "dismiss DismissedOfficer",
      "execute TooEarly",
      "execute Ended",
      "execute TooLate",
      "admit NotMet",
      "veto Ended",
    ];
    for (const what of refused) expect(all.get(what) ?? 0, what).to.be.above(0);
  });
});
