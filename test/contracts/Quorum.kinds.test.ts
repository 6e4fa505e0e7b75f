import { expect } from "chai";
import {
  concat,
  dataSlice,
  getAddress,
  id,
  toBeHex,
  Wallet,
  ZeroAddress,
  ZeroHash,
  zeroPadBytes,
  zeroPadValue,
  type ContractTransactionResponse,
} from "ethers";
import type { Address, Hex } from "viem";
import { admissionsOf } from "../../src/deployment/charter.ts";
import {
  buildAdmit,
  buildCancel,
  buildFreeze,
  bundleOf,
  digestOf,
  domainOf,
  OFFICER_KINDS,
  rangeOf,
  SELF,
  type Domain,
  type Order,
} from "../../src/orders/index.ts";
import { CASE } from "../system/acts/signed.ts";
import { ethers, goTo, loadFixture, networkHelpers, NEVER, now } from "../system/chain.ts";
import { charterFor, tally } from "../system/charters.ts";
import { deployContracts } from "../system/deployed.ts";
import { entriesOf, entryOf, holdsOn } from "../system/entries.ts";
import {
  approvalsOf,
  contractOfficer,
  deployVerifiers,
  keyOfficer,
  multiSignerOfficer,
  newWallets,
  officerIdOf,
  p256Officer,
  rsaOfficer,
  safeOfficer,
  type TestOfficer,
  type Verifiers,
  webAuthnOfficer,
} from "../system/kinds.ts";
import { UNIT } from "../system/money.ts";
import { DOCUMENT, nextSalt, NO_APPROVALS, officer, struct } from "../system/officers.ts";
import { AGENCY, DAY, type OfficerName, OFFICERS } from "../system/parameters.ts";

const { FMA, GPO } = AGENCY;
const { APPROVE, REVOKE } = { APPROVE: 66n, REVOKE: 67n };
const { APPROVAL_WITHDRAWN, APPROVED } = { APPROVAL_WITHDRAWN: 49n, APPROVED: 58n };
const ADMISSION_DELAY = 2n * DAY;
/** What a contract says of a signature that is its own (ERC-1271): four bytes, padded to a word. */
const YES = zeroPadBytes(id("isValidSignature(bytes32,bytes)").slice(0, 10), 32);
const NO = zeroPadBytes("0xffffffff", 32);

const KINDS: Record<string, (verifiers: Verifiers) => TestOfficer | Promise<TestOfficer>> = {
  "a key": () => keyOfficer(newWallets(1)[0]!),
  "a Safe": () => safeOfficer(),
  "an OpenZeppelin multi-signer": (verifiers) => multiSignerOfficer(verifiers),
  "a P-256 key": ({ p256 }) => p256Officer(p256),
  "a WebAuthn passkey": ({ webAuthn }) => webAuthnOfficer(webAuthn),
  "an RSA key": ({ rsa }) => rsaOfficer(rsa),
};

const key = (name: OfficerName): TestOfficer => keyOfficer(officer(name));
const byOfficer = (a: TestOfficer, b: TestOfficer) => (officerIdOf(a) < officerIdOf(b) ? -1 : 1);

/** Every key of the usual charter, by its address. */
const KEYS = new Map(
  OFFICERS.map(({ name }) => key(name as OfficerName)).map((officer) => [officer.signer, officer] as const),
);

/** The usual charter, with officers of other kinds that sit for the FMA beside its keys. */
function charterWith(
  { addresses }: Pick<Awaited<ReturnType<typeof deployContracts>>, "addresses">,
  verifiers: readonly Address[],
  others: readonly TestOfficer[],
) {
  const charter = charterFor(addresses, { verifiers });
  const seats = others.map(({ kind, signer }) => ({ agency: FMA, kind: OFFICER_KINDS[kind], signer }));
  return { ...charter, seats: [...charter.seats, ...seats] };
}

/** The signature of each seat over its admission. */
async function signSeats(charter: ReturnType<typeof charterWith>, domain: Domain, others: readonly TestOfficer[]) {
  const officers = new Map([...KEYS, ...others.map((other) => [other.signer, other] as const)]);
  return Promise.all(
    admissionsOf(charter).map((admission) => officers.get(admission.message.signer)!.sign(digestOf(admission, domain))),
  );
}

/** The system with one officer of each kind, and a contract officer that is hostile, all seated for the FMA. */
async function deployKinds() {
  const system = await deployContracts();
  const verifiers = await deployVerifiers();
  const hostile = await ethers.deployContract("HostileOfficer");
  const safe = await safeOfficer();
  const of: Record<string, TestOfficer> = {};
  for (const [name, make] of Object.entries(KINDS)) of[name] = name === "a Safe" ? safe : await make(verifiers);
  const hostileOfficer = contractOfficer(await hostile.getAddress());
  const others = [...Object.values(of), hostileOfficer];
  const charter = charterWith(system, Object.values(verifiers), others);
  await system.quorum.install(struct(charter), await signSeats(charter, system.domain, others));
  for (const holder of [system.alice, system.bob, system.carol]) {
    await system.tenge.connect(system.issuer).mint(holder, 1_000n * UNIT);
  }
  return { ...system, verifiers, of, safe, hostile, hostileOfficer };
}

type Kinds = Awaited<ReturnType<typeof deployKinds>>;

/** A freeze of 100 KZTE, by default of alice's. */
function freezeOf(
  { kzte, alice, domain, docket }: Kinds,
  { who = alice, signBy = NEVER, salt = nextSalt() }: { who?: { address: string }; signBy?: bigint; salt?: Hex } = {},
) {
  const targets = [{ asset: kzte, account: who.address as Address, amount: 100n * UNIT }];
  const order = buildFreeze({ caseId: CASE, document: DOCUMENT, targets, term: 86_400, signBy, salt });
  const digest = digestOf(order, domain);
  return {
    order,
    digest,
    approve: (by: readonly TestOfficer[]) => approvalsOf(digest, by),
    execute: (approvals: Awaited<ReturnType<typeof approvalsOf>>, overrides: { gasLimit?: number } = {}) =>
      docket.freeze([struct(order.message)], [approvals], "0x", overrides),
  };
}

/**
 * What is said of a signature that is not the officer's. A key is known by its signature only: what it did not sign,
 * somebody unknown has signed. A contract may have said yes before.
 */
const ERRORS = {
  key: "QuorumUnknownOfficer",
  verifier: "QuorumInvalidSignature",
  contract: "QuorumWithdrawn",
} as const;

/** What is left of the approvals of {@link withKeys}, and what was given, where the second one does not count. */
const WITHOUT_SECOND = [tally({ [FMA]: 1, [GPO]: 1 }), tally({ [FMA]: 2, [GPO]: 1 })] as const;

/** The FMA's first key, one more of its officers, and the prosecutor: enough for a freeze. */
const withKeys = (second: TestOfficer): TestOfficer[] => [key("FMA-1"), second, key("GPO-1")];

/** Approvals in which the officers that are no keys bring other signatures. */
const signedAs = (approvals: Awaited<ReturnType<typeof approvalsOf>>, signature: Hex) => ({
  ...approvals,
  others: approvals.others.map(({ signer }) => ({ signer, signature })),
});

/** The approvals of the FMA's first key and the prosecutor, and a signature that is said to be the officer's. */
async function approvalsWith(digest: Hex, { kind, signer }: TestOfficer, signature: Hex) {
  return approvalsOf(digest, withKeys({ kind, signer, sign: async () => signature, twins: () => [] }));
}

