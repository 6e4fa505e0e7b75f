// A security module, played by SoftHSM2 of Debian: `npm run test:hsm`. Its keys cannot be taken out.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import type { Address, Hex } from "viem";
import { signerNamed } from "../../src/cli/officer/named.ts";
import { derivedAccount } from "../../src/deployment/keys.ts";
import { digestOf, officerId, parseOrderFile, serializeSignatureFile } from "../../src/orders/index.ts";
import { commandSigner } from "../../src/signing/command.ts";
import { networkHelpers, now } from "../system/chain.ts";
import { officer } from "../system/officers.ts";
import { sequester, serve, type Said } from "../src/cli/inProcess.ts";
import { deployWith, furnish, SEED, type FurtherSeat } from "../src/cli/order/world.ts";
import { removeTemporaryFolders, temporaryFolder } from "../src/operation/folders.ts";

const MODULE = "/usr/lib/softhsm/libsofthsm2.so";
const SCRIPT = path.resolve(import.meta.dirname, "../../examples/pkcs11/sign.sh");
const PIN = "4711-0815-hsm";
const SENDER = derivedAccount(31_337, SEED, "relayer");
const ALICE = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

/** The keys of the token: what each is, and by which mechanism it signs. */
const KEYS = {
  "01": { type: "EC:prime256v1", mechanism: "ECDSA" },
  "02": { type: "rsa:2048", mechanism: "SHA256-RSA-PKCS" },
} as const;
type KeyId = keyof typeof KEYS;

describe("keys in a security module", function () {
  this.timeout(120_000);
  const token = temporaryFolder();
  const inToken = (name: string) => path.join(token, name);

  function run(command: string, ...args: string[]): void {
    const env = { ...process.env, SOFTHSM2_CONF: inToken("softhsm2.conf"), PIN };
    const { error, status, stderr } = spawnSync(command, args, { env, encoding: "utf8" });
    if (error) throw new Error(`${command} is missing: apt-get install softhsm2 opensc`, { cause: error });
    expect(status, stderr).to.equal(0);
  }
  const pkcs11 = (...args: string[]) => run("pkcs11-tool", "--module", MODULE, "--token-label", "officer", ...args);

  const command = (id: KeyId, pin = "pin") =>
    [
      `SOFTHSM2_CONF=${inToken("softhsm2.conf")}`,
      `PKCS11_MODULE=${MODULE}`,
      "PKCS11_TOKEN=officer",
      `PKCS11_KEY=${id}`,
      `PKCS11_MECHANISM=${KEYS[id].mechanism}`,
      `PKCS11_PIN_FILE=${inToken(pin)}`,
      SCRIPT,
    ].join(" ");

  before(() => {
    mkdirSync(inToken("tokens"));
    writeFileSync(inToken("softhsm2.conf"), `directories.tokendir = ${inToken("tokens")}\n`);
    writeFileSync(inToken("pin"), PIN, { mode: 0o600 });
    writeFileSync(inToken("wrong"), "0000-0000", { mode: 0o600 });
    run("softhsm2-util", "--init-token", "--free", "--label", "officer", "--pin", PIN, "--so-pin", `${PIN}-so`);
    for (const [id, { type }] of Object.entries(KEYS)) {
      pkcs11("--login", "--pin", "env:PIN", "--keypairgen", "--key-type", type, "--id", id);
      pkcs11("--read-object", "--type", "pubkey", "--id", id, "--output-file", inToken(`${id}.der`));
    }
  });
  after(removeTemporaryFolders);

  it("P-256 and RSA keys sign an order by the command of examples/pkcs11, and the contracts execute it", async () => {
    const node = await serve();
    const signers = {} as Record<KeyId, Hex>;
    const system = await deployWith(async ({ p256, rsa, webAuthn }) => {
      const seats: FurtherSeat[] = [];
      for (const [id, agency] of [
        ["01", "FMA"],
        ["02", "GPO"],
      ] as const) {
        signers[id] = await signerNamed(inToken(`${id}.der`), { P256: p256, RSA: rsa, WebAuthn: webAuthn });
        seats.push([agency, "verifier", commandSigner(command(id), signers[id], p256)]);
      }
      return seats;
    });
    const file = await furnish(temporaryFolder(), system.deployment);
    const deployed = ["--deployment", file("deployment.json")];
    const all: Said[] = [];
    const call = async (...args: string[]) => {
      all.push(await sequester([...args, ...deployed]));
      return all.at(-1)!;
    };
    const done = (told: Said) => {
      expect(told.code, told.stderr).to.equal(0);
      return told;
    };
    try {
      await networkHelpers.setBalance(SENDER.address, 10n ** 20n);
      const order = file("freeze.order.json");
      const valid = new Date(Number(await now()) * 1000 + 86_400_000).toISOString();
      const freeze = ["--case", "A-1", "--term", "1d", "--target", `${ALICE}=5 KZTE`, "--ruling", file("ruling.md")];
      done(await call("order", "new", "freeze", ...freeze, "--valid", valid, "-o", order));
      const { order: read, domain } = parseOrderFile(readFileSync(order, "utf8"), order);
      const digest = digestOf(read, domain);
      const sign = (id: KeyId, signer: Hex, pin?: string) =>
        call("order", "sign", order, "--signer-command", command(id, pin), "--signer", signer, "--yes");

      const foreign = await sign("01", signers["02"]);
      expect([foreign.code, foreign.stderr.includes("not by its signer")]).to.deep.equal([3, true]);
      const locked = await sign("01", signers["01"], "wrong");
      expect([locked.code, locked.stdout]).to.deep.equal([4, ""]);

      const files: string[] = [];
      for (const id of ["01", "02"] as const) {
        const told = done(await call("officer", "id", inToken(`${id}.der`)));
        expect(told.stdout).to.include(officerId(signers[id]));
        const signed = done(await sign(id, signers[id]));
        expect(signed.stderr).to.not.include("only the chain can tell");
        files.push(signed.stdout.trim());
      }
      const { address, signingKey } = officer("FMA-1");
      const signature = signingKey.sign(digest).serialized as Hex;
      files.push(file("fma-1.sig.json"));
      writeFileSync(files.at(-1)!, serializeSignatureFile({ digest, signer: address as Address, signature }));
      const sender = ["--rpc", node.url, "--account", "relayer", "--seed", SEED, "--yes"];
      done(await call("order", "execute", order, "--signatures", ...files, ...sender));
      expect(await system.docket.entries()).to.equal(2n);
      for (const { stdout, stderr } of all) expect(stdout + stderr).to.not.include(PIN);
    } finally {
      node.server.close();
    }
  });
});
