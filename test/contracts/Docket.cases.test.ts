import { expect } from "chai";
import {
  AbiCoder,
  concat,
  encodeBytes32String,
  getCreate2Address,
  keccak256,
  toUtf8Bytes,
  ZeroAddress,
  ZeroHash,
} from "ethers";
import { buildArrest, buildFreeze, encodeCaseId, type Refund } from "../../src/orders/index.ts";
import { CASE } from "../system/acts/signed.ts";
import { ethers, goTo, loadFixture, now, timeOf, type Who } from "../system/chain.ts";
import { deploySystem } from "../system/deployed.ts";
import {
  ARRESTED,
  changed,
  effectsOf,
  entryOf,
  execute,
  headAfter,
  onHold,
  opened,
  PROVISIONAL,
  target,
  WHAT,
} from "../system/entries.ts";
import { DAY, TERM } from "../system/parameters.ts";

const SECOND = encodeCaseId("CASE-2");

/** CASE seized 60 from alice and holds nothing more. */
async function deploySeized() {
  const system = await deploySystem();
  const { docket, freeze, seize, kzte, alice, caseId } = system;
  await freeze([target(kzte, alice, 60n)]);
  await seize([target(kzte, alice, 60n)]);
  return { ...system, vaultAddress: await docket.vaultOf(caseId) };
}

const inKind = (asset: string, who: Who, amount: bigint): Refund => ({
  taken: target(asset, who, amount).asset,
  ...target(asset, who, amount),
});

describe("Docket.book", () => {
  it("books a plain deposit as suspense; anyone may", async () => {
    const { docket, disposal, tenge, stranger, kzte, alice, caseId, vaultAddress } = await loadFixture(deploySeized);
    await tenge.connect(alice).transfer(vaultAddress, 7n);
    const head = await docket.head();
    const entry = await entryOf(disposal.connect(stranger).book(caseId, kzte));
    expect(entry.effects).to.deep.equal([
      { what: WHAT.SUSPENSE, asset: kzte, account: vaultAddress, amount: 7n, value: 0n },
    ]);
    expect(entry).to.deep.include({ act: 69n, caseId, order: ZeroHash, document: ZeroHash, officerIds: [] });
    expect(await docket.head()).to.equal(headAfter(head, entry));
    expect((await docket.moneyOf(caseId, kzte)).suspense).to.equal(7n);
  });

  it("does not count as taken, so that a deposit never enlarges what an order can pay", async () => {
    const system = await loadFixture(deploySeized);
    const { docket, disposal, tenge, refund, kzte, alice, caseId, vaultAddress } = system;
    await tenge.connect(alice).transfer(vaultAddress, 7n);
    await disposal.book(caseId, kzte);
    expect((await docket.owedTo(caseId, kzte, alice)).owed).to.equal(60n);
    await expect(refund([inKind(kzte, alice, 61n)])).to.be.revertedWithCustomError(docket, "DocketExceedsOwed");
  });

  it("books only what is new", async () => {
    const { docket, disposal, tenge, kzte, alice, caseId, vaultAddress } = await loadFixture(deploySeized);
    await tenge.connect(alice).transfer(vaultAddress, 7n);
    await disposal.book(caseId, kzte);
    await tenge.connect(alice).transfer(vaultAddress, 5n);
    const [effect] = await effectsOf(disposal.book(caseId, kzte));
    expect(effect!.amount).to.equal(5n);
    expect((await docket.moneyOf(caseId, kzte)).suspense).to.equal(12n);
  });

  it("knows what was taken and what was paid", async () => {
    const { docket, disposal, tenge, refund, kzte, alice, caseId, vaultAddress } = await loadFixture(deploySeized);
    await refund([inKind(kzte, alice, 60n)]);
    await expect(disposal.book(caseId, kzte)).to.be.revertedWithCustomError(docket, "DocketNothingToBook");
    await tenge.connect(alice).transfer(vaultAddress, 1n);
    const [effect] = await effectsOf(disposal.book(caseId, kzte));
    expect(effect!.amount).to.equal(1n);
  });

  it("is refused where nothing arrived: after a seizure, or twice", async () => {
    const { docket, disposal, tenge, kzte, usdx, alice, caseId, vaultAddress } = await loadFixture(deploySeized);
    await tenge.connect(alice).transfer(vaultAddress, 7n);
    await disposal.book(caseId, kzte);
    for (const [id, asset] of [
      [caseId, kzte],
      [caseId, usdx],
    ] as const) {
      await expect(disposal.book(id, asset))
        .to.be.revertedWithCustomError(docket, "DocketNothingToBook")
        .withArgs(id, asset);
    }
  });

  it("is refused for a case that no order named: no stranger's word can make an address a vault and free it", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, disposal, tenge, freeze, kzte, alice } = system;
    const address = await docket.vaultOf(SECOND);
    await tenge.connect(alice).transfer(address, 7n);
    await freeze([target(kzte, address, 7n)]);
    for (const id of [SECOND, ZeroHash]) {
      await expect(disposal.book(id, kzte)).to.be.revertedWithCustomError(docket, "DocketUnknownCase").withArgs(id);
    }
    expect(await tenge.getFrozenTokens(address)).to.equal(7n);
  });

  it("is refused for an asset that was never installed", async () => {
    const { docket, disposal, quorum, caseId } = await loadFixture(deploySeized);
    const unknown = await quorum.getAddress();
    await expect(disposal.book(caseId, unknown))
      .to.be.revertedWithCustomError(docket, "DocketUnknownAsset")
      .withArgs(unknown);
  });
});

