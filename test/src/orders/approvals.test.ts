import { expect } from "chai";
import { concat, keccak256, numberToHex, recoverAddress, size, slice, type Hex } from "viem";
import { privateKeyToAccount, sign } from "viem/accounts";
import {
  HighSignatureError,
  InvalidSignatureError,
  mergeApprovals,
  officerId,
  packApprovals,
  type Approval,
} from "../../../src/orders/approvals.ts";
import { randomFrom } from "./random.ts";

const random = randomFrom("approvals");
const DIGEST = random.bytes(32);
const ORDER_OF_CURVE = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

async function approval(): Promise<Approval> {
  const privateKey = random.bytes(32);
  const signature = await sign({ hash: DIGEST, privateKey, to: "hex" });
  return { signer: privateKeyToAccount(privateKey).address, signature };
}

const verified = (): Approval => ({ signer: random.bytes(52), signature: random.bytes(64) });

const ascending = (ids: readonly string[]) => ids.slice(1).every((id, i) => ids[i]! < id);

describe("orders: approvals", () => {
  let keys: Approval[];
  let others: Approval[];

  before(async () => {
    keys = await Promise.all(Array.from({ length: 12 }, approval));
    others = Array.from({ length: 5 }, verified);
  });

  it("packs the signatures of keys ascending by officer id, the others in a list of their own", async () => {
    const packed = packApprovals(random.shuffle([...keys, ...others]));
    expect(size(packed.keys)).to.equal(12 * 65);
    const signers = await Promise.all(
      keys.map((_, i) => recoverAddress({ hash: DIGEST, signature: slice(packed.keys, 65 * i, 65 * (i + 1)) })),
    );
    expect(signers).to.have.members(keys.map(({ signer }) => signer));
    expect(ascending(signers.map((signer) => keccak256(signer)))).to.equal(true);
    expect(packed.others).to.have.deep.members(others);
    expect(ascending(packed.others.map(({ signer }) => officerId(signer)))).to.equal(true);
  });

  it("is commutative and idempotent", () => {
    const all = [...keys, ...others];
    const packed = packApprovals(all);
    for (let i = 0; i < 20; i++) {
      expect(packApprovals(random.shuffle([...all, random.pick(all), random.pick(all)]))).to.deep.equal(packed);
    }
    expect(mergeApprovals(mergeApprovals(all))).to.deep.equal(mergeApprovals(all));
    const upper = keys.map(({ signer, signature }): Approval => ({
      signer,
      signature: `0x${signature.slice(2).toUpperCase()}`,
    }));
    expect(packApprovals([...upper, ...others])).to.deep.equal(packed);
  });

  it("keeps one of two signatures of one officer, always the same", () => {
    const [first, second] = others as [Approval, Approval];
    const twin = { signer: first.signer, signature: second.signature };
    const kept = packApprovals([first, twin]);
    expect(kept.others).to.have.length(1);
    expect(packApprovals([twin, first])).to.deep.equal(kept);
  });

  it("packs nothing as nothing", () => {
    expect(packApprovals([])).to.deep.equal({ keys: "0x", others: [] });
  });

  it("takes the parity for v", () => {
    const [key] = keys as [Approval];
    const parity = slice(key.signature, 64) === "0x1b" ? "0x00" : "0x01";
    const short = { signer: key.signer, signature: concat([slice(key.signature, 0, 64), parity]) };
    expect(packApprovals([short])).to.deep.equal(packApprovals([key]));
  });

  it("seats a contract of 20 bytes among the others when told so", () => {
    const [key, contract] = keys as [Approval, Approval];
    const packed = packApprovals([key, contract], (signer) => signer.toLowerCase() === key.signer.toLowerCase());
    expect(packed.keys).to.equal(key.signature);
    expect(packed.others.map(({ signer }) => signer)).to.deep.equal([contract.signer.toLowerCase()]);
  });

  it("refuses the higher s, which would be a second signature of the same officer", () => {
    const [key] = keys as [Approval];
    const s = numberToHex(ORDER_OF_CURVE - BigInt(slice(key.signature, 32, 64)), { size: 32 });
    const v = slice(key.signature, 64) === "0x1b" ? "0x1c" : "0x1b";
    const high = { signer: key.signer, signature: concat([slice(key.signature, 0, 32), s, v]) };
    expect(() => packApprovals([high]))
      .to.throw(HighSignatureError, key.signer)
      .with.property("code", 64);
  });

  it("refuses what is not r, s and v", () => {
    const [{ signer, signature }] = keys as [Approval];
    const [r, s] = [slice(signature, 0, 32), slice(signature, 32, 64)];
    const zero: Hex = `0x${"00".repeat(32)}`;
    const wrong: [Hex, string][] = [
      [concat([r, s]), "64 bytes"],
      [concat([signature, "0x00"]), "66 bytes"],
      ["0xzz", "65 bytes"],
      [concat([r, s, "0x1d"]), "v = 29"],
      [concat([r, s, "0x02"]), "v = 2"],
      [concat([zero, s, "0x1b"]), "out of range"],
      [concat([r, zero, "0x1b"]), "out of range"],
      [concat([numberToHex(ORDER_OF_CURVE), s, "0x1b"]), "out of range"],
    ];
    for (const [bad, reason] of wrong) {
      expect(() => packApprovals([{ signer, signature: bad }])).to.throw(InvalidSignatureError, reason);
    }
  });
});
