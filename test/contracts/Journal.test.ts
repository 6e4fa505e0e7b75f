// Long: random lives of a system, entry by entry.
import { expect } from "chai";
import { replay } from "../../src/journal/replay.ts";
import { verifyChain } from "../../src/journal/chain.ts";
import { readEntries } from "../../src/journal/entries.ts";
import { AbiCoder, concat, dataSlice, getAddress, id, keccak256, toBeHex, ZeroAddress, ZeroHash } from "ethers";
import type { Address, Hex } from "viem";
import { ACTS, buildCancel, buildReturn, digestOf, encodeCaseId, type Refund } from "../../src/orders/index.ts";
import { randomFrom } from "../src/orders/random.ts";
import { CASE } from "../system/acts/signed.ts";
import { addressOf, client, ethers, inTime, loadFixture, networkHelpers, now } from "../system/chain.ts";
import { deployPartlySeized } from "../system/deployed.ts";
import { type EffectTuple, encodeEffects, target } from "../system/entries.ts";
import { deployFaultySystem, FAULT, type FaultySystem } from "../system/faulty.ts";
import { storedHead } from "../system/journal.ts";
import { UNIT } from "../system/money.ts";
import { approvalsOf, DOCUMENT, documentOf, nextSalt, struct } from "../system/officers.ts";
import { DAY } from "../system/parameters.ts";

const { time } = networkHelpers;
const abi = AbiCoder.defaultAbiCoder();

/** Where the docket keeps the journal, for storage proofs: the number of entries is the lowest 40 bits of its word. */
const SLOTS = { entries: 0n, head: 1n };

/** What one entry commits to. */
interface Entry {
  seq: bigint;
  act: bigint;
  caseId: string;
  document: string;
  order: string;
  officerIds: readonly string[];
  effects: string;
  timestamp: bigint;
}

/** The head after an entry, as design.md 3.5 has it. */
const headAfter = (head: string, entry: Entry): string =>
  keccak256(
    abi.encode(
      ["bytes32", "uint256", "uint8", "bytes32", "bytes32", "bytes32", "bytes32", "bytes32", "uint256"],
      [
        head,
        entry.seq,
        entry.act,
        entry.caseId,
        entry.document,
        entry.order,
        keccak256(concat(["0x", ...entry.officerIds])),
        keccak256(entry.effects),
        entry.timestamp,
      ],
    ),
  );

/** The head before the first entry. */
const startOf = (docket: string): string => keccak256(abi.encode(["uint256", "address"], [31337, docket]));

const headOf = (start: string, entries: readonly Entry[]): string => entries.reduce(headAfter, start);

/** The journal as its events tell it, and the head that each of them names. */
async function readJournal({ docket }: FaultySystem): Promise<{ entries: Entry[]; heads: string[] }> {
  const events = await docket.queryFilter(docket.filters.Entry());
  const entries = await Promise.all(
    events.map(async ({ args, blockNumber }) => {
      const { seq, act, caseId, document, order, officerIds, effects } = args;
      const timestamp = BigInt((await ethers.provider.getBlock(blockNumber))!.timestamp);
      return { seq, act, caseId, document, order, officerIds: [...officerIds], effects, timestamp };
    }),
  );
  return { entries, heads: events.map(({ args }) => args.head) };
}

