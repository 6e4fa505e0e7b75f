import { expect } from "chai";
import { encodeCaseId } from "../../src/orders/index.ts";
import { actingAs, at, goTo, loadFixture, now } from "../system/chain.ts";
import { deploySystem, holderOf } from "../system/deployed.ts";
import { effectsOf, holdsOn, target, WHAT } from "../system/entries.ts";
import { DAY, TERM } from "../system/parameters.ts";

/** Acts on one account by the days of a calendar that begins with day 0; a case is its number. */
async function deployCalendar() {
  const system = await deploySystem();
  const { docket, kzte, lens, tenge, alice, arrest, freeze, lift, seize } = system;
  const holder = await holderOf(system, 500n);
  const start = (await now()) + DAY;
  const second = (day: number) => start + BigInt(Math.round(day * 86_400));
  const of = (n: number) => `CASE-${n}`;
  const on = (amount: number) => [target(kzte, holder, BigInt(amount))];
  const lapse = (n: number) => docket.lapse(encodeCaseId(of(n)), [{ asset: kzte, account: holder }]);
  return {
    docket,
    holder,
    second,
    tenge,
    alice,
    /** A Freeze of `term` days. */
    freeze: async (n: number, amount: number, day: number, term: number) => {
      await at(second(day));
      return freeze(on(amount), { caseId: of(n), term: Math.round(term * 86_400) });
    },
    place: async (n: number, amount: number, day: number, until: number) => {
      await at(second(day));
      return arrest({ place: on(amount), until: second(until) }, { caseId: of(n) });
    },
    confirm: async (n: number, amount: number, day: number, until: number, upTo?: number) => {
      await at(second(day));
      return arrest({ confirm: on(amount), until: second(until), ...(upTo && { upTo }) }, { caseId: of(n) });
    },
    lift: async (n: number, amount: number, day: number, { arrested = false, upTo }: Reach = {}) => {
      await at(second(day));
      return lift(on(amount), { caseId: of(n), arrested, ...(upTo && { upTo }) });
    },
    seize: async (n: number, amount: number, day: number, upTo?: number) => {
      await at(second(day));
      return seize(on(amount), { caseId: of(n), ...(upTo && { upTo }) });
    },
    lapse: async (n: number, day: number) => {
      await at(second(day));
      return lapse(n);
    },
    /** The account's words in a second, times as days; the case of a word without one is 0. */
    words: async (day: number) => {
      if (second(day) > (await now())) await goTo(second(day));
      const days = (time: bigint) => Number(time - start) / 86_400;
      return (await holdsOn(system, kzte, holder)).map(({ caseNumber, amount, since, until, opens = false }) => ({
        n: Number(caseNumber),
        amount: Number(amount),
        since: days(since),
        until: days(until),
        opens,
      }));
    },
    held: async () => [...(await docket.heldOf(kzte, holder))].map(Number),
    /** Since which day the account has been held without a gap, and by how many cases, as a notice tells. */
    unbroken: async (day: number) => {
      await goTo(second(day));
      const { heldSince, heldBy } = await lens.noticeOf(kzte, holder, 0, 0);
      return [Number(heldSince - start) / 86_400, Number(heldBy)];
    },
    rollsOver: (act: Promise<unknown>, f: number, until: number) =>
      expect(act)
        .to.be.revertedWithCustomError(docket, "DocketRollover")
        .withArgs(kzte, holder, second(f), second(f) + TERM.Freeze, second(until)),
    isTooLong: (act: Promise<unknown>, since: number, until: number) =>
      expect(act)
        .to.be.revertedWithCustomError(docket, "DocketHoldTooLong")
        .withArgs(kzte, holder, second(since), second(since + 730), second(until)),
    /** A Seize of what no live hold within its reach names. */
    isNotHeld: (act: Promise<unknown>) => expect(act).to.be.revertedWithCustomError(docket, "DocketNothingHeld"),
    isTooSmall: (act: Promise<unknown>, have: number, need: number) =>
      expect(act).to.be.revertedWithCustomError(docket, "DocketHoldTooSmall").withArgs(kzte, holder, have, need),
    isFull: (act: Promise<unknown>, most: number) =>
      expect(act).to.be.revertedWithCustomError(docket, "DocketHoldsFull").withArgs(kzte, holder, most),
  };
}

interface Reach {
  arrested?: boolean;
  upTo?: number;
}

type Calendar = Awaited<ReturnType<typeof deployCalendar>>;

/** A second, in days. */
const SECOND = 1 / 86_400;

/** Case 1 holds 100 by arrests, one confirmed after the other, to the end of day 720. */
async function arrestTwoYears({ place, confirm }: Calendar) {
  await place(1, 100, 0, 180);
  for (const day of [180, 360, 540]) await confirm(1, 100, day, day + 180);
}

