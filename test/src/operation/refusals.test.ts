// Long: plays an operation up to each of its refusals.
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { sha256, zeroAddress } from "viem";
import { DeploymentRefusedError } from "../../../src/deployment/check.ts";
import { ActFailedError } from "../../../src/operation/play/playAct.ts";
import { readOperation, type Operation } from "../../../src/operation/folder/readOperation.ts";
import { refusalInWords } from "../../../src/operation/play/refusal.ts";
import { runOperation } from "../../../src/operation/run.ts";
import type { Stage } from "../../../src/operation/play/stage.ts";
import { officerId } from "../../../src/orders/index.ts";
import {
  changed,
  holder,
  indexOf,
  inserted,
  part,
  playedRefusals,
  with_,
  type Base,
  type Change,
  type Entry,
} from "./changes.ts";
import { folderOf, removeTemporaryFolders } from "./folders.ts";
import { OFFICERS } from "../../system/parameters.ts";
import { account, ALL_ACTS, smallFiles, smallOperation, target, TWO_CASES } from "./small.ts";

/** What the contracts refuse, by the name of their error; where they cannot be asked, by that of the fault. */
type Row = [what: string, change: Change, needs: string];

function refusedOf(base: Base, rows: readonly Row[]): void {
  let refusals: Map<string, ActFailedError | undefined>;
  before(async () => {
    refusals = await playedRefusals(base, new Map(rows.map(([what, change]) => [what, change])));
  });
  for (const [what, , needs] of rows) {
    it(what, () => {
      expect(refusals.get(what)?.reason).to.equal(needs);
    });
  }
}

