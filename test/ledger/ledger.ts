// A Ledger that is played by device.mjs, driven by Ledger's own kit: `npm run test:ledger` installs it and runs this.
import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import type { Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { derivedAccount } from "../../src/deployment/keys.ts";
import { digestOf, parseOrderFile, parseSignatureFile, serializeSignatureFile } from "../../src/orders/index.ts";
import { accountSigner } from "../../src/signing/keystore.ts";
import { networkHelpers, now } from "../system/chain.ts";
import { officer } from "../system/officers.ts";
import type { OfficerName } from "../system/parameters.ts";
import { sequester, serve, type Said } from "../src/cli/inProcess.ts";
import { deployWith, furnish, SEED } from "../src/cli/order/world.ts";
import { removeTemporaryFolders, temporaryFolder } from "../src/operation/folders.ts";

const KEY: Hex = `0x${"1ed6".repeat(16)}`;
const LEDGER = privateKeyToAccount(KEY);
const SENDER = derivedAccount(31_337, SEED, "relayer");
const ALICE = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const BOB = "0x90F79bf6EB2c4f870365E785982E1f101E93b906";

const deploy = () => deployWith(async () => [["FMA", "key", accountSigner(LEDGER)]]);

describe("a Ledger", function () {
  this.timeout(120_000);
  const kit = process.env.SEQUESTER_LEDGER ?? "";
  let system: Awaited<ReturnType<typeof deploy>>;
  let file: (name: string) => string;

  before(() => {
    process.env.SEQUESTER_PLAYED_KEY = KEY;
  });
  beforeEach(async () => {
    process.env.SEQUESTER_PLAYED = "";
    system = await networkHelpers.loadFixture(deploy);
    file = await furnish(temporaryFolder(), system.deployment);
    await networkHelpers.setBalance(SENDER.address, 10n ** 20n);
  });
  after(removeTemporaryFolders);

  const deployed = () => ["--deployment", file("deployment.json")];
  const done = (told: Said) => {
    expect(told.code, told.stderr).to.equal(0);
    return told;
  };
  const freeze = async (name: string, ...targets: string[]) => {
    const valid = new Date(Number(await now()) * 1000 + 86_400_000).toISOString();
    const what = targets.flatMap((target) => ["--target", target]);
    const args = ["--case", name, "--term", "1d", ...what, "--ruling", file("ruling.md"), "--valid", valid];
    const order = file(`${name}.order.json`);
    done(await sequester(["order", "new", "freeze", ...args, ...deployed(), "-o", order]));
    return order;
  };
  const digestIn = (order: string): Hex => {
    const { order: read, domain } = parseOrderFile(readFileSync(order, "utf8"), order);
    return digestOf(read, domain);
  };
  const sign = (order: string, ...more: string[]) =>
    sequester(["order", "sign", order, "--ledger", "--ledger-kit", kit, ...deployed(), "--yes", ...more]);
  const byKey = (name: OfficerName, digest: Hex): string => {
    const { address, signingKey } = officer(name);
    const at = file(`${name}.sig.json`);
    const signature = signingKey.sign(digest).serialized as Hex;
    writeFileSync(at, serializeSignatureFile({ digest, signer: address as Hex, signature }));
    return at;
  };

  it("signs the fields of an order, which the contracts execute", async () => {
    const node = await serve();
    try {
      const order = await freeze("A-1", `${ALICE}=5 KZTE`, `${BOB}=0.000007 KZTE`);
      const told = done(await sign(order));
      const signature = told.stdout.trim();
      const { signer } = parseSignatureFile(readFileSync(signature, "utf8"), signature);
      expect(signer).to.equal(LEDGER.address.toLowerCase());
      const files = [signature, ...(["FMA-1", "GPO-1"] as const).map((name) => byKey(name, digestIn(order)))];
      const sender = ["--rpc", node.url, "--account", "relayer", "--seed", SEED, "--yes"];
      done(await sequester(["order", "execute", order, "--signatures", ...files, ...deployed(), ...sender]));
      expect(await system.docket.entries()).to.equal(2n);
    } finally {
      node.server.close();
    }
  });

  it("signs the hashes where its app is too old for fields, and a bundle", async () => {
    process.env.SEQUESTER_PLAYED = "old";
    const order = await freeze("A-1", `${ALICE}=5 KZTE`);
    const signature = done(await sign(order)).stdout.trim();
    expect(parseSignatureFile(readFileSync(signature, "utf8"), signature).digest).to.equal(digestIn(order));
    process.env.SEQUESTER_PLAYED = "";
    const more = file("several");
    writeFileSync(file("targets.csv"), `case,account,asset,amount\nA-1,${ALICE},KZTE,1\nB-2,${BOB},KZTE,2\n`);
    const from = ["--from", file("targets.csv"), "--folder", more, "--ruling", file("ruling.md"), "--term", "1d"];
    done(await sequester(["order", "new", "freeze", ...from, ...deployed()]));
    const bundle = ["--bundle", more, "--ledger", "--ledger-kit", kit, ...deployed(), "--yes"];
    done(await sequester(["order", "sign", ...bundle]));
  });

  it("that refuses, and a kit that is not installed, are named and sign nothing", async () => {
    const order = await freeze("A-1", `${ALICE}=5 KZTE`);
    process.env.SEQUESTER_PLAYED = "refusing";
    const refused = await sign(order);
    expect([refused.code, refused.stdout, refused.stderr.includes("6985")]).to.deep.equal([4, "", true]);
    const missing = await sign(order, "--ledger-kit", file("nowhere"));
    expect([missing.code, missing.stdout]).to.deep.equal([4, ""]);
    expect(missing.stderr).to.include("npm install --no-save @ledgerhq/device-management-kit@1.10.0");
  });
});
