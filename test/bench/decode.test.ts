// Long: decodes logs by the thousand, as a bench does.
import { expect } from "chai";
import { benchDecode } from "../../bench/decode.ts";

describe("benchDecode", () => {
  it("gives one row that tells the time of all three decoders for the logs asked for", () => {
    const rows = benchDecode(300);
    expect(rows).to.have.length(1);
    const [row] = rows;
    expect(row).to.have.all.keys("work", "events", "ours_ms", "naive_ms", "ethers_ms");
    expect(row).to.include({ work: "decode", events: 300 });
    for (const ms of [row!.ours_ms, row!.naive_ms, row!.ethers_ms]) expect(ms).to.be.above(0);
  });
});
