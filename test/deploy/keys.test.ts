import { expect } from "chai";
import { keccak256, recoverTypedDataAddress, toBytes, type Hex } from "viem";
import { admissionsOf, buildCharter } from "../../src/deployment/charter.ts";
import { checkKey, derivedAccount, derivedKey, signingWith } from "../../src/deployment/keys.ts";
import { domainOf, ORDER_TYPES } from "../../src/orders/index.ts";
import { PARAMETERS } from "../system/parameters.ts";
import { refusal } from "./harness.ts";

const attempt = async (action: () => unknown) => action();

describe("Keys of the local chain", () => {
  it("derive from seed and name", () => {
    expect(derivedKey(31337, "tumar", "FMA-1")).to.equal(keccak256(toBytes("sequester:tumar:FMA-1")));
    const names = ["FMA-1", "FMA-2"].flatMap((name) => ["a", "b"].map((seed) => derivedKey(31337, seed, name)));
    expect(new Set(names)).to.have.length(4);
  });

  for (const chainId of [1, 10, 1337, 11_155_111]) {
    it(`are refused on chain ${chainId}`, async () => {
      const error = await refusal(
        attempt(() => derivedKey(chainId, "tumar", "FMA-1")),
        "LocalKeysOnlyError",
        4,
      );
      expect(error.message).to.include("FMA-1").and.include(`chain ${chainId}`).and.include("chain 31337");
    });
  }

  it("are numbers from 1 to below the curve's order", async () => {
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const hex = (number: bigint): Hex => `0x${number.toString(16).padStart(64, "0")}`;
    for (const number of [1n, order - 1n]) expect(checkKey(hex(number), "x")).to.equal(hex(number));
    for (const number of [0n, order, 2n ** 256n - 1n]) {
      const error = await refusal(
        attempt(() => checkKey(hex(number), "KNB-1")),
        "InvalidKeyError",
        4,
      );
      expect(error.message).to.include("KNB-1").and.not.include(hex(number));
    }
  });

  it("sign the admission of their own seat and of no other", async () => {
    const [one, other] = ["FMA-1", "FMA-2"].map((name) => derivedAccount(31337, "tumar", name)) as [
      ReturnType<typeof derivedAccount>,
      ReturnType<typeof derivedAccount>,
    ];
    const address = one.address;
    const charter = buildCharter({
      parameters: PARAMETERS,
      seats: [one, other].map(({ address }) => ({ agency: "FMA", signer: address })),
      contracts: { docket: address, disposal: address, register: address, vault: address },
      assets: [],
      verifiers: [],
      document: keccak256("0x01"),
      signBy: 1n,
    });
    const domain = domainOf(31337, address);
    const [first, second] = admissionsOf(charter);
    const signature = await signingWith([one])(first!, domain);
    expect(await recoverTypedDataAddress({ domain, types: ORDER_TYPES, ...first!, signature })).to.equal(one.address);
    const error = await refusal(signingWith([one])(second!, domain), "MissingKeyError", 4);
    expect(error.message).to.include(other.address);
  });
});
