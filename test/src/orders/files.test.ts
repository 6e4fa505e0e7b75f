import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { privateKeyToAccount, sign } from "viem/accounts";
import { concat, getAddress, numberToHex, slice, stringToHex, zeroAddress, zeroHash, type Hex } from "viem";
import { HighSignatureError, officerId } from "../../../src/orders/approvals.ts";
import { buildFreeze } from "../../../src/orders/build.ts";
import { digestOf } from "../../../src/orders/digest.ts";
import { FileAccessError } from "../../../src/base/files.ts";
import { readOrderFile, readSignatureFile, writeOrderFile, writeSignatureFile } from "../../../src/orders/disk.ts";
import { documentHash } from "../../../src/orders/document.ts";
import {
  DocumentMismatchError,
  ForeignSignatureError,
  WrongSignerError,
  mergeSignatures,
  parseOrderFile,
  parseSignatureFile,
  serializeOrderFile,
  serializeSignatureFile,
  type OrderFile,
  type SignatureFile,
} from "../../../src/orders/files.ts";
import { InvalidFileError } from "../../../src/base/json.ts";
import { PRIMARY_TYPES, domainOf, type Order, type PrimaryType } from "../../../src/orders/types.ts";
import { builtOrder, randomDomain, randomFrom, type Random } from "./random.ts";

function randomFile(random: Random, primaryType: PrimaryType): OrderFile {
  const { message } = builtOrder(random, primaryType);
  const domain = randomDomain(random);
  if (!("document" in message)) return { domain, order: { primaryType, message } as Order };
  const documentSalt = random.bytes(32);
  const ruling = { file: "ruling 1.md", sha256: random.bytes(32) };
  const document = documentHash(documentSalt, ruling.sha256);
  const order = { primaryType, message: { ...message, document } } as unknown as Order;
  return { domain, order, documentSalt, ruling };
}

const ORDER_OF_CURVE = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const random = randomFrom("files");
const documentSalt = random.bytes(32);
const ruling = { file: "tumar-a-01.md", sha256: random.bytes(32) };
const domain = domainOf(31337, random.address());
const order = buildFreeze({
  caseId: "TUMAR-A-01",
  document: documentHash(documentSalt, ruling.sha256),
  targets: [
    { asset: "0x1000000000000000000000000000000000000001", account: random.address(), amount: 2n ** 80n },
    { asset: "0x1000000000000000000000000000000000000001", account: random.address(), amount: 1n },
  ],
  term: 864_000,
  signBy: 1_759_212_000n,
  salt: random.bytes(32),
});
const orderFile: OrderFile = { domain, order, documentSalt, ruling };
const digest = digestOf(order, domain);

type Json = Record<string, unknown> & {
  message: Record<string, unknown> & { targets: Record<string, unknown>[] };
  domain: Record<string, unknown>;
  ruling: Record<string, unknown>;
};

const edited = (edit: (json: Json) => void): string => {
  const json = JSON.parse(serializeOrderFile(orderFile)) as Json;
  edit(json);
  return JSON.stringify(json);
};

async function signatureFile(): Promise<SignatureFile> {
  const privateKey = random.bytes(32);
  const signer = privateKeyToAccount(privateKey).address.toLowerCase() as Hex;
  return { digest, signer, signature: await sign({ hash: digest, privateKey, to: "hex" }) };
}

async function refusal(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(
    () => expect.fail("was not refused"),
    (error: unknown) => error,
  );
}

