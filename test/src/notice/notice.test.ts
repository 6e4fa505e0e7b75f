import { expect } from "chai";
import {
  concat,
  createPublicClient,
  custom,
  decodeFunctionData,
  decodeFunctionResult,
  encodeFunctionResult,
  getAddress,
  keccak256,
  zeroHash,
  type Abi,
  type Address,
  type Hex,
} from "viem";
import { abiOf } from "../../../src/chain/artifacts.ts";
import { DeploymentMismatchError, type Deployment } from "../../../src/chain/deployments.ts";
import { JournalBrokenError } from "../../../src/journal/chain.ts";
import { noticeForReaders } from "../../../src/cli/notice.ts";
import { NoticeContradictionError, type Notice } from "../../../src/notice/notice.ts";
import { readNotice } from "../../../src/notice/read.ts";
import { digestOf, documentHash, encodeCaseId, type Order } from "../../../src/orders/index.ts";
import { type Disposal, SOURCE } from "../../system/acts/disposals.ts";
import { addressOf, atSecond, client, ethers, inTime, networkHelpers, now } from "../../system/chain.ts";
import { type Crowd, deployCrowd, SUB_ACCOUNT } from "../../system/crowd.ts";
import { deploymentOf } from "../../system/deployment.ts";
import { UNIT } from "../../system/money.ts";
import { approvalsOf, documentOf, nextSalt } from "../../system/officers.ts";
import { DAY, type OfficerName } from "../../system/parameters.ts";

const FILE: Hex = `0x${"ab".repeat(32)}`;
const DOCUMENT_SALT: Hex = `0x${"cd".repeat(32)}`;

