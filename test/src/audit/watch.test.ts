import { createServer, type Server } from "node:http";
import { on, once } from "node:events";
import { cpSync, existsSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import { encodeFunctionData, type Address, type Hex } from "viem";
import { Watch, watchedAt } from "../../../src/audit/watch/follow.ts";
import { Memory, type Message } from "../../../src/audit/watch/memory.ts";
import { abiOf } from "../../../src/chain/artifacts.ts";
import { start } from "../../deploy/node.ts";
import { addressOf, client, ethers, goTo, networkHelpers, now, timeOf } from "../../system/chain.ts";
import { UNIT } from "../../system/money.ts";
import { officerIdOf } from "../../system/officers.ts";
import { DAY } from "../../system/parameters.ts";
import { sequester, serve } from "../cli/inProcess.ts";
import { furnish } from "../cli/order/world.ts";
import { removeTemporaryFolders, temporaryFolder } from "../operation/folders.ts";
import { deployHistory, type History } from "./world.ts";

const COMMAND = path.resolve(import.meta.dirname, "../../../src/cli/sequester.mjs");

/** Messages as their kinds, and with them what an alert is about. */
const brief = ({ said, alert }: Message) => (said === "told" ? alert.kind : `${said} ${alert.kind}`);
const messagesIn = (stdout: string) =>
  stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Message);

