import { expect } from "chai";
import { keccak256, Wallet, ZeroAddress, ZeroHash } from "ethers";
import type { Address, Hex } from "viem";
import { ACTS, digestOf, encodeCaseId, OFFICER_KINDS, type Order, type PrimaryType } from "../../src/orders/index.ts";
import { randomFrom, type Random } from "../src/orders/random.ts";
import { NEVER, ruleOf, tally } from "./charters.ts";
import { entryOf, type Effect } from "./docket.ts";
import {
  addressOf,
  approvalsOf,
  DAY,
  DOCUMENT,
  ethers,
  networkHelpers,
  nextSalt,
  now,
  officer,
  officerIdOf,
  signOrder,
  struct,
  UNIT,
  type OfficerName,
} from "./fixture.ts";
import {
  approversOf,
  callOf,
  deployPreviews,
  foreseeable,
  NONE,
  PLATFORM,
  previewOf,
  refusalOf,
  SUB_ACCOUNT,
  type Extra,
  type Previews,
} from "./previews.ts";

const { time } = networkHelpers;

/** Who decides what, by the alternatives of the test deployment. */
const DECIDERS: Record<Exclude<PrimaryType, "Appeal" | "SetAdapter">, OfficerName[][]> = {
  Freeze: [
    ["FMA-1", "FMA-2", "GPO-1"],
    ["FMA-1", "KNB-1", "GPO-1"],
  ],
  Arrest: [["COURT-1", "FMA-1", "GPO-1"]],
  Lift: [
    ["COURT-1", "COURT-2"],
    ["COURT-1", "GPO-1"],
    ["FMA-1", "GPO-1"],
  ],
  Seize: [["COURT-1", "FMA-1", "GPO-1", "NBK-1"]],
  Return: [
    ["COURT-1", "NBK-1"],
    ["COURT-1", "COURT-2"],
    ["FMA-1", "GPO-1", "NBK-1"],
  ],
  Forfeit: [["COURT-1", "GPO-1", "MOF-1"]],
  Compensate: [["COURT-1", "GPO-1", "MOF-1"]],
  Convert: [["COURT-1", "GPO-1", "NBK-1", "NBK-2", "MOF-1"]],
  Transfer: [["COURT-1", "COURT-2", "GPO-1", "GPO-2", "NBK-1", "MOF-1"]],
  ExchangeHold: [
    ["FMA-1", "FMA-2", "GPO-1"],
    ["FMA-1", "KNB-1", "GPO-1"],
  ],
  Stay: [["COURT-1"], ["GPO-1"], ["FMA-1"], ["KNB-1"], ["NBK-1"], ["MOF-1"]],
  Veto: [["COURT-1"], ["KNB-1"]],
  Cancel: [["GPO-1"], ["COURT-1"]],
  Admit: [
    ["KNB-1", "GPO-1", "COURT-1"],
    ["COURT-1", "COURT-2", "GPO-1"],
    ["FMA-1", "KNB-1", "NBK-1", "MOF-1"],
  ],
  Dismiss: [
    ["KNB-1", "KNB-2"],
    ["COURT-1", "GPO-1"],
  ],
  Configure: [["COURT-1", "COURT-2", "GPO-1", "FMA-1", "NBK-1", "MOF-1"]],
  SetTreasury: [["COURT-1", "COURT-2", "GPO-1", "FMA-1", "NBK-1", "MOF-1"]],
  License: [["AFSA-1", "AFSA-2"]],
  Suspend: [["AFSA-1"]],
};

type Decided = keyof typeof DECIDERS;
const TYPES = [...(Object.keys(DECIDERS) as Decided[]), "Appeal"] as const;

/** What the walk picks from: the delayed ones and appeals against them more often. */
const PICKED = [...TYPES, "Forfeit", "Compensate", "Convert", "Transfer", "Appeal", "Appeal", "Appeal"] as const;

/** Of an order that falls short of approvals; the last where its rule does not exist. */
const SHORT = ["QuorumNotMet", "QuorumWithdrawn", "QuorumNoRule"] as const;

/** An order with all that is needed to bring it, and to execute it once it is scheduled. */
interface Deed {
  order: Order;
  by: OfficerName[];
  extra: Extra;
}

