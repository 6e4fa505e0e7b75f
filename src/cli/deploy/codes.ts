import type { Address, PublicClient } from "viem";
import { codeAt } from "../../audit/codes.ts";
import { placesIn } from "../../audit/evidence.ts";
import type { PerContract } from "../../chain/deployments.ts";
import { answerOf } from "../../chain/node.ts";
import { EXIT, SequesterError } from "../../base/errors.ts";

/** What was deployed is not what is compiled here. Exit code 3. */
export class OtherCodesError extends SequesterError {
  override name = "OtherCodesError";
  constructor(folder: string, differences: readonly string[]) {
    super("The contracts that were deployed are not those that are compiled here.", {
      code: EXIT.verification,
      metaMessages: [`who: ${folder}`, ...differences],
    });
  }
}

/** Contracts, and assets that were deployed with them (`own`, by symbol), that are not what is compiled here with their neighbours in it; a line each. */
export async function otherCodes(
  client: PublicClient,
  deployed: { chainId: number; addresses: PerContract<Address> },
  own: readonly string[],
): Promise<string[]> {
  const isOwn = (place: string) => !place.startsWith("assets.") || own.includes(place.slice("assets.".length));
  const looked = placesIn(deployed.addresses)
    .filter(([place]) => isOwn(place))
    .map(async ([place, address]) => {
      const code = (await answerOf(client.getCode({ address }))) ?? "0x";
      const { right, told } = codeAt(place, code, deployed);
      return right ? [] : [`${place} at ${address}: ${code === "0x" ? "has no code" : told}`];
    });
  return (await Promise.all(looked)).flat();
}
