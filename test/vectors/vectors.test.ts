import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import {
  AbiCoder,
  concat,
  Interface,
  keccak256,
  TypedDataEncoder,
  type JsonFragment,
  type TypedDataField,
} from "ethers";
import hre from "hardhat";
import { hashTypedData, numberToHex, recoverAddress, type Address, type Hex } from "viem";
import { abiOf } from "../../src/chain/artifacts.ts";
import { refusalIn, returnedBy } from "../../src/chain/refusals.ts";
import { JournalBrokenError, verifyChain } from "../../src/journal/chain.ts";
import { decodeEffects } from "../../src/journal/effects.ts";
import type { Entry } from "../../src/journal/entries.ts";
import { officerId } from "../../src/orders/approvals.ts";
import { bundleDigestByEthers } from "../../src/orders/digest-ethers.ts";
import { bundleOfDigests } from "../../src/orders/bundle.ts";
import { actOf, ACTS, ORDER_TYPES, type Domain, type Order } from "../../src/orders/types.ts";
import { errorOf, vectorFiles, withValue } from "./generate.ts";

type Message = Record<string, unknown>;

/** What the files have in common; messages as JSON has them. */
interface Vector {
  primaryType: string;
  types: Record<string, TypedDataField[]>;
  domain: Domain;
  message: Message;
  digest: Hex;
  calls: { to: Address; data: Hex }[];
}

interface Approval {
  signer: Address;
  signature: Hex;
}

interface OrderVector extends Vector {
  approvals: Approval[];
  entries: string[];
  changes: { field: string; value: unknown; digest: Hex; error?: string; args?: Record<string, unknown> }[];
  refused: { field: string; value: unknown; error: string }[];
}

interface BundleVector extends Vector {
  approval: Approval;
  leaves: Hex[];
  orders: { domain: Domain; messages: Message[] };
  changes: { what: string; leaves: Hex[]; root: Hex; digest: Hex }[];
}

type EntryJson = Record<"seq" | "timestamp", string> &
  Record<"caseId" | "order" | "document" | "effects" | "head", Hex> & { act: number; officerIds: Hex[] };

interface JournalVector {
  chainId: number;
  docket: Address;
  first: Hex;
  entries: EntryJson[];
  stored: { entries: string; head: Hex };
  changes: { seq: string; field: string; value: unknown; head: Hex; error: string }[];
}

const FOLDER = path.join(import.meta.dirname, "../../vectors");
const textOf = (file: string) => readFileSync(path.join(FOLDER, file), "utf8");
const orders = readdirSync(FOLDER)
  .filter((file) => file !== "Bundle.json" && file !== "Journal.json")
  .map((file) => JSON.parse(textOf(file)) as OrderVector);
const bundle = JSON.parse(textOf("Bundle.json")) as BundleVector;
const journal = JSON.parse(textOf("Journal.json")) as JournalVector;
/** Acts that the played journal lacks: calls of officers that are contracts, and what no contract takes or does. */
const UNTOLD = ["SetAdapter", "approve", "revoke", "observe"];

/** A message and each that a vector's changes make of it, with the digest that it must have. */
function casesOf({ message, digest, changes }: OrderVector): { at: string; message: Message; digest: Hex }[] {
  const changed = changes.map(({ field, value, digest }) => {
    return { at: field, message: withValue(message, field, value), digest };
  });
  return [{ at: "unchanged", message, digest }, ...changed];
}

/** Fields that are no list, by their places without indices; `rules[0].delay` is `rules.delay`. */
const fieldsOf = (type: string, at = ""): string[] =>
  ORDER_TYPES[type as "Freeze"].flatMap((field) =>
    field.type.endsWith("[]") ? fieldsOf(field.type.slice(0, -2), `${at}${field.name}.`) : [`${at}${field.name}`],
  );

const byViem = ({ types, primaryType }: Vector, domain: Domain, message: Message) =>
  hashTypedData({ domain, types, primaryType, message });
const byEthers = ({ types }: Vector, domain: Domain, message: Message) => TypedDataEncoder.hash(domain, types, message);

const word = (n: number): Hex => numberToHex(n, { size: 32 });

/** The journal's heads as contracts/base/Journal.sol has them. */
const coder = AbiCoder.defaultAbiCoder();
const firstHeadByEthers = (chainId: number, docket: string) =>
  keccak256(coder.encode(["uint256", "address"], [chainId, docket]));
const headByEthers = (head: string, { seq, act, caseId, document, order, officerIds, effects, timestamp }: Entry) =>
  keccak256(
    coder.encode(
      ["bytes32", "uint256", "uint8", "bytes32", "bytes32", "bytes32", "bytes32", "bytes32", "uint256"],
      [
        head,
        seq,
        act,
        caseId,
        document,
        order,
        keccak256(concat(["0x", ...officerIds])),
        keccak256(effects),
        timestamp,
      ],
    ),
  );

