// Officers that are no plain keys: a passkey whose browser answers by a file, and a Safe whose owners sign one by one.
import { openSync, readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { encryptKeystoreJson, Interface, Wallet } from "ethers";
import { p256 } from "@noble/curves/p256";
import { concat, getAddress, hashTypedData, hexToBytes, slice, toHex, type Address, type Hex } from "viem";
import { derivedAccount } from "../../../../src/deployment/keys.ts";
import {
  digestOf,
  officerId,
  parseOrderFile,
  parseSignatureFile,
  parseSignatures,
  serializeSignatureFile,
  type OrderFile,
} from "../../../../src/orders/index.ts";
import { safeMessage } from "../../../../src/orders/safe.ts";
import { proofOffline } from "../../../../src/signing/check.ts";
import { passkeyIn, passkeySigner } from "../../../../src/signing/webauthn.ts";
import { networkHelpers, now } from "../../../system/chain.ts";
import { officer } from "../../../system/officers.ts";
import { safeOfficer, type SafeOfficer } from "../../../system/kinds.ts";
import { removeTemporaryFolders, temporaryFolder } from "../../operation/folders.ts";
import { Passkey, PRESENT } from "./passkey.ts";
import { sequester, serve, type Said } from "../inProcess.ts";
import { deployWith, furnish, PASSWORD, SEED } from "./world.ts";

const ALICE = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const SENDER = derivedAccount(31_337, SEED, "relayer");
const passkey = new Passkey();
let safe: SafeOfficer;

const challengeOf = (digest: Hex) => Buffer.from(hexToBytes(digest)).toString("base64url");

async function deploy() {
  safe = await safeOfficer();
  const system = await deployWith(async ({ webAuthn }) => {
    const { signer } = passkeyIn(passkey.created(), "passkey.json", webAuthn);
    const sign = ({ digest }: { digest: Hex }) =>
      passkeySigner(passkey.answer({ challenge: challengeOf(digest) }), "a", signer).sign({
        digest,
        data: {} as never,
      });
    return [
      ["FMA", "verifier", { signer, sign }],
      ["GPO", "contract", { signer: safe.signer, sign: ({ digest }) => safe.sign(digest) }],
    ];
  });
  return { ...system, safe };
}

describe("orders signed by passkeys and Safes", function () {
  this.timeout(120_000);
  let system: Awaited<ReturnType<typeof deploy>>;
  let node: Awaited<ReturnType<typeof serve>>;
  let dir: string;
  let file: (name: string) => string;
  let order: string;

  before(async () => {
    node = await serve();
  });
  beforeEach(async () => {
    system = await networkHelpers.loadFixture(deploy);
    safe = system.safe;
    dir = temporaryFolder();
    file = await furnish(dir, system.deployment);
    await networkHelpers.setBalance(SENDER.address, 10n ** 20n);
    writeFileSync(file("passkey.json"), passkey.created());
    writeFileSync(file("password"), PASSWORD);
    order = file("freeze.order.json");
    const valid = new Date(Number(await now()) * 1000 + 86_400_000).toISOString();
    const args = ["--case", "A-1", "--term", "1d", "--target", `${ALICE}=5 KZTE`, "--ruling", file("ruling.md")];
    done(await sequester(["order", "new", "freeze", ...args, "--valid", valid, ...deployed(), "-o", order]));
  });
  after(() => {
    node.server.close();
    removeTemporaryFolders();
  });

  const deployed = () => ["--deployment", file("deployment.json")];
  const atNode = () => ["--rpc", node.url, ...deployed()];
  const done = (told: Said) => {
    expect(told.code, told.stderr).to.equal(0);
    return told;
  };
  const read = (): OrderFile => parseOrderFile(readFileSync(order, "utf8"), order);
  const digest = (): Hex => digestOf(read().order, read().domain);
  const sign = (...args: string[]) => sequester(["order", "sign", order, ...args, ...deployed(), "--yes"]);
  const signed = async (...args: string[]) => done(await sign(...args)).stdout.trim();
  const execute = (signatures: readonly string[]) =>
    sequester([
      "order",
      "execute",
      order,
      ...(signatures.length === 0 ? [] : ["--signatures", ...signatures]),
      ...atNode(),
      "--account",
      "relayer",
      "--seed",
      SEED,
      "--yes",
    ]);
  const byKey = (name: "FMA-1" | "FMA-2" | "GPO-1", over = digest()): string => {
    const { address, signingKey } = officer(name);
    const at = file(`${name}.sig.json`);
    const content = { digest: over, signer: address as Hex, signature: signingKey.sign(over).serialized as Hex };
    writeFileSync(at, serializeSignatureFile(content));
    return at;
  };

  /** The keystore of an owner, and the options that open it. */
  async function keystoreOf({ address, privateKey }: Wallet): Promise<string[]> {
    const at = file(`${address}.json`);
    writeFileSync(at, await encryptKeystoreJson({ address, privateKey }, PASSWORD, { scrypt: { N: 2, r: 1, p: 1 } }));
    return ["--keystore", at, "--password-fd", String(openSync(file("password"), "r"))];
  }
  const asOwner = async (n: number) => ["--safe", safe.signer, ...(await keystoreOf(safe.owners[n]!))];

  describe("a passkey", () => {
    const key = () => ["--webauthn-key", file("passkey.json")];
    const request = async () =>
      JSON.parse(done(await sign(...key())).stdout) as { challenge: string; allowCredentials: { id: string }[] };
    const answered = async (...[flags, type]: [number?, string?]) => {
      writeFileSync(file("answer.json"), passkey.answer(await request(), flags, type));
      return [...key(), "--webauthn", file("answer.json")];
    };

    it("is asked for the digest, and its answer executes the order", async () => {
      const asked = await request();
      expect(asked).to.deep.equal({
        challenge: challengeOf(digest()),
        allowCredentials: [{ type: "public-key", id: passkey.id }],
        userVerification: "required",
      });
      const told = done(await sign(...(await answered())));
      expect(told.stderr).to.match(/^Freeze provisionally in case "A-1"/);
      const signature = told.stdout.trim();
      const offline = done(
        await sequester(["order", "verify", order, "--signatures", signature, "--offline", ...deployed()]),
      );
      expect(offline.stdout).to.include("its own; its seat was not asked").and.not.include(`Not checked: ${signature}`);
      done(await execute([signature, byKey("FMA-1"), byKey("GPO-1")]));
      expect(await system.docket.entries()).to.equal(2n);
    });

    it("that asked for no PIN, finger or face is named, and signs nothing; nor one that was asked another thing", async () => {
      for (const [flags, type, says] of [
        [PRESENT, undefined, "without user verification"],
        [0x04, undefined, "without the presence of a user"],
        [0x15, undefined, "a backup that cannot be"],
        [undefined, "webauthn.create", "another type than webauthn.get"],
      ] as const) {
        const told = await sign(...(await answered(flags, type)));
        expect([told.code, told.stdout], says).to.deep.equal([3, ""]);
        expect(told.stderr).to.include(says);
      }
      writeFileSync(file("answer.json"), passkey.answer({ challenge: challengeOf(`0x${"5a".repeat(32)}`) }));
      const other = await sign(...key(), "--webauthn", file("answer.json"));
      expect([other.code, other.stderr.includes("to another challenge")]).to.deep.equal([3, true]);
      writeFileSync(file("passkey.json"), new Passkey().created());
      const stranger = await sign(...(await answered()));
      expect([stranger.code, stranger.stderr.includes("its key did not make")]).to.deep.equal([3, true]);
    });

    it("without user verification is named and left out where signatures are merged, verified and brought", async () => {
      const own = await signed(...(await answered()));
      const { signer } = parseSignatureFile(readFileSync(own, "utf8"), own);
      const flags = passkey.answer(await request(), PRESENT);
      const signature = await passkeySigner(flags, "a", signer).sign({ digest: digest(), data: {} as never });
      writeFileSync(file("flags.sig.json"), serializeSignatureFile({ digest: digest(), signer, signature }));
      for (const more of [deployed(), atNode()]) {
        const out = file(`all-${more.length}.sig.json`);
        const merged = done(await sequester(["order", "merge", file("flags.sig.json"), own, ...more, "-o", out]));
        expect(merged.stderr).to.include(file("flags.sig.json")).and.include("without user verification");
        expect(parseSignatures(readFileSync(out, "utf8"), "all")).to.have.length(1);
      }
      const verified = await sequester(["order", "verify", order, "--offline", ...deployed(), "--signatures", dir]);
      expect([verified.code, verified.stderr.includes("without user verification")]).to.deep.equal([3, true]);
      const told = done(await execute([file("flags.sig.json"), own, byKey("FMA-1"), byKey("GPO-1")]));
      expect(told.stderr).to.include("flags.sig.json: left out");
    });

    it("writes the lower s, and is compared in its challenge, not in the page that asked", async () => {
      const { signer } = passkeyIn(passkey.created(), "passkey.json", system.deployment.addresses.verifiers.WebAuthn);
      const { verifiers } = system.deployment.addresses;
      for (let n = 0; n < 8; ++n) {
        const answer = JSON.parse(passkey.answer(await request())) as { response: { signature: string } };
        const given = p256.Signature.fromDER(Buffer.from(answer.response.signature, "base64url"));
        const twin = new p256.Signature(given.r, p256.CURVE.n - given.s);
        const both = await Promise.all(
          [given, twin].map((it) => {
            const response = { ...answer.response, signature: Buffer.from(it.toDERRawBytes()).toString("base64url") };
            const own = passkeySigner(JSON.stringify({ ...answer, response }), "a", signer);
            return own.sign({ digest: digest(), data: {} as never });
          }),
        );
        expect(both[0]).to.equal(both[1]);
        const high = concat([slice(both[0]!, 0, 32), toHex(given.hasHighS() ? given.s : twin.s), slice(both[0]!, 64)]);
        expect((await proofOffline({ digest: digest(), signer, signature: high }, verifiers)).is).to.equal("forged");
      }
      const elsewhere = passkey.answer(await request(), undefined, undefined, "https://other.example");
      writeFileSync(file("answer.json"), elsewhere);
      const own = await signed(...key(), "--webauthn", file("answer.json"));
      done(await execute([own, byKey("FMA-1"), byKey("GPO-1")]));
    });

    it("is read from no file with a name twice, or of more than a MiB", async () => {
      await answered();
      const text = readFileSync(file("answer.json"), "utf8");
      writeFileSync(file("answer.json"), text.replace('"response":', '"response":{},"response":'));
      const twice = await sign(...key(), "--webauthn", file("answer.json"));
      expect([twice.code, twice.stderr.includes("comes twice")]).to.deep.equal([64, true]);
      for (const large of ["passkey.json", "answer.json"]) {
        writeFileSync(file(large), text.padEnd(2 ** 20 + 1));
        const told = await sign(...key(), "--webauthn", file("answer.json"));
        expect([told.code, told.stderr.includes("too large")], large).to.deep.equal([64, true]);
        writeFileSync(file(large), passkey.created());
      }
    });

    it("needs its key, and files that a browser wrote", async () => {
      const [, , , answer] = await answered();
      const keyless = await sign("--webauthn", answer!);
      expect([keyless.code, keyless.stderr.includes("--webauthn with --signer")]).to.deep.equal([64, true]);
      const swapped = await sign("--webauthn-key", answer!, "--webauthn", answer!);
      expect([swapped.code, swapped.stderr.includes("response.publicKey")]).to.deep.equal([64, true]);
      const garbled = JSON.parse(readFileSync(answer!, "utf8")) as { response: { signature: string } };
      garbled.response.signature = "AAAA";
      writeFileSync(answer!, JSON.stringify(garbled));
      const broken = await sign(...key(), "--webauthn", answer!);
      expect([broken.code, broken.stderr.includes("response.signature")]).to.deep.equal([64, true]);
    });
  });

  describe("a Safe", () => {
    it("approves by the signatures of its owners, each over its own message, which merge joins and execute takes", async () => {
      const files = [await signed(...(await asOwner(1))), await signed(...(await asOwner(0)))];
      const [first] = files.map((at) => parseSignatureFile(readFileSync(at, "utf8"), at));
      expect(first!.safe).to.deep.equal({ chainId: 31_337, address: getAddress(safe.signer) });
      expect(first!.digest).to.equal(digest());
      const inner = hashTypedData(safeMessage(digest(), first!.safe!));
      const told = done(await sign(...(await asOwner(0)), "-o", file("again.sig.json"), "--rpc", node.url));
      expect(told.stderr).to.include(inner).and.include(digest());
      expect(told.stderr).to.include(`for the Safe ${getAddress(safe.signer)}, an officer of GPO`);

      const out = file("all.sig.json");
      done(await sequester(["order", "merge", ...files, ...atNode(), "-o", out]));
      const [joined, ...rest] = parseSignatures(readFileSync(out, "utf8"), "all");
      expect([joined!.signer, rest.length]).to.deep.equal([safe.signer.toLowerCase(), 0]);
      expect(joined!.signature).to.equal((await safe.sign(digest())).toLowerCase());
      const again = file("twice.sig.json");
      done(await sequester(["order", "merge", files[0]!, out, ...atNode(), "-o", again]));
      expect(readFileSync(again, "utf8")).to.equal(readFileSync(out, "utf8"));
      done(await execute([out, byKey("FMA-1"), byKey("FMA-2")]));
      expect(await system.docket.entries()).to.equal(2n);
    });

    it("counts once enough owners signed: before, status and verify say how many did", async () => {
      const one = await signed(...(await asOwner(2)));
      const keys = [byKey("FMA-1"), byKey("FMA-2")];
      const status = async (...more: string[]) =>
        done(await sequester(["order", "status", order, ...atNode(), "--signatures", ...keys, ...more]));
      const early = await status(one);
      expect(early.stdout).to.include("GPO 1");
      expect(early.stderr).to.include(`${one}: 1 of 2 owners of the Safe ${getAddress(safe.signer)} signed`);
      const offline = done(
        await sequester(["order", "verify", order, "--signatures", one, "--offline", ...deployed()]),
      );
      expect(offline.stdout).to.include(`for the Safe ${getAddress(safe.signer)}`);
      const data = done(
        await sequester(["order", "verify", order, "--signatures", one, "--offline", ...deployed(), "--json"]),
      );
      expect(data.stdout).to.include(`"safe":"${getAddress(safe.signer)}","lacking":null`);
      const kept = file("kept.sig.json");
      done(await sequester(["order", "merge", one, ...keys, "-o", kept]));
      const two = await signed(...(await asOwner(0)));
      expect((await status(kept, two)).stdout).to.match(/ready +FMA 2 \+ GPO 1/);
      done(await execute([kept, two]));
    });

    it("is not stopped by strangers, forged or broken signatures among its owners': each is named and left out", async () => {
      const files = [await signed(...(await asOwner(0))), await signed(...(await asOwner(1)))];
      const strangers = Array.from({ length: 4 }, () => new Wallet(Wallet.createRandom().privateKey));
      for (const stranger of strangers) {
        files.push(await signed("--safe", safe.signer, ...(await keystoreOf(stranger))));
      }
      const own = parseSignatureFile(readFileSync(files[0]!, "utf8"), "own");
      const forged = [
        { ...own, signature: "0x00" as Hex },
        { ...own, signature: concat([`0x${"12".repeat(64)}`, "0x1b"]) },
        { ...own, signer: safe.owners[2]!.address as Hex },
        { ...own, safe: { ...own.safe!, address: system.domain.verifyingContract } },
      ];
      for (const [i, content] of forged.entries()) {
        files.push(file(`forged-${i}.sig.json`));
        writeFileSync(files.at(-1)!, serializeSignatureFile(content));
      }
      const told = done(await execute([...files.toReversed(), byKey("FMA-1"), byKey("FMA-2")]));
      for (const bad of files.slice(2)) expect(told.stderr).to.include(`${bad}: left out`);
      for (const good of files.slice(0, 2)) expect(told.stderr).to.not.include(`${good}: left out`);
    });

    it("is not robbed of an owner's signature by a copy of it for another Safe or for none, whichever is read last", async () => {
      const one = await signed(...(await asOwner(0)));
      const two = await signed(...(await asOwner(1)));
      const keys = [byKey("FMA-1"), byKey("FMA-2")];
      const own = parseSignatureFile(readFileSync(one, "utf8"), one);
      const { safe: at, ...bare } = own;
      for (const [i, copy] of [
        bare,
        { ...own, safe: { ...at!, chainId: 1 } },
        { ...own, safe: { ...at!, address: system.domain.verifyingContract } },
      ].entries()) {
        const forged = file(`copy-${i}.sig.json`);
        writeFileSync(forged, serializeSignatureFile(copy));
        for (const all of [
          [forged, one],
          [one, forged],
        ]) {
          const given = ["--signatures", ...keys, two, ...all];
          const told = done(await sequester(["order", "status", order, ...atNode(), ...given]));
          expect(told.stdout, `copy ${i}`).to.match(/ready +FMA 2 \+ GPO 1/);
        }
      }
    });

    it("keeps, where a bundle is merged, what owners signed for the Safe of the same address on another chain", async () => {
      const parts = [await signed(...(await asOwner(0))), await signed(...(await asOwner(1)))];
      const elsewhere = { chainId: 1, address: getAddress(safe.signer) };
      const owner = safe.owners[0]!;
      const signature = owner.signingKey.sign(hashTypedData(safeMessage(digest(), elsewhere))).serialized as Hex;
      const content = { digest: digest(), signer: owner.address as Hex, signature, safe: elsewhere };
      writeFileSync(file("elsewhere.sig.json"), serializeSignatureFile(content));
      const out = file("both.sig.json");
      const joined = file("joined.sig.json");
      done(await sequester(["order", "merge", ...parts, ...atNode(), "-o", joined]));
      done(await sequester(["order", "merge", file("elsewhere.sig.json"), joined, ...atNode(), "-o", out]));
      const kept = parseSignatures(readFileSync(out, "utf8"), "both");
      expect(kept.map((it) => it.safe?.chainId).sort()).to.deep.equal([1, undefined]);
    });

    it("is asked who owns it now: a part of somebody who left, or too few since, do not count", async () => {
      const parts = [await signed(...(await asOwner(0))), await signed(...(await asOwner(1)))];
      const out = file("joined.sig.json");
      done(await sequester(["order", "merge", ...parts, ...atNode(), "-o", out]));
      const change = async (signature: string, ...args: unknown[]) => {
        const data = new Interface([`function ${signature}`]).encodeFunctionData(signature.split("(")[0]!, args);
        await (await safe.execute(safe.signer, data)).wait();
      };
      const keys = [byKey("FMA-1"), byKey("FMA-2")];
      await change("changeThreshold(uint256)", 3);
      const few = await execute([...parts, ...keys]);
      expect([few.code, few.stderr.match(/2 of 3 owners of the Safe/g)?.length]).to.deep.equal([1, 2]);
      const stale = await execute([out, ...keys]);
      expect([stale.code, stale.stderr.includes("none to which the contract says yes")]).to.deep.equal([1, true]);
      const third = await signed(...(await asOwner(2)));
      done(await execute([...parts, third, ...keys]));
    });

    it("approves by calling, too: status, verify and execute see it without a file", async () => {
      const call = done(await sequester(["order", "approve", order, ...deployed(), "--json"]));
      const { to, data } = JSON.parse(call.stdout) as { to: Address; data: Hex };
      await (await safe.execute(to, data)).wait();
      expect(await system.quorum.isApproved(digest(), officerId(safe.signer))).to.equal(true);
      const keys = [byKey("FMA-1"), byKey("FMA-2")];
      const status = done(await sequester(["order", "status", order, ...atNode(), "--signatures", ...keys]));
      expect(status.stdout).to.match(/ready +FMA 2 \+ GPO 1/);
      const verified = done(await sequester(["order", "verify", order, ...atNode(), "--signatures", ...keys]));
      expect(verified.stdout).to.include(`${safe.signer}, contract, counts, approved on chain`);
      done(await execute(keys));
    });

    it("takes the keys of accounts alone, and addresses that are whole", async () => {
      const told = await sign("--safe", safe.signer, "--p256", file("p256.pem"));
      expect([told.code, told.stderr.includes("--safe")]).to.deep.equal([4, true]);
      const cut = await sign(...(await asOwner(0)).with(1, safe.signer.slice(0, -2)));
      expect([cut.code, cut.stderr.includes("--safe")]).to.deep.equal([64, true]);
    });
  });

  it("a passkey and a Safe withdraw their approvals for ever, by an order like any other that they sign", async () => {
    const approved = order;
    const valid = new Date(Number(await now()) * 1000 + 86_400_000).toISOString();
    const cancelled = async (name: string, sign: () => Promise<string[]>) => {
      order = file(`${name}.order.json`);
      const what = ["--order", approved, "--valid", valid, ...deployed(), "-o", order];
      done(await sequester(["order", "new", "cancel", ...what]));
      const told = done(await execute(await sign()));
      expect(told.stdout).to.match(/: cancel, order /);
      order = approved;
    };
    const answer = async () => {
      const key = ["--webauthn-key", file("passkey.json")];
      const { challenge } = JSON.parse(done(await sign(...key)).stdout) as { challenge: string };
      writeFileSync(file("answer.json"), passkey.answer({ challenge }));
      return [await signed(...key, "--webauthn", file("answer.json"))];
    };
    const owners = async () => [await signed(...(await asOwner(0))), await signed(...(await asOwner(1)))];
    const approvals = [...(await answer()), ...(await owners())];
    await cancelled("passkey-cancel", answer);
    await cancelled("safe-cancel", owners);
    const told = await execute([...approvals, byKey("FMA-1"), byKey("GPO-1")]);
    expect([told.code, told.stderr.match(/the officer withdrew it/g)?.length]).to.deep.equal([1, 2]);
  });

  it("a key of a verifier is checked without a node, where the deployment names the verifier", async () => {
    const own = await Promise.all(["p256", "rsa"].map((kind) => signed(`--${kind}`, file(`${kind}.pem`))));
    const verified = done(
      await sequester(["order", "verify", order, "--offline", ...deployed(), "--signatures", ...own]),
    );
    expect(verified.stdout.match(/its own; its seat was not asked/g)).to.have.length(2);
    const content = parseSignatureFile(readFileSync(own[0]!, "utf8"), "own");
    const flipped = { ...content, signature: concat([content.signature.slice(0, -4) as Hex, "0x0102"]) };
    writeFileSync(file("flipped.sig.json"), serializeSignatureFile(flipped));
    const found = await sequester(["order", "verify", order, "--offline", ...deployed(), "--signatures", dir]);
    expect([found.code, found.stderr.includes("one that its key did not make")]).to.deep.equal([3, true]);
    const merged = done(
      await sequester(["order", "merge", file("flipped.sig.json"), ...own, ...deployed(), "-o", file("m.sig.json")]),
    );
    expect(merged.stderr).to.include("Left out").and.not.include("not shown");
  });
});
