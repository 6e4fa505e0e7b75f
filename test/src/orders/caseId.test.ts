import { expect } from "chai";
import { concat, encodeAbiParameters, keccak256, stringToHex, type Hex } from "viem";
import { InvalidCaseIdError, decodeCaseId, encodeCaseId } from "../../../src/orders/caseId.ts";
import { documentHash, rulingHash } from "../../../src/orders/document.ts";
import { derivedSalt, randomSalt } from "../../../src/orders/salts.ts";
import { randomFrom } from "./random.ts";

describe("orders: case ids, documents and salts", () => {
  it("takes text to 32 bytes and back", () => {
    const random = randomFrom("case ids");
    for (let i = 0; i < 500; i++) {
      const text = random.text();
      const caseId = encodeCaseId(text);
      expect(caseId).to.have.length(66);
      expect(caseId.startsWith(stringToHex(text))).to.equal(true);
      expect(decodeCaseId(caseId)).to.equal(text);
    }
  });

  for (const [what, text] of [
    ["nothing", ""],
    ["32 characters", "x".repeat(32)],
    ["a line break", "a\n"],
    ["a zero", "a\0b"],
    ["an accent", "é"],
  ] as const) {
    it(`refuses the text ${what}`, () => expect(() => encodeCaseId(text)).to.throw(InvalidCaseIdError, "31 printable"));
  }

  for (const [what, caseId] of [
    ["all zeros", `0x${"00".repeat(32)}`],
    ["32 characters", `0x${"61".repeat(32)}`],
    ["a zero inside", `0x610061${"00".repeat(29)}`],
    ["right-aligned text", `0x${"00".repeat(31)}61`],
    ["31 bytes", `0x${"61".repeat(31)}`],
    ["a byte above ASCII", `0xff${"00".repeat(31)}`],
  ] as const) {
    it(`refuses the bytes ${what}`, () => expect(() => decodeCaseId(caseId)).to.throw(InvalidCaseIdError));
  }

  it("hashes a document with its salt", () => {
    const salt: Hex = `0x${"01".repeat(32)}`;
    // SHA-256 of "abc", the example of FIPS 180-4.
    const sha = rulingHash(new TextEncoder().encode("abc"));
    expect(sha).to.equal("0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(documentHash(salt, sha)).to.equal(keccak256(concat([salt, sha])));
    expect(documentHash(sha, salt)).not.to.equal(documentHash(salt, sha));
  });

  it("draws salts that differ", () => {
    const salts = Array.from({ length: 100 }, randomSalt);
    expect(new Set(salts).size).to.equal(100);
    for (const salt of salts) expect(salt).to.match(/^0x[0-9a-f]{64}$/);
  });

  it("derives a salt from all of seed, case, act, index and purpose", () => {
    const of = { seed: "tumar", caseId: "TUMAR-A-01", act: "Freeze", index: 0, purpose: "salt" } as const;
    const types = ["string", "string", "string", "uint256", "string"].map((type) => ({ type }));
    expect(derivedSalt(of)).to.equal(
      keccak256(encodeAbiParameters(types, ["tumar", "TUMAR-A-01", "Freeze", 0n, "salt"])),
    );
    const salts = [
      of,
      { ...of, seed: "tumarT" },
      { ...of, caseId: "UMAR-A-01" },
      { ...of, act: "Arrest" as const },
      { ...of, index: 1 },
      { ...of, purpose: "documentSalt" as const },
    ].map(derivedSalt);
    expect(new Set(salts).size).to.equal(6);
  });
});
