// Long: 1,000 random orders of each type.
import { expect } from "chai";
import { Interface, type FunctionFragment } from "ethers";
import { digestOf as digestByViem } from "../../src/orders/digest.ts";
import { digestOfByEthers } from "../../src/orders/digest-ethers.ts";
import { PRIMARY_TYPES, type Order, type PrimaryType } from "../../src/orders/types.ts";
import { mutationsOf } from "../src/orders/mutate.ts";
import { randomFrom, randomOrders } from "../src/orders/random.ts";
import { ethers, networkHelpers } from "../system/chain.ts";
import { deployContracts, deploySystem } from "../system/deployed.ts";

/** How many digests one call asks for. */
const BATCH = 100;

async function deployLens() {
  const { lens, domain } = await deployContracts();
  const batch = await ethers.deployContract("Batch");
  const digests = new Interface(lens.interface.fragments);
  const encode = ({ primaryType, message }: Order) => digests.encodeFunctionData(`digestOf${primaryType}`, [message]);

  /** The Lens's digests of orders, in their order. */
  async function digestsOf(orders: readonly Order[]): Promise<string[]> {
    const calls = orders.map(encode);
    const parts = Array.from({ length: Math.ceil(calls.length / BATCH) }, (_, i) =>
      batch.views(lens, calls.slice(i * BATCH, (i + 1) * BATCH)),
    );
    return (await Promise.all(parts)).flatMap((answers) => [...answers]);
  }

  /** The Lens's answer to call data; undefined where it refuses them. */
  const answerTo = async (data: string): Promise<string | undefined> =>
    ethers.provider.call({ to: lens, data }).catch(() => undefined);
  return { lens, domain, digestsOf, answerTo, encode };
}

/** A few orders of a type and everything that differs from one of them in one place. */
function neighboursOf(primaryType: PrimaryType): { order: Order; mutations: ReturnType<typeof mutationsOf> }[] {
  const random = randomFrom(`lens ${primaryType}`);
  return randomOrders("lens, mutated", primaryType, 6).map((order) => ({
    order: order,
    mutations: mutationsOf(order, random),
  }));
}

const flip = (data: string, bit: number): string =>
  `0x${(BigInt(data) ^ (1n << BigInt(bit))).toString(16).padStart(data.length - 2, "0")}`;

describe("Lens", () => {
  it("has one digest for each signed type, what a notice needs, and nothing that changes state", async () => {
    const { lens } = await networkHelpers.loadFixture(deployLens);
    const functionsOf = ({ interface: { fragments } }: Pick<typeof lens, "interface">) =>
      fragments.filter((fragment): fragment is FunctionFragment => fragment.type === "function");
    const contracts = ["QUORUM", "DOCKET", "DISPOSAL", "REGISTER"];
    const notices = ["noticeOf", "holdsOf", "pendingOf", "caseOf"];
    expect(functionsOf(lens).map(({ name }) => name)).to.have.members([
      ...contracts,
      ...notices,
      ...PRIMARY_TYPES.map((type) => `digestOf${type}`),
    ]);
    for (const { name, stateMutability } of functionsOf(lens)) {
      expect(stateMutability, name).to.equal("view");
    }
  });

  it("asks the quorum of its deployment for the domain", async () => {
    const { lens, quorum } = await networkHelpers.loadFixture(deploySystem);
    expect(await lens.QUORUM()).to.equal(await quorum.getAddress());
  });

  for (const primaryType of PRIMARY_TYPES) {
    it(`agrees with viem and with ethers on 1,000 random orders of the type ${primaryType}`, async () => {
      const { domain, digestsOf } = await networkHelpers.loadFixture(deployLens);
      const orders = randomOrders("lens", primaryType, 1_000) as Order[];
      const byViem = orders.map((order) => digestByViem(order, domain));
      expect(orders.map((order) => digestOfByEthers(order, domain))).to.deep.equal(byViem);
      expect(await digestsOf(orders)).to.deep.equal(byViem);
      expect(new Set(byViem).size).to.equal(orders.length);
    });

    it(`has another digest once any field of a ${primaryType} is changed`, async () => {
      const { digestsOf } = await networkHelpers.loadFixture(deployLens);
      const seen = new Set<string>();
      for (const { order, mutations } of neighboursOf(primaryType)) {
        const [original, ...changed] = await digestsOf([order, ...mutations.map((mutation) => mutation.order)]);
        mutations.forEach(({ path }, i) => {
          seen.add(path.replace(/[[.].*$/, ""));
          expect(changed[i], path).not.to.equal(original);
        });
      }
      const fields = randomOrders("fields", primaryType, 1).flatMap(({ message }) => Object.keys(message));
      expect(fields.every((field) => [...seen].some((path) => path.split(" ")[0] === field))).to.equal(true);
    });

    it(`gives no dirty call data the digest of a clean ${primaryType}`, async () => {
      const { domain, answerTo, encode } = await networkHelpers.loadFixture(deployLens);
      const orders = randomOrders("lens, dirty", primaryType, 10) as Order[];
      const order = orders.reduce((a, b) => (encode(a).length < encode(b).length ? b : a));
      const data = encode(order);
      const clean = digestByViem(order, domain);
      expect(await answerTo(data)).to.equal(clean);
      const words = (data.length - 10) / 64;
      for (let word = 0; word < words; ++word) {
        // The highest bit is beyond an address, a bool and a small integer, the lowest one beyond bytes8. Only the
        // padding of `bytes` is nothing that anybody reads.
        for (const bit of primaryType === "Admit" ? [255] : [255, 0]) {
          const dirty = flip(data, 256 * (words - 1 - word) + bit);
          expect(await answerTo(dirty), `word ${word}`).not.to.equal(clean);
        }
      }
    });
  }
});
