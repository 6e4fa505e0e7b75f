import { countOf } from "../base/words.ts";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { isAddressEqual, isHex, recoverAddress, size, slice, type Address, type Hex } from "viem";
import { lowP256 } from "./pem.ts";
import { KeyUnusableError, type Signer } from "./signer.ts";

/** The command itself is not repeated: people put PINs into such. */
const WHO = "--signer-command";

/** More than any signature in hexadecimal has. */
const MOST_CHARACTERS = 100_000;

/**
 * An officer whose key never leaves its token or module: a command, run by the shell, gets the digest in hexadecimal and
 * answers the signature in hexadecimal. What it says besides goes where this program's talk goes.
 * @param signer ERC-7913 bytes.
 */
export const commandSigner = (command: string, signer: Hex, p256: Address): Signer => ({
  signer,
  sign: async ({ digest }) => {
    const signature = await answerOf(command, digest);
    // Modules give either of the two signatures of P-256.
    return size(signer) > 20 && isAddressEqual(slice(signer, 0, 20), p256) ? lowP256(signature) : signature;
  },
});

/** The signature of a key that has not said who it is, and its address. @throws KeyUnusableError */
export async function keyOfCommand(command: string, digest: Hex): Promise<Signer> {
  const signature = await answerOf(command, digest);
  if (size(signature) !== 65) {
    throw new KeyUnusableError(
      WHO,
      `a signature of ${countOf(size(signature), "byte")}`,
      "65 bytes of a key, or --signer",
    );
  }
  const signer = await recoverAddress({ hash: digest, signature }).catch(() => {
    throw new KeyUnusableError(WHO, "a signature of nobody", "r, s and v of its own over the digest");
  });
  return { signer, sign: async () => signature };
}

async function answerOf(command: string, digest: Hex): Promise<Hex> {
  const child = spawn(command, { shell: true, stdio: ["pipe", "pipe", "inherit"] });
  let answer = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    answer += text;
    if (answer.length > MOST_CHARACTERS) child.kill();
  });
  // A command that reads nothing closes its input before the digest is written.
  child.stdin.on("error", () => {});
  child.stdin.end(`${digest}\n`);
  const [status, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  if (status !== 0) throw new KeyUnusableError(WHO, `the end with ${signal ?? `status ${status}`}`, "status 0");
  const text = answer.trim().toLowerCase();
  const signature = text.startsWith("0x") ? text : `0x${text}`;
  if (!isHex(signature) || signature.length % 2 !== 0 || size(signature) === 0) {
    throw new KeyUnusableError(WHO, "no signature", "whole bytes in hexadecimal on its standard output");
  }
  return signature;
}
