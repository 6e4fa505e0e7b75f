import { expect } from "chai";
import type { Parameters, RuleParameters } from "../../src/deployment/parameters.ts";
import { reasonsAgainstRules } from "../../src/deployment/rules.ts";
import type { ActName } from "../../src/orders/index.ts";
import { networkHelpers } from "../system/chain.ts";
import { charterFor, signCharter } from "../system/charters.ts";
import { deployContracts } from "../system/deployed.ts";
import { struct } from "../system/officers.ts";
import { PARAMETERS } from "../system/parameters.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;

type Change = (parameters: Parameters) => Partial<Parameters>;

/** Changes one alternative of an act. */
const rule =
  (act: ActName, i: number, change: Partial<RuleParameters>): Change =>
  ({ rules }) => ({
    rules: { ...rules, [act]: rules[act]!.map((old, n) => (n === i ? { ...old, ...change } : old)) },
  });

/** Gives an act that has no rule its only alternative. */
const added =
  (act: ActName, alternative: Partial<RuleParameters>): Change =>
  ({ rules }) => ({
    rules: { ...rules, [act]: [{ officers: { COURT: 1 }, delay: 0, grace: 0, term: 0, ...alternative }] },
  });

const without =
  (act: ActName): Change =>
  ({ rules: { [act]: _, ...rules } }) => ({ rules });

const numbers =
  (change: Partial<Parameters["numbers"]>): Change =>
  ({ numbers }) => ({ numbers: { ...numbers, ...change } });

const reasons = (change: Change) => reasonsAgainstRules({ ...PARAMETERS, ...change(PARAMETERS) });

/** Tries to install a charter under the changed parameters; throws what the contracts say against it. */
async function install(change: Change): Promise<void> {
  const { quorum, domain, addresses } = await networkHelpers.loadFixture(deployContracts);
  const charter = charterFor(addresses, { parameters: { ...PARAMETERS, ...change(PARAMETERS) } });
  await quorum.install.staticCall(struct(charter), await signCharter(charter, domain));
}

