import { readFileSync } from "node:fs";
import { expect } from "chai";
import { abiOf, type ContractName } from "../../src/chain/artifacts.ts";

const CONTRACTS: readonly ContractName[] = [
  "CaseVault",
  "Disposal",
  "Docket",
  "Lens",
  "LicenceRegister",
  "Quorum",
  "Tenge",
];

describe("docs/errors.md", () => {
  it("tells of every error of the contracts, once, and of no other", () => {
    const page = readFileSync(new URL("../../docs/errors.md", import.meta.url), "utf8");
    const told = [...page.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
    const known = CONTRACTS.flatMap((name) =>
      abiOf(name).flatMap((item) => (item.type === "error" ? [item.name as string] : [])),
    );
    expect(told.toSorted()).to.deep.equal([...new Set(known)].toSorted());
  });
});