describe("orders: files", () => {
  for (const name of PRIMARY_TYPES) {
    it(`reads what it wrote, to the byte: ${name}`, () => {
      const random = randomFrom(`files ${name}`);
      for (let i = 0; i < 25; i++) {
        const file = randomFile(random, name);
        const text = serializeOrderFile(file);
        const parsed = parseOrderFile(text, "a.order.json");
        expect(parsed).to.deep.equal(file);
        expect(digestOf(parsed.order, parsed.domain)).to.equal(digestOf(file.order, file.domain));
        expect(serializeOrderFile(parsed)).to.equal(text);
      }
    });
  }

  it("writes the same text whatever the order of the keys and the case of the digits", () => {
    const text = serializeOrderFile(orderFile);
    const message = Object.fromEntries(Object.entries(order.message).reverse());
    const turned = { ruling, documentSalt, order: { message, primaryType: "Freeze" }, domain } as unknown as OrderFile;
    expect(serializeOrderFile(turned)).to.equal(text);
    const loud = edited((json) => (json.documentSalt = documentSalt.toUpperCase().replace("0X", "0x")));
    expect(serializeOrderFile(parseOrderFile(loud, "loud"))).to.equal(text);
    const json = JSON.parse(text) as Json;
    expect(Object.keys(json)).to.deep.equal(["schema", "domain", "primaryType", "message", "documentSalt", "ruling"]);
    expect(json.schema).to.equal("sequester.order/1");
    expect(json.message).to.include({ term: 864_000, signBy: "1759212000" });
  });

  const faults: [what: string, field: string, edit: (json: Json) => void][] = [
    ["another schema", "schema", (json) => (json.schema = "sequester.order/2")],
    ["an unknown type", "primaryType", (json) => (json.primaryType = "Target")],
    ["another domain name", "domain.name", (json) => (json.domain.name = "Sequestre")],
    ["a domain without chain", "domain.chainId", (json) => delete json.domain.chainId],
    [
      "a Quorum that is no address",
      "domain.verifyingContract",
      (json) => (json.domain.verifyingContract = "the Quorum"),
    ],
    [
      "a Quorum of 19 bytes",
      "domain.verifyingContract",
      (json) => (json.domain.verifyingContract = `0x${"ab".repeat(19)}`),
    ],
    ["an amount that is a number", "message.targets[1].amount", (json) => (json.message.targets[1]!.amount = 1)],
    ["an amount in exponents", "message.targets[0].amount", (json) => (json.message.targets[0]!.amount = "1e6")],
    ["a negative amount", "message.targets[0].amount", (json) => (json.message.targets[0]!.amount = "-1")],
    ["a leading zero", "message.targets[0].amount", (json) => (json.message.targets[0]!.amount = "01")],
    ["an amount of 2^256", "message.targets[0].amount", (json) => (json.message.targets[0]!.amount = `${2n ** 256n}`)],
    ["a signBy of 2^64", "message.signBy", (json) => (json.message.signBy = `${2n ** 64n}`)],
    ["a term of 2^32", "message.term", (json) => (json.message.term = 2 ** 32)],
    ["a flag that is no flag", "message.wholeAccount", (json) => (json.message.wholeAccount = "false")],
    ["a short salt", "message.salt", (json) => (json.message.salt = "0xab")],
    [
      "a bad checksum",
      "message.targets[0].account",
      (json) => {
        json.message.targets[0]!.account = "0xAb00000000000000000000000000000000000001";
      },
    ],
    ["a missing field", "message.caseId", (json) => delete json.message.caseId],
    ["an unknown field", "message", (json) => (json.message.memo = "x")],
    ["a missing ruling", "ruling", (json) => delete (json as Partial<Json>).ruling],
    ["a ruling in another folder", "ruling.file", (json) => (json.ruling.file = "../ruling.md")],
    ["one salt for both", "documentSalt", (json) => (json.documentSalt = order.message.salt)],
  ];
  for (const [what, field, edit] of faults) {
    it(`refuses ${what}, naming file and field`, () => {
      const attempt = () => parseOrderFile(edited(edit), "case.order.json");
      expect(attempt).to.throw(InvalidFileError, "case.order.json").with.property("code", 64);
      expect(attempt).to.throw(InvalidFileError, field).with.deep.property("fields", [field]);
    });
  }

  type Refused = [what: string, name: string, field: string, edit: (json: Json) => void];
  const asBuilt: Refused[] = [
    ["a signBy in milliseconds", "InvalidSignByError", "signBy", (json) => (json.message.signBy = "1759212000000")],
    ["an amount of 0", "InvalidAmountError", "targets[1].amount", (json) => (json.message.targets[1]!.amount = "0")],
    [
      "an amount of 2^96",
      "InvalidAmountError",
      "targets[0].amount",
      (json) => (json.message.targets[0]!.amount = `${2n ** 96n}`),
    ],
    ["unsorted targets", "UnsortedTargetsError", "targets[1]", ({ message }) => message.targets.reverse()],
    [
      "a target twice",
      "DuplicateTargetError",
      "targets[1]",
      ({ message }) => (message.targets[1] = { ...message.targets[0], amount: "7" }),
    ],
    [
      "the asset itself",
      "SelfHoldError",
      "targets[0]",
      ({ message }) => (message.targets[0]!.account = message.targets[0]!.asset),
    ],
    ["no target", "EmptyOrderError", "targets", (json) => (json.message.targets = [])],
    ["a term of 0", "InvalidTermError", "term", (json) => (json.message.term = 0)],
    ["a broken term", "InvalidTermError", "term", (json) => (json.message.term = 1.5)],
    ["a salt of 0", "InvalidSaltError", "salt", (json) => (json.message.salt = zeroHash)],
    [
      "the zero account",
      "InvalidAddressError",
      "targets[0].account",
      (json) => (json.message.targets[0]!.account = zeroAddress),
    ],
    ...["A-01 ", " A-01", " "].map((text): Refused => {
      const what = `blanks at the ends of a case id, ${JSON.stringify(text)}`;
      return [what, "InvalidCaseIdError", "caseId", (json) => (json.message.caseId = stringToHex(text, { size: 32 }))];
    }),
    [
      "a direction mark in a case id",
      "InvalidCaseIdError",
      "caseId",
      (json) => (json.message.caseId = stringToHex("A\u202e01", { size: 32 })),
    ],
  ];
  for (const [what, name, field, edit] of asBuilt) {
    it(`refuses ${what} with ${name}, as the builder does`, () => {
      const attempt = () => parseOrderFile(edited(edit), "case.order.json");
      expect(attempt).to.throw(InvalidFileError, `message.${field}: ${name}, has: `);
      expect(attempt)
        .to.throw(InvalidFileError)
        .with.deep.property("fields", [`message.${field}`]);
    });
  }

  it("refuses what two fields must be together", () => {
    const { domain, order, ...rest } = randomFile(randomFrom("into itself"), "Convert");
    const { message } = order as Order<"Convert">;
    const itself = { primaryType: "Convert", message: { ...message, proceedsAsset: message.asset } } as const;
    expect(() => serializeOrderFile({ domain, order: itself, ...rest })).to.throw(
      InvalidFileError,
      "message.proceedsAsset: InvalidAddressError",
    );
  });

  it("refuses addresses without a checksum, which shows a slip of the pen", () => {
    const spell = (json: Json) => (json.message.targets[0]!.account = getAddress(order.message.targets[0]!.account));
    expect(() => parseOrderFile(edited(spell), "case.order.json")).not.to.throw();
    for (const change of [(text: string) => text.toLowerCase(), (text: string) => `0x${text.slice(2).toUpperCase()}`]) {
      const attempt = () =>
        parseOrderFile(
          edited(({ message, domain }) => {
            message.targets[0]!.account = change(message.targets[0]!.account as string);
            domain.verifyingContract = change(domain.verifyingContract as string);
          }),
          "case.order.json",
        );
      expect(attempt)
        .to.throw(InvalidFileError, "right checksum")
        .with.deep.property("fields", ["domain.verifyingContract", "message.targets[0].account"]);
    }
  });

  it("refuses a key twice in one object, even in another spelling, and not in two objects", () => {
    const text = serializeOrderFile(orderFile);
    for (const [once, twice] of [
      ['"term": 864000', '"term": 1, "term": 864000'],
      ['"term": 864000', '"term": 864000, "\\u0074erm": 864000'],
      [`"salt": "${order.message.salt}"`, `"salt": "${order.message.salt}", "term": 1`],
    ] as const) {
      expect(text).to.contain(once);
      const attempt = () => parseOrderFile(text.replace(once, twice), "case.order.json");
      expect(attempt).to.throw(InvalidFileError, /^ *term: comes twice, the second time in line \d+$/m);
    }
    const braces = { ...ruling, file: 'a":{}{"term":.md' };
    expect(parseOrderFile(serializeOrderFile({ ...orderFile, ruling: braces }), "a").ruling).to.deep.equal(braces);
    expect(() => parseSignatureFile('{"digest":"0x","digest":"0x"}', "a.sig.json")).to.throw(InvalidFileError, "twice");
  });

  it("refuses invisible characters and ones that turn a ruling's name around", () => {
    for (const hidden of [
      "\u202e",
      "\u2066",
      "\u200b",
      "\u200d",
      "\ufeff",
      "\u00ad",
      "\u2028",
      "\u3164",
      "\u0007",
      "\ud800",
    ]) {
      const attempt = () =>
        parseOrderFile(
          edited((json) => (json.ruling.file = `ruling${hidden}fdp.md`)),
          "case.order.json",
        );
      expect(attempt, JSON.stringify(hidden)).to.throw(InvalidFileError, "needs visible characters");
      expect(attempt).to.throw(InvalidFileError).with.deep.property("fields", ["ruling.file"]);
    }
    const named = { ...ruling, file: "Қаулы № 7 (үзінді).pdf" };
    expect(parseOrderFile(serializeOrderFile({ ...orderFile, ruling: named }), "a").ruling).to.deep.equal(named);
  });

  it("refuses what is no JSON", () => {
    expect(() => parseOrderFile("{", "case.order.json")).to.throw(InvalidFileError, "is no JSON");
    expect(() => parseSignatureFile("", "a.sig.json")).to.throw(InvalidFileError, "a.sig.json");
  });

  it("refuses an order that rests on another ruling", () => {
    for (const edit of [
      (json: Json) => (json.ruling.sha256 = random.bytes(32)),
      (json: Json) => (json.documentSalt = random.bytes(32)),
      (json: Json) => (json.message.document = random.bytes(32)),
    ]) {
      const attempt = () => parseOrderFile(edited(edit), "case.order.json");
      expect(attempt).to.throw(DocumentMismatchError, "case.order.json").with.property("code", 3);
    }
  });

  it("refuses a ruling beside a Cancel, which has no document", () => {
    const cancel = randomFile(randomFrom("cancel"), "Cancel");
    expect(cancel.ruling).to.equal(undefined);
    expect(() => serializeOrderFile({ ...cancel, documentSalt, ruling })).to.throw(InvalidFileError, "documentSalt");
  });

  it("writes nothing that it could not read", () => {
    expect(() => serializeOrderFile({ domain, order })).to.throw(InvalidFileError, "ruling");
    const other = { ...ruling, sha256: random.bytes(32) };
    expect(() => serializeOrderFile({ ...orderFile, ruling: other })).to.throw(DocumentMismatchError);
  });

  it("reads signature files that it wrote, and names the field at fault", async () => {
    const file = await signatureFile();
    const text = serializeSignatureFile(file);
    expect(parseSignatureFile(text, "a.sig.json")).to.deep.equal(file);
    for (const field of ["schema", "digest", "signer", "signature"]) {
      const wrong = JSON.stringify({ ...(JSON.parse(text) as object), [field]: "0x" });
      expect(() => parseSignatureFile(wrong, "a.sig.json"))
        .to.throw(InvalidFileError, "a.sig.json")
        .with.deep.property("fields", [field]);
    }
  });

  it("merges signatures in any order and any number of times to the same list", async () => {
    const files = await Promise.all(Array.from({ length: 6 }, signatureFile));
    const merged = await mergeSignatures(digest, files);
    expect(merged).to.have.deep.members(files);
    expect(merged.map(({ signer }) => officerId(signer))).to.deep.equal(files.map((f) => officerId(f.signer)).sort());
    for (let i = 0; i < 5; i++) {
      expect(await mergeSignatures(digest, random.shuffle([...files, ...files]))).to.deep.equal(merged);
    }
    const [half, rest] = [
      await mergeSignatures(digest, files.slice(0, 4)),
      await mergeSignatures(digest, files.slice(2)),
    ];
    expect(await mergeSignatures(digest, [...half, ...rest])).to.deep.equal(merged);
    expect(await mergeSignatures(digest, [...rest, ...half])).to.deep.equal(merged);
    expect(await mergeSignatures(digest, merged)).to.deep.equal(merged);
  });

  it("refuses signatures of another order, by another officer, or malleable", async () => {
    const [mine, yours] = await Promise.all([signatureFile(), signatureFile()]);
    const foreign = await refusal(mergeSignatures(random.bytes(32), [mine]));
    expect(foreign).to.be.instanceOf(ForeignSignatureError).with.property("code", 3);
    const forged = await refusal(mergeSignatures(digest, [mine, { ...mine, signature: yours.signature }]));
    expect(forged).to.be.instanceOf(WrongSignerError).with.property("code", 3);
    expect((forged as Error).message).to.contain(mine.signer);
    const s = ORDER_OF_CURVE - BigInt(slice(mine.signature, 32, 64));
    const high = concat([slice(mine.signature, 0, 32), numberToHex(s, { size: 32 }), slice(mine.signature, 64)]);
    expect(await refusal(mergeSignatures(digest, [{ ...mine, signature: high }]))).to.be.instanceOf(HighSignatureError);
  });

  describe("on disk", () => {
    let folder: string;
    before(async () => (folder = await mkdtemp(path.join(tmpdir(), "sequester-orders-"))));
    after(() => rm(folder, { recursive: true }));

    it("writes and reads both kinds", async () => {
      const orderPath = path.join(folder, "a.order.json");
      await writeOrderFile(orderPath, orderFile);
      expect(await readOrderFile(orderPath)).to.deep.equal(orderFile);
      const signature = await signatureFile();
      const signaturePath = path.join(folder, "a.sig.json");
      await writeSignatureFile(signaturePath, signature);
      expect(await readSignatureFile(signaturePath)).to.deep.equal(signature);
    });

    it("names the path of a file that is missing or broken", async () => {
      const missing = path.join(folder, "none.order.json");
      const error = await refusal(readOrderFile(missing));
      expect(error).to.be.instanceOf(FileAccessError).with.property("code", 64);
      expect((error as Error).message).to.contain(missing);
      const broken = path.join(folder, "broken.sig.json");
      await writeFile(broken, "{}");
      expect(await refusal(readSignatureFile(broken)))
        .to.be.instanceOf(InvalidFileError)
        .with.property("file", broken);
      const nowhere = path.join(folder, "no", "a.order.json");
      expect(await refusal(writeOrderFile(nowhere, orderFile))).to.be.instanceOf(FileAccessError);
    });
  });
});
