// Long: 1,000 random bundles, against the chain.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { concat, size, slice, type Address, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { refusalIn, returnedBy } from "../../../src/chain/refusals.ts";
import { officerId, packApprovals, type PackedApprovals } from "../../../src/orders/approvals.ts";
import { buildArrest, buildFreeze, buildReturn, buildSeize } from "../../../src/orders/build.ts";
import {
  BUNDLE_DOMAIN,
  BUNDLE_TYPES,
  BUNDLED,
  bundleData,
  bundleOf,
  bundleOfDigests,
  DuplicateOrderError,
  EmptyBundleError,
  InvalidRangeError,
  MixedBundleError,
  rangeOf,
  UnbundledActError,
  type Bundle,
  type BundledType,
} from "../../../src/orders/bundle.ts";
import { bringingList, type OrderCall } from "../../../src/orders/calls.ts";
import { encodeCaseId } from "../../../src/orders/caseId.ts";
import { digestOf } from "../../../src/orders/digest.ts";
import { bundleDigestByEthers } from "../../../src/orders/digest-ethers.ts";
import { readBundleFile, writeBundleFile } from "../../../src/orders/disk.ts";
import {
  ForeignSignatureError,
  mergeSignatures,
  parseBundleFile,
  RootMismatchError,
  serializeBundleFile,
} from "../../../src/orders/files.ts";
import { InvalidFileError } from "../../../src/base/json.ts";
import { ACTS, domainOf, type Order } from "../../../src/orders/types.ts";
import { CASE } from "../../system/acts/signed.ts";
import { addressOf, client, inTime, networkHelpers, now } from "../../system/chain.ts";
import { deploySystem, type System } from "../../system/deployed.ts";
import { UNIT } from "../../system/money.ts";
import { DOCUMENT, nextSalt, officer } from "../../system/officers.ts";
import { DAY, type OfficerName } from "../../system/parameters.ts";
import { randomDomain, randomFrom, randomOrder, type Random } from "./random.ts";

const DECIDERS: Record<BundledType, OfficerName[]> = {
  Freeze: ["FMA-1", "FMA-2", "GPO-1"],
  Arrest: ["COURT-1", "FMA-1", "GPO-1"],
  Seize: ["COURT-1", "FMA-1", "GPO-1", "NBK-1"],
  Return: ["COURT-1", "NBK-1"],
};

/** One signature of each of the fixture's officers, by ethers. */
async function signed({ act, root, count }: Bundle, by = DECIDERS[act]): Promise<PackedApprovals> {
  const types = { Bundle: [...BUNDLE_TYPES.Bundle] };
  const signatures = by.map(officer).map(async (wallet) => ({
    signer: wallet.address as Hex,
    signature: (await wallet.signTypedData(BUNDLE_DOMAIN, types, { root, count, act: ACTS[act] })) as Hex,
  }));
  return packApprovals(await Promise.all(signatures));
}

type List = [Order<BundledType>, ...Order<BundledType>[]];

/** With which error the contracts refuse a call; undefined: they let it pass. */
async function refusalOf({ to, data }: OrderCall) {
  try {
    await client.call({ to, data });
    return undefined;
  } catch (fault) {
    const refusal = refusalIn(returnedBy(fault) ?? "0x");
    if (refusal === undefined) throw fault;
    return refusal;
  }
}

const randomRange = (random: Random, count: number): [index: number, n: number] => {
  const index = random.below(count);
  return [index, 1 + random.below(count - index)];
};

