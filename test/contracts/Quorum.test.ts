import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";
import {
  type BaseContract,
  concat,
  dataSlice,
  keccak256,
  N,
  recoverAddress,
  toBeHex,
  Wallet,
  ZeroAddress,
  ZeroHash,
} from "ethers";
import type { Hex } from "viem";
import {
  ACTS,
  buildCancel,
  buildFreeze,
  buildReturn,
  digestOf,
  domainOf,
  SELF,
  type ActName,
} from "../../src/orders/index.ts";
import { randomFrom } from "../src/orders/random.ts";
import { CASE } from "../system/acts/signed.ts";
import { addressOf, ethers, networkHelpers, NEVER, now } from "../system/chain.ts";
import { deployQuorum, packed, ruleOf, tally } from "../system/charters.ts";
import { deploySystem, type System } from "../system/deployed.ts";
import { encodeEffects } from "../system/entries.ts";
import { UNIT } from "../system/money.ts";
import {
  approvalsOf,
  ascending,
  DOCUMENT,
  idOf,
  nextSalt,
  officer,
  officerIdOf,
  signaturesOf,
  signOrder,
  struct,
} from "../system/officers.ts";
import { AGENCY, DECIDERS, type OfficerName, OFFICERS, PARAMETERS } from "../system/parameters.ts";

const { time } = networkHelpers;
const { FMA, GPO, COURT } = AGENCY;
const QUORUM = DECIDERS.Freeze;

/** Court 4, prosecutor 4, agency 2 with eight keys; act 1 needs one of each, act 2 two of the court or one of agency 2. */
const COURT_AND_ALL = { 0: 1, 1: 1, 2: 1 };
const deployThree = () =>
  deployQuorum(
    [4, 4, 8],
    [
      { act: 1, alternatives: [ruleOf(COURT_AND_ALL, { term: 864_000 })] },
      { act: 2, alternatives: [ruleOf({ 0: 2 }, { term: 11 }), ruleOf({ 2: 1 }, { term: 22 })] },
    ],
  );

/** A freeze of 100 KZTE of alice, not yet executed, and what executes it. */
function freezeOf(system: System, { signBy = NEVER } = {}) {
  const { kzte, alice, domain, docket } = system;
  const targets = [{ asset: kzte, account: addressOf(alice), amount: 100n * UNIT }];
  const order = buildFreeze({ caseId: CASE, document: DOCUMENT, signBy, salt: nextSalt(), targets, term: 86_400 });
  const approve = (by: readonly OfficerName[] = QUORUM) => approvalsOf(domain, order, by);
  return {
    order,
    approve,
    digest: digestOf(order, domain),
    execute: async (approvals?: Awaited<ReturnType<typeof approve>>) =>
      docket.freeze([struct(order.message)], [approvals ?? (await approve())], "0x"),
  };
}

/** The cancel of one order, signed by officers. */
async function cancelOf({ domain, quorum }: System, digest: Hex, by: OfficerName[], signBy = NEVER) {
  const order = buildCancel({ order: digest, signBy, salt: nextSalt() });
  const approvals = await approvalsOf(domain, order, by);
  return { digest: digestOf(order, domain), approvals, send: () => quorum.cancel(order.message, approvals) };
}

const fmaAndGpo = { [FMA]: 2, [GPO]: 1 };

