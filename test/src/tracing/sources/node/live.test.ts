// Long: starts nodes and indexes their chains.
import { expect } from "chai";
import hre from "hardhat";
import { encodeFunctionData, getContractAddress, parseAbi, type Hex } from "viem";
import { checkBalances, indexTransfers } from "../../../../../src/tracing/sources/node/indexTransfers.ts";
import { EndpointsDisagreeError } from "../../../../../src/tracing/sources/node/walk.ts";
import { ZERO_ADDRESS } from "../../../../../src/tracing/transfers/row.ts";
import { startNode } from "../../../../deploy/node.ts";
import { randomFrom } from "../../../orders/random.ts";
import { balancesOf, IMPATIENT, Rows, thrown } from "./chain.ts";

const ABI = parseAbi([
  "function mint(address to, uint256 amount)",
  "function transfer(address to, uint256 amount) returns (bool)",
  "function approve(address spender, uint256 amount) returns (bool)",
  "event Transfer(address indexed from, address indexed to, uint256 value)",
]);

type Node = Awaited<ReturnType<typeof startNode>>;

/** Deploys a plain ERC-20 on the node and moves it about: several transfers in a block, some blocks without any. */
async function trade({ client }: Node, seed: string) {
  const random = randomFrom(seed);
  const { bytecode } = await hre.artifacts.readArtifact("PlainToken");
  const accounts = (await client.request({ method: "eth_accounts" } as never)) as unknown as Hex[];
  const [deployer] = accounts as [Hex];
  const send = (from: Hex, to: Hex | undefined, data: Hex) =>
    client.request({ method: "eth_sendTransaction", params: [{ from, to, data, gas: "0x2dc6c0" }] } as never);
  await send(deployer, undefined, bytecode);
  const asset = getContractAddress({ from: deployer, nonce: 0n });
  await client.setAutomine(false);
  for (let block = 0; block < 30; block++) {
    const count = random.below(4);
    for (let i = 0; i < count; i++) {
      const to = random.pick(accounts);
      const amount = BigInt(random.below(1_000));
      const mint = encodeFunctionData({ abi: ABI, functionName: "mint", args: [to, amount] });
      const approve = encodeFunctionData({ abi: ABI, functionName: "approve", args: [to, amount] });
      const transfer = encodeFunctionData({ abi: ABI, functionName: "transfer", args: [to, amount / 10n] });
      await send(random.pick(accounts), asset, random.pick([mint, mint, transfer, approve]));
    }
    await client.mine({ blocks: 1 });
  }
  await client.setAutomine(true);
  return { asset, created: 1 };
}

describe("indexTransfers, of a node that runs", () => {
  let node: Node;
  let asset: Hex;
  let created: number;
  before(async () => {
    node = await startNode();
    ({ asset, created } = await trade(node, "live"));
  });
  after(() => node.stop());

  it("finds what the node's logs tell, from the asset's creation on, proved by supply and every balance", async () => {
    const rows = new Rows();
    const options = { urls: [node.url], asset, fromBlock: created, blocksPerSegment: 10, patience: IMPATIENT };
    const indexed = await indexTransfers(options, rows);
    const logs = await node.client.getContractEvents({
      address: asset,
      abi: ABI,
      eventName: "Transfer",
      fromBlock: 0n,
    });
    expect(rows.all).to.have.length.above(20);
    expect(
      rows.all.map(({ block, logIndex, hash, from, to, value }) => ({ block, logIndex, hash, from, to, value })),
    ).to.deep.equal(
      logs.map(({ blockNumber, logIndex, transactionHash, args }) => ({
        block: Number(blockNumber),
        logIndex,
        hash: transactionHash,
        from: args.from!.toLowerCase(),
        to: args.to!.toLowerCase(),
        value: args.value,
      })),
    );
    const { timestamp, hash } = await node.client.getBlock({ blockNumber: BigInt(rows.all[0]!.block) });
    expect(rows.all[0]!.time).to.equal(Number(timestamp));
    expect(hash).to.equal(logs[0]!.blockHash);
    expect(indexed).to.deep.include({ repaired: 0, unproved: [] });
    expect(indexed.supply.before).to.equal(0n);
    const balances = balancesOf(rows.all);
    expect(indexed.supply.after).to.equal(-(balances.get(ZERO_ADDRESS) ?? 0n));
    balances.delete(ZERO_ADDRESS);
    await checkBalances(options, indexed, balances);
  });

  it("needs two nodes to tell the same: the same one does, another chain with the same number does not", async () => {
    const options = { asset, fromBlock: created, patience: IMPATIENT };
    const once = await indexTransfers({ ...options, urls: [node.url] }, new Rows());
    const twice = await indexTransfers({ ...options, urls: [node.url, node.url] }, new Rows());
    expect(twice.segments).to.deep.equal(once.segments);
    const other = await startNode();
    try {
      await trade(other, "other");
      const rows = new Rows();
      await thrown(indexTransfers({ ...options, urls: [node.url, other.url] }, rows), EndpointsDisagreeError);
      expect(rows.all).to.deep.equal([]);
    } finally {
      await other.stop();
    }
  });
});
