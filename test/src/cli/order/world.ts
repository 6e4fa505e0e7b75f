import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { encryptKeystoreJson, Wallet } from "ethers";
import { privateKeyToAccount } from "viem/accounts";
import type { Deployment } from "../../../../src/chain/deployments.ts";
import { admissionsOf } from "../../../../src/deployment/charter.ts";
import { derivedAccount } from "../../../../src/deployment/keys.ts";
import { OFFICER_KINDS } from "../../../../src/orders/index.ts";
import { p256Signer, rsaSigner } from "../../../../src/signing/pem.ts";
import { orderSignable, type Signer } from "../../../../src/signing/signer.ts";
import { accountSigner } from "../../../../src/signing/keystore.ts";
import { charterFor } from "../../../system/charters.ts";
import { deployContracts } from "../../../system/deployed.ts";
import { deploymentOf } from "../../../system/deployment.ts";
import { officer, signOrder, struct } from "../../../system/officers.ts";
import { OFFICERS, type OfficerName } from "../../../system/parameters.ts";
import { UNIT } from "../../../system/money.ts";
import { deployVerifiers, type Verifiers } from "../../../system/kinds.ts";

/** Of the officer with a keystore. */
export const PASSWORD = "correct horse battery staple";
export const KEYSTORE_KEY = `0x${"5e".repeat(32)}` as const;
export const SEED = "order";

const AGENCY = { FMA: 0, KNB: 1, GPO: 2 } as const;

const noPassword = () => Promise.reject(new Error("no password is needed"));

/** Key files that are made once: RSA takes its time. */
const PEM = {
  p256: generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
    type: "pkcs8",
    format: "pem",
  }) as string,
  rsa: generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({
    type: "pkcs8",
    format: "pem",
  }) as string,
};

/**
 * The system with four more officers: FMA a key that lies in a keystore and a P-256 key, GPO an RSA key, KNB an account of
 * the seed. Alice, bob and carol have 1,000 KZTE each.
 */
export const deployKinds = () => deployWith(async () => []);

/** A seat beside the usual ones, and who signs for it. */
export type FurtherSeat = readonly [keyof typeof AGENCY, keyof typeof OFFICER_KINDS, Signer];

/** The same, with further officers. */
export async function deployWith(further: (verifiers: Verifiers) => Promise<readonly FurtherSeat[]>) {
  const system = await deployContracts();
  const { quorum, domain, issuer, tenge, addresses } = system;
  const verifiers = await deployVerifiers();
  const seats: FurtherSeat[] = [
    ["FMA", "key", accountSigner(privateKeyToAccount(KEYSTORE_KEY))],
    ["FMA", "verifier", await p256Signer(PEM.p256, "p256.pem", verifiers.p256, noPassword)],
    ["GPO", "verifier", await rsaSigner(PEM.rsa, "rsa.pem", verifiers.rsa, noPassword)],
    ["KNB", "key", accountSigner(derivedAccount(31_337, SEED, "KNB-9"))],
    ...(await further(verifiers)),
  ];
  const usual = charterFor(addresses, { verifiers: [verifiers.p256, verifiers.rsa, verifiers.webAuthn] });
  const charter = {
    ...usual,
    seats: [
      ...usual.seats,
      ...seats.map(([agency, kind, { signer }]) => ({ agency: AGENCY[agency], kind: OFFICER_KINDS[kind], signer })),
    ],
  };
  const signers = new Map(seats.map(([, , it]) => [it.signer.toLowerCase(), it]));
  const wallets = new Map(
    OFFICERS.map(({ name }) => officer(name as OfficerName)).map((wallet) => [wallet.address.toLowerCase(), wallet]),
  );
  const signatures = await Promise.all(
    admissionsOf(charter).map((admission) => {
      const signer = admission.message.signer.toLowerCase();
      const wallet = wallets.get(signer);
      if (wallet !== undefined) return signOrder(wallet, domain, admission);
      return signers.get(signer)!.sign(orderSignable(admission, domain));
    }),
  );
  const installed = await (await quorum.install(struct(charter), signatures)).wait();
  for (const holder of [system.alice, system.bob, system.carol]) {
    await tenge.connect(issuer).mint(holder, 1_000n * UNIT);
  }
  const more = { block: installed!.blockNumber, decimals: { KZTE: 6, USDX: 6 } };
  const deployment = await deploymentOf(system, verifiers, more);
  return { ...system, deployment, charter, signers: seats.map(([, , { signer }]) => signer) };
}

export type Kinds = Awaited<ReturnType<typeof deployKinds>>;

/** Writes what officers have on their machines: the deployment, a paper, keys. */
export async function furnish(dir: string, deployment: Deployment): Promise<(name: string) => string> {
  const file = (name: string) => path.join(dir, name);
  writeFileSync(file("deployment.json"), JSON.stringify(deployment));
  writeFileSync(file("ruling.md"), "# A ruling\n");
  const account = { address: new Wallet(KEYSTORE_KEY).address, privateKey: KEYSTORE_KEY };
  writeFileSync(file("officer.json"), await encryptKeystoreJson(account, PASSWORD, { scrypt: { N: 2, r: 1, p: 1 } }));
  writeFileSync(file("p256.pem"), PEM.p256);
  writeFileSync(file("rsa.pem"), PEM.rsa);
  return file;
}
