import { expect } from "chai";
import { ZeroHash } from "ethers";
import type { Order, Target } from "../../src/orders/index.ts";
import { networkHelpers } from "../system/chain.ts";
import type { System } from "../system/deployed.ts";
import { changed, execute, MAX_AMOUNT, target } from "../system/entries.ts";

type TargetedOrder = Order<"Freeze"> | Order<"Arrest"> | Order<"Lift"> | Order<"Seize">;

/**
 * What every order over targets must be. `targets` are two accounts in each of two assets, ascending, and good;
 * `build` makes an order of some of them; `put` replaces its targets by bad ones.
 */
export function itRefusesBrokenOrders<O extends TargetedOrder, S extends System & { targets: Target[] }>(
  fixture: () => Promise<S>,
  build: (system: S, targets: Target[]) => Promise<O>,
  put: (targets: Target[]) => Partial<O["message"]>,
): void {
  const prepare = async () => {
    const system = await networkHelpers.loadFixture(fixture);
    const order = await build(system, system.targets);
    return { system, order, ...system };
  };

  it("takes targets that ascend by asset, then account", async () => {
    const { system, order, docket } = await prepare();
    await expect(execute(system, order)).to.emit(docket, "Entry");
  });

  it("refuses an order without targets", async () => {
    const { system, order, docket } = await prepare();
    await expect(execute(system, changed(order, put([])))).to.be.revertedWithCustomError(docket, "DocketEmptyOrder");
  });

  it("refuses an order that rests on no document", async () => {
    const { system, order, docket } = await prepare();
    await expect(
      execute(system, changed(order, { document: ZeroHash } as Partial<O["message"]>)),
    ).to.be.revertedWithCustomError(docket, "ZeroDocument");
  });

  it("refuses an asset that was never installed", async () => {
    const { system, order, docket, targets, quorum } = await prepare();
    const unknown = target(await quorum.getAddress(), targets[0]!.account, 1n);
    await expect(execute(system, changed(order, put([unknown]))))
      .to.be.revertedWithCustomError(docket, "DocketUnknownAsset")
      .withArgs(unknown.asset);
  });

  it("refuses an amount of 0 and one of 2^96, which a hold could not keep", async () => {
    const { system, order, docket, targets } = await prepare();
    const { asset, account } = targets[0]!;
    for (const amount of [0n, MAX_AMOUNT + 1n, 2n ** 256n - 1n]) {
      await expect(execute(system, changed(order, put([{ asset, account, amount }]))))
        .to.be.revertedWithCustomError(docket, "DocketInvalidAmount")
        .withArgs(asset, account, amount);
    }
  });

  it("refuses the same account twice in one asset", async () => {
    const { system, order, docket, targets } = await prepare();
    const [first] = targets;
    await expect(execute(system, changed(order, put([first!, first!]))))
      .to.be.revertedWithCustomError(docket, "DocketUnordered")
      .withArgs(first!.asset, first!.account);
  });

  it("refuses accounts that descend", async () => {
    const { system, order, docket, targets } = await prepare();
    const [first, second] = targets;
    await expect(execute(system, changed(order, put([second!, first!]))))
      .to.be.revertedWithCustomError(docket, "DocketUnordered")
      .withArgs(first!.asset, first!.account);
  });

  it("refuses assets that descend, also where the accounts ascend", async () => {
    const { system, order, docket, targets } = await prepare();
    const [lowest, , , highest] = targets;
    const [last, first] = [target(lowest!.asset, highest!.account, 1n), target(highest!.asset, lowest!.account, 1n)];
    await expect(execute(system, changed(order, put([first, last]))))
      .to.be.revertedWithCustomError(docket, "DocketUnordered")
      .withArgs(last.asset, last.account);
  });

  it("changes nothing where the last target is refused", async () => {
    const { system, order, docket, targets } = await prepare();
    const before = await stateOf(system);
    await expect(
      execute(system, changed(order, put([...targets.slice(0, 3), { ...targets[3]!, amount: 0n }]))),
    ).to.be.revertedWithCustomError(docket, "DocketInvalidAmount");
    expect(await stateOf(system)).to.deep.equal(before);
  });

  async function stateOf({ docket, tenge, other, caseId, targets }: S) {
    return {
      head: await docket.head(),
      cases: await docket.caseCount(),
      docketed: [...(await docket.caseOf(caseId))],
      holds: await Promise.all(targets.map(async ({ asset, account }) => [...(await docket.holdsOf(asset, account))])),
      frozen: await Promise.all(
        targets.flatMap(({ account }) => [tenge.getFrozenTokens(account), other.getFrozenTokens(account)]),
      ),
    };
  }
}

/** Two accounts in each of two assets, ascending by (asset, account). */
export const twoByTwo = ({ kzte, usdx, alice, bob }: System, amount = 100n): Target[] =>
  [kzte, usdx]
    .flatMap((asset) => [alice, bob].map((account) => target(asset, account, amount)))
    .sort((a, b) => (a.asset + a.account).toLowerCase().localeCompare((b.asset + b.account).toLowerCase()));
