import { generateKeyPairSync } from "node:crypto";
import { openSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { encryptKeystoreJson } from "ethers";
import { getAddress, type Address, type Hex } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { officersFor } from "../../src/deployment/local.ts";
import { sequester, type Said } from "../src/cli/inProcess.ts";
import { temporaryFolder } from "../src/operation/folders.ts";
import { PARAMETERS } from "../system/parameters.ts";

export const CHAIN = 11_155_111;
export const PASSWORD = "correct horse battery staple";

/** An address that nobody has the key of. */
export const other = (byte: string): Address => getAddress(`0x${byte.repeat(20)}`);
export const [ISSUER, TREASURY] = [other("1a"), other("7e")];

/** What was said by a command that ended well. */
export const ok = (said: Said): Said => {
  expect(said.code, said.stderr).to.equal(0);
  return said;
};

/** A first officer: its row among the seats, and the options that name its key; of a Safe those of each owner who signs. */
export interface Founder {
  agency: string;
  kind: string;
  signer: string;
  keys: string[][];
}

/** A folder with the keys, the seats and the paper of a deployment, and the commands as they are called in it. */
export class Founders {
  readonly dir: string;
  readonly sender: { address: Address; file: string };
  readonly officers: Founder[];

  private constructor(dir: string, sender: { address: Address; file: string }, officers: Founder[]) {
    this.dir = dir;
    this.sender = sender;
    this.officers = officers;
  }

  /** Officers of every seat that the usual rules need: the first has a P-256 key, those after it are told or have keystores. */
  static async gather(...told: Omit<Founder, "agency">[]): Promise<Founders> {
    const dir = temporaryFolder();
    const at = (name: string) => path.join(dir, name);
    writeFileSync(at("password"), `${PASSWORD}\n`);
    writeFileSync(at("decree.md"), "# A decree\n");
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    writeFileSync(at("p256.pem"), privateKey.export({ type: "pkcs8", format: "pem" }));
    writeFileSync(at("p256.pub"), publicKey.export({ type: "spki", format: "pem" }));
    const first = { kind: "P256", signer: "p256.pub", keys: [["--p256", at("p256.pem")]] };
    const officers: Founder[] = [];
    for (const [i, { agency, name }] of officersFor(PARAMETERS).entries()) {
      const known = [first, ...told][i];
      if (known !== undefined) officers.push({ agency, ...known });
      else {
        const { file } = await newKeystore(at(`${name}.json`));
        officers.push({ agency, kind: "key", signer: `${name}.json`, keys: [["--keystore", file]] });
      }
    }
    const rows = officers.map(({ agency, kind, signer }) => `${agency},${kind},${signer}\n`);
    writeFileSync(at("seats.csv"), `agency,kind,signer\n${rows.join("")}`);
    return new Founders(dir, await newKeystore(at("deployer.json")), officers);
  }

  at = (name: string): string => path.join(this.dir, name);

  password = (file = "password"): string[] => ["--password-fd", String(openSync(this.at(file), "r"))];

  plan = (out: string, seats = this.at("seats.csv"), ...assets: string[]): Promise<Said> => {
    const who = ["--deployer", this.sender.address, "--seats", seats, "--treasury", TREASURY];
    const what = ["--paper", this.at("decree.md"), "--asset", `KZTE,6,issuer=${ISSUER},name=Tenge`, ...assets];
    return sequester(["deploy", "plan", "--chain-id", String(CHAIN), "--sign-by", "30d", "-o", out, ...who, ...what]);
  };

  run = (planFile: string, url: string, folder: string, ...more: string[]): Promise<Said> => {
    const by = ["--keystore", this.sender.file, ...this.password(), "--yes", "--json"];
    return sequester(["deploy", "run", planFile, "--rpc", url, "--dir", folder, ...by, ...more]);
  };

  sign = (charter: string, key: readonly string[], ...more: string[]): Promise<Said> =>
    sequester(["deploy", "sign", charter, ...key, ...this.password(), "--yes", ...more]);

  /** Has every officer sign, or those from the n-th on. */
  signAll = async (charter: string, from = 0): Promise<void> => {
    for (const { keys } of this.officers.slice(from)) for (const key of keys) ok(await this.sign(charter, key));
  };
}

/** A new key in a keystore that costs no time. */
export async function newKeystore(file: string): Promise<{ address: Address; file: string; privateKey: Hex }> {
  const privateKey = generatePrivateKey();
  const { address } = privateKeyToAccount(privateKey);
  writeFileSync(file, await encryptKeystoreJson({ address, privateKey }, PASSWORD, { scrypt: { N: 2, r: 1, p: 1 } }));
  return { address, file, privateKey };
}
