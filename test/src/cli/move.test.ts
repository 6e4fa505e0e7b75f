// A case that moves into another deployment: from the seizure to the receipt there, by the commands, on the real contracts.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { stringToHex, type Address } from "viem";
import type { Deployment } from "../../../src/chain/deployments.ts";
import { derivedAccount } from "../../../src/deployment/keys.ts";
import { encodeCaseId } from "../../../src/orders/index.ts";
import { SOURCE } from "../../system/acts/disposals.ts";
import { addressOf, ethers, goTo, loadFixture, networkHelpers, newAddress, now } from "../../system/chain.ts";
import { deployCoin } from "../../system/coin.ts";
import { deployContracts, installed } from "../../system/deployed.ts";
import { deploymentOf } from "../../system/deployment.ts";
import { deployVerifiers } from "../../system/kinds.ts";
import { target } from "../../system/entries.ts";
import { FAULT } from "../../system/faulty.ts";
import { carryOut, inKind, UNIT, units } from "../../system/money.ts";
import { DAY, DECIDERS, DELAY, LICENCE_DELAY, SEED, YEAR } from "../../system/parameters.ts";
import { removeTemporaryFolders, temporaryFolder } from "../operation/folders.ts";
import { sequester, serve } from "./inProcess.ts";

const CUSTOMER = stringToHex("client 1", { size: 32 });

/** Two deployments on one chain, of the same officers and issuer; RFSE is one coin, which obeyed the first docket and now the second. */
async function deployBoth() {
  const [mine, theirs] = [await deployContracts(), await deployContracts()];
  const { coin, turnTo, silence } = await deployCoin(mine, "RefusingTenge");
  const first = await installed(mine, [coin]);
  await turnTo(theirs.docket);
  const second = await installed(theirs, [coin]);
  await turnTo(mine.docket);
  const refusing = await ethers.getContractAt("RefusingTenge", coin);
  for (const holder of [first.alice, first.bob, first.carol]) {
    await first.tenge.connect(first.issuer).mint(holder, 1_000n * UNIT);
    await refusing.mint(holder, 1_000n * UNIT);
  }
  const payer = derivedAccount(31_337, SEED, "payer");
  await networkHelpers.setBalance(payer.address, 10n ** 20n);
  const more = { decimals: { KZTE: 6, USDX: 6, RFSE: 18 } };
  const file = async (system: typeof first) => deploymentOf({ ...system, rfse: coin }, await deployVerifiers(), more);
  return {
    first,
    second,
    refusing,
    rfse: coin,
    turn: () => turnTo(theirs.docket),
    silence,
    deployments: { first: await file(first), second: await file(second) },
  };
}

type Both = Awaited<ReturnType<typeof deployBoth>>;

interface Told {
  from: { vault: Address };
  to: { vault: Address; opened: boolean };
  earliest: string;
  moves: {
    symbol: string;
    source: string;
    amount: string;
    by: string;
    payee: Address;
    holder?: Address;
    file: string;
  }[];
  stays: {
    kind: string;
    symbol: string;
    amount: string;
    account?: string;
    until?: string;
    why: string;
    first: string;
  }[];
  then: string[];
}

