import type { ContractTransactionResponse } from "ethers";
import type { Hex } from "viem";
import { buildFreeze, buildSeize, bundleOf, rangeOf, type Order, type Target } from "../src/orders/index.ts";
import { networkHelpers } from "../test/system/chain.ts";
import type { System } from "../test/system/deployed.ts";
import { approvalsOf as approvalsOfDigest, keyOfficer } from "../test/system/kinds.ts";
import { UNIT } from "../test/system/money.ts";
import { approvalsOf, officer, struct } from "../test/system/officers.ts";
import { DAY, DECIDERS, type OfficerName } from "../test/system/parameters.ts";
import { sent, type Sent } from "./sent.ts";

/** Orders of a sitting, a case each, and targets of all: those of Operation Tumar. */
export const [ORDERS, TARGETS] = [81, 363];
/** Accounts that the measurements take. */
export const SITTING_ACCOUNTS = 1 + 2 * ORDERS + TARGETS;

const FREEZERS = DECIDERS.Freeze;
const SEIZERS = DECIDERS.Seize;
const AMOUNT = 600n * UNIT;

export interface Sittings {
  /** One order of one target in an open case, {@link ORDERS} of them in a bundle, and as many that are signed singly. */
  one: Sent;
  bundle: Sent;
  singly: Sent;
  /** The freeze of {@link TARGETS} targets in {@link ORDERS} new cases, and their seizure into new vaults. */
  freeze: readonly Sent[];
  seize: readonly Sent[];
}

/**
 * Measures orders that come together.
 * @param accounts {@link SITTING_ACCOUNTS} that have money and were never held.
 * @param salt The same in every run, for so is then the price of its bytes.
 * @param cap Most gas of a transaction.
 */
export async function measureSittings(
  system: System,
  accounts: readonly Target["account"][],
  salt: (text: string) => Hex,
  cap: number,
): Promise<Sittings> {
  const { kzte, domain, docket, base } = system;
  let used = 0;
  const freeze = async (caseId: string, text: string, targets: number) =>
    buildFreeze({
      ...(await base({ caseId, salt: salt(text) })),
      targets: accounts.slice(used, (used += targets)).map((account) => ({ asset: kzte, account, amount: AMOUNT })),
      term: Number(DAY),
    });
  const inOpenCase = (text: string, n: number) =>
    Promise.all(Array.from({ length: n }, (_, i) => freeze("CASE-1", `${text} ${i}`, 1)));

  const [one] = await sendTogether(system, await inOpenCase("one", 1), FREEZERS, cap);
  const [bundle] = await sendTogether(system, await inOpenCase("bundle", ORDERS), FREEZERS, cap);
  const alone = await inOpenCase("singly", ORDERS);
  const approvals = await Promise.all(alone.map((order) => approvalsOf(domain, order, FREEZERS)));
  const singly = await sent(
    docket.freeze(
      alone.map(({ message }) => struct(message)),
      approvals,
      "0x",
    ),
  );

  const upToOrder = (i: number) => Math.floor((i * TARGETS) / ORDERS);
  const freezes = await Promise.all(
    Array.from({ length: ORDERS }, (_, i) => freeze(`SITTING-${i}`, `frozen ${i}`, upToOrder(i + 1) - upToOrder(i))),
  );
  const frozen = await sendTogether(system, freezes, FREEZERS, cap);
  const upTo = Number(await docket.placements());
  const seizures = await Promise.all(
    freezes.map(async ({ message }, i) =>
      buildSeize({
        ...(await base({ caseId: `SITTING-${i}`, salt: salt(`seized ${i}`) })),
        holds: [...message.targets],
        upTo,
      }),
    ),
  );
  const seized = await sendTogether(system, seizures, SEIZERS, cap);
  return { one: one!, bundle: bundle!, singly, freeze: frozen, seize: seized };
}

/** Orders of one act by one signature of each officer, in as few equal transactions as the cap allows. */
async function sendTogether(
  { docket, domain }: System,
  orders: readonly (Order<"Freeze"> | Order<"Seize">)[],
  by: readonly OfficerName[],
  cap: number,
): Promise<readonly Sent[]> {
  const { primaryType } = orders[0]!;
  const bundle = bundleOf(primaryType, orders, domain);
  const approvals = await approvalsOfDigest(
    bundle.digest,
    by.map((name) => keyOfficer(officer(name))),
  );
  const method = docket.getFunction(primaryType === "Freeze" ? "freeze" : "seize");
  for (let parts = 1; ; parts++) {
    const before = await networkHelpers.takeSnapshot();
    try {
      const size = Math.ceil(orders.length / parts);
      const all: Sent[] = [];
      for (let i = 0; i < orders.length; i += size) {
        const part = orders.slice(i, i + size);
        const list = [part.map(({ message }) => struct(message)), [approvals], rangeOf(bundle, i, part.length)];
        all.push(await sent(method(...list, { gasLimit: cap }) as Promise<ContractTransactionResponse>));
      }
      return all;
    } catch (error) {
      if (parts === orders.length) throw error;
      await before.restore();
    }
  }
}
