import type { Address } from "viem";
import { ethers } from "./chain.ts";
import { deployContracts, installed } from "./deployed.ts";
import { UNIT } from "./money.ts";

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
  const { docket, tenge, issuer, alice, bob, carol } = contracts;
  const faulty = await ethers.deployContract("FaultyTenge", [docket]);
  const flty = (await faulty.getAddress()) as Address;
  const system = await installed(contracts, [flty]);
  for (const holder of [alice, bob, carol]) {
    await tenge.connect(issuer).mint(holder, 1_000n * UNIT);
    await faulty.mint(holder, 1_000n * UNIT);
  }
  return {
    ...system,
    faulty,
    flty,
    /** Whether FLTY refuses an account from now on. */
    refuse: (account: string, refuses = true) => faulty.setFault(account, refuses ? FAULT.revert : FAULT.none),
  };
}

export type FaultySystem = Awaited<ReturnType<typeof deployFaultySystem>>;
