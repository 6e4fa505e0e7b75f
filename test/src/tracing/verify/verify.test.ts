import { createHash } from "node:crypto";
import { appendFileSync, cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { canonicalJson, type Canonical } from "../../../../src/tracing/evidence/canonical.ts";
import type { Manifest } from "../../../../src/tracing/evidence/manifest.ts";
import { verify } from "../../../../src/tracing/verify/verify.ts";
import { removeTemporaryFolders, temporaryFolder } from "../../operation/folders.ts";
import { manifestIn, mule, platform, sequester, textIn, THEFT, thief, traced } from "../evidence/harness.ts";

const METHODS = ["fifo", "haircut", "libr", "taint-first", "lifo", "poison"].flatMap((it) => ["--method", it]);

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

describe("trace verify", () => {
  let out: string;

  before(async () => {
    out = await traced(THEFT, ...METHODS);
  });
  after(removeTemporaryFolders);

  /** A copy of the evidence beside its inputs, as a forger would leave it. */
  function forged(change: (dir: string, manifest: Record<string, unknown> & Manifest) => void): string {
    const dir = path.join(temporaryFolder(), "out");
    cpSync(path.dirname(out), path.dirname(dir), { recursive: true });
    const manifest = manifestIn(dir) as Record<string, unknown> & Manifest;
    change(dir, manifest);
    writeFileSync(path.join(dir, "manifest.json"), canonicalJson(manifest as unknown as Canonical));
    return dir;
  }

  /** Changes a file, and the manifest so that every hash is right. */
  const replaced = (file: string, has: string | RegExp, by: string) =>
    forged((dir, manifest) => {
      const text = textIn(dir, file);
      const changed = text.replace(has, by);
      expect(changed).to.not.equal(text);
      writeFileSync(path.join(dir, file), changed);
      manifest.files[file] = sha256(changed);
      if (file === "result.csv") manifest.result = sha256(changed);
    });

  it("finds everything again, with exit 0", async () => {
    const { code, stdout } = await sequester("trace", "verify", out, "--json");
    const found = JSON.parse(stdout) as Record<string, unknown>;
    expect(found).to.include({ schema: "sequester.verification/1", equal: true, transfers: 12 });
    expect(found).to.include({ result: sha256(textIn(out, "result.csv")) });
    expect(found.differences).to.deep.equal([]);
    expect(found.ledgers).to.be.greaterThan(4);
    expect(code).to.equal(0);
  });

  it("tells of each forgery, though all hashes were made anew", async () => {
    const cases: [what: string, dir: string, says: RegExp][] = [
      ["a figure of result.csv", replaced("result.csv", /(?<=\n0x\w+,)\d+/, "999"), /^result\.csv: line 2 has .*,999,/],
      ["a line less", replaced("result.csv", /0x\w+,.*\n$/, ""), /^result\.csv: line \d+ has , needs 0x/],
      ["a sink's amount", replaced("sinks.csv", /\d+\n$/, "1\n"), /^sinks\.csv: line 2 has .*,1, needs/],
      ["a sink's name", replaced("sinks.csv", "licensed platform 1", "somebody else"), /^sinks\.csv: line 2/],
      ["a burn", replaced("burned.csv", /,\d+\n$/, ",41\n"), /^burned\.csv: line 2/],
      ["taint in a ledger", replaced(`ledger/${mule}.csv`, /\d+(?=,fifo,)/, "3"), /^ledger\/.*: line \d+ has/],
      ["a ledger's line", replaced(`ledger/${thief}.csv`, /.*\n$/, ""), /^ledger\/.*: line \d+ has nothing, needs/],
      [
        "a ledger's line too many",
        replaced(`ledger/${thief}.csv`, /(.*\n)$/, "$1$1"),
        /^ledger\/.*: lines too many: 1$/,
      ],
      [
        "a stop's name",
        forged((_, { stops }) => {
          stops[0]!.label = "a bank";
        }),
        /^the stops: 0x\w+ has a bank, needs licensed platform 1$/,
      ],
      [
        "a stop less",
        forged((_, manifest) => {
          manifest.stops = [];
        }),
        /^the stops: 0x\w+ has nothing, needs licensed platform 1$/,
      ],
      [
        "a seed's amount",
        forged((_, { seeds }) => {
          seeds[0]!.amount = "599";
        }),
        /^the seeds: 102\/7 has 599, needs 600$/,
      ],
      [
        "what was held",
        forged((_, { totals }) => {
          totals[1]!.held = "1";
        }),
        /^the totals of haircut: held has 1, needs \d+$/,
      ],
      [
        "an invented opening",
        forged((_, { assumptions }) => {
          assumptions.openings.push({ account: mule, amount: "5" });
        }),
        /^the assumed openings: 0x\w+ has 5, needs nothing$/,
      ],
      [
        "another evidence block",
        forged((_, { evidence }) => {
          evidence.block = 104;
        }),
        /^manifest\.json: transfers has 12, needs 5$/m,
      ],
      [
        "a method under another's name",
        forged((_, manifest) => {
          manifest.methods = ["haircut", "fifo", "libr", "taint-first", "lifo", "poison"];
        }),
        /^result\.csv: line 1 has/,
      ],
    ];
    for (const [what, dir, says] of cases) {
      const { differences } = await verify(dir);
      expect(
        differences.filter((it) => says.test(it)),
        `${what}:\n${differences.join("\n")}`,
      ).to.have.length(1);
      const { code, stderr } = await sequester("trace", "verify", dir);
      expect([code, stderr.includes("is not what its inputs make")], what).to.deep.equal([3, true]);
    }
  });

  it("tells of files that were changed, added or taken away", async () => {
    const changed = forged((dir) => appendFileSync(path.join(dir, "flow.svg"), " "));
    expect((await verify(changed)).differences).to.match(/^flow\.svg: has \w+, needs SHA-256 \w+$/);
    const added = forged((dir) => writeFileSync(path.join(dir, "ledger", `${platform}0.csv`), ""));
    expect((await verify(added)).differences[0]).to.equal(`ledger/${platform}0.csv: it is not in the manifest`);
    for (const file of ["result.csv", "manifest.json", "inputs.json", "sinks.csv", `ledger/${mule}.csv`]) {
      const dir = forged(() => undefined);
      rmSync(path.join(dir, file));
      const { code, stderr } = await sequester("trace", "verify", dir);
      expect([code, stderr.includes(file)], file).to.deep.equal([3, true]);
    }
  });

  it("tells of inputs that are not what was traced, or are not there; --inputs says where they are", async () => {
    for (const file of ["transfers.csv", "seeds.json", "stops.json"]) {
      const dir = forged((dir) => appendFileSync(path.join(dir, "..", file), "\n"));
      const { differences, result } = await verify(dir);
      expect(differences[0]).to.match(new RegExp(`^the inputs: ${file} has SHA-256 \\w{64}, needs \\w{64}$`));
      expect(result).to.equal(null);
      const moved = forged((dir) => {
        mkdirSync(path.join(dir, "../elsewhere"));
        renameSync(path.join(dir, "..", file), path.join(dir, "../elsewhere", file));
      });
      expect((await verify(moved)).differences) //
        .to.deep.equal([`the inputs: ${file} is not found; --inputs FOLDER says where it is`]);
      expect((await verify(moved, path.join(moved, "../elsewhere"))).differences).to.deep.equal([]);
    }
  });

  it("refuses what is no folder with exit 64, and finds nothing in an empty one", async () => {
    expect((await sequester("trace", "verify", path.join(out, "none"))).code).to.equal(64);
    expect((await sequester("trace", "verify", temporaryFolder())).code).to.equal(3);
  });
});
