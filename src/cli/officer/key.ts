import { encryptKeystoreJson } from "ethers";
import { generatePrivateKey, privateKeyToAddress } from "viem/accounts";
import { writeNew } from "../../base/files.ts";
import { officerId } from "../../orders/approvals.ts";
import { KeyUnusableError } from "../../signing/signer.ts";
import type { Surroundings } from "../operation.ts";
import { passwordFor } from "../order/keys.ts";

export interface KeyFileOptions {
  out: string;
  passwordFd?: string;
  json?: boolean;
}

/** Less of it would be guessed by whoever gets the file. */
const LEAST_PASSWORD = 12;

/** The owner alone may read and write it. */
const PRIVATE = 0o600;

/** Makes a key that lies in a keystore and nowhere else. @throws KeyUnusableError, FileAccessError */
export async function makeKey(
  { out, json, ...options }: KeyFileOptions,
  { stdout, stderr, terminal }: Pick<Surroundings, "stdout" | "stderr" | "terminal">,
): Promise<void> {
  const password = await passwordFor(out, options, terminal);
  if (options.passwordFd === undefined && (await terminal!.askHidden("The same once more: ")) !== password) {
    throw new KeyUnusableError(out, "two passwords", "the same one twice");
  }
  if (password.length < LEAST_PASSWORD) {
    throw new KeyUnusableError(out, "a password that is too short", `${LEAST_PASSWORD} characters or more`);
  }
  const privateKey = generatePrivateKey();
  const address = privateKeyToAddress(privateKey);
  writeNew(out, `${await encryptKeystoreJson({ address, privateKey }, password)}\n`, PRIVATE);
  const id = officerId(address);
  const data = { schema: "sequester.officer-key/1", file: out, address, officerId: id };
  stdout.write(json ? `${JSON.stringify(data)}\n` : `address ${address}\nofficer ${id}\n`);
  stderr.write(
    `The key is in ${out}. Without the file and its password nobody can sign: keep a copy of both, apart.\n`,
  );
}
