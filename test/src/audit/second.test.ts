import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { gather } from "../../../src/audit/gather.ts";
import { packOf, readPack, type Pack } from "../../../src/audit/pack.ts";
import { client, networkHelpers } from "../../system/chain.ts";
import { deployHistory } from "./world.ts";
import { verifySecond } from "./second.ts";

describe("a second verifier of packs, which shares no code with the first", () => {
  let pack: Pack;
  let hash: string;

  before(async () => {
    const { deployment } = await networkHelpers.loadFixture(deployHistory);
    pack = await packOf(await gather(client, deployment, "latest"));
    hash = (await client.getBlock()).hash;
  });

  /** The pack with one of its files changed, and every sum made anew. */
  function forged(name: string, change: (text: string) => string): Uint8Array {
    const files = unzipSync(pack.bytes);
    const before = strFromU8(files[name]!);
    const text = change(before);
    expect(text, name).not.to.equal(before);
    const sum = (of: Uint8Array) => createHash("sha256").update(of).digest("hex");
    const [was, is] = [sum(files[name]!), sum(strToU8(text))];
    files[name] = strToU8(text);
    const manifest = sum(files["manifest.json"]!);
    files["manifest.json"] = strToU8(strFromU8(files["manifest.json"]!).replace(was, is));
    const sums = strFromU8(files["SHA256SUMS"]!).replace(was, is).replace(manifest, sum(files["manifest.json"]));
    files["SHA256SUMS"] = strToU8(sums);
    return zipSync(files, { level: 6, mtime: new Date(1980, 0, 1) });
  }
  const refused = async (name: string, change: (text: string) => string, says = /^the pack is wrong|./) => {
    const bytes = forged(name, change);
    expect(() => verifySecond(bytes, hash)).to.throw(says);
    const first = await readPack(bytes).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(first, `the first takes ${name}`).to.be.instanceOf(Error);
  };

  it("has at most 200 lines, and imports nothing of the program", () => {
    const source = readFileSync(new URL("./second.ts", import.meta.url), "utf8");
    expect(source.split("\n").length).to.be.at.most(201);
    const from = [...source.matchAll(/from "([^"]+)"/g)].map(([, name]) => name);
    expect(from).to.deep.equal(["node:crypto", "node:zlib", "ethers"]);
  });

  it("agrees on the head, the entries and the custody of every case in every asset", () => {
    const { head, entries, block, custody } = verifySecond(pack.bytes, hash);
    expect([head, entries]).to.deep.equal([pack.evidence.entries.at(-1)!.head, pack.evidence.entries.length]);
    expect(BigInt(block)).to.equal(pack.shown.header.number);
    expect([...custody]).to.deep.equal(
      pack.custody.map(({ caseId, asset, inCustody, suspense, balance }) => [
        `${caseId} ${asset}`,
        { inCustody: String(inCustody), suspense: String(suspense), balance: String(balance) },
      ]),
    );
    expect(custody.size).to.be.above(1);
    expect(() => verifySecond(pack.bytes, `0x${"11".repeat(32)}`)).to.throw("another block");
  });

  it("refuses an entry that is left out, told twice, in another order, altered or invented, and says which", async () => {
    const lines = (change: (lines: string[]) => string[]) => (text: string) =>
      `${change(text.trimEnd().split("\n")).join("\n")}\n`;
    const last = pack.evidence.entries.length;
    const cases: [RegExp, (lines: string[]) => string[]][] = [
      [/entry 2 /, (it) => it.filter((_, i) => i !== 1)],
      [/entry 3 /, (it) => [it[0]!, it[1]!, ...it.slice(1)]],
      [/entry 2 /, (it) => [it[0]!, it[2]!, it[1]!, ...it.slice(3)]],
      [
        /entry 3 /,
        (it) =>
          it.map((line, i) =>
            i === 2 ? line.replace(/(?<="timestamp":"\d+)\d(?=")/, (digit) => String(9 - Number(digit))) : line,
          ),
      ],
      [new RegExp(`entry ${last + 1} `), (it) => [...it, it.at(-1)!]],
      [new RegExp(`after entry ${last - 1},`), (it) => it.slice(0, -1)],
    ];
    for (const [says, change] of cases) await refused("journal.jsonl", lines(change), says);
  });

  it("refuses a proof, a header or a code with one digit changed", async () => {
    for (const name of ["proofs.json", "header.json", "codes.json"]) {
      const { length } = strFromU8(unzipSync(pack.bytes)[name]!);
      for (let i = 1; i < 25; i++) {
        await refused(name, (text) => {
          let at = Math.floor((i * length) / 25);
          while (!/[0-9a-f]{3}/.test(text.slice(at - 1, at + 2))) at++;
          return text.slice(0, at) + (text[at] === "a" ? "b" : "a") + text.slice(at + 1);
        });
      }
    }
  });

  it("refuses another sum, and any file that is not what its sum says", async () => {
    await refused(
      "custody.json",
      (text) => text.replace(/(?<="inCustody":")\d/, (digit) => String(9 - Number(digit))),
      /custody of/,
    );
    await refused(
      "custody.json",
      (text) => text.replace(/(?<="balance":")\d/, (digit) => String(9 - Number(digit))),
      /custody of/,
    );
    for (const name of Object.keys(unzipSync(pack.bytes))) {
      const files = unzipSync(pack.bytes);
      files[name]![files[name]!.length >> 1]! ^= 1;
      expect(() => verifySecond(zipSync(files), hash), name).to.throw();
    }
  });

  it("refuses every flipped byte that changes a file", () => {
    const text = (bytes: Uint8Array) =>
      JSON.stringify(Object.entries(unzipSync(bytes)).map(([k, v]) => [k, strFromU8(v)]));
    const whole = text(pack.bytes);
    let changed = 0;
    for (let i = 0; i < 150; i++) {
      const bytes = Uint8Array.from(pack.bytes);
      const at = Math.floor((i * bytes.length) / 150);
      bytes[at]! ^= 1 << (i % 8);
      let same = false;
      try {
        same = text(bytes) === whole;
      } catch {
        // It is no zip any more.
      }
      if (same) continue;
      changed++;
      expect(() => verifySecond(bytes, hash), `byte ${at}`).to.throw();
    }
    expect(changed).to.be.above(120);
  });
});
