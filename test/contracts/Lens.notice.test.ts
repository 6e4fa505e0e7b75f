import { expect } from "chai";
import { ZeroAddress, ZeroHash, type Result } from "ethers";
import type { Address, Hex } from "viem";
import { buildFreeze, digestOf, encodeCaseId, type Order, type Target } from "../../src/orders/index.ts";
import { addressOf, ethers, inTime, loadFixture, networkHelpers, newAddress, now } from "../system/chain.ts";
import { type Crowd, deployCrowd, SUB_ACCOUNT } from "../system/crowd.ts";
import { deploySystem, type System } from "../system/deployed.ts";
import { ARRESTED, PROVISIONAL, STANDING } from "../system/entries.ts";
import { UNIT } from "../system/money.ts";
import { approvalsOf, DOCUMENT, nextSalt, struct } from "../system/officers.ts";
import { DAY, type OfficerName } from "../system/parameters.ts";

/** Gas that one call may use. */
const GAS_CAP = 2n ** 24n;
/** Cases that the notice's reader asks for at once. */
const PAGE = 100n;

const { time } = networkHelpers;
const base = async () => ({ document: DOCUMENT, signBy: await inTime(), salt: nextSalt() });
const target = (asset: Address, who: { address: string } | Address, amount: bigint): Target => ({
  asset,
  account: typeof who === "string" ? who : addressOf(who),
  amount,
});

/** Schedules a forfeiture of `amount` in CASE-1; answers its digest. */
async function scheduleForfeit({ disposal, domain, kzte, treasury }: Crowd, amount: bigint): Promise<Hex> {
  const message = {
    ...(await base()),
    caseId: encodeCaseId("CASE-1"),
    asset: kzte,
    treasury: addressOf(treasury),
    amount,
  };
  const order: Order<"Forfeit"> = { primaryType: "Forfeit", message };
  await disposal.forfeit(message, await approvalsOf(domain, order, ["COURT-1", "GPO-1", "MOF-1"]));
  return digestOf(order, domain);
}