describe("Quorum", () => {
  describe("rules", () => {
    it("lets every alternative of every act pass with its officers, and with none of them missing", async () => {
      const { agencies, rules } = PARAMETERS;
      // The others are the Quorum's own, or wait for their execution.
      const sets = Object.entries(rules)
        .map(([act, alternatives]) => ({
          act: ACTS[act as ActName],
          alternatives: alternatives.map(({ officers, term }) =>
            ruleOf(Object.fromEntries(Object.entries(officers).map(([name, n]) => [agencies.indexOf(name), n])), {
              term,
            }),
          ),
        }))
        .filter(({ act }) => act <= ACTS.Return);
      // The court is agency 0 of this helper, so every agency simply gets four keys.
      const bench = await deployQuorum(Array<number>(agencies.length).fill(4), sets);
      for (const { act, alternatives } of sets) {
        for (const { officers, term } of alternatives) {
          const need = bench.officers.flatMap((keys, agency) =>
            keys.slice(0, Number((BigInt(officers) >> BigInt(4 * agency)) & 0xfn)),
          );
          const { args, digest } = bench.call(need, { act });
          const passed = await bench.system.use.staticCall(...args);
          expect([...passed]).to.deep.equal([digest, BigInt(term), ascending(need).map(idOf)]);

          for (const missing of need) {
            const short = bench.call(
              need.filter((key) => key !== missing),
              { act },
            );
            await expect(bench.system.use(...short.args)).to.be.revertedWithCustomError(bench.quorum, "QuorumNotMet");
          }
        }
      }
    });

    it("takes the first alternative that the approvals meet, whatever else they would meet", async () => {
      const { system, officers, call } = await networkHelpers.loadFixture(deployThree);
      const [court, , agency2] = officers;
      for (const [by, term] of [
        [[agency2![0]!], 22n],
        [[court![0]!, agency2![0]!], 22n],
        [[court![0]!, court![1]!, agency2![0]!], 11n],
      ] as const) {
        expect((await system.use.staticCall(...call(by, { act: 2 }).args)).term).to.equal(term);
      }
    });

    it("does not count whom the rule does not need: a surplus signature can poison nothing", async () => {
      const { system, officers, call } = await networkHelpers.loadFixture(deployThree);
      const [court, prosecutor, agency2] = officers;
      const needed = [court![0]!, court![1]!, court![2]!];
      const { args } = call([...needed, prosecutor![0]!, agency2![3]!], { act: 2 });
      expect((await system.use.staticCall(...args)).officerIds).to.deep.equal(ascending(needed).map(idOf));
    });

    it("denies every act without a rule, also with no signature at all", async () => {
      const { quorum, system, officers, call } = await networkHelpers.loadFixture(deployThree);
      for (const act of [0, 5, 7, 14, 20, 64, 255]) {
        for (const by of [[], officers[0]!]) {
          await expect(system.use(...call(by, { act }).args))
            .to.be.revertedWithCustomError(quorum, "QuorumNoRule")
            .withArgs(act);
        }
      }
    });

    it("misses an agency though the number of officers is reached", async () => {
      const { quorum, system, officers, call } = await networkHelpers.loadFixture(deployThree);
      const { args, digest } = call([...officers[0]!, ...officers[2]!.slice(0, 7)]);
      await expect(system.use(...args))
        .to.be.revertedWithCustomError(quorum, "QuorumNotMet")
        .withArgs(digest, 1, SELF, tally({ 0: 4, 2: 7 }));
    });

    it("counts seven approvals of an agency and refuses the eighth, so that none carries into the next agency", async () => {
      const { quorum, system, officers, call } = await networkHelpers.loadFixture(deployThree);
      const others = [officers[0]![0]!, officers[1]![0]!];
      await system.use(...call([...others, ...officers[2]!.slice(0, 7)]).args);
      await expect(system.use(...call(officers[2]!).args))
        .to.be.revertedWithCustomError(quorum, "RuleDigitTooLarge")
        .withArgs(tally({ 2: 8 }));
    });

    it("executes exactly when every digit of what is given reaches the digit that is needed", async () => {
      const random = randomFrom("rules and subsets");
      let [passed, denied] = [0, 0];
      for (let round = 0; round < 7; ++round) {
        // Court and prosecutor need four, others two; the last agency can fill its digit.
        const seats = Array.from({ length: 15 }, (_, agency): number =>
          agency < 2 ? 4 : agency === 14 ? 7 : random.pick([0, 2, 3, 4]),
        );
        const draw = (): number[] => {
          const digits = seats.map((n): number => (n === 0 || random.below(3) ? 0 : 1 + random.below(n)));
          if (Math.max(...digits) === 0) digits[random.below(2)] = 1 + random.below(3);
          return digits;
        };
        const drawn = Array.from({ length: 6 }, () => Array.from({ length: 6 }, draw));
        const sets = drawn.map((alternatives, i) => ({
          act: i + 1,
          // The term tells which one was met.
          alternatives: alternatives.map((digits, term) =>
            ruleOf(Object.fromEntries(digits.entries()), { term: term + 1 }),
          ),
        }));
        const bench = await deployQuorum(seats, sets);
        // One digest: a static call uses nothing up, so each officer signs once.
        const { structHash, digest } = bench.call([]);
        const signatures = new Map(bench.officers.flat().map((key) => [key, signaturesOf(digest, [key])]));

        for (const [i, alternatives] of drawn.entries()) {
          for (const need of alternatives) {
            for (let subset = 0; subset < 4; ++subset) {
              // Around what is needed, or anything.
              const given = seats.map((n, agency) => {
                if (subset === 3) return random.below(n + 1);
                const near = need[agency]! + random.pick([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, subset ? -1 : 0, 1]);
                return Math.max(0, Math.min(n, near));
              });
              const by = bench.officers.flatMap((keys, agency) => random.shuffle(keys).slice(0, given[agency]));
              const keys = concat(["0x", ...ascending(by).map((key) => signatures.get(key)!)]);
              const { args } = bench.call([], { act: i + 1, structHash, keys });
              const first = alternatives.findIndex((digits) => given.every((n, agency) => n >= digits[agency]!));
              if (first === -1) {
                ++denied;
                await expect(bench.system.use.staticCall(...args))
                  .to.be.revertedWithCustomError(bench.quorum, "QuorumNotMet")
                  .withArgs(digest, i + 1, SELF, tallyOf(given));
                continue;
              }
              ++passed;
              const answer = await bench.system.use.staticCall(...args);
              const counting = bench.officers.flatMap((keys, agency) =>
                alternatives[first]![agency]! > 0 ? keys.filter((key) => by.includes(key)) : [],
              );
              expect([answer.term, answer.officerIds]).to.deep.equal([
                BigInt(first + 1),
                ascending(counting).map(idOf),
              ]);
            }
          }
        }
      }
      // Both directions were really tried.
      expect(passed).to.be.at.least(200);
      expect(denied).to.be.at.least(200);
    });
  });

  describe("signatures", () => {
    it("refuses an officer that signs twice", async () => {
      const { quorum, system, officers, call } = await networkHelpers.loadFixture(deployThree);
      const { digest, structHash } = call([]);
      const key = officers[0]![0]!;
      const keys = signaturesOf(digest, [key, key]);
      await expect(system.use(...call([], { structHash, keys }).args))
        .to.be.revertedWithCustomError(quorum, "QuorumUnorderedOfficer")
        .withArgs(idOf(key), idOf(key));
    });

    it("refuses approvals that do not ascend by officer id", async () => {
      const { quorum, system, officers, call } = await networkHelpers.loadFixture(deployThree);
      const { digest, structHash } = call([]);
      const [low, middle, high] = ascending(officers[0]!);
      const keys = signaturesOf(digest, [low!, high!, middle!]);
      await expect(system.use(...call([], { structHash, keys }).args))
        .to.be.revertedWithCustomError(quorum, "QuorumUnorderedOfficer")
        .withArgs(idOf(middle!), idOf(high!));
    });

    it("refuses a key that is no officer's, also beside a full quorum", async () => {
      const { quorum, system, officers, call } = await networkHelpers.loadFixture(deployThree);
      const foreign = new Wallet(nextSalt());
      await expect(system.use(...call([...officers.map((keys) => keys[0]!), foreign]).args))
        .to.be.revertedWithCustomError(quorum, "QuorumUnknownOfficer")
        .withArgs(idOf(foreign));
    });

    it("refuses the malleable twin of a signature", async () => {
      const { quorum, system, officers, call } = await networkHelpers.loadFixture(deployThree);
      const by = ascending(officers.map((keys) => keys[0]!));
      const { digest, structHash, args } = call(by);
      const { r, s, v } = by[0]!.signingKey.sign(digest);
      const twin = concat([r, toBeHex(N - BigInt(s), 32), toBeHex(v === 27 ? 28 : 27)]);
      const keys = concat([twin, signaturesOf(digest, by.slice(1))]);
      await expect(system.use(...call([], { structHash, keys }).args))
        .to.be.revertedWithCustomError(quorum, "QuorumInvalidSignature")
        .withArgs(0);
      await system.use(...args);
    });

    it("names the place of a signature that recovers to nobody: wrong v, r or s", async () => {
      const { quorum, system, officers, call } = await networkHelpers.loadFixture(deployThree);
      const { digest, structHash } = call([]);
      const good = ascending(officers[0]!)[0]!;
      const { r, s } = good.signingKey.sign(digest);
      for (const bad of [
        concat([r, s, "0x00"]),
        concat([r, s, "0x01"]),
        concat([r, s, "0x1d"]),
        concat([r, s, "0xff"]),
        concat([ZeroHash, s, "0x1b"]),
        concat([r, ZeroHash, "0x1b"]),
        concat([toBeHex(N, 32), s, "0x1b"]),
      ]) {
        const keys = concat([signaturesOf(digest, [good]), bad]);
        await expect(system.use(...call([], { structHash, keys }).args), bad)
          .to.be.revertedWithCustomError(quorum, "QuorumInvalidSignature")
          .withArgs(1);
      }
    });

    it("takes whole signatures of 65 bytes only: no compact form, nothing cut off, nothing added", async () => {
      const { quorum, system, officers, call } = await networkHelpers.loadFixture(deployThree);
      const by = ascending(officers.map((keys) => keys[0]!));
      const { digest, structHash, args } = call(by);
      const keys = signaturesOf(digest, by);
      const compact = by[0]!.signingKey.sign(digest).compactSerialized;
      for (const wrong of [compact, dataSlice(keys, 0, 194), concat([keys, "0x00"]), "0x00", dataSlice(keys, 0, 66)]) {
        await expect(system.use(...call([], { structHash, keys: wrong }).args))
          .to.be.revertedWithCustomError(quorum, "QuorumSignatureLength")
          .withArgs((wrong.length - 2) / 2);
      }
      await system.use(...args);
    });

    it("counts no signature at all as none", async () => {
      const { quorum, system, call } = await networkHelpers.loadFixture(deployThree);
      const { args, digest } = call([]);
      await expect(system.use(...args))
        .to.be.revertedWithCustomError(quorum, "QuorumNotMet")
        .withArgs(digest, 1, SELF, 0);
    });

    it("takes no key among the signatures of other kinds of officers", async () => {
      const system = await networkHelpers.loadFixture(deploySystem);
      const { approve, execute } = freezeOf(system);
      const { keys } = await approve();
      const signed = { signer: officer("FMA-1").address, signature: dataSlice(keys, 0, 65) as Hex };
      await expect(execute({ keys: keys, others: [signed, signed] as never }))
        .to.be.revertedWithCustomError(system.quorum, "QuorumUnknownOfficer")
        .withArgs(officerIdOf("FMA-1"));
    });

    it("refuses signatures for another chain or another Quorum", async () => {
      const system = await networkHelpers.loadFixture(deploySystem);
      const { order, digest, execute } = freezeOf(system);
      for (const domain of [
        domainOf(1, system.domain.verifyingContract),
        domainOf(31337, system.addresses.docket),
        { ...system.domain, version: "2" as "1" },
        { ...system.domain, name: "Sequester " as "Sequester" },
      ]) {
        const approvals = await approvalsOf(domain, order, ["FMA-1"]);
        const recovered = recoverAddress(digest, approvals.keys);
        await expect(execute({ ...approvals }))
          .to.be.revertedWithCustomError(system.quorum, "QuorumUnknownOfficer")
          .withArgs(keccak256(recovered));
      }
    });

    it("refuses signatures over another order: no field can be changed after signing", async () => {
      const system = await networkHelpers.loadFixture(deploySystem);
      const { order, approve } = freezeOf(system);
      const approvals = await approve();
      const [target] = order.message.targets;
      for (const changes of [
        { caseId: system.caseId.replace("0x43", "0x44") },
        { document: nextSalt() },
        { targets: [{ ...target!, amount: 1n }] },
        { targets: [{ ...target!, account: addressOf(system.bob) }] },
        { term: 86_401 },
        { wholeAccount: true },
        { signBy: NEVER - 1n },
        { salt: nextSalt() },
      ]) {
        await expect(
          system.docket.freeze([struct({ ...order.message, ...changes })], [approvals], "0x"),
        ).to.be.revertedWithCustomError(system.quorum, "QuorumUnknownOfficer");
      }
    });

    it("never reads the code of a key: EIP-7702 lets nobody else sign for an officer, and cannot stop it", async () => {
      const system = await networkHelpers.loadFixture(deploySystem);
      const { alice, quorum } = system;
      const delegate = await ethers.deployContract("AlwaysValid");
      const key = officer("FMA-1");
      const delegated = concat(["0xef0100", await delegate.getAddress()]);
      const sponsor = ethers.Wallet.createRandom(ethers.provider);
      await networkHelpers.setBalance(sponsor.address, 10n ** 18n);
      const authorization = await key.authorize({ address: await delegate.getAddress(), nonce: 0, chainId: 31337 });
      await sponsor.sendTransaction({ type: 4, to: alice.address, authorizationList: [authorization] });
      expect(await ethers.provider.getCode(key.address)).to.equal(delegated.toLowerCase());
      // The delegated code does answer for that account.
      const answering = await ethers.getContractAt("AlwaysValid", key.address);
      expect(await answering.isValidSignature(ZeroHash, "0x")).to.equal("0x1626ba7e");

      const { order, approve, digest, execute } = freezeOf(system);
      const thief = new Wallet(nextSalt());
      const forged = await signOrder(thief, system.domain, order);
      const { keys } = await approve(["FMA-2", "GPO-1"]);
      await expect(execute({ keys: concat([forged, keys]) as Hex, others: [] }))
        .to.be.revertedWithCustomError(quorum, "QuorumUnknownOfficer")
        .withArgs(idOf(thief));
      await execute();
      expect(await quorum.entryOf(digest)).to.equal(2);
    });
  });

  describe("use", () => {
    it("answers the contracts of the system alone, and uses nothing for others", async () => {
      const { quorum, officers, call } = await networkHelpers.loadFixture(deployThree);
      const { args, digest } = call(officers.map((keys) => keys[0]!));
      const [act, about, structHash, signBy, entry, approvals] = args;
      const [deployer, stranger] = await ethers.getSigners();
      for (const caller of [deployer!, stranger!]) {
        await expect(quorum.connect(caller).use(act, about, structHash, signBy, entry, false, approvals))
          .to.be.revertedWithCustomError(quorum, "QuorumNoRule")
          .withArgs(1);
      }
      expect(await quorum.entryOf(digest)).to.equal(0);
    });

    it("answers for an act only the contract that executes it", async () => {
      const { quorum, docket, disposal, register, domain, charter } = await networkHelpers.loadFixture(deploySystem);
      const everyone = OFFICERS.map(({ name }) => officer(name as OfficerName));
      const separator = ethers.TypedDataEncoder.hashDomain(domain);
      const tomorrow = (await now()) + 86_400n;
      // Every other act is the Quorum's own, and no contract's to use.
      const executors: [BaseContract, number[], delayed: number[]][] = [
        [docket, [ACTS.Freeze, ACTS.Arrest, ACTS.Lift, ACTS.LiftArrested, ACTS.Seize], []],
        [disposal, [ACTS.Return], [ACTS.Forfeit, ACTS.Compensate, ACTS.Convert, ACTS.Transfer, ACTS.SetTreasury]],
        [register, [ACTS.ExchangeHold, ACTS.License, ACTS.Suspend], []],
      ];
      for (const [contract, acts, delayed] of executors) {
        const executor = await ethers.getImpersonatedSigner(await contract.getAddress());
        await networkHelpers.setBalance(executor.address, 10n ** 18n);
        for (const { act } of charter.rules) {
          const structHash = nextSalt();
          const keys = signaturesOf(keccak256(concat(["0x1901", separator, structHash])), ascending(everyone));
          const use = () =>
            quorum.connect(executor).use(act, SELF, structHash, tomorrow, 9, false, { keys, others: [] });
          if (acts.includes(act)) await use();
          else if (delayed.includes(act)) {
            await expect(use()).to.be.revertedWithCustomError(quorum, "QuorumDelay");
          } else await expect(use(), `act ${act}`).to.be.revertedWithCustomError(quorum, "QuorumNoRule").withArgs(act);
        }
      }
    });

    it("keeps the entry of a used order and refuses the same order again, with the same or other approvals", async () => {
      const { quorum, system, officers, call } = await networkHelpers.loadFixture(deployThree);
      const [first, second] = [0, 1].map((n) => officers.map((keys) => keys[n]!));
      const { digest, structHash, args } = call(first!, { entry: 41 });
      await system.use(...args);
      expect(await quorum.entryOf(digest)).to.equal(41);
      for (const again of [args, call(second!, { structHash, entry: 42 }).args]) {
        await expect(system.use(...again))
          .to.be.revertedWithCustomError(quorum, "QuorumOrderUsed")
          .withArgs(digest, 41);
      }
    });

    it("does not mark an order that falls short: it passes once the approvals suffice", async () => {
      const { quorum, system, officers, call } = await networkHelpers.loadFixture(deployThree);
      const { digest, structHash, args } = call([officers[0]![0]!]);
      await expect(system.use(...args)).to.be.revertedWithCustomError(quorum, "QuorumNotMet");
      expect(await quorum.entryOf(digest)).to.equal(0);
      await system.use(
        ...call(
          officers.map((keys) => keys[0]!),
          { structHash },
        ).args,
      );
      expect(await quorum.entryOf(digest)).to.equal(9);
    });

    it("lets an order execute in its last second and not in the next one", async () => {
      const system = await networkHelpers.loadFixture(deploySystem);
      const signBy = (await now()) + 100n;
      const [inTime, late] = [freezeOf(system, { signBy }), freezeOf(system, { signBy })];
      await time.setNextBlockTimestamp(signBy);
      await inTime.execute();
      expect(await now()).to.equal(signBy);
      await time.setNextBlockTimestamp(signBy + 1n);
      await expect(late.execute())
        .to.be.revertedWithCustomError(system.quorum, "OrderExpired")
        .withArgs(late.digest, signBy);
    });

    it("lets no order lie in wait: its last second is at most 366 days ahead, so none in milliseconds passes", async () => {
      const system = await networkHelpers.loadFixture(deploySystem);
      const second = (await now()) + 100n;
      const latest = second + 366n * 86_400n;
      const [good, far] = [freezeOf(system, { signBy: latest }), freezeOf(system, { signBy: latest + 1n })];
      const [goodApprovals, farApprovals] = [await good.approve(), await far.approve()];
      await time.setNextBlockTimestamp(second);
      await expect(far.execute(farApprovals))
        .to.be.revertedWithCustomError(system.quorum, "OrderSignByTooFar")
        .withArgs(far.digest, latest + 1n, latest);
      await time.setNextBlockTimestamp(second + 1n);
      await good.execute(goodApprovals);
      await far.execute(farApprovals);
    });

    it("leaves nothing used when the act itself reverts", async () => {
      const system = await networkHelpers.loadFixture(deploySystem);
      const { quorum, docket, disposal, base, kzte, alice, domain } = system;
      const holders = [{ taken: kzte, asset: kzte, account: addressOf(alice), amount: 1n }];
      const order = buildReturn({ ...(await base({})), holders });
      const approvals = await approvalsOf(domain, order, ["COURT-1", "NBK-1"]);
      await expect(disposal.refund([struct(order.message)], [approvals], "0x")).to.be.revertedWithCustomError(
        docket,
        "DocketExceedsOwed",
      );
      expect(await quorum.entryOf(digestOf(order, domain))).to.equal(0);
    });

    it("executes for anyone who brings the approvals", async () => {
      const system = await networkHelpers.loadFixture(deploySystem);
      const { docket, stranger, quorum } = system;
      const { order, approve, digest } = freezeOf(system);
      await docket.connect(stranger).freeze([struct(order.message)], [await approve()], "0x");
      expect(await quorum.entryOf(digest)).to.equal(2);
    });
  });

  describe("cancel", () => {
    it("enters the journal with the officer and the order", async () => {
      const system = await networkHelpers.loadFixture(deploySystem);
      const { digest } = freezeOf(system);
      const cancel = await cancelOf(system, digest, ["FMA-1"]);
      const id = officerIdOf("FMA-1");
      const effects = encodeEffects([[49n, ZeroAddress, ZeroAddress, BigInt(digest), BigInt(id)]]);
      await expect(cancel.send())
        .to.emit(system.docket, "Entry")
        .withArgs(2, ACTS.cancel, ZeroHash, cancel.digest, ZeroHash, [id], effects, anyValue);
      expect(await system.quorum.entryOf(cancel.digest)).to.equal(2);
      expect(await system.quorum.entryOf(digest)).to.equal(0);
      expect(await system.quorum.isWithdrawn(digest, id)).to.equal(true);
      expect(await system.quorum.isWithdrawn(digest, officerIdOf("FMA-2"))).to.equal(false);
    });

    it("leaves a quorum standing: the order executes without the officer that withdrew", async () => {
      const system = await networkHelpers.loadFixture(deploySystem);
      const { approve, digest, execute } = freezeOf(system);
      await (await cancelOf(system, digest, ["FMA-1"])).send();
      await execute(await approve(["FMA-1", "FMA-2", "FMA-3", "GPO-1"]));
      const [entry] = await system.docket.queryFilter(system.docket.filters.Entry(3));
      expect(entry!.args.order).to.equal(digest);
      const counted: OfficerName[] = ["FMA-2", "FMA-3", "GPO-1"];
      expect(entry!.args.officerIds).to.deep.equal(counted.map(officerIdOf).sort());
      expect(await system.quorum.entryOf(digest)).to.equal(3);
    });

    it("leaves no quorum standing: the order can no longer execute with that officer, but with another one", async () => {
      const system = await networkHelpers.loadFixture(deploySystem);
      const { approve, digest, execute } = freezeOf(system);
      await (await cancelOf(system, digest, ["FMA-1"])).send();
      await expect(execute())
        .to.be.revertedWithCustomError(system.quorum, "QuorumWithdrawn")
        .withArgs(digest, tally({ [FMA]: 1, [GPO]: 1 }), tally(fmaAndGpo));
      await execute(await approve(["FMA-2", "FMA-3", "GPO-1"]));
      expect(await system.quorum.entryOf(digest)).to.equal(3);
    });

    it("makes a batch skip the order that lost its quorum, and only for that reason", async () => {
      const system = await networkHelpers.loadFixture(deploySystem);
      const [lost, good] = [freezeOf(system), freezeOf(system)];
      await (await cancelOf(system, lost.digest, ["GPO-1"])).send();
      const reason = system.quorum.interface.encodeErrorResult("QuorumWithdrawn", [
        lost.digest,
        tally({ [FMA]: 2 }),
        tally(fmaAndGpo),
      ]);
      const orders = [struct(lost.order.message), struct(good.order.message)];
      await expect(system.docket.freeze(orders, [await lost.approve(), await good.approve()], "0x"))
        .to.emit(system.docket, "Skipped")
        .withArgs(0, reason);

      const [other, fresh] = [freezeOf(system), freezeOf(system)];
      await (await cancelOf(system, other.digest, ["GPO-1"])).send();
      // Too few were given in the first place: a relayer must not be able to make a batch skip an order.
      await expect(
        system.docket.freeze(
          [struct(other.order.message), struct(fresh.order.message)],
          [await other.approve(["FMA-1", "GPO-1"]), await fresh.approve()],
          "0x",
        ),
      )
        .to.be.revertedWithCustomError(system.quorum, "QuorumNotMet")
        .withArgs(other.digest, ACTS.Freeze, SELF, tally({ [FMA]: 1 }));
    });

    it("withdraws the approvals of several officers, each for itself", async () => {
      const system = await networkHelpers.loadFixture(deploySystem);
      const { digest, approve, execute } = freezeOf(system);
      await (await cancelOf(system, digest, ["FMA-1"])).send();
      await (await cancelOf(system, digest, ["FMA-2"])).send();
      await expect(execute(await approve(["FMA-1", "FMA-2", "FMA-3", "GPO-1"])))
        .to.be.revertedWithCustomError(system.quorum, "QuorumWithdrawn")
        .withArgs(digest, tally({ [FMA]: 1, [GPO]: 1 }), tally({ [FMA]: 3, [GPO]: 1 }));
    });

    it("does not touch another order of the same officers", async () => {
      const system = await networkHelpers.loadFixture(deploySystem);
      const [first, second] = [freezeOf(system), freezeOf(system)];
      await (await cancelOf(system, first.digest, ["FMA-1"])).send();
      await second.execute();
      const [entry] = await system.docket.queryFilter(system.docket.filters.Entry(3));
      expect(entry!.args.officerIds).to.include(officerIdOf("FMA-1"));
    });

    it("works before anybody else has seen the order, and for an order that never comes", async () => {
      const system = await networkHelpers.loadFixture(deploySystem);
      await (await cancelOf(system, nextSalt(), ["MOF-1"])).send();
      expect(await system.docket.entries()).to.equal(2);
    });

    it("refuses a second cancel of the same approval", async () => {
      const system = await networkHelpers.loadFixture(deploySystem);
      const { digest } = freezeOf(system);
      await (await cancelOf(system, digest, ["FMA-1"])).send();
      const again = await cancelOf(system, digest, ["FMA-1"]);
      await expect(again.send())
        .to.be.revertedWithCustomError(system.quorum, "QuorumApprovalWithdrawn")
        .withArgs(digest, officerIdOf("FMA-1"));
      expect(await system.quorum.entryOf(again.digest)).to.equal(0);
    });

    it("refuses a replay of the same cancel", async () => {
      const system = await networkHelpers.loadFixture(deploySystem);
      const cancel = await cancelOf(system, nextSalt(), ["FMA-1"]);
      await cancel.send();
      await expect(cancel.send())
        .to.be.revertedWithCustomError(system.quorum, "QuorumOrderUsed")
        .withArgs(cancel.digest, 2);
    });

    it("comes too late for a used order, also for one that another officer had withdrawn from", async () => {
      const system = await networkHelpers.loadFixture(deploySystem);
      const plain = freezeOf(system);
      await plain.execute();
      await expect((await cancelOf(system, plain.digest, ["FMA-1"])).send())
        .to.be.revertedWithCustomError(system.quorum, "QuorumOrderUsed")
        .withArgs(plain.digest, 2);

      const withdrawn = freezeOf(system);
      await (await cancelOf(system, withdrawn.digest, ["FMA-3"])).send();
      await withdrawn.execute();
      await expect((await cancelOf(system, withdrawn.digest, ["FMA-1"])).send())
        .to.be.revertedWithCustomError(system.quorum, "QuorumOrderUsed")
        .withArgs(withdrawn.digest, 4);
    });

    it("keeps a used order used, though an approval of it was withdrawn before", async () => {
      const system = await networkHelpers.loadFixture(deploySystem);
      const { digest, execute, approve } = freezeOf(system);
      await (await cancelOf(system, digest, ["FMA-1"])).send();
      const rest = await approve(["FMA-2", "FMA-3", "GPO-1"]);
      await execute(rest);
      await expect(execute(rest)).to.be.revertedWithCustomError(system.quorum, "QuorumOrderUsed").withArgs(digest, 3);
    });

    it("is the officer's own: an unknown key withdraws nothing", async () => {
      const system = await networkHelpers.loadFixture(deploySystem);
      const { digest } = freezeOf(system);
      const thief = new Wallet(nextSalt());
      const order = buildCancel({ order: digest, signBy: NEVER, salt: nextSalt() });
      const keys = await signOrder(thief, system.domain, order);
      await expect(system.quorum.cancel(order.message, { keys, others: [] }))
        .to.be.revertedWithCustomError(system.quorum, "QuorumUnknownOfficer")
        .withArgs(idOf(thief));
    });

    it("takes exactly one signature", async () => {
      const system = await networkHelpers.loadFixture(deploySystem);
      const { quorum, domain } = system;
      const two = await cancelOf(system, nextSalt(), ["FMA-1", "FMA-2"]);
      await expect(two.send()).to.be.revertedWithCustomError(quorum, "QuorumNotOneApproval").withArgs(2);
      const none = await cancelOf(system, nextSalt(), []);
      await expect(none.send()).to.be.revertedWithCustomError(quorum, "QuorumNotOneApproval").withArgs(0);

      const order = buildCancel({ order: nextSalt(), signBy: NEVER, salt: nextSalt() });
      const { keys } = await approvalsOf(domain, order, ["FMA-1"]);
      const signed = { signer: officer("FMA-1").address, signature: keys };
      await expect(quorum.cancel(order.message, { keys, others: [signed] }))
        .to.be.revertedWithCustomError(quorum, "QuorumNotOneApproval")
        .withArgs(2);
    });

    it("refuses a signature of 64 or 66 bytes by its length", async () => {
      const { quorum, domain } = await networkHelpers.loadFixture(deploySystem);
      const order = buildCancel({ order: nextSalt(), signBy: NEVER, salt: nextSalt() });
      const { keys } = await approvalsOf(domain, order, ["FMA-1"]);
      for (const wrong of [dataSlice(keys, 0, 64), concat([keys, "0x00"])]) {
        await expect(quorum.cancel(order.message, { keys: wrong, others: [] }))
          .to.be.revertedWithCustomError(quorum, "QuorumSignatureLength")
          .withArgs((wrong.length - 2) / 2);
      }
    });

    it("is dead after its last second", async () => {
      const system = await networkHelpers.loadFixture(deploySystem);
      const signBy = (await now()) + 100n;
      const [inTime, late] = [
        await cancelOf(system, nextSalt(), ["FMA-1"], signBy),
        await cancelOf(system, nextSalt(), ["FMA-1"], signBy),
      ];
      await time.setNextBlockTimestamp(signBy);
      await inTime.send();
      await time.setNextBlockTimestamp(signBy + 1n);
      await expect(late.send())
        .to.be.revertedWithCustomError(system.quorum, "OrderExpired")
        .withArgs(late.digest, signBy);
    });

    it("withdraws nothing but the signer's own approval: no officer can stop another one's cancel", async () => {
      const system = await networkHelpers.loadFixture(deploySystem);
      const { digest } = freezeOf(system);
      const victim = await cancelOf(system, digest, ["FMA-1"]);
      // One stolen key sees the cancel on its way and is faster.
      await (await cancelOf(system, victim.digest, ["KNB-1"])).send();
      await victim.send();
      expect(await system.quorum.isWithdrawn(digest, officerIdOf("FMA-1"))).to.equal(true);
      expect(await system.quorum.entryOf(victim.digest)).to.equal(3);
      await expect(victim.send())
        .to.be.revertedWithCustomError(system.quorum, "QuorumOrderUsed")
        .withArgs(victim.digest, 3);
    });

    it("can itself be withdrawn by its own officer, for ever", async () => {
      const system = await networkHelpers.loadFixture(deploySystem);
      const { digest } = freezeOf(system);
      const cancel = await cancelOf(system, digest, ["FMA-1"]);
      await (await cancelOf(system, cancel.digest, ["FMA-1"])).send();
      await expect(cancel.send())
        .to.be.revertedWithCustomError(system.quorum, "QuorumApprovalWithdrawn")
        .withArgs(cancel.digest, officerIdOf("FMA-1"));
    });
  });

  describe("views", () => {
    it("show the agencies, each officer's seat and each alternative of the rules", async () => {
      const { quorum, docket, charter } = await networkHelpers.loadFixture(deploySystem);
      expect(await quorum.docket()).to.equal(await docket.getAddress());
      expect([...(await quorum.agencyNames())].map((name) => ethers.decodeBytes32String(name))).to.deep.equal(
        PARAMETERS.agencies,
      );
      expect(await quorum.officer(officerIdOf("COURT-2"))).to.deep.equal([1n, BigInt(COURT)]);
      expect(await quorum.officer(idOf(new Wallet(nextSalt())))).to.deep.equal([0n, 0n]);
      for (const { act, alternatives } of charter.rules) {
        for (let alternative = 0; alternative < 6; ++alternative) {
          const rule = alternatives[alternative];
          expect(await quorum.rule(act, alternative)).to.equal(rule === undefined ? 0n : packed(rule));
        }
      }
      expect(await quorum.rule(ACTS.SetAdapter, 0)).to.equal(0);
    });

    it("show the EIP-712 domain that officers sign for", async () => {
      const { quorum, domain } = await networkHelpers.loadFixture(deploySystem);
      const shown = await quorum.eip712Domain();
      expect([shown.name, shown.version, shown.chainId, shown.verifyingContract]).to.deep.equal([
        domain.name,
        domain.version,
        BigInt(domain.chainId),
        domain.verifyingContract,
      ]);
      expect(await quorum.domainSeparator()).to.equal(ethers.TypedDataEncoder.hashDomain(domain));
    });
  });
});

const tallyOf = (digits: readonly number[]): bigint => tally(Object.fromEntries(digits.entries()));
