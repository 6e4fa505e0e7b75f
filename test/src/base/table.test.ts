import { expect } from "chai";
import { amountsOf, tableOf } from "../../../src/base/table.ts";

describe("a table", () => {
  it("is printed however many rows it has, each as wide as the widest", () => {
    const rows = Array.from({ length: 200_000 }, (_, i) => [String(i), i === 150_000 ? "widest" : "x"]);
    const lines = tableOf(rows);
    expect(lines).to.have.length(rows.length);
    expect([lines[0], lines[150_000]]).to.deep.equal(["0            x", "150000  widest"]);
    expect(
      amountsOf(
        rows.map((_, i) => BigInt(i)),
        3,
      ).at(-1),
    ).to.equal("199.999");
  });
});