describe("a notice", () => {
  let system: Crowd;
  let deployment: Deployment;
  let alice: Address;

  const read = (account: Address = alice, asset = "KZTE", by = client): Promise<Notice> =>
    readNotice(by, deployment, { account, asset: { symbol: asset, address: deployment.addresses.assets[asset]! } });

  /** Schedules the forfeiture of 10 KZTE in CASE-1. */
  async function scheduleForfeit(): Promise<Hex> {
    const { disposal, domain, kzte, treasury } = system;
    const message = {
      caseId: encodeCaseId("CASE-1"),
      document: documentOf("judgment"),
      asset: kzte,
      treasury: addressOf(treasury),
      amount: 10n * UNIT,
      signBy: await inTime(),
      salt: nextSalt(),
    };
    const order: Order<"Forfeit"> = { primaryType: "Forfeit", message };
    await disposal.forfeit(message, await approvalsOf(domain, order, ["COURT-1", "GPO-1", "MOF-1"]));
    return digestOf(order, domain);
  }

  const iso = (second: bigint) => new Date(Number(second) * 1000).toISOString().replace(".000Z", "Z");

  beforeEach(async () => {
    system = await networkHelpers.loadFixture(deployCrowd);
    deployment = await deploymentOf(system);
    alice = addressOf(system.alice);
  });

  it("says who holds what, on which document, by which agencies and until when", async () => {
    const notice = await read();
    expect(notice).to.include({ schema: "sequester.notice/1", symbol: "KZTE", decimals: 6, account: alice });
    expect(notice.balance).to.equal(String(900n * UNIT));
    expect([notice.held, notice.covered, notice.withheld]).to.deep.equal(
      [150n, 150n, 0n].map((it) => String(it * UNIT)),
    );
    expect(notice.holds.map((it) => [it.case, it.kind, it.amount])).to.deep.equal([
      ["CASE-1", "arrested", String(50n * UNIT)],
      ["CASE-2", "provisional", String(100n * UNIT)],
    ]);
    const [arrested, provisional] = notice.holds as [Notice["holds"][0], Notice["holds"][0]];
    expect(arrested.bases.map(({ act, agencies }) => [act, agencies])).to.deep.equal([
      ["Arrest", ["FMA", "GPO", "COURT"]],
    ]);
    expect(provisional.bases.map(({ act, agencies }) => [act, agencies])).to.deep.equal([["Freeze", ["FMA", "GPO"]]]);
    expect(provisional.bases[0]!.document).to.equal(documentOf("ruling"));
    const [hold] = (await system.lens.holdsOf(system.kzte, alice)).slice(1);
    expect([provisional.since, provisional.until]).to.deep.equal([iso(hold!.since), iso(hold!.until)]);
    expect(provisional.bases[0]!.time).to.equal(iso(hold!.since));
    expect(notice.journal).to.deep.equal({
      entries: String(await system.docket.entries()),
      head: await system.docket.head(),
    });
  });

  it("says of a confirmed hold both entries, and the file of a document that was opened", async () => {
    const { disposal, kzte, bob } = system;
    const document = documentHash(DOCUMENT_SALT, FILE);
    const target = { asset: kzte, account: addressOf(bob), amount: 9n * UNIT };
    await system.freeze([target], { caseId: "CASE-7" });
    await system.arrest({ confirm: [target], until: (await now()) + 60n * DAY }, { caseId: "CASE-7", document });
    await disposal.open(encodeCaseId("CASE-7"), DOCUMENT_SALT, FILE);
    const [hold] = (await read(addressOf(bob))).holds.filter((it) => it.case === "CASE-7");
    expect(hold!.bases.map(({ act, document: its, file }) => [act, its, file])).to.deep.equal([
      ["Freeze", documentOf("ruling"), undefined],
      ["Arrest", document, FILE],
    ]);
  });

  it("says what was taken and given back, and what waits to be claimed", async () => {
    const { rfse, carol, refusing } = system;
    await refusing.setFault(carol, 1);
    await system.refund([{ taken: rfse, asset: rfse, account: addressOf(carol), amount: 30n * UNIT }]);
    const { taken } = await read(addressOf(carol), "RFSE");
    expect(taken.map((row) => [row.case, row.taken, row.returned, row.claim, row.due])).to.deep.equal([
      ["CASE-1", ...[100n, 30n, 30n, 0n].map((it) => String(it * UNIT))],
    ]);
    expect(taken[0]!.bases.map(({ act, agencies }) => [act, agencies])).to.deep.equal([
      ["Seize", ["FMA", "GPO", "COURT", "NBK"]],
      ["Return", ["COURT", "NBK"]],
    ]);
  });

  it("says which disposals wait, who stayed them, who appealed, and whether and where the holder still may", async () => {
    const { domain, quorum, disposal, kzte, bob, stranger, addresses } = system;
    const order = await scheduleForfeit();
    const scheduled = await now();
    const before = await read();
    expect(before.pending).to.have.length(1);
    expect(before.pending[0]).to.include({
      order,
      case: "CASE-1",
      act: "Forfeit",
      asset: kzte,
      amount: String(10n * UNIT),
      mayAppeal: true,
      payee: addressOf(system.treasury),
      start: iso(scheduled + 15n * DAY),
      appealed: false,
    });
    expect(before.pending[0]!.basis.agencies).to.deep.equal(["GPO", "COURT", "MOF"]);
    expect(before.appealTo).to.equal(addresses.disposal);

    const stay: Order<"Stay"> = {
      primaryType: "Stay",
      message: {
        order,
        document: documentOf("stay"),
        until: scheduled + 40n * DAY,
        signBy: await inTime(),
        salt: nextSalt(),
      },
    };
    await quorum.stay(stay.message, await approvalsOf(domain, stay, ["COURT-1"]));
    const appeal = {
      order,
      document: documentOf("appeal"),
      asset: kzte,
      holder: alice,
      signBy: await inTime(),
      salt: nextSalt(),
    };
    await disposal.connect(system.alice).appeal(appeal, "0x");
    const [own] = (await read()).pending;
    expect(own).to.deep.include({ stayedBy: ["COURT"], appealed: true, mayAppeal: false });
    expect(own!.appeals).to.deep.equal([{ asset: kzte, holder: alice, document: documentOf("appeal") }]);
    // The appeal adds its 15 days to what the court stayed.
    expect(own!.start).to.equal(iso(scheduled + 55n * DAY));
    expect((await read(addressOf(bob))).pending[0]).to.include({ appealed: false, mayAppeal: true });
    expect((await read(addressOf(stranger))).pending).to.deep.equal([]);

    // Up to its last second, also once it may be executed.
    await networkHelpers.time.increase(56n * DAY);
    expect((await read(addressOf(bob))).pending[0]).to.include({ mayAppeal: true });
    await networkHelpers.time.increase(90n * DAY);
    expect((await read(addressOf(bob))).pending).to.deep.equal([]);
  });

  it("is silent about a disposal that was vetoed, executed or has run out of time", async () => {
    const { domain, quorum } = system;
    const order = await scheduleForfeit();
    expect((await read()).pending).to.have.length(1);
    const veto: Order<"Veto"> = {
      primaryType: "Veto",
      message: { order, document: documentOf("veto"), signBy: await inTime(), salt: nextSalt() },
    };
    await quorum.veto(veto.message, await approvalsOf(domain, veto, ["COURT-1"]));
    expect((await read()).pending).to.deep.equal([]);
    await scheduleForfeit();
    await networkHelpers.time.increase(106n * DAY);
    expect((await read()).pending).to.deep.equal([]);
  });

  /** Schedules a disposal and executes it in its first second. */
  async function carryOut({ digest, send, execute }: Disposal): Promise<void> {
    await send();
    await networkHelpers.time.increaseTo((await system.quorum.delayedOf(digest)).start);
    await execute();
  }

  const figures = ({ taken }: Notice) =>
    taken.map(({ taken: all, returned, transferred, owed, claim, forfeited }) =>
      [all, returned, transferred, owed, claim, forfeited].map((amount) => BigInt(amount) / UNIT),
    );

  it("does not call returned what a Transfer gave to somebody else", async () => {
    const { kzte, stranger } = system;
    const { transfer } = system;
    await carryOut(await transfer({ asset: kzte, holder: alice, to: addressOf(stranger), amount: 30n * UNIT }));
    await system.refund([{ taken: kzte, asset: kzte, account: alice, amount: 20n * UNIT }]);
    const notice = await read();
    expect(figures(notice)).to.deep.equal([[100n, 20n, 30n, 50n, 0n, 0n]]);
    expect(notice.taken[0]!.bases.map(({ act }) => act)).to.deep.equal(["Seize", "execute", "Return"]);
    expect(noticeForReaders(notice)).to.include("given to somebody else by Transfer: 30.00 KZTE");
  });

  it("nor a claim that nobody came for and a Transfer gave away", async () => {
    const { rfse, carol, refusing, stranger } = system;
    const { transfer } = system;
    await refusing.setFault(carol, 1);
    await system.refund([{ taken: rfse, asset: rfse, account: addressOf(carol), amount: 30n * UNIT }]);
    expect(figures(await read(addressOf(carol), "RFSE"))).to.deep.equal([[100n, 30n, 0n, 70n, 30n, 0n]]);
    await networkHelpers.time.increase(365n * DAY);
    const of = { asset: rfse, source: SOURCE.unclaimed, holder: addressOf(carol) };
    await carryOut(await transfer({ ...of, to: addressOf(stranger), amount: 30n * UNIT }));
    expect(figures(await read(addressOf(carol), "RFSE"))).to.deep.equal([[100n, 0n, 30n, 70n, 0n, 0n]]);
  });

  it("tells what the case forfeited, to everybody whose money it took", async () => {
    const { kzte, treasury, bob } = system;
    const { forfeit } = system;
    await carryOut(await forfeit({ asset: kzte, treasury: addressOf(treasury), amount: 40n * UNIT }));
    for (const account of [alice, addressOf(bob)]) {
      const notice = await read(account);
      expect(figures(notice)).to.deep.equal([[100n, 0n, 0n, 100n, 0n, 40n]]);
      expect(notice.taken[0]!.bases.map(({ act }) => act)).to.deep.equal(["Seize", "execute"]);
      expect(noticeForReaders(notice)).to.include("forfeited in the whole case, whoever's it was: 40.00 KZTE");
    }
  });

  it("tells since when an account is held without a gap, and by how many cases: 1,425 days by eight", async () => {
    const { kzte, stranger, issuer, tenge } = system;
    const account = addressOf(stranger);
    await tenge.connect(issuer).mint(account, UNIT);
    const target = { asset: kzte, account, amount: UNIT };
    expect(await read(account)).to.not.have.property("unbroken");
    const arrestAt = async (second: bigint, caseId: string, days: bigint) => {
      const until = second + days * DAY;
      await atSecond(second, () => system.arrest({ place: [target], until }, { caseId }));
      return until;
    };
    let until = (await now()) + 1n;
    // Each begins in the last second of the one before.
    for (let n = 0; n < 8; ++n) until = await arrestAt(until, `ROLL-${n}`, n === 7 ? 165n : 180n);
    const { holds, unbroken } = await read(account);
    const last = holds.find((hold) => hold.case === "ROLL-7")!;
    expect(unbroken!.cases).to.equal(8);
    expect(Date.parse(last.until) - Date.parse(unbroken!.since)).to.equal(1_425 * 86_400_000);
    expect(noticeForReaders(await read(account))).to.include(`held without a gap since ${unbroken!.since}, by 8 cases`);

    // A second that nobody held it begins the time anew.
    await networkHelpers.time.increaseTo(until + 1n);
    expect(await read(account)).to.not.have.property("unbroken");
    await arrestAt(until + 2n, "AFTER", 180n);
    expect((await read(account)).unbroken!.cases).to.equal(1);
  });

  it("finds what was taken in any case, however many there are", async () => {
    const whole = await read();
    type Page = { cases: bigint; taken: unknown[] };
    let shown: unknown[] = [];
    // The node has 101 cases, and what was taken in the last of them.
    const change = (result: unknown, [, , from]: readonly unknown[]) => {
      const page = result as Page;
      if (from === 0n) shown = page.taken;
      return { ...page, cases: 101n, taken: from === 100n ? shown : [] };
    };
    expect((await read(alice, "KZTE", lying("Lens", "noticeOf", change))).taken).to.deep.equal(whole.taken);
  });

  it("tells a platform's customer what the platform said, owes and surrendered for it", async () => {
    const { register, domain, kzte, omnibus } = system;
    const message = {
      caseId: encodeCaseId("CASE-1"),
      document: documentOf("ruling"),
      asset: kzte,
      wallet: addressOf(omnibus),
      subAccount: SUB_ACCOUNT,
      amount: 80n * UNIT,
      term: Number(9n * DAY),
      signBy: await inTime(),
      salt: nextSalt(),
    };
    const order: Order<"ExchangeHold"> = { primaryType: "ExchangeHold", message };
    const by: OfficerName[] = ["FMA-1", "FMA-2", "GPO-1"];
    await register.exchangeHold(message, await approvalsOf(domain, order, by));
    const account = getAddress(await register.accountOf(omnibus, SUB_ACCOUNT));
    const asked = await read(account);
    expect(asked).to.not.have.property("balance");
    expect(asked.subAccount).to.deep.equal({ wallet: omnibus.address, askedAt: asked.holds[0]!.since });
    expect(noticeForReaders(asked)).to.include("not answered yet");

    await register.connect(omnibus).acknowledge(kzte, SUB_ACCOUNT, 60n * UNIT);
    await system.seize([{ asset: kzte, account, amount: 80n * UNIT }]);
    await register.connect(omnibus).surrender(encodeCaseId("CASE-1"), kzte, SUB_ACCOUNT, 20n * UNIT);
    const { taken, subAccount } = await read(account);
    expect(subAccount).to.have.property("answeredAt");
    expect(taken.map((row) => [row.case, row.taken, row.surrendered, row.due])).to.deep.equal([
      ["CASE-1", "0", String(20n * UNIT), String(40n * UNIT)],
    ]);
    await register.connect(omnibus).surrender(encodeCaseId("CASE-1"), kzte, SUB_ACCOUNT, 40n * UNIT);
    const all = await read(account);
    expect(all.taken.map((row) => [row.surrendered, row.due])).to.deep.equal([[String(60n * UNIT), "0"]]);
    expect(all.taken[0]!.bases.map(({ act }) => act)).to.deep.equal(["Seize", "surrender", "surrender"]);
    expect(noticeForReaders(all)).to.include("surrendered by the platform for this sub-account: 60.00 KZTE");
    expect((await read(addressOf(omnibus))).taken.map((row) => row.taken)).to.deep.equal([String(60n * UNIT)]);
  });

  it("reads well", async () => {
    const order = await scheduleForfeit();
    const notice = await read();
    const text = noticeForReaders(notice);
    const head = `Notice about ${alice} in KZTE (${system.kzte}), at block ${notice.block.number}, ${notice.block.time}`;
    expect(text.split("\n")[0]).to.equal(head);
    expect(text).to.include("held 150.00 KZTE: 150.00 KZTE of the balance, 0.00 KZTE of later receipts");
    expect(text).to.match(/^Case CASE-2 holds 100\.00 KZTE: provisional, number \d+$/m);
    expect(text).to.match(/^ {2}Freeze on \S+ by FMA, GPO, document 0x[0-9a-f]{64} \(entry \d+\)$/m);
    expect(text).to.match(/^Case CASE-1 took 100\.00 KZTE, of which 0\.00 KZTE are given back; vault 0x/m);
    expect(text).to.include(`Case CASE-1: Forfeit of 10.00 KZTE to ${system.treasury.address} waits, order ${order}`);
    const { start } = notice.pending[0]!;
    expect(text).to.include(
      `this account may appeal before ${start} in any case, then as long as it is not executed, to ${notice.appealTo}`,
    );
    const empty = noticeForReaders(await read(addressOf(system.stranger)));
    expect(empty).to.include("No case holds anything here.");
  });

  function callIn(abi: Abi, data: Hex) {
    try {
      return decodeFunctionData({ abi, data });
    } catch {
      return undefined;
    }
  }

  /** The client with answers to calls of one contract's function changed. */
  function lying(abi: "Lens" | "Docket", name: string, change: (result: unknown, args: readonly unknown[]) => unknown) {
    const request = async ({ method, params }: { method: string; params?: unknown[] }): Promise<unknown> => {
      const answer: unknown = await ethers.provider.send(method, params ?? []);
      if (method !== "eth_call") return answer;
      const items = { abi: abiOf(abi) as Abi, functionName: name };
      const called = callIn(items.abi, (params as [{ data: Hex }])[0].data);
      if (called?.functionName !== name) return answer;
      const told = decodeFunctionResult({ ...items, data: answer as Hex });
      return encodeFunctionResult({ ...items, result: change(told, called.args ?? []) });
    };
    return createPublicClient({ transport: custom({ request }), cacheTime: 0 });
  }

  describe("is refused", () => {
    it("where the node's view hides a hold, or shows another", async () => {
      type Shown = { holds: { amount: bigint }[]; taken: unknown[] };
      for (const change of [
        (notice: Shown) => ({ ...notice, holds: notice.holds.slice(1) }),
        (notice: Shown) => ({ ...notice, holds: notice.holds.map((hold) => ({ ...hold, amount: hold.amount + 1n })) }),
        (notice: Shown) => ({ ...notice, taken: [] }),
      ]) {
        const error = await refusal(
          read(alice, "KZTE", lying("Lens", "noticeOf", change as (result: unknown) => unknown)),
        );
        expect(error).to.be.instanceOf(NoticeContradictionError).and.have.property("code", 3);
      }
    });

    it("where the node's view tells another start of a disposal, or hides an appeal", async () => {
      await scheduleForfeit();
      type Shown = { delayed: { start: number }; appealed: boolean }[];
      for (const change of [
        (all: Shown) => all.map((it) => ({ ...it, delayed: { ...it.delayed, start: it.delayed.start + 1 } })),
        (all: Shown) => all.map((it) => ({ ...it, appealed: true })),
      ]) {
        const error = await refusal(
          read(alice, "KZTE", lying("Lens", "pendingOf", change as (result: unknown) => unknown)),
        );
        expect(error).to.be.instanceOf(NoticeContradictionError);
      }
    });

    it("where the journal is not what the docket's head commits to", async () => {
      const error = await refusal(
        read(
          alice,
          "KZTE",
          lying("Docket", "head", () => zeroHash),
        ),
      );
      expect(error).to.be.instanceOf(JournalBrokenError);
    });

    it("where the node has another deployment", async () => {
      deployment = { ...deployment, codeHashes: { ...deployment.codeHashes, lens: keccak256(concat(["0x01"])) } };
      expect(await refusal(read())).to.be.instanceOf(DeploymentMismatchError);
    });

    const refusal = (promise: Promise<unknown>): Promise<unknown> =>
      promise.then(
        () => undefined,
        (error: unknown) => error,
      );
  });
});
