import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { readOperation, type Operation } from "../../../src/operation/folder.ts";
import { locate } from "../../../src/operation/lines.ts";
import type { ActOf } from "../../../src/operation/operation.ts";
import type { CaseFileInput } from "../../../src/operation/schema.ts";
import { folderOf, refusal, removeTemporaryFolders } from "./folders.ts";
import { account, ALL_ACTS, smallFiles, smallOperation } from "./small.ts";

type Timeline = CaseFileInput["timeline"];
type Entry = Record<string, unknown>;

/** Where the act stands in ALL_ACTS: the n-th of its kind, from 0. */
const indexOf = (act: string, n = 0) =>
  ALL_ACTS.timeline.flatMap((entry, i) => (entry.act === act ? [i] : []))[n] ?? expect.fail(`no ${act} ${n}`);

/** The names of the faults after a change of the timeline; each has to stand in the lines of the entry at `index`. */
function faultsAfter(index: number, change: (timeline: Entry[]) => void): string[] {
  const timeline = structuredClone(ALL_ACTS.timeline) as unknown as Entry[];
  change(timeline);
  const dir = folderOf(smallFiles({ ...ALL_ACTS, timeline: timeline as unknown as Timeline }));
  const { lineOf } = locate(readFileSync(path.join(dir, "case.json"), "utf8"));
  const [first, next] = [index, index + 1].map((i) => lineOf(["timeline", i]));
  return refusal(() => readOperation(dir)).map(({ name, file, line, reason }) => {
    expect(file, reason).to.equal("case.json");
    expect(line, reason).to.be.at.least(first!);
    if (index + 1 < timeline.length) expect(line, reason).to.be.below(next!);
    return name;
  });
}

/** The faults of an act whose fields were replaced. */
const with_ = (act: string, fields: Entry, n = 0) =>
  faultsAfter(indexOf(act, n), (timeline) => Object.assign(timeline[indexOf(act, n)]!, fields));

/** The faults of an act put before the one at `index`, in its second. */
const inserted = (index: number, entry: Entry) =>
  faultsAfter(index, (timeline) => timeline.splice(index, 0, { at: timeline[index]!["at"], ...entry }));

