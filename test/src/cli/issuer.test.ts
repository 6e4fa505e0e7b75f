// An issuer that stands against the court, as the commands tell it, and as docs/runbooks.md shows.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { stringToHex, type Hex } from "viem";
import { derivedAccount } from "../../../src/deployment/keys.ts";
import {
  buildArrest,
  buildExchangeHold,
  buildForfeit,
  buildFreeze,
  buildLift,
  buildReturn,
  buildSeize,
  type Order,
} from "../../../src/orders/index.ts";
import { actingAs, addressOf, ethers, goTo, loadFixture, networkHelpers, newAddress, now } from "../../system/chain.ts";
import { deployCoin } from "../../system/coin.ts";
import { deployContracts, installed } from "../../system/deployed.ts";
import { deploymentOf } from "../../system/deployment.ts";
import { target } from "../../system/entries.ts";
import { deployVerifiers } from "../../system/kinds.ts";
import { inKind, units } from "../../system/money.ts";
import { nextSalt } from "../../system/officers.ts";
import { DAY, DECIDERS, LICENCE_DELAY, SEED, type OfficerName } from "../../system/parameters.ts";
import { removeTemporaryFolders } from "../operation/folders.ts";
import { sequester, serve } from "./inProcess.ts";
import { Desk } from "./order/desk.ts";

/** Of a coin that is its issuer's own, 60 of carol are in custody, and 100 of alice are arrested. */
async function deployCoins() {
  const contracts = await deployContracts();
  const coins = await deployCoin(contracts);
  const { coin } = coins;
  const system = await installed(contracts, [coin]);
  const block = await ethers.provider.getBlockNumber();
  const token = await ethers.getContractAt("Tenge", coin);
  const { alice, bob, carol, issuer } = system;
  for (const holder of [alice, bob, carol]) await token.connect(issuer).mint(holder, units(1_000));
  await networkHelpers.setBalance(derivedAccount(31_337, SEED, "payer").address, 10n ** 20n);
  await system.license(bob, "EXCHANGE", { omnibus: true });
  await networkHelpers.time.increase(LICENCE_DELAY);
  await system.take([target(coin, carol, units(60))]);
  await system.arrest({ place: [target(coin, alice, units(100))], until: (await now()) + 100n * DAY });
  const { addresses, codeHashes, ...rest } = await deploymentOf({ ...system, rfse: coin }, await deployVerifiers());
  const renamed = <T>({ RFSE, ...assets }: Record<string, T>) => ({ ...assets, COIN: RFSE! });
  const deployment = {
    ...rest,
    block,
    addresses: { ...addresses, assets: renamed(addresses.assets) },
    codeHashes: { ...codeHashes, assets: renamed(codeHashes.assets) },
    decimals: { KZTE: 6, USDX: 6, COIN: 6 },
  };
  return { ...system, ...coins, token, deployment };
}

