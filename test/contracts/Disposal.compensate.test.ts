import { expect } from "chai";
import { MaxUint256, ZeroAddress, ZeroHash } from "ethers";
import type { Address, Hex } from "viem";
import { ACTS, encodeCaseId } from "../../src/orders/index.ts";
import { type Claim, leafOf, treeOf } from "../system/acts/disposals.ts";
import { addressOf, at, ethers, goTo, loadFixture, newAddress, timeOf } from "../system/chain.ts";
import { deployCustody } from "../system/custody.ts";
import { effect, effectsOf, entryOf, WHAT } from "../system/entries.ts";
import { expectSums, UNIT } from "../system/money.ts";
import { DOCUMENT } from "../system/officers.ts";
import { DAY } from "../system/parameters.ts";

const TERM = 90n * DAY;

/** A list of five claims on 250 of the 300 KZTE, executed; the last one is alice's. */
async function deploy() {
  const system = await deployCustody();
  const { kzte, alice, compensate, timesOf } = system;
  const accounts = [newAddress(), newAddress(), newAddress(), newAddress(), addressOf(alice)];
  const list = accounts.map((account, i) => ({ account, amount: BigInt(10 + 20 * i) * UNIT }));
  const executed = async (fields: Partial<Parameters<typeof compensate>[0]> = {}) => {
    const order = await compensate({ asset: kzte, list, ...fields });
    await order.send();
    await goTo((await timesOf(order.digest)).start);
    const sending = await order.execute();
    return { ...order, sending, until: (await timeOf(sending)) + BigInt(order.message.claimTerm) };
  };
  return { ...system, list, executed };
}

/** The same, with its list executed. */
async function deployExecuted() {
  const system = await deploy();
  return { ...system, order: await system.executed() };
}