describe("planTimeline", function () {
  this.timeout(20_000);
  after(removeTemporaryFolders);

  describe("of every act", () => {
    let operation: Operation;
    before(() => {
      operation = smallOperation(ALL_ACTS);
    });
    const acts = <Name extends Operation["timeline"][number]["act"]>(name: Name) =>
      operation.timeline.filter((act): act is ActOf<Name> => act.act === name);
    const disposals = (name: string) =>
      operation.timeline.flatMap((act) => ("id" in act && act.id === name ? act.disposals : []));

    it("counts a target as arrested where a court placed it, and as lapsed where a part did; sub-accounts not at all", () => {
      expect(operation.totals).to.include({ targets: 5, arrested: 4, lapsed: 2 });
      const [first, second] = acts("lapse").map(({ ended }) => ended.flatMap(({ holdings }) => holdings));
      expect(first!.map(({ account: of, amount }) => [of, amount])).to.deep.equal([
        [account(2), 2_000n],
        [account(4), 4_000n],
      ]);
      expect(second!.map(({ amount }) => amount)).to.deep.equal([500n]);
    });

    it("holds what was excepted from the freeze when the court places it", () => {
      expect(acts("freeze")[0]!.orders[0]!.holdings.map(({ account: of }) => of)).to.not.include(account(3));
      const [one, two] = acts("arrest")[0]!.orders;
      expect(one!.place).to.deep.equal([{ asset: "USDX", account: account(3), amount: 2_000n }]);
      expect(one!.holdings.map(({ amount }) => amount)).to.deep.equal([10_000n, 4_000n]);
      expect(two!.place).to.equal(undefined);
    });

    it("forfeits by * what is left of each asset, proceeds and freed reserves too", () => {
      expect(disposals("rest").map((it) => [it.case, it.asset, it.amount])).to.deep.equal([
        // 160 taken, less 50 converted, 10 returned, 5 transferred and 30 compensated.
        ["ONE", "USDX", 6_500n],
        ["ONE", "KZTE", 1_960_000n],
        ["TWO", "USDX", 6_500n],
      ]);
    });

    it("shares the pool out before it knows the docket", () => {
      expect(disposals("v1")[0]).to.include({ amount: 4_000n, pool: 4_000n, claimTerm: 90 * 86_400 });
    });
  });

  describe("refuses, with file and line,", () => {
    const seize = indexOf("seize");
    const convert = indexOf("convert");
    const forfeit = indexOf("forfeit");
    const veto = indexOf("veto");
    const claim = indexOf("claim");
    const refusals: [what: string, faults: () => string[], ...needs: string[]][] = [
      ["an officer that is none", () => with_("lift", { by: ["FMA-9"] }), "UnknownOfficer"],
      [
        "an officer that was dismissed before",
        () => inserted(indexOf("suspend"), { act: "dismiss", officer: "FMA-3", ruling: "rulings/TWO.md" }),
        "UnknownOfficer",
      ],
      [
        "an approval of an officer that is none",
        () => with_("seize", { leaves: { officer: "X", how: "cancel", ruling: "rulings/ONE.md" } }),
        "UnknownOfficer",
      ],
      ["a part above the hold", () => with_("arrest", { parts: [part(2, "60.01")] }), "AboveHold"],
      ["a part of an account without a hold", () => with_("arrest", { parts: [part(9, "1")] }), "UnknownAccount"],
      ["a part of another case", () => with_("arrest", { parts: [{ ...part(2, "1"), case: "NIL" }] }), "UnknownCase"],
      ["a place of no target of the case", () => with_("arrest", { place: [part(9, "1")] }), "UnknownAccount"],
      ["a place named twice", () => with_("arrest", { place: [part(3, "1"), part(3, "2")] }), "DuplicateTarget"],
      ["an exception that leaves a case no target", () => with_("freeze", { except: [account(5)] }), "LastTarget"],
      [
        "money that its holder has not",
        () => inserted(0, { ...ALL_ACTS.timeline[0], amount: "60.01" }),
        "AboveBalance",
      ],
      [
        "money that is held",
        () => inserted(indexOf("lapse"), { ...ALL_ACTS.timeline[0], from: account(1), amount: "1", at: "9d" }),
        "AboveBalance",
      ],

      ["a wallet that is none", () => with_("license", { wallet: "COLD" }), "UnknownWallet"],
      ["a licence that ends before it begins", () => with_("license", { until: "7d" }), "BadTime"],
      [
        "a hold in a wallet without licence",
        () => with_("exchange-hold", { at: "6d23h" }),
        "TimelineOrder",
        "NotLicensed",
      ],
      ["a second hold of the same within 40 days", () => inserted(seize, subAccount("exchange-hold", "1")), "BadTime"],
      ["an answer that nobody asked for", () => with_("acknowledge", { subAccount: "another" }), "UnknownSubAccount"],
      ["a surrender above what is due", () => with_("surrender", { amount: "5.01" }, 1), "AboveDue"],
      ["a surrender to another case", () => with_("surrender", { case: "ONE" }), "AboveDue"],
      ["a platform without a wallet", () => with_("suspend", { platform: "Desk 2" }), "UnknownWallet"],
      [
        "a conversion by a platform that was suspended",
        () =>
          faultsAfter(indexOf("execute") + 1, (timeline) =>
            timeline.splice(convert, 0, { at: "29d", act: "suspend", platform: "Desk 1", ruling: "rulings/ONE.md" }),
          ),
        "NotLicensed",
      ],

      ["an order's name that comes twice", () => with_("transfer", { id: "t1" }, 1), "DuplicateOrder"],
      ["an order that is none", () => with_("execute", { orders: ["c2"] }), "UnknownOrder"],
      ["an execution before the delay has run out", () => with_("execute", { at: "31d" }), "BadTime"],
      [
        "an execution after the grace has run out",
        () => with_("execute", { orders: ["c1"], at: "39d1s" }),
        "OrderEnded",
      ],
      ["a second execution", () => inserted(indexOf("execute") + 1, { act: "execute", orders: ["c1"] }), "OrderEnded"],
      ["an execution after a veto", () => with_("execute", { orders: ["f1"] }, 1), "OrderEnded"],
      ["a conversion without proceeds", () => with_("execute", { proceeds: undefined }), "BelowLeast"],
      ["proceeds below the least", () => with_("execute", { proceeds: "23999.99" }), "BelowLeast"],
      ["proceeds that the wallet has not", () => with_("execute", { proceeds: "24500.01" }), "AboveBalance"],
      ["a conversion into itself", () => with_("convert", { proceedsAsset: "USDX" }), "UnknownAsset"],
      [
        "a conversion of more than was taken",
        () =>
          faultsAfter(indexOf("execute"), (timeline) => {
            timeline[convert]!["amount"] = "160.01";
          }),
        "AboveCustody",
      ],
      ["proceeds above what is left of them", () => proceeds("24500.01"), "AboveTaken"],
      ["proceeds above what was taken of the holder", () => proceeds("24500", "60"), "AboveTaken"],
      ["money back to a stranger", () => with_("return", { holders: [holder(9, "1")] }), "UnknownAccount"],
      ["an amount without an asset", () => with_("forfeit", { asset: undefined }), "BadAmount"],
      ["an amount of several cases", () => with_("forfeit", { cases: ["ONE", "TWO"] }), "BadAmount"],
      [
        "a forfeiture of more than is left",
        () =>
          faultsAfter(indexOf("execute", 3), (timeline) => {
            timeline[indexOf("forfeit", 1)]!["amount"] = "65.01";
            Object.assign(timeline[indexOf("forfeit", 1)]!, { cases: ["ONE"], asset: "USDX" });
          }),
        "AboveCustody",
      ],
      ["suspense of a holder", () => with_("transfer", { holder: account(1) }, 1), "NotAffected"],
      [
        "suspense above what is booked",
        () =>
          faultsAfter(indexOf("execute", 1), (timeline) => {
            timeline[indexOf("transfer", 1)]!["amount"] = "3.01";
          }),
        "AboveSuspense",
      ],
      [
        "a free payee above a holder's limit",
        () =>
          faultsAfter(indexOf("execute", 1), (timeline) => {
            // 100 taken, 10 back in kind, 10 in proceeds.
            timeline[indexOf("transfer")]!["amount"] = "80.01";
          }),
        "AboveTaken",
      ],
      ["an appeal in another asset than the order's", () => with_("appeal", { asset: "KZTE" }), "NotAffected"],
      ["an appeal of somebody else", () => with_("appeal", { holder: account(4) }), "NotAffected"],
      ["a second appeal", () => inserted(veto, { ...ALL_ACTS.timeline[indexOf("appeal")], at: "51d" }), "OrderEnded"],
      ["a stay that moves nothing", () => with_("stay", { until: "60d" }), "BadTime"],
      ["a second stay that moves nothing", () => inserted(veto, { ...stayOf("COURT-1"), until: "80d" }), "BadTime"],
      ["a veto of several orders", () => inserted(indexOf("execute", 3), vetoOf("rest")), "AmbiguousOrder"],
      ["a veto of what was vetoed", () => inserted(veto + 1, vetoOf("f1")), "OrderEnded"],

      ["claims that cannot be read", () => with_("compensate", { claims: "none.csv" }), "BadClaims"],
      ["claims that are none", () => with_("compensate", { claims: "rulings/ONE.md" }), "BadClaims"],
      ["a claim term below 90 days", () => with_("compensate", { claimTerm: "89d" }), "BadTime"],
      ["a pool of nothing", () => with_("compensate", { pool: "0" }), "BadAmount"],
      ["a claim that is not in the list", () => with_("claim", { claims: ["O1", "V9"] }), "UnknownClaim"],
      ["a claim twice", () => with_("claim", { claims: ["O1", "O1"] }), "UnknownClaim"],
      [
        "a claim before the execution",
        () => inserted(claim - 1, { act: "claim", order: "v1", claims: ["O1"] }),
        "UnknownOrder",
      ],
      ["a claim after its term", () => with_("claim", { at: "188d1h1s" }), "BadTime"],
      ["the end of a reserve before its term", () => with_("unreserve", { at: "188d" }), "BadTime"],
      ["opening the documents of no case", () => with_("open", { cases: ["NIL"] }), "UnknownCase"],
      ["an attempt to pay nobody", () => with_("attempt", { to: undefined }, 1), "UnknownAccount"],
      [
        "an attempt on an unknown asset",
        () => with_("attempt", { holds: [{ ...holder(1, "1"), asset: "X" }] }),
        "UnknownAsset",
      ],
      [
        "a forfeiture when nothing is left",
        () => inserted(forfeit, { act: "forfeit", id: "x", cases: ["TWO"], asset: "KZTE" }),
        "NothingToDo",
      ],
    ];
    for (const [what, faults, ...needs] of refusals) {
      it(what, () => {
        expect(faults()).to.deep.equal(needs);
      });
    }

    it("a target that no act holds", () => {
      const timeline = structuredClone(ALL_ACTS.timeline);
      const arrest = timeline[indexOf("arrest")]!;
      if (arrest.act === "arrest") delete arrest.place;
      const dir = folderOf(smallFiles({ ...ALL_ACTS, timeline: timeline.slice(0, indexOf("lapse")), expect: {} }));
      expect(refusal(() => readOperation(dir)).map(({ name, file, line }) => [name, file, line])).to.deep.equal([
        ["TargetNeverHeld", "targets.csv", 4],
      ]);
    });

    it("wallets that have the name of another or of an officer, or hold what is none", () => {
      const wallets = [
        { name: "FMA-1", platform: "P", omnibus: false },
        { name: "HOT", platform: "P", omnibus: true, holds: [{ asset: "USDZ", amount: "1" }] },
        { name: "HOT", platform: "P", omnibus: true, holds: [{ asset: "USDX", amount: "0" }] },
      ];
      const dir = folderOf(smallFiles({ ...ALL_ACTS, wallets }));
      expect(refusal(() => readOperation(dir)).map(({ name }) => name)).to.deep.equal([
        ...["DuplicateWallet", "UnknownAsset", "DuplicateWallet", "BadAmount"],
      ]);
    });
  });

  function part(n: number, amount: string) {
    return { case: "ONE", ...holder(n, amount) };
  }
  function holder(n: number, amount: string) {
    return { account: account(n), asset: "USDX", amount };
  }
  function subAccount(act: string, amount: string) {
    return { act, case: "ONE", asset: "USDX", wallet: "HOT", subAccount: "client", amount };
  }
  function stayOf(by: string) {
    return { act: "stay", order: "f1", by: [by], ruling: "rulings/TWO.md" };
  }
  function vetoOf(order: string) {
    return { act: "veto", order, ruling: "rulings/TWO.md" };
  }
  /** The faults of a Return in proceeds, with something in kind before. */
  function proceeds(amount: string, inKind = "1") {
    return with_("return", {
      holders: [holder(1, inKind), { account: account(1), asset: "KZTE", amount, taken: "USDX" }],
    });
  }
});
