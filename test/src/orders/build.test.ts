import { expect } from "chai";
import { getAddress, zeroAddress, zeroHash, type Address, type Hex } from "viem";
import type { SequesterError } from "../../../src/base/errors.ts";
import * as build from "../../../src/orders/index.ts";
import { InvalidCaseIdError } from "../../../src/orders/caseId.ts";
import { OFFICER_KINDS } from "../../../src/orders/types.ts";
import { randomFrom } from "./random.ts";

const { buildAdmit, buildArrest, buildCancel, buildFreeze, buildLift, buildReturn, buildSeize } = build;

const ASSET: Address = "0x1000000000000000000000000000000000000001";
const A: Address = "0xa000000000000000000000000000000000000001";
const WORD: Hex = `0x${"ab".repeat(32)}`;
const signed = { signBy: 1_759_212_000n, salt: WORD };
const inCase = { ...signed, caseId: "TUMAR-A-01", document: WORD };
const target = { asset: ASSET, account: A, amount: 5n };
const refund = { ...target, taken: ASSET };
const freeze = { ...inCase, targets: [target], term: 864_000 };
const arrest = { ...inCase, upTo: 9, confirm: [target], until: 1_774_764_000n };
const admit = { ...signed, agency: 3, kind: "key", signer: A, document: WORD } as const;

const forfeit = { ...inCase, asset: ASSET, treasury: A, amount: 5n };
const compensate = { ...inCase, asset: ASSET, total: 5n, root: WORD, list: WORD, claimTerm: 7_776_000 };
const convert = { ...inCase, asset: ASSET, amount: 5n, wallet: A, proceedsAsset: A, leastProceeds: 2n };
const ofHolds = { ...inCase, upTo: 9 };
const lift = { ...ofHolds, holds: [target], arrested: false };
const transfer = { ...inCase, asset: ASSET, source: "custody", to: A, amount: 5n } as const;
const exchangeHold = { ...inCase, asset: ASSET, wallet: A, subAccount: WORD, amount: 5n, term: 864_000 };
const license = { ...signed, wallet: A, platform: "AIFC-1", omnibus: true, until: 9n, document: WORD };

type Refusal = [what: string, attempt: () => unknown, error: abstract new (...args: never[]) => SequesterError];