/** Scheduled orders of a random walk. */
interface Scheduled extends Deed {
  digest: Hex;
}

/** What the walk does next: often sensible, often wrong in one place. */
function ordersOf(system: Previews, random: Random) {
  const { alice, bob, carol, omnibus, buyer, treasury, stranger, docket, lens, all } = system;
  const holders = [alice, bob, carol].map(addressOf);
  const anyone = [
    ...holders,
    ...holders,
    addressOf(omnibus),
    addressOf(buyer),
    addressOf(treasury),
    addressOf(stranger),
  ];
  const amount = () => BigInt(random.pick([0, 1, 7, 20, 40, 60, 90, 150, 400])) * UNIT + BigInt(random.pick([0, 0, 1]));
  const rarely = <T>(odd: T, usual: T) => (random.below(14) === 0 ? odd : usual);
  const caseId = () => rarely(ZeroHash as Hex, encodeCaseId(random.pick(["CASE-1", "CASE-1", "CASE-2", "CASE-3"])));
  const asset = () => rarely(addressOf(stranger), random.pick(all));
  const ascending = <T>(list: T[], keyOf: (item: T) => string): T[] => {
    const unique = [...new Map(list.map((item) => [keyOf(item).toLowerCase(), item])).entries()];
    return rarely(
      list,
      unique.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item),
    );
  };
  const some = <T>(make: () => T, most = 3) => Array.from({ length: rarely(0, 1 + random.below(most)) }, make);
  const targets = async (subAccount: Address) =>
    ascending(
      some(() => ({
        ...{ asset: asset(), account: random.pick([...anyone, subAccount, subAccount]), amount: amount() },
      })),
      (it) => it.asset + it.account,
    );

  /** Of live holds of the case, whole or in part. */
  const heldTargets = async (ofCase: Hex, subAccount: Address) => {
    const places = all.flatMap((it) => [...holders, subAccount].map((account) => ({ asset: it, account })));
    const found = await Promise.all(
      places.map(async (place) => {
        const live = (await lens.holdsOf(place.asset, place.account)).filter((it) => it.live && it.caseId === ofCase);
        return live.map(({ amount: units }) => ({
          ...place,
          amount: random.pick([units, units / 2n + 1n, units / 3n + 1n]),
        }));
      }),
    );
    const chosen = random.shuffle(found.flat()).slice(0, 1 + random.below(3));
    return chosen.length === 0 || random.below(4) === 0
      ? targets(subAccount)
      : ascending(chosen, (it) => it.asset + it.account);
  };

  return async (primaryType: PrimaryType, scheduled: readonly Scheduled[]): Promise<Deed["order"]> => {
    const subAccount = (await system.register.accountOf(omnibus, SUB_ACCOUNT)) as Address;
    const second = await now();
    const base = {
      ...{ document: rarely(ZeroHash as Hex, DOCUMENT), signBy: rarely(second - 1n, NEVER), salt: nextSalt() },
    };
    const inCase = { ...base, caseId: caseId() };
    const about = () =>
      rarely(ZeroHash as Hex, scheduled.length > 0 ? random.pick(scheduled).digest : (ZeroHash as Hex));
    const make = {
      Freeze: async () => ({
        ...{ ...inCase, targets: await targets(holders[0]!), wholeAccount: false },
        term: random.pick([0, 1, 86_400, 10 * 86_400, 10 * 86_400, 10 * 86_400 + 1]),
      }),
      Arrest: async () => ({
        ...{
          ...inCase,
          confirm: await heldTargets(inCase.caseId, subAccount),
          place: await targets(subAccount),
          wholeAccount: false,
        },
        ...{ until: second + random.pick([-1n, DAY, 30n * DAY, 150n * DAY, 180n * DAY, 200n * DAY]) },
        omnibus: random.below(2) === 0,
      }),
      Lift: async () => ({ ...inCase, holds: await heldTargets(inCase.caseId, subAccount) }),
      Seize: async () => ({ ...inCase, holds: await heldTargets(inCase.caseId, subAccount) }),
      Return: async () => ({
        ...inCase,
        holders: ascending(
          some(() => {
            const taken = asset();
            return { taken, asset: random.below(3) ? taken : asset(), account: random.pick(anyone), amount: amount() };
          }, 5),
          (it) => it.taken + it.asset + it.account,
        ),
      }),
      Forfeit: async () => ({
        ...{ ...inCase, asset: asset(), treasury: rarely(holders[0]!, addressOf(treasury)), amount: amount() },
      }),
      Compensate: async () => ({
        ...{ ...inCase, asset: asset(), total: amount(), root: rarely(ZeroHash as Hex, nextSalt()), list: nextSalt() },
        claimTerm: random.pick([89, 90, 365, 3 * 365, 3 * 365 + 1]) * 86_400,
      }),
      Convert: async () => ({
        ...{ ...inCase, asset: asset(), amount: amount(), wallet: rarely(addressOf(omnibus), addressOf(buyer)) },
        ...{ proceedsAsset: random.pick([system.kzte, system.usdx, system.usdx]), leastProceeds: amount() / 2n },
      }),
      Transfer: async () => {
        const source = random.pick([0, 1, 1, 2, 2, 3, 4]);
        const holder = random.below(3) === 0 || source === 3 ? random.pick(holders) : (ZeroAddress as Address);
        const to = random.pick([
          ...anyone,
          subAccount,
          (await docket.getAddress()) as Address,
          all[0]!,
          ZeroAddress as Address,
        ]);
        return { ...inCase, asset: asset(), source, holder, to, amount: amount() };
      },
      ExchangeHold: async () => ({
        ...{ ...inCase, asset: asset(), wallet: rarely(holders[0]!, addressOf(omnibus)), subAccount: SUB_ACCOUNT },
        ...{ amount: amount(), term: random.pick([0, 86_400, 10 * 86_400, 11 * 86_400]) },
      }),
      Stay: async () => ({
        ...{ ...base, order: about(), until: second + BigInt(random.pick([1, 2, 3, 16, 20, 40, 80, 100])) * DAY },
      }),
      Veto: async () => ({ ...base, order: about() }),
      Appeal: async () => ({ ...base, order: about(), asset: asset(), holder: random.pick(holders) }),
      Cancel: async () => ({ order: random.pick([nextSalt(), about()]), signBy: base.signBy, salt: base.salt }),
      Admit: async () => {
        const signer = rarely(officer("KNB-1").address, candidate(random).address) as Hex;
        return { ...base, agency: rarely(9, 1), kind: rarely(7, OFFICER_KINDS.key), signer };
      },
      Dismiss: async () => ({
        ...{ ...base, officerId: rarely(nextSalt(), officerIdOf(random.pick(["KNB-1", "KNB-2", "MOF-1", "GPO-3"]))) },
        compromised: random.below(2) === 0,
      }),
      Configure: async () => ({
        ...{ ...base, act: random.pick([ACTS.Freeze, ACTS.Seize, ACTS.Lift, 0, 21]) },
        rules: Array.from({ length: random.pick([0, 1, 2, 7]) }, () =>
          ruleOf({ [random.below(4)]: random.pick([0, 1, 2, 3]) }, { term: random.pick([0, 86_400]) }),
        ),
      }),
      SetTreasury: async () => ({
        ...{ ...base, asset: asset(), treasury: random.pick([addressOf(stranger), holders[0]!, addressOf(treasury)]) },
      }),
      SetAdapter: async () => ({ ...base, asset: asset(), adapter: asset(), codeHash: nextSalt() }),
      License: async () => ({
        ...{ ...base, wallet: addressOf(random.pick([omnibus, buyer])), platform: rarely(ZeroHash as Hex, PLATFORM) },
        ...{ omnibus: random.below(2) === 0, until: second + BigInt(random.pick([1, 6, 8, 400])) * DAY },
      }),
      Suspend: async () => ({ ...base, platform: rarely(ZeroHash as Hex, rarely(PLATFORM, nextSalt())) }),
    } satisfies Record<PrimaryType, () => Promise<unknown>>;
    return { primaryType, message: await make[primaryType]() } as Order;
  };
}

