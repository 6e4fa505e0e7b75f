import { generateKeyPairSync } from "node:crypto";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  globSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { expect } from "chai";
import { decryptKeystoreJson } from "ethers";
import { concat, type Hex } from "viem";
import { privateKeyToAccount, privateKeyToAddress } from "viem/accounts";
import { derivedAccount } from "../../../../src/deployment/keys.ts";
import {
  digestOf,
  officerId,
  parseOrderFile,
  serializeOrderFile,
  serializeSignatureFile,
  type Order,
} from "../../../../src/orders/index.ts";
import { networkHelpers, reach } from "../../../system/chain.ts";
import { officer } from "../../../system/officers.ts";
import type { OfficerName } from "../../../system/parameters.ts";
import { removeTemporaryFolders, temporaryFolder } from "../../operation/folders.ts";
import { Passkey } from "../order/passkey.ts";
import { answering, sequester, serve, type Said } from "../inProcess.ts";
import { deployKinds, furnish, KEYSTORE_KEY, SEED, type Kinds } from "../order/world.ts";

const SECRET = "a password of the tests";
const SENDER = derivedAccount(31_337, SEED, "relayer");

/** What `officer rotate --json` tells. */
interface Step {
  is: string;
  order?: string;
  told: string[];
  next: string[];
}