const refusals: Refusal[] = [
  ["an empty case id", () => buildFreeze({ ...freeze, caseId: "" }), InvalidCaseIdError],
  ["a case id of 32 characters", () => buildFreeze({ ...freeze, caseId: "x".repeat(32) }), InvalidCaseIdError],
  ["a case id that is not ASCII", () => buildFreeze({ ...freeze, caseId: "Тұмар" }), InvalidCaseIdError],
  [
    "a zero document",
    () => buildSeize({ ...ofHolds, document: zeroHash, holds: [target] }),
    build.InvalidDocumentError,
  ],
  ["a short document", () => buildLift({ ...lift, document: "0xab" }), build.InvalidDocumentError],
  ["a zero salt", () => buildFreeze({ ...freeze, salt: zeroHash }), build.InvalidSaltError],
  ["a long salt", () => buildFreeze({ ...freeze, salt: `${WORD}00` }), build.InvalidSaltError],
  ["signBy 0", () => buildCancel({ ...signed, signBy: 0n, order: WORD }), build.InvalidSignByError],
  ["signBy in milliseconds", () => buildFreeze({ ...freeze, signBy: 1_759_212_000_000n }), build.InvalidSignByError],
  ["a Freeze without targets", () => buildFreeze({ ...freeze, targets: [] }), build.EmptyOrderError],
  ["a term of 0", () => buildFreeze({ ...freeze, term: 0 }), build.InvalidTermError],
  ["a broken term", () => buildFreeze({ ...freeze, term: 1.5 }), build.InvalidTermError],
  ["a term above 32 bits", () => buildFreeze({ ...freeze, term: 2 ** 32 }), build.InvalidTermError],
  ["an Arrest of nothing", () => buildArrest({ ...ofHolds, until: 1n }), build.EmptyOrderError],
  ["an until of 0", () => buildArrest({ ...arrest, until: 0n }), build.InvalidUntilError],
  ["an until of 2^40", () => buildArrest({ ...arrest, until: 2n ** 40n }), build.InvalidUntilError],
  ["an empty Lift", () => buildLift({ ...lift, holds: [] }), build.EmptyOrderError],
  ["an empty Seize", () => buildSeize({ ...ofHolds, holds: [] }), build.EmptyOrderError],
  ["an upTo below 0", () => buildLift({ ...lift, upTo: -1 }), build.InvalidPlacementError],
  ["an upTo of 2^32", () => buildSeize({ ...ofHolds, upTo: 2 ** 32, holds: [target] }), build.InvalidPlacementError],
  ["a broken upTo", () => buildArrest({ ...arrest, upTo: 1.5 }), build.InvalidPlacementError],
  ["an empty Return", () => buildReturn({ ...inCase, holders: [] }), build.EmptyOrderError],
  ["an amount of 0", () => buildFreeze({ ...freeze, targets: [{ ...target, amount: 0n }] }), build.InvalidAmountError],
  ["a debt", () => buildReturn({ ...inCase, holders: [{ ...refund, amount: -1n }] }), build.InvalidAmountError],
  [
    "an amount of 2^96",
    () => buildArrest({ ...arrest, place: [{ ...target, amount: 2n ** 96n }] }),
    build.InvalidAmountError,
  ],
  [
    "an amount that is a number",
    () => buildLift({ ...lift, holds: [{ ...target, amount: 1 as unknown as bigint }] }),
    build.InvalidAmountError,
  ],
  [
    "a target twice, in another spelling",
    () => buildFreeze({ ...freeze, targets: [target, { ...target, account: getAddress(A) }] }),
    build.DuplicateTargetError,
  ],
  ["a refund twice", () => buildReturn({ ...inCase, holders: [refund, refund] }), build.DuplicateTargetError],
  [
    "the zero account",
    () => buildSeize({ ...ofHolds, holds: [{ ...target, account: zeroAddress }] }),
    build.InvalidAddressError,
  ],
  [
    "a bad checksum",
    () => buildFreeze({ ...freeze, targets: [{ ...target, account: "0xAb00000000000000000000000000000000000001" }] }),
    build.InvalidAddressError,
  ],
  ["the asset itself", () => buildFreeze({ ...freeze, targets: [{ ...target, account: ASSET }] }), build.SelfHoldError],
  ["a Cancel of nothing", () => buildCancel({ ...signed, order: zeroHash }), build.InvalidOrderDigestError],
  ["agency 15", () => buildAdmit({ ...admit, agency: 15 }), build.InvalidAgencyError],
  ["agency -1", () => buildAdmit({ ...admit, agency: -1 }), build.InvalidAgencyError],
  ["an Admit without document", () => buildAdmit({ ...admit, document: zeroHash }), build.InvalidDocumentError],
  ["a key of 21 bytes", () => buildAdmit({ ...admit, signer: `${A}00` }), build.InvalidSignerError],
  ["half a byte", () => buildAdmit({ ...admit, signer: "0xabc" }), build.InvalidSignerError],
  [
    "the zero contract",
    () => buildAdmit({ ...admit, kind: "contract", signer: zeroAddress }),
    build.InvalidSignerError,
  ],
  ["a verifier without key", () => buildAdmit({ ...admit, kind: "verifier", signer: A }), build.InvalidSignerError],
  [
    "a precompile as verifier",
    () => buildAdmit({ ...admit, kind: "verifier", signer: `0x${"0".repeat(39)}4${"ab".repeat(32)}` }),
    build.InvalidSignerError,
  ],
  ["a Forfeit of nothing", () => build.buildForfeit({ ...forfeit, amount: 0n }), build.InvalidAmountError],
  ["no treasury", () => build.buildForfeit({ ...forfeit, treasury: zeroAddress }), build.InvalidAddressError],
  ["a zero root", () => build.buildCompensate({ ...compensate, root: zeroHash }), build.InvalidListError],
  ["a list without hash", () => build.buildCompensate({ ...compensate, list: zeroHash }), build.InvalidListError],
  ["a claim term of 0", () => build.buildCompensate({ ...compensate, claimTerm: 0 }), build.InvalidTermError],
  ["proceeds of 0", () => build.buildConvert({ ...convert, leastProceeds: 0n }), build.InvalidAmountError],
  ["a Convert into itself", () => build.buildConvert({ ...convert, proceedsAsset: ASSET }), build.InvalidAddressError],
  [
    "suspense of a holder",
    () => build.buildTransfer({ ...transfer, source: "suspense", holder: A }),
    build.InvalidSourceError,
  ],
  [
    "the unclaimed of nobody",
    () => build.buildTransfer({ ...transfer, source: "unclaimed" }),
    build.InvalidSourceError,
  ],
  [
    "a Stay without end",
    () => build.buildStay({ ...signed, order: WORD, document: WORD, until: 0n }),
    build.InvalidUntilError,
  ],
  [
    "a Veto of nothing",
    () => build.buildVeto({ ...signed, order: zeroHash, document: WORD }),
    build.InvalidOrderDigestError,
  ],
  [
    "an Appeal of nobody",
    () => build.buildAppeal({ ...signed, order: WORD, document: WORD, asset: ASSET, holder: zeroAddress }),
    build.InvalidAddressError,
  ],
  ["no sub-account", () => build.buildExchangeHold({ ...exchangeHold, subAccount: zeroHash }), build.InvalidNameError],
  ["a platform without a name", () => build.buildLicense({ ...license, platform: "" }), build.InvalidNameError],
  [
    "a platform's name of 32 characters",
    () => build.buildSuspend({ ...signed, platform: "x".repeat(32), document: WORD }),
    build.InvalidNameError,
  ],
  [
    "a Dismiss of nobody",
    () => build.buildDismiss({ ...signed, officerId: zeroHash, compromised: false, document: WORD }),
    build.InvalidOfficerError,
  ],
];