/** One case from its first freeze to its last arrest, one act at a time. A pause, where the provisional holds end, between. */
async function* lifeOf(system: FaultySystem, name: string): AsyncGenerator<"act" | "pause"> {
  const { kzte, flty, tenge, faulty, issuer, docket, disposal } = system;
  const random = randomFrom(name);
  const caseId = encodeCaseId(name);
  const base = { caseId: name };
  const amount = () => BigInt(10 + random.below(400)) * UNIT;
  const holders = [0, 1, 2].map((i) => getAddress(dataSlice(id(`${name} ${i}`), 12)) as Address);
  const [first, second, third] = holders as [Address, Address, Address];
  for (const holder of holders) {
    await tenge.connect(issuer).mint(holder, 1_000n * UNIT);
    await faulty.mint(holder, 1_000n * UNIT);
  }
  const [a, b, c, placed] = [amount(), amount(), amount(), amount()];
  const confirmed = a / 2n;

  await system.freeze(
    [
      { asset: kzte, account: first, amount: a },
      { asset: kzte, account: second, amount: b },
      { asset: flty, account: third, amount: c },
    ],
    base,
  );
  yield "act";
  await system.cancel(random.bytes(32), random.pick(["FMA-1", "KNB-2", "MOF-1"]));
  yield "act";
  await system.lift([{ asset: kzte, account: second, amount: 1n }], base);
  yield "act";
  await system.arrest(
    {
      confirm: [
        { asset: kzte, account: first, amount: confirmed },
        { asset: flty, account: third, amount: c },
      ],
      place: [{ asset: kzte, account: second, amount: placed }],
      until: (await now()) + 100n * DAY,
    },
    base,
  );
  yield "act";
  await system.lift([{ asset: kzte, account: first, amount: 1n }], { ...base, arrested: true });
  yield "act";
  await system.lift([{ asset: flty, account: third, amount: 2n }], {
    ...base,
    by: ["COURT-3", "GPO-2"],
    arrested: true,
  });
  yield "act";
  await disposal.open(caseId, random.bytes(32), random.bytes(32));
  yield "act";
  yield "pause";
  await docket.lapse(caseId, [
    { asset: kzte, account: first },
    { asset: kzte, account: second },
  ]);
  yield "act";
  await system.seize(
    [
      { asset: kzte, account: first, amount: confirmed },
      { asset: kzte, account: second, amount: placed },
      { asset: flty, account: third, amount: c - 2n },
    ],
    base,
  );
  yield "act";
  await tenge.connect(issuer).mint(await docket.vaultOf(caseId), 1n + BigInt(random.below(1_000)));
  await disposal.book(caseId, kzte);
  yield "act";
  await faulty.setFault(third, FAULT.revert);
  const refundOf = (asset: Address, account: Address, value: bigint): Refund => ({
    taken: asset,
    asset,
    account,
    amount: value,
  });
  await system.refund([refundOf(kzte, first, 1n), refundOf(flty, third, c - 2n)], base);
  yield "act";
  await system.refund([refundOf(kzte, first, confirmed - 1n), refundOf(kzte, second, placed)], base);
  yield "act";
  await faulty.setFault(third, FAULT.none);
  await disposal.claim(caseId, flty, third);
  yield "act";
  await system.arrest({ place: [{ asset: flty, account: third, amount: 1n }], until: (await now()) + DAY }, base);
  yield "act";
}

/** Five cases lived through, their acts shuffled into one another. */
async function deployHistory() {
  const system = await deployFaultySystem();
  const random = randomFrom("shuffled lives");
  const lives = Array.from({ length: 5 }, (_, i) => lifeOf(system, `LIFE-${i}`));
  for (
    let phase: typeof lives = lives, pausing: typeof lives = [];
    phase.length > 0;
    [phase, pausing] = [pausing, []]
  ) {
    while (phase.length > 0) {
      const life = random.pick(phase);
      const step = await life.next();
      if (!step.done && step.value === "act") continue;
      phase = phase.filter((other) => other !== life);
      if (!step.done) pausing.push(life);
    }
    await time.increase(11n * DAY);
  }
  return { ...system, ...(await readJournal(system)), start: startOf(await system.docket.getAddress()) };
}

/** A random change of one entry for each of its fields. */
const alterationsOf = (entry: Entry): [keyof Entry, Entry][] => [
  ["seq", { ...entry, seq: entry.seq + 1n }],
  ["act", { ...entry, act: entry.act ^ 1n }],
  ["caseId", { ...entry, caseId: flipped(entry.caseId) }],
  ["document", { ...entry, document: flipped(entry.document) }],
  ["order", { ...entry, order: flipped(entry.order) }],
  ["officerIds", { ...entry, officerIds: [...entry.officerIds, ZeroHash] }],
  ["officerIds", { ...entry, officerIds: entry.officerIds.length > 0 ? entry.officerIds.slice(1) : [id("")] }],
  ["effects", { ...entry, effects: flipped(entry.effects) }],
  ["effects", { ...entry, effects: concat([entry.effects, "0x00"]) }],
  ["timestamp", { ...entry, timestamp: entry.timestamp - 1n }],
];

const flipped = (data: string): string => toBeHex(BigInt(data) ^ 1n, (data.length - 2) / 2);

