import { expect } from "chai";
import { RuleNotMetError, signersOf } from "../../../../src/operation/play/approve.ts";
import { OFFICERS, PARAMETERS } from "../../../system/parameters.ts";

describe("signersOf", () => {
  const of = (...names: string[]) => names.map((name) => ({ name, agency: name.split("-")[0]! }));

  it("takes the first alternative that the officers can meet, and no officer more than it needs", () => {
    const all = OFFICERS;
    const names = ({ alternative, signers }: ReturnType<typeof signersOf>) => [
      alternative,
      signers.map(({ name }) => name),
    ];
    expect(names(signersOf("Freeze", PARAMETERS, all))).to.deep.equal([0, ["FMA-1", "FMA-2", "GPO-1"]]);
    expect(names(signersOf("Freeze", PARAMETERS, of("GPO-1", "FMA-1", "KNB-1")))).to.deep.equal([
      1,
      ["FMA-1", "KNB-1", "GPO-1"],
    ]);
    expect(names(signersOf("Return", PARAMETERS, of("COURT-1", "COURT-2", "GPO-1")))).to.deep.equal([
      1,
      ["COURT-1", "COURT-2"],
    ]);
  });

  it("takes the officers that are named, by the first alternative that they meet", () => {
    const all = OFFICERS;
    const { alternative, signers } = signersOf("Return", PARAMETERS, all, ["COURT-2", "COURT-3"]);
    expect([alternative, signers.map(({ name }) => name)]).to.deep.equal([1, ["COURT-2", "COURT-3"]]);
    expect(() => signersOf("Return", PARAMETERS, all, ["COURT-1", "GPO-1"])).to.throw(RuleNotMetError, "have: GPO 1");
  });

  it("says what there is and what is needed where none can be met", () => {
    expect(() => signersOf("Freeze", PARAMETERS, of("FMA-1", "GPO-1")))
      .to.throw(RuleNotMetError, "have: FMA 1 + GPO 1\n  need: FMA 2 + GPO 1, or FMA 1 + KNB 1 + GPO 1")
      .with.property("code", 64);
    expect(() => signersOf("SetAdapter", PARAMETERS, of("FMA-1"))).to.throw(RuleNotMetError, "a rule for this act");
  });
});
