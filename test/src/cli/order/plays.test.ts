// Long: an operation of 81 orders from hand to hand, and every byte of its papers changed.
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { encryptKeystoreJson } from "ethers";
import { hexToBytes, type Hex } from "viem";
import { officerId } from "../../../../src/orders/index.ts";
import { passkeyIn, passkeySigner } from "../../../../src/signing/webauthn.ts";
import { derivedAccount } from "../../../../src/deployment/keys.ts";
import { UNIT } from "../../../system/money.ts";
import { networkHelpers, now } from "../../../system/chain.ts";
import { safeOfficer } from "../../../system/kinds.ts";
import { removeTemporaryFolders, temporaryFolder } from "../../operation/folders.ts";
import { TUMAR } from "../../operation/tumar.ts";
import { answering, sequester, serve, type Said } from "../inProcess.ts";
import { Passkey } from "./passkey.ts";
import { deployWith, furnish, PASSWORD, SEED } from "./world.ts";

/** Who has which key: FMA a keystore, P-256 and a passkey, GPO RSA and a Safe of whose owners two sign, KNB an account of the seed. */
const OFFICERS = {
  keystore: ["--keystore", "officer.json"],
  p256: ["--p256", "p256.pem"],
  rsa: ["--rsa", "rsa.pem"],
  account: ["--account", "KNB-9", "--seed", SEED],
  passkey: ["--webauthn-key", "passkey.json"],
  owner: ["--keystore", "owner-0.json"],
  otherOwner: ["--keystore", "owner-1.json"],
} as const;
type OfficerOf = keyof typeof OFFICERS;
const ALL = Object.keys(OFFICERS) as OfficerOf[];
const PERSONS = ["proposer", ...ALL, "verifier", "executor"] as const;
type Person = (typeof PERSONS)[number];

/** A target with the ends of another one. */
const LOOK_ALIKE = "0xb27140F18f4ee2dDfD7C0A5A080e860E71dbF90b";

const passkey = new Passkey();

async function deploy() {
  const safe = await safeOfficer();
  const system = await deployWith(async ({ webAuthn }) => {
    const { signer } = passkeyIn(passkey.created(), "passkey.json", webAuthn);
    const answer = (digest: Hex) =>
      passkey.answer({ challenge: Buffer.from(hexToBytes(digest)).toString("base64url") });
    return [
      ["FMA", "verifier", { signer, sign: (it) => passkeySigner(answer(it.digest), "a", signer).sign(it) }],
      ["GPO", "contract", { signer: safe.signer, sign: ({ digest }) => safe.sign(digest) }],
    ];
  });
  return { ...system, safe };
}

