import { expect } from "chai";
import type { Address } from "viem";
import { SOURCE } from "../system/acts/disposals.ts";
import { addressOf, ethers, goTo, loadFixture, now, type Sent } from "../system/chain.ts";
import { deployConverting } from "../system/custody.ts";
import { FAULT } from "../system/faulty.ts";
import { expectSums, inKind, UNIT } from "../system/money.ts";
import { DAY, YEAR } from "../system/parameters.ts";

const REENTERED = ethers.id("ReentrancyGuardReentrantCall()").slice(0, 10);

/** Every way in which FLTY leaves or enters the vault by a disposal, each ready to be done. */
async function deploy() {
  const system = await deployConverting();
  const { disposal, faulty, flty, kzte, alice, bob, stranger, treasury, wallet, caseId, vaultAt } = system;
  const to = addressOf(stranger);
  await faulty.connect(bob).transfer(vaultAt, 7n * UNIT);
  await disposal.book(caseId, flty);
  await faulty.setFault(bob, FAULT.revert);
  await system.refund([inKind(flty, bob, 20n * UNIT)]);
  await faulty.setFault(bob, FAULT.none);
  const list = [{ account: addressOf(stranger), amount: 5n * UNIT }];
  const compensation = await system.compensate({ asset: flty, list });
  await compensation.send();
  await goTo((await system.timesOf(compensation.digest)).start);
  await compensation.execute();

  const scheduled = async (order: { digest: `0x${string}`; send: () => Sent }, execute: () => Sent) => {
    await order.send();
    return async () => {
      const { start } = await system.timesOf(order.digest);
      if (start > (await now())) await goTo(start);
      return execute();
    };
  };
  const forfeit = await system.forfeit({ asset: flty, treasury: addressOf(treasury), amount: 3n * UNIT });
  const custody = await system.transfer({ asset: flty, to, amount: 3n * UNIT });
  const suspense = await system.transfer({ asset: flty, source: SOURCE.suspense, to, amount: 3n * UNIT });
  const conversion = await system.conversion({ asset: flty, amount: 3n * UNIT });
  const proceeds = await system.conversion({ asset: kzte, amount: 3n * UNIT, proceedsAsset: flty });
  const ways: Record<string, () => Sent> = {
    Return: () => system.refund([inKind(flty, alice, 3n * UNIT)]),
    "a claim": () => disposal.claim(caseId, flty, bob),
    "a claim of a compensation": () => compensation.claim(0),
    Forfeit: await scheduled(forfeit, forfeit.execute),
    "Transfer of custody": await scheduled(custody, custody.execute),
    "Transfer of suspense": await scheduled(suspense, suspense.execute),
    "delivery of a conversion": await scheduled(conversion, () => conversion.execute(wallet, 15n * UNIT)),
    "payment of a conversion": await scheduled(proceeds, () => proceeds.execute(wallet, 15n * UNIT)),
  };
  /** Of what bob did not come for within a year. */
  const unclaimed = async () => {
    await goTo((await now()) + YEAR - 29n * DAY);
    const order = await system.transfer({
      asset: flty,
      source: SOURCE.unclaimed,
      holder: addressOf(bob),
      to,
      amount: 3n * UNIT,
    });
    return scheduled(order, order.execute);
  };
  return { ...system, ways, unclaimed };
}

const WAYS = [
  "Return",
  "a claim",
  "a claim of a compensation",
  "delivery of a conversion",
  "payment of a conversion",
  "Forfeit",
  "Transfer of custody",
  "Transfer of suspense",
];