/** Whether a stranger records what ended: it must not matter. */
const TWINS: [string, boolean][] = [
  ["the lapse recorded", true],
  ["the lapse not recorded", false],
];

describe("The clocks of holds", () => {
  describe("F is not the case's since", () => {
    it("a hold that counts from the case's first one opens F all the same", async () => {
      const { freeze, words, rollsOver } = await loadFixture(deployCalendar);
      await freeze(1, 100, 0, 10);
      await freeze(1, 100, 41, 10);
      expect(await words(41)).to.deep.equal([
        { n: 1, amount: 100, since: 0, until: 10, opens: true },
        { n: 1, amount: 100, since: 0, until: 51, opens: false },
        { n: 0, amount: 0, since: 41, until: 41, opens: true },
      ]);
      await rollsOver(freeze(1, 1, 51, 1), 41, 52);
      await rollsOver(freeze(2, 1, 80, 1), 41, 81);
      await freeze(2, 1, 81, 10);
      expect((await words(81)).at(-1)).to.deep.equal({ n: 2, amount: 1, since: 81, until: 91, opens: true });
    });

    it("nor does an arrest before it open or hide it", async () => {
      const { place, freeze, words, rollsOver } = await loadFixture(deployCalendar);
      await place(1, 10, 0, 180);
      await freeze(1, 5, 100, 10);
      expect((await words(100)).slice(1)).to.deep.equal([
        { n: 1, amount: 5, since: 0, until: 110, opens: false },
        { n: 0, amount: 0, since: 100, until: 100, opens: true },
      ]);
      await rollsOver(freeze(1, 5, 111, 1), 100, 112);
      await freeze(1, 5, 140, 10);
    });
  });

  for (const [twin, recorded] of TWINS) {
    describe(`with ${twin}`, () => {
      async function afterTwoYears() {
        const calendar = await loadFixture(deployCalendar);
        await arrestTwoYears(calendar);
        if (recorded) await calendar.lapse(1, 722);
        return calendar;
      }

      it("two years count on after a hold's end", async () => {
        const { place, words, isTooLong } = await afterTwoYears();
        await isTooLong(place(1, 100, 725, 900), 0, 900);
        await place(1, 100, 725, 730);
        expect((await words(725)).at(-1)).to.deep.equal({ n: 1, amount: 100, since: 0, until: 730, opens: false });
      });

      it("forty free days begin them anew", async () => {
        const { place, words, isTooLong } = await afterTwoYears();
        await isTooLong(place(1, 100, 760, 800), 0, 800);
        await place(1, 100, 761, 900);
        expect((await words(761)).at(-1)).to.deep.equal({ n: 1, amount: 100, since: 761, until: 900, opens: false });
      });
    });
  }

  it("a Freeze too ends within two years", async () => {
    const calendar = await loadFixture(deployCalendar);
    const { freeze, confirm, words, isTooLong } = calendar;
    await arrestTwoYears(calendar);
    await confirm(1, 100, 720, 730);
    await isTooLong(freeze(1, 5, 725, 10), 0, 735);
    await freeze(1, 5, 725, 5);
    expect((await words(725))[1]).to.deep.equal({ n: 1, amount: 5, since: 0, until: 730, opens: false });
    await isTooLong(freeze(1, 5, 731, 1), 0, 732);
    await freeze(1, 5, 771, 10);
    expect((await words(771)).at(-1)).to.deep.equal({ n: 1, amount: 5, since: 771, until: 781, opens: true });
  });

  it("one F after a split", async () => {
    const { freeze, confirm, lift, words, rollsOver } = await loadFixture(deployCalendar);
    await freeze(1, 100, 0, 10);
    await confirm(1, 60, 4, 184);
    expect(await words(4)).to.deep.equal([
      { n: 1, amount: 60, since: 0, until: 184, opens: true },
      { n: 1, amount: 40, since: 0, until: 10, opens: false },
    ]);
    await lift(1, 40, 6);
    await lift(1, 60, 7, { arrested: true });
    expect(await words(7)).to.deep.equal([{ n: 1, amount: 0, since: 0, until: 7, opens: true }]);
    await rollsOver(freeze(2, 1, 12, 1), 0, 13);
    await rollsOver(freeze(2, 1, 39, 1), 0, 40);
    await freeze(2, 1, 40, 10);
    expect((await words(40)).filter(({ opens }) => opens).at(-1)).to.deep.equal({
      n: 2,
      amount: 1,
      since: 40,
      until: 50,
      opens: true,
    });
  });

  it("remembered words count for a Freeze, not against the court", async () => {
    const { freeze, lift, place, words, rollsOver, isFull } = await loadFixture(deployCalendar);
    for (let n = 1; n <= 8; ++n) await freeze(n, 1, n === 1 ? 0 : n * SECOND, n === 1 ? 10 : 9);
    await isFull(freeze(9, 1, 0.1, 9), 8);
    for (let n = 1; n <= 8; ++n) await lift(n, 1, 1 + n * SECOND);
    await freeze(9, 1, 2, 8);
    await freeze(3, 1, 2 + SECOND, 7);
    expect((await words(2.1)).map(({ n }) => n)).to.deep.equal([1, 2, 4, 5, 6, 7, 8, 9, 3]);
    await isFull(freeze(10, 1, 2.5, 1), 8);
    for (let n = 20; n < 30; ++n) await place(n, 1, 3 + n * SECOND, 100);
    const list = await words(4);
    expect(list).to.have.length(17);
    expect(list.filter(({ amount }) => amount === 0).map(({ n, opens }) => [n, opens])).to.deep.equal([
      [1, true],
      ...[2, 4, 5, 6].map((n) => [n, false]),
    ]);
    expect(list[0]).to.include({ since: 0 });
    await rollsOver(freeze(1, 1, 11, 1), 0, 12);
  });

  it("priority across several own holds", async () => {
    const { place, seize, held, second, tenge, holder, alice } = await loadFixture(deployCalendar);
    await tenge.connect(await actingAs(holder)).transfer(alice, 420n);
    await place(1, 30, 0, 180);
    await place(2, 40, 1, 181);
    await place(1, 50, 2, 182);
    const seized = (await effectsOf(seize(1, 80, 3))).filter(({ what }) => what === WHAT.SEIZED);
    expect(seized.map(({ amount }) => amount)).to.deep.equal([30n, 10n]);
    expect(await held()).to.deep.equal([80, Number(second(181))]);
    await seize(2, 40, 4);
    expect(await held()).to.deep.equal([40, Number(second(182))]);
    expect(await tenge.balanceOf(holder)).to.equal(0n);
  });

  it("upTo", async () => {
    const { freeze, confirm, lift, seize, words, tenge, holder, isTooSmall, isNotHeld } =
      await loadFixture(deployCalendar);
    await freeze(1, 100, 0, 10);
    await confirm(1, 60, 2, 182);
    await freeze(2, 5, 3, 7);
    await freeze(1, 70, 4, 6);
    await lift(1, 40, 5, { upTo: 1 });
    expect((await words(5)).map(({ n, amount }) => [n, amount])).to.deep.equal([
      [1, 60],
      [2, 5],
      [1, 70],
    ]);
    await isTooSmall(lift(1, 1, 5.1, { upTo: 1 }), 0, 1);
    await seize(1, 100, 5.2, 1);
    expect(await tenge.balanceOf(holder)).to.equal(440n);
    await isNotHeld(seize(1, 100, 5.3, 1));
    await isTooSmall(confirm(1, 70, 7, 187, 1), 0, 70);
    await confirm(1, 70, 7, 187, 3);
  });
});

