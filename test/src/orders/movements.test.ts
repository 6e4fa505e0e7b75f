import { expect } from "chai";
import { encodeFunctionData, erc20Abi, toHex, type Address } from "viem";
import { movementsOf } from "../../../src/orders/movements.ts";
import { client, networkHelpers } from "../../system/chain.ts";
import { deployContracts } from "../../system/deployed.ts";
import { UNIT } from "../../system/money.ts";

const ANYONE: Address = "0x000000000000000000000000000000000000c0de";

describe("movements", () => {
  async function funded() {
    const system = await deployContracts();
    await system.tenge.connect(system.issuer).mint(system.alice, UNIT);
    return system;
  }

  it("tell of each of 700 accounts its own balance and holds, however many there are", async () => {
    const { kzte, addresses, alice } = await networkHelpers.loadFixture(funded);
    const accounts = Array.from({ length: 699 }, (_, i) => toHex(0x1000_0000 + i, { size: 20 }));
    const watched = [...accounts, alice.address as Address].map((account) => ({ asset: kzte, account }));
    const data = encodeFunctionData({ abi: erc20Abi, functionName: "totalSupply" });
    const run = { stateOverride: [], blockTag: "latest" as const };
    const all = await movementsOf(client, addresses.docket, { from: ANYONE, to: kzte, data }, watched, run);
    const none = { balance: 0n, held: 0n, covered: 0n };
    expect(all?.slice(0, -1).filter(({ after }) => after.balance + after.held !== 0n)).to.deep.equal([]);
    expect([all?.[0]?.before, all?.at(-1)?.before, all?.at(-1)?.after]).to.deep.equal([
      none,
      { ...none, balance: UNIT },
      { ...none, balance: UNIT },
    ]);
  });

  it("are not told by a node that runs no program in a caller's place", async () => {
    const { kzte, addresses, alice } = await networkHelpers.loadFixture(funded);
    const deaf = {
      call: ({ stateOverride: _, ...call }: Parameters<typeof client.call>[0]) => client.call(call),
    } as unknown as typeof client;
    const data = encodeFunctionData({ abi: erc20Abi, functionName: "totalSupply" });
    const watched = [{ asset: kzte, account: alice.address as Address }];
    const run = { stateOverride: [], blockTag: "latest" as const };
    const call = { from: ANYONE, to: kzte, data };
    expect(await movementsOf(deaf, addresses.docket, call, watched, run)).to.equal(undefined);
  });
});
