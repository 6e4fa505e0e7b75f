import { expect } from "chai";
import { type BaseContract, concat, dataSlice, N, toBeHex, Wallet, ZeroAddress, ZeroHash } from "ethers";
import type { Address, Hex } from "viem";
import { admissionsOf, charterHash, type Charter } from "../../src/deployment/charter.ts";
import {
  ACTS,
  buildArrest,
  buildCancel,
  buildFreeze,
  buildLift,
  buildReturn,
  buildSeize,
  digestOf,
  domainOf,
  encodeCaseId,
} from "../../src/orders/index.ts";
import { CASE } from "../system/acts/signed.ts";
import { addressOf, ethers, loadFixture, networkHelpers, NEVER, now } from "../system/chain.ts";
import { charterFor, type Digits, officersOf, packed, ruleOf, signCharter, tally } from "../system/charters.ts";
import { deployContracts, deploySystem } from "../system/deployed.ts";
import { decodeEffects } from "../system/entries.ts";
import {
  approvalsOf,
  DOCUMENT,
  documentOf,
  nextSalt,
  officer,
  officerIdOf,
  signOrder,
  struct,
} from "../system/officers.ts";
import { AGENCY } from "../system/parameters.ts";

const { time } = networkHelpers;
const { GPO, COURT, MOF, AUDIT } = AGENCY;
const { SYSTEM, ASSET, TREASURY } = { SYSTEM: 1, ASSET: 2, TREASURY: 3 };

type Contracts = Awaited<ReturnType<typeof deployContracts>>;

/** The contracts, a charter for them and its signatures: install would accept it. */
async function deployReady() {
  const contracts = await deployContracts();
  const charter = charterFor(contracts.addresses);
  return { ...contracts, charter, signatures: await signCharter(charter, contracts.domain) };
}

type Ready = Awaited<ReturnType<typeof deployReady>>;

const install = ({ quorum }: Contracts, charter: Charter, signatures: readonly string[]) =>
  quorum.install(struct(charter), [...signatures]);

/** Nothing of any charter is there, and the right one can still be installed. */
async function expectNothingInstalled(ready: Ready): Promise<void> {
  const { quorum, docket, charter, signatures, kzte, treasury } = ready;
  expect(await quorum.docket()).to.equal(ZeroAddress);
  expect(await quorum.agencyNames()).to.deep.equal([]);
  expect(await quorum.officer(officerIdOf("COURT-1"))).to.deep.equal([0n, 0n]);
  expect(await quorum.rule(1, 0)).to.equal(0);
  expect(await docket.entries()).to.equal(0);
  expect(await docket.standingOf(kzte)).to.equal(0);
  expect(await docket.standingOf(treasury)).to.equal(0);
  expect(await docket.cooling()).to.equal(0);
  await install(ready, charter, signatures);
  expect(await docket.entries()).to.equal(1);
}

/** A charter that install refuses though every officer signed it, and with which error. */
interface Refusal {
  title: string;
  error: string;
  by?: "docket";
  /** What is wrong in it. */
  change: (charter: Charter, ready: Ready) => Partial<Charter> | Promise<Partial<Charter>>;
  args: (charter: Charter, ready: Ready) => unknown[];
}

/** The charter's rules with those of one act replaced. */
const withRules = ({ rules }: Charter, act: number, alternatives: Charter["rules"][number]["alternatives"]) => ({
  rules: [...rules.filter((set) => set.act !== act), { act, alternatives }],
});

const withOneRule = (charter: Charter, digits: Digits, changes = {}) =>
  withRules(charter, ACTS.Return, [ruleOf({ [COURT]: 2 }), ruleOf(digits, changes)]);

const withSeat = ({ seats }: Charter, changes: Partial<Charter["seats"][number]>) => ({
  seats: [{ ...seats[0]!, ...changes }, ...seats.slice(1)],
});

const withoutKey = ({ seats }: Charter, agency: number) => ({
  seats: seats.filter((seat, i) => seat.agency !== agency || seats.findIndex((other) => other.agency === agency) !== i),
});

const withAsset = ({ assets }: Charter, changes: Partial<Charter["assets"][number]>) => ({
  assets: [assets[0]!, { ...assets[1]!, ...changes }],
});

const agencies = (count: number): Hex[] =>
  Array.from({ length: count }, (_, i) => ethers.encodeBytes32String(`AGENCY-${i}`) as Hex);

