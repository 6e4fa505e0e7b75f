import { decryptKeystoreJson, isKeystoreJson } from "ethers";
import type { Hex } from "viem";
import { privateKeyToAccount, type PrivateKeyAccount } from "viem/accounts";
import { KeyUnusableError, type Signer } from "./signer.ts";

/**
 * The account of a keystore (version 3); `file` names it in errors, `password` is asked for when the text is one.
 * @throws KeyUnusableError
 */
export async function keystoreAccount(
  text: string,
  file: string,
  password: () => Promise<string>,
): Promise<PrivateKeyAccount> {
  if (!isKeystoreJson(text)) throw new KeyUnusableError(file, "another file", "a keystore of version 3");
  const given = await password();
  try {
    const { privateKey } = await decryptKeystoreJson(text, given);
    return privateKeyToAccount(privateKey as Hex);
  } catch {
    // The cause may quote what was decrypted.
    throw new KeyUnusableError(file, "a password that does not open it, or a file that is damaged", "its password");
  }
}

/** The officer that an account is. */
export const accountSigner = (account: PrivateKeyAccount): Signer => ({
  signer: account.address,
  sign: ({ data }) => account.signTypedData(data),
});
