// Long: plays whole operations.
import { expect } from "chai";
import { checksOf } from "../../../src/audit/findings.ts";
import { packOf, readPack } from "../../../src/audit/pack.ts";
import type { Address, Hex, Transaction } from "viem";
import { abiOf } from "../../../src/chain/artifacts.ts";
import { derivedAccount } from "../../../src/deployment/keys.ts";
import { readEntries } from "../../../src/journal/entries.ts";
import { ACTS, encodeCaseId } from "../../../src/orders/index.ts";
import { bundleDigestByEthers, digestOfByEthers as digestByEthers } from "../../../src/orders/digest-ethers.ts";
import { GAS_CAP } from "../../../src/operation/play/batches.ts";
import type { EmbeddedChain } from "../../../src/operation/play/embedded.ts";
import type { Operation } from "../../../src/operation/folder/readOperation.ts";
import { openChain, runOperation, type ExecutedOrder, type OperationResult } from "../../../src/operation/run.ts";
import { removeTemporaryFolders } from "./folders.ts";
import { account, smallOperation, target, TWO_CASES } from "./small.ts";
import { playedTumar } from "./tumar.ts";

/** What was sent in each block: the whole chain. */
async function blocksOf({ client }: EmbeddedChain) {
  const numbers = Array.from({ length: Number(await client.getBlockNumber()) + 1 }, (_, n) => BigInt(n));
  return Promise.all(numbers.map((blockNumber) => client.getBlock({ blockNumber, includeTransactions: true })));
}

