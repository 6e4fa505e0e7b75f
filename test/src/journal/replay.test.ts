import { expect } from "chai";
import { Wallet } from "ethers";
import { encodeAbiParameters, zeroAddress, zeroHash, type Address, type Hex } from "viem";
import { verifyChain } from "../../../src/journal/chain.ts";
import { decodeEffects, dismissalOf, seatOf, SOURCES, timesOf, WHAT } from "../../../src/journal/effects.ts";
import type { Entry } from "../../../src/journal/entries.ts";
import { HOLD_KINDS, packHold, unpackHold } from "../../../src/journal/holds.ts";
import { accountKey, JournalContradictionError, replay, type JournalState } from "../../../src/journal/replay.ts";
import { actName, ACTS, digestOf, encodeCaseId, type Target } from "../../../src/orders/index.ts";
import { addressOf, networkHelpers, now } from "../../system/chain.ts";
import { deploySystem, type System } from "../../system/deployed.ts";
import { journalOf, storedHead } from "../../system/journal.ts";
import { UNIT } from "../../system/money.ts";
import { nextSalt, NO_APPROVALS, officerIdOf, signOrder, struct } from "../../system/officers.ts";
import { DAY, type OfficerName } from "../../system/parameters.ts";

/** The holds on an account by the docket's view, without those that only keep a cooling time. */
async function viewed({ docket }: System, asset: Address, account: Address) {
  const words = await docket.holdsOf(asset, account);
  return words.map(unpackHold).filter(({ amount }) => amount > 0n);
}

const told = (state: JournalState, asset: Address, account: Address) =>
  state.accounts.get(accountKey(asset, account))?.holds ?? [];

