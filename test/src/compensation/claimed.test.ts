import { expect } from "chai";
import { digestOf, encodeCaseId, type Order } from "../../../src/orders/index.ts";
import { makeList, proofOf, termsOf, type CompensationList } from "../../../src/compensation/index.ts";
import { CASE } from "../../system/acts/signed.ts";
import { addressOf, inTime, networkHelpers, now } from "../../system/chain.ts";
import { deploySystem } from "../../system/deployed.ts";
import { UNIT } from "../../system/money.ts";
import { approvalsOf, DOCUMENT, idsOf, nextSalt, NO_APPROVALS } from "../../system/officers.ts";
import { DAY, DECIDERS } from "../../system/parameters.ts";
import { accountOf, AMOUNTS, CLAIMS, POOL } from "./claimants.ts";

const BY = DECIDERS.Compensate;

/** The pool of 1,240,000 in the vault of the case, reserved for the list. */
async function deployCompensation() {
  const system = await deploySystem();
  const { kzte, tenge, issuer, alice, disposal, domain, addresses } = system;
  await tenge.connect(issuer).mint(alice, POOL);
  const target = { asset: kzte, account: addressOf(alice), amount: POOL };
  await system.arrest({ place: [target], until: (await now()) + 100n * DAY });
  await system.seize([target]);
  const list = makeList({ chainId: 31337, docket: addresses.docket, caseId: CASE, asset: kzte }, CLAIMS, POOL);
  const message = {
    ...termsOf(list),
    document: DOCUMENT,
    claimTerm: Number(90n * DAY),
    signBy: await inTime(),
    salt: nextSalt(),
  };
  const order: Order<"Compensate"> = { primaryType: "Compensate", message };
  await disposal.compensate(message, await approvalsOf(domain, order, BY));
  await networkHelpers.time.increase(15n * DAY);
  await disposal.executeCompensate(message, idsOf(BY), NO_APPROVALS);
  return { ...system, list, digest: digestOf(order, domain) };
}

describe("a compensation list on chain", () => {
  const claim = (system: Awaited<ReturnType<typeof deployCompensation>>, of: CompensationList, id: string) => {
    const { index, account, amount, proof } = proofOf(of, id);
    return system.disposal.claimCompensation(system.digest, index, account, amount, proof);
  };

  it("pays every claim its share, once, until nothing of the pool is left", async () => {
    const system = await networkHelpers.loadFixture(deployCompensation);
    const { list, digest, disposal, tenge, kzte, docket } = system;
    for (const { id } of CLAIMS.toReversed()) await claim(system, list, id);
    for (const [i, { account }] of CLAIMS.entries()) expect(await tenge.balanceOf(account)).to.equal(AMOUNTS[i]);
    expect((await disposal.compensationOf(digest)).rest).to.equal(0n);
    expect(await tenge.balanceOf(await docket.vaultOf(encodeCaseId(CASE)))).to.equal(0n);
    expect((await docket.moneyOf(encodeCaseId(CASE), kzte)).reserved).to.equal(0n);
    await expect(claim(system, list, "V1")).to.be.revertedWithCustomError(disposal, "DisposalClaimPaid");
  });

  it("pays nothing to a list of another chain, docket, case or asset, nor another amount", async () => {
    const system = await networkHelpers.loadFixture(deployCompensation);
    const { list, digest, disposal, usdx } = system;
    const scope = { chainId: list.chainId, docket: list.docket, caseId: list.caseId, asset: list.asset };
    for (const other of [
      { ...scope, chainId: 1 },
      { ...scope, docket: accountOf(9) },
      { ...scope, caseId: "CASE-2" },
      { ...scope, asset: usdx },
    ]) {
      const foreign = claim(system, makeList(other, CLAIMS, POOL), "V1");
      await expect(foreign).to.be.revertedWithCustomError(disposal, "DisposalNotInList");
    }
    const { index, account, amount, proof } = proofOf(list, "V1");
    for (const wrong of [
      [digest, index, account, amount + UNIT, proof],
      [digest, index + 1n, account, amount, proof],
      [digest, index, accountOf(9), amount, proof],
      [digest, index, account, amount, proof.slice(1)],
    ] as const) {
      const call = disposal.claimCompensation(
        ...([...wrong] as unknown as Parameters<typeof disposal.claimCompensation>),
      );
      await expect(call).to.be.revertedWithCustomError(disposal, "DisposalNotInList");
    }
  });
});
