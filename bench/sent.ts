import { dataSlice, getAddress, id, type TransactionResponse } from "ethers";
import type { Address } from "viem";

/** What a transaction took. */
export interface Sent {
  gas: number;
  data: string;
}

export async function sent(sending: Promise<TransactionResponse>): Promise<Sent> {
  const transaction = await sending;
  const receipt = await transaction.wait();
  return { gas: Number(receipt!.gasUsed), data: transaction.data };
}

/** The accounts from one index up to another, in the order that lists of targets have; nobody has their keys. */
export const accounts = (from: number, to: number): Address[] =>
  Array.from({ length: to - from }, (_, i) => getAddress(dataSlice(id(`account ${from + i}`), 12)) as Address);

/** How many more targets a further one is measured by. */
export const MANY = 100;