describe("case move", () => {
  let both: Both;
  let node: Awaited<ReturnType<typeof serve>>;
  let dir: string;

  before(async () => {
    node = await serve();
  });
  beforeEach(async () => {
    both = await loadFixture(deployBoth);
    dir = temporaryFolder();
    furnish(both.deployments);
    writeFileSync(file("decree.md"), "# The cases move.\n");
  });
  after(() => {
    node.server.close();
    removeTemporaryFolders();
  });

  const file = (...names: string[]) => path.join(dir, ...names);
  const furnish = (deployments: Record<string, Deployment>) => {
    for (const [name, it] of Object.entries(deployments)) writeFileSync(file(`${name}.json`), JSON.stringify(it));
  };
  const at = (which = "first") => ["--rpc", node.url, "--deployment", file(`${which}.json`)];
  const call = ["--to", "second.json", "--ruling", "decree.md", "--out", "orders"];
  const move = (...more: string[]) => {
    const given = call.map((it) => (it.startsWith("--") ? it : file(it)));
    return ["case", "move", ...(more[0]?.startsWith("--") === false ? [] : ["CASE-1"]), ...more, ...given];
  };
  const said = async (args: readonly string[], which?: string) => {
    const told = await sequester([...args, ...at(which)]);
    expect(told.code, `${args.join(" ")}\n${told.stdout}\n${told.stderr}`).to.equal(0);
    return told.stdout;
  };
  const told = async (...more: string[]) => JSON.parse(await said([...move(...more), "--json"])) as Told;
  const refused = async (code: number, args: readonly string[]) => {
    const { stderr, ...rest } = await sequester([...args, ...at()]);
    expect(rest, `${args.join(" ")}\n${stderr}`).to.deep.equal({ code, stdout: "" });
    expect(existsSync(file("orders")), "a folder of what was refused").to.equal(false);
    return stderr;
  };
  const by = (who: string) => ["--account", who, "--seed", SEED, "--yes"];
  /** Everything that officers do with the orders of a folder, until they are executed. */
  const carriedOut = async () => {
    const orders = readdirSync(file("orders")).filter((name) => name.endsWith(".order.json"));
    for (const order of orders) {
      for (const who of DECIDERS.Transfer) {
        await said(["order", "sign", file("orders", order), "--rulings", dir, ...by(String(who))]);
      }
    }
    await said(["order", "execute", file("orders"), ...by("payer")]);
  };
  const expectReconciled = async () => {
    for (const which of ["first", "second"]) {
      const { unexplained, named } = JSON.parse(await said(["audit", "reconcile", "--json"], which)) as {
        unexplained: object[];
        named: object[];
      };
      expect({ unexplained, named }, which).to.deep.equal({ unexplained: [], named: [] });
    }
  };
  const moneyThere = async (symbol: string) => {
    const { money, entries } = JSON.parse(await said(["case", "show", "CASE-1", "--json"], "second")) as {
      money: { symbol: string; suspense: string; inCustody: string }[];
      entries: { act: string }[];
    };
    const { suspense, inCustody } = money.find((it) => it.symbol === symbol)!;
    return { suspense, inCustody, acts: entries.map(({ act }) => act) };
  };

  it("takes what was seized through its issuer into the successor's vault, where it is booked", async () => {
    const { first, second } = both;
    const { kzte, alice, issuer, take, tenge } = first;
    await take([target(kzte, alice, units(100))]);
    const decided = await now();
    const { moves, stays, earliest, to, from } = await told("--by-issuer", "KZTE");
    expect(moves).to.have.length(1);
    expect(moves[0]).to.include({ symbol: "KZTE", source: "custody", amount: String(units(100)), by: "issuer" });
    expect(moves[0]!.payee).to.equal(issuer.address);
    expect(stays.map(({ kind, amount }) => [kind, amount])).to.deep.equal([["owed", String(units(100))]]);
    expect(Date.parse(earliest) / 1000).to.equal(Number(decided + DELAY.Transfer));
    expect([from.vault, to.vault, to.opened]).to.deep.equal([await first.vaultOf(), await second.vaultOf(), false]);

    await carriedOut();
    expect((await sequester(["order", "execute", file("orders"), ...by("payer"), ...at()])).stderr).to.include("waits");
    await goTo(BigInt(Date.parse(earliest) / 1000) + 60n);
    const before = await tenge.balanceOf(issuer);
    await said(["order", "execute", file("orders"), ...by("payer")]);
    expect((await tenge.balanceOf(issuer)) - before).to.equal(units(100));
    await tenge.connect(issuer).burn(units(100));
    await second.tenge.connect(issuer).mint(to.vault, units(100));

    const booking = ["case", "book", "CASE-1", "--asset", "KZTE", ...by("payer"), ...at("second")];
    expect((await sequester(booking)).stderr).to.include("DocketUnknownCase");
    const on = await second.transfer({
      asset: second.kzte,
      source: SOURCE.suspense,
      to: addressOf(alice),
      amount: units(100),
    });
    await on.send();
    expect((await sequester(booking)).code).to.equal(0);
    expect(await moneyThere("KZTE")).to.deep.equal({
      suspense: String(units(100)),
      inCustody: "0",
      acts: ["Transfer", "book"],
    });
    await expectReconciled();
    await goTo((await now()) + DELAY.Transfer);
    await on.execute();
    expect(await second.tenge.balanceOf(alice)).to.equal(units(100));
    await expectReconciled();
  });

  it("pays a coin that the successor's charter has straight into the vault there: custody, suspense, and what nobody claimed for a year", async () => {
    const { first, second, rfse, refusing } = both;
    const { alice, bob, carol, disposal, caseId, refund, take } = first;
    await take([target(rfse, alice, units(100))]);
    await take([target(rfse, bob, units(40))]);
    await refusing.setFault(bob, FAULT.revert);
    await refund([inKind(rfse, bob, units(30))]);
    await refusing.connect(carol).transfer(await first.vaultOf(), units(7));
    expect((await told("--dry-run")).stays.map(({ kind, amount }) => [kind, amount])).to.deep.equal([
      ["unclaimed", String(units(30))],
      ["unbooked", String(units(7))],
      ["owed", String(units(100))],
      ["owed", String(units(10))],
    ]);
    await disposal.book(caseId, rfse);
    await networkHelpers.time.increase(YEAR);
    await both.turn();
    const { moves, to } = await told();
    expect(
      moves.map(({ source, amount, by: way, payee, holder }) => [source, amount, way, payee, holder]),
    ).to.deep.equal([
      ["custody", String(units(110)), "vault", to.vault, undefined],
      ["suspense", String(units(7)), "vault", to.vault, undefined],
      ["unclaimed", String(units(30)), "vault", to.vault, bob.address],
    ]);
    await carriedOut();
    await goTo((await now()) + DELAY.Transfer);
    await said(["order", "execute", file("orders"), ...by("payer")]);
    expect(await refusing.balanceOf(await first.vaultOf())).to.equal(0);
    expect(await refusing.balanceOf(to.vault)).to.equal(units(147));
    const opens = await second.transfer({ asset: rfse, source: SOURCE.suspense, to: addressOf(carol), amount: 1n });
    await opens.send();
    await said(["case", "book", "CASE-1", "--asset", "RFSE", ...by("payer")], "second");
    expect(await moneyThere("RFSE")).to.include({ suspense: String(units(147)), inCustody: "0" });
    await expectReconciled();
  });

  it("leaves what is not its own to take: what is held, demanded, promised, appealed for or disposed of by an order that waits", async () => {
    const { first } = both;
    const { kzte, alice, bob, carol, register, docket, treasury } = first;
    const { take, freeze, exchangeHold, arrest, seize, license, compensate, forfeit, appeal } = first;
    await license(carol, "EXCHANGE", { omnibus: true });
    await networkHelpers.time.increase(LICENCE_DELAY);
    await take([target(kzte, alice, units(500))]);
    await take([target(kzte, bob, units(60))]);
    await exchangeHold({ asset: kzte, wallet: addressOf(carol), subAccount: CUSTOMER, amount: units(25) });
    const account = (await register.accountOf(carol, CUSTOMER)) as Address;
    const asked = { asset: kzte, account, amount: units(25) };
    await arrest({ confirm: [asked], until: (await now()) + 100n * DAY });
    await seize([asked]);
    const victims = await compensate({ asset: kzte, list: [{ account: newAddress(), amount: units(80) }] });
    await carryOut(first, victims);
    await freeze([target(kzte, bob, units(5))]);
    const forfeiture = await forfeit({ asset: kzte, treasury: addressOf(treasury), amount: units(200) });
    await forfeiture.send();
    await appeal(forfeiture.digest, kzte, bob);

    const { moves, stays } = await told("--by-issuer", "KZTE");
    // 560 taken, of which 80 are promised, 200 disposed of and 60 appealed for.
    expect(moves.map(({ amount }) => amount)).to.deep.equal([String(units(220))]);
    const of = Object.fromEntries(stays.map((it) => [`${it.kind} ${it.account ?? ""}`.trim(), it]));
    const amounts = Object.fromEntries(Object.entries(of).map(([kind, { amount }]) => [kind, BigInt(amount) / UNIT]));
    expect(amounts).to.deep.equal({
      [`held ${bob.address}`]: 5n,
      [`demanded ${account}`]: 25n,
      waiting: 200n,
      [`appealed ${bob.address}`]: 60n,
      reserved: 80n,
      [`owed ${alice.address}`]: 500n,
      [`owed ${bob.address}`]: 60n,
    });
    const { until } = await first.disposal.compensationOf(victims.digest);
    expect(Date.parse(of["reserved"]!.until!) / 1000).to.equal(Number(until));
    for (const { why, first: todo } of stays) expect(why.length * todo.length).to.be.greaterThan(0);
    const table = await said([...move("--by-issuer", "KZTE"), "--dry-run"]);
    expect(table)
      .to.include("220 KZTE")
      .and.include(`5 KZTE`)
      .and.include(`client 1 of ${carol.address}`)
      .and.include("What stays");

    // What was left to them is there for them: all of it is executed, to the last unit.
    await carriedOut();
    await goTo((await now()) + DELAY.Transfer + 15n * DAY);
    await said(["order", "execute", file("orders"), ...by("payer")]);
    await forfeiture.execute();
    await first.refund([inKind(kzte, bob, units(60))]);
    await victims.claim(0);
    expect((await docket.moneyOf(encodeCaseId("CASE-1"), kzte)).left).to.equal(0);
    await said(["hold", "lapse", ...by("payer")]);
    await expectReconciled();
  });

  it("leaves to an appeal what its holder's money was converted into, too", async () => {
    const { first } = both;
    const { kzte, usdx, alice, bob, carol, other, tenge, issuer, disposal, treasury } = first;
    const { take, license, convert, forfeit, appeal, timesOf } = first;
    await license(carol, "DESK");
    await networkHelpers.time.increase(LICENCE_DELAY);
    for (const who of [alice, bob]) await other.connect(issuer).mint(who, units(100));
    await take([target(usdx, alice, units(30))]);
    await take([target(usdx, bob, units(10))]);
    const [amount, wallet, leastProceeds] = [units(40), addressOf(carol), units(80)];
    const conversion = await convert({ asset: usdx, amount, wallet, proceedsAsset: kzte, leastProceeds });
    await conversion.send();
    await goTo((await timesOf(conversion.digest)).start);
    await tenge.connect(carol).approve(disposal, leastProceeds);
    await conversion.execute(carol, leastProceeds);
    const forfeiture = await forfeit({ asset: kzte, treasury: addressOf(treasury), amount: units(5) });
    await forfeiture.send();
    await appeal(forfeiture.digest, kzte, bob);
    const { moves, stays } = await told("--by-issuer", "KZTE", "--dry-run");
    // Of 80 in proceeds 5 are disposed of, and a quarter is of whoever appeals.
    expect(moves.map((it) => it.amount)).to.deep.equal([String(units(55))]);
    expect(stays.find(({ kind }) => kind === "appealed")).to.include({ symbol: "KZTE", amount: String(units(20)) });
    expect(stays.filter(({ kind }) => kind === "owed").map((it) => [it.symbol, it.amount])).to.deep.equal([
      ["USDX", String(units(30))],
      ["USDX", String(units(10))],
    ]);
  });

  it("tells no more of an appeal than is left of what it is for", async () => {
    const { first } = both;
    const { kzte, alice, bob, take, forfeit, appeal } = first;
    const treasury = addressOf(first.treasury);
    await take([target(kzte, alice, units(100))]);
    await take([target(kzte, bob, units(20))]);
    await carryOut(first, await forfeit({ asset: kzte, treasury, amount: units(110) }));
    const last = await forfeit({ asset: kzte, treasury, amount: units(3) });
    await last.send();
    await appeal(last.digest, kzte, alice);
    expect(await refused(64, move("--by-issuer", "KZTE")))
      .to.include("3 KZTE, an order that waits")
      .and.include("10 KZTE, an appeal runs for it");
  });

  it("splits what is more than one order can name, into orders of their own", async () => {
    const { first, refusing, rfse } = both;
    const most = 2n ** 96n - 1n;
    await first.take([target(rfse, first.alice, units(1))]);
    for (let i = 0; i < 2; i++) {
      await refusing.mint(await first.vaultOf(), most);
      await first.disposal.book(first.caseId, rfse);
    }
    await refusing.mint(await first.vaultOf(), 5n);
    await first.disposal.book(first.caseId, rfse);
    const { moves } = await told();
    expect(moves.map(({ source, amount }) => [source, BigInt(amount)])).to.deep.equal([
      ["custody", units(1)],
      ["suspense", most],
      ["suspense", most],
      ["suspense", 5n],
    ]);
    expect(new Set(readdirSync(file("orders")))).to.deep.equal(new Set(moves.map((it) => path.basename(it.file))));
  });

  it("moves the others where the issuer of one coin has it tell nothing any more", async () => {
    const { first, rfse } = both;
    await first.take([target(first.kzte, first.alice, units(100))]);
    await first.take([target(rfse, first.bob, units(40))]);
    await both.silence();
    const { moves, stays } = await told("--by-issuer", "KZTE");
    expect(moves.map(({ symbol, amount }) => [symbol, amount])).to.deep.equal([["KZTE", String(units(100))]]);
    expect(stays.find(({ symbol }) => symbol === "RFSE")).to.include({ kind: "silent", amount: String(units(40)) });
  });

  it("names what is to be booked there as the successor's own file does", async () => {
    await both.first.take([target(both.rfse, both.first.alice, units(100))]);
    furnish({ second: renamed({ KZTE: "KZTE", USDX: "USDX", RFSE: "COIN" }) });
    const { then } = await told("--dry-run");
    expect(then.join("\n")).to.include("--asset COIN --deployment").and.not.include("--asset RFSE");
  });

  /** The second deployment's file, which calls its assets otherwise. */
  const renamed = (names: Record<string, string>): Deployment => {
    const { second } = both.deployments;
    const of = <T>(all: Record<string, T>) =>
      Object.fromEntries(Object.entries(all).map(([symbol, it]) => [names[symbol]!, it]));
    return {
      ...second,
      addresses: { ...second.addresses, assets: of(second.addresses.assets) },
      codeHashes: { ...second.codeHashes, assets: of(second.codeHashes.assets) },
      decimals: of(second.decimals!),
    };
  };

  describe("refuses", () => {
    const seized = () => both.first.take([target(both.first.kzte, both.first.alice, units(100))]);

    it("the deployment itself, and one of another chain", async () => {
      await seized();
      const { first, second } = both.deployments;
      furnish({ second: first });
      expect(await refused(64, move())).to.include("A case cannot move to where it is.");
      furnish({ second: { ...second, chainId: 5, domain: { ...second.domain, chainId: 5 } } });
      expect(await refused(64, move()))
        .to.include("The successor is on another chain.")
        .and.include("chain 31337");
    });

    it("a successor whose contracts are not those of its file, or not those that are compiled here", async () => {
      await seized();
      const { first, second } = both.deployments;
      const codeHashes = { ...second.codeHashes, docket: `0x${"11".repeat(32)}` as const };
      furnish({ second: { ...second, codeHashes } });
      expect(await refused(3, move())).to.include("code of docket");
      // All of it is there: but the register is that of the first deployment, and answers to its docket.
      const mixed = {
        addresses: { ...second.addresses, register: first.addresses.register },
        codeHashes: { ...second.codeHashes, register: first.codeHashes.register },
      };
      furnish({ second: { ...second, ...mixed } });
      expect(await refused(3, move()))
        .to.include("not those that are compiled here")
        .and.include("register");
    });

    it("an unknown case, and one of which nothing can be moved, with the reasons", async () => {
      expect(await refused(64, move("CASE-9"))).to.include("The journal knows no such case.");
      await both.first.freeze([target(both.first.kzte, both.first.bob, units(5))]);
      expect(await refused(64, move()))
        .to.include("Nothing of the case CASE-1 can be moved.")
        .and.include("5 KZTE, held, not taken");
    });

    it("a coin that the successor does not know, unless its issuer is named, who is of both coins", async () => {
      await seized();
      expect(await refused(64, move()))
        .to.include("does not know")
        .and.include("--by-issuer");
      expect(await refused(64, move("--by-issuer", "EURX"))).to.include("no such asset");
      const { second } = both.deployments;
      const { KZTE, USDX } = second.addresses.assets;
      // Not the coin of its name: one that no issuer issues.
      const assets = { KZTE: both.rfse, USDX: USDX!, RFSE: KZTE! };
      const codes = second.codeHashes.assets;
      furnish({
        second: {
          ...second,
          addresses: { ...second.addresses, assets },
          codeHashes: { ...second.codeHashes, assets: { ...codes, KZTE: codes["RFSE"]!, RFSE: codes["KZTE"]! } },
          decimals: { KZTE: 18, USDX: 6, RFSE: 6 },
        },
      });
      expect(await refused(64, move("--by-issuer", "KZTE"))).to.include("issued by nobody whom it names");
    });

    it("another coin of the same issuer, which the successor's file gives the name of the first", async () => {
      await seized();
      furnish({ second: renamed({ KZTE: "USDX", USDX: "KZTE", RFSE: "RFSE" }) });
      const { USDX } = both.deployments.second.addresses.assets;
      expect(await refused(64, move("--by-issuer", "KZTE"))).to.include(`has: ${USDX}, which calls itself`);
    });

    it("to write over an order, and writes none then", async () => {
      await seized();
      mkdirSync(file("orders"));
      const [name] = (await told("--by-issuer", "KZTE", "--dry-run")).moves.map((it) => it.file);
      expect(readdirSync(file("orders"))).to.deep.equal([]);
      writeFileSync(name!, "mine");
      const { code, stderr } = await sequester([...move("--by-issuer", "KZTE"), ...at()]);
      expect([code, stderr.includes("not written over")]).to.deep.equal([64, true]);
      expect(readFileSync(name!, "utf8")).to.equal("mine");
    });

    it("a vault that has less than the journal tells", async () => {
      const { first, rfse, refusing } = both;
      await first.take([target(rfse, first.alice, units(100))]);
      await refusing.forcedTransfer(await first.vaultOf(), newAddress(), 1n);
      expect(await refused(3, move())).to.include("The vault has less than the journal tells.");
    });
  });
});
