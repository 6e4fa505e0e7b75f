import { expect } from "chai";
import { concat, zeroHash, type Hex } from "viem";
import { firstHead, JournalBrokenError, nextHead, verifyChain } from "../../../src/journal/chain.ts";
import { type Head } from "../../../src/journal/entries.ts";
import type { Entry } from "../../../src/journal/entries.ts";
import { addressOf, networkHelpers, now } from "../../system/chain.ts";
import { deploySystem, type System } from "../../system/deployed.ts";
import { journalOf, storedHead } from "../../system/journal.ts";
import { UNIT } from "../../system/money.ts";
import { DAY } from "../../system/parameters.ts";

describe("the journal's hash chain", () => {
  let system: System;
  let entries: Entry[];
  let stored: Head;

  const verify = (of: readonly Entry[], changes: { chainId?: number; stored?: Head } = {}) =>
    verifyChain(of, { chainId: 31337, docket: system.addresses.docket, stored, ...changes });

  /** The entry at which verification fails. */
  function brokenAt(of: readonly Entry[], changes?: { chainId?: number; stored?: Head }): bigint {
    try {
      verify(of, changes);
    } catch (error) {
      expect(error).to.be.instanceOf(JournalBrokenError).with.property("code", 3);
      return (error as JournalBrokenError).seq;
    }
    throw new Error("the journal was taken for whole");
  }

  before(async () => {
    system = await networkHelpers.loadFixture(deploySystem);
    const { alice, bob, kzte, docket, disposal, tenge, caseId } = system;
    const target = { asset: kzte, account: addressOf(alice), amount: 100n * UNIT };
    await system.freeze([target, { ...target, account: addressOf(bob) }]);
    await system.arrest({ confirm: [target], until: (await now()) + 100n * DAY });
    await networkHelpers.time.increase(11n * DAY);
    await docket.lapse(caseId, [{ asset: kzte, account: bob }]);
    await system.seize([target]);
    await tenge.connect(bob).transfer(await docket.vaultOf(caseId), 5n);
    await disposal.book(caseId, kzte);
    entries = await journalOf(system);
    stored = await storedHead(system);
  });

  it("is recomputed from the events to the stored head", () => {
    expect(entries.map(({ act }) => act)).to.deep.equal([64, 1, 2, 68, 5, 69]);
    expect(stored.entries).to.equal(6n);
    verify(entries);
  });

  it("begins with the chain's id and the docket, so that no other deployment's journal passes", () => {
    expect(brokenAt(entries, { chainId: 1 })).to.equal(1n);
    expect(firstHead(31337, system.addresses.docket)).to.not.equal(firstHead(31337, system.addresses.disposal));
  });

  const flip = (hex: Hex): Hex => `${hex.slice(0, -1)}${hex.endsWith("0") ? "1" : "0"}` as Hex;
  const changes: Record<string, (entry: Entry) => Partial<Entry>> = {
    act: ({ act }) => ({ act: act + 1 }),
    caseId: ({ caseId }) => ({ caseId: flip(caseId) }),
    order: ({ order }) => ({ order: flip(order) }),
    document: ({ document }) => ({ document: flip(document) }),
    effects: ({ effects }) => ({ effects: flip(effects) }),
    timestamp: ({ timestamp }) => ({ timestamp: timestamp + 1n }),
    head: ({ head }) => ({ head: flip(head) }),
    "officerIds (one more)": ({ officerIds }) => ({ officerIds: [...officerIds, zeroHash] }),
  };
  for (const [field, change] of Object.entries(changes)) {
    it(`breaks at an entry whose ${field} was changed`, () => {
      for (const [i, entry] of entries.entries()) {
        const changed = entries.with(i, { ...entry, ...change(entry) });
        expect(brokenAt(changed), `entry ${i + 1}`).to.equal(BigInt(i + 1));
      }
    });
  }

  it("breaks at the entry that is missing, wherever it is", () => {
    for (const i of entries.keys()) expect(brokenAt(entries.toSpliced(i, 1))).to.equal(BigInt(i + 1));
  });

  it("breaks at entries that are swapped, doubled or surplus", () => {
    const [first, second, third] = entries as [Entry, Entry, Entry];
    expect(brokenAt([first, third, second, ...entries.slice(3)])).to.equal(2n);
    expect(brokenAt(entries.toSpliced(1, 0, first))).to.equal(2n);
    const extra = { ...entries.at(-1)!, seq: 7n };
    expect(brokenAt([...entries, { ...extra, head: nextHead(stored.head, extra) }])).to.equal(7n);
  });

  it("breaks where a consistent forgery does not end in the stored head", () => {
    let head = firstHead(31337, system.addresses.docket);
    const forged = entries.map((entry) => {
      const changed = { ...entry, document: flip(entry.document) };
      head = nextHead(head, changed);
      return { ...changed, head };
    });
    expect(brokenAt(forged)).to.equal(6n);
    expect(concat([forged.at(-1)!.head])).to.not.equal(stored.head);
  });
});
