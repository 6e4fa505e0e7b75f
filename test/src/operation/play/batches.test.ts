import { expect } from "chai";
import { longestFitting } from "../../../../src/operation/play/batches.ts";

describe("longestFitting", () => {
  it("finds the longest beginning that fits, with few questions", async () => {
    const items = Array.from({ length: 81 }, (_, n) => n);
    for (const most of [1, 2, 40, 80, 81]) {
      let asked = 0;
      const fits = async (some: number[]) => {
        asked++;
        return some.length <= most;
      };
      expect(await longestFitting(items, fits)).to.deep.equal(items.slice(0, most));
      expect(asked).to.be.at.most(8);
    }
  });
});
