// Long: every command that asks a node, at every species of a faulty one.
import { writeFileSync } from "node:fs";
import { expect } from "chai";
import { Wallet } from "ethers";
import { stringToHex, type Address, type Hex } from "viem";
import { makeList, serializeList, termsOf } from "../../../src/compensation/index.ts";
import { derivedAccount, derivedKey } from "../../../src/deployment/keys.ts";
import {
  buildFreeze,
  digestOf,
  documentHash,
  encodeCaseId,
  serializeOrderFile,
  serializeSignatureFile,
  type Order,
} from "../../../src/orders/index.ts";
import { ethers, inTime, networkHelpers, newAddress, now } from "../../system/chain.ts";
import { deploySystem } from "../../system/deployed.ts";
import { deploymentOf } from "../../system/deployment.ts";
import { target } from "../../system/entries.ts";
import { deployVerifiers } from "../../system/kinds.ts";
import { UNIT } from "../../system/money.ts";
import { approvalsOf, DOCUMENT, idsOf, nextSalt, NO_APPROVALS, officer, signOrder } from "../../system/officers.ts";
import { DAY, DECIDERS, LICENCE_DELAY } from "../../system/parameters.ts";
import { HOPELESS, hurry, PATIENT, TAKERS, zooNode, type Species } from "../chain/zoo.ts";
import { removeTemporaryFolders, temporaryFolder } from "../operation/folders.ts";
import { sequester, type Said } from "./inProcess.ts";
import { furnish } from "./order/world.ts";

const SEED = "zoo";
const NAME = "C-1001";
const sender = derivedAccount(31_337, SEED, "sender");
const ruling = { file: "ruling.md", sha256: DOCUMENT };

/** A world in which every command has something to tell or to do. */
async function deployZoo() {
  const system = await deploySystem();
  const { kzte, tenge, issuer, alice, bob, carol, docket, register, disposal, domain, addresses } = system;
  const platform = new Wallet(derivedKey(31_337, SEED, "platform"), ethers.provider);
  for (const { address } of [sender, platform]) await networkHelpers.setBalance(address, 10n ** 20n);
  await tenge.connect(issuer).mint(platform, 500n * UNIT);
  await system.license(platform, "EXCHANGE", { omnibus: true });
  await networkHelpers.time.increase(LICENCE_DELAY);
  await system.take([target(kzte, alice, 100n * UNIT)]);

  const claims = [1n, 2n].map((n) => {
    return { id: `V${n}`, account: Wallet.createRandom().address as Address, class: "victim" as const, loss: n * UNIT };
  });
  const list = makeList(
    { chainId: 31_337, docket: addresses.docket, caseId: "CASE-1", asset: kzte },
    claims,
    3n * UNIT,
  );
  const document = documentHash(DOCUMENT, ruling.sha256);
  const common = { document, signBy: await inTime() };
  const message = { ...termsOf(list), ...common, claimTerm: Number(300n * DAY), salt: nextSalt() };
  const compensate: Order<"Compensate"> = { primaryType: "Compensate", message };
  await disposal.compensate(message, await approvalsOf(domain, compensate, DECIDERS.Compensate));
  await networkHelpers.time.increase(15n * DAY);
  await disposal.executeCompensate(message, idsOf(DECIDERS.Compensate), NO_APPROVALS);

  await system.freeze([target(kzte, bob, 40n * UNIT)], { caseId: "CASE-2", term: Number(DAY) });
  await networkHelpers.time.increase(2n * DAY);
  const subAccount = stringToHex(NAME, { size: 32 });
  const wallet = platform.address as Address;
  const asked = { asset: kzte, wallet, subAccount, amount: 25n * UNIT };
  await system.exchangeHold(asked, { caseId: "CASE-3" });
  const account = (await register.accountOf(wallet, subAccount)) as Address;
  const confirm = [{ asset: kzte, account, amount: 25n * UNIT }];
  await system.arrest({ confirm, until: (await now()) + 100n * DAY }, { caseId: "CASE-3" });
  await system.seize([{ asset: kzte, account, amount: 10n * UNIT }], { caseId: "CASE-3" });
  await tenge.connect(bob).transfer(await docket.vaultOf(encodeCaseId("CASE-1")), 3n * UNIT);
  for (let i = 0; i < 4; i++) await system.freeze([target(kzte, newAddress(), UNIT)], { caseId: "CASE-5" });

  const targets = [target(kzte, carol, 5n * UNIT)];
  const freeze = buildFreeze({ caseId: "CASE-4", targets, term: Number(DAY), ...common, salt: nextSalt() });
  const [first] = await docket.queryFilter(docket.filters.Entry());
  const more = { block: first!.blockNumber, decimals: { KZTE: 6, USDX: 6 } };
  const deployment = await deploymentOf(system, await deployVerifiers(), more);
  return { ...system, deployment, list, compensate, freeze };
}

