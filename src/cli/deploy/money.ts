import { formatEther, type Address, type PublicClient } from "viem";
import { SequesterError } from "../../base/errors.ts";
import { countOf } from "../../base/words.ts";
import { answerOf } from "../../chain/node.ts";

/** The deployer could not pay for everything that is still to be sent. Exit code 1. */
export class PoorDeployerError extends SequesterError {
  override name = "PoorDeployerError";
  constructor(deployer: Address, has: bigint, needs: bigint) {
    super("The deployer cannot pay for the deployment; nothing was sent.", {
      metaMessages: [
        `who: ${deployer}`,
        `has: ${formatEther(has)} ether`,
        `needs: ${formatEther(needs)} ether at most`,
      ],
    });
  }
}

/** What gas may cost, in wei per gas. */
export interface Fees {
  maxFee?: bigint | undefined;
  priorityFee?: bigint | undefined;
}

/** The most that a unit of gas may cost, in wei: what is named, else twice what would be offered now. */
export async function mostPerGas(client: PublicClient, { maxFee, priorityFee }: Fees): Promise<bigint> {
  if (maxFee !== undefined) return maxFee;
  const { baseFeePerGas } = await answerOf(client.getBlock());
  // Chains of before EIP-1559 have one price.
  if (typeof baseFeePerGas !== "bigint") return 2n * (await answerOf(client.getGasPrice()));
  return 2n * (2n * baseFeePerGas + (priorityFee ?? (await answerOf(client.estimateMaxPriorityFeePerGas()))));
}

/** Says what transactions of so much gas cost at most. @throws PoorDeployerError */
export async function requireMoney(
  client: PublicClient,
  deployer: Address,
  gas: readonly bigint[],
  price: bigint,
  stderr: { write(text: string): unknown },
): Promise<void> {
  const needs = gas.reduce((sum, it) => sum + it, 0n) * price;
  const has = await answerOf(client.getBalance({ address: deployer }));
  stderr.write(
    `${countOf(gas.length, "transaction")} until the end by ${deployer}, ${formatEther(needs)} ether at most\n`,
  );
  if (has < needs) throw new PoorDeployerError(deployer, has, needs);
}
