import { expect } from "chai";
import { DeploymentRefusedError } from "../../../src/deployment/check.ts";
import { readParameters } from "../../../src/deployment/parameters.ts";
import { RuleNotMetError, signersOf } from "../../../src/operation/approve.ts";
import { longestFitting } from "../../../src/operation/batches.ts";
import type { Operation } from "../../../src/operation/folder.ts";
import { checkOperation, ForbiddenByParametersError } from "../../../src/operation/preflight.ts";
import { removeTemporaryFolders } from "./folders.ts";
import { ALL_ACTS, OFFICERS, smallOperation, target } from "./small.ts";

describe("checkOperation", () => {
  after(removeTemporaryFolders);

  const reasons = (operation: Operation): readonly string[] => {
    try {
      checkOperation(operation);
    } catch (error) {
      expect(error).to.be.instanceOf(ForbiddenByParametersError).with.property("code", 64);
      return (error as ForbiddenByParametersError).metaMessages;
    }
    return [];
  };

  it("takes what the contracts will take", () => {
    expect(reasons(smallOperation())).to.deep.equal([]);
  });

  it("refuses officers that are too few for a rule or for the charter", () => {
    const officers = OFFICERS.filter(({ name }) => name !== "COURT-3" && !name.startsWith("NBK"));
    expect(() => checkOperation(smallOperation({ officers })))
      .to.throw(DeploymentRefusedError, /COURT seats 3 officers, the charter needs 4[\s\S]*NBK seats 0 officers/)
      .with.property("code", 64);
  });

  it("refuses more freezes within 24 hours than the parameters allow, and takes them a day and three hours apart", () => {
    const targets = ["A", "B"].flatMap((id, i) => Array.from({ length: 600 }, (_, n) => target(id, 600 * i + n, "1")));
    const at = (second: string) =>
      smallOperation({
        targets,
        timeline: [
          { at: "0d", act: "freeze", cases: ["A"] },
          { at: second, act: "freeze", cases: ["B"] },
        ],
        expect: { targets: 1200 },
      });
    for (const soon of ["0d", "23h59m"]) {
      expect(reasons(at(soon)), soon).to.have.length(1);
      expect(reasons(at(soon))[0]).to.match(/^case\.json:\d+: freeze: 1200 targets .* at most 1000 may be$/);
    }
    expect(reasons(at("27h"))).to.deep.equal([]);
  });

  it("refuses an arrest beyond the longest that is allowed since the freeze", () => {
    const arrests = [9, 189, 369, 549, 729].map((day) => ({
      ...{ at: `${day}d`, act: "arrest" as const, cases: "*" as const },
      until: `${day + 180}d`,
    }));
    const timeline = [{ at: "0d", act: "freeze" as const, cases: "*" as const }, ...arrests];
    const expected = { targets: 4, arrested: 4, lapsed: 0 };
    expect(reasons(smallOperation({ timeline: timeline.slice(0, -1), expect: expected }))).to.have.length(0);
    const [first, second] = reasons(smallOperation({ timeline, expect: expected }));
    expect(first).to.match(/arrest: until 909d is after 730d, the latest in case ONE$/);
    expect(second).to.match(/in case TWO$/);
  });
});

describe("checkOperation, of orders that wait and officers that leave", () => {
  after(removeTemporaryFolders);
  type Entry = Record<string, unknown>;

  /** What forbids ALL_ACTS after a change of its timeline. */
  function reasons(change: (timeline: Entry[]) => void): readonly string[] {
    const timeline = structuredClone(ALL_ACTS.timeline) as unknown as Entry[];
    change(timeline);
    const operation = smallOperation({ ...ALL_ACTS, timeline: timeline as unknown as typeof ALL_ACTS.timeline });
    try {
      checkOperation(operation);
    } catch (error) {
      expect(error).to.be.instanceOf(ForbiddenByParametersError).with.property("code", 64);
      return (error as ForbiddenByParametersError).metaMessages;
    }
    return [];
  }
  const first = (timeline: Entry[], act: string) => timeline.find((entry) => entry["act"] === act)!;

  it("takes every act of a timeline that the rules allow", () => {
    expect(reasons(() => {})).to.deep.equal([]);
  });

  it("refuses officers that are named and meet no rule, unless the contracts are to refuse them", () => {
    const [reason, ...more] = reasons((timeline) => {
      first(timeline, "lift")["by"] = ["FMA-1", "FMA-2"];
      first(timeline, "attempt")["by"] = ["FMA-1"];
    });
    expect(reason).to.match(/^case\.json:\d+: lift: .*have: FMA 2; *need: COURT 2, or COURT 1 \+ GPO 1, or FMA 1/);
    expect(more).to.deep.equal([]);
  });

  it("refuses an act whose officers were dismissed before", () => {
    const found = reasons((timeline) => {
      for (const officer of ["MOF-1", "MOF-2"]) {
        timeline.unshift({ at: "0d", act: "dismiss", officer, ruling: "rulings/ONE.md" });
      }
    });
    expect(found.map((reason) => / (\w+): The officers/.exec(reason)?.[1])).to.deep.equal([
      ...["convert", "forfeit", "transfer", "transfer", "compensate", "forfeit"],
    ]);
  });

  it("refuses a stay for more days than the rule of its agency gives", () => {
    const [reason, ...more] = reasons((timeline) => {
      Object.assign(first(timeline, "stay"), { by: ["KNB-1"], until: "80d" });
    });
    expect(reason).to.match(/stay: its agency stays f1 for 10d, it may for 3d$/);
    expect(more).to.deep.equal([]);
  });
});

describe("signersOf", () => {
  const parameters = readParameters("kazakhstan");
  const of = (...names: string[]) => names.map((name) => ({ name, agency: name.split("-")[0]! }));

  it("takes the first alternative that the officers can meet, and no officer more than it needs", () => {
    const all = OFFICERS;
    const names = ({ alternative, signers }: ReturnType<typeof signersOf>) => [
      alternative,
      signers.map(({ name }) => name),
    ];
    expect(names(signersOf("Freeze", parameters, all))).to.deep.equal([0, ["FMA-1", "FMA-2", "GPO-1"]]);
    expect(names(signersOf("Freeze", parameters, of("GPO-1", "FMA-1", "KNB-1")))).to.deep.equal([
      1,
      ["FMA-1", "KNB-1", "GPO-1"],
    ]);
    expect(names(signersOf("Return", parameters, of("COURT-1", "COURT-2", "GPO-1")))).to.deep.equal([
      1,
      ["COURT-1", "COURT-2"],
    ]);
  });

  it("takes the officers that are named, by the first alternative that they meet", () => {
    const all = OFFICERS;
    const { alternative, signers } = signersOf("Return", parameters, all, ["COURT-2", "COURT-3"]);
    expect([alternative, signers.map(({ name }) => name)]).to.deep.equal([1, ["COURT-2", "COURT-3"]]);
    expect(() => signersOf("Return", parameters, all, ["COURT-1", "GPO-1"])).to.throw(RuleNotMetError, "have: GPO 1");
  });

  it("says what there is and what is needed where none can be met", () => {
    expect(() => signersOf("Freeze", parameters, of("FMA-1", "GPO-1")))
      .to.throw(RuleNotMetError, "have: FMA 1 + GPO 1\n  need: FMA 2 + GPO 1, or FMA 1 + KNB 1 + GPO 1")
      .with.property("code", 64);
    expect(() => signersOf("SetAdapter", parameters, of("FMA-1"))).to.throw(RuleNotMetError, "a rule for this act");
  });
});

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