describe("Lens: notices", () => {
  it("tells a stranger that there is nothing", async () => {
    const { lens, kzte } = await loadFixture(deploySystem);
    const notice = await lens.noticeOf(kzte, newAddress(), 0, 10);
    expect([notice.balance, notice.held, notice.covered, notice.withheld, notice.until]).to.deep.equal([
      0n,
      0n,
      0n,
      0n,
      0n,
    ]);
    expect([notice.holds.length, notice.taken.length, notice.cases, notice.standing]).to.deep.equal([0, 0, 0n, 0n]);
  });

  it("shows every hold in the order of its claim, with what of the balance and of later receipts it takes", async () => {
    const system = await loadFixture(deploySystem);
    const { lens, kzte, alice, docket } = system;
    await system.freeze([target(kzte, alice, 600n * UNIT)], { caseId: "CASE-1", term: Number(5n * DAY) });
    const first = await now();
    await system.arrest({ place: [target(kzte, alice, 700n * UNIT)], until: first + 50n * DAY }, { caseId: "CASE-2" });
    await system.freeze([target(kzte, alice, 50n * UNIT)], { caseId: "CASE-3", term: Number(3n * DAY) });

    const holds = await lens.holdsOf(kzte, alice);
    const shown = holds.map(({ caseId, number, kind, amount, covered, withheld, live }) => {
      return [caseId, number, kind, amount / UNIT, covered / UNIT, withheld / UNIT, live];
    });
    expect(shown).to.deep.equal([
      [encodeCaseId("CASE-1"), 1n, PROVISIONAL, 600n, 600n, 0n, true],
      [encodeCaseId("CASE-2"), 2n, ARRESTED, 700n, 400n, 300n, true],
      [encodeCaseId("CASE-3"), 3n, PROVISIONAL, 50n, 0n, 50n, true],
    ]);
    expect(holds[0]!.until - holds[0]!.since).to.equal(5n * DAY);
    expect(holds[1]!.vault).to.equal(await docket.vaultOf(encodeCaseId("CASE-2")));

    const notice = await lens.noticeOf(kzte, alice, 0, 10);
    expect(notice.holds.map(({ number }) => number)).to.deep.equal([1n, 2n, 3n]);
    expect([notice.held, notice.covered, notice.withheld]).to.deep.equal([1_350n * UNIT, 1_000n * UNIT, 350n * UNIT]);
    expect(notice.until).to.equal(holds[2]!.until);
    expect((await docket.heldOf(kzte, alice)).held).to.equal(notice.held);
  });

  it("counts no hold that ended by time, recorded or not, and shows none that only keeps a cooling", async () => {
    const system = await loadFixture(deploySystem);
    const { lens, kzte, alice, docket } = system;
    await system.freeze([target(kzte, alice, 600n * UNIT)], { term: Number(DAY) });
    await system.freeze([target(kzte, alice, 500n * UNIT)], { caseId: "CASE-2", term: Number(5n * DAY) });
    await time.increase(2n * DAY);
    const [ended, live] = await lens.holdsOf(kzte, alice);
    expect([ended!.live, ended!.covered, ended!.withheld]).to.deep.equal([false, 0n, 0n]);
    expect([live!.live, live!.covered]).to.deep.equal([true, 500n * UNIT]);
    expect((await lens.noticeOf(kzte, alice, 0, 10)).held).to.equal(500n * UNIT);
    await docket.lapse(encodeCaseId("CASE-1"), [{ asset: kzte, account: alice }]);
    expect(await docket.holdsOf(kzte, alice)).to.have.length(2);
    expect((await lens.holdsOf(kzte, alice)).map(({ caseId }) => caseId)).to.deep.equal([encodeCaseId("CASE-2")]);
  });

  it("tells what each case still owes, and keeps as a claim", async () => {
    const system = await loadFixture(deployCrowd);
    const { lens, rfse, carol, refusing, docket } = system;
    await refusing.setFault(carol, 1);
    await system.refund([{ taken: rfse, asset: rfse, account: addressOf(carol), amount: 30n * UNIT }]);
    const { taken, cases } = await lens.noticeOf(rfse, carol, 0, 10);
    expect(cases).to.equal(2n);
    expect(taken.map((row) => [row.caseId, row.vault, row.owed, row.claim, row.due])).to.deep.equal([
      [encodeCaseId("CASE-1"), await docket.vaultOf(encodeCaseId("CASE-1")), 70n * UNIT, 30n * UNIT, 0n],
    ]);
  });

  it("looks at cases in pages, of which the last may be short and those after it are empty", async () => {
    const system = await loadFixture(deployCrowd);
    const { lens, kzte, alice } = system;
    await system.arrest({ place: [target(kzte, alice, 50n * UNIT)], until: (await now()) + DAY }, { caseId: "CASE-3" });
    await system.seize([target(kzte, alice, 50n * UNIT)], { caseId: "CASE-3" });
    const inPage = async (from: bigint, count: bigint) =>
      (await lens.noticeOf(kzte, alice, from, count)).taken.map(({ caseId }) => caseId);
    const [one, three] = [encodeCaseId("CASE-1"), encodeCaseId("CASE-3")];
    expect(await inPage(0n, 2n)).to.deep.equal([one]);
    expect(await inPage(1n, 1n)).to.deep.equal([]);
    expect(await inPage(2n, 5n)).to.deep.equal([three]);
    expect(await inPage(0n, 2n ** 256n - 1n)).to.deep.equal([one, three]);
    expect(await inPage(3n, 1n)).to.deep.equal([]);
    expect(await inPage(2n ** 256n - 1n, 2n ** 256n - 1n)).to.deep.equal([]);
  });

  it("knows a sub-account by what its platform said, and what the platform owes", async () => {
    const system = await loadFixture(deployCrowd);
    const { lens, register, domain, kzte, omnibus } = system;
    const message = {
      ...(await base()),
      caseId: encodeCaseId("CASE-1"),
      asset: kzte,
      wallet: addressOf(omnibus),
      subAccount: SUB_ACCOUNT,
      amount: 80n * UNIT,
      term: Number(9n * DAY),
    };
    const order: Order<"ExchangeHold"> = { primaryType: "ExchangeHold", message };
    const by: OfficerName[] = ["FMA-1", "FMA-2", "GPO-1"];
    await register.exchangeHold(message, await approvalsOf(domain, order, by));
    const account = (await register.accountOf(omnibus, SUB_ACCOUNT)) as Address;
    const asked = await lens.noticeOf(kzte, account, 0, 10);
    expect([asked.standing, asked.balance, asked.covered]).to.deep.equal([6n, 0n, 80n * UNIT]);
    expect([asked.subAccount.wallet, asked.subAccount.answeredAt]).to.deep.equal([omnibus.address, 0n]);

    await register.connect(omnibus).acknowledge(kzte, SUB_ACCOUNT, 60n * UNIT);
    const answered = await lens.noticeOf(kzte, account, 0, 10);
    expect([answered.balance, answered.covered, answered.withheld]).to.deep.equal([60n * UNIT, 60n * UNIT, 20n * UNIT]);
    await system.seize([target(kzte, account, 80n * UNIT)]);
    const seized = await lens.noticeOf(kzte, account, 0, 10);
    expect(seized.taken.map(({ caseId, owed, due }) => [caseId, owed, due])).to.deep.equal([
      [encodeCaseId("CASE-1"), 0n, 60n * UNIT],
    ]);
    expect(seized.holds.map(({ amount }) => amount)).to.deep.equal([20n * UNIT]);
  });

  it("names the standing of an account that can never be held", async () => {
    const system = await loadFixture(deployCrowd);
    const { lens, kzte, treasury, docket } = system;
    const standing = async (account: string) => (await lens.noticeOf(kzte, account, 0, 0)).standing;
    expect(await standing(treasury.address)).to.equal(STANDING.TREASURY);
    expect(await standing(kzte)).to.equal(STANDING.ASSET);
    expect(await standing(await docket.vaultOf(encodeCaseId("CASE-1")))).to.equal(STANDING.VAULT);
    expect(await standing(ZeroAddress)).to.equal(STANDING.SYSTEM);
  });

  it("tells whom a delayed order affects, and who has appealed", async () => {
    const system = await loadFixture(deployCrowd);
    const { lens, disposal, kzte, alice, bob, stranger, quorum } = system;
    const digest = await scheduleForfeit(system, 10n * UNIT);
    await disposal.connect(alice).appeal({ ...(await base()), order: digest, asset: kzte, holder: alice }, "0x");
    const views = async (who: string) =>
      (await lens.pendingOf([digest, ZeroHash], who)).map((it) => [it.order, it.affected, it.appealed]);
    expect(await views(alice.address)).to.deep.equal([
      [digest, true, true],
      [ZeroHash, false, false],
    ]);
    expect(await views(bob.address)).to.deep.equal([
      [digest, true, false],
      [ZeroHash, false, false],
    ]);
    expect((await views(stranger.address))[0]).to.deep.equal([digest, false, false]);
    const [{ delayed }] = (await lens.pendingOf([digest], alice)) as unknown as [{ delayed: unknown }];
    expect(delayed).to.deep.equal(await quorum.delayedOf(digest));
  });

  it("tells of a case what it has, per asset and in pages", async () => {
    const system = await loadFixture(deployCrowd);
    const { lens, docket, disposal, kzte, all, bob, tenge, refusing, rfse, carol } = system;
    const caseId = encodeCaseId("CASE-1");
    await system.refund([{ taken: kzte, asset: kzte, account: addressOf(bob), amount: 25n * UNIT }]);
    await refusing.setFault(carol, 1);
    await system.refund([{ taken: rfse, asset: rfse, account: addressOf(carol), amount: 5n * UNIT }]);
    const vault = await docket.vaultOf(caseId);
    await tenge.connect(bob).transfer(vault, 3n * UNIT);
    await disposal.book(caseId, kzte);

    const found = await lens.caseOf(caseId, 0, 10);
    const { number, hasVault } = await docket.caseOf(caseId);
    expect([found.number, found.hasVault]).to.deep.equal([number, hasVault]);
    expect([found.vault, found.assets, found.sums.length]).to.deep.equal([vault, 3n, 3]);
    const sums = Object.fromEntries(found.sums.map((it) => [it.asset, (it as unknown as Result).toObject()]));
    expect(sums[kzte]).to.include({
      left: 275n * UNIT,
      proceeds: 0n,
      reserved: 0n,
      suspense: 3n * UNIT,
      inVault: 278n * UNIT,
      treasury: await docket.treasuryOf(kzte),
    });
    expect(sums[rfse]).to.include({ reserved: 5n * UNIT, left: 295n * UNIT, inVault: 300n * UNIT });

    expect((await lens.caseOf(caseId, 1, 1)).sums.map(({ asset }) => asset)).to.deep.equal([all[1]]);
    expect((await lens.caseOf(caseId, 3, 1)).sums).to.have.length(0);
    const none = await lens.caseOf(encodeCaseId("CASE-9"), 0, 1);
    expect([none.number, none.hasVault, none.sums[0]!.left]).to.deep.equal([0n, false, 0n]);
  });

  describe("with lists as long as they get", function () {
    this.timeout(240_000);
    const ACCOUNTS = 50;
    const CASES = 16;

    /** 16 live holds on each of 50 accounts, and as many cases as fill a page. */
    async function deployCrowded() {
      const system = await deploySystem();
      const { docket, kzte, domain } = system;
      const accounts = Array.from({ length: ACCOUNTS }, newAddress).sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
      const targets = accounts.map((account) => target(kzte, account, 1n));
      for (let n = 1; n <= CASES; ++n) {
        await system.arrest({ place: targets, until: (await now()) + 50n * DAY }, { caseId: `CASE-${n}` });
      }
      for (let n = CASES; n < Number(PAGE); n += 40) {
        const orders = await Promise.all(
          Array.from({ length: Math.min(40, Number(PAGE) - n) }, async (_, i) => {
            const targets = [target(kzte, newAddress(), 1n)];
            return buildFreeze({ ...(await base()), caseId: `CASE-${n + i + 1}`, targets, term: 60 });
          }),
        );
        const approvals = orders.map((order) => approvalsOf(domain, order, ["FMA-1", "FMA-2", "GPO-1"]));
        await docket.freeze(struct(orders.map(({ message }) => message)), await Promise.all(approvals), "0x");
      }
      return { ...system, accounts, targets };
    }

    const within = async (gasLimit: bigint, contract: { getAddress(): Promise<string> }, data: string) =>
      ethers.provider.call({ to: await contract.getAddress(), data, gasLimit });

    it("tells a notice of 16 holds and a page of cases within the gas of one call", async () => {
      const { lens, kzte, accounts, docket } = await loadFixture(deployCrowded);
      expect(await docket.caseCount()).to.equal(PAGE);
      const data = lens.interface.encodeFunctionData("noticeOf", [kzte, accounts[0]!, 0, PAGE]);
      const [notice] = lens.interface.decodeFunctionResult(
        "noticeOf",
        await within(GAS_CAP, lens, data),
      ) as unknown as [Awaited<ReturnType<System["lens"]["noticeOf"]>>];
      expect(notice.holds.map(({ number }) => number)).to.have.length(CASES);
    });
  });
});
