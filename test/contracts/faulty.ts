import type { Address } from "viem";
import { encodeCaseId, type Target } from "../../src/orders/index.ts";
import { actsOf, CASE, charterFor, DAY, deployContracts, ethers, now, signCharter, struct, UNIT } from "./fixture.ts";

/** In which way the asset fails a payee. */
export const FAULT = {
  none: 0,
  revert: 1,
  returnFalse: 2,
  returnNothing: 3,
  returnFalseAndMove: 4,
  moveNothing: 5,
  moveLess: 6,
  feeOnTop: 7,
  feeFromPayee: 8,
} as const;

/** The whole system with a third asset, FLTY, that fails as a test says; 1,000 of it and of KZTE on each holder. */
export async function deployFaultySystem() {
  const contracts = await deployContracts();
  const { docket, quorum, domain, tenge, issuer, treasury, alice, bob, carol } = contracts;
  const faulty = await ethers.deployContract("FaultyTenge", [docket]);
  const flty = (await faulty.getAddress()) as Address;
  const assets = [...contracts.addresses.assets, { asset: flty, treasury: treasury.address as Address }];
  const charter = charterFor({ ...contracts.addresses, assets });
  await quorum.install(struct(charter), await signCharter(charter, domain));
  for (const holder of [alice, bob, carol]) {
    await tenge.connect(issuer).mint(holder, 1_000n * UNIT);
    await faulty.mint(holder, 1_000n * UNIT);
  }
  const acts = actsOf(contracts);
  return {
    ...contracts,
    ...acts,
    ...{ faulty, flty, charter, caseId: encodeCaseId(CASE) },
    /** Arrests and seizes what is named. */
    take: async (holds: Target[], { caseId = CASE } = {}) => {
      await acts.arrest({ place: holds, until: (await now()) + 100n * DAY }, { caseId });
      await acts.seize(holds, { caseId });
    },
  };
}

export type FaultySystem = Awaited<ReturnType<typeof deployFaultySystem>>;