describe("Docket.open", () => {
  const SALT = keccak256(toUtf8Bytes("document salt"));
  const FILE = keccak256(toUtf8Bytes("hash of the ruling's file"));

  it("shows of which file a document is the hash; anyone may who has salt and file", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, disposal, freeze, stranger, kzte, alice, caseId } = system;
    const document = keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "bytes32"], [SALT, FILE]));
    const order = await entryOf(freeze([target(kzte, alice, 60n)], { document: document as `0x${string}` }));
    const head = await docket.head();
    const entry = await entryOf(disposal.connect(stranger).open(caseId, SALT, FILE));
    expect(entry.effects).to.deep.equal([
      {
        what: WHAT.DOCUMENT_OPENED,
        asset: ZeroAddress,
        account: ZeroAddress,
        amount: BigInt(SALT),
        value: BigInt(FILE),
      },
    ]);
    expect(entry).to.deep.include({ act: 71n, caseId, order: ZeroHash, officerIds: [] });
    expect(entry.document).to.equal(order.document);
    expect(await docket.head()).to.equal(headAfter(head, entry));
  });

  it("gives another document for another salt or file", async () => {
    const { disposal, freeze, kzte, alice, caseId } = await loadFixture(deploySystem);
    await freeze([target(kzte, alice, 60n)]);
    const documents = [];
    for (const [salt, file] of [
      [SALT, FILE],
      [FILE, SALT],
      [SALT, SALT],
    ] as const) {
      documents.push((await entryOf(disposal.open(caseId, salt, file))).document);
    }
    expect(new Set(documents).size).to.equal(3);
  });

  it("is refused for a case that was never opened", async () => {
    const { disposal } = await loadFixture(deploySystem);
    await expect(disposal.open(SECOND, SALT, FILE))
      .to.be.revertedWithCustomError(disposal, "DisposalUnknownCase")
      .withArgs(SECOND);
  });
});

describe("A case id", () => {
  const valid: [string, string][] = [
    ["one character", "A"],
    ["31 characters", "x".repeat(31)],
    ["the first and the last printable character", "~ ~"],
  ];
  for (const [what, text] of valid) {
    it(`may be ${what}`, async () => {
      const { docket, freeze, kzte, alice } = await loadFixture(deploySystem);
      await freeze([target(kzte, alice, 1n)], { caseId: text });
      expect(await docket.caseIdOf(1n)).to.equal(encodeBytes32String(text));
    });
  }

  const pad = (hex: string) => `0x${hex.padEnd(64, "0")}`;
  const invalid: [string, string][] = [
    ["empty", ZeroHash],
    ["32 characters long", `0x${"41".repeat(32)}`],
    ["with a control character", pad("411f")],
    ["with a character above ASCII", pad("41d0a2")],
    ["with the delete character", pad("7f")],
    ["with a gap", pad("410042")],
    ["not left-aligned", `0x${"41".padStart(64, "0")}`],
  ];
  for (const [what, caseId] of invalid) {
    it(`is refused ${what}, by freeze and arrest`, async () => {
      const system = await loadFixture(deploySystem);
      const { docket, base, kzte, alice } = system;
      const targets = [target(kzte, alice, 1n)];
      const id = { caseId: caseId as `0x${string}` };
      const freeze = buildFreeze({ ...(await base({})), targets, term: 1000 });
      const arrest = buildArrest({ ...(await base({})), place: targets, upTo: 0, until: (await now()) + DAY });
      for (const attempt of [() => execute(system, changed(freeze, id)), () => execute(system, changed(arrest, id))]) {
        await expect(attempt()).to.be.revertedWithCustomError(docket, "DocketInvalidCaseId").withArgs(caseId);
      }
      expect(await docket.caseCount()).to.equal(0n);
    });
  }
});

