import { readFileSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { expect } from "chai";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { getContractAddress, pad, zeroHash, type Address, type Hex } from "viem";
import { checksOf } from "../../../src/audit/findings.ts";
import { gather } from "../../../src/audit/gather.ts";
import { packOf, readPack, type Pack } from "../../../src/audit/pack.ts";
import { ruleSlot, SLOTS } from "../../../src/audit/slots.ts";
import { artifactOf, type ContractName } from "../../../src/chain/artifacts.ts";
import { SequesterError } from "../../../src/base/errors.ts";
import { ACTS } from "../../../src/orders/types.ts";
import { client, networkHelpers } from "../../system/chain.ts";
import { deployContracts } from "../../system/deployed.ts";
import { deploymentOf } from "../../system/deployment.ts";
import { deployVerifiers } from "../../system/kinds.ts";
import { layoutsOf } from "../../system/layout.ts";
import { UNIT } from "../../system/money.ts";
import { sequester, serve } from "../cli/inProcess.ts";
import { furnish } from "../cli/order/world.ts";
import { removeTemporaryFolders, temporaryFolder } from "../operation/folders.ts";
import { deployHistory, type History } from "./world.ts";

describe("audit snapshot, audit verify", () => {
  let system: History;
  let server: Server;
  let url: string;
  let pack: Pack;
  let hash: string;
  let file: (name: string) => string;

  before(async () => {
    system = await networkHelpers.loadFixture(deployHistory);
    ({ server, url } = await serve());
    file = await furnish(temporaryFolder(), system.deployment);
    pack = await packOf(await gather(client, system.deployment, "latest"));
    hash = (await client.getBlock()).hash;
  });
  after(() => {
    server.close();
    removeTemporaryFolders();
  });

  const snapshot = (name: string, ...more: string[]) =>
    sequester(["audit", "snapshot", "--rpc", url, "--deployment", file("deployment.json"), "-o", file(name), ...more]);
  const verify = (name: string, ...more: string[]) =>
    sequester(["audit", "verify", file(name), "--block-hash", hash, ...more]);

  it("writes a pack that is verified without a node, the same bytes each time", async () => {
    const told = await snapshot("pack.zip");
    expect(told.code, told.stderr).to.equal(0);
    expect(told.stdout).to.equal(`${hash}\n`);
    const again = await snapshot("again.zip", "--json");
    expect(again.code, again.stderr).to.equal(0);
    expect(readFileSync(file("again.zip")).equals(readFileSync(file("pack.zip")))).to.equal(true);
    server.close();
    const verified = await verify("pack.zip", "--deployment", file("deployment.json"));
    expect(verified.code, verified.stderr + verified.stdout).to.equal(0);
    expect(verified.stdout).not.to.include("WRONG");
    expect(verified.stderr).to.match(
      /^Verified: \d+ entries of the journal of docket 0x\w{40} on chain 31337, complete up to block \d+, 0x[0-9a-f]{64}\.\n/,
    );
    const taken = await verify("pack.zip", "--json");
    expect(JSON.parse(taken.stdout)).to.include({ schema: "sequester.audit.verify/1", verified: true, hash });
    ({ server, url } = await serve());
    expect((await snapshot("pack.zip")).code).to.equal(64);
  });

  it("is the same in whatever order the deployment's file names the assets", async () => {
    const { addresses, codeHashes, ...rest } = system.deployment;
    const reversed = <T>(assets: Record<string, T>) => Object.fromEntries(Object.entries(assets).reverse());
    const turned = {
      ...rest,
      addresses: { ...addresses, assets: reversed(addresses.assets) },
      codeHashes: { ...codeHashes, assets: reversed(codeHashes.assets) },
    };
    const { bytes } = await packOf(await gather(client, turned, "latest"));
    expect(Buffer.from(bytes).equals(Buffer.from(pack.bytes))).to.equal(true);
    expect((await readPack(bytes)).custody).to.deep.equal(pack.custody);
  });

  it("proves what every vault has, and names what came by no act", () => {
    const [first] = pack.custody.filter(({ vault }) => vault === system.vault);
    expect(first).to.include({ seized: 60n * UNIT, returned: 25n * UNIT, inCustody: 35n * UNIT, held: 80n * UNIT });
    expect(first).to.include({ balance: 38n * UNIT, unexplained: 3n * UNIT });
    const told = checksOf(pack, { blockHash: hash as "0x" }).map(({ told }) => told);
    expect(told.join("\n")).to.include(`${3n * UNIT} base units came by no act and were not booked`);
  });

  it("is refused for another block, with exit code 3, and for no hash with 64", async () => {
    writeFileSync(file("given.zip"), pack.bytes);
    const other = await sequester(["audit", "verify", file("given.zip"), "--block-hash", `0x${"11".repeat(32)}`]);
    expect([other.code, other.stdout.split("\n")[0]!.slice(0, 12)]).to.deep.equal([3, "WRONG  block"]);
    expect((await sequester(["audit", "verify", file("given.zip"), "--block-hash", "0x12"])).code).to.equal(64);
    expect((await sequester(["audit", "verify", file("none.zip"), "--block-hash", hash])).code).to.equal(64);
  });

  it("is refused where any byte of it is another", async function () {
    this.timeout(120_000);
    for (let i = 0; i < 150; i++) {
      const bytes = Uint8Array.from(pack.bytes);
      const at = Math.floor((i * bytes.length) / 150);
      bytes[at] = bytes[at]! ^ (1 << (i % 8));
      const refused = await readPack(bytes).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(refused, `byte ${at}`).to.be.instanceOf(SequesterError).with.property("code", 3);
    }
  });

  /** The pack with one of its files changed, as somebody writes it who hides it well. */
  async function forged(name: string, change: (text: string) => string): Promise<unknown> {
    const files = unzipSync(pack.bytes);
    const before = strFromU8(files[name]!);
    const text = change(before);
    expect(text).not.to.equal(before);
    files[name] = strToU8(text);
    return readPack(zipSync(files, { level: 6, mtime: new Date(1980, 0, 1) })).then(
      () => undefined,
      (error: unknown) => error,
    );
  }

  it("is refused where an entry is left out, told twice, in another order, altered or invented, and says which", async () => {
    const lines = (change: (lines: string[]) => string[]) =>
      forged("journal.jsonl", (text) => `${change(text.trimEnd().split("\n")).join("\n")}\n`);
    const swapped = (it: string[]) => [...it.slice(0, 1), it[2]!, it[1]!, ...it.slice(3)];
    const cases: [string, (lines: string[]) => string[]][] = [
      ["entry 2", (it) => it.filter((_, i) => i !== 1)],
      ["entry 3", (it) => [it[0]!, it[1]!, ...it.slice(1)]],
      ["entry 2", swapped],
      [
        "entry 3",
        (it) =>
          it.map((line, i) =>
            i === 2 ? line.replace(/(?<="timestamp":"\d+)\d(?=")/, (digit) => String(9 - Number(digit))) : line,
          ),
      ],
      [`entry ${pack.evidence.entries.length + 1}`, (it) => [...it, it.at(-1)!]],
      [`entry ${pack.evidence.entries.length}`, (it) => it.slice(0, -1)],
    ];
    for (const [says, change] of cases) {
      const refused = (await lines(change)) as SequesterError;
      expect(refused).to.have.property("code", 3);
      expect(refused.message).to.include(says);
    }
  });

  it("is refused where a proof, the header or a code has one digit changed, each anew hashed into the archive", async () => {
    const flipped = (digit: string) => (digit === "a" ? "b" : "a");
    for (const name of ["proofs.json", "header.json", "codes.json"]) {
      const length = strFromU8(unzipSync(pack.bytes)[name]!).length;
      for (let i = 1; i < 25; i++) {
        const refused = await forged(name, (text) => {
          let at = Math.floor((i * length) / 25);
          while (!/[0-9a-f]/.test(text[at]!) || !/[0-9a-f]{3}/.test(text.slice(at - 1, at + 2))) at++;
          return text.slice(0, at) + flipped(text[at]!) + text.slice(at + 1);
        });
        expect(refused, `${name}, ${i} of 25`).to.be.instanceOf(SequesterError);
      }
    }
  });

  it("is refused where a file is left out, or one is there that nobody knows", async () => {
    const { "holds.csv": _, ...fewer } = unzipSync(pack.bytes);
    const { "journal.jsonl": __, ...blind } = unzipSync(pack.bytes);
    const more = { ...unzipSync(pack.bytes), "note.txt": strToU8("All is well.") };
    for (const [files, says] of [
      [fewer, "holds.csv"],
      [blind, "journal.jsonl"],
      [more, "note.txt"],
    ] as const) {
      const refused = await readPack(zipSync(files, { mtime: new Date(1980, 0, 1) })).catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(SequesterError).with.property("code", 3);
      expect((refused as SequesterError).message).to.include(`file: ${says}`);
    }
  });

  it("is refused where a table or a sum says something else than the evidence", async () => {
    for (const name of ["custody.json", "custody.csv", "holds.csv", "officers.csv", "rules.csv", "journal.csv"]) {
      const refused = (await forged(name, (text) => text.replace(/[1-9](?=[^1-9]*$)/, "0"))) as SequesterError;
      expect(refused.message, name).to.include(`file: ${name}`);
    }
    expect(await forged("manifest.json", (text) => text.replace("exactly", "nearly"))).to.have.property("code", 3);
  });

  it("says of a contract that is not the compiled one, or names another neighbour, that it is wrong", async () => {
    const { deployment } = pack.evidence;
    const addresses = {
      ...deployment.addresses,
      lens: deployment.addresses.register,
      register: deployment.addresses.lens,
    };
    const swapped = await gather(client, { ...deployment, addresses }, "latest");
    const wrong = checksOf(await packOf(swapped), { blockHash: hash as "0x" }).filter(({ right }) => !right);
    expect(wrong.map(({ what }) => what)).to.include.members(["code of register", "code of lens", "charter"]);
  });

  describe("of a chain on which something stands in place of what was deployed", () => {
    beforeEach(async () => {
      system = await networkHelpers.loadFixture(deployHistory);
    });

    /** What is wrong with a pack of the chain as it is now. */
    const wrongNow = async (assets = system.deployment.addresses.assets) => {
      await networkHelpers.mine();
      const { addresses, codeHashes, decimals: _, ...rest } = system.deployment;
      const named = {
        ...rest,
        addresses: { ...addresses, assets },
        codeHashes: { ...codeHashes, assets: Object.fromEntries(Object.keys(assets).map((it) => [it, zeroHash])) },
      };
      const now = await packOf(await gather(client, named, "latest"));
      const checks = checksOf(now, { blockHash: (await client.getBlock()).hash });
      return checks.filter(({ right }) => !right).map(({ what, told }) => `${what}: ${told}`);
    };

    it("says that the check which the quorum made for itself is another", async () => {
      const { quorum, lens } = system.deployment.addresses;
      const check = getContractAddress({ from: quorum, nonce: 1n });
      await networkHelpers.setCode(check, (await client.getCode({ address: lens }))!);
      expect(await wrongNow()).to.deep.equal(["code of charterCheck: is not the compiled CharterCheck"]);
    });

    it("says that a contract names a stranger beside its neighbours, or one of them no more", async () => {
      const { lens, quorum, disposal } = system.deployment.addresses;
      const code = (await client.getCode({ address: lens }))!;
      const inPlaceOf = (neighbour: Address, other: Address) =>
        code.replaceAll(pad(neighbour).toLowerCase().slice(2), pad(other).toLowerCase().slice(2));
      await networkHelpers.setCode(lens, inPlaceOf(quorum, disposal));
      expect(await wrongNow()).to.deep.equal(["code of lens: does not name quorum"]);
      const { immutableReferences } = artifactOf("Lens");
      const { start } = Object.values(immutableReferences).find((places) => places.length > 1)![0]!;
      const stranger = pad(`0x${"ee".repeat(20)}`);
      await networkHelpers.setCode(
        lens,
        `${code.slice(0, 2 + 2 * start)}${stranger.slice(2)}${code.slice(66 + 2 * start)}`,
      );
      expect(await wrongNow()).to.deep.equal(["code of lens: names different contracts where it names one"]);
    });

    it("says that the quorum names another check than the one it made, wherever it does", async () => {
      const { quorum, lens } = system.deployment.addresses;
      const code = (await client.getCode({ address: quorum }))!;
      const made = pad(getContractAddress({ from: quorum, nonce: 1n }))
        .slice(2)
        .toLowerCase();
      const stranger = pad(`0x${"ee".repeat(20)}`).slice(2);
      const neighbour = pad(lens).slice(2).toLowerCase();
      expect(code.split(made).length).to.be.greaterThan(2);
      for (const changed of [stranger, neighbour].flatMap((it) => [
        code.replaceAll(made, it),
        code.replace(made, it),
      ])) {
        await networkHelpers.setCode(quorum, changed);
        expect(await wrongNow())
          .to.have.length(1)
          .and.satisfy(([told]: [string]) => told.startsWith("code of quorum"));
      }
      // Named in place of the deployer, while another one is asked.
      const deployer = pad(system.deployer.address as Address)
        .slice(2)
        .toLowerCase();
      await networkHelpers.setCode(quorum, code.replaceAll(made, stranger).replace(deployer, made));
      expect(await wrongNow()).to.deep.equal([`code of quorum: names 0x${stranger}`]);
    });

    it("says that a contract names a neighbour in one place and another one in the next", async () => {
      const { docket, quorum, lens } = system.deployment.addresses;
      const code = (await client.getCode({ address: docket }))!;
      const [has, needs] = [quorum, lens].map((it) => pad(it).slice(2).toLowerCase()) as [string, string];
      await networkHelpers.setCode(docket, code.replace(has, needs));
      expect(await wrongNow()).to.deep.equal(["code of docket: names different contracts where it names one"]);
    });

    it("says of which act the rules are stored otherwise than the journal tells", async () => {
      const { quorum, docket } = system.deployment.addresses;
      const slot = ruleSlot(docket, ACTS.Freeze, 0);
      const decided = BigInt((await client.getStorageAt({ address: quorum, slot }))!);
      const told = "rules: those of Freeze are stored otherwise than the journal tells";
      await networkHelpers.setStorageAt(quorum, slot, decided + 1n);
      expect(await wrongNow()).to.deep.equal([told]);
      await networkHelpers.setStorageAt(quorum, slot, decided);
      expect(await wrongNow()).to.deep.equal([]);
      const beyond = ruleSlot(docket, ACTS.Freeze, pack.shown.powers.rules.get(ACTS.Freeze)!.length);
      await networkHelpers.setStorageAt(quorum, beyond, decided);
      expect(await wrongNow()).to.deep.equal([told]);
    });

    it("says of an asset that the charter did not install, and of one that it did and nobody names", async () => {
      const { addresses } = system.deployment;
      const { USDX: hidden, ...others } = addresses.assets;
      expect(await wrongNow(others)).to.include(
        `charter: installed ${hidden}, which the deployment's file does not name`,
      );
      const wrong = await wrongNow({ ...addresses.assets, MORE: addresses.lens });
      expect(wrong).to.include(`charter: did not install ${addresses.lens}, which the deployment's file names`);
    });

    it("is not right without a charter", async () => {
      const bare = await deploymentOf(await deployContracts(), await deployVerifiers());
      const now = await packOf(await gather(client, bare, "latest"));
      const wrong = checksOf(now, { blockHash: (await client.getBlock()).hash }).filter(({ right }) => !right);
      expect(wrong.map(({ what }) => what)).to.deep.equal(["charter"]);
    });
  });

  it("holds the code against what it is told that the compiler made, not against the last build", () => {
    const compiled = (contract: ContractName) => {
      const { deployedBytecode, immutableReferences } = artifactOf(contract);
      return { immutableReferences, deployedBytecode: contract === "Docket" ? ("0x00" as Hex) : deployedBytecode };
    };
    const wrong = checksOf(pack, { blockHash: hash as Hex, compiled }).filter(({ right }) => !right);
    expect(wrong.map(({ what, told }) => [what, told])).to.deep.equal([
      ["code of docket", "is not the compiled Docket"],
    ]);
  });

  it("proves words where the compiler lays them out", () => {
    const layouts = layoutsOf(Object.keys(SLOTS));
    for (const [name, slots] of Object.entries(SLOTS)) {
      for (const [label, slot] of Object.entries<bigint>(slots)) {
        expect(
          layouts[name]!.find((it) => it.label === label),
          `${name}.${label}`,
        ).to.include({ slot: String(slot), offset: 0 });
      }
    }
  });
});