const REFUSALS: Refusal[] = [
  {
    title: "a charter that rests on no document",
    error: "ZeroDocument",
    change: () => ({ document: ZeroHash as Hex }),
    args: () => [],
  },
  {
    title: "more agencies than fit into a rule beside SELF",
    error: "CharterTooManyAgencies",
    change: () => ({ agencies: agencies(16) }),
    args: () => [16, 15],
  },
  ...(["docket", "disposal", "register", "vault"] as const).map((name): Refusal => ({
    title: `a ${name} without code`,
    error: "CharterInvalidContracts",
    change: ({ contracts }, { alice }) => ({ contracts: { ...contracts, [name]: addressOf(alice) } }),
    args: ({ contracts }) => [contracts.docket, contracts.disposal, contracts.register, contracts.vault],
  })),
  {
    title: "the disposal and the register in each other's place",
    error: "CharterInvalidContracts",
    change: ({ contracts }) => ({
      contracts: { ...contracts, disposal: contracts.register, register: contracts.disposal },
    }),
    args: ({ contracts }) => [contracts.docket, contracts.disposal, contracts.register, contracts.vault],
  },
  {
    title: "one contract as both disposal and register",
    error: "CharterInvalidContracts",
    change: ({ contracts }) => ({ contracts: { ...contracts, register: contracts.disposal } }),
    args: ({ contracts }) => [contracts.docket, contracts.disposal, contracts.register, contracts.vault],
  },
  {
    title: "another register than the disposal asks",
    error: "CharterInvalidContracts",
    change: async ({ contracts }, { quorum, docket }) => ({
      contracts: {
        ...contracts,
        register: (await (await ethers.deployContract("LicenceRegister", [quorum, docket])).getAddress()) as Address,
      },
    }),
    args: ({ contracts }) => [contracts.docket, contracts.disposal, contracts.register, contracts.vault],
  },
  {
    title: "an officer of an agency that is not named",
    error: "CharterUnknownAgency",
    change: (charter) => withSeat(charter, { agency: 8 }),
    args: () => [8, 8],
  },
  {
    title: "a court that is not among the agencies",
    error: "CharterUnknownAgency",
    change: () => ({ court: 8 }),
    args: () => [8, 8],
  },
  {
    title: "a prosecutor that is not among the agencies",
    error: "CharterUnknownAgency",
    change: () => ({ prosecutor: 255 }),
    args: () => [255, 8],
  },
  ...[0, 4, 255].map((kind): Refusal => ({
    title: `an officer of kind ${kind}`,
    error: "QuorumUnknownKind",
    change: (charter) => withSeat(charter, { kind }),
    args: () => [kind],
  })),
  ...[0, 19, 21, 52].map((length): Refusal => ({
    title: `a signer of ${length} bytes`,
    error: "QuorumInvalidSigner",
    change: (charter) => withSeat(charter, { signer: `0x${"11".repeat(length)}` }),
    args: () => [1, `0x${"11".repeat(length)}`],
  })),
  {
    title: "the same officer twice in one agency",
    error: "QuorumSeatedOfficer",
    change: ({ seats }) => ({ seats: [...seats, seats[0]!] }),
    args: () => [officerIdOf("FMA-1")],
  },
  {
    title: "the same officer in two agencies",
    error: "QuorumSeatedOfficer",
    change: ({ seats }) => ({ seats: [...seats, { ...seats[0]!, agency: COURT }] }),
    args: () => [officerIdOf("FMA-1")],
  },
  {
    title: "a court of fewer than four keys",
    error: "CharterTooFewKeys",
    change: (charter) => withoutKey(charter, COURT),
    args: () => [COURT, 3, 4],
  },
  {
    title: "a prosecutor of fewer than four keys",
    error: "CharterTooFewKeys",
    change: (charter) => withoutKey(charter, GPO),
    args: () => [GPO, 3, 4],
  },
  {
    title: "a court that has no key at all",
    error: "CharterTooFewKeys",
    change: ({ seats }) => ({ court: AUDIT, seats: seats.filter(({ agency }) => agency !== AUDIT) }),
    args: () => [AUDIT, 0, 4],
  },
  {
    title: "an agency that a rule names and that one key would decide for",
    error: "CharterTooFewKeys",
    change: (charter) => withoutKey(charter, MOF),
    args: () => [MOF, 1, 2],
  },
  {
    title: "two ways to rescue an agency that share one, which could guard its own last seat",
    error: "RuleGuardsItself",
    change: (charter) =>
      withRules(charter, ACTS.Dismiss, [
        ruleOf({ 15: 2 }),
        ruleOf({ [COURT]: 1, [GPO]: 1 }),
        ruleOf({ [COURT]: 2, [MOF]: 1 }),
        ruleOf({ [GPO]: 2, [MOF]: 1 }),
      ]),
    args: () => [ACTS.Dismiss, 1 << MOF],
  },
  {
    title: "an agency without which nobody is admitted",
    error: "RuleGuardsItself",
    change: (charter) =>
      withRules(charter, ACTS.Admit, [
        ruleOf({ 15: 1 }, { delay: 172_800, grace: 86_400 }),
        ...[{ [COURT]: 2 }, { [COURT]: 1, [GPO]: 1 }].map((digits: Digits) =>
          ruleOf(digits, { delay: 14 * 86_400, grace: 86_400 }),
        ),
      ]),
    args: () => [ACTS.Admit, 1 << COURT],
  },
  {
    title: "a rule that needs more than seven officers of an agency",
    error: "RuleDigitTooLarge",
    change: (charter) => withOneRule(charter, { [COURT]: 8 }),
    args: () => [tally({ [COURT]: 8 })],
  },
  {
    title: "a rule that needs more than seven of SELF",
    error: "RuleDigitTooLarge",
    change: (charter) => withOneRule(charter, { [COURT]: 1, 15: 9 }),
    args: () => [tally({ [COURT]: 1, 15: 9 })],
  },
  {
    title: "a rule that needs nobody",
    error: "RuleInvalid",
    change: (charter) => withOneRule(charter, {}, { term: 1 }),
    args: () => [ACTS.Return, 1],
  },
  {
    title: "a delay of an act that is done at once",
    error: "RuleDelay",
    change: (charter) => withOneRule(charter, { [COURT]: 1 }, { delay: 1 }),
    args: () => [ACTS.Return, 1, 1, 0],
  },
  {
    title: "a grace of an act that is done at once",
    error: "RuleGrace",
    change: (charter) => withOneRule(charter, { [COURT]: 1 }, { grace: 1 }),
    args: () => [ACTS.Return, 1, 1, 0, 0],
  },
  ...[0, 21, 64, 255].map((act): Refusal => ({
    title: `a rule for act ${act}, which officers do not decide`,
    error: "RuleInvalid",
    change: (charter) => withRules(charter, act, [ruleOf({ [COURT]: 1 })]),
    args: () => [act, 0],
  })),
  ...(["Lift", "LiftArrested", "Return", "Admit", "Dismiss", "Configure"] as const).map((act): Refusal => ({
    title: `no rule for ${act}`,
    error: "CharterMissingRule",
    change: ({ rules }) => ({ rules: rules.filter((set) => set.act !== ACTS[act]) }),
    args: () => [ACTS[act]],
  })),
  {
    title: "a court that is the prosecutor",
    error: "CharterOneGuard",
    change: () => ({ prosecutor: COURT }),
    args: () => [COURT],
  },
  ...(
    [
      ["freezesPerDay", 0],
      ["cooling", 1],
      ["longestArrest", 2],
    ] as const
  ).map(([name, place]): Refusal => ({
    title: `no ${name}`,
    error: "CharterInvalidNumber",
    change: ({ numbers }) => ({ numbers: { ...numbers, [name]: 0 } }),
    args: () => [place, 0],
  })),
  {
    title: "a longest arrest below the cooling",
    error: "CharterInvalidNumber",
    change: ({ numbers }) => ({ numbers: { ...numbers, longestArrest: numbers.cooling - 1 } }),
    args: ({ numbers }) => [2, numbers.longestArrest],
  },
  {
    title: "a Freeze as long as the cooling, so that holds could follow each other for ever",
    error: "RuleTerm",
    change: ({ rules, numbers }) => ({
      rules: rules.map(({ act, alternatives }) => ({
        act,
        alternatives: alternatives.map((rule) => (act === ACTS.Freeze ? { ...rule, term: numbers.cooling } : rule)),
      })),
    }),
    args: ({ numbers }) => [ACTS.Freeze, 0, numbers.cooling, numbers.cooling - 1],
  },
  {
    title: "the disposal of another docket",
    error: "CharterInvalidContracts",
    change: async ({ contracts }, { quorum }) => {
      const docket = await ethers.deployContract("Docket", [quorum]);
      const disposal = await ethers.deployContract("Disposal", [quorum, docket, contracts.register]);
      return { contracts: { ...contracts, disposal: (await disposal.getAddress()) as Address } };
    },
    args: ({ contracts }) => [contracts.docket, contracts.disposal, contracts.register, contracts.vault],
  },
  {
    title: "the disposal of another quorum",
    error: "CharterInvalidContracts",
    change: async ({ contracts }) => {
      const disposal = await ethers.deployContract("Disposal", [
        await ethers.deployContract("Quorum"),
        contracts.docket,
        contracts.register,
      ]);
      return { contracts: { ...contracts, disposal: (await disposal.getAddress()) as Address } };
    },
    args: ({ contracts }) => [contracts.docket, contracts.disposal, contracts.register, contracts.vault],
  },
  {
    title: "seven alternatives",
    error: "RuleAlternatives",
    change: (charter) => withRules(charter, ACTS.Return, Array(7).fill(ruleOf({ [COURT]: 1 })) as never),
    args: () => [ACTS.Return, 7, 1, 6],
  },
  {
    title: "an act with no alternative",
    error: "RuleAlternatives",
    change: (charter) => withRules(charter, ACTS.Return, []),
    args: () => [ACTS.Return, 0, 1, 6],
  },
  {
    title: "rules for the same act twice",
    error: "CharterActTwice",
    change: ({ rules }) => ({ rules: [...rules, { act: ACTS.Seize, alternatives: [ruleOf({ [COURT]: 1 })] }] }),
    args: () => [ACTS.Seize],
  },
  {
    title: "a rule that needs more officers of an agency than it seats",
    error: "RuleUnreachable",
    change: (charter) => withOneRule(charter, { [COURT]: 1, [MOF]: 3 }),
    args: () => [ACTS.Return, MOF, 2, 3],
  },
  {
    title: "a rule that needs an officer of an agency that is not named",
    error: "RuleUnreachable",
    change: (charter) => withOneRule(charter, { [COURT]: 1, 9: 1 }),
    args: () => [ACTS.Return, 9, 0, 1],
  },
  {
    title: "an asset behind an adapter, of which there is none yet",
    error: "DocketInvalidAsset",
    by: "docket",
    change: (charter, { kzte }) => withAsset(charter, { adapter: kzte }),
    args: ({ assets }) => [assets[1]!.asset, assets[1]!.adapter],
  },
  {
    title: "an asset that obeys another docket",
    error: "DocketInvalidAsset",
    by: "docket",
    change: async (charter, { quorum, issuer }) => {
      const docket = await ethers.deployContract("Docket", [quorum]);
      const tenge = await ethers.deployContract("Tenge", [docket, issuer, "Tenge", "KZTE", 6]);
      const asset = (await tenge.getAddress()) as Address;
      return withAsset(charter, { asset, adapter: asset });
    },
    args: ({ assets }) => [assets[1]!.asset, assets[1]!.adapter],
  },
  {
    title: "the same asset twice",
    error: "DocketInvalidAsset",
    by: "docket",
    change: ({ assets }) => ({ assets: [assets[0]!, assets[0]!] }),
    args: (_, { kzte }) => [kzte, kzte],
  },
  {
    title: "an asset that is the treasury of another one",
    error: "DocketInvalidAsset",
    by: "docket",
    change: ({ assets }) => ({ assets: [{ ...assets[0]!, treasury: assets[1]!.asset }, assets[1]!] }),
    args: (_, { usdx }) => [usdx, usdx],
  },
  {
    title: "no treasury",
    error: "DocketInvalidTreasury",
    by: "docket",
    change: (charter) => withAsset(charter, { treasury: ZeroAddress as Address }),
    args: () => [ZeroAddress],
  },
  ...(["quorum", "docket", "disposal", "register", "vault"] as const).map((name): Refusal => ({
    title: `the ${name} as a treasury`,
    error: "DocketInvalidTreasury",
    by: "docket",
    change: async (charter, ready) => withAsset(charter, { treasury: (await ready[name].getAddress()) as Address }),
    args: ({ assets }) => [assets[1]!.treasury],
  })),
  {
    title: "an asset as a treasury",
    error: "DocketInvalidTreasury",
    by: "docket",
    change: (charter, { kzte }) => withAsset(charter, { treasury: kzte }),
    args: (_, { kzte }) => [kzte],
  },
];