/** What an order that is refused must not change. */
async function stateOf(system: Kinds, ...digests: string[]) {
  const { docket, quorum, alice, bob, carol } = system;
  return {
    head: await docket.head(),
    used: await Promise.all(digests.map((digest) => quorum.entryOf(digest))),
    holds: await Promise.all([alice, bob, carol].map((who) => holdsOn(system, system.kzte, who))),
  };
}

/** An admission to the FMA, approved as usual. */
async function admissionOf({ quorum, domain }: Kinds, { kind, signer }: Pick<TestOfficer, "kind" | "signer">) {
  // No builder makes the admissions that must be refused.
  const order: Order<"Admit"> = {
    primaryType: "Admit",
    message: { agency: FMA, kind: OFFICER_KINDS[kind], signer, document: DOCUMENT, signBy: NEVER, salt: nextSalt() },
  };
  const digest = digestOf(order, domain);
  const by = [key("FMA-2"), key("GPO-2"), key("COURT-2")];
  const approvals = await approvalsOf(digest, by);
  return {
    order,
    digest,
    schedule: (consent: string) => quorum.admit(order.message, approvals, consent),
    execute: () => quorum.executeAdmit(order.message, by.toSorted(byOfficer).map(officerIdOf), NO_APPROVALS),
  };
}

async function dismiss({ quorum, domain }: Kinds, officerId: Hex) {
  const order: Order<"Dismiss"> = {
    primaryType: "Dismiss",
    message: { officerId, document: DOCUMENT, compromised: false, signBy: (await now()) + DAY, salt: nextSalt() },
  };
  return quorum.dismiss(order.message, await approvalsOf(digestOf(order, domain), [key("FMA-1"), key("FMA-2")]));
}

