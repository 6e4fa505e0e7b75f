import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { openSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { encryptKeystoreJson, HDNodeWallet, Wallet } from "ethers";
import { concat, getAddress, recoverTypedDataAddress, type Hex } from "viem";
import { accountOf } from "../../../../src/cli/order/keys.ts";
import { derivedAccount } from "../../../../src/deployment/keys.ts";
import {
  bundleData,
  digestOf,
  officerId,
  ORDER_TYPES,
  parseBundleFile,
  parseOrderFile,
  parseSignatureFile,
  serializeOrderFile,
} from "../../../../src/orders/index.ts";
import { proofOffline } from "../../../../src/signing/check.ts";
import { networkHelpers } from "../../../system/chain.ts";
import { removeTemporaryFolders, temporaryFolder } from "../../operation/folders.ts";
import { answering, sequester } from "../inProcess.ts";
import { deployKinds, furnish, KEYSTORE_KEY, PASSWORD, SEED, type Kinds } from "./world.ts";

const COMMAND = path.resolve(import.meta.dirname, "../../../../src/cli/sequester.mjs");
const ALICE = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

describe("sequester order sign", () => {
  let system: Kinds;
  let dir: string;
  let file: (name: string) => string;

  before(async () => {
    system = await networkHelpers.loadFixture(deployKinds);
  });
  beforeEach(async () => {
    dir = temporaryFolder();
    file = await furnish(dir, system.deployment);
    await make("A-1", "freeze.order.json");
  });
  after(removeTemporaryFolders);

  async function make(caseId: string, name: string, ...more: string[]) {
    const args = ["--case", caseId, "--ruling", file("ruling.md"), "--term", "10d", "--target", `${ALICE}=5 KZTE`];
    const out = ["--deployment", file("deployment.json"), "-o", file(name)];
    const told = await sequester(["order", "new", "freeze", ...args, ...more, ...out]);
    expect(told.code, told.stderr).to.equal(0);
  }
  const order = () => parseOrderFile(readFileSync(file("freeze.order.json"), "utf8"), "freeze");
  const signature = (name: string) => parseSignatureFile(readFileSync(file(name), "utf8"), name);
  const call = (...args: string[]) => ["order", "sign", ...args, "--deployment", file("deployment.json")];
  const local = ["--account", "KNB-9", "--seed", SEED];
  const sign = (...args: string[]) => sequester(call(file("freeze.order.json"), ...args, "--yes"));

  /** A descriptor from which a text is read. */
  function descriptor(text: string): string {
    writeFileSync(file("descriptor"), text);
    return String(openSync(file("descriptor"), "r"));
  }

  it("shows the sentence and signs the typed data with the key of a keystore, its password from a descriptor", async () => {
    const told = await sign("--keystore", file("officer.json"), "--password-fd", descriptor(`${PASSWORD}\n`), "--json");
    expect(told.code, told.stderr).to.equal(0);
    expect(told.stderr).to.match(/^Freeze provisionally in case "A-1".*5 KZTE/);
    const { order: signed, domain } = order();
    const { address } = new Wallet(KEYSTORE_KEY);
    const name = `freeze.${officerId(address as Hex).slice(2, 10)}.sig.json`;
    const { signer, signature: bytes, digest } = signature(name);
    expect(JSON.parse(told.stdout)).to.deep.equal({
      schema: "sequester.order-signature/1",
      file: file(name),
      digest,
      signer,
      officerId: officerId(address as Hex),
    });
    expect(digest).to.equal(digestOf(signed, domain));
    const data = { domain, types: ORDER_TYPES, ...signed };
    expect(await recoverTypedDataAddress({ ...data, signature: bytes })).to.equal(address);
    expect(signer).to.equal(address.toLowerCase());
  });

  it("asks at a terminal whether to sign, and for the password without showing it", async () => {
    const terminal = answering("yes", PASSWORD);
    const args = call(file("freeze.order.json"), "--keystore", file("officer.json"));
    const told = await sequester(args, terminal);
    expect(told.code, told.stderr).to.equal(0);
    expect(terminal.asked).to.deep.equal(["Sign it? Type yes: ", `Password of ${file("officer.json")}: `]);
    expect(told.stdout + told.stderr).to.not.include(PASSWORD);
    const refused = await sequester(args, answering("no"));
    expect([refused.code, refused.stdout]).to.deep.equal([2, ""]);
  });

  it("signs nothing where nobody can be asked and nobody agreed", async () => {
    const told = await sequester(call(file("freeze.order.json"), ...local));
    expect([told.code, told.stdout]).to.deep.equal([64, ""]);
    expect(told.stderr).to.include("--yes");
    const password = await sign("--keystore", file("officer.json"));
    expect([password.code, password.stderr.includes("--password-fd")]).to.deep.equal([64, true]);
  });

  it("signs with an account of a seed, on local chains alone", async () => {
    expect((await sign(...local)).code).to.equal(0);
    const { address } = derivedAccount(31_337, SEED, "KNB-9");
    expect(signature(`freeze.${officerId(address).slice(2, 10)}.sig.json`).signer).to.equal(address.toLowerCase());
    expect(derivedAccount(31_338, SEED, "KNB-9").address).to.equal(address);
    const domain = { ...system.domain, chainId: 1 };
    writeFileSync(file("main.order.json"), serializeOrderFile({ ...order(), domain }));
    writeFileSync(file("main.json"), JSON.stringify({ ...system.deployment, chainId: 1, domain }));
    const args = ["order", "sign", file("main.order.json"), "--deployment", file("main.json"), ...local, "--yes"];
    const told = await sequester(args);
    expect([told.code, told.stdout]).to.deep.equal([4, ""]);
    expect(told.stderr)
      .to.include("who: KNB-9")
      .and.include("chain 1")
      .and.not.include(SEED + " ");
  });

  it("takes no key that Hardhat publishes on any chain but the local ones, be it in a keystore, a module or a sender's", async () => {
    const words = "test test test test test test test test test test test junk";
    const place = (chainId: number) => {
      const domain = { ...system.domain, chainId };
      writeFileSync(file(`${chainId}.order.json`), serializeOrderFile({ ...order(), domain }));
      writeFileSync(file(`${chainId}.json`), JSON.stringify({ ...system.deployment, chainId, domain }));
      return ["order", "sign", file(`${chainId}.order.json`), "--deployment", file(`${chainId}.json`), "--yes"];
    };
    const ethers = JSON.stringify(
      path.resolve(import.meta.dirname, "../../../../node_modules/ethers/lib.esm/index.js"),
    );
    for (const n of [0, 19]) {
      const { address, privateKey } = HDNodeWallet.fromPhrase(words, undefined, `m/44'/60'/0'/0/${n}`);
      const text = await encryptKeystoreJson({ address, privateKey }, PASSWORD, { scrypt: { N: 2, r: 1, p: 1 } });
      writeFileSync(file(`${n}.json`), text);
      writeFileSync(
        file(`${n}.mjs`),
        `import { SigningKey } from ${ethers};
         for await (const digest of process.stdin.setEncoding("utf8"))
           console.log(new SigningKey("${privateKey}").sign(digest.trim()).serialized);`,
      );
      const module = ["--signer-command", `"${process.execPath}" "${file(`${n}.mjs`)}"`];
      const keystore = () => ["--keystore", file(`${n}.json`), "--password-fd", descriptor(PASSWORD)];
      for (const key of [() => module, () => [...module, "--signer", address], keystore]) {
        const told = await sequester([...place(1), ...key()]);
        expect([told.code, told.stdout], told.stderr).to.deep.equal([4, ""]);
        expect(told.stderr).to.include(address).and.include("Everybody has this key");
      }
      for (const local of [31_337, 31_338]) {
        const told = await sequester([...place(local), ...keystore(), "-o", file(`${local}-${n}.sig.json`)]);
        expect(told.code, told.stderr).to.equal(0);
      }
      const sender = accountOf({ keystore: file(`${n}.json`), passwordFd: descriptor(PASSWORD) }, 1, undefined);
      const fault: unknown = await sender.catch((error: unknown) => error);
      expect((fault as Error).message).to.include("Everybody has this key");
    }
  });

  it("signs with P-256 and RSA keys in PEM, as verifiers of the charter take them", async () => {
    for (const [kind, at] of [
      ["p256", 1],
      ["rsa", 2],
    ] as const) {
      const told = await sign(`--${kind}`, file(`${kind}.pem`));
      expect(told.code, told.stderr).to.equal(0);
      const content = signature(path.basename(told.stdout.trim()));
      expect(content.signer).to.equal(system.signers[at]!.toLowerCase());
      expect((await proofOffline(content, system.deployment.addresses.verifiers)).is).to.equal("own");
      const flipped = concat([
        content.signature.slice(0, -2) as Hex,
        content.signature.endsWith("00") ? "0x01" : "0x00",
      ]);
      const broken = { ...content, signature: flipped };
      expect((await proofOffline(broken, system.deployment.addresses.verifiers)).is).to.equal("forged");
    }
    const swapped = await sign("--p256", file("rsa.pem"));
    expect([swapped.code, swapped.stderr.includes("a key on the curve P-256")]).to.deep.equal([4, true]);
    const none = await sign("--rsa", file("ruling.md"));
    expect([none.code, none.stderr.includes("a private key in PEM")]).to.deep.equal([4, true]);
  });

  it("signs by a command that keeps the key, and refuses what is no signature of the signer", async () => {
    const script = (body: string) => {
      writeFileSync(file("token.mjs"), `import { text } from "node:stream/consumers";\n${body}`);
      return `"${process.execPath}" "${file("token.mjs")}"`;
    };
    const ethers = JSON.stringify(
      path.resolve(import.meta.dirname, "../../../../node_modules/ethers/lib.esm/index.js"),
    );
    const token = script(
      `import { SigningKey } from ${ethers};
       const digest = (await text(process.stdin)).trim();
       console.log(new SigningKey("${KEYSTORE_KEY}").sign(digest).serialized.slice(2));`,
    );
    const told = await sign("--signer-command", token);
    expect(told.code, told.stderr).to.equal(0);
    const { address } = new Wallet(KEYSTORE_KEY);
    expect(signature(path.basename(told.stdout.trim())).signer).to.equal(address.toLowerCase());

    const [, p256, rsa] = system.signers;
    for (const signer of [p256!, rsa!]) {
      const foreign = await sign("--signer-command", token, "--signer", signer);
      expect([foreign.code, foreign.stdout]).to.deep.equal([3, ""]);
      expect(foreign.stderr).to.include("not by its signer").and.include(signer);
    }
    const pin = await sign("--signer-command", "exit 9 # --pin 4711");
    expect([pin.code, pin.stderr.includes("status 9"), pin.stderr.includes("4711")]).to.deep.equal([4, true, false]);
    for (const [body, says] of [
      ["process.exit(7)", "status 7"],
      ["console.log('PIN locked')", "no signature"],
      ["console.log('0x1234')", "a signature of 2 bytes"],
      [`console.log("0x" + "ff".repeat(65))`, "a signature of nobody"],
    ] as const) {
      const failed = await sign("--signer-command", script(body));
      expect([failed.code, failed.stdout], says).to.deep.equal([4, ""]);
      expect(failed.stderr).to.include(says);
    }
  });

  it("takes the other signature of a P-256 module, and writes the one that its verifier takes", async () => {
    const { signature: own, signer } = await signedBy("p256");
    const order256 = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    const high = order256 - BigInt(`0x${own.slice(66)}`);
    const twin = `${own.slice(0, 66)}${high.toString(16).padStart(64, "0")}`;
    const out = file("twin.sig.json");
    const told = await sign("--signer-command", `echo ${twin}`, "--signer", signer, "-o", out);
    expect(told.code, told.stderr).to.equal(0);
    expect(signature("twin.sig.json").signature).to.equal(own);
  });

  async function signedBy(kind: "p256" | "rsa") {
    const told = await sign(`--${kind}`, file(`${kind}.pem`));
    return signature(path.basename(told.stdout.trim()));
  }

  it("makes one signature over all orders of a folder, which it shows as a table", async () => {
    const folder = file("several");
    const rows = ["A-1", "B-2", "C-3"].map((id, i) => `${id},${ALICE},KZTE,${i + 1}.5`);
    writeFileSync(file("targets.csv"), ["case,account,asset,amount", ...rows].join("\n"));
    const from = ["--from", file("targets.csv"), "--folder", folder, "--ruling", file("ruling.md"), "--term", "10d"];
    await sequester(["order", "new", "freeze", ...from, "--deployment", file("deployment.json")]);
    const told = await sequester(call("--bundle", folder, "--rulings", dir, ...local, "--yes"));
    expect(told.code, told.stderr).to.equal(0);
    expect(told.stderr).to.include("3 Freezes, all of them: ruling ruling.md (SHA-256 ").and.include("term 10d");
    expect(told.stderr)
      .to.match(/^A-1 +1 +1\.50$/m)
      .and.match(/^total +3 +7\.50$/m);
    const kept = parseBundleFile(readFileSync(path.join(folder, "freeze.bundle.json"), "utf8"), "bundle");
    expect(kept.count).to.equal(3);
    const written = parseSignatureFile(readFileSync(told.stdout.trim(), "utf8"), "signature");
    const { address } = derivedAccount(31_337, SEED, "KNB-9");
    expect(written.digest).to.equal(kept.digest);
    expect(await recoverTypedDataAddress({ ...bundleData(kept), signature: written.signature })).to.equal(address);

    const again = await sequester(call("--bundle", folder, "--keystore", file("officer.json"), "--yes", "--dry-run"));
    expect(again.code, "another officer rebuilds the same root").to.equal(0);
    const more = parseOrderFile(readFileSync(path.join(folder, "A-1.freeze.order.json"), "utf8"), "order");
    const message = { ...more.order.message, salt: `0x${"77".repeat(32)}` };
    const swapped = { ...more, order: { ...more.order, message } as never };
    writeFileSync(path.join(folder, "A-1.freeze.order.json"), serializeOrderFile(swapped));
    const changed = await sequester(call("--bundle", folder, ...local, "--yes"));
    expect([changed.code, changed.stdout], "an order that was swapped").to.deep.equal([3, ""]);
    expect(changed.stderr).to.include("root");
  });

  it("writes the 81 orders of Operation Tumar over 363 targets, and signs them as one bundle, in seconds", async () => {
    const targets = path.resolve(import.meta.dirname, "../../../../operations/tumar/targets.csv");
    const symbols = ["AxCNH", "KZTE", "USDC", "USDT.a", "USDT.b", "WUSD"];
    const of = <T>(value: (i: number) => T) => Object.fromEntries(symbols.map((symbol, i) => [symbol, value(i)]));
    const { addresses, codeHashes, ...rest } = system.deployment;
    const deployment = {
      ...rest,
      addresses: { ...addresses, assets: of((i) => getAddress(`0x${String(10 + i).repeat(20)}`)) },
      codeHashes: { ...codeHashes, assets: of(() => codeHashes.quorum) },
      decimals: of(() => 6),
    };
    writeFileSync(file("deployment.json"), JSON.stringify(deployment));
    const began = performance.now();
    const from = ["--from", targets, "--folder", file("tumar"), "--ruling", file("ruling.md"), "--term", "10d"];
    const make = ["order", "new", "freeze", ...from, "--deployment", file("deployment.json")];
    const alike = await sequester(make);
    expect(alike.code, "the look-alike of one of its targets").to.equal(64);
    const [, twin] = /has: (0x[0-9a-fA-F]{40})/.exec(alike.stderr)!;
    const made = await sequester([...make, "--look-alike", twin!]);
    expect(made.code, made.stderr).to.equal(0);
    const told = await sequester(call("--bundle", file("tumar"), "--rulings", dir, ...local, "--yes"));
    expect(told.code, told.stderr).to.equal(0);
    expect(performance.now() - began).to.be.lessThan(10_000);
    expect(told.stderr)
      .to.match(/^81 Freezes, all of them: /)
      .and.match(/^total +363 .*235,511,000\.00/m);
    expect(told.stderr).to.include(`KZTE is the asset ${deployment.addresses.assets["KZTE"]}`);
    const cases = [...told.stderr.matchAll(/^(TUMAR-\S+) /gm)].map(([, id]) => id);
    expect(cases).to.deep.equal(cases.toSorted()).and.have.length(81);
  });

  it("tells what differs between the orders of a bundle, beside their amounts", async () => {
    const folder = file("mixed");
    writeFileSync(file("targets.csv"), `case,account,asset,amount\nA-1,${ALICE},KZTE,1\n`);
    const from = [
      "--from",
      file("targets.csv"),
      "--ruling",
      file("ruling.md"),
      "--deployment",
      file("deployment.json"),
    ];
    for (const [term, more] of [
      ["10d", []],
      ["9d", ["--whole-account"]],
    ] as const) {
      const args = [...from, "--folder", folder, "--term", term, ...more];
      const told = await sequester(["order", "new", "freeze", ...args]);
      expect(told.code, told.stderr).to.equal(0);
      writeFileSync(file("targets.csv"), `case,account,asset,amount\nB-2,${ALICE},KZTE,1\n`);
    }
    const told = await sequester(call("--bundle", folder, "--dry-run"));
    expect(told.stderr)
      .to.match(/^A-1 .* 10d +false$/m)
      .and.match(/^B-2 .* 9d +true$/m);
    expect(existsSync(path.join(folder, "freeze.bundle.json")), "a dry run writes nothing").to.equal(false);
  });

  it("signs no bundle of an act whose orders are signed one by one, and none of several acts", async () => {
    const lift = ["--case", "A", "--ruling", file("ruling.md"), "--up-to", "1", "--hold", `${ALICE}=1 KZTE`];
    const out = ["--deployment", file("deployment.json"), "-o"];
    await sequester(["order", "new", "lift", ...lift, ...out, file("lift.order.json")]);
    const several = await sequester(call("--bundle", dir, ...local, "--yes"));
    expect([several.code, several.stderr.includes("Freeze, Lift")]).to.deep.equal([64, true]);
    writeFileSync(file("freeze.order.json"), "{}");
    const damaged = await sequester(call("--bundle", dir, ...local, "--yes"));
    expect(damaged.code).to.equal(64);
  });

  it("says of an order whose time has passed that it is too late", async () => {
    const text = readFileSync(file("freeze.order.json"), "utf8");
    writeFileSync(file("late.order.json"), text.replace(/"signBy": "\d+"/, '"signBy": "1751222400"'));
    const late = await sequester(call(file("late.order.json"), ...local, "--yes"));
    expect(late.code, late.stderr).to.equal(0);
    expect(late.stderr).to.include(
      "late.order.json is too late: it was void after 2025-06-29T18:40:00Z, by this machine's clock",
    );
    expect((await sign(...local)).stderr).not.to.include("too late");
  });

  it("signs nothing on another paper, of another deployment, or twice into one file", async () => {
    const right = await sign(...local, "--rulings", dir);
    expect(right.code, right.stderr).to.equal(0);
    expect((await sign(...local)).code, "a file that is there").to.equal(64);
    const named = await sign(...local, "--rulings", file("ruling.md"), "-o", file("named.sig.json"));
    expect(named.code, named.stderr).to.equal(0);
    writeFileSync(file("ruling.md"), "# A ruling.\n");
    const paper = await sign(...local, "--rulings", dir, "-o", file("other.sig.json"));
    expect([paper.code, paper.stdout]).to.deep.equal([3, ""]);
    const { verifyingContract } = system.domain;
    const other = getAddress(`0x${"12".repeat(20)}`);
    const domain = { ...system.domain, verifyingContract: other };
    writeFileSync(file("other.json"), JSON.stringify({ ...system.deployment, domain }));
    const args = ["order", "sign", file("freeze.order.json"), "--deployment", file("other.json"), ...local, "--yes"];
    const foreign = await sequester(args);
    expect([foreign.code, foreign.stdout]).to.deep.equal([3, ""]);
    expect(foreign.stderr).to.include(verifyingContract).and.include(other);
    expect(existsSync(file("other.sig.json"))).to.equal(false);
  });

  it("needs one key, and one thing to sign", async () => {
    for (const [args, says] of [
      [call(file("freeze.order.json"), "--yes"), "has: none"],
      [call(file("freeze.order.json"), "--yes", ...local, "--rsa", file("rsa.pem")), "--account and --rsa"],
      [call(file("freeze.order.json"), "--yes", "--account", "KNB-9"), "--account with --seed"],
      [call("--yes", ...local), "has: neither"],
      [call(dir, "--yes", ...local), "has: a folder"],
      [call(file("freeze.order.json"), "--bundle", dir, "--yes", ...local), "has: both"],
    ] as const) {
      const told = await sequester(args);
      expect([told.code, told.stdout]).to.deep.equal([64, ""]);
      expect(told.stderr).to.include(says);
    }
  });

  it("lets no secret into what it says: not as an argument, not in an error, not with SEQUESTER_DEBUG", async () => {
    const secret = "5ec2e7".repeat(10);
    for (const option of ["--private-key", "--password", "--mnemonic", "--key", "--pin"]) {
      for (const given of [[option, secret], [`${option}=${secret}`]]) {
        const told = await sign(...local, ...given);
        expect([told.code, told.stdout]).to.deep.equal([64, ""]);
        expect(told.stderr).to.include(`has: ${option}`).and.not.include(secret);
      }
    }
    const unknown = await sign(...local, `--seckey=${secret}`);
    expect([unknown.code, unknown.stderr.includes("--seckey"), unknown.stderr.includes(secret)]).to.deep.equal([
      64,
      true,
      false,
    ]);

    const wrong = await sign("--keystore", file("officer.json"), "--password-fd", descriptor(secret));
    expect([wrong.code, wrong.stdout]).to.deep.equal([4, ""]);
    const damaged = readFileSync(file("officer.json"), "utf8").replace(
      /"mac":\s*"[^"]*"/,
      `"mac":"${"00".repeat(32)}"`,
    );
    writeFileSync(file("damaged.json"), damaged);
    const broken = await sign("--keystore", file("damaged.json"), "--password-fd", descriptor(PASSWORD));
    expect(broken.code).to.equal(4);
    const said = wrong.stderr + broken.stderr;
    for (const text of [secret, PASSWORD, KEYSTORE_KEY.slice(2), "5e5e5e5e"]) expect(said).to.not.include(text);
    const closed = await sign("--keystore", file("officer.json"), "--password-fd", "999");
    expect([closed.code, closed.stderr.includes("--password-fd 999")]).to.deep.equal([64, true]);
  });

  it("keeps the password out of arguments and environment of the process, and reads it from an inherited descriptor", function () {
    this.timeout(60_000);
    writeFileSync(file("password"), PASSWORD);
    // The command line starts the project's own Node where another one starts it: the descriptor goes along.
    const others = process.env["PATH"]!.split(path.delimiter).filter((folder) => !folder.includes("node_modules"));
    for (const node of [process.execPath, "node"]) {
      const out = ["-o", file(`by-${node.length}.sig.json`)];
      const key = ["--keystore", file("officer.json"), "--password-fd", "4", "--yes"];
      const args = call(file("freeze.order.json"), ...key, ...out);
      const { status, stdout, stderr } = spawnSync(node, [COMMAND, ...args], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe", "ignore", openSync(file("password"), "r")],
        env: { ...process.env, SEQUESTER_DEBUG: "1", PATH: others.join(path.delimiter) },
      });
      expect(status, stderr).to.equal(0);
      expect(existsSync(stdout.trim())).to.equal(true);
      expect([...args, stdout, stderr].join(" ")).to.not.include(PASSWORD);
    }
  });

  it("shows nothing of a password that is typed at a real terminal", async function () {
    this.timeout(60_000);
    const args = call(file("freeze.order.json"), "--keystore", file("officer.json"));
    const command = [process.execPath, COMMAND, ...args].map((arg) => `'${arg}'`).join(" ");
    const child = spawn("script", ["-qec", command, "/dev/null"], { stdio: ["pipe", "pipe", "inherit"] });
    const answers: [prompt: string, answer: string][] = [
      ["Type yes: ", "yes"],
      [`Password of ${file("officer.json")}: `, PASSWORD],
    ];
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      if (answers.length > 0 && stdout.includes(answers[0]![0])) child.stdin.write(`${answers.shift()![1]}\n`);
    });
    const [status] = (await once(child, "close")) as [number];
    expect(status, stdout).to.equal(0);
    expect(stdout).to.include("Sign it? Type yes: ").and.include("Password of ").and.not.include(PASSWORD);
    expect(stdout).to.include(".sig.json");
  });

  it("refuses an order that nobody could build", async () => {
    const { order: built, ...rest } = order();
    const text = serializeOrderFile({ order: built, ...rest }).replace(/"term": \d+/, '"term": 0');
    writeFileSync(file("freeze.order.json"), text);
    const told = await sign(...local);
    expect([told.code, told.stdout, told.stderr.includes("message.term")]).to.deep.equal([64, "", true]);
  });
});
