import type { Server } from "node:http";
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { getAddress, type Address } from "viem";
import { buildArrest, buildFreeze, digestOf, domainOf, type Target } from "../../../../src/orders/index.ts";
import { bundleDescriptor, orderDescriptor } from "../../../../src/signing/descriptors.ts";
import { deployCrowd, type Crowd } from "../../../system/crowd.ts";
import { addressOf } from "../../../system/chain.ts";
import { networkHelpers } from "../../../system/chain.ts";
import { nextSalt } from "../../../system/officers.ts";
import { UNIT } from "../../../system/money.ts";
import { deploymentOf } from "../../../system/deployment.ts";
import { removeTemporaryFolders } from "../../operation/folders.ts";
import { sequester, serve } from "../inProcess.ts";
import { Desk } from "./desk.ts";

const SIGN_BY = 1_800_000_000n;

/** Data of `order show --json`. */
interface Shown {
  schema: string;
  orders: { digest: string; case: string; message: { targets: { amount: string }[] } }[];
  totals: { asset: string; symbol?: string; targets: number; amount: string }[];
  exceptions: { kind: string; order: string; at: string; has: string; needs: string }[];
}

describe("sequester order show", () => {
  let system: Crowd;
  let server: Server;
  let url: string;
  let desk: Desk;
  let deployment: string;

  const freeze = (name: string, targets: Target[]) =>
    desk.order(name, (document) =>
      buildFreeze({ caseId: name, document, targets, term: 864_000, signBy: SIGN_BY, salt: nextSalt() }),
    );
  const target = (account: Address, amount: bigint): Target => ({ asset: system.kzte, account, amount });
  const account = (n: number) =>
    getAddress(`0x${n.toString(16).padStart(4, "0")}${"5".repeat(31)}${n.toString(16).padStart(5, "0")}`);
  const shown = async (...args: string[]) => {
    const told = await sequester(["order", "show", ...args, "--deployment", deployment, "--json"]);
    expect(told.code, told.stderr).to.equal(0);
    return JSON.parse(told.stdout) as Shown;
  };
  const kinds = ({ exceptions }: Shown) => exceptions.map(({ kind, at }) => `${kind} ${at}`);

  before(async () => {
    ({ server, url } = await serve());
    system = await networkHelpers.loadFixture(deployCrowd);
  });
  beforeEach(async () => {
    desk = new Desk(system.domain);
    const decimals = { KZTE: 6, USDX: 6, RFSE: 6 };
    deployment = desk.write("deployment.json", JSON.stringify({ ...(await deploymentOf(system)), decimals }));
  });
  after(() => {
    server.close();
    removeTemporaryFolders();
  });

  it("describe prints what a device is to show, of orders of the deployment and of bundles", async () => {
    const orders = await sequester(["order", "describe", "--deployment", deployment]);
    expect(JSON.parse(orders.stdout)).to.deep.equal(
      JSON.parse(JSON.stringify(orderDescriptor({ chainId: system.domain.chainId, domain: system.domain }))),
    );
    const bundles = await sequester(["order", "describe", "--bundles"]);
    expect(JSON.parse(bundles.stdout)).to.deep.equal(JSON.parse(JSON.stringify(bundleDescriptor())));
    expect((await sequester(["order", "describe", "--deployment", desk.at("none.json")])).code).to.equal(64);
  });

  it("tells one order in a sentence and every field of it, without a node, in decimal units", async () => {
    const { file, order } = freeze("CASE-7", [target(account(1), 1_250n * UNIT), target(account(2), 5n)]);
    const { code, stdout, stderr } = await sequester(["order", "show", file, "--deployment", deployment]);
    expect([code, stderr]).to.deep.equal([0, `The deployment is that of ${deployment}.\n`]);
    expect(stdout).to.match(/^Freeze provisionally in case "CASE-7"/);
    expect(stdout).to.include("1,250 KZTE").and.include("0.000005 KZTE");
    for (const [name, value] of Object.entries(order.message)) {
      expect(stdout, name).to.match(new RegExp(`^${name}(\\[0\\])? `, "m"));
      if (typeof value === "string" && name !== "caseId") expect(stdout).to.include(value);
    }
    expect(stdout).to.include(digestOf(order, system.domain)).and.include(system.domain.verifyingContract);
    expect(stdout).to.not.match(/…|\.\.\.|0x[0-9a-fA-F]{1,39}\b/);
  });

  it("tells base units where nothing knows the decimals, and asks a node for them", async () => {
    const { file } = freeze("CASE-7", [target(account(1), 1_250n * UNIT)]);
    desk.write("deployment.json", JSON.stringify(await deploymentOf(system)));
    const offline = await sequester(["order", "show", file, "--deployment", deployment]);
    expect(offline.stdout).to.include("1250000000 base units of the unknown asset");
    expect(offline.stderr).to.include("no decimals");
    const asked = await sequester(["order", "show", file, "--deployment", deployment, "--rpc", url]);
    expect(asked.stdout).to.include("1,250 KZTE");
    const nowhere = desk.order("elsewhere", (document) =>
      buildFreeze({
        caseId: "X",
        document,
        targets: [target(account(1), 5n)],
        term: 1,
        signBy: SIGN_BY,
        salt: nextSalt(),
      }),
    );
    const json = JSON.parse(readFileSync(nowhere.file, "utf8")) as { domain: { chainId: number } };
    json.domain.chainId = 424_242;
    const alone = await sequester(["order", "show", desk.write("alone.order.json", JSON.stringify(json))]);
    expect(alone.code).to.equal(0);
    expect(alone.stderr).to.include("No deployment was compared");
  });

  it("tells a folder in one table with totals, and the same as data", async () => {
    freeze("A-1", [target(account(1), 1_000n * UNIT), target(account(2), 500n * UNIT)]);
    desk.order("A-2", (document) =>
      buildArrest({
        caseId: "A-2",
        document,
        place: [{ asset: system.usdx, account: account(3), amount: 7n * UNIT }],
        until: SIGN_BY,
        upTo: 3,
        signBy: SIGN_BY,
        salt: nextSalt(),
      }),
    );
    const { code, stdout } = await sequester(["order", "show", desk.dir, "--deployment", deployment]);
    expect(code).to.equal(0);
    const lines = stdout.split("\n").map((line) => line.split(/ {2,}/));
    expect(lines[0]).to.deep.equal(["case", "act", "targets", "KZTE", "USDX", "ends", "sign by"]);
    expect(lines[1]!.slice(0, 5)).to.deep.equal(["A-1", "Freeze", "2", "1,500.00", "0.00"]);
    expect(lines[2]!.slice(0, 5)).to.deep.equal(["A-2", "Arrest", "1", "0.00", "7.00"]);
    expect(lines[3]).to.deep.equal(["total", "3", "1,500.00", "7.00"]);
    const data = await shown(desk.dir);
    expect(data).to.include({ schema: "sequester.order.show/1" });
    expect(data.orders.map((it) => it.case)).to.deep.equal(["A-1", "A-2"]);
    expect(data.orders[0]!.message.targets[0]!.amount).to.equal("1000000000");
    expect(data.totals).to.deep.equal([
      { asset: system.kzte, symbol: "KZTE", decimals: 6, targets: 2, amount: "1500000000" },
      { asset: system.usdx, symbol: "USDX", decimals: 6, targets: 1, amount: "7000000" },
    ]);
    expect(data.exceptions).to.deep.equal([]);
  });

  it("names first what differs from the approved list: another amount, no target, one left out", async () => {
    freeze("A-1", [target(account(1), 1_000n * UNIT), target(account(2), 500n * UNIT)]);
    freeze("A-2", [target(account(4), 9n * UNIT)]);
    const row = (it: string, who: Address, amount: string) => `${it},${who},KZTE,${amount},,\n`;
    const header = "case,account,asset,amount,platform,group\n";
    const right = row("A-1", account(1), "1000") + row("A-1", account(2), "500") + row("A-2", account(4), "9");
    const targets = desk.write("targets.csv", header + right);
    expect(kinds(await shown(desk.dir, "--targets", targets))).to.deep.equal([]);

    desk.write(
      "targets.csv",
      header + row("A-1", account(1), "1000.000001") + row("A-1", account(3), "500") + row("A-2", account(4), "9"),
    );
    const { exceptions } = await shown(desk.dir, "--targets", targets);
    expect(
      exceptions.map(({ kind, at, has, needs }) => [kind, at, has.split(" ")[0], needs.split(" ")[0]]),
    ).to.deep.equal([
      ["different from the list", "targets[0]", "1,000", "1,000.000001"],
      ["different from the list", "targets[1]", "500", "no"],
      ["different from the list", "the order", "nothing", "500"],
    ]);
    const { stdout } = await sequester(["order", "show", desk.dir, "--deployment", deployment, "--targets", targets]);
    expect(stdout).to.match(/^3 exceptions, to be looked at first:\n/);
  });

  it("names service wallets, look-alikes of any known address, and amounts many times the middle one", async () => {
    const [one, twin] = [account(1), getAddress(`0x0001${"7".repeat(31)}00001`)];
    const lookalikeOfQuorum = getAddress(
      `${system.domain.verifyingContract.slice(0, 6)}${"3".repeat(32)}${system.domain.verifyingContract.slice(-4)}`,
    );
    freeze("A-1", [target(one, 10n), target(account(2), 10n), target(account(3), 101n)]);
    freeze("A-2", [target(lookalikeOfQuorum, 10n)]);
    const stops = desk.write(
      "stops.csv",
      `address,label,kind,source,date\n${twin},Other,exchange,x,2026-01-01\n${account(2)},Big,exchange,x,2026-01-01\n`,
    );
    const { exceptions } = await shown(desk.dir, "--stops", stops);
    const found = exceptions.map(({ kind, order, has, needs }) => [kind, order.slice(-14), has.split(",")[0], needs]);
    expect(found).to.deep.include.members([
      ["service wallet", "A-1.order.json", account(2), "a wallet that is no service's"],
      ["look-alike", "A-1.order.json", one, `not to be taken for ${twin}`],
      ["look-alike", "A-2.order.json", lookalikeOfQuorum, `not to be taken for ${system.domain.verifyingContract}`],
    ]);
    expect(exceptions.filter(({ kind }) => kind === "large").map(({ has }) => has.split(" ")[0])).to.deep.equal([
      "0.000101",
    ]);
    expect(exceptions).to.have.length(4);
  });

  it("names an order for another Quorum than the deployment's", async () => {
    freeze("A-1", [target(account(1), 5n)]);
    const other = new Desk(domainOf(31337, account(9)));
    const { file } = other.order("A-2", (document) =>
      buildFreeze({
        caseId: "A-2",
        document,
        targets: [target(account(1), 5n)],
        term: 1,
        signBy: SIGN_BY,
        salt: nextSalt(),
      }),
    );
    desk.write("A-2.order.json", readFileSync(file, "utf8"));
    expect(kinds(await shown(desk.dir))).to.deep.equal(["other deployment domain"]);
  });

  for (const [what, args, says] of [
    ["a folder without an order", () => [desk.dir], "There is no order in"],
    ["no such file", () => [desk.at("none.order.json")], "no such file or folder"],
    [
      "a signature",
      () => [desk.signature("s", `0x${"11".repeat(32)}`, addressOf(system.alice), "0x00")],
      "has: a bundle or signatures",
    ],
    [
      "a list without a deployment",
      () => [desk.write("x.order.json", readFileSync(elsewhere(), "utf8")), "--targets", desk.at("t.csv")],
      "--targets without a deployment",
    ],
    ["a file of more than a MiB", () => [desk.write("x.order.json", `${" ".repeat(2 ** 20)}{}`)], "is too large"],
    ["a key that comes twice", () => [desk.write("x.order.json", '{"schema":1,"schema":1}')], "comes twice"],
  ] as const) {
    it(`ends with 64 for ${what}`, async () => {
      const { code, stdout, stderr } = await sequester(["order", "show", ...args()]);
      expect([code, stdout], stderr).to.deep.equal([64, ""]);
      expect(stderr).to.include(says);
    });
  }

  /** An order of a chain that has no deployment here. */
  function elsewhere(): string {
    return new Desk(domainOf(424_242, account(9))).order("A-1", (document) =>
      buildFreeze({
        caseId: "A-1",
        document,
        targets: [target(account(1), 5n)],
        term: 1,
        signBy: SIGN_BY,
        salt: nextSalt(),
      }),
    ).file;
  }
});
