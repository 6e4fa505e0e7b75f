import { expect } from "chai";
import { countsIn, runSideBySide } from "../../scripts/test/sideBySide.ts";

/** A runner that prints a text and ends. */
const printing = (name: string, text: string, code = 0) => ({
  name,
  args: ["-e", `process.stdout.write(${JSON.stringify(text)}); process.exitCode = ${code};`],
});

const GOOD = printing("solidity", "\n  2 passing\n  1 skipped\n");

async function outcomeOf(...runners: { name: string; args: string[] }[]) {
  let written = "";
  const outcome = await runSideBySide(runners, (text) => (written += text));
  return { ...outcome, written };
}

describe("scripts/test.ts", () => {
  for (const [what, output, counts] of [
    ["Mocha's", "  a test\n\n  12 passing (3m)\n  2 pending\n", [12, 0, 2]],
    ["Mocha's where some fail", "  12 passing (3s)\n  1 failing\n\n  1) a suite\n       a test:\n", [12, 1, 0]],
    ["Hardhat's of Solidity tests", "  7 passing\n  2 failing\n  1 skipped\n\n  Failure (1): test\n", [7, 2, 1]],
    ["coloured ones", "\u001b[92m \u001b[0m\u001b[32m 12 passing\u001b[0m\u001b[90m (3m)\u001b[0m\n", [12, 0, 0]],
    ["the last ones", "  1 passing (3s)\n  9 failing\n\n  2 passing (3s)\n", [2, 0, 0]],
  ] as const) {
    it(`reads counts: ${what}`, () => {
      const [passed, failed, skipped] = counts;
      expect(countsIn(output)).to.deep.equal({ passed, failed, skipped });
    });
  }

  it("sums up what all runners printed", async () => {
    const { sums, faults } = await outcomeOf(printing("mocha", "  3 passing (1s)\n  1 pending\n"), GOOD);
    expect([sums, faults]).to.deep.equal([{ passed: 5, failed: 0, skipped: 2 }, []]);
  });

  it("fails where a runner prints no count, and where it ran nothing", async () => {
    for (const text of ["", "Error: cannot find module\n", "  0 passing (1ms)\n"]) {
      const { sums, faults } = await outcomeOf(printing("mocha", text), GOOD);
      expect(faults).to.deep.equal(["mocha printed no count: it ran nothing or did not finish"]);
      expect(sums.passed).to.equal(2);
    }
  });

  it("fails where a test failed, whatever the runner's exit code, and where that is not 0, whatever it counted", async () => {
    for (const bad of [
      printing("solidity", "  1 passing\n  1 failing\n"),
      printing("solidity", "  1 passing\n", 1),
      { name: "solidity", args: ["-e", 'console.log("  1 passing"); process.kill(process.pid, "SIGKILL")'] },
    ]) {
      const { faults } = await outcomeOf(printing("mocha", "  3 passing (1s)\n"), bad);
      expect(faults).to.deep.equal(["solidity failed"]);
    }
  });

  it("runs them at the same time and writes the first one's output before the other's, which is not torn apart", async () => {
    const slow = {
      name: "mocha",
      args: ["-e", 'console.log("first"); setTimeout(() => console.log("\\n  1 passing (1s)"), 600)'],
    };
    const quick = {
      name: "solidity",
      args: ["-e", 'console.log("a"); setTimeout(() => console.log("b\\n  1 passing"), 100)'],
    };
    const { written, faults } = await outcomeOf(slow, quick);
    expect(faults).to.deep.equal([]);
    expect(written).to.equal("first\n\n  1 passing (1s)\na\nb\n  1 passing\n");
  });
});
