import type { Address } from "viem";
import { buildFreeze, type Refund, type Target } from "../src/orders/index.ts";
import { SequesterError } from "../src/base/errors.ts";
import { addressOf, networkHelpers } from "../test/system/chain.ts";
import { deploySystem, type System } from "../test/system/deployed.ts";
import { UNIT } from "../test/system/money.ts";
import { approvalsOf, documentOf, struct } from "../test/system/officers.ts";
import { DAY, DECIDERS } from "../test/system/parameters.ts";
import { accounts, MANY, sent, type Sent } from "./sent.ts";
import { measureSittings, SITTING_ACCOUNTS, type Sittings } from "./sittings.ts";

/** The most gas of a transaction (EIP-7825). */
export const TRANSACTION_CAP = 2 ** 24;

/** Between these is how many targets fit one transaction. */
const [FEWEST, MOST] = [400, 480];
/** Accounts that other measurements take. */
const OTHERS = 3;
const FREEZERS = DECIDERS.Freeze;
const AMOUNT = 600n * UNIT;

/** The number of targets lies where the bench does not look. */
export class BenchRangeError extends SequesterError {
  override name = "BenchRangeError";

  constructor(targets: number, which: string) {
    super(`${targets} targets ${which} one transaction.`, {
      metaMessages: [`needs: a limit between ${FEWEST} and ${MOST}; set the range in bench/ours.ts`],
    });
  }
}

/** What the measured transactions of Sequester took. */
export interface Ours {
  freezeFirst: Sent;
  /** With {@link MANY} targets more. */
  freezeMany: Sent;
  /** By two officers more. */
  freezeByFive: Sent;
  transfer: Sent;
  payout: Sent;
  /** A seizure that creates the vault, and one that finds it. */
  seizeFirst: Sent;
  seizeNext: Sent;
  sittings: Sittings;
  targetsPerTransaction: number;
}

/**
 * Measures Sequester: the journal is not empty, the case is open and has a vault, every account has money and was never
 * held, no payee is new.
 */
export async function measureOurs(): Promise<Ours> {
  const system = await deploySystem();
  const { alice, bob, carol, tenge, issuer, kzte } = system;
  const held = accounts(0, OTHERS + MOST);
  const ofSittings = accounts(OTHERS + MOST + 1, OTHERS + MOST + 1 + SITTING_ACCOUNTS);
  for (const account of [...held, ...ofSittings]) await tenge.connect(issuer).mint(account, 1_000n * UNIT);
  const targets = (from: number, to = from + 1): Target[] =>
    held.slice(from, to).map((account) => ({ asset: kzte, account, amount: AMOUNT }));
  const holder = { asset: kzte, account: addressOf(alice), amount: AMOUNT };
  // Of an account without money a seizure moves none: what remains of the two is the vault.
  const empty = { asset: kzte, account: accounts(OTHERS + MOST, OTHERS + MOST + 1)[0]!, amount: AMOUNT };

  await system.freeze([...targets(0), holder, empty], { salt: salt("first") });
  const seizeFirst = await sent(system.seize([empty], { salt: salt("vault") }));
  const seizeNext = await sent(system.seize([empty], { salt: salt("no vault") }));
  await system.seize([holder], { salt: salt("seize") });
  await system.refund([refundOf(kzte, holder.account, 10n * UNIT)], { salt: salt("refund") });

  const transfer = await sent(tenge.connect(carol).transfer(bob, 100n * UNIT));
  const payout = await sent(
    system.refund([refundOf(kzte, holder.account, 100n * UNIT)], {
      by: ["FMA-1", "GPO-1", "NBK-1"],
      salt: salt("payout"),
    }),
  );
  const freezeFirst = await sent(system.freeze(targets(1), { by: FREEZERS, salt: salt("one") }));
  const freezeByFive = await sent(
    system.freeze(targets(2), { by: [...FREEZERS, "FMA-3", "GPO-2"], salt: salt("five") }),
  );
  const targetsPerTransaction = await countTargets(system, targets(OTHERS, OTHERS + MOST));
  const freezeMany = await sent(
    system.freeze(targets(OTHERS, OTHERS + 1 + MANY), { by: FREEZERS, salt: salt("many") }),
  );
  const sittings = await measureSittings(system, ofSittings, salt, TRANSACTION_CAP);
  return {
    freezeFirst,
    freezeMany,
    freezeByFive,
    transfer,
    payout,
    seizeFirst,
    seizeNext,
    sittings,
    targetsPerTransaction,
  };
}

/** A salt that is the same in every run, for so is then the price of its bytes. */
const salt = (text: string) => documentOf(`bench: ${text}`);

const refundOf = (asset: Address, account: Address, amount: bigint): Refund => ({
  taken: asset,
  asset,
  account,
  amount,
});

/** The most of these targets that one freeze under the cap takes, found by sending. */
async function countTargets(system: System, targets: readonly Target[]): Promise<number> {
  let [fits, exceeds] = [FEWEST, MOST];
  if (!(await freezes(system, targets.slice(0, fits)))) throw new BenchRangeError(fits, "do not fit");
  if (await freezes(system, targets.slice(0, exceeds))) throw new BenchRangeError(exceeds, "fit");
  while (exceeds - fits > 1) {
    const middle = (fits + exceeds) >> 1;
    if (await freezes(system, targets.slice(0, middle))) fits = middle;
    else exceeds = middle;
  }
  return fits;
}

/** Whether a freeze with all gas that a transaction can have goes through; it is undone if it does. */
async function freezes({ docket, domain, base }: System, targets: Target[]): Promise<boolean> {
  const order = buildFreeze({ ...(await base({ salt: salt("cap") })), targets, term: Number(DAY) });
  const approvals = await approvalsOf(domain, order, FREEZERS);
  const snapshot = await networkHelpers.takeSnapshot();
  try {
    const sending = await docket.freeze([struct(order.message)], [approvals], "0x", { gasLimit: TRANSACTION_CAP });
    await sending.wait();
  } catch {
    await snapshot.restore();
    return false;
  }
  await snapshot.restore();
  return true;
}
