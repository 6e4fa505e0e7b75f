import type { Address } from "viem";
import { abiOf } from "../../chain/artifacts.ts";
import { readEntries } from "../../journal/entries.ts";
import { HOLD_KINDS, isLive, type Hold } from "../../journal/holds.ts";
import { leftOf } from "../../journal/ledger.ts";
import { replay, type CaseState, type JournalState } from "../../journal/replay.ts";
import { encodeCaseId } from "../../orders/index.ts";
import { Flaw } from "../folder/faults.ts";
import type { Act, Case, Disposal, Holding, PlannedOrder, Scope, ToldAct, ToldActOf } from "../operation.ts";
import { assetOf, type Stage } from "./stage.ts";

/** The act with its targets, as the journal and the chain tell them in its second. Throws a Flaw where there are none. */
export async function resolve(stage: Stage, told: ToldAct): Promise<Act> {
  switch (told.act) {
    case "arrest":
      return arrest(stage, told);
    case "lapse": {
      const state = await stateOf(stage);
      const ended = stage.operation.cases.flatMap(({ id }) => {
        const holdings = holdsOf(stage, state, id, (hold) => !isLive(hold, secondOf(stage, told)));
        return holdings.length > 0 ? [{ case: id, holdings }] : [];
      });
      return { ...told, ended };
    }
    case "seize": {
      const state = await stateOf(stage);
      const orders = await select(stage, told.cases, (it) => {
        const holdings = liveOf(stage, state, told, it);
        if (holdings.length > 0) return { case: it.id, ruling: it.ruling, holdings };
        throw new Flaw("NothingToDo", `the case ${it.id} has no live hold that could be seized`);
      });
      return { ...told, orders };
    }
    case "forfeit":
      return "disposals" in told ? told : forfeit(stage, told);
    case "book": {
      const state = await stateOf(stage);
      const deposits = await select(stage, told.cases, (it) => depositsOf(stage, state, it));
      return { ...told, deposits: deposits.flat() };
    }
    case "open": {
      const cases = await select(stage, told.cases, ({ id }) => {
        if (stage.executed.some((order) => order.case === id)) return id;
        throw new Flaw("NothingToDo", `the case ${id} was not opened`);
      });
      return { ...told, cases };
    }
    default:
      return told;
  }
}

/** Confirms the case's live holds, of some accounts a part or nothing, and places new ones. */
async function arrest(stage: Stage, told: ToldActOf<"arrest">): Promise<Act> {
  const { cases, except, parts, place, ...act } = told;
  const state = await stateOf(stage);
  const chosen = cases === "*" ? stage.operation.cases : cases;
  const isTarget = (account: Address, asset?: string, id?: string) =>
    chosen.some((it) => (id ?? it.id) === it.id && targetsOf(stage, state, it, asset).has(account));
  for (const account of except) {
    if (isTarget(account)) continue;
    throw new Flaw("UnknownAccount", `the account ${account} has no hold in the cases of this arrest`);
  }
  for (const { case: id, asset, account } of parts) {
    if (isTarget(account, asset, id)) continue;
    throw new Flaw("UnknownAccount", `${account} has no hold of ${asset} in the case ${id} by then`);
  }
  const orders = await select(stage, cases, (it): PlannedOrder => {
    const live = liveOf(stage, state, told, it);
    const own = place.filter((of) => of.case === it.id).map(({ case: _, ...holding }) => holding);
    if (live.length + own.length === 0) {
      throw new Flaw("NothingToDo", `the case ${it.id} has no live hold that could be arrested`);
    }
    const partOf = (holding: Holding) =>
      parts.find((of) => of.case === it.id && of.asset === holding.asset && of.account === holding.account);
    const holdings = live
      .filter(({ account }) => !except.has(account))
      .map((holding) => ({ ...holding, amount: partOf(holding)?.amount ?? holding.amount }));
    if (holdings.length + own.length === 0) {
      throw new Flaw("LastTarget", `the case ${it.id} would lose its last target: every live hold is of an except`);
    }
    return { case: it.id, ruling: it.ruling, holdings, ...(own.length > 0 && { place: own }) };
  });
  return { ...act, orders };
}

