// What `order new` takes from elsewhere: an earlier order, a trace's plan, the state of a node; and what it asks or refuses.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { expect } from "chai";
import { getAddress, type Address } from "viem";
import {
  decodeCaseId,
  parseOrderFile,
  readsLikeName,
  type Order,
  type Message,
  type PrimaryType,
} from "../../../../src/orders/index.ts";
import { PLAN_SCHEMA } from "../../../../src/tracing/evidence/plan.ts";
import { networkHelpers, now } from "../../../system/chain.ts";
import { target } from "../../../system/entries.ts";
import { DAY, LICENCE_DELAY } from "../../../system/parameters.ts";
import { UNIT } from "../../../system/money.ts";
import { removeTemporaryFolders } from "../../operation/folders.ts";
import { deploySeated, SeatedDesk, type Seated } from "./seated.ts";
import { answering, sequester, serve } from "../inProcess.ts";

const ALICE = "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65";
const BOB = "0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc";

describe("sequester order new, from what is there", () => {
  let system: Seated;
  let server: Server;
  let url: string;
  let desk: SeatedDesk;
  let common: string[];
  let ruling: string;

  before(async () => {
    ({ server, url } = await serve());
  });
  beforeEach(async () => {
    system = await networkHelpers.loadFixture(deploySeated);
    desk = new SeatedDesk(system);
    common = ["--deployment", desk.deployment];
    ruling = desk.write("ruling.md", "# A ruling\n");
  });
  after(() => {
    server.close();
    removeTemporaryFolders();
  });

  const call = (act: string, ...args: string[]) => sequester(["order", "new", act, ...args, ...common]);
  const made = async (name: string, act: string, ...args: string[]) => {
    const file = desk.at(`${name}.order.json`);
    const told = await call(act, ...args, "--ruling", ruling, "-o", file);
    expect(told.code, told.stderr).to.equal(0);
    return { file, told, ...written(`${name}.order.json`) };
  };
  const written = (name: string) => parseOrderFile(readFileSync(desk.at(name), "utf8"), name);
  const messageIn = <P extends PrimaryType>({ order }: { order: Order }, primaryType: P): Message<P> => {
    expect(order.primaryType).to.equal(primaryType);
    return order.message;
  };
  const base = () => ["--case", "A-1", "--term", "1d", "--ruling", ruling];
  const refused = async (says: string | RegExp, act: string, ...args: string[]) => {
    const told = await call(act, ...args, "-o", desk.at("refused.order.json"));
    expect([told.code, told.stdout], told.stderr).to.deep.equal([64, ""]);
    const flat = told.stderr.replace(/\s+/g, " ");
    if (typeof says === "string") expect(flat).to.include(says);
    else expect(flat).to.match(says);
    expect(existsSync(desk.at("refused.order.json"))).to.equal(false);
    return told;
  };

  describe("--like", () => {
    const freeze = () =>
      made(
        "freeze",
        "freeze",
        "--case",
        "A-1",
        "--term",
        "1d",
        "--target",
        `${ALICE}=5 KZTE`,
        "--target",
        `${BOB}=3 USDX`,
      );

    it("leads from a freeze through arrest and seizure to its return or forfeiture: case, accounts and amounts", async () => {
      const first = await freeze();
      const { targets } = messageIn(first, "Freeze");
      const arrest = await made("arrest", "arrest", "--like", first.file, "--until", "180d", "--up-to", "9");
      expect(messageIn(arrest, "Arrest")).to.deep.include({
        confirm: targets,
        place: [],
        upTo: 9,
        wholeAccount: false,
      });
      expect(decodeCaseId(messageIn(arrest, "Arrest").caseId)).to.equal("A-1");
      const seize = await made("seize", "seize", "--like", arrest.file, "--up-to", "9");
      expect(messageIn(seize, "Seize").holds).to.deep.equal(targets);
      const lift = await made("lift", "lift", "--like", arrest.file, "--up-to", "9");
      expect(messageIn(lift, "Lift")).to.deep.include({ holds: targets, arrested: false });
      const back = await made("return", "return", "--like", seize.file);
      expect(messageIn(back, "Return").holders).to.have.deep.members(targets.map((it) => ({ ...it, taken: it.asset })));
      const forfeit = ["--like", seize.file, "--asset", "KZTE", "--treasury", BOB];
      const { asset, amount } = messageIn(await made("forfeit", "forfeit", ...forfeit), "Forfeit");
      expect([asset, amount]).to.deep.equal([system.kzte, 5n * UNIT]);
    });

    it("takes no address that looks like one of the earlier order, in the place of that one", async () => {
      const first = await freeze();
      const like = getAddress(`${ALICE.slice(0, 6)}${"00".repeat(16)}${ALICE.slice(-4)}`.toLowerCase());
      const args = ["--like", first.file, "--hold", `${like}=5 KZTE`, "--up-to", "9", "--ruling", ruling];
      const told = await refused("does not look like", "seize", ...args);
      expect(told.stderr).to.match(/the earlier order's\s+targets\[\d\]\.account/);
    });

    it("repeats neither paper nor salt, and options win", async () => {
      const first = await freeze();
      const args = ["--like", first.file, "--case", "B-2", "--confirm", `${ALICE}=1 KZTE`, "--place", `${BOB}=2 KZTE`];
      const arrest = await made("arrest", "arrest", ...args, "--until", "180d", "--up-to", "9", "--valid", "5d");
      const [a, f] = [messageIn(arrest, "Arrest"), messageIn(first, "Freeze")];
      expect(decodeCaseId(a.caseId)).to.equal("B-2");
      expect([a.confirm, a.place].map((list) => list.map((it) => [it.account, it.amount]))).to.deep.equal([
        [[ALICE, UNIT]],
        [[BOB, 2n * UNIT]],
      ]);
      for (const name of ["document", "salt", "signBy"] as const) expect(a[name], name).to.not.equal(f[name]);
      expect(arrest.documentSalt).to.not.equal(first.documentSalt);
      await refused("Invalid --ruling.", "seize", "--like", first.file, "--up-to", "1");
    });

    it("adds up what an arrest confirms and places on one account, and knows a sub-account of a platform", async () => {
      const both = ["--case", "A-1", "--confirm", `${ALICE}=5 KZTE`, "--place", `${ALICE}=2 KZTE`, "--up-to", "1"];
      const arrest = await made("arrest", "arrest", ...both, "--until", "180d");
      const seize = await made("seize", "seize", "--like", arrest.file, "--up-to", "2");
      expect(messageIn(seize, "Seize").holds).to.deep.equal([
        { asset: system.kzte, account: ALICE, amount: 7n * UNIT },
      ]);
      const hold = ["--case", "A-1", "--asset", "KZTE", "--wallet", BOB, "--sub-account", "customer 7"];
      const inside = await made("hold", "exchange-hold", ...hold, "--amount", "1 KZTE", "--term", "1d");
      const { wallet, subAccount } = messageIn(inside, "ExchangeHold");
      const lift = await made("lift", "lift", "--like", inside.file, "--up-to", "2");
      const account = (await system.register.accountOf(wallet, subAccount)) as Address;
      expect(messageIn(lift, "Lift").holds[0]!.account).to.equal(account);
    });

    it("follows a whole folder, each with its paper in a folder of papers", async () => {
      const table = ["case,account,asset,amount,ruling", `A-1,${ALICE},KZTE,1,a.md`, `B-2,${BOB},KZTE,2,b.md`];
      const from = desk.write("targets.csv", table.join("\n"));
      for (const name of ["a.md", "b.md", "court/a.md", "court/b.md"]) desk.write(name, `${name}\n`);
      const freezes = await call("freeze", "--from", from, "--folder", desk.at("freezes"), "--term", "1d");
      expect(freezes.code, freezes.stderr).to.equal(0);
      const args = ["--like", desk.at("freezes"), "--folder", desk.at("arrests"), "--ruling", desk.at("court")];
      const told = await call("arrest", ...args, "--until", "180d", "--up-to", "2");
      expect(told.code, told.stderr).to.equal(0);
      expect(readdirSync(desk.at("arrests")).sort()).to.deep.equal(["A-1.arrest.order.json", "B-2.arrest.order.json"]);
      const second = written("arrests/B-2.arrest.order.json");
      expect(messageIn(second, "Arrest").confirm).to.deep.equal([
        { asset: system.kzte, account: BOB, amount: 2n * UNIT },
      ]);
      const earlier = written("freezes/B-2.freeze.order.json");
      expect([second.ruling!.file, second.ruling!.sha256 === earlier.ruling!.sha256]).to.deep.equal(["b.md", false]);
      await refused("several orders", "arrest", "--like", desk.at("freezes"), "--until", "180d", "--up-to", "2");
    });

    it("takes the paper of a case from a folder by its name, if there is one", async () => {
      desk.write("papers/a-1.pdf", "the paper of A-1\n");
      desk.write("papers/A-10.pdf", "another\n");
      const args = ["--case", "A-1", "--term", "1d", "--target", `${ALICE}=1 KZTE`, "--ruling", desk.at("papers")];
      const told = await call("freeze", ...args, "-o", desk.at("a.order.json"));
      expect(told.code, told.stderr).to.equal(0);
      expect(written("a.order.json").ruling).to.include({ file: "a-1.pdf" });
      desk.write("papers/A-1.md", "the paper of A-1, again\n");
      await refused(
        /with (?:A-1\.md, a-1\.pdf|a-1\.pdf, A-1\.md) needs: one file in it that is called A-1/,
        "freeze",
        ...args,
      );
    });

    it("refuses an order for another deployment, with exit code 3", async () => {
      const first = await freeze();
      const content = JSON.parse(readFileSync(first.file, "utf8")) as { domain: { chainId: number } };
      content.domain.chainId = 1;
      const other = desk.write("other.order.json", JSON.stringify(content));
      const told = await call("arrest", "--like", other, "--until", "180d", "--up-to", "9", "--ruling", ruling);
      expect([told.code, told.stdout], told.stderr).to.deep.equal([3, ""]);
    });
  });

  describe("--from", () => {
    const plan = async (changes: object = {}) =>
      desk.write(
        "plan.json",
        JSON.stringify({
          schema: PLAN_SCHEMA,
          method: "fifo",
          asset: system.kzte.toLowerCase(),
          expires: new Date((Number(await now()) + 3600) * 1000).toISOString(),
          wholeAccount: false,
          targets: [
            { asset: system.kzte.toLowerCase(), account: ALICE.toLowerCase(), amount: "1500000", balance: "2000000" },
          ],
          ...changes,
        }),
      );

    it("takes a trace's plan in base units, of the case that is told", async () => {
      const from = ["--from", await plan(), "--term", "1d"];
      const { order } = await made("planned", "freeze", "--case", "A-1", ...from, "--rpc", url);
      expect((order as Order<"Freeze">).message).to.deep.include({
        targets: [{ asset: system.kzte, account: ALICE, amount: 1_500_000n }],
        wholeAccount: false,
      });
      const whole = ["--case", "A-1", "--from", await plan({ wholeAccount: true }), "--term", "1d", "--rpc", url];
      expect(messageIn(await made("whole", "freeze", ...whole), "Freeze").wholeAccount).to.equal(true);
      await refused("names no case: needs --case", "freeze", ...from, "--ruling", ruling);
    });

    it("refuses a plan whose end has passed, one of an asset that is not there, and one of another form", async () => {
      const dead = await plan({ expires: "2020-01-01T00:00:00Z" });
      await refused("a plan that was good until 2020-01-01T00:00:00Z", "freeze", ...base(), "--from", dead);
      const foreign = await plan({ targets: [{ asset: BOB, account: ALICE, amount: "1" }] });
      await refused("The deployment has no such asset.", "freeze", ...base(), "--from", foreign, "--rpc", url);
      const empty = await plan({ targets: [] });
      await refused("has no target", "freeze", ...base(), "--from", empty, "--rpc", url);
    });

    it("takes a table without a case column, and refuses one without the case", async () => {
      const table = desk.write("one.csv", `account,asset,amount\n${ALICE.toLowerCase()},KZTE,1.5\n`);
      const { order } = await made("table", "freeze", "--case", "A-1", "--term", "1d", "--from", table);
      expect((order as Order<"Freeze">).message.targets[0]).to.deep.include({ account: ALICE, amount: 1_500_000n });
      const other = desk.write("other.csv", `case,account,asset,amount\nB-2,${ALICE},KZTE,1.5\n`);
      await refused('no target of the case "A-1"', "freeze", ...base(), "--from", other);
    });
  });

  describe("--rpc", () => {
    const seize = (amount: string, ...more: string[]) =>
      made("seize", "seize", "--case", "CASE-1", "--hold", `${ALICE}=${amount}`, "--rpc", url, ...more);

    it("shows the live holds and reaches the newest of them, and none that came later", async () => {
      await system.freeze([target(system.kzte, system.alice, 5n * UNIT)]);
      await system.freeze([target(system.kzte, system.bob, 7n * UNIT)], { caseId: "CASE-2" });
      const { told, order } = await seize("5 KZTE");
      expect((order as Order<"Seize">).message.upTo).to.equal(1);
      expect(told.stderr)
        .to.match(/^Live holds of the case "CASE-1" at block \d+, \S+Z:\n/)
        .and.match(new RegExp(`\\n  ${ALICE} +1 +provisional +5\\.00 KZTE  \\S+Z\\n`))
        .and.include("Taken from it: --up-to 1\n");
      const more = await made("more", "seize", "--case", "CASE-1", "--hold", `${ALICE}=6 KZTE`, "--rpc", url);
      expect(more.told.stderr).to.include("has 5.00 KZTE held, and the order names 6.00 KZTE");
      const own = await made(
        "own",
        "seize",
        "--case",
        "CASE-1",
        "--hold",
        `${ALICE}=5 KZTE`,
        "--rpc",
        url,
        "--up-to",
        "9",
      );
      expect(messageIn(own, "Seize").upTo).to.equal(9);
      expect(own.told.stderr).to.not.include("Live holds");
    });

    it("lets a lift touch arrested holds where provisional ones do not have its amount, and else does not", async () => {
      const until = (await now()) + 100n * DAY;
      await system.arrest({ place: [target(system.kzte, system.alice, 5n * UNIT)], until });
      const lift = (name: string) => ["--case", "CASE-1", "--hold", `${name}=3 KZTE`, "--rpc", url];
      const arrested = await made("lift", "lift", ...lift(ALICE));
      expect(messageIn(arrested, "Lift")).to.include({ arrested: true, upTo: 1 });
      expect(arrested.told.stderr)
        .to.match(/ 1 +arrested +5\.00 KZTE /)
        .and.include("Taken from it: --up-to 1 --arrested\n");
      await system.freeze([target(system.kzte, system.bob, 5n * UNIT)]);
      expect(messageIn(await made("bob", "lift", ...lift(BOB)), "Lift")).to.include({ arrested: false, upTo: 2 });
    });

    it("says that nothing is held, and without a node names the option", async () => {
      const { told, order } = await seize("5 KZTE");
      expect((order as Order<"Seize">).message.upTo).to.equal(0);
      expect(told.stderr).to.include(":\n  none\n").and.include("has 0.00 KZTE held");
      const hold = ["--case", "A-1", "--hold", `${ALICE}=1 KZTE`, "--ruling", ruling];
      await refused("Invalid --up-to. has: nothing needs: the number of the newest hold, or --rpc", "lift", ...hold);
    });

    it("refuses a registered omnibus wallet, of an arrest too unless that says so", async () => {
      await system.license(system.bob, "EXCHANGE", { omnibus: true });
      await networkHelpers.time.increase(LICENCE_DELAY + DAY);
      const freeze = [...base(), "--target", `${BOB}=1 KZTE`, "--rpc", url];
      await refused(`${BOB}, a registered omnibus wallet needs: exchange-hold`, "freeze", ...freeze);
      const arrest = ["--case", "A-1", "--place", `${BOB}=1 KZTE`, "--until", "90d", "--rpc", url];
      await refused("or an arrest with --omnibus", "arrest", ...arrest, "--ruling", ruling);
      await made("arrest", "arrest", ...arrest, "--omnibus");
    });
  });

  it("refuses wallets that a list has as a service's, unless they are meant", async () => {
    const stops = desk.write(
      "stops.csv",
      `address,label,kind,source,date\n${BOB.toLowerCase()},Big Bridge,bridge,us,\n`,
    );
    const args = [...base(), "--target", `${ALICE}=1 KZTE`, "--target", `${BOB}=1 KZTE`, "--stops", stops];
    await refused(`${BOB}, bridge Big Bridge needs: a wallet that is no service's`, "freeze", ...args);
    await made("meant", "freeze", ...args.slice(0, 4), ...args.slice(6), "--service", BOB);
    const back = ["--case", "A-1", "--holder", `${BOB}=1 KZTE`, "--stops", stops];
    await made("back", "return", ...back);
  });

  describe("a case id", () => {
    it("that reads like a person's name is told from one that does not", () => {
      for (const id of ["Aisulu Bekova", "BEKOVA-AISULU", "ivanov_ivan", "Bekova A.S.", "O'Neil, Shane"])
        expect(readsLikeName(id), id).to.equal(true);
      for (const id of ["TUMAR-A-01", "A-1", "A", "A-B", "Tumar", "Bekova 2025/17", "CASE-1", "2-1532/2025"])
        expect(readsLikeName(id), id).to.equal(false);
    });

    it("that reads like a person's name is questioned: yes, no, nobody to ask", async () => {
      const file = desk.at("name.order.json");
      const args = ["--case", "Aisulu Bekova", "--term", "1d", "--target", `${ALICE}=1 KZTE`, "--ruling", ruling];
      const all = ["order", "new", "freeze", ...args, ...common, "-o", file];
      const nobody = await sequester(all);
      expect([nobody.code, nobody.stdout, existsSync(file)], nobody.stderr).to.deep.equal([64, "", false]);
      expect(nobody.stderr).to.include('may be a person\'s name: "Aisulu Bekova"').and.include("--yes");
      const no = await sequester(all, answering("no"));
      expect([no.code, no.stdout, existsSync(file)], no.stderr).to.deep.equal([2, "", false]);
      expect((await sequester(all, answering("yes"))).code).to.equal(0);
      expect((await sequester([...all.slice(0, -1), desk.at("again.order.json"), "--yes"])).code).to.equal(0);
    });
  });

  it("says which option names accounts where none is named", async () => {
    await refused(
      'has: no account needs: --target "ACCOUNT=AMOUNT SYMBOL", --from FILE or --like ORDER',
      "freeze",
      ...base(),
    );
    const arrest = ["--case", "A-1", "--until", "9d", "--up-to", "1", "--ruling", ruling];
    await refused(
      /Invalid --confirm\. has: no account needs: --confirm "[^"]+", --place "[^"]+", --from/,
      "arrest",
      ...arrest,
    );
  });

  it("refuses an address in lower case alone, and shows its form with a checksum", async () => {
    const lower = ALICE.toLowerCase();
    await refused(
      `has: ${lower} needs: 20 bytes, in mixed case with a right checksum: ${ALICE}`,
      "freeze",
      ...base(),
      "--target",
      `${lower}=1 KZTE`,
    );
    const typo = getAddress(lower).replace("A65", "A66");
    await refused("in mixed case with a right checksum", "freeze", ...base(), "--target", `${typo}=1 KZTE`);
  });

  it("leaves nothing of a folder behind when one name is taken", async () => {
    const from = desk.write("targets.csv", `case,account,asset,amount\nA-1,${ALICE},KZTE,1\nB-2,${BOB},KZTE,2\n`);
    const args = ["--from", from, "--folder", desk.at("orders"), "--term", "1d", "--ruling", ruling];
    desk.write("orders/B-2.freeze.order.json", "mine");
    const told = await call("freeze", ...args);
    expect([told.code, told.stdout], told.stderr).to.deep.equal([64, ""]);
    expect(readdirSync(desk.at("orders"))).to.deep.equal(["B-2.freeze.order.json"]);
    expect(readFileSync(desk.at("orders/B-2.freeze.order.json"), "utf8")).to.equal("mine");
    writeFileSync(from, `case,account,asset,amount\nA/1,${ALICE},KZTE,1\nA_1,${BOB},KZTE,2\n`);
    const twins = await call("freeze", ...args.with(3, desk.at("fresh")));
    expect([twins.code, existsSync(desk.at("fresh"))], twins.stderr).to.deep.equal([64, false]);
  });

  it("waits for no pipe and reads no device without an end", async () => {
    execFileSync("mkfifo", [desk.at("pipe.pdf")]);
    const args = ["--case", "A-1", "--term", "1d", "--target", `${ALICE}=1 KZTE`];
    for (const paper of [desk.at("pipe.pdf"), "/dev/zero"]) {
      await refused("a pipe or a device", "freeze", ...args, "--ruling", paper);
      await refused("a pipe or a device", "freeze", ...args.slice(0, 4), "--ruling", ruling, "--from", paper);
      await refused("a pipe or a device", "arrest", "--until", "9d", "--ruling", ruling, "--like", paper);
    }
    await refused("with no paper of A-1", "freeze", ...args, "--ruling", desk.dir);
    const pipe = desk.at("pipe.pdf");
    await refused("a pipe or a device", "freeze", ...args, "--ruling", ruling, "--stops", pipe);
    const { file } = await made("paper", "freeze", ...args);
    const order = ["order", "show", file, ...common];
    const key = ["--keystore", pipe, "--yes"];
    execFileSync("mkfifo", [desk.at("ruling.fifo")]);
    const content = JSON.parse(readFileSync(file, "utf8")) as { ruling: { file: string } };
    content.ruling.file = "ruling.fifo";
    writeFileSync(desk.at("fifo.order.json"), JSON.stringify(content));
    for (const call of [
      [...order, "--targets", pipe],
      [...order, "--stops", pipe],
      ["order", "show", file, "--deployment", pipe],
      ["order", "sign", desk.at("fifo.order.json"), ...common, "--rulings", desk.dir, ...key],
      ["order", "sign", file, ...common, ...key],
    ]) {
      const told = await sequester(call);
      expect([told.code, told.stderr.includes("a pipe or a device")], call.join(" ")).to.deep.equal([64, true]);
    }
  });
});