describe("orders: bundles", function () {
  this.timeout(180_000);
  let system: System;
  let at: { docket: Address; disposal: Address; quorum: Address; register: Address };

  beforeEach(async () => {
    system = await networkHelpers.loadFixture(deploySystem);
    const { docket, disposal, register } = system.addresses;
    at = { docket, disposal, register, quorum: system.domain.verifyingContract };
  });

  const send = async ({ to, data }: OrderCall) => (await system.stranger.sendTransaction({ to, data })).wait();
  const base = async (caseId = CASE) => ({ caseId, document: DOCUMENT, signBy: await inTime(), salt: nextSalt() });
  const freezeOf = async (account: Address, caseId?: string) =>
    buildFreeze({ ...(await base(caseId)), targets: [{ asset: system.kzte, account, amount: UNIT }], term: 864_000 });
  const freezes = (random: Random, count: number) =>
    Promise.all(Array.from({ length: count }, () => freezeOf(random.address())));
  const bring = (orders: readonly Order<BundledType>[], approvals: PackedApprovals, range: Hex) =>
    bringingList(at, orders as List, [approvals], range);

  it("viem, ethers and the contract agree on 1,000 random bundles, in any range", async () => {
    const random = randomFrom("bundles");
    await system.freeze([{ asset: system.kzte, account: addressOf(system.alice), amount: UNIT }]);
    const signBy = await inTime();
    // Of a Seize the docket looks first whether it could be executed.
    const held = [{ asset: system.kzte, account: addressOf(system.alice), amount: 1n }];
    const seizing = { caseId: encodeCaseId(CASE), holds: held, upTo: 1 };
    const seen = new Set<string>();
    for (let i = 0; i < 1_000; i++) {
      const act = random.pick(BUNDLED);
      const orders = Array.from({ length: 1 + random.below(40) }, () => {
        const { message } = randomOrder(random, act);
        return {
          primaryType: act,
          message: { ...message, signBy, ...(act === "Seize" && seizing) },
        } as Order<BundledType>;
      });
      const bundle = bundleOf(act, orders, system.domain);
      expect(bundleDigestByEthers(bundle)).to.equal(bundle.digest);
      seen.add(bundle.digest);

      // The contract names who signed the digest that it computed: only of the same digest is that this stranger.
      const stranger = privateKeyToAccount(random.bytes(32));
      const approval = { signer: stranger.address, signature: await stranger.signTypedData(bundleData(bundle)) };
      const [index, n] = randomRange(random, bundle.count);
      const call = bring(orders.slice(index, index + n), packApprovals([approval]), rangeOf(bundle, index, n));
      const refusal = await refusalOf(call);
      expect(refusal?.error, `${n} of ${bundle.count} ${act} from ${index} on`).to.equal("QuorumUnknownOfficer");
      expect(refusal!.args.officerId).to.equal(officerId(stranger.address));
    }
    expect(seen.size).to.equal(1_000);
  });

  it("are executed by the signatures of their officers, range by range, whichever comes first", async () => {
    const random = randomFrom("executed bundles");
    for (let i = 0; i < 30; i++) {
      const count = 1 + random.below(12);
      const place = (account: Address) => [{ asset: system.kzte, account, amount: UNIT }];
      const until = (await now()) + 90n * DAY;
      const orders: Order<BundledType>[] = [];
      for (const act = random.pick(["Freeze", "Arrest"] as const); orders.length < count;) {
        const account = random.address();
        const caseId = `CASE-${random.below(9)}`;
        if (act === "Freeze") orders.push(await freezeOf(account, caseId));
        else orders.push(buildArrest({ ...(await base(caseId)), place: place(account), upTo: 0, until }));
      }
      const bundle = bundleOf(orders[0]!.primaryType, orders, system.domain);
      const approvals = await signed(bundle);
      const ranges: [index: number, n: number][] = [];
      for (let index = 0; index < count; index += ranges.at(-1)![1]) {
        ranges.push([index, 1 + random.below(count - index)]);
      }
      const before = await system.docket.entries();
      for (const [index, n] of random.shuffle(ranges)) {
        await send(bring(orders.slice(index, index + n), approvals, rangeOf(bundle, index, n)));
      }
      expect(await system.docket.entries()).to.equal(before + BigInt(count));
      for (const leaf of bundle.leaves) expect(await system.quorum.entryOf(leaf)).to.not.equal(0n);
      const again = await refusalOf(bring(orders, approvals, rangeOf(bundle, 0, count)));
      expect(again?.error).to.equal("QuorumOrderUsed");
    }
  });

  it("take cases from the freeze to the return", async () => {
    const holders = [system.alice, system.bob, system.carol].map(addressOf);
    const cases = holders.map((account, i) => ({ account, caseId: `LIFE-${i}`, asset: system.kzte, amount: UNIT }));
    const until = (await now()) + 90n * DAY;
    const upTo = cases.length;
    const steps: ((of: (typeof cases)[number]) => Promise<Order<BundledType>>)[] = [
      ({ account, caseId }) => freezeOf(account, caseId),
      async ({ caseId, ...it }) => buildArrest({ ...(await base(caseId)), confirm: [it], upTo, until }),
      async ({ caseId, ...it }) => buildSeize({ ...(await base(caseId)), holds: [it], upTo }),
      async ({ caseId, ...it }) => buildReturn({ ...(await base(caseId)), holders: [{ ...it, taken: it.asset }] }),
    ];
    const left = [1_000n, 1_000n, 999n, 1_000n];
    for (const [step, build] of steps.entries()) {
      const orders = await Promise.all(cases.map(build));
      const bundle = bundleOf(BUNDLED[step]!, orders, system.domain);
      const approvals = await signed(bundle);
      await send(bring(orders.slice(0, 1), approvals, rangeOf(bundle, 0, 1)));
      await send(bring(orders.slice(1), approvals, rangeOf(bundle, 1, 2)));
      for (const account of holders) expect(await system.tenge.balanceOf(account)).to.equal(left[step]! * UNIT);
    }
  });

  describe("are refused", () => {
    let orders: Order<"Freeze">[];
    let bundle: Bundle;
    let approvals: PackedApprovals;
    let some: Order<"Freeze">[];
    let range: Hex;

    // Seven orders, of which the third to the fifth are brought: beside them the root needs three nodes.
    beforeEach(async () => {
      orders = await freezes(randomFrom("refused"), 7);
      bundle = bundleOf("Freeze", orders, system.domain);
      approvals = await signed(bundle);
      some = orders.slice(2, 5);
      range = rangeOf(bundle, 2, 3);
      expect(size(range)).to.equal(8 + 3 * 32);
      expect(await refusalOf(bring(some, approvals, range))).to.equal(undefined);
    });

    const proof = (...nodes: number[]) => nodes.map((i) => slice(range, 8 + 32 * i, 40 + 32 * i));
    const headed = (head: Hex, ...nodes: number[]) => concat([head, ...proof(...nodes)]);
    const expectRefusal = async (given: Hex, error: string, args: Record<string, unknown> = {}, of = some) => {
      const refusal = await refusalOf(bring(of, approvals, given));
      expect(refusal?.error).to.equal(error);
      expect(refusal!.args).to.include(args);
    };

    it("with a proof that is cut, by its bytes", async () => {
      for (const given of [7, 8, 39, 40, 72, 103]) {
        // Each missing byte is noticed at the first node, or the head, that it cuts.
        const needed = given < 8 ? 8n : BigInt(40 + 32 * Math.floor((given - 8) / 32));
        await expectRefusal(slice(range, 0, given), "BundleProof", { given: BigInt(given), needed });
      }
    });

    it("with a proof that is padded, by its bytes", async () => {
      for (const padding of ["0x00", proof(0)[0]!] as Hex[]) {
        const given = BigInt(104 + size(padding));
        await expectRefusal(concat([range, padding]), "BundleProof", { given, needed: 104n });
      }
    });

    it("with nodes that are swapped, repeated or others, as signed by nobody", async () => {
      const head = slice(range, 0, 8);
      for (const nodes of [
        [1, 0, 2],
        [0, 2, 1],
        [0, 0, 2],
      ]) {
        await expectRefusal(headed(head, ...nodes), "QuorumUnknownOfficer");
      }
    });

    it("with another count or index", async () => {
      await expectRefusal(headed("0x0000000800000002", 0, 1, 2), "QuorumUnknownOfficer");
      await expectRefusal(headed("0x0000000500000002", 0, 1, 2), "BundleProof");
      await expectRefusal(headed("0xffffffff00000002", 0, 1, 2), "BundleProof");
      const beyond = { index: 2n, orders: 3n, count: 4n };
      await expectRefusal(headed("0x0000000400000002", 0, 1, 2), "BundleRange", beyond);
      await expectRefusal(headed("0x0000000700000005", 0, 1, 2), "BundleRange", { index: 5n });
      await expectRefusal(headed("0x0000000700000000", 0, 1, 2), "BundleProof");
      const [only, elsewhere] = [rangeOf(bundle, 0, 1), rangeOf(bundle, 1, 1)];
      const moved = concat([slice(elsewhere, 0, 8), slice(only, 8)]);
      await expectRefusal(moved, "QuorumUnknownOfficer", {}, orders.slice(0, 1));
    });

    it("of other orders than those in the place, or in another sequence", async () => {
      await expectRefusal(range, "QuorumUnknownOfficer", {}, orders.slice(1, 4));
      await expectRefusal(range, "QuorumUnknownOfficer", {}, some.toReversed());
      await expectRefusal(range, "BundleProof", {}, orders.slice(2, 4));
      await expectRefusal(range, "BundleProof", {}, orders.slice(2, 6));
    });

    it("signed for another act, chain or Quorum, or order by order", async () => {
      const { domain } = system;
      for (const other of [
        bundleOfDigests("Arrest", bundle.leaves),
        bundleOf("Freeze", orders, { ...domain, chainId: 1 }),
        bundleOf("Freeze", orders, domainOf(domain.chainId, at.docket)),
      ]) {
        const call = bring(some, await signed(other, DECIDERS.Freeze), rangeOf(other, 2, 3));
        expect((await refusalOf(call))?.error).to.equal("QuorumUnknownOfficer");
      }
      const one = await system.approve(some[0]!, DECIDERS.Freeze);
      expect((await refusalOf(bring(some, one, range)))?.error).to.equal("QuorumUnknownOfficer");
      const bare = bringingList(at, some.slice(0, 1) as unknown as List, [approvals]);
      expect((await refusalOf(bare))?.error).to.equal("QuorumUnknownOfficer");
    });

    it("whatever is changed in the proof of 60 random ranges", async () => {
      const random = randomFrom("changed proofs");
      for (let i = 0; i < 60; i++) {
        const all = await freezes(random, 2 + random.below(12));
        const whole = bundleOf("Freeze", all, system.domain);
        const [index, n] = randomRange(random, whole.count);
        const given = rangeOf(whole, index, n);
        const place = random.below(size(given));
        const byte = Number(slice(given, place, place + 1)) ^ (1 + random.below(255));
        const changed = concat([
          ...(place > 0 ? [slice(given, 0, place)] : []),
          `0x${byte.toString(16).padStart(2, "0")}`,
          ...(place + 1 < size(given) ? [slice(given, place + 1)] : []),
        ]);
        const refusal = await refusalOf(bring(all.slice(index, index + n), await signed(whole), changed));
        expect(refusal?.error).to.be.oneOf(["BundleRange", "BundleProof", "QuorumUnknownOfficer"]);
      }
    });
  });

  it("cannot be made of nothing, of several acts, of acts signed singly, or of one order twice", () => {
    const random = randomFrom("bad bundles");
    const domain = randomDomain(random);
    const [freeze, lift] = [randomOrder(random, "Freeze"), randomOrder(random, "Lift")];
    const faults: [typeof EmptyBundleError, () => Bundle, field: string][] = [
      [EmptyBundleError, () => bundleOf("Freeze", [], domain), "orders"],
      [MixedBundleError, () => bundleOf("Freeze", [freeze, lift], domain), "orders[1]"],
      [UnbundledActError, () => bundleOf("Lift" as BundledType, [lift], domain), "act"],
      [DuplicateOrderError, () => bundleOf("Freeze", [freeze, freeze], domain), "orders[1]"],
    ];
    for (const [error, attempt, field] of faults) {
      expect(attempt).to.throw(error).with.property("code", 64);
      expect(attempt).to.throw(error).with.property("field", field);
    }
  });

  it("have no range beyond their end, before their beginning, or of nothing", () => {
    const random = randomFrom("bad ranges");
    const bundle = bundleOfDigests(
      "Seize",
      Array.from({ length: 5 }, () => random.bytes(32)),
    );
    for (const [index, n] of [
      [0, 6],
      [5, 1],
      [4, 2],
      [-1, 2],
      [0, 0],
      [1.5, 1],
      [0, NaN],
    ] as const) {
      expect(() => rangeOf(bundle, index, n), `${n} from ${index}`).to.throw(InvalidRangeError);
    }
  });

  it("are the same of digests, wherever their orders are executed, and another in another sequence", () => {
    const random = randomFrom("digests of bundles");
    const orders = Array.from({ length: 5 }, () => randomOrder(random, "Return"));
    const domain = randomDomain(random);
    const bundle = bundleOf("Return", orders, domain);
    expect(
      bundleOfDigests(
        "Return",
        orders.map((order) => digestOf(order, domain)),
      ),
    ).to.deep.equal(bundle);
    const elsewhere = bundle.leaves.with(4, digestOf(orders[4]!, randomDomain(random)));
    const digests = [
      bundleOfDigests("Return", bundle.leaves.toReversed()),
      bundleOfDigests("Return", bundle.leaves.slice(0, 4)),
      bundleOfDigests("Seize", bundle.leaves),
      bundleOfDigests("Return", elsewhere),
    ].map(({ digest }) => digest);
    expect(new Set([bundle.digest, ...digests]).size).to.equal(5);
  });

  describe("in files", () => {
    const random = randomFrom("bundle files");
    const bundle = bundleOfDigests(
      "Arrest",
      Array.from({ length: 3 }, () => random.bytes(32)),
    );
    type Json = Record<string, unknown> & { leaves: Hex[] };
    const edited = (edit: (json: Json) => unknown) => {
      const json = JSON.parse(serializeBundleFile(bundle)) as Json;
      edit(json);
      return JSON.stringify(json);
    };

    it("are read as they were written, to the byte, whatever the case of the digits", () => {
      const text = serializeBundleFile(bundle);
      expect(parseBundleFile(text, "a.bundle.json")).to.deep.equal(bundle);
      expect(Object.keys(JSON.parse(text) as object)).to.deep.equal(["schema", "act", "root", "count", "leaves"]);
      expect(JSON.parse(text)).to.include({ schema: "sequester.bundle/1", act: "Arrest", count: 3 });
      const loud = edited((json) => (json.root = bundle.root.toUpperCase().replace("0X", "0x")));
      expect(serializeBundleFile(parseBundleFile(loud, "loud"))).to.equal(text);
    });

    const faults: [what: string, field: string, edit: (json: Json) => unknown][] = [
      ["another schema", "schema", (json) => (json.schema = "sequester.bundle/2")],
      ["an act that is signed singly", "act", (json) => (json.act = "Lift")],
      ["the number of an act", "act", (json) => (json.act = 2)],
      ["a short root", "root", (json) => (json.root = "0xab")],
      ["another count", "count", (json) => (json.count = 4)],
      ["a count that is text", "count", (json) => (json.count = "3")],
      ["no leaves", "count", (json) => (json.leaves = [])],
      ["a leaf that is none", "leaves[1]", (json) => (json.leaves[1] = "0x")],
      ["a leaf twice", "leaves[2]", (json) => (json.leaves[2] = json.leaves[0]!)],
      ["a missing field", "leaves", (json) => delete (json as Partial<Json>).leaves],
      ["an unknown field", "the file", (json) => (json.signBy = "1")],
    ];
    for (const [what, field, edit] of faults) {
      it(`are refused with ${what}`, () => {
        const attempt = () => parseBundleFile(edited(edit), "a.bundle.json");
        expect(attempt).to.throw(InvalidFileError, "a.bundle.json").with.property("code", 64);
        expect(attempt).to.throw(InvalidFileError, field);
      });
    }

    it("are refused with another root, or the leaves in another sequence", () => {
      for (const edit of [
        (json: Json) => (json.root = random.bytes(32)),
        (json: Json) => json.leaves.reverse(),
        (json: Json) => (json.leaves[0] = random.bytes(32)),
      ]) {
        const attempt = () => parseBundleFile(edited(edit), "a.bundle.json");
        expect(attempt).to.throw(RootMismatchError, "a.bundle.json").with.property("code", 3);
      }
    });

    it("are signed like an order: signatures merge, and those of an order are foreign", async () => {
      const files = await Promise.all(
        Array.from({ length: 4 }, async () => {
          const account = privateKeyToAccount(random.bytes(32));
          const signer = account.address.toLowerCase() as Hex;
          return { digest: bundle.digest, signer, signature: await account.signTypedData(bundleData(bundle)) };
        }),
      );
      const merged = await mergeSignatures(bundle.digest, random.shuffle([...files, ...files]));
      expect(merged).to.have.deep.members(files);
      expect(await mergeSignatures(bundle.digest, merged)).to.deep.equal(merged);
      const foreign = await mergeSignatures(bundle.leaves[0]!, files).catch((error: unknown) => error);
      expect(foreign).to.be.instanceOf(ForeignSignatureError);
    });

    it("lie on disk", async () => {
      const folder = await mkdtemp(path.join(tmpdir(), "sequester-bundles-"));
      try {
        const file = path.join(folder, "a.bundle.json");
        await writeBundleFile(file, bundle);
        expect(await readBundleFile(file)).to.deep.equal(bundle);
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  });

  it("are not needed: orders in a list may have their own approvals each", async () => {
    const [first, second] = await freezes(randomFrom("single"), 2);
    const both = [await system.approve(first!, DECIDERS.Freeze), await system.approve(second!, DECIDERS.Freeze)];
    await send(bringingList(at, [first!, second!], both));
    expect(await system.docket.entries()).to.equal(3n);
  });
});