describe("audit watch", () => {
  let system: History;
  let file: (name: string) => string;
  const servers: Server[] = [];
  let url: string;

  beforeEach(async () => {
    system = await networkHelpers.loadFixture(deployHistory);
    file = await furnish(temporaryFolder(), system.deployment);
    url = await serving();
  });
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });
  after(removeTemporaryFolders);

  async function serving(...given: Parameters<typeof serve>): Promise<string> {
    const served = await serve(...given);
    servers.push(served.server);
    return served.url;
  }

  /** One look of a program of its own, that goes on where the last one ended. */
  async function look(...more: string[]) {
    const place = ["--deployment", file("deployment.json"), "--state", file("watch.sqlite")];
    const rpc = more.includes("--rpc") ? [] : ["--rpc", url];
    const said = await sequester(["audit", "watch", ...rpc, ...place, "--once", "--json", ...more]);
    return { ...said, messages: messagesIn(said.stdout) };
  }
  const told = async (...more: string[]) => (await look(...more)).messages.map(brief);

  /** 10 KZTE of what was seized from alice are to go to the treasury. */
  const forfeit = (amount = 10n * UNIT) =>
    system.forfeit({ asset: system.kzte, treasury: addressOf(system.treasury), amount });
  const send = async (deed: { send: () => Promise<{ wait(): Promise<unknown> }> }) => {
    await (await deed.send()).wait();
  };

  /** From the next block on, by no transfer. */
  const vaultHas = async (amount: bigint) => {
    const slot = ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(["address", "uint256"], [system.vault, 10]));
    await networkHelpers.setStorageAt(system.kzte, slot, amount);
  };
  /** The asset tells of an account that it freezes another amount. */
  const freezing = (account: Address, amount: bigint) => {
    const data = encodeFunctionData({ abi: abiOf("Tenge"), functionName: "getFrozenTokens", args: [account] });
    return (method: string, params: unknown[]) => {
      const call = params[0] as { to?: Address; data?: Hex } | undefined;
      const isIt = method === "eth_call" && call?.data === data && call.to?.toLowerCase() === system.kzte.toLowerCase();
      return isIt ? `0x${amount.toString(16).padStart(64, "0")}` : undefined;
    };
  };

  describe("tells what needs a person, once", () => {
    it("a disposal, a stay, an appeal against it, a veto, a dismissal, a licence and its suspension, a rule to be changed", async () => {
      expect(await told()).to.deep.equal([]);
      const deed = await forfeit();
      await send(deed);
      const [disposal] = (await look()).messages;
      expect(disposal!.alert).to.include({ kind: "disposal", case: "CASE-1", order: deed.digest });
      expect(disposal!.alert.says)
        .to.include("Forfeit: proposed, scheduled")
        .and.include(`10 KZTE to ${system.treasury.address}`)
        .and.match(/by .*COURT.*may be executed from .* to /);
      await system.appeal(deed.digest, system.kzte, system.alice);
      const [appeal] = (await look()).messages;
      expect(appeal!.alert).to.include({ kind: "appeal", order: deed.digest });
      expect(appeal!.alert.says).to.include(`by the holder ${system.alice.address}, against the Forfeit`);
      const { start: from } = await system.timesOf(deed.digest);
      await send(await system.stay(deed.digest, from + DAY, ["COURT-1"]));
      await send(await system.veto(deed.digest, ["COURT-1"]));
      expect(await told()).to.deep.equal(["objection", "objection"]);
      await send(await system.dismiss(officerIdOf("FMA-2"), ["COURT-1", "GPO-1"]));
      await (await system.license(system.carol, "PLATFORM")).wait();
      await (await system.suspend("PLATFORM")).wait();
      await send(await system.setTreasury(system.kzte, addressOf(system.stranger)));
      const { messages } = await look();
      expect(messages.map(brief)).to.deep.equal(["change", "change", "change", "change"]);
      expect(
        messages.map(({ alert }) => / entry \d+, (\w+): ([\w ]+), by /.exec(` ${alert.says}`)?.slice(1)),
      ).to.deep.equal([
        ["Dismiss", "officer dismissed"],
        ["License", "wallet licensed"],
        ["Suspend", "platform suspended"],
        ["SetTreasury", "scheduled"],
      ]);
      expect(await look()).to.include({ code: 0, stdout: "" });
    });

    it("holds that come near their end, at each of 30, 15, 5 and 1 days that they were placed for", async () => {
      const until = (await now()) + 40n * DAY;
      const place = [system.bob, system.carol].map((who) => ({
        asset: system.kzte,
        account: addressOf(who),
        amount: 3n * UNIT,
      }));
      await system.arrest({ place, until }, { caseId: "THIRD" });
      await networkHelpers.mine();
      expect(await told()).to.deep.equal([]);
      const found: string[] = [];
      for (const days of [31n, 30n, 29n, 15n, 6n, 5n, 2n, 1n]) {
        await goTo(until - days * DAY);
        const { messages } = await look();
        found.push(...messages.flatMap(({ alert }) => (alert.case === "THIRD" ? [`${days} ${alert.says}`] : [])));
      }
      const end = new Date(Number(until) * 1000).toISOString().replace(".000", "");
      const words = (left: string) => `THIRD: 2 holds of 6 KZTE: ${left} or less left, last second ${end}`;
      expect(found).to.deep.equal(
        ["30 30 days", "15 15 days", "5 5 days", "1 1 day"].map((it) => {
          const [day, ...left] = it.split(" ");
          return `${day} ${words(left.join(" "))}`;
        }),
      );
      await goTo(until + 1n);
      expect(await told()).to.deep.equal([]);
    });

    it("no hold that was placed for less, and none that was lifted", async () => {
      const freeze = await system.freeze([{ asset: system.kzte, account: addressOf(system.carol), amount: UNIT }]);
      const end = (await timeOf(freeze)) + 10n * DAY;
      expect(await told()).to.deep.equal([]);
      await goTo(end - 6n * DAY);
      await system.lift([{ asset: system.kzte, account: addressOf(system.carol), amount: UNIT }]);
      await goTo(end - 1n * DAY);
      const { messages } = await look();
      expect(messages.map(({ alert }) => alert.accounts)).to.deep.equal([
        [addressOf(system.alice), addressOf(system.bob)],
      ]);
    });

    it("a vault that lacks something, again once it was explained and is not any more, with exit code 3 as long as it stands", async () => {
      await vaultHas(30n * UNIT);
      const first = await look();
      expect([first.code, first.messages.map(brief)], first.stderr).to.deep.equal([3, ["difference"]]);
      expect(first.messages[0]!.alert.says).to.include("CASE-1, KZTE: vault's balance: has 30000000, needs 35000000");
      expect(first.stderr).to.include("1 alert cannot be explained.").and.include("vault's balance");
      await networkHelpers.mine();
      expect(await look()).to.include({ code: 3, stdout: "" });
      for (const [amount, found] of [
        [38n, []],
        [30n, ["difference"]],
        [29n, ["difference"]],
      ] as const) {
        await vaultHas(amount * UNIT);
        await networkHelpers.mine();
        expect(await told()).to.deep.equal(found);
      }
    });

    it("an issuer that lifted, and an asset that freezes too much", async () => {
      const lifted = await look("--rpc", await serving(freezing(addressOf(system.bob), 0n)));
      expect([lifted.code, lifted.messages.map(brief)]).to.deep.equal([3, ["issuer"]]);
      expect(lifted.messages[0]!.alert.says).to.include(
        `${addressOf(system.bob)}: held, by the asset: has 0, needs 40`,
      );
      await networkHelpers.mine();
      const much = await serving(freezing(addressOf(system.bob), 400n * UNIT));
      expect(await told("--rpc", much)).to.deep.equal(["difference"]);
    });

    it("a contract of another code, and goes on with the journal", async () => {
      await networkHelpers.setCode(await system.lens.getAddress(), "0x6000");
      await networkHelpers.mine();
      const { code, messages, stderr } = await look();
      expect([code, messages.map(brief)], stderr).to.deep.equal([3, ["code"]]);
      expect(messages[0]!.alert.says).to.match(/^code of lens: the node has 0x[0-9a-f]{64}, the file 0x/);
      await send(await forfeit());
      expect((await look()).messages.map(brief)).to.deep.equal(["disposal"]);
    });

    it("of what was before the first look, orders that wait alone", async () => {
      await send(await system.dismiss(officerIdOf("FMA-2"), ["COURT-1", "GPO-1"]));
      const [vetoed, waiting] = [await forfeit(), await forfeit(5n * UNIT)];
      for (const deed of [vetoed, waiting]) await send(deed);
      await send(await system.veto(vetoed.digest, ["COURT-1"]));
      await system.appeal(waiting.digest, system.kzte, system.alice);
      const { messages } = await look();
      expect(messages.map(({ alert }) => [alert.kind, alert.order])).to.deep.equal([
        ["disposal", waiting.digest],
        ["appeal", waiting.digest],
      ]);
    });

    it("in lines for people, in which a stranger's text ends no line", async () => {
      await told();
      await (await system.license(system.carol, "PLATFORM")).wait();
      const args = ["--deployment", file("deployment.json"), "--state", file("watch.sqlite"), "--once"];
      const { stdout, stderr } = await sequester(["audit", "watch", "--rpc", url, ...args]);
      expect(stdout).to.match(
        /^\d{4}-\d\d-\d\dT[\d:]{8}Z {2}block \d+ {2}change: entry \d+, License: wallet licensed, by AFSA, on the document 0x[0-9a-f]{64}\n$/,
      );
      expect(stderr).to.match(/^Looked up to block \d+, 1 new block\.\n$/);
    });
  });

  describe("follows blocks", () => {
    /** A history with alerts of every kind that the chain itself can bring, one act a block. */
    async function play(): Promise<void> {
      const deed = await forfeit();
      await send(deed);
      await system.appeal(deed.digest, system.kzte, system.alice);
      await send(await system.dismiss(officerIdOf("FMA-2"), ["COURT-1", "GPO-1"]));
      await vaultHas(28n * UNIT);
      await networkHelpers.mine();
      await vaultHas(38n * UNIT);
      for (const days of [4n, 2n, 2n, 1n, 3n]) await networkHelpers.time.increase(days * DAY);
      await send(await system.veto(deed.digest, ["COURT-1"]));
    }
    const memoryIn = async (name?: string) =>
      new Memory(name && file(name), await watchedAt(client, system.deployment), { posts: true });
    /** Looks as if the block were the newest one. */
    const lookAt = async (memory: Memory, block: bigint) =>
      new Watch(client, system.deployment, memory, {
        confirmations: (await client.getBlockNumber()) - block,
      }).look();
    /** The node hangs up after more and more answers, until one look ends well. */
    async function lookInPieces(memory: Memory): Promise<void> {
      for (let most = 1; ; most += 3) {
        let answers = 0;
        const getBlock = (...args: Parameters<typeof client.getBlock>) =>
          ++answers > most ? Promise.reject(new Error("hung up")) : client.getBlock(...args);
        const cut = { ...client, getBlock } as typeof client;
        const fault = await new Watch(cut, system.deployment, memory).look().then(
          () => undefined,
          (error: Error) => error.message,
        );
        if (fault === undefined) return void expect(most).to.be.above(4);
        expect(fault).to.equal("hung up");
      }
    }
    const all = (memory: Memory) => memory.waiting("posted").map(({ id: _, ...message }) => message);

    it("and a restart at any of them tells the same as a watch that never ended", async () => {
      const first = await client.getBlockNumber();
      await play();
      const last = await client.getBlockNumber();
      const whole = await memoryIn();
      for (let block = first; block <= last; block++) await lookAt(whole, block);
      const kinds = all(whole).map(({ alert }) => alert.kind);
      expect(kinds).to.deep.equal(["disposal", "appeal", "change", "difference", "hold", "hold", "objection"]);
      for (let stop = first; stop < last; stop++) {
        const name = `stopped-${stop}.sqlite`;
        const before = await memoryIn(name);
        await lookAt(before, first);
        await lookAt(before, stop);
        before.close();
        const after = await memoryIn(name);
        await lookAt(after, last);
        expect(all(after), `stopped at ${stop}`).to.deep.equal(all(whole));
        after.close();
      }
      whole.close();
    });

    it("and what is told is told at once or not at all: a process that ends within a look loses and repeats nothing", async () => {
      const first = await client.getBlockNumber();
      await play();
      const whole = await memoryIn();
      await lookAt(whole, first);
      await lookAt(whole, await client.getBlockNumber());
      const memory = await memoryIn("cut.sqlite");
      await lookAt(memory, first);
      await lookInPieces(memory);
      expect(all(memory)).to.deep.equal(all(whole));
      memory.close();
      whole.close();
    });

    it("and a reorganization withdraws what is not there any more, and only that", async () => {
      const memory = await memoryIn();
      const watch = new Watch(client, system.deployment, memory);
      await watch.look();
      await send(await system.dismiss(officerIdOf("FMA-2"), ["COURT-1", "GPO-1"]));
      const snapshot = await networkHelpers.takeSnapshot();
      const deed = await forfeit();
      await send(deed);
      await goTo((await now()) + 6n * DAY);
      await watch.look();
      const kinds = () => memory.waiting("posted").map(brief);
      expect(kinds()).to.deep.equal(["change", "disposal", "hold"]);
      await snapshot.restore();
      // The chain is only shorter, as that of a node that lags: nothing is another one.
      expect(await watch.look()).to.include({ blocks: 0 });
      expect(kinds()).to.have.length(3);
      await goTo((await now()) + 6n * DAY + 5n);
      await networkHelpers.mine();
      await networkHelpers.mine();
      await lookInPieces(memory);
      expect(kinds()).to.deep.equal(["change", "disposal", "hold", "withdrawn disposal"]);
      await send(deed);
      await watch.look();
      await watch.look();
      const messages = memory.waiting("posted");
      expect(messages.map(brief).slice(4)).to.deep.equal(["disposal"]);
      expect(messages[4]!.alert.order).to.equal(messages[1]!.alert.order);
      expect(messages[3]!.alert).to.deep.equal(messages[1]!.alert);
      expect(new Set(messages.map(({ id }) => id)).size).to.equal(messages.length);
      expect(messages.map(({ number }) => number)).to.deep.equal([1, 2, 3, 4, 5]);
      memory.close();
    });

    it("and those that are others while they are read are read again, and tell nothing as long as the chain does not rest", async () => {
      const memory = await memoryIn();
      await lookAt(memory, await client.getBlockNumber());
      await send(await forfeit());
      const moving = (times: number) => {
        let asked = 0;
        const getBlock = async (...args: Parameters<typeof client.getBlock>) => {
          const block = await client.getBlock(...args);
          return asked++ % 2 === 0 && asked < times ? { ...block, hash: `0x${"5e".repeat(32)}` } : block;
        };
        return new Watch({ ...client, getBlock } as typeof client, system.deployment, memory).look();
      };
      const fault = await moving(Infinity).catch((error: Error) => error);
      expect(fault).to.include({ name: "ChainMovedError", code: 5 });
      expect(memory.waiting("posted")).to.deep.equal([]);
      await moving(2);
      expect(memory.waiting("posted").map(brief)).to.deep.equal(["disposal"]);
      memory.close();
    });

    it("and where none that it remembers is of the chain, looks at all since the charter, and repeats nothing", async () => {
      expect(await told()).to.deep.equal([]);
      await send(await forfeit());
      expect(await told()).to.deep.equal(["disposal"]);
      const state = new DatabaseSync(file("watch.sqlite"));
      state.exec("UPDATE blocks SET hash = '0x00'");
      state.close();
      const { code, stdout, stderr } = await look();
      expect([code, stdout], stderr).to.deep.equal([0, ""]);
      const since = (await client.getBlockNumber()) - BigInt(system.deployment.block);
      expect(stderr).to.include(`, ${since + 1n} new blocks.`);
    });

    it("and blocks of whose contracts a node has forgotten the state by their journal alone", async () => {
      const memory = await memoryIn();
      await lookAt(memory, await client.getBlockNumber());
      await play();
      const looked = await new Watch(client, system.deployment, memory, { read: 3n }).look();
      expect(looked.unread).to.equal(looked.blocks - 3);
      // The difference came and went unread.
      const kinds = memory.waiting("posted").map(brief);
      expect(kinds).to.deep.equal(["disposal", "appeal", "change", "hold", "hold", "objection"]);
      memory.close();
      expect(await told()).to.deep.equal([]);
      await networkHelpers.mine(5);
      const newest = await client.getBlockNumber();
      const pruned = await serving((method, params) =>
        method === "eth_call" && params[1] !== "latest" && BigInt(params[1] as Hex) < newest
          ? new Error("missing trie node 5e")
          : undefined,
      );
      const forgot = await look("--rpc", pruned);
      expect([forgot.code, forgot.stdout], forgot.stderr).to.deep.equal([0, ""]);
      expect(forgot.stderr).to.include("5 new blocks; in 4 blocks of them the journal alone was checked");
    });
  });

  describe("a node's fault", () => {
    it("is no alert: one that fails, forgot, or lags by an entry", async () => {
      expect(await told()).to.deep.equal([]);
      await send(await forfeit());
      for (const method of ["eth_getLogs", "eth_call", "eth_getBlockByNumber", "eth_getCode"]) {
        for (const says of ["missing trie node 5e", "method handler crashed"]) {
          const failing = await serving((it) => (it === method ? new Error(says) : undefined));
          expect(await look("--rpc", failing), `${method} ${says}`).to.include({ code: 5, stdout: "" });
        }
      }
      let asked = 0;
      const lagging = await serving((method) => (method === "eth_getLogs" && asked++ === 1 ? [] : undefined));
      expect(await told("--rpc", lagging)).to.deep.equal(["disposal"]);
      expect(asked).to.be.above(2);
    });

    it("is one while a difference stands, too", async () => {
      await vaultHas(30n * UNIT);
      expect((await look()).code).to.equal(3);
      const failing = await serving((method) => (method === "eth_blockNumber" ? new Error("crashed") : undefined));
      expect((await look("--rpc", failing)).code).to.equal(5);
    });

    it("that stays, and contradicts what the docket committed to, is told as a broken journal; then all since is told", async () => {
      expect(await told()).to.deep.equal([]);
      await send(await forfeit());
      const omits = await serving((method, params) => {
        const { fromBlock, toBlock } = (params[0] ?? {}) as { fromBlock?: Hex; toBlock?: Hex };
        return method === "eth_getLogs" && fromBlock !== toBlock ? [] : undefined;
      });
      const { code, messages } = await look("--rpc", omits);
      expect([code, messages.map(brief)]).to.deep.equal([3, ["journal"]]);
      expect(await look("--rpc", omits)).to.include({ code: 3, stdout: "" });
      await networkHelpers.mine();
      expect(await look())
        .to.include({ code: 0 })
        .and.to.have.property("messages")
        .with.length(1);
    });
  });

  describe("a webhook", () => {
    /** One that fails so often; `got` is what it took, `tried` what came. */
    async function webhook(failures: number) {
      const [got, tried]: [Message[], string[]] = [[], []];
      const server = createServer((request, response) => {
        let body = "";
        request.on("data", (text: Buffer) => (body += text.toString()));
        request.on("end", () => {
          const message = JSON.parse(body) as Message;
          expect(request.headers["idempotency-key"]).to.equal(message.id);
          tried.push(message.id);
          if (tried.length <= failures) response.writeHead(503);
          else got.push(message);
          response.end("thank you");
        });
      }).listen(0, "127.0.0.1");
      await once(server, "listening");
      servers.push(server);
      return { got, tried, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-key` };
    }

    it("gets every message in its order, also of the time in which it was down, with its id each time", async () => {
      const { got, tried, address } = await webhook(2);
      expect(await told("--webhook", address)).to.deep.equal([]);
      await send(await forfeit());
      await send(await forfeit(5n * UNIT));
      const first = await look("--webhook", address);
      expect([first.code, first.messages.length]).to.deep.equal([1, 2]);
      expect(first.stderr).to.include("did not take message 1").and.include("status 503").and.not.include("secret-key");
      await send(await forfeit(2n * UNIT));
      expect(await look("--webhook", address))
        .to.include({ code: 1 })
        .and.to.have.property("messages")
        .with.length(1);
      expect(await look("--webhook", address)).to.include({ code: 0, stdout: "" });
      expect(got.map(({ number }) => number)).to.deep.equal([1, 2, 3]);
      expect(got.slice(0, 2)).to.deep.equal(first.messages);
      expect(tried.slice(0, 3)).to.deep.equal([got[0]!.id, got[0]!.id, got[0]!.id]);
      expect(await look("--webhook", address)).to.include({ code: 0, stdout: "" });
      expect(tried).to.have.length(5);
    });

    it("that nobody serves is named without its key, and an address that is none refused", async () => {
      expect(await told("--webhook", "http://127.0.0.1:9/secret-key")).to.deep.equal([]);
      await send(await forfeit());
      const { code, stderr } = await look("--webhook", "http://127.0.0.1:9/secret-key");
      expect(code, stderr).to.equal(1);
      expect(stderr).to.include("127.0.0.1:9").and.not.include("secret-key");
      for (const none of ["ftp://host/secret-key", "secret-key", "http://me:secret-key@host/"]) {
        const refused = await look("--webhook", none);
        expect(refused.code, none).to.equal(64);
        expect(refused.stderr).to.not.include("secret-key");
      }
    });
  });

  describe("a state", () => {
    it("of another deployment, another program, another kind, or damaged is refused by name and left as it is", async () => {
      expect(await told()).to.deep.equal([]);
      const state = file("watch.sqlite");
      const changed = (name: string, sql: string) => {
        cpSync(state, file(name));
        const db = new DatabaseSync(file(name));
        db.exec(sql);
        db.close();
        return file(name);
      };
      writeFileSync(file("text.sqlite"), "dear diary, ".repeat(100));
      for (const [other, says] of [
        [changed("docket.sqlite", "UPDATE watch SET docket = '0x01'"), "docket 0x01"],
        [changed("chain.sqlite", "UPDATE watch SET chain = 5"), "chain 5"],
        [changed("charter.sqlite", "UPDATE watch SET charter = '0x02'"), "charter entry 0x02"],
        [changed("later.sqlite", "UPDATE watch SET schema = 'sequester.audit.watch/2'"), "sequester.audit.watch/2"],
        [changed("tables.sqlite", "DROP TABLE watch"), "tables of something else"],
        [file("text.sqlite"), "a file of another kind"],
        [file("none/watch.sqlite"), "no place for a file"],
      ] as const) {
        const { code, stdout, stderr } = await look("--state", other);
        expect([code, stdout], stderr).to.deep.equal([64, ""]);
        expect(stderr).to.include(`${other} cannot be the state`).and.include(says);
      }
      expect(existsSync(file("none"))).to.equal(false);
    });

    it("is one watch's at a time", async () => {
      const first = new Memory(file("watch.sqlite"), await watchedAt(client, system.deployment));
      const { code, stderr } = await look();
      expect([code, stderr.includes("another watch uses")], stderr).to.deep.equal([64, true]);
      first.close();
      expect(await look()).to.include({ code: 0 });
    });

    it("is none unless told, and then everything that stands is told each time", async () => {
      await send(await forfeit());
      for (const _ of [1, 2]) {
        const args = ["--rpc", url, "--deployment", file("deployment.json"), "--once", "--json"];
        const { stdout } = await sequester(["audit", "watch", ...args]);
        expect(messagesIn(stdout).map(brief)).to.deep.equal(["disposal"]);
      }
    });
  });

  it("waits for blocks to settle, where that is asked for, and refuses numbers that are none", async () => {
    expect(await told("--confirmations", "2")).to.deep.equal([]);
    await send(await forfeit());
    await networkHelpers.mine();
    expect(await told("--confirmations", "2")).to.deep.equal([]);
    await networkHelpers.mine();
    expect(await told("--confirmations", "2")).to.deep.equal(["disposal"]);
    expect((await look("--confirmations", "80000")).code).to.equal(5);
    for (const [option, number] of [
      ["--confirmations", "-1"],
      ["--confirmations", "1.5"],
      ["--interval", "0"],
    ]) {
      expect((await look(option!, number!)).code, number).to.equal(64);
    }
  });

  it("goes on while the node fails, says so once, and ends with 2 when it is cancelled", async function () {
    this.timeout(60_000);
    let isDown = true;
    const faulty = await serving(() => (isDown ? new Error("the disk is full") : undefined));
    const place = ["--rpc", faulty, "--deployment", file("deployment.json"), "--state", file("watch.sqlite")];
    await send(await forfeit());
    const { child, ended } = start([COMMAND, "audit", "watch", ...place, "--interval", "1"]);
    const heard = async (stream: "stdout" | "stderr", words: string) => {
      for await (const [text] of on(child[stream]!, "data") as AsyncIterable<[string]>)
        if (text.includes(words)) return;
    };
    await heard("stderr", "the disk is full");
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    isDown = false;
    await heard("stdout", "Forfeit: proposed, scheduled");
    child.kill("SIGINT");
    const { code, stdout, stderr } = await ended;
    expect(code, stderr).to.equal(2);
    expect(stdout.split("\n")).to.have.length(2);
    expect(stderr.match(/disk is full/g)).to.have.length(1);
    expect(stderr).to.match(/Looked up to block \d+, 1 new block\.\n\nsequester: cancelled\n$/);
    expect(await look()).to.include({ code: 0, stdout: "" });
  });
});
