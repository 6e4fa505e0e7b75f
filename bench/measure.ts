import { addressOf, ethers, networkHelpers } from "../test/system/chain.ts";
import {
  callDataGas,
  CASE_OPENED,
  floorOf,
  FREEZE_FIRST,
  FREEZE_NEXT,
  OFFICER_NEXT,
  ORDER_NEXT,
  PAYOUT,
  SEIZED_NEXT,
  SEIZURE_NEXT,
  sittingOf,
  TRANSFER_NEVER_HELD,
  VAULT_CREATE,
  type Need,
} from "./floor.ts";
import { measureOurs, TRANSACTION_CAP } from "./ours.ts";
import { measurePeers } from "./peers.ts";
import type { Bench } from "./report.ts";
import { MANY, type Sent } from "./sent.ts";
import { ORDERS, TARGETS } from "./sittings.ts";

/** High above the nonces that anything else on the chain reaches: addresses, and so the price of their bytes, are the same in every run. */
const FIRST_NONCE = 1_000_000;
const DAY = 86_400;

/** Measures all works on the embedded chain, in gas, and leaves it as it was. */
export async function measure(): Promise<Bench> {
  const before = await networkHelpers.takeSnapshot();
  try {
    const [deployer] = await ethers.getSigners();
    await networkHelpers.setNonce(addressOf(deployer!), FIRST_NONCE);
    // All freezes in one span of the docket's window.
    const now = await networkHelpers.time.latest();
    await networkHelpers.time.increaseTo((Math.floor(now / DAY) + 1) * DAY);
    return { schema: "sequester.bench.gas/1", rows: await measureRows() };
  } finally {
    await before.restore();
  }
}

async function measureRows(): Promise<Bench["rows"]> {
  const ours = await measureOurs();
  const { sittings } = ours;
  const peers = await measurePeers();
  const freezeFirst = floorOf(FREEZE_FIRST, callDataGas(ours.freezeFirst.data));
  const freezeNext = floorOf(FREEZE_NEXT, callDataPer(MANY, ours.freezeMany, ours.freezeFirst));
  return [
    {
      work: "freeze.first",
      ours: ours.freezeFirst.gas,
      floor: freezeFirst,
      peers: { "safe+usdc": peers.freezeFirst.gas },
    },
    {
      work: "freeze.next",
      ours: gasPer(MANY, ours.freezeMany, ours.freezeFirst),
      floor: freezeNext,
      peers: { "safe+usdc": gasPer(MANY, peers.freezeMany, peers.freezeOne) },
    },
    {
      work: "order.next",
      ours: gasPer(ORDERS - 1, sittings.bundle, sittings.one),
      floor: floorOf(ORDER_NEXT, callDataPer(ORDERS - 1, sittings.bundle, sittings.one)),
      peers: { "signed singly": gasPer(ORDERS - 1, sittings.singly, sittings.one) },
    },
    {
      work: "officer.next",
      ours: gasPer(2, ours.freezeByFive, ours.freezeFirst),
      floor: floorOf(OFFICER_NEXT, callDataPer(2, ours.freezeByFive, ours.freezeFirst)),
      peers: { safe: gasPer(2, peers.payoutByFive, peers.payout) },
    },
    {
      work: "transfer.neverHeld",
      ours: ours.transfer.gas,
      floor: floorOf(TRANSFER_NEVER_HELD, callDataGas(ours.transfer.data)),
      peers: { oz: peers.transferOfOpenZeppelin.gas, usdc: peers.transferOfUsdc.gas },
    },
    {
      work: "payout",
      ours: ours.payout.gas,
      floor: floorOf(PAYOUT, callDataGas(ours.payout.data)),
      peers: { "safe+oz": peers.payout.gas },
    },
    {
      work: "vault.create",
      ours: gasPer(1, ours.seizeFirst, ours.seizeNext),
      floor: floorOf(VAULT_CREATE, callDataPer(1, ours.seizeFirst, ours.seizeNext)),
      peers: { safe: peers.safeCreated.gas },
    },
    {
      work: "sitting.freeze",
      ours: sum(sittings.freeze.map(({ gas }) => gas)),
      floor: floorOfSitting(sittings.freeze, sittingOf(3), [
        [ORDERS, ORDER_NEXT],
        [ORDERS, CASE_OPENED],
        [TARGETS - ORDERS, FREEZE_NEXT],
      ]),
      peers: {
        "safe+usdc":
          ORDERS * peers.freezeOne.gas + (TARGETS - ORDERS) * gasPer(MANY, peers.freezeMany, peers.freezeOne),
      },
    },
    {
      work: "sitting.seize",
      ours: sum(sittings.seize.map(({ gas }) => gas)),
      floor: floorOfSitting(sittings.seize, sittingOf(4), [
        [ORDERS, SEIZURE_NEXT],
        [TARGETS, SEIZED_NEXT],
      ]),
      peers: {},
    },
    {
      work: "targets.perTransaction",
      ours: ours.targetsPerTransaction,
      floor: 1 + Math.floor((TRANSACTION_CAP - freezeFirst) / freezeNext),
      peers: {},
    },
  ];
}

const gasPer = (n: number, more: Sent, less: Sent): number => Math.round((more.gas - less.gas) / n);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Of each transaction what its orders share, and once what each order and each account needs. */
const floorOfSitting = (sitting: readonly Sent[], shared: Need, needs: readonly [n: number, need: Need][]): number =>
  sum([
    ...sitting.map(({ data }) => floorOf(shared, callDataGas(data))),
    ...needs.map(([n, need]) => n * floorOf(need, 0)),
  ]);

const callDataPer = (n: number, more: Sent, less: Sent): number =>
  Math.round((callDataGas(more.data) - callDataGas(less.data)) / n);
