// Long: 1,000 random orders of each type.
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { DIGESTS, digestsSource } from "../../../scripts/generate-digests.ts";
import { digestOf } from "../../../src/orders/digest.ts";
import { digestOfByEthers, encodeType } from "../../../src/orders/digest-ethers.ts";
import { ACTS, PRIMARY_TYPES, actName, domainOf, type PrimaryType } from "../../../src/orders/types.ts";
import { mutationsOf } from "./mutate.ts";
import { randomDomain, randomFrom, randomOrders } from "./random.ts";

const TARGET = "Target(address asset,address account,uint256 amount)";
const REFUND = "Refund(address taken,address asset,address account,uint256 amount)";
const RULE = "Rule(bytes8 officers,uint32 delay,uint32 grace,uint32 term)";

/** The types as the design writes them, each with the types that it uses. */
const SPECIFIED: Record<PrimaryType, string> = {
  Freeze: `Freeze(bytes32 caseId,bytes32 document,Target[] targets,uint32 term,bool wholeAccount,uint64 signBy,bytes32 salt)${TARGET}`,
  Arrest: `Arrest(bytes32 caseId,bytes32 document,Target[] confirm,Target[] place,uint32 upTo,uint64 until,bool wholeAccount,bool omnibus,uint64 signBy,bytes32 salt)${TARGET}`,
  Lift: `Lift(bytes32 caseId,bytes32 document,Target[] holds,uint32 upTo,bool arrested,uint64 signBy,bytes32 salt)${TARGET}`,
  Seize: `Seize(bytes32 caseId,bytes32 document,Target[] holds,uint32 upTo,uint64 signBy,bytes32 salt)${TARGET}`,
  Return: `Return(bytes32 caseId,bytes32 document,Refund[] holders,uint64 signBy,bytes32 salt)${REFUND}`,
  Forfeit:
    "Forfeit(bytes32 caseId,bytes32 document,address asset,address treasury,uint256 amount,uint64 signBy,bytes32 salt)",
  Compensate:
    "Compensate(bytes32 caseId,bytes32 document,address asset,uint256 total,bytes32 root,bytes32 list,uint32 claimTerm,uint64 signBy,bytes32 salt)",
  Convert:
    "Convert(bytes32 caseId,bytes32 document,address asset,uint256 amount,address wallet,address proceedsAsset,uint256 leastProceeds,uint64 signBy,bytes32 salt)",
  Transfer:
    "Transfer(bytes32 caseId,bytes32 document,address asset,uint8 source,address holder,address to,uint256 amount,uint64 signBy,bytes32 salt)",
  ExchangeHold:
    "ExchangeHold(bytes32 caseId,bytes32 document,address asset,address wallet,bytes32 subAccount,uint256 amount,uint32 term,uint64 signBy,bytes32 salt)",
  Stay: "Stay(bytes32 order,bytes32 document,uint64 until,uint64 signBy,bytes32 salt)",
  Veto: "Veto(bytes32 order,bytes32 document,uint64 signBy,bytes32 salt)",
  Appeal: "Appeal(bytes32 order,bytes32 document,address asset,address holder,uint64 signBy,bytes32 salt)",
  Cancel: "Cancel(bytes32 order,uint64 signBy,bytes32 salt)",
  Admit: "Admit(uint8 agency,uint8 kind,bytes signer,bytes32 document,uint64 signBy,bytes32 salt)",
  Dismiss: "Dismiss(bytes32 officerId,bytes32 document,bool compromised,uint64 signBy,bytes32 salt)",
  Configure: `Configure(uint8 act,bytes32 document,Rule[] rules,uint64 signBy,bytes32 salt)${RULE}`,
  SetTreasury: "SetTreasury(address asset,address treasury,bytes32 document,uint64 signBy,bytes32 salt)",
  SetAdapter: "SetAdapter(address asset,address adapter,bytes32 codeHash,bytes32 document,uint64 signBy,bytes32 salt)",
  License:
    "License(address wallet,bytes32 platform,bool omnibus,uint64 until,bytes32 document,uint64 signBy,bytes32 salt)",
  Suspend: "Suspend(bytes32 platform,bytes32 document,uint64 signBy,bytes32 salt)",
};