describe("an issuer that stands against the court", () => {
  let scene: Awaited<ReturnType<typeof deployCoins>>;
  let node: Awaited<ReturnType<typeof serve>>;
  let desk: Desk;
  const folders = new Map<string, Desk>();
  /** Everything that was printed. */
  const printed: string[] = [];

  before(async () => {
    node = await serve();
  });
  beforeEach(async () => {
    scene = await loadFixture(deployCoins);
    desk = new Desk(scene.domain);
    folders.clear();
    writeFileSync(desk.at("deployment.json"), JSON.stringify(scene.deployment));
    node.sent.splice(0);
  });
  after(() => {
    node.server.close();
    removeTemporaryFolders();
  });

  const call = async (...args: string[]) => {
    const said = await sequester([...args, "--rpc", node.url, "--deployment", desk.at("deployment.json")]);
    printed.push(...`${said.stdout}${said.stderr}`.replaceAll(/\S*\/sequester-\w+\//g, "").split("\n"));
    return said;
  };
  const payer = ["--account", "payer", "--seed", SEED, "--yes"];
  const folderOf = (name: string) => {
    const found = folders.get(name) ?? new Desk(scene.domain);
    folders.set(name, found);
    return found;
  };
  /** An order that officers signed, in a folder of its own; executed. */
  const ordered = async (name: string, by: readonly OfficerName[], build: (document: Hex) => Order) => {
    const { file } = folderOf(name).order(name, build);
    for (const who of by) {
      const { code, stderr } = await call("order", "sign", file, "--account", who, "--seed", SEED, "--yes");
      expect(code, stderr).to.equal(0);
    }
    return executed(name);
  };
  const executed = (name: string) => call("order", "execute", folderOf(name).dir, ...payer);
  const base = async (document: Hex) => ({
    caseId: "CASE-1",
    document,
    signBy: (await now()) + 30n * DAY,
    salt: nextSalt(),
  });
  /** Everything that a docket may do in the coin, by name. */
  const orders = async () => {
    const { coin, alice, bob, carol, treasury } = scene;
    const of = await base("0x");
    const held = [target(coin, alice, units(100))];
    const wallet = addressOf(bob);
    const subAccount = stringToHex("client 1", { size: 32 });
    const term = Number(DAY);
    return {
      seize: () =>
        ordered("seize", DECIDERS.Seize, (document) => buildSeize({ ...of, document, holds: held, upTo: 2 })),
      lift: () =>
        ordered("lift", ["COURT-1", "COURT-2"], (document) =>
          buildLift({ ...of, document, holds: [target(coin, alice, units(1))], upTo: 2, arrested: true }),
        ),
      freeze: () =>
        ordered("freeze", DECIDERS.Freeze, (document) =>
          buildFreeze({ ...of, document, targets: [target(coin, carol, units(5))], term, wholeAccount: false }),
        ),
      exchangeHold: () =>
        ordered("exchange", DECIDERS.ExchangeHold, (document) =>
          buildExchangeHold({ ...of, document, asset: coin, wallet, subAccount, amount: 5n, term }),
        ),
      confirm: (until: bigint) =>
        ordered("confirm", DECIDERS.Arrest, (document) => {
          const flags = { wholeAccount: false, omnibus: false };
          return buildArrest({ ...of, ...flags, document, confirm: held, place: [], upTo: 2, until });
        }),
      refund: () =>
        ordered("return", DECIDERS.Return, (document) =>
          buildReturn({ ...of, document, holders: [inKind(coin, carol, units(10))] }),
        ),
      forfeit: () =>
        ordered("forfeit", DECIDERS.Forfeit, (document) =>
          buildForfeit({ ...of, document, asset: coin, treasury: addressOf(treasury), amount: units(20) }),
        ),
    };
  };
  const watched = () => call("audit", "watch", "--once", "--state", desk.at("watch.sqlite"));
  const codes = async (...commands: string[][]) => {
    const found: number[] = [];
    for (const command of commands) found.push((await call(...command)).code);
    return found;
  };
  const custody = async () => (await scene.docket.moneyOf(scene.caseId, scene.coin)).left;

  it("takes the docket's role away: nothing is held, lifted or seized in the coin, what is in custody is paid", async () => {
    const { token, carol, turnTo } = scene;
    await turnTo(newAddress());
    // Nobody finds it before somebody tries.
    expect(await codes(["doctor"], ["audit", "reconcile"])).to.deep.equal([0, 0]);
    expect((await watched()).code).to.equal(0);
    const { seize, lift, freeze, exchangeHold, refund } = await orders();
    for (const refused of [seize, lift, freeze, exchangeHold]) {
      const { code, stderr } = await refused();
      expect([code, stderr.includes("TengeOnlyDocket(caller: ")], stderr).to.deep.equal([1, true]);
    }
    expect(node.sent).to.deep.equal([]);
    const before = await token.balanceOf(carol);
    expect((await refund()).code).to.equal(0);
    expect((await token.balanceOf(carol)) - before).to.equal(units(10));
  });

  it("pauses: a seizure is refused by the coin and no fault of the node, a return waits for its holder, a disposal for its coin", async () => {
    const { coin, token, carol, treasury, pause, unpause } = scene;
    await pause();
    const { seize, lift, refund, forfeit } = await orders();
    expect(await codes(["doctor"], ["audit", "reconcile"])).to.deep.equal([0, 0]);
    const { code, stderr } = await seize();
    expect([code, node.sent]).to.deep.equal([1, []]);
    expect(stderr).to.include("0xd93c0665, an error of another contract than this system's");
    expect((await call("order", "simulate", folderOf("seize").dir)).code).to.equal(1);
    // The release is not delayed.
    expect((await lift()).stdout).to.include("lifted 1 COIN");
    expect((await refund()).stdout).to.include("claimDue 10 COIN");
    expect((await call("notice", carol.address)).stdout).to.include("waits to be claimed: 10.00 COIN");
    const claiming = ["case", "claim", "CASE-1", carol.address, "--asset", "COIN", ...payer];
    expect((await call(...claiming)).stderr).to.include("DocketPaymentRefused");

    await forfeit();
    await goTo((await now()) + 16n * DAY);
    expect((await executed("forfeit")).stderr).to.include("DocketPaymentRefused");
    expect((await watched()).code).to.equal(0);
    await unpause();
    expect((await executed("forfeit")).code).to.equal(0);
    expect((await call(...claiming)).code).to.equal(0);
    expect(await token.balanceOf(treasury)).to.equal(units(20));
    expect((await call("audit", "reconcile")).code).to.equal(0);
    expect(coin).to.equal(scene.coin);
  });

  it("keeps no end of a hold in another coin from being recorded", async () => {
    const { tenge, kzte, issuer, alice, freeze, turnTo } = scene;
    await tenge.connect(issuer).mint(alice, units(5));
    await freeze([target(kzte, alice, units(5))]);
    await networkHelpers.time.increase(101n * DAY);
    await turnTo(newAddress());
    const { code, stdout, stderr } = await call("hold", "lapse", ...payer);
    expect([code, node.sent.length], stderr).to.deep.equal([1, 1]);
    expect(stdout).to.include("lapsed 5 KZTE");
    expect(stderr).to.include("TengeOnlyDocket");
  });

  it("lifts behind the court's back: it is told, the docket's hold stands, and the next order on the account sets it anew", async () => {
    const { docket, token, alice, bob } = scene;
    const asDocket = token.connect(await actingAs(docket));
    await asDocket.setHeld(alice, 0, 0);
    await token.connect(alice).transfer(bob, units(950));
    expect(await codes(["doctor"], ["audit", "reconcile"])).to.deep.equal([0, 3]);
    const { code, stdout } = await watched();
    expect([code, / issuer: COIN, 0x\w{40}: held, by the asset: has 0, needs 100000000$/m.test(stdout)]).to.deep.equal([
      3,
      true,
    ]);
    expect((await call("notice", alice.address)).stdout).to.include("50.00 COIN of the balance");
    const { confirm, seize } = await orders();
    expect((await confirm((await now()) + 150n * DAY)).code).to.equal(0);
    expect(await token.getFrozenTokens(alice)).to.equal(units(100));
    expect((await call("audit", "reconcile")).code).to.equal(0);
    expect((await watched()).code).to.equal(0);
    expect((await seize()).stdout).to.include("seized 50 COIN");
    expect(await custody()).to.equal(units(110));
  });

  it("takes out of a vault: it is told to the base unit", async () => {
    const { docket, token, bob, vaultOf } = scene;
    await token.connect(await actingAs(docket)).forcedTransfer(await vaultOf(), bob, units(10));
    expect((await call("audit", "reconcile")).code).to.equal(3);
    const { code, stdout } = await watched();
    expect([
      code,
      stdout.includes("difference: CASE-1, COIN: vault's balance: has 50000000, needs 60000000"),
    ]).to.deep.equal([3, true]);
  });

  it("changes the coin's code: every command that asks the node stops", async () => {
    await networkHelpers.setCode(scene.coin, "0x5f5ffd");
    expect(await codes(["doctor"], ["audit", "reconcile"], ["hold", "list"], ["case", "list"])).to.deep.equal([
      3, 3, 3, 3,
    ]);
    const { code, stdout } = await watched();
    expect([code, stdout.includes(" code: code of assets.COIN: the node has ")]).to.deep.equal([3, true]);
  });

  it("is shown so in docs/runbooks.md", () => {
    const page = readFileSync(path.resolve(import.meta.dirname, "../../../docs/runbooks.md"), "utf8");
    const plain = (line: string) =>
      line
        .replace(/0x[\da-fA-F]{40,64}/g, "0x…")
        .replace(/\d{4}-\d\d-\d\dT[\d:]{8}Z {2}block \d+ {2}/, "")
        .trim();
    const shown = [...page.matchAll(/^```text\n([^]*?)^```$/gm)].flatMap(([, lines]) => lines!.trim().split("\n"));
    expect(shown.length).to.be.greaterThan(3);
    expect(printed.map(plain)).to.include.members(shown.map(plain));
  });
});
