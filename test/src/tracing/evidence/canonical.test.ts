import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { canonicalJson, sha256Of, sha256OfFile } from "../../../../src/tracing/evidence/canonical.ts";
import { removeTemporaryFolders, temporaryFolder } from "../../operation/folders.ts";

describe("canonical JSON", () => {
  after(removeTemporaryFolders);

  it("sorts keys by UTF-16 code units and has no space (RFC 8785)", () => {
    // The example of RFC 8785, 3.2.3.
    const value = {
      "\u20ac": "Euro",
      "\r": "CR",
      "\ufb33": "Dalet",
      "1": "One",
      "\ud83d\ude00": "Face",
      "\u0080": "C",
    };
    expect(canonicalJson(value)).to.equal(
      '{"\\r":"CR","1":"One","\u0080":"C","\u20ac":"Euro","\ud83d\ude00":"Face","\ufb33":"Dalet"}',
    );
    expect(canonicalJson({ b: [1, { d: null, c: true }], a: '"\\\n' })).to.equal(
      '{"a":"\\"\\\\\\n","b":[1,{"c":true,"d":null}]}',
    );
  });

  it("refuses numbers that JSON does not hold exactly, and mends lone surrogates", () => {
    for (const number of [0.5, NaN, Infinity, 2 ** 53]) expect(() => canonicalJson(number)).to.throw(RangeError);
    expect(canonicalJson("a\ud800b")).to.equal('"a\ufffdb"');
  });

  it("hashes a file as its bytes", () => {
    const file = path.join(temporaryFolder(), "file");
    const text = "0123456789".repeat(300_000);
    writeFileSync(file, text);
    expect(sha256OfFile(file)).to.equal(sha256Of(text));
    expect(sha256Of("")).to.equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });
});