type World = Awaited<ReturnType<typeof deployZoo>>;

describe("a zoo of faulty nodes", function () {
  this.timeout(240_000);
  let system: World;
  let file: (name: string) => string;
  let unhurry: () => void;
  let right: ReadonlyMap<string, string>;

  const honest = (method: string, params: unknown[]) => ethers.provider.send(method, params) as Promise<unknown>;

  before(async () => {
    system = await networkHelpers.loadFixture(deployZoo);
    file = await furnish(temporaryFolder(), system.deployment);
    const { domain, compensate, freeze, list } = system;
    for (const [name, order] of [
      ["compensate", compensate],
      ["freeze", freeze],
    ] as const) {
      const content = { order, domain, documentSalt: DOCUMENT, ruling };
      writeFileSync(file(`${name}.order.json`), serializeOrderFile(content, name));
    }
    writeFileSync(file("list.json"), serializeList(list));
    const digest = digestOf(freeze, domain);
    for (const by of ["FMA-1", "FMA-2", "GPO-1"] as const) {
      const signature = await signOrder(officer(by), domain, freeze);
      const signer = officer(by).address as Hex;
      writeFileSync(file(`${by}.sig.json`), serializeSignatureFile({ digest, signer, signature }));
    }
    const said = await Promise.all(READS().map((args) => at(() => undefined, args)));
    right = new Map(
      said.map(({ told: { code, stdout, stderr } }, i) => {
        expect(code, stderr).to.equal(0);
        return [READS()[i]!.join(" "), stdout];
      }),
    );
    unhurry = hurry();
  });
  after(() => {
    unhurry?.();
    removeTemporaryFolders();
  });

  /** What only tells. */
  const READS = () => [
    ["case", "show", "CASE-1"],
    ["notice", "KZTE", system.alice.address],
    ["order", "status", file("freeze.order.json"), "--signatures", ...signatures()],
    ["case", "list"],
    ["hold", "list"],
    ["hold", "feed"],
    ["demand", "list"],
    ["licence", "list"],
    ["rule", "list"],
    ["officer", "list"],
  ];
  const signatures = () => ["FMA-1", "FMA-2", "GPO-1"].map((by) => file(`${by}.sig.json`));
  const by = (who: string) => ["--account", who, "--seed", SEED, "--yes"];
  const answering = ["--sub-account", NAME, "--amount", "10 KZTE"];

  /** What is done, by how many transactions, and how many entries of the journal it makes. */
  const ACTS = (): { args: string[]; transactions: number; entries: number }[] => [
    {
      args: ["order", "execute", file("freeze.order.json"), "--signatures", ...signatures(), ...by("sender")],
      transactions: 1,
      entries: 1,
    },
    {
      args: ["demand", "surrender", "--case", "CASE-3", ...answering, ...by("platform")],
      transactions: 2,
      entries: 1,
    },
    {
      args: ["compensation", "claim", file("list.json"), "--order", file("compensate.order.json"), ...by("sender")],
      transactions: 2,
      entries: 2,
    },
    { args: ["demand", "acknowledge", ...answering, ...by("platform")], transactions: 1, entries: 1 },
    { args: ["hold", "lapse", ...by("sender")], transactions: 1, entries: 1 },
    { args: ["case", "book", "CASE-1", "--asset", "KZTE", ...by("sender")], transactions: 1, entries: 1 },
  ];

  const place = (url: string) => ["--rpc", url, "--deployment", file("deployment.json")];
  const at = async (species: Species, args: readonly string[]): Promise<{ told: Said; sent: string[] }> => {
    const node = await zooNode(species, honest);
    const told = await sequester([...args, ...place(node.url)]);
    node.stop();
    return { told, sent: node.sent };
  };
  const entries = async () => Number(await system.docket.entries());

  /** A fault of the node is named as one, in words of this program. */
  const isNodes = ({ code, stdout, stderr }: Said, who: string) => {
    expect(code, `${who}\n${stdout}${stderr}`).to.equal(5);
    expect(stderr, who)
      .to.match(/^sequester: [A-Z].*\.$/m)
      .and.not.include("unexpected fault")
      .and.not.match(/^ +at /m);
  };

  /** The first three of a list, which go different ways to the node, and one of the others after the other. */
  const some = <T>(all: readonly T[], turn: number, first: number): T[] => [
    ...all.slice(0, first),
    all[first + (turn % (all.length - first))]!,
  ];

  describe("what only tells", () => {
    for (const [turn, [name, species]] of Object.entries({ ...PATIENT, ...HOPELESS }).entries()) {
      it(`at a node that ${name}`, async () => {
        const isPatient = name in PATIENT;
        const asked = some(READS(), turn, 3);
        const all = await Promise.all(asked.map(async (args) => ({ args, ...(await at(species(), args)) })));
        for (const { args, told } of all) {
          const who = args.join(" ");
          if (told.code === 0 || isPatient) {
            expect(told.code, `${who}\n${told.stderr}`).to.equal(0);
            expect(told.stdout, who).to.equal(right.get(who));
          } else isNodes(told, who);
        }
      });
    }
  });

  /** One act after the other, each in the world as it was. */
  async function each(
    acts: ReturnType<typeof ACTS>,
    check: (act: ReturnType<typeof ACTS>[number], who: string) => Promise<void>,
  ) {
    for (const act of acts) {
      const saved = await networkHelpers.takeSnapshot();
      try {
        await check(act, act.args.join(" "));
      } finally {
        await saved.restore();
      }
    }
  }

  describe("what acts, at one that is at fault each time", () => {
    for (const [turn, [name, species]] of Object.entries(HOPELESS).entries()) {
      it(`does nothing, or says that it sent it, at a node that ${name}`, async () => {
        const before = await entries();
        await each(some(ACTS(), turn, 1), async ({ args, entries: made }, who) => {
          const { told, sent } = await at(species(), args);
          const did = (await entries()) - before;
          if (told.code === 0) {
            expect(did, who).to.equal(made);
            return;
          }
          isNodes(told, who);
          if (sent.length > 0)
            expect(told.stderr, who).to.match(/The transaction was sent|Whether the transaction was sent/);
          const again = await at(() => undefined, args);
          expect(again.told.code, again.told.stderr).to.be.oneOf(did > 0 ? [0, 1] : [0]);
          expect((await entries()) - before, who).to.equal(made);
        });
      });
    }
  });

  describe("what acts", () => {
    for (const [turn, [name, species]] of Object.entries({ ...PATIENT, ...TAKERS }).entries()) {
      it(`is done once, and not once more by the same command, at a node that ${name}`, async () => {
        const before = await entries();
        const turns = some(ACTS(), turn, name in TAKERS ? 2 : 1);
        await each(turns, async ({ args, entries: made, transactions }, who) => {
          const { told, sent } = await at(species(), args);
          expect(told.code, `${who}\n${told.stderr}`).to.equal(0);
          expect((await entries()) - before, who).to.equal(made);
          expect(new Set(sent).size, who).to.equal(transactions);
          // What a platform says or pays, it may say and pay again.
          if (args[0] === "demand" && args[1] === "acknowledge") return;
          const again = await at(() => undefined, args);
          expect(again.told.code, `${who}\n${again.told.stderr}`).to.be.oneOf([0, 1]);
          expect((await entries()) - before, who).to.equal(made);
        });
      });
    }
  });
});
