import { readFileSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import type { Server } from "node:http";
import { expect } from "chai";
import { TypedDataEncoder } from "ethers";
import type { Address, Hex } from "viem";
import { digestFindings } from "../../../../src/cli/order/checks.ts";
import { makeList, serializeList, termsOf } from "../../../../src/compensation/index.ts";
import {
  buildCompensate,
  bundleOf,
  packApprovals,
  serializeSignatures,
  type Bundle,
  type Order,
} from "../../../../src/orders/index.ts";
import { readSignatureFile } from "../../../../src/orders/disk.ts";
import { addressOf, inTime } from "../../../system/chain.ts";
import { DAY } from "../../../system/parameters.ts";
import { networkHelpers } from "../../../system/chain.ts";
import { nextSalt, struct } from "../../../system/officers.ts";
import { keyOfficer, newWallets } from "../../../system/kinds.ts";
import { removeTemporaryFolders } from "../../operation/folders.ts";
import { sequester, serve, type Said } from "../inProcess.ts";
import { RULING } from "./desk.ts";
import { deploySeated, digestIn, signed, SeatedDesk, type Seated } from "./seated.ts";

/** Data of `order verify --json`, as far as it is looked at. */
interface Told {
  orders: {
    digest: Hex;
    state: { is: string; entry?: string };
    signatures: {
      file: string;
      agency?: string;
      kind?: string;
      proof: string;
      counts?: boolean;
      withdrawn?: boolean;
    }[];
  }[];
  bundles: { digest: Hex; root: Hex; signatures: unknown[] }[];
  findings: { what: string; file: string; facts: string[] }[];
  notChecked: string[];
}

describe("sequester order verify", () => {
  let system: Seated;
  let server: Server;
  let url: string;
  let desk: SeatedDesk;
  let deployment: string;

  before(async () => {
    ({ server, url } = await serve());
  });
  beforeEach(async () => {
    system = await networkHelpers.loadFixture(deploySeated);
    desk = new SeatedDesk(system);
    deployment = desk.deployment;
  });
  after(() => {
    server.close();
    removeTemporaryFolders();
  });

  const bundle = (name: string, orders: Order<"Freeze">[]): { file: string; bundle: Bundle } => {
    const made = bundleOf("Freeze", orders, system.domain);
    return { file: desk.bundle(name, made), bundle: made };
  };
  const offline = (...args: string[]) =>
    sequester(["order", "verify", ...args, "--offline", "--deployment", deployment]);
  const online = (...args: string[]) =>
    sequester(["order", "verify", ...args, "--rpc", url, "--deployment", deployment]);
  const dataOf = ({ stdout }: Said) => JSON.parse(stdout) as Told;
  /** Names of what was found; the error names each with what it has and needs. */
  const found = async (said: Promise<Said>): Promise<string[]> => {
    const { code, stdout, stderr } = await said;
    const { findings } = JSON.parse(stdout) as Told;
    expect(code, stderr).to.equal(3);
    expect(stderr).to.include("sign and execute nothing of this");
    expect(findings).to.not.be.empty;
    for (const { what, file, facts } of findings) {
      expect(stderr).to.include(`${file}: ${what}`);
      for (const fact of facts) expect(stderr).to.include(fact);
    }
    return findings.map(({ what }) => what);
  };
  const edit = (file: string, from: string | RegExp, to: string) => {
    const text = readFileSync(file, "utf8");
    const edited = text.replace(from, to);
    expect(edited).to.not.equal(text);
    writeFileSync(file, edited);
  };

  it("prints the names of ERC-8213 with every digit in groups of four, as ethers computes them, and asks no node", async () => {
    const { file, order } = await desk.freeze("A-1");
    const { code, stdout, stderr } = await offline(file);
    expect([code, stderr]).to.deep.equal([0, ""]);
    const { domain } = system;
    const types = { Freeze: [...typesOf("Freeze")], Target: [...typesOf("Target")] };
    for (const [name, hash] of [
      ["EIP-712 Digest", TypedDataEncoder.hash(domain, types, order.message)],
      ["Domain Hash", TypedDataEncoder.hashDomain(domain)],
      ["Message Hash", TypedDataEncoder.from(types).hash(order.message)],
    ] as const) {
      const groups = hash.slice(2).match(/.{4}/g)!.join(" ");
      expect(stdout).to.match(new RegExp(`^  ${name} +0x ${groups}$`, "m"));
    }
    expect(stdout).to.match(/^ {2}state +open, void after /m);
    expect(stdout).to.include("Not checked: whose seats the signers have").and.include("What was checked agrees.");
  });

  it("lists who signed by agency with a node, of every kind, and finds nothing wrong", async () => {
    const { file, order } = await desk.freeze("A-1");
    const digest = digestIn(system, order);
    const files = [
      await desk.sign("gpo", digest, "GPO-1"),
      await desk.sign("safe", digest, system.safe),
      await desk.sign("p256", digest, system.p256),
    ];
    const said = await online(file, "--signatures", ...files, "--json");
    expect([said.code, said.stderr]).to.deep.equal([0, ""]);
    const { orders, notChecked } = dataOf(said);
    expect(notChecked).to.deep.equal([]);
    const row = (it: Told["orders"][0]["signatures"][0]) => `${it.agency} ${it.kind} ${it.proof} ${it.counts}`;
    expect(orders[0]!.signatures.map(row).sort()).to.deep.equal([
      "FMA contract own true",
      "FMA verifier own true",
      "GPO key own true",
    ]);
    const { stdout } = await online(file, "--signatures", desk.dir);
    expect(stdout).to.match(/signed by GPO: 0x[0-9a-f]{40}, key, counts/);
  });

  it("takes a folder with bundles, and signatures that were merged", async () => {
    const orders = [(await desk.freeze("A-1")).order, (await desk.freeze("A-2", system.bob)).order];
    const { bundle: made } = bundle("all", orders);
    const file = await desk.sign("gpo", made.digest, "GPO-1");
    desk.write("gpo.sig.json", serializeSignatures([await readSignatureFile(file)]));
    for (const verify of [offline, online]) {
      const { code, stdout, stderr } = await verify(desk.dir, "--json");
      expect([code, stderr]).to.deep.equal([0, ""]);
      const { bundles } = JSON.parse(stdout) as Told;
      expect(bundles[0]).to.include({ digest: made.digest, root: made.root });
      expect(bundles[0]!.signatures).to.have.length(1);
    }
  });

  it("says which orders are used and expired, and which approvals are withdrawn", async () => {
    const [used, cancelled] = [await desk.freeze("A-1"), await desk.freeze("A-2", system.bob)];
    const [usedDigest, digest] = [digestIn(system, used.order), digestIn(system, cancelled.order)];
    const by = await Promise.all((["FMA-1", "FMA-2", "GPO-1"] as const).map((name) => signed(usedDigest, name)));
    await system.docket.freeze([struct(used.order.message)], [packApprovals(by)], "0x");
    await desk.sign("gpo", digest, "GPO-1");
    await desk.sign("fma", digest, "FMA-1");
    await system.cancel(digest, "GPO-1");
    const told = dataOf(await online(desk.dir, "--json"));
    expect(told.orders.map(({ state }) => state.is)).to.deep.equal(["used", "open"]);
    expect(told.orders[0]!.state.entry).to.equal(String(await system.quorum.entryOf(usedDigest)));
    const rows = told.orders[1]!.signatures.map((it) => [it.agency, it.withdrawn, it.counts]).sort();
    expect(rows).to.deep.equal([
      ["FMA", false, true],
      ["GPO", true, false],
    ]);
    await networkHelpers.time.increase(301n * DAY);
    const later = dataOf(await online(desk.dir, "--json"));
    expect(later.orders.map(({ state }) => state.is)).to.deep.equal(["used", "expired"]);
  });

  it("ends with 5 where no node answers", async () => {
    const { file } = await desk.freeze("A-1");
    const gone = await serve();
    gone.server.close();
    await once(gone.server, "close");
    const told = await sequester(["order", "verify", file, "--rpc", gone.url, "--deployment", deployment]);
    expect([told.code, told.stdout]).to.deep.equal([5, ""]);
    expect(told.stderr).to.include("No node answers at");
  });

  for (const args of [[], ["--offline", "--rpc", "http://127.0.0.1:1"]]) {
    it(`ends with 64 with ${args.length === 0 ? "neither" : "both"} of --rpc and --offline`, async () => {
      const { file } = await desk.freeze("A-1");
      const { code, stdout } = await sequester(["order", "verify", file, ...args]);
      expect([code, stdout]).to.deep.equal([64, ""]);
    });
  }

  describe("finds a byte changed", () => {
    for (const [where, verify] of [
      ["offline", () => offline],
      ["with a node", () => online],
    ] as const) {
      it(`in an order that somebody signed, ${where}`, async () => {
        const { file, order } = await desk.freeze("A-1");
        const signature = await desk.sign("gpo", digestIn(system, order), "GPO-1");
        edit(file, '"amount": "40000000"', '"amount": "40000001"');
        expect(await found(verify()(file, "--signatures", signature, "--json"))).to.deep.equal(["ForeignSignature"]);
      });

      it(`in an order's document, and in its own braces, ${where}`, async () => {
        const { file } = await desk.freeze("A-1");
        const text = readFileSync(file, "utf8");
        edit(
          file,
          /"document": "0x(.)/,
          text.match(/"document": "0x(.)/)![1] === "1" ? '"document": "0x2' : '"document": "0x1',
        );
        expect(await found(verify()(file, "--json"))).to.deep.equal(["DocumentMismatchError"]);
        writeFileSync(file, text.replace("{", "("));
        expect(await found(verify()(file, "--json"))).to.deep.equal(["InvalidFileError"]);
      });

      it(`in the ruling, ${where}`, async () => {
        const { file } = await desk.freeze("A-1");
        const copy = desk.write("court/A-1.md", RULING.replace("decides", "decided"));
        expect((await verify()(file, "--json")).code).to.equal(0);
        for (const place of [copy, desk.at("court")]) {
          expect(await found(verify()(file, "--ruling", place, "--json"))).to.deep.equal(["OtherRuling"]);
        }
        edit(desk.at("A-1.md"), "Almaty", "Almata");
        expect((await verify()(file)).stderr).to.include("It is not the paper that the order rests on.");
        expect(await found(verify()(file, "--json"))).to.deep.equal(["OtherRuling"]);
      });

      it(`in the signature of a key, ${where}`, async () => {
        const { file, order } = await desk.freeze("A-1");
        const signature = await desk.sign("gpo", digestIn(system, order), "GPO-1");
        expect((await verify()(file, "--signatures", signature, "--json")).code).to.equal(0);
        const text = readFileSync(signature, "utf8");
        for (const at of [12, 80, 131]) {
          const json = JSON.parse(text) as { signature: string };
          json.signature =
            json.signature.slice(0, at) + (json.signature[at] === "4" ? "5" : "4") + json.signature.slice(at + 1);
          writeFileSync(signature, JSON.stringify(json));
          expect(await found(verify()(file, "--signatures", signature, "--json"))).to.deep.equal(["WrongSigner"]);
        }
      });

      it(`in the leaf or the root of a bundle, ${where}`, async () => {
        const orders = [(await desk.freeze("A-1")).order, (await desk.freeze("A-2", system.bob)).order];
        const { file } = bundle("all", orders);
        const text = readFileSync(file, "utf8");
        const json = JSON.parse(text) as { root: string; leaves: string[] };
        const other = (hash: string) => hash.slice(0, -1) + (hash.endsWith("0") ? "1" : "0");
        for (const hash of [json.root, ...json.leaves]) {
          writeFileSync(file, text.replace(hash, other(hash)));
          expect(await found(verify()(desk.dir, "--json"))).to.deep.equal(["RootMismatchError"]);
        }
      });

      it(`in a list, ${where}`, async () => {
        const { list, text } = compensation();
        const signBy = await inTime();
        const { file } = desk.order("C-1", (document) =>
          buildCompensate({ ...list, document, claimTerm: Number(90n * DAY), signBy, salt: nextSalt() }),
        );
        const named = desk.write("list.json", text);
        const said = await verify()(file, "--json");
        expect(dataOf(said).notChecked.join()).to.include("the list that it pays");
        expect((await verify()(file, "--list", named, "--json")).code).to.equal(0);
        edit(named, '"amount": "6"', '"amount": "7"');
        expect(await found(verify()(file, "--list", named, "--json"))).to.deep.equal(["ListMismatchError"]);
      });
    }
  });

  it("finds a bundle without one of its orders, and one of another act", async () => {
    const orders = [(await desk.freeze("A-1")).order, (await desk.freeze("A-2", system.bob)).order];
    const gone = bundleOf(
      "Freeze",
      [...orders, { ...orders[0]!, message: { ...orders[0]!.message, term: 5 } }],
      system.domain,
    );
    desk.bundle("all", gone);
    expect(await found(offline(desk.dir, "--json"))).to.deep.equal(["MissingOrder"]);
    desk.bundle("all", bundleOf("Freeze", orders, system.domain));
    edit(desk.at("all.bundle.json"), '"Freeze"', '"Seize"');
    expect(await found(offline(desk.dir, "--json"))).to.deep.equal(["OtherAct", "OtherAct"]);
  });

  it("finds an order for another deployment, and a node that has another than the file", async () => {
    const { file } = await desk.freeze("A-1");
    const { domain, codeHashes } = system.deployment;
    const elsewhere = { ...domain, verifyingContract: addressOf(system.alice) };
    desk.write("deployment.json", JSON.stringify({ ...system.deployment, domain: elsewhere }));
    expect(await found(offline(file, "--json"))).to.deep.equal(["OtherDeployment"]);
    const changed = { ...codeHashes, docket: codeHashes.lens };
    desk.write("deployment.json", JSON.stringify({ ...system.deployment, codeHashes: changed }));
    expect(await found(online(file, "--json"))).to.deep.equal(["DeploymentMismatchError"]);
  });

  it("finds signatures that a Safe or a verifier denies, and one of somebody without a seat", async () => {
    const { file, order } = await desk.freeze("A-1");
    const digest = digestIn(system, order);
    const other = await desk.freeze("A-2");
    const wrong = await signed(digestIn(system, other.order), system.safe);
    const denied = [
      desk.signature("safe", digest, wrong.signer, wrong.signature),
      desk.signature("p256", digest, system.p256.signer, `0x${"12".repeat(64)}`),
    ];
    for (const signature of denied) {
      expect(await found(online(file, "--signatures", signature, "--json"))).to.deep.equal(["WrongSigner"]);
    }
    const stranger = keyOfficer(newWallets(1)[0]!);
    const unseated = await desk.sign("stranger", digest, stranger);
    expect(await found(online(file, "--signatures", unseated, "--json"))).to.deep.equal(["UnseatedSigner"]);
    desk.signature("stranger", digest, stranger.signer, "0x01");
    expect(await found(online(file, "--signatures", unseated, "--json"))).to.deep.equal(["WrongSigner"]);
  });

  it("cannot tell a contract's signature offline: a finding, unless the officer is said to be a contract", async () => {
    const { file, order } = await desk.freeze("A-1");
    const signature = await desk.sign("safe", digestIn(system, order), system.safe);
    expect(await found(offline(file, "--signatures", signature, "--json"))).to.deep.equal(["WrongSigner"]);
    const said = await offline(file, "--signatures", signature, "--contract", system.safe.signer, "--json");
    expect(said.code).to.equal(0);
    expect(dataOf(said).notChecked.join()).to.include("only a node can ask it");
  });

  it("takes signatures of other orders that lie in a folder beside one order for no finding, but in its own", async () => {
    const [one, two] = [await desk.freeze("A-1"), await desk.freeze("A-2")];
    await desk.sign("one", digestIn(system, one.order), "GPO-1");
    await desk.sign("two", digestIn(system, two.order), "GPO-1");
    expect((await offline(one.file, "--signatures", desk.dir)).code).to.equal(0);
    desk.signature("other", `0x${"77".repeat(32)}`, addressOf(system.alice), `0x${"12".repeat(65)}`);
    expect(await found(offline(desk.dir, "--json"))).to.deep.equal(["ForeignSignature"]);
  });

  it("finds the signatures beside an order that are called after it, once", async () => {
    const { file, order } = await desk.freeze("A-1");
    const beside = await desk.sign("A-1.gpo", digestIn(system, order), "GPO-1");
    await desk.sign("B-2.gpo", `0x${"77".repeat(32)}`, "GPO-1");
    const [told, twice] = [await offline(file, "--json"), await offline(file, "--json", "--signatures", beside)];
    for (const said of [told, twice]) {
      expect(said.code, said.stderr).to.equal(0);
      expect(dataOf(said).orders[0]!.signatures.map((it) => it.file)).to.deep.equal([beside]);
    }
    const json = JSON.parse(readFileSync(beside, "utf8")) as { signature: string };
    writeFileSync(beside, JSON.stringify({ ...json, signature: json.signature.replace(/....$/, "001b") }));
    expect(await found(offline(file, "--json"))).to.deep.equal(["WrongSigner"]);
  });

  it("finds digests that do not agree, whoever computes another", () => {
    const [a, b] = [`0x${"0a".repeat(32)}`, `0x${"0b".repeat(32)}`] as const;
    expect(digestFindings("f", { viem: a, ethers: a, lens: a })).to.deep.equal([]);
    expect(digestFindings("f", { viem: a, ethers: b })[0]).to.include({ what: "DigestMismatch", file: "f" });
    expect(digestFindings("f", { viem: a, ethers: a, lens: b })[0]!.facts[0]).to.include(`${b} by lens`);
  });

  const typesOf = (name: "Freeze" | "Target") => ORDER_TYPES_OF[name];
  const ORDER_TYPES_OF = {
    Freeze: [
      ["bytes32", "caseId"],
      ["bytes32", "document"],
      ["Target[]", "targets"],
      ["uint32", "term"],
      ["bool", "wholeAccount"],
      ["uint64", "signBy"],
      ["bytes32", "salt"],
    ].map(([type, name]) => ({ type: type!, name: name! })),
    Target: [
      ["address", "asset"],
      ["address", "account"],
      ["uint256", "amount"],
    ].map(([type, name]) => ({ type: type!, name: name! })),
  };

  /** A list over two claims, and what an order says of it. */
  function compensation() {
    const claim = (id: string, account: Address, loss: bigint) => ({ id, account, class: "victim" as const, loss });
    const scope = { chainId: 31337, docket: system.addresses.docket, caseId: "C-1", asset: system.kzte };
    const claims = [claim("a", addressOf(system.alice), 60n), claim("b", addressOf(system.bob), 40n)];
    const list = makeList(scope, claims, 10n);
    return { list: { ...termsOf(list), caseId: "C-1" }, text: serializeList(list) };
  }
});
