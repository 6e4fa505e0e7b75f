import { getAddress, isAddress, isAddressEqual, type Address } from "viem";
import { oneLine } from "../../base/words.ts";
import { abiOf } from "../../chain/artifacts.ts";
import { answerOf } from "../../chain/node.ts";
import { entriesOf } from "../../orders/entries.ts";
import { fieldError } from "../../orders/errors.ts";
import type { Order } from "../../orders/types.ts";
import { readStops } from "../../tracing/lists/stops.ts";
import type { ChainDesk, Desk } from "./desk.ts";

/** A wallet in which the money of many lies, or of which a list says so. */
export const ServiceWalletError = fieldError("ServiceWalletError");

/** Acts that stop money where it is; the others give back or go on with what was stopped. */
const STOPPING: readonly string[] = ["Freeze", "Arrest", "Seize"];

/** What the accounts of lists are, by their lower-case address. */
export const servicesIn = (lists: readonly string[]): ReadonlyMap<string, string> =>
  new Map(readStops(lists).stops.map(({ address, kind, label }) => [address, oneLine(`${kind} ${label}`.trim())]));

/**
 * Refuses orders that stop the money of services: those of lists, unless they are `meant`, and the omnibus wallets of the
 * register, which only an Arrest that says so may touch.
 * @throws ServiceWalletError
 */
export async function refuseServices(
  orders: readonly Order[],
  services: ReadonlyMap<string, string>,
  meant: readonly string[],
  { client, deployment }: Desk & Partial<ChainDesk>,
): Promise<void> {
  const allowed = (account: Address) => meant.some((it) => isAddress(it) && isAddressEqual(it, account));
  const unasked = new Map<Address, string>();
  for (const order of orders) {
    if (!STOPPING.includes(order.primaryType)) continue;
    const asks = order.primaryType === "Freeze" || (order.primaryType === "Arrest" && !order.message.omnibus);
    for (const { at, account } of entriesOf(order)) {
      const service = services.get(account!.toLowerCase());
      if (service !== undefined && !allowed(account!)) {
        const needs = "a wallet that is no service's; or --service with it, if it is meant";
        throw new ServiceWalletError(at, `${getAddress(account!)}, ${service}`, needs);
      }
      if (asks) unasked.set(account!, at);
    }
  }
  if (client === undefined) return;
  const register = { abi: abiOf("LicenceRegister"), address: deployment.addresses.register } as const;
  await Promise.all(
    [...unasked].map(async ([account, at]) => {
      const args = [account] as const;
      if (!(await answerOf(client.readContract({ ...register, functionName: "isOmnibus", args })))) return;
      const needs = "exchange-hold, for one customer's money in it; or an arrest with --omnibus";
      throw new ServiceWalletError(at, `${getAddress(account)}, a registered omnibus wallet`, needs);
    }),
  );
}
