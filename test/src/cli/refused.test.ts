import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { main } from "../../../src/cli/program.ts";
import { folderOf, removeTemporaryFolders, temporaryFolder } from "../operation/folders.ts";
import { smallFiles } from "../operation/small.ts";

const COMMAND = path.resolve(import.meta.dirname, "../../../src/cli/sequester.mjs");

/** Words of Node's, of the system's and of zod's, which say nothing to who called. */
const FOREIGN =
  /\bE[A-Z]{4,}\b|errno|syscall|no such file or directory|Invalid (input|option|key)|expected|Unrecognized|Too (big|small)/;

/** Runs the command line in this process, with an operation that would end well. */
async function sequester(...args: string[]) {
  let [stdout, stderr] = ["", ""];
  const code = await main(args, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    run: () => Promise.reject(new Error("it ran")),
  });
  return { code, stdout, stderr };
}

describe("what cannot be read or written is refused in plain words", () => {
  let dir: string;
  let operation: string;
  const file = (name: string, text?: string) => {
    const named = path.join(dir, name);
    mkdirSync(path.dirname(named), { recursive: true });
    if (text !== undefined) writeFileSync(named, text);
    return named;
  };

  beforeEach(() => {
    dir = temporaryFolder();
    operation = folderOf(smallFiles());
    file("labels.yaml", `tags:\n  - address: "0x52908400098527886E0F7030069857D2E4169EE7"\n`);
    file("file", "");
    file("folder/letter.txt", "dear");
    const [hash, from, to] = [`0x${"01".repeat(32)}`, `0x${"aa".repeat(20)}`, `0x${"bb".repeat(20)}`];
    file("transfers.csv", `block_number,log_index,transaction_hash,from,to,value\n1,0,${hash},${from},${to},5\n`);
    file("seeds.json", JSON.stringify([{ transaction_hash: hash, log_index: 0 }]));
  });
  after(removeTemporaryFolders);

  /** The commands that make a folder, with all that they need but its name. */
  const makers = (): Record<string, readonly string[]> => ({
    run: ["operation", "run", operation, "--out"],
    import: ["operation", "import", path.join(dir, "labels.yaml"), "--asset", "USDT", "-o"],
  });

  it("a folder that the system does not make, at once", function () {
    this.timeout(30_000);
    for (const args of Object.values(makers())) {
      for (const out of ["/proc/x", "/proc/x/y"]) {
        const options = { encoding: "utf8", timeout: 10_000 } as const;
        const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args, out], options);
        expect([status, stdout], `${args.join(" ")} ${out}`).to.deep.equal([64, ""]);
        expect(stderr).to.match(/^sequester: \/proc\/x cannot be used\.\n {2}has: .+\n {2}needs: a folder\b/);
        expect(stderr).to.not.match(FOREIGN);
      }
    }
  });

  it("a folder below a file, in the place of one, or with a name that none can have", async () => {
    for (const [command, args] of Object.entries(makers())) {
      for (const out of ["file", "file/below", "n".repeat(300)]) {
        const { code, stdout, stderr } = await sequester(...args, path.join(dir, out));
        expect([code, stdout], `${command} ${out}`).to.deep.equal([64, ""]);
        expect(stderr)
          .to.include(path.join(dir, out.split("/")[0]!))
          .and.not.match(FOREIGN);
        expect(stderr).to.not.include("it ran");
      }
    }
    expect(readdirSync(dir).sort()).to.deep.equal(["file", "folder", "labels.yaml", "seeds.json", "transfers.csv"]);
  });

  it("a folder with anything in it, by the name of what stands there", async () => {
    for (const args of Object.values(makers())) {
      const { code, stdout, stderr } = await sequester(...args, path.join(dir, "folder"));
      expect([code, stdout]).to.deep.equal([64, ""]);
      expect(stderr).to.include("letter.txt").and.not.include("it ran");
      expect(readdirSync(path.join(dir, "folder"))).to.deep.equal(["letter.txt"]);
    }
  });

  it("a list that stands there already, which stays as it is", async () => {
    const taken = file("list.json", "a list");
    const value = `0x${"11".repeat(20)}`;
    const hash = `0x${"00".repeat(32)}`;
    const all = <T>(it: T) => ({
      quorum: it,
      docket: it,
      disposal: it,
      register: it,
      vault: it,
      lens: it,
      verifiers: { P256: it, RSA: it, WebAuthn: it },
      assets: { KZTE: it },
    });
    const domain = { name: "Sequester", version: "1", chainId: 31337, verifyingContract: value };
    const deployment = { schema: "sequester.deployment/1", chainId: 31337, block: 1, domain };
    file("deployment.json", JSON.stringify({ ...deployment, addresses: all(value), codeHashes: all(hash) }));
    file("claims.csv", "id,account,class,loss\nA,0x52908400098527886E0F7030069857D2E4169EE7,victim,5\n");
    const make = (out: string) =>
      sequester(
        ...["compensation", "make", path.join(dir, "claims.csv"), "--case", "A", "--asset", "KZTE", "--pool", "3"],
        ...["--deployment", path.join(dir, "deployment.json"), "-o", out],
      );
    for (const out of [taken, path.join(dir, "folder"), path.join(dir, "none/list.json"), "/proc/x"]) {
      const { code, stdout, stderr } = await make(out);
      expect([code, stdout], out).to.deep.equal([64, ""]);
      expect(stderr).to.include(`${out} cannot be used.`).and.not.match(FOREIGN);
    }
    expect(readFileSync(taken, "utf8")).to.equal("a list");
    const made = await make(path.join(dir, "new.json"));
    expect(made.code, made.stderr).to.equal(0);
    expect(existsSync(path.join(dir, "new.json"))).to.equal(true);
  });

  it("files that are not there, or are folders", async () => {
    const out = () => path.join(dir, "out");
    for (const none of [path.join(dir, "none"), path.join(dir, "folder"), path.join(dir, "file/below")]) {
      const trace = ["--method", "fifo", "--out", out()];
      for (const args of [
        ["operation", "run", none],
        ["operation", "import", none, "--asset", "USDT", "-o", out()],
        ["trace", "run", "--transfers", none, "--seeds", path.join(dir, "seeds.json"), ...trace],
        ["trace", "run", "--transfers", path.join(dir, "transfers.csv"), "--seeds", none, ...trace],
        ["trace", "plan", none, "--method", "fifo"],
        ["trace", "explain", none, `0x${"11".repeat(20)}`],
        ["compensation", "make", none, "--case", "A", "--asset", "K", "--pool", "1", "-o", out(), "--deployment", none],
        ["compensation", "check", none],
        ["compensation", "proof", none, "A"],
      ]) {
        const { code, stdout, stderr } = await sequester(...args);
        expect([code, stdout], args.join(" ")).to.deep.equal([64, ""]);
        expect(stderr, args.join(" ")).to.include(none).and.not.match(FOREIGN);
      }
      const verified = await sequester("trace", "verify", none);
      expect([64, 3]).to.include(verified.code);
      expect(verified.stderr).to.include(none).and.not.match(FOREIGN);
    }
    expect(existsSync(out())).to.equal(false);
  });

  it("a folder for the work of a trace", async () => {
    const args = [
      "--transfers",
      file("transfers.csv"),
      "--seeds",
      file("seeds.json"),
      "--method",
      "fifo",
      "--opening",
      "clean",
    ];
    for (const work of [path.join(dir, "file"), path.join(dir, "file/below"), "/proc/x"]) {
      const { code, stderr } = await sequester("trace", "run", ...args, "--dry-run", "--work", work);
      expect([code, stderr.includes("cannot be used")], stderr).to.deep.equal([64, true]);
      expect(stderr).to.not.match(FOREIGN);
    }
  });

  it("files of another form, field by field or line by line", async () => {
    const json = (name: string, content: unknown) => file(name, JSON.stringify(content));
    const operationWith = (change: object) => {
      const files = smallFiles();
      const content = JSON.parse(files.get("case.json")!) as object;
      files.set("case.json", JSON.stringify({ ...content, ...change }));
      return ["operation", "run", folderOf(files)];
    };
    const order = (content: object) => [
      "compensation",
      "check",
      file("list.json", "{}"),
      "--order",
      json("o", content),
    ];
    const make = ["--case", "A", "--asset", "K", "--pool", "1", "-o", file("out")];
    const trace = ["trace", "run", "--transfers", file("transfers.csv"), "--seeds", file("seeds.json"), "--dry-run"];
    const cases: [args: readonly string[], says: string][] = [
      [operationWith({ name: 5 }), "Malformed: name: needs a text, has a number"],
      [operationWith({ officers: [] }), "Malformed: officers: needs 1 entry or more"],
      [operationWith({ officers: [{ name: "A" }] }), "Malformed: officers.0.agency: is missing"],
      [operationWith({ timeline: [{ act: "dance", at: "0d" }] }), 'Malformed: timeline.0.act: needs one of "'],
      [operationWith({ schema: "x" }), 'Malformed: schema: needs "sequester.operation/1"'],
      [operationWith({ expect: { targets: -1 } }), "Malformed: expect.targets: needs 0 or more"],
      [operationWith({ expect: { targets: 1.5 } }), "Malformed: expect.targets: needs a whole number"],
      [operationWith({ more: 1 }), 'UnknownKey: the file has no key "more"'],
      [["operation", "import", file("l.yaml", "title: x\n"), "--asset", "U", "-o", file("out")], "tags: is missing"],
      [
        ["operation", "import", file("m.yaml", "tags: x\n"), "--asset", "U", "-o", file("out")],
        "tags: needs a list, has a text",
      ],
      [
        ["compensation", "make", file("c"), "--deployment", json("d", { chainId: "x", z: 1 }), ...make],
        "chainId: needs a number, has a text",
      ],
      [
        ["compensation", "make", file("c"), "--deployment", json("d2", { z: 1 }), ...make],
        'the file: has "z", which does not belong there',
      ],
      [["compensation", "check", json("l.json", [])], "the file: needs an object, has a list"],
      [order({}), "list.json is refused"],
      [
        [...trace, "--method", "fifo", "--stops", file("s.yaml", "title: x\ntags: 5\n")],
        "tags: needs a list, has a text",
      ],
      [
        ["trace", "plan", path.dirname(json("e/manifest.json", { methods: ["guess"] })), "--method", "fifo"],
        'methods[0]: needs one of "fifo", "libr"',
      ],
    ];
    for (const [args, says] of cases) {
      const { code, stdout, stderr } = await sequester(...args);
      expect(stderr, args.join(" ")).to.include(says).and.not.match(FOREIGN);
      expect([code, stdout], args.join(" ")).to.deep.equal([64, ""]);
    }
  });
});