describe("Journal", () => {
  it("starts from the chain and the docket, and has no entry before install", async () => {
    const docket = await ethers.deployContract("Docket", [ethers.Wallet.createRandom().address]);
    expect(await docket.head()).to.equal(startOf(await docket.getAddress()));
    expect(await docket.entries()).to.equal(0);
    expect(await docket.nextEntry()).to.equal(1);
  });

  it("recomputed from its events alone, ends in the stored head, after a random history of every kind of act", async () => {
    const { docket, entries, heads, start } = await networkHelpers.loadFixture(deployHistory);
    const kinds = [64, 65, 68, 69, 71, 72, 1, 2, 3, 4, 5, 6].map(BigInt);
    expect(new Set(entries.map(({ act }) => act))).to.deep.equal(new Set(kinds));
    expect(entries.length).to.be.greaterThan(60);

    let head = start;
    for (const [i, entry] of entries.entries()) {
      expect(entry.seq).to.equal(BigInt(i + 1));
      head = headAfter(head, entry);
      expect(heads[i], `entry ${entry.seq}`).to.equal(head);
    }
    expect(await docket.head()).to.equal(head);
    expect(await docket.entries()).to.equal(entries.length);
    expect(await docket.nextEntry()).to.equal(entries.length + 1);
  });

  it("ends in another head where any entry is removed", async () => {
    const { entries, heads, start } = await networkHelpers.loadFixture(deployHistory);
    for (const i of entries.keys()) {
      expect(headOf(start, entries.toSpliced(i, 1)), `without entry ${i + 1}`).not.to.equal(heads.at(-1));
    }
  });

  it("ends in another head where two entries are exchanged", async () => {
    const { entries, heads, start } = await networkHelpers.loadFixture(deployHistory);
    for (let i = 1; i < entries.length; ++i) {
      const exchanged = entries.with(i - 1, entries[i]!).with(i, entries[i - 1]!);
      expect(headOf(start, exchanged)).not.to.equal(heads.at(-1));
      // Also where the numbers are put right.
      const renumbered = exchanged.map((entry, n) => ({ ...entry, seq: BigInt(n + 1) }));
      expect(headOf(start, renumbered), `entries ${i} and ${i + 1}`).not.to.equal(heads.at(-1));
    }
  });

  it("ends in another head where any field of any entry is altered", async () => {
    const { entries, heads, start } = await networkHelpers.loadFixture(deployHistory);
    for (const [i, entry] of entries.entries()) {
      const before = i === 0 ? start : heads[i - 1]!;
      for (const [field, altered] of alterationsOf(entry)) {
        const head = headAfter(before, altered);
        expect(head, `${field} of entry ${entry.seq}`).not.to.equal(heads[i]);
        expect(headOf(head, entries.slice(i + 1))).not.to.equal(heads.at(-1));
      }
    }
  });

  it("is proved by two words of the docket's storage: the number of entries and the head", async () => {
    const { docket } = await networkHelpers.loadFixture(deployHistory);
    const slots = Object.values(SLOTS).map((slot) => toBeHex(slot, 32));
    const proof = (await ethers.provider.send("eth_getProof", [await docket.getAddress(), slots, "latest"])) as {
      storageHash: string;
      storageProof: { key: string; value: string; proof: string[] }[];
    };
    const [counters, head] = proof.storageProof.map(({ value }) => BigInt(value));
    expect(counters! & (2n ** 40n - 1n)).to.equal(await docket.entries());
    expect(toBeHex(head!, 32)).to.equal(await docket.head());
    for (const { proof: nodes } of proof.storageProof) expect(keccak256(nodes[0]!)).to.equal(proof.storageHash);
  });

  it("has for every order the entry that the quorum names, and for every other act none", async () => {
    const { quorum, entries } = await networkHelpers.loadFixture(deployHistory);
    for (const { seq, act, order, officerIds, document } of entries) {
      const signed = act <= 20n || act === BigInt(ACTS.cancel);
      expect(order === ZeroHash).to.equal(!signed, `entry ${seq}`);
      if (signed) expect(await quorum.entryOf(order)).to.equal(seq);
      expect(officerIds.length === 0).to.equal(!signed && act !== BigInt(ACTS.install), `entry ${seq}`);
      expect(officerIds.every((officerId, i) => i === 0 || act === 64n || officerIds[i - 1]! < officerId)).to.equal(
        true,
      );
      if (act <= 6n || act === BigInt(ACTS.install)) expect(document).not.to.equal(ZeroHash);
    }
  });

  it("tells of which file a document is the hash when that is opened", async () => {
    const system = await networkHelpers.loadFixture(deployFaultySystem);
    const { disposal, caseId } = system;
    const [salt, file] = [documentOf("salt"), documentOf("file")];
    const document = keccak256(abi.encode(["bytes32", "bytes32"], [salt, file])) as Hex;
    await system.freeze([{ asset: system.kzte, account: addressOf(system.alice), amount: 1n }], { document });
    await disposal.open(caseId, salt, file);
    const { entries } = await readJournal(system);
    expect(entries.at(-1)!.document).to.equal(document);
    expect(entries.at(-2)!.document).to.equal(document);
    const opened: EffectTuple = [20n, ZeroAddress, ZeroAddress, BigInt(salt), BigInt(file)];
    expect(entries.at(-1)!.effects).to.equal(encodeEffects([opened]));
  });

  it("takes entries from the contracts of the system alone", async () => {
    const system = await networkHelpers.loadFixture(deployFaultySystem);
    const { docket, caseId, deployer, stranger, alice, vault, faulty } = system;
    const others = await Promise.all(
      [docket, vault, faulty].map(async (at) => ethers.getImpersonatedSigner(await at.getAddress())),
    );
    const head = await docket.head();
    for (const caller of [deployer, stranger, alice, ...others]) {
      await networkHelpers.setBalance(caller.address, 10n ** 20n);
      await expect(docket.connect(caller).record(2, ACTS.Return, caseId, DOCUMENT, ZeroHash, [], "0x"))
        .to.be.revertedWithCustomError(docket, "DocketOnlySystem")
        .withArgs(caller.address);
    }
    expect(await docket.head()).to.equal(head);
  });

  it("takes from them no other number than the next", async () => {
    const { docket, disposal, quorum, caseId } = await networkHelpers.loadFixture(deployFaultySystem);
    for (const contract of [disposal, quorum]) {
      const caller = await ethers.getImpersonatedSigner(await contract.getAddress());
      await networkHelpers.setBalance(caller.address, 10n ** 20n);
      for (const entry of [0, 1, 3, 2n ** 40n, 2n ** 40n + 2n]) {
        await expect(docket.connect(caller).record(entry, ACTS.claim, caseId, DOCUMENT, ZeroHash, [], "0x"))
          .to.be.revertedWithCustomError(docket, "JournalWrongEntry")
          .withArgs(entry, 2);
      }
    }
  });

  describe("where an asset makes another entry in the middle of an act", () => {
    /** Bob's FLTY in the vault, and what returns 5 of it. */
    async function deploySeized() {
      const system = await deployFaultySystem();
      const { flty, bob } = system;
      await system.take([{ asset: flty, account: addressOf(bob), amount: 100n * UNIT }]);
      return { ...system, five: { taken: flty, asset: flty, account: addressOf(bob), amount: 5n } };
    }

    /** What `quorum.cancel` of a good order would be called with. */
    async function cancelData({ quorum, domain }: FaultySystem): Promise<string> {
      const order = buildCancel({ order: nextSalt(), signBy: await inTime(), salt: nextSalt() });
      const approvals = await approvalsOf(domain, order, ["FMA-1"]);
      return quorum.interface.encodeFunctionData("cancel", [order.message, approvals]);
    }

    it("reverts the return whose number is taken, and the other entry with it", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { faulty, docket, disposal, quorum, domain, flty, five, caseId } = system;
      const next = await docket.nextEntry();
      const order = buildReturn({
        caseId: CASE,
        document: DOCUMENT,
        holders: [five],
        signBy: await inTime(),
        salt: nextSalt(),
      });
      const approvals = await approvalsOf(domain, order, ["COURT-1", "NBK-1"]);
      await faulty.setHook(quorum, await cancelData(system));
      await expect(disposal.refund([struct(order.message)], [approvals], "0x"))
        .to.be.revertedWithCustomError(docket, "JournalWrongEntry")
        .withArgs(next, next + 1n);
      expect(await docket.nextEntry()).to.equal(next);
      expect((await docket.moneyOf(caseId, flty)).left).to.equal(100n * UNIT);
      expect(await quorum.entryOf(digestOf(order, domain))).to.equal(0);
      await faulty.setHook(ZeroAddress, "0x");
      await disposal.refund([struct(order.message)], [approvals], "0x");
      expect(await quorum.entryOf(digestOf(order, domain))).to.equal(next);
    });

    it("refuses it every act of the disposal meanwhile, and the return goes on", async () => {
      const { faulty, docket, disposal, flty, bob, five, caseId, refund } =
        await networkHelpers.loadFixture(deploySeized);
      const next = await docket.nextEntry();
      await faulty.setHook(disposal, disposal.interface.encodeFunctionData("open", [caseId, nextSalt(), nextSalt()]));
      await refund([five]);
      const reentered = ethers.id("ReentrancyGuardReentrantCall()").slice(0, 10);
      expect([await faulty.hookSucceeded(), await faulty.hookAnswer()]).to.deep.equal([false, reentered]);
      expect(await docket.nextEntry()).to.equal(next + 1n);
      expect((await docket.owedTo(caseId, flty, bob)).owed).to.equal(100n * UNIT - 5n);
    });

    it("reverts the seizure whose number is taken, and the other entry with it", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { faulty, docket, quorum, flty, carol, caseId } = system;
      const holds = [{ asset: flty, account: addressOf(carol), amount: 10n }];
      await system.freeze(holds);
      const next = await docket.nextEntry();
      await faulty.setHook(quorum, await cancelData(system));
      await expect(system.seize(holds))
        .to.be.revertedWithCustomError(docket, "JournalWrongEntry")
        .withArgs(next, next + 1n);
      expect((await docket.owedTo(caseId, flty, carol)).owed).to.equal(0);
      expect(await docket.nextEntry()).to.equal(next);
    });

    it("gives a claim, which names no number beforehand, the number after it", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { faulty, docket, disposal, quorum, bob, flty, five, caseId } = system;
      await faulty.setFault(bob, FAULT.revert);
      await system.refund([five]);
      await faulty.setFault(bob, FAULT.none);
      await faulty.setHook(quorum, await cancelData(system));
      await disposal.claim(caseId, flty, bob);
      const { entries, heads } = await readJournal(system);
      expect(entries.slice(-2).map(({ act }) => Number(act))).to.deep.equal([ACTS.cancel, ACTS.claim]);
      expect(headOf(startOf(await docket.getAddress()), entries)).to.equal(heads.at(-1));
      expect(await docket.head()).to.equal(heads.at(-1));
    });
  });
});

