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
import {
  ARRESTED,
  caseOf,
  changed,
  effectsOf,
  entryOf,
  execute,
  FREEZE_TERM,
  goTo,
  headAfter,
  holdsOn,
  onHold,
  opened,
  PROVISIONAL,
  target,
  timeOf,
  WHAT,
  type Who,
  loadFixture,
} from "./docket.ts";
import { CASE, DAY, deploySystem, ethers, now, type System } from "./fixture.ts";

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
    const { docket, tenge, stranger, kzte, alice, caseId, vaultAddress } = await loadFixture(deploySeized);
    await tenge.connect(alice).transfer(vaultAddress, 7n);
    const head = await docket.head();
    const entry = await entryOf(docket.connect(stranger).book(caseId, kzte));
    expect(entry.effects).to.deep.equal([
      { what: WHAT.SUSPENSE, asset: kzte, account: vaultAddress, amount: 7n, value: 0n },
    ]);
    expect(entry).to.deep.include({ act: 69n, caseId, order: ZeroHash, document: ZeroHash, officerIds: [] });
    expect(await docket.head()).to.equal(headAfter(head, entry));
    expect(await docket.suspenseOf(caseId, kzte)).to.equal(7n);
  });

  it("does not count as taken, so that a deposit never enlarges what an order can pay", async () => {
    const system = await loadFixture(deploySeized);
    const { docket, disposal, tenge, refund, kzte, alice, caseId, vaultAddress } = system;
    await tenge.connect(alice).transfer(vaultAddress, 7n);
    await docket.book(caseId, kzte);
    expect([...(await docket.custodyOf(caseId, kzte, alice))]).to.deep.equal([vaultAddress, 60n, 60n]);
    await expect(refund([inKind(kzte, alice, 61n)])).to.be.revertedWithCustomError(disposal, "DisposalExceedsTaken");
  });

  it("books only what is new", async () => {
    const { docket, tenge, kzte, alice, caseId, vaultAddress } = await loadFixture(deploySeized);
    await tenge.connect(alice).transfer(vaultAddress, 7n);
    await docket.book(caseId, kzte);
    await tenge.connect(alice).transfer(vaultAddress, 5n);
    const [effect] = await effectsOf(docket.book(caseId, kzte));
    expect(effect!.amount).to.equal(5n);
    expect(await docket.suspenseOf(caseId, kzte)).to.equal(12n);
  });

  it("knows what was taken and what was paid", async () => {
    const { docket, tenge, refund, kzte, alice, caseId, vaultAddress } = await loadFixture(deploySeized);
    await refund([inKind(kzte, alice, 60n)]);
    await expect(docket.book(caseId, kzte)).to.be.revertedWithCustomError(docket, "DocketNothingToBook");
    await tenge.connect(alice).transfer(vaultAddress, 1n);
    const [effect] = await effectsOf(docket.book(caseId, kzte));
    expect(effect!.amount).to.equal(1n);
  });

  it("is refused where nothing arrived: after a seizure, or twice", async () => {
    const { docket, tenge, kzte, usdx, alice, caseId, vaultAddress } = await loadFixture(deploySeized);
    await tenge.connect(alice).transfer(vaultAddress, 7n);
    await docket.book(caseId, kzte);
    for (const [id, asset] of [
      [caseId, kzte],
      [caseId, usdx],
    ] as const) {
      await expect(docket.book(id, asset))
        .to.be.revertedWithCustomError(docket, "DocketNothingToBook")
        .withArgs(id, asset);
    }
  });

  it("is refused for a case that no order named: no stranger's word can make an address a vault and free it", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, tenge, freeze, kzte, alice } = system;
    const address = await docket.vaultOf(SECOND);
    await tenge.connect(alice).transfer(address, 7n);
    await freeze([target(kzte, address, 7n)]);
    for (const id of [SECOND, ZeroHash]) {
      await expect(docket.book(id, kzte)).to.be.revertedWithCustomError(docket, "DocketUnknownCase").withArgs(id);
    }
    expect(await tenge.getFrozenTokens(address)).to.equal(7n);
  });

  it("works in a closed case, which stays closed", async () => {
    const system = await loadFixture(deploySeized);
    const { docket, tenge, refund, kzte, alice, caseId, vaultAddress } = system;
    await refund([inKind(kzte, alice, 60n)]);
    await docket.close(caseId);
    await tenge.connect(alice).transfer(vaultAddress, 7n);
    await docket.book(caseId, kzte);
    expect(await caseOf(system, caseId)).to.include({ closed: true });
  });

  it("is refused for an asset that was never installed", async () => {
    const { docket, quorum, caseId } = await loadFixture(deploySeized);
    const unknown = await quorum.getAddress();
    await expect(docket.book(caseId, unknown))
      .to.be.revertedWithCustomError(docket, "DocketUnknownAsset")
      .withArgs(unknown);
  });
});