/** One folder a person; between them only files travel. */
describe("orders from hand to hand", function () {
  this.timeout(600_000);
  let system: Awaited<ReturnType<typeof deploy>>;
  let node: Awaited<ReturnType<typeof serve>>;
  let desk: string;

  before(async () => {
    node = await serve();
  });
  beforeEach(async () => {
    system = await networkHelpers.loadFixture(deploy);
    desk = temporaryFolder();
    const keys = temporaryFolder();
    const made = await furnish(keys, system.deployment);
    writeFileSync(made("passkey.json"), passkey.created());
    for (const [i, { address, privateKey }] of system.safe.owners.slice(0, 2).entries()) {
      const text = await encryptKeystoreJson({ address, privateKey }, PASSWORD, { scrypt: { N: 2, r: 1, p: 1 } });
      writeFileSync(made(`owner-${i}.json`), text);
    }
    for (const person of PERSONS) {
      mkdirSync(at(person));
      copyFileSync(made("deployment.json"), at(person, "deployment.json"));
    }
    for (const officer of ALL) {
      const file = OFFICERS[officer][1];
      if (file.includes(".")) copyFileSync(made(file), at(officer, file));
    }
    copyFileSync(made("ruling.md"), at("proposer", "ruling.md"));
    await networkHelpers.setBalance(derivedAccount(31_337, SEED, "relayer").address, 10n ** 22n);
    node.sent.splice(0);
  });
  after(() => {
    node.server.close();
    removeTemporaryFolders();
  });

  const at = (person: Person, ...names: string[]) => path.join(desk, person, ...names);
  /** What one sends and another gets: a file or a folder, as it is. */
  const mail = (from: Person, to: Person, name: string) => cpSync(at(from, name), at(to, name), { recursive: true });
  const done = (told: Said) => {
    expect(told.code, told.stderr).to.equal(0);
    return told;
  };
  const order = (person: Person, verb: string, ...args: string[]) =>
    sequester(["order", verb, ...args, "--deployment", at(person, "deployment.json")], answering("yes", PASSWORD));
  const valid = async () => new Date((Number(await now()) + 5 * 86_400) * 1000).toISOString();
  const sign = async (officer: OfficerOf, ...what: string[]) => {
    const [option, value, ...more] = OFFICERS[officer];
    const key = value.includes(".") ? [option, at(officer, value)] : [option, value, ...more];
    const safe = officer === "owner" || officer === "otherOwner" ? ["--safe", system.safe.signer] : [];
    const call = (...further: string[]) =>
      order(officer, "sign", ...what, "--rulings", at(officer), ...key, ...safe, ...further);
    if (officer !== "passkey") return call();
    const request = JSON.parse(done(await call()).stdout) as { challenge: string };
    writeFileSync(at(officer, "answer.json"), passkey.answer(request));
    return call("--webauthn", at(officer, "answer.json"));
  };
  const send = (...places: string[]) =>
    order("executor", "execute", ...places, "--rpc", node.url, "--account", "relayer", "--seed", SEED, "--yes");
  const names = (person: Person, ...inside: string[]) => readdirSync(at(person, ...inside)).sort();
  const held = async (account: string) => (await system.docket.heldOf(system.kzte, account))[0];

  /** An order of the proposer that the officers signed, with all of it at the executor and the verifier. */
  async function signedOrder(): Promise<void> {
    const what = ["freeze", "--case", "A-1", "--term", "10d", "--target", `${system.alice.address}=5 KZTE`];
    const files = ["--ruling", at("proposer", "ruling.md"), "-o", at("proposer", "freeze.order.json")];
    done(await order("proposer", "new", ...what, "--valid", await valid(), ...files));
    for (const officer of ALL) {
      for (const name of ["freeze.order.json", "ruling.md"]) mail("proposer", officer, name);
      done(await order(officer, "verify", at(officer, "freeze.order.json"), "--offline"));
      const told = done(await sign(officer, at(officer, "freeze.order.json")));
      for (const to of ["verifier", "executor"] as const) mail(officer, to, path.basename(told.stdout.trim()));
    }
    for (const to of ["verifier", "executor"] as const) {
      for (const name of ["freeze.order.json", "ruling.md"]) mail("proposer", to, name);
    }
  }

  /** The 81 orders of Tumar's targets, signed as one, with all of it at the executor and the verifier. */
  async function signedBundle(): Promise<{ orders: number; targets: string[][] }> {
    const [, ...lines] = readFileSync(path.join(TUMAR, "targets.csv"), "utf8").trim().split("\n");
    // The assets of this chain in the place of Tumar's.
    const targets = lines
      .map((line) => line.split(","))
      .map((row) => row.with(2, row[2] === "USDT.b" ? "KZTE" : "USDX"));
    const table = ["case,account,asset,amount", ...targets.map((row) => row.slice(0, 4).join())];
    writeFileSync(at("proposer", "targets.csv"), table.join("\n"));
    const args = ["--from", at("proposer", "targets.csv"), "--folder", at("proposer", "orders"), "--term", "10d"];
    const more = ["--ruling", at("proposer", "ruling.md"), "--valid", await valid(), "--look-alike", LOOK_ALIKE];
    done(await order("proposer", "new", "freeze", ...args, ...more));
    copyFileSync(at("proposer", "ruling.md"), at("proposer", "orders", "ruling.md"));
    const signatures: [OfficerOf, string][] = [];
    for (const officer of ALL) {
      mail("proposer", officer, "orders");
      mail("proposer", officer, "ruling.md");
      done(await order(officer, "verify", at(officer, "orders"), "--offline"));
      const told = done(await sign(officer, "--bundle", at(officer, "orders")));
      expect(told.stderr).to.include("81 Freezes, all of them");
      signatures.push([officer, path.join("orders", path.basename(told.stdout.trim()))]);
    }
    for (const to of ["verifier", "executor"] as const) {
      mail("proposer", to, "orders");
      mail("proposer", to, "ruling.md");
      mail("keystore", to, "orders/freeze.bundle.json");
      for (const [officer, name] of signatures) mail(officer, to, name);
    }
    return { orders: new Set(targets.map(([id]) => id)).size, targets };
  }

  it("an order goes from the proposer over officers of every kind and an offline verifier to its executor", async () => {
    await signedOrder();
    const asked = node.asked.length;
    const told = done(await order("verifier", "verify", at("verifier", "freeze.order.json"), "--offline"));
    expect(told.stdout.match(/^ {2}signed by /gm)).to.have.length(ALL.length);
    expect(node.asked.length).to.equal(asked);

    const signatures = names("executor").filter((name) => name.endsWith(".sig.json"));
    const all = at("executor", "all.sig.json");
    done(await sequester(["order", "merge", ...signatures.map((name) => at("executor", name)), "-o", all]));
    done(await order("executor", "verify", at("executor", "freeze.order.json"), "--rpc", node.url));
    done(
      await order("executor", "simulate", at("executor", "freeze.order.json"), "--signatures", all, "--rpc", node.url),
    );
    expect(done(await send(at("executor", "freeze.order.json"), "--signatures", all)).stdout).to.match(
      /^entry 2: Freeze/,
    );
    expect(await held(system.alice.address)).to.equal(5n * UNIT);
    expect(node.sent).to.have.length(1);
  });

  it("a bundle of 81 orders goes the same way, by one signature of each officer", async () => {
    const { orders, targets } = await signedBundle();
    expect([orders, targets.length]).to.deep.equal([81, 363]);
    const told = done(await order("verifier", "verify", at("verifier", "orders"), "--offline"));
    expect(told.stdout).to.include("freeze.bundle.json: 81 Freezes, by one signature");
    expect(told.stdout.match(/^ {2}signed by /gm)).to.have.length(ALL.length);
    const status = done(await order("executor", "status", at("executor", "orders"), "--rpc", node.url));
    expect(status.stdout).to.include("81 orders: 81 ready");
    const sent = done(await send(at("executor", "orders")));
    expect(sent.stdout.match(/^entry \d+: Freeze/gm)).to.have.length(81);
    for (const [, account, asset, amount] of targets.filter((row) => row[2] === "KZTE").slice(0, 20)) {
      expect(asset).to.equal("KZTE");
      const [whole = "", fraction = ""] = amount!.split(".");
      expect(await held(account!)).to.be.at.least(BigInt(whole + fraction.padEnd(6, "0")));
    }
    const after = done(await order("executor", "status", at("executor", "orders"), "--rpc", node.url));
    expect(after.stdout).to.include("81 orders: 81 used");
  });

  describe("with one byte changed", () => {
    /** A file with the lowest bit of one byte turned, for the time of `look`. */
    async function changed(file: string, byte: number, look: () => Promise<void>): Promise<void> {
      const bytes = readFileSync(file);
      writeFileSync(file, Buffer.from(bytes).fill(bytes[byte]! ^ 1, byte, byte + 1));
      try {
        await look();
      } finally {
        writeFileSync(file, bytes);
      }
    }

    /** Each byte, or as many as are asked for, from the first to the last. */
    function* places(file: string, most = Infinity): Generator<number> {
      const { length } = readFileSync(file);
      for (let i = 0; i < Math.min(length, most); i++) yield Math.floor((i * length) / Math.min(length, most));
    }
    const refusedBy = async (told: Promise<Said>, code: number, what: string) => {
      const said = await told;
      expect(said.code, `${what}: ${said.stdout}${said.stderr}`).to.equal(code);
    };
    const offline = (...more: string[]) =>
      order(
        "verifier",
        "verify",
        ...(more.length > 0 ? more : [at("verifier")]),
        "--offline",
        "--ruling",
        at("verifier", "ruling.md"),
      );
    const online = () => order("executor", "verify", at("executor"), "--rpc", node.url);

    it("no order passes: the verifier finds every byte of the order, of the paper and of a key's signature", async () => {
      await signedOrder();
      done(await offline());
      const file = at("verifier", "freeze.order.json");
      const [start, end] = spanOf(file, /"file": "(.*)"/);
      for (const byte of places(file)) {
        // The name of the paper is a hint where to look, and nobody signs it.
        if (byte >= start && byte < end) continue;
        await changed(file, byte, () => refusedBy(offline(), 3, `byte ${byte} of the order`));
      }
      const paper = at("verifier", "ruling.md");
      for (const byte of places(paper))
        await changed(paper, byte, () => refusedBy(offline(), 3, `byte ${byte} of the paper`));
      for (const name of names("verifier").filter((it) => it.endsWith(".sig.json"))) {
        const signature = at("verifier", name);
        const { signer, safe } = JSON.parse(readFileSync(signature, "utf8")) as { signer: string; safe?: object };
        if (signer.length > 42) continue;
        // Of the many that a Safe's owners write, some.
        for (const byte of places(signature, safe === undefined ? Infinity : 96)) {
          await changed(signature, byte, () => refusedBy(offline(), 3, `byte ${byte} of ${name}`));
        }
      }
    });

    it("no signature of any kind passes where there is a node, and nobody executes by it", async () => {
      await signedOrder();
      done(await online());
      const files = names("executor").filter((it) => it.endsWith(".sig.json"));
      expect(files).to.have.length(ALL.length);
      const { signer: own } = passkeyIn(passkey.created(), "passkey", system.deployment.addresses.verifiers.WebAuthn);
      const passkeys = `freeze.${officerId(own).slice(2, 10)}.sig.json`;
      expect(files).to.include(passkeys);
      // None of them meets the rule alone; the others are left away.
      for (const name of files) {
        const file = at("executor", name);
        const { signer } = JSON.parse(readFileSync(file, "utf8")) as { signer: string };
        const [start, all] = spanOf(file, /"signature": "0x(.*)"/);
        // What stands around a passkey's r and s fills words, and nobody reads all of it.
        const end = name === passkeys ? start + 128 : all;
        for (const byte of [...places(file, 24)].filter((it) => it < end || it >= all))
          await changed(file, byte, () => refusedBy(online(), 3, `byte ${byte} of ${name}`));
        for (const byte of [start, Math.floor((start + end) / 2), end - 1]) {
          await changed(file, byte, async () => {
            const told = await send(at("executor", "freeze.order.json"), "--signatures", file);
            expect([told.code, told.stdout], signer).to.deep.equal([1, ""]);
            expect(told.stderr).to.include("left out").and.include("Nothing was sent.");
          });
        }
      }
      expect(node.sent).to.deep.equal([]);
    });

    it("no officer signs on another paper, another document or another bundle, and nothing is written", async () => {
      await signedOrder();
      const before = names("keystore");
      const again = () => sign("keystore", at("keystore", "freeze.order.json"));
      const paper = at("keystore", "ruling.md");
      await changed(paper, 3, () => refusedBy(again(), 3, "the paper"));
      const file = at("keystore", "freeze.order.json");
      for (const field of [
        /"document": "0x(.*)"/,
        /"documentSalt": "0x(.*)"/,
        /"sha256": "0x(.*)"/,
        /"chainId": (\d+)/,
      ]) {
        await changed(file, digitIn(file, field), () => refusedBy(again(), 3, String(field)));
      }
      expect(names("keystore")).to.deep.equal(before);

      await signedBundle();
      rmSync(at("account", "orders"), { recursive: true });
      mail("executor", "account", "orders");
      const signatures = names("account", "orders");
      const bundle = at("account", "orders", "freeze.bundle.json");
      await changed(bundle, digitIn(bundle, /"root": "0x(.*)"/), () =>
        refusedBy(sign("account", "--bundle", at("account", "orders")), 3, "the root"),
      );
      expect(names("account", "orders")).to.deep.equal(signatures);
    });

    it("no bundle passes: neither a leaf, nor its root, nor an order of it, and nobody executes by it", async () => {
      await signedBundle();
      const [folder, theirs] = [at("verifier", "orders"), at("executor", "orders")];
      const bundle = path.join(folder, "freeze.bundle.json");
      done(await offline(folder));
      const some = [...places(bundle, 40)];
      for (const byte of some)
        await changed(bundle, byte, () => refusedBy(offline(folder), 3, `byte ${byte} of the bundle`));
      const file = path.join(
        folder,
        names("verifier", "orders").find((name) => name.endsWith(".order.json"))!,
      );
      const [start, end] = spanOf(file, /"file": "(.*)"/);
      for (const byte of [...places(file, 40)].filter((it) => it < start || it >= end)) {
        await changed(file, byte, () => refusedBy(offline(folder), 3, `byte ${byte} of an order`));
      }
      const brought = path.join(theirs, "freeze.bundle.json");
      for (const byte of [digitIn(brought, /"root": "0x(.*)"/), digitIn(brought, /"leaves": \[\s*"0x(.*)"/)]) {
        await changed(brought, byte, () => refusedBy(send(theirs), 3, "the bundle's file"));
      }
      // An order that nobody signed has a leaf of its own: the bundle is another one.
      const one = path.join(theirs, path.basename(file));
      await changed(one, digitIn(one, /"salt": "0x(.*)"/), () => refusedBy(send(theirs), 1, "an order"));
      expect(node.sent).to.deep.equal([]);
    });

    it("no list of a compensation passes: every byte of it is found, and another list makes no order", async () => {
      const claims = [
        "id,account,class,loss",
        `V-1,${system.alice.address},victim,500`,
        `V-2,${system.bob.address},victim,500`,
      ];
      writeFileSync(at("proposer", "claims.csv"), `${claims.join("\n")}\n`);
      const place = ["--deployment", at("proposer", "deployment.json")];
      const scope = ["--case", "A-1", "--asset", "KZTE", "--pool", "900", "-o", at("proposer", "list.json")];
      done(await sequester(["compensation", "make", at("proposer", "claims.csv"), ...scope, ...place]));
      const what = ["compensate", "--case", "A-1", "--claim-term", "90d", "--list", at("proposer", "list.json")];
      const files = ["--ruling", at("proposer", "ruling.md"), "--valid", await valid()];
      const make = (name: string) => order("proposer", "new", ...what, ...files, "-o", at("proposer", name));
      done(await make("pay.order.json"));
      for (const name of ["pay.order.json", "list.json", "ruling.md"]) mail("proposer", "verifier", name);
      const file = at("verifier", "list.json");
      const check = () => offline(at("verifier", "pay.order.json"), "--list", file);
      done(await check());
      for (const byte of places(file))
        await changed(file, byte, () => refusedBy(check(), 3, `byte ${byte} of the list`));
      await changed(at("proposer", "list.json"), digitIn(at("proposer", "list.json"), /"total": "(.*)"/), async () => {
        expect((await make("other.order.json")).code).to.be.oneOf([3, 64]);
      });
      expect(names("proposer")).to.not.include("other.order.json");
    });
  });

  /** Where what a pattern catches stands in a file: its first byte, and the one behind its last. */
  function spanOf(file: string, pattern: RegExp): [start: number, end: number] {
    const [whole, caught] = pattern.exec(readFileSync(file, "utf8"))!;
    const start = readFileSync(file, "utf8").indexOf(whole) + whole.lastIndexOf(caught!);
    return [start, start + caught!.length];
  }

  /** The last decimal digit of what a pattern catches: turned, it is another one. */
  function digitIn(file: string, pattern: RegExp): number {
    const [start, end] = spanOf(file, pattern);
    return (
      start +
      readFileSync(file, "utf8")
        .slice(start, end)
        .search(/\d\D*$/)
    );
  }
});
