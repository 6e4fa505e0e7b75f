import { readFileSync, existsSync } from "node:fs";
import type { Server } from "node:http";
import { expect } from "chai";
import type { Hex } from "viem";
import { parseSignatures } from "../../../../src/orders/index.ts";
import { addressOf } from "../../../system/chain.ts";
import { networkHelpers } from "../../../system/chain.ts";
import { officer } from "../../../system/officers.ts";
import { removeTemporaryFolders } from "../../operation/folders.ts";
import { sequester, serve } from "../inProcess.ts";
import { deploySeated, signed, SeatedDesk, type Seated, type Signing } from "./seated.ts";

const DIGEST: Hex = `0x${"5a".repeat(32)}`;
const OTHER: Hex = `0x${"5b".repeat(32)}`;

describe("sequester order merge", () => {
  let system: Seated;
  let server: Server;
  let node: string[];
  let desk: SeatedDesk;
  let outs = 0;

  before(async () => {
    const served = await serve();
    server = served.server;
    system = await networkHelpers.loadFixture(deploySeated);
    desk = new SeatedDesk(system);
    node = ["--rpc", served.url, "--deployment", desk.deployment];
  });
  after(() => {
    server.close();
    removeTemporaryFolders();
  });

  const sign = (name: string, by: Signing, digest = DIGEST) => desk.sign(name, digest, by);
  const merge = async (...args: string[]) => {
    const out = desk.at(`out-${++outs}.sig.json`);
    const told = await sequester(["order", "merge", ...args, "-o", out]);
    return { ...told, out, text: existsSync(out) ? readFileSync(out, "utf8") : "" };
  };

  it("makes the same file in any order, of merged files and of ones that come twice", async () => {
    const files = [
      await sign("gpo", "GPO-1"),
      await sign("fma", "FMA-1"),
      await sign("safe", system.safe),
      await sign("other", "FMA-1", OTHER),
    ];
    const { code, stdout, text, out } = await merge(...files);
    expect([code, stdout]).to.deep.equal([0, "4 signatures over 2 digests\n"]);
    expect((await merge(...files.toReversed(), files[1]!)).text).to.equal(text);
    expect((await merge(out)).text).to.equal(text);
    const part = await merge(files[2]!, files[0]!);
    expect((await merge(files[3]!, part.out, files[1]!)).text).to.equal(text);
    expect((await merge(...files, ...node)).text).to.equal(text);
    expect(parseSignatures(text, "all")).to.have.length(4);
  });

  it("lets no forged or broken signature of a key displace its own: each is named and left out", async () => {
    const own = await sign("own", "GPO-1");
    const signer = addressOf(officer("GPO-1"));
    const forged = [
      desk.signature("broken", DIGEST, signer, "0x00"),
      desk.signature("forged", DIGEST, signer, (await signed(DIGEST, "FMA-1")).signature),
      desk.signature("random", DIGEST, signer, `0x${"12".repeat(64)}1b`),
    ];
    const alone = await merge(own);
    for (const more of [[], node]) {
      for (const files of [
        [own, ...forged],
        [...forged, own],
      ]) {
        const { code, stderr, text } = await merge(...files, ...more);
        expect([code, text]).to.deep.equal([0, alone.text]);
        for (const file of forged)
          expect(stderr).to.include(`Left out: ${file}: the signature of ${signer.toLowerCase()}`);
      }
    }
    const seated = await merge(...forged, ...node);
    expect([seated.code, seated.text]).to.deep.equal([3, ""]);
    expect(seated.stderr).to.include("No signature is left to be merged.");
  });

  it("keeps candidates of contracts and verifiers and says so, and asks them where there is a node", async () => {
    const own = [await sign("safe", system.safe), await sign("p256", system.p256)];
    const forged = [
      desk.signature("safe-2", DIGEST, system.safe.signer, (await signed(OTHER, system.safe)).signature),
      desk.signature("p256-2", DIGEST, system.p256.signer, (await signed(OTHER, system.p256)).signature),
    ];
    const alone = await merge(...own);
    const { code, stderr, text } = await merge(...forged, ...own);
    expect(code).to.equal(0);
    expect(parseSignatures(text, "all")).to.have.length(4);
    for (const file of [...own, ...forged]) expect(stderr).to.include(`not shown to be its signer's own: ${file}`);
    const asked = await merge(...forged, ...own, ...node);
    expect([asked.code, asked.text]).to.deep.equal([0, alone.text]);
    for (const file of forged) expect(asked.stderr).to.include(`Left out: ${file}`);
    const json = await sequester([
      "order",
      "merge",
      ...own,
      ...forged,
      ...node,
      "-o",
      desk.at("n"),
      "--dry-run",
      "--json",
    ]);
    const data = JSON.parse(json.stdout) as { signatures: number; leftOut: { file: string }[] };
    expect(data.signatures).to.equal(2);
    expect(data.leftOut.map(({ file }) => file).sort()).to.deep.equal([...forged].sort());
    expect(existsSync(desk.at("n"))).to.equal(false);
  });

  it("leaves a file out that is none of signatures, and names it", async () => {
    const own = await sign("own", "GPO-1");
    const { code, stderr, text } = await merge(desk.write("mail.sig.json", "dear"), own);
    expect([code, text]).to.deep.equal([0, (await merge(own)).text]);
    expect(stderr).to.include(`Left out: ${desk.at("mail.sig.json")}`);
  });

  it("writes over no file", async () => {
    const own = await sign("own", "GPO-1");
    const { code, stdout, stderr } = await sequester(["order", "merge", own, "-o", own]);
    expect([code, stdout]).to.deep.equal([64, ""]);
    expect(stderr).to.include("not written over");
  });
});