describe("Docket.close", () => {
  it("marks a case closed that holds nothing; anyone may", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, freeze, lift, stranger, kzte, alice, caseId } = system;
    await freeze([target(kzte, alice, 60n)]);
    await lift([target(kzte, alice, 60n)]);
    const head = await docket.head();
    const entry = await entryOf(docket.connect(stranger).close(caseId));
    expect(entry.effects).to.deep.equal([
      { what: WHAT.CASE_CLOSED, asset: ZeroAddress, account: ZeroAddress, amount: 0n, value: 1n },
    ]);
    expect(entry).to.deep.include({ act: 70n, caseId, order: ZeroHash, document: ZeroHash, officerIds: [] });
    expect(await docket.head()).to.equal(headAfter(head, entry));
    expect(await caseOf(system, caseId)).to.deep.equal({ number: 1n, holds: 0n, closed: true, hasVault: false });
  });

  it("is refused while a hold is live", async () => {
    const { docket, freeze, lift, kzte, alice, bob, caseId } = await loadFixture(deploySystem);
    await freeze([target(kzte, alice, 60n), target(kzte, bob, 60n)]);
    await expect(docket.close(caseId)).to.be.revertedWithCustomError(docket, "DocketCaseHolds").withArgs(caseId, 2n);
    await lift([target(kzte, alice, 60n), target(kzte, bob, 59n)]);
    await expect(docket.close(caseId)).to.be.revertedWithCustomError(docket, "DocketCaseHolds").withArgs(caseId, 1n);
  });

  it("is refused until the lapse of what ended is recorded", async () => {
    const { docket, freeze, kzte, alice, caseId } = await loadFixture(deploySystem);
    await freeze([target(kzte, alice, 60n)]);
    await goTo((await now()) + FREEZE_TERM + 1n);
    await expect(docket.close(caseId)).to.be.revertedWithCustomError(docket, "DocketCaseHolds").withArgs(caseId, 1n);
    await docket.lapse(caseId, [{ asset: kzte, account: alice }]);
    await docket.close(caseId);
  });

  it("is refused while the vault has money of the case, in any asset", async () => {
    const system = await loadFixture(deploySeized);
    const { docket, other, issuer, freeze, seize, refund, kzte, usdx, alice, bob, caseId } = system;
    await expect(docket.close(caseId))
      .to.be.revertedWithCustomError(docket, "DocketCaseHoldsMoney")
      .withArgs(caseId, kzte, 60n, 0n);
    await refund([inKind(kzte, alice, 59n)]);
    await expect(docket.close(caseId))
      .to.be.revertedWithCustomError(docket, "DocketCaseHoldsMoney")
      .withArgs(caseId, kzte, 60n, 59n);
    await refund([inKind(kzte, alice, 1n)]);
    await other.connect(issuer).mint(bob, 5n);
    await freeze([target(usdx, bob, 5n)]);
    await seize([target(usdx, bob, 5n)]);
    await expect(docket.close(caseId))
      .to.be.revertedWithCustomError(docket, "DocketCaseHoldsMoney")
      .withArgs(caseId, usdx, 5n, 0n);
    await refund([inKind(usdx, bob, 5n)]);
    await docket.close(caseId);
  });

  it("is not hindered by suspense", async () => {
    const { docket, tenge, refund, kzte, alice, caseId, vaultAddress } = await loadFixture(deploySeized);
    await refund([inKind(kzte, alice, 60n)]);
    await tenge.connect(alice).transfer(vaultAddress, 7n);
    await docket.book(caseId, kzte);
    await docket.close(caseId);
  });

  it("is refused twice", async () => {
    const { docket, refund, kzte, alice, caseId } = await loadFixture(deploySeized);
    await refund([inKind(kzte, alice, 60n)]);
    await docket.close(caseId);
    await expect(docket.close(caseId)).to.be.revertedWithCustomError(docket, "DocketCaseClosed").withArgs(caseId);
  });

  it("is refused for a case that was never opened", async () => {
    const { docket } = await loadFixture(deploySystem);
    await expect(docket.close(SECOND)).to.be.revertedWithCustomError(docket, "DocketUnknownCase").withArgs(SECOND);
  });

  const orders: [string, (system: System) => Promise<unknown>][] = [
    ["Freeze", ({ freeze, kzte, bob }) => freeze([target(kzte, bob, 1n)])],
    ["Arrest", async ({ arrest, kzte, bob }) => arrest({ place: [target(kzte, bob, 1n)], until: (await now()) + DAY })],
  ];
  for (const [name, order] of orders) {
    it(`is only a mark: the next ${name} opens the case again, under its number`, async () => {
      const system = await loadFixture(deploySeized);
      const { docket, refund, kzte, alice, bob, caseId } = system;
      await refund([inKind(kzte, alice, 60n)]);
      await docket.close(caseId);
      const sent = (await order(system)) as Parameters<typeof effectsOf>[0];
      expect((await effectsOf(sent))[0]).to.deep.equal(opened(1n));
      expect(await caseOf(system, caseId)).to.deep.equal({ number: 1n, holds: 1n, closed: false, hasVault: true });
      expect(await docket.caseCount()).to.equal(1n);
      expect((await holdsOn(system, kzte, bob))[0]).to.include({ caseNumber: 1n });
    });
  }

  it("leaves nothing to lift or to seize, and neither opens the case again", async () => {
    const system = await loadFixture(deploySeized);
    const { docket, refund, lift, seize, kzte, alice, caseId } = system;
    await refund([inKind(kzte, alice, 60n)]);
    await docket.close(caseId);
    for (const attempt of [() => lift([target(kzte, alice, 1n)]), () => seize([target(kzte, alice, 1n)])]) {
      await expect(attempt())
        .to.be.revertedWithCustomError(docket, "DocketHoldTooSmall")
        .withArgs(kzte, alice.address, 0n, 1n);
    }
    expect(await caseOf(system, caseId)).to.include({ closed: true });
  });
});

