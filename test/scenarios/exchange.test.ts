// Long: a case from its beginning to its end.
import { expect } from "chai";
import { stringToHex, type Address, type Hex } from "viem";
import { ACTS, buildArrest } from "../../src/orders/index.ts";
import { atSecond, goTo, loadFixture, now, timeOf } from "../system/chain.ts";
import { deploySystem } from "../system/deployed.ts";
import { entryOf, execute, target } from "../system/entries.ts";
import { deployFaultySystem } from "../system/faulty.ts";
import { inKind, units } from "../system/money.ts";
import { DAY, LICENCE_DELAY } from "../system/parameters.ts";

/** What a platform's wallet is to the docket. */
const PLATFORM = 5n;
const [ACKNOWLEDGED, DEMANDED, SURRENDERED] = [83n, 84n, 85n];

const [ALL, TRACED] = [units(2_000_000), units(61_300)];
const CUSTOMER: Hex = stringToHex("customer 4711", { size: 32 });

/** A licensed platform's omnibus wallet with 2,000,000, of which 61,300 are traced to one customer. */
async function deployPlatform() {
  const scene = await deploySystem();
  const { license, register, other, usdx, issuer, carol: wallet } = scene;
  await other.connect(issuer).mint(wallet, ALL);
  await license(wallet, "SARY-ARKA", { omnibus: true });
  await goTo((await now()) + LICENCE_DELAY);
  const account = (await register.accountOf(wallet, CUSTOMER)) as Address;
  await other.connect(wallet).approve(register, ALL);
  return {
    ...scene,
    wallet,
    account,
    held: [target(usdx, account, TRACED)],
    hold: () =>
      scene.exchangeHold({ asset: usdx, wallet: wallet.address as Address, subAccount: CUSTOMER, amount: TRACED }),
  };
}

/** The court confirmed the hold, and the 61,300 are seized and not surrendered yet. */
async function deployDemanded() {
  const scene = await deployPlatform();
  const { hold, register, wallet, usdx, held, arrest, seize } = scene;
  await hold();
  await register.connect(wallet).acknowledge(usdx, CUSTOMER, TRACED);
  await arrest({ confirm: held, until: (await now()) + 100n * DAY });
  await seize(held);
  return scene;
}