describe("Disposal.compensate", () => {
  it("reserves its total, and pays nobody yet", async () => {
    const system = await loadFixture(deployExecuted);
    const { disposal, docket, tenge, kzte, caseId, order } = system;
    expect(await effectsOf(order.sending)).to.deep.equal([
      effect(WHAT.RESERVED, kzte, ZeroAddress, 250n * UNIT, order.until),
    ]);
    const { left, reserved } = await docket.moneyOf(caseId, kzte);
    expect([left, reserved]).to.deep.equal([50n * UNIT, 250n * UNIT]);
    expect([...(await disposal.compensationOf(order.digest))]).to.deep.equal([
      caseId,
      DOCUMENT,
      order.tree.root,
      kzte,
      order.until,
      250n * UNIT,
      0n,
    ]);
    await expectSums(system, tenge);
  });

  it("reserves no more than is left", async () => {
    const { disposal, docket, kzte, caseId, order, compensate, timesOf } = await loadFixture(deployExecuted);
    const list = [{ account: newAddress(), amount: 50n * UNIT + 1n }];
    const second = await compensate({ asset: kzte, list });
    await second.send();
    await goTo((await timesOf(second.digest)).start);
    await expect(second.execute())
      .to.be.revertedWithCustomError(docket, "DocketExceedsFree")
      .withArgs(caseId, kzte, 50n * UNIT, 50n * UNIT + 1n);
    expect((await disposal.compensationOf(order.digest)).rest).to.equal(250n * UNIT);
  });

  it("cannot be without a list, or claimed for less than 90 days or more than a year", async () => {
    const { disposal, kzte, list, compensate } = await loadFixture(deploy);
    await expect((await compensate({ asset: kzte, list, root: ZeroHash as Hex })).send()).to.be.revertedWithCustomError(
      disposal,
      "DisposalZeroRoot",
    );
    for (const claimTerm of [0n, TERM - 1n, 366n * DAY + 1n]) {
      await expect((await compensate({ asset: kzte, list, claimTerm })).send())
        .to.be.revertedWithCustomError(disposal, "DisposalInvalidClaimTerm")
        .withArgs(claimTerm, TERM, 366n * DAY);
    }
    for (const claimTerm of [TERM, 366n * DAY]) await (await compensate({ asset: kzte, list, claimTerm })).send();
  });

  describe("a claim", () => {
    it("is paid to each account of the list, by anyone, as an entry with the digest and document of the Compensate", async () => {
      const system = await loadFixture(deployExecuted);
      const { disposal, docket, tenge, kzte, caseId, list, order } = system;
      for (const [index, { account, amount }] of list.entries()) {
        expect(await disposal.isCompensated(order.digest, index)).to.equal(false);
        const before = await tenge.balanceOf(account);
        const entry = await entryOf(order.claim(index));
        expect((await tenge.balanceOf(account)) - before).to.equal(amount);
        expect([entry.act, entry.caseId, entry.document, entry.order, entry.officerIds]).to.deep.equal([
          BigInt(ACTS.claim),
          caseId,
          DOCUMENT,
          order.digest,
          [],
        ]);
        expect(entry.effects).to.deep.equal([effect(WHAT.COMPENSATED, kzte, account, amount, BigInt(index))]);
        expect(await disposal.isCompensated(order.digest, index)).to.equal(true);
        await expectSums(system, tenge);
      }
      const { left, reserved } = await docket.moneyOf(caseId, kzte);
      expect([left, reserved]).to.deep.equal([50n * UNIT, 0n]);
      expect((await disposal.compensationOf(order.digest)).rest).to.equal(0n);
    });

    it("is paid once", async () => {
      const { disposal, order } = await loadFixture(deployExecuted);
      await order.claim(1);
      await expect(order.claim(1))
        .to.be.revertedWithCustomError(disposal, "DisposalClaimPaid")
        .withArgs(order.digest, 1);
    });

    it("is paid only as the list says: index, account, amount and proof", async () => {
      const { disposal, list, order, stranger } = await loadFixture(deployExecuted);
      const { account, amount } = list[2]!;
      const proof = order.tree.proofOf(2);
      const others: [index: number, claim: Claim, proof: Hex[]][] = [
        [3, { account, amount }, proof],
        [2 + 256, { account, amount }, proof],
        [2, { account: addressOf(stranger), amount }, proof],
        [2, { account, amount: amount + 1n }, proof],
        [2, { account, amount: amount - 1n }, proof],
        [2, { account, amount }, proof.slice(1)],
        [2, { account, amount }, [...proof, proof[0]!]],
        [2, { account, amount }, []],
        [2, { account, amount }, order.tree.proofOf(3)],
      ];
      for (const [index, claim, by] of others) {
        await expect(order.claim(index, claim, by))
          .to.be.revertedWithCustomError(disposal, "DisposalNotInList")
          .withArgs(order.digest, index, claim.account, claim.amount);
      }
      await order.claim(2);
    });

    for (const [what, change] of [
      ["chain", { chainId: 1 }],
      ["docket", { docket: newAddress() }],
      ["case", { caseId: encodeCaseId("CASE-2") }],
      ["asset", { asset: newAddress() }],
    ] as const) {
      it(`of a list that was made for another ${what} is paid to nobody`, async () => {
        const system = await loadFixture(deploy);
        const { disposal, docket, kzte, caseId, list, executed } = system;
        const place = { chainId: 31337, docket: (await docket.getAddress()) as Address, caseId, asset: kzte };
        const leaves = (to: typeof place) => list.map((claim, index) => leafOf({ ...to, index, ...claim }));
        // The same list for this place is a good one.
        const good = treeOf(leaves(place));
        const order = await executed({ root: treeOf(leaves({ ...place, ...change })).root });
        expect(order.tree.root).to.equal(good.root);
        await expect(order.claim(0, list[0], treeOf(leaves({ ...place, ...change })).proofOf(0)))
          .to.be.revertedWithCustomError(disposal, "DisposalNotInList")
          .withArgs(order.digest, 0, list[0]!.account, list[0]!.amount);
      });
    }

    it("is no inner node of the tree: a leaf is hashed twice", async () => {
      const { disposal, kzte, docket, caseId, list, executed } = await loadFixture(deploy);
      const encoded = ethers.AbiCoder.defaultAbiCoder().encode(
        ["uint256", "address", "bytes32", "address", "uint256", "address", "uint256"],
        [31337, await docket.getAddress(), caseId, kzte, 0, list[0]!.account, list[0]!.amount],
      );
      const order = await executed({ root: ethers.keccak256(encoded) as Hex });
      await expect(order.claim(0, list[0], [])).to.be.revertedWithCustomError(disposal, "DisposalNotInList");
    });

    it("of a list with one claim needs no proof", async () => {
      const { tenge, list, executed } = await loadFixture(deploy);
      const order = await executed({ list: list.slice(0, 1) });
      await order.claim(0, list[0], []);
      expect(await tenge.balanceOf(list[0]!.account)).to.equal(list[0]!.amount);
    });

    it("of an account that stands in the list twice is paid at each of its places", async () => {
      const { tenge, list, executed } = await loadFixture(deploy);
      const account = list[0]!.account;
      const order = await executed({ list: [7n, 8n].map((amount) => ({ account, amount })) });
      await order.claim(0);
      await order.claim(1);
      expect(await tenge.balanceOf(account)).to.equal(15n);
    });

    it("is not paid beyond the total, though the list is worth more", async () => {
      const system = await loadFixture(deploy);
      const { disposal, tenge, executed, list } = system;
      const order = await executed({ total: 100n * UNIT });
      await order.claim(4);
      await expect(order.claim(3))
        .to.be.revertedWithCustomError(disposal, "DisposalExceedsCompensation")
        .withArgs(order.digest, 10n * UNIT, list[3]!.amount);
      await order.claim(0);
      await expect(order.claim(1))
        .to.be.revertedWithCustomError(disposal, "DisposalExceedsCompensation")
        .withArgs(order.digest, 0, list[1]!.amount);
      await expectSums(system, tenge);
    });

    it("of an amount that no word holds is not paid", async () => {
      const { disposal, list, executed } = await loadFixture(deploy);
      const huge = [{ account: list[0]!.account, amount: MaxUint256 }];
      const order = await executed({ list: huge, total: 1n });
      await expect(order.claim(0))
        .to.be.revertedWithCustomError(disposal, "DisposalExceedsCompensation")
        .withArgs(order.digest, 1, MaxUint256);
    });

    it("is paid in the last second of its time and not after", async () => {
      const { disposal, order } = await loadFixture(deployExecuted);
      await at(order.until);
      await order.claim(0);
      await expect(order.claim(1))
        .to.be.revertedWithCustomError(disposal, "DisposalClaimTooLate")
        .withArgs(order.digest, order.until);
    });

    it("of an order that was never executed is none, though it waits", async () => {
      const { disposal, kzte, list, compensate } = await loadFixture(deploy);
      const order = await compensate({ asset: kzte, list });
      await order.send();
      await expect(order.claim(0))
        .to.be.revertedWithCustomError(disposal, "DisposalNoCompensation")
        .withArgs(order.digest);
    });
  });

  describe("unreserve", () => {
    it("frees what nobody claimed, by anyone, after the last second and not before", async () => {
      const system = await loadFixture(deployExecuted);
      const { disposal, docket, stranger, tenge, kzte, caseId, order } = system;
      await order.claim(0);
      const unreserve = () => disposal.connect(stranger).unreserve(order.digest);
      await at(order.until);
      await expect(unreserve())
        .to.be.revertedWithCustomError(disposal, "DisposalStillReserved")
        .withArgs(order.digest, 240n * UNIT, order.until);
      await at(order.until + 1n);
      const entry = await entryOf(unreserve());
      expect([entry.act, entry.caseId, entry.document, entry.order, entry.officerIds]).to.deep.equal([
        BigInt(ACTS.unreserve),
        caseId,
        DOCUMENT,
        order.digest,
        [],
      ]);
      expect(entry.effects).to.deep.equal([
        effect(WHAT.UNRESERVED, kzte, ZeroAddress, 240n * UNIT, BigInt(order.digest)),
      ]);
      const { left, reserved } = await docket.moneyOf(caseId, kzte);
      expect([left, reserved]).to.deep.equal([290n * UNIT, 0n]);
      await expectSums(system, tenge);
      await expect(unreserve())
        .to.be.revertedWithCustomError(disposal, "DisposalStillReserved")
        .withArgs(order.digest, 0, order.until);
      await expect(order.claim(1)).to.be.revertedWithCustomError(disposal, "DisposalClaimTooLate");
    });

    it("of no compensation frees nothing", async () => {
      const { disposal } = await loadFixture(deployExecuted);
      await expect(disposal.unreserve(ZeroHash))
        .to.be.revertedWithCustomError(disposal, "DisposalStillReserved")
        .withArgs(ZeroHash, 0, 0);
    });

    it("leaves another compensation of the case reserved", async () => {
      const { disposal, docket, kzte, caseId, list, order, executed } = await loadFixture(deployExecuted);
      const second = await executed({ list: list.slice(1, 2), claimTerm: 2n * TERM });
      await goTo(order.until + 1n);
      await disposal.unreserve(order.digest);
      expect((await docket.moneyOf(caseId, kzte)).reserved).to.equal(list[1]!.amount);
      await second.claim(0, list[1], []);
    });
  });
});