describe("sequester officer", function () {
  this.timeout(120_000);
  let system: Kinds;
  let node: Awaited<ReturnType<typeof serve>>;
  let file: (name: string) => string;

  before(async () => {
    node = await serve();
  });
  beforeEach(async () => {
    system = await networkHelpers.loadFixture(deployKinds);
    file = await furnish(temporaryFolder(), system.deployment);
    await networkHelpers.setBalance(SENDER.address, 10n ** 20n);
  });
  after(() => {
    node.server.close();
    removeTemporaryFolders();
  });

  const deployed = () => ["--deployment", file("deployment.json")];
  const done = (told: Said) => {
    expect(told.code, told.stderr).to.equal(0);
    return told;
  };
  /** A descriptor from which the password is read. */
  const descriptor = (text = SECRET): string => {
    writeFileSync(file("descriptor"), `${text}\n`);
    return String(openSync(file("descriptor"), "r"));
  };
  const newKey = async () => {
    const args = ["officer", "key", "-o", file("new.json"), "--password-fd", descriptor(), "--json"];
    return JSON.parse(done(await sequester(args)).stdout) as { address: Hex; officerId: Hex };
  };

  describe("key", () => {
    it("makes a keystore for its owner alone, by a password that is typed twice and nowhere shown", async () => {
      const terminal = answering(SECRET, SECRET);
      const told = done(await sequester(["officer", "key", "-o", file("new.json")], terminal));
      expect(terminal.asked).to.deep.equal([`Password of ${file("new.json")}: `, "The same once more: "]);
      const { privateKey } = await decryptKeystoreJson(readFileSync(file("new.json"), "utf8"), SECRET);
      const address = privateKeyToAddress(privateKey as Hex);
      expect(told.stdout).to.equal(`address ${address}\nofficer ${officerId(address)}\n`);
      expect(told.stdout + told.stderr)
        .to.not.include(SECRET)
        .and.not.include(privateKey.slice(2));
      expect(statSync(file("new.json")).mode & 0o077).to.equal(0);
    });

    it("takes no password that is short or differs, and writes over no file", async () => {
      const make = (name: string, ...answers: string[]) =>
        sequester(["officer", "key", "-o", file(name)], answering(...answers));
      for (const [answers, says] of [
        [["hunter2", "hunter2"], "too short"],
        [[SECRET, `${SECRET}!`], "the same one twice"],
      ] as const) {
        const told = await make("new.json", ...answers);
        expect([told.code, told.stderr.includes(says), told.stderr.includes(answers[0])]).to.deep.equal([
          4,
          true,
          false,
        ]);
      }
      expect(existsSync(file("new.json"))).to.equal(false);
      const before = readFileSync(file("officer.json"), "utf8");
      expect((await make("officer.json", SECRET, SECRET)).code).to.equal(64);
      expect(readFileSync(file("officer.json"), "utf8")).to.equal(before);
      expect((await sequester(["officer", "key", "-o", file("new.json")])).code).to.equal(64);
    });
  });

  it("id tells who is an officer by a keystore, a key or certificate, a passkey, or bytes", async () => {
    const [keystore, p256, rsa] = system.signers as [Hex, Hex, Hex];
    const { verifiers } = system.deployment.addresses;
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const { x, y } = publicKey.export({ format: "jwk" });
    const word = (text: string) => `0x${Buffer.from(text, "base64url").toString("hex")}` as const;
    writeFileSync(file("public.der"), publicKey.export({ type: "spki", format: "der" }));
    writeFileSync(file("passkey.json"), new Passkey().created());
    const id = async (key: string) => {
      const told = done(await sequester(["officer", "id", key, ...deployed(), "--json"]));
      return JSON.parse(told.stdout) as { signer: Hex; officerId: Hex };
    };
    for (const [key, signer] of [
      [file("officer.json"), keystore],
      [file("p256.pem"), p256],
      [file("rsa.pem"), rsa],
      [file("public.der"), concat([verifiers.P256, word(x!), word(y!)])],
      [p256, p256],
    ] as const) {
      const told = await id(key);
      expect([told.signer.toLowerCase(), told.officerId]).to.deep.equal([signer.toLowerCase(), officerId(signer)]);
    }
    expect((await id(file("passkey.json"))).signer).to.match(new RegExp(`^${verifiers.WebAuthn}`, "i"));
    const none = await sequester(["officer", "id", file("ruling.md"), ...deployed()]);
    expect([none.code, none.stdout]).to.deep.equal([4, ""]);
  });

  describe("rotate", () => {
    const rotate = (old: string, key: string, folder: string, ...more: string[]) => {
      const keys = ["--old", old, "--new", key, "--ruling", file("ruling.md")];
      return sequester(["officer", "rotate", ...keys, "--rpc", node.url, ...deployed(), "-o", file(folder), ...more]);
    };
    const rotation = (...more: string[]) => rotate(system.signers[0]!, file("new.json"), "rotation", ...more);
    const step = async () => JSON.parse(done(await rotation("--json")).stdout) as Step;
    const digestIn = (order: string): Hex => {
      const { order: read, domain } = parseOrderFile(readFileSync(order, "utf8"), order);
      return digestOf(read, domain);
    };
    const approve = (order: string, ...names: OfficerName[]) => {
      const digest = digestIn(order);
      for (const name of names) {
        const { address, signingKey } = officer(name);
        const signature = signingKey.sign(digest).serialized as Hex;
        const text = serializeSignatureFile({ digest, signer: address as Hex, signature });
        writeFileSync(file(`rotation/${digest.slice(2, 8)}.${name}.sig.json`), text);
      }
    };
    /** The command that a step tells, with the shell's stars and the sender filled in. */
    const execute = async ({ next }: Step) => {
      const [call] = next;
      expect(call).to.match(/^order execute /);
      const words = call!.replace("--keystore SENDER", `--account relayer --seed ${SEED} --yes`).split(" ");
      done(await sequester(words.flatMap((word) => (word.includes("*") ? globSync(word) : [word]))));
    };
    const seat = async (id: Hex) => (await system.quorum.officer(id)).map(Number);

    it("leads from the Admit over its delay to the Dismiss, by the steps that it tells", async () => {
      const { address, officerId: id } = await newKey();
      const old = officerId(privateKeyToAddress(KEYSTORE_KEY));
      const first = await step();
      expect([first.is, first.told.length]).to.deep.equal(["admit", 2]);
      expect(first.told[0]).to.include("lacks the consent of the new key");
      expect(first.told[1]).to.include("lacks ");
      expect(first.next[0]).to.match(/^order sign .*admit\.\w+\.order\.json --rulings /);

      approve(first.order!, "FMA-1", "FMA-2", "COURT-1", "COURT-2", "GPO-1", "GPO-2");
      const unconsented = await step();
      expect([unconsented.order, unconsented.told.length]).to.deep.equal([first.order, 1]);
      const key = ["--keystore", file("new.json"), "--password-fd", descriptor(), "--yes", ...deployed()];
      const consent = done(await sequester(["order", "sign", first.order!, ...key, "--rpc", node.url]));
      expect(consent.stderr).to.match(/^Signed by 0x[0-9a-f]{40}, whose consent it needs\.$/m);
      const ready = await step();
      expect(ready.told[0]).to.include("has all its approvals");
      await execute(ready);

      const waiting = await step();
      expect([waiting.is, waiting.next]).to.deep.equal(["admit", []]);
      expect(waiting.told[0]).to.match(/waits .* until/);
      const { start } = await system.quorum.delayedOf(digestIn(first.order!));
      await reach(start);
      const due = await step();
      expect(due.told[0]).to.include("may be executed now");
      await execute(due);
      expect(await seat(id)).to.deep.equal([1, 0]);

      const second = await step();
      expect([second.is, second.told.length]).to.deep.equal(["dismiss", 1]);
      approve(second.order!, "COURT-1", "GPO-1");
      await execute(await step());
      expect([await seat(old), await seat(id)]).to.deep.equal([
        [0, 0],
        [1, 0],
      ]);
      expect((await step()).is).to.equal("done");
      expect(done(await rotation()).stdout).to.include("nothing is left to do");
      const back = await rotate(address, file("officer.json"), "back");
      expect([back.code, back.stderr.includes("a dismissal, which is for ever")]).to.deep.equal([64, true]);
    });

    it("writes a new order where the other ended unused, and nothing by --dry-run", async () => {
      await newKey();
      const dry = done(await rotation("--dry-run"));
      expect(dry.stderr).to.match(/^Admit as an officer of FMA/);
      expect(existsSync(file("rotation"))).to.equal(false);
      const first = await step();
      await networkHelpers.time.increase(8 * 86_400);
      expect((await step()).order).to.not.equal(first.order);
    });

    it("dismisses nobody whom no other key follows, and begins no second change of a key in one folder", async () => {
      await newKey();
      const same = await rotate(system.signers[0]!, file("officer.json"), "rotation");
      expect([same.code, same.stdout, existsSync(file("rotation"))]).to.deep.equal([64, "", false]);
      expect(same.stderr).to.include("one key as the old and the new one");
      await step();
      // Between two steps a thief puts a key of its own into the file.
      const { address } = privateKeyToAccount(`0x${"77".repeat(32)}`);
      writeFileSync(file("new.json"), JSON.stringify({ address }));
      const swapped = await rotation();
      expect([swapped.code, swapped.stdout, readdirSync(file("rotation")).length]).to.deep.equal([64, "", 1]);
      expect(swapped.stderr).to.include("another officer's order");
    });

    it("goes on with no order that rests on another paper or names another kind of officer", async () => {
      await newKey();
      const first = await step();
      writeFileSync(file("ruling.md"), "# Another ruling\n");
      const second = await step();
      expect(second.order).to.not.equal(first.order);
      const { domain, order, ...more } = parseOrderFile(readFileSync(second.order!, "utf8"), "admit");
      rmSync(file("rotation"), { recursive: true });
      mkdirSync(file("rotation"));
      const message = { ...(order as Order<"Admit">).message, kind: 2 };
      const asContract = { domain, order: { primaryType: "Admit", message } as Order, ...more };
      writeFileSync(file("rotation/admit.order.json"), serializeOrderFile(asContract));
      expect((await step()).order).to.not.equal(file("rotation/admit.order.json"));
    });

    it("tells no command that does more than it says when a shell reads it, whatever others called a file", async () => {
      await newKey();
      const { order } = await step();
      const evil = file("rotation/$(touch stolen);'x' y.order.json");
      renameSync(order!, evil);
      const { next } = await step();
      const words = execFileSync("sh", ["-c", `printf '%s\\n' ${next[0]!}`], { cwd: file("."), encoding: "utf8" });
      expect(words.split("\n").slice(0, 3)).to.deep.equal(["order", "sign", evil]);
      expect(existsSync(file("stolen"))).to.equal(false);
    });

    it("refuses who never had a seat, who sits for another agency, and who sits anyway", async () => {
      await newKey();
      for (const [old, key, says] of [
        [SENDER.address, file("new.json"), "no seat"],
        [system.signers[3]!, system.signers[2]!, "agency 2"],
        // A colleague's key would leave the agency with one officer less.
        [system.signers[0]!, system.signers[1]!, "a seat of its own already"],
      ] as const) {
        const told = await rotate(old, key, "none");
        expect([told.code, told.stdout]).to.deep.equal([64, ""]);
        expect(told.stderr).to.include(says);
      }
    });
  });
});