describe("replay", () => {
  let system: System;
  let kzte: Address;
  let alice: Address;

  const state = async () => replay(await journalOf(system));
  const target = (amount: bigint, account = alice): Target => ({ asset: kzte, account, amount: amount * UNIT });
  const ledger = async (caseId = "CASE-1") => (await state()).cases.get(encodeCaseId(caseId))!.ledgers.get(kzte)!;

  /** The journal tells the same holds as the docket's view, in the same order. */
  async function agrees() {
    const current = await state();
    for (const account of [system.alice, system.bob, system.carol].map(addressOf)) {
      expect(told(current, kzte, account)).to.deep.equal(await viewed(system, kzte, account));
    }
  }

  beforeEach(async () => {
    system = await networkHelpers.loadFixture(deploySystem);
    kzte = system.kzte;
    alice = addressOf(system.alice);
  });

  it("knows the installed assets and no case before the first order", async () => {
    const { assets, cases, accounts } = await state();
    expect(assets).to.deep.equal(system.addresses.assets.map(({ asset }) => asset));
    expect([cases.size, accounts.size]).to.deep.equal([0, 0]);
  });

  it("follows a partial confirmation, its longer second, and a lift that takes the youngest first", async () => {
    await system.freeze([target(100n)]);
    const first = (await now()) + 100n * DAY;
    await system.arrest({ confirm: [target(40n)], until: first });
    await agrees();
    // 60 provisional ones count first, so 15 of the arrested 40 are prolonged.
    await system.arrest({ confirm: [target(75n)], until: first + 10n * DAY });
    await agrees();
    expect(told(await state(), kzte, alice)).to.have.length(3);
    await system.lift([target(70n)], { by: ["COURT-1", "GPO-1"], arrested: true });
    await agrees();
    const { placed, lifted, targets } = await ledger();
    expect([placed, lifted]).to.deep.equal([100n * UNIT, 70n * UNIT]);
    expect(targets.get(alice)).to.deep.equal({ arrested: true, lapsed: false });
  });

  it("takes a lift off the younger of two equal holds, so that what follows can still be told", async () => {
    // Of two cases the later's hold marks nothing, so that its parts do not differ.
    await system.freeze([target(1n)], { caseId: "EARLIER" });
    await system.freeze([target(60n)], { term: 86_400 });
    const until = (await now()) + 100n * DAY;
    for (let i = 0; i < 2; ++i) await system.arrest({ confirm: [target(30n)], until });
    const [, one, other] = told(await state(), kzte, alice);
    expect(one).to.deep.equal(other);
    await system.lift([target(10n)], { arrested: true });
    await agrees();
    await system.arrest({ confirm: [target(25n)], until: until + DAY });
    await agrees();
    expect(told(await state(), kzte, alice).map(({ amount }) => amount / UNIT)).to.deep.equal([1n, 25n, 5n, 20n]);
  });

  it("tells cases apart where they hold one account: 80 against 60 and 50", async () => {
    await system.tenge.connect(system.alice).transfer(system.bob, 920n * UNIT);
    await system.freeze([target(60n)], { caseId: "A" });
    await system.freeze([target(50n)], { caseId: "B", term: 86_400 });
    await system.seize([target(50n)], { caseId: "B" });
    await system.seize([target(60n)], { caseId: "A" });
    await agrees();
    const [a, b] = [await ledger("A"), await ledger("B")];
    expect([a.seized, b.seized]).to.deep.equal([60n * UNIT, 20n * UNIT]);
    expect(b.takenFrom.get(alice)).to.equal(20n * UNIT);
  });

  it("reads one act's many effects: eight holds of a case seized by one order", async () => {
    for (let i = 8; i > 0; --i) await system.freeze([target(10n)], { term: i * 86_400 });
    await system.seize([target(75n)]);
    await agrees();
    expect(told(await state(), kzte, alice).map(({ amount }) => amount)).to.deep.equal([5n * UNIT]);
    expect((await ledger()).seized).to.equal(75n * UNIT);
  });

  it("keeps what ended by time until somebody records it", async () => {
    await system.freeze([target(10n)]);
    await networkHelpers.time.increase(11n * DAY);
    await agrees();
    expect((await ledger()).lapsed).to.equal(0n);
    await system.docket.lapse(system.caseId, [{ asset: kzte, account: alice }]);
    await agrees();
    const { lapsed, targets } = await ledger();
    expect(lapsed).to.equal(10n * UNIT);
    expect(targets.get(alice)).to.deep.equal({ arrested: false, lapsed: true });
  });

  it("follows custody: taken, returned, suspense, the vault", async () => {
    const { docket, disposal, caseId, tenge, bob } = system;
    await system.freeze([target(10n)]);
    await system.seize([target(10n)]);
    await system.refund([{ taken: kzte, asset: kzte, account: alice, amount: 4n * UNIT }]);
    const vault = (await docket.vaultOf(caseId)) as Address;
    await tenge.connect(bob).transfer(vault, 3n);
    await disposal.book(caseId, kzte);
    const { seized, returned, reserved, suspense } = await ledger();
    expect([seized, returned, reserved, suspense]).to.deep.equal([10n * UNIT, 4n * UNIT, 0n, 3n]);
    expect((await state()).cases.get(caseId)).to.include({ number: 1, vault });

    await system.refund([{ taken: kzte, asset: kzte, account: alice, amount: 6n * UNIT }]);
    expect((await ledger()).returned).to.equal(10n * UNIT);
    await agrees();
  });

  it("agrees with the docket's views after every one of many random acts", async function () {
    this.timeout(300_000);
    // A small generator of its own, so that a failure can be repeated.
    let seed = 20_250_929;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return Math.floor((seed / 2 ** 31) * below);
    };
    const accounts = [system.alice, system.bob].map(addressOf);
    const cases = ["A", "B", "C"];
    let executed = 0;
    for (let i = 0; i < 160; ++i) {
      const caseId = cases[random(cases.length)]!;
      const some = [target(BigInt(1 + random(60)), accounts[random(accounts.length)])];
      const until = (await now()) + BigInt(1 + random(170)) * DAY;
      const acts = [
        () => system.freeze(some, { caseId, term: 1 + random(10) * 86_400 }),
        () => system.arrest({ confirm: some, until }, { caseId }),
        () => system.arrest({ confirm: some, until }, { caseId }),
        () => system.arrest({ place: some, until }, { caseId }),
        () => system.lift(some, { caseId }),
        () => system.seize(some, { caseId }),
        () => system.docket.lapse(encodeCaseId(caseId), some),
        () => networkHelpers.time.increase(BigInt(random(12)) * DAY + 1n),
      ];
      const before = await system.docket.entries();
      await acts[random(acts.length)]!().catch((error: unknown) => {
        expect(String(error)).to.match(/reverted with custom error/);
      });
      if ((await system.docket.entries()) > before) executed++;
    }
    expect(executed).to.be.above(40);
    await agrees();
    const current = await state();
    for (const { ledgers, number } of current.cases.values()) {
      const { placed, lapsed, lifted, seized } = ledgers.get(kzte)!;
      const open = [...current.accounts.values()].flatMap(({ holds }) =>
        holds.filter((it) => it.caseNumber === number),
      );
      const held = open.reduce((sum, { amount }) => sum + amount, 0n);
      expect(held + lapsed + lifted + seized).to.equal(placed);
    }
  });

  it("reads past every change of officers and rules, which leaves holds and cases as they were", async () => {
    await system.freeze([target(10n)]);
    const before = await state();
    const { quorum, disposal, domain, base, approve } = system;
    const { document, signBy } = await base({});
    const many: OfficerName[] = ["COURT-1", "COURT-2", "GPO-1", "FMA-1", "NBK-1", "MOF-1"];
    const candidate = Wallet.createRandom();
    const seat = { agency: 0, kind: 1, signer: candidate.address.toLowerCase() as Hex };
    const admit = { primaryType: "Admit", message: { ...seat, document, signBy, salt: nextSalt() } } as const;
    const consent = await signOrder(candidate, domain, admit);
    await quorum.admit(struct(admit.message), await approve(admit, ["FMA-1", "GPO-1", "COURT-1"]), consent);

    const other = { ...admit, message: { ...admit.message, salt: nextSalt() } };
    await quorum.admit(
      struct(other.message),
      await approve(other, ["FMA-1", "GPO-1", "COURT-1"]),
      await signOrder(candidate, domain, other),
    );
    const order = digestOf(other, domain);
    const veto = { primaryType: "Veto", message: { order, document, signBy, salt: nextSalt() } } as const;
    await quorum.veto(veto.message, await approve(veto, ["COURT-1"]));

    const rules = system.charter.rules.find(({ act }) => act === ACTS.Stay)!.alternatives;
    const salted = { document, signBy, salt: nextSalt() };
    const configure = { primaryType: "Configure", message: { act: ACTS.Stay, rules, ...salted } } as const;
    await quorum.configure(struct(configure.message), await approve(configure, many));
    const treasury = { asset: kzte, treasury: addressOf(system.bob), ...salted };
    const setTreasury = { primaryType: "SetTreasury", message: treasury } as const;
    await disposal.setTreasury(setTreasury.message, await approve(setTreasury, many));
    const message = { officerId: officerIdOf("FMA-2"), compromised: true, ...salted, signBy: (await now()) + DAY };
    const dismiss = { primaryType: "Dismiss", message } as const;
    await quorum.dismiss(dismiss.message, await approve(dismiss, ["COURT-1", "GPO-1"]));

    await networkHelpers.time.increase(31n * DAY);
    const ascending = (names: OfficerName[]) => names.map(officerIdOf).toSorted();
    await quorum.executeAdmit(struct(admit.message), ascending(["FMA-1", "GPO-1", "COURT-1"]), NO_APPROVALS);
    await quorum.executeConfigure(struct(configure.message), ascending(many), NO_APPROVALS);
    await disposal.executeSetTreasury(setTreasury.message, ascending(many), NO_APPROVALS);

    const entries = (await journalOf(system)).slice(2);
    const told = entries.map(({ act, effects }) => [
      actName(act),
      ...new Set(decodeEffects(effects).map((it) => it.what)),
    ]);
    expect(told).to.deep.equal([
      ["Admit", "scheduled"],
      ["Admit", "scheduled"],
      ["Veto", "vetoed"],
      ["Configure", "scheduled"],
      ["SetTreasury", "scheduled"],
      ["Dismiss", "dismissed"],
      ["execute", "admitted"],
      ["execute", "ruleSet"],
      ["execute", "treasurySet"],
    ]);
    const [scheduled] = decodeEffects(entries[0]!.effects);
    const { start, deadline } = timesOf(scheduled!);
    expect([start - Number(entries[0]!.timestamp), deadline - start]).to.deep.equal([2 * 86_400, 30 * 86_400]);
    const [dismissed] = decodeEffects(entries[5]!.effects);
    expect(dismissalOf(dismissed!.amount)).to.deep.equal({ compromised: true, agency: 0 });
    const [admitted] = decodeEffects(entries[6]!.effects);
    expect(seatOf(admitted!.amount)).to.deep.equal({ kind: seat.kind, agency: seat.agency });
    const { delayed, ...after } = await state();
    expect({ ...after, delayed: new Map() }).to.deep.equal(before);
    expect([...delayed.values()].map((it) => [actName(it.act), it.state])).to.deep.equal([
      ["Admit", "executed"],
      ["Admit", "vetoed"],
      ["Configure", "executed"],
      ["SetTreasury", "executed"],
    ]);
    verifyChain(await journalOf(system), {
      chainId: 31337,
      docket: system.addresses.docket,
      stored: await storedHead(system),
    });
  });

  describe("of entries alone", () => {
    const EFFECTS = [
      { type: "tuple[]", components: ["uint8", "address", "address", "uint256", "uint256"].map((type) => ({ type })) },
    ];
    const CASE = encodeCaseId("CASE-1");
    const ACCOUNT = "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359";
    const ASSET = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
    const word = (amount: bigint, kind: number = HOLD_KINDS.provisional, number = 1) =>
      packHold({ kind, opens: false, caseNumber: 1, number, since: 100, until: 200, amount });
    const entry = (seq: bigint, effects: [number, Address, Address, bigint, bigint][], caseId = CASE): Entry => ({
      seq,
      act: 1,
      caseId,
      order: zeroHash,
      document: zeroHash,
      officerIds: [],
      head: zeroHash,
      effects: encodeAbiParameters(EFFECTS, [effects]),
      timestamp: 150n,
      blockNumber: 1n,
      transactionHash: zeroHash,
    });
    const opened = entry(1n, [[WHAT.caseOpened, zeroAddress, zeroAddress, 0n, 1n]]);
    const held = entry(2n, [[WHAT.held, ASSET, ACCOUNT, 10n, word(10n)]]);
    const refused = (...entries: Entry[]) =>
      expect(() => replay(entries))
        .to.throw(JournalContradictionError)
        .with.property("seq", entries.at(-1)!.seq);

    const seized: [number, Address, Address, bigint, bigint][] = [
      [WHAT.held, ASSET, ACCOUNT, 50n, word(50n)],
      [WHAT.seized, ASSET, ACCOUNT, 50n, word(0n)],
    ];
    /** What the case's money in ASSET comes to by these effects, once 50 of ACCOUNT's were taken. */
    const moneyBy = (...effects: [number, Address, Address, bigint, bigint][]) =>
      replay([opened, entry(2n, [...seized, ...effects])])
        .cases.get(CASE)!
        .ledgers.get(ASSET)!;

    it("no longer counts as reserved what victims did not come for", () => {
      const claims: [number, Address, Address, bigint, bigint][] = [
        [WHAT.reserved, ASSET, zeroAddress, 30n, 0n],
        [WHAT.compensated, ASSET, ACCOUNT, 10n, 0n],
      ];
      expect(moneyBy(...claims)).to.include({ reserved: 20n, compensated: 10n });
      const over = moneyBy(...claims, [WHAT.unreserved, ASSET, zeroAddress, 20n, 0n]);
      expect(over).to.include({ reserved: 0n, compensated: 10n });
    });

    it("no longer counts as reserved a claim that was paid, or that a Transfer moved to somebody else", () => {
      const due: [number, Address, Address, bigint, bigint] = [WHAT.claimDue, ASSET, ACCOUNT, 5n, BigInt(ASSET)];
      expect(moneyBy(due)).to.include({ reserved: 5n, returned: 0n });
      expect(moneyBy(due, [WHAT.claimed, ASSET, ACCOUNT, 5n, 0n])).to.include({ reserved: 0n, returned: 5n });
      const from = (source: number) => (BigInt(source) << 160n) | BigInt(ACCOUNT);
      const unclaimed = moneyBy(due, [WHAT.transferred, ASSET, ACCOUNT, 5n, from(SOURCES.unclaimed)]);
      expect(unclaimed).to.include({ reserved: 0n, transferred: 5n, suspensePaid: 0n });
      const custody = moneyBy(due, [WHAT.transferred, ASSET, ACCOUNT, 5n, from(SOURCES.custody)]);
      expect(custody).to.include({ reserved: 5n, transferred: 5n, suspensePaid: 0n });
      const suspense = moneyBy(due, [WHAT.transferred, ASSET, ACCOUNT, 5n, from(SOURCES.suspense)]);
      expect(suspense).to.include({ reserved: 5n, transferred: 0n, suspensePaid: 5n });
    });

    it("refuses the end of a hold that was never placed, or of more than was held", () => {
      refused(opened, entry(2n, [[WHAT.lifted, ASSET, ACCOUNT, 4n, word(6n)]]));
      refused(opened, held, entry(3n, [[WHAT.seized, ASSET, ACCOUNT, 11n, word(0n)]]));
      refused(opened, held, entry(3n, [[WHAT.lapsed, ASSET, ACCOUNT, 10n, word(0n, HOLD_KINDS.arrested)]]));
    });

    it("refuses a confirmation of what is not held, or held under another number", () => {
      const arrested = (amount: bigint, number?: number) => word(amount, HOLD_KINDS.arrested, number);
      refused(opened, entry(2n, [[WHAT.confirmed, ASSET, ACCOUNT, 4n, arrested(4n)]]));
      refused(opened, held, entry(3n, [[WHAT.confirmed, ASSET, ACCOUNT, 11n, arrested(11n)]]));
      refused(opened, held, entry(3n, [[WHAT.confirmed, ASSET, ACCOUNT, 4n, arrested(4n, 2)]]));
    });

    it("refuses a hold of a case that was never opened, and money in no case", () => {
      refused(entry(1n, [[WHAT.held, ASSET, ACCOUNT, 10n, word(10n)]]));
      refused(entry(1n, [[WHAT.suspense, ASSET, ACCOUNT, 10n, 0n]], zeroHash));
    });
  });
});