const CONTRACTS = ["Quorum", "Docket", "Disposal", "LicenceRegister"] as const;
const functions = new Interface(CONTRACTS.flatMap((name) => [...abiOf(name)] as JsonFragment[]));

describe("vectors", () => {
  it("are what `npm run generate:vectors` writes now", async () => {
    const files = await vectorFiles();
    expect(readdirSync(FOLDER).sort()).to.deep.equal([...files.keys()].sort());
    for (const [name, text] of files) expect(textOf(name) === text, `vectors/${name} is stale`).to.equal(true);
  });

  for (const vector of orders) {
    describe(vector.primaryType, () => {
      const cases = casesOf(vector);

      it("changes every field, and no change leaves the digest as it is", () => {
        expect(new Set(cases.map(({ digest }) => digest)).size).to.equal(cases.length);
        const changed = new Set(vector.changes.map(({ field }) => field.split(/[.[]/)[0]));
        expect([...changed]).to.have.members(Object.keys(vector.message));
        expect(vector.types[vector.primaryType]).to.deep.equal(ORDER_TYPES[vector.primaryType as "Freeze"]);
      });

      it("has the digests of viem and of ethers", () => {
        for (const { at, message, digest } of cases) {
          expect(byViem(vector, vector.domain, message), at).to.equal(digest);
          expect(byEthers(vector, vector.domain, message), at).to.equal(digest);
        }
      });

      it("has the digests of the contracts", async () => {
        const { lens } = await chain();
        for (const { at, message, digest } of cases) {
          const name = `digestOf${vector.primaryType}`;
          expect(await lens.getFunction(name).staticCall(message), at).to.equal(digest);
        }
      });

      it("has call data that bring this message with these approvals", async () => {
        const { primaryType, digest, approvals, calls } = vector;
        for (const { signer, signature } of approvals) {
          expect(await recoverAddress({ hash: digest, signature })).to.equal(signer);
        }
        expect(approvals.length > 0).to.equal(primaryType !== "Appeal");
        const taken = primaryType !== "SetAdapter";
        const executed = functions.hasFunction(`execute${primaryType}`);
        expect(calls).to.have.length(Number(taken) + Number(executed));
        for (const { data } of calls) {
          const { name, args } = functions.parseTransaction({ data })!;
          const list = ["freeze", "arrest", "seize", "refund"].includes(name);
          const message = (list ? (args[0] as unknown[])[0] : args[0]) as Message;
          expect(byEthers(vector, vector.domain, message), name).to.equal(digest);
          for (const { signer, signature } of approvals) {
            const by = name.startsWith("execute") ? officerId(signer) : signature;
            expect(data, name).to.contain(by.slice(2));
          }
        }
      });

      it("is refused by the contracts with an error of a name once a field is changed", async () => {
        for (const { field, digest, error, args } of vector.changes) {
          if (vector.primaryType === "SetAdapter") expect(error, field).to.equal(undefined);
          else expect(error, field).to.match(/^[A-Z]\w+$/);
          if (error !== "QuorumUnknownOfficer" || (vector.primaryType === "Dismiss" && field === "officerId")) continue;
          // Over the changed digest the old signatures are those of somebody else.
          const strangers = vector.approvals.map(({ signature }) => recoverAddress({ hash: digest, signature }));
          expect((await Promise.all(strangers)).map(officerId), field).to.include(args!.officerId);
        }
      });

      it("is not read with a value out of range, of any field", () => {
        const { primaryType, domain, message, refused } = vector;
        const salts = { documentSalt: word(1), ruling: { file: "ruling.md", sha256: word(2) } };
        const head = { schema: "sequester.order/1", domain, primaryType, ...("document" in message ? salts : {}) };
        const errorWith = (message: unknown) => errorOf(JSON.stringify({ ...head, message }));
        expect(errorWith(message)).to.equal(undefined);
        for (const { field, value, error } of refused) {
          expect(errorWith(withValue(message, field, value)), `${field} ${String(value)}`).to.equal(error);
        }
        const fields = new Set(refused.map(({ field }) => field.replace(/\[\d+\]/g, "")));
        expect([...fields]).to.include.members(fieldsOf(primaryType));
      });

      it("stands in the journal by the entry of each of its calls, in their order", () => {
        const { primaryType, digest, entries, calls, message } = vector;
        const own = journal.entries.filter(({ order }) => order === digest);
        expect(own.map(({ seq }) => seq)).to.deep.equal(entries);
        const acts = [actOf({ primaryType, message } as unknown as Order), ACTS.execute].slice(0, calls.length);
        // Whoever claims from a compensation names its order too.
        expect(own.map(({ act }) => act).slice(0, calls.length)).to.deep.equal(acts);
        if (primaryType !== "Compensate") expect(own).to.have.length(calls.length);
      });
    });
  }

  describe("Journal", () => {
    const asEntry = (entry: EntryJson): Entry => ({
      ...entry,
      seq: BigInt(entry.seq),
      timestamp: BigInt(entry.timestamp),
      blockNumber: 0n,
      transactionHash: word(0),
    });
    const entries = journal.entries.map(asEntry);
    const { chainId, docket, first, stored, changes } = journal;
    const of = { chainId, docket, stored: { head: stored.head, entries: BigInt(stored.entries) } };

    it("tells every act", () => {
      const told = new Set(entries.map(({ act }) => act));
      const untold = Object.entries(ACTS).filter(([, act]) => !told.has(act));
      expect(untold.map(([name]) => name)).to.have.members(UNTOLD);
    });

    it("has the heads of viem and of ethers, up to what the docket stores", () => {
      verifyChain(entries, of);
      expect(firstHeadByEthers(chainId, docket)).to.equal(first);
      const last = entries.reduce((head, entry) => {
        expect(headByEthers(head, entry), `entry ${entry.seq}`).to.equal(entry.head);
        return entry.head;
      }, first);
      expect(last).to.equal(stored.head);
    });

    it("has effects that can be read", () => {
      for (const { effects } of entries) decodeEffects(effects);
    });

    it("breaks at the entry of which a field is changed, for it has another head", () => {
      const fields = Object.keys(journal.entries[0]!);
      expect([...new Set(changes.map(({ field }) => field))]).to.have.members(fields);
      for (const { seq, field, value, head, error } of changes) {
        const i = Number(seq) - 1;
        const changed = asEntry({ ...journal.entries[i]!, [field]: value });
        const at = `${field} of entry ${seq}`;
        expect(headByEthers(entries[i - 1]?.head ?? first, changed), at).to.equal(head);
        expect(changed.head === head, at).to.equal(false);
        expect(() => verifyChain(entries.with(i, changed), of), at)
          .to.throw(JournalBrokenError)
          .and.include({ name: error, seq: BigInt(seq) });
      }
    });
  });

  describe("Bundle", () => {
    it("has the leaves, roots and digests of viem and of ethers", async () => {
      const freeze = orders.find(({ primaryType }) => primaryType === "Freeze")!;
      const { domain, messages } = bundle.orders;
      expect(messages.map((message) => byViem(freeze, domain, message))).to.deep.equal(bundle.leaves);
      expect(byViem(bundle, bundle.domain, bundle.message)).to.equal(bundle.digest);
      expect(byEthers(bundle, bundle.domain, bundle.message)).to.equal(bundle.digest);
      const { root } = bundle.message as { root: Hex };
      for (const { leaves, ...needs } of [{ ...bundle, root }, ...bundle.changes]) {
        const { root, digest } = bundleOfDigests("Freeze", leaves);
        expect({ root, digest }).to.deep.equal({ root: needs.root, digest: needs.digest });
        expect(bundleDigestByEthers({ act: "Freeze", leaves })).to.equal(digest);
      }
      expect(new Set([bundle, ...bundle.changes].map(({ digest }) => digest)).size).to.equal(1 + bundle.changes.length);
    });

    it("has call data out of which the contracts compute the same digest", async () => {
      const { approval, calls, digest } = bundle;
      expect(await recoverAddress({ hash: digest, signature: approval.signature })).to.equal(approval.signer);
      const { ethers, docket } = await chain();
      for (const { data } of calls) {
        // The contracts name who signed the digest that they computed: of another one it would be somebody else.
        const fault: unknown = await ethers.provider.call({ to: docket, data }).catch((error: unknown) => error);
        const refusal = refusalIn(returnedBy(fault) ?? "0x");
        expect(refusal?.error).to.equal("QuorumUnknownOfficer");
        expect(refusal!.args.officerId).to.equal(officerId(approval.signer));
      }
    });
  });
});

let started: ReturnType<typeof start> | undefined;

/** A chain of the time of the vectors, with a Quorum where they say that it stands. */
const chain = () => (started ??= start());

async function start() {
  const { ethers, networkHelpers } = await hre.network.create({ override: { initialDate: new Date("2025-12-01") } });
  const quorum = bundle.orders.domain.verifyingContract;
  // The addresses that the first account gives are those of the vectors.
  const [, deployer] = await ethers.getSigners();
  const deploy = (name: string, args: unknown[] = []) => ethers.deployContract(name, args, deployer);
  const deployed = await deploy("Quorum");
  await networkHelpers.setCode(quorum, await ethers.provider.getCode(deployed));
  const docket = await deploy("Docket", [quorum]);
  const register = await deploy("LicenceRegister", [quorum, docket]);
  const disposal = await deploy("Disposal", [quorum, docket, register]);
  return { ethers, docket, lens: await deploy("Lens", [quorum, docket, disposal, register]) };
}