describe("Operation Tumar, run", function () {
  this.timeout(120_000);
  let operation: Operation;
  let chain: EmbeddedChain;
  let result: OperationResult;
  let transactions: Transaction[];
  let blockOf: Map<Hex, bigint>;
  /** An order per case and asset of which something is left in the end, and four before. */
  let forfeits: number;

  before(async () => {
    ({ operation, chain, result } = await playedTumar());
    transactions = (await blocksOf(chain)).flatMap((block) => block.transactions as Transaction[]);
    forfeits = result.acts.flatMap((it) => (it.act === "forfeit" ? it.disposals : [])).length;
    blockOf = new Map(transactions.map(({ hash, blockNumber }) => [hash, blockNumber!]));
  });

  const amounts = (asset: string, wanted: (id: string, address: Address) => boolean = () => true) =>
    operation.cases
      .flatMap(({ id, targets }) => targets.filter((it) => it.asset === asset && wanted(id, it.account)))
      .reduce((sum, { amount }) => sum + amount, 0n);

  it("ends with the totals of the scenario and no difference", () => {
    const { targets, cases, arrested, lapsed, difference } = result.statement;
    expect({ targets, cases, arrested, lapsed, difference }).to.deep.equal({
      targets: 363,
      cases: 81,
      arrested: 352,
      lapsed: 11,
      difference: "0",
    });
    expect(result.statement.block.time).to.equal("2026-08-11T06:00:00Z");
  });

  it("accounts for every base unit as the folder's own figures do", () => {
    const sum = (list: readonly { asset: string; amount: bigint }[], asset: string) =>
      list.reduce((total, it) => (it.asset === asset ? total + it.amount : total), 0n);
    const holdings = (act: "lift" | "return") =>
      result.acts.flatMap((it) => (it.act === act ? it.orders.flatMap((order) => [...order.holdings]) : []));
    const ended = result.acts.flatMap((it) => (it.act === "lapse" ? it.ended : []));
    const exchanged = operation.timeline.flatMap((it) => (it.act === "exchange-hold" ? [it.order] : []));
    const vetoed = new Set(operation.timeline.flatMap((it) => (it.act === "veto" ? [it.order] : [])));
    const disposals = result.acts.flatMap((it) => ("id" in it && !vetoed.has(it.id) ? it.disposals : []));
    const executions = operation.timeline.flatMap((it) => (it.act === "execute" ? [it] : []));
    const proceeds = executions.reduce((total, it) => total + (it.proceeds ?? 0n) * BigInt(it.orders.length), 0n);
    // What one victim of Operation Tumar never came for.
    const unclaimed = 13_333_335_000n;

    expect(ended.flatMap((it) => it.holdings)).to.have.length(11);
    for (const row of result.statement.assets) {
      const { symbol } = row;
      const of = (act: string) =>
        sum(
          disposals.filter((it) => it.act === act),
          symbol,
        );
      const placed = amounts(symbol) + sum(exchanged, symbol);
      const lapsed = sum(
        ended.flatMap((it) => it.holdings),
        symbol,
      );
      const [lifted, returned] = [sum(holdings("lift"), symbol), sum(holdings("return"), symbol)];
      const seized = placed - lapsed - lifted;
      const compensated = of("compensate") - (symbol === "USDT.b" ? unclaimed : 0n);
      const [converted, forfeited, transferred] = [of("convert"), of("forfeit"), of("transfer")];
      const came = seized + (symbol === "KZTE" ? proceeds : 0n);
      const sums = {
        placed,
        held: 0n,
        covered: 0n,
        lapsed,
        lifted,
        seized,
        taken: seized,
        due: 0n,
        returned,
        compensated,
        converted,
        forfeited,
        transferred,
        inCustody: came - returned - compensated - converted - forfeited - transferred,
      };
      for (const [name, sum] of Object.entries(sums)) {
        expect(row[name as keyof typeof sums], `${name} of ${symbol}`).to.equal(String(sum));
      }
      expect(row.suspense, symbol).to.equal(symbol === "USDT.b" ? "1000000000" : "0");
    }
    expect(result.statement.assets.map(({ symbol }) => symbol)).to.deep.equal(operation.assets.map((it) => it.symbol));
  });

  it("shows at least one of each: lapse, lift, appeal, exchange hold, conversion, claim, stay, veto, foreign share", () => {
    const { statement } = result;
    const counts = Object.entries(statement).flatMap(([name, list]) =>
      Array.isArray(list) && name !== "assets" && name !== "byCase" ? [[name, list.length]] : [],
    );
    expect(Object.fromEntries(counts)).to.deep.equal({
      lapses: 11,
      wrongfulHolds: 2,
      appeals: 1,
      claims: 5,
      exchangeHolds: 1,
      conversions: 6,
      transfers: 2,
      stays: 2,
      vetoes: 1,
    });
    expect(statement.wrongfulHolds[0]).to.include({ amount: "84200000000", seconds: 41 * 3_600, arrested: false });
    expect(statement.exchangeHolds[0]).to.include({
      amount: "61300000000",
      acknowledged: "61300000000",
      answeredAfter: 6 * 3_600,
      demanded: "61300000000",
      surrendered: "61300000000",
    });
    for (const conversion of statement.conversions) {
      expect(conversion).to.include({
        amount: "500000000000",
        worthAtSeizure: "273850000000000",
        leastProceeds: "272480750000000",
        proceeds: "272776950000000",
      });
    }
    expect(statement.stays.map(({ by }) => by)).to.deep.equal([["COURT"], ["KNB"]]);
    expect(statement.transfers.map(({ amount }) => amount)).to.deep.equal(["125000000000", "120000000000"]);
    const emptied = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `TUMAR-B-0${n}`);
    expect(statement.byCase.filter(({ closed }) => closed).map((it) => it.case)).to.deep.equal([
      "TUMAR-A-01",
      ...emptied,
      "TUMAR-C-05",
      "TUMAR-D-07",
      "TUMAR-D-19",
    ]);
  });

  it("leaves on every holder what was not seized, or was returned", async () => {
    const moved = new Map<string, bigint>();
    const move = (asset: string, address: Address, amount: bigint) =>
      moved.set(`${asset} ${address}`, (moved.get(`${asset} ${address}`) ?? 0n) + amount);
    for (const { targets } of operation.cases) for (const it of targets) move(it.asset, it.account, it.amount);
    for (const act of result.acts) {
      if (act.act === "move") {
        // What comes was part of the target's amount.
        move(act.asset, act.from, -act.amount);
      }
      if (act.act !== "seize" && act.act !== "return") continue;
      for (const { holdings } of act.orders) {
        for (const it of holdings) {
          if (moved.has(`${it.asset} ${it.account}`)) {
            move(it.asset, it.account, act.act === "seize" ? -it.amount : it.amount);
          }
        }
      }
    }
    expect(moved.size).to.equal(363);
    for (const [key, needs] of moved) {
      const [asset, address] = key.split(" ") as [string, Address];
      const has = await chain.client.readContract({
        abi: abiOf("Tenge"),
        address: result.deployment.addresses.assets[asset]!,
        functionName: "balanceOf",
        args: [address],
      });
      expect(has, key).to.equal(needs);
    }
  });

  it("shows no target and no case to anyone before its own freeze", () => {
    const { quorum, docket, disposal, register } = result.deployment.addresses;
    const system = new Set([quorum, docket, disposal, register].map((it) => it.toLowerCase()));
    const officers = operation.officers.map(({ name }) => derivedAccount(31337, operation.seed, name).address);
    const silent = new Set([...officers, chain.roles.relayer].map((it) => it.toLowerCase()));

    // What has to stay secret, until which block.
    const secrets = new Map<string, bigint>();
    for (const { order, transaction } of result.orders) {
      const block = blockOf.get(transaction)!;
      const held =
        order.primaryType === "Freeze"
          ? [order.message.caseId, ...order.message.targets.map((it) => it.account)]
          : order.primaryType === "Arrest"
            ? order.message.place.map((it) => it.account)
            : [];
      for (const secret of held) secrets.set(secret.slice(2).toLowerCase(), block);
    }
    expect(secrets.size).to.equal(363 + 81);

    let checked = 0;
    for (const { from, to, input, blockNumber, hash } of transactions) {
      const afterInstall = blockNumber! > BigInt(result.deployment.block);
      const isPublic = afterInstall && to !== null && system.has(to.toLowerCase());
      if (!isPublic && !silent.has(from.toLowerCase())) continue;
      checked++;
      const text = input.toLowerCase();
      const leaked = [...secrets].filter(([secret, block]) => block > blockNumber! && text.includes(secret));
      expect(leaked, `transaction ${hash} in block ${blockNumber}`).to.deep.equal([]);
    }
    // One of each bundle, the other orders, what strangers and the platforms do, and what was refused.
    expect(checked).to.be.above(new Set(result.orders.map(({ transaction }) => transaction)).size);
    // The search would find a leak: each secret stands in the transaction of its freeze.
    for (const [secret, block] of secrets) {
      const sent = transactions.filter(({ blockNumber }) => blockNumber === block);
      expect(sent.some(({ input }) => input.includes(secret))).to.equal(true);
    }
  });

  for (const [act, most] of [
    ["Freeze", 2],
    ["Arrest", 1],
    ["Seize", 3],
  ] as const) {
    it(`is signed and brought in as few transactions as the gas cap allows: ${act}`, async () => {
      // The seizure of one case stands apart in the timeline: an officer leaves.
      const own = result.orders.filter((order) => order.act === act && order.bundle !== undefined);
      expect(own).to.have.length(act === "Seize" ? 80 : 81);
      const [{ bundle }] = own as [ExecutedOrder];
      for (const order of own) expect(order.bundle).to.equal(bundle);
      expect(bundle!.leaves).to.deep.equal(own.map(({ digest }) => digest));
      expect(bundleDigestByEthers(bundle!)).to.equal(bundle!.digest);
      expect(new Set(own.map(({ approvals }) => approvals.keys)).size).to.equal(1);

      const hashes = new Set(own.map(({ transaction }) => transaction));
      let gas = 0n;
      for (const hash of hashes) gas += (await chain.client.getTransactionReceipt({ hash })).gasUsed;
      expect(hashes.size).to.equal(most);
      expect(gas > GAS_CAP * BigInt(most - 1), `${gas} gas would fit into fewer`).to.equal(true);
    });
  }

  it("is approved by no more officers than the rule needs, and brought by a relayer that is none of them", () => {
    const least = {
      Freeze: 3,
      Arrest: 3,
      Lift: 2,
      LiftArrested: 2,
      Seize: 4,
      Return: 2,
      ExchangeHold: 3,
      Forfeit: 3,
      Compensate: 3,
      Convert: 5,
      Transfer: 6,
      Stay: 1,
      Veto: 1,
      License: 2,
      Dismiss: 2,
    };
    const counts = new Map<string, number>();
    const senders = new Map(transactions.map(({ hash, from }) => [hash, from]));
    for (const { act, approvedBy, approvals, transaction, order, digest } of result.orders) {
      expect(approvedBy, act).to.have.length(least[act as keyof typeof least]);
      expect(approvals.keys.length).to.equal(2 + 130 * approvedBy.length);
      expect(senders.get(transaction)).to.equal(chain.roles.relayer.toLowerCase());
      expect(digestByEthers(order, result.deployment.domain)).to.equal(digest);
      counts.set(act, (counts.get(act) ?? 0) + 1);
    }
    expect(Object.fromEntries(counts)).to.deep.equal({
      Freeze: 81,
      Arrest: 81,
      Lift: 1,
      LiftArrested: 1,
      Seize: 81,
      Return: 6,
      ExchangeHold: 1,
      Forfeit: forfeits,
      Compensate: 1,
      Convert: 6,
      Transfer: 2,
      Stay: 2,
      Veto: 1,
      License: 2,
      Dismiss: 1,
    });
  });

  it("keeps the sentence of every order as its officers read it", () => {
    const about = new Set(["License", "Dismiss", "Stay", "Veto"]);
    for (const { act, case: id, sentence } of result.orders) {
      if (!about.has(act)) expect(sentence).to.include(JSON.stringify(id));
    }
    const last = result.orders.filter(({ act, case: id }) => act === "Return" && id === "TUMAR-A-01").at(-1)!.sentence;
    expect(last).to.match(/^Return in case "TUMAR-A-01".* USDT\.b to 0x[0-9a-fA-F]{40}/);
  });

  it("is one entry of the journal per order and per act of a stranger", async () => {
    const { docket } = result.deployment.addresses;
    const entries = await readEntries(chain.client, docket, { toBlock: await chain.client.getBlockNumber() });
    const counts = new Map<number, number>();
    for (const { act } of entries) counts.set(act, (counts.get(act) ?? 0) + 1);
    const orders = { [ACTS.Freeze]: 81, [ACTS.Arrest]: 81, [ACTS.Lift]: 1, [ACTS.LiftArrested]: 1, [ACTS.Seize]: 81 };
    expect(Object.fromEntries(counts)).to.deep.equal({
      [ACTS.install]: 1,
      ...orders,
      [ACTS.Return]: 6,
      [ACTS.ExchangeHold]: 1,
      [ACTS.Dismiss]: 1,
      [ACTS.Forfeit]: forfeits,
      [ACTS.Compensate]: 1,
      [ACTS.Convert]: 6,
      [ACTS.Transfer]: 2,
      [ACTS.Stay]: 2,
      [ACTS.Veto]: 1,
      [ACTS.License]: 2,
      [ACTS.appeal]: 1,
      [ACTS.acknowledge]: 1,
      // Of all but the one that was vetoed.
      [ACTS.execute]: forfeits - 1 + 1 + 6 + 2,
      [ACTS.claim]: 5,
      [ACTS.unreserve]: 1,
      [ACTS.surrender]: 2,
      [ACTS.lapse]: 8,
      [ACTS.book]: 1,
    });
    const strangers = entries.filter(({ act }) => [ACTS.lapse, ACTS.book].includes(act as never));
    expect(strangers.every(({ officerIds }) => officerIds.length === 0)).to.equal(true);
  });

  it("plays each act in its second", async () => {
    const { docket, assets } = result.deployment.addresses;
    const [installed, ...entries] = await readEntries(chain.client, docket, {
      toBlock: await chain.client.getBlockNumber(),
    });
    expect(Number(installed!.timestamp)).to.be.below(operation.start);
    const played = new Set(entries.map(({ timestamp }) => Number(timestamp) - operation.start));
    // What is refused, and what no contract of the system sees.
    const silent = new Set(["attempt", "move", "deposit"]);
    const told = operation.timeline.filter(({ act }) => !silent.has(act));
    expect([...played]).to.deep.equal([...new Set(told.map(({ at }) => at))]);

    const read = { abi: abiOf("Docket"), address: docket } as const;
    const caseId = encodeCaseId("TUMAR-D-07");
    expect(await chain.client.readContract({ ...read, functionName: "caseOf", args: [caseId] })).to.include({
      hasVault: true,
    });
    for (const { asset, account } of operation.cases.find(({ id }) => id === "TUMAR-D-07")!.targets) {
      const args = [assets[asset]!, account] as const;
      const [held] = await chain.client.readContract({ ...read, functionName: "heldOf", args });
      const { left } = await chain.client.readContract({ ...read, functionName: "moneyOf", args: [caseId, args[0]] });
      expect([held, left]).to.deep.equal([0n, 0n]);
    }
  });
});