describe("orders: building", () => {
  for (const [what, attempt, error] of refusals) {
    it(`refuses ${what} with ${error.name}`, () => {
      expect(attempt).to.throw(error);
      let thrown: unknown;
      try {
        attempt();
      } catch (caught) {
        thrown = caught;
      }
      const { name, code, metaMessages } = thrown as SequesterError;
      expect([name, code]).to.deep.equal([error.name, 64]);
      expect(metaMessages.some((line) => line.startsWith("has: "))).to.equal(true);
      expect(metaMessages.some((line) => line.startsWith("needs: "))).to.equal(true);
    });
  }

  it("names the entry at fault", () => {
    const targets = [target, { ...target, account: ASSET, asset: A, amount: 0n }];
    expect(() => buildFreeze({ ...freeze, targets })).to.throw("Invalid targets[1].amount.");
  });

  it("sorts targets by (asset, account) and checksums them, whatever order they come in", () => {
    const random = randomFrom("targets");
    const assets = [random.address(), random.address(), random.address()];
    const targets = Array.from({ length: 60 }, (_, i) => ({
      asset: random.pick(assets),
      account: random.address(),
      amount: BigInt(i + 1),
    }));
    const lower = targets.map((t) => ({ ...t, account: t.account.toLowerCase() as Address }));
    const { message } = buildFreeze({ ...freeze, targets: lower });
    expect(buildFreeze({ ...freeze, targets: random.shuffle(targets) }).message).to.deep.equal(message);
    expect(message.targets).to.have.deep.members(targets);
    for (const [i, { asset, account }] of message.targets.slice(1).entries()) {
      const before = message.targets[i]!;
      const [a, b] = [BigInt(before.asset), BigInt(asset)];
      expect(a < b || (a === b && BigInt(before.account) < BigInt(account))).to.equal(true);
    }
  });

  it("sorts refunds by (taken, asset, account)", () => {
    const holders = [
      { taken: A, asset: ASSET, account: A, amount: 1n },
      { taken: ASSET, asset: A, account: A, amount: 2n },
      { taken: ASSET, asset: ASSET, account: A, amount: 3n },
    ];
    const { message } = buildReturn({ ...inCase, holders });
    expect(message.holders.map(({ amount }) => amount)).to.deep.equal([3n, 2n, 1n]);
  });

  it("takes one account in confirm and in place, the largest amounts and times", () => {
    const most = { ...target, amount: 2n ** 96n - 1n };
    const { message } = buildArrest({ ...arrest, confirm: [most], place: [target], until: 2n ** 40n - 1n });
    expect(message.confirm[0]!.amount).to.equal(2n ** 96n - 1n);
    expect(message).to.include({ until: 2n ** 40n - 1n, wholeAccount: false, omnibus: false });
    expect(buildFreeze({ ...freeze, term: 2 ** 32 - 1, wholeAccount: true }).message).to.include({
      term: 2 ** 32 - 1,
      wholeAccount: true,
    });
  });

  it("builds Lift, Seize, Cancel and Admit", () => {
    expect(buildLift(lift).message).to.include({ upTo: 9, arrested: false });
    expect(buildSeize({ ...ofHolds, holds: [target] }).message.caseId).to.match(/^0x54554d41522d412d3031(00){22}$/);
    expect(buildCancel({ ...signed, order: WORD }).message.order).to.equal(WORD);
    expect(buildAdmit(admit).message).to.include({ agency: 3, kind: OFFICER_KINDS.key, signer: A });
    const verifier: Hex = `${A}${"cd".repeat(64)}`;
    expect(buildAdmit({ ...admit, kind: "verifier", signer: verifier }).message.signer).to.equal(verifier);
  });

  it("builds what ends custody, and what may be done about it", () => {
    expect(build.buildForfeit(forfeit).message).to.include({ asset: ASSET, treasury: getAddress(A), amount: 5n });
    expect(build.buildCompensate(compensate).message).to.include({ total: 5n, root: WORD, list: WORD });
    expect(build.buildConvert(convert).message).to.include({ proceedsAsset: getAddress(A), leastProceeds: 2n });
    expect(build.buildTransfer(transfer).message).to.include({ source: 1, holder: zeroAddress });
    const unclaimed = build.buildTransfer({ ...transfer, source: "unclaimed", holder: A });
    expect(unclaimed.message).to.include({ source: 3, holder: getAddress(A) });
    const about = { ...signed, order: WORD, document: WORD };
    expect(build.buildStay({ ...about, until: 7n }).message).to.include({ order: WORD, until: 7n });
    expect(build.buildVeto(about).primaryType).to.equal("Veto");
    expect(build.buildAppeal({ ...about, asset: ASSET, holder: A }).message.holder).to.equal(getAddress(A));
  });

  it("builds orders about platforms and officers", () => {
    expect(build.buildExchangeHold(exchangeHold).message).to.include({ subAccount: WORD, term: 864_000 });
    const platform = build.encodeName("platform", "AIFC-1");
    expect(build.buildLicense(license).message).to.include({ platform, omnibus: true, until: 9n });
    expect(build.buildSuspend({ ...signed, platform: "AIFC-1", document: WORD }).message.platform).to.equal(platform);
    const dismissal = build.buildDismiss({ ...signed, officerId: WORD, compromised: true, document: WORD });
    expect(dismissal.message).to.include({ officerId: WORD, compromised: true });
  });

  it("changes nothing that it was given", () => {
    const targets = Object.freeze([{ ...target, account: ASSET, asset: A }, target].map((t) => Object.freeze(t)));
    expect(buildFreeze({ ...freeze, targets }).message.targets).to.have.length(2);
    expect(targets[0]!.asset).to.equal(A);
  });
});