describe("Disposal of an asset that calls back", () => {
  for (const way of [...WAYS, "Transfer of the unclaimed"]) {
    it(`cannot book as suspense what is just being paid: ${way}`, async () => {
      const system = await loadFixture(deploy);
      const { disposal, faulty, flty, caseId, ways, unclaimed } = system;
      const act = ways[way] ?? (await unclaimed());
      await faulty.setHook(disposal, disposal.interface.encodeFunctionData("book", [caseId, flty]));
      const before = await expectSums(system, faulty);
      await act();
      expect([await faulty.hookSucceeded(), await faulty.hookAnswer()]).to.deep.equal([false, REENTERED]);
      const after = await expectSums(system, faulty);
      expect(after.suspense).to.equal(before.suspense - (way === "Transfer of suspense" ? 3n * UNIT : 0n));
    });

    it(`cannot enter another disposal meanwhile: ${way}`, async () => {
      const system = await loadFixture(deploy);
      const { disposal, faulty, flty, bob, caseId, ways, unclaimed } = system;
      const act = ways[way] ?? (await unclaimed());
      await faulty.setHook(disposal, disposal.interface.encodeFunctionData("claim", [caseId, flty, bob.address]));
      await act();
      expect([await faulty.hookSucceeded(), await faulty.hookAnswer()]).to.deep.equal([false, REENTERED]);
      await expectSums(system, faulty);
    });
  }

  it("reverts an act that it slips a payment of the same asset into", async () => {
    const system = await loadFixture(deploy);
    const { docket, faulty, flty, vaultAt, caseId, ways } = system;
    const before = (await docket.moneyOf(caseId, flty)).left;
    await faulty.setHook(flty, faulty.interface.encodeFunctionData("mint", [vaultAt, 1n]));
    for (const way of WAYS) {
      await expect(ways[way]!(), way).to.be.revertedWithCustomError(docket, "MovedOtherwise");
    }
    expect((await docket.moneyOf(caseId, flty)).left).to.equal(before);
  });
});

describe("Disposal of an asset that does not do what it says", () => {
  const payees: [way: string, payee: (system: Awaited<ReturnType<typeof deploy>>) => Address][] = [
    ["a claim of a compensation", ({ stranger }) => addressOf(stranger)],
    ["Forfeit", ({ treasury }) => addressOf(treasury)],
    ["Transfer of custody", ({ stranger }) => addressOf(stranger)],
    ["Transfer of suspense", ({ stranger }) => addressOf(stranger)],
    ["delivery of a conversion", ({ wallet }) => addressOf(wallet)],
  ];
  for (const [way, payee] of payees) {
    it(`refuses the payee: nothing is paid, and the act is done later: ${way}`, async () => {
      const system = await loadFixture(deploy);
      const { docket, faulty, ways } = system;
      for (const fault of [FAULT.revert, FAULT.returnFalse]) {
        await faulty.setFault(payee(system), fault);
        const entries = await docket.entries();
        const before = await expectSums(system, faulty);
        await expect(ways[way]!()).to.be.revertedWithCustomError(docket, "DocketPaymentRefused");
        expect(await expectSums(system, faulty)).to.deep.equal(before);
        expect(await docket.entries()).to.equal(entries);
      }
      await faulty.setFault(payee(system), FAULT.none);
      await ways[way]!();
      await expectSums(system, faulty);
    });

    for (const [what, fault] of [
      ["moves nothing", FAULT.moveNothing],
      ["moves less", FAULT.moveLess],
      ["takes a fee on top", FAULT.feeOnTop],
      ["says no and moves", FAULT.returnFalseAndMove],
    ] as const) {
      it(`${what}: nothing is paid: ${way}`, async () => {
        const system = await loadFixture(deploy);
        const { docket, faulty, ways } = system;
        await faulty.setFault(payee(system), fault);
        const before = await expectSums(system, faulty);
        await expect(ways[way]!()).to.be.revertedWithCustomError(docket, "MovedOtherwise");
        expect(await expectSums(system, faulty)).to.deep.equal(before);
      });
    }
  }

  for (const [what, fault, moved] of [
    ["moves nothing", FAULT.moveNothing, 0n],
    ["moves less", FAULT.moveLess, 15n * UNIT - 1n],
    ["keeps a fee of what arrives", FAULT.feeFromPayee, 15n * UNIT - 1n],
  ] as const) {
    it(`${what}: nothing is delivered against it`, async () => {
      const system = await loadFixture(deploy);
      const { docket, faulty, tenge, flty, kzte, wallet, vaultAt, caseId, ways } = system;
      await faulty.setFault(vaultAt, fault);
      await expect(ways["payment of a conversion"]!())
        .to.be.revertedWithCustomError(docket, "MovedOtherwise")
        .withArgs(flty, wallet.address, 15n * UNIT, moved);
      expect((await docket.conversionOf(caseId, kzte, flty)).converted).to.equal(0n);
      await expectSums(system, tenge);
      await expectSums(system, faulty);
    });
  }
});