describe("Quorum: officers of every kind", () => {
  for (const [name, make] of Object.entries(KINDS)) {
    describe(name, () => {
      it("sits as a first officer, approves a freeze and has it executed", async () => {
        const system = await loadFixture(deployKinds);
        const second = system.of[name]!;
        const { kind, agency } = await system.quorum.officer(officerIdOf(second));
        expect([kind, agency]).to.deep.equal([BigInt(OFFICER_KINDS[second.kind]), BigInt(FMA)]);

        const { approve, execute, digest } = freezeOf(system);
        const entry = await entryOf(execute(await approve(withKeys(second))));
        expect(entry.order).to.equal(digest);
        expect(entry.officerIds).to.have.members(withKeys(second).map(officerIdOf));
        expect((await holdsOn(system, system.kzte, system.alice)).map(({ amount }) => amount)).to.deep.equal([
          100n * UNIT,
        ]);
      });

      it("is admitted with its own consent, and approves from then on, not before", async () => {
        const system = await loadFixture(deployKinds);
        const candidate = await make(system.verifiers);
        const officerId = officerIdOf(candidate);
        const admission = await admissionOf(system, candidate);
        await admission.schedule(await candidate.sign(admission.digest));
        const { approve, execute } = freezeOf(system);
        const approvals = await approve(withKeys(candidate));
        await expect(execute(approvals))
          .to.be.revertedWithCustomError(system.quorum, "QuorumUnknownOfficer")
          .withArgs(officerId);

        await goTo((await now()) + ADMISSION_DELAY);
        await admission.execute();
        expect([...(await system.quorum.officer(officerId))]).to.deep.equal([
          BigInt(OFFICER_KINDS[candidate.kind]),
          BigInt(FMA),
        ]);
        expect((await entryOf(execute(approvals))).officerIds).to.include(officerId);
      });

      it("is not admitted without its own consent to this very admission", async () => {
        const system = await loadFixture(deployKinds);
        const [candidate, another] = [await make(system.verifiers), await make(system.verifiers)];
        const { digest, schedule } = await admissionOf(system, candidate);
        const before = await stateOf(system, digest);
        const good = await candidate.sign(digest);
        for (const consent of ["0x", await candidate.sign(id("other") as Hex), await another.sign(digest)]) {
          await expect(schedule(consent))
            .to.be.revertedWithCustomError(system.quorum, "QuorumNoConsent")
            .withArgs(officerIdOf(candidate));
        }
        expect(await stateOf(system, digest)).to.deep.equal(before);
        await schedule(good);
      });

      it("cannot be seated by a charter that it did not sign", async () => {
        const system = await networkHelpers.loadFixture(deployContracts);
        const verifiers = await deployVerifiers();
        const [first, another] = [await make(verifiers), await make(verifiers)];
        const charter = charterWith(system, Object.values(verifiers), [first]);
        const signatures = await signSeats(charter, system.domain, [first]);
        const last = signatures.length - 1;
        const digest = digestOf(admissionsOf(charter)[last]!, system.domain);
        for (const forged of ["0x", await first.sign(id("other") as Hex), await another.sign(digest)]) {
          await expect(system.quorum.install(struct(charter), signatures.with(last, forged as Hex)))
            .to.be.revertedWithCustomError(system.quorum, "QuorumInvalidSignature")
            .withArgs(last);
        }
        await system.quorum.install(struct(charter), signatures);
      });

      it("approves nothing by a signature over another order, of another chain or Quorum, by another, or by a twin", async () => {
        const system = await loadFixture(deployKinds);
        const { quorum, domain } = system;
        const second = system.of[name]!;
        const { order, digest, execute, approve } = freezeOf(system);
        const before = await stateOf(system, digest);
        const elsewhere = await ethers.deployContract("Quorum");
        const wrong: Record<string, Hex> = {
          "of another order": await second.sign(freezeOf(system).digest),
          "of another chain": await second.sign(digestOf(order, domainOf(1, domain.verifyingContract))),
          "of another Quorum": await second.sign(
            digestOf(order, domainOf(31337, (await elsewhere.getAddress()) as Address)),
          ),
          "by another of its kind": await (await make(system.verifiers)).sign(digest),
        };
        for (const [what, signature] of Object.entries(wrong)) {
          const error = ERRORS[second.kind];
          await expect(execute(await approvalsWith(digest, second, signature)), what).to.be.revertedWithCustomError(
            quorum,
            error,
          );
        }
        const good = await approve(withKeys(second));
        for (const twin of second.twins(await second.sign(digest))) {
          const twins =
            second.kind === "key"
              ? { ...good, keys: concat([dataSlice(good.keys, 0, 130), twin]) as Hex }
              : signedAs(good, twin);
          await expect(execute(twins), "a twin").to.be.revertedWithCustomError(
            quorum,
            second.kind === "contract" ? "QuorumWithdrawn" : "QuorumInvalidSignature",
          );
        }
        expect(await stateOf(system, digest)).to.deep.equal(before);
        await execute(good);
      });
    });
  }

  it("lets officers of all kinds approve one order, ascending by officer id", async () => {
    const system = await loadFixture(deployKinds);
    const by = [...Object.values(system.of), key("GPO-1")];
    const { approve, execute } = freezeOf(system);
    const { officerIds } = await entryOf(execute(await approve(by)));
    expect(officerIds).to.deep.equal([
      ...by
        .filter(({ kind }) => kind === "key")
        .sort(byOfficer)
        .map(officerIdOf),
      ...by
        .filter(({ kind }) => kind !== "key")
        .sort(byOfficer)
        .map(officerIdOf),
    ]);
  });

  it("refuses others that do not ascend, and one that approves twice", async () => {
    const system = await loadFixture(deployKinds);
    const { quorum, of } = system;
    const two = [of["a Safe"]!, of["an RSA key"]!].sort(byOfficer);
    const [low, high] = two.map(officerIdOf);
    const { approve, execute } = freezeOf(system);
    const approvals = await approve([...two, key("GPO-1")]);
    const [first, second] = approvals.others;
    await expect(execute({ ...approvals, others: [second!, first!] }))
      .to.be.revertedWithCustomError(quorum, "QuorumUnorderedOfficer")
      .withArgs(low, high);
    await expect(execute({ ...approvals, others: [first!, first!] }))
      .to.be.revertedWithCustomError(quorum, "QuorumUnorderedOfficer")
      .withArgs(low, low);
  });

  it("takes no key among the others, so that none counts twice", async () => {
    const system = await loadFixture(deployKinds);
    const { approve, execute } = freezeOf(system);
    const approvals = await approve([key("FMA-1"), key("GPO-1")]);
    const { signer } = key("FMA-1");
    const others = [{ signer, signature: dataSlice(approvals.keys, 0, 65) as Hex }];
    await expect(execute({ ...approvals, others }))
      .to.be.revertedWithCustomError(system.quorum, "QuorumUnknownOfficer")
      .withArgs(officerIdOf({ signer }));
  });

  it("lets a contract and a verifier's key withdraw their approvals by signed cancels", async () => {
    const system = await loadFixture(deployKinds);
    const { quorum, domain, of } = system;
    for (const name of ["a Safe", "a P-256 key"]) {
      const { digest, approve, execute } = freezeOf(system);
      const second = of[name]!;
      const cancel = buildCancel({ order: digest, signBy: NEVER, salt: nextSalt() });
      const cancelDigest = digestOf(cancel, domain);
      const approvals = await approvalsOf(cancelDigest, [second]);
      await expect(quorum.cancel(cancel.message, signedAs(approvals, await second.sign(digest))))
        .to.be.revertedWithCustomError(quorum, "QuorumInvalidSignature")
        .withArgs(0);
      await quorum.cancel(cancel.message, approvals);
      await expect(execute(await approve(withKeys(second))))
        .to.be.revertedWithCustomError(quorum, "QuorumWithdrawn")
        .withArgs(digest, tally({ [FMA]: 1, [GPO]: 1 }), tally({ [FMA]: 2, [GPO]: 1 }));
    }
  });

  describe("approval on chain", () => {
    /** A real Safe transaction that calls the Quorum. */
    const bySafe = async ({ quorum, safe }: Kinds, call: "approve" | "revoke", digest: string) =>
      safe.execute(await quorum.getAddress(), quorum.interface.encodeFunctionData(call as "approve", [digest]));

    it("lets a Safe approve by a transaction, and its order execute with an empty signature", async () => {
      const system = await loadFixture(deployKinds);
      const { quorum, safe } = system;
      const { digest, approve, execute } = freezeOf(system);
      const empty = signedAs(await approve(withKeys(safe)), "0x");
      await expect(execute(empty))
        .to.be.revertedWithCustomError(quorum, "QuorumWithdrawn")
        .withArgs(digest, ...WITHOUT_SECOND);

      expect(await quorum.isApproved(digest, officerIdOf(safe))).to.be.false;
      const { effects, ...entry } = await entryOf(bySafe(system, "approve", digest));
      expect(entry.act).to.equal(APPROVE);
      expect(entry.officerIds).to.deep.equal([officerIdOf(safe)]);
      expect(effects).to.deep.equal([
        {
          what: APPROVED,
          asset: ZeroAddress,
          account: ZeroAddress,
          amount: BigInt(digest),
          value: BigInt(officerIdOf(safe)),
        },
      ]);
      expect(await quorum.isApproved(digest, officerIdOf(safe))).to.be.true;
      expect((await entryOf(execute(empty))).officerIds).to.include(officerIdOf(safe));
    });

    it("counts for that order only", async () => {
      const system = await loadFixture(deployKinds);
      const [approved, other] = [freezeOf(system), freezeOf(system)];
      await bySafe(system, "approve", approved.digest);
      await expect(other.execute(signedAs(await other.approve(withKeys(system.safe)), "0x")))
        .to.be.revertedWithCustomError(system.quorum, "QuorumWithdrawn")
        .withArgs(other.digest, ...WITHOUT_SECOND);
    });

    it("tells nothing of the order: the same targets under another salt have an unrelated digest", async () => {
      const system = await loadFixture(deployKinds);
      const { quorum } = system;
      const [one, two] = [freezeOf(system), freezeOf(system)];
      expect({ ...two.order.message, salt: one.order.message.salt }).to.deep.equal(one.order.message);
      const different = (BigInt(one.digest) ^ BigInt(two.digest)).toString(2).replaceAll("0", "").length;
      expect(different).to.be.within(80, 176);

      const { caseId, document, order, effects } = await entryOf(bySafe(system, "approve", one.digest));
      expect([caseId, document, order]).to.deep.equal([ZeroHash, ZeroHash, ZeroHash]);
      expect(effects.map(({ asset, account }) => [asset, account])).to.deep.equal([[ZeroAddress, ZeroAddress]]);
      // What the public saw is the digest and the officer: 36 bytes of a call.
      expect(quorum.interface.encodeFunctionData("approve", [one.digest])).to.have.length(2 + 2 * 36);
    });

    it("is revoked for ever, also where the officer signed besides", async () => {
      const system = await loadFixture(deployKinds);
      const { quorum, safe } = system;
      const { digest, approve, execute } = freezeOf(system);
      const signed = await approve(withKeys(safe));
      await bySafe(system, "approve", digest);
      const { act, officerIds, effects } = await entryOf(bySafe(system, "revoke", digest));
      expect(act).to.equal(REVOKE);
      expect(officerIds).to.deep.equal([officerIdOf(safe)]);
      expect(effects.map(({ what, amount, value }) => [what, amount, value])).to.deep.equal([
        [APPROVAL_WITHDRAWN, BigInt(digest), BigInt(officerIdOf(safe))],
      ]);
      expect(await quorum.isApproved(digest, officerIdOf(safe))).to.be.false;
      expect(await quorum.isWithdrawn(digest, officerIdOf(safe))).to.be.true;
      const before = await stateOf(system, digest);
      for (const approvals of [signed, signedAs(signed, "0x")]) {
        await expect(execute(approvals))
          .to.be.revertedWithCustomError(quorum, "QuorumWithdrawn")
          .withArgs(digest, tally({ [FMA]: 1, [GPO]: 1 }), tally({ [FMA]: 2, [GPO]: 1 }));
      }
      expect(await stateOf(system, digest)).to.deep.equal(before);
      // A full quorum without it passes all the same.
      expect((await entryOf(execute(await approve([...withKeys(safe), key("FMA-2")])))).officerIds).not.to.include(
        officerIdOf(safe),
      );
    });

    it("does not let a revoked order stop the rest of a batch", async () => {
      const system = await loadFixture(deployKinds);
      const { quorum, docket, safe, alice, bob, carol } = system;
      const freezes = [alice, bob, carol].map((who) => freezeOf(system, { who }));
      const approvals = await Promise.all(freezes.map(({ approve }) => approve(withKeys(safe))));
      for (const { digest } of freezes) await bySafe(system, "approve", digest);
      await bySafe(system, "revoke", freezes[1]!.digest);
      const reason = quorum.interface.encodeErrorResult("QuorumWithdrawn", [
        freezes[1]!.digest,
        tally({ [FMA]: 1, [GPO]: 1 }),
        tally({ [FMA]: 2, [GPO]: 1 }),
      ]);
      const sent = docket.freeze(
        freezes.map(({ order }) => struct(order.message)),
        approvals.map((approval) => signedAs(approval, "0x")),
        "0x",
      );
      await expect(sent).to.emit(docket, "Skipped").withArgs(1, reason);
      expect((await entriesOf(sent)).map(({ order }) => order)).to.deep.equal([freezes[0]!.digest, freezes[2]!.digest]);
      const holds = await Promise.all([alice, bob, carol].map((who) => holdsOn(system, system.kzte, who)));
      expect(holds.map(({ length }) => length)).to.deep.equal([1, 0, 1]);
    });

    it("does not let an officer stop the rest of a batch that revokes and says no from then on", async () => {
      const system = await loadFixture(deployKinds);
      const { quorum, docket, hostile, hostileOfficer, alice, bob } = system;
      const freezes = [alice, bob].map((who) => freezeOf(system, { who }));
      const approvals = await Promise.all(freezes.map(({ approve }) => approve(withKeys(hostileOfficer))));
      const revoke = quorum.interface.encodeFunctionData("revoke", [freezes[0]!.digest]);
      await hostile.perform(await quorum.getAddress(), revoke);
      const approve = quorum.interface.encodeFunctionData("approve", [freezes[1]!.digest]);
      await hostile.perform(await quorum.getAddress(), approve);
      await hostile.setAnswer(NO);
      const sent = docket.freeze(
        freezes.map(({ order }) => struct(order.message)),
        approvals,
        "0x",
      );
      await expect(sent).to.emit(docket, "Skipped");
      expect((await entriesOf(sent)).map(({ order }) => order)).to.deep.equal([freezes[1]!.digest]);
    });

    it("refuses a second approval, one after a revocation, and one of an order that was executed", async () => {
      const system = await loadFixture(deployKinds);
      const { quorum, docket, hostile, hostileOfficer } = system;
      const as = (call: "approve" | "revoke", digest: string) =>
        hostile.perform(quorum, quorum.interface.encodeFunctionData(call as "approve", [digest]));
      const officerId = officerIdOf(hostileOfficer);
      const { digest, approve, execute } = freezeOf(system);
      await as("approve", digest);
      await expect(as("approve", digest))
        .to.be.revertedWithCustomError(quorum, "QuorumApprovedBefore")
        .withArgs(digest, officerId);

      await execute(await approve(withKeys(hostileOfficer)));
      for (const call of ["approve", "revoke"] as const) {
        await expect(as(call, digest))
          .to.be.revertedWithCustomError(quorum, "QuorumOrderUsed")
          .withArgs(digest, await docket.entries());
      }

      const revoked = freezeOf(system).digest;
      await as("revoke", revoked);
      for (const call of ["approve", "revoke"] as const) {
        await expect(as(call, revoked))
          .to.be.revertedWithCustomError(quorum, "QuorumApprovalWithdrawn")
          .withArgs(revoked, officerId);
      }
    });

    it("is for seated contracts: not for strangers, keys, verifiers, or who was dismissed", async () => {
      const system = await loadFixture(deployKinds);
      const { quorum, stranger, verifiers, hostile, hostileOfficer } = system;
      const { digest } = freezeOf(system);
      const before = await stateOf(system, digest);
      const unseated = await ethers.deployContract("HostileOfficer");
      const callers = [stranger.address, officer("FMA-1").address, verifiers.p256, await unseated.getAddress()];
      for (const caller of callers) {
        await networkHelpers.impersonateAccount(caller);
        await networkHelpers.setBalance(caller, 10n ** 18n);
        const signer = await ethers.getSigner(caller);
        for (const call of ["approve", "revoke"] as const) {
          await expect(quorum.connect(signer)[call](digest))
            .to.be.revertedWithCustomError(quorum, "QuorumUnknownOfficer")
            .withArgs(officerIdOf({ signer: caller }));
        }
        await networkHelpers.stopImpersonatingAccount(caller);
      }
      expect(await stateOf(system, digest)).to.deep.equal(before);

      await dismiss(system, officerIdOf(hostileOfficer));
      for (const call of ["approve", "revoke"] as const) {
        await expect(hostile.perform(quorum, quorum.interface.encodeFunctionData(call as "approve", [digest])))
          .to.be.revertedWithCustomError(quorum, "QuorumDismissedOfficer")
          .withArgs(officerIdOf(hostileOfficer));
      }
    });

    it("ends with the dismissal of the officer", async () => {
      const system = await loadFixture(deployKinds);
      const { quorum, safe } = system;
      const { digest, approve, execute } = freezeOf(system);
      await bySafe(system, "approve", digest);
      await dismiss(system, officerIdOf(safe));
      await expect(execute(signedAs(await approve(withKeys(safe)), "0x")))
        .to.be.revertedWithCustomError(quorum, "QuorumWithdrawn")
        .withArgs(digest, tally({ [FMA]: 1, [GPO]: 1 }), tally({ [FMA]: 2, [GPO]: 1 }));
    });
  });

  describe("attacks: verifiers that would say yes to everything", () => {
    const IDENTITY = toBeHex(4, 20) as Address;
    const PUBLIC_KEY = concat([id("x"), id("y")]);
    const verifierOfficer = (verifier: string): TestOfficer => ({
      ...contractOfficer(concat([verifier, PUBLIC_KEY])),
      kind: "verifier",
    });

    it("seats no key under the identity precompile, which echoes the answer that ERC-7913 asks for", async () => {
      const system = await networkHelpers.loadFixture(deployContracts);
      const { quorum, domain } = system;
      const first = verifierOfficer(IDENTITY);
      // Named by the charter or not, with whatever signature.
      for (const verifiers of [[], [IDENTITY]]) {
        const charter = charterWith(system, verifiers, [first]);
        await expect(quorum.install(struct(charter), await signSeats(charter, domain, [first])))
          .to.be.revertedWithCustomError(quorum, "QuorumUnknownVerifier")
          .withArgs(IDENTITY);
      }
    });

    it("refuses a charter that names a precompile, the zero address or an account without code", async () => {
      const system = await networkHelpers.loadFixture(deployContracts);
      const { quorum, domain, stranger } = system;
      const refused = [0, 1, 2, 4, 5, 9, 10, 0x11, 0x100, 0x101, 0x1ff, 0x200].map((n) => toBeHex(n, 20));
      for (const verifier of [...refused, stranger.address]) {
        const charter = charterWith(system, [verifier as Address], []);
        await expect(quorum.install(struct(charter), await signSeats(charter, domain, [])), verifier)
          .to.be.revertedWithCustomError(quorum, "QuorumUnknownVerifier")
          .withArgs(getAddress(verifier));
      }
    });

    it("refuses addresses of precompiles to come, also where code stands there: the first verifier is 0x200", async () => {
      const system = await networkHelpers.loadFixture(deployContracts);
      const { quorum, domain } = system;
      const [last, first] = [0x1ff, 0x200].map((n) => getAddress(toBeHex(n, 20)) as Address);
      const { p256 } = await deployVerifiers();
      for (const verifier of [last!, first!]) {
        await networkHelpers.setCode(verifier, await ethers.provider.getCode(p256));
      }
      const wrong = charterWith(system, [last!], []);
      await expect(quorum.install(struct(wrong), await signSeats(wrong, domain, [])))
        .to.be.revertedWithCustomError(quorum, "QuorumUnknownVerifier")
        .withArgs(last);
      const charter = charterWith(system, [first!], []);
      await quorum.install(struct(charter), await signSeats(charter, domain, []));
      expect(await quorum.isVerifier(first!)).to.be.true;
    });

    it("admits nobody under a precompile, the zero address, an account without code, or a verifier the charter does not name", async () => {
      const system = await loadFixture(deployKinds);
      const { quorum, stranger } = system;
      const { p256: unnamed } = await deployVerifiers();
      const precompiles = Array.from({ length: 0x200 }, (_, n) => toBeHex(n, 20));
      for (const verifier of [...precompiles, stranger.address, unnamed]) {
        const message = buildMessage(verifierOfficer(verifier));
        await expect(quorum.admit.staticCall(message, { keys: "0x", others: [] }, YES), verifier)
          .to.be.revertedWithCustomError(quorum, "QuorumUnknownVerifier")
          .withArgs(getAddress(verifier));
      }
      const identity = verifierOfficer(IDENTITY);
      const { digest, schedule } = await admissionOf(system, identity);
      const before = await stateOf(system, digest);
      await expect(schedule(YES)).to.be.revertedWithCustomError(quorum, "QuorumUnknownVerifier").withArgs(IDENTITY);
      expect(await stateOf(system, digest)).to.deep.equal(before);
    });

    it("lets neither a precompile nor a key sit as a contract", async () => {
      const system = await loadFixture(deployKinds);
      const keys = [1, 2, 4, 0x100].map((n) => toBeHex(n, 20));
      for (const signer of [...keys, system.stranger.address.toLowerCase()] as Hex[]) {
        const { schedule } = await admissionOf(system, { kind: "contract", signer });
        await expect(schedule(YES))
          .to.be.revertedWithCustomError(system.quorum, "QuorumInvalidSigner")
          .withArgs(OFFICER_KINDS.contract, signer);
      }
    });

    it("takes no signer of the wrong length or kind", async () => {
      const system = await loadFixture(deployKinds);
      const { quorum, verifiers, hostileOfficer } = system;
      const signer = hostileOfficer.signer.toLowerCase() as Hex;
      const wrong: [kind: number, signer: Hex][] = [
        [OFFICER_KINDS.key, "0x"],
        [OFFICER_KINDS.key, dataSlice(signer, 0, 19) as Hex],
        [OFFICER_KINDS.key, concat([signer, "0x00"]) as Hex],
        [OFFICER_KINDS.contract, concat([signer, "0x00"]) as Hex],
        [OFFICER_KINDS.verifier, verifiers.p256.toLowerCase() as Hex],
        [OFFICER_KINDS.verifier, "0x"],
      ];
      const none = { keys: "0x", others: [] };
      for (const [kind, signer] of wrong) {
        const message = { ...buildMessage({ kind: "key", signer }), kind };
        await expect(quorum.admit(message, none, "0x"))
          .to.be.revertedWithCustomError(quorum, "QuorumInvalidSigner")
          .withArgs(kind, signer);
      }
      for (const kind of [0, 4, 255]) {
        const message = { ...buildMessage(hostileOfficer), kind };
        await expect(quorum.admit(message, none, "0x"))
          .to.be.revertedWithCustomError(quorum, "QuorumUnknownKind")
          .withArgs(kind);
      }
    });

    const buildMessage = ({ kind, signer }: Pick<TestOfficer, "kind" | "signer">) => ({
      agency: FMA,
      kind: OFFICER_KINDS[kind],
      signer,
      document: DOCUMENT,
      signBy: NEVER,
      salt: nextSalt(),
    });
  });

  describe("attacks: code on an officer's key (EIP-7702)", () => {
    /** Lets the key run the code of `code`, in a transaction that a stranger pays. */
    async function delegate(wallet: Pick<Wallet, "address" | "authorize">, code: string) {
      const payer = new Wallet(nextSalt(), ethers.provider);
      await networkHelpers.setBalance(payer.address, 10n ** 18n);
      const nonce = await ethers.provider.getTransactionCount(wallet.address);
      const authorization = await wallet.authorize({ address: code, chainId: 31337, nonce });
      const sent = await payer.sendTransaction({
        type: 4,
        to: payer.address,
        authorizationList: [authorization],
        gasLimit: 200_000,
      });
      await sent.wait();
      expect(await ethers.provider.getCode(wallet.address)).to.equal(concat(["0xef0100", code]));
    }

    for (const [what, contract] of [
      ["says yes to everything", "AlwaysValid"],
      ["knows no signatures", "Batch"],
    ] as const) {
      it(`neither lets strangers sign for a key nor bricks it, where its code ${what}`, async () => {
        const system = await loadFixture(deployKinds);
        const { quorum } = system;
        const code = await ethers.deployContract(contract);
        const attacked = officer("FMA-1");
        await delegate(attacked, await code.getAddress());

        const { digest, approve, execute } = freezeOf(system);
        const before = await stateOf(system, digest);
        const [foreign] = newWallets(1);
        await expect(execute(await approve([keyOfficer(foreign!), key("FMA-2"), key("GPO-1")])))
          .to.be.revertedWithCustomError(quorum, "QuorumUnknownOfficer")
          .withArgs(officerIdOf({ signer: foreign!.address }));
        const forged = await approve([key("FMA-2"), key("GPO-1"), contractOfficer(attacked.address)]);
        const signatures = [await keyOfficer(foreign!).sign(digest), await key("FMA-1").sign(digest)];
        for (const signature of ["0x" as const, ...signatures]) {
          await expect(execute(signedAs(forged, signature)))
            .to.be.revertedWithCustomError(quorum, "QuorumUnknownOfficer")
            .withArgs(officerIdOf({ signer: attacked.address }));
        }
        expect(await stateOf(system, digest)).to.deep.equal(before);

        const { officerIds } = await entryOf(execute(await approve(withKeys(key("FMA-2")))));
        expect(officerIds).to.include(officerIdOf({ signer: attacked.address }));
      });
    }

    it("lets no code on a key approve on chain", async () => {
      const system = await loadFixture(deployKinds);
      const { quorum, stranger, hostile } = system;
      const attacked = officer("FMA-1");
      await delegate(attacked, await hostile.getAddress());
      const { digest } = freezeOf(system);
      const asKey = await ethers.getContractAt("HostileOfficer", attacked.address, stranger);
      await expect(asKey.perform(quorum, quorum.interface.encodeFunctionData("approve", [digest])))
        .to.be.revertedWithCustomError(quorum, "QuorumUnknownOfficer")
        .withArgs(officerIdOf({ signer: attacked.address }));
    });

    it("lets a key with code sit as a key only, and only if it signs itself", async () => {
      const system = await loadFixture(deployKinds);
      const { quorum } = system;
      const [wallet] = newWallets(1);
      await delegate(wallet!, await (await ethers.deployContract("AlwaysValid")).getAddress());
      const signer = wallet!.address.toLowerCase() as Hex;
      const asContract = await admissionOf(system, { kind: "contract", signer });
      await expect(asContract.schedule(await keyOfficer(wallet!).sign(asContract.digest)))
        .to.be.revertedWithCustomError(quorum, "QuorumInvalidSigner")
        .withArgs(OFFICER_KINDS.contract, signer);

      const asKey = await admissionOf(system, { kind: "key", signer });
      await expect(asKey.schedule("0x"))
        .to.be.revertedWithCustomError(quorum, "QuorumNoConsent")
        .withArgs(officerIdOf({ signer }));
      await asKey.schedule(await keyOfficer(wallet!).sign(asKey.digest));
      await goTo((await now()) + ADMISSION_DELAY);
      await asKey.execute();
      expect([...(await quorum.officer(officerIdOf({ signer })))]).to.deep.equal([1n, BigInt(FMA)]);
    });

    it("lets no key with code be a verifier: it could change what its code says", async () => {
      const system = await networkHelpers.loadFixture(deployContracts);
      const [wallet] = newWallets(1);
      const { p256 } = await deployVerifiers();
      await delegate(wallet!, p256);
      const verifier = wallet!.address as Address;
      // It answers as the verifier does.
      const first = p256Officer(verifier);
      const charter = charterWith(system, [verifier], [first]);
      await expect(system.quorum.install(struct(charter), await signSeats(charter, system.domain, [first])))
        .to.be.revertedWithCustomError(system.quorum, "QuorumUnknownVerifier")
        .withArgs(verifier);
    });

    it("admits nobody under a verifier that became a key with code", async () => {
      const system = await loadFixture(deployKinds);
      const { verifiers, hostile, quorum } = system;
      const candidate = p256Officer(verifiers.p256);
      const { digest, schedule } = await admissionOf(system, candidate);
      await networkHelpers.setCode(verifiers.p256, concat(["0xef0100", await hostile.getAddress()]));
      await expect(schedule(await candidate.sign(digest)))
        .to.be.revertedWithCustomError(quorum, "QuorumUnknownVerifier")
        .withArgs(verifiers.p256);
    });

    it("refuses a charter that seats a key with code as a contract", async () => {
      const system = await networkHelpers.loadFixture(deployContracts);
      const [wallet] = newWallets(1);
      await delegate(wallet!, await (await ethers.deployContract("AlwaysValid")).getAddress());
      const first = contractOfficer(wallet!.address);
      const charter = charterWith(system, [], [first]);
      await expect(system.quorum.install(struct(charter), await signSeats(charter, system.domain, [first])))
        .to.be.revertedWithCustomError(system.quorum, "QuorumInvalidSigner")
        .withArgs(OFFICER_KINDS.contract, wallet!.address.toLowerCase());
    });
  });

  describe("attacks: hostile contract officers (ERC-1271)", () => {
    const ANSWERS: Record<string, string> = {
      nothing: "0x",
      "31 bytes": dataSlice(YES, 0, 31),
      "the four bytes alone": dataSlice(YES, 0, 4),
      "two words": concat([YES, ZeroHash]),
      "33 bytes": concat([YES, "0x00"]),
      "a word with dirty low bytes": concat([dataSlice(YES, 0, 31), "0x01"]),
      "the four bytes at the low end": zeroPadValue(dataSlice(YES, 0, 4), 32),
      true: toBeHex(1, 32),
      zero: ZeroHash,
      no: NO,
    };
    for (const [what, answer] of Object.entries(ANSWERS)) {
      it(`takes ${what} for no, of an officer and of a candidate`, async () => {
        const system = await loadFixture(deployKinds);
        const { quorum, hostile, hostileOfficer } = system;
        const { digest, approve, execute } = freezeOf(system);
        const approvals = await approve(withKeys(hostileOfficer));
        await hostile.setAnswer(answer);
        const before = await stateOf(system, digest);
        await expect(execute(approvals))
          .to.be.revertedWithCustomError(quorum, "QuorumWithdrawn")
          .withArgs(digest, ...WITHOUT_SECOND);
        expect(await stateOf(system, digest)).to.deep.equal(before);
        await hostile.setAnswer(YES);
        await execute(approvals);

        const candidate = await ethers.deployContract("HostileOfficer");
        await candidate.setAnswer(answer);
        const signer = (await candidate.getAddress()) as Hex;
        const admission = await admissionOf(system, { kind: "contract", signer });
        await expect(admission.schedule("0x"))
          .to.be.revertedWithCustomError(quorum, "QuorumNoConsent")
          .withArgs(officerIdOf({ signer }));
      });
    }

    it("takes all gas burnt for no, and changes nothing", async () => {
      const system = await loadFixture(deployKinds);
      const { quorum, hostile, hostileOfficer } = system;
      const { digest, approve, execute } = freezeOf(system);
      const approvals = await approve(withKeys(hostileOfficer));
      await hostile.setBurning(true);
      const before = await stateOf(system, digest);
      for (const gasLimit of [1_000_000, 16_777_216]) {
        await expect(execute(approvals, { gasLimit }))
          .to.be.revertedWithCustomError(quorum, "QuorumWithdrawn")
          .withArgs(digest, ...WITHOUT_SECOND);
      }
      expect(await stateOf(system, digest)).to.deep.equal(before);
    });

    /** A second freeze that everybody approved, as the hostile officer's callback. */
    async function innerFreeze(system: Kinds) {
      const { docket, bob } = system;
      const inner = freezeOf(system, { who: bob });
      const approvals = await inner.approve(withKeys(key("FMA-2")));
      const data = docket.interface.encodeFunctionData("freeze", [[struct(inner.order.message)], [approvals], "0x"]);
      return { digest: inner.digest, target: await docket.getAddress(), data };
    }

    /** A cancel of an order by one of its approvers. */
    async function innerCancel({ quorum, domain }: Kinds, digest: Hex) {
      const order = buildCancel({ order: digest, signBy: NEVER, salt: nextSalt() });
      const approvals = await approvalsOf(digestOf(order, domain), [key("FMA-1")]);
      const data = quorum.interface.encodeFunctionData("cancel", [order.message, approvals]);
      return { digest: digestOf(order, domain), target: await quorum.getAddress(), data };
    }

    for (const what of ["execute another order", "cancel an approval of the order"]) {
      it(`lets no officer ${what} while it is asked`, async () => {
        const system = await loadFixture(deployKinds);
        const { quorum, hostile, hostileOfficer } = system;
        const { digest, approve, execute } = freezeOf(system);
        const approvals = await approve(withKeys(hostileOfficer));
        const inner = await (what.startsWith("execute") ? innerFreeze(system) : innerCancel(system, digest));

        await hostile.setCallback(inner.target, inner.data, true);
        const before = await stateOf(system, digest, inner.digest);
        await expect(execute(approvals))
          .to.be.revertedWithCustomError(quorum, "QuorumWithdrawn")
          .withArgs(digest, ...WITHOUT_SECOND);
        expect(await stateOf(system, digest, inner.digest)).to.deep.equal(before);

        // An officer that shrugs at the failure has approved, and nothing else came of it.
        await hostile.setCallback(inner.target, inner.data, false);
        const sandbox = await networkHelpers.takeSnapshot();
        expect((await entriesOf(execute(approvals))).map(({ order }) => order)).to.deep.equal([digest]);
        expect(await quorum.entryOf(inner.digest)).to.equal(0);
        expect(await quorum.isWithdrawn(digest, officerIdOf(key("FMA-1")))).to.be.false;

        // The call itself was good: outside of the question it passes.
        await sandbox.restore();
        await hostile.setCallback(inner.target, inner.data, true);
        expect((await entriesOf(hostile.isValidSignature(digest, "0x"))).map(({ order }) => order)).to.deep.equal([
          inner.digest,
        ]);
      });
    }

    it("lets no candidate change anything while it is asked for its consent", async () => {
      const system = await loadFixture(deployKinds);
      const { quorum } = system;
      const candidate = await ethers.deployContract("HostileOfficer");
      const signer = (await candidate.getAddress()) as Hex;
      const inner = await innerFreeze(system);
      const admission = await admissionOf(system, { kind: "contract", signer });
      const before = await stateOf(system, admission.digest, inner.digest);
      await candidate.setCallback(inner.target, inner.data, true);
      await expect(admission.schedule("0x"))
        .to.be.revertedWithCustomError(quorum, "QuorumNoConsent")
        .withArgs(officerIdOf({ signer }));
      expect(await stateOf(system, admission.digest, inner.digest)).to.deep.equal(before);
    });

    it("fails closed where a contract says no since it approved, and no later yes revives an order out of time", async () => {
      const system = await loadFixture(deployKinds);
      const { quorum, hostile, hostileOfficer } = system;
      const signBy = (await now()) + DAY;
      const { digest, approve, execute } = freezeOf(system, { signBy });
      const approvals = await approve(withKeys(hostileOfficer));
      const sandbox = await networkHelpers.takeSnapshot();
      await execute(approvals);
      await sandbox.restore();

      await hostile.setAnswer(NO);
      const before = await stateOf(system, digest);
      await expect(execute(approvals))
        .to.be.revertedWithCustomError(quorum, "QuorumWithdrawn")
        .withArgs(digest, ...WITHOUT_SECOND);
      await goTo(signBy + 1n);
      await hostile.setAnswer(YES);
      await expect(execute(approvals)).to.be.revertedWithCustomError(quorum, "OrderExpired").withArgs(digest, signBy);
      expect(await stateOf(system, digest)).to.deep.equal(before);
    });

    it("fails closed where a Safe replaced an owner since it signed", async () => {
      const system = await loadFixture(deployKinds);
      const { quorum, safe } = system;
      const { digest, approve, execute } = freezeOf(system);
      const approvals = await approve(withKeys(safe));
      const before = await stateOf(system, digest);
      const [first] = (await safe.safe.getFunction("getOwners").staticCall()) as string[];
      // The first of the Safe's owners stands behind its sentinel.
      const swap = [toBeHex(1, 20), first, newWallets(1)[0]!.address];
      await safe.execute(safe.signer, safe.safe.interface.encodeFunctionData("swapOwner", swap));
      await expect(execute(approvals))
        .to.be.revertedWithCustomError(quorum, "QuorumWithdrawn")
        .withArgs(digest, ...WITHOUT_SECOND);
      expect(await stateOf(system, digest)).to.deep.equal(before);
    });

    for (const [what, hinder] of [
      ["says no since it approved", (hostile: Kinds["hostile"]) => hostile.setAnswer(NO)],
      ["burns what it can since", (hostile: Kinds["hostile"]) => hostile.setBurning(true)],
    ] as const) {
      it(`lets the rest of a batch be executed where one officer ${what}`, async () => {
        const system = await loadFixture(deployKinds);
        const { quorum, docket, hostile, hostileOfficer, alice, bob, carol } = system;
        const freezes = [alice, bob, carol].map((who) => freezeOf(system, { who }));
        const approvals = [
          await freezes[0]!.approve(withKeys(hostileOfficer)),
          await freezes[1]!.approve(withKeys(key("FMA-2"))),
          await freezes[2]!.approve([...withKeys(hostileOfficer), key("FMA-2")]),
        ];
        await hinder(hostile);
        const sent = docket.freeze(
          freezes.map(({ order }) => struct(order.message)),
          approvals,
          "0x",
        );
        const reason = quorum.interface.encodeErrorResult("QuorumWithdrawn", [freezes[0]!.digest, ...WITHOUT_SECOND]);
        await expect(sent).to.emit(docket, "Skipped").withArgs(0, reason);
        const entries = await entriesOf(sent);
        expect(entries.map(({ order }) => order)).to.deep.equal([freezes[1]!.digest, freezes[2]!.digest]);
        expect(entries[1]!.officerIds).not.to.include(officerIdOf(hostileOfficer));
      });
    }

    it("skips in a batch the order of a contract that says it approved and was dismissed, as that of a key", async () => {
      const system = await loadFixture(deployKinds);
      const { quorum, docket, hostileOfficer, alice, bob } = system;
      const freezes = [alice, bob].map((who) => freezeOf(system, { who }));
      const [short, full] = [
        await freezes[0]!.approve(withKeys(hostileOfficer)),
        await freezes[1]!.approve([...withKeys(hostileOfficer), key("FMA-2")]),
      ];
      await dismiss(system, officerIdOf(hostileOfficer));
      const sent = docket.freeze(
        freezes.map(({ order }) => struct(order.message)),
        [short, full],
        "0x",
      );
      const reason = quorum.interface.encodeErrorResult("QuorumWithdrawn", [freezes[0]!.digest, ...WITHOUT_SECOND]);
      await expect(sent).to.emit(docket, "Skipped").withArgs(0, reason);
      expect((await entriesOf(sent)).map(({ order }) => order)).to.deep.equal([freezes[1]!.digest]);
    });

    for (const [what, signature] of [
      ["no signature", "0x"],
      ["one that it does not know", "0x01"],
    ] as const) {
      it(`does not skip an order that a dismissed contract never approved, with ${what}: too few gave theirs`, async () => {
        const system = await loadFixture(deployKinds);
        const { quorum, hostile, hostileOfficer } = system;
        await hostile.setAnswer(NO);
        await dismiss(system, officerIdOf(hostileOfficer));
        const { digest, approve, execute } = freezeOf(system);
        await expect(execute(signedAs(await approve(withKeys(hostileOfficer)), signature)))
          .to.be.revertedWithCustomError(quorum, "QuorumNotMet")
          .withArgs(digest, 1, SELF, WITHOUT_SECOND[0]);
        // Nor can it stop those who are enough without it.
        await execute(signedAs(await approve([...withKeys(hostileOfficer), key("FMA-2")]), signature));
      });
    }

    it("skips the order that a contract approved by calling, and was dismissed, though it says no", async () => {
      const system = await loadFixture(deployKinds);
      const { quorum, hostile, hostileOfficer } = system;
      const { digest, approve, execute } = freezeOf(system);
      await hostile.perform(quorum, quorum.interface.encodeFunctionData("approve", [digest]));
      await hostile.setAnswer(NO);
      await dismiss(system, officerIdOf(hostileOfficer));
      await expect(execute(await approve(withKeys(hostileOfficer))))
        .to.be.revertedWithCustomError(quorum, "QuorumWithdrawn")
        .withArgs(digest, ...WITHOUT_SECOND);
    });
  });

  it("takes no forged approval of a verifier's key for one that ended, dismissed or not", async () => {
    const system = await loadFixture(deployKinds);
    const { quorum, of } = system;
    const second = of["a P-256 key"]!;
    const { digest, approve, execute } = freezeOf(system);
    const good = await approve(withKeys(second));
    const forged = signedAs(good, await second.sign(id("other") as Hex));
    await expect(execute(forged)).to.be.revertedWithCustomError(quorum, "QuorumInvalidSignature").withArgs(2);
    await dismiss(system, officerIdOf(second));
    await expect(execute(forged)).to.be.revertedWithCustomError(quorum, "QuorumInvalidSignature").withArgs(2);
    await expect(execute(good))
      .to.be.revertedWithCustomError(quorum, "QuorumWithdrawn")
      .withArgs(digest, ...WITHOUT_SECOND);
  });

  it("knows an admission's builder by the same digest", async () => {
    const system = await loadFixture(deployKinds);
    const { domain } = system;
    const { order, digest } = await admissionOf(system, keyOfficer(newWallets(1)[0]!));
    const { signer, document, signBy, salt } = order.message;
    const built = buildAdmit({ agency: FMA, kind: "key", signer, document, signBy, salt });
    expect(digestOf(built, domain)).to.equal(digest);
  });
});

