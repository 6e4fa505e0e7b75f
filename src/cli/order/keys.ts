// With which key: one that is named by its file, its device or, on local chains, its name. No secret is an argument.
import { readFileSync } from "node:fs";
import path from "node:path";
import { Option, type Command } from "commander";
import type { Address, Hex, PrivateKeyAccount } from "viem";
import type { Deployment } from "../../chain/deployments.ts";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { accessed, readText } from "../../base/files.ts";
import { InvalidSignerError } from "../../orders/errors.ts";
import type { Signable, Signer } from "../../signing/signer.ts";
import { NobodyToAskError, type Terminal } from "../terminal.ts";

/** What of a deployment a key is asked with. */
export type KeyPlace = Pick<Deployment, "chainId" | "addresses">;

export interface KeyOptions {
  keystore?: string;
  passwordFd?: string;
  account?: string;
  seed?: string;
  signerCommand?: string;
  signer?: string;
  p256?: string;
  rsa?: string;
  webauthn?: string;
  webauthnKey?: string;
  ledger?: string | true;
  ledgerKit?: string;
}

/** Not exactly one key was named. Exit code 64. */
export class KeyChoiceError extends SequesterError {
  override name = "KeyChoiceError";
  constructor(has: readonly string[], needs: readonly string[]) {
    super("One key is needed.", {
      code: EXIT.usage,
      metaMessages: [`has: ${has.join(" and ") || "none"}`, `needs: one of ${needs.join(", ")}`],
    });
  }
}

/** A secret was given as an argument, which everybody on the machine can read. It is not repeated. Exit code 64. */
export class SecretArgumentError extends SequesterError {
  override name = "SecretArgumentError";
  constructor(option: string) {
    super("A secret in an argument can be read by everybody on this machine.", {
      code: EXIT.usage,
      metaMessages: [`has: ${option}`, "needs: --keystore and its hidden prompt or --password-fd, or --signer-command"],
    });
  }
}

const SECRETS = ["--private-key", "--key", "--mnemonic", "--password", "--pin"];

/** The folder of this program. */
const ROOT = path.resolve(import.meta.dirname, "../../..");

/** Adds the options that name an account; `all`: and those that name an officer of another kind. */
export function addKeys(command: Command, all = true): Command {
  command
    .option("--keystore <file>", "a key in a keystore (version 3); its password is asked for")
    .option(
      "--password-fd <n>",
      "file descriptor that the password is read from, instead of the terminal; npx passes 0 alone",
    )
    .option(
      "--account <name>",
      "on local chains alone: who acts in the case file, such as AGENCY-1, an officer, or a wallet by its name; or deployer, who has money",
    )
    .option("--seed <seed>", "the seed of --account: that of the case file, or of npm run deploy");
  if (all) {
    command
      .option("--signer-command <command>", "a token or module: digest in hexadecimal in, signature out")
      .option("--signer <bytes>", "whose signature the command makes: ERC-7913 bytes; a key's address unless told")
      .option("--p256 <file>", "a P-256 key in PEM, of an officer of the charter's P-256 verifier")
      .option("--rsa <file>", "an RSA key in PEM, of an officer of the charter's RSA verifier")
      .option("--ledger [path]", "a Ledger, by its derivation path; its first account unless told")
      .option("--ledger-kit <dir>", "where npm installed Ledger's kit; in the folder of this program unless told");
  }
  for (const secret of SECRETS)
    command.addOption(new Option(`${secret} [secret]`).hideHelp().argParser(() => refuse(secret)));
  return command;
}

function refuse(option: string): never {
  throw new SecretArgumentError(option);
}

/** The key that the options name. @throws KeyChoiceError, KeyUnusableError, LocalKeysOnlyError, NobodyToAskError */
export async function signerOf(
  options: KeyOptions,
  { chainId, addresses: { verifiers } }: KeyPlace,
  signable: Signable,
  terminal: Terminal | undefined,
): Promise<Signer> {
  const { signerCommand, signer, p256, rsa, webauthn, ledger } = options;
  requireOne(options, ["keystore", "account", "signerCommand", "p256", "rsa", "webauthn", "ledger"]);
  if (ledger !== undefined) {
    const { FIRST_ACCOUNT, ledgerSigner } = await import("../../signing/ledger.ts");
    return ledgerSigner(ledger === true ? FIRST_ACCOUNT : ledger, options.ledgerKit ?? ROOT);
  }
  if (signerCommand !== undefined) {
    const { commandSigner, keyOfCommand } = await import("../../signing/command.ts");
    if (signer === undefined) return keyOfCommand(signerCommand, signable.digest);
    return commandSigner(signerCommand, signerIn(signer), verifiers.P256);
  }
  if (webauthn !== undefined) {
    const { passkeySigner } = await import("../../signing/webauthn.ts");
    return passkeySigner(await keyText(webauthn), webauthn, await passkeyOf(options, verifiers.WebAuthn));
  }
  const file = p256 ?? rsa;
  if (file !== undefined) {
    const { p256Signer, rsaSigner } = await import("../../signing/pem.ts");
    const password = () => passwordFor(file, options, terminal);
    const text = await keyText(file);
    if (p256 !== undefined) return p256Signer(text, file, verifiers.P256, password);
    return rsaSigner(text, file, verifiers.RSA, password);
  }
  const { accountSigner } = await import("../../signing/keystore.ts");
  return accountSigner(await accountOf(options, chainId, terminal));
}

