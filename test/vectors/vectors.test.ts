import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { Interface, TypedDataEncoder, type JsonFragment, type TypedDataField } from "ethers";
import hre from "hardhat";
import { hashTypedData, recoverAddress, type Address, type Hex } from "viem";
import { abiOf } from "../../src/chain/artifacts.ts";
import { refusalIn, returnedBy } from "../../src/chain/refusals.ts";
import { officerId } from "../../src/orders/approvals.ts";
import { bundleDigestByEthers } from "../../src/orders/digest-ethers.ts";
import { bundleOfDigests } from "../../src/orders/bundle.ts";
import { ORDER_TYPES, type Domain } from "../../src/orders/types.ts";
import { vectorFiles } from "./generate.ts";

type Message = Record<string, unknown>;

/** What the files have in common; messages as JSON has them. */
interface Vector {
  primaryType: string;
  types: Record<string, TypedDataField[]>;
  domain: Domain;
  message: Message;
  digest: Hex;
  approval: { signer: Address; signature: Hex };
  calls: { to: Address; data: Hex }[];
}

interface OrderVector extends Vector {
  changes: { field: string; value: unknown; digest: Hex }[];
}

interface BundleVector extends Vector {
  leaves: Hex[];
  orders: { domain: Domain; messages: Message[] };
  changes: { what: string; leaves: Hex[]; root: Hex; digest: Hex }[];
}

const FOLDER = path.join(import.meta.dirname, "../../vectors");
const textOf = (file: string) => readFileSync(path.join(FOLDER, file), "utf8");
const orders = readdirSync(FOLDER)
  .filter((file) => file !== "Bundle.json")
  .map((file) => JSON.parse(textOf(file)) as OrderVector);
const bundle = JSON.parse(textOf("Bundle.json")) as BundleVector;

/** A message and each that a vector's changes make of it, with the digest that it must have. */
function casesOf({ message, digest, changes }: OrderVector): { at: string; message: Message; digest: Hex }[] {
  const changed = changes.map(({ field, value, digest }) => {
    const copy = structuredClone(message);
    const keys = field.split(/[.[\]]+/).filter(Boolean);
    const holder = keys.slice(0, -1).reduce((at, key) => at[key] as Message, copy);
    holder[keys.at(-1)!] = value;
    return { at: field, message: copy, digest };
  });
  return [{ at: "unchanged", message, digest }, ...changed];
}

const byViem = ({ types, primaryType }: Vector, domain: Domain, message: Message) =>
  hashTypedData({ domain, types, primaryType, message });
const byEthers = ({ types }: Vector, domain: Domain, message: Message) => TypedDataEncoder.hash(domain, types, message);

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

      it("has call data that bring this message with this approval", async () => {
        const { digest, approval } = vector;
        expect(await recoverAddress({ hash: digest, signature: approval.signature })).to.equal(approval.signer);
        const taken = vector.primaryType !== "SetAdapter";
        const executed = functions.hasFunction(`execute${vector.primaryType}`);
        expect(vector.calls).to.have.length(Number(taken) + Number(executed));
        for (const { data } of vector.calls) {
          const { name, args } = functions.parseTransaction({ data })!;
          const list = ["freeze", "arrest", "seize", "refund"].includes(name);
          const message = (list ? (args[0] as unknown[])[0] : args[0]) as Message;
          expect(byEthers(vector, vector.domain, message), name).to.equal(digest);
          const by = name.startsWith("execute") ? officerId(approval.signer) : approval.signature;
          if (name !== "appeal") expect(data, name).to.contain(by.slice(2));
        }
      });
    });
  }

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
  const deployed = await ethers.deployContract("Quorum");
  await networkHelpers.setCode(quorum, await ethers.provider.getCode(deployed));
  const docket = await ethers.deployContract("Docket", [quorum]);
  const register = await ethers.deployContract("LicenceRegister", [quorum, docket]);
  const disposal = await ethers.deployContract("Disposal", [quorum, docket, register]);
  return { ethers, docket, lens: await ethers.deployContract("Lens", [quorum, docket, disposal, register]) };
}
