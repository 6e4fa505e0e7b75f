import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { getAddress, type Address } from "viem";
import { kebab } from "../../../../src/base/words.ts";
import { ACT_NAMES } from "../../../../src/cli/order/examples.ts";
import { documentHash, parseOrderFile, rulingHash, typesWith, type Order } from "../../../../src/orders/index.ts";
import { networkHelpers } from "../../../system/chain.ts";
import { removeTemporaryFolders, temporaryFolder } from "../../operation/folders.ts";
import { sequester, serve } from "../inProcess.ts";
import { deployKinds, furnish, type Kinds } from "./world.ts";

const ALICE = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const BOB = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";
const HASH = `0x${"ab".repeat(32)}`;

describe("sequester order new", () => {
  let system: Kinds;
  let dir: string;
  let file: (name: string) => string;

  beforeEach(async () => {
    system = await networkHelpers.loadFixture(deployKinds);
    dir = temporaryFolder();
    file = await furnish(dir, system.deployment);
  });
  after(removeTemporaryFolders);

  const written = (name: string) => parseOrderFile(readFileSync(file(name), "utf8"), name);
  const make = (act: string, ...args: string[]) =>
    sequester(["order", "new", act, ...args, "--deployment", file("deployment.json"), "-o", file("new.order.json")]);
  const freeze = (...args: string[]) =>
    make("freeze", "--case", "A-1", "--ruling", file("ruling.md"), "--term", "10d", ...args);

  it("writes a freeze: amounts in base units, targets sorted, the ruling by its hash, salts of its own", async () => {
    const targets = ["--target", `${ALICE}=1250.5 KZTE`, "--target", `${BOB}=3 USDX`];
    const before = Math.floor(Date.now() / 1000);
    const told = await freeze(...targets, "--valid", "2d");
    expect(told.code, told.stderr).to.equal(0);
    expect(told.stderr).to.match(/^Freeze provisionally in case "A-1", .*; void after .*\.\n$/);
    expect(told.stderr).to.include("(3 USDX in ").and.include("(1,250.5 KZTE in ");
    const { order, domain, documentSalt, ruling } = written("new.order.json");
    expect(domain).to.deep.equal(system.domain);
    expect(ruling).to.deep.equal({ file: "ruling.md", sha256: rulingHash(readFileSync(file("ruling.md"))) });
    const { message } = order as Order<"Freeze">;
    expect(message.document).to.equal(documentHash(documentSalt!, ruling!.sha256));
    const pairs = new Map(message.targets.map(({ account, asset, amount }) => [account, [asset, amount]]));
    expect(pairs).to.deep.equal(
      new Map<Address, unknown>([
        [ALICE, [system.kzte, 1_250_500_000n]],
        [BOB, [system.usdx, 3_000_000n]],
      ]),
    );
    expect(message).to.include({ term: 864_000, wholeAccount: false });
    expect(Number(message.signBy) - before - 2 * 86_400).to.be.within(0, 60);
    expect(told.stdout).to.match(/^\S+new\.order\.json 0x[0-9a-f]{64}\n$/);
    await sequester(
      ["order", "new", "freeze", "--case", "A-1", "--ruling", file("ruling.md"), "--term", "10d"].concat(
        targets,
        "--deployment",
        file("deployment.json"),
        "-o",
        file("again.order.json"),
        "--whole-account",
      ),
    );
    const again = written("again.order.json");
    expect((again.order as Order<"Freeze">).message.salt).to.not.equal(message.salt);
    expect((again.order as Order<"Freeze">).message.wholeAccount).to.equal(true);
    expect(again.documentSalt).to.not.equal(documentSalt);
  });

  it("never writes over a file, and writes none as a dry run", async () => {
    const target = ["--target", `${ALICE}=1 KZTE`];
    expect((await freeze(...target, "--dry-run")).code).to.equal(0);
    expect(existsSync(file("new.order.json"))).to.equal(false);
    writeFileSync(file("new.order.json"), "mine");
    const told = await freeze(...target);
    expect([told.code, told.stdout]).to.deep.equal([64, ""]);
    expect(readFileSync(file("new.order.json"), "utf8")).to.equal("mine");
  });

  for (const [what, amount, says] of [
    [
      "a comma between digits",
      "1,250 KZTE",
      "AmbiguousAmount has: 1,250 needs: 1250 or 1250.0 where that is meant, else 1.2500",
    ],
    ["a point that may part thousands", "1.250 KZTE", "has: 1.250 needs: 1250 or 1250.0"],
    ["a blank that parts thousands", "1 250 KZTE", "has: 1 250 needs: 1250 or 1250.0"],
    ["more than one separator", "1.250.000 KZTE", "needs: 1250000 or 1250000.0"],
    ["both separators", "1,250.5 KZTE", "digits alone"],
    ["more decimals than the asset has", "1.2345678 KZTE", "at most 6 decimals, as KZTE has"],
    ["no symbol", "5", "a number and the symbol of its asset"],
    ["an unknown symbol", "5 KZTX", "one of KZTE, USDX"],
    ["nothing", "0 KZTE", "base units from 1"],
    ["a negative amount", "-5 KZTE", "digits alone"],
    ["an exponent", "1e3 KZTE", "digits alone"],
  ] as const) {
    it(`refuses an amount with ${what}`, async () => {
      const told = await freeze("--target", `${ALICE}=${amount}`);
      expect([told.code, told.stdout], told.stderr).to.deep.equal([64, ""]);
      expect(told.stderr.replace(/\s+/g, " ")).to.include(says.replace(/^AmbiguousAmount /, ""));
      expect(existsSync(file("new.order.json"))).to.equal(false);
    });
  }

  it("refuses an address with the ends of another one of the order or the deployment, unless it is meant", async () => {
    const like = getAddress(`${ALICE.slice(0, 10)}${"0".repeat(24)}${ALICE.slice(-8)}`);
    const both = ["--target", `${ALICE}=1 KZTE`, "--target", `${like}=1 KZTE`];
    const told = await freeze(...both);
    expect([told.code, told.stdout]).to.deep.equal([64, ""]);
    expect(told.stderr).to.include(ALICE).and.include(like);
    const { kzte } = system;
    const likeAsset = getAddress(`${kzte.slice(0, 10)}${"0".repeat(24)}${kzte.slice(-8)}`);
    const asset = await freeze("--target", `${likeAsset}=1 KZTE`);
    expect(asset.stderr).to.include("the deployment's assets.KZTE").and.include(kzte);
    const meant = await freeze(...both, "--look-alike", like, "--look-alike", ALICE);
    expect(meant.code, meant.stderr).to.equal(0);
  });

  it("refuses what is missing by the option's name", async () => {
    for (const [args, says] of [
      [["--ruling", file("ruling.md"), "--term", "1d", "--target", `${ALICE}=1 KZTE`], "Invalid --case."],
      [["--case", "A", "--term", "1d", "--target", `${ALICE}=1 KZTE`], "Invalid --ruling."],
      [["--case", "A", "--ruling", file("none"), "--term", "1d", "--target", `${ALICE}=1 KZTE`], "none cannot be used"],
      [["--case", "A", "--ruling", file("ruling.md"), "--term", "1d"], "Invalid --target."],
      [["--case", "A", "--ruling", file("ruling.md"), "--term", "soon", "--target", `${ALICE}=1 KZTE`], '"soon"'],
      [["--case", "A", "--ruling", file("ruling.md"), "--term", "1d", "--target", "alice=1 KZTE"], "right checksum"],
    ] as const) {
      const told = await make("freeze", ...args);
      expect([told.code, told.stdout], told.stderr).to.deep.equal([64, ""]);
      expect(told.stderr).to.include(says);
    }
  });

  it("makes one order a case of a list of targets, with the ruling of each", async () => {
    writeFileSync(file("other.md"), "# Another\n");
    const rows = [
      "case,account,asset,amount,ruling",
      `A-1,${ALICE},KZTE,12.345,`,
      `B-2,${BOB},KZTE,2,other.md`,
      `A-1,${BOB},USDX,3,`,
    ];
    writeFileSync(file("targets.csv"), rows.join("\n"));
    const folder = file("orders");
    const args = ["--from", file("targets.csv"), "--folder", folder, "--ruling", file("ruling.md"), "--term", "1d"];
    const call = ["order", "new", "freeze", ...args, "--deployment", file("deployment.json")];
    const told = await sequester([...call, "--json"]);
    expect(told.code, told.stderr).to.equal(0);
    expect(readdirSync(folder).sort()).to.deep.equal(["A-1.freeze.order.json", "B-2.freeze.order.json"]);
    const { orders } = JSON.parse(told.stdout) as { orders: { file: string; digest: string }[] };
    expect(orders).to.have.length(2);
    const a = written("orders/A-1.freeze.order.json");
    expect((a.order as Order<"Freeze">).message.targets.map(({ amount }) => amount).sort()).to.deep.equal([
      12_345_000n,
      3_000_000n,
    ]);
    expect(written("orders/B-2.freeze.order.json").ruling!.file).to.equal("other.md");
    expect((await sequester(call)).code, "a second time").to.equal(64);
  });

  it("takes the newest hold from the node, or by its number", async () => {
    const args = ["--case", "A-1", "--ruling", file("ruling.md"), "--hold", `${ALICE}=1 KZTE`];
    const none = await make("seize", ...args);
    expect([none.code, none.stderr.includes("--up-to")]).to.deep.equal([64, true]);
    const { server, url } = await serve();
    try {
      const told = await make("seize", ...args, "--rpc", url);
      expect(told.code, told.stderr).to.equal(0);
      expect(written("new.order.json").order.message).to.include({ upTo: 0 });
    } finally {
      server.close();
    }
  });

  it("has a help with an example for every act, and writes every one of them by its fields", async () => {
    expect(ACT_NAMES.split(", ")).to.deep.equal(typesWith("sentence").map(kebab));
    const inCase = ["--case", "A-1", "--ruling", file("ruling.md")];
    const ruled = ["--ruling", file("ruling.md")];
    const acts: Record<string, string[]> = {
      freeze: [...inCase, "--term", "1d", "--target", `${ALICE}=1 KZTE`],
      arrest: [...inCase, "--until", "180d", "--up-to", "4", "--confirm", `${ALICE}=1 KZTE`, "--omnibus"],
      lift: [...inCase, "--up-to", "4", "--hold", `${ALICE}=1 KZTE`, "--arrested"],
      seize: [...inCase, "--up-to", "4", "--hold", `${ALICE}=1 KZTE`],
      return: [...inCase, "--holder", `${ALICE}=1 KZTE for USDX`],
      forfeit: [...inCase, "--asset", "KZTE", "--treasury", BOB, "--amount", "1 KZTE"],
      convert: [...inCase].concat(
        ["--asset", "KZTE", "--amount", "1 KZTE", "--wallet", BOB],
        ["--proceeds-asset", "USDX", "--least-proceeds", "2 USDX"],
      ),
      transfer: [...inCase, "--asset", "KZTE", "--source", "custody", "--to", BOB, "--amount", "1 KZTE"],
      "exchange-hold": [...inCase].concat(
        ["--asset", "KZTE", "--wallet", BOB, "--sub-account", "customer 7"],
        ["--amount", "1 KZTE", "--term", "1d"],
      ),
      stay: [...ruled, "--order", HASH, "--until", "2030-01-01T00:00:00Z"],
      veto: [...ruled, "--order", HASH],
      appeal: [...ruled, "--order", HASH, "--asset", "KZTE", "--holder", ALICE],
      cancel: ["--order", HASH],
      admit: [...ruled, "--agency", "2", "--kind", "key", "--signer", ALICE],
      dismiss: [...ruled, "--officer-id", HASH, "--compromised"],
      configure: [...ruled, "--act", "Freeze", "--rule", "0x0000000000000102,0s,0s,10d"],
      "set-treasury": [...ruled, "--asset", "KZTE", "--treasury", BOB],
      license: [...ruled, "--wallet", BOB, "--platform", "EXCHANGE", "--until", "365d"],
      suspend: [...ruled, "--platform", "EXCHANGE"],
    };
    for (const [act, args] of Object.entries(acts)) {
      const out = file(`${act}.order.json`);
      const told = await sequester(["order", "new", act, ...args, "--deployment", file("deployment.json"), "-o", out]);
      expect(told.code, `${act}: ${told.stderr}`).to.equal(0);
      if (act === "exchange-hold") expect(told.stderr).to.include('in the sub-account "customer 7" of the platform');
      expect(kebab(written(`${act}.order.json`).order.primaryType)).to.equal(act);
      const help = await sequester(["order", "new", act, "--help"]);
      expect([help.code, help.stderr]).to.deep.equal([0, ""]);
      expect(help.stdout)
        .to.include(`Usage: sequester order new ${act} `)
        .and.include("Example:\n  npx --no-install sequester order new ")
        // No option stands without a word.
        .and.not.match(/^ +--[\w-]+(?: <[^>]*>)?$\n(?! {10})/m);
    }
    expect([...Object.keys(acts), "compensate"].sort()).to.deep.equal(ACT_NAMES.split(", ").sort());
    const { message } = written("convert.order.json").order as Order<"Convert">;
    expect(message).to.include({ amount: 1_000_000n, leastProceeds: 2_000_000n });
    expect((written("return.order.json").order as Order<"Return">).message.holders).to.deep.equal([
      { taken: system.usdx, asset: system.kzte, account: ALICE, amount: 1_000_000n },
    ]);
    const mixed = await make("forfeit", ...acts.forfeit!.with(-1, "1 USDX"));
    expect([mixed.code, mixed.stderr.includes("Invalid amount.")]).to.deep.equal([64, true]);
  });

  it("writes a compensation by its list", async () => {
    writeFileSync(file("claims.csv"), `id,account,class,loss\nV-1,${ALICE},victim,500\nV-2,${BOB},victim,500\n`);
    const deployed = ["--deployment", file("deployment.json")];
    const scope = ["--case", "A-1", "--asset", "KZTE", "--pool", "900", "-o", file("list.json")];
    expect((await sequester(["compensation", "make", file("claims.csv"), ...scope, ...deployed])).code).to.equal(0);
    const args = ["--case", "A-1", "--ruling", file("ruling.md"), "--claim-term", "90d", "--list", file("list.json")];
    const told = await make("compensate", ...args);
    expect(told.code, told.stderr).to.equal(0);
    const order = file("new.order.json");
    expect((await sequester(["compensation", "check", file("list.json"), "--order", order])).code).to.equal(0);
    const other = await make("compensate", ...args.with(1, "B-2"));
    expect([other.code, other.stdout], other.stderr).to.deep.equal([3, ""]);
    expect(other.stderr).to.include("caseId");
  });
});