describe("The journal, read from outside", () => {
  it("an entry is made only where the balances moved as it says", async () => {
    const system = await loadFixture(deployFaultySystem);
    const { disposal, docket, faulty, flty, alice, refund } = system;
    await system.take([target(flty, alice, 100n)]);
    await faulty.setFault(alice, FAULT.moveLess);
    const entries = await docket.entries();
    await expect(refund([{ taken: flty, ...target(flty, alice, 10n) }])).to.be.revertedWithCustomError(
      disposal,
      "MovedOtherwise",
    );
    expect(await docket.entries()).to.equal(entries);
  });

  it("the head recomputed from the events is the stored one, and no altered journal gives it", async () => {
    const system = await loadFixture(deployPartlySeized);
    const read = await readEntries(client, system.addresses.docket, { toBlock: await client.getBlockNumber() });
    const of = { chainId: 31337, docket: system.addresses.docket, stored: await storedHead(system) };
    verifyChain(read, of);
    const altered = read.map((entry, i) => (i === 1 ? { ...entry, document: documentOf("another") } : entry));
    for (const wrong of [read.slice(1), read.slice(0, -1), read.toReversed(), altered])
      expect(() => verifyChain(wrong, of)).to.throw();
  });

  it("after a reorganisation the journal of the blocks that stand gives their state, and nothing of those that went", async () => {
    const system = await loadFixture(deployPartlySeized);
    const { kzte, alice, bob, freeze, docket } = system;
    const stateNow = async () =>
      replay(await readEntries(client, system.addresses.docket, { toBlock: await client.getBlockNumber() }));
    const fork = await networkHelpers.takeSnapshot();
    await freeze([target(kzte, bob, 5n)], { caseId: "GONE" });
    const gone = await stateNow();
    await fork.restore();
    await freeze([target(kzte, alice, 6n)], { caseId: "STANDS", term: 60 });
    const stands = await stateNow();
    expect([[...gone.cases.keys()].length, [...stands.cases.keys()].length]).to.deep.equal([2, 2]);
    expect([...stands.cases.keys()].join()).not.to.equal([...gone.cases.keys()].join());
    expect(await docket.caseCount()).to.equal(2);
  });
});