describe("Docket.open", () => {
  const SALT = keccak256(toUtf8Bytes("document salt"));
  const FILE = keccak256(toUtf8Bytes("hash of the ruling's file"));

  it("shows of which file a document is the hash; anyone may who has salt and file", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, freeze, stranger, kzte, alice, caseId } = system;
    const document = keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "bytes32"], [SALT, FILE]));
    const order = await entryOf(freeze([target(kzte, alice, 60n)], { document: document as `0x${string}` }));
    const head = await docket.head();
    const entry = await entryOf(docket.connect(stranger).open(caseId, SALT, FILE));
    expect(entry.effects).to.deep.equal([
      {
        ...{ what: WHAT.DOCUMENT_OPENED, asset: ZeroAddress, account: ZeroAddress },
        ...{ amount: BigInt(SALT), value: BigInt(FILE) },
      },
    ]);
    expect(entry).to.deep.include({ act: 71n, caseId, order: ZeroHash, officerIds: [] });
    expect(entry.document).to.equal(order.document);
    expect(await docket.head()).to.equal(headAfter(head, entry));
  });

  it("gives another document for another salt or file", async () => {
    const { docket, freeze, kzte, alice, caseId } = await loadFixture(deploySystem);
    await freeze([target(kzte, alice, 60n)]);
    const documents = [];
    for (const [salt, file] of [
      [SALT, FILE],
      [FILE, SALT],
      [SALT, SALT],
    ] as const) {
      documents.push((await entryOf(docket.open(caseId, salt, file))).document);
    }
    expect(new Set(documents).size).to.equal(3);
  });

  it("works in a closed case", async () => {
    const { docket, refund, kzte, alice, caseId } = await loadFixture(deploySeized);
    await refund([inKind(kzte, alice, 60n)]);
    await docket.close(caseId);
    await expect(docket.open(caseId, SALT, FILE)).to.emit(docket, "Entry");
  });

  it("is refused for a case that was never opened", async () => {
    const { docket } = await loadFixture(deploySystem);
    await expect(docket.open(SECOND, SALT, FILE))
      .to.be.revertedWithCustomError(docket, "DocketUnknownCase")
      .withArgs(SECOND);
  });
});

