import type { NetworkConnection } from "hardhat/types/network";
import { createPublicClient, custom } from "viem";
import { verifyDeployment } from "../chain/deployments.ts";
import { EXIT, SequesterError } from "../base/errors.ts";
import { reasonOf } from "../base/files.ts";
import { endOf, type ChainEnd, type Kept } from "./keep.ts";
import { connectionFrom } from "./play/embedded.ts";

/** Played again, the calls make another chain than the one that was kept. Exit code 3. */
export class ChainDiffersError extends SequesterError {
  override name = "ChainDiffersError";
  constructor(has: string, needs: string, facts: readonly string[] = []) {
    super("The calls do not make the chain that was kept.", {
      code: EXIT.verification,
      metaMessages: [`has: ${has}`, `needs: ${needs}`, ...facts],
    });
  }
}

/**
 * Makes a kept chain anew by its calls, and holds it against the last block and the deployment that were kept with it.
 * @throws ChainDiffersError, DeploymentMismatchError
 */
export async function reopen({ chain, deployment }: Kept): Promise<NetworkConnection> {
  const connection = await connectionFrom(chain.start);
  const { provider } = connection;
  try {
    for (const [i, { method, params, refused = false }] of chain.calls.entries()) {
      const what = `${method} of call ${i + 1}`;
      await provider.request({ method, params }).then(
        () => {
          if (refused) throw new ChainDiffersError(`${what} done`, "one that is refused");
        },
        (error: unknown) => {
          if (!refused) throw new ChainDiffersError(`${what} refused: ${reasonOf(error)}`, "one that is done");
        },
      );
    }
    requireSame(await endOf(connection), chain);
    await verifyDeployment(createPublicClient({ transport: custom(provider), cacheTime: 0 }), deployment);
    return connection;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

function requireSame(has: ChainEnd, needs: ChainEnd): void {
  if (has.block === needs.block && has.hash === needs.hash) return;
  const told = ({ block, hash }: ChainEnd) => `block ${block} with the hash ${hash}`;
  const maker = ({ client, hardfork }: ChainEnd) => `${client}, ${hardfork}`;
  const facts = maker(has) === maker(needs) ? [] : [`made by: ${maker(needs)}`, `played by: ${maker(has)}`];
  throw new ChainDiffersError(told(has), told(needs), facts);
}
