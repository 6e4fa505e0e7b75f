// Long: plays a whole operation.
import { expect } from "chai";
import { zeroAddress, type Address, encodeAbiParameters, getAddress, keccak256, slice } from "viem";
import { abiOf } from "../../../../src/chain/artifacts.ts";
import { readEntries } from "../../../../src/journal/entries.ts";
import { ACTS, encodeName } from "../../../../src/orders/index.ts";
import type { EmbeddedChain } from "../../../../src/operation/play/embedded.ts";
import type { Act, ActOf, Operation } from "../../../../src/operation/folder/readOperation.ts";
import type { ActFailedError } from "../../../../src/operation/play/playAct.ts";
import { NotRefusedError } from "../../../../src/operation/play/playChanges.ts";
import { openChain, runOperation, type OperationResult } from "../../../../src/operation/run.ts";
import { removeTemporaryFolders } from "../folders.ts";
import { account, ALL_ACTS, smallOperation } from "../small.ts";

describe("the acts of a timeline, played", function () {
  this.timeout(120_000);
  let operation: Operation;
  let chain: EmbeddedChain;
  let result: OperationResult;
  let usdx: Address;
  let kzte: Address;

  before(async () => {
    operation = smallOperation(ALL_ACTS);
    chain = await openChain(operation);
    result = await runOperation({ operation, chain });
    ({ USDX: usdx, KZTE: kzte } = result.deployment.addresses.assets as Record<"USDX" | "KZTE", Address>);
  });
  after(async () => {
    await chain.close();
    removeTemporaryFolders();
  });

  const wallet = (name: string) => operation.wallets.find((it) => it.name === name)!.address;
  const balanceOf = (asset: Address, of: Address) =>
    chain.client.readContract({ address: asset, abi: abiOf("Tenge"), functionName: "balanceOf", args: [of] });
  const seconds = (days: number) => new Date((operation.start + days * 86_400) * 1000).toISOString().slice(0, 10);
  const days = (events: readonly { at: string }[]) => events.map(({ at }) => at.slice(0, 10));

  it("end with no difference, and with the sums of a calculation by hand", () => {
    const { statement } = result;
    expect(statement).to.include({ targets: 5, cases: 2, arrested: 4, lapsed: 2, difference: "0" });
    expect(statement.byCase.map(({ closed }) => closed)).to.deep.equal([true, true]);
    const [ofUsdx, ofKzte] = statement.assets;
    expect(ofUsdx).to.include({
      // 270 of the list and 30 in the exchange.
      placed: "30000",
      held: "0",
      lapsed: "6500",
      lifted: "1000",
      seized: "22500",
      taken: "22500",
      due: "0",
      returned: "1000",
      converted: "5000",
      proceeds: "0",
      compensated: "3000",
      transferred: "500",
      forfeited: "13000",
      inCustody: "0",
      suspense: "0",
      suspensePaid: "300",
    });
    expect(ofKzte).to.include({ placed: "0", proceeds: "2450000", returned: "490000", forfeited: "1960000" });
  });

  const played = <Name extends Act["act"]>(name: Name) =>
    result.acts.filter((act): act is ActOf<Name> => act.act === name);

  it("record the ends of holds by account: of what no court confirmed, and of a part", () => {
    const [first, second] = played("lapse").map(({ ended }) => ended.flatMap(({ holdings }) => holdings));
    expect(first!.map(({ account: of, amount }) => [of, amount])).to.have.deep.members([
      [account(2), 2_000n],
      [account(4), 4_000n],
    ]);
    expect(second!.map(({ amount }) => amount)).to.deep.equal([500n]);
  });

  it("arrest what is live, of an account a part, and what was excepted from the freeze where the court places it", () => {
    expect(played("freeze")[0]!.orders[0]!.holdings.map(({ account: of }) => of)).to.not.include(account(3));
    const [one, two] = played("arrest")[0]!.orders;
    expect(one!.place).to.deep.equal([{ asset: "USDX", account: account(3), amount: 2_000n }]);
    expect(one!.holdings.map(({ account: of, amount }) => [of, amount])).to.have.deep.members([
      [account(1), 10_000n],
      [account(2), 4_000n],
    ]);
    expect(two!.place).to.equal(undefined);
  });

  it("forfeit by * what is left of each asset, proceeds and freed reserves too", () => {
    const rest = result.acts.flatMap((act) => ("disposals" in act && act.id === "rest" ? act.disposals : []));
    expect(rest.map((it) => [it.case, it.asset, it.amount])).to.deep.equal([
      // 160 taken, less 50 converted, 10 returned, 5 transferred and 30 compensated.
      ["ONE", "USDX", 6_500n],
      ["ONE", "KZTE", 1_960_000n],
      ["TWO", "USDX", 6_500n],
    ]);
  });

  it("move the money to whom they say", async () => {
    const { treasury } = chain.roles;
    const needs: [Address, Address, bigint][] = [
      [usdx, account(1), 1_000n],
      [kzte, account(1), 490_000n],
      // What leaked was placed again, what lapsed or was lifted stays.
      [usdx, account(2), 0n],
      [usdx, account(3), 0n],
      [usdx, account(4), 4_000n],
      [usdx, account(5), 1_000n],
      [usdx, account(9), 800n],
      [usdx, account(21), 1_000n],
      [usdx, account(22), 2_000n],
      [usdx, account(23), 0n],
      [usdx, wallet("HOT"), 97_500n],
      [usdx, wallet("DESK"), 5_000n],
      [kzte, wallet("DESK"), 0n],
      [usdx, treasury, 13_000n],
      [kzte, treasury, 1_960_000n],
    ];
    for (const [asset, of, amount] of needs) expect(await balanceOf(asset, of), `${asset} of ${of}`).to.equal(amount);
  });

  it("stand in the statement one by one, in base units", () => {
    const { lapses, wrongfulHolds, appeals, claims, exchangeHolds, conversions, transfers, stays, vetoes } =
      result.statement;
    const account8 = subAccountAddress(wallet("HOT"), "client");
    expect(lapses.map(({ case: id, account: of, amount }) => [id, of, amount])).to.have.deep.members([
      ["ONE", account(2), "2000"],
      ["ONE", account(4), "4000"],
      ["TWO", account8, "500"],
    ]);
    expect(wrongfulHolds).to.deep.equal([
      {
        at: `${seconds(2)}T09:00:00Z`,
        case: "TWO",
        asset: usdx,
        account: account(5),
        amount: "1000",
        since: `${seconds(0)}T09:00:00Z`,
        seconds: 2 * 86_400,
        arrested: false,
      },
    ]);
    const order = result.orders.find(({ act }) => act === "Forfeit")!.digest;
    expect(appeals).to.deep.equal([
      {
        at: `${seconds(45)}T09:00:00Z`,
        case: "ONE",
        order,
        act: "Forfeit",
        asset: usdx,
        holder: account(1),
        // 45 + 15 days is later than 40 + 15.
        start: `${seconds(70)}T09:00:00Z`,
        deadline: `${seconds(160)}T09:00:00Z`,
      },
    ]);
    expect(stays).to.deep.equal([
      {
        at: `${seconds(50)}T09:00:00Z`,
        case: "ONE",
        order,
        act: "Forfeit",
        by: ["COURT"],
        start: `${seconds(80)}T09:00:00Z`,
        deadline: `${seconds(170)}T09:00:00Z`,
      },
    ]);
    expect(vetoes).to.deep.equal([
      { at: `${seconds(51)}T09:00:00Z`, case: "ONE", order, act: "Forfeit", by: ["COURT"] },
    ]);
    const compensation = result.orders.find(({ act }) => act === "Compensate")!.digest;
    expect(claims).to.deep.equal(
      [0, 1].map((index) => ({
        at: `${seconds(99)}T09:00:00Z`,
        case: "ONE",
        asset: usdx,
        account: account(21 + index),
        amount: ["1000", "2000"][index],
        order: compensation,
        index,
      })),
    );
    expect(exchangeHolds).to.deep.equal([
      {
        at: `${seconds(7)}T11:00:00Z`,
        case: "TWO",
        asset: usdx,
        account: account8,
        amount: "3000",
        wallet: wallet("HOT"),
        subAccount: "client",
        acknowledged: "2500",
        answeredAfter: 3 * 3_600,
        demanded: "2500",
        surrendered: "2500",
      },
    ]);
    expect(conversions).to.deep.equal([
      {
        at: `${seconds(32)}T10:00:00Z`,
        case: "ONE",
        asset: usdx,
        account: wallet("DESK"),
        amount: "5000",
        order: result.orders.find(({ act }) => act === "Convert")!.digest,
        proceedsAsset: kzte,
        // 50 US dollars are 25,000 tenge at the folder's rate.
        worthAtSeizure: "2500000",
        leastProceeds: "2400000",
        proceeds: "2450000",
      },
    ]);
    expect(days(transfers)).to.deep.equal([seconds(90), seconds(90)]);
    expect(transfers.map(({ amount, source, holder }) => [amount, source, holder])).to.deep.equal([
      ["500", 1, account(1)],
      ["300", 2, null],
    ]);
  });

  it("are approved by whom the timeline names, and by others when an officer leaves", () => {
    const by = (act: string) => result.orders.filter((order) => order.act === act).map(({ approvedBy }) => approvedBy);
    expect(by("Lift")).to.deep.equal([["FMA-1", "GPO-1"]]);
    expect(by("Return")).to.deep.equal([["COURT-1", "COURT-2"]]);
    expect(by("Stay")).to.deep.equal([["COURT-2"]]);
    expect(by("cancel")).to.deep.equal([["FMA-1"]]);
    // Both orders stand in the bundle from which the approval is withdrawn.
    const others = ["COURT-1", "FMA-2", "GPO-1", "NBK-1"];
    expect(by("Seize")).to.deep.equal([others, others]);
    const [seizure] = result.orders.filter(({ act }) => act === "Seize");
    const cancel = result.orders.find(({ act }) => act === "cancel")!;
    expect(cancel.case).to.equal("");
    expect(cancel.order.message).to.include({ order: seizure!.bundle!.digest });
  });

  it("are refused where they have to be, by the name of the contracts' error", () => {
    expect(result.refused.map(({ case: id, approvedBy, error }) => [id, approvedBy, error])).to.deep.equal([
      ["TWO", ["FMA-1", "FMA-2", "GPO-1"], "DocketCannotHold"],
      ["ONE", ["FMA-1", "FMA-2", "FMA-3"], "QuorumNotMet"],
      ["ONE", ["COURT-1", "FMA-1", "GPO-1", "NBK-1"], "QuorumWithdrawn"],
    ]);
  });

  it("leave an entry in the journal each, but what was refused and what holders send", async () => {
    const { docket } = result.deployment.addresses;
    const entries = await readEntries(chain.client, docket, { toBlock: await chain.client.getBlockNumber() });
    const counts = new Map<number, number>();
    for (const { act } of entries) counts.set(act, (counts.get(act) ?? 0) + 1);
    expect(Object.fromEntries(counts)).to.deep.equal({
      [ACTS.install]: 1,
      [ACTS.License]: 2,
      [ACTS.Freeze]: 2,
      [ACTS.Lift]: 1,
      [ACTS.ExchangeHold]: 1,
      [ACTS.acknowledge]: 1,
      [ACTS.Arrest]: 2,
      [ACTS.lapse]: 2,
      [ACTS.cancel]: 1,
      [ACTS.Seize]: 2,
      [ACTS.surrender]: 2,
      [ACTS.book]: 1,
      [ACTS.Convert]: 1,
      [ACTS.Return]: 1,
      [ACTS.Forfeit]: 4,
      [ACTS.appeal]: 1,
      [ACTS.Stay]: 1,
      [ACTS.Veto]: 1,
      [ACTS.Transfer]: 2,
      [ACTS.Compensate]: 1,
      [ACTS.execute]: 7,
      [ACTS.claim]: 2,
      [ACTS.unreserve]: 1,
      [ACTS.Dismiss]: 1,
      [ACTS.Suspend]: 1,
      [ACTS.open]: 5,
    });
  });

  it("end the run where what has to be refused is not, or for another reason", async () => {
    const attempt = (refused: string, by: string[]) =>
      smallOperation({
        timeline: [
          { at: "0d", act: "freeze", cases: "*" },
          {
            at: "1d",
            act: "attempt",
            order: "lift",
            case: "ONE",
            by,
            refused,
            holds: [{ account: account(1), asset: "KZTE", amount: "20" }],
          },
        ],
        expect: {},
      });
    const fault = (operation: Operation) =>
      runOperation({ operation }).then(
        () => undefined,
        (error: unknown) => (error as ActFailedError).cause as NotRefusedError,
      );
    const other = await fault(attempt("QuorumNotMet", ["FMA-1", "FMA-1"]));
    expect(other).to.equal(undefined);
    const wrong = await fault(attempt("DocketHoldTooSmall", ["FMA-1"]));
    expect(wrong).to.be.instanceOf(NotRefusedError).with.property("code", 3);
    expect(wrong!.metaMessages).to.deep.equal(["has: QuorumNotMet", "needs: DocketHoldTooSmall"]);
    const possible = await fault(attempt("QuorumNotMet", ["COURT-1", "COURT-2"]));
    expect(possible).to.be.instanceOf(NotRefusedError);
    expect(possible!.message).to.include("has: the order was executed");
  });

  it("know a sub-account by the address that the register computes", async () => {
    const { register } = result.deployment.addresses;
    const name = `0x${Buffer.from("client").toString("hex").padEnd(64, "0")}` as const;
    const args = [wallet("HOT"), name] as const;
    const address = await chain.client.readContract({
      address: register,
      abi: abiOf("LicenceRegister"),
      functionName: "accountOf",
      args,
    });
    expect(subAccountAddress(wallet("HOT"), "client"))
      .to.equal(address)
      .and.not.equal(zeroAddress);
  });
});

/** The address by which holds know a sub-account of a platform's wallet, see LicenceRegister.accountOf. */
function subAccountAddress(wallet: Address, subAccount: string): Address {
  const words = encodeAbiParameters(
    [{ type: "address" }, { type: "bytes32" }],
    [wallet, encodeName("subAccount", subAccount)],
  );
  return getAddress(slice(keccak256(words), 12));
}