describe("The holder's rights", () => {
  describe("two years are two years:", () => {
    it("lifted and placed anew on day 729, an arrest ends on day 730", async () => {
      const calendar = await loadFixture(deployCalendar);
      const { place, confirm, lift, words, isTooLong } = calendar;
      await arrestTwoYears(calendar);
      await confirm(1, 100, 720, 730);
      await lift(1, 100, 729, { arrested: true });
      await isTooLong(place(1, 100, 729 + SECOND, 900), 0, 900);
      await place(1, 100, 729 + SECOND, 730);
      expect((await words(729.5)).at(-1)).to.include({ since: 0, until: 730 });
    });

    it("an arrest placed on the last free day counts from the first hold, a second later from then", async () => {
      const { freeze, lift, place, words } = await loadFixture(deployCalendar);
      await freeze(1, 100, 0, 10);
      await lift(1, 100, 3);
      await place(1, 100, 43, 44);
      expect((await words(43)).at(-1)).to.include({ since: 0 });
      await place(2, 1, 44, 60);
      await lift(2, 1, 45, { arrested: true });
      await place(2, 1, 85 + SECOND, 86);
      expect((await words(85.5)).at(-1)).to.include({ n: 2, since: 85 + SECOND });
    });

    it("a seizure begins them no more than a lift", async () => {
      const calendar = await loadFixture(deployCalendar);
      const { confirm, seize, place, isTooLong } = calendar;
      await arrestTwoYears(calendar);
      await confirm(1, 100, 720, 730);
      await seize(1, 100, 729);
      await isTooLong(place(1, 100, 729.5, 900), 0, 900);
    });

    it("the earliest of several holds counts, and whichever ended last is remembered", async () => {
      const { place, words } = await loadFixture(deployCalendar);
      await place(1, 1, 0, 20);
      await place(1, 1, 10, 15);
      await place(1, 1, 59, 70);
      expect((await words(59)).at(-1)).to.include({ since: 0 });
    });

    it("another case's hold counts nothing for a case", async () => {
      const { place, words } = await loadFixture(deployCalendar);
      await place(1, 1, 0, 180);
      await place(2, 1, 100, 200);
      expect((await words(100)).at(-1)).to.include({ n: 2, since: 100 });
    });
  });

  describe("provisional holds do not roll over:", () => {
    it("not where the oldest one was confirmed, by another case's", async () => {
      const { freeze, confirm, rollsOver } = await loadFixture(deployCalendar);
      await freeze(1, 100, 0, 10);
      await freeze(2, 100, 9, 1);
      await confirm(1, 100, 9.5, 100);
      await rollsOver(freeze(3, 100, 10, 9), 0, 19);
    });

    for (const [twin, recorded] of TWINS) {
      it(`not within forty days of the first, with ${twin}`, async () => {
        const { freeze, lapse, rollsOver, words } = await loadFixture(deployCalendar);
        await freeze(1, 1, 0, 10);
        if (recorded) await lapse(1, 11);
        await rollsOver(freeze(1, 1, 12, SECOND), 0, 12 + SECOND);
        await rollsOver(freeze(2, 1, 40 - SECOND, SECOND), 0, 40);
        await freeze(2, 1, 40, 10);
        expect((await words(40)).filter(({ opens, since }) => opens && since === 40)).to.have.length(1);
      });
    }
  });

  it("holds of several cases follow each other in the open only: the notice tells since when, and of how many", async () => {
    const calendar = await loadFixture(deployCalendar);
    const { confirm, place, unbroken } = calendar;
    await arrestTwoYears(calendar);
    await confirm(1, 100, 720, 730);
    expect(await unbroken(724)).to.deep.equal([0, 1]);
    await place(2, 100, 725, 900);
    await place(3, 100, 726, 740);
    expect(await unbroken(729)).to.deep.equal([0, 3]);
    expect(await unbroken(760)).to.deep.equal([0, 3]);
    await place(4, 100, 902, 1000);
    expect(await unbroken(903)).to.deep.equal([902, 1]);
  });

  describe("an order does not outlive what it was about:", () => {
    it("a Lift signed for a provisional hold ends no later arrest", async () => {
      const { freeze, lift, lapse, place, held, isTooSmall } = await loadFixture(deployCalendar);
      await freeze(1, 100, 0, 10);
      await lapse(1, 11);
      await place(1, 100, 12, 100);
      await isTooSmall(lift(1, 100, 13, { upTo: 1 }), 0, 100);
      // Nor one that was signed for all holds there are, but for no arrested one.
      await isTooSmall(lift(1, 100, 13, { upTo: 2 }), 0, 100);
      expect((await held())[0]).to.equal(100);
    });

    it("nor does one that was signed for an arrest end a later one", async () => {
      const { place, lift, held, isTooSmall } = await loadFixture(deployCalendar);
      await place(1, 100, 0, 10);
      await lift(1, 100, 1, { arrested: true });
      await place(1, 100, 2, 100);
      await isTooSmall(lift(1, 100, 3, { arrested: true, upTo: 1 }), 0, 100);
      expect((await held())[0]).to.equal(100);
    });

    it("a stale Seize takes nothing by a later hold", async () => {
      const { place, lift, seize, tenge, holder, isNotHeld } = await loadFixture(deployCalendar);
      await place(1, 100, 0, 10);
      await lift(1, 100, 1, { arrested: true });
      await place(1, 100, 2, 100);
      await isNotHeld(seize(1, 100, 3, 1));
      expect(await tenge.balanceOf(holder)).to.equal(500n);
    });

    it("a stale confirmation confirms no later hold", async () => {
      const { freeze, lift, confirm, words, isTooSmall } = await loadFixture(deployCalendar);
      await freeze(1, 100, 0, 10);
      await lift(1, 100, 1);
      await freeze(1, 100, 2, 8);
      await isTooSmall(confirm(1, 100, 3, 180, 1), 0, 100);
      expect((await words(3)).at(-1)).to.include({ amount: 100, until: 10 });
    });

    it("none reaches up to a hold that was never placed", async () => {
      const { freeze, lift, confirm, seize, docket } = await loadFixture(deployCalendar);
      await freeze(1, 100, 0, 10);
      for (const order of [lift(1, 1, 1, { upTo: 2 }), seize(1, 1, 1, 2), confirm(1, 1, 1, 20, 2)]) {
        await expect(order).to.be.revertedWithCustomError(docket, "DocketUnknownHold").withArgs(2, 1);
      }
    });
  });
});
