import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { formatUnits, zeroHash } from "viem";
import { DEPLOYMENT_SCHEMA } from "../../../src/chain/deployments.ts";
import { main } from "../../../src/cli/program.ts";
import { listHash, makeList, parseList, proofOf, serializeList, termsOf } from "../../../src/compensation/index.ts";
import { writeOrderFile } from "../../../src/orders/disk.ts";
import { digestOf, documentHash, domainOf, type Order } from "../../../src/orders/index.ts";
import { accountOf, CLAIMS, POOL, SCOPE } from "../compensation/claimants.ts";
import { removeTemporaryFolders, temporaryFolder } from "../operation/folders.ts";

const UNASKED = "No node was asked which accounts are sub-accounts, held, or the case's vault.\n";

/** Runs the command line in this process. */
async function sequester(...args: string[]) {
  const said = { stdout: "", stderr: "" };
  const code = await main(args, {
    stdout: { write: (text) => (said.stdout += text) },
    stderr: { write: (text) => (said.stderr += text) },
    run: () => Promise.reject(new Error("no operation is run")),
  });
  return { code, ...said };
}

describe("sequester compensation", () => {
  let dir: string;
  const file = (name: string) => path.join(dir, name);
  const list = makeList(SCOPE, CLAIMS, POOL);
  const domain = domainOf(31337, accountOf(2000));

  /** Writes the order over the list, with some fields changed. */
  async function writeOrder(change: Partial<Order<"Compensate">["message"]> = {}): Promise<Order<"Compensate">> {
    const [documentSalt, sha256] = [`0x${"01".repeat(32)}`, `0x${"02".repeat(32)}`] as const;
    const order: Order<"Compensate"> = {
      primaryType: "Compensate",
      message: {
        ...termsOf(list),
        document: documentHash(documentSalt, sha256),
        claimTerm: 90 * 86_400,
        signBy: 2n ** 40n - 1n,
        salt: `0x${"03".repeat(32)}` as const,
        ...change,
      },
    };
    await writeOrderFile(file("c.order.json"), { domain, order, documentSalt, ruling: { file: "ruling.md", sha256 } });
    return order;
  }

  beforeEach(() => {
    dir = temporaryFolder();
    const rows = CLAIMS.map(({ id, account, class: of, loss }) => `${id},${account},${of},${loss}\n`);
    writeFileSync(file("claims.csv"), `id,account,class,loss\n${rows.join("")}`);
    const all = <T>(value: T) => ({
      quorum: value,
      docket: value,
      disposal: value,
      register: value,
      vault: value,
      lens: value,
      verifiers: { P256: value, RSA: value, WebAuthn: value },
    });
    const addresses = { ...all(accountOf(2000)), docket: SCOPE.docket, assets: { KZTE: SCOPE.asset } };
    const codeHashes = { ...all(zeroHash), assets: { KZTE: zeroHash } };
    const deployment = { schema: DEPLOYMENT_SCHEMA, chainId: 31337, block: 1, addresses, codeHashes, domain };
    writeFileSync(file("deployment.json"), JSON.stringify(deployment));
    writeFileSync(file("list.json"), serializeList(list));
  });
  after(removeTemporaryFolders);

  const make = (...more: string[]) =>
    sequester(
      ...["compensation", "make", file("claims.csv"), "--case", "CASE-1", "--asset", "KZTE", "--pool", String(POOL)],
      ...["--deployment", file("deployment.json"), "-o", file("made.json"), ...more],
    );

  it("make writes the list, and says what the order has to name", async () => {
    const { code, stdout, stderr } = await make("--json");
    expect([code, stderr]).to.deep.equal([0, `${UNASKED}The list is in ${file("made.json")}.\n`]);
    const text = readFileSync(file("made.json"), "utf8");
    expect(parseList(text, "made.json")).to.deep.equal(list);
    expect(JSON.parse(stdout)).to.deep.equal({
      schema: "sequester.compensation-terms/1",
      chainId: 31337,
      docket: SCOPE.docket,
      caseId: "CASE-1",
      asset: SCOPE.asset,
      total: String(POOL),
      root: list.root,
      list: listHash(text),
      claims: 6,
    });
  });

  it("make shows the shares to a reader", async () => {
    const { stdout } = await make();
    expect(stdout).to.match(new RegExp(`^V3 +victim +${accountOf(4)} +333,333,330,000 +166,666,665,000$`, "m"));
    expect(stdout).to.match(/^total +1,240,000,000,000$/m);
    expect(stdout).to.include(list.root);
  });

  describe("in units of the asset", () => {
    const ROWS = CLAIMS.map(({ id, account, class: of, loss }) => [id, account, of, formatUnits(loss, 6)].join(","));

    beforeEach(() => {
      const deployment = JSON.parse(readFileSync(file("deployment.json"), "utf8")) as object;
      writeFileSync(file("deployment.json"), JSON.stringify({ ...deployment, decimals: { KZTE: 6 } }));
    });

    it("make, check and proof read and tell them, and the list is the same", async () => {
      writeFileSync(file("claims.csv"), `id,account,class,amount\n${ROWS.join("\n")}\n`);
      const { code, stdout } = await make("--pool", "1240000.00 KZTE");
      expect(code).to.equal(0);
      expect(readFileSync(file("made.json"), "utf8")).to.equal(serializeList(list));
      expect(stdout).to.include(`Compensation in case CASE-1, in KZTE (${SCOPE.asset})`);
      expect(stdout).to.match(new RegExp(`^V3 +victim +${accountOf(4)} +333,333\\.33 +166,666\\.665$`, "m"));
      const checked = await sequester(
        "compensation",
        "check",
        file("made.json"),
        "--deployment",
        file("deployment.json"),
      );
      expect(checked.stdout).to.equal(stdout);
    });

    it("make takes JSON with amounts, too", async () => {
      const claims = CLAIMS.map(({ loss, ...claim }) => ({ ...claim, amount: formatUnits(loss, 6) }));
      writeFileSync(file("claims.json"), JSON.stringify(claims));
      const { code } = await sequester(
        ...["compensation", "make", file("claims.json"), "--case", "CASE-1", "--asset", "KZTE", "--pool", String(POOL)],
        ...["--deployment", file("deployment.json"), "-o", file("made.json")],
      );
      expect(code).to.equal(0);
      expect(readFileSync(file("made.json"), "utf8")).to.equal(serializeList(list));
    });

    for (const [what, header, loss, says] of [
      [
        "more decimals than the asset has",
        "amount",
        "1.0000001",
        "line 2, amount: needs at most 6 decimals, as KZTE has",
      ],
      ["a comma", "amount", '"1,5"', "line 2, amount: needs digits alone, with a point before decimals"],
      ["nothing", "amount", "0.000000", "line 2, amount: needs an amount above zero"],
      ["more than a hold", "amount", "79228162514264337593544", "line 2, amount: needs less than 2^96 base units"],
      ["units where base units belong", "loss", "1250.50", "this looks like units: call the column amount for those"],
    ] as const) {
      it(`make refuses ${what}, and writes nothing`, async () => {
        writeFileSync(file("claims.csv"), `id,account,class,${header}\nA,${accountOf(1)},victim,${loss}\n`);
        const { code, stdout, stderr } = await make();
        expect([code, stdout, existsSync(file("made.json"))]).to.deep.equal([64, "", false]);
        expect(stderr).to.include(says);
      });
    }

    it("make refuses amounts in units where nobody tells the asset's decimals", async () => {
      const { decimals: _, ...older } = JSON.parse(readFileSync(file("deployment.json"), "utf8")) as {
        decimals: object;
      };
      writeFileSync(file("deployment.json"), JSON.stringify(older));
      writeFileSync(file("claims.csv"), `id,account,class,amount\n${ROWS.join("\n")}\n`);
      const { code, stderr } = await make();
      expect(code).to.equal(64);
      expect(stderr).to.include("line 2, amount: needs the asset's decimals");
    });

    it("make names accounts with several claims and losses of less than a unit, and makes the list", async () => {
      const rows = ["A", "B", "C"].map(
        (id, i) => `${id},${accountOf(i === 2 ? 2 : 1)},victim,${i === 1 ? 999_999 : 1_000_000}`,
      );
      writeFileSync(file("claims.csv"), `id,account,class,loss\n${rows.join("\n")}\n`);
      const { code, stderr } = await make();
      expect(code).to.equal(0);
      expect(stderr.match(/^Look again: .*$/gm)).to.deep.equal([
        `Look again: One account has several claims: ${accountOf(1)} has A, B.`,
        "Look again: 1 loss of less than one KZTE: B. The column loss is in base units, the column amount in units.",
      ]);
      writeFileSync(file("claims.csv"), `id,account,class,loss\n${rows.slice(1).join("\n")}\n`);
      const many = Array.from({ length: 12 }, (_, i) => `M${String(i).padStart(2, "0")},${accountOf(i)},victim,1`);
      writeFileSync(file("claims.csv"), `id,account,class,loss\n${many.join("\n")}\n`);
      const small = await sequester(
        ...["compensation", "make", file("claims.csv"), "--case", "CASE-1", "--asset", "KZTE", "--pool", "9"],
        ...["--deployment", file("deployment.json"), "-o", file("small.json")],
      );
      expect(small.stderr).to.include("12 losses of less than one KZTE: M00, M01,").and.include("M09, and 2 more.");
    });
  });

  it("make refuses claims of the deployment's own contracts and assets, each by name", async () => {
    const rows = [SCOPE.docket, SCOPE.asset, accountOf(1)].map((account, i) => `V${i},${account},victim,1000000`);
    writeFileSync(file("claims.csv"), `id,account,class,loss\n${rows.join("\n")}\n`);
    const { code, stdout, stderr } = await make();
    expect([code, stdout, existsSync(file("made.json"))]).to.deep.equal([64, "", false]);
    expect(stderr).to.include("2 claims could never be paid.");
    expect(stderr).to.include(`V0: has ${SCOPE.docket}, which is the deployment's docket`);
    expect(stderr).to.include(`V1: has ${SCOPE.asset}, which is the deployment's KZTE`);
    expect(stderr).not.to.include("V2");
  });

  it("make writes nothing with --dry-run", async () => {
    const { code, stderr } = await make("--dry-run");
    expect([code, stderr, existsSync(file("made.json"))]).to.deep.equal([
      0,
      `${UNASKED}Dry run: nothing was written.\n`,
      false,
    ]);
  });

  it("make refuses a claims file with its faults by line, an unknown asset and a pool of nothing", async () => {
    writeFileSync(file("claims.csv"), `id,account,class,loss\nA,${accountOf(1)},owner,x\n`);
    const claims = await make();
    expect([claims.code, claims.stdout]).to.deep.equal([64, ""]);
    expect(claims.stderr).to.include("line 2, loss: needs base units");
    expect(existsSync(file("made.json"))).to.equal(false);
  });

  it("make names the first hundred faults of a file, and how many more there are", async () => {
    const rows = Array.from({ length: 500 }, (_, i) => `A${i},${accountOf(i)},owner,x\n`);
    writeFileSync(file("claims.csv"), `id,account,class,loss\n${rows.join("")}`);
    const { code, stderr } = await make();
    const lines = stderr.trimEnd().split("\n");
    expect([code, lines.length]).to.deep.equal([64, 101]);
    expect(lines.at(-2)).to.include("line 100, loss:");
    expect(lines.at(-1)).to.equal("  and 401 more lines");
  });

  it("make refuses an unknown asset, a pool of nothing, and one that is no number", async () => {
    for (const [more, says] of [
      [["--asset", "USDX"], 'has: "USDX"'],
      [["--pool", "0"], "The pool cannot be shared out."],
      [["--pool", "1.5"], 'needs: a number and the symbol of its asset: "1250.5 KZTE"'],
      [["--pool", "5 USDX"], 'has: "USDX"'],
      [["--pool", "1,240 KZTE"], "has: 1,240"],
    ] as const) {
      const { code, stderr } = await make(...more);
      expect(code, stderr).to.equal(64);
      expect(stderr).to.include(says);
    }
  });

  it("check finds a list right, alone and beside its order and its deployment", async () => {
    const order = await writeOrder();
    expect((await sequester("compensation", "check", file("list.json"))).code).to.equal(0);
    const { code, stdout, stderr } = await sequester(
      ...["compensation", "check", file("list.json"), "--order", file("c.order.json")],
      ...["--deployment", file("deployment.json"), "--json"],
    );
    expect([code, stderr]).to.deep.equal([0, "The list is that of the order.\n"]);
    expect(JSON.parse(stdout)).to.include({ order: digestOf(order, domain), root: list.root });
  });

  it("check ends with 3 where sum, root or docket are others, and names both", async () => {
    for (const [change, says] of [
      [{ total: POOL - 1n }, "total: the list has 1240000000000, the order 1239999999999"],
      [{ root: zeroHash.replace("0x00", "0x12") as `0x${string}` }, "root: the list has"],
    ] as const) {
      await writeOrder(change);
      const { code, stdout, stderr } = await sequester(
        ...["compensation", "check", file("list.json"), "--order", file("c.order.json")],
      );
      expect([code, stdout]).to.deep.equal([3, ""]);
      expect(stderr).to.include(says);
    }
    const other = makeList({ ...SCOPE, docket: accountOf(9) }, CLAIMS, POOL);
    writeFileSync(file("list.json"), serializeList(other));
    const { code, stderr } = await sequester(
      ...["compensation", "check", file("list.json"), "--deployment", file("deployment.json")],
    );
    expect(code).to.equal(3);
    expect(stderr).to.include(`docket: the list has ${accountOf(9)}, the deployment ${SCOPE.docket}`);
  });

  it("proof gives what a claimant brings", async () => {
    const order = await writeOrder();
    const { stdout } = await sequester(
      ...["compensation", "proof", file("list.json"), "V3", "--order", file("c.order.json"), "--json"],
    );
    const { index, account, amount, proof } = proofOf(list, "V3");
    expect(JSON.parse(stdout)).to.deep.equal({
      schema: "sequester.compensation-proof/1",
      claim: "V3",
      order: digestOf(order, domain),
      index: String(index),
      account,
      amount: String(amount),
      proof,
    });
    const readable = await sequester("compensation", "proof", file("list.json"), "V3");
    expect(readable.stdout).to.include(proof[0]!).and.include("166666665000 base units");
    const unknown = await sequester("compensation", "proof", file("list.json"), "V9");
    expect([unknown.code, unknown.stdout]).to.deep.equal([64, ""]);
  });

  it("refuses an order of another type", async () => {
    const message = { order: `0x${"11".repeat(32)}` as const, signBy: 1n, salt: `0x${"03".repeat(32)}` as const };
    await writeOrderFile(file("c.order.json"), { domain, order: { primaryType: "Cancel", message } });
    const { code, stderr } = await sequester(
      ...["compensation", "check", file("list.json"), "--order", file("c.order.json")],
    );
    expect(code).to.equal(64);
    expect(stderr).to.include("has: Cancel");
  });
});