/** The officer whose passkey the options name. @throws KeyChoiceError, InvalidFileError, KeyUnusableError */
async function passkeyOf({ webauthnKey, signer }: KeyOptions, verifier: Address): Promise<Hex> {
  if ((webauthnKey === undefined) === (signer === undefined)) {
    const has = signer === undefined ? "--webauthn without its key" : "--webauthn-key and --signer";
    throw new KeyChoiceError([has], ["--webauthn with --webauthn-key", "--webauthn with --signer"]);
  }
  if (webauthnKey === undefined) return signerIn(signer!);
  const { passkeyIn } = await import("../../signing/webauthn.ts");
  return passkeyIn(await keyText(webauthnKey), webauthnKey, verifier).signer;
}

/** What a browser is asked with, where a passkey is named and its answer is not there yet. */
export async function requestOf(
  { webauthn, webauthnKey }: KeyOptions,
  { addresses: { verifiers } }: KeyPlace,
  { digest }: Signable,
): Promise<object | undefined> {
  if (webauthnKey === undefined || webauthn !== undefined) return undefined;
  const { assertionRequest, passkeyIn } = await import("../../signing/webauthn.ts");
  return assertionRequest(digest, passkeyIn(await keyText(webauthnKey), webauthnKey, verifiers.WebAuthn).id);
}

/** The account that the options name. Throws as `signerOf` does. */
export async function accountOf(
  options: KeyOptions,
  chainId: number,
  terminal: Terminal | undefined,
): Promise<PrivateKeyAccount> {
  requireOne(options, ["keystore", "account"]);
  const { keystore, account, seed } = options;
  if (keystore === undefined) {
    const { derivedAccount } = await import("../../deployment/keys.ts");
    if (seed === undefined) throw new KeyChoiceError(["--account without --seed"], ["--account with --seed"]);
    return derivedAccount(chainId, seed, account!);
  }
  const { keystoreAccount } = await import("../../signing/keystore.ts");
  const { refusePublished } = await import("../../deployment/keys.ts");
  const known = await keystoreAccount(await keyText(keystore), keystore, () =>
    passwordFor(keystore, options, terminal),
  );
  refusePublished(chainId, known.address);
  return known;
}

/** No key and no answer of a device is longer than an order. */
async function keyText(file: string): Promise<string> {
  const { MOST_BYTES } = await import("../../orders/disk.ts");
  return readText(file, MOST_BYTES);
}

/** ERC-7913 bytes. @throws InvalidSignerError */
function signerIn(text: string): Hex {
  if (/^0x(?:[0-9a-f]{2}){20,}$/i.test(text)) return text as Hex;
  throw new InvalidSignerError("--signer", text, "20 bytes or more in hexadecimal");
}

const dashed = (name: string) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

function requireOne(options: KeyOptions, names: readonly (keyof KeyOptions)[]): void {
  const has = names.filter((name) => options[name] !== undefined);
  if (has.length !== 1) throw new KeyChoiceError(has.map(dashed), names.map(dashed));
}

/** The password of a file: from the descriptor that is named, else from who sits at the terminal. */
export async function passwordFor(
  file: string,
  { passwordFd }: Pick<KeyOptions, "passwordFd">,
  terminal: Terminal | undefined,
): Promise<string> {
  if (passwordFd !== undefined) {
    const read = () => readFileSync(/^\d+$/.test(passwordFd) ? Number(passwordFd) : -1, "utf8");
    // What is no descriptor may be the password itself.
    const named = /^\d{1,3}$/.test(passwordFd) ? `--password-fd ${passwordFd}` : "--password-fd";
    return accessed(named, read, "an open file descriptor").replace(/\r?\n$/, "");
  }
  if (terminal === undefined) throw new NobodyToAskError(`--password-fd, the password of ${file}`);
  return terminal.askHidden(`Password of ${file}: `);
}
