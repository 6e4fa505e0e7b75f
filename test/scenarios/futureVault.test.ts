// Long: a case from its beginning to its end.
import { expect } from "chai";
import { stringToHex, type Address } from "viem";
import { addressOf, ethers, goTo, loadFixture, now, reach } from "../system/chain.ts";
import { deploySystem } from "../system/deployed.ts";
import { target } from "../system/entries.ts";
import { carryOut, inKind, units } from "../system/money.ts";
import { DAY, LICENCE_DELAY } from "../system/parameters.ts";

const TAKEN = units(100);
const CUSTOMER = stringToHex("customer", { size: 32 });

/** Another case's court holds both assets at the address where the case's vault will be, for as long as it can. */
async function deployHeldVault() {
  const scene = await deploySystem();
  const { kzte, usdx, arrest, vaultOf, license, carol } = scene;
  const vault = await vaultOf();
  for (const asset of [kzte, usdx]) {
    await arrest(
      { place: [target(asset, vault, units(1_000_000))], until: (await now()) + 180n * DAY },
      { caseId: "PLOT" },
    );
  }
  await license(carol, "SARY-ARKA");
  await reach((await now()) + LICENCE_DELAY);
  return scene;
}

describe("A hold on the address of a vault that does not exist yet", () => {
  it("is gone with the case's first order: what a platform surrenders can be given back", async () => {
    const scene = await loadFixture(deployHeldVault);
    const { tenge, register, kzte, carol: wallet, caseId, exchangeHold, arrest, seize, refund } = scene;
    const account = (await register.accountOf(wallet, CUSTOMER)) as Address;
    await exchangeHold({ asset: kzte, wallet: addressOf(wallet), subAccount: CUSTOMER, amount: TAKEN });
    await arrest({ confirm: [target(kzte, account, TAKEN)], until: (await now()) + 100n * DAY });
    await seize([target(kzte, account, TAKEN)]);
    await tenge.connect(wallet).approve(register, TAKEN);
    await register.connect(wallet).surrender(caseId, kzte, CUSTOMER, TAKEN);
    await expect(refund([inKind(kzte, wallet, TAKEN)])).to.changeTokenBalance(ethers, tenge, wallet, TAKEN);
  });

  it("is gone in every asset: what a conversion brings in can be paid out", async () => {
    const scene = await loadFixture(deployHeldVault);
    const { tenge, disposal, kzte, usdx, carol: wallet, treasury, take, convert, forfeit, timesOf } = scene;
    const owner = await scene.holder(TAKEN, usdx);
    await take([target(usdx, owner, TAKEN)]);
    const order = await convert({
      asset: usdx,
      amount: TAKEN,
      wallet: addressOf(wallet),
      proceedsAsset: kzte,
      leastProceeds: TAKEN,
    });
    await order.send();
    await goTo((await timesOf(order.digest)).start);
    await tenge.connect(wallet).approve(disposal, TAKEN);
    await order.execute(wallet, TAKEN);
    await carryOut(scene, await forfeit({ asset: kzte, treasury: addressOf(treasury), amount: TAKEN }));
    expect(await tenge.balanceOf(treasury)).to.equal(TAKEN);
  });
});