/** One forfeiture per asset of which the case has something left, or of the one that is named. */
async function forfeit(stage: Stage, told: Extract<ToldAct, { cases: Scope; act: "forfeit" }>): Promise<Act> {
  const { cases, asset, ruling, ...act } = told;
  const state = await stateOf(stage);
  const disposals = await select(stage, cases, (it): Disposal[] => {
    const ledgers = [...(caseIn(state, it.id)?.ledgers ?? [])];
    const left = ledgers.flatMap(([address, ledger]) => {
      const [symbol, amount] = [symbolOf(stage, address), leftOf(ledger)];
      const of: Disposal = { act: "forfeit", case: it.id, ruling: ruling ?? it.ruling, asset: symbol, amount };
      return amount > 0n && (asset ?? symbol) === symbol ? [of] : [];
    });
    if (left.length > 0) return left;
    throw new Flaw("NothingToDo", `the case ${it.id} has nothing left that could be forfeited`);
  });
  return { ...act, disposals: disposals.flat() };
}

/** What lies in the case's vault that no act of the journal brought there. */
async function depositsOf(stage: Stage, state: JournalState, { id }: Case) {
  const { vault, ledgers } = caseIn(state, id) ?? {};
  const deposits = [];
  for (const { symbol } of vault === undefined ? [] : stage.operation.assets) {
    const address = assetOf(stage, symbol);
    const args = [vault!] as const;
    const balance = await stage.chain.client.readContract({
      abi: abiOf("Tenge"),
      address,
      functionName: "balanceOf",
      args,
    });
    const ledger = ledgers?.get(address);
    const known = ledger ? leftOf(ledger) + ledger.reserved + ledger.suspense - ledger.suspensePaid : 0n;
    if (balance > known) deposits.push({ case: id, asset: symbol, amount: balance - known });
  }
  if (deposits.length > 0) return deposits;
  throw new Flaw("NothingToDo", `the case ${id} has no deposit to book`);
}

/** Whether a Lift of these amounts reaches arrested holds: the case's provisional ones do not suffice. */
export async function needsArrested(stage: Stage, told: { at: number }, { case: id, holdings }: PlannedOrder) {
  const state = await stateOf(stage);
  const now = secondOf(stage, told);
  const provisional = holdsOf(stage, state, id, (hold) => hold.kind === HOLD_KINDS.provisional && isLive(hold, now));
  return holdings.some(({ asset, account, amount }) => {
    const own = provisional.find((it) => it.asset === asset && it.account === account);
    return (own?.amount ?? 0n) < amount;
  });
}

/** The state that the journal tells by now. */
async function stateOf({ chain, deployment }: Stage): Promise<JournalState> {
  const range = { fromBlock: BigInt(deployment.block), toBlock: await chain.client.getBlockNumber() };
  return replay(await readEntries(chain.client, deployment.addresses.docket, range));
}

const secondOf = ({ operation }: Stage, { at }: { at: number }): number => operation.start + at;

const caseIn = (state: JournalState, id: string): CaseState | undefined => state.cases.get(encodeCaseId(id));

const symbolOf = (stage: Stage, asset: Address): string => stage.words.asset(asset)!.symbol;

/** Accounts on which the case ever had a hold, of an asset or of any. */
function targetsOf(stage: Stage, state: JournalState, { id }: Case, asset?: string): Set<Address> {
  const ledgers = [...(caseIn(state, id)?.ledgers ?? [])];
  const own = ledgers.filter(([address]) => asset === undefined || symbolOf(stage, address) === asset);
  return new Set(own.flatMap(([, ledger]) => [...ledger.targets.keys()]));
}

const liveOf = (stage: Stage, state: JournalState, told: { at: number }, { id }: Case): Holding[] =>
  holdsOf(stage, state, id, (hold) => isLive(hold, secondOf(stage, told)));

/** The case's holds of a kind that no entry ended, summed by account. */
function holdsOf(stage: Stage, state: JournalState, id: string, isWanted: (hold: Hold) => boolean): Holding[] {
  const number = caseIn(state, id)?.number;
  return [...state.accounts.values()].flatMap(({ asset, account, holds }) => {
    const amount = holds
      .filter((hold) => hold.caseNumber === number && isWanted(hold))
      .reduce((sum, hold) => sum + hold.amount, 0n);
    return amount > 0n ? [{ asset: symbolOf(stage, asset), account, amount }] : [];
  });
}

/** The results for the cases that are named, or for all to which the act can apply. */
async function select<T>(stage: Stage, cases: Scope, apply: (it: Case) => T | Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (const it of cases === "*" ? stage.operation.cases : cases) {
    try {
      results.push(await apply(it));
    } catch (error) {
      if (cases !== "*" || !(error instanceof Flaw) || error.fault !== "NothingToDo") throw error;
    }
  }
  if (results.length > 0) return results;
  throw new Flaw("NothingToDo", "no case is left that this act can apply to");
}
