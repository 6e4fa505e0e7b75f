// What anybody may read of a custody, and what anybody, a platform or a claimant may do without an officer.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { spawnSync } from "node:child_process";
import { expect } from "chai";
import { id, Wallet, sha256 } from "ethers";
import { encodeErrorResult, stringToHex, type Address } from "viem";
import { abiOf } from "../../../src/chain/artifacts.ts";
import type { Deployment } from "../../../src/chain/deployments.ts";
import { makeList, serializeList, termsOf } from "../../../src/compensation/index.ts";
import { derivedAccount, derivedKey } from "../../../src/deployment/keys.ts";
import { digestOf, documentHash, encodeCaseId, serializeOrderFile, type Order } from "../../../src/orders/index.ts";
import { addressOf, client, ethers, inTime, networkHelpers, now } from "../../system/chain.ts";
import { deploySystem } from "../../system/deployed.ts";
import { deploymentOf } from "../../system/deployment.ts";
import { deployVerifiers } from "../../system/kinds.ts";
import { target } from "../../system/entries.ts";
import { UNIT } from "../../system/money.ts";
import { approvalsOf, DOCUMENT, idsOf, nextSalt, NO_APPROVALS } from "../../system/officers.ts";
import { DAY, DECIDERS, LICENCE_DELAY } from "../../system/parameters.ts";
import { removeTemporaryFolders, temporaryFolder } from "../operation/folders.ts";
import { sequester, serve } from "./inProcess.ts";

const SEED = "custody";
const stranger = derivedAccount(31_337, SEED, "stranger");
const NAME = "C-1001";

/** Held and seized in CASE-1, held for a day in CASE-2, asked of a platform in CASE-3, a deposit that came by no act. */
async function deployCases() {
  const system = await deploySystem();
  const { kzte, tenge, issuer, alice, bob, docket, register } = system;
  const platform = new Wallet(derivedKey(31_337, SEED, "platform"), ethers.provider);
  for (const who of [stranger, platform]) await networkHelpers.setBalance(who.address, 10n ** 20n);
  await tenge.connect(issuer).mint(platform, 500n * UNIT);
  await system.license(platform, "EXCHANGE", { omnibus: true });
  await networkHelpers.time.increase(LICENCE_DELAY);
  await system.take([target(kzte, alice, 100n * UNIT)]);
  await system.freeze([target(kzte, bob, 40n * UNIT)], { caseId: "CASE-2", term: Number(DAY) });
  const wallet = platform.address as Address;
  const asked = { asset: kzte, wallet, subAccount: stringToHex(NAME, { size: 32 }), amount: 25n * UNIT };
  await system.exchangeHold(asked, { caseId: "CASE-3" });
  const vault = (await docket.vaultOf(encodeCaseId("CASE-1"))) as Address;
  await tenge.connect(bob).transfer(vault, 3n * UNIT);
  const account = (await register.accountOf(wallet, asked.subAccount)) as Address;
  const more = { decimals: { KZTE: 6, USDX: 6 } };
  return { ...system, platform, vault, account, deployment: await deploymentOf(system, await deployVerifiers(), more) };
}

/** How the register refuses an amount. */
const INVALID = encodeErrorResult({
  abi: abiOf("LicenceRegister"),
  errorName: "RegisterInvalidAmount",
  args: [25n, 0n],
});

type Cases = Awaited<ReturnType<typeof deployCases>>;