describe("an act that cannot be played is refused, with its line,", function () {
  this.timeout(120_000);
  after(removeTemporaryFolders);

  const seize = indexOf("seize");
  const convert = indexOf("convert");
  const forfeit = indexOf("forfeit");
  const veto = indexOf("veto");
  const claim = indexOf("claim");
  const subAccount = (act: string, amount: string) => {
    return { act, case: "ONE", asset: "USDX", wallet: "HOT", subAccount: "client", amount };
  };
  const stayOf = (by: string) => ({ act: "stay", order: "f1", by: [by], ruling: "rulings/TWO.md" });
  const vetoOf = (order: string) => ({ act: "veto", order, ruling: "rulings/TWO.md" });
  /** A Return in proceeds, with something in kind before. */
  const proceeds = (amount: string, inKind = "1") =>
    with_("return", {
      holders: [holder(1, inKind), { account: account(1), asset: "KZTE", amount, taken: "USDX" }],
    });
  const dismissed = (officer: string) => ({ act: "dismiss", officer, ruling: "rulings/TWO.md" });

  describe("where every act is played:", () => {
    refusedOf(ALL_ACTS, [
      [
        "an officer that was dismissed before",
        inserted(indexOf("suspend"), { ...dismissed("FMA-3"), by: ["COURT-2", "GPO-2"] }),
        "QuorumDismissedOfficer",
      ],
      ["officers that are named and meet no rule", with_("lift", { by: ["FMA-1", "FMA-2"] }), "RuleNotMetError"],
      [
        "an act whose officers were dismissed before",
        changed(convert + 2, (timeline) =>
          timeline.splice(
            convert,
            0,
            ...["NBK-1", "NBK-2"].map((of, i) => ({
              at: `${21 + 8 * i}d`,
              ...dismissed(of),
              by: [`COURT-${i + 1}`, `GPO-${i + 1}`],
            })),
          ),
        ),
        "RuleNotMetError",
      ],
      ["a part above the hold", with_("arrest", { parts: [part(2, "60.01")] }), "DocketHoldTooSmall"],
      ["a part of an account without a hold", with_("arrest", { parts: [part(9, "1")] }), "UnknownAccount"],
      [
        "money that its holder has not",
        inserted(0, { ...ALL_ACTS.timeline[0], amount: "60.01" }),
        "ERC20InsufficientBalance",
      ],
      [
        "money that is held",
        inserted(indexOf("lapse"), { ...ALL_ACTS.timeline[0], from: account(1), amount: "1", at: "9d" }),
        "ERC7943InsufficientUnfrozenBalance",
      ],

      ["a licence that ends before it begins", with_("license", { until: "7d" }), "RegisterInvalidTerm"],
      [
        "a hold in a wallet that was never licensed",
        changed(indexOf("exchange-hold") - 2, (timeline) => {
          timeline.splice(indexOf("attempt"), 1);
          timeline.splice(indexOf("license"), 1);
        }),
        "RegisterNotLicensed",
      ],
      ["a second hold of the same within 40 days", inserted(seize, subAccount("exchange-hold", "1")), "DocketRollover"],
      ["an answer that nobody asked for", with_("acknowledge", { subAccount: "another" }), "RegisterNotAsked"],
      ["a surrender above what is due", with_("surrender", { amount: "5.01" }, 1), "RegisterInvalidAmount"],
      ["a surrender to another case", with_("surrender", { case: "ONE" }), "RegisterInvalidAmount"],
      [
        "a conversion by a platform that was suspended",
        changed(indexOf("execute") + 1, (timeline) =>
          timeline.splice(convert, 0, { at: "29d", act: "suspend", platform: "Desk 1", ruling: "rulings/ONE.md" }),
        ),
        "RegisterNotLicensed",
      ],

      ["an execution before the delay has run out", with_("execute", { at: "31d" }), "QuorumTooEarly"],
      [
        "an execution after the grace has run out",
        changed(indexOf("execute"), (timeline) =>
          timeline.splice(indexOf("execute"), Infinity, {
            at: "39d1s",
            act: "execute",
            orders: ["c1"],
            proceeds: "24500",
          }),
        ),
        "QuorumTooLate",
      ],
      [
        "a second execution",
        inserted(indexOf("execute") + 1, { act: "execute", orders: ["c1"], proceeds: "1" }),
        "QuorumOrderEnded",
      ],
      ["an execution after a veto", with_("execute", { orders: ["f1"] }, 1), "QuorumOrderEnded"],
      ["proceeds below the least", with_("execute", { proceeds: "23999.99" }), "DisposalProceedsTooLow"],
      ["proceeds that the wallet has not", with_("execute", { proceeds: "24500.01" }), "ERC20InsufficientBalance"],
      ["a conversion into itself", with_("convert", { proceedsAsset: "USDX" }), "InvalidAddressError"],
      [
        "a conversion of more than was taken",
        changed(indexOf("execute"), (timeline) => {
          timeline[convert]!["amount"] = "160.01";
        }),
        "DocketExceedsFree",
      ],
      ["proceeds above what is left of them", proceeds("24500.01"), "DocketExceedsProceeds"],
      ["proceeds above what was taken of the holder", proceeds("24500", "60"), "DocketExceedsOwed"],
      ["money back to a stranger", with_("return", { holders: [holder(9, "1")] }), "DocketExceedsOwed"],
      [
        "a forfeiture of more than is left",
        changed(indexOf("execute", 3), (timeline) => {
          Object.assign(timeline[indexOf("forfeit", 1)]!, { cases: ["ONE"], asset: "USDX", amount: "65.01" });
        }),
        "DocketExceedsFree",
      ],
      ["suspense of a holder", with_("transfer", { holder: account(1) }, 1), "InvalidSourceError"],
      [
        "suspense above what is booked",
        changed(indexOf("execute", 1), (timeline) => {
          timeline[indexOf("transfer", 1)]!["amount"] = "3.01";
        }),
        "DocketExceedsFree",
      ],
      [
        "a free payee above a holder's limit",
        changed(indexOf("execute", 1), (timeline) => {
          // 100 taken, 10 back in kind, 10 in proceeds.
          timeline[indexOf("transfer")]!["amount"] = "80.01";
        }),
        "DocketExceedsOwed",
      ],
      ["an appeal in another asset than the order's", with_("appeal", { asset: "KZTE" }), "DisposalWrongAsset"],
      ["an appeal of somebody else", with_("appeal", { holder: account(4) }), "DisposalNotAffected"],
      [
        "a second appeal",
        inserted(veto, { ...ALL_ACTS.timeline[indexOf("appeal")], at: "51d" }),
        "DisposalAppealedBefore",
      ],
      ["a stay that moves nothing", with_("stay", { until: "60d" }), "QuorumStayTooShort"],
      [
        "a second stay that moves nothing",
        inserted(veto, { ...stayOf("COURT-1"), until: "80d" }),
        "QuorumStayTooShort",
      ],
      [
        "a stay for more days than the rule of its agency gives",
        with_("stay", { by: ["KNB-1"], until: "80d" }),
        "QuorumStayedTooLong",
      ],
      ["a veto of several orders", inserted(indexOf("execute", 3), vetoOf("rest")), "AmbiguousOrder"],
      ["a veto of what was vetoed", inserted(veto + 1, vetoOf("f1")), "QuorumOrderEnded"],

      ["a claim term below 90 days", with_("compensate", { claimTerm: "89d" }), "DisposalInvalidClaimTerm"],
      ["a claim twice", with_("claim", { claims: ["O1", "O1"] }), "DisposalClaimPaid"],
      [
        "a claim before the execution",
        inserted(claim - 1, { act: "claim", order: "v1", claims: ["O1"] }),
        "DisposalNoCompensation",
      ],
      [
        "a claim after its term",
        changed(claim, (timeline) => timeline.splice(claim, Infinity, { ...timeline[claim], at: "188d1h1s" })),
        "DisposalClaimTooLate",
      ],
      [
        "the end of a reserve before its term",
        changed(indexOf("unreserve"), (timeline) =>
          timeline.splice(
            indexOf("lapse", 1),
            2,
            { at: "181d", act: "lapse" },
            { at: "188d", act: "unreserve", order: "v1" },
          ),
        ),
        "DisposalStillReserved",
      ],
      [
        "a forfeiture when nothing is left",
        inserted(forfeit, { act: "forfeit", id: "x", cases: ["TWO"], asset: "KZTE" }),
        "NothingToDo",
      ],
    ]);
  });

  describe("where two cases are frozen, arrested and seized:", () => {
    const at = (act: string) => TWO_CASES.timeline.findIndex((entry) => entry.act === act);
    const of = (index: number, change: (timeline: Entry[]) => void): Change => {
      const timeline = structuredClone(TWO_CASES.timeline) as unknown as Entry[];
      change(timeline);
      return { index, timeline };
    };
    const having = (act: string, fields: Entry) => of(at(act), (timeline) => Object.assign(timeline[at(act)]!, fields));
    const lifted = (n: number, amount: string) =>
      having("lift", { holds: [{ account: account(n), asset: "KZTE", amount }] });
    const returned = (amount: string) =>
      having("return", { holders: [{ account: account(3), asset: "USDX", amount }] });
    refusedOf(TWO_CASES, [
      ["an arrest after the freeze has ended", having("arrest", { at: "10d1s" }), "NothingToDo"],
      [
        "an arrest that takes a case's last target",
        having("arrest", { except: [account(1), account(2)] }),
        "LastTarget",
      ],
      ["an exception for an unknown account", having("arrest", { except: [account(2), account(9)] }), "UnknownAccount"],
      ["an arrest until before itself", having("arrest", { until: "8d" }), "DocketInvalidTerm"],
      ["an arrest for longer than its rule gives", having("arrest", { until: "189d1s" }), "DocketInvalidTerm"],
      ["an arrest until before the end of a hold", having("arrest", { until: "9d12h" }), "DocketTermShortened"],
      [
        "an arrest beyond the longest that is allowed since the freeze",
        of(5, (timeline) =>
          timeline.splice(
            1,
            Infinity,
            ...[9, 189, 369, 549, 729].map((day) => ({
              at: `${day}d`,
              act: "arrest",
              cases: "*",
              until: `${day + 180}d`,
            })),
          ),
        ),
        "DocketHoldTooLong",
      ],
      ["a lift above the hold", lifted(1, "100.01"), "DocketHoldTooSmall"],
      ["a lift of an account without a hold", lifted(9, "1"), "DocketHoldTooSmall"],
      ["a lift of a hold that has ended", lifted(2, "1"), "DocketHoldTooSmall"],
      ["a return above what was taken", returned("7.01"), "DocketExceedsOwed"],
      ["a booking where nothing was deposited", having("book", { cases: ["ONE"] }), "NothingToDo"],
      [
        "a second freeze of a case",
        of(1, (timeline) => timeline.splice(1, 0, { at: "1d", act: "freeze", cases: ["ONE"] })),
        "DocketRollover",
      ],
      [
        "a freeze of what another case froze within 40 days",
        of(1, (timeline) => {
          timeline[0]!["cases"] = ["ONE"];
          timeline.splice(1, 0, { at: "1d", act: "freeze", cases: "*" });
        }),
        "DocketRollover",
      ],
    ]);
  });

  /** What refuses an operation when it is run. */
  const refusedAs = async (operation: Operation) => {
    const error: unknown = await runOperation({ operation }).then(
      () => undefined,
      (caught: unknown) => caught,
    );
    return error instanceof ActFailedError ? error : expect.fail(String(error));
  };
  const targets = Array.from({ length: 9 }, (_, i) => target(`C${i}`, 1, "1"));
  const frozen = (at: string, cases: string[] | "*") => ({ at, act: "freeze" as const, cases });

  it("an account in more cases than Freeze may hold it for", async () => {
    const error = await refusedAs(smallOperation({ targets, timeline: [frozen("0d", "*")], expect: {} }));
    expect(error.message).to.match(/^case\.json:\d+: freeze: DocketHoldsFull: /);
    expect(error.metaMessages[1]).to.equal("needs: most 8");
  });

  it("more targets in 24 hours than the parameters allow, and takes them a day and three hours apart", async () => {
    const law = readFileSync("deploy/parameters/kazakhstan.json5", "utf8").replace(
      "freezesPerDay: 1000",
      "freezesPerDay: 4",
    );
    const at = (second: string) => {
      const timeline = [frozen("0d", ["C0", "C1", "C2"]), frozen(second, ["C3", "C4"])];
      const of = targets.slice(0, 5).map((it, n) => ({ ...it, account: account(n) }));
      const files = smallFiles({ targets: of, timeline, expect: {}, parameters: "law.json5" });
      return readOperation(folderOf(files.set("law.json5", law)));
    };
    const error = await refusedAs(at("23h59m"));
    expect(error.message).to.match(/^case\.json:\d+: freeze: FreezeWindowFull: /);
    expect(error.metaMessages).to.deep.equal(["has: frozen 4, adding 1", "needs: most 4"]);
    const { statement } = await runOperation({ operation: at("27h") });
    expect(statement).to.include({ targets: 5, difference: "0" });
  });

  it("as officers that are too few for a rule or for the charter are, before anything is sent", async () => {
    const officers = OFFICERS.filter(({ name }) => name !== "COURT-3" && !name.startsWith("NBK"));
    const steps: string[] = [];
    const operation = smallOperation({ officers });
    const error: unknown = await runOperation({ operation, progress: ({ step }) => void steps.push(step) }).catch(
      (caught: unknown) => caught,
    );
    expect(error).to.be.instanceOf(DeploymentRefusedError).with.property("code", 64);
    expect((error as Error).message).to.match(/COURT seats 3 officers, the charter needs 4[^]*NBK seats 0 officers/);
    expect(steps).to.deep.equal(["deploy"]);
  });

  it("with who has what and needs what: agencies, orders and accounts by name, times since the start", () => {
    const operation = smallOperation(ALL_ACTS);
    const [usdx, digest, officer] = [account(50), sha256("0x01"), officerId(account(51))];
    const stage = {
      operation,
      parameters: operation.parameters,
      deployment: { addresses: {} },
      words: { asset: (of: string) => (of === usdx ? operation.assets[0] : undefined) },
      scheduled: new Map([["f1", [{ prepared: { digest } }]]]),
      everyone: [{ name: "FMA-1", account: { address: account(51) } }],
    } as unknown as Stage;
    const told = (error: string, args: Record<string, unknown>) =>
      refusalInWords(stage, { error, args, reason: "" }, zeroAddress);
    expect(told("QuorumNotMet", { digest, act: 10, about: 0, have: 0x2_1003n })).to.deep.equal([
      "who: order f1, Transfer",
      "has: FMA 3 + COURT 1 + NBK 2",
      "needs: COURT 2 + GPO 2 + NBK 1 + MOF 1",
    ]);
    expect(told("QuorumDismissalPause", { officerId: officer, next: operation.start + 8 * 86_400 })).to.deep.equal([
      "who: officer FMA-1",
      "needs: next 8d",
    ]);
    expect(told("DocketHoldTooSmall", { asset: usdx, account: account(1), have: 1_050n, need: 2_000n })).to.deep.equal([
      `who: asset USDX, account ${account(1)}`,
      "has: 10.5 USDX",
      "needs: 20 USDX",
    ]);
    expect(told("DocketCannotHold", { account: operation.wallets[0]!.address, standing: 5 })).to.deep.equal([
      "who: account HOT",
      "has: a platform's wallet",
    ]);
  });
});