describe("The vault of a case", () => {
  it("has an address that follows from the case id alone, known before the case exists", async () => {
    const { docket, freeze, seize, kzte, alice, caseId } = await loadFixture(deploySystem);
    // ERC-1167, by CREATE2 from the docket.
    const code = concat([
      "0x3d602d80600a3d3981f3363d3d373d3d3d363d73",
      await docket.VAULT(),
      "0x5af43d82803e903d91602b57fd5bf3",
    ]);
    const expected = getCreate2Address(await docket.getAddress(), caseId, keccak256(code));
    expect(await docket.vaultOf(caseId)).to.equal(expected);
    await freeze([target(kzte, alice, 1n)]);
    await seize([target(kzte, alice, 1n)]);
    expect(await docket.vaultOf(caseId)).to.equal(expected);
    expect(await ethers.provider.getCode(expected)).not.to.equal("0x");
  });

  it("differs from case to case", async () => {
    const { docket } = await loadFixture(deploySystem);
    const vaults = await Promise.all(["A", "B", "AB", "CASE-1"].map((id) => docket.vaultOf(encodeCaseId(id))));
    expect(new Set(vaults).size).to.equal(4);
  });

  describe("that another case held before it was one", () => {
    /** CASE holds the future vault of CASE-2: 5 until `until`, and 9 for one day. */
    async function deployVaultHeld() {
      const system = await deploySystem();
      const { docket, freeze, arrest, kzte } = system;
      const vault = await docket.vaultOf(SECOND);
      const since = await timeOf(freeze([target(kzte, vault, 9n)], { term: Number(DAY) }));
      const until = since + 100n * DAY;
      const second = await timeOf(arrest({ place: [target(kzte, vault, 5n)], until }));
      return {
        ...system,
        vault,
        since,
        short: {
          caseNumber: 1n,
          amount: 0n,
          kind: PROVISIONAL,
          number: 1n,
          since,
          until: since + DAY,
          opens: true as const,
        },
        // It counts from when the provisional one began.
        long: { caseNumber: 1n, amount: 0n, kind: ARRESTED, number: 2n, since },
        second,
      };
    }

    it("is released by the first order that names its case", async () => {
      const system = await loadFixture(deployVaultHeld);
      const { docket, tenge, freeze, seize, kzte, alice, vault, short, long, since, refund } = system;
      await goTo(since + 2n * DAY);
      const sent = await freeze([target(kzte, alice, 60n)], { caseId: "CASE-2" });
      const placed = await timeOf(sent);
      expect(await effectsOf(sent)).to.deep.equal([
        opened(2n),
        onHold(WHAT.LAPSED, kzte, vault, 9n, short),
        onHold(WHAT.LIFTED, kzte, vault, 5n, { ...long, until: placed }),
        onHold(WHAT.HELD, kzte, alice, 60n, {
          kind: PROVISIONAL,
          caseNumber: 2n,
          number: 3n,
          since: placed,
          until: placed + TERM.Freeze,
          amount: 60n,
          opens: true,
        }),
      ]);
      expect(await tenge.getFrozenTokens(vault)).to.equal(0n);
      expect((await docket.heldOf(kzte, vault)).held).to.equal(0n);
      await seize([target(kzte, alice, 60n)], { caseId: "CASE-2" });
      await refund([inKind(kzte, alice, 60n)], { caseId: "CASE-2" });
      expect(await tenge.balanceOf(vault)).to.equal(0n);
    });

    it("is released in every asset, those included that the order does not name", async () => {
      const system = await loadFixture(deployVaultHeld);
      const { tenge, other, freeze, usdx, kzte, alice, vault } = system;
      await freeze([target(usdx, vault, 7n)], { caseId: "CASE-3" });
      expect(await other.getFrozenTokens(vault)).to.equal(7n);
      await freeze([target(kzte, alice, 1n)], { caseId: "CASE-2" });
      expect([await tenge.getFrozenTokens(vault), await other.getFrozenTokens(vault)]).to.deep.equal([0n, 0n]);
    });

    it("cannot be held again once an order named its case, not even before money is there", async () => {
      const system = await loadFixture(deployVaultHeld);
      const { docket, freeze, arrest, kzte, alice, vault } = system;
      await freeze([target(kzte, alice, 1n)], { caseId: "CASE-2" });
      for (const attempt of [
        async () => arrest({ place: [target(kzte, vault, 5n)], until: (await now()) + DAY }),
        () => freeze([target(kzte, vault, 5n)], { caseId: "CASE-3" }),
      ]) {
        await expect(attempt()).to.be.revertedWithCustomError(docket, "DocketCannotHold").withArgs(vault, 4n);
      }
    });
  });
});

describe("A case", () => {
  it("is known by its number from 1 on, and by no other", async () => {
    const { docket, freeze, kzte, alice, bob } = await loadFixture(deploySystem);
    await freeze([target(kzte, alice, 1n)]);
    await freeze([target(kzte, bob, 1n)], { caseId: "CASE-2" });
    expect(await docket.caseCount()).to.equal(2n);
    expect(await docket.caseIdOf(1n)).to.equal(encodeCaseId(CASE));
    expect(await docket.caseIdOf(2n)).to.equal(SECOND);
    for (const number of [0n, 3n]) await expect(docket.caseIdOf(number)).to.be.revertedWithPanic();
  });
});
