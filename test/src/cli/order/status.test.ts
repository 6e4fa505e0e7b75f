import { once } from "node:events";
import type { Server } from "node:http";
import { expect } from "chai";
import type { Hex } from "viem";
import { buildForfeit, bundleOf, digestOf, packApprovals, type Order } from "../../../../src/orders/index.ts";
import { addressOf, inTime, networkHelpers, now } from "../../../system/chain.ts";
import { DAY } from "../../../system/parameters.ts";
import { nextSalt, officerIdOf, struct } from "../../../system/officers.ts";
import { UNIT } from "../../../system/money.ts";
import { removeTemporaryFolders } from "../../operation/folders.ts";
import { sequester, serve } from "../inProcess.ts";
import { deploySeated, signed, SeatedDesk, type Seated, type Signing } from "./seated.ts";

/** Data of `order status --json`. */
interface Told {
  schema: string;
  orders: {
    state: { is: string; start?: string };
    ready: boolean;
    lacks?: Record<string, number>;
    approvals: {
      bundle: string | null;
      officers: Record<string, number>;
      ways: { alternative: number; missing: Record<string, number> }[];
    }[];
  }[];
}

describe("sequester order status", () => {
  let system: Seated;
  let server: Server;
  let url: string;
  let desk: SeatedDesk;
  let deployment: string;

  before(async () => {
    ({ server, url } = await serve());
  });
  beforeEach(async () => {
    system = await networkHelpers.loadFixture(deploySeated);
    desk = new SeatedDesk(system);
    deployment = desk.deployment;
  });
  after(() => {
    server.close();
    removeTemporaryFolders();
  });

  const status = (...args: string[]) =>
    sequester(["order", "status", ...args, "--rpc", url, "--deployment", deployment]);
  const data = async (...args: string[]): Promise<Told["orders"]> => {
    const { code, stdout, stderr } = await status(...args, "--json");
    expect(code, stderr).to.equal(0);
    const told = JSON.parse(stdout) as Told;
    expect(told.schema).to.equal("sequester.order.status/1");
    return told.orders;
  };
  const digestIn = (order: Order): Hex => digestOf(order, system.domain);
  const sign = async (digest: Hex, ...by: Signing[]) => {
    for (const [i, one] of by.entries()) await desk.sign(`${digest.slice(2, 10)}-${i}`, digest, one);
  };

  it("says by the Quorum's rules what every alternative lacks, until nothing is missing", async () => {
    const { file, order } = await desk.freeze("A-1");
    const nobody = (await data(file))[0]!;
    expect(nobody.approvals[0]).to.deep.equal({
      bundle: null,
      officers: {},
      ways: [
        { alternative: 0, missing: { FMA: 2, GPO: 1 } },
        { alternative: 1, missing: { FMA: 1, KNB: 1, GPO: 1 } },
      ],
    });
    await sign(digestIn(order), system.safe, "GPO-1");
    const [some] = await data(desk.dir);
    expect([some!.ready, some!.approvals[0]!.officers]).to.deep.equal([false, { FMA: 1, GPO: 1 }]);
    expect(some!.approvals[0]!.ways.map(({ missing }) => missing)).to.deep.equal([{ FMA: 1 }, { KNB: 1 }]);
    expect((await status(desk.dir)).stdout).to.match(/ open +FMA 1 \+ GPO 1 +FMA 1, or KNB 1 /);
    await sign(digestIn(order), system.safe, "GPO-1", system.p256);
    const [all] = await data(desk.dir);
    expect([all!.ready, all!.approvals[0]!.ways[0]!.missing]).to.deep.equal([true, {}]);
    const { stdout, stderr } = await status(desk.dir);
    expect(stdout)
      .to.match(/ Freeze +ready +FMA 2 \+ GPO 1 +nothing /)
      .and.include("1 order: 1 ready; at block");
    expect(stderr).to.equal("");
  });

  it("counts no forged or withdrawn approval, and names a forged one", async () => {
    const { order } = await desk.freeze("A-1");
    const digest = digestIn(order);
    await sign(digest, "FMA-1", "FMA-2", "GPO-1");
    expect((await data(desk.dir))[0]!.ready).to.equal(true);
    await system.cancel(digest, "FMA-2");
    desk.signature("forged", digest, (await signed(digest, "FMA-3")).signer, "0x00");
    const [told] = await data(desk.dir);
    expect(told!.approvals[0]!.officers).to.deep.equal({ FMA: 1, GPO: 1 });
    expect((await status(desk.dir)).stderr).to.include(`Does not count: ${desk.at("forged.sig.json")}`);
  });

  it("counts a bundle's approvals for each of its orders, apart from single ones, and what one order lost of them", async () => {
    const orders = [(await desk.freeze("A-1")).order, (await desk.freeze("A-2", system.bob)).order];
    const bundle = bundleOf("Freeze", orders, system.domain);
    const file = desk.bundle("all", bundle);
    await sign(bundle.digest, "FMA-1", "FMA-2", "GPO-1");
    await sign(digestIn(orders[1]!), "FMA-1");
    expect((await data(desk.dir)).map(({ ready }) => ready)).to.deep.equal([true, true]);
    await system.cancel(digestIn(orders[1]!), "GPO-1");
    const [kept, lost] = await data(desk.dir);
    expect(kept!.ready).to.equal(true);
    expect(lost!.ready).to.equal(false);
    expect(lost!.approvals[0]).to.deep.include({ bundle: file, officers: { FMA: 2 } });
    expect(lost!.approvals[1]).to.deep.include({ bundle: null, officers: { FMA: 1 } });
  });

  it("tells what is used, scheduled, dead and expired", async () => {
    const { order } = await desk.freeze("A-1");
    const by = await Promise.all((["FMA-1", "FMA-2", "GPO-1"] as const).map((it) => signed(digestIn(order), it)));
    await system.docket.freeze([struct(order.message)], [packApprovals(by)], "0x");
    await desk.freeze("A-2", system.bob);
    await forfeited();
    const states = async () => (await data(desk.dir)).map(({ state }) => state.is);
    expect(await states()).to.deep.equal(["used", "open", "scheduled"]);
    expect((await status(desk.dir)).stdout).to.include("3 orders: 1 used, 1 open, 1 scheduled; at block");
    await networkHelpers.time.increase(301n * DAY);
    expect(await states()).to.deep.equal(["used", "expired", "dead"]);
  });

  it("tells of one that waits which approval it lacks since an officer is dismissed as compromised, until another one's is there", async () => {
    const forfeit = await forfeited();
    const waiting = async () => (await data(desk.dir))[0]!;
    expect((await waiting()).lacks).to.equal(undefined);
    await (await system.dismiss(officerIdOf("COURT-1"), ["COURT-2", "GPO-1"], { compromised: true })).send();
    const lacking = await waiting();
    expect([lacking.state.is, lacking.lacks]).to.deep.equal(["scheduled", { COURT: 1 }]);
    expect((await status(desk.dir)).stdout).to.match(/ scheduled .*COURT 1 /);
    await sign(digestIn(forfeit), "COURT-2");
    expect((await waiting()).lacks).to.deep.equal({});
  });

  it("ends with 3 where the node has another deployment, with 5 where none answers", async () => {
    const { file } = await desk.freeze("A-1");
    const { codeHashes } = system.deployment;
    const changed = { ...codeHashes, docket: codeHashes.lens };
    desk.write("deployment.json", JSON.stringify({ ...system.deployment, codeHashes: changed }));
    const other = await status(file);
    expect([other.code, other.stdout]).to.deep.equal([3, ""]);
    const gone = await serve();
    gone.server.close();
    await once(gone.server, "close");
    const none = await sequester(["order", "status", file, "--rpc", gone.url, "--deployment", deployment]);
    expect([none.code, none.stdout]).to.deep.equal([5, ""]);
  });

  /** A forfeiture that waits, approved by one officer each of court, prosecutor and treasury. */
  async function forfeited(): Promise<Order<"Forfeit">> {
    const caseId = "B-1";
    await system.arrest({ place: [target()], until: (await now()) + 100n * DAY }, { caseId });
    await system.seize([target()], { caseId });
    const signBy = await inTime();
    const forfeit = desk.order("B-1", (document) =>
      buildForfeit({
        caseId,
        document,
        asset: system.kzte,
        treasury: addressOf(system.treasury),
        amount: UNIT,
        signBy,
        salt: nextSalt(),
      }),
    ).order as Order<"Forfeit">;
    const three = ["COURT-1", "GPO-1", "MOF-1"] as const;
    const approvals = packApprovals(await Promise.all(three.map((it) => signed(digestIn(forfeit), it))));
    await system.disposal.forfeit(forfeit.message, approvals);
    return forfeit;
  }

  const target = () => ({ asset: system.kzte, account: addressOf(system.bob), amount: 100n * UNIT });
});
