import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import { concat, encodeAbiParameters, keccak256, sha256, stringToBytes, type Hex } from "viem";
import {
  checkAgainstOrder,
  InvalidPoolError,
  listHash,
  ListMismatchError,
  makeList,
  NoClaimsError,
  parseList,
  proofOf,
  proverOf,
  serializeList,
  termsOf,
  UnknownClaimError,
} from "../../../src/compensation/index.ts";
import { encodeCaseId, InvalidCaseIdError } from "../../../src/orders/caseId.ts";
import { InvalidFileError } from "../../../src/base/json.ts";
import { accountOf, AMOUNTS, claim, CLAIMS, POOL, SCOPE } from "./claimants.ts";

const LEAF = [
  { type: "uint256" },
  { type: "address" },
  { type: "bytes32" },
  { type: "address" },
  { type: "uint256" },
  { type: "address" },
  { type: "uint256" },
] as const;

type Content = Record<string, unknown> & { shares: Record<string, unknown>[] };

describe("a compensation list", () => {
  const list = makeList(SCOPE, CLAIMS, POOL);
  const text = serializeList(list);
  const content = () => JSON.parse(text) as Content;
  const written = (change: (json: Content) => void) => {
    const json = content();
    change(json);
    return `${JSON.stringify(json, null, 2)}\n`;
  };

  it("has every claim with its share, and their sum", () => {
    expect(list.shares.map(({ id, amount }) => [id, amount])).to.deep.equal(
      CLAIMS.map(({ id }, i) => [id, AMOUNTS[i]]),
    );
    expect([list.pool, list.total]).to.deep.equal([POOL, POOL]);
    expect(makeList(SCOPE, CLAIMS, 2n * 2_390_000n * 10n ** 6n).total).to.equal(2_390_000n * 10n ** 6n);
  });

  it("is the same text for the same claims in another order", () => {
    expect(serializeList(makeList(SCOPE, CLAIMS.toReversed(), POOL))).to.equal(text);
    expect(content()["schema"]).to.equal("sequester.compensation/1");
  });

  it("is read back as it was, and its hash is that of the file", () => {
    expect(parseList(text, "list.json")).to.deep.equal(list);
    expect(listHash(text)).to.equal(sha256(stringToBytes(text)));
    expect(termsOf(list)).to.deep.equal({
      caseId: encodeCaseId("CASE-1"),
      asset: SCOPE.asset,
      total: POOL,
      root: list.root,
      list: sha256(stringToBytes(text)),
    });
  });

  it("proves each share, bound to chain, docket, case, asset, index, account and amount", () => {
    for (const [i, { id, account, amount }] of list.shares.entries()) {
      const proof = proofOf(list, id);
      expect([proof.index, proof.account, proof.amount]).to.deep.equal([BigInt(i), account, amount]);
      const values = [31337n, SCOPE.docket, encodeCaseId("CASE-1"), SCOPE.asset, BigInt(i), account, amount] as const;
      // Hashed up by hand: pairs in ascending order, the leaf hashed twice.
      const leaf = keccak256(keccak256(encodeAbiParameters(LEAF, values)));
      const root = proof.proof.reduce<Hex>((a, b) => keccak256(concat(a < b ? [a, b] : [b, a])), leaf);
      expect(root).to.equal(list.root);
    }
  });

  it("has another root for another chain, docket, case, asset, account or amount", () => {
    const roots = [
      list,
      makeList({ ...SCOPE, chainId: 1 }, CLAIMS, POOL),
      makeList({ ...SCOPE, docket: accountOf(7) }, CLAIMS, POOL),
      makeList({ ...SCOPE, caseId: "CASE-2" }, CLAIMS, POOL),
      makeList({ ...SCOPE, asset: accountOf(7) }, CLAIMS, POOL),
      makeList(SCOPE, CLAIMS.with(1, { ...CLAIMS[1]!, account: accountOf(7) }), POOL),
      makeList(SCOPE, CLAIMS, POOL - 1n),
    ].map(({ root }) => root);
    expect(new Set(roots).size).to.equal(roots.length);
  });

  it("has the tree of OpenZeppelin's StandardMerkleTree over these values", () => {
    const types = LEAF.map(({ type }) => type);
    const ofCase = [31337n, SCOPE.docket, encodeCaseId("CASE-1"), SCOPE.asset] as const;
    for (let n = 1; n <= CLAIMS.length; ++n) {
      const part = makeList(SCOPE, CLAIMS.slice(0, n), POOL);
      const values = part.shares.map(({ account, amount }, i) => [...ofCase, BigInt(i), account, amount]);
      const tree = StandardMerkleTree.of(values, types);
      expect(part.root).to.equal(tree.root);
      part.shares.forEach(({ id }, i) => expect(proofOf(part, id).proof).to.deep.equal(tree.getProof(i)));
    }
  });

  it("may be of one claim", () => {
    const one = makeList(SCOPE, [claim("A", 5n)], 3n);
    expect(proofOf(one, "A")).to.deep.equal({ index: 0n, account: accountOf(1), amount: 3n, proof: [] });
  });

  it("of 2,000 claims proves each from one tree", () => {
    const many = Array.from({ length: 2_000 }, (_, i) => claim(`V${i}`, 1_000n + BigInt(i), "victim", i));
    const long = makeList(SCOPE, many, 1_777_777n);
    expect(long.total).to.equal(1_777_777n);
    const prove = proverOf(long);
    expect(prove("V1999").proof.length).to.be.within(10, 11);
  }).timeout(30_000);

  it("knows no proof of a claim that it does not have", () => {
    expect(() => proofOf(list, "V6")).to.throw(UnknownClaimError, /"V6"/);
  });

  it("is not made of claims that come twice, of no claim, of an impossible case or pool", () => {
    expect(() => makeList(SCOPE, [...CLAIMS, CLAIMS[0]!], POOL)).to.throw(InvalidFileError, /O1 comes twice/);
    expect(() => makeList(SCOPE, [], POOL)).to.throw(NoClaimsError);
    expect(() => makeList({ ...SCOPE, caseId: "" }, CLAIMS, POOL)).to.throw(InvalidCaseIdError);
    expect(() => makeList(SCOPE, CLAIMS, 0n)).to.throw(InvalidPoolError);
  });

  for (const [what, change, says] of [
    [
      "a share a unit higher",
      (json) => (json.shares[1]!["amount"] = String(AMOUNTS[1]! + 1n)),
      /shares\[1\].amount: has 450000000001, needs 450000000000/,
    ],
    [
      "two shares that make up for each other",
      (json) => {
        json.shares[1]!["amount"] = String(AMOUNTS[1]! + 1n);
        json.shares[2]!["amount"] = String(AMOUNTS[2]! - 1n);
      },
      /shares\[1\].amount[^]*shares\[2\].amount/,
    ],
    [
      "a victim before the owner",
      (json) => json.shares.reverse(),
      /shares\[0\]: has the claim V5, needs O1: owners first/,
    ],
    ["another loss", (json) => (json.shares[1]!["loss"] = "1"), /shares\[\d\].amount/],
    ["a victim made an owner", (json) => (json.shares[1]!["class"] = "owner"), /amount: has/],
    ["another account", (json) => (json.shares[1]!["account"] = accountOf(9)), /root: has/],
    ["another total", (json) => (json["total"] = String(POOL - 1n)), /total: has .* needs .*, the sum of the shares/],
    ["another pool", (json) => (json["pool"] = String(POOL - 1n)), /total: has/],
    ["another root", (json) => (json["root"] = `0x${"12".repeat(32)}`), /root: has 0x1212/],
    ["another case", (json) => (json["caseId"] = "CASE-2"), /root: has/],
    ["another chain", (json) => (json["chainId"] = 1), /root: has/],
  ] as [string, (json: Content) => unknown, RegExp][]) {
    it(`is refused with ${what}`, () => {
      expect(() => parseList(written(change), "list.json"))
        .to.throw(ListMismatchError, says)
        .with.property("code", 3);
    });
  }

  for (const [what, change, says] of [
    ["a claim twice", (json) => json.shares.push(json.shares[0]!), /O1 comes twice/],
    ["a field more", (json) => (json["note"] = "x"), /the file: has "note", which does not belong there/],
    ["another schema", (json) => (json["schema"] = "sequester.compensation/2"), /schema: /],
    ["a case id that is none", (json) => (json["caseId"] = "x".repeat(32)), /caseId: needs 1 to 31/],
    ["no share", (json) => (json.shares = []), /shares: /],
  ] as [string, (json: Content) => unknown, RegExp][]) {
    it(`is no list with ${what}`, () => {
      expect(() => parseList(written(change), "list.json"))
        .to.throw(InvalidFileError, says)
        .with.property("code", 64);
    });
  }

  it("is refused in any other writing, whose hash is another", () => {
    expect(() => parseList(JSON.stringify(content()), "list.json")).to.throw(InvalidFileError, /compensation make/);
    expect(() => parseList(`${text}\n`, "list.json")).to.throw(InvalidFileError, /compensation make/);
  });

  describe("beside an order", () => {
    const order = termsOf(list);
    const check = (change: Partial<typeof order>, chainId = 31337) =>
      checkAgainstOrder(list, { ...order, ...change }, chainId, "list.json");

    it("is the order's where all agrees", () => {
      expect(() => check({})).not.to.throw();
      expect(() => check({ asset: SCOPE.asset.toLowerCase() as Hex })).not.to.throw();
    });

    for (const [what, change, says] of [
      ["sum", { total: POOL - 1n }, /total: the list has 1240000000000, the order 1239999999999/],
      ["root", { root: `0x${"12".repeat(32)}` }, /root: the list has 0x.*, the order 0x1212/],
      ["hash", { list: `0x${"12".repeat(32)}` }, /list: the list has 0x.*, the order 0x1212/],
      ["case", { caseId: encodeCaseId("CASE-2") }, /caseId: the list has CASE-1, the order CASE-2/],
      ["asset", { asset: accountOf(7) }, /asset: the list has/],
    ] as [string, Partial<typeof order>, RegExp][]) {
      it(`is refused where the order names another ${what}`, () => {
        expect(() => check(change))
          .to.throw(ListMismatchError, says)
          .with.property("metaMessages")
          .with.length(1);
      });
    }

    it("is refused on another chain", () => {
      expect(() => check({}, 1)).to.throw(ListMismatchError, /chainId: the list has 31337, the order 1/);
    });
  });
});