describe("61,300 traced into an exchange's hot wallet of 2,000,000", () => {
  it("are no reason to freeze the wallet: a Freeze is refused", async () => {
    const { docket, other, usdx, wallet, freeze } = await loadFixture(deployPlatform);
    await expect(freeze([target(usdx, wallet, TRACED)]))
      .to.be.revertedWithCustomError(docket, "DocketCannotHold")
      .withArgs(wallet.address, PLATFORM);
    expect(await other.getFrozenTokens(wallet)).to.equal(0);
  });

  it("are held by a court only where the order says that it knows whose wallet it is", async () => {
    const scene = await loadFixture(deployPlatform);
    const { docket, other, usdx, wallet, arrest, base } = scene;
    const place = [target(usdx, wallet, TRACED)];
    const until = (await now()) + 100n * DAY;
    await expect(arrest({ place, until })).to.be.revertedWithCustomError(docket, "DocketCannotHold");
    await execute(scene, buildArrest({ ...(await base({})), place, upTo: 0, until, omnibus: true }));
    expect(await other.getFrozenTokens(wallet)).to.equal(TRACED);
  });

  it("are held in the customer's sub-account; the other customers' money moves as before", async () => {
    const { other, usdx, wallet, account, bob, hold, docket } = await loadFixture(deployPlatform);
    await hold();
    expect((await docket.heldOf(usdx, account)).held).to.equal(TRACED);
    expect(await other.getFrozenTokens(wallet)).to.equal(0);
    await other.connect(wallet).transfer(bob, ALL - TRACED);
    expect(await other.balanceOf(bob)).to.equal(ALL - TRACED);
  });

  it("are acknowledged by the platform; its answering time is on record", async () => {
    const { register, usdx, wallet, account, hold } = await loadFixture(deployPlatform);
    const asked = await timeOf(hold());
    const entry = await entryOf(
      atSecond(asked + 7_200n, () => register.connect(wallet).acknowledge(usdx, CUSTOMER, TRACED)),
    );
    expect(entry.act).to.equal(BigInt(ACTS.acknowledge));
    expect(entry.effects.map(({ what, account: of, amount, value }) => [what, of, amount, value])).to.deep.equal([
      [ACKNOWLEDGED, account, TRACED, 7_200n],
    ]);
    expect(7_200n < DAY).to.equal(true);
  });

  it("are demanded by a seizure and surrendered into the vault in one call; they count as taken from the wallet", async () => {
    const scene = await loadFixture(deployPlatform);
    const { docket, register, other, usdx, wallet, account, held, hold, arrest, seize, sums, caseId } = scene;
    await hold();
    await register.connect(wallet).acknowledge(usdx, CUSTOMER, TRACED);
    await arrest({ confirm: held, until: (await now()) + 100n * DAY });
    const demand = await entryOf(seize(held));
    expect(demand.effects.at(-1)).to.include({
      what: DEMANDED,
      account,
      amount: TRACED,
      value: BigInt(wallet.address),
    });
    expect((await sums(usdx)).taken).to.equal(0);
    const surrender = await entryOf(register.connect(wallet).surrender(caseId, usdx, CUSTOMER, TRACED));
    expect(surrender.effects.at(-1)).to.include({ what: SURRENDERED, account: wallet.address, amount: TRACED });
    expect(await sums(usdx)).to.include({ taken: TRACED, balance: TRACED, free: TRACED, suspense: 0n });
    expect((await docket.owedTo(caseId, usdx, wallet)).owed).to.equal(TRACED);
    expect(await other.balanceOf(wallet)).to.equal(ALL - TRACED);
    expect(await register.dueOf(caseId, usdx, account)).to.equal(0);
  });

  it("are surrendered in parts if need be, and never more than was demanded", async () => {
    const { register, usdx, wallet, caseId, account, sums } = await loadFixture(deployDemanded);
    const platform = register.connect(wallet);
    await platform.surrender(caseId, usdx, CUSTOMER, units(60_000));
    await expect(platform.surrender(caseId, usdx, CUSTOMER, units(1_300) + 1n))
      .to.be.revertedWithCustomError(register, "RegisterInvalidAmount")
      .withArgs(units(1_300) + 1n, units(1_300));
    expect(await register.dueOf(caseId, usdx, account)).to.equal(units(1_300));
    await platform.surrender(caseId, usdx, CUSTOMER, units(1_300));
    expect((await sums(usdx)).taken).to.equal(TRACED);
  });

  it("are given back to the platform that surrendered them, for its customer", async () => {
    const { register, other, usdx, wallet, caseId, refund, sums } = await loadFixture(deployDemanded);
    await register.connect(wallet).surrender(caseId, usdx, CUSTOMER, TRACED);
    await refund([inKind(usdx, wallet, TRACED)]);
    expect(await other.balanceOf(wallet)).to.equal(ALL);
    expect((await sums(usdx)).free).to.equal(0);
  });

  it("are still surrendered by a platform whose licence was suspended since", async () => {
    const { register, usdx, wallet, caseId, suspend, sums } = await loadFixture(deployDemanded);
    await suspend("SARY-ARKA");
    await register.connect(wallet).surrender(caseId, usdx, CUSTOMER, TRACED);
    expect((await sums(usdx)).taken).to.equal(TRACED);
  });

  it("that the platform does not surrender are no custody: the case holds nothing, and the debt stays on record", async () => {
    const scene = await loadFixture(deployDemanded);
    const { register, usdx, account, caseId, sums } = scene;
    expect(await sums(usdx)).to.include({ taken: 0n, balance: 0n });
    expect(await register.dueOf(caseId, usdx, account)).to.equal(TRACED);
  });

  it("lapse with their hold after ten days, as any other provisional hold", async () => {
    const { docket, usdx, account, caseId, held, hold, seize, stranger } = await loadFixture(deployPlatform);
    const asked = await timeOf(hold());
    await goTo(asked + 10n * DAY);
    await expect(seize(held)).to.be.revertedWithCustomError(docket, "DocketNothingHeld");
    await docket.connect(stranger).lapse(caseId, [{ asset: usdx, account }]);
    expect((await docket.heldOf(usdx, account)).held).to.equal(0);
  });

  it("cannot be asked of a wallet that no platform has; of one that was suspended it still can", async () => {
    const { register, usdx, bob, hold, exchangeHold, suspend } = await loadFixture(deployPlatform);
    const order = { asset: usdx, subAccount: CUSTOMER, amount: TRACED };
    await expect(exchangeHold({ ...order, wallet: bob.address as Address }))
      .to.be.revertedWithCustomError(register, "RegisterNotLicensed")
      .withArgs(bob.address);
    await suspend("SARY-ARKA");
    await hold();
  });
});

describe("A platform that surrenders an asset which calls back", () => {
  it("has it counted as taken alone: nobody can book the same money as suspense on its way", async () => {
    const scene = await loadFixture(deployFaultySystem);
    const {
      disposal,
      register,
      faulty,
      flty,
      carol: wallet,
      caseId,
      license,
      exchangeHold,
      arrest,
      seize,
      sums,
    } = scene;
    await license(wallet, "SARY-ARKA", { omnibus: true });
    await goTo((await now()) + LICENCE_DELAY);
    const account = (await register.accountOf(wallet, CUSTOMER)) as Address;
    await exchangeHold({ asset: flty, wallet: wallet.address as Address, subAccount: CUSTOMER, amount: 100n });
    await arrest({ confirm: [target(flty, account, 100n)], until: (await now()) + 100n * DAY });
    await seize([target(flty, account, 100n)]);
    await faulty.connect(wallet).approve(register, 100n);
    await faulty.setHook(disposal, disposal.interface.encodeFunctionData("book", [caseId, flty]));
    await register.connect(wallet).surrender(caseId, flty, CUSTOMER, 100n);
    expect(await faulty.hookSucceeded()).to.equal(false);
    expect(await sums(flty)).to.include({ taken: 100n, suspense: 0n, balance: 100n });
  });
});