/** Signatures of the charter's seats, or anything where a seat is no test officer's. */
async function signAnyway(charter: Charter, { domain, signatures }: Ready): Promise<readonly string[]> {
  const known = charter.seats.every(({ signer }) => signer.length === 42);
  return known ? signCharter(charter, domain) : signatures;
}

describe("Charter", () => {
  describe("install", () => {
    it("seats the officers, names the agencies and sets the rules", async () => {
      const ready = await networkHelpers.loadFixture(deployReady);
      const { quorum, docket, charter, signatures } = ready;
      await install(ready, charter, signatures);
      expect(await quorum.docket()).to.equal(await docket.getAddress());
      expect(await quorum.agencyNames()).to.deep.equal(charter.agencies);
      for (const { agency, kind, signer } of charter.seats) {
        expect(await quorum.officer(ethers.keccak256(signer))).to.deep.equal([BigInt(kind), BigInt(agency)]);
      }
      for (const { act, alternatives } of charter.rules) {
        for (const [alternative, rule] of alternatives.entries()) {
          expect(await quorum.rule(act, alternative)).to.equal(packed(rule));
        }
      }
    });

    it("makes the docket know the assets, their treasuries, the system's contracts and the numbers", async () => {
      const ready = await networkHelpers.loadFixture(deployReady);
      const { quorum, docket, disposal, register, vault, charter, signatures, kzte, usdx, treasury } = ready;
      await install(ready, charter, signatures);
      for (const contract of [quorum, docket, disposal, register, vault]) {
        expect(await docket.standingOf(contract)).to.equal(SYSTEM);
      }
      expect(await docket.standingOf(treasury)).to.equal(TREASURY);
      for (const asset of [kzte, usdx]) {
        expect(await docket.standingOf(asset)).to.equal(ASSET);
        expect(await docket.treasuryOf(asset)).to.equal(treasury.address);
      }
      expect(await docket.cooling()).to.equal(charter.numbers.cooling);
      expect(await docket.longestArrest()).to.equal(charter.numbers.longestArrest);
    });

    it("is the journal's first entry, which tells the whole charter", async () => {
      const ready = await networkHelpers.loadFixture(deployReady);
      const { docket, charter, signatures } = ready;
      await install(ready, charter, signatures);
      const [entry] = await docket.queryFilter(docket.filters.Entry());
      const { seq, act, caseId, order, document, officerIds, effects } = entry!.args;
      expect([seq, act, caseId, order, document]).to.deep.equal([1n, 64n, ZeroHash, ZeroHash, charter.document]);
      expect(officerIds).to.deep.equal(charter.seats.map(({ signer }) => ethers.keccak256(signer)));

      const nobody = [ZeroAddress, ZeroAddress];
      const { contracts, numbers } = charter;
      expect(decodeEffects(effects)).to.deep.equal([
        ...[contracts.docket, contracts.disposal, contracts.vault, contracts.register].map((at, i) => [
          54n,
          ZeroAddress,
          at,
          BigInt(i + 1),
          0n,
        ]),
        ...[numbers.freezesPerDay, numbers.cooling, numbers.longestArrest].map((number, i) => [
          55n,
          ...nobody,
          BigInt(i),
          BigInt(number),
        ]),
        ...charter.assets.flatMap(({ asset, adapter, treasury }) => [
          [52n, asset, adapter, 0n, 0n],
          [53n, asset, treasury, 0n, 0n],
        ]),
        ...charter.agencies.map((name, i) => [51n, ...nobody, BigInt(i), BigInt(name)]),
        ...charter.seats.map(({ agency, kind, signer }) => [
          48n,
          ZeroAddress,
          ethers.getAddress(signer),
          BigInt((kind << 8) | agency),
          BigInt(ethers.keccak256(signer)),
        ]),
        ...charter.rules.flatMap(({ act: ruled, alternatives }) =>
          alternatives.map((rule, i) => [50n, ...nobody, BigInt((ruled << 8) | i), packed(rule)]),
        ),
      ]);
    });

    it("takes 15 agencies and six alternatives, the most there can be", async () => {
      const ready = await networkHelpers.loadFixture(deployReady);
      const most = { ...ready.charter, agencies: agencies(15), ...withRules(ready.charter, 6, sixAlternatives) };
      await install(ready, most, await signCharter(most, ready.domain));
      expect(await ready.quorum.agencyNames()).to.have.length(15);
      expect(await ready.quorum.rule(6, 5)).to.equal(BigInt(officersOf({ [COURT]: 3, [GPO]: 3 })));
    });

    it("takes a charter without assets, and one whose assets share a treasury", async () => {
      const ready = await networkHelpers.loadFixture(deployReady);
      expect(ready.charter.assets[0]!.treasury).to.equal(ready.charter.assets[1]!.treasury);
      const bare = { ...ready.charter, assets: [] };
      await install(ready, bare, await signCharter(bare, ready.domain));
      expect(await ready.docket.entries()).to.equal(1);
    });

    it("is the deployer's, who brings signatures it cannot make", async () => {
      const ready = await networkHelpers.loadFixture(deployReady);
      const { quorum, charter, signatures, stranger } = ready;
      await expect(quorum.connect(stranger).install(struct(charter), signatures))
        .to.be.revertedWithCustomError(quorum, "QuorumNotInstaller")
        .withArgs(stranger.address);
      await expectNothingInstalled(ready);
    });

    it("works once, whoever calls and whatever was signed", async () => {
      const ready = await networkHelpers.loadFixture(deployReady);
      const { quorum, charter, signatures, domain, stranger, deployer } = ready;
      await install(ready, charter, signatures);
      const second = { ...charter, document: documentOf("second charter") };
      for (const [again, by] of [
        [charter, signatures],
        [second, await signCharter(second, domain)],
      ] as const) {
        for (const caller of [deployer, stranger]) {
          await expect(quorum.connect(caller).install(struct(again), by)).to.be.revertedWithCustomError(
            quorum,
            "QuorumInstalled",
          );
        }
      }
    });

    it("happens in the last second of the charter's term and not in the next one", async () => {
      const ready = await networkHelpers.loadFixture(deployReady);
      const { quorum, domain } = ready;
      const charter = { ...ready.charter, signBy: (await now()) + 100n };
      const signatures = await signCharter(charter, domain);
      const before = await networkHelpers.takeSnapshot();
      await time.setNextBlockTimestamp(charter.signBy);
      await install(ready, charter, signatures);
      expect(await quorum.officer(officerIdOf("FMA-1"))).to.deep.equal([1n, 0n]);
      await before.restore();

      await time.setNextBlockTimestamp(charter.signBy + 1n);
      await expect(install(ready, charter, signatures))
        .to.be.revertedWithCustomError(quorum, "OrderExpired")
        .withArgs(digestOf(admissionsOf(charter)[0]!, domain), charter.signBy);
      await expectNothingInstalled(ready);
    });
  });

  it("is not installed where its last second lies more than 366 days ahead", async () => {
    const ready = await networkHelpers.loadFixture(deployReady);
    const second = (await now()) + 10n;
    const latest = second + 366n * 86_400n;
    const charter = { ...ready.charter, signBy: latest + 1n };
    const signatures = await signCharter(charter, ready.domain);
    await time.setNextBlockTimestamp(second);
    await expect(install(ready, charter, signatures))
      .to.be.revertedWithCustomError(ready.quorum, "OrderSignByTooFar")
      .withArgs(digestOf(admissionsOf(charter)[0]!, ready.domain), latest + 1n, latest);
    await time.setNextBlockTimestamp(second + 1n);
    await install(ready, charter, signatures);
  });

  describe("signatures of the first officers", () => {
    it("are one for each seat: none may be missing, none too many", async () => {
      const ready = await networkHelpers.loadFixture(deployReady);
      const { quorum, charter, signatures } = ready;
      for (const wrong of [[], signatures.slice(1), signatures.slice(0, -1), [...signatures, signatures[0]!]]) {
        await expect(install(ready, charter, wrong))
          .to.be.revertedWithCustomError(quorum, "CharterNotSigned")
          .withArgs(signatures.length, wrong.length);
      }
      await expectNothingInstalled(ready);
    });

    it("stand in the order of the seats", async () => {
      const ready = await networkHelpers.loadFixture(deployReady);
      const { quorum, charter, signatures } = ready;
      for (const i of [0, 5]) {
        const exchanged = signatures.with(i, signatures[i + 1]!).with(i + 1, signatures[i]!);
        await expect(install(ready, charter, exchanged))
          .to.be.revertedWithCustomError(quorum, "QuorumInvalidSignature")
          .withArgs(i);
      }
      await expectNothingInstalled(ready);
    });

    it("are the officers' own: nobody can be seated by another one's key", async () => {
      const ready = await networkHelpers.loadFixture(deployReady);
      const { quorum, charter, signatures, domain } = ready;
      const foreign = await signOrder(new Wallet(nextSalt()), domain, admissionsOf(charter)[3]!);
      await expect(install(ready, charter, signatures.with(3, foreign)))
        .to.be.revertedWithCustomError(quorum, "QuorumInvalidSignature")
        .withArgs(3);
      await expectNothingInstalled(ready);
    });

    it("are refused where they are malformed, with their place", async () => {
      const ready = await networkHelpers.loadFixture(deployReady);
      const { quorum, charter, signatures, domain } = ready;
      const { r, s, v } = officer("FMA-3").signingKey.sign(digestOf(admissionsOf(charter)[2]!, domain));
      const twin = concat([r, toBeHex(N - BigInt(s), 32), toBeHex(v === 27 ? 28 : 27)]);
      for (const bad of [twin, concat([r, s, "0x00"]), concat([ZeroHash, s, "0x1b"])]) {
        await expect(install(ready, charter, signatures.with(2, bad as Hex)))
          .to.be.revertedWithCustomError(quorum, "QuorumInvalidSignature")
          .withArgs(2);
      }
      for (const bad of ["0x", dataSlice(signatures[2]!, 0, 64), concat([signatures[2]!, "0x00"])]) {
        await expect(install(ready, charter, signatures.with(2, bad as Hex)))
          .to.be.revertedWithCustomError(quorum, "QuorumInvalidSignature")
          .withArgs(2);
      }
      await expectNothingInstalled(ready);
    });

    it("count for no other chain and no other Quorum", async () => {
      const ready = await networkHelpers.loadFixture(deployReady);
      const { quorum, charter, addresses } = ready;
      for (const domain of [domainOf(1, ready.domain.verifyingContract), domainOf(31337, addresses.docket)]) {
        await expect(install(ready, charter, await signCharter(charter, domain)))
          .to.be.revertedWithCustomError(quorum, "QuorumInvalidSignature")
          .withArgs(0);
      }
      await expectNothingInstalled(ready);
    });

    it("cover the whole charter: no field can be changed after signing", async () => {
      const ready = await networkHelpers.loadFixture(deployReady);
      const { quorum, docket, register, charter, signatures, kzte, stranger } = ready;
      // Contracts that could take the places of the system's: they follow the quorum, and each other.
      const at = async (contract: BaseContract) => (await contract.getAddress()) as Address;
      const secondDocket = await ethers.deployContract("Docket", [quorum]);
      const secondRegister = await ethers.deployContract("LicenceRegister", [quorum, secondDocket]);
      const second = {
        docket: await at(secondDocket),
        disposal: await at(await ethers.deployContract("Disposal", [quorum, secondDocket, secondRegister])),
        register: await at(secondRegister),
        vault: (await secondDocket.VAULT()) as Address,
      };
      const disposal = await at(await ethers.deployContract("Disposal", [quorum, docket, register]));
      const otherRegister = await ethers.deployContract("LicenceRegister", [quorum, docket]);
      const withRegister = {
        register: await at(otherRegister),
        disposal: await at(await ethers.deployContract("Disposal", [quorum, docket, otherRegister])),
      };
      const [firstRules, ...otherRules] = charter.rules;
      const changes: Partial<Charter>[] = [
        { document: documentOf("another charter") },
        { signBy: charter.signBy - 1n },
        { agencies: charter.agencies.toReversed() },
        { agencies: charter.agencies.slice(0, -1) },
        { court: GPO },
        { prosecutor: COURT },
        { verifiers: [kzte] },
        { seats: charter.seats.map((seat, i) => (i === 0 ? { ...seat, agency: COURT } : seat)) },
        { rules: otherRules },
        { rules: charter.rules.toReversed() },
        { ...withRules(charter, ACTS.Return, [ruleOf({ [COURT]: 1 })]) },
        {
          rules: [
            { act: firstRules!.act, alternatives: firstRules!.alternatives.map((rule) => ({ ...rule, term: 1 })) },
            ...otherRules,
          ],
        },
        { contracts: second, assets: [] },
        { contracts: { ...charter.contracts, disposal } },
        { contracts: { ...charter.contracts, ...withRegister } },
        { assets: [] },
        { assets: [{ asset: kzte, adapter: kzte, treasury: addressOf(stranger) }] },
        { numbers: { ...charter.numbers, freezesPerDay: 65_535 } },
        { numbers: { ...charter.numbers, cooling: charter.numbers.cooling + 1 } },
        { numbers: { ...charter.numbers, longestArrest: 2 ** 32 - 1 } },
      ];
      for (const change of changes) {
        const changed = { ...charter, ...change };
        expect(charterHash(changed)).not.to.equal(charterHash(charter));
        await expect(install(ready, changed, signatures), JSON.stringify(Object.keys(change)))
          .to.be.revertedWithCustomError(quorum, "QuorumInvalidSignature")
          .withArgs(0);
      }
      // A changed signer of one seat fails at that seat at the latest.
      const seats = charter.seats.with(4, { ...charter.seats[4]!, signer: addressOf(stranger) });
      await expect(install(ready, { ...charter, seats }, signatures)).to.be.revertedWithCustomError(
        quorum,
        "QuorumInvalidSignature",
      );
      await expectNothingInstalled(ready);
    });
  });

  it("takes no contract that is not the quorum's in the place of one that is, whatever was signed", async () => {
    const ready = await networkHelpers.loadFixture(deployReady);
    const { charter, signatures } = ready;
    const impostor = (await (await ethers.deployContract("CaseVault")).getAddress()) as Address;
    for (const place of ["docket", "disposal", "register", "vault"] as const) {
      const contracts = { ...charter.contracts, [place]: impostor };
      await expect(install(ready, { ...charter, contracts }, signatures), place).to.be.revert(ethers);
    }
    await expectNothingInstalled(ready);
  });

  describe("refuses, though all officers signed it,", () => {
    for (const { title, error, by, change, args } of REFUSALS) {
      it(title, async () => {
        const ready = await networkHelpers.loadFixture(deployReady);
        const charter = { ...ready.charter, ...(await change(ready.charter, ready)) };
        await expect(install(ready, charter, await signAnyway(charter, ready)))
          .to.be.revertedWithCustomError(by === "docket" ? ready.docket : ready.quorum, error)
          .withArgs(...args(charter, ready));
        await expectNothingInstalled(ready);
      });
    }

    it("an asset that is no contract", async () => {
      const ready = await networkHelpers.loadFixture(deployReady);
      const asset = addressOf(ready.alice);
      const charter = { ...ready.charter, ...withAsset(ready.charter, { asset, adapter: asset }) };
      await expect(install(ready, charter, await signCharter(charter, ready.domain))).to.be.revert(ethers);
      await expectNothingInstalled(ready);
    });

    it("the docket of another quorum", async () => {
      const ready = await networkHelpers.loadFixture(deployReady);
      const { charter, quorum, domain } = ready;
      const otherQuorum = await ethers.deployContract("Quorum");
      const foreign = await ethers.deployContract("Docket", [otherQuorum]);
      const docket = (await foreign.getAddress()) as Address;
      const member = await ethers.deployContract("LicenceRegister", [quorum, foreign]);
      const register = (await member.getAddress()) as Address;
      const other = await ethers.deployContract("Disposal", [quorum, foreign, member]);
      const disposal = (await other.getAddress()) as Address;
      const vault = (await foreign.VAULT()) as Address;
      // Without assets: those of the charter obey the docket of this quorum.
      const changed = { ...charter, assets: [], contracts: { docket, disposal, register, vault } };
      await expect(install(ready, changed, await signCharter(changed, domain)))
        .to.be.revertedWithCustomError(foreign, "DocketOnlySystem")
        .withArgs(await quorum.getAddress());
      await expectNothingInstalled(ready);
    });
  });

  describe("the docket's half", () => {
    it("takes a charter from its quorum alone", async () => {
      const ready = await networkHelpers.loadFixture(deployReady);
      const { docket, charter, deployer, stranger } = ready;
      for (const caller of [deployer, stranger]) {
        const { contracts, numbers, document } = charter;
        await expect(docket.connect(caller).install(contracts, numbers, [], document, [], "0x"))
          .to.be.revertedWithCustomError(docket, "DocketOnlySystem")
          .withArgs(caller.address);
      }
      await expectNothingInstalled(ready);
    });

    it("takes it once, even from its quorum", async () => {
      const { charter, alice } = await networkHelpers.loadFixture(deployReady);
      const docket = await ethers.deployContract("Docket", [alice]);
      const { contracts, numbers, document } = charter;
      const again = () => docket.connect(alice).install(contracts, numbers, [], document, [], "0x");
      await again();
      await expect(again()).to.be.revertedWithCustomError(docket, "DocketInstalled");
    });
  });

  describe("before install", () => {
    it("no order executes, whoever signed it", async () => {
      const ready = await networkHelpers.loadFixture(deployReady);
      const { quorum, docket, disposal, domain, kzte, alice } = ready;
      const base = { caseId: CASE, document: DOCUMENT, signBy: NEVER, salt: nextSalt() };
      const targets = [{ asset: kzte, account: addressOf(alice), amount: 1n }];
      const all = ["FMA-1", "FMA-2", "KNB-1", "GPO-1", "COURT-1", "COURT-2", "NBK-1", "MOF-1"] as const;

      const freeze = buildFreeze({ ...base, targets, term: 1 });
      const arrest = buildArrest({ ...base, place: targets, upTo: 0, until: (await now()) + 1000n });
      const seize = buildSeize({ ...base, holds: targets, upTo: 0 });
      const lift = buildLift({ ...base, holds: targets, upTo: 0, arrested: false });
      const refund = buildReturn({ ...base, holders: [{ taken: kzte, ...targets[0]! }] });
      type Approvals = Awaited<ReturnType<typeof approvalsOf>>;
      const acts = [
        [freeze, (by: Approvals) => docket.freeze([struct(freeze.message)], [by], "0x")],
        [arrest, (by: Approvals) => docket.arrest([struct(arrest.message)], [by], "0x")],
        [seize, (by: Approvals) => docket.seize([struct(seize.message)], [by], "0x")],
        [lift, (by: Approvals) => docket.lift(struct(lift.message), by)],
        [refund, (by: Approvals) => disposal.refund([struct(refund.message)], [by], "0x")],
      ] as const;
      for (const [order, send] of acts) {
        if (order === seize) {
          // There is no case before anybody is asked who signed.
          const sent = send(await approvalsOf(domain, order, all));
          await expect(sent).to.be.revertedWithCustomError(docket, "DocketUnknownCase");
          continue;
        }
        // Nobody sits yet, and nobody need sign either.
        await expect(send(await approvalsOf(domain, order, all))).to.be.revertedWithCustomError(
          quorum,
          "QuorumUnknownOfficer",
        );
        await expect(send(await approvalsOf(domain, order, [])))
          .to.be.revertedWithCustomError(quorum, "QuorumNoRule")
          .withArgs(ACTS[order.primaryType]);
      }
      await expectNothingInstalled(ready);
    });

    it("no cancel is taken: there is no officer yet", async () => {
      const ready = await networkHelpers.loadFixture(deployReady);
      const cancel = buildCancel({ order: nextSalt(), signBy: NEVER, salt: nextSalt() });
      const approvals = await approvalsOf(ready.domain, cancel, ["FMA-1"]);
      await expect(ready.quorum.cancel(cancel.message, approvals))
        .to.be.revertedWithCustomError(ready.quorum, "QuorumUnknownOfficer")
        .withArgs(officerIdOf("FMA-1"));
      await expectNothingInstalled(ready);
    });

    it("nothing that needs no officer executes either", async () => {
      const ready = await networkHelpers.loadFixture(deployReady);
      const { docket, disposal, kzte, alice, stranger } = ready;
      const caseId = encodeCaseId(CASE);
      const calls = [
        [() => docket.lapse(caseId, [{ asset: kzte, account: alice }]), docket, "DocketUnknownCase"],
        [() => disposal.book(caseId, kzte), docket, "DocketOnlySystem"],
        [() => disposal.open(caseId, nextSalt(), nextSalt()), disposal, "DisposalUnknownCase"],
        [() => disposal.claim(caseId, kzte, alice), disposal, "DisposalNoClaim"],
        [() => docket.connect(stranger).record(1, 6, caseId, DOCUMENT, ZeroHash, [], "0x"), docket, "DocketOnlySystem"],
      ] as const;
      for (const [call, contract, error] of calls) {
        await expect(call()).to.be.revertedWithCustomError(contract, error);
      }
      await expectNothingInstalled(ready);
    });
  });
});

const sixAlternatives = [
  ruleOf({ [COURT]: 1 }),
  ruleOf({ [COURT]: 2 }),
  ruleOf({ [COURT]: 3 }),
  ruleOf({ [GPO]: 1 }),
  ruleOf({ [GPO]: 2 }),
  ruleOf({ [COURT]: 3, [GPO]: 3 }),
];

describe("The agencies of the usual charter", () => {
  it("no single agency can act alone, but stay, veto, lift or return by two judges, dismiss its own, license and suspend", async () => {
    const { charter } = await loadFixture(deploySystem);
    const alone = new Set<number>();
    for (const { act, alternatives } of charter.rules) {
      for (const { officers } of alternatives) {
        if ([...BigInt(officers).toString(16)].filter((digit) => digit !== "0").length === 1) alone.add(act);
      }
    }
    expect([...alone].sort((a, b) => a - b)).to.deep.equal([3, 4, 6, 12, 13, 15, 19, 20]);
  });
});
