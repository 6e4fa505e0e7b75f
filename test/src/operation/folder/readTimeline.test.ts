import { expect } from "chai";
import { readOperation, type Operation } from "../../../../src/operation/folder/readOperation.ts";
import type { ToldActOf } from "../../../../src/operation/operation.ts";
import { changed, faultsOf, holder, indexOf, inserted, part, with_, type Change } from "../changes.ts";
import { folderOf, refusal, removeTemporaryFolders } from "../folders.ts";
import { account, ALL_ACTS, smallFiles, smallOperation } from "../small.ts";

describe("readTimeline", function () {
  this.timeout(20_000);
  after(removeTemporaryFolders);

  describe("of every act", () => {
    let operation: Operation;
    before(() => {
      operation = smallOperation(ALL_ACTS);
    });
    const acts = <Name extends "freeze" | "arrest">(name: Name) =>
      operation.timeline.filter((act): act is ToldActOf<Name> => act.act === name);

    it("takes a freeze of * as the cases that no freeze before it names, without what is excepted", () => {
      const [{ orders }] = acts("freeze") as [ToldActOf<"freeze">];
      expect(orders.map((it) => [it.case, it.holdings.map(({ account: of }) => of)])).to.deep.equal([
        ["ONE", [account(1), account(2), account(4)]],
        ["TWO", [account(5)]],
      ]);
      const timeline = [{ at: "0d", act: "freeze" as const, cases: ["TWO"] }, ...ALL_ACTS.timeline.slice(3)];
      const [first, second] = smallOperation({ ...ALL_ACTS, timeline }).timeline as ToldActOf<"freeze">[];
      expect([first, second].map((act) => act!.orders.map((it) => it.case))).to.deep.equal([["TWO"], ["ONE"]]);
    });

    it("gives base units, and the total of what claims and pool come to", () => {
      const [{ parts, place }] = acts("arrest") as [ToldActOf<"arrest">];
      expect([parts, place].map(([of]) => of!.amount)).to.deep.equal([4_000n, 2_000n]);
      const disposals = operation.timeline.flatMap((act) => ("disposals" in act ? act.disposals : []));
      const compensation = disposals.find(({ act }) => act === "compensate");
      expect(compensation).to.include({ amount: 4_000n, pool: 4_000n, claimTerm: 90 * 86_400 });
    });
  });

  describe("refuses, with file and line,", () => {
    const refusals: [what: string, change: Change, ...needs: string[]][] = [
      ["an officer that is none", with_("lift", { by: ["FMA-9"] }), "UnknownOfficer"],
      [
        "an approval of an officer that is none",
        with_("seize", { leaves: { officer: "X", how: "cancel", ruling: "rulings/ONE.md" } }),
        "UnknownOfficer",
      ],
      ["a part of another case", with_("arrest", { parts: [{ ...part(2, "1"), case: "NIL" }] }), "UnknownCase"],
      ["a place of no target of the case", with_("arrest", { place: [part(9, "1")] }), "UnknownAccount"],
      ["a place named twice", with_("arrest", { place: [part(3, "1"), part(3, "2")] }), "DuplicateTarget"],
      ["an exception that leaves a case no target", with_("freeze", { except: [account(5)] }), "LastTarget"],

      [
        "a freeze of * when every case is frozen",
        inserted(indexOf("lift"), { act: "freeze", cases: "*" }),
        "NothingToDo",
      ],

      ["a wallet that is none", with_("license", { wallet: "COLD" }), "UnknownWallet"],
      ["a platform without a wallet", with_("suspend", { platform: "Desk 2" }), "UnknownWallet"],

      [
        "an order's name that comes twice",
        changed(indexOf("transfer", 1), (timeline) => {
          timeline[indexOf("transfer", 1)]!["id"] = "t1";
          timeline[indexOf("execute", 1)]!["orders"] = ["t1"];
        }),
        "DuplicateOrder",
      ],
      ["an order that is none", with_("execute", { orders: ["c2"] }), "UnknownOrder"],
      ["a conversion without proceeds", with_("execute", { proceeds: undefined }), "BelowLeast"],
      ["an amount without an asset", with_("forfeit", { asset: undefined }), "BadAmount"],
      ["an amount of several cases", with_("forfeit", { cases: ["ONE", "TWO"] }), "BadAmount"],
      ["an appeal in an asset that is none", with_("appeal", { asset: "X" }), "UnknownAsset"],

      ["claims that cannot be read", with_("compensate", { claims: "none.csv" }), "BadClaims"],
      ["claims that are none", with_("compensate", { claims: "rulings/ONE.md" }), "BadClaims"],
      ["a pool of nothing", with_("compensate", { pool: "0" }), "BadAmount"],
      ["a claim that is not in the list", with_("claim", { claims: ["O1", "V9"] }), "UnknownClaim"],
      ["a claim of an order that pays none", with_("claim", { order: "t1" }), "UnknownOrder"],
      ["opening the documents of no case", with_("open", { cases: ["NIL"] }), "UnknownCase"],
      ["an attempt to pay nobody", with_("attempt", { to: undefined }, 1), "UnknownAccount"],
      [
        "an attempt on an unknown asset",
        with_("attempt", { holds: [{ ...holder(1, "1"), asset: "X" }] }),
        "UnknownAsset",
      ],
      ["an act before the one above it", inserted(indexOf("lapse"), { act: "lapse", at: "8d23h" }), "TimelineOrder"],
    ];
    for (const [what, change, ...needs] of refusals) {
      it(what, () => {
        expect(faultsOf(change)).to.deep.equal(needs);
      });
    }

    it("all that is wrong, not only the first", () => {
      const { timeline } = changed(0, (entries) => {
        entries[indexOf("lift")]!["by"] = ["FMA-9"];
        entries[indexOf("suspend")]!["platform"] = "Desk 2";
      });
      const dir = folderOf(smallFiles({ ...ALL_ACTS, timeline: timeline as unknown as typeof ALL_ACTS.timeline }));
      expect(refusal(() => readOperation(dir)).map(({ name }) => name)).to.deep.equal([
        "UnknownOfficer",
        "UnknownWallet",
      ]);
    });

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
        "DuplicateWallet",
        "UnknownAsset",
        "DuplicateWallet",
        "BadAmount",
      ]);
    });
  });
});