/** The acts as the design numbers them: 1 to 20 (4 is the second kind of Lift), then 64 to 78, of which 70 is not used any more. */
const NUMBERED =
  "Freeze Arrest Lift LiftArrested Seize Return Forfeit Compensate Convert Transfer ExchangeHold Stay Veto Admit Dismiss Configure SetTreasury SetAdapter License Suspend";
const UNRULED =
  "install cancel approve revoke lapse book - open claim appeal observe acknowledge surrender execute unreserve";

describe("orders: types and digests", () => {
  it("has the specified types and no other", () => {
    expect(PRIMARY_TYPES).to.have.members(Object.keys(SPECIFIED));
    for (const name of PRIMARY_TYPES) expect(encodeType(name)).to.equal(SPECIFIED[name]);
  });

  it("numbers the acts 1 to 20 and 64 to 78", () => {
    const numbered = NUMBERED.split(" ").map((name, i) => [name, 1 + i]);
    const unruled = UNRULED.split(" ").map((name, i) => [name, 64 + i]);
    expect(Object.entries(ACTS)).to.deep.equal([...numbered, ...unruled].filter(([name]) => name !== "-"));
    expect(actName(4)).to.equal("LiftArrested");
    expect(actName(21)).to.equal(undefined);
  });

  it("numbers the acts as the contracts do", () => {
    const source = readFileSync(new URL("../../../contracts/types/Act.sol", import.meta.url), "utf8");
    const numbers = [...source.matchAll(/uint8 internal constant (\w+) = (\d+);/g)];
    const upper = (name: string) => name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
    expect(numbers.map(([, name, number]) => [name, Number(number)])).to.deep.equal(
      Object.entries(ACTS).map(([name, number]) => [upper(name), number]),
    );
  });

  it("has the contracts' digests written by `npm run generate:digests`", () => {
    expect(readFileSync(DIGESTS, "utf8") === digestsSource(), "contracts/lens/Digests.sol is stale").to.equal(true);
  });

  for (const name of PRIMARY_TYPES) {
    it(`viem and ethers agree on 1,000 random orders: ${name}`, () => {
      const random = randomFrom(`domains ${name}`);
      const seen = new Set<string>();
      for (const order of randomOrders("digests", name, 1_000)) {
        const domain = randomDomain(random);
        const digest = digestOf(order, domain);
        expect(digestOfByEthers(order, domain)).to.equal(digest);
        seen.add(digest);
      }
      expect(seen.size).to.equal(1_000);
    });
  }

  it("changes with every field, nested ones and list elements too", () => {
    const random = randomFrom("digest mutations");
    const domain = randomDomain(random);
    const paths = new Set<string>();
    for (const name of PRIMARY_TYPES) {
      for (const order of randomOrders("mutated digests", name, 12)) {
        const digest = digestOf(order, domain);
        for (const { path, order: changed } of mutationsOf(order, random)) {
          expect(digestOf(changed, domain), `${name}.${path}`).not.to.equal(digest);
          paths.add(`${name}.${path.replace(/\[\d+\]/, "[]")}`);
        }
      }
    }
    for (const name of PRIMARY_TYPES) {
      for (const field of SPECIFIED[name].slice(0, SPECIFIED[name].indexOf(")")).split("(")[1]!.split(",")) {
        const path = `${name}.${field.split(" ")[1]}`;
        expect(
          [...paths].some((changed) => changed.startsWith(path)),
          path,
        ).to.equal(true);
      }
    }
    for (const nested of ["Freeze.targets[].amount", "Return.holders[].taken", "Configure.rules[].grace"]) {
      expect(paths).to.include(nested);
    }
  });

  it("changes with every field of the domain", () => {
    const random = randomFrom("domain mutations");
    const [order] = randomOrders("domains", "Cancel", 1);
    const domain = domainOf(31337, random.address());
    const digests = [domain, { ...domain, chainId: 1 }, { ...domain, verifyingContract: random.address() }].map((d) =>
      digestOf(order!, d),
    );
    expect(new Set(digests).size).to.equal(3);
  });
});