describe("runOperation", function () {
  this.timeout(120_000);
  after(removeTemporaryFolders);

  it("gives every act the amounts that are live by then", async () => {
    const { acts } = await runOperation({ operation: smallOperation() });
    const amounts = acts.flatMap((it) =>
      it.act === "arrest" || it.act === "seize"
        ? it.orders.map((order) => [it.act, order.case, order.holdings.map(({ amount }) => amount)])
        : [],
    );
    expect(amounts).to.deep.equal([
      ["arrest", "ONE", [10_000n]],
      ["arrest", "TWO", [3_000n, 700n]],
      ["seize", "TWO", [3_000n, 700n]],
    ]);
    expect(acts.flatMap((it) => (it.act === "book" ? it.deposits : []))).to.deep.equal([
      { case: "TWO", asset: "USDX", amount: 300n },
    ]);
  });

  it("holds to the last second of a term, and records a lapse once", async () => {
    const [freeze, arrest, ...more] = TWO_CASES.timeline;
    const lapse = { at: "11d", act: "lapse" } as const;
    const late = { ...arrest!, at: "10d" };
    const operation = smallOperation({ timeline: [freeze!, late, lapse, lapse, ...more] });
    const { acts, statement } = await runOperation({ operation });
    const ended = acts.flatMap((it) => (it.act === "lapse" ? [it.ended.map((of) => of.holdings)] : []));
    expect(ended).to.deep.equal([[[{ asset: "KZTE", account: account(2), amount: 5_050n }]], []]);
    expect([statement.arrested, statement.lapsed]).to.deep.equal([3, 1]);
  });

  it("makes the same orders of the same folder, whenever it runs", async () => {
    const [first, second] = [
      await runOperation({ operation: smallOperation() }),
      await runOperation({ operation: smallOperation() }),
    ];
    expect(first.orders.map(({ digest }) => digest)).to.deep.equal(second.orders.map(({ digest }) => digest));
    const other = await runOperation({ operation: smallOperation({ seed: "another" }) });
    expect(other.orders.map(({ digest }) => digest)).to.not.include.members([first.orders[0]!.digest]);
  });

  it("tells what it does, step by step, and at the end of each what it came to", async () => {
    const steps: string[] = [];
    await runOperation({
      operation: smallOperation(),
      progress: ({ step, done, total, result }) => {
        expect(done).to.be.within(0, total);
        if (result !== undefined) steps.push(step);
      },
    });
    const acts = ["freeze", "arrest", "lift", "seize", "deposit", "book", "return"];
    expect(steps).to.deep.equal(["deploy", "fund", ...acts, "statement"]);
  });

  it("proves its end where that is asked for: a pack that is verified against the hash of the statement's block", async () => {
    const { pack, statement } = await runOperation({ operation: smallOperation(), prove: true });
    expect(pack!.shown.header.hash).to.equal(statement.block.hash);
    const again = await readPack(pack!.bytes);
    expect(checksOf(again, { blockHash: statement.block.hash }).filter(({ right }) => !right)).to.deep.equal([]);
    // Of another order of names the same bytes.
    const { deployment } = pack!.evidence;
    const assets = Object.fromEntries(Object.entries(deployment.addresses.assets).reverse());
    const turned = { ...deployment, addresses: { ...deployment.addresses, assets } };
    const bytes = (await packOf({ ...pack!.evidence, deployment: turned })).bytes;
    expect(Buffer.from(bytes).equals(Buffer.from(pack!.bytes))).to.equal(true);
  });

  it("divides what is too large for one transaction, and no further than it must", async () => {
    const operation = smallOperation({
      targets: Array.from({ length: 600 }, (_, n) => target("LARGE", n, "10")),
      timeline: [
        { at: "0d", act: "freeze", cases: "*" },
        { at: "9d", act: "arrest", cases: "*", until: "100d" },
        { at: "10d", act: "seize", cases: "*" },
      ],
      expect: { targets: 600, cases: 1, arrested: 600, lapsed: 0 },
    });
    const chain = await openChain(operation);
    try {
      const { statement, orders } = await runOperation({ operation, chain });
      expect(orders.filter(({ act }) => act === "Seize")).to.have.length.above(1);
      expect(statement).to.include({ targets: 600, cases: 1, arrested: 600, difference: "0" });
      expect(statement.assets[0]).to.include({ placed: "600000", seized: "600000", inCustody: "600000" });
      for (const act of ["Freeze", "Arrest", "Seize"]) {
        const own = orders.filter((order) => order.act === act);
        let gas = 0n;
        for (const { transaction } of own) {
          const { gasUsed } = await chain.client.getTransactionReceipt({ hash: transaction });
          expect(gasUsed <= GAS_CAP, act).to.equal(true);
          gas += gasUsed;
        }
        const least = Number((gas + GAS_CAP - 1n) / GAS_CAP);
        // What is cleared is refunded at the end, up to a fifth: a seizure needs more gas than it uses.
        const most = act === "Seize" ? Number((gas * 5n) / 4n / GAS_CAP) + 1 : least;
        expect(own.length, `${act}: ${gas} gas`).to.be.within(least, most);
        expect(new Set(own.map(({ transaction }) => transaction)).size).to.equal(own.length);
      }
    } finally {
      await chain.close();
    }
  });
});
