import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { formatTypedData, type Descriptor as Read, type DisplayField } from "@ethereum-sourcify/clear-signing";
import { expect } from "chai";
import { keccak256, toHex } from "viem";
import { bundleDescriptor, orderDescriptor, type Descriptor } from "../../../src/signing/descriptors.ts";
import { PRIMARY_TYPES, type Domain } from "../../../src/orders/types.ts";
import { withValue } from "../../vectors/generate.ts";
import { DESCRIPTOR } from "./erc7730.ts";

const VECTORS = path.join(import.meta.dirname, "../../../vectors");
const KZTE = { name: "Tenge", symbol: "KZTE", decimals: 2 };

type Data = Parameters<typeof formatTypedData>[0];
type Vector = Pick<Data, "domain" | "types" | "primaryType" | "message"> & {
  changes: { field: string; value: unknown }[];
};

const vectorOf = (name: string) => JSON.parse(readFileSync(path.join(VECTORS, `${name}.json`), "utf8")) as Vector;
const orders = readdirSync(VECTORS)
  .map((file) => path.parse(file).name)
  .filter((name) => (PRIMARY_TYPES as readonly string[]).includes(name))
  .map(vectorOf);

/** What Sourcify's program shows of typed data by a descriptor. */
async function shownBy(descriptor: Descriptor, { domain, types, primaryType, message }: Vector) {
  const encodeTypeHashes = Object.keys(descriptor.display.formats).map((type) => keccak256(toHex(type)));
  const at = `eip155:${domain.chainId}:${domain.verifyingContract!.toLowerCase()}`;
  const index = {
    calldataIndex: {},
    typedDataIndex: { [at]: { [primaryType]: [{ path: "descriptor.json", encodeTypeHashes }] } },
  };
  const resolver = { index, fetchDescriptor: () => Promise.resolve(descriptor as unknown as Read) };
  const account = `0x${"11".repeat(20)}`;
  const told = await formatTypedData(
    { account, domain, types, primaryType, message },
    {
      descriptorResolverOptions: { type: "custom", resolver },
      externalDataProvider: { resolveToken: () => Promise.resolve(KZTE) },
    },
  );
  expect(told.warnings, `${primaryType}: ${JSON.stringify(told.warnings)}`).to.equal(undefined);
  return told;
}

type Told = Awaited<ReturnType<typeof shownBy>>;
const lines = ({ fields }: Told) =>
  fields!.flatMap((it) => ("fields" in it ? it.fields : [it])).map((it: DisplayField) => `${it.label}: ${it.value}`);

describe("descriptors for clear signing", () => {
  const descriptor = orderDescriptor({
    chainId: orders[0]!.domain.chainId!,
    domain: orders[0]!.domain as unknown as Domain,
  });

  it("are what ERC-7730 lets stand, of every type and of the bundle", () => {
    for (const one of [descriptor, bundleDescriptor()]) DESCRIPTOR.parse(JSON.parse(JSON.stringify(one)));
    expect(Object.keys(descriptor.display.formats).map((type) => type.split("(")[0])).to.deep.equal(PRIMARY_TYPES);
    const wrong = structuredClone(descriptor) as unknown as {
      display: { formats: Record<string, { fields: object[] }> };
    };
    Object.assign(Object.values(wrong.display.formats)[0]!.fields[0]!, { format: "case" });
    expect(DESCRIPTOR.safeParse(wrong).success).to.equal(false);
  });

  it("name every field of every type, in the order in which it is signed, and hide the salt alone", () => {
    for (const [type, { fields }] of Object.entries(descriptor.display.formats)) {
      const signed = /^\w+\(([^)]*)\)/
        .exec(type)![1]!
        .split(",")
        .map((it) => it.split(" ")[1]);
      expect(fields.map((it) => it.path.replace(".[]", ""))).to.deep.equal(signed);
      const hidden = fields.filter((it) => "visible" in it).map((it) => it.path);
      expect(hidden).to.deep.equal(["salt"]);
    }
  });

  for (const vector of orders) {
    it(`show another ${vector.primaryType} where any field but the salt is another`, async () => {
      const shown = lines(await shownBy(descriptor, vector));
      expect(vector.changes).to.have.length.above(1);
      for (const { field, value } of vector.changes.filter((it) => it.field !== "salt")) {
        const message = withValue(vector.message, field, value) as Vector["message"];
        expect(lines(await shownBy(descriptor, { ...vector, message })), field).to.not.deep.equal(shown);
      }
    });
  }

  it("show amounts with their asset, times as dates and terms in words, in full", async () => {
    const freeze = await shownBy(descriptor, vectorOf("Freeze"));
    expect(freeze.intent).to.equal("Freeze");
    const { message } = vectorOf("Freeze") as unknown as {
      message: { targets: { asset: string; account: string; amount: string }[]; signBy: string };
    };
    const shown = lines(freeze);
    const { account, amount } = message.targets[0]!;
    const units = `${Number(amount) / 100}`;
    expect(shown).to.include(`Account: ${account}`).and.include(`Amount: ${units} KZTE`);
    const date = new Date(Number(message.signBy) * 1000).toISOString().slice(0, 10);
    expect(shown.find((line) => line.startsWith("Sign by"))).to.include(date);
    expect(shown.find((line) => line.startsWith("Term"))).to.match(/\d/);
    const convert = lines(await shownBy(descriptor, vectorOf("Convert")));
    expect(convert.find((line) => line.startsWith("Least proceeds"))).to.match(/ KZTE$/);
    expect(lines(await shownBy(descriptor, vectorOf("Transfer")))).to.include.oneOf(["Source: Custody"]);
  });

  it("show a bundle's root, number and act, where the program is told a chain, which a bundle has not", async () => {
    const bundle = vectorOf("Bundle");
    const placed = { ...bundle, domain: { ...bundle.domain, chainId: 1, verifyingContract: `0x${"22".repeat(20)}` } };
    const { root, count } = bundle.message as { root: string; count: number };
    const told = await shownBy(bundleDescriptor(), placed);
    expect(lines(told)).to.deep.equal([`Root: ${root}`, `Count: ${count}`, "Act: Freeze"]);
  });

  it("are of one deployment: of another nothing is shown", async () => {
    const other = { chainId: 1, domain: { ...vectorOf("Lift").domain, chainId: 1 } } as Parameters<
      typeof orderDescriptor
    >[0];
    let refused = "";
    await shownBy(orderDescriptor(other), vectorOf("Lift")).catch((error: Error) => (refused = error.message));
    expect(refused).to.include("DOMAIN_MISMATCH");
  });
});
