import { encodeFunctionData, type Address, type Hex } from "viem";
import { abiOf } from "../../chain/artifacts.ts";
import { answerOf } from "../../chain/node.ts";
import { encodeCaseId, encodeName } from "../../orders/caseId.ts";
import { amountIn as wordsOf } from "../../orders/acts/words.ts";
import { bring, type BringOptions } from "../bring.ts";
import type { Surroundings } from "../operation.ts";
import { chainDeskOf, type ChainDesk } from "../order/desk.ts";
import { amountIn } from "../order/fields.ts";
import { accountOf } from "../order/keys.ts";
import { allowance, NOT_ALLOWED } from "./allowance.ts";

export interface AnswerOptions extends BringOptions {
  subAccount: string;
  amount: string;
}

/** The platform, which the key is of, says what it withholds in a sub-account. */
export async function acknowledge(options: AnswerOptions, surroundings: Surroundings): Promise<void> {
  const name = encodeName("--sub-account", options.subAccount);
  const desk = await chainDeskOf(options);
  const { amount, asset } = amountIn(options.amount, "--amount", desk);
  const args = [asset, name, amount] as const;
  const data = encodeFunctionData({ abi: abiOf("LicenceRegister"), functionName: "acknowledge", args });
  const sentence = `Say that ${wordsOf(asset, amount, desk.words)} are withheld in the sub-account ${options.subAccount}.`;
  await bring([{ sentence, call: toRegister(desk, data) }], desk, options, surroundings);
}

/** The platform pays what a seizure demanded of a sub-account into the vault of the case. */
export async function surrender(options: AnswerOptions & { case: string }, surroundings: Surroundings): Promise<void> {
  const [name, id] = [encodeName("--sub-account", options.subAccount), encodeCaseId(options.case)];
  const desk = await chainDeskOf(options);
  const { amount, asset } = amountIn(options.amount, "--amount", desk);
  const platform = await accountOf(options, desk.deployment.chainId, surroundings.terminal);
  const data = encodeFunctionData({
    abi: abiOf("LicenceRegister"),
    functionName: "surrender",
    args: [id, asset, name, amount],
  });
  const units = wordsOf(asset, amount, desk.words);
  const sentence = `Pay ${units} of the sub-account ${options.subAccount} into the vault of the case ${options.case}.`;
  const steps = [
    ...(await allowance(desk, registerOf(desk), asset, platform.address, amount, await vaultOf(desk, id))),
    { sentence, call: toRegister(desk, data), lacks: NOT_ALLOWED },
  ];
  await bring(steps, desk, options, surroundings, { unlocked: platform });
}

/** The vault of a case. */
export const vaultOf = ({ client, deployment: { addresses } }: ChainDesk, caseId: Hex): Promise<Address> =>
  answerOf(
    client.readContract({
      abi: abiOf("Docket"),
      address: addresses.docket,
      functionName: "vaultOf",
      args: [caseId],
    }),
  );

const registerOf = ({ deployment: { addresses } }: ChainDesk) => ({
  name: "licence register",
  address: addresses.register,
});

const toRegister = ({ deployment }: ChainDesk, data: Hex) => ({ to: deployment.addresses.register, data });
