// Long: 1,600 random orders, against the chain.
import { expect } from "chai";
import { Wallet, ZeroAddress, ZeroHash } from "ethers";
import { erc20Abi, type Address, type Hex } from "viem";
import { bringing, executing, type OrderCall } from "../../../src/orders/calls.ts";
import { SEATS_SLOT, simulate, type Given, type Way } from "../../../src/orders/simulate.ts";
import {
  ACTS,
  encodeCaseId,
  OFFICER_KINDS,
  packApprovals,
  type Order,
  type PrimaryType,
} from "../../../src/orders/index.ts";
import { refusalIn } from "../../../src/chain/refusals.ts";
import { addressOf, client, ethers, networkHelpers, now } from "../../system/chain.ts";
import { ruleOf } from "../../system/charters.ts";
import { type Crowd, deployCrowd, PLATFORM, SUB_ACCOUNT } from "../../system/crowd.ts";
import { entryOf } from "../../system/entries.ts";
import { layoutsOf } from "../../system/layout.ts";
import { UNIT } from "../../system/money.ts";
import { DOCUMENT, idsOf, nextSalt, officer, officerIdOf, signOrder } from "../../system/officers.ts";
import { AGENCY, type AgencyName, DAY, type OfficerName } from "../../system/parameters.ts";
import { deploymentOf } from "../../system/deployment.ts";
import { expectStored } from "../journal/stored.ts";
import { randomFrom, type Random } from "./random.ts";

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
    ["COURT-2", "COURT-3", "FMA-3", "NBK-1"],
    ["GPO-2", "GPO-3", "KNB-1", "MOF-1"],
  ],
  Configure: [["COURT-1", "COURT-2", "GPO-1", "FMA-1", "NBK-1", "MOF-1"]],
  SetTreasury: [["COURT-1", "COURT-2", "GPO-1", "FMA-1", "NBK-1", "MOF-1"]],
  License: [["AFSA-1", "AFSA-2"]],
  Suspend: [["AFSA-1"]],
};

type Decided = keyof typeof DECIDERS;
const TYPES = [...(Object.keys(DECIDERS) as Decided[]), "Appeal"] as const;

/** What the walk picks from: the delayed ones and appeals against them more often. */
const PICKED = [
  ...TYPES,
  "Forfeit",
  "Compensate",
  "Convert",
  "Convert",
  "Convert",
  "Transfer",
  "Appeal",
  "Appeal",
  "Appeal",
] as const;

/** An order with all that is needed to bring it, and to execute it once it is scheduled. */
interface Deed {
  order: Order;
  by: OfficerName[];
  consent: Hex;
}

/** Scheduled orders of a random walk. */
interface Scheduled extends Deed {
  digest: Hex;
}