describe("Quorum: bundles of officers of every kind", () => {
  /** Freezes of alice, bob and carol in one bundle. */
  async function bundleOfThree(system: Kinds) {
    const { alice, bob, carol, docket, domain } = system;
    const all = [alice, bob, carol].map((who) => freezeOf(system, { who }));
    const orders = all.map(({ order }) => order);
    const bundle = bundleOf("Freeze", orders, domain);
    const digests = all.map(({ digest }) => digest);
    return {
      orders,
      digests,
      bundle,
      approve: (by: readonly TestOfficer[]) => approvalsOf(bundle.digest, by),
      executeAlone: all.map(({ execute }) => execute),
      execute: (approvals: Awaited<ReturnType<typeof approvalsOf>>, index = 0, n = orders.length - index) =>
        docket.freeze(
          orders.slice(index, index + n).map(({ message }) => struct(message)),
          [approvals],
          rangeOf(bundle, index, n),
        ),
    };
  }

  async function outcomeOf({ docket }: Kinds, sent: Promise<ContractTransactionResponse>) {
    const logs = (await (await sent).wait())!.logs.map((log) => docket.interface.parseLog(log));
    return {
      executed: logs.filter((log) => log?.name === "Entry").map((log) => log!.args.order as string),
      skipped: logs
        .filter((log) => log?.name === "Skipped")
        .map((log) => [Number(log!.args.index), (log!.args.reason as string).slice(0, 10)]),
    };
  }

  const selector = ({ quorum }: Kinds, error: "QuorumWithdrawn" | "QuorumOrderUsed") =>
    quorum.interface.getError(error)!.selector;

  for (const name of Object.keys(KINDS)) {
    it(`${name} signs once for all orders, which execute in any parts`, async () => {
      const system = await loadFixture(deployKinds);
      const { digests, approve, execute } = await bundleOfThree(system);
      const approvals = await approve(withKeys(system.of[name]!));
      expect((await outcomeOf(system, execute(approvals, 1, 1))).executed).to.deep.equal([digests[1]]);
      expect(await outcomeOf(system, execute(approvals))).to.deep.equal({
        executed: [digests[0], digests[2]],
        skipped: [[1, selector(system, "QuorumOrderUsed")]],
      });
    });

    it(`${name} withdraws one order of them, or all, by a signed cancel`, async () => {
      const system = await loadFixture(deployKinds);
      const { quorum, domain, of } = system;
      const { bundle, digests, approve, execute } = await bundleOfThree(system);
      const second = of[name]!;
      const approvals = await approve(withKeys(second));
      const cancel = async (order: Hex) => {
        const message = buildCancel({ order, signBy: NEVER, salt: nextSalt() });
        await quorum.cancel(message.message, await approvalsOf(digestOf(message, domain), [second]));
      };
      await cancel(digests[1]!);
      expect(await outcomeOf(system, execute(approvals, 1))).to.deep.equal({
        executed: [digests[2]],
        skipped: [[0, selector(system, "QuorumWithdrawn")]],
      });
      await cancel(bundle.digest);
      await expect(execute(approvals, 0, 1))
        .to.be.revertedWithCustomError(quorum, "QuorumWithdrawn")
        .withArgs(digests[0], ...WITHOUT_SECOND);
    });

    it(`${name} has signed nothing else by it: no order alone, no other bundle`, async () => {
      const system = await loadFixture(deployKinds);
      const { executeAlone, approve, digests } = await bundleOfThree(system);
      const approvals = await approve(withKeys(system.of[name]!));
      const before = await stateOf(system, ...digests);
      const other = await bundleOfThree(system);
      for (const wrong of [() => executeAlone[0]!(approvals), () => other.execute(approvals)]) {
        await expect(wrong()).to.be.revertedWithCustomError(system.quorum, "QuorumUnknownOfficer");
      }
      expect(await stateOf(system, ...digests)).to.deep.equal(before);
    });
  }

  it("a Safe approves a bundle on chain, and takes that back", async () => {
    const system = await loadFixture(deployKinds);
    const { quorum, safe } = system;
    const { bundle, digests, approve, execute } = await bundleOfThree(system);
    const empty = signedAs(await approve(withKeys(safe)), "0x");
    const bySafe = async (call: "approve" | "revoke") =>
      safe.execute(await quorum.getAddress(), quorum.interface.encodeFunctionData(call as "approve", [bundle.digest]));
    await expect(execute(empty)).to.be.revertedWithCustomError(quorum, "QuorumWithdrawn");
    await bySafe("approve");
    expect((await outcomeOf(system, execute(empty, 0, 2))).executed).to.deep.equal(digests.slice(0, 2));
    await bySafe("revoke");
    await expect(execute(empty, 2, 1))
      .to.be.revertedWithCustomError(quorum, "QuorumWithdrawn")
      .withArgs(digests[2], ...WITHOUT_SECOND);
  });

  it("a contract that no longer says yes counts as one that withdrew, of every order that waits", async () => {
    const system = await loadFixture(deployKinds);
    const { quorum, hostile, hostileOfficer } = system;
    const { digests, approve, execute } = await bundleOfThree(system);
    const approvals = await approve(withKeys(hostileOfficer));
    await execute(approvals, 0, 1);
    await hostile.setAnswer(NO);
    await expect(execute(approvals, 1))
      .to.be.revertedWithCustomError(quorum, "QuorumWithdrawn")
      .withArgs(digests[2], ...WITHOUT_SECOND);
    await hostile.setAnswer(YES);
    expect((await outcomeOf(system, execute(approvals, 1))).executed).to.deep.equal(digests.slice(1));
  });

  for (const [what, hinder] of [
    ["says yes", async () => {}],
    ["says no", (hostile: Kinds["hostile"]) => hostile.setAnswer(NO)],
    ["burns what it gets for its answer", (hostile: Kinds["hostile"]) => hostile.setBurning(true)],
  ] as const) {
    it(`of 40 orders executes in one transaction, whose spare contract officer ${what}`, async () => {
      const system = await loadFixture(deployKinds);
      const { docket, domain, hostile, hostileOfficer } = system;
      const all = Array.from({ length: 40 }, () => freezeOf(system, { who: newWallets(1)[0]! }));
      const bundle = bundleOf(
        "Freeze",
        all.map(({ order }) => order),
        domain,
      );
      const approvals = await approvalsOf(bundle.digest, [...withKeys(hostileOfficer), key("FMA-2")]);
      await hinder(hostile);
      const sent = docket.freeze(
        all.map(({ order }) => struct(order.message)),
        [approvals],
        rangeOf(bundle, 0, all.length),
        { gasLimit: 16_777_216 },
      );
      expect((await outcomeOf(system, sent)).executed).to.deep.equal(all.map(({ digest }) => digest));
    });
  }

  it("of an officer that was dismissed since stands for no order that waits", async () => {
    const system = await loadFixture(deployKinds);
    const { digests, approve, execute } = await bundleOfThree(system);
    const second = system.of["a P-256 key"]!;
    const approvals = await approve(withKeys(second));
    await execute(approvals, 0, 1);
    await dismiss(system, officerIdOf(second));
    await expect(execute(approvals, 1))
      .to.be.revertedWithCustomError(system.quorum, "QuorumWithdrawn")
      .withArgs(digests[2], ...WITHOUT_SECOND);
  });

  it("one whose officers stand no more executes by signatures over it alone, also in the same transaction", async () => {
    const system = await loadFixture(deployKinds);
    const { docket, of } = system;
    const { orders, digests, bundle, approve } = await bundleOfThree(system);
    const second = of["an RSA key"]!;
    const cancel = buildCancel({ order: digests[0]!, signBy: NEVER, salt: nextSalt() });
    await system.quorum.cancel(cancel.message, await approvalsOf(digestOf(cancel, system.domain), [second]));
    const messages = orders.map(({ message }) => struct(message));
    const instead = await approvalsOf(digests[0]!, withKeys(key("FMA-2")));
    const lists = [
      [messages, [await approve(withKeys(second))], rangeOf(bundle, 0, 3)],
      [messages.slice(0, 1), [instead], "0x"],
    ] as const;
    const calls = lists.map((list) => ({
      target: docket,
      data: docket.interface.encodeFunctionData("freeze", list as never),
    }));
    const sent = (await ethers.deployContract("Calls")).all(calls);
    expect((await outcomeOf(system, sent)).executed).to.deep.equal([digests[1], digests[2], digests[0]]);
  });
});