describe("Rules", () => {
  it("of Kazakhstan are such as the contracts take", () => {
    expect(reasonsAgainstRules(PARAMETERS)).to.deep.equal([]);
  });

  const taken: [what: string, change: Change][] = [
    ["Kazakhstan's own", () => ({})],
    ["the least delay and grace of Forfeit", added("Forfeit", { delay: 7 * DAY, grace: DAY })],
    ["the least delay and grace of Compensate", added("Compensate", { delay: 7 * DAY, grace: DAY })],
    ["the least delay and the longest window of Convert", added("Convert", { delay: 2 * DAY, grace: 7 * DAY })],
    ["the least delay and grace of Transfer", added("Transfer", { delay: 14 * DAY, grace: DAY })],
    ["the least delay and grace of SetAdapter", added("SetAdapter", { delay: 14 * DAY, grace: DAY })],
    ["the least delay and grace of SetTreasury", rule("SetTreasury", 0, { delay: 14 * DAY, grace: DAY })],
    ["the least delay and grace of Configure", rule("Configure", 0, { delay: 14 * DAY, grace: DAY })],
    ["the least delay and grace of the first Admit", rule("Admit", 0, { delay: 2 * DAY, grace: DAY })],
    ["the least delay and grace of the third Admit", rule("Admit", 2, { delay: 14 * DAY, grace: DAY })],
    ["a Freeze a second shorter than the cooling time", rule("Freeze", 0, { term: 40 * DAY - 1 })],
    ["an arrest as long as the cooling time", numbers({ longestArrest: 40 * DAY })],
    ["no rule for an act that may be missing", without("Seize")],
  ];
  for (const [what, change] of taken) {
    it(`take ${what}, as the contracts do`, async () => {
      expect(reasons(change)).to.deep.equal([]);
      await install(change);
    });
  }

  const refused: [what: string, change: Change, reason: string][] = [
    ["one agency as court and prosecutor", () => ({ prosecutor: "COURT" }), "COURT is both court and prosecutor"],
    ["no freezes", numbers({ freezesPerDay: 0 }), "numbers.freezesPerDay is 0"],
    ["an arrest shorter than the cooling time", numbers({ longestArrest: 39 * DAY }), "needs the cooling time 40d"],
    ["a number that no word of the contract holds", numbers({ longestArrest: 2 ** 32 }), "numbers.longestArrest"],
    ...(["Lift", "LiftArrested", "Return", "Admit", "Dismiss", "Configure"] as const).map(
      (act): [string, Change, string] => [
        `no rule for ${act}`,
        without(act),
        `rules.${act}: has 0 alternatives, needs`,
      ],
    ),
    ["a rule that asks for nobody", rule("Seize", 0, { officers: {} }), "rules.Seize[0]: asks for nobody"],
    ["SELF in an act about no agency", rule("Seize", 0, { officers: { SELF: 1 } }), "rules.Seize[0]: SELF stands only"],
    [
      "SELF in an Admit for lost keys",
      rule("Admit", 2, { officers: { SELF: 1, FMA: 1 } }),
      "rules.Admit[2]: SELF stands only",
    ],
    ["a first Admit without SELF", rule("Admit", 0, { officers: { COURT: 1 } }), "rules.Admit[0]: the first"],
    [
      "more than 7 officers of an agency with SELF",
      rule("Dismiss", 0, { officers: { COURT: 6, SELF: 2 } }),
      "rules.Dismiss[0]: asks for 2 of SELF and 6 of COURT",
    ],
    [
      "a Stay by two agencies",
      rule("Stay", 5, { officers: { MOF: 1, NBK: 1 } }),
      "rules.Stay[5]: names MOF and NBK: an alternative of Stay names one agency",
    ],
    ["a Stay without a term", rule("Stay", 0, { term: 0 }), "rules.Stay[0]: needs a term"],
    ["a Freeze without a term", rule("Freeze", 1, { term: 0 }), "rules.Freeze[1]: needs a term"],
    ["an Arrest without a term", rule("Arrest", 0, { term: 0 }), "rules.Arrest[0]: needs a term"],
    ["a Freeze as long as the cooling time", rule("Freeze", 1, { term: 40 * DAY }), "rules.Freeze[1]: term 40d"],
    ["a term above 32 bits", rule("Arrest", 0, { term: 2 ** 32 }), "rules.Arrest[0]: term needs to be below 2^32"],
    [
      "more days of stay than a byte counts",
      rule("Stay", 0, { term: 256 * DAY }),
      "rules.Stay[0]: term 256d, needs 255d",
    ],
    [
      "an agency in two rescues",
      rule("Dismiss", 3, { officers: { GPO: 2, KNB: 1, NBK: 1 } }),
      "rules.Dismiss: NBK stands in two rescues",
    ],
    [
      "an agency in every Admit after the first",
      rule("Admit", 2, { officers: { KNB: 1, GPO: 1 } }),
      "rules.Admit: GPO stands in every alternative after the first",
    ],
    [
      "a single rescue",
      ({ rules }) => ({ rules: { ...rules, Dismiss: rules.Dismiss!.slice(0, 3) } }),
      "rules.Dismiss: has 3 alternatives, needs 4",
    ],
    [
      "a way to restore a lost agency alone",
      ({ rules }) => ({ rules: { ...rules, Admit: rules.Admit!.slice(0, 2) } }),
      "rules.Admit: has 2 alternatives, needs 3",
    ],
    ["a rescue with SELF", rule("Dismiss", 2, { officers: { SELF: 1 } }), "rules.Dismiss[2]: SELF stands only"],
    [
      "a first way to dismiss without SELF",
      rule("Dismiss", 0, { officers: { COURT: 2 } }),
      "rules.Dismiss[0]: the first",
    ],
    ["a delay of an act done at once", rule("Veto", 1, { delay: HOUR }), "rules.Veto[1]: delay 1h, but"],
    ["a grace of an act done at once", rule("Return", 2, { grace: DAY }), "rules.Return[2]: grace 1d, but"],
    ["a delay below the floor", rule("Configure", 0, { delay: 14 * DAY - 1 }), "rules.Configure[0]: delay 13d"],
    ["the floor of the first Admit", rule("Admit", 0, { delay: 47 * HOUR }), "rules.Admit[0]: delay 1d23h, needs 2d"],
    ["the floor of the second Admit", rule("Admit", 1, { delay: 2 * DAY }), "rules.Admit[1]: delay 2d, needs 14d"],
    ["the floor of SetTreasury", rule("SetTreasury", 0, { delay: 0 }), "rules.SetTreasury[0]: delay 0d, needs 14d"],
    ["the floor of SetAdapter", added("SetAdapter", { grace: DAY }), "rules.SetAdapter[0]: delay 0d, needs 14d"],
    ["the floor of Forfeit", added("Forfeit", { grace: DAY }), "rules.Forfeit[0]: delay 0d, needs 7d"],
    ["the floor of Compensate", added("Compensate", { grace: DAY }), "rules.Compensate[0]: delay 0d, needs 7d"],
    ["the floor of Convert", added("Convert", { grace: DAY }), "rules.Convert[0]: delay 0d, needs 2d"],
    ["the floor of Transfer", added("Transfer", { grace: DAY }), "rules.Transfer[0]: delay 0d, needs 14d"],
    ["a grace below a day", rule("Admit", 1, { grace: DAY - 1 }), "rules.Admit[1]: grace 23h59m59s, needs 1d or more"],
    [
      "a long window of Convert",
      added("Convert", { delay: 2 * DAY, grace: 8 * DAY }),
      "rules.Convert[0]: grace 8d, needs 7d or less",
    ],
    ["an ExchangeHold without a term", added("ExchangeHold", {}), "rules.ExchangeHold[0]: needs a term"],
  ];
  for (const [what, change, reason] of refused) {
    it(`refuse ${what}, as the contracts do`, async () => {
      const found = reasons(change);
      expect(found).to.have.length(1);
      expect(found[0]).to.include(reason);
      const error = await install(change).then(
        () => expect.fail("the contracts take it"),
        (error: unknown) => String(error),
      );
      // What no word can hold is refused before it is sent.
      expect(error).to.match(/custom error '(Rule|Charter)|IntegerOutOfRangeError/);
    });
  }

  it("refuse no cooling time, in which no freeze could end", () => {
    const found = reasons(numbers({ cooling: 0 }));
    expect(found[0]).to.include("numbers.cooling is 0");
    const provisional = ["Freeze", "ExchangeHold"].flatMap((act) => [`rules.${act}[0]`, `rules.${act}[1]`]);
    expect(found.slice(1).map((line) => line.split(":")[0])).to.deep.equal(provisional);
  });

  it("tell every reason at once", () => {
    const found = reasons((parameters) => {
      const changed = { ...parameters, ...rule("Admit", 0, { delay: 1, grace: 1 })(parameters) };
      return without("Lift")(changed);
    });
    expect(found.map((line) => line.split(": ")[0])).to.deep.equal(["rules.Lift", "rules.Admit[0]", "rules.Admit[0]"]);
  });
});
