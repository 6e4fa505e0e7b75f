import { expect } from "chai";
import { numberToHex, type Address, type PublicClient } from "viem";
import { executorOf, ruledActs } from "../../../src/audit/evidence.ts";
import { gapsOf } from "../../../src/audit/gaps.ts";
import { readChain } from "../../../src/audit/readings.ts";
import { ruleSlot } from "../../../src/audit/slots.ts";
import { sumsOf } from "../../../src/audit/sums.ts";
import { abiOf } from "../../../src/chain/artifacts.ts";
import type { Deployment } from "../../../src/chain/deployments.ts";
import { verifyChain } from "../../../src/journal/chain.ts";
import { readEntries } from "../../../src/journal/entries.ts";
import { powersOf } from "../../../src/journal/powers.ts";
import { replay } from "../../../src/journal/replay.ts";
import { client } from "../../system/chain.ts";

/** Numbers of contracts/types/Delayed.sol. */
const STATES = { waits: 1, executed: 2, vetoed: 3 } as const;

/** What the journal alone tells is what the contracts store: holds, money, officers, rules and delayed orders. */
export async function expectStored({ chainId, addresses, ...deployment }: Deployment, what: string): Promise<void> {
  const blockNumber = await client.getBlockNumber();
  const entries = await readEntries(client, addresses.docket, { toBlock: blockNumber });
  const [state, powers] = [replay(entries), powersOf(entries)];
  const readings = await readChain(
    withFrozen(addresses.docket),
    { chainId, addresses, ...deployment },
    state,
    blockNumber,
  );
  verifyChain(entries, { chainId, docket: addresses.docket, stored: readings.head });
  expect(gapsOf(state, sumsOf(state, readings), readings), what).to.deep.equal([]);

  const quorum = { abi: abiOf("Quorum"), address: addresses.quorum, blockNumber } as const;
  for (const { id, kind, agency, dismissed } of powers.officers.values()) {
    const seat = await client.readContract({ ...quorum, functionName: "officer", args: [id] });
    const end = await client.readContract({ ...quorum, functionName: "dismissalOf", args: [id] });
    expect(seat, `${what}: officer ${id}`).to.deep.equal(dismissed ? [0, 0] : [kind, agency]);
    expect(end, `${what}: officer ${id}`).to.deep.equal([dismissed !== undefined, dismissed?.compromised ?? false]);
  }
  for (const act of ruledActs()) {
    const words = [...(powers.rules.get(act) ?? []).map(({ word }) => word), 0n];
    for (const [alternative, word] of words.entries()) {
      const slot = ruleSlot(addresses[executorOf(act)], act, alternative);
      const stored = await client.getStorageAt({ address: addresses.quorum, slot, blockNumber });
      expect(stored, `${what}: act ${act}`).to.equal(numberToHex(word, { size: 32 }));
    }
  }
  for (const { digest, act, start, deadline, state: told } of state.delayed.values()) {
    const stored = await client.readContract({ ...quorum, functionName: "delayedOf", args: [digest] });
    expect(stored, `${what}: order ${digest}`).to.include({ act, start, deadline, state: STATES[told] });
  }
}

/** A client that takes the docket's word for an asset of the tests that does not tell what is frozen. */
function withFrozen(docket: Address): PublicClient {
  const readContract = async (asked: Parameters<typeof client.readContract>[0]): Promise<unknown> => {
    if (asked.functionName !== "getFrozenTokens") return client.readContract(asked);
    return client.readContract(asked).catch(async () => {
      const args = [asked.address!, asked.args![0] as Address] as const;
      const of = { abi: abiOf("Docket"), address: docket, blockNumber: asked.blockNumber! } as const;
      return (await client.readContract({ ...of, functionName: "heldOf", args }))[0];
    });
  };
  return { ...client, readContract } as PublicClient;
}