/** Keys that were proposed as officers, by address. */
const candidates = new Map<string, Wallet>();

function candidate(random: Random): Wallet {
  const wallet = new Wallet(random.bytes(32));
  candidates.set(wallet.address, wallet);
  return wallet;
}

/** Nobody can see of which agency an officer was that is dismissed already. */
const dismissal = (effect: Effect): Effect =>
  effect.what === 56n ? { ...effect, amount: effect.amount >> 8n } : effect;

describe("Lens: previews", () => {
  describe("of 1,200 random orders", function () {
    this.timeout(600_000);
    const SEEDS = 4;
    const STEPS = 300;
    const seen = { passed: new Map<string, number>(), refused: new Map<string, number>(), executed: new Set<string>() };
    const count = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1);

    for (let seed = 0; seed < SEEDS; ++seed) {
      it(`say what the contracts do, and why not where they refuse (walk ${seed + 1})`, async () => {
        const system = await networkHelpers.loadFixture(deployPreviews);
        const { domain, quorum, alice, bob, carol, omnibus, buyer, kzte, tenge, docket } = system;
        const random = randomFrom(`previews ${seed}`);
        const next = ordersOf(system, random);
        const scheduled: Scheduled[] = [];
        const officers = new Set(Object.values(DECIDERS).flat(2));
        await system.refusing.setFault(carol, 1);
        await tenge.connect(bob).transfer(await docket.vaultOf(encodeCaseId("CASE-1")), 30n * UNIT);
        await docket.book(encodeCaseId("CASE-1"), kzte);

        for (let step = 0; step < STEPS; ++step) {
          const again = scheduled.length > 0 && random.below(3) === 0 ? random.pick(scheduled) : undefined;
          const deed = again ?? (await deedOf());
          const { order, by, extra } = deed;
          const jump = random.pick([1n, 1n, 1n, 1n, 60n, 60n, 3_600n, 3_600n, 2n * DAY, 16n * DAY]);
          await time.setNextBlockTimestamp((await now()) + jump);
          const approvals = await approvalsOf(domain, order, by, extra.alternative);
          const shown = await previewOf(system, order, approvals, extra);
          const named = shown.alternative === NONE ? (extra.alternative ?? 0) : Number(shown.alternative);
          const isScheduled = shown.delayed.state !== 0n && order.primaryType !== "Appeal";
          const call = await callOf(
            ...([system, order, { ...approvals, alternative: named }, extra] as const),
            isScheduled ? approversOf(by) : undefined,
          );
          const refusal = await refusalOf(call);
          const what = `step ${step}: ${isScheduled ? "executed " : ""}${order.primaryType}`;
          if (refusal !== undefined) {
            const short = shown.alternative === NONE && !isScheduled ? SHORT : [];
            const told = [...shown.obstacles, ...short.map((name) => quorum.interface.getError(name)!.selector)];
            const name =
              quorum.interface.parseError(refusal)?.name ?? docket.interface.parseError(refusal)?.name ?? refusal;
            expect(
              told.some((it) => refusal.startsWith(it)),
              `${what} reverts with ${name}, told ${told.join()}`,
            ).to.equal(true);
            expect(shown.passes, what).to.equal(false);
            count(seen.refused, order.primaryType);
            await networkHelpers.mine();
            continue;
          }
          expect(shown.obstacles, what).to.deep.equal([]);
          expect(shown.passes, what).to.equal(true);
          const sender = await ethers.getSigner(call.from ?? (await ethers.provider.getSigner(0)).address);
          const entry = await entryOf(sender.sendTransaction(call) as never);
          expect(foreseeable(shown.effects).map(dismissal), what).to.deep.equal(
            foreseeable(entry.effects).map(dismissal),
          );
          expect(shown.digest, what).to.equal(entry.order);
          count(seen.passed, order.primaryType);
          if (isScheduled) {
            seen.executed.add(order.primaryType);
            scheduled.splice(scheduled.indexOf(deed as Scheduled), 1);
          } else if ((await quorum.delayedOf(shown.digest)).state !== 0n) {
            scheduled.push({ ...deed, digest: shown.digest });
          }
        }

        async function deedOf(): Promise<Deed> {
          const primaryType = random.pick(PICKED);
          const order = await next(primaryType, scheduled);
          const sets = primaryType === "Appeal" ? [[]] : DECIDERS[primaryType];
          const index = random.below(sets.length);
          const odd = random.below(10) === 0;
          const by = odd ? random.shuffle([...officers]).slice(0, random.below(5)) : sets[index]!;
          const alternative = random.below(6) === 0 ? random.below(7) : index;
          const wallets = [alice, bob, carol, omnibus, buyer];
          const { message } = order as { message: { holder?: string; wallet?: string; signer?: string } };
          const signer = wallets.find((it) => [message.holder, message.wallet].includes(it.address));
          const asking = signer ?? (message.signer && candidates.get(message.signer));
          const consent = asking && random.below(8) ? await signOrder(asking, domain, order) : ("0x" as Hex);
          return { order, by, extra: { alternative, consent } };
        }
      });
    }

    it("covered every type both ways, and the execution of every delayed disposal", () => {
      for (const type of TYPES) {
        expect(seen.passed.get(type) ?? 0, `${type} passed`).to.be.greaterThan(0);
        expect(seen.refused.get(type) ?? 0, `${type} refused`).to.be.greaterThan(0);
      }
      for (const type of ["Forfeit", "Compensate", "Convert", "Transfer", "Configure"]) {
        expect([...seen.executed], type).to.include(type);
      }
    });
  });

  describe("of approvals", () => {
    /** A Freeze of alice's 10 KZTE in CASE-2. */
    const freezeOf = ({ kzte, alice }: Previews, term = Number(DAY)): Order<"Freeze"> => ({
      primaryType: "Freeze",
      message: {
        ...{ caseId: encodeCaseId("CASE-2"), document: DOCUMENT, term, wholeAccount: false, signBy: NEVER },
        ...{ salt: nextSalt(), targets: [{ asset: kzte, account: addressOf(alice), amount: 10n * UNIT }] },
      },
    });
    const shownBy = async (system: Previews, order: Order, by: OfficerName[], alternative = 0) =>
      previewOf(system, order, await approvalsOf(system.domain, order, by, alternative));

    it("name what is missing, by agency and for each alternative", async () => {
      const system = await networkHelpers.loadFixture(deployPreviews);
      const order = freezeOf(system);
      const none = await shownBy(system, order, []);
      expect(none.needs.map(({ officers, missing }) => [officers, missing])).to.deep.equal([
        [tally({ 0: 2, 2: 1 }), tally({ 0: 2, 2: 1 })],
        [tally({ 0: 1, 1: 1, 2: 1 }), tally({ 0: 1, 1: 1, 2: 1 })],
      ]);
      expect(none.needs.map(({ delay, grace, term }) => [delay, grace, term])).to.deep.equal([
        [0n, 0n, 10n * DAY],
        [0n, 0n, 10n * DAY],
      ]);
      expect([none.passes, none.alternative, none.entry]).to.deep.equal([false, NONE, 0n]);

      const one = await shownBy(system, order, ["FMA-1", "GPO-2"]);
      expect(one.needs.map(({ missing }) => missing)).to.deep.equal([tally({ 0: 1 }), tally({ 1: 1 })]);
      expect(one.votes.map(({ agency, standing }) => [agency, standing])).to.have.deep.members([
        [0n, 1n],
        [2n, 1n],
      ]);
      expect(one.effects).to.have.length(1);
    });

    it("find the alternative that is met, and keep to the one that is named where both are", async () => {
      const system = await networkHelpers.loadFixture(deployPreviews);
      const order = freezeOf(system);
      const by: OfficerName[] = ["FMA-1", "KNB-1", "GPO-1"];
      expect(await shownBy(system, order, by, 0)).to.include({ passes: true, alternative: 1n });
      const both: OfficerName[] = ["FMA-1", "FMA-2", "KNB-1", "GPO-1"];
      expect(await shownBy(system, order, both, 1)).to.include({ passes: true, alternative: 1n });
      expect(await shownBy(system, order, both, 0)).to.include({ passes: true, alternative: 0n });
      expect(await shownBy(system, order, both, 9)).to.include({ passes: true, alternative: 0n });
    });

    it("tell of a withdrawn one, of one by a dismissed officer, and of one by nobody", async () => {
      const system = await networkHelpers.loadFixture(deployPreviews);
      const { domain, quorum } = system;
      const order = freezeOf(system);
      const stranger = Wallet.createRandom();
      await system.cancel(digestOf(order, domain), "FMA-1");
      const dismiss: Order<"Dismiss"> = {
        primaryType: "Dismiss",
        message: {
          ...{
            officerId: officerIdOf("FMA-2"),
            document: DOCUMENT,
            compromised: false,
            signBy: NEVER,
            salt: nextSalt(),
          },
        },
      };
      await quorum.dismiss(dismiss.message, await approvalsOf(domain, dismiss, ["COURT-1", "GPO-1"], 1));
      const shown = await shownBy(system, order, ["FMA-1", "FMA-2", "FMA-3", "GPO-1"]);
      const standing = new Map(shown.votes.map((vote) => [vote.officerId, vote.standing]));
      const names: OfficerName[] = ["FMA-1", "FMA-2", "FMA-3", "GPO-1"];
      expect(names.map((name) => standing.get(officerIdOf(name)))).to.deep.equal([2n, 3n, 1n, 1n]);
      expect(shown.needs[0]!.missing).to.equal(tally({ 0: 1 }));
      expect([shown.passes, shown.obstacles]).to.deep.equal([false, []]);

      const signature = await signOrder(stranger, domain, order);
      const foreign = await previewOf(system, order, { alternative: 0, keys: signature, others: [] });
      expect(foreign.votes.map(({ agency, standing }) => [agency, standing])).to.deep.equal([[15n, 4n]]);
      expect(foreign.obstacles).to.deep.equal([
        quorum.interface.encodeErrorResult("QuorumUnknownOfficer", [keccak256(stranger.address)]),
      ]);
    });

    it("refuse bytes that are no signatures, officers out of order or twice, and too many of one agency", async () => {
      const system = await networkHelpers.loadFixture(deployPreviews);
      const { domain, quorum } = system;
      const order = freezeOf(system);
      const { keys } = await approvalsOf(domain, order, ["FMA-1", "FMA-2", "GPO-1"]);
      const parts = [0, 1, 2].map((i) => keys.slice(2 + 130 * i, 2 + 130 * (i + 1)));
      const obstacles = async (bytes: string) =>
        (await previewOf(system, order, { alternative: 0, keys: bytes as Hex, others: [] })).obstacles.map(
          (it) => quorum.interface.parseError(it)!.name,
        );
      expect(await obstacles(`${keys}00`)).to.deep.equal(["QuorumSignatureLength"]);
      expect(await obstacles(`0x${parts[1]}${parts[0]}${parts[2]}`)).to.deep.equal(["QuorumUnorderedOfficer"]);
      expect(await obstacles(`0x${parts[0]}${parts[0]}${parts[1]}`)).to.deep.equal(["QuorumUnorderedOfficer"]);
      expect(await obstacles(`0x${"00".repeat(65)}`)).to.include("QuorumInvalidSignature");
      for (const bytes of [`${keys}00`, `0x${parts[1]}${parts[0]}${parts[2]}`, `0x${parts[0]}${parts[0]}${parts[1]}`]) {
        const call = await callOf(system, order, { alternative: 0, keys: bytes as Hex, others: [] });
        expect(quorum.interface.parseError((await refusalOf(call))!)!.name).to.equal((await obstacles(bytes))[0]);
      }
    });

    it("know an order that was used, by the entry that it became", async () => {
      const system = await networkHelpers.loadFixture(deployPreviews);
      const { domain, docket, quorum } = system;
      const order = freezeOf(system);
      const by: OfficerName[] = ["FMA-1", "FMA-2", "GPO-1"];
      await docket.freeze([struct(order.message)], [await approvalsOf(domain, order, by)]);
      const shown = await shownBy(system, order, by);
      expect([shown.entry, shown.passes]).to.deep.equal([await docket.entries(), false]);
      const used = quorum.interface.encodeErrorResult("QuorumOrderUsed", [shown.digest, shown.entry]);
      expect(shown.obstacles).to.deep.equal([used]);
    });
  });

  describe("in pages", () => {
    it("tell together what they tell at once", async () => {
      const system = await networkHelpers.loadFixture(deployPreviews);
      const { domain, targets, alice, bob, carol } = system;
      const inCase = { caseId: encodeCaseId("CASE-1"), document: DOCUMENT, signBy: NEVER };
      const holds = targets(30n);
      const until = (await now()) + 120n * DAY;
      const holders = holds.map(({ asset, account, amount }) => ({ taken: asset, asset, account, amount }));
      expect(new Set(holds.map(({ account }) => account))).to.deep.equal(new Set([alice, bob, carol].map(addressOf)));
      const orders = [
        { primaryType: "Seize", message: { ...inCase, holds, salt: nextSalt() } },
        { primaryType: "Lift", message: { ...inCase, holds, salt: nextSalt() } },
        {
          primaryType: "Freeze",
          message: { ...inCase, targets: holds, term: 60, wholeAccount: false, salt: nextSalt() },
        },
        {
          primaryType: "Arrest",
          message: {
            ...inCase,
            confirm: holds,
            place: holds,
            until,
            wholeAccount: false,
            omnibus: false,
            salt: nextSalt(),
          },
        },
        { primaryType: "Return", message: { ...inCase, holders, salt: nextSalt() } },
      ] as Order[];
      for (const order of orders) {
        await time.setNextBlockTimestamp((await now()) + 5n);
        const approvals = await approvalsOf(domain, order, DECIDERS[order.primaryType as Decided][0]!);
        const whole = await previewOf(system, order, approvals);
        expect(whole.passes, order.primaryType).to.equal(true);
        const size = order.primaryType === "Arrest" ? 18 : 9;
        expect(whole.effects, order.primaryType).to.have.length(size);
        const pages = [];
        for (let from = 0; from < size; from += 4) {
          pages.push(await previewOf(system, order, approvals, { from: BigInt(from), count: 4n }));
        }
        expect(pages.flatMap(({ effects }) => effects)).to.deep.equal(whole.effects);
        const beyond = await previewOf(system, order, approvals, { from: 2n ** 256n - 1n, count: 2n ** 256n - 1n });
        expect(beyond.effects).to.deep.equal([]);
      }
    });

    it("count the payments of a Return before the page against the same limits", async () => {
      const system = await networkHelpers.loadFixture(deployPreviews);
      const { domain, disposal, kzte, alice, bob } = system;
      const refund = (who: { address: string }, amount: bigint) => ({
        ...{ taken: kzte, asset: kzte, account: who.address as Address, amount: amount * UNIT },
      });
      // 300 are in custody, 150 of them reserved.
      const reserve: Order<"Compensate"> = {
        primaryType: "Compensate",
        message: {
          ...{ caseId: encodeCaseId("CASE-1"), document: DOCUMENT, asset: kzte, total: 150n * UNIT, root: nextSalt() },
          ...{ list: nextSalt(), claimTerm: 90 * 86_400, signBy: NEVER, salt: nextSalt() },
        },
      };
      const by = DECIDERS.Compensate[0]!;
      await disposal.compensate(reserve.message, await approvalsOf(domain, reserve, by));
      await time.increase(16n * DAY);
      await disposal.executeCompensate(reserve.message, approversOf(by));
      const holders = [refund(alice, 90n), refund(bob, 90n)].sort((a, b) =>
        BigInt(a.account) < BigInt(b.account) ? -1 : 1,
      );
      const order: Order<"Return"> = {
        primaryType: "Return",
        message: { caseId: encodeCaseId("CASE-1"), document: DOCUMENT, holders, signBy: NEVER, salt: nextSalt() },
      };
      const approvals = await approvalsOf(domain, order, DECIDERS.Return[0]!);
      const error = disposal.interface.encodeErrorResult("DisposalExceedsCustody", [
        ...[encodeCaseId("CASE-1"), kzte, 60n * UNIT, 90n * UNIT],
      ]);
      expect((await previewOf(system, order, approvals)).obstacles).to.deep.equal([error]);
      expect((await previewOf(system, order, approvals, { from: 0n, count: 1n })).obstacles).to.deep.equal([]);
      expect((await previewOf(system, order, approvals, { from: 1n, count: 1n })).obstacles).to.deep.equal([error]);
      expect(await refusalOf(await callOf(system, order, approvals))).to.equal(error);
    });
  });

  it("of a Return tell which payment would stay behind as a claim", async () => {
    const system = await networkHelpers.loadFixture(deployPreviews);
    const { domain, rfse, carol, bob, refusing } = system;
    await refusing.setFault(carol, 1);
    const holders = [carol, bob]
      .map(({ address }) => ({ taken: rfse, asset: rfse, account: address as Address, amount: 40n * UNIT }))
      .sort((a, b) => (BigInt(a.account) < BigInt(b.account) ? -1 : 1));
    const order: Order<"Return"> = {
      primaryType: "Return",
      message: { caseId: encodeCaseId("CASE-1"), document: DOCUMENT, holders, signBy: NEVER, salt: nextSalt() },
    };
    const shown = await previewOf(system, order, await approvalsOf(domain, order, DECIDERS.Return[1]!, 1));
    expect(shown.passes).to.equal(true);
    expect(new Map(shown.effects.map(({ account, what }) => [account, what]))).to.deep.equal(
      new Map([
        [carol.address, 33n],
        [bob.address, 32n],
      ]),
    );
  });

  it("of a scheduled order tell its start, deadline, stays and appeal, and when it may be executed", async () => {
    const system = await networkHelpers.loadFixture(deployPreviews);
    const { domain, disposal, quorum, kzte, treasury, alice } = system;
    const order: Order<"Forfeit"> = {
      primaryType: "Forfeit",
      message: {
        ...{ caseId: encodeCaseId("CASE-1"), document: DOCUMENT, asset: kzte, treasury: addressOf(treasury) },
        ...{ amount: 10n * UNIT, signBy: NEVER, salt: nextSalt() },
      },
    };
    const by = DECIDERS.Forfeit[0]!;
    const approvals = await approvalsOf(domain, order, by);
    const nobody = { alternative: 0, keys: "0x" as Hex, others: [] };
    await disposal.forfeit(order.message, approvals);
    const scheduled = await now();
    const shown = await previewOf(system, order, nobody);
    const { start, deadline, stays, appealed, state } = shown.delayed;
    expect([start, deadline, stays, appealed, state]).to.deep.equal([
      ...[scheduled + 15n * DAY, scheduled + 105n * DAY, 0n, false, 1n],
    ]);
    expect(shown.obstacles).to.deep.equal([
      quorum.interface.encodeErrorResult("QuorumTooEarly", [shown.digest, start]),
    ]);

    const appeal = { order: shown.digest, document: DOCUMENT, asset: kzte, holder: alice.address, signBy: NEVER };
    await disposal.connect(alice).appeal({ ...appeal, salt: nextSalt() }, "0x");
    const stay: Order<"Stay"> = {
      primaryType: "Stay",
      message: {
        order: shown.digest,
        document: DOCUMENT,
        until: scheduled + 40n * DAY,
        signBy: NEVER,
        salt: nextSalt(),
      },
    };
    await quorum.stay(stay.message, await approvalsOf(domain, stay, ["COURT-1"]));
    const moved = (await previewOf(system, order, nobody)).delayed;
    expect([moved.start, moved.deadline, moved.stays, moved.appealed]).to.deep.equal([
      ...[scheduled + 40n * DAY, scheduled + 130n * DAY, 1n << 3n, true],
    ]);

    await time.increaseTo(moved.start);
    // Whoever executes needs no further approval.
    expect(await previewOf(system, order, nobody)).to.include({ passes: true });
    await disposal.executeForfeit(order.message, approversOf(by));
    const done = await previewOf(system, order, nobody);
    expect([done.passes, done.delayed.state]).to.deep.equal([false, 2n]);
  });

  it("of a SetAdapter tell that nothing executes it", async () => {
    const system = await networkHelpers.loadFixture(deployPreviews);
    const { domain, kzte, quorum } = system;
    const order: Order<"SetAdapter"> = {
      primaryType: "SetAdapter",
      message: {
        asset: kzte,
        adapter: kzte,
        codeHash: nextSalt(),
        document: DOCUMENT,
        signBy: NEVER,
        salt: nextSalt(),
      },
    };
    const shown = await previewOf(system, order, await approvalsOf(domain, order, DECIDERS.Configure[0]!));
    expect([shown.passes, shown.needs]).to.deep.equal([false, []]);
    expect(shown.obstacles).to.deep.equal([quorum.interface.encodeErrorResult("QuorumNoRule", [ACTS.SetAdapter, 0])]);
  });
});