/** What the walk does next: often sensible, often wrong in one place. */
function ordersOf(system: Crowd, random: Random) {
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
  const rarely = <T>(odd: T, usual: T) => (random.below(25) === 0 ? odd : usual);
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
        asset: asset(),
        account: random.pick([...anyone, subAccount, subAccount]),
        amount: amount(),
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
      document: rarely(ZeroHash as Hex, DOCUMENT),
      signBy: rarely(second - 1n, rarely(second + 367n * DAY, second + 5n * DAY)),
      salt: nextSalt(),
    };
    const inCase = { ...base, caseId: caseId() };
    const upTo = async () => {
      const newest = Number(await docket.placements());
      return rarely(newest + 1, rarely(Math.max(0, newest - 3), newest));
    };
    const about = () =>
      rarely(ZeroHash as Hex, scheduled.length > 0 ? random.pick(scheduled).digest : (ZeroHash as Hex));
    const make = {
      Freeze: async () => ({
        ...inCase,
        targets: await targets(holders[0]!),
        wholeAccount: false,
        term: random.pick([0, 1, 86_400, 10 * 86_400, 10 * 86_400, 10 * 86_400 + 1]),
      }),
      Arrest: async () => ({
        ...inCase,
        confirm: await heldTargets(inCase.caseId, subAccount),
        place: random.below(2) === 0 ? [] : await targets(subAccount),
        upTo: await upTo(),
        wholeAccount: false,
        until: second + random.pick([-1n, DAY, 30n * DAY, 100n * DAY, 150n * DAY, 200n * DAY]),
        omnibus: random.below(2) === 0,
      }),
      Lift: async () => ({
        ...inCase,
        holds: await heldTargets(inCase.caseId, subAccount),
        upTo: await upTo(),
        arrested: random.below(3) !== 0,
      }),
      Seize: async () => ({ ...inCase, holds: await heldTargets(inCase.caseId, subAccount), upTo: await upTo() }),
      Return: async () => ({
        ...inCase,
        holders: ascending(
          some(() => {
            const taken = asset();
            const account = random.pick(random.below(3) ? holders : anyone);
            return { taken, asset: random.below(3) ? taken : asset(), account, amount: amount() };
          }, 3),
          (it) => it.taken + it.asset + it.account,
        ),
      }),
      Forfeit: async () => ({
        ...inCase,
        asset: asset(),
        treasury: rarely(holders[0]!, addressOf(treasury)),
        amount: amount(),
      }),
      Compensate: async () => ({
        ...inCase,
        asset: asset(),
        total: amount(),
        root: rarely(ZeroHash as Hex, nextSalt()),
        list: nextSalt(),
        claimTerm: random.pick([89, 90, 180, 366, 367]) * 86_400,
      }),
      Convert: async () => ({
        ...inCase,
        asset: asset(),
        amount: amount(),
        wallet: rarely(addressOf(omnibus), addressOf(buyer)),
        proceedsAsset: random.pick([system.kzte, system.usdx, system.usdx]),
        leastProceeds: amount() / 2n,
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
        ...inCase,
        asset: asset(),
        wallet: rarely(holders[0]!, addressOf(omnibus)),
        subAccount: SUB_ACCOUNT,
        amount: amount(),
        term: random.pick([0, 86_400, 10 * 86_400, 11 * 86_400]),
      }),
      Stay: async () => ({
        ...base,
        order: about(),
        until: second + BigInt(random.pick([1, 2, 3, 16, 20, 40, 80, 100])) * DAY,
      }),
      Veto: async () => ({ ...base, order: about() }),
      Appeal: async () => ({ ...base, order: about(), asset: asset(), holder: random.pick(holders) }),
      Cancel: async () => ({ order: random.pick([nextSalt(), about()]), signBy: base.signBy, salt: base.salt }),
      Admit: async () => {
        const signer = rarely(officer("KNB-1").address, candidate(random).address) as Hex;
        return { ...base, agency: rarely(9, 1), kind: rarely(7, OFFICER_KINDS.key), signer };
      },
      Dismiss: async () => ({
        ...base,
        officerId: rarely(nextSalt(), officerIdOf(random.pick(["KNB-1", "KNB-2", "MOF-1", "GPO-3"]))),
        compromised: random.below(2) === 0,
      }),
      Configure: async () => ({
        ...base,
        act: random.pick([ACTS.Freeze, ACTS.Seize, ACTS.Lift, 0, 21]),
        rules: Array.from({ length: random.pick([0, 1, 2, 7]) }, () =>
          ruleOf({ [random.below(4)]: random.pick([0, 1, 2, 3]) }, { term: random.pick([0, 86_400]) }),
        ),
      }),
      SetTreasury: async () => ({
        ...base,
        asset: asset(),
        treasury: random.pick([addressOf(stranger), holders[0]!, addressOf(treasury)]),
      }),
      SetAdapter: async () => ({ ...base, asset: asset(), adapter: asset(), codeHash: nextSalt() }),
      License: async () => ({
        ...base,
        wallet: addressOf(random.pick([omnibus, buyer])),
        platform: rarely(ZeroHash as Hex, PLATFORM),
        omnibus: random.below(2) === 0,
        until: second + BigInt(random.pick([1, 6, 8, 400])) * DAY,
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

/** What depends on who signed, not on how many: the officers that really sign may be refused where others would not. */
const OF_OFFICERS = /^Quorum(Paused|DismissedOfficer|UnknownOfficer|DismissalPause|Withdrawn|NotMet|Stale)/;

const placeOf = async (system: Crowd) => ({
  addresses: {
    docket: system.addresses.docket,
    disposal: system.addresses.disposal,
    register: system.addresses.register,
    quorum: (await system.quorum.getAddress()) as Address,
  },
  domain: system.domain,
});

const approvalsBy = (system: Crowd, order: Order, by: readonly OfficerName[]) =>
  Promise.all(
    by.map(async (name) => ({
      signer: officer(name).address as Hex,
      signature: await signOrder(officer(name), system.domain, order),
    })),
  );

/** The name of the error with which a call would revert in the block to come; undefined where it would not. */
async function refusalOf(call: OrderCall & { from?: string }): Promise<string | undefined> {
  try {
    await ethers.provider.call({ ...call, blockTag: "pending" });
    return undefined;
  } catch (error) {
    const data = (error as { data?: Hex }).data ?? "0x";
    return refusalIn(data)?.error ?? data;
  }
}

describe("simulate", () => {
  describe("of 1,600 random orders", function () {
    this.timeout(600_000);
    const SEEDS = 20;
    const STEPS = 80;
    const seen = { passed: new Map<string, number>(), refused: new Map<string, number>(), executed: new Set<string>() };
    let [incomplete, moved] = [0, 0];
    const count = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1);

    for (let seed = 0; seed < SEEDS; ++seed) {
      it(`says what the contracts do, with whatever approvals are there (walk ${seed + 1})`, async () => {
        const system = await networkHelpers.loadFixture(deployCrowd);
        const { domain, quorum, alice, bob, carol, omnibus, buyer, kzte, tenge, docket, disposal } = system;
        const place = await placeOf(system);
        const random = randomFrom(`simulate ${seed}`);
        const next = ordersOf(system, random);
        const scheduled: Scheduled[] = [];
        await system.refusing.setFault(carol, 1);
        await tenge.connect(bob).transfer(await docket.vaultOf(encodeCaseId("CASE-1")), 30n * UNIT);
        await disposal.book(encodeCaseId("CASE-1"), kzte);

        for (let step = 0; step < STEPS; ++step) {
          const again = scheduled.length > 0 && random.below(3) === 0 ? random.pick(scheduled) : undefined;
          const deed = again ?? (await deedOf());
          const { order, by, consent } = deed;
          const jump = random.pick([1n, 1n, 1n, 1n, 60n, 60n, 3_600n, 3_600n, 2n * DAY, 16n * DAY]);
          await time.setNextBlockTimestamp((await now()) + jump);
          const what = `walk ${seed + 1}, step ${step}: ${again ? "executed " : ""}${order.primaryType}`;

          const all = await approvalsBy(system, order, by);
          const there =
            again || order.primaryType === "Cancel" || random.below(2)
              ? all
              : random.shuffle(all).slice(0, random.below(all.length + 1));
          const given: Given = {
            approvals: again ? [] : there,
            blockTag: "pending",
            movements: true,
            ...(consent === "0x" ? {} : { consent }),
            ...(again ? { scheduledBy: idsOf(by) } : {}),
          };
          const shown = await simulate(client, place, order, given);

          const payer = again && order.primaryType === "Convert" ? { from: order.message.wallet } : {};
          // Whoever has not signed its consent calls itself.
          const self =
            consent !== "0x"
              ? {}
              : order.primaryType === "License"
                ? { from: order.message.wallet }
                : order.primaryType === "Appeal"
                  ? { from: order.message.holder }
                  : {};
          const call = {
            ...(again
              ? executing(place.addresses, order, idsOf(by))
              : bringing(place.addresses, order, packApprovals(all), consent)),
            ...payer,
            ...self,
          };
          const refusal = await refusalOf(call);
          if (!again && there.length < all.length && shown.ways.length > 0) ++incomplete;
          if (shown.ways.length > 0 && refusal !== undefined && OF_OFFICERS.test(refusal)) {
            await networkHelpers.mine();
            continue;
          }
          // The contracts take the first alternative that all of them meet; where they meet none, they were refused before.
          const lacking = tallyOf(by.filter((name) => !there.some(({ signer }) => signer === officer(name).address)));
          const [way] = shown.ways
            .filter((it) => meets(lacking, it, order.primaryType === "Dismiss"))
            .sort((a, b) => a.alternative - b.alternative);
          expect((way ?? shown).refusal?.error, what).to.equal(refusal);
          expect(shown.passes, what).to.equal((shown.ways.length > 0 ? shown.ways : [shown]).some((it) => !it.refusal));
          if (refusal !== undefined) {
            count(seen.refused, order.primaryType);
            await networkHelpers.mine();
            continue;
          }
          const sender = await ethers.getSigner(call.from ?? (await ethers.provider.getSigner(0)).address);
          const entry = await entryOf(sender.sendTransaction(call) as never);
          expect(shown.digest, what).to.equal(entry.order);
          expect(shown.movements, what).to.not.equal(undefined);
          for (const { asset, account, after } of shown.movements!) {
            const token = { address: asset, abi: erc20Abi } as const;
            const [held] = await docket.heldOf(asset, account);
            const balance = await client.readContract({ ...token, functionName: "balanceOf", args: [account] });
            expect(after, `${what}: ${account}`).to.deep.equal({
              balance,
              held,
              covered: held < balance ? held : balance,
            });
            ++moved;
          }
          count(seen.passed, order.primaryType);
          if (again) {
            seen.executed.add(order.primaryType);
            scheduled.splice(scheduled.indexOf(again), 1);
          } else if (order.primaryType !== "Appeal" && (await quorum.delayedOf(shown.digest)).state !== 0n) {
            scheduled.push({ ...deed, digest: shown.digest });
          }
        }
        await expectStored(await deploymentOf(system), `walk ${seed + 1}`);

        async function deedOf(): Promise<Deed> {
          const primaryType = random.pick(PICKED);
          const order = await next(primaryType, scheduled);
          const by = primaryType === "Appeal" ? [] : random.pick(DECIDERS[primaryType]);
          const wallets = [alice, bob, carol, omnibus, buyer];
          const { message } = order as { message: { holder?: string; wallet?: string; signer?: string } };
          const signer = wallets.find((it) => [message.holder, message.wallet].includes(it.address));
          const asking = signer ?? (message.signer && candidates.get(message.signer));
          const consent = asking && random.below(8) ? await signOrder(asking, domain, order) : ("0x" as Hex);
          return { order, by, consent };
        }
      });
    }

    it("covered every type both ways, orders that lacked approvals, and the execution of every delayed disposal", () => {
      for (const type of TYPES) {
        expect(seen.passed.get(type) ?? 0, `${type} passed`).to.be.greaterThan(0);
        expect(seen.refused.get(type) ?? 0, `${type} refused`).to.be.greaterThan(0);
      }
      for (const type of ["Forfeit", "Compensate", "Convert", "Transfer", "Configure"]) {
        expect([...seen.executed], type).to.include(type);
      }
      expect(incomplete).to.be.greaterThan(200);
      expect(moved).to.be.greaterThan(200);
    });
  });

  describe("of approvals", () => {
    const freezeOf = async ({ kzte, alice }: Crowd, term = Number(DAY)): Promise<Order<"Freeze">> => ({
      primaryType: "Freeze",
      message: {
        caseId: encodeCaseId("CASE-2"),
        document: DOCUMENT,
        term,
        wholeAccount: false,
        signBy: (await now()) + DAY,
        salt: nextSalt(),
        targets: [{ asset: kzte, account: addressOf(alice), amount: 10n * UNIT }],
      },
    });
    const simulated = async (system: Crowd, order: Order, by: readonly OfficerName[]) =>
      simulate(client, await placeOf(system), order, {
        approvals: await approvalsBy(system, order, by),
        blockTag: "pending",
      });
    const told = ({ ways }: Awaited<ReturnType<typeof simulate>>) =>
      ways.map(({ alternative, missing }) => [alternative, Object.fromEntries(missing)]);

    it("names what is missing, by agency, the shortest way first, and passes with officers that it raises", async () => {
      const system = await networkHelpers.loadFixture(deployCrowd);
      const order = await freezeOf(system);
      const none = await simulated(system, order, []);
      expect(told(none)).to.deep.equal([
        [0, { 0: 2, 2: 1 }],
        [1, { 0: 1, 1: 1, 2: 1 }],
      ]);
      expect(none.passes).to.equal(true);
      const one = await simulated(system, order, ["FMA-1", "KNB-2"]);
      expect(told(one)).to.deep.equal([
        [1, { 2: 1 }],
        [0, { 0: 1, 2: 1 }],
      ]);
    });

    it("changes nothing: the officers that it raises have no seat", async () => {
      const system = await networkHelpers.loadFixture(deployCrowd);
      const before = await system.docket.head();
      await simulated(system, await freezeOf(system), []);
      expect(await system.docket.head()).to.equal(before);
      expect(await system.quorum.agencyOf(0)).to.equal(3n);
    });

    it("names the refusal that stands behind approvals that are missing", async () => {
      const system = await networkHelpers.loadFixture(deployCrowd);
      const shown = await simulated(system, await freezeOf(system, 11 * Number(DAY)), ["FMA-1"]);
      expect([shown.passes, shown.refusal?.error]).to.deep.equal([false, "DocketInvalidTerm"]);
      expect(told(shown)[0]).to.deep.equal([0, { 0: 1, 2: 1 }]);
    });

    it("counts nobody who withdrew", async () => {
      const system = await networkHelpers.loadFixture(deployCrowd);
      const order = await freezeOf(system);
      const complete = await simulated(system, order, ["FMA-1", "FMA-2", "GPO-1"]);
      expect([complete.passes, complete.ways]).to.deep.equal([true, []]);
      await system.cancel(complete.digest, "FMA-1");
      expect(told(await simulated(system, order, ["FMA-1", "FMA-2", "GPO-1"]))[0]).to.deep.equal([0, { 0: 1 }]);
    });

    it("lets the node's own fault through: it is no refusal of a contract", async () => {
      const system = await networkHelpers.loadFixture(deployCrowd);
      const broken = {
        ...client,
        call: () => Promise.reject(new Error("the node is gone")),
      } as unknown as typeof client;
      const order = await freezeOf(system);
      const fault: unknown = await simulate(broken, await placeOf(system), order).catch((error: unknown) => error);
      expect((fault as Error).message).to.equal("the node is gone");
    });
  });

  it("seats officers where the compiler lays their mapping out", () => {
    const { Quorum } = layoutsOf(["Quorum"]);
    expect(Quorum!.find(({ label }) => label === "_seats")?.slot).to.equal(String(SEATS_SLOT));
  });
});

/** How many officers of each agency these are. */
const tallyOf = (names: readonly OfficerName[]): ReadonlyMap<number, number> => {
  const agencies = names.map((name) => AGENCY[name.split("-")[0] as AgencyName]);
  return new Map(agencies.map((agency) => [agency, agencies.filter((other) => other === agency).length]));
};

/** Whether these are enough for what is missing; of a Dismiss, which takes nobody more, whether they are exactly that. */
const meets = (there: ReadonlyMap<number, number>, { missing }: Way, exactly: boolean) =>
  [...missing].every(([agency, n]) => (there.get(agency) ?? 0) >= n) && (!exactly || sumOf(missing) === sumOf(there));

const sumOf = (tally: ReadonlyMap<number, number>) => [...tally.values()].reduce((sum, n) => sum + n, 0);