describe("A case id", () => {
  const valid: [string, string][] = [
    ["one character", "A"],
    ["31 characters", "x".repeat(31)],
    ["the first and the last printable character", " ~"],
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
      const freeze = buildFreeze({ ...base({}), targets, term: 1000 });
      const arrest = buildArrest({ ...base({}), place: targets, until: (await now()) + DAY });
      for (const attempt of [() => execute(system, changed(freeze, id)), () => execute(system, changed(arrest, id))]) {
        await expect(attempt()).to.be.revertedWithCustomError(docket, "DocketInvalidCaseId").withArgs(caseId);
      }
      expect(await docket.caseCount()).to.equal(0n);
    });
  }
});

describe("The vault of a case", () => {
  it("has an address that follows from the case id alone, known before the case exists", async () => {
    const { docket, disposal, vault, freeze, seize, kzte, alice, caseId } = await loadFixture(deploySystem);
    // ERC-1167 with immutable arguments, by CREATE2 from the docket.
    const args = AbiCoder.defaultAbiCoder().encode(["address", "bytes32"], [await disposal.getAddress(), caseId]);
    const size = (0x2d + (args.length - 2) / 2).toString(16).padStart(4, "0");
    const code = concat([
      `0x61${size}3d81600a3d39f3363d3d373d3d3d363d73`,
      await vault.getAddress(),
      "0x5af43d82803e903d91602b57fd5bf3",
      args,
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
      const ofCase = { caseNumber: 1n, amount: 0n };
      return {
        ...{ ...system, vault, since },
        short: { ...ofCase, kind: PROVISIONAL, number: 1n, since, until: since + DAY },
        // It inherits when the provisional one began.
        long: { ...ofCase, kind: ARRESTED, number: 2n, since, until },
        second,
      };
    }

    it("is released by the first order that names its case", async () => {
      const system = await loadFixture(deployVaultHeld);
      const { docket, tenge, freeze, seize, kzte, alice, vault, short, long, caseId, since, refund } = system;
      await goTo(since + 2n * DAY);
      const sent = await freeze([target(kzte, alice, 60n)], { caseId: "CASE-2" });
      const placed = await timeOf(sent);
      expect(await effectsOf(sent)).to.deep.equal([
        opened(2n),
        onHold(WHAT.LAPSED, kzte, vault, 9n, short),
        onHold(WHAT.LIFTED, kzte, vault, 5n, long),
        onHold(WHAT.HELD, kzte, alice, 60n, {
          ...{ kind: PROVISIONAL, caseNumber: 2n, number: 3n, since: placed, until: placed + FREEZE_TERM, amount: 60n },
        }),
      ]);
      expect(await tenge.getFrozenTokens(vault)).to.equal(0n);
      expect((await docket.heldOf(kzte, vault)).held).to.equal(0n);
      expect((await caseOf(system, caseId)).holds).to.equal(0n);
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
      expect((await caseOf(system, encodeCaseId("CASE-3"))).holds).to.equal(0n);
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
