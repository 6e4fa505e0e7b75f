import type { Address } from "viem";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { NO_APPROVALS } from "../../orders/approvals.ts";
import { amountIn as wordsOf } from "../../orders/acts/words.ts";
import { executing } from "../../orders/calls.ts";
import { bring, type BringOptions } from "../bring.ts";
import type { Surroundings } from "../operation.ts";
import { readApproved } from "../order/approved.ts";
import { chainDeskOf } from "../order/desk.ts";
import { amountIn, requireAsset } from "../order/fields.ts";
import { accountOf } from "../order/keys.ts";
import { NotReadyError, unreadiness } from "../order/refused.ts";
import { allowance, NOT_ALLOWED } from "./allowance.ts";
import { vaultOf } from "./answer.ts";

export interface DeliverOptions extends BringOptions {
  proceeds?: string;
}

/** An order that asks no wallet to deliver anything. Exit code 64. */
export class NotConvertError extends SequesterError {
  override name = "NotConvertError";
  constructor(file: string, has: string) {
    super(`${file} asks for no delivery.`, { code: EXIT.usage, metaMessages: [`has: ${has}`, "needs: a Convert"] });
  }
}

/** The key is not the wallet's that the order names. Exit code 64. */
export class OtherWalletError extends SequesterError {
  override name = "OtherWalletError";
  constructor(file: string, has: Address, needs: Address) {
    super(`${file} names another wallet; nothing was sent.`, {
      code: EXIT.usage,
      metaMessages: [`has: the key of ${has}`, `needs: the key of ${needs}`],
    });
  }
}

/**
 * The wallet that a Convert names pays what it asks for into the vault of the case, and gets the case's money for it in the same
 * transaction.
 * @throws NotReadyError before anything is sent, where more is in the way than that the wallet has allowed nothing yet
 */
export async function deliver(file: string, options: DeliverOptions, surroundings: Surroundings): Promise<void> {
  const desk = await chainDeskOf(options);
  const paid = options.proceeds === undefined ? undefined : amountIn(options.proceeds, "--proceeds", desk);
  const [approved] = await readApproved([file], { signatures: [] }, desk, surroundings, { proceeds: paid?.amount });
  const { order, scheduledBy, simulation } = approved!;
  if (order.primaryType !== "Convert") throw new NotConvertError(file, order.primaryType);
  const { caseId, asset, amount, wallet, proceedsAsset, leastProceeds } = order.message;
  if (paid !== undefined) requireAsset("--proceeds", paid.asset, proceedsAsset, desk);
  // The contracts take the proceeds last: where they lack the allowance alone, all else is right.
  const { refusal, ...allowed } = simulation;
  const tried = refusal?.error === NOT_ALLOWED ? allowed : simulation;
  const reasons = unreadiness({ ...approved!, simulation: tried }, desk);
  if (reasons.length > 0) throw new NotReadyError("Nothing was sent.", reasons);
  const account = await accountOf(options, desk.deployment.chainId, surroundings.terminal);
  if (account.address !== wallet) throw new OtherWalletError(file, account.address, wallet);

  const { addresses } = desk.deployment;
  const proceeds = paid?.amount ?? leastProceeds;
  const told = (of: Address, units: bigint) => wordsOf(of, units, desk.words);
  const sentence = `Pay ${told(proceedsAsset, proceeds)} into the vault of the case and get ${told(asset, amount)} of it.`;
  const taker = { name: "disposal", address: addresses.disposal };
  const steps = [
    ...(await allowance(desk, taker, proceedsAsset, wallet, proceeds, await vaultOf(desk, caseId))),
    { sentence, call: executing(addresses, order, scheduledBy!, NO_APPROVALS, proceeds), lacks: NOT_ALLOWED },
  ];
  await bring(steps, desk, options, surroundings, { unlocked: account });
}