describe("what is there to read, and what anybody may do", () => {
  let system: Cases;
  let node: Awaited<ReturnType<typeof serve>>;
  let dir: string;

  before(async () => {
    node = await serve();
  });
  beforeEach(async () => {
    system = await networkHelpers.loadFixture(deployCases);
    dir = temporaryFolder();
    mkdirSync(dir, { recursive: true });
    furnish(system.deployment);
    node.sent.splice(0);
  });
  after(() => {
    node.server.close();
    removeTemporaryFolders();
  });

  const furnish = (deployment: Deployment) => writeFileSync(file("deployment.json"), JSON.stringify(deployment));
  const file = (name: string) => path.join(dir, name);
  const at = () => ["--rpc", node.url, "--deployment", file("deployment.json")];
  const by = (who = "stranger") => ["--account", who, "--seed", SEED, "--yes"];
  const said = async (...args: string[]) => {
    const told = await sequester([...args, ...at()]);
    expect(told.code, `${args.join(" ")}\n${told.stderr}`).to.equal(0);
    return told;
  };
  const data = async <T>(...args: string[]): Promise<T> => JSON.parse((await said(...args, "--json")).stdout) as T;
  const refused = async (code: number, ...args: string[]) => {
    const told = await sequester([...args, ...at()]);
    expect(told.code, `${args.join(" ")}\n${told.stderr}`).to.equal(code);
    expect(told.stdout).to.equal("");
    return told.stderr;
  };

  describe("case list, case show", () => {
    interface Money {
      symbol: string;
      held: string;
      inCustody: string;
      taken: string;
    }

    it("tell what each case holds and has in custody, in base units and for people", async () => {
      const { cases } = await data<{ cases: { case: string; vault: string | null; money: Money[] }[] }>("case", "list");
      expect(cases.map((it) => it.case)).to.deep.equal(["CASE-1", "CASE-2", "CASE-3"]);
      expect(cases[0]).to.include({ vault: system.vault });
      expect(cases[0]!.money[0]).to.include({ symbol: "KZTE", held: "0", inCustody: String(100n * UNIT) });
      expect(cases[1]!.money[0]).to.include({ held: String(40n * UNIT), inCustody: "0" });
      expect((await said("case", "list")).stdout).to.match(/^CASE-1 +KZTE +0 +100 /m);
      const shown = (await said("case", "show", "CASE-1")).stdout;
      expect(shown).to.include(`vault ${system.vault}`).and.include("100 KZTE").and.include("Seize");
    });

    it("tell of the block whose journal they tell, where the chain is reorganized meanwhile", async () => {
      const gone = `0x${"5e".repeat(32)}`;
      const latest = (await client.request({ method: "eth_getBlockByNumber", params: ["latest", false] }))!;
      let asked = 0;
      const moving = await serve((method, params) =>
        method === "eth_getBlockByNumber" && params[0] === "latest" && ++asked === 1
          ? { ...latest, hash: gone }
          : undefined,
      );
      const told = await sequester([
        "case",
        "list",
        "--json",
        "--rpc",
        moving.url,
        "--deployment",
        file("deployment.json"),
      ]);
      moving.server.close();
      expect(told.code, told.stderr).to.equal(0);
      expect((JSON.parse(told.stdout) as { block: { hash: string } }).block.hash).to.equal(latest.hash);
    });

    it("refuse a case that is not there, by naming those that are", async () => {
      expect(await refused(64, "case", "show", "CASE-9")).to.include("CASE-1, CASE-2, CASE-3");
    });
  });

  describe("hold list, hold feed, hold lapse", () => {
    interface Hold {
      case: string;
      account: string;
      amount: string;
      live: boolean;
      subAccount?: { name: string };
    }
    const holds = async (...more: string[]) => (await data<{ holds: Hold[] }>("hold", "list", ...more)).holds;
    const lines = (text: string) =>
      text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, string>);

    it("tell the live holds, and of a platform which sub-account alone is held", async () => {
      expect((await holds()).map((it) => [it.case, it.amount])).to.deep.equal([
        ["CASE-2", String(40n * UNIT)],
        ["CASE-3", String(25n * UNIT)],
      ]);
      expect((await holds("--case", "CASE-3"))[0]).to.deep.include({
        account: system.account,
        subAccount: { wallet: system.platform.address, name: NAME },
      });
      expect(await holds("--asset", "USDX")).to.deep.equal([]);
      expect((await said("hold", "list")).stdout).to.match(/^CASE-2 +40 KZTE +provisional/m);
    });

    it("tell whoever goes on from the cursor each change once, and none twice", async () => {
      const first = lines((await said("hold", "feed")).stdout);
      const { cursor } = first.at(-1)!;
      expect(first.slice(0, -1).map(({ change, case: of }) => [change, of])).to.deep.equal([
        ["placed", "CASE-1"],
        ["reduced", "CASE-1"],
        ["placed", "CASE-2"],
        ["placed", "CASE-3"],
      ]);
      expect(lines((await said("hold", "feed", "--since", cursor!)).stdout)).to.have.length(1);
      await system.lift([target(system.kzte, system.bob, 15n * UNIT)], { caseId: "CASE-2" });
      const [lifted, end] = lines((await said("hold", "feed", "--since", cursor!)).stdout);
      expect(lifted).to.include({
        change: "reduced",
        what: "lifted",
        by: String(15n * UNIT),
        left: String(25n * UNIT),
      });
      expect(end!.cursor).to.match(new RegExp(`^${Number.parseInt(cursor!) + 1}:0x[0-9a-f]{64}$`));
      expect(lines((await said("hold", "feed", "--since", String(Number.parseInt(cursor!)))).stdout)).to.have.length(2);
      expect(await refused(64, "hold", "feed", "--since", "999")).to.include("beyond the journal");
      expect(await refused(64, "hold", "feed", "--since", "1:0x12")).to.include("--since");
    });

    it("tell nothing after a cursor into a journal that a reorganization replaced, but refuse it", async () => {
      const before = await networkHelpers.takeSnapshot();
      await system.lift([target(system.kzte, system.bob, 15n * UNIT)], { caseId: "CASE-2" });
      const { cursor } = lines((await said("hold", "feed")).stdout).at(-1)!;
      await before.restore();
      await system.lift([target(system.kzte, system.bob, 5n * UNIT)], { caseId: "CASE-2" });
      expect(await refused(64, "hold", "feed", "--since", cursor!)).to.include("of another journal");
    });

    it("refuse a case that is not there, instead of telling that nothing is held for it", async () => {
      expect(await refused(64, "hold", "list", "--case", "CASE-9")).to.include("CASE-1, CASE-2, CASE-3");
    });

    it("record what ended by time, once", async () => {
      await networkHelpers.time.increase(2n * DAY);
      expect((await holds("--ended")).map((it) => it.case)).to.deep.equal(["CASE-2"]);
      const told = await said("hold", "lapse", ...by());
      expect(told.stdout).to.match(/^entry \d+: lapse\n {2}lapsed 40 KZTE/);
      expect(await holds("--ended")).to.deep.equal([]);
      expect((await said("hold", "lapse", ...by())).stderr).to.include("Every end of a hold is recorded.");
      expect(node.sent).to.have.length(1);
    });
  });

  describe("demand list, acknowledge, surrender", () => {
    interface Demand {
      platform: string;
      name: string;
      toWithhold: string;
      withheld: string;
      due: { case: string; amount: string }[];
      unansweredSince?: string;
    }
    const demands = async () => (await data<{ demands: Demand[] }>("demand", "list")).demands;
    const answer = (...more: string[]) => ["demand", ...more, "--sub-account", NAME];

    it("lead a platform from a demand over an answer to a surrender, by the commands alone", async () => {
      const { kzte, account, tenge } = system;
      const [asked] = await demands();
      expect(asked).to.include({ platform: "EXCHANGE", name: NAME, toWithhold: String(25n * UNIT), withheld: "0" });
      expect(asked!.unansweredSince).to.match(/^20\d\d-/);
      await said(...answer("acknowledge"), "--amount", "25 KZTE", ...by("platform"));
      const [answered] = await demands();
      expect(answered)
        .to.include({ withheld: String(25n * UNIT) })
        .and.not.have.property("unansweredSince");

      await system.arrest(
        { confirm: [{ asset: kzte, account, amount: 25n * UNIT }], until: (await now()) + 100n * DAY },
        { caseId: "CASE-3" },
      );
      await system.seize([{ asset: kzte, account, amount: 25n * UNIT }], { caseId: "CASE-3" });
      expect((await demands())[0]!.due).to.deep.equal([{ case: "CASE-3", amount: String(25n * UNIT) }]);
      const sent = node.sent.length;
      for (const [id, amount, why] of [
        ["CASE-1", "25 KZTE", "RegisterInvalidAmount"],
        ["CASE-3", "26 KZTE", "RegisterInvalidAmount"],
        ["CASE-3", "25 USDX", "ERC20InsufficientBalance"],
      ] as const) {
        const told = await refused(1, ...answer("surrender"), "--case", id, "--amount", amount, ...by("platform"));
        expect(told).to.include(why).and.include("docs/errors.md");
      }
      expect(node.sent).to.have.length(sent);
      const paid = await said(...answer("surrender"), "--case", "CASE-3", "--amount", "25 KZTE", ...by("platform"));
      expect(paid.stderr).to.include("Allow the licence register").and.include("2 transactions");
      expect((await demands())[0]!.due).to.deep.equal([]);
      expect(await tenge.balanceOf(await system.docket.vaultOf(encodeCaseId("CASE-3")))).to.equal(25n * UNIT);
    });

    it("lead the wallet of a conversion to deliver, which no other key can, and pay nothing before it is time", async () => {
      const { kzte, usdx, other, issuer, tenge, disposal, domain, platform, addresses } = system;
      await other.connect(issuer).mint(platform, 20n * UNIT);
      const ruling = { file: "ruling.md", sha256: DOCUMENT };
      const message = {
        caseId: encodeCaseId("CASE-1"),
        document: documentHash(DOCUMENT, DOCUMENT),
        asset: kzte,
        amount: 30n * UNIT,
        wallet: platform.address as Address,
        proceedsAsset: usdx,
        leastProceeds: 15n * UNIT,
        signBy: await inTime(),
        salt: nextSalt(),
      };
      const order: Order<"Convert"> = { primaryType: "Convert", message };
      await disposal.convert(message, await approvalsOf(domain, order, DECIDERS.Convert));
      const content = { order, domain, documentSalt: DOCUMENT, ruling };
      writeFileSync(file("convert.order.json"), serializeOrderFile(content, "convert.order.json"));
      const delivering = ["demand", "deliver", file("convert.order.json"), "--proceeds"];

      expect(await refused(1, ...delivering, "16 USDX", ...by("platform"))).to.include("convert.order.json: waits 2d");
      await networkHelpers.time.increase(3n * DAY);
      expect(await refused(64, ...delivering, "16 USDX", ...by())).to.include(`the key of ${platform.address}`);
      expect(await refused(64, ...delivering, "16 KZTE", ...by("platform"))).to.match(
        new RegExp(`has: an amount of .*KZTE.* needs: one of .*USDX.*${usdx}`, "s"),
      );
      expect(await refused(1, ...delivering, "14 USDX", ...by("platform"))).to.include("DisposalProceedsTooLow");
      expect(await refused(1, ...delivering, "21 USDX", ...by("platform"))).to.include("ERC20InsufficientBalance");
      expect(node.sent).to.deep.equal([]);

      const before = await tenge.balanceOf(platform);
      const told = await said(...delivering, "16 USDX", ...by("platform"));
      expect(told.stderr).to.include(`Allow the disposal ${addresses.disposal}`).and.include("2 transactions");
      expect((await tenge.balanceOf(platform)) - before).to.equal(30n * UNIT);
      expect(await other.balanceOf(platform)).to.equal(4n * UNIT);
      expect(await other.balanceOf(system.vault)).to.equal(16n * UNIT);
      expect(await refused(1, ...delivering, "4 USDX", ...by("platform"))).to.include("is executed already");
    });

    /** A seizure of 25 KZTE, which the platform owes, at a node that may answer otherwise. */
    const seized = async () => {
      const held = [{ asset: system.kzte, account: system.account, amount: 25n * UNIT }];
      await system.arrest({ confirm: held, until: (await now()) + 100n * DAY }, { caseId: "CASE-3" });
      await system.seize(held, { caseId: "CASE-3" });
    };
    const paying = (...amount: string[]) => [...answer("surrender"), "--case", "CASE-3", "--amount", ...amount];
    const allowed = async () => String(await system.tenge.allowance(system.platform, system.register));

    it("allow nothing for a surrender that the contracts refuse, or that the platform cannot pay", async () => {
      await seized();
      expect(await refused(1, ...paying("26 KZTE"), ...by("platform"))).to.include("RegisterInvalidAmount");
      await system.tenge.connect(system.platform).transfer(system.bob, 490n * UNIT);
      expect(await refused(1, ...paying("25 KZTE"), ...by("platform"))).to.include("ERC20InsufficientBalance");
      expect([node.sent, await allowed()]).to.deep.equal([[], "0"]);
    });

    it("take back what was allowed for a surrender that the contracts refuse after all", async () => {
      await seized();
      // Behind the allowance somebody else's payment comes first, so that less is owed.
      let asked = 0;
      const late = await serve((method) => {
        if (method !== "eth_estimateGas" || ++asked < 4) return undefined;
        return asked < 7 ? Object.assign(new Error("refused"), { data: INVALID }) : undefined;
      });
      const told = await sequester([...paying("25 KZTE"), ...by("platform"), "--rpc", late.url, ...at().slice(2)]);
      late.server.close();
      expect([told.code, late.sent.length, await allowed()], told.stderr).to.deep.equal([1, 2, "0"]);
      expect(told.stderr).to.include("RegisterInvalidAmount").and.include("no more than before, 0 KZTE");
      expect((await demands())[0]!.due).to.have.length(1);
    });

    it("tell what a platform said and when it was asked by the journal, whatever the node says of it", async () => {
      await said(...answer("acknowledge"), "--amount", "25 KZTE", ...by("platform"));
      const held = [{ asset: system.kzte, account: system.account, amount: 25n * UNIT }];
      await system.arrest({ confirm: held, until: (await now()) + 100n * DAY }, { caseId: "CASE-3" });
      await system.seize([{ ...held[0]!, amount: 10n * UNIT }], { caseId: "CASE-3" });
      const { register, kzte, account } = system;
      const { withheld, answeredAt } = await register.subAccountOf(kzte, account);
      const [told] = await demands();
      expect([told!.withheld, told!.unansweredSince, answeredAt > 0n]).to.deep.equal([
        String(withheld),
        undefined,
        true,
      ]);
      const lies = await serve((method, [call]) => {
        const { data: asked = "" } = (call ?? {}) as { data?: string };
        const isAnswer = method === "eth_call" && asked.startsWith(id("subAccountOf(address,address)").slice(0, 10));
        return isAnswer ? `0x${"0".repeat(384)}` : undefined;
      });
      const again = await sequester(["demand", "list", "--json", "--rpc", lies.url, ...at().slice(2)]);
      lies.server.close();
      expect((JSON.parse(again.stdout) as { demands: Demand[] }).demands).to.deep.equal([told]);
    });

    it("let a platform say that there is nothing", async () => {
      await said(...answer("acknowledge"), "--amount", "0 KZTE", ...by("platform"));
      expect((await demands())[0])
        .to.include({ withheld: "0" })
        .and.not.have.property("unansweredSince");
    });

    it("refuse who is no platform, with what the contracts say, and send nothing", async () => {
      const told = await refused(1, ...answer("acknowledge"), "--amount", "25 KZTE", ...by());
      expect(told).to.include("RegisterNotAsked");
      expect(node.sent).to.deep.equal([]);
    });
  });

  it("case book books what came by no act, once", async () => {
    const told = await said("case", "book", "CASE-1", "--asset", "KZTE", ...by());
    expect(told.stdout).to.match(/: book\n {2}suspense 3 KZTE/);
    await refused(1, "case", "book", "CASE-1", "--asset", "KZTE", ...by());
    expect(node.sent).to.have.length(1);
  });

  it("case claim is refused by name where nothing waits for the account", async () => {
    const told = await refused(1, "case", "claim", "CASE-1", system.bob.address, "--asset", "KZTE", ...by());
    expect(told).to.include("DisposalNoClaim");
  });

  it("case open shows an order's paper, and refuses another one", async () => {
    writeFileSync(file("ruling.md"), "# A ruling\n");
    writeFileSync(file("other.md"), "# Another ruling\n");
    const documentSalt = `0x${"5a".repeat(32)}` as const;
    const hash = sha256(readFileSync(file("ruling.md"))) as `0x${string}`;
    const { order } = await system.freezing([target(system.kzte, system.bob, UNIT)], {
      document: documentHash(documentSalt, hash),
    });
    const content = { order, domain: system.domain, documentSalt, ruling: { file: "ruling.md", sha256: hash } };
    writeFileSync(file("freeze.order.json"), serializeOrderFile(content, "freeze.order.json"));
    const opening = ["case", "open", file("freeze.order.json"), "--ruling"];
    expect(await refused(3, ...opening, file("other.md"), ...by())).to.include("not the order's");
    expect(await refused(3, ...opening, file("ruling.md"), "--case", "CASE-2", ...by())).to.include("CASE-1");
    expect(node.sent).to.deep.equal([]);
    await said(...opening, file("ruling.md"), ...by());
    const { entries } = await data<{ entries: { act: string; document: string }[] }>("case", "show", "CASE-1");
    expect(entries.at(-1)).to.include({ act: "open", document: documentHash(documentSalt, hash) });
  });

  describe("compensation claim, compensation release", () => {
    const claims = [1n, 2n, 3n].map((n) => ({
      id: `V${n}`,
      account: Wallet.createRandom().address as Address,
      class: "victim" as const,
      loss: n * 10n * UNIT,
    }));
    let digest: string;
    const claiming = () => ["compensation", "claim", file("list.json"), "--order", file("c.order.json"), ...by()];

    /** An executed compensation of all three, its list and its order in files. */
    beforeEach(async () => {
      const { kzte, addresses, disposal, domain } = system;
      const scope = { chainId: 31_337, docket: addresses.docket, caseId: "CASE-1", asset: kzte };
      const list = makeList(scope, claims, 60n * UNIT);
      const [documentSalt, ruling] = [DOCUMENT, { file: "ruling.md", sha256: DOCUMENT }];
      const message = {
        ...termsOf(list),
        document: documentHash(documentSalt, ruling.sha256),
        claimTerm: Number(90n * DAY),
        signBy: await inTime(),
        salt: nextSalt(),
      };
      const order: Order<"Compensate"> = { primaryType: "Compensate", message };
      await disposal.compensate(message, await approvalsOf(domain, order, DECIDERS.Compensate));
      await networkHelpers.time.increase(15n * DAY);
      await disposal.executeCompensate(message, idsOf(DECIDERS.Compensate), NO_APPROVALS);
      writeFileSync(file("list.json"), serializeList(list));
      writeFileSync(file("c.order.json"), serializeOrderFile({ order, domain, documentSalt, ruling }, "c.order.json"));
      digest = digestOf(order, domain);
    });

    it("pay every share, those named first, and none twice however often they are called", async () => {
      await said(...claiming(), "--claim", "V2");
      expect(await system.tenge.balanceOf(claims[1]!.account)).to.equal(20n * UNIT);
      expect((await said(...claiming())).stderr).to.include("1 share paid already");
      for (const { account, loss } of claims) expect(await system.tenge.balanceOf(account)).to.equal(loss);
      expect((await said(...claiming())).stderr).to.include("3 shares paid already");
      expect(node.sent).to.have.length(3);
    });

    it("pay the others where the contracts refuse one, and end with 1 and its name", async () => {
      const { disposal } = system;
      const account = claims[0]!.account;
      await system.tenge.connect(system.issuer).mint(account, 5n * UNIT);
      await system.freeze([target(system.kzte, account, 5n * UNIT)], { caseId: "CASE-2" });
      const told = await sequester([...claiming(), ...at(), "--json"]);
      expect(told.code, told.stderr).to.equal(1);
      expect(told.stderr).to.match(/Pay the claim V1 .* has: DisposalHeldPayee/);
      expect((JSON.parse(told.stdout) as { transactions: object[] }).transactions).to.have.length(2);
      expect(await disposal.isCompensated(digest, 0)).to.equal(false);
      for (const { account: paid, loss } of claims.slice(1)) expect(await system.tenge.balanceOf(paid)).to.equal(loss);
      expect(await refused(1, ...claiming())).to.include("The contracts refuse it; it was not sent.");
      expect(node.sent).to.have.length(2);
    });

    it("pay a share once that is named twice", async () => {
      expect((await said(...claiming(), "--claim", "V2", "--claim", "V2")).stderr).to.include("1 transaction,");
      expect(node.sent).to.have.length(1);
    });

    it("set free what nobody claimed once the time for claims is over, and not before", async () => {
      await said(...claiming(), "--claim", "V2");
      expect(await refused(1, "compensation", "release", digest, ...by())).to.include("Disposal");
      await networkHelpers.time.increase(91n * DAY);
      const told = await said("compensation", "release", digest, ...by());
      expect(told.stdout).to.include("unreserved 40 KZTE");
      expect(await refused(64, "compensation", "release", "0x12", ...by())).to.include("32 bytes");
    });

    it("have the proofs of all claims at once, or of one, and of no other number", async () => {
      const proof = (...args: string[]) => sequester(["compensation", "proof", file("list.json"), ...args]);
      const lines = (await proof("--all")).stdout.trimEnd().split("\n");
      expect(lines.map((line) => (JSON.parse(line) as { claim: string }).claim)).to.deep.equal(["V1", "V2", "V3"]);
      expect(JSON.parse((await proof("V2", "--json")).stdout)).to.deep.equal(JSON.parse(lines[1]!));
      for (const wrong of [[], ["V1", "--all"], ["V9"]]) expect((await proof(...wrong)).code).to.equal(64);
    });
  });

  it("lead a holder from a frozen wallet over an appeal to a return, by the commands alone", async () => {
    const holder = derivedAccount(31_337, SEED, "holder");
    const { kzte, tenge, issuer } = system;
    await networkHelpers.setBalance(holder.address, 10n ** 20n);
    await tenge.connect(issuer).mint(holder.address, 90n * UNIT);
    const noticed = async () => (await said("notice", holder.address)).stdout;
    expect(await noticed()).to.match(/^Nothing is held, taken or decided of 0x\w+ in KZTE, USDX\.\n$/);
    const held = [target(kzte, holder, 90n * UNIT)];
    await system.freeze(held, { caseId: "CASE-4" });
    expect(await noticed())
      .to.include("Case CASE-4 holds 90.00 KZTE: provisional")
      .and.include("in USDX.");
    await system.take(held, { caseId: "CASE-4" });
    const treasury = addressOf(system.treasury);
    const forfeit = await system.forfeit({ asset: kzte, treasury, amount: 90n * UNIT }, { caseId: "CASE-4" });
    await forfeit.send();
    // Once, under the asset of which it disposes.
    expect((await noticed()).split(forfeit.digest)).to.have.length(2);
    expect(await noticed()).to.match(/^Nothing is held, taken or decided of 0x\w+ in USDX\.$/m);

    writeFileSync(file("appeal.md"), "# It is my salary.\n");
    const appealing = ["order", "appeal", forfeit.digest, "--asset", "KZTE", "--ruling", file("appeal.md")];
    const out = ["-o", file("appeal.order.json")];
    expect(await refused(1, ...appealing, "-o", file("x.json"), ...by())).to.include("DisposalNotAffected");
    expect(existsSync(file("x.json")), "a file of an appeal that was refused").to.equal(false);
    expect((await said(...appealing, ...out, ...by("holder"), "--dry-run")).stderr).to.include("Dry run");
    await said(...appealing, ...out, ...by("holder"));
    expect(await noticed()).to.match(/appeals?: 1|1 appeal/);
    expect(await refused(1, ...appealing, "-o", file("y.json"), ...by("holder"))).to.include("DisposalAppealedBefore");
    expect(await system.disposal.isAppealed(forfeit.digest, holder.address)).to.equal(true);

    await system.refund([{ taken: kzte, ...held[0]! }], { caseId: "CASE-4" });
    expect(await tenge.balanceOf(holder.address)).to.equal(90n * UNIT);
    const opening = ["case", "open", file("appeal.order.json"), "--ruling", file("appeal.md"), ...by()];
    expect(await refused(64, ...opening)).to.include("needs: --case");
    expect((await said("case", "show", "CASE-1")).stdout).to.match(/^in custody +\d+ KZTE$/m);
    await said(...opening, "--case", "CASE-4");
  });

  it("officer list, rule list and licence list tell who may do what", async () => {
    const { officers } = await data<{ officers: { agency: string; kind: string; lastSigned?: string }[] }>(
      "officer",
      "list",
    );
    expect(officers.length).to.be.greaterThan(10);
    expect(officers.filter(({ agency, lastSigned }) => agency === "FMA" && lastSigned !== undefined)).not.to.be.empty;
    const { rules } = await data<{ rules: { act: string; alternatives: { officers: object }[] }[] }>("rule", "list");
    expect(rules.find(({ act }) => act === "Lift")!.alternatives[0]!.officers).to.deep.equal({ COURT: 2 });
    expect((await said("rule", "list")).stdout).to.include("What one agency decides alone");
    const { licences } = await data<{ licences: object[] }>("licence", "list");
    expect(licences).to.have.length(1);
    expect(licences[0]).to.include({ platform: "EXCHANGE", omnibus: true, inForce: true });
  });

  it("rule list tells apart what an agency decides of everybody and of its own officers alone", async () => {
    const { stdout } = await said("rule", "list");
    expect(stdout).to.match(/^ {2}KNB: Stay; of its own officers: Veto, Dismiss$/m);
    expect(stdout).to.match(/^ {2}COURT: .*\bVeto\b.*; of its own officers: Dismiss$/m);
  });

  it("licence list says of a suspended platform that it is, and no more once it is licensed anew", async () => {
    await system.suspend("EXCHANGE", { document: DOCUMENT });
    const at = new Date(Number(await now()) * 1000).toISOString().replace(".000", "");
    const listed = () => data<{ licences: { inForce: boolean; suspended?: string }[] }>("licence", "list");
    expect((await listed()).licences[0]).to.include({ inForce: false, suspended: at });
    expect((await said("licence", "list")).stdout).to.include(`suspended ${at}`);
    await system.license(system.platform, "EXCHANGE", { omnibus: true, document: DOCUMENT });
    await networkHelpers.time.increase(LICENCE_DELAY);
    const [again] = (await listed()).licences;
    expect(again).to.include({ inForce: true }).and.not.have.property("suspended");
  });

  it("a dry run says what would be sent, and sends nothing", async () => {
    const told = await said("case", "book", "CASE-1", "--asset", "KZTE", ...by(), "--dry-run");
    expect(told.stderr).to.include("Book as suspense").and.include("Dry run: nothing was sent.");
    expect(node.sent).to.deep.equal([]);
  });

  describe("doctor", () => {
    it("finds a node and a deployment fit, and says what it lacks that is not needed", async () => {
      const { findings } = await data<{ findings: { what: string; fit: boolean; needed: boolean }[] }>("doctor");
      expect(findings.filter(({ fit, needed }) => needed && !fit)).to.deep.equal([]);
      expect(findings.map(({ what }) => what)).to.include.members(["contracts", "journal", "clock"]);
    });

    it("is not content with other contracts (3), nor with a node without proofs (5)", async () => {
      const { deployment } = system;
      const codeHashes = { ...deployment.codeHashes, quorum: `0x${"11".repeat(32)}` as const };
      furnish({ ...deployment, codeHashes });
      expect(await refused(3, "doctor")).to.include("code of quorum");
      furnish(deployment);
      const lacking = await serve((method) => (method === "eth_getProof" ? new Error("method not found") : undefined));
      const told = await sequester(["doctor", "--rpc", lacking.url, "--deployment", file("deployment.json")]);
      lacking.server.close();
      expect(told.code).to.equal(5);
      expect(told.stdout).to.match(/^LACKS {4}proofs/m);
    });
  });

  describe("completion", () => {
    const completed = async (...words: string[]) => {
      const { stdout } = await sequester(["completion", "bash"]);
      const typed = ["sequester", ...words].map((word) => `'${word}'`).join(" ");
      const script = `${stdout}\nCOMP_WORDS=(${typed}); COMP_CWORD=${words.length}; _sequester; echo "\${COMPREPLY[@]}"`;
      return spawnSync("bash", ["-c", script], { encoding: "utf8", cwd: dir }).stdout.trim().split(" ");
    };

    it("completes nouns, verbs and options, also behind arguments", async () => {
      expect(await completed("ho")).to.deep.equal(["hold"]);
      expect(await completed("hold", "")).to.include.members(["list", "feed", "lapse"]);
      expect(await completed("case", "show", "CASE-1", "--dep")).to.deep.equal(["--deployment"]);
      expect(await completed("hold", "list", "--rpc", "http://x", "--ca")).to.deep.equal(["--case"]);
      expect((await sequester(["completion", "fish"])).code).to.equal(64);
    });

    it("completes in a shell that somebody types into, also a file whose name has blanks", async () => {
      writeFileSync(file("my ruling.md"), "");
      writeFileSync(file("completion"), (await sequester(["completion", "bash"])).stdout);
      const typed = ["sequester case open my\t", "sequester case open --ruling my\t", "sequester hold fe\t"];
      const input = [". ./completion", 'sequester() { printf "<%s>" "$@"; echo; }', ...typed, ""].join("\n");
      const { stdout } = spawnSync("bash", ["--norc", "--noprofile", "-i"], { encoding: "utf8", cwd: dir, input });
      expect(stdout).to.include("<case><open><my ruling.md>");
      expect(stdout).to.include("<--ruling><my ruling.md>").and.include("<hold><feed>");
    });

    it("uses no name in zsh's script that zsh means something else by, nor a slice that it reads otherwise", async () => {
      const { stdout } = await sequester(["completion", "zsh"]);
      expect(stdout)
        .to.include("bashcompinit")
        .and.not.match(/\b(?:path|status|argv)=\s|local [^\n]*\bpath\b/);
      expect(stdout).to.not.match(/:[A-Z_]+-1\}/);
    });
  });
});
